"""The canonical layout of Beancount text: white space changes, and nothing else."""

from __future__ import annotations

import textwrap

import pytest
from fava.core.misc import align
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conductor_bean.domain.columns import CURRENCY_COLUMN
from conductor_bean.formatting.layout import canonical
from conductor_bean.formatting.rewriting import NotFormattableError, formatted

UNTIDY = """\



;; March   2026
* A heading   of org-mode "with one quote
2026-03-02  *  "Ada"   "3 loaves;  so  fresh"  ^bread-2026   ;   her card
 quantity:    3
      note:   "two  blanks
   and a line"
 Assets:Members:Ada:Hours   -4.50 HOUR
      transfer:  "private_consumption"
      ; of the posting
 ; of the transaction
 !  Liabilities:Companies:Bakery:PRD     (1.5 + 3)   HOUR ;ok
2026-03-03 open   Assets:PettyCash EUR,  USD   "STRICT"
2026-03-04 balance Assets:PettyCash   12 ~  0.5   EUR


2026-03-04 price EUR 1.10  USD
2026-03-05 custom  "member"   "Cyd"
\tname:"Cyd"
2026-03-06 * "Bob" "buys"
  Assets:Shares  2 ACME {10.00 EUR,  2026-01-01} @  11 EUR
  Assets:PettyCash
  #seen  ^letter

pushtag   #trip
pushmeta  place:   "here"
"""

TIDY = """\
;; March   2026
* A heading   of org-mode "with one quote
2026-03-02 * "Ada" "3 loaves;  so  fresh" ^bread-2026  ;   her card
  quantity: 3
  note: "two  blanks
   and a line"
  Assets:Members:Ada:Hours                            -4.50 HOUR
    transfer: "private_consumption"
    ; of the posting
  ; of the transaction
  ! Liabilities:Companies:Bakery:PRD              (1.5 + 3) HOUR  ;ok

2026-03-03 open Assets:PettyCash                            EUR, USD "STRICT"
2026-03-04 balance Assets:PettyCash                12 ~ 0.5 EUR

2026-03-04 price EUR                                   1.10 USD
2026-03-05 custom "member" "Cyd"
  name: "Cyd"

2026-03-06 * "Bob" "buys"
  Assets:Shares                                           2 ACME {10.00 EUR, 2026-01-01} @ 11 EUR
  Assets:PettyCash
  #seen ^letter

pushtag #trip
pushmeta place: "here"
"""


def test_an_untidy_text_becomes_tidy() -> None:
    assert canonical(UNTIDY) == TIDY
    assert formatted(UNTIDY.encode()) == TIDY.encode()


def test_every_commodity_stands_in_the_column_that_favas_editor_uses() -> None:
    columns = [line.index(" HOUR") + 2 for line in TIDY.splitlines() if " HOUR" in line]
    assert columns == [CURRENCY_COLUMN, CURRENCY_COLUMN]


def test_favas_editor_leaves_postings_where_they_are() -> None:
    text = "".join(
        f"{line}\n" for line in TIDY.splitlines() if line.startswith(("  A", "  L", "  !")) and "(" not in line
    )
    assert text.count("\n") == 3
    assert align(text, 61) == text


def laid_out(text: str) -> str:
    return formatted(textwrap.dedent(text).encode()).decode()


