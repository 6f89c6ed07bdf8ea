"""LANGUAGE.md, "A region is a folder": ids that look alike, of accountants refused, of others advised."""

from __future__ import annotations

import time

import pytest

from conductor_bean.domain.look_alikes import folded
from tests.support import PARTIES, REGION, check

ALIKE = [
    *(
        ("carla", "Carla"),
        ("carla", "CARLA"),
        ("carla", "\u0441\u0430rla"),
        ("carla", "\uff43\uff41\uff52\uff4c\uff41"),
    ),
    *(("carla", "\U0001d41c\U0001d41arla"), ("carla", "c\u0327arla"), ("carla", "car\u034fla"), ("carla", "car1a")),
    *(("carla", "carIa"), ("omar", "0mar"), ("omar", "\u03bfmar"), ("omar", "\u0585mar"), ("omar", "ornar")),
    *(("Ida", "lda"), ("Jos\u00e9", "Jose\u0301"), ("Jos\u00e9", "Jose"), ("ALI", "AlI"), ("Bj\u00f8rn", "bjorn")),
]
UNLIKE = [("ian", "lan"), ("carla", "clara"), ("emil", "emilia"), ("\u674e", "\u6728"), ("M-0042", "M-0024")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
@pytest.mark.parametrize("version", [1, 2])
def test_two_accountants_never_look_alike(one: str, other: str, version: int) -> None:
    region = REGION.replace("commodities:", f"table: {version}\ncommodities:")
    for first, second in ((one, other), (other, one)):
        text = f'2026-01-01 custom "accountant" "{first}"\n'
        text += f'2026-01-02 custom "accountant" "{second}" ; ! look-alike-id\n  by: "{first}"\n'
        books = check(text, region=region, prelude="")
        assert list(books.books.machine.state.accountants) == [first]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_what_is_told_apart_at_sight_is_left_alone(one: str, other: str) -> None:
    text = f'2026-01-01 custom "accountant" "{one}"\n2026-01-01 custom "accountant" "{other}"\n'
    check(text, prelude="")


def test_nobody_approves_twice_under_two_spellings_also_after_the_first_has_left() -> None:
    check("""
    2026-02-01 custom "accountant" "Carla" ; ! look-alike-id
      by: "dora"
    2026-02-02 custom "accountant-end" "carla"
      by: "dora"
    2026-02-03 custom "accountant" "Carla" ; ! look-alike-id
      by: "dora"
    """)


def test_members_and_companies_that_look_alike_are_advised() -> None:
    books = check("""
    2026-02-01 custom "member" "ADA" ; ? look-alike-id
    2026-02-01 custom "company" "Baker1" ; ! unknown-metadata
      colour: "red"
    2026-02-01 custom "company" "Bob1"
    2026-02-02 custom "member" "BobI" ; ? look-alike-id
    2026-02-03 custom "member" "Carla"
    2026-02-03 custom "cooperation" "Grain" "Mill"
    2026-02-04 custom "cooperation" "GRAIN" "Mill" ; ? look-alike-id
    """)
    assert '"ADA" and "Ada" look alike' in books.books.advice[0].message
    assert {"ADA", "BobI", "Carla"} <= set(books.books.machine.state.members)


def test_an_accountant_may_be_the_member_of_that_name() -> None:
    check('2026-02-01 custom "member" "Carla"\n2026-02-01 custom "company" "CARLA-Works"\n', prelude=PARTIES)


def test_a_region_of_many_members_is_compared_in_one_pass() -> None:
    names = [f"Member-{number}" for number in range(20_000)]
    start = time.perf_counter()
    forms = list(folded(names))
    assert len({small for small, _ in forms}) > 10_000
    assert time.perf_counter() - start < 5
