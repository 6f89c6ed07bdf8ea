"""What happened, split into what an edition tells in full and what it tells as totals of private parties."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

import pytest

from conductor_bean.domain.instants import date_of, month_number, start_of
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.publish.activity import Activity, activity
from conductor_bean.publish.cells import Cell, Content, PublicTransfer
from conductor_bean.publish.history import ToldInFull
from conductor_bean.publish.sides import STRANGER, Sides
from tests.cli.town import books_of, both_months, write_town
from tests.publish.borough import Borough, moved, wallet

MEMBERS, COMPANIES = "Assets:Private:Members:Wallet", "Assets:Private:Companies:Wallet"
TREASURY, SCHOOL, BANK = "Assets:Region:Treasury", "Assets:Companies:School:Wallet", "Assets:Banks:PublicBank"
OUTSIDE, CLEARING = "Equity:Outside", "Assets:Regions:Lakeside:Clearing"
NEIGHBOUR = "somebody of Lakeside"
HOURS = "Assets:Private:Members:Hours"
JANUARY, FEBRUARY, MARCH = (month_number(f"2026-0{month}") for month in (1, 2, 3))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The books of the town; Ada, Bob, Cyd and the Bakery are private, the School is the region's."""
    return books_of(write_town(tmp_path_factory.mktemp("town"), both_months()))


@pytest.fixture(scope="module")
def happened(town: Books) -> Activity:
    return activity(town)


def in_march(*texts: str) -> Activity:
    """What happened in the town where more happened in March."""
    journal = both_months()
    journal["2026-03"] = "\n".join(texts)
    with tempfile.TemporaryDirectory() as folder:
        return activity(books_of(write_town(Path(folder), journal)))


def of_march(found: Activity) -> dict[Cell, Content]:
    return {cell: behind for cell, behind in found.cells.items() if cell.month == MARCH}


def content(units: int, transfers: int, debits: dict[str, int], credits_: dict[str, int]) -> tuple[object, ...]:
    """What is said of a cell, without who dealt with whom."""
    return units, transfers, debits, credits_


def plain(found: Content) -> tuple[object, ...]:
    return found.units, found.transfers, found.debits, found.credits


def public(found: Activity, kind: str) -> list[tuple[str, str, str, int]]:
    """Date, accounts and units of the public transfers of a type."""
    return [(date_of(t.instant).isoformat(), t.debit, t.credit, t.units) for t in found.public if t.type == kind]


def test_every_account_is_seen_as_its_class_or_as_itself(town: Books) -> None:
    sides = Sides(town)
    account = town.machine.context.account
    seen = {name: sides.of(account(name)) for name in town.machine.state.balances}
    assert seen["Assets:Members:Ada:Wallet"].account == MEMBERS
    assert seen["Assets:Members:Ada:Wallet"].party == "Ada"
    assert seen["Assets:Companies:Bakery:Wallet"].account == COMPANIES
    assert seen["Liabilities:Companies:Bakery:PRD"].account == "Liabilities:Private:Companies:PRD"
    assert seen["Liabilities:Companies:Bakery:Loans"].account == "Liabilities:Private:Companies:Loans"
    assert seen["Liabilities:Members:Bob:Loans"].account == "Liabilities:Private:Members:Loans"
    assert (seen[SCHOOL].account, seen[SCHOOL].party, seen[SCHOOL].branch) == (SCHOOL, "", "School")
    assert (seen[TREASURY].account, seen[TREASURY].party, seen[TREASURY].branch) == (TREASURY, "", "")
    private = {name for name, side in seen.items() if side.party}
    assert private == {name for name in seen if set(name.split(":")) & {"Ada", "Bob", "Cyd", "Bakery"}}


def test_nothing_of_a_cell_but_who_stands_behind_it_names_anybody(happened: Activity) -> None:
    for cell in happened.cells:
        assert not {"Ada", "Bob", "Cyd", "Bakery"} & set(":".join(map(str, cell)).split(":"))
    for transfer in happened.public:
        names = {*transfer.debit.split(":"), *transfer.credit.split(":")}
        assert not {"Ada", "Bob", "Cyd", "Bakery"} & names


