"""Months, closes and other decisions on whole regions: those written by hand, and simulated ones."""

from __future__ import annotations

import datetime
import random
import re
import shutil
from pathlib import Path

import pytest

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.engine.machine import Machine
from conductor_bean.engine.state import State
from conductor_bean.ledger import months
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.scenario import other_region
from tests.cli.region import answer
from tests.cli.test_months import hold_months
from tests.cli.town import books_of
from tests.support import conductor

LEDGERS = Path(__file__).resolve().parents[2] / "ledgers"
RATES = ["income_tax", "sales_tax_internal", "sales_tax_external", "profit_at_rest_tax", "dividend", "housing_markup"]
RATES += ["non_member_markup", "tuition_share"]


@pytest.fixture(scope="module", params=["riverbend", "lakeside", 1, 2, 3])
def region(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region of the repository by its name, or a simulated one by its seed."""
    if isinstance(request.param, str):
        return LEDGERS / request.param
    folder = tmp_path_factory.mktemp("simulated") / "region"
    arguments = ["--members", 15, "--companies", 7, "--months", 3, "--seed", request.param, "--to", folder]
    assert conductor("simulate", *arguments).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def books(region: Path) -> Books:
    """Its books, which hold."""
    return books_of(region)


def test_the_treasury_of_every_month_is_accounted_for(region: Path) -> None:
    rows = answer("months", region)
    hold_months(rows)
    at_the_end = {row["account"]: row["balance"] for row in answer("balances", region)}
    assert rows[-1]["treasury"] == at_the_end["Assets:Region:Treasury"]


def test_the_last_close_once_more_derives_what_it_derived(region: Path, tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(region, folder)
    closed = [row["month"] for row in answer("months", region) if row["closed"]]
    pattern = re.compile(rf'^.* custom "month-close" "{closed[-1]}".*\n(?:  .*\n)*', re.MULTILINE)
    (path,) = [p for p in folder.rglob("*.beancount") if pattern.search(p.read_text("utf-8"))]
    path.write_text(pattern.sub("", path.read_text("utf-8")), "utf-8")
    assert answer("months", folder)[-1]["closed"] is False
    document = answer("close", folder, closed[-1])
    assert document["written"] is True
    assert len(document["transfers"]) > 10
    assert answer("balances", folder) == answer("balances", region)


def test_the_decisions_as_they_were_give_what_happened(books: Books) -> None:
    rules = books.region.decisions.at(books.last_instant)
    last = datetime.date.fromordinal(books.last_instant // 86_400_000_000)
    same = [f"{key}={float(getattr(rules, key))}" for key in RATES]
    baseline = [months.month_row(books, row) for row in months.course(books)]
    for start in (last, datetime.date(2199, 12, 31)):
        scenario = other_region(books.region, same, start)
        assert [months.month_row(books, row) for row in months.course(books, scenario)] == baseline


@pytest.mark.parametrize("seed", range(6))
def test_whatever_else_is_decided_every_fact_stands_and_nothing_is_lost(books: Books, seed: int) -> None:
    chance = random.Random(seed)
    settings = [f"{key}={chance.choice(['0', '1', '0.5', '0.333'])}" for key in RATES if chance.random() < 0.6]
    for name in sorted(books.region.decisions.at(books.last_instant).occupations):
        least = chance.choice([0, 1, 50, 500])
        settings += [f"occupations.{name}.min={least}", f"occupations.{name}.max={least + chance.choice([0, 10, 999])}"]
    settings += [
        "approvals=9",
        f"schooling_pause_years={chance.randrange(9)}",
        f"fic_window_days={chance.randrange(1, 999)}",
    ]
    first = books.outcomes[0].event.instant // 86_400_000_000
    start = datetime.date.fromordinal(max(books.last_instant // 86_400_000_000 - chance.randrange(60), first))
    other = other_region(books.region, settings, start)
    hold_months([months.month_row(books, row) for row in months.course(books, other)])
    assert books.checked is not None
    reading = books.checked.reading
    assert reading is not None
    machine = Machine(other, State(missing=dict(reading.missing)), reading.chart, reading.evidence, hypothetical=True)
    outcomes = list(machine.run(reading.facts, reading.movements))
    assert [outcome.rejection for outcome in outcomes if outcome.rejection is not None] == []
    for economy in (CREDITS, LABOUR_TIME):
        accounts = ((machine.context.account(name), units) for name, units in machine.state.balances.items())
        assert sum(units for account, units in accounts if account.economy == economy) == 0
