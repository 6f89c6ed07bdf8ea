"""LANGUAGE.md, "Derived legs and transactions": what the text holds already is verified instead of added."""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount.core import data
from beancount.parser import printer

from tests.rules.test_prices import TWO
from tests.support import HEAD, PARTIES, PRELUDE, Loaded, check, ledger, load, plan, work

D = Decimal


@ledger()
def test_recorded_derived_legs_that_are_right_are_not_added_again(books: Loaded) -> None:
    """
    2026-02-01 * "Sunrise Bakery" "Ada, 8 hours"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.60 HOUR
        transfer: "taxes"
    """
    (entry,) = [entry for entry in books.governed() if entry.payee == "Sunrise Bakery"]
    assert len(entry.postings) == 4
    assert entry.tags == {"derived"}
    assert books.balance("Assets:Members:Ada:Hours") == D("6.40")


@ledger()
def test_recorded_amounts_equal_the_computed_ones_exactly_else_the_error_states_both(books: Loaded) -> None:
    """
    2026-02-01 * "Ada, 8 hours"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Ada:Hours       -1.61 HOUR ; ! wrong-derived-amount
        transfer: "taxes"
      Equity:PSF                      1.61 HOUR
        transfer: "taxes"
    """
    assert "1.61" in books.message("wrong-derived-amount")
    assert "1.60" in books.message("wrong-derived-amount")


@ledger()
def test_of_an_event_all_derived_legs_are_recorded_or_none(books: Loaded) -> None:
    """
    2026-02-01 * "Bob's taxes are missing" ; ! wrong-derived-amount
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.60 HOUR
        transfer: "taxes"
    2026-02-02 * "half a transfer" ; ! unbalanced-transaction
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        6.40 HOUR
      Equity:PSF                      1.60 HOUR
        transfer: "taxes"
    """
    assert books.amounts("work_certificates") == []


@ledger()
def test_taxes_of_several_workers_may_share_one_summed_leg_of_the_fund_or_not(books: Loaded) -> None:
    """
    2026-02-01 * "shared"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Assets:Members:Bob:Hours       -0.80 HOUR
        transfer: "taxes"
      Equity:PSF                      2.40 HOUR
        transfer: "taxes"
    2026-02-02 * "one by one"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.60 HOUR
        transfer: "taxes"
      Assets:Members:Bob:Hours       -0.80 HOUR
        transfer: "taxes"
      Equity:PSF                      0.80 HOUR
        transfer: "taxes"
    2026-02-03 * "the sum is right, the shares are not"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
      Assets:Members:Ada:Hours       -0.80 HOUR ; ! wrong-derived-amount
        transfer: "taxes"
      Assets:Members:Bob:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      2.40 HOUR
        transfer: "taxes"
    """
    assert books.amounts("taxes") == [D("1.60"), D("0.80")] * 2


@ledger(prelude=TWO)
def test_a_recorded_compensation_is_verified(books: Loaded) -> None:
    """
    2026-01-03 * "right" ^cheap
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Bakery:PRD    2 HOUR
      Liabilities:Companies:Bakery:PRD   -1 HOUR
        transfer: "compensation_for_coop"
      Equity:Cooperations:Bread           1 HOUR
        transfer: "compensation_for_coop"
    2026-01-03 * "the other direction" ^cheap ; ! derived-without-cause
      quantity: 2
      Assets:Members:Ada:Hours           -4 HOUR
      Liabilities:Companies:Bakery:PRD    4 HOUR
      Equity:Cooperations:Bread          -2 HOUR
        transfer: "compensation_for_company"
      Liabilities:Companies:Bakery:PRD    2 HOUR
        transfer: "compensation_for_company"
    2026-01-03 * "another cooperation's account does not exist" ^cheap ; ! wrong-derived-amount
      quantity: 3
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
      Liabilities:Companies:Bakery:PRD   -3 HOUR
        transfer: "compensation_for_coop"
      Equity:Cooperations:Brot            3 HOUR
        transfer: "compensation_for_coop"
    2026-01-03 * "too much" ^cheap
      quantity: 4
      Assets:Members:Ada:Hours           -8 HOUR
      Liabilities:Companies:Bakery:PRD    8 HOUR
      Liabilities:Companies:Bakery:PRD   -4.01 HOUR
        transfer: "compensation_for_coop"
      Equity:Cooperations:Bread           4.01 HOUR ; ! wrong-derived-amount
        transfer: "compensation_for_coop"
    """
    assert books.amounts("compensation_for_coop") == [1]