@pytest.mark.parametrize(
    "posting",
    [
        "  Assets:Ada -(1+2)/3 HOUR",
        "  Assets:Ada - 5 HOUR",
        "  Assets:Ada 5HOUR",
        "  Assets:Ada 1,000.00 HOUR",
        "  Assets:Ada 10/3 HOUR",
        "  Assets:Ada 10 /6J",
        "  Assets:Ada 10/6J",
        "  Assets:Ada 5 V",
        "  Assets:Ada HOUR",
        "  Assets:Ada 5",
        "  Assets:Ada",
        "  Assets:Ada {} @ 5 USD",
        "  Assets:Ada 1 HOUR{{10 # 2 USD}}@@ 5 USD",
        '  Assets:Ada 1 HOUR {"a  lot", *}',
        "  * Assets:Ada 1 HOUR",
        "  !Assets:Ada 1 HOUR",
        "  P Assets:Ada 1 HOUR",
        "  # Assets:Ada 1 HOUR",
        "  Assets:Größe:日本 1 HOUR",
        f"  Assets:{'Long-' * 20}Name 1 HOUR",
    ],
)
def test_whatever_a_posting_may_hold_keeps_its_meaning(posting: str) -> None:
    text = f'2026-01-01 * "x"\n{posting}\n  Equity:Rest\n'
    once = formatted(text.encode())
    assert formatted(once) == once
    assert "".join(once.decode().split()) == "".join(text.split())


def test_wide_letters_take_two_columns() -> None:
    text = laid_out('2026-01-01 * "x"\n  Assets:日本 1 HOUR\n  Equity:Rest  -1 HOUR\n')
    wide, narrow = text.splitlines()[1:]
    assert narrow.index("HOUR") - wide.index("HOUR") == 2


def test_one_long_account_moves_no_other_line() -> None:
    short = '2026-01-01 * "x"\n  Assets:Ada 1 HOUR\n  Equity:Rest -1 HOUR\n'
    long = f'\n2026-01-02 * "x"\n  Assets:{"Long-" * 20}Name 1 HOUR\n  Equity:Rest -1 HOUR\n'
    assert laid_out(short + long).startswith(laid_out(short))
    assert f"{'Long-' * 20}Name  1 HOUR\n" in laid_out(short + long)


def test_strings_and_comments_keep_their_white_space_and_their_line_ends() -> None:
    text = '2026-01-01 query "a  b" "\r\n  SELECT  x  \r\n\r\n\r\n  ; no comment\t"\r\n;\tkept  as it is\r\n'
    assert canonical(text) == text.replace('"\r\n;', '"\n;').replace("is\r\n", "is\n")
    assert formatted(text.encode()) == canonical(text).encode()


def test_carriage_returns_and_a_byte_order_mark_go() -> None:
    text = '2026-01-01 * "x"\r\n  Assets:Ada 1 HOUR\r\n  Equity:Rest\r\n'
    right = canonical(text.replace("\r", "")).encode()
    assert formatted(b"\xef\xbb\xbf" + text.encode()) == right
    assert formatted(b"\xef\xbb\xbf" + right) == right


def test_a_carriage_return_indents_nothing() -> None:
    assert laid_out("\r; a comment\n\r2026-01-01 open Assets:Ada\n") == "; a comment\n2026-01-01 open Assets:Ada\n"


def test_comments_stay_where_they_stand() -> None:
    text = """\
        ; before

        2026-01-01 * "x"
          ; first of all
          Assets:Ada                                                1 HOUR
            ; of this posting
          Equity:Rest
          ; last of all
        ; after
        ; the last entry
        """
    tidy = textwrap.dedent(text).replace("                                                1", " " * 47 + "1")
    assert laid_out(text) == canonical(tidy)
    assert [line.split() for line in laid_out(text).splitlines()] == [line.split() for line in tidy.splitlines()]
    assert laid_out(text).endswith("  ; last of all\n; after\n; the last entry\n")


@pytest.mark.parametrize("text", ["", "\n", "\n \n\t\r\n", "; only a comment"])
def test_a_text_without_entries(text: str) -> None:
    assert canonical(text) == (f"{text}\n" if text.strip() else "")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'2026-01-01 * "x"\n<<<<<<< HEAD\n  Assets:A\n=======\n>>>>>>> theirs\n', 2, "merge conflict"),
        (b'; one\n2026-01-01 * "half\n  Assets:Ada 1 HOUR\n', 2, "does not parse"),
        (b"2026-01-01 open Assets:Ada\n; \xe4\n", 2, "0xE4 is no UTF-8"),
        ("2026-01-01 open Assets:Ada\n".encode("utf-16"), 1, "UTF-16"),
        (b"; one\n; two \0\n", 2, "NUL"),
        (b"2026-01-01 open Assets:Ada\n\n  ; indented\n", 3, "does not parse"),
        (b'2026-01-01 open Assets:Ada\n  lineno: "x"\n2026-01-01 open Assets:Bob\n', 1, "Beancount fails"),
    ],
)
def test_what_does_not_parse_is_refused_with_its_line(content: bytes, line: int, said: str) -> None:
    with pytest.raises(NotFormattableError, match=said) as refusal:
        formatted(content)
    assert refusal.value.line == line


