"""From month to month: what is told, what waits, what comes late; and what was told is never told otherwise."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from conductor_bean.domain.instants import month_number
from conductor_bean.publish.activity import activity
from conductor_bean.publish.entries import balances, entries_of
from conductor_bean.publish.history import History
from tests.publish.borough import EVERYTHING, Borough, books_of, edition_of, moved

HELP = "Assets:Private:Members:Hours"
WIDE = {"Equity:PSF", "Assets:Region:Treasury", "Equity:Outside", "Equity:Issuance"}

# Giver, taker, hours. Of each three pairs alone nothing may be told; together they hide each other.
ONE = [("M-01", "M-11", 2), ("M-02", "M-12", 2), ("M-03", "M-13", 2)]
OTHER = [("M-04", "M-14", 2), ("M-05", "M-15", 2), ("M-06", "M-16", 2)]
MANY = [*ONE, *OTHER]
FEW = "      publication_contributors: 3\n      publication_margin: 0\n"

REGION = """\
region: Borough
name: The Borough
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      member_overdraw: null
"""
MAIN = 'option "title" "x"\nplugin "conductor_bean.plugins.conductor"\ninclude "*.journal"\n'

Help = Sequence[tuple[str, str, int]]


def helping(folder: Path, months: Mapping[str, Help], *, decisions: str = "", more: str = "") -> Path:
    """A region in which people help each other, and nothing else happens; who is helped owes hours."""
    names = [f"M-{number:02}" for number in range(1, 21)]
    text = "".join(f'2026-01-01 custom "member" "{name}"\n' for name in names)
    text += "".join(f'2026-01-01 custom "basic-service" "help-{name}" "{name}"\n' for name in names)
    for month, pairs in months.items():
        for giver, taker, hours in pairs:
            accounts = f"Assets:Members:{taker}:Hours", f"Assets:Members:{giver}:Hours"
            text += moved(f'{month}-10 * "helped" ^help-{giver}', *accounts, hours, "HOUR")
    folder.mkdir(exist_ok=True)
    (folder / "main.beancount").write_text(MAIN)
    (folder / "region.yaml").write_text(REGION + decisions)
    (folder / "all.journal").write_text(text + more)
    return folder


def publish(folder: Path, history: History, through: str) -> int:
    """Tell what may be told up to a month; returns how many cells wait."""
    edition, _ = edition_of(folder, history, month_number(through))
    return edition.waiting


def said(history: History) -> list[tuple[str, str, str, int, int]]:
    """Date, period, level, hours and transfers of each total."""
    return [
        (e.date.isoformat(), e.period, e.level, e.units // 100, e.transfers)
        for e in entries_of(history)
        if e.level != "in full"
    ]


def test_what_is_safe_is_told_with_its_month(tmp_path: Path) -> None:
    history = History()
    assert publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01") == 0
    assert said(history) == [("2026-01-31", "2026-01", "type", 12, 6)]


def test_a_month_that_is_not_complete_is_not_told(tmp_path: Path) -> None:
    history = History()
    folder = helping(tmp_path, {"2026-01": MANY, "2026-02": MANY})
    edition, _ = edition_of(folder, history)
    assert edition.through == "2026-01"
    assert [row[1] for row in said(history)] == ["2026-01"]


def test_what_waits_is_told_with_the_quarter(tmp_path: Path) -> None:
    history = History()
    folder = helping(tmp_path, {"2026-01": ONE, "2026-02": OTHER, "2026-04": MANY})
    for month, waiting in (("2026-01", 1), ("2026-02", 2)):
        assert publish(folder, history, month) == waiting, "April has not ended"
        assert said(history) == []
    publish(folder, history, "2026-03")
    assert said(history) == [("2026-03-31", "2026-Q1", "type", 12, 6)]
    publish(folder, history, "2026-04")
    assert [row[1] for row in said(history)] == ["2026-Q1", "2026-04"]


def test_a_quarter_takes_in_no_month_that_was_told(tmp_path: Path) -> None:
    history = History()
    months: dict[str, Help] = {"2026-01": ONE, "2026-02": MANY, "2026-03": OTHER}
    publish(helping(tmp_path, months), history, "2026-03")
    assert said(history) == [("2026-02-28", "2026-02", "type", 12, 6), ("2026-03-31", "2026-Q1", "type", 12, 6)]


def test_quarters_that_wait_are_told_with_the_year(tmp_path: Path) -> None:
    history = History()
    folder = helping(tmp_path, {"2026-02": ONE, "2026-08": OTHER, "2027-01": ONE})
    publish(folder, history, "2026-11")
    assert said(history) == []
    publish(folder, history, "2026-12")
    assert said(history) == [("2026-12-31", "2026", "type", 12, 6)]


def test_what_waited_for_years_is_told_with_the_year_that_makes_it_safe(tmp_path: Path) -> None:
    history = History()
    folder = helping(tmp_path, {"2026-02": ONE, "2029-08": OTHER, "2030-01": ONE})
    publish(folder, history, "2029-11")
    assert said(history) == []
    publish(folder, history, "2029-12")
    assert said(history) == [("2029-12-31", "2029", "type", 12, 6)]


def test_what_nothing_makes_safe_waits_for_ever(tmp_path: Path) -> None:
    history = History()
    folder = helping(tmp_path, {f"{year}-05": ONE for year in range(2026, 2032)})
    assert publish(folder, history, "2031-05") == 6
    assert said(history) == []


def test_skipping_editions_tells_the_same_as_making_each(tmp_path: Path) -> None:
    months: dict[str, Help] = {"2026-01": ONE, "2026-02": MANY, "2026-03": OTHER, "2026-05": MANY, "2026-08": ONE}
    folder = helping(tmp_path, months)
    every, last = History(), History()
    for month in range(1, 9):
        publish(folder, every, f"2026-{month:02}")
    publish(folder, last, "2026-08")
    assert every == last


def test_thresholds_are_those_in_force_at_the_end_of_the_month(tmp_path: Path) -> None:
    def decided(date: str) -> str:
        return f"  - date: {date}\n    title: More open\n    set:\n{FEW}"

    months: dict[str, Help] = {"2026-01": ONE, "2026-02": ONE}
    for date, told in (("2026-01-31", ["2026-01", "2026-02"]), ("2026-02-28", ["2026-02"]), ("2026-03-01", [])):
        history = History()
        publish(helping(tmp_path / date, months, decisions=decided(date)), history, "2026-02")
        assert [row[1] for row in said(history)] == told, date


def test_a_decision_does_not_change_what_was_told(tmp_path: Path) -> None:
    history = History()
    publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01")
    before = said(history)
    stricter = "  - date: 2026-02-01\n    title: Stricter\n    set: {publication_contributors: 50}\n"
    publish(helping(tmp_path, {"2026-01": MANY, "2026-02": MANY}, decisions=stricter), history, "2026-02")
    assert said(history) == before


def test_what_comes_late_joins_the_month_that_is_told_next(tmp_path: Path) -> None:
    history = History()
    publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01")
    late: dict[str, Help] = {"2026-01": [*MANY, ("M-07", "M-17", 3)], "2026-02": MANY}
    publish(helping(tmp_path, late), history, "2026-01")
    assert said(history) == [("2026-01-31", "2026-01", "type", 12, 6)], "there is no new month yet"
    assert publish(helping(tmp_path, late), history, "2026-02") == 0
    assert said(history)[1:] == [("2026-02-28", "2026-02", "type", 15, 7)]


def test_what_comes_late_alone_waits(tmp_path: Path) -> None:
    """One late hour told by itself would be one person's hour."""
    history = History()
    publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01")
    late: dict[str, Help] = {"2026-01": [*MANY, ("M-07", "M-17", 3)]}
    publish(helping(tmp_path, late), history, "2026-02")
    assert len(said(history)) == 1
    publish(helping(tmp_path, late | {"2026-03": MANY}), history, "2026-03")
    assert sum(row[3] for row in said(history)) == 27


