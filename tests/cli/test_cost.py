"""`conductor cost`: figures worked out by hand in tests/cli/town.py."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.cli.region import answer
from tests.cli.town import CLOSE_JANUARY, JANUARY, refused, write_town
from tests.support import conductor


def test_the_cost_of_a_company_by_month(town: Path) -> None:
    row = answer("cost", town, "School")
    assert list(row) == ["company", "ownership", "months", "offers"]
    assert (row["company"], row["ownership"]) == ("School", "regional")
    january, february = row["months"]
    assert january == {
        "month": "2026-01",
        "hours": {"teacher": "20.00"},
        "wages": "400.00",
        "purchases": "0.00",
        "rents": "75.00",
        "interest": "0.00",
        "cost": "475.00",
        "sales": "60.00",
        "sold": {"workshop": "2"},
        "units": "2",
        "unit_cost": "237.50",  # 475 / 2
    }
    assert february == january | {
        "month": "2026-02",
        "hours": {},
        "wages": "0.00",
        "rents": "155.00",
        "cost": "155.00",
        "sales": "120.00",
        "sold": {"workshop": "4"},
        "units": "4",
        "unit_cost": "38.75",
    }


def test_purchases_outside_and_interest_are_costs_and_wages_too(town: Path) -> None:
    january, february = answer("cost", town, "Bakery")["months"]
    kinds = ("wages", "purchases", "rents", "interest", "cost", "sales", "units")
    assert [january[kind] for kind in kinds] == ["210.00", "330.00", "62.00", "0.00", "602.00", "1040.00", "10"]
    assert [february[kind] for kind in kinds] == ["210.00", "0.00", "62.00", "12.00", "284.00", "0.00", "0"]
    assert february["unit_cost"] is None  # nothing was sold


def test_offers_have_their_cost_over_the_last_three_months(town: Path) -> None:
    assert answer("cost", town, "School")["offers"] == [
        {
            "offer": "workshop",
            "product": "Workshop",
            "unit": "",
            "price": "30.00",
            "sold": "6",
            "unit_cost": "105.00",  # (475 + 155) / 6
            "at_cost_price": "105.00",
        }
    ]
    # A job is no product, and is never sold.
    assert [row["offer"] for row in answer("cost", town, "Bakery")["offers"]] == ["loaf"]


def test_the_cost_of_several_offers_is_spread_by_what_they_brought(tmp_path: Path) -> None:
    more = (
        '2026-01-19 custom "offer" "evening" "School"\n  product: "Evening course"\n  price: 20 RSC\n'
        '2026-01-20 * "Ada" "3 evenings" ^evening\n  quantity: 3\n'
        "  Assets:Members:Ada:Wallet  -60 RSC\n  Assets:Companies:School:Wallet  60 RSC\n"
    )
    folder = write_town(tmp_path, {"2026-01": JANUARY + more + CLOSE_JANUARY})
    offers = {row["offer"]: row for row in answer("cost", folder, "School")["offers"]}
    # 475 for goods of 60 and 60: 237.50 each, over 3 evenings and over 2 workshops.
    assert (offers["evening"]["sold"], offers["evening"]["at_cost_price"]) == ("3", "79.17")
    assert Decimal(offers["evening"]["unit_cost"]).quantize(Decimal("0.0001")) == Decimal("79.1667")
    assert (offers["workshop"]["sold"], offers["workshop"]["unit_cost"]) == ("2", "118.75")


def test_an_offer_that_ended_is_not_listed_and_one_never_sold_has_no_cost(tmp_path: Path) -> None:
    more = (
        '2026-01-19 custom "offer" "evening" "School"\n  product: "Evening course"\n  price: 20 RSC\n'
        '2026-01-29 custom "offer-end" "workshop"\n'
    )
    folder = write_town(tmp_path, {"2026-01": JANUARY + more + CLOSE_JANUARY})
    (offer,) = answer("cost", folder, "School")["offers"]
    assert (offer["offer"], offer["sold"], offer["unit_cost"], offer["at_cost_price"]) == ("evening", "0", None, None)


def test_costs_at_a_date_are_what_was_known_then(town: Path) -> None:
    (january,) = answer("cost", town, "School", "--at", "2026-01-31T12:00:00")["months"]
    assert (january["rents"], january["cost"]) == ("0.00", "400.00")  # rents are charged by the close
    (january,) = answer("cost", town, "School", "--at", "2026-01-31")["months"]
    assert january["cost"] == "475.00"
    row = answer("cost", town, "School", "--at", "2026-01-01")
    assert row["months"] == []
    assert [offer["sold"] for offer in row["offers"]] == ["0"]


def test_trailing_months_end_with_the_month_that_is_asked_for(town: Path) -> None:
    for at, sold in (("2026-01-31", "2"), ("2026-02-28", "6"), ("2026-03-31", "6"), ("2026-04-30", "4")):
        (offer,) = answer("cost", town, "School", "--at", at)["offers"]
        assert offer["sold"] == sold, at


def test_without_labour_time_hours_are_counted_from_the_wages(credits_only: Path, town: Path) -> None:
    row, other = answer("cost", credits_only, "School"), answer("cost", town, "School")
    assert {name: Decimal(hours) for name, hours in row["months"][0]["hours"].items()} == {"teacher": 20}
    assert [m | {"hours": 0} for m in row["months"]] == [m | {"hours": 0} for m in other["months"]]


def test_a_reversal_takes_back_what_was_sold(tmp_path: Path) -> None:
    back = '2026-02-03 custom "reversal" "till-1"\n  by: "carla"\n  reason: "stale"\n'
    folder = write_town(tmp_path, {"2026-01": JANUARY + CLOSE_JANUARY, "2026-02": back})
    january, february = answer("cost", folder, "Bakery")["months"]
    assert (january["sales"], january["units"]) == ("1040.00", "10")
    assert (february["sales"], february["units"], february["sold"]) == ("-40.00", "-10", {"loaf": "-10"})
    assert february["unit_cost"] is None
    assert [offer["sold"] for offer in answer("cost", folder, "Bakery")["offers"]] == ["0"]


def test_a_company_that_does_not_exist_is_exit_2_and_names_the_nearest(town: Path) -> None:
    assert '"Bakery"' in refused("cost", town, "Backery")
    assert "Ada" in refused("cost", town, "Ada")  # a member is no company
    refused("cost", town, "Bakery", "--at", "2025-12-31")


def test_the_text_of_a_cost_has_the_figures_of_the_json(town: Path) -> None:
    result = conductor("cost", town, "School")
    assert result.exit_code == 0
    for figure in ("20.00 teacher", "400.00", "475.00", "237.50", "38.75", "105.00", "workshop"):
        assert figure in result.stdout
