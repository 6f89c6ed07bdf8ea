"""The pages *Region* and *Month* of an edition: the region over time, as far as it is told."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import (
    date_of,
    end_of,
    last_date,
    month_from_number,
    month_number,
    month_of,
    start_of,
)
from conductor_bean.engine.tracking import REFUNDS, TAXES
from conductor_bean.ledger.reports import commodity_of, fic_row
from conductor_bean.publish.entries import balances
from conductor_bean.publish.privacy import PUBLIC_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.state import Party
    from conductor_bean.ledger.reports import Row
    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.public import Public

Held = dict[tuple[str, str], int]

_FUNDS = {"psf": ("Equity:PSF", "HOUR"), "treasury": ("Assets:Region:Treasury", "RSC")}
_PARTS = ("fic", "L", "L_o", "P_o", "R_o")


def region(public: Public) -> Row:
    """The document of the page *Region*, in the shape of `conductor_bean.documents.region`."""
    rows = _month_rows(public)
    mornings = public.history.mornings
    held = balances(public.entries)
    state, now = public.books.machine.state, public.books.last_instant
    last = mornings[-1] if mornings else None
    dividends = [row for row in rows if row["dividend"] is not None]
    return {
        "now": {
            **{part: None if last is None else getattr(last, part) for part in _PARTS},
            **{fund: _fund(public, fund, held) for fund in _FUNDS},
            "members": rows[-1]["members"] if rows else 0,
            "companies": sum(company.ended is None for company in state.companies.values()),
            "plans": sum(plan.is_active(now) for plan in state.plans.values()),
            "dividend": dividends[-1]["dividend"] if dividends else None,
            "dividend_month": dividends[-1]["month"] if dividends else None,
        },
        "fic": [asdict(morning) for morning in mornings],
        "months": rows,
        "accounts": _regional_accounts(public, held),
    }


def months(public: Public) -> Row:
    """The document of the page *Month*: what came into the region's funds and went out, as far as it is told."""
    rows = []
    opening: Held = {}
    by_month = _by_month(public.entries)
    state = public.books.machine.state
    for known, month in zip(_month_rows(public), _all_months(public), strict=True):
        mine = by_month.get(month, [])
        closing = dict(opening)
        for key, units in balances(mine).items():
            closing[key] = closing.get(key, 0) + units
        name = month_from_number(month)
        rows.append(
            {
                "month": name,
                "closed": name in state.closed,
                "fic": known["fic"],
                "dividend": known["dividend"],
                "members": known["members"],
                "companies_short": None,
                "members_short": None,
                **{fund: _flows(public, fund, mine, opening, closing) for fund in _FUNDS},
            }
        )
        opening = closing
    return {"months": rows}


def _flows(public: Public, fund: str, entries: list[Entry], opening: Held, closing: Held) -> Row | None:
    account, economy = _FUNDS[fund]
    if not public.is_on(economy):
        return None
    income: dict[str, int] = {}
    spending: dict[str, int] = {}
    for entry in entries:
        label = _label(entry)
        if entry.credit == account:
            income[label] = income.get(label, 0) + entry.units
        elif entry.debit == account:
            spending[label] = spending.get(label, 0) + entry.units
    return {
        "opening": public.text(opening.get((account, economy), 0), economy),
        "income": {label: public.text(units, economy) for label, units in sorted(income.items())},
        "spending": {label: public.text(units, economy) for label, units in sorted(spending.items())},
        "closing": public.text(closing.get((account, economy), 0), economy),
    }


def _label(entry: Entry) -> str:
    """What was told, and of when where that is not the month in which it stands."""
    period = entry.period[:7] if entry.level == "in full" else entry.period
    said = ["merged"] if entry.level == "broad type" else []
    said += [period] if period != entry.date.isoformat()[:7] else []
    return f"{entry.label} ({', '.join(said)})" if said else entry.label


def _fund(public: Public, fund: str, held: Held) -> str | None:
    account, economy = _FUNDS[fund]
    return public.text(held.get((account, economy), 0), economy) if public.is_on(economy) else None


def _regional_accounts(public: Public, held: Held) -> list[Row]:
    """The accounts of the region and its institutions, with what they hold by what is told."""
    context, rows = public.books.machine.context, []
    for name in sorted(public.books.machine.state.balances):
        account = context.account(name)
        if account.kind in PUBLIC_KINDS:
            economy = "HOUR" if account.economy == "labour_time" else "RSC"
            rows.append(
                {
                    "account": name,
                    "kind": account.kind,
                    "owner": account.owner or KINDS[account.kind].owner_type,
                    "commodity": public.commodity(economy).name,
                    "balance": public.text(held.get((name, economy), 0), economy),
                    "complete": name not in public.partly,
                }
            )
    return rows


