"""The check that goes on from the last seal gives the verdict of the check that reads all."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.ledger import checkpoint, judging, quick
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.checkpoint_store import CheckpointStore, cache_folder
from conductor_bean.ledger.quick import quick_books
from tests.seals.town import change, town
from tests.support import conductor

OPEN = "2026-04"


def told(books: Books) -> list[Any]:
    """All that a check tells."""
    return [books.problems, books.complete, books.machine.state.balances if books.complete else None]


def sealed_town(tmp_path: Path) -> Path:
    """A town whose sealed months this machine has checked."""
    folder = town(tmp_path)
    quick_books(folder)
    return folder


def is_resumed(books: Books) -> bool:
    assert books.checked is not None
    return books.checked.checkpoint is not None


def open_journal(folder: Path) -> Path:
    return folder / "journal" / f"{OPEN}.beancount"


def test_what_is_sealed_is_not_read_again(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    books = quick_books(folder)
    assert is_resumed(books)
    assert all(outcome.event.instant // 86_400_000_000 >= 739_707 for outcome in books.outcomes)  # 2026-04-01
    full = load_books(folder)
    assert told(books) == told(full)
    assert books.machine.state.events == full.machine.state.events
    assert books.machine.state.transfers == full.machine.state.transfers
    assert books.machine.state.sealed == full.machine.state.sealed
    assert books.last_instant == full.last_instant


@pytest.mark.parametrize("waypoints", [False, True])
def test_a_check_gives_the_same_verdict_both_ways_after_any_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, waypoints: bool
) -> None:
    monkeypatch.setattr(judging, "_MUCH", 20)
    seed = 20_260_401
    chance = random.Random(seed)
    folder = sealed_town(tmp_path)
    files = sorted([*folder.glob("*.beancount"), *folder.glob("journal/*"), folder / "region.yaml"])
    starts: Counter[str] = Counter()
    for number in range(30):
        path = chance.choice([*files, *[open_journal(folder)] * len(files)])
        before = path.read_bytes()
        quick_books(folder, waypoints=waypoints)
        path.write_text(_edited(path.read_text("utf-8"), chance), "utf-8")
        once, whole = quick_books(folder, waypoints=waypoints), load_books(folder)
        assert told(once) == told(whole), f"seed {seed}, edit {number} of {path.name}"
        assert once.checked is not None
        starts["all" if once.checked.checkpoint is None else once.checked.checkpoint.month] += 1
        path.write_bytes(before)
    # Otherwise this compares a full check with itself.
    assert starts["2026-03"] > 3
    assert sum(starts[name] for name in judging.WAYPOINTS) > 5 or not waypoints, starts


def _edited(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    kind = chance.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, chance.choice(lines))
    elif kind == 2:
        lines[at] = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), lines[at], count=1)
    elif kind == 3:
        lines.insert(at, "; nothing\n")
    elif kind == 4:
        lines.append("\n" + "".join(_entry(lines, at)))
    else:
        entry = _entry(lines, at)
        lines = [*lines[: lines.index(entry[0])], *reversed(lines[lines.index(entry[0]) :])] if entry else lines
    return "".join(lines)


def _entry(lines: list[str], at: int) -> list[str]:
    while at and not lines[at][:1].isdigit():
        at -= 1
    end = at + 1
    while end < len(lines) and lines[end][:1] in (" ", ";"):
        end += 1
    return lines[at:end]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("journal/2026-02.beancount", '" "', '" "!'),
        ("journal/2026-02.beancount", ";; ", ";; changed "),
        ("parties.beancount", 'custom "member"', 'custom  "member"'),
        ("region.yaml", "income_tax: 0", "income_tax: 0.0"),
        ("main.beancount", 'include "journal/2026-02.beancount"', ""),
        ("main.beancount", 'option "title"', 'option "render_commas" "TRUE"\noption "title"'),
    ],
)
def test_whatever_changes_before_the_seal_is_noticed(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = sealed_town(tmp_path)
    change(folder / file, old, new)
    assert told(quick_books(folder)) == told(load_books(folder))


def test_an_edit_that_keeps_size_and_time_of_a_sealed_file_is_noticed(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    path = folder / "journal" / "2026-02.beancount"
    status = path.stat()
    text = path.read_text("utf-8")
    match = re.search(r'\* "(\w)', text)
    assert match is not None
    path.write_text(text[: match.start(1)] + "X" + text[match.end(1) :], "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [problem.code for problem in quick_books(folder).errors] == ["sealed-history-changed"]


def test_what_is_appended_to_a_file_of_sealed_entries_is_read_alone(tmp_path: Path) -> None:
    folder = town(tmp_path)
    (folder / "extra.beancount").write_text('2026-01-09 custom "member" "Extra"\n', "utf-8")
    with (folder / "main.beancount").open("a", encoding="utf-8") as file:
        file.write('\ninclude "extra.beancount"\n')
    for month in ("2026-01", "2026-02", "2026-03"):
        path = folder / "journal" / f"{month}.beancount"
        path.write_text(re.sub(r'.* custom "seal" .*\n  format: 2\n', "", path.read_text("utf-8")), "utf-8")
    (folder / "balances.beancount").write_text("", "utf-8")
    assert conductor("seal", folder, "2026-03").exit_code == 0
    assert is_resumed(quick_books(folder))
    with (folder / "extra.beancount").open("a", encoding="utf-8") as file:
        file.write('; later\n2026-04-30 custom "member" "Bad Id"\n')
    books = quick_books(folder)
    assert is_resumed(books)
    assert [(problem.code, problem.line) for problem in books.errors] == [("invalid-id", 3)]
    with (folder / "extra.beancount").open("a", encoding="utf-8") as file:
        file.write('2026-02-03 custom "member" "Late"\n')
    assert "sealed-history-changed" in [problem.code for problem in quick_books(folder).errors]


def test_an_event_of_sealed_months_is_reversed_in_an_open_one_and_its_id_is_taken(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    ids = re.findall(r'id: "(2026-02/.*)"', (folder / "journal" / "2026-02.beancount").read_text("utf-8"))
    with open_journal(folder).open("a", encoding="utf-8") as file:
        file.write(
            f'\n2026-04-29 custom "reversal" "{ids[3]}"\n  by: "Carla"\n2026-04-30 custom "reversal" "nothing"\n'
        )
        file.write(f'\n2026-04-30 custom "reversal" "{ids[3]}"\n')
    books, full = quick_books(folder), load_books(folder)
    assert is_resumed(books)
    assert told(books) == told(full)
    assert {"event-is-reversed", "event-not-found"} <= {problem.code for problem in books.errors}
    change(open_journal(folder), f'id: "{OPEN}/2"', f'id: "{ids[4]}"')
    books = quick_books(folder)
    assert is_resumed(books)
    assert told(books) == told(load_books(folder))


def test_a_balance_after_the_seal_is_held_against_all_that_was_before(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    units = load_books(folder).at(None).state.balances
    account = max(units, key=lambda name: units[name] if name.endswith("Wallet") else 0)
    with open_journal(folder).open("a", encoding="utf-8") as file:
        file.write(f"\n2026-05-01 balance {account} {units[account] / 100:.2f} RSC\n")
        file.write(f"\n2026-05-02 balance {account} 0.01 RSC\n")
    books = quick_books(folder)
    assert is_resumed(books)
    assert told(books) == told(load_books(folder))
    assert [problem.code for problem in books.errors] == ["balance-failed"]


def test_a_new_seal_leaves_a_new_checkpoint(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    assert conductor("seal", folder, OPEN).exit_code == 0
    books = quick_books(folder)
    assert books.checked is not None
    assert books.checked.checkpoint is not None
    assert books.checked.checkpoint.month == OPEN
    assert books.outcomes == []
    assert told(books) == told(load_books(folder))


def test_advice_on_sealed_entries_is_told_again_wherever_they_stand_now(tmp_path: Path) -> None:
    folder = town(tmp_path)
    before = [problem for problem in load_books(folder).advice if "2026-04" not in problem.file]
    assert before, "the town needs advice in its sealed months"
    quick_books(folder)
    with (folder / "plans.beancount").open("a", encoding="utf-8") as file:
        file.write("; a word\n")
    books = quick_books(folder)
    assert is_resumed(books)
    assert books.advice == load_books(folder).advice


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _garble(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\x00" + content[41:])


@pytest.mark.parametrize("damage", [Path.unlink, _cut, _garble])
@pytest.mark.parametrize("name", ["2026-03.json", "2026-03.state", "events.sqlite"])
def test_a_damaged_checkpoint_costs_time_and_nothing_else(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    folder = sealed_town(tmp_path)
    cache = cache_folder(folder / "main.beancount")
    assert cache is not None
    damage(cache / name)
    assert told(quick_books(folder)) == told(load_books(folder))


def test_another_version_of_the_rules_reads_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = sealed_town(tmp_path)
    for module in (checkpoint, quick, __import__("conductor_bean.ledger.checkpoint_store", fromlist=["x"])):
        monkeypatch.setattr(module, "program_digest", lambda: "another", raising=False)
    assert not is_resumed(quick_books(folder))
    assert is_resumed(quick_books(folder))


def test_where_nothing_can_be_kept_all_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = town(tmp_path)
    monkeypatch.setenv("CONDUCTOR_CACHE", "")
    assert not is_resumed(quick_books(folder))
    assert not is_resumed(quick_books(folder))
    blocked = tmp_path / "a file"
    blocked.write_text("", "utf-8")
    monkeypatch.setenv("CONDUCTOR_CACHE", str(blocked))
    assert not is_resumed(quick_books(folder))


def test_a_ledger_in_which_another_plugin_has_a_say_is_read_as_a_whole(tmp_path: Path) -> None:
    folder = town(tmp_path)
    change(folder / "main.beancount", "plugin ", 'plugin "beancount.plugins.unique_prices"\nplugin ')
    quick_books(folder)
    assert not is_resumed(quick_books(folder))
    assert CheckpointStore(folder / "main.beancount").months() == []


def test_the_command_line_reads_all_when_it_is_asked_to(tmp_path: Path) -> None:
    folder = sealed_town(tmp_path)
    once, whole = conductor("check", folder, "--json"), conductor("check", folder, "--json", "--full")
    assert once.exit_code == whole.exit_code == 0
    assert once.stdout == whole.stdout


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town in whose open month there is much, with waypoints through it."""
    monkeypatch.setattr(judging, "_MUCH", 20)
    folder = sealed_town(tmp_path)
    quick_books(folder, waypoints=True)
    return folder


