"""What is missing in a month before it is closed: what an accountant would ask about, and nothing that is usual.

It informs and never decides: a company may rest, a plan may wait. So each rule speaks only where a ledger's own habits
or a person's own mark (`!`) say that something is open.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beancount.core.data import Transaction

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.instants import (
    date_of,
    days_of,
    end_of,
    last_date,
    month_from_number,
    month_number,
    month_of,
    start_of,
)
from conductor_bean.domain.plans import FILED
from conductor_bean.domain.problems import quoted
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.engine.payroll import WORK
from conductor_bean.ledger import reports

if TYPE_CHECKING:
    from conductor_bean.engine.state import State
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.preview import ClosePreview

LOOKED_AT = "!"
"""The flag of Beancount for what somebody still has to look at; importers give it to what they could not match."""

_HABIT = 56
"""Days before the month from which a company's usual days are learnt."""

_OFTEN = 4
"""On how many days of one weekday a company must have registered hours before that weekday is a habit."""

_QUIET = 7
"""Days without any event at a month's end from which it looks as if the month were not over."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is missing.

    Attributes:
        kind: `close`, `end`, `hours`, `plan`, `entry` or `payment`.
        about: Id of the company, plan, account or month.
        message: What is missing, and what to do.
        file: Where it stands, relative to the ledger's folder, "" where nowhere.
        line: The line there, 0 where nowhere.
    """

    kind: str
    about: str
    message: str
    file: str = ""
    line: int = 0


def missing(books: Books, preview: ClosePreview) -> list[Missing]:
    """All that is missing in a month, by kind: months before it, its end, hours, plans, entries, payments.

    Args:
        books: The ledger, which has no errors.
        preview: What the close of the month would bring.
    """
    last = last_date(preview.month)
    first = last.replace(day=1)
    state = books.at(end_of(last)).state
    return [
        *_months_before(books, preview.month),
        *_end(books, preview.month, last),
        *_hours(books, state, first, last),
        *_plans(books, state),
        *_entries(books, preview.month),
        *_payments(books, preview),
    ]


def _months_before(books: Books, month: str) -> Iterator[Missing]:
    """Months that cannot be closed any more after this one."""
    if books.machine.state.closed:
        return  # the one that is next must be this one, or the close is refused
    began = next((month_of(o.event.instant) for o in books.outcomes if o.rejection is None), month)
    numbers = range(month_number(began), month_number(month))
    if numbers:
        earlier = month_from_number(numbers[0])
        names = earlier if len(numbers) == 1 else f"{earlier} to {month_from_number(numbers[-1])}"
        verb = "is" if len(numbers) == 1 else "are"
        message = f"{names} {verb} not closed; months are closed in order, so after {month} they never can be"
        yield Missing("close", earlier, f"{message}: close {earlier} first if anything follows from it")


def _end(books: Books, month: str, last: datetime.date) -> Iterator[Missing]:
    """A month that does not seem to be over."""
    told = date_of(books.last_instant) if books.last_instant else None
    if told is not None and (last - told).days >= _QUIET:
        yield Missing(
            "end",
            month,
            f"nothing is recorded after {told}: is the month over? What follows would change what its close derives",
        )


def _hours(books: Books, state: State, first: datetime.date, last: datetime.date) -> Iterator[Missing]:
    """Companies and members without hours in the month, and days on which a company usually has some."""
    worked, members = _registered(books, first, last)
    told = min(last, date_of(books.last_instant))  # of days that are still to be recorded nothing is missing
    for company, employments in sorted(state.employments.items()):
        if not employments:
            continue
        dates = {date for date in worked[company] if first <= date <= last}
        if not dates:
            count = f"{len(employments)} member{'s' * (len(employments) != 1)}"
            yield Missing("hours", company, f"{company}: no hours at all, though it employs {count}")
            continue
        idle = [
            name
            for name, employment in sorted(employments.items())
            if employment.since <= start_of(first) and name not in members[company]
        ]
        if idle:
            yield Missing("hours", company, f"{company}: no hours of {', '.join(idle)}, employed all month")
        usual = _usual_weekdays(worked[company], told)
        days = [first + datetime.timedelta(days=number) for number in range((told - first).days + 1)]
        empty = [day for day in days if day.weekday() in usual and day not in dates and day > min(worked[company])]
        if empty:
            names = ", ".join(f"{_WEEKDAYS[day.weekday()]} {day}" for day in empty)
            yield Missing("hours", company, f"{company}: no hours on {names}, when it usually has some")


