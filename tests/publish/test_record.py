"""publication.json keeps what was told, to the letter, and a record that cannot be relied on is refused."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.domain.amounts import Commodity
from conductor_bean.domain.region import Region
from conductor_bean.ledger.books import load_books
from conductor_bean.publish.history import History
from conductor_bean.publish.key import RECORD, RecordRefusedError, read_key
from conductor_bean.publish.record import read_history
from tests.publish.borough import EVERYTHING, KEY, Borough, edition_of

Record = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A borough whose record has everything in it: totals, what waits, a correction, mornings, public transfers."""
    folder = tmp_path_factory.mktemp("borough")
    edition, _ = edition_of(Borough(14).write(folder, 3))
    (folder / RECORD).write_text(edition.record, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def region(written: Path) -> Region:
    return load_books(written).region


def test_a_ledger_that_never_published_has_an_empty_history(tmp_path: Path, region: Region) -> None:
    assert read_history(tmp_path, region) == History()


def test_what_was_told_is_read_back_to_the_letter(written: Path, region: Region) -> None:
    edition, history = edition_of(written)
    assert history.told
    assert history.in_full
    assert history.mornings
    assert history.balances
    assert read_history(written, region) == history
    assert read_key(written) == KEY
    assert edition.record == (written / RECORD).read_text("utf-8")


def test_an_edition_made_of_the_record_alone_writes_the_same_record(written: Path, region: Region) -> None:
    again, _ = edition_of(written, read_history(written, region))
    assert again.record == (written / RECORD).read_text("utf-8")


def test_the_record_has_one_fact_a_line_so_that_git_can_merge_it(written: Path) -> None:
    text = (written / RECORD).read_text("utf-8")
    record = json.loads(text)
    rows = sum(len(record[name]) for name in ("mornings", "in_full", "told", "balances", "costs", "stood", "counted"))
    assert rows <= len(text.splitlines()) <= rows + 30


def test_the_record_says_that_it_is_private(written: Path) -> None:
    assert "private" in json.loads((written / RECORD).read_text("utf-8"))["about"]


def _set(*path: Any, to: Any) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        place = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


def _drop(key: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        del record[key]

    return change


NOTHINGS: tuple[Any, ...] = (None, {}, [], 1.5, "no such thing")
HEAD = ("format", "region", "commodities", "month", "until", "withheld", "dividends")
PARTS = (*HEAD, "mornings", "in_full", "told", "stood", "counted")


@pytest.mark.parametrize(
    "change",
    [
        *(_drop(part) for part in PARTS),
        *(_set(part, to=value) for part in PARTS for value in (17, "seventeen", [None], {"x": 1}, True)),
        *(_set("told", 0, column, to=value) for column in range(11) for value in NOTHINGS),
        *(_set("counted", 0, column, to=value) for column in range(6) for value in (*NOTHINGS[:1], *NOTHINGS[2:])),
        *(_set("counted", 0, 0, column, to=value) for column in (0, 1, 3, 4, 5) for value in NOTHINGS),
        *(_set("in_full", 0, column, to=value) for column in range(8) for value in NOTHINGS[:4]),
        *(_set("mornings", 0, column, to=value) for column in range(6) for value in (None, 1, "nan", "1e5", "")),
    ],
)
def test_whatever_is_damaged_in_a_record_is_refused(
    tmp_path: Path, written: Path, region: Region, change: Callable[[Record], None]
) -> None:
    record = json.loads((written / RECORD).read_text("utf-8"))
    change(record)
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(RecordRefusedError, match="publication") as refused:
        read_history(tmp_path, region)
    assert len(str(refused.value)) < 500
    assert "Traceback" not in str(refused.value)


def test_a_record_that_lost_a_line_is_refused(tmp_path: Path, written: Path, region: Region) -> None:
    """What a total counted would be told once more."""
    record = json.loads((written / RECORD).read_text("utf-8"))
    told = record["told"][0][-1][0]
    record["counted"] = [row for row in record["counted"] if row[0] != told]
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(RecordRefusedError, match="parts that are not counted"):
        read_history(tmp_path, region)


@pytest.mark.parametrize(
    "change",
    [
        _set("counted", 0, 1, to=True),
        _set("told", 0, 8, to=False),
        _set("dividends", to={"2026-01": 1.5}),
        _set("dividends", to={"January": 1}),
        _set("stood", to=[["2026-01"]]),
    ],
)
def test_what_only_looks_like_a_number_or_a_month_is_refused(
    tmp_path: Path, written: Path, region: Region, change: Callable[[Record], None]
) -> None:
    record = json.loads((written / RECORD).read_text("utf-8"))
    change(record)
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(RecordRefusedError, match="damaged"):
        read_history(tmp_path, region)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "17", '{"format": 1', "\0", '{"format": 1.0}', "[" * 100_000])
