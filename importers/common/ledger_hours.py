"""Hours that a ledger holds, by member and day: new shifts are held against them, whatever their ids."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from beancount.core.data import Custom, Transaction

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import DAY, SECOND, date_of
from conductor_bean.importers.common.entries import instant_of, place_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

_HOUR = 3600 * SECOND
_WORKED = re.compile(r"(\d+):(\d\d):(\d\d)", re.ASCII)
_STARTED = re.compile(r"[^:]+:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d:.+", re.ASCII)
_LONGEST = DAY
"""No shift goes on for longer: a month's hours in one entry are no shift."""


def _owner(kind: str) -> re.Pattern[str]:
    return re.compile(re.escape(KINDS[kind].patterns[0]).replace(r"\*", "([^:]+)"))


_MEMBERS = _owner("member"), _owner("member_wallet")
_COMPANIES = _owner("a"), _owner("company_wallet")


@dataclass(frozen=True, slots=True)
class Worked:
    """Hours of a member at a company, as the ledger holds them.

    Attributes:
        entry: The transaction.
        company: Where.
        start: Its instant.
        end: When that many hours had passed.
        slack: By how much less it may have been, since hours are rounded; microseconds.
        timed: Whether it says at what time of the day it began.
        daily: Whether it stands for all the hours of its day.
    """

    entry: Transaction
    company: str
    start: int
    end: int
    slack: int
    timed: bool
    daily: bool

    @property
    def place(self) -> str:
        """Where it stands, as `journal.beancount:3`."""
        return place_of(self.entry)


class LedgerHours:
    """The hours of a ledger that nothing took back, by member and day.

    Args:
        entries: The ledger's directives as they are written.
        half: Half of the precision of labour time, in hours: what was worked may be so much shorter than it says.
    """

    def __init__(self, entries: Iterable[Any], half: Fraction) -> None:
        self._days: dict[tuple[str, datetime.date], list[Worked]] = defaultdict(list)
        found: list[tuple[str, Worked]] = []
        reversed_ids = set()
        for entry in entries:
            if isinstance(entry, Custom) and entry.type == "reversal":
                reversed_ids.add(str(entry.values[0].value))
            elif isinstance(entry, Transaction) and (worked := _worked(entry, half)) is not None:
                found.append(worked)
        for member, each in found:
            if each.entry.meta.get("id") not in reversed_ids:
                for day in {date_of(each.start), date_of(each.end - 1)}:
                    self._days[member, day].append(each)

    def overlapping(self, member: str, start: int, end: int) -> Worked | None:
        """The first shift of a member that goes on between two instants."""
        days = sorted({date_of(start), date_of(max(start, end - 1))})
        shifts = [each for day in days for each in self._days.get((member, day), ()) if each.timed]
        return next((each for each in shifts if each.start < end and start < each.end - each.slack), None)

    def of_day(self, member: str, company: str, day: datetime.date) -> list[Worked]:
        """The hours of a member at a company that touch a date in UTC."""
        return [each for each in self._days.get((member, day), ()) if each.company == company]


def _worked(entry: Transaction, half: Fraction) -> tuple[str, Worked] | None:
    """The member and the hours of a transaction that registers hours, or pays those worked; None of another one."""
    legs = [posting for posting in entry.postings if posting.units is not None and posting.units.number is not None]
    given = [(match[1], leg) for leg in legs if (match := _matched(_MEMBERS, leg.account)) and leg.units.number > 0]
    taken = [match[1] for leg in legs if (match := _matched(_COMPANIES, leg.account)) and leg.units.number < 0]
    if len(given) != 1 or len(taken) != 1:
        return None
    (member, leg), company = given[0], taken[0]
    number: Any = (leg.meta or {}).get("hours") if _MEMBERS[1].fullmatch(leg.account) else leg.units.number
    try:
        hours = Fraction(number)
    except (TypeError, ValueError):
        return None
    stated = _WORKED.fullmatch(str(entry.meta.get("worked", "")))
    if stated is not None:
        hours, half = Fraction(int(stated[1]) * 3600 + int(stated[2]) * 60 + int(stated[3]), 3600), Fraction(0)
    start, identity = instant_of(entry), str(entry.meta.get("id", ""))
    end = start + min(max(round(hours * _HOUR), 1), _LONGEST)
    timed = "time" in entry.meta or _STARTED.fullmatch(identity) is not None
    daily = not timed and f":{entry.date}:{member}:{company}" in identity
    return member, Worked(entry, company, start, end, round(half * _HOUR), timed, daily)


def _matched(patterns: tuple[re.Pattern[str], ...], account: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(account))), None)
