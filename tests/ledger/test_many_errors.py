"""Bad input in bulk: every error of a ledger is reported, however many there are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from conductor_bean.ledger.books import load_books
from tests.support import load, write

COUNT = 20_000


@pytest.mark.xdist_group("many-errors")
def test_twenty_thousand_faulty_events_are_twenty_thousand_errors() -> None:
    a, zoe = "Assets:Companies:Bakery:A", "Assets:Members:Zoe:Hours"
    kinds = {
        "plan-not-found": '2026-02-01 * "x" ^nothing\n  quantity: 1\n  Assets:Members:Ada:Hours -1 HOUR\n'
        "  Liabilities:Companies:Bakery:PRD 1 HOUR\n",
        "member-not-found": f'2026-02-01 * "x"\n  {a} -1 HOUR\n  {zoe} 1 HOUR\n',
        "forbidden-transfer": '2026-02-01 * "x"\n  Assets:Companies:Mill:P -1 HOUR\n  Assets:Companies:Mill:R 1 HOUR\n',
        "unknown-fact": '2026-02-01 custom "plann" "x"\n',
    }
    text = "".join(kinds.values()) * (COUNT // len(kinds))
    found = load(text)
    expected = dict.fromkeys(kinds, COUNT // len(kinds))
    assert Counter(found.codes) == expected
    assert len({line for _, line, _ in found.errors}) == COUNT
    assert found.books.machine.state.transfers == 9  # the credits of the prelude's three plans


def test_many_ids_do_not_make_the_search_for_the_nearest_slow() -> None:
    # Quadratic work on 2,000 parties and 2,000 typos would take minutes.
    parties = "".join(f'2026-01-01 custom "member" "M{number:05}"\n' for number in range(2000))
    typos = "".join(
        f'2026-02-01 * "x"\n  Assets:Companies:Bakery:A -1 HOUR\n  Assets:Members:N{number:05}:Hours 1 HOUR\n'
        for number in range(2000)
    )
    assert Counter(load(parties + typos).codes) == {"member-not-found": 2000}


def test_the_marks_of_an_unfinished_merge_are_called_that() -> None:
    found = load("<<<<<<< ours\n; one\n=======\n; two\n>>>>>>> theirs\n")
    assert set(found.codes) == {"syntax-error"}
    told = [problem.message for problem in found.books.errors if "git could not merge here" in problem.message]
    assert len(told) == 3
    assert all("remove the lines of marks" in message for message in told)


def test_a_byte_order_mark_and_another_encoding_are_called_that(tmp_path: Path) -> None:
    folder = write(tmp_path, '2026-01-01 custom "member" "Zoe"\n')
    file = folder / "doc.beancount"
    text = file.read_bytes()
    for code, content, step in (
        ("byte-order-mark", b"\xef\xbb\xbf" + text, "begins with a byte order mark; run conductor format"),
        ("syntax-error", text.replace(b"Zoe", b"Zo\xeb"), "the file is not in UTF-8: save it as UTF-8"),
    ):
        file.write_bytes(content)
        told = [problem for problem in load_books(folder).errors if problem.code == code]
        assert any(step in problem.message and problem.file == str(file) for problem in told)
