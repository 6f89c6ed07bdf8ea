"""Statements of a bank outside the region as ISO 20022 CAMT.053 (camt.053.001.02 to .13).

What is read follows the message definition reports of ISO 20022 ("Bank-to-Customer Cash Management") and the
implementation guidelines of the Swiss, German and Dutch banks, which fill different parts of it: parties stand in
`Dbtr/Nm` up to version 7 and in `Dbtr/Pty/Nm` after, the status in `Sts` or `Sts/Cd`, a batch lists its payments in
one entry. What a payment means for the region is decided by the mapping (`common/banking.py`).
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.banking import BankImporter
from conductor_bean.importers.common.faults import unreadable
from conductor_bean.importers.common.files import read_bytes
from conductor_bean.importers.common.safe_xml import NAMESPACE, line_of, parse_xml, text_of
from conductor_bean.importers.common.statements import (
    BankLine,
    BankStatement,
    Skipped,
    plain_amount,
    refused,
)
from conductor_bean.importers.common.tables import Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MESSAGE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.(\d{3})\.001\.(\d{2})")
_OTHERS = {"052": "an account report of the day (camt.052)", "054": "a notification (camt.054)"}
_NO_REFERENCE = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class Camt053(BankImporter):
    """Imports CAMT.053 statements."""

    source = "camt053"

    def identify(self, filepath: str) -> bool:
        """Whether a file is a CAMT.053 message; False for what cannot be read."""
        try:
            with Path(filepath).open("rb") as file:
                head = file.read(4000)
            return b":camt.053.001." in head.replace(b"\0", b"")
        except OSError:
            return False

    def statements(self, path: Path) -> list[BankStatement]:
        """The statements of a file."""
        return read_statements(read_bytes(path), str(path))


def read_statements(content: bytes, name: str) -> list[BankStatement]:
    """The statements of a CAMT.053 message, each held against its own balances.

    Args:
        content: The file's bytes.
        name: Its path, for faults.

    Raises:
        ImportRefusedError: It is no such message, or does not hold.
    """
    root = parse_xml(content, name)
    document = next(root.iter("Document"), root)
    message = _MESSAGE.fullmatch(document.get(NAMESPACE, ""))
    if message is None or message[1] != "053":
        found = _OTHERS.get(message[1], "another message") if message else f"<{document.tag}>, another kind of XML"
        raise unreadable(name, f"is {found}; only statements (camt.053) tell what was booked for good: export those")
    statements = [_statement(element, name) for element in document.iter("Stmt")]
    if not statements:
        raise unreadable(name, "holds no statement (<Stmt>); export it again")
    return statements


def _statement(element: Element, name: str) -> BankStatement:
    place = Row(name, line_of(element))
    account = text_of(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", "")
    currency = text_of(element, "Acct/Ccy") or _currency(element.find("Ntry/Amt"), element.find("Bal/Amt"))
    statement = BankStatement(place, account, currency)
    statement.opening = _balance(element, _OPENING, "opening", statement)
    statement.closing = _balance(element, _CLOSING, "closing", statement)
    for entry in element.iter("Ntry"):
        _read_entry(entry, statement)
    statement.check()
    return statement


def _currency(*amounts: Element | None) -> str:
    return next((amount.get("Ccy", "") for amount in amounts if amount is not None), "")


def _balance(element: Element, codes: tuple[str, ...], what: str, statement: BankStatement) -> Decimal | None:
    """The statement's balance of the first of some codes, or None where it has none in its own currency."""
    found: dict[str, Decimal] = {}
    others = set()
    for balance in element.findall("Bal"):
        amount, code = balance.find("Amt"), text_of(balance, "Tp/CdOrPrtry/Cd")
        if amount is not None and amount.get("Ccy", "") == statement.currency:
            found.setdefault(code, _signed(balance, amount, statement.place.file))
        elif amount is not None and code in codes:
            others.add(amount.get("Ccy", ""))
    balance_of = next((found[code] for code in codes if code in found), None)
    if balance_of is None:
        where = f"in {quoted(min(others))}, not in {quoted(statement.currency)}" if others else "missing"
        statement.doubts.append(f"its {what} balance is {where}")
    return balance_of


def _signed(element: Element, amount: Element, file: str, default: str = "") -> Decimal:
    place = Row(file, line_of(amount))
    number = plain_amount("".join((amount.text or "").split()), place, "<Amt>")
    direction = text_of(element, "CdtDbtInd") or default
    if direction not in ("CRDT", "DBIT"):
        raise refused(place, f"<CdtDbtInd> is {quoted(direction)}; banks write CRDT or DBIT")
    return number if direction == "CRDT" else -number


