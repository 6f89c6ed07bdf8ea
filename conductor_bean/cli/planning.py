"""What is planned: FIC, prices, plans, companies, cooperations."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from conductor_bean.cli.output import (
    at_option,
    finish,
    from_option,
    json_option,
    ledger_argument,
    load,
    moment,
    percent,
    print_json,
    print_table,
    reads_ledger,
    short,
    to_option,
)
from conductor_bean.domain.instants import FIRST_DATE, date_of, start_of
from conductor_bean.domain.problems import did_you_mean, printable
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books


@click.command()
@ledger_argument
@at_option
@from_option
@to_option
@json_option
@reads_ledger
def fic(ledger: Path, at: int | None, start: datetime.date | None, end: datetime.date | None, *, as_json: bool) -> None:
    """Print the factor of individual consumption with its parts, or its course day by day (each morning)."""
    if at is not None and (start or end):
        raise click.UsageError("Give --at, or --from and --to, not both.")
    books = load(ledger)
    if books.region.labour_time is None:
        raise click.UsageError(f"{books.region.name} has not switched on labour time.")
    if start or end:
        rows = _fic_course(books, start, end)
        if as_json:
            print_json(rows)
        else:
            columns = ("instant", ">FIC", ">L", ">L_o", ">P_o", ">R_o")
            print_table(f"{books.region.name}: FIC by day", columns, [_fic_cells(row) for row in rows])
    else:
        instant = _instant(books, at)
        row = reports.fic_row(books, reports.fic(books.at(instant), instant))
        if as_json:
            print_json(row)
        else:
            _print_fic(books, row)
    finish(books)


def _fic_course(books: Books, start: datetime.date | None, end: datetime.date | None) -> list[reports.Row]:
    last = date_of(_instant(books, None))
    first = start or min((date_of(outcome.event.instant) for outcome in books.outcomes), default=last)
    days = range(first.toordinal(), (end or last).toordinal() + 1)
    mornings = [start_of(datetime.date.fromordinal(day)) for day in days]
    return [reports.fic_row(books, reports.fic(machine, instant)) for instant, machine in books.course(mornings)]


def _fic_cells(row: reports.Row) -> list[str]:
    return [row["instant"][:10], short(row["fic"], 6), *(short(row[key]) for key in ("L", "L_o", "P_o", "R_o"))]


def _print_fic(books: Books, row: reports.Row) -> None:
    meanings = (
        ("FIC", short(row["fic"], 6), "share of work certificates that members keep"),
        ("L", short(row["L"]), "hours in productive plans and basic services"),
        ("L_o", short(row["L_o"]), "hours in public plans"),
        ("P_o", short(row["P_o"]), "fixed means of production in public plans"),
        ("R_o", short(row["R_o"]), "liquid means of production in public plans"),
    )
    start, end = (moment(instant) for instant in row["window"])
    print_table(
        f"{books.region.name}: factor of individual consumption, {moment(row['instant'])}",
        ("", ">value", "meaning"),
        meanings,
        f"FIC = (L - (P_o + R_o)) / (L + L_o), window from {start} to {end}",
    )


@click.command()
@ledger_argument
@click.argument("plan")
@at_option
@json_option
@reads_ledger
def price(ledger: Path, plan: str, at: int | None, *, as_json: bool) -> None:
    """Print price and own cost of a unit of PLAN, and its cooperation."""
    books = load(ledger)
    instant = _instant(books, at)
    machine = books.at(instant)
    found = machine.state.plans.get(plan)
    if found is None:
        raise click.UsageError(f"There is no plan {plan!r} at that instant{did_you_mean(plan, machine.state.plans)}")
    row = reports.price(books, machine, found, instant)
    if as_json:
        print_json(row)
    else:
        unit = found.unit or "unit"
        shared = f"price shared in the cooperation {row['cooperation']}" if row["cooperation"] else "no cooperation"
        print_table(
            f"{found.product} ({plan}), {moment(row['instant'])}",
            ("", f">{reports.commodity_of(books).name} a {unit}"),
            [("price", short(row["price"], 10)), ("own cost", short(row["cost"], 10))],
            shared,
        )
    finish(books)


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def plans(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print every plan with its state."""
    books = load(ledger)
    instant = _instant(books, at)
    rows = reports.plans(books, books.at(instant), instant)
    if as_json:
        print_json(rows)
    else:
        print_table(
            f"{books.region.name}: plans",
            (
                "plan",
                "planner",
                "product",
                "state",
                "public",
                ">consumed",
                ">of",
                ">price",
                ">cost",
                "cooperation",
                "until",
            ),
            [
                (
                    r["plan"],
                    r["planner"],
                    r["product"],
                    r["state"],
                    "public" if r["public"] else "",
                    r["consumed"],
                    r["quantity"],
                    short(r["price"]),
                    short(r["cost"]),
                    r["cooperation"],
                    (r["expires"] or "")[:10],
                )
                for r in rows
            ],
        )
        criteria = books.region.decisions.at(instant).plan_criteria
        if criteria:
            click.echo(f"accountants judge plans by: {printable(criteria)}")
    finish(books)


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def companies(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print every company with its accounts and how far they are from plan."""
    books = load(ledger)
    machine = books.at(at)
    rows = reports.companies(books, machine)
    if as_json:
        print_json(rows)
    else:
        limit = machine.context.rules.account_deviation
        hours = books.region.labour_time is not None
        kinds = (*(reports.COMPANY_KINDS if hours else ()), *(("wallet",) if books.region.credits else ()))
        owing = [key for key in _OWING if any(key in row for row in rows)]
        cells = []
        for row in rows:
            flagged = [", ".join(reports.flags(machine, row["company"]))] if hours else []
            amounts = [row[kind] for kind in kinds]
            told = [_owing(row.get(key)) for key in owing]
            cells.append([row["company"], row["ownership"], *amounts, len(row["members"]), *flagged, *told])
        print_table(
            f"{books.region.name}: companies",
            (
                *("company", "ownership", *(f">{kind}" for kind in kinds), ">members"),
                *(["off plan"] if hours else []),
                *(_OWING[key] for key in owing),
            ),
            cells,
            f"off plan: accounts that deviate by more than {percent(limit)} of what was planned" if hours else "",
        )
    finish(books)


_OWING = {"wage_arrears": "owes wages", "assets": "owns"}
"""Columns for what only some companies have."""


def _owing(found: dict[str, str] | list[dict[str, str]] | None) -> str:
    """Who is owed which wages, or what a company owns and what it is worth."""
    if isinstance(found, dict):
        return ", ".join(f"{amount} to {member or 'the treasury'}" for member, amount in found.items())
    return ", ".join(f"{asset['asset']} ({asset['value']})" for asset in found or ())


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def cooperations(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print every cooperation with its price, plans, coordinator and history."""
    books = load(ledger)
    instant = _instant(books, at)
    rows = reports.cooperations(books, books.at(instant), instant)
    if as_json:
        print_json(rows)
    else:
        print_table(
            f"{books.region.name}: cooperations",
            ("cooperation", ">balance", ">price", "plans", "coordinator", "coordinators", "requests"),
            [
                (
                    r["cooperation"],
                    r["balance"],
                    r["price"] and short(r["price"]),
                    ", ".join(r["plans"]),
                    r["coordinator"],
                    ", ".join(f"{c['company']} ({c['since'][:10]})" for c in r["coordinators"]),
                    ", ".join(r["requests"]),
                )
                for r in rows
            ],
        )
    finish(books)


def _instant(books: Books, at: int | None) -> int:
    return at if at is not None else books.last_instant or start_of(FIRST_DATE)
