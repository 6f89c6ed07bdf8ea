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
from conductor_bean.publish.activity import ECONOMIES
from conductor_bean.publish.exact import Exact
from conductor_bean.publish.privacy import PUBLIC_KINDS
from conductor_bean.publish.sides import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.state import Party
    from conductor_bean.ledger.reports import Row
    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.public import Public

_FUNDS = {"psf": ("Equity:PSF", "HOUR"), "treasury": ("Assets:Region:Treasury", "RSC")}
_PARTS = ("fic", "L", "L_o", "P_o", "R_o")


def region(public: Public) -> Row:
    """The document of the page *Region*, in the shape of `conductor_bean.documents.region`."""
    rows = _month_rows(public)
    mornings = public.history.mornings
    state, now = public.books.machine.state, public.books.last_instant
    last = mornings[-1] if mornings else None
    dividends = [row for row in rows if row["dividend"] is not None]
    return {
        "now": {
            **{part: None if last is None else getattr(last, part) for part in _PARTS},
            **{fund: _fund(public, fund) for fund in _FUNDS},
            "members": rows[-1]["members"] if rows else 0,
            "companies": sum(company.ended is None for company in state.companies.values()),
            "plans": sum(plan.is_active(now) for plan in state.plans.values()),
            "dividend": dividends[-1]["dividend"] if dividends else None,
            "dividend_month": dividends[-1]["month"] if dividends else None,
        },
        "fic": [asdict(morning) for morning in mornings],
        "months": rows,
        "accounts": _regional_accounts(public),
    }


def months(public: Public) -> Row:
    """The document of the page *Month*: what came into the region's funds and went out, as far as it is told.

    `income` and `spending` are by transfer where all of a transfer is told as such; whatever else moved the fund stands
    as `other`, as what it came to together, where both balances are told. `receivers` are those of what went out in
    full: `[{"transfer", "to", "account", "amount"}]`.
    """
    exact, state = Exact(public), public.books.machine.state
    rows = []
    for known, month in zip(_month_rows(public), _all_months(public), strict=True):
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
                **{fund: _flows(public, fund, month, exact) for fund in _FUNDS},
            }
        )
    return {"months": rows}


def _flows(public: Public, fund: str, month: int, exact: Exact) -> Row | None:
    account, economy = _FUNDS[fund]
    if not public.is_on(economy):
        return None
    opening, closing = public.balance(account, month - 1), public.balance(account, month)
    income, spending = (exact.on(account, month, into=into) for into in (True, False))
    if opening is not None and closing is not None:
        rest = closing - opening - sum(income.values()) + sum(spending.values())
        if rest:
            (income if rest > 0 else spending)["other"] = abs(rest)
    return {
        "opening": _text(public, opening, economy),
        "income": {label: public.text(units, economy) for label, units in sorted(income.items())},
        "spending": {label: public.text(units, economy) for label, units in sorted(spending.items())},
        "closing": _text(public, closing, economy),
        "receivers": _receivers(public, account, month),
    }


def _receivers(public: Public, account: str, month: int) -> list[Row]:
    """Who got what went out in full, by transfer."""
    found: dict[tuple[str, str], int] = {}
    economy = ""
    for entry in public.entries:
        if entry.level == "in full" and entry.debit == account and _period(entry) == month:
            economy = entry.economy
            found[entry.label, entry.credit] = found.get((entry.label, entry.credit), 0) + entry.units
    return [
        {"transfer": label, "to": name_of(credit), "account": credit, "amount": public.text(units, economy)}
        for (label, credit), units in sorted(found.items())
    ]


def _fund(public: Public, fund: str, month: int | None = None) -> str | None:
    account, economy = _FUNDS[fund]
    return _text(public, public.balance(account, month), economy)


def _regional_accounts(public: Public) -> list[Row]:
    """The accounts of the region and its institutions, with what they hold where that is told."""
    context, rows = public.books.machine.context, []
    for name in sorted(public.books.machine.state.balances):
        account = context.account(name)
        if account.kind in PUBLIC_KINDS:
            economy = ECONOMIES[account.economy]
            balance = public.balance(name)
            rows.append(
                {
                    "account": name,
                    "kind": account.kind,
                    "owner": account.owner or KINDS[account.kind].owner_type,
                    "commodity": public.commodity(economy).name,
                    "balance": _text(public, balance, economy),
                    "complete": balance is not None,
                }
            )
    return rows


def _number(date: datetime.date) -> int:
    return month_number(month_of(start_of(date)))


def _period(entry: Entry) -> int:
    """The month of what is told in full."""
    return _number(datetime.date.fromisoformat(entry.period))


def _all_months(public: Public) -> list[int]:
    if public.course.first is None or public.course.last is None:
        return []
    return list(range(_number(public.course.first), _number(public.course.last) + 1))


def _month_rows(public: Public) -> list[Row]:
    """What is told of each month; what was merged or waits is null."""
    exact, ends = Exact(public), _month_ends(public)
    return [_month(public, month, exact, ends) for month in _all_months(public)]


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


def _month(public: Public, month: int, exact: Exact, ends: dict[int, str]) -> Row:
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
        **{fund: _fund(public, fund, month) for fund in _FUNDS},
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


def _text(public: Public, units: int | None, economy: str) -> str | None:
    return None if units is None or not public.is_on(economy) else public.text(units, economy)


def _present(parties: Iterable[Party], end: int) -> int:
    """How many parties there are at an instant."""
    return sum(party.since <= end and (party.ended is None or party.ended > end) for party in parties)