def _read_entry(entry: Element, statement: BankStatement) -> None:
    """Add what an entry says to its statement."""
    place = Row(statement.place.file, line_of(entry))
    amount = entry.find("Amt")
    if amount is None:
        raise refused(place, "the entry has no amount (<Amt>); export the statement again")
    total = _signed(entry, amount, place.file)
    status = text_of(entry, "Sts/Cd", "Sts") or "BOOK"
    if status != "BOOK":
        statement.skipped.append(Skipped(place, f"not booked yet (status {status}); they come when they are"))
        return
    if amount.get("Ccy", "") != statement.currency:
        raise refused(
            place, f"the entry is in {quoted(amount.get('Ccy', ''))}, the account in {quoted(statement.currency)}"
        )
    statement.booked += total
    details = entry.findall("NtryDtls/TxDtls")
    parts = _parts(entry, details, total, statement)
    moment = _moment(entry, place)
    statement.lines += [_line(entry, detail, part, statement, moment) for detail, part in parts]


def _parts(
    entry: Element, details: list[Element], total: Decimal, statement: BankStatement
) -> list[tuple[Element, Decimal]]:
    """Each payment of an entry with its amount; an entry without details, or with one, is one payment."""
    if len(details) < 2:
        return [(details[0] if details else entry, total)]
    file, parts = statement.place.file, []
    for detail in details:
        amount = next(
            (a for a in (detail.find("Amt"), detail.find("AmtDtls/TxAmt/Amt")) if a is not None),
            None,
        )
        if amount is None or amount.get("Ccy", "") != statement.currency:
            raise refused(
                Row(file, line_of(detail)),
                f"this payment of a batch tells no amount in {statement.currency}; ask the bank for statements with "
                "the amounts of single payments",
            )
        parts.append((detail, _signed(detail, amount, file, "CRDT" if total >= 0 else "DBIT")))
    if sum(part for _, part in parts) != total:
        listed = " + ".join(str(part) for _, part in parts)
        raise refused(
            Row(file, line_of(entry)), f"the payments of this batch ({listed}) do not make its amount {total}"
        )
    return parts


def _moment(entry: Element, place: Row) -> tuple[datetime.date, datetime.time | None]:
    """When an entry was booked: its date, and the time (UTC) where it tells the offset."""
    text = text_of(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    try:
        if len(text) <= 16 and "T" not in text:
            return datetime.date.fromisoformat(text[:10]), None
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None or moment.time() == datetime.time():
            return moment.date(), None
        moment = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise refused(
            place, f"the entry was booked on {quoted(text)}, which is no date; banks write 2026-03-02"
        ) from None
    return moment.date(), moment.time()


def _line(
    entry: Element,
    detail: Element,
    amount: Decimal,
    statement: BankStatement,
    moment: tuple[datetime.date, datetime.time | None],
) -> BankLine:
    # A return (RtrInf) takes a payment back as well, also where the bank books it as an entry like others.
    reversal = text_of(entry, "RvslInd") in ("true", "1") or detail.find("RtrInf") is not None
    # Both keep the parties of what they take back; who pays in an ordinary entry stands as debtor.
    side = "Dbtr" if (amount >= 0) != reversal else "Cdtr"
    parties = f"RltdPties/{side}"
    counterparty = text_of(
        detail,
        f"{parties}/Pty/Nm",
        f"{parties}/Nm",
        f"RltdPties/Ultmt{side}/Pty/Nm",
        f"RltdPties/Ultmt{side}/Nm",
        f"{parties}/Agt/FinInstnId/Nm",
    )
    iban = text_of(detail, f"{parties}Acct/Id/IBAN", f"{parties}Acct/Id/Othr/Id").replace(" ", "")
    structured = text_of(detail, "RmtInf/Strd/CdtrRefInf/Ref")
    end_to_end = text_of(detail, "Refs/EndToEndId")
    if end_to_end.upper() in _NO_REFERENCE:
        end_to_end = ""
    written = " ".join(" ".join((each.text or "").split()) for each in detail.findall("RmtInf/Ustrd"))
    text = written or text_of(detail, "AddtlTxInf") or text_of(entry, "AddtlNtryInf")
    bank_reference = text_of(entry, "AcctSvcrRef") or text_of(detail, "Refs/AcctSvcrRef")
    single = text_of(detail, "Refs/AcctSvcrRef", "Refs/TxId", "Refs/InstrId") if detail is not entry else ""
    return BankLine(
        place=Row(statement.place.file, line_of(detail)),
        account=statement.account,
        date=moment[0],
        time=moment[1],
        amount=amount,
        currency=statement.currency,
        counterparty=counterparty,
        iban=iban,
        reference=structured or end_to_end,
        text=text,
        identity=(
            statement.account,
            bank_reference,
            single,
            f"{amount.normalize():f}",
            iban,
            structured or end_to_end,
            text,
        ),
        reversal=reversal,
    )
