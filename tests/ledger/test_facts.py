"""LANGUAGE.md, "Facts: custom directives": their types, values and metadata."""

from __future__ import annotations

import pytest

from tests.support import REGION, Loaded, check, ledger, load


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("plan-aproval", "plan-approval"),
        ("Member", "member"),
        ("members", "member"),
        ("employement", "employment"),
        ("coop-request", "cooperation-request"),
        ("month_close", "month-close"),
    ],
)
def test_an_unknown_type_is_an_error_that_names_the_nearest(wrong: str, right: str) -> None:
    found = check(f'2026-02-01 custom "{wrong}" "x" ; ! unknown-fact\n')
    assert f'"{right}"' in found.message("unknown-fact")


@ledger(region=REGION + "other_customs: [budget, member, note-to-self]\n")
def test_fava_and_the_region_may_have_customs_of_their_own(books: Loaded) -> None:
    """
    2026-02-01 custom "fava-option" "language" "en"
    2026-02-01 custom "fava-extension" "fava.ext.auto_commit"
    2026-02-01 custom "fava-sidebar-link" "x" "/y"
    2026-02-01 custom "budget" Assets:Members:Ada:Hours "monthly" 10 HOUR
      anything: "goes"
    2026-02-01 custom "note-to-self" "without values Beancount itself fails"
    2026-02-01 custom "budgets" "x" ; ! unknown-fact
    2026-02-01 custom "favorite" "x" ; ! unknown-fact
    2026-02-01 custom "member" "Ada" ; ! duplicate-id
    """


def test_without_other_customs_a_budget_is_unknown_and_the_message_says_how_to_allow_it() -> None:
    found = check('2026-02-01 custom "budget" "x" ; ! unknown-fact\n')
    assert "other_customs" in found.message("unknown-fact")


