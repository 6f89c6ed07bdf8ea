"""LANGUAGE.md, "Accounts": ids, their namespaces, and that none is ever used again."""

from __future__ import annotations

import pytest

from tests.support import Loaded, check, ledger, load, plan


@ledger()
def test_members_and_companies_share_one_namespace(books: Loaded) -> None:
    """
    2026-02-01 custom "member" "Bakery" ; ! duplicate-id
    2026-02-01 custom "company" "Ada" ; ! duplicate-id
    2026-02-01 custom "member" "Ada" ; ! duplicate-id
    2026-02-01 custom "company" "Mill" ; ! duplicate-id
    """


@ledger()
def test_plans_and_services_share_one_namespace(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service" "bread" "Ada" ; ! duplicate-id
    2026-02-01 custom "basic-service" "cut" "Ada"
    2026-02-02 custom "plan" "cut" "Bakery" ; ! duplicate-id
      product: "Cut"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-03 custom "basic-service" "cut" "Bob" ; ! duplicate-id
    2026-02-03 custom "plan" "bread" "Mill" ; ! duplicate-id
      product: "Bread"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    """


@ledger()
def test_the_namespaces_are_apart_from_each_other(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation" "Ada" "Bakery"
    2026-02-01 custom "cooperation" "Bakery" "Bakery"
    2026-02-01 custom "accountant" "Ada"
      by: "carla"
    2026-02-01 custom "basic-service" "Ada" "Ada"
    2026-02-01 * "work"
      id: "bread"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    """


@ledger()
def test_an_id_is_never_used_again_even_after_its_end(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service" "cut" "Ada"
    2026-02-02 custom "basic-service-end" "cut"
    2026-02-02 custom "member-end" "Ada"
    2026-02-02 custom "company-end" "Mill"
    2026-02-02 custom "accountant-end" "dora"
      by: "carla"
    2026-02-03 custom "member" "Ada" ; ! duplicate-id
    2026-02-03 custom "company" "Mill" ; ! duplicate-id
    2026-02-03 custom "company" "Ada" ; ! duplicate-id
    2026-02-03 custom "accountant" "dora" ; ! duplicate-id
    2026-02-03 custom "basic-service" "cut" "Bob" ; ! duplicate-id
    2026-02-03 custom "cooperation" "Bread" "Bakery"
    2026-02-04 custom "cooperation" "Bread" "Clinic" ; ! duplicate-id
    """


@pytest.mark.parametrize("decision", ["plan-rejection", "plan-withdrawal"])
def test_the_id_of_a_plan_that_was_refused_or_withdrawn_stays_used(decision: str) -> None:
    text = (
        plan("cake", "Bakery", a=1, filed="2026-02-01", approved=None)
        + f'2026-02-02 custom "{decision}" "cake"\n'
        + plan("cake", "Bakery", a=1, filed="2026-02-03", approved=None).replace(
            '"Bakery"\n', '"Bakery" ; ! duplicate-id\n'
        )
    )
    check(text)


@ledger()
def test_the_id_of_a_transaction_is_unique(books: Loaded) -> None:
    """
    2026-02-01 * "a"
      id: "x"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    2026-02-02 * "again" ; ! duplicate-id
      id: "x"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    2026-02-03 * "reversed ids stay used" ; ! duplicate-id
      id: "y"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    2026-02-02 * "y"
      id: "y"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Bob:Hours 1 HOUR
    2026-02-02 custom "reversal" "y"
      time: "12:00:00"
    """


@ledger()
def test_of_two_transactions_of_one_instant_with_one_id_the_first_by_the_key_has_it(books: Loaded) -> None:
    """
    2026-02-01 * "Bob's comes after Ada's" ; ! duplicate-id
      id: "x"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Bob:Hours 1 HOUR
    2026-02-01 * "Ada's"
      id: "x"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    """
    assert [credit for _, _, credit, _ in books.transfers("work_certificates")] == ["Assets:Members:Ada:Hours"]


@ledger()
def test_the_id_of_a_rejected_transaction_is_free(books: Loaded) -> None:
    """
    2026-02-01 * "a" ; ! worker-not-at-company
      id: "x"
      Assets:Companies:Mill:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    2026-02-02 * "b"
      id: "x"
      Assets:Companies:Bakery:A -1 HOUR
      Assets:Members:Ada:Hours 1 HOUR
    """


@pytest.mark.parametrize("value", ["7", "TRUE", "2026-01-01", "1 HOUR"])
def test_the_id_of_a_transaction_is_a_text(value: str) -> None:
    check(
        f'2026-02-01 * "a" ; ! malformed-metadata\n  id: {value}\n'
        "  Assets:Companies:Bakery:A -1 HOUR\n  Assets:Members:Ada:Hours 1 HOUR\n"
    )


# Shapes


@pytest.mark.parametrize("name", ["Zoe", "M-0042", "7", "Ärzte", "Łódź", "A" * 199, "Z-"])
def test_ids_of_parties_are_account_components(name: str) -> None:
    found = check(f'2026-02-01 custom "member" "{name}x"\n2026-02-01 custom "company" "{name}"\n')
    assert f"Assets:Members:{name}x:Hours" in found.books.machine.state.balances


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ada",
        "Ada Lovelace",
        "A:B",
        "A_B",
        "A.B",
        "-A",
        "Ada\t",
        "A" * 201,
        "A\u200bB",
        "Ada\u0301",
        "Ä\u200f",
        "😀",
        "²",
        "中村",
    ],
)
def test_other_texts_are_refused_as_parties(name: str) -> None:
    for fact in ("member", "company"):
        assert check(f'2026-02-01 custom "{fact}" "{name}" ; ! invalid-id\n').message("invalid-id").isprintable()


@pytest.mark.parametrize("name", ["bread-2026", "B", "7", "a/b.c_d", "-", "x" * 200])
def test_ids_of_plans_and_services_are_links(name: str) -> None:
    hair = f'2026-02-02 * "x" ^{name}\n  Assets:Members:Bob:Hours -1 HOUR\n  Assets:Members:Ada:Hours 1 HOUR\n'
    check(f'2026-02-01 custom "basic-service" "{name}" "Ada"\n' + hair)


@pytest.mark.parametrize("name", ["", "bread 2026", "brötchen", "^bread", "a:b", "a,b", "x" * 201])
def test_other_texts_are_refused_as_links(name: str) -> None:
    found = check(f'2026-02-01 custom "basic-service" "{name}" "Ada" ; ! invalid-id\n')
    assert found.message("invalid-id").isprintable()


@pytest.mark.parametrize("fact", ['"member" "A\nB"', '"basic-service" "a\nb" "Ada"', '"accountant" "a\nb"'])
def test_a_line_break_in_an_id_is_refused_in_one_line(fact: str) -> None:
    found = load(f"2026-02-01 custom {fact}\n")
    assert found.codes == ["invalid-id"]
    assert "\\n" in found.message("invalid-id")


@pytest.mark.parametrize("name", ["Carla Brandt", "María-José O'Neill", "ⅷ", "李"])
def test_accountants_are_named_as_people_are(name: str) -> None:
    approved = plan("cake", "Bakery", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02")
    check(f'2026-02-01 custom "accountant" "{name}"\n  by: "dora"\n' + approved.replace('by: "carla"', f'by: "{name}"'))


@pytest.mark.parametrize("name", ["", " carla", "carla ", "carla, dora", "\u200fевил"])
def test_an_accountants_name_holds_no_comma_and_no_control(name: str) -> None:
    check(f'2026-02-01 custom "accountant" "{name}" ; ! invalid-id\n')
