"""Reasons of decisions are said where they apply, and who owes wages where companies are shown."""

from __future__ import annotations

import json

from tests.rules.credits.region import BARE, OFFERS, endow, hours, region
from tests.rules.credits.test_assets import asset
from tests.support import conductor, load, plan

TOLD = region(plan_criteria='"what the assembly needs, and no more"', wage_arrears="true").replace(
    "baker: {min: 18, max: 24}", 'baker: {min: 18, max: 24, why: "night work"}'
)


def test_criteria_of_plans_and_reasons_of_wages_are_said_where_they_apply() -> None:
    books = load(
        hours("Bakery", "Ada", 8) + plan("bread", "Bakery", a=100, quantity=100),
        region=TOLD,
        prelude=BARE + OFFERS + endow(500, "Bakery"),
    )
    shown = conductor("plans", books.folder).output
    assert "accountants judge plans by: what the assembly needs, and no more" in shown
    assert "an hour of a baker is paid as it is for: night work" in conductor("cost", books.folder, "Bakery").output
    plain = load("", region=region(), prelude=BARE + OFFERS)
    assert "judge" not in conductor("plans", plain.folder).output


def test_companies_tell_the_wages_that_they_owe_and_what_they_own() -> None:
    text = hours("Bakery", "Ada", 10) + asset("van-1", "Bakery", 300)
    books = load(text, region=TOLD, prelude=BARE + OFFERS)
    rows = {row["company"]: row for row in json.loads(conductor("companies", books.folder, "--json").stdout)}
    assert rows["Bakery"]["wage_arrears"] == {"Ada": "210.00"}
    assert rows["Bakery"]["assets"] == [{"asset": "van-1", "name": "van-1", "value": "300.00", "to": None}]
    assert "wage_arrears" not in rows["Mill"]
