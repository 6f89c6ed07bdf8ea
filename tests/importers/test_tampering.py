"""A database in which one transfer was changed is found out, at the transfer's own line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.importers.support import block_at, changed, database, errors_of, imported, rows_of

SERVICE = "_of_basic_service"


def transfers(name: str) -> list[tuple[str, str, float, str, str]]:
    """Every transfer: id, type, value, instant, and the type of the event's own transfer."""
    query = "SELECT date, type FROM transfer WHERE type LIKE '%consumption%' OR type LIKE 'work%'"
    own = dict(rows_of(database(name), query))
    rows = rows_of(database(name), "SELECT id, type, value, date FROM transfer ORDER BY rowid")
    return [(*row, own.get(row[3], row[1])) for row in rows]


def taxes_at(name: str, instant: str) -> float:
    """The taxes of an instant."""
    query = f"SELECT value FROM transfer WHERE type = 'taxes' AND date = '{instant}'"
    return float(rows_of(database(name), query)[0][0])


@pytest.mark.parametrize(
    ("name", "uuid", "kind", "value", "instant", "event"),
    [(name, *row) for name in ("small1", "small4") for row in transfers(name)],
    ids=[f"{name}-{kind}-{n}" for name in ("small1", "small4") for n, (_, kind, *_) in enumerate(transfers(name))],
)
def test_every_changed_transfer_is_found_at_its_line(
    name: str, uuid: str, kind: str, value: float, instant: str, event: str, tmp_path: Path
) -> None:
    if kind == "work_certificates" and taxes_at(name, instant) == 0:
        pytest.skip("hours of which no taxes are paid follow from nothing else that the app records")
    statement = ("UPDATE transfer SET value = value + 0.01 WHERE id = ?", [uuid])
    source = changed(tmp_path / "app.sqlite", statement, name=name)
    folder = imported(source, tmp_path / "region")
    errors = errors_of(folder)
    assert errors
    block = block_at(folder, errors[0]["file"], errors[0]["line"])
    assert instant[:10] in block
    assert f'time: "{instant[11:19]}"' in block
    assert f'transfer: "{kind.replace("collab", "coop")}"' in block
    # Later taxes follow from the hours of a service; that they were rejected with it is not their fault.
    assert len(errors) == 1


def test_hours_of_a_basic_service_changed_are_found_first(tmp_path: Path) -> None:
    connection = sqlite3.connect(database("small1"))
    (uuid,) = connection.execute(f"SELECT id FROM transfer WHERE type LIKE '%{SERVICE}' ORDER BY rowid").fetchone()
    connection.close()
    source = changed(tmp_path / "app.sqlite", ("UPDATE transfer SET value = value + 0.01 WHERE id = ?", [uuid]))
    folder = imported(source, tmp_path / "region")
    first = errors_of(folder)[0]
    assert first["code"] == "wrong-derived-amount"
    assert uuid in block_at(folder, first["file"], first["line"])


@pytest.mark.parametrize("name", ["small3", "medium11"])
def test_a_changed_price_does_not_confuse_the_memberships(name: str, tmp_path: Path) -> None:
    query = (
        "SELECT transfer_of_private_consumption FROM private_consumption WHERE transfer_of_compensation IS NOT NULL "
        "UNION ALL SELECT transfer_of_compensation FROM productive_consumption "
        "WHERE transfer_of_compensation IS NOT NULL ORDER BY 1"
    )
    for number, (uuid,) in enumerate(rows_of(database(name), query)[::5]):
        statement = ("UPDATE transfer SET value = value + 0.01 WHERE id = ?", [uuid])
        source = changed(tmp_path / f"{number}.sqlite", statement, name=name)
        errors = errors_of(imported(source, tmp_path / str(number)))
        assert len(errors) == 1, (uuid, errors)
        assert errors[0]["code"] in {"wrong-amount", "wrong-derived-amount"}


@pytest.mark.parametrize("kind", ["taxes", "service"])
def test_many_later_taxes_do_not_hide_the_one_service_that_was_changed(kind: str, tmp_path: Path) -> None:
    services = [row for row in transfers("medium11") if row[4].endswith(SERVICE)]
    chosen = [row for row in services if (row[1] == "taxes") == (kind == "taxes")][::8]
    for number, (uuid, _, _, instant, _) in enumerate(chosen):
        if taxes_at("medium11", instant) == 0:
            continue
        statement = ("UPDATE transfer SET value = value + 0.01 WHERE id = ?", [uuid])
        source = changed(tmp_path / f"{number}.sqlite", statement, name="medium11")
        folder = imported(source, tmp_path / str(number))
        (error,) = errors_of(folder)
        assert f'time: "{instant[11:19]}"' in block_at(folder, error["file"], error["line"])