def test_what_is_gone_is_taken_from_the_month_that_is_told_next(tmp_path: Path) -> None:
    history = History()
    publish(helping(tmp_path, {"2026-01": [*MANY, ("M-07", "M-17", 3)]}), history, "2026-01")
    publish(helping(tmp_path, {"2026-01": MANY, "2026-02": [*MANY, ("M-08", "M-18", 2)]}), history, "2026-02")
    assert said(history) == [
        ("2026-01-31", "2026-01", "type", 15, 7),
        ("2026-02-28", "2026-02", "type", 11, 6),
    ]


def test_who_it_was_is_corrected_without_a_new_figure_of_its_own(tmp_path: Path) -> None:
    """The same hours of somebody else: the total stays, so nothing is told, and the record knows it."""
    history = History()
    publish(helping(tmp_path, {"2026-01": [*MANY, ("M-07", "M-17", 3)]}), history, "2026-01")
    changed: dict[str, Help] = {"2026-01": [*MANY, ("M-08", "M-18", 3)], "2026-02": MANY}
    publish(helping(tmp_path, changed), history, "2026-02")
    assert [row[3] for row in said(history)] == [15, 12]
    assert sum(content.units for content in history.counted.values()) == 2700
    january = next(content for cell, content in history.counted.items() if cell.month == month_number("2026-01"))
    assert january.debits["M-18"] == 300
    assert "M-17" not in january.debits


def test_a_reversal_counts_in_its_own_month(tmp_path: Path) -> None:
    history = History()
    accounts = "Assets:Members:M-17:Hours", "Assets:Members:M-07:Hours"
    wrong = moved('2026-01-11 * "helped" ^help-M-07\n  id: "it"', *accounts, 3, "HOUR")
    back = '2026-02-11 custom "reversal" "it"\n  by: "carla"\n  reason: "no"\n'
    carla = '2026-01-01 custom "accountant" "carla"\n'
    months: dict[str, Help] = {"2026-01": MANY, "2026-02": [*MANY, ("M-08", "M-18", 2)]}
    publish(helping(tmp_path, months, more=carla + wrong + back), history, "2026-02")
    assert said(history) == [
        ("2026-01-31", "2026-01", "type", 15, 7),
        ("2026-02-28", "2026-02", "type", 11, 8),
    ]


