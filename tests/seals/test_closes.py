"""Closed months: their digest, what no longer fits it, and what commands that write do about them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conductor_bean.cli import asking
from conductor_bean.cli.main import main
from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.closes import digests_now
from conductor_bean.ledger.quick import quick_books
from tests.seals.test_formats import OLD
from tests.support import conductor


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """Millbrook with January closed, nothing sealed, February open."""
    folder = Path(shutil.copytree(OLD, tmp_path / "millbrook"))
    shutil.rmtree(folder / "seals")
    for path in (folder / "journal").iterdir():
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if b'"seal"' not in line and b'"month-close"' not in line))
    result = conductor("close", folder, "2026-01", "--yes")
    assert result.exit_code == 0, result.output
    return folder


def errors(folder: Path) -> list[str]:
    full, quick = load_books(folder), quick_books(folder, waypoints=True)
    assert full.problems == quick.problems
    assert all(problem.code == "closed-month-changed" for problem in full.errors)
    return [problem.message for problem in full.errors]


def test_the_digest_of_a_close_is_had_without_this_program(closed: Path) -> None:
    books = load_books(closed)
    assert books.errors == []
    assert books.checked is not None
    (verdict,) = books.checked.closes
    assert (verdict.month, verdict.holds) == ("2026-01", True)
    (now,) = digests_now(["2026-01"], books.outcomes, books.checked.sources)
    text = "conductor-bean close 1\n2026-01\n" + "".join(f"{line.said}\n" for line in now.lines)
    done = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True)
    assert f'  digest: "sha256:{done.stdout.decode().split()[0]}"' in (closed / "journal/2026-01.beancount").read_text()


def test_what_is_added_changed_or_removed_is_named(closed: Path) -> None:
    parties = closed / "parties.beancount"
    text = parties.read_text()
    parties.write_text(text + '2026-01-20 custom "member" "Eve"\n')
    assert f"added: parties.beancount:{len(text.splitlines()) + 1}" in errors(closed)[0]
    parties.write_text(text.replace("price: 4.00 RSC", "price: 5.00 RSC"))
    assert "changed: parties.beancount:" in errors(closed)[0]
    parties.write_text(text.replace('2026-01-01 custom "member" "Bob"\n', ""))
    assert "removed: one of 2026-01-01T00:00:00" in errors(closed)[0]
    shutil.rmtree(closed / "closes")
    assert "without the list closes/2026-01.txt" in errors(closed)[0]


def test_layout_order_and_line_ends_change_no_digest(closed: Path) -> None:
    journal, parties = closed / "journal/2026-01.beancount", closed / "parties.beancount"
    journal.write_bytes(journal.read_bytes().replace(b"\r\n", b"\n"))
    parties.write_text(parties.read_text().replace("quantity: 1000", "quantity:   1000.0 ; loaves"))
    assert errors(closed) == []


def test_add_refuses_a_closed_month_and_says_what_would_change(closed: Path) -> None:
    words = ("add", "--ledger", closed, "member", "Eve", "--date", "2026-01-15")
    before = {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    result = conductor(*words, "--yes")
    assert result.exit_code == 1
    assert "closed-month-changed: this is dated in 2026-01, which is closed" in result.stderr
    assert "dividend of 2026-01 from 4.32 to 2.88 RSC" in result.stderr
    assert "2 members" in result.stderr
    assert "--date 2026-02-0" in result.stderr
    assert before == {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    again = conductor(*words, "--yes", "--again")
    assert again.exit_code == 0, again.output
    assert errors(closed) == []


def test_close_again_shows_what_changes_and_renews_the_close(closed: Path) -> None:
    with (closed / "parties.beancount").open("a") as file:
        file.write('2026-01-20 custom "member" "Eve"\n')
    assert errors(closed)
    result = conductor("close", closed, "2026-01", "--again", "--yes")
    assert result.exit_code == 0, result.output
    assert "dividend of 2026-01 from 4.32 to 2.88 RSC" in result.stdout
    assert errors(closed) == []


@pytest.mark.parametrize("months", [("2026-01", "2026-02"), ("2026-02", "2026-01")])
def test_several_closes_that_do_not_fit_are_renewed_one_after_another(closed: Path, months: tuple[str, str]) -> None:
    assert conductor("close", closed, "2026-02", "--yes").exit_code == 0
    with (closed / "parties.beancount").open("a") as file:
        file.write('2026-01-20 custom "member" "Eve"\n2026-02-10 custom "member" "Finn"\n')
    assert [message[:7] for message in errors(closed)] == ["2026-01", "2026-02"]
    first, second = months
    result = conductor("close", closed, first, "--again", "--yes")
    assert result.exit_code == 0, result.output
    assert [message[:7] for message in errors(closed)] == [second]
    assert conductor("close", closed, second, "--again", "--yes").exit_code == 0
    assert errors(closed) == []


def test_a_close_is_not_renewed_where_something_else_is_wrong(closed: Path) -> None:
    parties = closed / "parties.beancount"
    parties.write_text(parties.read_text() + '2026-01-20 custom "member" "Eve"\n2026-02-10 custom "member" "Eve"\n')
    before = {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    assert conductor("close", closed, "2026-01", "--again", "--yes").exit_code == 1
    assert before == {path: path.read_bytes() for path in closed.rglob("*.beancount")}


def test_bean_check_and_a_full_check_see_that_a_closed_month_changed(closed: Path) -> None:
    with (closed / "parties.beancount").open("a") as file:
        file.write('2026-01-20 custom "member" "Eve"\n')
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "--no-cache", closed / "main.beancount"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "2026-01 is closed, and its entries are not those that were closed: added: parties.beancount:" in done.stderr
    result = conductor("check", closed, "--full")
    assert result.exit_code == 1
    assert "closed-month-changed" in result.stdout + result.stderr


def test_a_sealed_month_is_never_closed_again(closed: Path) -> None:
    assert conductor("seal", closed, "2026-01", "--yes").exit_code == 0
    result = conductor("close", closed, "2026-01", "--again", "--yes")
    assert result.exit_code == 1
    assert "2026-01 is sealed" in result.stderr


def test_of_a_sealed_month_the_seal_alone_tells_what_changed(closed: Path) -> None:
    assert conductor("seal", closed, "2026-01", "--yes").exit_code == 0
    parties = closed / "parties.beancount"
    parties.write_text(parties.read_text().replace("price: 4.00 RSC", "price: 5.00 RSC"))
    assert [problem.code for problem in load_books(closed).errors] == ["sealed-history-changed"]


@pytest.mark.parametrize(("date", "why"), [("2026-04-02", "skips a month"), ("2062-02-15", "skips a month")])
def test_a_date_far_ahead_is_asked_about_in_a_terminal(
    closed: Path, monkeypatch: pytest.MonkeyPatch, date: str, why: str
) -> None:
    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    words = ["add", "-l", str(closed), "member", "Eve", "--date", date]
    before = (closed / "parties.beancount").read_bytes()
    said = CliRunner().invoke(main, words, input="n\nn\nn\n")
    assert f"and {date} {why}. Is the date right?" in said.output
    assert said.exit_code != 0
    assert (closed / "parties.beancount").read_bytes() == before


def test_a_wrong_year_is_refused_unless_it_is_meant(closed: Path) -> None:
    words = ("add", "--ledger", closed, "member", "Eve", "--date", "2062-02-15", "--yes")
    result = conductor(*words)
    assert result.exit_code == 1
    assert "date-far-ahead" in result.stderr
    assert conductor(*words, "--ahead").exit_code == 0


def test_import_refuses_a_closed_month_and_says_what_would_change(closed: Path) -> None:
    file = closed.parent / "members.csv"
    file.write_text("id,name,since\nEve,Eve,2026-01-15\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    words = ("import", "members", file, "--to", closed / "parties.beancount")
    result = conductor(*words)
    assert result.exit_code == 1
    assert "closed-month-changed" in result.stderr
    assert "dividend of 2026-01 from 4.32 to 2.88 RSC" in result.stderr
    assert before == {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    again = conductor(*words, "--again")
    assert again.exit_code == 0, again.output
    assert errors(closed) == []


def test_a_reversal_dated_in_a_closed_month_is_refused_with_what_would_change(closed: Path) -> None:
    journal = closed / "journal" / "2026-01.beancount"
    text = journal.read_text(encoding="utf-8")
    journal.write_text(text.replace("  quantity: 3.0\n", '  quantity: 3.0\n  id: "loaves"\n'), encoding="utf-8")
    assert conductor("close", closed, "2026-01", "--again", "--yes").exit_code == 0
    before = {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    words = ("add", "--ledger", closed, "reversal", "loaves", "--reason", "spoilt", "--by", "carla", "--yes")
    result = conductor(*words, "--on", "2026-01-20")
    assert result.exit_code == 1
    assert "closed-month-changed: this is dated in 2026-01, which is closed" in result.stderr
    assert before == {path: path.read_bytes() for path in closed.rglob("*.beancount")}
    assert conductor(*words, "--on", "2026-02-20").exit_code == 0
    assert errors(closed) == []


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(4)), ends=st.sampled_from(["\n", "\r\n"]), comment=st.booleans())
def test_the_order_of_entries_their_line_ends_and_comments_change_no_digest(
    order: list[int], ends: str, comment: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(OLD, Path(folder) / "millbrook"))
        shutil.rmtree(copy / "seals")
        for path in (copy / "journal").iterdir():
            text = path.read_text(encoding="utf-8")
            kept = [part for part in text.split("\n\n") if '"seal"' not in part and '"month-close"' not in part]
            path.write_text("\n\n".join(kept) + "\n", encoding="utf-8")
        assert conductor("close", copy, "2026-01", "--yes").exit_code == 0
        journal = copy / "journal" / "2026-01.beancount"
        entries = journal.read_text(encoding="utf-8").strip("\n").split("\n\n")
        shuffled = [entries[place] for place in order] + entries[len(order) :]
        between = "\n\n; a comment\n\n" if comment else "\n\n"
        journal.write_bytes((between.join(shuffled) + "\n").replace("\n", ends).encode())
        assert errors(copy) == []
        said = journal.read_bytes().replace(b"Ada, 8 hours", b"Ada, eight hours")
        journal.write_bytes(said)
        assert len(errors(copy)) == 1
