"""Reports of the books as plain data: the JSON of INTERFACES.md, and what tables are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS, KINDS, LABOUR_TIME
from conductor_bean.domain.amounts import Commodity, decimal_text, significant
from conductor_bean.domain.deviation import is_flagged, relative_deviation
from conductor_bean.domain.fic import FactorParts, factor_parts, reckoned_at
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.transfers import rows, table
from conductor_bean.engine.events import Evidence, Movement, Outcome, Transfer

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.machine import Machine
    from conductor_bean.ledger.books import Books

Row = dict[str, Any]

COMPANY_KINDS = ("p", "r", "a", "prd")


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """A transfer with its place in time and text."""

    instant: int
    transfer: Transfer
    file: str
    line: int
    links: tuple[str, ...]


def commodity_of(books: Books, economy: str = LABOUR_TIME) -> Commodity:
    """The commodity of an economy."""
    return books.region.commodity(economy) or Commodity("RSC" if economy == CREDITS else "HOUR", 2)


def hours(books: Books, units: int) -> str:
    """Units of labour time as a decimal string."""
    return decimal_text(commodity_of(books).number(units))


def rsc(books: Books, units: int) -> str:
    """Units of credits as a decimal string."""
    return decimal_text(commodity_of(books, CREDITS).number(units))


def amount(books: Books, account: Account, units: int) -> str:
    """Units of an account's commodity as a decimal string."""
    return decimal_text(commodity_of(books, account.economy).number(units))


def balances(books: Books, machine: Machine) -> list[Row]:
    """The balance of every governed account, in order of account."""
    found = []
    for name, units in sorted(machine.state.balances.items()):
        account = machine.context.account(name)
        found.append(
            {
                "account": name,
                "kind": account.kind,
                "owner": account.owner or owner_of(books, account.kind),
                "commodity": commodity_of(books, account.economy).name,
                "balance": amount(books, account, units),
            }
        )
    return found


def owner_of(books: Books, kind: str) -> str:
    """Who owns an account that carries no owner in its name."""
    owner_type = KINDS[kind].owner_type
    return owner_type if owner_type in ("social accounting", "outside") else books.region.id


def transfer_records(
    books: Books, start: int = 0, end: int | None = None, accounts: set[str] | None = None
) -> list[TransferRecord]:
    """Every transfer of the books, by instant, then canonically.

    Args:
        books: The ledger.
        start: The first instant.
        end: The last one, or None.
        accounts: Only transfers that charge or credit one of these accounts, by name; None is all.
    """
    records: list[TransferRecord] = []
    order = {name: number for number, name in enumerate(table())}
    applied = (o for o in books.outcomes if o.transfers and o.rejection is None)
    for instant, group in groupby(applied, key=lambda outcome: outcome.event.instant):
        if instant < start or (end is not None and instant > end):
            continue
        outcomes = [outcome for outcome in group if accounts is None or _touches(outcome, accounts)]
        if len(outcomes) > 1:
            outcomes.sort(key=_order)
        for outcome in outcomes:
            records += _records(books, outcome, order)
    if accounts is None:
        return records
    return [r for r in records if r.transfer.debit.name in accounts or r.transfer.credit.name in accounts]


def _touches(outcome: Outcome, accounts: set[str]) -> bool:
    return any(t.debit.name in accounts or t.credit.name in accounts for t in outcome.transfers)


def _order(outcome: Outcome) -> tuple[Any, ...]:
    event = outcome.event
    assert not isinstance(event, Evidence)
    if isinstance(event, Movement):
        return (1, event.order)
    return (2 if event.type.timeless else 0, event.order)


def _records(books: Books, outcome: Outcome, order: dict[str, int]) -> list[TransferRecord]:
    event = outcome.event
    source = event.source if outcome.evidence is None else outcome.evidence.source
    file, line = books.place(source)
    links = tuple(sorted(event.links if isinstance(event, Movement) else outcome.links))
    transfers = sorted(
        outcome.transfers, key=lambda t: (t.derived, order[t.type], t.debit.name, t.credit.name, t.units)
    )
    return [TransferRecord(event.instant, transfer, file, line, links) for transfer in transfers]