def start_of(books: Books) -> str:
    assert books.checked is not None
    return "" if books.checked.checkpoint is None else books.checked.checkpoint.month


def test_an_edit_of_today_is_checked_from_this_morning_on_and_an_older_one_from_further_back(busy: Path) -> None:
    path = open_journal(busy)
    for line, start in ((-1, "waypoint-2"), (0.75, "waypoint-1"), (0.1, "2026-03")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        at = len(lines) if line == -1 else int(len(lines) * line)
        path.write_text("".join([*lines[:at], "; a word\n", *lines[at:]]), "utf-8")
        books = quick_books(busy, waypoints=True)
        assert start_of(books) == start
        assert told(books) == told(load_books(busy))


def test_a_seal_that_comes_from_elsewhere_is_held_against_all_of_its_month(busy: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(busy, tmp_path / "other"))
    assert conductor("seal", other, OPEN).exit_code == 0
    assert start_of(quick_books(busy, waypoints=True)) == "waypoint-2"
    open_journal(busy).write_bytes(open_journal(other).read_bytes())
    books = quick_books(busy, waypoints=True)
    assert start_of(books) == "2026-03"
    assert books.errors == []
    assert start_of(quick_books(busy, waypoints=True)) == OPEN


def test_ids_before_a_waypoint_are_taken_and_can_be_reversed(busy: Path) -> None:
    path = open_journal(busy)
    first, second = re.findall(rf'id: "({OPEN}/\d+)"', path.read_text("utf-8"))[4:6]
    with path.open("a", encoding="utf-8") as file:
        file.write(f'\n2026-04-30 custom "reversal" "{first}"\n')
    books = quick_books(busy, waypoints=True)
    assert start_of(books) == "waypoint-2"
    assert told(books) == told(load_books(busy))
    with path.open("a", encoding="utf-8") as file:
        file.write(f'\n2026-04-30 custom "reversal" "{first}"\n\n2026-04-30 custom "reversal" "{second}"\n')
    assert told(quick_books(busy, waypoints=True)) == told(load_books(busy))


def test_a_decision_of_the_open_month_is_no_part_of_a_waypoint_before_it(busy: Path) -> None:
    with (busy / "region.yaml").open("a", encoding="utf-8") as file:
        file.write("  - date: 2026-04-10\n    title: More\n    set:\n      income_tax: 0.5\n")
    assert told(quick_books(busy, waypoints=True)) == told(load_books(busy))


def test_an_open_ledger_without_any_seal_has_waypoints_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_MUCH", 20)
    folder = town(tmp_path)
    for path in folder.glob("journal/*"):
        path.write_text(re.sub(r'.* custom "seal" .*\n  format: 2\n', "", path.read_text("utf-8")), "utf-8")
    assert start_of(quick_books(folder, waypoints=True)) == ""
    with open_journal(folder).open("a", encoding="utf-8") as file:
        file.write('\n2026-04-30 custom "membr" "Zoe"\n')
    books = quick_books(folder, waypoints=True)
    assert start_of(books) == "waypoint-2"
    assert told(books) == told(load_books(folder))


def test_an_entry_that_says_that_it_stands_elsewhere_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_MUCH", 20)
    folder = sealed_town(tmp_path)
    path = open_journal(folder)
    text = path.read_text("utf-8")
    days = [match.start() for match in re.finditer(r"^2026-04-\d\d \*.*\n(?=  quantity)", text, re.MULTILINE)]
    for at in reversed(days):
        end = text.index("\n", at) + 1
        text = f'{text[:end]}  filename: "{folder / "parties.beancount"}"\n{text[end:]}'
    path.write_text(text, "utf-8")
    for number in range(3):
        books = quick_books(folder, waypoints=True)
        assert told(books) == told(load_books(folder))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"; {number}\n")


