"""Totals that would expose somebody are merged as declared: by type, as broad type, as "other", or they wait."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.transfers import table
from conductor_bean.publish.auditing import economy_of
from conductor_bean.publish.cells import Cell, Content
from conductor_bean.publish.hierarchy import IN_FULL, broad_type_of, broad_types, pool_order
from conductor_bean.publish.merging import BROAD, BY_BRANCH, BY_TYPE, OTHER, WAIT, Figure, Merger
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.sides import MERGED

DEFAULT = Thresholds(5, Fraction(15, 100), Fraction(75, 100), Fraction(85, 100))
MEMBERS, HOURS = "Assets:Private:Members:Wallet", "Assets:Private:Members:Hours"
COMPANIES, CLINIC = "Assets:Private:Companies:Wallet", "Assets:Companies:Clinic:Wallet"
TREASURY, PSF, OUTSIDE = "Assets:Region:Treasury", "Equity:PSF", "Equity:Outside"
MANY, FEW = 6, 3


def cell(kind: str, debit: str, credit: str, branch: str = "", *, month: int = 24312) -> Cell:
    """A cell of a transfer, of the broad type that holds it."""
    return Cell(month, broad_type_of()[kind], branch, kind, debit, credit)


def content(debits: int = 0, credits_: int = 0, each: int = 100, *, known: bool = False, first: int = 1) -> Content:
    """What so many private parties on each side did, with the same units each."""
    charged, credited = (dict.fromkeys((f"M-{n}" for n in range(first, first + c)), each) for c in (debits, credits_))
    return Content(each * max(debits, credits_), max(debits, credits_), charged, credited, known=known)


def figures(contents: dict[Cell, Content], **steps: int) -> list[Figure]:
    return Merger(contents, DEFAULT, economy_of).figures(contents, steps)


def said(found: list[Figure]) -> list[tuple[int, str, str, str, str]]:
    """Of each figure how coarsely it is told, its broad type, transfer and accounts."""
    return [(figure.step, *figure.key[:4]) for figure in found]


def test_what_exposes_nobody_is_told_by_type() -> None:
    gifts = cell("gift", MEMBERS, MEMBERS)
    found = figures({gifts: content(MANY, MANY)})
    assert said(found) == [(BY_BRANCH, "gifts", "gift", MEMBERS, MEMBERS)]
    assert found[0].cells == [gifts]


def test_each_regional_company_is_told_apart_where_it_may_be() -> None:
    found = figures(
        {
            cell("purchase", MEMBERS, CLINIC, "Clinic"): content(MANY),
            cell("purchase", MEMBERS, CLINIC.replace("Clinic", "Homes"), "Homes"): content(MANY),
        }
    )
    assert {figure.key.credit for figure in found} == {CLINIC, CLINIC.replace("Clinic", "Homes")}
    assert {figure.step for figure in found} == {BY_BRANCH}


def test_a_company_that_may_not_stand_alone_is_told_together_with_another() -> None:
    """And where the smallest that may stand alone is needed to hide it, the largest still stands alone."""
    names = ("Clinic", "Homes", "School")
    cells = {name: cell("purchase", MEMBERS, CLINIC.replace("Clinic", name), name) for name in names}
    found = figures(
        {
            cells["Clinic"]: content(FEW),
            cells["Homes"]: content(MANY, each=200),
            cells["School"]: content(MANY, each=100),
        }
    )
    assert (BY_BRANCH, "trade", "purchase", MEMBERS, CLINIC.replace("Clinic", "Homes")) in said(found)
    assert (BY_TYPE, "trade", "purchase", MEMBERS, MERGED) in said(found)
    assert len(found) == 2
    merged = next(figure for figure in found if figure.step == BY_TYPE)
    assert set(merged.cells) == {cells["Clinic"], cells["School"]}


def test_the_parts_of_what_one_event_moves_are_told_of_the_same_companies() -> None:
    """Were wages told of each company and their taxes of all together, the taxes would tell the wages."""
    found = figures(
        {
            cell("wage", CLINIC, MEMBERS, "Clinic"): content(0, MANY),
            cell("income_tax", MEMBERS, TREASURY, "Clinic"): content(FEW),
            cell("wage", CLINIC.replace("Clinic", "Homes"), MEMBERS, "Homes"): content(0, MANY),
            cell("income_tax", MEMBERS, TREASURY, "Homes"): content(MANY),
        }
    )
    wages = [figure for figure in found if figure.key.type == "wage"]
    assert [len(figure.cells) for figure in wages] == [2]


def test_types_that_each_expose_somebody_are_told_as_their_broad_type() -> None:
    found = figures(
        {
            cell("loan_interest", MEMBERS, "Assets:Banks:B:Funds", "B"): content(FEW),
            cell("loan_repayment", MEMBERS, "Assets:Banks:B:Funds", "B"): content(FEW, first=4),
        }
    )
    assert said(found) == [(BROAD, "lending", "", MEMBERS, MERGED)]


def test_a_type_that_exposes_somebody_takes_the_smallest_neighbour_of_its_broad_type() -> None:
    found = figures(
        {
            cell("purchase", MEMBERS, COMPANIES): content(MANY, MANY, each=500),
            cell("interregional_purchase", MEMBERS, "Assets:Regions:X:Clearing", "X"): content(FEW),
            cell("external_purchase", MEMBERS, "Assets:Regions:X:Clearing", "X"): content(MANY),
        }
    )
    assert (BROAD, "trade", "", MEMBERS, MERGED) in said(found)
    broad = next(figure for figure in found if figure.step == BROAD)
    assert {c.type for c in broad.cells} == {"interregional_purchase", "external_purchase"}


def test_broad_types_that_expose_somebody_are_pooled_as_other_by_the_regions_account() -> None:
    found = figures(
        {
            cell("profit_tax", COMPANIES, TREASURY): content(FEW),
            cell("rent", MEMBERS, TREASURY): content(FEW, first=11),
        }
    )
    assert said(found) == [(OTHER, "other", "", MERGED, TREASURY)]


def test_other_takes_in_the_broad_type_that_stands_highest_in_the_list() -> None:
    lower, higher = sorted(("housing", "work"), key=pool_order().__getitem__)
    assert (lower, higher) == ("housing", "work")
    found = figures(
        {
            cell("profit_tax", COMPANIES, TREASURY): content(FEW),
            cell("rent", MEMBERS, TREASURY): content(MANY, each=900),
            cell("income_tax", MEMBERS, TREASURY): content(MANY, each=50),
        }
    )
    pooled = next(figure for figure in found if figure.step == OTHER)
    assert {c.broad for c in pooled.cells} == {"profit", "housing"}
    assert (BY_BRANCH, "work", "income_tax", MEMBERS, TREASURY) in said(found)


def test_what_moves_nothing_of_the_region_takes_no_neighbour_from_its_own_place() -> None:
    """Gifts of three and a hundred purchases: the gifts wait, and no purchase is hidden for them."""
    gifts = cell("gift", MEMBERS, MEMBERS)
    found = figures({gifts: content(FEW, FEW), cell("purchase", MEMBERS, COMPANIES): content(MANY, MANY)})
    assert said(found) == [(BY_BRANCH, "trade", "purchase", MEMBERS, COMPANIES)]


def test_what_nothing_makes_safe_waits() -> None:
    assert figures({cell("gift", MEMBERS, MEMBERS): content(FEW, FEW)}) == []
    assert figures({}) == []


def test_one_who_dominates_is_hidden_as_well_as_few_are() -> None:
    gifts = cell("gift", MEMBERS, MEMBERS)
    lavish = content(MANY, MANY)
    lavish.debits["M-1"] = 100_000
    assert figures({gifts: lavish}) == []


def test_both_sides_are_looked_at() -> None:
    purchases = cell("purchase", MEMBERS, COMPANIES)
    assert figures({purchases: content(MANY, FEW)}) == []
    assert figures({purchases: content(FEW, MANY)}) == []
    assert len(figures({purchases: content(MANY, MANY)})) == 1


def test_the_same_party_in_two_cells_is_one_contributor() -> None:
    cells = [cell("loan_interest", MEMBERS, f"Assets:Banks:{bank}:Funds", bank) for bank in ("A", "B")]
    assert figures({cells[0]: content(FEW), cells[1]: content(FEW)}) == []
    assert len(figures({cells[0]: content(FEW), cells[1]: content(FEW, first=4)})) == 1


def test_what_a_neighbour_knows_protects_nobody() -> None:
    trade = {
        cell("interregional_sale", "Assets:Regions:X:Clearing", COMPANIES, "X"): content(0, 30, each=1, known=True),
        cell("interregional_sale", "Assets:Regions:Y:Clearing", COMPANIES, "Y"): content(0, FEW),
    }
    assert figures(trade) == []
    unknown = {key: content(0, len(value.credits), each=max(value.credits.values())) for key, value in trade.items()}
    assert len(figures({key: content(0, MANY) for key in unknown})) == 2


def test_hours_and_credits_are_never_added() -> None:
    contents = {
        cell("private_consumption", HOURS, "Liabilities:Private:Companies:PRD"): content(FEW, FEW),
        cell("gift", MEMBERS, MEMBERS): content(FEW, FEW, first=4),
    }
    assert figures(contents) == []
    steps = {"consumption": OTHER, "gifts": OTHER}
    both = {key: content(MANY, MANY) for key in contents}
    assert {figure.key.economy for figure in figures(both, **steps)} == {"HOUR", "RSC"}


@pytest.mark.parametrize("step", [BY_BRANCH, BY_TYPE, BROAD, OTHER, WAIT])
def test_what_has_to_be_told_more_coarsely_is(step: int) -> None:
    found = figures({cell("purchase", MEMBERS, CLINIC, "Clinic"): content(MANY)}, trade=step)
    expected = {
        BY_BRANCH: [(BY_BRANCH, "trade", "purchase", MEMBERS, CLINIC)],
        BY_TYPE: [(BY_TYPE, "trade", "purchase", MEMBERS, MERGED)],
        BROAD: [(BROAD, "trade", "", MEMBERS, MERGED)],
        OTHER: [(OTHER, "other", "", MERGED, MERGED)],
        WAIT: [],
    }
    assert said(found) == expected[step]


def test_every_transfer_of_the_table_has_one_broad_type() -> None:
    names = [name for broad in broad_types() for name in broad.types]
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(table())
    assert all(broad.meaning for broad in broad_types())
    assert broad_types()[-1].name == IN_FULL


def random_contents(seed: int) -> dict[Cell, Content]:
    """Cells of many kinds with few contributors each, so that all levels occur."""
    chance = random.Random(seed)
    kinds = [
        ("purchase", MEMBERS, CLINIC, "Clinic"),
        ("purchase", MEMBERS, COMPANIES, ""),
        ("sales_tax", COMPANIES, TREASURY, ""),
        ("income_tax", MEMBERS, TREASURY, "Clinic"),
        ("income_tax", MEMBERS, TREASURY, ""),
        ("wage", CLINIC, MEMBERS, "Clinic"),
        ("wage", COMPANIES, MEMBERS, ""),
        ("rent", MEMBERS, TREASURY, ""),
        ("profit_tax", COMPANIES, TREASURY, ""),
        ("gift", MEMBERS, MEMBERS, ""),
        ("interregional_gift", MEMBERS, "Assets:Regions:X:Clearing", "X"),
        ("external_sale", OUTSIDE, COMPANIES, ""),
        ("taxes", HOURS, PSF, ""),
        ("private_consumption", HOURS, "Liabilities:Private:Companies:PRD", ""),
    ]
    found = {}
    for kind, debit, credit, branch in kinds:
        if chance.random() < 0.8:
            sides = [
                {f"M-{n}": chance.randrange(1, 400) for n in chance.sample(range(20), chance.randrange(1, 9))}
                if "Private" in account
                else {}
                for account in (debit, credit)
            ]
            charged, credited = sides
            units = max(sum(side.values()) for side in sides)
            known = chance.random() < 0.1
            found[cell(kind, debit, credit, branch)] = Content(units, 9, charged, credited, known=known)
    return found


@given(st.integers(0, 10**9), st.dictionaries(st.sampled_from(sorted(pool_order())), st.integers(BY_BRANCH, WAIT)))
def test_every_figure_exposes_nobody_and_no_cell_is_told_twice(seed: int, steps: dict[str, int]) -> None:
    contents = random_contents(seed)
    merger = Merger(contents, DEFAULT, economy_of)
    found = merger.figures(contents, steps)
    told = [c for figure in found for c in figure.cells]
    assert len(told) == len(set(told))
    for figure in found:
        assert figure.step >= max(steps.get(c.broad, BY_BRANCH) for c in figure.cells)
        hidden = [contents[c] for c in figure.cells if not contents[c].known] or [contents[c] for c in figure.cells]
        for side in ("debits", "credits"):
            by_party: dict[str, int] = {}
            for mine in hidden:
                for party, units in getattr(mine, side).items():
                    by_party[party] = by_party.get(party, 0) + units
            assert not by_party or DEFAULT.allow(by_party.values())
        for c in figure.cells:
            assert figure.key.debit in (c.debit, MERGED)
            assert figure.key.credit in (c.credit, MERGED)
            assert economy_of(c.type) == figure.key.economy
            for account, shown in ((c.debit, figure.key.debit), (c.credit, figure.key.credit)):
                assert account == shown or account not in (TREASURY, PSF, OUTSIDE), "never merged"


@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_order_of_the_cells_does_not_matter(seed: int, chance: random.Random) -> None:
    contents = random_contents(seed)
    shuffled = list(contents.items())
    chance.shuffle(shuffled)
    assert figures(dict(shuffled)) == figures(contents)
