"""Statements of a bank outside the region as OFX, version 1 (SGML) and 2 (XML).

Banks fill the envelope of OFX loosely (no sign-on, tags of their own), but the transactions as the specification says
(OFX 2.3, section 11.4.3). So the envelope is only looked up, and each transaction is held against it. What a payment
means for the region is decided by the mapping (`common/banking.py`).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.banking import BankImporter
from conductor_bean.importers.common.faults import unreadable
from conductor_bean.importers.common.files import read_bytes
from conductor_bean.importers.common.ofx_markup import parse_ofx
from conductor_bean.importers.common.own_ids import no_ids
from conductor_bean.importers.common.safe_xml import line_of, text_of
from conductor_bean.importers.common.statements import BankLine, BankStatement, Skipped, refused
from conductor_bean.importers.common.tables import Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = re.compile(rb"OFXHEADER\s*[:=]|<OFX>", re.IGNORECASE)
_AMOUNT = re.compile(r"[+-]?(?:\d{1,18}(?:[.,]\d{0,8})?|[.,]\d{1,8})", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d{1,8})?", re.ASCII)
_INSTANT = re.compile(
    r"(?P<date>\d{8})(?:(?P<time>\d{4}(?:\d\d)?)(?:\.(?P<fraction>\d{1,6})\d*)?)?"
    r"(?:\[(?P<hours>[+-]?\d{1,2})(?:[.:](?P<minutes>\d{1,2}))?(?::[^\]]*)?\])?",
    re.ASCII,
)
_MAX_BYTES = 16_000_000
_STATEMENTS = ("STMTRS", "CCSTMTRS")
_ACCOUNTS = ("BANKACCTFROM/ACCTID", "CCACCTFROM/ACCTID")
_OTHER_ACCOUNTS = ("BANKACCTTO/ACCTID", "CCACCTTO/ACCTID")


class Ofx(BankImporter):
    """Imports OFX statements."""

    source = "ofx"

    def identify(self, filepath: str) -> bool:
        """Whether a file is OFX; False for what cannot be read."""
        try:
            with Path(filepath).open("rb") as file:
                return _HEAD.search(file.read(2000)) is not None
        except OSError:
            return False

    def statements(self, path: Path) -> list[BankStatement]:
        """The statements of a file."""
        return read_statements(read_bytes(path, _MAX_BYTES), str(path))


def read_statements(content: bytes, name: str) -> list[BankStatement]:
    """The statements of an OFX file.

    Args:
        content: The file's bytes.
        name: Its path, for faults.

    Raises:
        ImportRefusedError: It is no OFX, is cut off, or a transaction of it does not hold.
    """
    root = parse_ofx(content, name)
    elements = [element for element in root.iter() if element.tag in _STATEMENTS]
    if not elements:
        raise unreadable(name, "holds no statement of an account (<STMTRS>); export the transactions of one as OFX")
    found = [_statement(element, name) for element in elements]
    nothing = no_ids([line.own.removeprefix(f"{line.account}:") for each in found for line in each.lines])
    for statement in found:
        statement.lines = [
            replace(line, own="") if line.own.removeprefix(f"{line.account}:") in nothing else line
            for line in statement.lines
        ]
    if sum(1 for _ in root.iter("STMTTRN")) != sum(len(statement.lines) for statement in found):
        message = "holds transactions (<STMTTRN>) outside of the statement of an account (<STMTRS>); export it again"
        raise unreadable(name, message, line_of(elements[0]))
    return found


def _statement(element: Element, name: str) -> BankStatement:
    statement = BankStatement(Row(name, line_of(element)), text_of(element, *_ACCOUNTS), text_of(element, "CURDEF"))
    # Some banks never close their lists (<BANKTRANLIST>), so that transactions stand beside what ought to hold them.
    for transaction in element.iter("STMTTRN"):
        line = _line(transaction, statement, Row(name, line_of(transaction)))
        statement.booked += line.amount
        statement.lines.append(line)
    for pending in element.iter("STMTTRNP"):
        statement.skipped.append(Skipped(Row(name, line_of(pending)), "not booked yet; they come when they are"))
    _read_balance(element, statement)
    return statement


def _read_balance(element: Element, statement: BankStatement) -> None:
    """Take over the balance after; OFX knows none before, which follows from what was booked."""
    text = text_of(element, "LEDGERBAL/BALAMT")
    if not text:
        statement.doubts.append("its closing balance (<LEDGERBAL>) is missing")
        return
    statement.closing = _amount(text, Row(statement.place.file, statement.place.number), "BALAMT")
    statement.opening = statement.closing - statement.booked


def _line(element: Element, statement: BankStatement, place: Row) -> BankLine:
    for tag in ("STMTTRN", "TRNTYPE", "DTPOSTED", "TRNAMT", "FITID"):
        stands = len(element.findall(f".//{tag}"))
        if tag == "FITID" and stands < 2:
            continue  # some banks give no ids
        if stands != (tag != "STMTTRN") or (stands and not text_of(element, tag)):
            raise refused(
                place,
                f"this transaction (<STMTTRN>) is not closed, or a value of it is empty (<{tag}> stands {stands} times "
                "in it); export it again",
            )
    corrected = text_of(element, "CORRECTFITID")
    if corrected:
        action = text_of(element, "CORRECTACTION") or "REPLACE"
        raise refused(
            place,
            f"the bank corrects {quoted(corrected)} ({action}): reverse what was imported of it "
            "(conductor add reversal), then take this transaction out of the file",
        )
    if element.find("CURRENCY") is not None:
        currency = text_of(element, "CURRENCY/CURSYM") or "another currency"
        raise refused(place, f"this transaction is in {currency}, the account in {statement.currency or 'none'}")
    reference, text = text_of(element, "REFNUM", "CHECKNUM"), text_of(element, "MEMO")
    counterparty = text_of(element, "PAYEE/NAME", "NAME")
    date, time = _posted(text_of(element, "DTPOSTED"), place)
    amount = _amount(text_of(element, "TRNAMT"), place)
    return BankLine(
        place=place,
        account=statement.account,
        date=date,
        time=time,
        amount=amount,
        currency=statement.currency,
        counterparty=counterparty,
        iban=text_of(element, *_OTHER_ACCOUNTS).replace(" ", ""),
        reference=reference,
        text=text,
        own=f"{statement.account}:{text_of(element, 'FITID')}",
        identity=(statement.account, f"{amount.normalize():f}", f"{time or ''}", counterparty, reference, text),
    )


def _amount(text: str, place: Row, tag: str = "TRNAMT") -> Decimal:
    """An amount of OFX: a sign, digits, a point or comma before the decimals (OFX 2.3, section 3.2.9.1)."""
    if _THOUSANDS.fullmatch(text) and not re.fullmatch(r"[+-]?\d+\.\d+", text, re.ASCII):
        raise refused(
            place, f"{tag} {quoted(text)} has a mark for thousands, which OFX does not have; write it as 1650.00"
        )
    if not _AMOUNT.fullmatch(text):
        raise refused(place, f"<{tag}> is {quoted(text)}, which is no amount; OFX has it as 1650.00")
    amount = Decimal(text.replace(",", "."))
    if not within_bounds(amount):
        raise refused(place, f"<{tag}> is {quoted(text)}, which is more than any account holds")
    return amount


def _posted(text: str, place: Row) -> tuple[datetime.date, datetime.time | None]:
    """The date that a bank wrote, or the instant (UTC) where it wrote a time of day.

    A date, or midnight of whatever offset, is that date: a bank that knows no time of day writes zeros.
    """
    match = _INSTANT.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date = datetime.datetime.strptime(match["date"], "%Y%m%d").replace(tzinfo=datetime.UTC)
        if not (match["time"] or "").strip("0") and not (match["fraction"] or "").strip("0"):
            return date.date(), None
        digits = match["time"].ljust(6, "0")
        time = datetime.time(int(digits[:2]), int(digits[2:4]), int(digits[4:]), _microseconds(match["fraction"]))
        instant = datetime.datetime.combine(date.date(), time, datetime.UTC) - _offset(match)
        return instant.date(), instant.time()
    except (ValueError, OverflowError):
        raise refused(
            place,
            f"this transaction (<STMTTRN>) is posted on {quoted(text)}, which is no date (<DTPOSTED>); OFX has it as "
            "20260331 or 20260331120000[+1:CET]",
        ) from None


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0"))


def _offset(match: re.Match[str]) -> datetime.timedelta:
    """The offset of an instant: hours and minutes, `[-5:EST]`, `[+5.30:IST]`.

    Raises:
        ValueError: No clock of the world has it.
    """
    hours, minutes = match["hours"] or "0", int(match["minutes"] or "0")
    if abs(int(hours)) > 14 or minutes > 59:
        raise ValueError
    offset = datetime.timedelta(hours=abs(int(hours)), minutes=minutes)
    return -offset if hours.startswith("-") else offset