def test_a_cell_knows_both_sides(happened: Activity) -> None:
    gifts = happened.cells[Cell(JANUARY, "gifts", "", "gift", MEMBERS, MEMBERS)]
    assert plain(gifts) == content(2000, 1, {"Bob": 2000}, {"Cyd": 2000})
    purchases = happened.cells[Cell(JANUARY, "trade", "", "purchase", MEMBERS, COMPANIES)]
    assert plain(purchases) == content(4000, 1, {"Bob": 4000}, {"Bakery": 4000})


def test_who_deals_with_a_regional_company_stands_behind_a_cell_of_its_branch(happened: Activity) -> None:
    workshops = happened.cells[Cell(FEBRUARY, "trade", "School", "purchase", MEMBERS, SCHOOL)]
    assert plain(workshops) == content(12000, 1, {"Ada": 12000}, {})


def test_what_one_event_moves_has_one_broad_type_and_one_branch(happened: Activity) -> None:
    """Also the taxes, of which neither account is the company's."""
    mine = {cell for cell, behind in happened.cells.items() if "Cyd" in {*behind.debits, *behind.credits}}
    work = {(cell.type, cell.branch) for cell in mine if cell.broad == "work"}
    assert work == {(kind, "School") for kind in ("work_certificates", "taxes", "wage", "income_tax")}


def test_a_tax_that_follows_from_private_payments_is_told_as_a_total_too(happened: Activity) -> None:
    """5 % of what Ada paid the School would tell what she paid."""
    tax = happened.cells[Cell(JANUARY, "trade", "School", "sales_tax", SCHOOL, TREASURY)]
    assert plain(tax) == content(300, 1, {"Ada": 300}, {})
    surplus = happened.cells[Cell(FEBRUARY, "lending", "PublicBank", "bank_surplus", f"{BANK}:Funds", TREASURY)]
    assert plain(surplus) == content(1200, 1, {"Bakery": 1200}, {})
    assert public(happened, "sales_tax") == public(happened, "bank_surplus") == []


def test_what_strangers_pay_a_regional_company_and_the_tax_on_it_are_totals_like_its_trade_at_home() -> None:
    """One sale of 100 in full would say what one guest paid, and so would 10 % of it."""
    close = '2026-03-31 custom "month-close" "2026-03"\n'
    sold = moved('2026-03-03 * "a course"\n  transfer: "external_sale"', OUTSIDE, SCHOOL, 100)
    found = in_march(sold, close)
    assert public(found, "sales_tax") == public(found, "external_sale") == []
    tax = Cell(MARCH, "trade", "School", "sales_tax", SCHOOL, TREASURY)
    assert plain(found.cells[tax]) == content(1000, 1, {STRANGER: 1000}, {})
    sale = Cell(MARCH, "trade", "School", "external_sale", OUTSIDE, SCHOOL)
    assert plain(found.cells[sale]) == content(10000, 1, {}, {STRANGER: 10000})
    bought = moved('2026-03-03 * "Ada" ^workshop\n  quantity: 1', "Assets:Members:Ada:Wallet", SCHOOL, 30)
    both = in_march(sold, bought, close)
    assert plain(both.cells[tax]) == content(1150, 1, {STRANGER: 1000, "Ada": 150}, {})


def test_what_an_earlier_edition_told_in_full_goes_on_being_told_so() -> None:
    """Also its tax. What is told by now as a total would else be taken back, and told twice."""
    close = '2026-03-31 custom "month-close" "2026-03"\n'
    sold = moved('2026-03-03 * "a course"\n  transfer: "external_sale"', OUTSIDE, SCHOOL, 100)
    journal = {**both_months(), "2026-03": sold + sold.replace("03-03", "03-04") + close}
    march = start_of(datetime.date(2026, 3, 3))
    told = ToldInFull(date_of(march), PublicTransfer(march, "external_sale", OUTSIDE, SCHOOL, 10000), 1)
    with tempfile.TemporaryDirectory() as folder:
        books = books_of(write_town(Path(folder), journal))
        found = activity(books, [told])
    assert public(found, "external_sale") == [("2026-03-03", OUTSIDE, SCHOOL, 10000)]
    sale = Cell(MARCH, "trade", "School", "external_sale", OUTSIDE, SCHOOL)
    assert plain(found.cells[sale]) == content(10000, 1, {}, {STRANGER: 10000})
    assert found.public_tax[MARCH, SCHOOL] == 1000