def test_what_is_no_record_is_refused(tmp_path: Path, region: Region, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(RecordRefusedError, match=r"damaged.*restore it from the ledger's history"):
        read_history(tmp_path, region)


def test_a_record_with_the_marks_of_a_failed_merge_is_refused(tmp_path: Path, written: Path, region: Region) -> None:
    lines = (written / RECORD).read_text("utf-8").splitlines()
    lines[20:20] = ["<<<<<<< HEAD", "=======", ">>>>>>> other"]
    (tmp_path / RECORD).write_text("\n".join(lines))
    with pytest.raises(RecordRefusedError, match="no JSON"):
        read_history(tmp_path, region)


def test_half_a_record_is_refused(tmp_path: Path, written: Path, region: Region) -> None:
    """However far a copy came before it broke off."""
    text = (written / RECORD).read_text("utf-8")
    chance = random.Random(4)
    for _ in range(30):
        (tmp_path / RECORD).write_text(text[: chance.randrange(len(text) - 3)])
        with pytest.raises(RecordRefusedError):
            read_history(tmp_path, region)


def test_a_record_of_a_later_format_asks_for_a_later_conductor(tmp_path: Path, written: Path, region: Region) -> None:
    record = json.loads((written / RECORD).read_text("utf-8")) | {"format": 3}
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(RecordRefusedError, match=r"format is 3.*update"):
        read_history(tmp_path, region)


def test_a_record_of_another_region_is_refused(tmp_path: Path, written: Path, region: Region) -> None:
    record = json.loads((written / RECORD).read_text("utf-8")) | {"region": "Elsewhere"}
    (tmp_path / RECORD).write_text(json.dumps(record))
    with pytest.raises(RecordRefusedError, match="'Elsewhere', not of 'Borough'"):
        read_history(tmp_path, region)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (Commodity("HOUR", 3), "HOUR of 2 digits, region.yaml in HOUR of 3 digits"),
        (Commodity("STUNDE", 2), "HOUR of 2 digits, region.yaml in STUNDE of 2 digits"),
        (None, "HOUR of 2 digits, region.yaml in nothing"),
    ],
)
def test_a_commodity_that_changed_since_would_restate_everything_and_is_refused(
    written: Path, region: Region, hours: Commodity | None, said: str
) -> None:
    changed = Region(**{name: getattr(region, name) for name in Region.__slots__} | {"labour_time": hours})
    with pytest.raises(RecordRefusedError, match="fixed for a ledger's life") as refused:
        read_history(written, changed)
    assert said in str(refused.value)


def test_an_economy_that_came_later_is_no_fault(tmp_path: Path) -> None:
    ledger = Borough(6, rsc=False, thresholds=EVERYTHING).write(tmp_path, 1)
    edition, history = edition_of(ledger)
    (tmp_path / RECORD).write_text(edition.record)
    both = load_books(Borough(6, thresholds=EVERYTHING).write(tmp_path / "both", 1)).region
    for content in history.counted.values():
        content.pairs.clear()
    assert read_history(tmp_path, both) == history