@ledger()
def test_a_derived_leg_where_nothing_is_entailed_is_refused(books: Loaded) -> None:
    """
    2026-02-01 * "no cooperation" ^bread ; ! derived-without-cause
      quantity: 2
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
      Assets:Members:Ada:Hours           -1 HOUR
        transfer: "taxes"
      Equity:PSF                          1 HOUR
        transfer: "taxes"
    """
    assert books.amounts("private_consumption") == []


@ledger()
def test_taxes_that_do_not_say_what_they_are_are_ambiguous(books: Loaded) -> None:
    """
    2026-02-01 * "which is which?" ; ! ambiguous-legs
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        6.40 HOUR
      Equity:PSF                      1.60 HOUR
    """
    assert books.amounts("work_certificates") == []


# What a directive entails

APPROVED = """
2026-02-01 custom "plan" "cake" "Bakery"
  product: "Cake"
  quantity: 10
  fixed-means: 1 HOUR
  raw-materials: 2 HOUR
  labour: 3 HOUR
  days: 30
2026-02-01 custom "plan-approval" "cake"
  by: "carla"
"""


def credited(
    p: str = "1",
    r: str = "2",
    a: str = "3",
    *,
    cause: str = "plan-approval cake",
    date: str = "2026-02-01",
    mark: str = "",
    leg_mark: str = "",
    extra: str = "",
) -> str:
    text = f'{date} * "Credits" #derived{mark}\n  derived-from: "{cause}"\n{extra}'
    for kind, amount in (("p", p), ("r", r), ("a", a)):
        account = f"Assets:Companies:Bakery:{kind.upper()}"
        text += f'  Liabilities:Companies:Bakery:PRD  -{amount} HOUR\n    transfer: "credit_{kind}"\n'
        at_fault = leg_mark if kind == "p" else ""
        text += f'  {account}  {amount} HOUR{at_fault}\n    transfer: "credit_{kind}"\n'
    return text


def test_credits_written_down_are_verified_and_not_added() -> None:
    found = check(APPROVED + credited())
    assert found.balance("Assets:Companies:Bakery:A") == 900 + 3
    assert len(found.derived()) == 3 + 1
    assert len(found.transfers("credit_a")) == 2 + 1


def test_they_may_share_one_leg_of_prd() -> None:
    text = """
2026-02-01 * "Credits"
  derived-from: "plan-approval cake"
  Liabilities:Companies:Bakery:PRD  -1 HOUR
    transfer: "credit_p"
  Assets:Companies:Bakery:P  0.40 HOUR
    transfer: "credit_p"
  Assets:Companies:Bakery:P  0.60 HOUR
    transfer: "credit_p"
  Liabilities:Companies:Bakery:PRD  -2 HOUR
    transfer: "credit_r"
  Assets:Companies:Bakery:R  2 HOUR
    transfer: "credit_r"
  Liabilities:Companies:Bakery:PRD  -3 HOUR
    transfer: "credit_a"
  Assets:Companies:Bakery:A  3 HOUR
    transfer: "credit_a"
"""
    check(APPROVED + text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (credited("1.01", leg_mark=" ; ! wrong-derived-amount"), "another amount"),
        (credited(date="2026-02-02", mark=" ; ! derived-without-cause"), "another date"),
        (credited(extra='  time: "10:00:00"\n', mark=" ; ! derived-without-cause"), "another instant"),
        (credited(cause="plan-approval bread", mark=" ; ! derived-without-cause"), "another cause"),
        (credited(cause="plan-approval", mark=" ; ! derived-without-cause"), "half a cause"),
        (credited(cause="plan cake", mark=" ; ! derived-without-cause"), "a fact that entails nothing"),
        (credited(cause="", mark=" ; ! derived-without-cause"), "no cause"),
    ],
)
def test_a_transaction_without_the_cause_that_it_names_is_refused(text: str, why: str) -> None:
    found = load(APPROVED + text)
    assert len(found.errors) == 1, why
    code = "wrong-derived-amount" if why == "another amount" else "derived-without-cause"
    if why == "a fact that entails nothing":
        assert found.codes[0] in ("derived-without-cause", "wrong-derived-amount")
    else:
        assert found.codes == [code], why
    # In the place of what was refused stands what is right.
    assert found.balance("Assets:Companies:Bakery:A") == 900 + 3


def test_a_cause_is_written_down_once() -> None:
    found = load(APPROVED + credited() + credited())
    assert found.codes == ["derived-without-cause"]
    assert found.balance("Assets:Companies:Bakery:A") == 900 + 3


def test_some_of_the_credits_are_not_enough() -> None:
    text = """
2026-02-01 * "Credits" ; ! incomplete-derived-legs
  derived-from: "plan-approval cake"
  Liabilities:Companies:Bakery:PRD  -3 HOUR
    transfer: "credit_a"
  Assets:Companies:Bakery:A  3 HOUR
    transfer: "credit_a"
"""
    check(APPROVED + text)