def test_files_in_no_order_are_checked_as_those_in_order(busy: Path) -> None:
    path = open_journal(busy)
    entries = re.split(r"\n(?=\d{4}-)", path.read_text("utf-8"))
    path.write_text("\n".join([*entries[::2], *entries[1::2]]) + "\n", "utf-8")
    for number in range(3):
        books = quick_books(busy, waypoints=True)
        assert told(books) == told(load_books(busy))
        assert start_of(books) == ("2026-03" if number == 0 else "waypoint-2")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"; {number}\n")


@pytest.mark.parametrize(
    "tail", ["<<<<<<< HEAD\n", '2026-13-40 * "z"\n', "`\n", "  note: 1\n", "\n<<<<<<< HEAD\n", '2026-04-30 * "half']
)
def test_a_half_written_end_of_a_file_is_told_as_by_a_check_of_everything(busy: Path, tail: str) -> None:
    for path in (busy / "parties.beancount", busy / "journal" / "2026-02.beancount", open_journal(busy)):
        before = path.read_bytes()
        path.write_bytes(before + tail.encode())
        for waypoints in (False, True):
            assert told(quick_books(busy, waypoints=waypoints)) == told(load_books(busy))
        path.write_bytes(before)


def test_a_carriage_return_within_a_line_is_no_line(busy: Path) -> None:
    path = open_journal(busy)
    path.write_bytes(b"; one\rline\n" + path.read_bytes())
    for number in range(3):
        books = quick_books(busy, waypoints=True)
        assert start_of(books) == ("2026-03" if number == 0 else "waypoint-2")
        assert told(books) == told(load_books(busy))