def test_tax_that_is_given_back_for_a_private_sale_is_told_as_a_total_too() -> None:
    """5 % of what Ada paid the School and was paid back, like the tax; of what strangers paid back it is public."""
    closes = '2026-03-31 custom "month-close" "2026-03"\n', '2026-04-30 custom "month-close" "2026-04"\n'
    bought = moved('2026-03-03 * "Ada" ^workshop\n  id: "b"\n  quantity: 1', "Assets:Members:Ada:Wallet", SCHOOL, 30)
    both = in_march(bought, closes[0], '2026-04-05 custom "reversal" "b"\n', closes[1])
    refund = both.cells[Cell(MARCH + 1, "trade", "School", "sales_tax_refund", TREASURY, SCHOOL)]
    assert plain(refund) == content(150, 1, {}, {"Ada": 150})
    assert public(both, "sales_tax_refund") == []
    sold = moved('2026-03-03 * "course"\n  id: "b"\n  transfer: "external_sale"', OUTSIDE, SCHOOL, 100)
    found = in_march(sold, closes[0], '2026-04-05 custom "reversal" "b"\n', closes[1])
    (refund,) = [behind for cell, behind in found.cells.items() if cell.type == "sales_tax_refund"]
    assert plain(refund) == content(1000, 1, {}, {STRANGER: 1000}), "a stranger's is no public one either"


def test_the_dividend_is_one_sum_for_all_and_names_nobody(happened: Activity) -> None:
    assert public(happened, "dividend") == [
        ("2026-01-31", TREASURY, MEMBERS, 9000),
        ("2026-02-28", TREASURY, MEMBERS, 2508),
    ]


def test_what_is_between_public_accounts_is_told_in_full(happened: Activity) -> None:
    assert public(happened, "subsidy") == [("2026-01-02", TREASURY, SCHOOL, 200000)]
    assert [row[1:] for row in public(happened, "rent")] == [(SCHOOL, TREASURY, 7500), (SCHOOL, TREASURY, 15500)]


def test_what_a_stranger_pays_the_region_is_a_total(happened: Activity) -> None:
    """A rent of one home, and a surcharge of one day, are those of one person."""
    assert public(happened, "surcharge") == public(happened, "outsider_rent") == []
    surcharge = happened.cells[Cell(JANUARY, "trade", "", "surcharge", OUTSIDE, TREASURY)]
    assert plain(surcharge) == content(700, 1, {}, {STRANGER: 700})
    rent = happened.cells[Cell(FEBRUARY, "housing", "", "outsider_rent", OUTSIDE, TREASURY)]
    assert plain(rent) == content(4030, 1, {}, {STRANGER: 4030})


def test_the_credits_of_a_plan_are_public_and_link_it(happened: Activity) -> None:
    (credit,) = [t for t in happened.public if t.type == "credit_a"]
    expected = ("Liabilities:Private:Companies:PRD", "Assets:Private:Companies:A", 30000, "bread")
    assert (credit.debit, credit.credit, credit.units, credit.link) == expected


def test_what_costs_nothing_is_in_no_cell() -> None:
    """A total of zero would say that each part of it is zero."""
    accounts = "Assets:Members:Ada:Hours", "Liabilities:Companies:School:PRD"
    free = moved('2026-03-04 * "Ada" ^clinic\n  quantity: 2', *accounts, 0, "HOUR")
    assert of_march(in_march(free)) == {}