def test_what_a_rejected_directive_would_entail_is_set_aside() -> None:
    twice = '2026-02-03 custom "plan-approval" "cake" ; ! plan-is-approved\n  by: "carla"\n'
    text = credited(date="2026-02-03").replace("#derived", "#derived ; ? depends-on-rejected", 1)
    check(APPROVED + twice + text)


def test_a_cause_that_is_not_a_text_is_refused() -> None:
    check(
        APPROVED
        + credited(mark=" ; ! malformed-metadata").replace('derived-from: "plan-approval cake"', "derived-from: 7")
    )


def test_an_approval_at_a_time_of_day_has_its_credits_at_that_time() -> None:
    text = APPROVED.replace('  by: "carla"\n', '  by: "carla"\n  time: "10:00:00"\n')
    check(text + credited(extra='  time: "10:00:00"\n'))
    check(text + credited(mark=" ; ! derived-without-cause"))


def test_generated_transactions_say_where_they_come_from() -> None:
    found = check(APPROVED)
    (entry,) = [entry for entry in found.derived() if entry.meta["derived-from"] == "plan-approval cake"]
    assert (entry.flag, entry.tags, entry.links) == ("*", {"derived"}, {"cake"})
    assert str(entry.date) == "2026-02-01"
    assert entry.meta["lineno"] == 9
    assert entry.meta["filename"].endswith("doc.beancount")


def test_a_plan_of_zero_costs_writes_both_legs_of_each_credit() -> None:
    found = check("", prelude=PARTIES + plan("nothing", "Bakery"))
    (entry,) = found.derived()
    assert [(p.account, p.units.number) for p in entry.postings] == [
        ("Liabilities:Companies:Bakery:PRD", 0),
        ("Assets:Companies:Bakery:P", 0),
        ("Liabilities:Companies:Bakery:PRD", 0),
        ("Assets:Companies:Bakery:R", 0),
        ("Liabilities:Companies:Bakery:PRD", 0),
        ("Assets:Companies:Bakery:A", 0),
    ]


# Fine precisions

FINE = """\
region: Testburg
commodities:
  labour_time: {name: HOUR, precision: %s}
decisions:
  - date: 2026-01-01
    set: {member_overdraw: null}
"""


def taxed(tax: str, mark: str = "") -> str:
    return (
        '2026-02-01 * "Ada, 8 hours"\n  Assets:Companies:Bakery:A  -8 HOUR\n  Assets:Members:Ada:Hours  8 HOUR\n'
        f'  Assets:Members:Ada:Hours  -{tax} HOUR{mark}\n    transfer: "taxes"\n'
        f'  Equity:PSF  {tax} HOUR\n    transfer: "taxes"\n'
    )


@pytest.mark.parametrize(
    ("precision", "tax", "right"),
    [
        ("0.00000001", "1.60000000", True),
        ("0.00000001", "1.60000001", False),
        ("0.000000001", "1.600000002", True),
        ("0.000000001", "1.599999998", True),
        ("0.000000001", "1.600000003", False),
        ("0.000000001", "1.599999997", False),
        ("0.0000000001", "1.6000000002", True),
        ("1e-10", "1.6000000003", False),
    ],
)
def test_up_to_two_units_may_differ_but_only_at_a_fine_precision(precision: str, tax: str, *, right: bool) -> None:
    found = check(taxed(tax, "" if right else " ; ! wrong-derived-amount"), region=FINE % precision)
    if right:
        # What was recorded stands.
        assert found.balance("Assets:Members:Ada:Hours") == 8 - D(tax)
        assert found.balance("Equity:PSF") == -300 + D(tax)


def test_at_a_fine_precision_recorded_credits_and_reversals_may_differ_too() -> None:
    text = APPROVED + credited("1.0000000001", "2.0000000002", "2.9999999998")
    found = check(text, region=FINE % "1e-10")
    assert found.balance("Assets:Companies:Bakery:A") == 900 + D("2.9999999998")


# Round trip


def rewritten(found: Loaded) -> str:
    """Return the books of a ledger as text, without the plugin's `open`s and without what Beancount adds."""
    return "\n".join(
        printer.format_entry(entry) for entry in data.sorted(found.books.entries) if not isinstance(entry, data.Open)
    )


