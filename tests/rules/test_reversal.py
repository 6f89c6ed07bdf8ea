"""LANGUAGE.md, "Transactions": a reversal mirrors every transfer of an event, once, at its own date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from conductor_bean.domain.instants import end_of
from conductor_bean.ledger import reports
from tests.rules.test_prices import TWO
from tests.support import PARTIES, REGION, Loaded, check, ledger, plan

D = Decimal


@ledger()
def test_a_reversal_mirrors_every_transfer_recorded_and_derived(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      id: "2026-0042"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
    2026-03-05 custom "reversal" "2026-0042"
      by: "carla"
      reason: "the wrong day"
      time: "10:00:00"
    """
    account = "Assets:Members:Ada:Hours"
    assert books.transfers("work_certificates", "taxes") == [
        ("work_certificates", "Assets:Companies:Bakery:A", account, D(8)),
        ("work_certificates", "Assets:Companies:Bakery:A", "Assets:Members:Bob:Hours", D(4)),
        ("taxes", account, "Equity:PSF", D("1.60")),
        ("taxes", "Assets:Members:Bob:Hours", "Equity:PSF", D("0.80")),
        ("work_certificates", account, "Assets:Companies:Bakery:A", D(8)),
        ("work_certificates", "Assets:Members:Bob:Hours", "Assets:Companies:Bakery:A", D(4)),
        ("taxes", "Equity:PSF", account, D("1.60")),
        ("taxes", "Equity:PSF", "Assets:Members:Bob:Hours", D("0.80")),
    ]
    assert books.balance(account) == 0
    assert books.balance("Equity:PSF") == -300
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"] == "reversal 2026-0042"]
    assert (str(entry.date), entry.meta["time"], entry.flag, entry.tags) == ("2026-03-05", "10:00:00", "*", {"derived"})
    assert entry.meta["lineno"] == 7  # the docstring's first line is empty
    assert entry.meta["filename"].endswith("doc.beancount")