def test_what_a_neighbour_region_sees_is_marked_as_known_and_has_one_of_its_people_behind_it() -> None:
    gift = moved('2026-03-04 * "Cyd"\n  transfer: "interregional_gift"', "Assets:Members:Cyd:Wallet", CLEARING, 3)
    ((cell, found),) = of_march(in_march(gift)).items()
    assert cell == Cell(MARCH, "gifts", "Lakeside", "interregional_gift", MEMBERS, CLEARING)
    assert (plain(found), found.known) == (content(300, 1, {"Cyd": 300}, {NEIGHBOUR: 300}), True)


def test_what_a_regional_company_sells_across_the_border_is_a_total() -> None:
    """Its single sale would say what one of the neighbour's people paid, and so would what stands above the price."""
    sold = moved('2026-03-04 * "a course"\n  transfer: "interregional_sale"', CLEARING, SCHOOL, 30)
    above = moved('2026-03-04 * "above"\n  transfer: "surcharge"', CLEARING, TREASURY, 6)
    bought = moved('2026-03-05 * "chalk"\n  transfer: "interregional_purchase"\n  input: "chalk"', SCHOOL, CLEARING, 4)
    found = in_march(sold, above, bought)
    assert not [t for t in found.public if CLEARING in (t.debit, t.credit)]
    assert {cell.type: plain(behind) for cell, behind in of_march(found).items() if CLEARING in cell} == {
        "interregional_sale": content(3000, 1, {NEIGHBOUR: 3000}, {}),
        "surcharge": content(600, 1, {NEIGHBOUR: 600}, {}),
        "interregional_purchase": content(400, 1, {}, {NEIGHBOUR: 400}),
    }


def settled(*texts: str) -> Activity:
    """What happened where the region then settled with Lakeside."""
    pay = moved('2026-03-31 * "pay"\n  transfer: "settlement"\n  by: "carla"', CLEARING, TREASURY, 6)
    return in_march(*texts, pay)


def test_a_settlement_is_a_total_of_those_whose_trade_it_settles() -> None:
    given = [
        moved(
            f'2026-03-0{day} * "{name}"\n  transfer: "interregional_gift"',
            f"Assets:Members:{name}:Wallet",
            CLEARING,
            amount,
        )
        for day, name, amount in ((4, "Cyd", 3), (5, "Bob", 5))
    ]
    back = moved('2026-03-06 * "Bob"\n  transfer: "interregional_gift"', CLEARING, "Assets:Members:Bob:Wallet", 2)
    found = settled(*given, back)
    assert public(found, "settlement") == []
    cell = Cell(MARCH, "pooling", "Lakeside", "settlement", CLEARING, TREASURY)
    assert plain(found.cells[cell]) == content(600, 1, {"Cyd": 300, "Bob": 300}, {})
    (row,) = found.settled
    assert (row.relation.low, row.relation.high, row.relation.anchored) == (0, 0, False), "nothing is owed any more"
    assert sum(f * found.parts[part].units for part, f in row.relation.terms.items()) == 0
    assert sorted(sum(found.parts[part].units for part in way) for way in row.ways) == [200, 800]


def test_a_settlement_of_what_regions_did_together_is_told_in_full() -> None:
    pooled = '2026-03-02 custom "pool" "Ferry"\n' + moved(
        '2026-03-04 * "hull"\n  transfer: "pooling"\n  by: "carla"', TREASURY, "Assets:Region:Pools:Ferry", 6
    )
    share = moved('2026-03-05 * "hull"\n  transfer: "pooling"\n  by: "carla"', "Assets:Region:Pools:Ferry", CLEARING, 6)
    found = settled(pooled, share)
    assert public(found, "settlement") == [("2026-03-31", CLEARING, TREASURY, 600)]
    assert found.settled == []


REVERSED = '2026-03-20 custom "reversal" "it"\n  by: "carla"\n  reason: "a mistake"\n'


def test_a_reversal_counts_against_the_cell_of_its_own_month() -> None:
    gift = moved('2026-03-04 * "Cyd"\n  id: "it"', "Assets:Members:Cyd:Wallet", "Assets:Members:Ada:Wallet", 3)
    other = moved('2026-03-05 * "Cyd"', "Assets:Members:Cyd:Wallet", "Assets:Members:Ada:Wallet", 2)
    ((cell, found),) = of_march(in_march(gift, other, REVERSED)).items()
    assert cell == Cell(MARCH, "gifts", "", "gift", MEMBERS, MEMBERS)
    assert plain(found) == content(200, 3, {"Cyd": 200}, {"Ada": 200})


