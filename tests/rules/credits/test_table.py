"""Every row of the table of part B: its accounts, and every pair of kinds that is not among them.

What RULES.md says is written out here by hand, so that a change of `transfers.yaml` cannot go unseen.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from itertools import product
from typing import Any

import pytest
import yaml

from tests.rules.credits.region import FUNDED, PLAIN, move
from tests.support import Loaded, check, load

MEMBER, COMPANY = "member_wallet", "company_wallet"
TREASURY, POOL, BANK, CLAIM, DEBT = "treasury", "pool", "bank", "claim", "debt"
ISSUANCE, OUTSIDE, CLEARING = "issuance", "outside", "clearing"
KINDS = (MEMBER, COMPANY, TREASURY, POOL, BANK, CLAIM, DEBT, ISSUANCE, OUTSIDE, CLEARING)

RECORDED: dict[str, set[tuple[str, str]]] = {
    "gift": {(MEMBER, MEMBER)},
    "purchase": {(MEMBER, COMPANY), (COMPANY, COMPANY)},
    "external_sale": {(OUTSIDE, COMPANY)},
    "external_purchase": {(MEMBER, OUTSIDE), (COMPANY, OUTSIDE)},
    "surcharge": {(OUTSIDE, TREASURY), (CLEARING, TREASURY)},
    "loan_repayment": {(MEMBER, BANK), (COMPANY, BANK)},
    "outside_loan": {(OUTSIDE, COMPANY)},
    "outside_repayment": {(COMPANY, OUTSIDE)},
    "subsidy": {(TREASURY, COMPANY)},
    "upkeep": {(TREASURY, COMPANY), (TREASURY, OUTSIDE)},
    "issue": {(ISSUANCE, TREASURY), (ISSUANCE, BANK)},
    "retire": {(TREASURY, ISSUANCE), (BANK, ISSUANCE)},
    "capitalization": {(TREASURY, BANK)},
    "acquisition": {(COMPANY, OUTSIDE), (COMPANY, COMPANY)},
    "property_purchase": {(TREASURY, MEMBER), (TREASURY, COMPANY), (TREASURY, OUTSIDE)},
    "property_sale": {(MEMBER, TREASURY), (COMPANY, TREASURY), (OUTSIDE, TREASURY)},
    "pooling": {(TREASURY, POOL), (CLEARING, POOL)} | {(POOL, kind) for kind in (COMPANY, OUTSIDE, CLEARING, TREASURY)},
    "interregional_purchase": {(MEMBER, CLEARING), (COMPANY, CLEARING)},
    "interregional_sale": {(CLEARING, COMPANY)},
    "interregional_gift": {(MEMBER, CLEARING), (CLEARING, MEMBER)},
    "settlement": {(TREASURY, CLEARING), (CLEARING, TREASURY)},
}  # fmt: skip
DERIVED: dict[str, set[tuple[str, str]]] = {
    "wage": {(COMPANY, MEMBER), (COMPANY, TREASURY)},  # in arrears, of a member who has left
    "income_tax": {(MEMBER, TREASURY)},
    "sales_tax": {(COMPANY, TREASURY)},
    "sales_tax_refund": {(TREASURY, COMPANY)},
    "rent": {(MEMBER, TREASURY), (COMPANY, TREASURY)},
    "outsider_rent": {(OUTSIDE, TREASURY)},
    "loan": {(BANK, MEMBER), (BANK, COMPANY)},
    "loan_claim": {(DEBT, CLAIM)},
    "loan_interest": {(MEMBER, BANK), (COMPANY, BANK)},
    "loan_release": {(CLAIM, DEBT)},
    "profit_tax": {(COMPANY, TREASURY)},
    "tuition": {(MEMBER, COMPANY)},
    "bank_surplus": {(BANK, TREASURY)},
    "dividend": {(TREASURY, MEMBER)},
    "liquidation": {(COMPANY, BANK), (COMPANY, TREASURY)},
}

ACCOUNTS = {
    MEMBER: ("Assets:Members:Ada:Wallet", "Assets:Members:Bob:Wallet"),
    COMPANY: ("Assets:Companies:Bakery:Wallet", "Assets:Companies:School:Wallet"),
    TREASURY: ("Assets:Region:Treasury",) * 2,
    POOL: ("Assets:Region:Pools:Commons", "Assets:Region:Pools:Transit"),
    BANK: ("Assets:Banks:PublicBank:Funds", "Assets:Banks:Union:Funds"),
    CLAIM: ("Assets:Banks:PublicBank:Loans", "Assets:Banks:Union:Loans"),
    DEBT: ("Liabilities:Members:Ada:Loans", "Liabilities:Companies:School:Loans"),
    ISSUANCE: ("Equity:Issuance",) * 2,
    OUTSIDE: ("Equity:Outside",) * 2,
    CLEARING: ("Assets:Regions:Lakeside:Clearing", "Assets:Regions:Hilltop:Clearing"),
}
PRELUDE = (
    FUNDED
    + '2026-01-01 custom "region" "Hilltop"\n'
    + '2026-01-01 custom "pool" "Transit"\n  with: "Lakeside"\n  purpose: "Trams"\n'
    + move(ACCOUNTS[TREASURY][0], ACCOUNTS[POOL][0], 100, by="carla")
)

NEEDS_A_LINK = {
    "loan_repayment",
    "property_purchase",
    "property_sale",
    "outside_loan",
    "outside_repayment",
    "acquisition",
}

PAIRS = [(debit, credit) for debit in KINDS for credit in KINDS]


def rows_between(rows: dict[str, set[tuple[str, str]]], pair: tuple[str, str]) -> list[str]:
    return sorted(name for name, pairs in rows.items() if pair in pairs)


OF_VERSION_2 = {"upkeep"}
"""Rows that the accounts alone do not mean in a region whose table is of version 1."""


def expected_code(pair: tuple[str, str]) -> str:
    """Return the code of a transfer without `transfer:`, link or anything but an accountant, "" where it is allowed."""
    names = [name for name in rows_between(RECORDED, pair) if name not in OF_VERSION_2]
    if "purchase" in names:
        return "forbidden-transfer"  # a direct transfer
    if len(names) > 1:
        return "ambiguous-transfer"
    if not names:
        return "derived-without-cause" if rows_between(DERIVED, pair) else "forbidden-transfer"
    return "missing-link" if names[0] in NEEDS_A_LINK else ""


def event(pair: tuple[str, str], amount: int = 3, transfer: str = "") -> str:
    debit, credit = ACCOUNTS[pair[0]][0], ACCOUNTS[pair[1]][1]
    return move(debit, credit, amount, date="2026-01-02", by="carla", transfer=transfer, says=" to ".join(pair))


@functools.cache
def all_pairs(amount: int) -> tuple[Loaded, dict[int, tuple[str, str]]]:
    """Every pair of kinds in one ledger; returns it with the pair that stands at each line."""
    text, lines = "", {}
    for pair in PAIRS:
        lines[text.count("\n") + 1] = pair
        text += event(pair, amount)
    return load(text, region=PLAIN, prelude=PRELUDE), lines


LOANS = {CLAIM, DEBT}
"""Only releases of loans may be written down on these, which they are without a word."""


def codes_at(amount: int, pair: tuple[str, str]) -> list[str]:
    found, lines = all_pairs(amount)
    (start,) = [line for line, other in lines.items() if other == pair]
    end = min((line for line in lines if line > start), default=10**6)
    return [code for file, line, code in found.errors if file == "doc.beancount" and start <= line < end]


@pytest.mark.parametrize("pair", PAIRS, ids="-to-".join)
def test_every_pair_of_kinds_is_allowed_or_refused_as_the_table_says(pair: tuple[str, str]) -> None:
    expected = expected_code(pair)
    if LOANS & set(pair):
        assert codes_at(3, pair) in ([expected], ["unbalanced-transaction"], ["derived-without-cause"])
    else:
        assert codes_at(3, pair) == ([expected] if expected else [])


def test_the_prelude_of_these_tests_holds() -> None:
    found, _ = all_pairs(3)
    assert [error for error in found.errors if error[0] != "doc.beancount"] == []


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if expected_code(pair)], ids="-to-".join)
def test_an_amount_of_zero_opens_no_way_that_is_closed(pair: tuple[str, str]) -> None:
    # A zero has no sign, so its direction follows from the kinds; a pair that is open in neither direction stays shut.
    if not rows_between(RECORDED, (pair[1], pair[0])):
        assert len(codes_at(0, pair)) == 1


def rows() -> list[dict[str, Any]]:
    text = (resources.files("conductor_bean") / "transfers.yaml").read_text("utf-8")
    return [row for row in yaml.safe_load(text) if row["seed"] == "conductor"]


def kinds(value: str) -> list[str]:
    names = re.split(", | or ", value)
    return [kind for name in names for kind in ((MEMBER, COMPANY) if name == "wallet" else (name,))]


def test_the_table_has_these_rows_and_no_others() -> None:
    pairs: dict[str, set[tuple[str, str]]] = {}
    for row in rows():
        pairs.setdefault(row["name"], set()).update(product(kinds(row["debit"]), kinds(row["credit"])))
    assert pairs == {
        **RECORDED,
        **DERIVED,
        "liquidation": DERIVED["liquidation"] | {(COMPANY, COMPANY), (COMPANY, OUTSIDE)},
    }
    assert {row["commodity"] for row in rows()} == {"RSC"}
    assert all(row["explanation"] and row["condition"] for row in rows())


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_each_derived_row_is_refused_without_its_cause_whatever_the_tags_say(name: str) -> None:
    for debit, credit in sorted(DERIVED[name]):
        plain = event((debit, credit), transfer=name)
        for text in (plain, plain.replace('"\n', '" #derived\n', 1)):
            assert load(text, region=PLAIN, prelude=PRELUDE).codes == ["derived-without-cause"], (debit, credit)


@pytest.mark.parametrize("name", sorted({*RECORDED, *DERIVED}))
def test_no_row_may_be_named_on_accounts_of_other_kinds(name: str) -> None:
    own = RECORDED.get(name, set()) | DERIVED.get(name, set())
    others = [pair for pair in PAIRS if pair not in own and not LOANS & set(pair)]
    found = load("".join(event(pair, transfer=name) for pair in others), region=PLAIN, prelude=PRELUDE)
    assert len(found.errors) == len(others)
    assert set(found.codes) <= {"forbidden-transfer", "transfer-contradicts-accounts", "derived-without-cause"}


def test_a_refused_pair_says_what_would_be_allowed() -> None:
    found = load(event((POOL, MEMBER)), region=PLAIN, prelude=PRELUDE)
    message = found.message("forbidden-transfer")
    assert "pool -> member_wallet" in message
    assert "pooling" in message


def test_an_ambiguous_pair_names_the_rows_among_which_to_choose() -> None:
    found = load(event((OUTSIDE, COMPANY)), region=PLAIN, prelude=PRELUDE)
    assert "external_sale" in found.message("ambiguous-transfer")
    assert "outside_loan" in found.message("ambiguous-transfer")


def test_a_transfer_may_be_named_on_the_transaction_or_on_each_leg() -> None:
    on_legs = event((OUTSIDE, COMPANY)).replace("RSC\n", 'RSC\n    transfer: "external_sale"\n')
    for text in (event((OUTSIDE, COMPANY), transfer="external_sale"), on_legs):
        check(text, region=PLAIN, prelude=PRELUDE)


def test_hours_are_not_exchanged_for_credits() -> None:
    text = """
2026-01-02 * "an hour for 20 credits"
  Assets:Members:Ada:Hours    -1 HOUR
  Assets:Members:Bob:Wallet   20 RSC
2026-01-02 * "each in its own commodity, but two events in one"
  Assets:Companies:Bakery:A        -1 HOUR
  Assets:Members:Ada:Hours          1 HOUR
  Assets:Members:Bob:Wallet        -3 RSC
  Assets:Members:Ada:Wallet         3 RSC
2026-01-02 * "credits where hours belong"
  Assets:Companies:Bakery:A        -3 RSC
  Assets:Members:Ada:Wallet         3 RSC
"""
    codes = load(text, region=PLAIN, prelude=PRELUDE).codes
    assert codes == ["unbalanced-transaction", "ambiguous-legs", "wrong-commodity"]