EVENTS = """
2026-01-03 * "Ada" ^cheap
  id: "c"
  quantity: 3
  Assets:Members:Ada:Hours           -6 HOUR
  Liabilities:Companies:Bakery:PRD    6 HOUR
2026-01-03 * "the clinic" ^dear
  time: "10:00:00.5"
  quantity: 3
  Assets:Companies:Clinic:R          -6 HOUR
  Liabilities:Companies:Mill:PRD      6 HOUR
2026-01-04 * "payroll"
  Assets:Companies:Bakery:A     -12 HOUR
  Assets:Members:Ada:Hours        8 HOUR
  Assets:Members:Bob:Hours        4 HOUR
2026-01-05 custom "basic-service" "cut" "Ada"
2026-01-06 * "hair" ^cut
  id: "h"
  Assets:Members:Bob:Hours  -2 HOUR
  Assets:Members:Ada:Hours   2 HOUR
2026-01-07 custom "reversal" "c"
2026-01-08 custom "reversal" "h"
  time: "08:00:00"
"""


def test_output_written_back_and_loaded_again_gives_the_same_books() -> None:
    public = plan("care", "Clinic", p=10, r=20, a=30, public=True)
    first = check(EVENTS, prelude=TWO + public)
    second = check(rewritten(first), prelude="")
    third = check(rewritten(second), prelude="")
    assert rewritten(second) == rewritten(third)
    for account in first.books.machine.state.balances:
        assert second.balance(account) == first.balance(account), account
    assert sorted(second.transfers()) == sorted(first.transfers())
    shown = [[(p.account, p.units.number) for p in e.postings] for e in first.governed()]
    assert [[(p.account, p.units.number) for p in e.postings] for e in second.governed()] == shown


def test_two_plugin_lines_give_the_same_books_and_the_same_errors() -> None:
    head = HEAD + 'plugin "conductor_bean.plugins.conductor"\n'
    fault = EVENTS + work("Mill", "Ada", 1).replace('"work"', '"no" ; ! worker-not-at-company')
    once = check(fault, prelude=TWO)
    twice = check(fault, prelude=TWO, head=head)
    assert [e.meta["lineno"] for e in twice.governed()] == [e.meta["lineno"] for e in once.governed()]
    assert sorted(twice.transfers()) == sorted(once.transfers())


@ledger(prelude=PRELUDE)
def test_the_tag_alone_grants_nothing(books: Loaded) -> None:
    """
    2026-02-01 * "Credits" #derived ; ! derived-without-cause
      Liabilities:Companies:Bakery:PRD   -1 HOUR
      Assets:Companies:Bakery:A           1 HOUR
    """
    assert books.balance("Assets:Companies:Bakery:A") == 900


@ledger()
def test_a_factor_or_price_that_the_text_shows_is_held_against_the_computed_one(books: Loaded) -> None:
    """
    2026-02-01 * "right, at the digits it is written with"
      fic: 0.80
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 * "another factor" ; ! wrong-derived-amount
      fic: 0.5
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-03 * "right" ^bread
      quantity: 2
      price: 1.5
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    2026-02-03 * "another price" ^bread ; ! wrong-derived-amount
      quantity: 1
      price: 2.00
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-04 * "no number" ; ! malformed-metadata
      fic: "0.80"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    assert books.amounts("work_certificates") == [D(8)]
    factor, price = (p.message for p in books.books.problems if p.code == "wrong-derived-amount")
    assert "0.5" in factor
    assert "0.8" in factor
    assert "2.00" in price
    assert "1.50" in price


def test_what_a_directive_entails_may_be_written_down_without_naming_each_transfer() -> None:
    text = """
2026-02-01 * "Credits"
  derived-from: "plan-approval cake"
  Liabilities:Companies:Bakery:PRD  -6 HOUR{mark}
  Assets:Companies:Bakery:P          1 HOUR
  Assets:Companies:Bakery:R          2 HOUR
  Assets:Companies:Bakery:A          3 HOUR
"""
    found = check(APPROVED + text.format(mark=""))
    assert len(found.transfers("credit_p", "credit_r", "credit_a")) == 3 * 3
    # 3 + 1 = 1 + 2 + 1, but not where it should be.
    shifted = text.replace("P          1", "P          2").replace("A          3", "A          2")
    found = load(APPROVED + shifted.format(mark=""))
    assert found.codes == ["wrong-derived-amount"]
    assert found.balance("Assets:Companies:Bakery:A") == 900 + 3


@ledger()
def test_metadata_that_looks_like_the_languages_own_is_worth_a_word(books: Loaded) -> None:
    """
    2026-02-01 * "at the start of the day after all" ; ? unknown-transaction-metadata
      tiem: "13:00:00"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 * "an accountant's own"
      receipt: "R-17"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    assert "time:" in books.message("unknown-transaction-metadata")
