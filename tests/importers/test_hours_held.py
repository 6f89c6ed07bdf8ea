"""Shifts that are held against the ledger's hours, whatever their ids: what was edited is not booked twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.town import MAPPING, imported, journal, refused, town, write

HEAD = "date,start,end,member,company,hours,description,id\n"
TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
MORNING = "2026-03-02,08:00,16:00,Ada,Bakery,,,"


def sheet(folder: Path, *rows: str, name: str = "hours.csv") -> Path:
    return write(folder, name, HEAD + "".join(f"{row}\n" for row in rows))


def toggl(folder: Path, name: str, start: str, end: str, hours: str) -> Path:
    return write(folder, name, f"{TOGGL}Ada Lovelace,e@x,,P,,x,No,2026-03-02,{start},2026-03-02,{end},{hours},\n")


def test_a_shift_whose_start_was_edited_is_refused_with_both_places_in_local_time(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "toggl", toggl(folder, "first.csv", "08:00:00", "16:00:00", "08:00:00"))
    second = toggl(folder, "second.csv", "07:59:00", "16:00:00", "08:01:00")
    said = refused(folder, "toggl", second)
    assert (
        f'{second}:2: "Ada" began a shift at 2026-03-02 07:59 that overlaps the one in 2026-03.beancount:3, from '
        "2026-03-02 08:00 to 2026-03-02 16:00 (local time)"
    ) in said


@pytest.mark.parametrize(
    "row",
    [
        "2026-03-02,15:30,17:00,Ada,Bakery,,,",
        "2026-03-02,15:30,17:00,Ada,Mill,,,another",
        "2026-03-01,23:00,08:01,Ada,Bakery,,,",
        "2026-03-02,10:00+02:00,11:00+02:00,Ada,Bakery,,,",
    ],
)
def test_a_shift_that_overlaps_one_of_the_ledger_is_refused(tmp_path: Path, row: str) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, MORNING))
    assert "overlaps the one in 2026-03.beancount:3" in refused(folder, "timesheet", sheet(folder, row))


def test_a_shift_that_overlaps_hours_written_by_hand_is_refused(tmp_path: Path) -> None:
    folder = town(tmp_path)
    with journal(folder).open("a") as file:
        file.write(
            '\n2026-03-02 * "Early shift"\n  time: "07:00:00"\n'
            "  Assets:Companies:Bakery:A  -8.00 HOUR\n  Assets:Members:Ada:Hours  8.00 HOUR\n"
        )
    assert "overlaps the one in 2026-03.beancount:3" in refused(folder, "timesheet", sheet(folder, MORNING))


@pytest.mark.parametrize(
    "row",
    ["2026-03-02,16:00,17:00,Ada,Bakery,,,", "2026-03-02,07:00,08:00,Ada,Bakery,,,", "2026-03-02,08:00,16:00,Bob,,,,"],
)
def test_a_shift_beside_those_of_the_ledger_is_imported(tmp_path: Path, row: str) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, MORNING))
    assert ": 1 entry from timesheet" in imported(folder, "timesheet", sheet(folder, MORNING, row))


def test_shifts_of_odd_lengths_follow_each_other_though_their_hours_are_rounded(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, "2026-03-02,08:00:00,08:10:20,Ada,Bakery,,,"))
    imported(folder, "timesheet", sheet(folder, "2026-03-02,08:10:20,08:30:00,Ada,Bakery,,,"))


def test_another_time_zone_books_no_shift_again(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, MORNING)
    imported(folder, "timesheet", source)
    assert "with another content" in refused(folder, "timesheet", source, "--timezone", "Europe/Lisbon")


@pytest.mark.parametrize("id_of_the_row", ["", "k-1"])
def test_by_day_switched_on_or_off_books_no_hours_again(tmp_path: Path, id_of_the_row: str) -> None:
    by_day = MAPPING + "sources: {timesheet: {by_day: true}}\n"
    for number, (before, after) in enumerate(((MAPPING, by_day), (by_day, MAPPING))):
        folder = town(tmp_path / str(number), mapping=before)
        source = sheet(folder, MORNING + id_of_the_row)
        imported(folder, "timesheet", source)
        (folder / "mapping.yaml").write_text(after)
        said = refused(folder, "timesheet", source)
        assert f'{source}:2: "Ada" worked at Bakery on 2026-03-02, of which 2026-03.beancount:3 holds' in said


def test_what_was_reversed_stands_in_no_ones_way(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, MORNING))
    with journal(folder).open("a") as file:
        file.write('\n2026-03-05 custom "reversal" "timesheet:2026-03-02T08:00:00:Ada"\n  by: "carla"\n')
    edited = sheet(folder, MORNING.replace("08:00", "07:59"), name="edited.csv")
    imported(folder, "timesheet", edited)
    assert "1 known already" in imported(folder, "timesheet", edited)


def test_two_rows_of_one_file_with_one_id_are_refused(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, f"{MORNING}7", "2026-03-03,08:00,16:00,Ada,Bakery,,,7", "2026-03-04,,,Bob,,8,,8")
    assert f"{source}:3: timesheet:7 stands in row 2 of this file too" in refused(folder, "timesheet", source)


@pytest.mark.parametrize("own", ["0", "NONE", "n/a"])
def test_an_id_that_all_rows_share_is_none(tmp_path: Path, own: str) -> None:
    folder = town(tmp_path)
    rows = [f"{MORNING}{own}", f"2026-03-03,08:00,16:00,Ada,Bakery,,,{own}", f"2026-03-04,,,Bob,,8,,{own}"]
    assert ": 2 entries from timesheet" in imported(folder, "timesheet", sheet(folder, *rows[:2]))
    assert ": 1 entry from timesheet; 2 known already" in imported(folder, "timesheet", sheet(folder, *rows))
    assert "1 known already" in imported(folder, "timesheet", sheet(folder, rows[0], name="one.csv"))
