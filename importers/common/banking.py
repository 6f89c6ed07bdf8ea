"""What payments on an account outside mean for the region, whatever the format of the statement.

Money that comes in is a sale to somebody outside, money that goes out a purchase, of the company to which the mapping
leads: by a rule of the source, else by the counterparty, else by the account of the statement. A rule may say another
transfer; which accounts it moves follows from the table of transfers.
"""

from __future__ import annotations

import datetime
import fnmatch
from abc import abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import SECOND, start_of
from conductor_bean.domain.problems import did_you_mean, quoted
from conductor_bean.domain.transfers import recorded_between, table
from conductor_bean.importers.common.bookings import KEY, Bookings, check_balances, in_order, label_of
from conductor_bean.importers.common.entries import Directive, Leg, clean, transaction
from conductor_bean.importers.common.faults import ImportRefusedError, LeftOut, RowFault, unreadable
from conductor_bean.importers.common.formats import within_bounds
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.mapping_schema import BankRule
from conductor_bean.importers.common.taking_back import TakenBack

if TYPE_CHECKING:
    from beancount.core.data import Custom, Transaction

    from conductor_bean.importers.common.statements import BankLine, BankStatement
    from conductor_bean.importers.common.work import Work

OUTSIDE = "outside"
_OWNERS = {"company": "company_wallet", "member": "member_wallet", "pool": "pool"}
_SINGULAR = {"companies": "company", "members": "member"}
_SALE, _PURCHASE = "external_sale", "external_purchase"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line of a statement means.

    Attributes:
        transfer: Name of the transfer that it is.
        kind: Kind of the account in the region.
        account: Name of that account.
        rule: What else the mapping says of it.
    """

    transfer: str
    kind: str
    account: str
    rule: BankRule


class BankImporter(SourceImporter):
    """An importer of bank statements; each format says how to read its files."""

    columns = ()

    @abstractmethod
    def statements(self, path: Path) -> list[BankStatement]:
        """The statements of a file, each held against its own balances."""

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """The account outside, where statements are archived."""
        return str(KINDS[OUTSIDE].patterns[0])

    def date(self, filepath: str) -> datetime.date | None:
        """The last date that a file books, None where it cannot be read."""
        try:
            dates = [line.date for statement in self.statements(Path(filepath)) for line in statement.lines]
        except ImportRefusedError:
            return None
        return max(dates, default=None)

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The transfers that statements tell of.

        Raises:
            ImportRefusedError: A file does not hold, or is in a currency that the mapping does not translate.
        """
        entries: list[Directive] = []
        # Overlapping statements tell of a reversal twice, under one id.
        reversals: dict[str, tuple[BankLine, Meaning]] = {}
        statements = [statement for path in files for statement in self.statements(path)]
        for statement in statements:
            _check_currency(statement, work)
            check_balances(statement, work)
        bookings = Bookings(work, statements)
        for statement in in_order(statements):
            for skipped in statement.skipped:
                work.leave_out(skipped.why)
            label = label_of(statement)
            for line, identity in zip(statement.lines, bookings.ids(statement), strict=True):
                with work.row(line.place):
                    meaning = _meaning(line, work)
                    if line.reversal:
                        reversals[identity] = (line, meaning)
                    else:
                        entries.append(_entry(line, meaning, identity, "" if line.own else label, work))
        taken_back = TakenBack(work, entries)
        for line, meaning in reversals.values():
            with work.row(line.place):
                entries.append(_reversal(line, meaning, taken_back, work))
        return entries


