"""Hours from Kimai, Clockify, Toggl Track and plain timesheets, in the exact shape in which these tools write them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data

from conductor_bean.importers.common.sources import importer_class
from conductor_bean.ledger.books import load_books
from tests.importers.golden import documents, hold_golden
from tests.importers.town import (
    CREDITS_ALONE,
    MAPPING,
    WORKING_FOR_CREDITS,
    imported,
    journal,
    refused,
    town,
    write,
)
from tests.support import conductor

SOURCES = ("timesheet", "kimai", "clockify", "toggl")
HEAD = "date,start,end,member,company,hours,description,id\n"


@pytest.mark.parametrize("source", SOURCES)
def test_what_each_tool_writes_becomes_what_its_golden_file_says(tmp_path: Path, source: str) -> None:
    importer = importer_class(source)(town(tmp_path))
    for document in documents(source):
        hold_golden(importer, document)


@pytest.mark.parametrize("source", SOURCES)
def test_a_file_is_known_for_one_source_alone(tmp_path: Path, source: str) -> None:
    folder = town(tmp_path)
    importers = [importer_class(each)(folder) for each in SOURCES]
    for document in documents(source):
        assert [importer.source for importer in importers if importer.identify(str(document))] == [source]


@pytest.mark.parametrize("source", SOURCES)
def test_the_ledger_holds_with_what_was_imported_and_adds_the_taxes(tmp_path: Path, source: str) -> None:
    folder = town(tmp_path)
    imported(folder, source, *documents(source))
    books = load_books(folder)
    assert books.errors == []
    hours = [entry for entry in books.entries if isinstance(entry, data.Transaction) and "#" not in entry.narration]
    certified = [entry for entry in hours if str(entry.meta.get("id", "")).startswith(f"{source}:")]
    assert certified
    assert all(entry.meta["fic"] for entry in certified)


def test_rows_that_a_mapping_leaves_out_and_rows_of_no_work_are_counted_and_said(tmp_path: Path) -> None:
    folder = town(tmp_path)
    said = imported(folder, "clockify", *documents("clockify"))
    assert "1 row(s) left out: of the type Break" in said
    said = imported(folder, "toggl", *documents("toggl"))
    assert "1 row(s) left out: still running, without an end" in said
    said = imported(town(tmp_path / "kimai"), "kimai", *documents("kimai"))
    assert '1 row(s) left out: members: "kevin" is null in mapping.yaml' in said
    source = write(folder, "zero.csv", f"{HEAD}2026-03-05,08:00,08:00,Ada,,0:00:00,,\n2026-03-06,,,Ada,,0:00:10,,\n")
    said = imported(folder, "timesheet", source)
    assert "1 row(s) left out: no time worked (0 hours)" in said
    assert "1 row(s) left out: less than half of 0.01 hours" in said


def sheet(folder: Path, *rows: str) -> Path:
    return write(folder, "hours.csv", HEAD + "".join(f"{row}\n" for row in rows))


def test_shifts_of_one_person_that_overlap_are_refused_with_both_rows(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(
        folder,
        "2026-03-02,08:00,12:00,Ada,Bakery,,,",
        "2026-03-02,13:00,17:00,Ada,Bakery,,,",
        "2026-03-02,11:30,12:30,Ada Lovelace,Mill,,,",
        "2026-03-02,11:30,12:30,Bob,Bakery,,,",
    )
    said = refused(folder, "timesheet", source)
    assert f'{source}:4: "Ada" began a shift at 2026-03-02 11:30 that overlaps the one in row 2' in said
    assert ":3:" not in said
    assert ":5:" not in said


def test_overlaps_are_seen_across_files_and_midnight(tmp_path: Path) -> None:
    folder = town(tmp_path)
    first = sheet(folder, "2026-03-02,22:00,06:00,Cyd,Mill,,,")
    second = write(folder, "second.csv", f"{HEAD}2026-03-03,05:00,07:00,Cyd,Mill,,,\n")
    assert f"{second}:2: " in refused(folder, "timesheet", first, second)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-03-02,,,Ada,,-8,,", 'hours: "-8" is less than nothing; hours worked are positive'),
        ("2026-03-02,,,Ada,,-1:30,,", "is less than nothing"),
        ("2026-03-02,08:00,,Ada,,25,,", "would have worked 25:00:00 on 2026-03-02 (rows 2); a day has 24 hours"),
        ("2026-03-02,08:00,10:00,Ada,,4,,", "4 hours are more than from 08:00 to 10:00"),
        ("2026-03-02,08:00,,Ada,,,,", "it says neither how long the work was, nor when it began and ended"),
        ("03/04/2026,,,Ada,,8,,", 'date: "03/04/2026" could be 2026-04-03 or 2026-03-04'),
        ("1890-01-01,,,Ada,,8,,", "lies outside 1900-01-01 to 2199-12-31"),
        ("2026-03-02,,,,,8,,", "nobody is named who worked"),
        ("2026-03-02,,,Ada,,=4+4,,", 'hours: "=4+4" is a formula'),
        ("2026-03-29,02:30,,Ada,,1,,", "2026-03-29 02:30 was never shown"),
        ('2026-03-02,,,Ada,,"1,250",,', 'hours: "1,250" could be 1250 or 1.250'),
    ],
)
def test_what_cannot_be_worked_is_refused_at_its_row(tmp_path: Path, row: str, said: str) -> None:
    folder = town(tmp_path)
    source = sheet(folder, row)
    assert f"{source}:2: {said}" in refused(folder, "timesheet", source) or said in refused(folder, "timesheet", source)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    folder = town(tmp_path)
    said = refused(
        folder, "timesheet", sheet(folder, "2026-13-02,,,Ada,,8,,", "2026-03-02,,,Ada,,8,,", "2026-03-02,,,Bob,,-8,,")
    )
    assert [line.split(":")[1] for line in said.splitlines() if line.startswith(str(folder))] == ["2", "4"]


def test_a_day_has_24_hours_also_over_several_rows(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, "2026-03-02,,,Ada,Bakery,13,,a", "2026-03-02,,,Ada,Mill,12,,b")
    assert "would have worked 25:00:00 on 2026-03-02 (rows 2, 3)" in refused(folder, "timesheet", source)


def test_a_shift_counts_whole_where_it_began(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, "2026-03-31,22:00,06:00,Cyd,,,,"))
    assert '2026-03-31 * "The Old Mill" "Cyd, 8 hours"\n  time: "20:00:00"' in journal(folder).read_text()


def test_hours_of_the_night_when_the_clock_is_set_are_those_that_were_worked(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(
        folder,
        "2026-03-28,22:00,06:00,Cyd,,7,spring,",
        "2026-10-24,22:00,06:00,Cyd,,9,autumn,",
        "2026-10-25,02:30,03:30,Ada,,2,the first half past two,",
        "2026-10-25,02:30,03:30,Bob,,1,the second,",
    )
    imported(folder, "timesheet", source)
    text = journal(folder).read_text()
    assert 'the first half past two"\n  time: "00:30:00"' in text
    assert 'the second"\n  time: "01:30:00"' in text
    assert load_books(folder).errors == []


def test_rounding_is_half_even_and_every_rounded_entry_says_what_was_worked(tmp_path: Path) -> None:
    folder = town(tmp_path)
    # 18 s are 0.005 h, 54 s are 0.015 h: half way, to the even hundredth.
    rows = ("2026-03-02,08:00,,Ada,,1:00:18,,", "2026-03-03,08:00,,Ada,,1:00:54,,", "2026-03-04,08:00,,Ada,,1:30:00,,")
    said = imported(folder, "timesheet", sheet(folder, *rows))
    assert "2 entries were rounded to 0.01 hours; each says what was worked" in said
    text = journal(folder).read_text()
    assert 'worked: "1:00:18"\n  Assets:Companies:Bakery:A                           -1.00 HOUR' in text
    assert 'worked: "1:00:54"\n  Assets:Companies:Bakery:A                           -1.02 HOUR' in text
    assert text.count("worked:") == 2


def test_rows_without_a_start_become_one_entry_a_member_company_and_day(tmp_path: Path) -> None:
    folder = town(tmp_path)
    rows = ["2026-03-02,,,Bob,Bakery,0:00:18,,", "2026-03-02,,,Bob,Bakery,0:00:18,,", "2026-03-02,,,Bob,Bakery,2,,"]
    imported(folder, "timesheet", sheet(folder, *rows))
    text = journal(folder).read_text()
    # Summed first and rounded once: 2 h 36 s are 2.01 hours.
    assert text.count("Assets:Members:Bob:Hours") == 1
    assert "2.01 HOUR" in text
    assert 'id: "timesheet:2026-03-02:Bob:Bakery"' in text


def test_hours_by_the_day_need_no_time_zone(tmp_path: Path) -> None:
    folder = town(tmp_path, mapping=MAPPING.replace("Europe/Berlin", "null") + "sources: {toggl: {by_day: true}}\n")
    imported(folder, "toggl", *documents("toggl"))
    text = journal(folder).read_text()
    assert 'id: "toggl:2026-03-11:Ada:Bakery"\n  worked: "2:15:55"' in text
    assert "time:" not in text
    said = refused(folder, "kimai", *documents("kimai"))
    assert (
        "06:00 does not say where: write timezone: (such as Europe/Berlin) in mapping.yaml, or give --timezone" in said
    )


def test_two_entries_of_one_instant_are_refused_with_a_way_out(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, "2026-03-02,,,Ada,,1,,a", "2026-03-02,,,Ada,,2,,b")
    said = refused(folder, "timesheet", source)
    assert f'{source}:3: "Ada" worked at Bakery at the same instant in row 2' in said
    assert "by_day: true" in said


def test_where_somebody_works_for_several_companies_the_file_or_the_mapping_says_which(tmp_path: Path) -> None:
    folder = town(tmp_path)
    with (folder / "parties.beancount").open("a") as file:
        file.write('2026-01-01 custom "employment" "Mill" "Ada"\n')
    export = documents("kimai")[0]
    said = refused(folder, "kimai", export)
    assert '"Ada" works at Bakery and Mill, and no column says where these hours were worked' in said
    (folder / "mapping.yaml").write_text(MAPPING + "sources: {kimai: {company_column: Customer}}\n")
    imported(folder, "kimai", export)
    assert "Assets:Companies:Mill:A" in journal(folder).read_text()


def test_another_company_can_be_named_for_a_whole_file(tmp_path: Path) -> None:
    folder = town(tmp_path)
    result = conductor("import", "toggl", *documents("toggl"), "--ledger", folder, "--company", "The Old Mill")
    assert "Assets:Companies:Mill:A" in result.stdout
    assert "Assets:Companies:Bakery:A" not in result.stdout


def test_where_credits_stand_alone_the_wage_is_recorded_as_the_engine_pays_it(tmp_path: Path) -> None:
    folder = town(tmp_path, region=CREDITS_ALONE, parties=WORKING_FOR_CREDITS, mapping="timezone: UTC\n")
    rows = ("2026-03-31,08:00,,Ada,,7.5,before the decision,", "2026-04-01,08:00,,Ada,,0:20,after it,")
    imported(folder, "timesheet", sheet(folder, *rows))
    text = journal(folder).read_text()
    # 7.5 x (18 + 0.5 x 6) = 157.50; a third of an hour x 23 = 7.67, its hours to six digits.
    assert "Assets:Members:Ada:Wallet                          157.50 RSC\n    hours: 7.5\n" in text
    assert "Assets:Members:Ada:Wallet                            7.67 RSC\n    hours: 0.333333\n" in text
    books = load_books(folder)
    assert books.errors == []
    taxes = [t.units for o in books.outcomes for t in o.transfers if t.type == "income_tax"]
    assert [Decimal(units) / 100 for units in taxes] == [Decimal("15.75"), Decimal("0.77")]


def test_a_wage_of_nobody_employed_is_refused_at_its_row(tmp_path: Path) -> None:
    folder = town(tmp_path, region=CREDITS_ALONE, parties=WORKING_FOR_CREDITS, mapping="timezone: UTC\n")
    source = sheet(folder, "2025-12-31,08:00,,Ada,Bakery,7.5,,")
    assert f'{source}:2: "Ada" does not work at "Bakery" on 2025-12-31' in refused(folder, "timesheet", source)
