"""The formats of seals: what is sealed under which, and that a ledger sealed by an earlier release holds."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.event_lines import line_of_event, what_follows
from conductor_bean.ledger.quick import quick_books
from tests.support import conductor

OLD = Path(__file__).parent / "format_1"
"""A ledger that release 0.1 has sealed: offers and property with prices, a text that CR LF breaks, a reversal."""

_PRICE = "  price: 4.00 RSC"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "millbrook"))


@pytest.fixture
def new(old: Path) -> Path:
    """The same ledger, sealed anew."""
    seal_anew(old)
    return old


def seal_anew(folder: Path) -> None:
    for path in (folder / "journal").iterdir():
        kept = re.sub(rb'[^\n]*custom "seal"[^\n]*\n(?:  [^\n]*\n)*', b"", path.read_bytes() + b"\n")
        path.write_bytes(kept)
    shutil.rmtree(folder / "seals")
    assert conductor("seal", folder, "2026-02", "--each").exit_code == 0


def codes(folder: Path) -> set[str]:
    full, quick = load_books(folder), quick_books(folder)
    assert [(problem.code, problem.line) for problem in full.problems] == [
        (problem.code, problem.line) for problem in quick.problems
    ]
    return {problem.code for problem in full.problems}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def test_a_ledger_that_an_earlier_release_sealed_holds_as_it_was(old: Path) -> None:
    books = load_books(old)
    assert books.problems == []
    assert books.checked is not None
    assert [(verdict.month, verdict.form, verdict.holds) for verdict in books.checked.seals] == [
        ("2026-01", 1, True),
        ("2026-02", 1, True),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(old / "main.beancount")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_earlier_seal_still_leaves_prices_out_and_tells_line_ends_apart(old: Path) -> None:
    edit(old / "parties.beancount", _PRICE, "  price: 5.00 RSC")
    assert codes(old) == set()
    journal = old / "journal" / "2026-01.beancount"
    journal.write_bytes(journal.read_bytes().replace(b"\r\n", b"\n"))
    assert codes(old) == {"sealed-history-changed"}


def test_a_seal_covers_prices_of_facts_now_and_line_ends_no_more(new: Path) -> None:
    journal = new / "journal" / "2026-01.beancount"
    assert b"  format: 2\r\n" in journal.read_bytes()
    assert codes(new) == set()
    journal.write_bytes(journal.read_bytes().replace(b"\r\n", b"\n"))
    assert codes(new) == set()
    edit(new / "parties.beancount", "  price: 40000 RSC", "  price: 40001 RSC")
    assert codes(new) == {"sealed-history-changed"}


def test_a_price_that_the_check_itself_writes_is_not_sealed(new: Path) -> None:
    """Bread costs 1 hour a loaf, and a transaction that shows it says no more than one that does not."""
    edit(new / "journal" / "2026-01.beancount", "  quantity: 3.0\r\n", "  quantity: 3.0\r\n  price: 1 HOUR\r\n")
    assert codes(new) == set()


def test_after_a_seal_of_format_2_none_of_format_1_is_taken(new: Path) -> None:
    journal = new / "journal" / "2026-02.beancount"
    edit(journal, "  format: 2\n", "")
    assert codes(new) == {"seal-format-lowered"}


@pytest.mark.parametrize("form", ["0", "3", "1.5", '"2"', "TRUE", "-1"])
def test_a_format_that_there_is_not_is_an_error(new: Path, form: str) -> None:
    edit(new / "journal" / "2026-02.beancount", "  format: 2\n", f"  format: {form}\n")
    assert codes(new) == {"malformed-metadata"}


def test_seals_of_both_formats_follow_each_other(old: Path) -> None:
    """The second month's seal of an earlier release is taken off; conductor seals it anew, chained to the first."""
    journal = old / "journal" / "2026-02.beancount"
    journal.write_text(journal.read_text().rpartition('2026-02-28 custom "seal"')[0], "utf-8")
    assert conductor("seal", old, "2026-02").exit_code == 0
    books = load_books(old)
    assert books.errors == []
    assert [form for _, _, form in books.machine.state.sealed] == [1, 2]
    assert codes(old) == set()


def test_a_digest_is_had_without_this_program_from_the_lines_alone(new: Path) -> None:
    """What docs/language.md says of it: head, what each event says and what follows, through sha256sum."""
    books = load_books(new)
    (_, stated, _), *_ = books.machine.state.sealed
    lines = ["conductor-bean seal 2", "2026-01", "-"]
    for said, follows in sorted(_january(books)):
        lines += [said, follows]
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True)
    assert f"sha256:{done.stdout.decode().split()[0]}" == stated
    assert stated == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert "2026-01-04T00:00:00\toffer\tsourdough\tBakery\tprice: 4 RSC\tproduct: Sourdough loaf" in lines


def test_a_seal_covers_how_much_a_reversal_takes_back(new: Path) -> None:
    january, february = (new / "journal" / f"2026-0{month}.beancount" for month in (1, 2))
    edit(january, "  quantity: 3.0\r\n", '  quantity: 3.0\r\n  id: "loaves"\r\n')
    close = '2026-02-28 custom "month-close"'
    edit(february, close, f'2026-02-05 custom "reversal" "loaves"\n  quantity: 2\n\n{close}')
    seal_anew(new)
    assert codes(new) == set()
    edit(february, "  quantity: 2\n", "  quantity: 1\n")
    assert codes(new) == {"sealed-history-changed"}


def _january(books: Books) -> list[tuple[str, str]]:
    assert books.checked is not None
    sources = books.checked.sources
    told = ((line_of_event(outcome, sources[outcome.event.source]), outcome) for outcome in books.outcomes)
    return [(line, what_follows(outcome)) for line, outcome in told if line < "2026-02" and "\tseal\t" not in line]