def transfer_row(books: Books, record: TransferRecord) -> Row:
    """A transfer as JSON."""
    transfer = record.transfer
    return {
        "instant": format_instant(record.instant),
        "type": transfer.type,
        "debit": transfer.debit.name,
        "credit": transfer.credit.name,
        "commodity": commodity_of(books, transfer.debit.economy).name,
        "amount": amount(books, transfer.debit, transfer.units),
        "derived": transfer.derived,
        "file": record.file,
        "line": record.line,
        "links": list(record.links),
    }


def concerns(books: Books, record: TransferRecord, party: str) -> bool:
    """Whether a transfer charges or credits an account of a party."""
    transfer = record.transfer
    return any((a.owner or owner_of(books, a.kind)) == party for a in (transfer.debit, transfer.credit))


def transfer_table(hour: str = "HOUR", credit: str = "RSC") -> list[Row]:
    """The allowed-transfer table."""
    names = {"HOUR": hour, "RSC": credit}
    return [
        {
            "name": row.name,
            "debit": row.debit,
            "credit": row.credit,
            "commodity": names[row.commodity],
            "derived": row.derived,
            "condition": row.condition,
            "explanation": row.explanation,
        }
        for row in rows()
    ]


def fic(machine: Machine, instant: int) -> FactorParts:
    """FIC with its parts at an instant, by the plain formula; the end of a date is 00:00 of the next.

    Args:
        machine: The engine with all events at or before the instant.
        instant: The instant.
    """
    days = machine.context.region.decisions.at(instant).fic_window_days
    return factor_parts(machine.state.plans.values(), machine.state.consumed_services, reckoned_at(instant), days)


def factor_fraction(factor: tuple[int, int]) -> Fraction:
    """FIC as a fraction, of its numerator and denominator."""
    return Fraction(*factor)


def fic_row(books: Books, parts: FactorParts) -> Row:
    """FIC as JSON; its parts in hours."""
    scale = 10 ** commodity_of(books).digits

    def part(units: Fraction) -> str:
        return decimal_text(significant(units / scale))

    return {
        "instant": format_instant(parts.instant),
        "fic": decimal_text(significant(parts.fic)),
        "L": part(parts.labour),
        "L_o": part(parts.public_labour),
        "P_o": part(parts.public_fixed_means),
        "R_o": part(parts.public_raw_materials),
        "window": [format_instant(instant) for instant in parts.window],
    }


def price(books: Books, machine: Machine, plan: Plan, instant: int) -> Row:
    """Price and own cost of a unit of a plan at an instant."""
    commodity = commodity_of(books)
    return {
        "plan": plan.id,
        "instant": format_instant(instant),
        "price": decimal_text(commodity.exact(machine.context.prices.price(plan, instant))),
        "cost": decimal_text(commodity.exact(plan.cost_of_unit())),
        "cooperation": plan.cooperation,
    }


def plans(books: Books, machine: Machine, instant: int) -> list[Row]:
    """Every plan with its state, by instant of filing, then id."""
    rows = []
    for plan in sorted(machine.state.plans.values(), key=lambda plan: (plan.filed, plan.id)):
        quoted = price(books, machine, plan, instant)
        rows.append(
            {
                "plan": plan.id,
                "planner": plan.planner,
                "product": plan.product,
                "unit": plan.unit,
                "quantity": plan.quantity,
                "fixed_means": hours(books, plan.fixed_means),
                "raw_materials": hours(books, plan.raw_materials),
                "labour": hours(books, plan.labour),
                "public": plan.public,
                "state": plan.state(instant),
                "filed": format_instant(plan.filed),
                "approved": None if plan.approved is None else format_instant(plan.approved),
                "expires": None if plan.expires is None else format_instant(plan.expires),
                "consumed": plan.consumed,
                "price": quoted["price"],
                "cost": quoted["cost"],
                "cooperation": plan.cooperation,
            }
        )
    return rows


