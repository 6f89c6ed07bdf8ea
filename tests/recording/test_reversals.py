"""`conductor add reversal`: the event is found, what it mirrors is shown, and it gets the id that it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor_bean.recording.reversing import with_id
from conductor_bean.recording.text import MistakeError
from tests.recording.valley import add, added, bytes_of, refused, write_valley
from tests.support import conductor

WORK = """\
; before
2026-02-03 * "Bakery"   "Hours; \\"all\\"" ^a-link #a-tag ; a comment
  Assets:Companies:Bakery:A      -8 HOUR
  Assets:Members:Ada:Hours        8 HOUR

2026-02-03 * "A head
of two lines"
  Assets:Companies:Bakery:A      -4 HOUR
  Assets:Members:Bob:Hours        4 HOUR

2026-02-04 * "Ada" "a gift"
  id: "gift-1"
  Assets:Members:Ada:Wallet      -8 RSC
  Assets:Members:Bob:Wallet       8 RSC

2026-02-05 * "Ada" "a gift"
  Assets:Members:Ada:Wallet      -8 RSC
  Assets:Members:Bob:Wallet       8 RSC
"""


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_valley(tmp_path / "valley", journal__work=WORK)


def text_of(valley: Path) -> str:
    return (valley / "journal" / "work.beancount").read_text("utf-8")


def test_by_its_id_every_transfer_is_mirrored_and_shown_before(valley: Path) -> None:
    result = add(valley, "reversal", "gift-1", "--on", "2026-02-10", "--reason", "not given")
    assert result.exit_code == 0, result.output
    assert "It reverses" in result.output
    assert result.output.index("It reverses") < result.output.index("What follows from it")
    assert 'custom "reversal" "gift-1"\n  reason: "not given"' in (valley / "journal" / "2026-02.beancount").read_text()
    assert text_of(valley) == WORK


def test_found_by_party_date_and_amount_it_gets_the_id_that_it_lacks_and_nothing_else_changes(valley: Path) -> None:
    words = ("reversal", "--party", "Ada", "--date", "2026-02-03", "--amount", "8", "--on", "2026-02-10")
    result = add(valley, *words, "--dry-run")
    assert 'has no id, by which a reversal could name it; id: "2026-02-03-Bakery-carla-1" is written' in result.output
    document = added(valley, *words)
    assert {row["type"] for row in document["transfers"]} == {"work_certificates", "taxes", "wage", "income_tax"}
    head = WORK.splitlines(keepends=True)[1]
    assert text_of(valley) == WORK.replace(head, head + '  id: "2026-02-03-Bakery-carla-1"\n')
    assert conductor("check", valley).exit_code == 0
    assert "no event that stands" in refused(valley, *words)


def test_the_id_and_the_reversal_can_stand_in_one_file(valley: Path) -> None:
    work = valley / "journal" / "work.beancount"
    document = added(valley, "reversal", "--party", "Bob", "--amount", "4", "--on", "2026-02-10", "--file", work)
    lines = text_of(valley).splitlines()
    assert lines[document["line"] - 1] == '2026-02-10 custom "reversal" "2026-02-03-Bakery-carla-1"'
    assert lines[6:8] == ['of two lines"', '  id: "2026-02-03-Bakery-carla-1"']


def test_of_several_all_are_listed_and_none_is_taken(valley: Path) -> None:
    message = refused(valley, "reversal", "--party", "Ada", "--type", "gift", "--amount", "8.00")
    assert "2 events fit" in message
    assert "journal/work.beancount:11: 2026-02-04 gift 8.00 RSC  Ada a gift  id gift-1" in message
    assert "journal/work.beancount:16:" in message
    assert "no event that stands" in refused(valley, "reversal", "--party", "Cyd", "--type", "gift")


def test_an_event_is_reversed_once(valley: Path) -> None:
    added(valley, "reversal", "gift-1", "--on", "2026-02-10")
    assert refused(valley, "reversal", "gift-1", "--on", "2026-02-11").startswith("conductor: ")


def test_a_reversal_that_a_wallet_cannot_bear_leaves_the_event_without_an_id(valley: Path) -> None:
    added(valley, "gift", "Bob", "Cyd", "580", "--date", "2026-02-08")
    before = bytes_of(valley)
    refused(valley, "reversal", "--party", "Ada", "--date", "2026-02-05", "--amount", "8", "--on", "2026-02-10")
    assert bytes_of(valley) == before


def test_in_sealed_history_an_event_with_an_id_can_be_reversed_and_one_without_cannot_get_one(valley: Path) -> None:
    work = valley / "journal" / "work.beancount"
    work.write_text(WORK + '\n2026-02-28 custom "month-close" "2026-02"\n', "utf-8")
    (valley / "journal" / "2026-01.beancount").open("a").write('\n2026-01-31 custom "month-close" "2026-01"\n')
    assert conductor("seal", valley, "2026-02").exit_code == 0
    message = refused(valley, "reversal", "--party", "Bob", "--amount", "4", "--on", "2026-03-10")
    assert message.startswith("conductor: sealed-history-changed: the event at journal/work.beancount:6 stands in")
    message = refused(valley, "gift", "Ada", "Bob", "1", "--date", "2026-02-10")
    assert message.startswith("conductor: sealed-history-changed: ")
    assert added(valley, "reversal", "gift-1", "--on", "2026-03-10")["written"] is True
    assert conductor("check", valley, "--full").exit_code == 0


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_id_stands_below_the_head_whatever_the_line_ends(newline: str) -> None:
    content = WORK.replace("\n", newline).encode()
    new = with_id(content, 16, 'the "id"')
    assert new == content.replace(
        b'"a gift"' + newline.encode() + b"  Assets:Members:Ada:Wallet",
        b'"a gift"' + newline.encode() + b'  id: "the \\"id\\""' + newline.encode() + b"  Assets:Members:Ada:Wallet",
    )


@pytest.mark.parametrize("line", [1, 5, 3, 11])
def test_where_no_id_can_be_put_it_says_so(line: int) -> None:
    with pytest.raises(MistakeError, match="by hand"):
        with_id(WORK.encode(), line, "x")