def test_a_history_is_told_through_a_quiet_month_too(tmp_path: Path) -> None:
    history = History()
    publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01")
    publish(helping(tmp_path, {"2026-01": MANY, "2026-02": []}), history, "2026-02")
    assert history.through == month_number("2026-02")


def test_a_month_that_only_corrections_made_safe_does_not_end_all_editions(tmp_path: Path) -> None:
    history = History()
    publish(helping(tmp_path, {"2026-01": MANY}), history, "2026-01")
    late = [(f"M-{number}", f"M-{number - 10:02}", 2) for number in (11, 12, 13, 14)]
    months: dict[str, Help] = {"2026-01": [*MANY, *late], "2026-02": [("M-07", "M-17", 2), ("M-08", "M-18", 2)]}
    publish(helping(tmp_path, months), history, "2026-02")
    assert said(history)[1:] == [("2026-02-28", "2026-02", "type", 12, 6)]
    publish(helping(tmp_path, months | {"2026-03": MANY}), history, "2026-03")
    assert [row[1] for row in said(history)] == ["2026-01", "2026-02", "2026-03"]


def told_and_waiting(folder: Path, history: History) -> dict[str, int]:
    """Units by account: the entries of the edition, and whatever is not told of what happened."""
    held = Counter[str]()
    for (account, _), units in balances(entries_of(history)).items():
        held[account if account in WIDE else "others"] += units
    found = activity(books_of(folder))
    waiting = Counter({cell: content.units for cell, content in found.cells.items()})
    for cell in history.told_cells():
        waiting[cell] -= history.content(cell).units
    for cell, units in waiting.items():
        held[cell.debit if cell.debit in WIDE else "others"] -= units
        held[cell.credit if cell.credit in WIDE else "others"] += units
    public = Counter(found.public)
    for told in history.in_full:
        public[told.transfer] -= told.times
    for transfer, times in public.items():
        units = transfer.units * times
        held[transfer.debit if transfer.debit in WIDE else "others"] -= units
        held[transfer.credit if transfer.credit in WIDE else "others"] += units
    return {account: units for account, units in held.items() if units}


def of_ledger(folder: Path) -> dict[str, int]:
    held = Counter[str]()
    for account, units in books_of(folder).machine.state.balances.items():
        held[account if account in WIDE else "others"] += units
    return {account: units for account, units in held.items() if units}


@pytest.mark.parametrize("seed", range(8))
def test_whatever_changes_in_told_months_nothing_told_is_gone_and_nothing_is_lost(tmp_path: Path, seed: int) -> None:
    """Months go on while hours of told ones are added, taken out, changed, and given to others."""
    chance = random.Random(seed)
    names = [f"M-{number:02}" for number in range(1, 21)]
    months: dict[str, list[tuple[str, str, int]]] = {}
    history, before = History(), Counter[object]()

    def pair() -> tuple[str, str, int]:
        giver, taker = chance.sample(names, 2)
        return giver, taker, chance.randrange(1, 5)

    for number in range(1, 10):
        months[f"2026-{number:02}"] = [pair() for _ in range(chance.choice([0, 2, 5, 9, 14]))]
        for _ in range(chance.randrange(4)):
            of_month = months[chance.choice(sorted(months))]
            if of_month and chance.random() < 0.5:
                of_month.pop(chance.randrange(len(of_month)))
            else:
                of_month.append(pair())
        folder = helping(tmp_path, months)
        publish(folder, history, f"2026-{number:02}")
        now = Counter[object](entries_of(history))
        assert now >= before, "something that was told is told no more"
        before = now
        assert told_and_waiting(folder, history) == of_ledger(folder)
    assert any(len(told.cells) for told in history.told)


@pytest.mark.parametrize("thresholds", ["", EVERYTHING])
@pytest.mark.parametrize(("hours", "rsc"), [(True, True), (True, False), (False, True)])
def test_what_is_told_and_what_waits_are_together_the_ledger(
    tmp_path: Path, thresholds: str, *, hours: bool, rsc: bool
) -> None:
    borough, history = Borough(9, thresholds=thresholds, hours=hours, rsc=rsc), History()
    for months in (1, 2, 3):
        folder = borough.write(tmp_path, months)
        before = copy.deepcopy(history)
        edition, _ = edition_of(folder, history)
        assert told_and_waiting(folder, history) == of_ledger(folder)
        assert history.told[: len(before.told)] == before.told
        assert history.in_full[: len(before.in_full)] == before.in_full
        if thresholds and rsc:
            assert edition.waiting == 0
            assert len(history.told) > len(before.told)