def test_a_reversal_of_an_earlier_month_is_less_than_nothing() -> None:
    journal = both_months()
    gift = moved('2026-02-04 * "Cyd"\n  id: "it"', "Assets:Members:Cyd:Wallet", "Assets:Members:Ada:Wallet", 3)
    journal["2026-02"] += gift
    journal["2026-03"] = REVERSED
    with tempfile.TemporaryDirectory() as folder:
        found = activity(books_of(write_town(Path(folder), journal)))
    ((cell, gifts),) = of_march(found).items()
    assert cell == Cell(MARCH, "gifts", "", "gift", MEMBERS, MEMBERS)
    assert plain(gifts) == content(-300, 1, {"Cyd": -300}, {"Ada": -300})


def test_a_rejected_event_is_in_no_cell(tmp_path: Path) -> None:
    journal = both_months()
    accounts = "Assets:Members:Bob:Wallet", "Assets:Members:Ada:Wallet"
    journal["2026-03"] += moved('2026-03-09 * "too much"', *accounts, 9999)
    books = load_books(write_town(tmp_path, journal))
    assert len(books.errors) == 1
    (gifts,) = of_march(activity(books)).values()
    assert plain(gifts) == content(500, 1, {"Cyd": 500}, {"Ada": 500})


def classes(found: Activity) -> dict[str, int]:
    """Units by account of an edition, of everything that happened."""
    held: dict[str, int] = {}
    moves = [(cell.debit, cell.credit, behind.units) for cell, behind in found.cells.items()]
    moves += [(transfer.debit, transfer.credit, transfer.units) for transfer in found.public]
    for debit, credit, units in moves:
        held[debit] = held.get(debit, 0) - units
        held[credit] = held.get(credit, 0) + units
    return {account: units for account, units in held.items() if units}


def of_books(books: Books) -> dict[str, int]:
    """Units by account of an edition, of the balances of the ledger."""
    sides, held = Sides(books), dict[str, int]()
    for name, units in books.machine.state.balances.items():
        shown = sides.of(books.machine.context.account(name)).account
        held[shown] = held.get(shown, 0) + units
    return {account: units for account, units in held.items() if units}


def test_public_and_private_parts_together_are_the_ledgers_balances(town: Books, happened: Activity) -> None:
    assert classes(happened) == of_books(town)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("hours", "rsc"), [(True, True), (True, False), (False, True)])
def test_of_every_borough_nothing_is_lost_and_nothing_told_twice(
    tmp_path: Path, seed: int, *, hours: bool, rsc: bool
) -> None:
    one = f"Assets:Members:M-01:{'Wallet' if rsc else 'Hours'}"
    other, commodity = one.replace("M-01", "M-02"), "RSC" if rsc else "HOUR"
    head = '2026-01-31 * "gift"' if rsc else '2026-01-31 * "helped" ^help-M-02'
    thing = moved(f'{head}\n  id: "it"', one, other, 1, commodity)
    more = REVERSED.replace("2026-03-20", "2026-02-20")
    folder = Borough(5 + seed, seed=seed, hours=hours, rsc=rsc).write(tmp_path, 2, thing + more)
    books = books_of(folder)
    found = activity(books)
    assert classes(found) == of_books(books)
    for cell, behind in found.cells.items():
        for account, side in ((cell.debit, behind.debits), (cell.credit, behind.credits)):
            if "Private" in account:
                assert sum(side.values()) == behind.units, cell
    assert wallet("Clinic") in classes(found) or not rsc


def test_public_transfers_stand_in_order(happened: Activity) -> None:
    instants = [transfer.instant for transfer in happened.public]
    assert instants == sorted(instants)
    assert all(isinstance(transfer, PublicTransfer) for transfer in happened.public)