def deviations(machine: Machine, company: str) -> dict[str, Fraction | None]:
    """How far each account of a company is from its plans."""
    state, chart = machine.state, machine.context.chart
    result = {}
    for kind in COMPANY_KINDS:
        account = chart.of(kind, company).name
        result[kind] = relative_deviation(state.balances.get(account, 0), state.planned.get(account, 0))
    return result


def flags(machine: Machine, company: str) -> list[str]:
    """Accounts of a company that deviate by more than the region has decided."""
    limit = machine.context.rules.account_deviation
    return [kind for kind, value in deviations(machine, company).items() if is_flagged(value, limit)]


def companies(books: Books, machine: Machine) -> list[Row]:
    """Every company with its accounts and their deviation from plan, by instant of registration, then id."""
    state, chart = machine.state, machine.context.chart
    rows = []
    for company in sorted(state.companies.values(), key=lambda company: (company.since, company.id)):
        accounts = {kind: state.balances.get(chart.of(kind, company.id).name, 0) for kind in COMPANY_KINDS}
        rows.append(
            {
                "company": company.id,
                "ownership": company.ownership,
                **{kind: hours(books, units) for kind, units in accounts.items()},
                "wallet": wallet(books, machine, company.id),
                "deviation": {
                    kind: None if value is None else decimal_text(significant(value))
                    for kind, value in deviations(machine, company.id).items()
                },
                "members": sorted(state.employments[company.id]),
                **_owing(books, machine, company.id),
            }
        )
    return rows


def _owing(books: Books, machine: Machine, company: str) -> Row:
    """Where a company has any: the wages that it owes by member, "" for the treasury, and what it owns."""
    kept = machine.state.credits
    owed = kept.wages_owed.get(company, {})
    mine = [kept.assets[name] for name in sorted(machine.state.companies[company].assets)]
    assets = [
        {"asset": found.id, "name": found.name, "value": rsc(books, found.value), "to": found.to or None}
        for found in mine
        if found.ended is None
    ]
    row: Row = {"wage_arrears": {member: rsc(books, owed[member]) for member in sorted(owed)}} if owed else {}
    return row | ({"assets": assets} if assets else {})


def wallet(books: Books, machine: Machine, company: str) -> str | None:
    """What a company's pool holds, None where credits are off."""
    if books.region.credits is None:
        return None
    return rsc(books, machine.state.balances.get(machine.context.company_wallets[company].name, 0))


def cooperations(books: Books, machine: Machine, instant: int) -> list[Row]:
    """Every cooperation with its price, plans and coordinators, by instant of founding, then id."""
    state, commodity = machine.state, commodity_of(books)
    rows = []
    for cooperation in sorted(state.cooperations.values(), key=lambda c: (c.since, c.id)):
        shared = machine.context.prices.shared_price(cooperation.id, instant)
        account = machine.context.chart.of("cooperation", cooperation.id).name
        rows.append(
            {
                "cooperation": cooperation.id,
                "balance": hours(books, state.balances.get(account, 0)),
                "price": None if shared is None else decimal_text(commodity.exact(shared)),
                "plans": sorted(cooperation.plans),
                "coordinator": cooperation.coordinator,
                "coordinators": [
                    {"company": company, "since": format_instant(since)} for company, since in cooperation.coordinators
                ],
                "requests": sorted(cooperation.requests),
            }
        )
    return rows


def owners(books: Books) -> set[str]:
    """Everybody who owns a governed account."""
    return {row["owner"] for row in balances(books, books.machine)}


def statement(books: Books, party: str, start: int, end: int | None) -> Row:
    """The account statement of one party: opening and closing balance of each account, transfers between."""
    machine = books.at(end)
    opening = books.at(start - 1)
    names = [row["account"] for row in balances(books, machine) if row["owner"] == party]
    account = machine.context.account
    return {
        "party": party,
        "opening": {name: amount(books, account(name), opening.state.balances.get(name, 0)) for name in names},
        "transfers": [transfer_row(books, record) for record in transfer_records(books, start, end, set(names))],
        "closing": {name: amount(books, account(name), machine.state.balances[name]) for name in names},
    }
