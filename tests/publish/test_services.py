"""Hours of basic services in FIC are counted to a grid that hides each of them."""

from __future__ import annotations

import datetime
import random
from fractions import Fraction
from pathlib import Path

import pytest

from conductor_bean.domain.fic import half_window
from conductor_bean.domain.instants import DAY, start_of
from conductor_bean.publish.edition import make_edition
from conductor_bean.publish.history import History
from conductor_bean.publish.services import Served, Services
from tests.cli.region import answer
from tests.publish.borough import KEY, Borough, books_of, edition_of, moved

HOUR = 100
FIRST = start_of(datetime.date(2026, 1, 1))
MARGIN = Fraction(15, 100)


def served(day: int, hours: int, *, until: int | None = None, one: str = "Ada", other: str = "Bob") -> Served:
    return Served(FIRST + day * DAY, None if until is None else FIRST + until * DAY, hours * HOUR, (one, other))


def counted(services: Services, days: int, window: int = 10, step: int = 1) -> list[int]:
    """Hours in the window of so many mornings, in hours where the grid is as fine as a unit."""
    return [units // HOUR for units in services.counted([(FIRST + day * DAY, window) for day in range(days)], step)]


def test_a_service_counts_from_the_morning_after_it_until_it_leaves_the_window() -> None:
    assert counted(Services([served(2, 3)]), 10) == [0, 0, 0, 3, 3, 3, 3, 3, 0, 0]


def test_a_service_that_is_taken_back_no_longer_counts() -> None:
    assert counted(Services([served(2, 3, until=4)]), 7) == [0, 0, 0, 3, 0, 0, 0]


def test_a_window_that_changes_counts_anew() -> None:
    services = Services([served(0, 3), served(6, 5)])
    windows = [(FIRST + 8 * DAY, 30), (FIRST + 9 * DAY, 6), (FIRST + 10 * DAY, 30)]
    assert [units // HOUR for units in services.counted(windows, 1)] == [8, 5, 8]


@pytest.mark.parametrize("seed", range(10))
def test_hours_in_the_window_are_those_of_a_plain_count(seed: int) -> None:
    chance = random.Random(seed)
    found = []
    for _ in range(25):
        day = chance.randrange(60)
        until = day + chance.randrange(1, 20) if chance.random() < 0.3 else None
        found.append(served(day, chance.randrange(1, 9), until=until))
    found.sort(key=lambda one: one.instant)
    mornings = [(FIRST + day * DAY, 10 if day < 40 else 25) for day in range(80)]
    for (instant, window), units in zip(mornings, Services(found).counted(mornings, 1), strict=True):
        half = half_window(window)
        expected = sum(
            one.units
            for one in found
            if instant - half <= one.instant < instant and (one.until is None or instant < one.until)
        )
        assert units == expected


@pytest.mark.parametrize(
    ("hours", "step"),
    [(0, 1), (1, 1), (3, 1), (4, 2), (6, 2), (7, 5), (16, 5), (17, 10), (34, 20), (67, 50), (200, 100), (2000, 1000)],
)
def test_the_step_is_wide_enough_for_the_largest_part_and_no_wider(hours: int, step: int) -> None:
    """At least twice 15 % of what one person gives or takes within half a window; 1, 2 or 5 times a power of ten."""
    services = Services([served(3, hours)] if hours else [])
    assert services.step(10, MARGIN, HOUR) == step * HOUR


def test_the_step_looks_at_what_one_person_did_within_half_a_window() -> None:
    apart = Services([served(0, 5), served(6, 5)])
    assert apart.step(10, MARGIN, HOUR) == 2 * HOUR
    assert Services([served(0, 5), served(5, 5)]).step(10, MARGIN, HOUR) == 5 * HOUR
    assert apart.step(12, MARGIN, HOUR) == 5 * HOUR
    strangers = Services([served(0, 5), served(0, 5, one="Cyd", other="Dan")])
    assert strangers.step(10, MARGIN, HOUR) == 2 * HOUR


@pytest.mark.parametrize("seed", range(5))
def test_what_is_told_is_within_half_a_step_of_the_truth_and_on_the_grid(seed: int) -> None:
    chance = random.Random(seed)
    days = sorted(chance.randrange(60) for _ in range(30))
    services = Services([served(day, chance.randrange(1, 9)) for day in days])
    mornings = [(FIRST + day * DAY, 20) for day in range(70)]
    exact, coarse = services.counted(mornings, 1), services.counted(mornings, 5 * HOUR)
    assert all(units % (5 * HOUR) == 0 for units in coarse)
    assert all(2 * abs(mine - theirs) <= 5 * HOUR for mine, theirs in zip(exact, coarse, strict=True))
    assert any(mine != theirs for mine, theirs in zip(exact, coarse, strict=True))


def test_without_services_fic_is_that_of_the_ledger_to_the_last_digit(tmp_path: Path) -> None:
    folder = _plain(tmp_path)
    _, history = edition_of(folder)
    private = answer("fic", folder, "--from", "2026-01-01", "--to", history.mornings[-1].date)
    assert len(private) == len(history.mornings) > 25
    for mine, theirs in zip(history.mornings, private, strict=True):
        assert (mine.fic, mine.L, mine.L_o, mine.P_o, mine.R_o) == tuple(
            theirs[key] for key in ("fic", "L", "L_o", "P_o", "R_o")
        ), mine.date


def _plain(folder: Path, more: str = "") -> Path:
    """A borough in which nobody helps anybody but in what more says."""
    borough = Borough(6, rsc=False)
    borough.write(folder, 0, more)
    work = [
        moved(f'2026-01-{day:02} * "work"', "Assets:Companies:Co-1:A", "Assets:Members:M-01:Hours", 4, "HOUR")
        for day in range(2, 31)
    ]
    (folder / "journal" / "work.beancount").write_text("".join(work))
    return folder


def helped(day: str, hours: int, name: str = "", *, by: str = "M-01", whom: str = "M-04") -> str:
    mark = f'\n  id: "{name}"' if name else ""
    accounts = f"Assets:Members:{whom}:Hours", f"Assets:Members:{by}:Hours"
    return moved(f'{day} * "helped" ^help-{by}{mark}', *accounts, hours, "HOUR")


def test_with_services_fic_is_within_the_grid_of_the_ledgers(tmp_path: Path) -> None:
    folder = _plain(tmp_path, helped("2026-01-05", 7) + helped("2026-01-08", 11, by="M-02", whom="M-05"))
    _, history = edition_of(folder)
    private = answer("fic", folder, "--from", "2026-01-01", "--to", history.mornings[-1].date)
    step = Services.of(books_of(folder).outcomes).step(60, MARGIN, HOUR) // HOUR
    assert step == 5
    differing = 0
    for mine, theirs in zip(history.mornings, private, strict=True):
        assert (mine.L_o, mine.P_o, mine.R_o) == (theirs["L_o"], theirs["P_o"], theirs["R_o"])
        distance = abs(Fraction(mine.L) - Fraction(theirs["L"]))
        assert 2 * distance <= step
        differing += distance != 0
        if mine.date <= "2026-01-05":
            assert mine.fic == theirs["fic"]
    assert differing > 20


def test_mornings_that_were_told_are_never_told_otherwise(tmp_path: Path) -> None:
    folder = _plain(tmp_path)
    _, history = edition_of(folder)
    told = list(history.mornings)
    more = helped("2026-01-03", 40) + helped("2026-02-09", 3)
    _plain(folder, more)
    make_edition(books_of(folder), history, KEY)
    assert history.mornings[: len(told)] == told
    assert [morning.date for morning in history.mornings[len(told) :]] == [
        "2026-01-31",
        *(f"2026-02-{day:02}" for day in range(1, 10)),
    ]


def test_a_reversed_service_leaves_the_grid(tmp_path: Path) -> None:
    reversal = '2026-01-20 custom "reversal" "it"\n  by: "carla"\n  reason: "a mistake"\n'
    folder = _plain(tmp_path, helped("2026-01-05", 40, "it") + reversal)
    services = Services.of(books_of(folder).outcomes)
    (one,) = services.found
    assert one.until == start_of(datetime.date(2026, 1, 20))
    _, history = edition_of(folder)
    hours = {morning.date: Fraction(morning.L) for morning in history.mornings}
    for row in answer("fic", folder, "--from", "2026-01-01", "--to", history.mornings[-1].date):
        assert 2 * abs(hours[row["instant"][:10]] - Fraction(row["L"])) <= 20, row["instant"]
    assert hours["2026-01-19"] - hours["2026-01-05"] >= 20
    assert hours["2026-01-20"] < hours["2026-01-19"]


def test_a_history_without_mornings_begins_with_the_first_date(tmp_path: Path) -> None:
    _, history = edition_of(_plain(tmp_path), History())
    assert history.mornings[0].date == "2026-01-01"
