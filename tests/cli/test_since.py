"""`conductor check --since REV`: a review sees what a change introduced, and nothing that was there before."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.ledger import quick
from conductor_bean.ledger.books import Books
from tests.support import conductor, write

OLD_FAULT = '2026-02-01 custom "member" "Ada"\n'
NEW_FAULT = '2026-02-02 custom "company" "Bakery"\n'
HARMLESS = '2026-02-03 custom "member" "Eve"\n'


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody who is known to it."""
    who = ["-c", "user.name=Carla", "-c", "user.email=carla@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path, message: str = "Change the books") -> None:
    """Commit all that stands in a folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A region in a repository of its own; its first commit holds."""
    folder = write(tmp_path / "region", "; the journal\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def append(folder: Path, text: str, file: str = "doc.beancount") -> None:
    """Append to a file of the ledger."""
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(text)


def codes(folder: Path, revision: str, *options: str, code: int = 1) -> list[tuple[str, int]]:
    """The new errors: their codes and lines."""
    result = conductor("check", folder, "--since", revision, "--json", *options)
    assert result.exit_code == code, result.output
    return [(row["code"], row["line"]) for row in json.loads(result.stdout)["errors"]]


def test_only_the_problems_that_a_change_introduced_are_shown(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    append(region, NEW_FAULT)
    assert codes(region, "HEAD") == [("duplicate-id", 3)]
    assert codes(region, "HEAD~1") == [("duplicate-id", 2), ("duplicate-id", 3)]


def test_what_is_not_shown_is_counted_on_stderr(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    result = conductor("check", region, "--since", "HEAD")
    assert result.exit_code == 0
    assert result.stderr == "conductor: not shown: 1 error(s) that the ledger had at HEAD already\n"
    assert "nothing is wrong that was not wrong at HEAD: 0 new error(s)" in result.stdout
    assert conductor("check", region).exit_code == 1


def test_shifted_lines_are_not_new(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    journal = region / "doc.beancount"
    journal.write_text("; a line\n" * 30 + HARMLESS + journal.read_text(encoding="utf-8"), encoding="utf-8")
    assert codes(region, "HEAD", code=0) == []


def test_files_and_line_numbers_in_a_message_are_not_new(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (region.parent / "region_that_points.py").write_text(
        "import collections\n"
        "__plugins__ = ('point',)\n"
        "Fault = collections.namedtuple('Fault', 'source message entry')\n"
        "def point(entries, options):\n"
        "    found = [e.meta for e in entries if type(e).__name__ == 'Note']\n"
        '    return entries, [Fault(m, f\'see {m["filename"]}:{m["lineno"]}\', None) for m in found]\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(region.parent)
    append(region, "plugins: [region_that_points]\n", "region.yaml")
    append(region, 'plugin "region_that_points"\n', "main.beancount")
    append(region, '2026-02-01 note Assets:Members:Ada:Hours "n"\n')
    commit(region)
    journal = region / "doc.beancount"
    journal.write_text("; a line\n" * 3 + journal.read_text(encoding="utf-8"), encoding="utf-8")
    assert "doc.beancount:5: beancount-error: see" in conductor("check", region).stdout
    assert codes(region, "HEAD", code=0) == []


def test_a_second_fault_of_the_same_kind_is_new(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    append(region, OLD_FAULT)
    assert len(codes(region, "HEAD")) == 1


def test_a_fault_that_moves_to_another_file_is_not_new(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    (region / "doc.beancount").write_text("", encoding="utf-8")
    append(region, OLD_FAULT, "prelude.beancount")
    assert codes(region, "HEAD", code=0) == []


def test_an_entry_that_is_edited_and_not_mended_is_not_new(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    (region / "doc.beancount").write_text(OLD_FAULT.replace("\n", " ; again\n"), encoding="utf-8")
    assert codes(region, "HEAD", code=0) == []


def test_a_change_of_what_was_decided_shows_what_it_breaks_elsewhere(region: Path) -> None:
    append(region, '2026-02-01 custom "budget" "x"\n')
    text = (region / "region.yaml").read_text(encoding="utf-8")
    (region / "region.yaml").write_text(text + "other_customs: [budget]\n", encoding="utf-8")
    commit(region)
    assert codes(region, "HEAD", code=0) == []
    (region / "region.yaml").write_text(text, encoding="utf-8")
    assert codes(region, "HEAD") == [("unknown-fact", 2)]


def test_a_mended_ledger_has_nothing_new(region: Path) -> None:
    append(region, OLD_FAULT)
    commit(region)
    (region / "doc.beancount").write_text("", encoding="utf-8")
    result = conductor("check", region, "--since", "HEAD")
    assert (result.exit_code, result.stderr) == (0, "")


def test_neither_the_files_nor_the_index_are_touched(region: Path) -> None:
    append(region, OLD_FAULT)
    git(region, "add", "doc.beancount")
    append(region, NEW_FAULT)
    (region / "untracked.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in sorted(region.rglob("*")) if path.is_file()}
    assert len(codes(region, "HEAD")) == 2
    assert {path: path.read_bytes() for path in sorted(region.rglob("*")) if path.is_file()} == before


def test_a_hook_of_git_may_run_it(region: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    append(region, OLD_FAULT)
    assert codes(region, "HEAD") == [("duplicate-id", 2)]
    assert not (other / ".git" / "index").exists()


def test_a_ledger_below_the_top_of_its_repository_may_not_include_what_stands_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "books" / "region", "")
    append(folder, 'include "../shared/facts.beancount"\n', "main.beancount")
    (tmp_path / "books" / "shared").mkdir()
    append(tmp_path / "books", OLD_FAULT, "shared/facts.beancount")
    git(tmp_path / "books", "init", "--quiet")
    commit(tmp_path / "books")
    append(folder, NEW_FAULT)
    assert codes(folder, "HEAD") == [("outside-the-folder", 6)]


def test_what_git_leaves_out_of_archives_is_compared_all_the_same(region: Path) -> None:
    append(region, OLD_FAULT)
    (region / ".gitattributes").write_text("* export-ignore\n", encoding="utf-8")
    commit(region)
    assert codes(region, "HEAD", code=0) == []


def test_a_ledger_that_was_not_there_yet_is_new(region: Path) -> None:
    newer = write(region / "newer", OLD_FAULT)
    result = conductor("check", newer, "--since", "HEAD")
    assert result.exit_code == 1
    assert "there is no ledger main.beancount at HEAD, so everything in it is new" in result.stderr
    assert "duplicate-id" in result.stdout


def test_an_earlier_ledger_that_could_not_be_checked_hides_nothing_of_the_rules(region: Path) -> None:
    good = (region / "region.yaml").read_text(encoding="utf-8")
    (region / "region.yaml").write_text("region: [\n", encoding="utf-8")
    append(region, OLD_FAULT)
    commit(region)
    (region / "region.yaml").write_text(good, encoding="utf-8")
    result = conductor("check", region, "--since", "HEAD")
    assert result.exit_code == 1
    assert "duplicate-id" in result.stdout
    assert "the ledger at HEAD cannot be checked to its end, so more counts as new" in result.stderr


def test_a_ledger_that_cannot_be_checked_is_never_called_free_of_news(region: Path) -> None:
    (region / "region.yaml").write_text("region: [\n", encoding="utf-8")
    commit(region)
    append(region, NEW_FAULT)
    result = conductor("check", region, "--since", "HEAD")
    assert result.exit_code == 1
    assert "cannot be checked to its end" in result.stderr


def test_a_sealed_month_is_not_read_again_for_the_earlier_ledger(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("CONDUCTOR_CACHE", str(cache))
    append(region, HARMLESS)
    assert conductor("seal", region, "2026-01", "--yes").exit_code == 0
    append(region, OLD_FAULT)
    commit(region)
    conductor("check", region)
    append(region, NEW_FAULT)
    resumed = quick._resumed
    asked: list[Path] = []

    def counted(main: Path, *arguments: Any, **options: Any) -> Books:
        asked.append(main)
        return resumed(main, *arguments, **options)

    monkeypatch.setattr(quick, "_resumed", counted)
    before = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    assert before
    news = codes(region, "HEAD")
    assert [code for code, _ in news] == ["duplicate-id"]
    assert len(asked) == 2
    assert {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()} == before
    assert codes(region, "HEAD", "--full") == news
    assert len(asked) == 2


def test_advice_is_new_too_and_fails_when_it_is_strict(region: Path) -> None:
    plan = (
        '2026-01-27 custom "plan" "{}" "Mill"\n  product: "E"\n  quantity: 0\n'
        "  fixed-means: 1\n  raw-materials: 1\n  labour: 1\n  days: 1\n"
    )
    append(region, plan.format("old"))
    commit(region)
    assert codes(region, "HEAD", "--strict", code=0) == []
    append(region, plan.format("new"))
    result = conductor("check", region, "--since", "HEAD", "--strict", "--json")
    assert result.exit_code == 1
    assert [row["line"] for row in json.loads(result.stdout)["advice"]] == [9]
    assert "not shown: 1 advice" in result.stderr


@pytest.mark.parametrize(
    ("revision", "why"),
    [
        ("nowhere", "git knows no such commit"),
        ("--help", "no name of a commit"),
        ("-x", "no name of a commit"),
        ("", "no name of a commit"),
        ("HEAD\n", "no name of a commit"),
        ("^HEAD", "git knows no such commit"),
        ("HEAD:doc.beancount", "git knows no such commit"),
        ("HEAD..HEAD", "git knows no such commit"),
        ("f" * 40, "git knows no such commit"),
    ],
)
def test_a_hostile_revision_is_refused(region: Path, revision: str, why: str) -> None:
    result = conductor("check", region, f"--since={revision}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(rf'conductor: --since ".*": .*{why}.*\n', result.stderr)


def test_without_a_repository_it_says_so(tmp_path: Path) -> None:
    folder = write(tmp_path / "region", "")
    result = conductor("check", folder, "--since", "HEAD")
    assert result.exit_code == 2
    assert "lies in no git repository" in result.stderr


def test_without_git_it_says_so(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(region))
    result = conductor("check", region, "--since", "HEAD")
    assert (result.exit_code, result.stderr) == (2, 'conductor: --since "HEAD": git is not installed\n')


def _github(text: str) -> list[str]:
    return re.findall(r"^::error file=[^,]*,line=(\d+)", text, re.MULTILINE)


def _gitlab(text: str) -> list[str]:
    return [str(row["location"]["lines"]["begin"]) for row in json.loads(text)]


def _sarif(text: str) -> list[str]:
    results = json.loads(text)["runs"][0]["results"]
    return [str(r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in results]


def _text(text: str) -> list[str]:
    return re.findall(r"^[^:\n]+:(\d+): duplicate-id", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("style", "lines"), [("text", _text), ("github", _github), ("gitlab", _gitlab), ("sarif", _sarif)]
)
def test_every_format_has_the_new_problems_alone(region: Path, style: str, lines: Callable[[str], list[str]]) -> None:
    append(region, OLD_FAULT)
    commit(region)
    append(region, NEW_FAULT)
    result = conductor("check", region, "--since", "HEAD", "--format", style)
    assert result.exit_code == 1
    assert lines(result.stdout) == ["3"]


def test_the_report_for_gitlab_has_what_its_merge_requests_read(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(region, OLD_FAULT * 2)
    monkeypatch.chdir(region)

    def report() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(conductor("check", ".", "--format", "gitlab").stdout)
        return rows

    first, second = report()
    assert list(first) == ["description", "check_name", "fingerprint", "severity", "location"]
    assert first["location"] == {"path": "doc.beancount", "lines": {"begin": 2}}
    assert (first["check_name"], first["severity"]) == ("duplicate-id", "major")
    assert first["fingerprint"] != second["fingerprint"]
    journal = region / "doc.beancount"
    journal.write_text("; a line\n" + journal.read_text(encoding="utf-8"), encoding="utf-8")
    assert [row["fingerprint"] for row in report()] == [first["fingerprint"], second["fingerprint"]]
