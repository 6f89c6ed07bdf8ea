"""Hours of basic services in FIC are counted to a grid that hides each of them."""

from __future__ import annotations

import datetime
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from conductor_bean.domain.fic import half_window
from conductor_bean.domain.instants import DAY, month_number, start_of
from conductor_bean.publish.edition import make_edition
from conductor_bean.publish.history import History
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.served import may_be_told
from conductor_bean.publish.services import Served, Services
from tests.cli.region import answer
from tests.publish.borough import KEY, Borough, books_of, edition_of, moved

HOUR = 100
FIRST = start_of(datetime.date(2026, 1, 1))
MARGIN = Fraction(15, 100)
DEFAULT = Thresholds(5, MARGIN, Fraction(75, 100), Fraction(85, 100))


def served(day: int, hours: int, *, until: int | None = None, one: str = "Ada", other: str = "Bob") -> Served:
    return Served(FIRST + day * DAY, None if until is None else FIRST + until * DAY, hours * HOUR, (one, other))


def counted(services: Services, months: int, window: int = 80, step: int = 1) -> list[int]:
    """Hours in the window of the first of so many months, in hours where the grid is as fine as a unit."""
    mornings = [(first_of(month), window) for month in range(months)]
    return [units // HOUR for units in services.counted(mornings, step, lambda _: True)]


def first_of(month: int) -> int:
    """The first morning of a month, the first of which is January."""
    return start_of(datetime.date(2026 + month // 12, month % 12 + 1, 1))


def test_a_service_counts_from_the_morning_after_it_until_it_leaves_the_window() -> None:
    """40 days: on 1 February that of 31 December still does, on 1 March that of 15 January no longer."""
    assert counted(Services([served(-1, 3)]), 3) == [3, 3, 0]
    assert counted(Services([served(14, 3)]), 3) == [0, 3, 0]
    assert counted(Services([served(0, 3)]), 2) == [0, 3], "of the first morning itself it is not before"


def test_a_service_that_is_taken_back_no_longer_counts() -> None:
    assert counted(Services([served(2, 3, until=20)]), 2) == [0, 0]
    assert counted(Services([served(2, 3, until=40)]), 2) == [0, 3]
    assert counted(Services([served(2, 3, until=31)]), 2) == [0, 0], "taken back at that very instant"


def test_within_a_month_the_hours_stay_those_of_its_first_morning() -> None:
    """Whoever sees them move from day to day sees single services."""
    mornings = [(FIRST + day * DAY, 80) for day in range(59)]
    hours = Services([served(day, 2) for day in range(59)]).counted(mornings, 1, lambda _: True)
    assert hours == [0] * 31 + [31 * 2 * HOUR] * 28


def test_services_that_may_not_be_told_do_not_count() -> None:
    services = Services([served(3, 5), served(5, 4), served(34, 5)])
    mornings = [(first_of(month), 80) for month in range(3)]
    assert services.counted(mornings, 1, lambda _: False) == [0, 0, 0]
    assert services.counted(mornings, 1, lambda some: len(some) > 1) == [0, 9 * HOUR, 0]


def test_only_services_of_many_may_be_told() -> None:
    names = [f"M-{number}" for number in range(12)]
    many = [served(1, 2, one=giver, other=taker) for giver, taker in pairwise(names)]
    assert may_be_told(many, DEFAULT)
    assert not may_be_told(many[:4], DEFAULT)
    assert not may_be_told([served(1, 2, one="M-0", other=name) for name in names[1:]], DEFAULT)
    assert not may_be_told([*many, served(1, 200)], DEFAULT)


@pytest.mark.parametrize("seed", range(10))
def test_hours_in_the_window_are_those_of_a_plain_count(seed: int) -> None:
    chance = random.Random(seed)
    found = []
    for _ in range(40):
        day = chance.randrange(300)
        until = day + chance.randrange(1, 60) if chance.random() < 0.3 else None
        found.append(served(day, chance.randrange(1, 9), until=until))
    found.sort(key=lambda one: one.instant)
    mornings = [(first_of(month), 80 if month < 6 else 25) for month in range(12)]
    for (instant, window), units in zip(mornings, Services(found).counted(mornings, 1, lambda _: True), strict=True):
        half = half_window(window)
        expected = sum(
            one.units
            for one in found
            if instant - half <= one.instant < instant and (one.until is None or instant < one.until)
        )
        assert units == expected


@pytest.mark.parametrize(
    ("hours", "step"),
    [(0, 1), (1, 1), (2, 2), (3, 2), (4, 5), (8, 5), (9, 10), (16, 10), (17, 20), (34, 50), (200, 200), (2000, 2000)],
)
def test_the_step_is_wide_enough_for_the_largest_part_and_no_wider(hours: int, step: int) -> None:
    """At least four times 15 % of what one person gives or takes within half a window: 1, 2, 5, 10 and so on."""
    services = Services([served(3, hours)] if hours else [])
    assert services.step(10, MARGIN, HOUR) == step * HOUR


def test_the_step_looks_at_what_one_person_did_within_half_a_window() -> None:
    apart = Services([served(0, 4), served(6, 4)])
    assert apart.step(10, MARGIN, HOUR) == 5 * HOUR
    assert Services([served(0, 4), served(5, 5)]).step(10, MARGIN, HOUR) == 10 * HOUR
    assert Services([served(0, 4), served(6, 5)]).step(12, MARGIN, HOUR) == 10 * HOUR
    strangers = Services([served(0, 4), served(0, 5, one="Cyd", other="Dan")])
    assert strangers.step(10, MARGIN, HOUR) == 5 * HOUR


@pytest.mark.parametrize("seed", range(5))
def test_what_is_told_is_within_half_a_step_of_the_truth_and_on_the_grid(seed: int) -> None:
    chance = random.Random(seed)
    days = sorted(chance.randrange(360) for _ in range(90))
    services = Services([served(day, chance.randrange(1, 9)) for day in days])
    mornings = [(first_of(month), 60) for month in range(12)]
    exact, coarse = (services.counted(mornings, step, lambda _: True) for step in (1, 5 * HOUR))
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


SERVICES = "".join(f'2026-01-01 custom "basic-service" "help-M-0{n}" "M-0{n}"\n' for n in (4, 5, 6))


def ring(day: str, hours: int) -> str:
    """Everybody helps the next."""
    return "".join(helped(day, hours, by=f"M-0{n}", whom=f"M-0{n % 6 + 1}") for n in range(1, 7))


def test_with_services_of_many_fic_is_within_the_grid_of_the_ledgers(tmp_path: Path) -> None:
    """On the first morning of a month; then it stands still while the ledger's goes on."""
    folder = _plain(tmp_path, SERVICES + ring("2026-01-05", 7) + ring("2026-02-08", 9))
    _, history = edition_of(folder, through=month_number("2026-02"))
    told = {morning.date: morning for morning in history.mornings}
    private = {row["instant"][:10]: row for row in answer("fic", folder, "--from", "2026-01-01", "--to", "2026-02-08")}
    assert told.keys() == private.keys()
    step = Services.of(books_of(folder).outcomes).step(60, MARGIN, HOUR) // HOUR
    assert step == 20
    for date, row in private.items():
        assert [getattr(told[date], key) for key in ("L_o", "P_o", "R_o")] == [
            row[key] for key in ("L_o", "P_o", "R_o")
        ]
    first = told["2026-02-01"]
    distance = abs(Fraction(first.L) - Fraction(private["2026-02-01"]["L"]))
    assert 0 < 2 * distance <= step
    assert told["2026-01-05"].fic == private["2026-01-05"]["fic"]
    assert told["2026-01-31"].fic != private["2026-01-31"]["fic"], "the services of January count from February on"


def test_services_of_few_do_not_count_in_the_public_factor(tmp_path: Path) -> None:
    with_services = _plain(tmp_path / "with", helped("2026-01-05", 7) + helped("2026-02-08", 1))
    without = _plain(tmp_path / "without", helped("2026-02-08", 1))
    assert edition_of(with_services)[1].mornings == edition_of(without)[1].mornings


def test_mornings_that_were_told_are_never_told_otherwise(tmp_path: Path) -> None:
    folder = _plain(tmp_path)
    _, history = edition_of(folder)
    told = list(history.mornings)
    more = helped("2026-01-03", 40) + helped("2026-02-09", 3)
    _plain(folder, more)
    make_edition(books_of(folder), history, KEY, month_number("2026-02"))
    assert history.mornings[: len(told)] == told
    assert [morning.date for morning in history.mornings[len(told) :]] == [
        "2026-01-31",
        *(f"2026-02-{day:02}" for day in range(1, 10)),
    ]


def test_a_reversed_service_is_counted_until_it_is_taken_back(tmp_path: Path) -> None:
    reversal = '2026-01-20 custom "reversal" "it"\n  by: "carla"\n  reason: "a mistake"\n'
    folder = _plain(tmp_path, helped("2026-01-05", 40, "it") + reversal)
    (one,) = Services.of(books_of(folder).outcomes).found
    assert one.until == start_of(datetime.date(2026, 1, 20))


def test_an_edition_within_a_month_tells_no_second_figure_of_it(tmp_path: Path) -> None:
    """Mornings of a month that was begun go on with its one value, also where the step is another by now."""
    services = SERVICES + ring("2026-01-05", 7) + ring("2026-02-08", 9)
    february = month_number("2026-02")
    _, history = edition_of(_plain(tmp_path, services), through=february)
    make_edition(books_of(_plain(tmp_path, services + ring("2026-02-20", 8))), history, KEY, february)
    assert history.mornings[-1].date == "2026-02-20"
    without = _plain(tmp_path / "without", helped("2026-02-20", 1))
    plans = {
        row["instant"][:10]: row["L"] for row in answer("fic", without, "--from", "2026-01-01", "--to", "2026-02-20")
    }
    hours = [(m.date[:7], Fraction(m.L) - Fraction(plans[m.date])) for m in history.mornings]
    assert {(month, round(some)) for month, some in hours} == {("2026-01", 0), ("2026-02", 40)}


def test_a_history_without_mornings_begins_with_the_first_date(tmp_path: Path) -> None:
    _, history = edition_of(_plain(tmp_path), History())
    assert history.mornings[0].date == "2026-01-01"
