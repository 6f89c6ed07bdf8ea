"""A simulated region is the same for the same options, holds without an error, and has something of everything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conductor_bean.domain.instants import month_of
from conductor_bean.domain.transfers import table
from conductor_bean.engine.machine import Machine
from conductor_bean.ledger.books import load_books
from conductor_bean.simulation.folder import Simulated, simulate
from conductor_bean.simulation.scenario import Scenario
from tests.simulation.support import codes_of, files_of, names_in
from tests.support import conductor

SMALL = Scenario(members=9, companies=5, months=2, transactions=150)
YEAR = Scenario(members=40, companies=14, months=12, transactions=4_000)

SELDOM = {"retire"}
"""A transfer that a simulated region may do without."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Simulated]:
    """A region of a year, and what wrote it."""
    folder = tmp_path_factory.mktemp("year") / "region"
    return folder, simulate(folder, YEAR)


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    simulate(tmp_path / "a", SMALL)
    simulate(tmp_path / "b", SMALL)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_the_bytes_do_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    for salt in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "conductor_bean.cli.main", "simulate", "--members", "20", "--months", "3",
             "--to", str(tmp_path / salt)],
            check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": salt},
        )  # fmt: skip
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


def test_another_seed_gives_another_region(tmp_path: Path) -> None:
    simulate(tmp_path / "a", SMALL)
    simulate(tmp_path / "b", replace(SMALL, seed=2))
    ours, theirs = files_of(tmp_path / "a"), files_of(tmp_path / "b")
    assert ours["journal/2026-01.beancount"] != theirs["journal/2026-01.beancount"]


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(members=1, companies=1, months=1),
        Scenario(members=2, companies=1, months=1, seed=-5, start="1900-01"),
        Scenario(members=1, companies=30, months=2),
        Scenario(members=5, companies=3, months=2, transactions=0),
        Scenario(members=60, companies=29, months=5, seed=3, start="2027-11", transactions=900),
        Scenario(members=12, companies=4, months=3, transactions=2_000),
        Scenario(members=3, companies=2, months=2, start="2199-11"),
        *(replace(SMALL, seed=seed) for seed in range(4, 10)),
    ],
    ids=str,
)
def test_every_region_holds_without_an_error(tmp_path: Path, scenario: Scenario) -> None:
    made = simulate(tmp_path / "region", scenario)
    books = load_books(tmp_path / "region")
    assert codes_of(books) == []
    assert books.complete
    assert len(books.machine.state.members) == scenario.members
    assert len(books.machine.state.companies) == scenario.companies
    assert books.machine.state.closed == scenario.month_names
    assert_same_state(books.machine, made.recorder.machine)


def assert_same_state(found: Machine, proposed: Machine) -> None:
    """Hold that who reads the text arrives where the simulation did, in every account."""
    assert found.state.balances == proposed.state.balances
    assert found.state.events == proposed.state.events
    assert found.state.transfers == proposed.state.transfers
    assert found.state.credits.arrears == proposed.state.credits.arrears


def test_a_year_holds_and_the_engine_refused_hardly_anything(year: tuple[Path, Simulated]) -> None:
    folder, made = year
    books = load_books(folder)
    assert codes_of(books) == []
    assert_same_state(books.machine, made.recorder.machine)
    assert sum(made.recorder.refused.values()) < made.recorder.transactions / 100


def test_about_as_many_transactions_are_written_as_were_asked_for(year: tuple[Path, Simulated]) -> None:
    assert abs(year[1].recorder.transactions - 4_000) <= 40


def test_every_transfer_of_the_table_happens(year: tuple[Path, Simulated]) -> None:
    happened = {t.type for outcome in load_books(year[0]).outcomes for t in outcome.transfers}
    assert set(table()) - happened <= SELDOM


def test_every_kind_of_fact_happens_that_people_live_by(year: tuple[Path, Simulated]) -> None:
    text = "".join(files_of(year[0]).values())
    for kind in (
        "accountant", "member", "company", "employment", "employment-end", "plan", "plan-approval", "plan-rejection",
        "cooperation", "cooperation-request", "cooperation-acceptance", "coordination-request",
        "coordination-acceptance", "basic-service", "basic-service-end", "region", "bank", "pool", "offer",
        "offer-end", "property", "wait-list", "lease", "lease-end", "enrolment-request", "enrolment", "enrolment-end",
        "loan", "outside-loan", "bankruptcy", "reversal", "month-close",
    ):  # fmt: skip
        assert f'custom "{kind}"' in text, kind


def test_a_year_has_something_of_everything(year: tuple[Path, Simulated]) -> None:
    folder, _ = year
    state = load_books(folder).machine.state
    plans, kept = state.plans.values(), state.credits
    assert {plan.public for plan in plans} == {True, False}
    assert len({month_of(plan.approved) for plan in plans if plan.approved}) >= 6
    assert {loan.repayment for loan in kept.loans.values()} == {"annuity", "equal"}
    assert {loan.borrower_type for loan in kept.loans.values()} == {"member", "company"}
    held = {(found.kind, found.lease.lessee_type) for found in kept.properties.values() if found.lease is not None}
    assert {("housing", "member"), ("equipment", "company"), ("facility", "outside")} <= held
    assert len({e.productivity for employed in state.employments.values() for e in employed.values()} - {""}) > 5
    text = "".join(files_of(folder).values())
    prices = re.findall(r'custom "offer" "(\S+)" "\S+"\n(?:  .*\n)*?  price: (\S+)', text)
    assert len(set(prices)) > len(dict(prices)), "no price ever changes"
    assert re.search(r":A +-\S+ HOUR\n(?:  Assets:Members:\S+ +\S+ HOUR\n){2,}", text), "nobody works together"
    assert files_of(folder)["region.yaml"].count("- date:") == 2


def test_the_folder_is_laid_out_as_the_language_says(year: tuple[Path, Simulated]) -> None:
    files = files_of(year[0])
    assert {"main.beancount", "region.yaml", "parties.beancount", "plans.beancount"} <= set(files)
    assert {f"journal/2026-{month:02}.beancount" for month in range(1, 13)} <= set(files)
    assert 'plugin "conductor_bean.plugins.conductor"\n' in files["main.beancount"]
    assert '\n2026-06-30 custom "month-close" "2026-06"\n' in files["journal/2026-06.beancount"]
    for name, text in files.items():
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert max(map(len, text.splitlines())) <= 120, name


def test_amounts_stand_in_one_column(year: tuple[Path, Simulated]) -> None:
    lines = files_of(year[0])["journal/2026-03.beancount"].splitlines()
    ends = {len(line.rpartition(" ")[0]) for line in lines if re.match(r"  \w+:\w.* (HOUR|RSC)$", line)}
    assert len(ends) == 1


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "region"
    result = conductor("simulate", "--members", 6, "--companies", 3, "--months", 1, "--seed", 4, "--to", target)
    assert result.exit_code == 0
    assert "6 members, 3 companies, 1 months" in result.stdout
    assert conductor("check", target).exit_code == 0
    assert (target / "journal" / "2026-01.beancount").exists()
    assert names_in(target.parent) == ["region"]
