"""Sealed history: any later change of it is an error that names the first entry that changed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from beancount.parser import printer

from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.problem import Problem
from tests.seals.town import SEALED, change, town
from tests.support import check, conductor


def broken(folder: Path) -> list[Problem]:
    """Errors of seals of a ledger, read as a whole."""
    return [problem for problem in load_books(folder).errors if problem.code == "sealed-history-changed"]


def journal(folder: Path, month: str = "2026-02") -> Path:
    return folder / "journal" / f"{month}.beancount"


def header_above(path: Path, line: int) -> int:
    """The line at which the entry begins to which a line belongs."""
    lines = path.read_text("utf-8").splitlines()
    return max(number for number in range(1, line + 1) if re.match(r"\d{4}-", lines[number - 1]))


def test_what_was_sealed_holds(tmp_path: Path) -> None:
    books = load_books(town(tmp_path))
    assert books.errors == []
    assert books.checked is not None
    assert [(verdict.month, verdict.holds) for verdict in books.checked.seals] == [
        ("2026-01", True),
        ("2026-02", True),
        ("2026-03", True),
    ]


def test_order_of_lines_and_files_comments_and_the_way_of_writing_a_number_break_no_seal(tmp_path: Path) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    entries = re.split(r"\n(?=\d{4}-)", path.read_text("utf-8"))
    moved, stay = entries[1::2], entries[0::2]
    path.write_text("\n".join([*reversed(stay), "; a comment"]), "utf-8")
    (folder / "elsewhere.beancount").write_text("\n".join(moved) + "\n", "utf-8")
    with (folder / "main.beancount").open("a", encoding="utf-8") as file:
        file.write('\ninclude "elsewhere.beancount"\n')
    text = path.read_text("utf-8")
    assert "  quantity: 2\n" in text
    path.write_text(text.replace("  quantity: 2\n", "  quantity: 2.0 ; two\n"), "utf-8")
    assert load_books(folder).errors == []


def test_derived_legs_that_are_written_down_break_no_seal(tmp_path: Path) -> None:
    folder = town(tmp_path)
    entries, errors, _ = loader.load_file(str(folder / "main.beancount"))
    assert errors == []
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(folder / "region.yaml", copy)
    told = [entry for entry in entries if not isinstance(entry, data.Open)]
    text = "\n".join(printer.format_entry(entry) for entry in told)
    (copy / "main.beancount").write_text(f'plugin "conductor_bean.plugins.conductor"\n{text}', "utf-8")
    assert load_books(copy).errors == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'\* "([^"]*)" "', r'* "\1!" "'),  # payee
        (r'\* "([^"]*)" "', r'* "\1" "!'),  # narration
        (r"^(\d{4}-\d\d-)(\d\d) \*", r"\1\2 !"),  # flag
        (r"^  quantity: (\d+)$", r'  quantity: \1\n  note: "!"'),  # free metadata
        (r"^  quantity: (\d+)$", r'  quantity: \1\n  time: "00:00:01"'),
        (r'^  id: "([^"]*)"$', r'  id: "\1!"'),
        (r"(\* .*\^\S+)$", r"\1 ^another"),
        (r"(\* .*\^\S+)$", r"\1 #tagged"),
    ],
)
def test_every_word_of_an_entry_is_sealed(tmp_path: Path, old: str, new: str) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    text = path.read_text("utf-8")
    match = list(re.finditer(old, text, re.MULTILINE))[3]
    path.write_text(text[: match.start()] + match.expand(new) + text[match.end() :], "utf-8")
    (problem,) = broken(folder)
    assert (problem.file, problem.line) == (str(path), header_above(path, text[: match.start()].count("\n") + 1))
    known = "seal of 2026-02 does not know this entry, and the one of" if "time:" in new else "is not the one that the"
    assert known in problem.message


def test_of_several_changes_the_first_is_named_and_later_seals_are_judged_by_themselves(tmp_path: Path) -> None:
    folder = town(tmp_path)
    late = change(journal(folder, "2026-03"), '" "', '" "!')
    path = journal(folder)
    entries = [line for line, text in enumerate(path.read_text("utf-8").splitlines(), 1) if re.match(r".* \* ", text)]
    lines = path.read_text("utf-8").splitlines()
    for line in (entries[40], entries[60]):
        lines[line - 1] += " #changed"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert [(problem.file, problem.line) for problem in broken(folder)] == [
        (str(path), entries[40]),
        (str(journal(folder, "2026-03")), late),
    ]


def test_an_entry_that_is_added_to_a_sealed_month_is_named(tmp_path: Path) -> None:
    folder = town(tmp_path)
    with journal(folder, "2026-04").open("a", encoding="utf-8") as file:
        file.write('\n2026-02-11 custom "member" "Zoe"\n')
    (problem,) = broken(folder)
    assert (problem.file, problem.line) == (
        str(journal(folder, "2026-04")),
        len(journal(folder, "2026-04").read_text("utf-8").splitlines()),
    )
    assert "was added to a month that is sealed" in problem.message


def test_an_entry_that_is_gone_is_told_with_its_date_at_the_seal(tmp_path: Path) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    entries = re.split(r"\n(?=\d{4}-)", path.read_text("utf-8"))
    gone = next(index for index, entry in enumerate(entries) if index > 20 and "^" in entry)
    date = entries.pop(gone)[:10]
    path.write_text("\n".join(entries), "utf-8")
    (problem,) = broken(folder)
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if '"seal" "2026-02"' in text)
    assert (problem.file, problem.line) == (str(path), line)
    assert f"an entry of {date}T00:00:00, which this seal covers, is gone" in problem.message


def test_a_decision_that_was_changed_is_told_at_the_first_entry_from_which_something_else_follows(
    tmp_path: Path,
) -> None:
    folder = town(tmp_path)
    text = (folder / "region.yaml").read_text("utf-8")
    changed = re.sub(r"income_tax: \S+", "income_tax: 0.31", text)
    assert changed != text
    (folder / "region.yaml").write_text(changed, "utf-8")
    (problem,) = broken(folder)
    assert "something else follows from it now" in problem.message
    assert "region.yaml" in problem.message


def test_an_entry_that_is_no_longer_accepted_is_told_as_changed_too(tmp_path: Path) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    text = path.read_text("utf-8")
    match = re.search(r"  quantity: 2\n(?=  id: .*\n  Assets:Members:\w+:Wallet)", text)
    assert match is not None
    line = change(
        path, text[match.start() : match.end() + 30], text[match.start() : match.end() + 30].replace("2", "3", 1)
    )
    found = {(problem.code, header_above(journal(folder), problem.line)) for problem in load_books(folder).errors}
    start = header_above(journal(folder), line)
    assert ("wrong-amount", start) in found
    assert ("sealed-history-changed", start) in found


def test_a_seal_that_was_changed_is_told_at_the_seal(tmp_path: Path) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    (digest,) = re.findall(r'"2026-02" "sha256:(.*)"', path.read_text("utf-8"))
    line = change(path, digest, "0" * 64)
    problems = broken(folder)
    assert (problems[0].file, problems[0].line) == (str(path), line)
    assert "the seal of 2026-02 was changed" in problems[0].message
    # The chain: the seal after it was made on another one.
    assert len(problems) == 2


@pytest.mark.parametrize("content", [None, "", "conductor-bean list 1 2026-09\n", "\x00\xff", "x\n" * 3])
def test_without_a_list_that_can_be_read_the_error_stands_at_the_seal(tmp_path: Path, content: str | None) -> None:
    folder = town(tmp_path)
    path = journal(folder)
    change(path, '" "', '" "!')
    beside = folder / "seals" / "2026-02.txt"
    beside.unlink()
    if content is not None:
        beside.write_text(content, "latin-1")
    (problem,) = broken(folder)
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if '"seal" "2026-02"' in text)
    assert problem.line == line
    assert "without the list seals/2026-02.txt" in problem.message


def test_a_forged_list_hides_nothing(tmp_path: Path) -> None:
    folder = town(tmp_path)
    before = load_books(folder)
    assert isinstance(before, Books)
    change(journal(folder), '" "', '" "!')
    beside = folder / "seals" / "2026-02.txt"
    beside.write_text("conductor-bean list 1 2026-02\n", "ascii")
    (problem,) = broken(folder)
    assert problem.code == "sealed-history-changed"


def test_bean_check_finds_the_same(tmp_path: Path) -> None:
    folder = town(tmp_path)
    line = change(journal(folder), '" "', '" "!')
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(folder / "main.beancount")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"2026-02.beancount:{line}:" in done.stderr
    assert "sealed-history-changed" in done.stderr


def test_a_month_is_sealed_once_in_order_and_when_it_is_over() -> None:
    digest = "sha256:" + "0a" * 32
    check(
        f'2026-01-30 custom "seal" "2026-01" "{digest}" ; ! seal-too-early\n'
        f'2026-03-02 custom "seal" "2026-02" "{digest}" ; ! sealed-history-changed\n'
        f'2026-03-03 custom "seal" "2026-02" "{digest}" ; ! month-is-sealed\n'
        f'2026-03-04 custom "seal" "2026-01" "{digest}" ; ! month-is-sealed\n'
    )


def test_seal_writes_the_seal_and_its_list_and_says_where(tmp_path: Path) -> None:
    folder = town(tmp_path)
    result = conductor("seal", folder, "2026-04")
    assert result.exit_code == 0
    text = journal(folder, "2026-04").read_text("utf-8")
    (digest,) = re.findall(r'2026-04-30 custom "seal" "2026-04" "(.*)"', text)
    assert f"2026-04.beancount:{len(text.splitlines()) - 1}: 2026-04-30" in result.stdout
    assert digest in result.stdout
    assert (
        (folder / "seals" / "2026-04.txt").read_text("ascii").startswith("conductor-bean list 1 2026-04\n2026-04-01T")
    )
    assert load_books(folder).errors == []


def test_seal_shows_and_writes_nothing_when_it_is_asked_so(tmp_path: Path) -> None:
    folder = town(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".conductor" not in str(path)}
    result = conductor("seal", folder, "2026-04", "--dry-run")
    assert result.exit_code == 0
    assert "sha256:" in result.stdout
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".conductor" not in str(path)}
    assert after == before


@pytest.mark.parametrize(
    ("month", "why"),
    [
        (SEALED, "is sealed already"),
        ("2026-05", "is not closed"),
        ("2025-12", "is sealed already"),
        ("2026-13", "is no month"),
        ("2200-01", "is no month"),
    ],
)
def test_seal_refuses_what_cannot_be_sealed(tmp_path: Path, month: str, why: str) -> None:
    result = conductor("seal", town(tmp_path), month)
    assert result.exit_code == 1
    assert why in result.stderr


def test_a_ledger_with_errors_is_not_sealed(tmp_path: Path) -> None:
    folder = town(tmp_path)
    with journal(folder, "2026-04").open("a", encoding="utf-8") as file:
        file.write('2026-04-30 custom "membr" "Zoe"\n')
    result = conductor("seal", folder, "2026-04")
    assert result.exit_code == 1
    assert "unknown-fact" in result.stderr
    assert not (folder / "seals" / "2026-04.txt").exists()