def _check_currency(statement: BankStatement, work: Work) -> None:
    """Hold that the statement's currency is the one that the mapping translates into credits."""
    credit = work.books.region.credits
    file, row = statement.place.file, statement.place.number
    if credit is None:
        raise unreadable(file, "is a bank statement, but this region keeps no regional credits", row)
    expected = work.settings.currency or credit.name
    if statement.currency == expected:
        return
    source = work.source
    if work.settings.currency is None:
        message = (
            f"the account is in {quoted(statement.currency)}, the region in {credit.name}; if the region has decided "
            f"what one {statement.currency} is, say so in mapping.yaml: sources: {{{source}: {{currency: "
            f"{statement.currency}, rate: 1}}}}"
        )
    else:
        message = (
            f"the account is in {quoted(statement.currency)}, but mapping.yaml translates {quoted(expected)} "
            f"(sources: {source}: currency); import statements of that currency alone"
        )
    raise unreadable(file, message, row)


def _meaning(line: BankLine, work: Work) -> Meaning:
    """What a line means.

    Raises:
        LeftOut: The mapping leaves it out.
        RowFault: The mapping does not say, or says what cannot be.
    """
    came_in = (line.amount > 0) != line.reversal
    rule = next((rule for rule in work.settings.rules if _fits(rule, line, came_in=came_in)), BankRule())
    if rule.leave_out is not None:
        raise LeftOut(rule.leave_out)
    kind, owner = _owner(rule, line, work)
    name = rule.transfer or (_SALE if came_in else _PURCHASE)
    pair = (OUTSIDE, kind) if came_in else (kind, OUTSIDE)
    allowed = [each.name for each in recorded_between().get(pair, ())]
    if name not in allowed:
        where = f"from {pair[0]} to {pair[1]}"
        possible = ", ".join(allowed) or "nothing"
        raise RowFault(
            f"{quoted(name)} is no transfer {where}: {possible} would be; mend transfer: of the rule in mapping.yaml"
            + did_you_mean(name, allowed)
        )
    if name == _PURCHASE and kind == "company_wallet" and not rule.input:
        raise RowFault(
            f"{_who(line)} was paid {abs(line.amount)} {line.currency} for {owner}, but nothing says what was bought: "
            f"write a rule with input: into mapping.yaml, such as {_suggestion(line, owner)}"
        )
    return Meaning(name, kind, KINDS[kind].patterns[0].replace("*", owner), rule)


def _fits(rule: BankRule, line: BankLine, *, came_in: bool) -> bool:
    if rule.direction is not None and (rule.direction == "in") != came_in:
        return False
    patterns = (
        (rule.counterparty, line.counterparty),
        (rule.iban and rule.iban.replace(" ", ""), line.iban),
        (rule.reference, line.reference),
        (rule.text, line.text),
    )
    return all(not pattern or _like(pattern, text) for pattern, text in patterns)


def _like(pattern: str, text: str) -> bool:
    return fnmatch.fnmatchcase(text.casefold(), " ".join(pattern.casefold().split()).replace("[", "[[]"))


def _owner(rule: BankRule, line: BankLine, work: Work) -> tuple[str, str]:
    """Kind and owner of the account in the region."""
    state = work.books.machine.state
    for key, section in (("company", "companies"), ("member", "members")):
        name = getattr(rule, key)
        if name is not None:
            return _OWNERS[key], work.find(section, name, line.place)
    if rule.pool is not None:
        if rule.pool not in state.credits.pools:
            raise RowFault(
                f"mapping.yaml names the pool {quoted(rule.pool)}, which is none"
                + did_you_mean(rule.pool, state.credits.pools)
            )
        return _OWNERS["pool"], rule.pool
    if rule.transfer is not None and _of_treasury(rule.transfer):
        return "treasury", ""
    names = [("counterparties", name) for name in (*_written(line.iban), line.counterparty) if name]
    for section, name in [*names, *(("accounts", name) for name in _written(line.account))]:
        found = work.look_up(section, name)
        # Whoever buys from outside (in sales) is no party of the region.
        if found is not None and found != OUTSIDE:
            part, owner = work.find_any(("companies", "members"), found, line.place)
            return _OWNERS[_SINGULAR[part]], owner
    raise work.unknown("counterparties", line.counterparty or line.iban or line.account or line.text, line.place)


