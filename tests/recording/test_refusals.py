"""What cannot be is refused with the reason, and every file is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recording.valley import PARTIES, add, added, bytes_of, refused, write_valley
from tests.support import conductor


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_valley(tmp_path / "valley")


# By the engine, with its own code and message


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("consume Ada rye 1", "plan-not-found"),
        ("consume Eve bread 1", "consumer-does-not-exist"),
        ("consume Bakery bread 1 --means r", "consumer-is-planner"),
        ("consume Mill clinic 1 --means r", "cannot-consume-public-service"),
        ("consume Ada bread 1 --date 2027-02-01", "plan-inactive"),
        ("consume Ada haircut 1", "consumer-is-provider"),
        ("hours Bakery Cyd=8", "worker-not-at-company"),
        ("hours Bakery Ada=0", "hours-worked-must-be-positive"),
        ("hours Bakery Ada=25", "more-than-24-hours-a-day"),
        ("hours Bakry Ada=8", "company-not-found"),
        ("buy Ada sourdough 1000", "insufficient-balance"),
        ("buy Ada rye 1", "offer-not-found"),
        ("buy Bakery sourdough 1", "buyer-is-seller"),
        ("gift Ada Ada 1", "same-account"),
        ("external-purchase Bakery 5", "missing-input"),
        ("approve bread", "plan-is-approved"),
        ("approve brad --by carla", "plan-not-found"),
        ("member Ada", "duplicate-id"),
        ("member ada", "invalid-id"),
        ("employment-end Mill Ada", "worker-not-at-company"),
        ("subsidy Bakery 5", "company-is-not-regional"),
        ("reversal nothing", "event-not-found"),
        ("member Eve --time 25:00:00", ""),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_code_of_the_rule(valley: Path, words: str, code: str) -> None:
    message = refused(valley, *words.split(), code=1 if code else 2)
    if code:
        assert message.startswith(f"conductor: {code}: ")
        assert message.count("\n") == 1


def test_the_nearest_id_is_named(valley: Path) -> None:
    assert 'did you mean "bread"?' in refused(valley, "consume", "Ada", "braed", 1)
    assert 'did you mean "Bakery"?' in refused(valley, "external-sale", "Bakry", 5, code=2)
    assert "did you mean" in refused(valley, "consmue", "Ada", "bread", 1, code=2)
    assert "conductor close" in refused(valley, "month-close", "2026-01", code=2)


def test_what_would_make_a_later_event_impossible_is_refused_and_the_event_is_named(valley: Path) -> None:
    added(valley, "gift", "Ada", "Bob", 480, "--date", "2026-03-01")
    message = refused(valley, "gift", "Ada", "Cyd", 100, "--date", "2026-02-01")
    assert "1 later event(s) would be impossible" in message
    assert "journal/2026-03.beancount:1: insufficient-balance" in message


@pytest.mark.parametrize("date", ["2026-02-01", "2026-03-01", "2026-04-01"])
def test_an_id_that_is_taken_is_the_fault_of_the_new_entry_whatever_its_date(valley: Path, date: str) -> None:
    added(valley, "company", "Zoo", "--date", "2026-03-01")
    message = refused(valley, "member", "Zoo", "--date", date)
    assert message.startswith("conductor: duplicate-id: ")
    assert "choose another" in message
    assert "impossible" not in message


# By the command, before the engine is asked


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("consume Ada", "this is missing: WHAT, QUANTITY"),
        ("plan rye Bakery", "this is missing: --product, --quantity, --fixed-means, --raw-materials, --labour, --days"),
        ("hours Bakery", "this is missing: WORK"),
        ("consume Ada bread 4,5", "write a point, not a comma"),
        ("consume Ada bread 1.5", "positive whole number"),
        ("consume Ada bread 1 --means p", "leave --means out"),
        ("consume Mill bread 1", "say --means p"),
        ("hours Bakery Ada", "is not MEMBER=HOURS"),
        ("hours Bakery Ada=1.005", "finer than the precision 0.01 of HOUR"),
        ("gift Ada Bob 1e3", "is no number"),
        ("gift Ada Bob 1000000000000000", "stay below 10^15"),
        ("gift Ada Bakery 1", "is no member"),
        ("property shed --kind garden", "it is one of housing, equipment, facility"),
        ("member Eve --accountant nobody", "no accountant of the region"),
        ("member Eve --file elsewhere.beancount", "does not read this file"),
        ("reversal", "this is missing: ID, or --party"),
        ("reversal x --date 2026-01-01", "the reversal's own date is --on"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(valley: Path, words: str, told: str) -> None:
    assert told in " ".join(refused(valley, *words.split(), code=2).split())


@pytest.mark.parametrize("name", ["a\nb", "tab\there", "\x1b[31m", "\N{RIGHT-TO-LEFT OVERRIDE}x"])
def test_a_text_is_one_plain_line(valley: Path, name: str) -> None:
    assert "a text is one plain line" in refused(valley, "member", "Eve", "--name", name, code=2)


@pytest.mark.parametrize(
    "name",
    ['He said "no"', "back\\slash", "\\n is no line end", '\\"', "; no comment", "100 HOUR", "ünïcödé", '" #tag'],
)
def test_every_plain_text_is_read_back_as_it_was_typed(valley: Path, name: str) -> None:
    added(valley, "member", "Eve", "--name", name)
    added(valley, "gift", "Ada", "Bob", 1, "--narration", name, "--payee", name)
    assert conductor("check", valley).exit_code == 0


@pytest.mark.parametrize("link", ["two words", 'quote"', "x#y", "^"])
def test_a_link_that_beancount_would_read_otherwise_is_refused(valley: Path, link: str) -> None:
    refused(valley, "gift", "Ada", "Bob", 1, "--link", link, code=2)


# Files


@pytest.mark.parametrize(
    "text",
    [
        '<<<<<<< HEAD\n2026-01-05 custom "member" "Eve"\n=======\n>>>>>>> other\n',
        '2026-01-05 custom "member" "Ev',
        '2026-01-05 * "half',
        "\0\0\0",
    ],
    ids=["conflict", "half a fact", "half a text", "zeros"],
)
def test_to_a_ledger_that_does_not_hold_nothing_is_added(valley: Path, text: str) -> None:
    path = valley / "parties.beancount"
    path.write_text(PARTIES + text, "utf-8")
    message = refused(valley, "member", "Fay", "--date", "2026-02-01")
    assert "parties.beancount" in message
    assert "nothing is added to a ledger that does not hold" in message
    assert ("a merge of git is not finished" in message) == ("<<<<" in text)


def test_line_ends_of_windows_are_kept(valley: Path) -> None:
    path = valley / "parties.beancount"
    path.write_bytes(PARTIES.replace("\n", "\r\n").encode())
    added(valley, "member", "Eve", "--name", "Eve M.")
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert conductor("check", valley).exit_code == 0


def test_a_byte_order_mark_is_no_word_of_beancount(valley: Path) -> None:
    (valley / "parties.beancount").write_bytes(b"\xef\xbb\xbf" + PARTIES.encode())
    assert "parties.beancount:1: byte-order-mark" in refused(valley, "member", "Eve")


def test_a_dry_run_shows_and_writes_nothing(valley: Path) -> None:
    before = bytes_of(valley)
    result = add(valley, "hours", "Bakery", "Ada=8", "--dry-run")
    assert result.exit_code == 0
    assert "taxes" in result.output
    assert "Nothing is written." in result.output
    assert bytes_of(valley) == before
    assert added(valley, "hours", "Bakery", "Ada=8", "--dry-run")["written"] is False
    assert bytes_of(valley) == before


def test_where_there_is_no_ledger_it_says_so(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path, "member", "Ada", code=2)
    assert bytes_of(tmp_path) == {}
