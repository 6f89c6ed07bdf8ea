"""The fifteen rows of the table: each works, its reverse and its neighbours are refused.

What the seed's table says is written out here by hand, so that a change of `transfers.yaml` cannot go unseen.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
import yaml

from tests.support import PARTIES, Loaded, check, ledger, load, plan

D = Decimal

SEED = {
    "credit_p": ("prd", "p", False),
    "credit_r": ("prd", "r", False),
    "credit_a": ("prd", "a", False),
    "credit_public_p": ("psf", "p", False),
    "credit_public_r": ("psf", "r", False),
    "credit_public_a": ("psf", "a", False),
    "private_consumption": ("member", "prd", True),
    "private_consumption_of_basic_service": ("member", "member", True),
    "productive_consumption_p": ("p", "prd", True),
    "productive_consumption_r": ("r", "prd", True),
    "productive_consumption_of_basic_service": ("r", "member", True),
    "compensation_for_coop": ("prd", "cooperation", False),
    "compensation_for_company": ("cooperation", "prd", False),
    "work_certificates": ("a", "member", True),
    "taxes": ("member", "psf", False),
}
"""Debit, credit, and whether a person records it, by name."""

KINDS = ("p", "r", "a", "prd", "member", "psf", "cooperation")
RECORDED = {(debit, credit): name for name, (debit, credit, recorded) in SEED.items() if recorded}
DERIVED = {(debit, credit) for debit, credit, recorded in SEED.values() if not recorded}

PRELUDE = (
    PARTIES
    + plan("bread", "Bakery", p=100, r=500, a=900)
    + plan("flour", "Mill", p=200, r=300, a=500)
    + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
    + '2026-01-01 custom "cooperation" "Flour" "Mill"\n'
    + '2026-01-01 custom "basic-service" "cut" "Ada"\n'
)

ACCOUNTS = {
    # Two of each kind, so that a pair of one kind has two owners; the planner and provider is on the credit side.
    "p": ("Assets:Companies:Mill:P", "Assets:Companies:Bakery:P"),
    "r": ("Assets:Companies:Mill:R", "Assets:Companies:Bakery:R"),
    "a": ("Assets:Companies:Mill:A", "Assets:Companies:Bakery:A"),
    "prd": ("Liabilities:Companies:Mill:PRD", "Liabilities:Companies:Bakery:PRD"),
    "member": ("Assets:Members:Bob:Hours", "Assets:Members:Ada:Hours"),
    "psf": ("Equity:PSF", "Equity:PSF"),
    "cooperation": ("Equity:Cooperations:Flour", "Equity:Cooperations:Bread"),
}


def expected_code(debit: str, credit: str) -> str:
    if (debit, credit) in RECORDED:
        return ""
    if (debit, credit) in DERIVED:
        return "derived-without-cause"
    if (debit, credit) == ("member", "a"):
        return "hours-worked-must-be-positive"
    return "forbidden-transfer"


def event(debit: str, credit: str, *, transfer: str = "", amount: str = "3") -> str:
    """Return a transaction between two kinds that would hold if the pair were allowed: 2 loaves or 3 hours."""
    charged, credited = ACCOUNTS[debit][0], ACCOUNTS[credit][1]
    if (debit, credit) == ("a", "member"):
        charged = ACCOUNTS["a"][1]  # Ada works at the Bakery
    link = " ^bread" if credit == "prd" else " ^cut" if credit == "member" and debit != "a" else ""
    quantity = "  quantity: 2\n" if credit == "prd" else ""
    claim = f'    transfer: "{transfer}"\n' if transfer else ""
    return (
        f'2026-02-01 * "{debit} to {credit}"{link}\n{quantity}'
        f"  {charged}  -{amount} HOUR\n{claim}  {credited}  {amount} HOUR\n{claim}"
    )


@functools.cache
def all_pairs(amount: str) -> tuple[Loaded, dict[int, tuple[str, str]]]:
    """Every pair of kinds in one ledger; returns it with the pair that stands at each line."""
    text, lines = "", {}
    for debit in KINDS:
        for credit in KINDS:
            lines[text.count("\n") + 1] = (debit, credit)
            text += event(debit, credit, amount=amount)
    return load(text, prelude=PRELUDE), lines


@pytest.mark.parametrize("credit", KINDS)
@pytest.mark.parametrize("debit", KINDS)
def test_every_pair_of_kinds_is_allowed_or_refused_as_the_table_says(debit: str, credit: str) -> None:
    found, lines = all_pairs("3")
    (start,) = [line for line, pair in lines.items() if pair == (debit, credit)]
    end = min((line for line in lines if line > start), default=10**6)
    codes = [code for _, line, code in found.errors if start <= line < end]
    expected = expected_code(debit, credit)
    assert codes == ([expected] if expected else [])
    if not expected:
        name = RECORDED[debit, credit]
        assert (name, ACCOUNTS[credit][1], D(3)) in [(t, c, amount) for t, _, c, amount in found.transfers(name)]


@pytest.mark.parametrize("credit", KINDS)
@pytest.mark.parametrize("debit", KINDS)
def test_nothing_is_allowed_that_is_not_by_an_amount_of_zero(debit: str, credit: str) -> None:
    found, lines = all_pairs("0")
    (start,) = [line for line, pair in lines.items() if pair == (debit, credit)]
    end = min((line for line in lines if line > start), default=10**6)
    codes = [code for _, line, code in found.errors if start <= line < end]
    # Bread costs something, work and services are positive; a zero has no sign, so the kinds decide what was meant.
    pairs = [pair for pair in ((debit, credit), (credit, debit)) if pair in RECORDED]
    allowed = {
        "private_consumption": "wrong-amount",
        "productive_consumption_p": "wrong-amount",
        "productive_consumption_r": "wrong-amount",
        "work_certificates": "hours-worked-must-be-positive",
        "private_consumption_of_basic_service": "service-hours-must-be-positive",
        "productive_consumption_of_basic_service": "service-hours-must-be-positive",
    }
    if pairs and pairs[0] == (debit, credit):
        assert codes == [allowed[RECORDED[pairs[0]]]]
    else:
        assert len(codes) == 1, codes


def test_the_table_is_the_seeds_to_the_letter() -> None:
    text = (resources.files("conductor_bean") / "transfers.yaml").read_text("utf-8")
    rows: list[dict[str, Any]] = [row for row in yaml.safe_load(text) if row["seed"] == "workers-control"]
    assert {row["name"]: (row["debit"], row["credit"], row["recorded"]) for row in rows} == SEED
    assert {row["commodity"] for row in rows} == {"HOUR"}
    assert all(row["explanation"] and row["condition"] for row in rows)


SEED_SENTENCES = {
    "credit_p": "On approval of a productive plan, the planned hours for fixed means of production are subtracted from "
    "the PRD account of the company and added to the P account of the company.",
    "credit_public_a": "On approval of a public plan, the planned hours for labour are subtracted from the PSF account "
    "and added to the A account of the company.",
    "private_consumption": "On private consumption, the cost of the product (the cooperative price, if applicable) is "
    "subtracted from the consuming member's account and added to the PRD account of the producing company.",
    "compensation_for_company": "On private or productive consumption, if the consumed plan was underproductive, the "
    "delta between cooperative price and individual product cost is subtracted from the cooperation account and added "
    "to the PRD account of the planning company.",
    "work_certificates": "On registration of worked hours, the hours are subtracted from the A account of the company "
    "and added to the member's account.",
}


@pytest.mark.parametrize("name", SEED_SENTENCES)
def test_explanations_are_the_seeds_own_words(name: str) -> None:
    text = (resources.files("conductor_bean") / "transfers.yaml").read_text("utf-8")
    (row,) = [row for row in yaml.safe_load(text) if row["name"] == name]
    assert row["explanation"].replace("’", "'") == SEED_SENTENCES[name]


@pytest.mark.parametrize("name", [name for name, (_, _, recorded) in SEED.items() if recorded])
def test_each_recorded_row_may_be_named_and_no_other_name_will_do(name: str) -> None:
    debit, credit, _ = SEED[name]
    assert load(event(debit, credit, transfer=name), prelude=PRELUDE).books.errors == []
    for other in SEED:
        if other != name:
            found = load(event(debit, credit, transfer=other), prelude=PRELUDE)
            assert len(found.codes) == 1, other
            assert found.codes[0] in ("transfer-contradicts-accounts", "derived-without-cause"), other


@pytest.mark.parametrize("name", [name for name, (_, _, recorded) in SEED.items() if not recorded])
def test_each_derived_row_is_refused_without_its_cause_whatever_the_tags_say(name: str) -> None:
    debit, credit, _ = SEED[name]
    plain = event(debit, credit, transfer=name).replace(" ^bread", "")
    for text in (plain, plain.replace('"\n', '" #derived\n', 1)):
        assert load(text, prelude=PRELUDE).codes == ["derived-without-cause"]


def test_a_refused_pair_says_what_would_be_allowed() -> None:
    found = check(
        """
        2026-02-01 * "a present of the mill" ; ! forbidden-transfer
          Assets:Companies:Mill:P    -3 HOUR
          Assets:Members:Ada:Hours    3 HOUR
        """,
        prelude=PRELUDE,
    )
    assert "p -> member" in found.message("forbidden-transfer")
    assert "productive_consumption_p" in found.message("forbidden-transfer")


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        # Within one company nothing moves by hand, least of all hours between its own accounts.
        ("Assets:Companies:Mill:P", "Assets:Companies:Mill:R"),
        ("Assets:Companies:Mill:R", "Assets:Companies:Mill:A"),
        ("Assets:Companies:Mill:A", "Assets:Companies:Mill:P"),
        ("Assets:Companies:Mill:A", "Liabilities:Companies:Mill:PRD"),
        # Certificates do not circulate: no gifts of hours without a service, none to companies but for their products.
        ("Assets:Members:Bob:Hours", "Assets:Companies:Mill:R"),
        ("Assets:Members:Bob:Hours", "Equity:Cooperations:Bread"),
        ("Assets:Companies:Mill:P", "Assets:Companies:Bakery:P"),
        ("Equity:PSF", "Assets:Members:Bob:Hours"),
    ],
)
def test_forbidden_neighbours(debit: str, credit: str) -> None:
    text = f'2026-02-01 * "x" ; ! forbidden-transfer\n  {debit}  -1 HOUR\n  {credit}  1 HOUR\n'
    check(text, prelude=PRELUDE)


@ledger(prelude=PRELUDE)
def test_a_gift_of_hours_between_members_is_refused(books: Loaded) -> None:
    """
    2026-02-01 * "a gift" ; ! missing-link
      Assets:Members:Bob:Hours   -1 HOUR
      Assets:Members:Ada:Hours    1 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0