def _written(number: str) -> tuple[str, ...]:
    """A number of an account as banks write it, and in groups of four as people do."""
    return (number, " ".join(number[start : start + 4] for start in range(0, len(number), 4))) if number else ()


def _of_treasury(transfer: str) -> bool:
    kind = table().get(transfer)
    return kind is not None and bool({(OUTSIDE, "treasury"), ("treasury", OUTSIDE)} & kind.pairs)


def _who(line: BankLine) -> str:
    return quoted(line.counterparty or line.iban or line.text or "somebody")


def _suggestion(line: BankLine, owner: str) -> str:
    """A rule, ready but for what was bought."""
    key, value = ("counterparty", line.counterparty) if line.counterparty else ("iban", line.iban or "*")
    return f"- {{{key}: {quoted(value)}, direction: out, company: {owner}, input: WHAT}}"


def _entry(line: BankLine, meaning: Meaning, identity: str, label: str | None, work: Work) -> Transaction:
    """The transaction of a line."""
    meta: dict[str, Any] = {}
    pair = (OUTSIDE, meaning.kind) if line.amount > 0 else (meaning.kind, OUTSIDE)
    if len(recorded_between()[pair]) > 1:
        meta["transfer"] = meaning.transfer
    rule = meaning.rule
    meta |= {key: value for key in ("quantity", "input", "by") if (value := getattr(rule, key)) is not None}
    if label:
        meta[KEY] = label
    return transaction(
        line.place,
        id=identity,
        instant=_instant(line),
        payee=line.counterparty,
        narration=line.text or line.reference or meaning.transfer.replace("_", " "),
        links=(rule.link,) if rule.link else (),
        legs=_legs(line, meaning, work),
        meta=meta,
    )


def _legs(line: BankLine, meaning: Meaning, work: Work) -> list[Leg]:
    """The postings of a line: what is charged, what is credited."""
    credit, rate = work.books.region.credits, work.settings.rate
    assert credit is not None
    number = credit.nearest(abs(line.amount) * rate)
    if number == 0:
        raise LeftOut(f"moves less than {credit.precision} {credit.name}")
    if rate == 1 and number != abs(line.amount):
        raise RowFault(
            f"{abs(line.amount)} {line.currency} is finer than {credit.precision}, the precision of {credit.name}; the "
            "region can decide a finer one"
        )
    outside = KINDS[OUTSIDE].patterns[0]
    charged, credited = (outside, meaning.account) if line.amount > 0 else (meaning.account, outside)
    return [(charged, -number, credit.name), (credited, number, credit.name)]


def _instant(line: BankLine) -> int:
    date = within_bounds(line.date)
    if line.time is None:
        return start_of(date)
    seconds = (line.time.hour * 60 + line.time.minute) * 60 + line.time.second
    return start_of(date) + seconds * SECOND + line.time.microsecond


def _reversal(line: BankLine, meaning: Meaning, taken_back: TakenBack, work: Work) -> Custom:
    """The reversal of the one earlier event that a line takes back.

    Raises:
        RowFault: There is none, or more than one.
    """
    legs = _legs(replace(line, amount=-line.amount), meaning, work)
    payee, words = clean(line.counterparty), clean(line.text or line.reference)
    found = taken_back.candidates(legs, _instant(line), lambda entry: (entry.payee or "") == payee)
    if len(found) > 1:
        found = [entry for entry in found if entry.narration == words] or found
    if len(found) != 1:
        what = "several earlier entries" if found else "no earlier entry of these files and this ledger"
        which = f" ({', '.join(entry.meta['id'] for entry in found)})" if found else ""
        raise RowFault(
            f"the bank takes {abs(line.amount)} {line.currency} of {_who(line)} back, and {what} could be meant"
            f"{which}; record the reversal yourself (conductor add reversal), and leave this payment out by a rule "
            "(leave_out:)"
        )
    reason = f"taken back by the bank: {words}".rstrip(": ")
    return taken_back.reverse(line.place, found[0], _instant(line), reason)
