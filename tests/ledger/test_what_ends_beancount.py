"""What makes Beancount itself crash is an error of conductor, with its line, so that the verdicts agree."""

from __future__ import annotations

import pytest
from beancount import loader

from tests.support import HEAD, PRELUDE, REGION, load, write


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-02 balance Assets:Members:Ada:Hours  1/0 HOUR",
        "2026-02-02 price HOUR  1 / 0.00 RSC",
        "2026-02-02 price HOUR  (1+2)/(-0) RSC",
        '2026-02-02 custom "fava-budget" 1/0',
        '2026-02-02 custom "fava-budget" "a; b" 12/ 0',
    ],
)
def test_a_division_by_zero_is_told_with_its_line(line: str) -> None:
    books = load(f'; 1/0 in a comment\n2026-02-01 event "a" "1/0\n in a text"\n{line}\n')
    assert books.books.errors[0].code == "division-by-zero"
    assert (books.books.errors[0].file.rsplit("/", 1)[-1], books.books.errors[0].line) == ("doc.beancount", 4)


def test_what_looks_like_one_is_none() -> None:
    text = '2026/02/01 event "a/0" "1/0"\n2026-02-01 event "b" "\\"1/0" ; 1/0\n* a heading 1/0\n'
    text += '2026-02-02 * "x" #tag1/0 ^link1/0\n  Assets:Companies:Bakery:A  -8/01 HOUR\n  Assets:Members:Ada:Hours\n'
    assert load(text).codes == []


@pytest.mark.parametrize("name", ["fava-extra", "budget"])
def test_a_custom_without_values_is_an_error_for_conductor_and_for_beancount(name: str, tmp_path: object) -> None:
    """Beancount's own `pad` fails on it, and with it all checks that come after."""
    text = f'2026-02-01 event "a" "b"\n2026-02-02 custom "{name}"\n2026-02-03 custom "fava-option" "language" "en"\n'
    region = REGION + "other_customs: [budget]\n"
    books = load(text, region=region)
    assert [(error.code, error.line) for error in books.books.errors] == [("wrong-values", 2)]
    folder = write(tmp_path, text, region=region, head=HEAD, prelude=PRELUDE)  # type: ignore[arg-type]
    _, errors, _ = loader.load_file(str(folder / "main.beancount"))
    assert [error.source["lineno"] for error in errors] == [2]