@ledger()
def test_posted_history_stays_as_it_is(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-03-05 custom "reversal" "a"
    """
    before = books.books.at(end_of(date(2026, 3, 4)))
    assert before.state.balances["Assets:Members:Ada:Hours"] == 640  # 8 x 0.8 hours, in hundredths
    (entry,) = [entry for entry in books.governed() if "id" in entry.meta]
    assert [posting.units.number for posting in entry.postings] == [D(-8), D(8), D("-1.60"), D("1.60")]


@ledger()
def test_an_event_is_reversed_once(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-03-05 custom "reversal" "a"
    2026-03-06 custom "reversal" "a" ; ! event-is-reversed
    2026-03-07 custom "reversal" "b" ; ! event-not-found
    """
    assert "2026-03-05" in books.message("event-is-reversed")


@ledger()
def test_only_an_earlier_event_is_reversed(books: Loaded) -> None:
    """
    2026-03-05 custom "reversal" "a" ; ! event-not-found
    2026-03-05 * "facts come before transactions at one instant"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-03-05 custom "reversal" "a"
      time: "00:00:00.000001"
    """
    assert "time:" in books.message("event-not-found")
    assert books.balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_a_rejected_event_is_not_reversed(books: Loaded) -> None:
    """
    2026-02-01 * "work" ; ! worker-not-at-company
      id: "a"
      Assets:Companies:Mill:A        -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 custom "reversal" "a" ; ? depends-on-rejected
    """


@ledger(prelude=TWO)
def test_a_reversed_consumption_gives_back_the_compensation_and_the_units(books: Loaded) -> None:
    """
    2026-01-03 * "Ada" ^cheap
      id: "c"
      quantity: 3
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    2026-01-04 custom "reversal" "c"
    """
    assert books.amounts("compensation_for_coop") == [3, 3]
    assert books.balance("Equity:Cooperations:Bread") == 0
    assert books.balance("Liabilities:Companies:Bakery:PRD") == -100
    assert books.books.machine.state.plans["cheap"].consumed == 0
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"].startswith("reversal")]
    assert entry.links == {"cheap"}


@ledger(prelude=TWO)
def test_the_amounts_are_those_of_the_event_though_prices_have_changed(books: Loaded) -> None:
    """
    2026-01-03 * "Ada" ^dear
      id: "c"
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Mill:PRD      2 HOUR
    ; cheap expires on 2026-01-31: dear costs 3.00 now
    2026-02-04 custom "reversal" "c"
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0
    assert books.amounts("compensation_for_company") == [1, 1]


def test_a_reversal_may_leave_a_member_below_her_limit_but_she_does_not_consume_then() -> None:
    region = "region: T\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"
    text = """
    2026-02-01 * "work, 8 x 0.8 = 6.40"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 * "bread" ^bread
      quantity: 2
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    2026-02-03 custom "reversal" "a"
    2026-02-04 * "bread" ^bread ; ! insufficient-balance
      quantity: 2
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    """
    assert check(text, region=region).balance("Assets:Members:Ada:Hours") == -3


@ledger(prelude=PARTIES + plan("c", "Clinic", a=1, public=True) + '2026-01-01 custom "basic-service" "cut" "Ada"\n')
def test_a_reversal_of_a_service_takes_its_taxes_back(books: Loaded) -> None:
    """
    2026-02-01 * "Bob" ^cut
      id: "s"
      Assets:Members:Bob:Hours       -2 HOUR
      Assets:Members:Ada:Hours        2 HOUR
    2026-02-02 custom "reversal" "s"
    """
    # FIC = 0 (only public labour), so all 2 hours were taxes.
    assert books.amounts("taxes") == [2, 2]
    assert books.balance("Assets:Members:Bob:Hours") == 0
    assert books.balance("Assets:Members:Ada:Hours") == 0
    assert books.balance("Equity:PSF") == -1


@ledger(prelude=TWO)
def test_events_of_a_company_and_member_that_ended_can_still_be_reversed(books: Loaded) -> None:
    """
    2026-01-03 * "Ada" ^cheap
      id: "c"
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Bakery:PRD    2 HOUR
    2026-01-04 custom "company-end" "Bakery"
    2026-01-05 custom "reversal" "c"
    2026-01-06 custom "member-end" "Ada"
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_a_reversal_written_down_is_verified_and_not_added(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-03-05 custom "reversal" "a"
    2026-03-05 * "Reversal of a" #derived
      derived-from: "reversal a"
      Assets:Members:Ada:Hours       -8.00 HOUR
        transfer: "work_certificates"
      Assets:Companies:Bakery:A       8.00 HOUR
        transfer: "work_certificates"
      Equity:PSF                     -1.60 HOUR
        transfer: "taxes"
      Assets:Members:Ada:Hours        1.60 HOUR
        transfer: "taxes"
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0
    assert len(books.derived()) == 3 + 1  # three approvals of the prelude, and this


@ledger()
def test_a_reversal_written_down_with_another_amount_is_refused(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      id: "a"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-03-05 custom "reversal" "a"
    2026-03-05 * "Reversal of a" #derived
      derived-from: "reversal a"
      Assets:Members:Ada:Hours       -8.00 HOUR
        transfer: "work_certificates"
      Assets:Companies:Bakery:A       8.00 HOUR
        transfer: "work_certificates"
      Equity:PSF                     -1.50 HOUR
        transfer: "taxes"
      Assets:Members:Ada:Hours        1.50 HOUR ; ! wrong-derived-amount
        transfer: "taxes"
    """
    # The right one is added instead.
    assert books.balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_a_consumption_is_taken_back_in_parts_of_whole_units(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours       12 HOUR
    2026-02-02 * "three sacks" ^flour
      id: "it"
      quantity: 3
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Mill:PRD      3 HOUR
    2026-02-03 custom "reversal" "it"
      quantity: 1
    2026-02-04 custom "reversal" "it" ; ! quantity-must-be-positive
      quantity: 0.5
    2026-02-05 custom "reversal" "it" ; ! quantity-exceeds-event
      quantity: 3
    2026-02-06 custom "reversal" "it" ; ! malformed-metadata
      quantity: "one"
    """
    assert [amount for *_, amount in books.transfers("private_consumption")] == [D(3), D(1)]
    assert books.balance("Liabilities:Companies:Mill:PRD") == -1000 + 2
    assert books.books.machine.state.plans["flour"].consumed == 2


@ledger(region=REGION.replace("180", "40"))
def test_a_service_that_says_a_quantity_is_taken_back_in_parts_and_counts_less_in_fic(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service" "cut" "Ada"
    2026-02-02 * "three hours of cutting" ^cut
      id: "it"
      quantity: 3
      Assets:Companies:Mill:R       -3 HOUR
      Assets:Members:Ada:Hours       3 HOUR
    2026-02-03 custom "reversal" "it"
      quantity: 1
    2026-02-05 custom "reversal" "it"
      quantity: 1
    2026-02-07 custom "reversal" "it"
      quantity: 1
    2026-02-08 * "work"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    labour = [
        reports.fic(books.books.at(end_of(date(2026, 2, day))), end_of(date(2026, 2, day))).labour
        for day in (2, 4, 6, 7)
    ]
    # Three hours, two, one and none beside the plans, whose days in the window are the same.
    assert [later - labour[-1] for later in labour] == [300, 200, 100, 0]
    taxes = [amount for _, debit, _, amount in books.transfers("taxes") if debit != "Equity:PSF"]
    given_back = [amount for _, debit, _, amount in books.transfers("taxes") if debit == "Equity:PSF"]
    assert sum(given_back) == taxes[0]
    # The FIC of work afterwards is that of a region in which nobody was ever served.
    assert books.books.machine.context.taxes.services.at(books.books.last_instant + 1) == 0
