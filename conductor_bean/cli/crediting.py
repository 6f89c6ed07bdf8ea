"""What regional credits do: costs, loans, property, lists, months, other decisions."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from conductor_bean.cli.output import (
    DATE,
    at_option,
    finish,
    json_option,
    ledger_argument,
    load,
    moment,
    print_json,
    print_table,
    reads_ledger,
    short,
)
from conductor_bean.domain.problems import did_you_mean, printable
from conductor_bean.domain.region import Rules
from conductor_bean.ledger import credit_reports, months
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.reports import Row
from conductor_bean.ledger.scenario import ScenarioError, other_region


@click.command()
@ledger_argument
@click.argument("company")
@at_option
@json_option
@reads_ledger
def cost(ledger: Path, company: str, at: int | None, *, as_json: bool) -> None:
    """Print what each month of COMPANY cost, what a unit cost, and at what price its offers are at cost."""
    books = _with_credits(ledger)
    instant = books.last_instant if at is None else at
    machine = books.at(at)
    if company not in machine.state.companies:
        raise click.UsageError(f"There is no company {company!r}{did_you_mean(company, machine.state.companies)}")
    row = credit_reports.cost(books, machine, company, instant)
    if as_json:
        print_json(row)
    else:
        _print_cost(books, row)
        _print_reasons(books.region.decisions.at(instant), row)
    finish(books)


def _print_reasons(rules: Rules, row: Row) -> None:
    """Say of the occupations that worked why they are paid what they are, where the region said it."""
    for name in sorted({name for month in row["months"] for name in month["hours"]}):
        wage = rules.occupations.get(name)
        if wage is not None and wage.why:
            click.echo(f"an hour of a {printable(name)} is paid as it is for: {printable(wage.why)}")


def _print_cost(books: Books, row: Row) -> None:
    assert books.region.credits is not None
    columns = ("month", "hours", ">wages", ">purchases", ">rents", ">interest", ">cost", ">sales", ">sold", ">a unit")
    keys = ("wages", "purchases", "rents", "interest", "cost", "sales", "units")
    cells = [
        (
            month["month"],
            ", ".join(f"{hours} {name}" for name, hours in month["hours"].items()),
            *(month[key] for key in keys),
            None if month["unit_cost"] is None else short(month["unit_cost"]),
        )
        for month in row["months"]
    ]
    print_table(f"{row['company']}: costs by month, in {books.region.credits.name}", columns, cells)
    if row["offers"]:
        offers = [
            (
                offer["offer"],
                offer["product"],
                offer["sold"],
                offer["price"],
                None if offer["unit_cost"] is None else short(offer["unit_cost"]),
                offer["at_cost_price"],
            )
            for offer in row["offers"]
        ]
        print_table(
            "Offers over the last three months",
            ("offer", "product", ">sold", ">price", ">cost of a unit", ">at-cost price"),
            offers,
        )


@click.command()
@ledger_argument
@click.argument("loan", required=False)
@at_option
@json_option
@reads_ledger
def loans(ledger: Path, loan: str | None, at: int | None, *, as_json: bool) -> None:
    """Print every loan, or of one LOAN what falls due at which close from now on."""
    books = _with_credits(ledger)
    machine = books.at(at)
    if loan is None:
        rows = credit_reports.loans(books, machine)
        columns: tuple[str, ...]
        keys: tuple[str, ...]
        columns = (
            "loan",
            "lender",
            "borrower",
            ">principal",
            ">rate",
            ">months",
            ">instalment",
            ">outstanding",
            ">late",
        )
        keys = (
            "loan",
            "lender",
            "borrower",
            "principal",
            "yearly_rate",
            "months",
            "instalment",
            "outstanding",
            "arrears",
        )
        title = f"{books.region.name}: loans"
    else:
        known = machine.state.credits.loans
        if loan not in known:
            raise click.UsageError(f"There is no loan {loan!r}{did_you_mean(loan, known)}")
        rows = credit_reports.schedule(books, machine, known[loan])
        columns = (">instalment", "close of", ">interest", ">principal", ">payment", ">outstanding")
        keys = ("instalment", "month", "interest", "principal", "payment", "outstanding")
        title = f"{loan}: {known[loan].bank} to {known[loan].borrower}"
    if as_json:
        print_json(rows)
    else:
        print_table(title, columns, [[row[key] for key in keys] for row in rows])
    finish(books)


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def properties(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print the region's housing, equipment and facilities: what each costs a month, and who holds it."""
    books = _with_credits(ledger)
    rows = credit_reports.properties(books, books.at(at))
    if as_json:
        print_json(rows)
    else:
        columns = ("property", "kind", "name", ">a month", ">charged", ">spent", ">price", "lessee", "since", "sold")
        cells = [
            (
                row["property"],
                row["kind"],
                row["name"],
                row["monthly_cost"],
                row["charged"],
                row["spent"],
                row["price"],
                row["lessee_name"] or row["lessee"],
                row["since"],
                None if row["sold"] is None else moment(row["sold"]),
            )
            for row in rows
        ]
        print_table(f"{books.region.name}: property", columns, cells)
    finish(books)


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def lists(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print the wait-lists in the order in which they are served; their lengths show the demand."""
    books = _with_credits(ledger)
    rows = credit_reports.lists(books.at(at), books.last_instant if at is None else at)
    if as_json:
        print_json(rows)
    else:
        cells = [(row["list"], row["served"], row["length"], ", ".join(row["waiting"])) for row in rows]
        print_table(f"{books.region.name}: wait-lists", ("list", ">served", ">waiting", "in this order"), cells)
    finish(books)


@click.command("months")
@ledger_argument
@json_option
@reads_ledger
def months_command(ledger: Path, *, as_json: bool) -> None:
    """Print the region month by month: FIC, taxes, the dividend, the treasury's income and spending."""
    books = load(ledger)
    rows = [months.month_row(books, figures) for figures in months.course(books)]
    if as_json:
        print_json(rows)
    else:
        _print_months(books, rows)
    finish(books)


_HOURS = (("FIC", "fic"), ("psf", "psf"))
_CREDITS = (("taxes", "taxes"), ("dividend", "dividend"), ("treasury", "treasury"))


def _print_months(books: Books, rows: list[Row]) -> None:
    shown = _shown(books)
    columns = ("month", *(f">{name}" for name, _ in shown))
    cells = [(row["month"], *(_cell(row, key) for _, key in shown)) for row in rows]
    print_table(f"{books.region.name}: month by month", columns, cells)
    flows = [
        (row["month"], direction, kind, units)
        for row in rows
        for direction, key in (("in", "treasury_income"), ("out", "treasury_spending"))
        for kind, units in row.get(key, {}).items()
    ]
    if flows:
        print_table("The treasury", ("month", "", "transfer", ">amount"), flows)


def _shown(books: Books) -> list[tuple[str, str]]:
    found = list(_HOURS) if books.region.labour_time is not None else []
    return found + (list(_CREDITS) if books.region.credits is not None else [])


def _cell(row: Row, key: str) -> str | int | None:
    value = row[key]
    if isinstance(value, list):
        return ", ".join(value)
    return short(value, 6) if key == "fic" else value


@click.command("what-if")
@ledger_argument
@click.option(
    "--set", "settings", multiple=True, required=True, metavar="KEY=VALUE", help="A decision; may be repeated."
)
@click.option("--from", "start", type=DATE, required=True, help="The date from which it would be in force.")
@json_option
@reads_ledger
def what_if(ledger: Path, settings: tuple[str, ...], start: datetime.date, *, as_json: bool) -> None:
    """Print what the same facts would have brought under other decisions, side by side by month.

    KEY is a key of `set:` in region.yaml, or occupations.NAME.min and occupations.NAME.max.
    """
    books = load(ledger)
    if books.errors:
        finish(books)
    try:
        region = other_region(books.region, list(settings), start)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from error
    baseline, scenario = ([months.month_row(books, row) for row in months.course(books, r)] for r in (None, region))
    if as_json:
        document = {
            name: {row["month"]: {key: value for key, value in row.items() if key != "month"} for row in rows}
            for name, rows in (("baseline", baseline), ("scenario", scenario))
        }
        print_json(document)
        return
    shown = _shown(books)
    columns = ["month", *(part for name, _ in shown for part in (f">{name}", ">would be"))]
    cells = [
        [row["month"], *(part for _, key in shown for part in (_cell(row, key), _change(row, other, key)))]
        for row, other in zip(baseline, scenario, strict=True)
    ]
    print_table(f"{books.region.name}: {', '.join(settings)} from {start}", columns, cells, "= as it was")
    _print_shortfalls(baseline, scenario)


def _print_shortfalls(baseline: list[Row], scenario: list[Row]) -> None:
    """Who could not pay all that was due, and who could not have."""
    cells = [
        (
            row["month"],
            ", ".join(row["companies_short"]),
            _change(row, other, "companies_short"),
            row["members_short"],
            _change(row, other, "members_short"),
        )
        for row, other in zip(baseline, scenario, strict=True)
        if any(side.get(key) for side in (row, other) for key in ("companies_short", "members_short"))
    ]
    if cells:
        columns = ("month", "companies", "would be", ">members", ">would be")
        print_table("Who could not pay", columns, cells, "= as it was")


def _change(row: Row, other: Row, key: str) -> str | int | None:
    return "=" if row[key] == other[key] else _cell(other, key)


def _with_credits(ledger: Path) -> Books:
    """A ledger of a region that has credits."""
    books = load(ledger)
    if books.region.credits is None:
        raise click.UsageError(f"{books.region.name} has not switched on regional credits.")
    return books