VALUES = {
    "accountant": 1, "member": 1, "company": 1, "employment": 2, "plan": 2, "plan-withdrawal": 1, "plan-rejection": 1,
    "plan-approval": 1, "cooperation": 2, "cooperation-exit": 2, "coordination-request": 2, "coordination-denial": 2,
    "coordination-acceptance": 2, "cooperation-request": 2, "cooperation-cancellation": 2, "cooperation-denial": 2,
    "cooperation-acceptance": 2, "basic-service": 2, "basic-service-end": 1, "employment-end": 2, "company-end": 1,
    "member-end": 1, "accountant-end": 1, "reversal": 1, "month-close": 1, "seal": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_every_fact_takes_its_number_of_quoted_values(name: str) -> None:
    count = VALUES[name]
    for number in {0, 1, 2, 3} - {count}:
        values = " ".join(['"X"'] * number)
        check(f'2026-02-01 custom "{name}" {values} ; ! wrong-values\n')
    for value in ("7", "TRUE", "2026-01-01", "7 HOUR", "Assets:Members:Ada:Hours"):
        values = " ".join([value] * count)
        check(f'2026-02-01 custom "{name}" {values} ; ! wrong-values\n')


@pytest.mark.parametrize("name", VALUES)
def test_every_fact_refuses_metadata_that_it_does_not_have_and_names_the_nearest(name: str) -> None:
    values = {"month-close": '"2026-02"', "seal": f'"2026-02" "sha256:{"0" * 64}"'}.get(
        name, " ".join(['"X"'] * VALUES[name])
    )
    check(f'2026-02-28 custom "{name}" {values} ; ! unknown-metadata\n  colour: "red"\n')
    found = check(f'2026-02-28 custom "{name}" {values} ; ! unknown-metadata\n  byy: "carla"\n')
    assert "by" in found.message("unknown-metadata")


@ledger()
def test_a_mistyped_key_names_the_nearest(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "cake" "Bakery" ; ! unknown-metadata
      product: "Cake"
      quantity: 1
      fixed_means: 1
      raw-materials: 1
      labour: 1
      days: 1
    """
    assert "fixed-means" in books.message("unknown-metadata")


KEYS = {
    "product": '"Cake"', "quantity": "10", "fixed-means": "1 HOUR", "raw-materials": "2", "labour": "3.50 HOUR",
    "days": "30",
}  # fmt: skip


def filed(mark: str = "", **changes: str | None) -> str:
    keys: dict[str, str | None] = {**KEYS}
    keys |= {key.replace("_", "-"): value for key, value in changes.items()}
    body = "".join(f"  {key}: {value}\n" for key, value in keys.items() if value is not None)
    return f'2026-02-01 custom "plan" "cake" "Bakery"{f" ; ! {mark}" if mark else ""}\n{body}'


def test_a_plan_says_what_it_must() -> None:
    found = check(filed())
    cake = found.books.machine.state.plans["cake"]
    assert (cake.quantity, cake.fixed_means, cake.raw_materials, cake.labour, cake.days) == (10, 100, 200, 350, 30)
    assert (cake.product, cake.unit, cake.public, cake.description) == ("Cake", "", False, "")


@pytest.mark.parametrize("key", KEYS)
def test_each_missing_key_is_named(key: str) -> None:
    found = check(filed("missing-metadata", **{key.replace("-", "_"): None}))
    assert f"{key}:" in found.message("missing-metadata")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("quantity", "1.5", "malformed-metadata"),
        ("quantity", '"10"', "malformed-metadata"),
        ("quantity", "10 HOUR", "malformed-metadata"),
        ("quantity", "1000000000000000000000000000000", "malformed-metadata"),
        ("days", "36501", "malformed-metadata"),
        ("days", "0.5", "malformed-metadata"),
        ("days", "TRUE", "malformed-metadata"),
        ("labour", "3 RSC", "wrong-commodity"),
        ("labour", "3 EUR", "wrong-commodity"),
        ("labour", '"3 HOUR"', "malformed-metadata"),
        ("labour", "TRUE", "malformed-metadata"),
        ("labour", "2026-01-01", "malformed-metadata"),
        ("labour", "0.001", "too-many-digits"),
        ("labour", "1/3", "too-many-digits"),
        ("labour", "1000000000000000 HOUR", "amount-out-of-bounds"),
        ("labour", "1000000000000000000000000000000 HOUR", "amount-out-of-bounds"),
        ("product", "Cake", "malformed-metadata"),
        ("product", "7", "malformed-metadata"),
        ("public", '"TRUE"', "malformed-metadata"),
        ("public", "1", "malformed-metadata"),
        ("unit", "7 HOUR", "malformed-metadata"),
        ("by", "7", "malformed-metadata"),
        ("by", '" , "', "malformed-metadata"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(key: str, value: str, code: str) -> None:
    if value == "Cake":
        # No value of the language at all: Beancount says so.
        assert load(filed(**{key: value})).codes[0] == "syntax-error"
        return
    found = check(filed(code, **{key.replace("-", "_"): value}))
    assert f"{key}:" in found.message(code)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", "36500"),
        ("days", "365.0"),
        ("quantity", "999999999999999"),
        ("labour", "999999999999999.99"),
        ("labour", "1/4"),
        ("labour", "(1 + 2) * 3 HOUR"),
        ("labour", "1,000.50 HOUR"),
        ("public", "TRUE"),
        ("by", '"Bakery"'),
        ("description", '"two\nlines"'),
        ("unit", '""'),
    ],
)
def test_values_at_the_bounds_are_taken(key: str, value: str) -> None:
    check(filed(**{key: value}))


def test_largest_plans_do_not_break_anything() -> None:
    text = (
        filed(quantity="999999999999999", fixed_means="999999999999999.99", labour="999999999999999.99", days="36500")
        + '2026-02-01 custom "plan-approval" "cake"\n  by: "carla"\n'
    )
    text += '2026-02-02 * "work"\n  Assets:Companies:Bakery:A -999999999999999.99 HOUR\n'
    text += "  Assets:Members:Ada:Hours 999999999999999.99 HOUR ; no advice is asked here\n"
    found = load(text)
    assert found.books.errors == []
    assert [code for _, _, code in found.advice] == ["more-than-24-hours"]


@ledger()
def test_ownership_is_one_of_two_words(books: Loaded) -> None:
    """
    2026-02-01 custom "company" "Smithy"
      ownership: "regional"
      name: "The Smithy"
    2026-02-01 custom "company" "Forge"
      ownership: "workers"
    2026-02-01 custom "company" "Kiln" ; ! malformed-metadata
      ownership: "privat"
    2026-02-01 custom "company" "Oven" ; ! malformed-metadata
      ownership: TRUE
    """
    companies = books.books.machine.state.companies
    assert [companies[name].ownership for name in ("Bakery", "Smithy", "Forge")] == ["workers", "regional", "workers"]
    assert companies["Smithy"].name == "The Smithy"


@ledger()
def test_empty_metadata_is_as_if_it_were_not_there(books: Loaded) -> None:
    """
    2026-02-01 custom "member" "Eve"
      name:
    2026-02-01 custom "plan-approval" "bread" ; ! missing-metadata
      by:
    """


@ledger()
def test_of_a_repeated_key_beancount_keeps_one(books: Loaded) -> None:
    """
    2026-02-01 custom "member" "Eve"
      name: "Eve"
      name: "Eva"
    """
    assert books.books.machine.state.members["Eve"].name in ("Eve", "Eva")


@pytest.mark.parametrize("key", ["lineno: 7", 'filename: "/etc/passwd"', 'filename: "elsewhere.beancount"'])
def test_metadata_cannot_move_an_error_to_another_place(key: str) -> None:
    found = load(f'2026-02-01 custom "member" "Ada"\n  {key}\n')
    assert found.books.errors
    for problem in found.books.errors:
        assert problem.file.startswith(str(found.folder)), problem
        assert problem.code != "duplicate-id" or problem.line == 1, problem


def test_metadata_that_breaks_beancount_itself_is_an_error_and_no_traceback() -> None:
    found = load('2026-02-01 custom "member" "Eve"\n  lineno: "x"\n2026-02-01 custom "member" "Fay"\n')
    assert found.codes


def test_a_key_of_a_transaction_is_the_accountants_own() -> None:
    text = """
    2026-02-01 * "work"
      invoice: "7"
      seen-by: "carla"
      Assets:Companies:Bakery:A   -1 HOUR
        shift: "early"
      Assets:Members:Ada:Hours     1 HOUR
    """
    check(text)
