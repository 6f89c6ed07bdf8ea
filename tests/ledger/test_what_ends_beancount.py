"""What makes Beancount itself crash is an error of conductor, with its line, so that the verdicts agree."""

from __future__ import annotations

import pytest
from beancount import loader

from conductor_bean.ledger.admission.arithmetic import division_by_zero
from tests.support import HEAD, PRELUDE, REGION, load, write


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-02 balance Assets:Members:Ada:Hours  1/0 HOUR",
        "2026-02-02 price HOUR  1 / 0.00 RSC",
        "2026-02-02 price HOUR  (1+2)/(-0) RSC",
        '2026-02-02 custom "fava-budget" 1/0',
        '2026-02-02 custom "fava-budget" "a; b" 12/ 0',
        "2026-02-02 price HOUR  1/(1-1) RSC",
        "2026-02-02 price HOUR  2 * 3 / -(2 - 1 * 2) RSC",
        "2026-02-02 price HOUR  1/(1/(3-2-1)) RSC",
        "2026-02-02 price HOUR  0/((1,000.0 - 10*100)) RSC",
        "2026-02-02 price HOUR  5/(1/3 - 1/3) RSC",
        '2026-02-02 custom "fava-budget" 1 2 / (4 - 2*2) "a"',
        '2026-02-02 custom "fava-budget" (1/(0*7',
    ],
)
def test_a_division_by_zero_is_told_with_its_line(line: str) -> None:
    books = load(f'; 1/0 in a comment\n2026-02-01 event "a" "1/0\n in a text"\n{line}\n')
    assert books.books.errors[0].code == "division-by-zero"
    assert (books.books.errors[0].file.rsplit("/", 1)[-1], books.books.errors[0].line) == ("doc.beancount", 4)


def test_what_looks_like_one_is_none() -> None:
    text = '2026/02/01 event "a/0" "1/0"\n2026-02-01 event "b" "\\"1/0" ; 1/0\n* a heading 1/0\n'
    text += '2026-02-02 * "x" #tag1/0 ^link1/0\n  Assets:Companies:Bakery:A  -8/01 HOUR\n  Assets:Members:Ada:Hours\n'
    text += "2026-02-03 price HOUR  1/(2-1)/(0.5*4)-(1-1) RSC\n2026-02-03 price HOUR  6/(0-3)+(2-2)/(1) RSC\n"
    assert load(text).codes == []


@pytest.mark.parametrize(
    "line", ["1/(" * 100_000 + "1" + ")" * 100_000, "1/" * 300_000 + "(1)", "-" * 500_000 + "1/(1)"]
)
def test_arithmetic_without_end_is_looked_at_once(line: str) -> None:
    assert division_by_zero(f"2026-02-02 price HOUR  {line} RSC\n".encode()) is None


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