@pytest.mark.parametrize("number", ["0/0", "1/0"])
def test_a_division_by_zero_is_refused_and_does_not_end_the_process(number: str) -> None:
    with pytest.raises(NotFormattableError, match="does not parse"):
        formatted(f'2026-01-01 * "x"\n  Assets:Ada  {number} HOUR\n  Equity:Rest\n'.encode())


# Any text at all

SPACE = st.sampled_from([" ", "  ", "\t", " \t  "])
HEADS = st.sampled_from(
    [
        '2026-01-01 * "a  b" "c" ^l #t',
        '2026-01-01 txn "a\n b;"',
        "2026-01-01 !",
        '2026-01-01 P "x"',
        "2026-01-01 balance Assets:Ada 5 ~ 0.1 HOUR",
        '2026-01-01 open Assets:Ada HOUR,USD "NONE"',
        "2026-01-01 price HOUR 5 USD",
        '2026-01-01 custom "x" "y" 5 HOUR TRUE Assets:A',
        '2026-01-01 query "n" "\n  S  q ; "',
        '2026-01-01 note Assets:Ada "x" #t',
        "2026-01-01 pad Assets:Ada Equity:O",
    ]
)
OTHERS = st.sampled_from(
    ["", "", "; c", ';c "', '* h "', "#+x", "pushtag #x", "poptag #x", 'include "x"', 'option "title" "a  b"']
)
DATA = st.sampled_from(['  key: "a;  b"', "    key: 5 HOUR", "  key:", "  k-y:Assets:Ada", "  ; c", '    ;  "c'])
POSTINGS = st.sampled_from(
    [
        "  Assets:Ada 5 HOUR",
        "    ! Assets:Ada (1+2)/3 HOUR {10 USD} @ 3 USD",
        " Assets:Ada",
        "  A Assets:Ada 5 V ; x",
        "\tAssets:日本 1 /6J",
        "  Assets:Ada 10/3 USD ;c",
        "  #t ^l",
    ]
)


@st.composite
def ledgers(draw: st.DrawFn) -> str:
    """A text that Beancount parses, more or less, with white space wherever it may stand."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        head = draw(HEADS)
        lines.append(head)
        transaction = head[11:14] in ("txn", "!", "* ", '* "', 'P "')
        lines += draw(st.lists(DATA | POSTINGS if transaction else DATA, max_size=5))
        lines += draw(st.lists(OTHERS, max_size=3))
    text = draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n \n"]))
    words = text.split(" ")
    return words[0] + "".join((draw(SPACE) if word else " ") + word for word in words[1:])


@settings(max_examples=250, deadline=None)
@given(ledgers())
def test_the_layout_never_changes_the_meaning(text: str) -> None:
    try:
        once = formatted(text.encode())
    except NotFormattableError as refusal:
        assert "does not parse" in str(refusal)  # noqa: PT017 - anything else is a fault of ours
        return
    assert formatted(once) == once


@settings(max_examples=250, deadline=None)
@given(st.text(st.sampled_from('a1AZ:;"\\#*!%^-/@{}~,. \t\r\n\xa0日\x0c\u2028\ufeff'), max_size=60) | st.text())
@example('a"b\n"c')
def test_the_layout_of_the_layout_is_the_layout_of_any_text(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert "".join(once.split()) == "".join(text.split())
    assert once == "" or once.endswith("\n")