def _registered(
    books: Books, first: datetime.date, last: datetime.date
) -> tuple[dict[str, set[datetime.date]], dict[str, set[str]]]:
    """Dates with hours by company, from some weeks before the month on, and who worked there in the month."""
    posted = books.machine.state.posted
    worked: dict[str, set[datetime.date]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    begin, start, end = start_of(first - datetime.timedelta(days=_HABIT)), start_of(first), end_of(last)
    for outcome in books.outcomes:
        event = outcome.event
        if not (begin <= event.instant <= end and isinstance(event, Movement) and outcome.rejection is None):
            continue
        if event.transfers[0].type not in WORK or (event.id and posted[event.id].reversed is not None):
            continue
        for transfer in event.transfers:
            worked[transfer.debit.owner].add(date_of(event.instant))
            if event.instant >= start:
                members[transfer.debit.owner].add(transfer.credit.owner)
    return worked, members


def _usual_weekdays(dates: set[datetime.date], last: datetime.date) -> set[int]:
    """Weekdays on which hours were registered often, and three times of four since the first hours."""
    began = min(dates)
    span = [began + datetime.timedelta(days=number) for number in range((last - began).days + 1)]
    usual = set()
    for weekday in range(7):
        all_days = [day for day in span if day.weekday() == weekday]
        kept = sum(day in dates for day in all_days)
        if kept >= _OFTEN and 4 * kept >= 3 * len(all_days):
            usual.add(weekday)
    return usual


def _plans(books: Books, state: State) -> Iterator[Missing]:
    """Plans that were filed by the month's end and that nobody has approved, rejected or withdrawn since."""
    now = books.machine.state.plans
    waiting = {name for name, plan in state.plans.items() if plan.decision == FILED and now[name].decision == FILED}
    if not waiting:
        return
    for outcome in books.outcomes:
        event = outcome.event
        if isinstance(event, Fact) and event.type.name == "plan" and outcome.rejection is None:
            name, planner = event.ids
            if name in waiting:
                filed = date_of(event.instant)
                message = f"the plan {quoted(name)} of {planner}, filed {filed}, waits for review: approve or reject it"
                yield Missing("plan", name, message, *books.place(event.source))


def _entries(books: Books, month: str) -> Iterator[Missing]:
    """Transactions of the month that are marked to be looked at."""
    assert books.checked is not None
    days = days_of(month)
    sources = enumerate(books.checked.sources)
    found = [
        (books.place(index), entry)
        for index, entry in sources
        if isinstance(entry, Transaction) and entry.date.toordinal() in days and _is_marked(entry)
    ]
    for place, entry in sorted(found, key=lambda each: each[0]):
        words = " ".join(quoted(word) for word in (entry.payee, entry.narration) if word)
        message = f'{entry.date} {words} is marked "!": look at it, complete it, and write * instead'
        yield Missing("entry", month, " ".join(message.split()), *place)


def _is_marked(entry: Transaction) -> bool:
    return entry.flag == LOOKED_AT or any(posting.flag == LOOKED_AT for posting in entry.postings)


def _payments(books: Books, preview: ClosePreview) -> Iterator[Missing]:
    """What companies, and how many members, would owe after the close."""
    account = books.machine.context.account
    owed: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if not preview.arrears:
        return
    unit = reports.commodity_of(books, CREDITS).name
    for arrear in preview.arrears:
        owed[arrear.debit][arrear.type] += arrear.units
    members = [name for name in owed if account(name).kind == "member_wallet"]
    for name in sorted(owed.keys() - set(members)):
        parts = ", ".join(f"{reports.rsc(books, units)} {unit} of {kind}" for kind, units in sorted(owed[name].items()))
        company = account(name).owner or "the treasury"
        yield Missing(
            "payment", company, f"{company} cannot pay {parts}; it would be in arrears, due at the next close"
        )
    if members:
        total = reports.rsc(books, sum(sum(owed[name].values()) for name in members))
        count = f"{len(members)} member{'s' * (len(members) != 1)}"
        yield Missing("payment", preview.month, f"{count} cannot pay {total} {unit} in all; it would be in arrears")
