"""Closed months, to commands that write: what an entry there would change; it is refused, or the close renewed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from conductor_bean.domain.instants import date_of, end_of, last_date, month_number
from conductor_bean.domain.problems import Rejection
from conductor_bean.ledger import reports
from conductor_bean.ledger.close_check import CODE
from conductor_bean.ledger.consequences import consequences
from conductor_bean.ledger.renewal import EntriesWith, renewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conductor_bean.domain.accounts import Account
    from conductor_bean.ledger.appending import Change
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.consequences import Consequence
    from conductor_bean.ledger.preview import Preview

_FAR = "date-far-ahead"
_HALF_A_YEAR = 6
_SHOWN = 20
_IMPORTED = "leave it out of the file and record it in the present month"
_PEOPLE = {"member": "members", "member_wallet": "members", "company_wallet": "companies"}

again_option = click.option(
    "--again", is_flag=True, help="Book it in a closed month all the same, and renew that month's close."
)


def hold_closed(books: Books, found: Preview, *, again: bool, option: str = "--date") -> list[Consequence]:
    """Hold that entries are dated in an open month, or that the closes of theirs shall be renewed.

    Returns:
        What changes for others.

    Raises:
        Rejection: They are dated in a sealed month, or in a closed one, which shall not be renewed.
    """
    if not found.months:
        return []
    _hold_not_sealed(books, found.months)
    changes = consequences(books, books.outcomes, found.after)
    if again:
        return changes
    told = told_of(books, changes)
    date = f"date it in the present month ({option} {present_date(books)})" if option else _IMPORTED
    changed = f"; it would change {'; '.join(told)}" if told else ", and what was closed would not be what stands there"
    raise Rejection(
        CODE,
        f"this is dated in {_listed(found.months)}, which is closed{changed}: {date}, "
        f"or, where all agree that it belongs there, book it with --again, and the close is renewed",
    )


def _hold_not_sealed(books: Books, months: Sequence[str]) -> None:
    sealed = books.machine.state.sealed
    if sealed and months[0] <= sealed[-1][0]:
        raise Rejection(
            "sealed-history-changed",
            f"this stands in a month that the seal of {sealed[-1][0]} covers, and sealed history never changes; give it"
            " a later date, and reverse what was wrong",
        )


def with_renewals(
    books: Books, found: Preview, changes: list[Change], ids: Mapping[int, str] | None = None
) -> list[Change]:
    """The changes that write entries of closed months, with those that renew the closes.

    Args:
        books: The ledger.
        found: What the entries bring.
        changes: What writes them.
        ids: Ids that transactions of the ledger are given with them, by source.
    """
    closed = [month for month in found.months if month in books.machine.state.closed]
    return renewed(books, closed, found.after, EntriesWith(books, found, ids), changes) if closed else changes


def present_date(books: Books) -> datetime.date:
    """The date on which something would be booked now: the first after the last close, or that of the last event."""
    state = books.machine.state
    after = end_of(last_date(state.closed[-1])) + 1
    return date_of(max(state.now, after))


def told_of(books: Books, changes: Iterable[Consequence]) -> list[str]:
    """What changes for whom, each in a few words."""
    told = [_told(books, change) for change in changes]
    more = [f"and {len(told) - _SHOWN} more amounts"] if len(told) > _SHOWN else []
    return [*told[:_SHOWN], *more]


def _told(books: Books, change: Consequence) -> str:
    account = change.pairs[0][0]
    unit = reports.commodity_of(books, account.economy).name
    was, becomes = (reports.amount(books, account, units) for units in (change.before, change.after))
    who = f"from {_accounts(change.debits)} to {_accounts(change.credits)}"
    return f"{change.type} of {change.month} from {was} to {becomes} {unit} ({who})"


def _accounts(accounts: list[Account]) -> str:
    if len(accounts) == 1:
        return accounts[0].name
    return f"{len(accounts)} {_PEOPLE.get(accounts[0].kind, 'accounts')}"


def rows_of(books: Books, changes: Iterable[Consequence]) -> list[dict[str, Any]]:
    """What changes for whom, as JSON."""
    return [
        {
            "month": change.month,
            "type": change.type,
            "debits": [account.name for account in change.debits],
            "credits": [account.name for account in change.credits],
            "commodity": reports.commodity_of(books, change.pairs[0][0].economy).name,
            "before": reports.amount(books, change.pairs[0][0], change.before),
            "after": reports.amount(books, change.pairs[0][0], change.after),
        }
        for change in changes
    ]


def show(books: Books, changes: Sequence[Consequence], months: Sequence[str]) -> None:
    """Show what changes for whom in and after closed months."""
    if not changes:
        click.echo(f"Nothing that follows in or after {_listed(months)} changes.")
        return
    click.echo(f"In and after {_listed(months)}, which is closed, this changes for others:")
    for text in told_of(books, changes):
        click.echo(f"  {text}")


def _listed(months: Sequence[str]) -> str:
    return months[0] if len(months) == 1 else f"{', '.join(months[:-1])} and {months[-1]}"


def hold_near(books: Books, date: datetime.date, *, ahead: bool, asks: bool) -> list[tuple[str, str]]:
    """Hold that a date skips no month and lies no more than a month after the last event, or that this is meant.

    A wrong year would be the default date of the next entry, and of all after it. A person is asked; a script gets
    advice, or is refused where half a year or more lies between, which no script means without saying so.

    Returns:
        The advice.

    Raises:
        Rejection: `date-far-ahead`.
    """
    now = books.machine.state.now
    if ahead or not now:
        return []
    last = date_of(now)
    months = date.year * 12 + date.month - last.year * 12 - last.month
    if months < 1 or (months == 1 and (date.day <= last.day or last == last_date(f"{last:%Y-%m}"))):
        return []
    how = "skips a month" if months > 1 else "lies more than a month after it"
    said = f"the last event is of {last}, and {date} {how}"
    if asks and click.confirm(f"{said[0].upper()}{said[1:]}. Is the date right?", default=False):
        return []
    if asks or months >= _HALF_A_YEAR:
        raise Rejection(_FAR, f"{said}; mend the date, or, if it is meant, add --ahead")
    return [(_FAR, f"{said}; is the date right? The next entry gets it by default")]


def warn_of_last_date(books: Books) -> None:
    """Say where the date that an entry gets by default is itself far after all that came before."""
    instants = (outcome.event.instant for outcome in reversed(books.outcomes) if outcome.rejection is None)
    last = date_of(books.machine.state.now)
    before = next((date for date in map(date_of, instants) if date < last), None)
    if before is not None and month_number(f"{last:%Y-%m}") - month_number(f"{before:%Y-%m}") > 1:
        click.echo(
            f"conductor: its date is that of the last event, {last}, and the one before is of {before}", err=True
        )
