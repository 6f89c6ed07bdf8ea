"""Statements of a bank outside the region as OFX, version 1 (SGML) and 2 (XML), read with ofxtools.

Banks fill the envelope of OFX loosely (no sign-on, tags of their own), but the transactions as the specification says
(OFX 2.3, section 11.4.3). So ofxtools parses the file and converts each transaction, and the envelope is only looked
up. What a payment means for the region is decided by the mapping (`common/banking.py`).
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofxtools.models.base import Aggregate
from ofxtools.Parser import OFXTree

from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.banking import BankImporter
from conductor_bean.importers.common.faults import unreadable
from conductor_bean.importers.common.files import read_bytes
from conductor_bean.importers.common.statements import BankLine, BankStatement, Skipped, refused
from conductor_bean.importers.common.tables import Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = re.compile(rb"OFXHEADER\s*[:=]|<OFX>", re.IGNORECASE)
_WHOLE_DAY = re.compile(r"(\d{8})(?:0{4}(?:00)?(?:\.0+)?)?(?:\[.*\])?", re.ASCII)
"""A date, or midnight of whatever offset: a bank that knows no time of day writes zeros."""

_NUMBERED = re.compile(r"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));", re.ASCII)
_MAX_BYTES = 16_000_000
_STATEMENTS = ("STMTRS", "CCSTMTRS")
_ACCOUNTS = ("BANKACCTFROM/ACCTID", "CCACCTFROM/ACCTID")


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
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        message = "holds a document type or entities (<!DOCTYPE, <!ENTITY), which no bank writes; it is not read"
        raise unreadable(name, message)
    if not content.rstrip().upper().endswith(b"</OFX>"):
        raise unreadable(
            name, "does not end with </OFX>: it is cut off or still being written; import it when it is whole"
        )
    root = _root(content, name)
    lines = _lines_of(content, b"<STMTTRN>")
    found = [element for element in root.iter() if element.tag in _STATEMENTS]
    if not found:
        raise unreadable(name, "holds no statement of an account (<STMTRS>); export the transactions of one as OFX")
    return [_statement(element, name, lines) for element in found]


def _root(content: bytes, name: str) -> Element:
    tree = OFXTree()
    try:
        root: Element = tree.parse(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - ofxtools fails in many ways on what is no OFX
        reason = " ".join(str(error).split())[:120]
        raise unreadable(name, f"is no OFX that can be read ({reason}); export it again") from None
    if root is None or root.tag != "OFX":
        raise unreadable(name, "is no OFX (<OFX>); export it again")
    return root


def _lines_of(content: bytes, tag: bytes) -> list[int]:
    """The line of each occurrence of a tag, the last one first."""
    upper = content.upper()
    lines, line, start = [], 1, 0
    for match in re.finditer(re.escape(tag), upper):
        line += content.count(b"\n", start, match.start())
        start = match.start()
        lines.append(line)
    return lines[::-1]


def _statement(element: Element, name: str, lines: list[int]) -> BankStatement:
    account = next((text for path in _ACCOUNTS if (text := (element.findtext(path) or "").strip())), "")
    currency = (element.findtext("CURDEF") or "").strip()
    statement = BankStatement(Row(name, lines[-1] if lines else 1), account, currency)
    for transaction in element.findall("BANKTRANLIST/STMTTRN"):
        place = Row(name, lines.pop() if lines else 0)
        if transaction.find(".//STMTTRN") is not None:
            # ofxtools would warn of a tag that it does not know, and lose what stands within.
            raise refused(
                place, "this transaction (<STMTTRN>) is not closed, or a value of it is empty; export it again"
            )
        line = _line(transaction, statement, place)
        statement.booked += line.amount
        statement.lines.append(line)
    pending = element.findall("BANKTRANLISTP/STMTTRNP")
    statement.skipped += [Skipped(statement.place, "not booked yet; they come when they are")] * len(pending)
    return statement


def _line(element: Element, statement: BankStatement, place: Row) -> BankLine:
    written = (element.findtext("DTPOSTED") or "").strip()
    try:
        with warnings.catch_warnings():
            # ofxtools warns of names that are too long and of tags that it does not know, and goes on.
            warnings.simplefilter("ignore")
            transaction: Any = Aggregate.from_etree(element)
    except Exception as error:  # noqa: BLE001 - ofxtools fails in many ways on what is no transaction
        reason = " ".join(str(error).split())[:160]
        raise refused(place, f"this transaction (<STMTTRN>) is not as OFX has it: {reason}") from None
    if transaction.correctfitid:
        action = transaction.correctaction or "REPLACE"
        raise refused(
            place,
            f"the bank corrects {quoted(transaction.correctfitid)} ({action}): reverse what was imported of it "
            "(conductor add reversal), then take this transaction out of the file",
        )
    if transaction.currency is not None:
        raise refused(
            place, f"this transaction is in {transaction.currency.cursym}, the account in {statement.currency}"
        )
    amount: Decimal = transaction.trnamt
    if not amount.is_finite() or not within_bounds(amount) or len(str(amount)) > 24:
        raise refused(place, f"<TRNAMT> is {quoted((element.findtext('TRNAMT') or '').strip())}, which is no amount")
    date, time = _moment(written, transaction.dtposted)
    # Aggregates of ofxtools are lists, so one without lists within counts as false.
    to = transaction.bankacctto if transaction.bankacctto is not None else transaction.ccacctto
    payee = transaction.payee.name if transaction.payee is not None else transaction.name
    return BankLine(
        place=place,
        account=statement.account,
        date=date,
        time=time,
        amount=amount,
        currency=statement.currency,
        counterparty=_plain(payee),
        iban="" if to is None else _plain(to.acctid).replace(" ", ""),
        reference=_plain(transaction.refnum or transaction.checknum),
        text=_plain(transaction.memo),
        own=f"{statement.account}:{transaction.fitid}",
    )


def _moment(written: str, posted: datetime.datetime) -> tuple[datetime.date, datetime.time | None]:
    """The date that a bank wrote, or the instant (UTC) where it wrote a time of day."""
    match = _WHOLE_DAY.fullmatch(written)
    if match is not None:
        return datetime.datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=datetime.UTC).date(), None
    moment = posted.astimezone(datetime.UTC)
    return moment.date(), moment.time()


def _plain(text: str | None) -> str:
    """A text on one line; ofxtools reads the named entities of XML and leaves the numbered ones."""
    return " ".join(_NUMBERED.sub(_character, text or "").split())


def _character(reference: re.Match[str]) -> str:
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else " "
