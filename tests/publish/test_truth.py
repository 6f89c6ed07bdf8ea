"""Every number of an edition that bears the name of a balance, a total or a cost is the private ledger's, or is absent.

The edition is read from its files, month after month; what is true comes from the private books alone.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from beanquery.query import run_query

from conductor_bean.documents import all_documents
from conductor_bean.domain.instants import end_of, last_date, month_from_number, month_number, month_of
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.reports import balances
from conductor_bean.publish.edition import make_edition
from conductor_bean.publish.history import History
from tests.house.tree import ROOT
from tests.publish.borough import KEY, books_of
from tests.support import conductor

Row = dict[str, Any]
REGIONS = ("riverbend", "lakeside", "simulated-5", "simulated-6", "simulated-7")
PARTS = ("wages", "purchases", "rents", "interest", "cost", "sales", "units", "unit_cost")


def ledger_of(name: str, folder: Path) -> Path:
    if name.startswith("simulated"):
        size = ("--members", 60, "--companies", 8, "--months", 3, "--seed", name[-1])
        assert conductor("simulate", "--to", folder / "ledger", *size).exit_code == 0
        return folder / "ledger"
    return Path(shutil.copytree(ROOT / "ledgers" / name, folder / "ledger"))


class Truth:
    """What the private books say at the end of a month."""

    def __init__(self, books: Books, month: str) -> None:
        end = end_of(last_date(month))
        self.month = month
        self.balances = {row["account"]: row["balance"] for row in balances(books, books.at(end))}
        self.documents = all_documents(books, end)


class Read:
    """An edition as it lies in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def json(self, name: str) -> Any:
        return json.loads((self.folder / "data" / f"{name}.json").read_text("utf-8"))

    def csv(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((self.folder / "data" / f"{name}.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("name", REGIONS)
def test_every_number_is_the_ledgers_or_is_absent(name: str, tmp_path: Path) -> None:
    books, history, told = books_of(ledger_of(name, tmp_path)), History(), 0
    first = next(outcome.event.instant for outcome in books.outcomes)
    truths: dict[str, Truth] = {}
    for number in range(month_number(month_of(first)), month_number(month_of(books.last_instant)) + 1):
        month = month_from_number(number)
        edition = make_edition(books, history, KEY, number)
        folder = tmp_path / month
        for file, content in edition.files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, "utf-8")
        truths[month] = Truth(books, month)
        found = list(differences(Read(folder), truths, month))
        assert found == []
        told += sum(row["balance"] is not None for row in Read(folder).json("balances"))
    assert told > 20


def differences(edition: Read, truths: dict[str, Truth], month: str) -> Iterator[object]:
    """Every number of an edition that is another one in the private books."""
    for row in (*edition.json("balances"), *edition.csv("balances")):
        if row["balance"] not in (None, "", truths[row["month"]].balances[row["account"]]):
            yield row
    yield from of_ledger(edition, truths)
    truth = truths[month]
    yield from of_region(edition, truth)
    yield from of_companies(edition, truth)
    yield from of_months(edition, truth)
    yield from of_transfers(edition, truth)
    for row in edition.json("cooperations")["cooperations"]:
        if row["balance"] not in (None, truth.balances.get(f"Equity:Cooperations:{row['cooperation']}", "0.00")):
            yield row


def of_ledger(edition: Read, truths: dict[str, Truth]) -> Iterator[object]:
    """What Beancount sums up to the end of each month on accounts that bear the names of the private ledger."""
    entries, errors, options = loader.load_file(str(edition.folder / "main.beancount"))
    assert errors == []
    held: dict[str, Decimal] = {}
    dates = {month: last_date(month) for month in truths}
    moves = sorted((e for e in entries if isinstance(e, data.Transaction)), key=lambda entry: entry.date)
    assert all(entry.date <= max(dates.values()) for entry in moves), "something moved after the edition's end"
    for month, date in sorted(dates.items()):
        while moves and moves[0].date <= date:
            for posting in moves.pop(0).postings:
                held[posting.account] = held.get(posting.account, Decimal(0)) + posting.units.number
        for account, number in held.items():
            is_own = ":Private:" not in account and ":Partly-Told:" not in account
            if is_own and number not in (0, Decimal(truths[month].balances[account])):
                yield month, account, number, truths[month].balances[account]
    query = "SELECT account, number(only('{}', sum(position))) WHERE NOT account ~ ':(Private|Partly-Told):' GROUP BY 1"
    for commodity in options["operating_currency"]:
        _, rows = run_query(entries, options, query.format(commodity))
        for account, number in rows:
            if number and number != held[account]:
                yield account, number


def of_region(edition: Read, truth: Truth) -> Iterator[object]:
    document, private = edition.json("region"), truth.documents["region"]
    for row in document["accounts"]:
        if row["balance"] not in (None, truth.balances[row["account"]]):
            yield row
    for fund, account in (("psf", "Equity:PSF"), ("treasury", "Assets:Region:Treasury")):
        if document["now"][fund] not in (None, truth.balances.get(account, "0.00")):
            yield fund, document["now"][fund]
    true = {row["month"]: row for row in private["months"]}
    table = [*document["months"], *edition.csv("months")]
    for row in table:
        for key in ("psf", "treasury", "taxes", "bank_surplus", "dividend", "hours"):
            if row[key] not in (None, "", true[row["month"]][key]):
                yield row["month"], key, row[key], true[row["month"]][key]


def of_companies(edition: Read, truth: Truth) -> Iterator[object]:
    true = {row["company"]: row for row in truth.documents["companies"]["companies"]}
    for row in (*edition.json("companies")["companies"], *edition.csv("companies")):
        for key in ("p", "r", "a", "prd", "wallet"):
            if row[key] not in (None, "", true[row["company"]][key]):
                yield row["company"], key, row[key], true[row["company"]][key]
    for row in edition.json("companies")["companies"]:
        mine = true[row["company"]]
        if row["ownership"] == "regional":
            yield from of_costs(row, mine)
        for kind, deviation in (row["deviation"] or {}).items():
            if deviation not in (None, mine["deviation"][kind]):
                yield row["company"], kind, deviation
        if row["flags"] not in (None, mine["flags"]):
            yield row["company"], row["flags"]


def of_costs(row: Row, mine: Row) -> Iterator[object]:
    months = {month["month"]: month for month in mine["costs"] or []}
    for month in row["costs"] or []:
        whole = months[month["month"]]
        if not month["hours"].items() <= whole["hours"].items() or any(month[p] not in (None, whole[p]) for p in PARTS):
            yield row["company"], month
    for offer, whole in zip(row["products"] or [], mine["products"] or [], strict=True):
        if any(offer[key] not in (None, whole[key]) for key in ("sold", "unit_cost", "at_cost_price")):
            yield row["company"], offer


def of_months(edition: Read, truth: Truth) -> Iterator[object]:
    true = {row["month"]: row for row in truth.documents["months"]["months"]}
    for row in edition.json("months")["months"]:
        for fund in ("treasury", "psf"):
            if row[fund] is None:
                continue
            mine, whole = row[fund], true[row["month"]][fund]
            for key in ("opening", "closing"):
                if mine[key] not in (None, whole[key]):
                    yield row["month"], fund, key, mine[key], whole[key]
            for side in ("income", "spending"):
                for kind, amount in mine[side].items():
                    if kind != "other" and amount != whole[side].get(kind):
                        yield row["month"], fund, kind, amount, whole[side].get(kind)


def of_transfers(edition: Read, truth: Truth) -> Iterator[object]:
    true = truth.documents["transfers"]["rows"]
    for row, whole in zip(edition.json("transfers")["rows"], true, strict=True):
        for key in ("count", "volume"):
            if row[key] not in (None, whole[key]):
                yield row["name"], key, row[key], whole[key]
        periods = {period["period"]: period for period in whole["periods"]}
        for period in row["periods"]:
            if any(v not in (None, periods.get(period["period"], {}).get(key)) for key, v in period.items()):
                yield row["name"], period, periods.get(period["period"])
