"""What an edition says is read back by Beancount as it was said, whatever somebody called something."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.amounts import Commodity
from conductor_bean.publish.entries import Entry
from conductor_bean.publish.ledger_text import (
    Directive,
    Value,
    accounts_text,
    directive_text,
    entry_text,
    main_text,
    quoted,
)

DAY = datetime.date(2026, 3, 31)
HOUR = Commodity("HOUR", 2)

HOSTILE = (
    'a "quoted" loaf',
    "a\\",
    '\\"',
    "\\n is no line",
    "{{ x }} ${y} %s",
    "; no comment",
    "=SUM(A1)",
    "حليب \u202ertl\u202c",
    "日本のパン🍞",
    "#tag ^link @ 3 EUR",
    "x" * 20_000,
    "",
)
CONTROLS = ("two\nlines", "a\r\nb", "tab\there", "nul\0l", "bell\x07", "line separator", "\ud800 alone", "\x1b[31mred")


def read(text: str) -> list[Any]:
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    return list(entries)


def said(value: Value) -> list[Any]:
    """A custom directive with a value, and what Beancount reads."""
    (entry,) = read(directive_text(Directive(DAY, "plan", ("id", str(value)), (("product", value),))))
    assert isinstance(entry, data.Custom)
    return [entry.values[1].value, entry.meta["product"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_read_back_to_the_letter(text: str) -> None:
    plain = "".join(character if character.isprintable() else " " for character in text)
    assert said(text) == [plain, plain]


@pytest.mark.parametrize("text", CONTROLS)
def test_what_cannot_be_printed_becomes_a_space(text: str) -> None:
    line = directive_text(Directive(DAY, text, (text,), (("product", text),)))
    assert len(line.splitlines()) == 2
    assert all(character.isprintable() for character in line.replace("\n", ""))
    line.encode("utf-8")
    read(line)


@given(st.text(max_size=60))
def test_no_text_says_more_than_itself(text: str) -> None:
    value, meta = said(text)
    assert value == meta
    assert len(value) == len(text)
    assert all(mine == theirs or mine == " " for mine, theirs in zip(value, text, strict=True))


@pytest.mark.parametrize("value", [True, False, 0, 1000, -3, ("100.00", "HOUR"), ("-0.000000000001", "HOUR")])
def test_flags_counts_and_amounts_are_read_back(value: Value) -> None:
    (entry,) = read(directive_text(Directive(DAY, "plan", ("id",), (("product", value),))))
    found = entry.meta["product"]
    if isinstance(value, tuple):
        assert (f"{found.number:f}", found.currency) == value
    else:
        assert found == value


def entry(units: int = 1234, **changes: Any) -> Entry:
    accounts = {"debit": "Assets:Private:Members:Hours", "credit": "Equity:PSF"}
    given_ = {"date": DAY, "label": "taxes", "level": "type", "period": "2026-03", "economy": "HOUR"}
    return Entry(**(given_ | accounts | {"units": units, "transfers": 7} | changes))  # type: ignore[arg-type]


def test_a_total_is_a_transaction_that_balances_and_says_of_what_it_is() -> None:
    text = "2026-01-01 open Assets:Private:Members:Hours\n2026-01-01 open Equity:PSF\n" + entry_text(entry(), HOUR)
    (transaction,) = [e for e in read(text) if isinstance(e, data.Transaction)]
    assert (transaction.payee, transaction.narration) == ("taxes", "taxes to the Public Sector Fund, total of 2026-03")
    assert [(p.account, str(p.units)) for p in transaction.postings] == [
        ("Assets:Private:Members:Hours", "-12.34 HOUR"),
        ("Equity:PSF", "12.34 HOUR"),
    ]
    meta = {key: transaction.meta[key] for key in ("period", "transfer", "level", "transfers")}
    assert meta == {"period": "2026-03", "transfer": "taxes", "level": "type", "transfers": 7}
    assert transaction.links == transaction.tags == frozenset()


def test_what_is_told_in_full_says_so_and_of_which_day_where_it_came_late() -> None:
    told = entry_text(entry(level="in full", period=DAY.isoformat(), link="bread-2026"), HOUR)
    assert '"taxes to the Public Sector Fund" ^bread-2026\n' in told
    late = entry_text(entry(level="in full", period="2026-02-03"), HOUR)
    assert '"taxes to the Public Sector Fund, of 2026-02-03"\n' in late


@pytest.mark.parametrize(
    ("units", "digits", "expected"),
    [
        (1, 12, "0.000000000001"),
        (-1, 0, "-1"),
        (10**15, 0, "1" + "0" * 15),
        (10**28 - 1, 12, "9" * 16 + "." + "9" * 12),
    ],
)
def test_amounts_of_any_size_and_precision_are_exact(units: int, digits: int, expected: str) -> None:
    text = entry_text(entry(units), Commodity("STUNDE", digits))
    lines = text.splitlines()[-2:]
    assert lines[1].split()[1:] == [expected, "STUNDE"]
    assert lines[0].split()[1].lstrip("-") == expected.lstrip("-")
    read("2026-01-01 open Assets:Private:Members:Hours\n2026-01-01 open Equity:PSF\n" + text)


def test_both_legs_are_exact_beyond_the_digits_of_decimal_arithmetic() -> None:
    """Beancount itself adds up no more than 28 digits, ten thousand million million at the finest precision."""
    debit, credit = entry_text(entry(10**40 + 1), Commodity("STUNDE", 12)).splitlines()[-2:]
    assert debit.split()[1] == "-" + credit.split()[1] == "-1" + "0" * 28 + "." + "0" * 11 + "1"


def test_more_taken_back_than_done_still_balances() -> None:
    text = entry_text(entry(-500), HOUR)
    assert "  5.00 HOUR" in text
    assert " -5.00 HOUR" in text


@pytest.mark.parametrize("name", HOSTILE[:-1])
def test_the_title_may_be_any_name(name: str) -> None:
    text = main_text(f"{name}: public edition", ["HOUR", "RSC"], [], DAY, ["a note"])
    entries, errors, options = loader.load_string(text)
    assert errors == []
    assert options["title"] == "".join(c if c.isprintable() else " " for c in name) + ": public edition"
    assert options["operating_currency"] == ["HOUR", "RSC"]
    customs = [(e.type, e.values[0].value) for e in entries]
    assert ("fava-extension", "conductor_bean.fava") in customs
    assert ("fava-option", "default-page") in customs
    assert options["plugin"] == []


def test_accounts_are_opened_in_order_with_all_their_commodities() -> None:
    text = accounts_text({"Equity:PSF": ["HOUR"], "Assets:Private:Merged": ["HOUR", "RSC"]}, DAY)
    assert [line.split() for line in text.splitlines()] == [
        ["2026-03-31", "open", "Assets:Private:Merged", "HOUR,RSC"],
        ["2026-03-31", "open", "Equity:PSF", "HOUR"],
    ]


def test_quotes_stand_around_what_is_quoted() -> None:
    assert quoted('a "b" \\') == '"a \\"b\\" \\\\"'
