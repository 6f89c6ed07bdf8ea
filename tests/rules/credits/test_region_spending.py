"""What the region itself moves: issue, subsidies, common works, settlement. It needs the names of accountants."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.credits.region import (
    BANK,
    CLEARING,
    FUNDED,
    ISSUANCE,
    MILL,
    OUTSIDE,
    PLAIN,
    POOL,
    SCHOOL,
    TREASURY,
    UNION,
    decision,
    move,
    moves,
    region,
)
from tests.support import Loaded, check, ledger, load

D = Decimal

APPROVED = [
    ("issue", ISSUANCE, TREASURY),
    ("issue", ISSUANCE, BANK),
    ("issue", ISSUANCE, UNION),
    ("retire", TREASURY, ISSUANCE),
    ("retire", BANK, ISSUANCE),
    ("subsidy", TREASURY, SCHOOL),
    ("capitalization", TREASURY, BANK),
    ("pooling", TREASURY, POOL),
    ("pooling", CLEARING, POOL),
    ("pooling", POOL, MILL),
    ("pooling", POOL, OUTSIDE),
    ("pooling", POOL, CLEARING),
    ("pooling", POOL, TREASURY),
    ("settlement", TREASURY, CLEARING),
    ("settlement", CLEARING, TREASURY),
]
PRELUDE = FUNDED + move(TREASURY, POOL, 500, by="dora, carla") + '2026-01-01 custom "accountant" "erna"\n'
IDS = [f"{name}-{debit.split(':')[1]}-{credit.split(':')[1]}" for name, debit, credit in APPROVED]


@pytest.mark.parametrize(("name", "debit", "credit"), APPROVED, ids=IDS)
def test_it_moves_when_an_accountant_approves(name: str, debit: str, credit: str) -> None:
    books = check(move(debit, credit, 10, date="2026-01-02", transfer=name, by="carla"), region=PLAIN, prelude=PRELUDE)
    assert moves(books, name)[-1] == (name, debit, credit, D(10))


@pytest.mark.parametrize(("name", "debit", "credit"), APPROVED, ids=IDS)
def test_nobody_else_moves_it(name: str, debit: str, credit: str) -> None:
    def moved(by: str, mark: str, date: str = "2026-01-02", amount: int = 10) -> str:
        return move(debit, credit, amount, date=date, transfer=name, by=by, mark=mark, says=by)

    text = (
        moved("", "missing-approvals")
        + moved("karla", "accountant-not-found")
        + moved("Ada", "accountant-not-found")
        + '2026-01-03 custom "accountant-end" "erna"\n  by: "carla"\n'
        + moved("erna", "accountant-has-ended", "2026-01-03")
        + moved("erna", "", "2026-01-02", 20)
    )
    books = check(text, region=PLAIN, prelude=PRELUDE)
    assert [amount for *_, amount in moves(books, name) if amount in {10, 20}] == [20]


TWO = region(decision("2026-01-03", approvals=2))


@pytest.mark.parametrize(("name", "debit", "credit"), APPROVED, ids=IDS)
def test_as_many_accountants_approve_as_the_region_decides(name: str, debit: str, credit: str) -> None:
    def moved(by: str, mark: str = "", date: str = "2026-01-03") -> str:
        return move(debit, credit, 10, date=date, transfer=name, by=by, mark=mark, says=by)

    text = (
        moved("carla", date="2026-01-02")
        + moved("carla", "missing-approvals")
        + moved("carla, carla", "missing-approvals")
        + moved("carla, dora")
        + moved("carla,dora , erna")
        + moved("carla, karla", "accountant-not-found")
    )
    found = check(text, region=TWO, prelude=PRELUDE)
    assert "2" in next(p.message for p in found.books.errors if p.code == "missing-approvals")


def test_of_three_names_all_must_be_accountants() -> None:
    text = move(TREASURY, BANK, 10, date="2026-01-03", by="carla, dora, Ada", mark="accountant-not-found")
    check(text, region=TWO, prelude=PRELUDE)


@ledger(region=PLAIN, prelude=PRELUDE)
def test_subsidies_are_for_regional_companies_only(books: Loaded) -> None:
    """
    2026-01-02 * "for the mill" ; ! company-is-not-regional
      transfer: "subsidy"
      by: "carla"
      Assets:Region:Treasury          -10 RSC
      Assets:Companies:Mill:Wallet     10 RSC
    2026-01-02 * "for a school that is not there" ; ! company-not-found
      transfer: "subsidy"
      by: "carla"
      Assets:Region:Treasury          -10 RSC
      Assets:Companies:Skool:Wallet    10 RSC
    2026-01-02 * "no gift of the region to people" ; ! transfer-contradicts-accounts
      transfer: "subsidy"
      by: "carla"
      Assets:Region:Treasury          -10 RSC
      Assets:Members:Ada:Wallet        10 RSC
    2026-01-02 custom "company-end" "School"
    2026-01-03 * "too late" ; ! company-has-ended
      transfer: "subsidy"
      by: "carla"
      Assets:Region:Treasury           -10 RSC
      Assets:Companies:School:Wallet    10 RSC
    """
    assert moves(books, "subsidy") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_only_issuance_outside_clearing_and_debts_may_be_negative(books: Loaded) -> None:
    """
    2026-01-02 * "more than the treasury has" ; ! insufficient-balance
      by: "carla"
      Assets:Region:Treasury           -9500.01 RSC
      Assets:Banks:PublicBank:Funds     9500.01 RSC
    2026-01-02 * "more than the pool has" ; ! insufficient-balance
      by: "carla"
      Assets:Region:Pools:Commons      -500.01 RSC
      Equity:Outside                    500.01 RSC
    2026-01-02 * "more than the bank has" ; ! insufficient-balance
      by: "carla"
      Assets:Banks:Union:Funds        -10000.01 RSC
      Equity:Issuance                  10000.01 RSC
    2026-01-03 * "as much as is decided"
      by: "carla"
      Equity:Issuance                 -1000000 RSC
      Assets:Region:Treasury           1000000 RSC
    2026-01-03 * "Lakeside owes us"
      by: "carla"
      transfer: "settlement"
      Assets:Regions:Lakeside:Clearing  -1000000 RSC
      Assets:Region:Treasury             1000000 RSC
    """
    assert books.balance(ISSUANCE) == -30_000 - 1_000_000
    assert books.balance(CLEARING) == -7000 - 1_000_000


@ledger(region=PLAIN, prelude=PRELUDE)
def test_banks_and_pools_are_declared_before_anything_moves(books: Loaded) -> None:
    """
    2026-01-02 * "typo" ; ! bank-not-found
      by: "carla"
      Assets:Region:Treasury             -10 RSC
      Assets:Banks:PublicBnak:Funds       10 RSC
    2026-01-02 * "typo" ; ! pool-not-found
      by: "carla"
      Assets:Region:Treasury             -10 RSC
      Assets:Region:Pools:Comons          10 RSC
    2026-01-02 * "typo" ; ! region-not-found
      by: "carla"
      transfer: "settlement"
      Assets:Region:Treasury             -10 RSC
      Assets:Regions:Lakside:Clearing     10 RSC
    2026-01-02 custom "bank" "PublicBank" ; ! duplicate-id
      ownership: "regional"
    2026-01-02 custom "bank" "Third" ; ! malformed-metadata
      ownership: "private"
    2026-01-02 custom "pool" "Commons" ; ! duplicate-id
      with: "Lakeside"
      purpose: "Trams"
    """
    assert '"PublicBank"' in books.message("bank-not-found")


@ledger(region=PLAIN, prelude=FUNDED)
def test_regions_pool_funds_for_common_works(books: Loaded) -> None:
    """
    2026-01-02 * "our share of the tram"
      by: "carla"
      Assets:Region:Treasury            -300 RSC
      Assets:Region:Pools:Commons        300 RSC
    2026-01-02 * "theirs"
      by: "carla"
      Assets:Regions:Lakeside:Clearing  -300 RSC
      Assets:Region:Pools:Commons        300 RSC
    2026-01-03 * "rails"
      by: "carla"
      Assets:Region:Pools:Commons       -400 RSC
      Equity:Outside                     400 RSC
    2026-01-04 * "works"
      by: "carla"
      Assets:Region:Pools:Commons       -150 RSC
      Assets:Companies:Mill:Wallet       150 RSC
    2026-01-05 * "what is left goes back"
      by: "carla"
      Assets:Region:Pools:Commons        -50 RSC
      Assets:Region:Treasury              25 RSC
      Assets:Regions:Lakeside:Clearing    25 RSC
    """
    assert books.balance(POOL) == 0


def test_a_transfer_in_parts_to_several_is_one_event() -> None:
    text = """
2026-01-02 * "subsidies and a purchase in one" ; ! ambiguous-legs
  by: "carla"
  Assets:Region:Treasury           -20 RSC
  Assets:Companies:School:Wallet    10 RSC
  Assets:Banks:PublicBank:Funds     10 RSC
"""
    found = load(text, region=PLAIN, prelude=PRELUDE)
    assert found.codes in (["ambiguous-legs"], ["ambiguous-transfer"])