def _number(date: datetime.date) -> int:
    return month_number(month_of(start_of(date)))


def _all_months(public: Public) -> list[int]:
    if public.course.first is None or public.course.last is None:
        return []
    return list(range(_number(public.course.first), _number(public.course.last) + 1))


def _month_rows(public: Public) -> list[Row]:
    """What is told of each month; what was merged or waits is null."""
    exact, held, rows = _Exact(public), Held(), []
    by_month = _by_month(public.entries)
    ends = _month_ends(public)
    for month in _all_months(public):
        for key, units in balances(by_month.get(month, [])).items():
            held[key] = held.get(key, 0) + units
        rows.append(_month(public, month, exact, held, ends))
    return rows


def _month_ends(public: Public) -> dict[int, str]:
    """FIC at the end of each month, by the instant at which the next begins, with the services that its morning tells.

    It differs from that morning's where a plan is approved or a window decided at that very instant.
    """
    mornings = {morning.date: morning for morning in public.history.mornings}
    found = {}
    for part in public.course.fic:
        end, morning = public.course.ends.get(part.instant), mornings.get(date_of(part.instant).isoformat())
        if end is None or morning is None:
            continue
        found[part.instant] = morning.fic
        if end != part:
            served = round(Fraction(morning.L) * 10 ** commodity_of(public.books).digits - part.labour)
            found[part.instant] = fic_row(public.books, end.with_services(served))["fic"]
    return found


def _month(public: Public, month: int, exact: _Exact, held: Held, ends: dict[int, str]) -> Row:
    name = month_from_number(month)
    last = last_date(name)
    state, end = public.books.machine.state, end_of(last)
    taxes = [exact.of(month, kind) for kind in TAXES]
    given_back = [exact.of(month, kind) for kind in REFUNDS.values()]
    known = [tax for tax in taxes if tax is not None]
    known += [-units for units in given_back if units is not None]
    dividend = public.history.dividends.get(month)
    return {
        "month": name,
        "closed": name in state.closed,
        "fic": ends.get(end + 1),
        **{fund: _fund(public, fund, held) for fund in _FUNDS},
        "members": _present(state.members.values(), end),
        "companies": _present(state.companies.values(), end),
        "taxes": _text(public, sum(known) if len(known) == len(taxes) + len(given_back) else None, "RSC"),
        "bank_surplus": _text(public, exact.of(month, "bank_surplus"), "RSC"),
        "surcharges": None,
        "regional_profit": None,
        "dividend": _text(public, dividend, "RSC"),
        "hours": _text(public, exact.of(month, "work_certificates"), "HOUR"),
        "transfers": None,
    }


def _by_month(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(_number(entry.date), []).append(entry)
    return found


def _text(public: Public, units: int | None, economy: str) -> str | None:
    return None if units is None or not public.is_on(economy) else public.text(units, economy)


def _present(parties: Iterable[Party], end: int) -> int:
    """How many parties there are at an instant."""
    return sum(party.since <= end and (party.ended is None or party.ended > end) for party in parties)


class _Exact:
    """Totals by month and transfer, where every part was told by type, in full or as of that month."""

    def __init__(self, public: Public) -> None:
        self._through = public.history.through
        self._unknown = set(public.waiting)
        self._totals: dict[tuple[int, str], int] = {}
        for told in public.history.told:
            for cell in told.cells:
                if told.type != cell.type or told.period != month_from_number(cell.month):
                    self._unknown.add((cell.month, cell.type))
            if told.type and told.period == month_from_number(told.told):
                self._add(told.told, told.type, told.units)
        for entry in public.entries:
            if entry.level == "in full":
                self._add(_number(datetime.date.fromisoformat(entry.period)), entry.label, entry.units)

    def _add(self, month: int, kind: str, units: int) -> None:
        self._totals[month, kind] = self._totals.get((month, kind), 0) + units

    def of(self, month: int, kind: str) -> int | None:
        """The total in units, None where it is not told as such."""
        if self._through is None or month > self._through or (month, kind) in self._unknown:
            return None
        return self._totals.get((month, kind), 0)
