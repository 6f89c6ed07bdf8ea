"""LANGUAGE.md, "Transactions: what moved" and "Bounds": legs, amounts, tolerance tricks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import HEAD, Loaded, check, consumption, ledger, load, work

D = Decimal


def hours(debit: str, credit: str, mark: str = "") -> str:
    """Return work of Ada with the two amounts as they are written."""
    return (
        f'2026-02-01 * "work"{f" ; ! {mark}" if mark else ""}\n  Assets:Companies:Bakery:A  {debit}\n'
        f"  Assets:Members:Ada:Hours  {credit}\n"
    )


# Exactly zero

TOLERANT = [
    'option "inferred_tolerance_default" "HOUR:1000"\n',
    'option "inferred_tolerance_default" "*:1000"\n',
    'option "inferred_tolerance_multiplier" "1000"\n',
    'option "tolerance_multiplier" "1000"\n',
    "",
]


@pytest.mark.parametrize("option", TOLERANT)
@pytest.mark.parametrize("credit", ["8.01 HOUR", "7.99 HOUR", "8.004 HOUR", "8.001 HOUR"])
def test_the_legs_sum_to_exactly_zero_whatever_beancount_tolerates(option: str, credit: str) -> None:
    found = load(hours("-8 HOUR", credit), head=option + HEAD)
    assert found.codes
    assert set(found.codes) <= {"unbalanced-transaction", "too-many-digits", "beancount-error"}
    assert found.amounts("work_certificates") == []


@pytest.mark.parametrize("option", TOLERANT[:2])
def test_an_unbalanced_payroll_an_unbalanced_group_and_an_unbalanced_whole_are_found(option: str) -> None:
    text = """
    2026-02-01 * "payroll" ; ! unbalanced-transaction
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4.50 HOUR
    2026-02-02 * "taxes" ; ! unbalanced-transaction
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.50 HOUR
        transfer: "taxes"
    2026-02-03 * "the one makes up for the other" ; ! unbalanced-transaction
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8.10 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.50 HOUR
        transfer: "taxes"
    2026-02-04 custom "plan" "cake" "Bakery"
      product: "Cake"
      quantity: 1
      fixed-means: 0
      raw-materials: 0
      labour: 3
      days: 1
    2026-02-04 custom "plan-approval" "cake"
      by: "carla"
    2026-02-04 * "credits" ; ! unbalanced-transaction
      derived-from: "plan-approval cake"
      Liabilities:Companies:Bakery:PRD   0 HOUR
        transfer: "credit_p"
      Assets:Companies:Bakery:P          0 HOUR
        transfer: "credit_p"
      Liabilities:Companies:Bakery:PRD   0 HOUR
        transfer: "credit_r"
      Assets:Companies:Bakery:R          0 HOUR
        transfer: "credit_r"
      Liabilities:Companies:Bakery:PRD  -3 HOUR
        transfer: "credit_a"
      Assets:Companies:Bakery:A          4 HOUR
        transfer: "credit_a"
    """
    check(text, head=option + HEAD)


def test_without_a_tolerance_an_unbalanced_transaction_is_one_error() -> None:
    found = load(hours("-8 HOUR", "9 HOUR"))
    assert len(found.codes) == 1, found.books.problems
    assert found.errors[0][1] == 1


# Digits and bounds


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0.01", ""),
        ("0.010", ""),
        ("0.0100000000000000000000000000000000", ""),
        ("0.001", "too-many-digits"),
        ("8.005", "too-many-digits"),
        ("0.00000000000000000000000000000000000001", "too-many-digits"),
        ("999999999999999.99", ""),
        ("1000000000000000", "amount-out-of-bounds"),
        ("1000000000000000000000000000000", "amount-out-of-bounds"),
        ("1" + "0" * 30 + ".5", "amount-out-of-bounds"),
    ],
)
def test_amounts_have_no_more_digits_than_the_precision_and_stay_below_10_to_the_15(number: str, code: str) -> None:
    found = load(hours(f"-{number} HOUR", f"{number} HOUR"))
    assert found.codes == ([code] if code else [])
    if code:
        assert len(found.message(code)) < 300


def test_a_number_that_beancount_cannot_read_is_an_error() -> None:
    number = "1" + "0" * 300
    assert load(hours(f"-{number} HOUR", f"{number} HOUR")).codes


def test_the_line_of_the_posting_at_fault_is_named() -> None:
    text = """
    2026-02-01 * "payroll"
      Assets:Companies:Bakery:A     -8.004 HOUR ; ! too-many-digits
      Assets:Members:Ada:Hours       4 HOUR
      Assets:Members:Bob:Hours       4.004 HOUR
    2026-02-01 * "payroll"
      Assets:Companies:Bakery:A     -8 HOUR
      Assets:Members:Ada:Hours       4.001 HOUR ; ! too-many-digits
      Assets:Members:Bob:Hours       3.999 HOUR
    """
    check(text)


def test_sums_of_amounts_within_the_bounds_are_exact_beyond_them() -> None:
    much = 10**15 - 1
    text = "".join(
        consumption("bread", "Assets:Companies:Mill:R", "Bakery", much, "666666666666666", date=f"2026-02-{day:02}")
        for day in range(1, 21)
    )
    found = load(text)
    assert found.books.errors == []
    # 300 were planned.
    assert found.balance("Assets:Companies:Mill:R") == 300 - 20 * much


@pytest.mark.parametrize(
    ("expression", "amount"),
    [("16 / 2", "8"), ("-(-8)", "8"), ("(1 + 2) * 3 - 1", "8"), ("2.5 * 3.2", "8"), ("0.1 + 0.2", "0.3")],
)
def test_arithmetic_is_beancounts_and_exact(expression: str, amount: str) -> None:
    found = check(hours(f"-({expression}) HOUR", f"{expression} HOUR"))
    assert found.amounts("work_certificates") == [D(amount)]


def test_arithmetic_that_does_not_come_out_even_is_refused() -> None:
    assert load(hours("-1/3 HOUR", "1/3 HOUR")).codes == ["too-many-digits"]


@pytest.mark.parametrize("expression", ["1/0", "0/0", "-1/0", "1/(2-2)", "1/0.00", "(1/0)-(1/0)"])
def test_a_division_by_zero_is_an_error_and_nothing_worse(expression: str) -> None:
    later = work("Bakery", "Bob", 3)
    found = load(hours(f"{expression} HOUR", "1 HOUR") + later)
    assert found.codes
    for problem in found.books.errors:
        assert problem.file.startswith(str(found.folder)), problem
    found = load(f'2026-02-01 custom "employment" "Bakery" "Ada"\n  productivity: {expression}\n' + later)
    assert found.codes


# The missing amount


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_beancounts_one_missing_amount_is_fine(missing: int) -> None:
    legs = [
        "Assets:Companies:Bakery:A  -12 HOUR",
        "Assets:Members:Ada:Hours  8 HOUR",
        "Assets:Members:Bob:Hours  4 HOUR",
    ]
    legs[missing] = legs[missing].split("  ")[0]
    found = check('2026-02-01 * "payroll"\n  ' + "\n  ".join(legs) + "\n")
    assert found.amounts("work_certificates") == [8, 4]
    assert found.amounts("taxes") == [D("1.60"), D("0.80")]


@pytest.mark.parametrize(
    ("legs", "amounts"),
    [
        # Beancount rounds what it fills in to the coarsest amount beside it: -16.8 here.
        (["Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours  8.25 HOUR", "Assets:Members:Bob:Hours  8.5 HOUR"],
         ["8.25", "8.50"]),
        (["Assets:Companies:Bakery:A  -16.75 HOUR", "Assets:Members:Ada:Hours  8.5 HOUR", "Assets:Members:Bob:Hours"],
         ["8.50", "8.25"]),
        (["Assets:Companies:Bakery:A  -16 HOUR", "Assets:Members:Ada:Hours  8 HOUR", "Assets:Members:Bob:Hours  HOUR"],
         ["8.00", "8.00"]),
        (["Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours  9 HOUR", "Assets:Members:Bob:Hours  0.01 HOUR"],
         ["9.00", "0.01"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("option", ["", 'option "inferred_tolerance_default" "HOUR:10"\n'])
def test_a_missing_amount_is_filled_in_exactly(legs: list[str], amounts: list[str], option: str) -> None:
    found = check('2026-02-01 * "payroll"\n  ' + "\n  ".join(legs) + "\n", head=option + HEAD)
    assert found.amounts("work_certificates") == [D(amount) for amount in amounts]


def test_a_missing_amount_takes_no_share_of_recorded_taxes() -> None:
    text = """
    2026-02-01 * "the missing one closes the whole: -6.40 - 1.60 = -8"
      Assets:Companies:Bakery:A
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Ada:Hours       -1.60 HOUR
        transfer: "taxes"
      Equity:PSF                      1.60 HOUR
        transfer: "taxes"
    """
    assert check(text).amounts("work_certificates") == [8]


def test_two_missing_amounts_are_an_error() -> None:
    found = load('2026-02-01 * "x"\n  Assets:Companies:Bakery:A\n  Assets:Members:Ada:Hours\n')
    assert found.codes == ["beancount-error"]


# Legs


def test_legs_may_stand_in_any_order() -> None:
    text = """
    2026-02-01 * "credits first"
      Assets:Members:Bob:Hours        4 HOUR
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 * "credit first" ^bread
      quantity: 2
      Liabilities:Companies:Bakery:PRD    3 HOUR
      Assets:Members:Ada:Hours           -3 HOUR
    """
    found = check(text)
    assert found.amounts("private_consumption") == [3]
    assert sorted(found.amounts("work_certificates")) == [4, 8]


@pytest.mark.parametrize(
    "legs",
    [
        ["Assets:Members:Ada:Hours  0 HOUR"],
        ["Assets:Companies:Bakery:A  0 HOUR"],
        ["Equity:PSF  0 HOUR"],
    ],
)
def test_a_leg_alone_says_nothing(legs: list[str]) -> None:
    found = load('2026-02-01 * "x"\n  ' + "\n  ".join(legs) + "\n")
    assert found.codes == ["ambiguous-legs"]


def test_transfers_of_two_types_in_one_transaction_are_ambiguous() -> None:
    text = """
    2026-01-31 custom "basic-service" "cut" "Ada"
    2026-02-01 * "work at the mill and a haircut for the bakery" ^cut ; ! ambiguous-legs
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Companies:Bakery:R      -1 HOUR
      Assets:Members:Ada:Hours        9 HOUR
    2026-02-02 * "named one by one" ^cut ; ! ambiguous-legs
      Assets:Companies:Bakery:A      -8 HOUR
        transfer: "work_certificates"
      Assets:Companies:Bakery:R      -1 HOUR
        transfer: "productive_consumption_of_basic_service"
      Assets:Members:Ada:Hours        8 HOUR
        transfer: "work_certificates"
      Assets:Members:Ada:Hours        1 HOUR
        transfer: "productive_consumption_of_basic_service"
    2026-02-03 * "one pair of the two is allowed" ; ! ambiguous-legs
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Companies:Mill:A         4 HOUR
    """
    assert check(text).amounts("work_certificates") == []


def test_legs_that_cancel_out_are_not_hidden() -> None:
    # In sum Ada works 8 hours; the legs between say more than that.
    text = """
    2026-02-01 * "there and back" ; ! ambiguous-legs
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Equity:PSF                      5 HOUR
      Equity:PSF                     -5 HOUR
    """
    check(text)


def test_a_transfer_that_contradicts_the_accounts_is_an_error() -> None:
    text = """
    2026-02-01 * "on the transaction" ; ! transfer-contradicts-accounts
      transfer: "private_consumption"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-02 * "on the legs"
      Assets:Companies:Bakery:A      -1 HOUR ; ! transfer-contradicts-accounts
        transfer: "private_consumption"
      Assets:Members:Ada:Hours        1 HOUR
        transfer: "private_consumption"
    2026-02-03 * "a name that does not exist"
      Assets:Companies:Bakery:A      -1 HOUR ; ! unknown-transfer
        transfer: "work_certificate"
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-04 * "no name at all"
      Assets:Companies:Bakery:A      -1 HOUR ; ! unknown-transfer
        transfer: 7
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-05 * "right"
      transfer: "work_certificates"
      Assets:Companies:Bakery:A      -1 HOUR
        transfer: "work_certificates"
      Assets:Members:Ada:Hours        1 HOUR
    """
    found = check(text)
    (unknown,) = [p.message for p in found.books.errors if '"work_certificate"' in p.message]
    assert 'did you mean "work_certificates"?' in unknown
    assert found.amounts("work_certificates") == [1]


@ledger()
def test_flags_tags_payees_and_free_links_are_the_accountants_own(books: Loaded) -> None:
    """
    pushtag #winter
    2026-02-01 ! "work that is not sure" ^letter-7 #checked
      Assets:Companies:Bakery:A      -1 HOUR
      ! Assets:Members:Ada:Hours      1 HOUR
    poptag #winter
    2026-02-02 txn "Bakery" "with a payee"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * ""
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    """
    assert books.amounts("work_certificates") == [1, 1, 1]
    (entry,) = [entry for entry in books.governed() if entry.flag == "!"]
    assert entry.tags == {"winter", "checked", "derived"}


@ledger()
def test_a_rejected_event_is_taken_out_of_the_books(books: Loaded) -> None:
    """
    2026-02-01 * "rejected" ^bread ; ! wrong-amount
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    2026-02-02 custom "member" "Ada" ; ! duplicate-id
    2026-02-02 custom "fava-option" "x" "y"
    """
    shown = [getattr(entry, "narration", getattr(entry, "type", "")) for entry in books.books.entries]
    assert "rejected" not in shown
    assert shown.count("member") == 4
    assert "fava-option" in shown


def test_hostile_texts_stay_on_one_line() -> None:
    text = consumption("bread", "Assets:Members:Zoë-\u0661:Hours", "Bakery", 1).replace("consumption", "x\ny\x1b[31m")
    found = load(text + '2026-02-01 custom "plan-approval" "a\nb\x1b[31m\u202e"\n  by: "x"\n')
    assert found.codes  # hold_invariants holds that every message is printable and on one line
