"""Events of one second keep the app's order: of the numbers of their transfers, told by microseconds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.importers.conftest import Server
from tests.importers.support import (
    changed,
    conductor,
    database,
    errors_of,
    facts_of,
    files_of,
    imported,
    report_of,
    text_of,
)

SERVICE = "edges/same_instant_bs"
HOURS = "edges/overdraw_thirds"
DATES = {
    "member": "registered_on",
    "company": "registered_on",
    "plan": "plan_creation_date",
    "basic_service": "created_on",
    "plan_approval": "date",
    "transfer": "date",
}
AT_ONCE = [f"UPDATE {table} SET {column} = '2024-01-01 18:00:00.000000'" for table, column in DATES.items()]


def test_hours_after_a_service_in_one_second_are_taxed_after_it(tmp_path: Path) -> None:
    folder = imported(database(SERVICE), tmp_path / "region")
    assert errors_of(folder) == []
    rows = report_of(folder, "transfers", "--type", "taxes")
    assert [(row["instant"], row["amount"]) for row in rows] == [
        ("2024-01-01T18:00:00", "14.0000000000"),
        ("2024-01-01T18:00:00.000001", "1.8666666667"),
    ]


def test_in_the_other_order_the_same_records_are_wrong(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "UPDATE transfer SET rowid = -rowid", name=SERVICE)
    assert {error["code"] for error in errors_of(imported(source, tmp_path / "region"))} == {"wrong-derived-amount"}


def test_two_registrations_of_one_worker_in_one_second_are_two_events(tmp_path: Path) -> None:
    hours = "UPDATE transfer SET date = '2024-01-01 17:00:01.000000' WHERE date LIKE '% 17:00:%'"
    folder = imported(changed(tmp_path / "app.sqlite", hours, name=HOURS), tmp_path / "region")
    assert errors_of(folder) == []
    assert re.findall(r'17:00:01[.0-9]*"\n  id: "(.{4})', text_of(folder)) == ["893e", "c36b", "1aa3"]
    assert [f'time: "17:00:01{end}"' in text_of(folder) for end in ("", ".000001", ".000002")] == [True] * 3


@pytest.mark.parametrize("name", [SERVICE, HOURS])
def test_an_app_that_lived_one_second_holds(name: str, tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite", *AT_ONCE, name=name), tmp_path / "region")
    assert errors_of(folder) == []


def test_an_event_one_microsecond_later_comes_after_those_that_are_spread(tmp_path: Path) -> None:
    late = "UPDATE transfer SET date = '2024-01-01 17:00:01.000001' WHERE rowid IN (11, 12)"
    hours = "UPDATE transfer SET date = '2024-01-01 17:00:01.000000' WHERE date LIKE '% 17:00:%'"
    folder = imported(changed(tmp_path / "app.sqlite", hours, late, name=HOURS), tmp_path / "region")
    assert re.findall(r'17:00:01[.0-9]*"\n  id: "(.{4})', text_of(folder)) == ["893e", "c36b", "1aa3"]


def test_a_service_that_ended_in_the_second_of_its_consumption_ended_after_it(tmp_path: Path) -> None:
    ended = "UPDATE basic_service SET deactivated_on = '2024-01-01 18:00:00.000000'"
    folder = imported(changed(tmp_path / "app.sqlite", ended, name=SERVICE), tmp_path / "region")
    assert errors_of(folder) == []
    assert facts_of(folder, "basic-service-end") == [("2024-01-01T18:00:00.000001", "x")]


def test_tenures_of_one_second_follow_each_other_in_the_apps_order(tmp_path: Path) -> None:
    others = "FROM company WHERE id NOT IN (SELECT company FROM coordination_tenure WHERE rowid = 1) ORDER BY id DESC"
    tenures = (
        "INSERT INTO coordination_tenure SELECT lower(hex(randomblob(16))), id, (SELECT cooperation FROM "
        f"coordination_tenure WHERE rowid = 1), (SELECT start_date FROM coordination_tenure WHERE rowid = 1) {others}"
    )
    source = changed(tmp_path / "app.sqlite", tenures)
    folder = imported(source, tmp_path / "region")
    assert errors_of(folder) == []
    assert len(facts_of(folder, "coordination-acceptance")) == 2


def test_postgresql_tells_the_order_too(postgresql: Server, tmp_path: Path) -> None:
    from_server = imported(postgresql.holding(SERVICE, backwards=False), tmp_path / "postgresql")
    assert files_of(from_server) == files_of(imported(database(SERVICE), tmp_path / "sqlite"))
    assert conductor("check", from_server).exit_code == 0
