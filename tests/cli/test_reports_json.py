"""Reports as JSON: exactly the keys of INTERFACES.md, and figures worked out by hand (see tests/cli/region.py)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.region import answer, write_small

D = Decimal
# 10 hours x (1 - 77.5 / 112) = 3.0803...
TAX = "3.08"


PLAN = """\
2026-01-20 custom "plan" "{0}" "Bakery"
  product: "{2}"
  quantity: 10
  fixed-means: 0 HOUR
  raw-materials: 0 HOUR
  labour: 40 HOUR
  days: 100
{1} custom "plan-approval" "{0}"
  by: "carla"
"""


def test_balances(small: Path) -> None:
    rows = answer("balances", small)
    assert all(list(row) == ["account", "kind", "owner", "commodity", "balance"] for row in rows)
    assert [row["account"] for row in rows] == sorted(row["account"] for row in rows)
    assert {row["account"]: (row["kind"], row["owner"], row["balance"]) for row in rows} == {
        "Assets:Companies:Bakery:A": ("a", "Bakery", "290.00"),
        "Assets:Companies:Bakery:P": ("p", "Bakery", "100.00"),
        "Assets:Companies:Bakery:R": ("r", "Bakery", "200.00"),
        "Assets:Companies:Clinic:A": ("a", "Clinic", "100.00"),
        "Assets:Companies:Clinic:P": ("p", "Clinic", "20.00"),
        "Assets:Companies:Clinic:R": ("r", "Clinic", "27.00"),
        "Assets:Companies:Mill:A": ("a", "Mill", "200.00"),
        "Assets:Companies:Mill:P": ("p", "Mill", "100.00"),
        "Assets:Companies:Mill:R": ("r", "Mill", "100.00"),
        "Assets:Members:Ada:Hours": ("member", "Ada", "6.92"),  # 10 - 3.08
        "Assets:Members:Bob:Hours": ("member", "Bob", "-6.00"),
        # bread was overproductive: (3 - 2) x 2 came in; rolls underproductive: (4 - 3) x 1 went out
        "Equity:Cooperations:Bread": ("cooperation", "Bread", "1.00"),
        "Equity:PSF": ("psf", "social accounting", "-146.92"),  # -(20 + 30 + 100) + 3.08
        "Liabilities:Companies:Bakery:PRD": ("prd", "Bakery", "-596.00"),  # -600 + 6 - 2
        "Liabilities:Companies:Clinic:PRD": ("prd", "Clinic", "0.00"),
        "Liabilities:Companies:Mill:PRD": ("prd", "Mill", "-396.00"),  # -400 + 3 + 1
    }
    assert {row["commodity"] for row in rows} == {"HOUR"}


@pytest.mark.parametrize(
    ("at", "bakery_a", "bob"),
    [
        ("2025-12-31", None, None),
        ("2026-01-01", "0.00", "0.00"),
        ("2026-01-04", "300.00", "0.00"),
        ("2026-01-05", "290.00", "0.00"),
        ("2026-01-19", "290.00", "0.00"),
        ("2026-01-20", "290.00", "-6.00"),
        ("2099-01-01", "290.00", "-6.00"),
        ("2026-01-20T00:00:00", "290.00", "-6.00"),
        ("2026-01-02T09:29:59.999999", "0.00", "0.00"),
        ("2026-01-02T09:30:00", "300.00", "0.00"),
    ],
)
def test_at_a_date_means_its_end(small: Path, at: str, bakery_a: str | None, bob: str | None) -> None:
    rows = {row["account"]: row["balance"] for row in answer("balances", small, "--at", at)}
    assert rows.get("Assets:Companies:Bakery:A") == bakery_a
    assert rows.get("Assets:Members:Bob:Hours") == bob


def test_transfers(small: Path) -> None:
    rows = answer("transfers", small)
    keys = ["instant", "type", "debit", "credit", "commodity", "amount", "derived", "file", "line", "links"]
    assert all(list(row) == keys for row in rows)
    short = [(row["instant"], row["type"], row["amount"], row["derived"], row["links"]) for row in rows]
    assert short == [
        ("2026-01-02T00:00:00", "credit_public_p", "20.00", True, ["clinic"]),
        ("2026-01-02T00:00:00", "credit_public_r", "30.00", True, ["clinic"]),
        ("2026-01-02T00:00:00", "credit_public_a", "100.00", True, ["clinic"]),
        ("2026-01-02T00:00:00", "credit_p", "100.00", True, ["rolls"]),
        ("2026-01-02T00:00:00", "credit_r", "100.00", True, ["rolls"]),
        ("2026-01-02T00:00:00", "credit_a", "200.00", True, ["rolls"]),
        ("2026-01-02T09:30:00", "credit_p", "100.00", True, ["bread"]),
        ("2026-01-02T09:30:00", "credit_r", "200.00", True, ["bread"]),
        ("2026-01-02T09:30:00", "credit_a", "300.00", True, ["bread"]),
        ("2026-01-05T00:00:00", "work_certificates", "10.00", False, []),
        ("2026-01-05T00:00:00", "taxes", TAX, True, []),
        ("2026-01-20T00:00:00", "private_consumption", "0.00", False, ["clinic"]),
        ("2026-01-20T00:00:00", "private_consumption", "6.00", False, ["bread", "receipt-7"]),
        ("2026-01-20T00:00:00", "compensation_for_coop", "2.00", True, ["bread", "receipt-7"]),
        ("2026-01-25T12:00:00", "productive_consumption_r", "3.00", False, ["rolls"]),
        ("2026-01-25T12:00:00", "compensation_for_company", "1.00", True, ["rolls"]),
    ]
    by_type = {row["type"]: row for row in rows}
    assert by_type["taxes"]["debit"] == "Assets:Members:Ada:Hours"
    assert by_type["taxes"]["credit"] == "Equity:PSF"
    assert (by_type["taxes"]["file"], by_type["taxes"]["line"]) == ("doc.beancount", 1)
    assert by_type["credit_p"]["file"] == "prelude.beancount"
    assert (by_type["compensation_for_company"]["file"], by_type["compensation_for_company"]["line"]) == (
        "doc.beancount",
        20,
    )


@pytest.mark.parametrize(
    ("arguments", "types"),
    [
        (
            ["--from", "2026-01-20"],
            ["private_consumption"] * 2
            + ["compensation_for_coop"]
            + ["productive_consumption_r", "compensation_for_company"],
        ),
        (
            ["--to", "2026-01-04"],
            ["credit_public_p", "credit_public_r", "credit_public_a"] + ["credit_p", "credit_r", "credit_a"] * 2,
        ),
        (["--from", "2026-01-05", "--to", "2026-01-05"], ["work_certificates", "taxes"]),
        (["--from", "2026-02-01"], []),
        (["--from", "2026-01-06", "--to", "2026-01-05"], []),
        (["--type", "taxes"], ["taxes"]),
        (["--party", "Ada"], ["work_certificates", "taxes", "private_consumption"]),
        (["--party", "Bread"], ["compensation_for_coop", "compensation_for_company"]),
        (["--party", "Clinic", "--type", "productive_consumption_r"], ["productive_consumption_r"]),
        (["--party", "social accounting", "--from", "2026-01-03"], ["taxes"]),
        (["--party", "Mill", "--from", "2026-01-20"], ["productive_consumption_r", "compensation_for_company"]),
    ],
)
def test_transfers_can_be_narrowed_down(small: Path, arguments: list[str], types: list[str]) -> None:
    assert [row["type"] for row in answer("transfers", small, *arguments)] == types


def test_the_table_of_transfers_needs_no_ledger() -> None:
    rows = answer("transfers", "--table")
    keys = ["name", "debit", "credit", "commodity", "derived", "condition", "explanation"]
    assert all(list(row) == keys for row in rows)
    hours = [row for row in rows if row["commodity"] == "HOUR"]
    assert len(hours) == 15
    assert [row["name"] for row in hours if not row["derived"]] == [
        "private_consumption",
        "private_consumption_of_basic_service",
        "productive_consumption_p",
        "productive_consumption_r",
        "productive_consumption_of_basic_service",
        "work_certificates",
    ]


def test_fic_at_an_instant(small: Path) -> None:
    row = answer("fic", small, "--at", "2026-01-05T00:00:00")
    assert list(row) == ["instant", "fic", "L", "L_o", "P_o", "R_o", "window"]
    assert row["instant"] == "2026-01-05T00:00:00"
    assert (row["L"], row["L_o"], row["P_o"], row["R_o"]) == ("89", "23", "4.6", "6.9")
    assert row["fic"] == "0.6919642857142857142857142857"  # 77.5 / 112, 28 digits
    assert row["window"] == ["2025-12-16T00:00:00", "2026-01-25T00:00:00"]


def test_fic_at_a_date_is_at_its_end(small: Path) -> None:
    row = answer("fic", small, "--at", "2026-01-05")
    assert row["instant"] == "2026-01-06T00:00:00"
    assert row["window"] == ["2025-12-17T00:00:00", "2026-01-26T00:00:00"]
    # bread 3 (3.6) + 20 days of 3 hours, rolls and clinic 4 + 20 of 1: L = 69 + 24.
    assert (row["L"], row["L_o"]) == ("93", "24")


def test_fic_at_the_end_of_a_date_is_that_of_the_next_morning_without_what_happens_then(tmp_path: Path) -> None:
    """Also at the end of a month, in its row of `months`, and whatever is decided for the next date."""
    more = '2026-01-20 custom "basic-service" "cut" "Ada"\n'
    served = '{} * "hair" ^cut\n{}  Assets:Companies:Mill:R  -{} HOUR\n  Assets:Members:Ada:Hours  {} HOUR\n'
    more += served.format("2026-01-31", '  time: "23:59:59"\n', 5, 5) + served.format("2026-02-01", "", 7, 7)
    more += PLAN.format("oats", "2026-01-31", "oats") + PLAN.format("rye", "2026-02-01", "rye")
    folder = write_small(tmp_path, more)
    yaml = (folder / "region.yaml").read_text("utf-8")
    (folder / "region.yaml").write_text(yaml + "  - date: 2026-02-01\n    set: {fic_window_days: 10}\n")
    row = answer("fic", folder, "--at", "2026-01-31")
    assert row["instant"] == "2026-02-01T00:00:00"
    assert row["window"] == ["2026-01-12T00:00:00", "2026-02-21T00:00:00"]
    # bread 40 days of 3 hours, rolls and clinic 40 of 1, oats 1 + 20 days of 40 / 100, the service of the last second.
    assert row["L"] == "173.4"
    (month,) = [month for month in answer("months", folder) if month["month"] == "2026-01"]
    assert month["fic"] == row["fic"]
    morning = answer("fic", folder, "--at", "2026-02-01T00:00:00")
    # Five days before and after: 10 of bread, rolls and clinic; oats 1 + 5, rye 0 + 5; the service, but not its own.
    assert morning["L"] == "49.4"
    assert [row["L"] for row in answer("fic", folder, "--from", "2026-02-01", "--to", "2026-02-01")] == ["49.4"]


def test_fic_now_is_at_the_last_instant_of_the_ledger(small: Path) -> None:
    row = answer("fic", small)
    assert row["instant"] == "2026-01-25T12:00:00"
    # Window from 2026-01-05T12 to 2026-02-14T12: all 40 days lie inside all plans.
    # L = 300 x 40/100 + 200 x 40/200 = 160; L_o = 40; P_o = 8; R_o = 12: (160 - 20) / 200 = 0.7
    assert (row["fic"], row["L"], row["L_o"], row["P_o"], row["R_o"]) == ("0.7", "160", "40", "8", "12")


def test_fic_counts_services_from_the_start_of_the_window_until_just_before_the_instant(tmp_path: Path) -> None:
    more = '2026-01-26 custom "basic-service" "cut" "Ada"\n2026-01-27 * "hair" ^cut\n'
    more += "  Assets:Companies:Mill:R  -5 HOUR\n  Assets:Members:Ada:Hours  5 HOUR\n"
    folder = write_small(tmp_path, more)
    labour = {
        "2026-01-27T00:00:00": 0,  # its own instant
        "2026-01-27T00:00:00.000001": 5,
        "2026-02-16T00:00:00": 5,  # the window of 40 days starts at its instant
        "2026-02-16T00:00:00.000001": 0,
    }
    for at, hours in labour.items():
        without = D(answer("fic", write_small(tmp_path / "without"), "--at", at)["L"])
        assert D(answer("fic", folder, "--at", at)["L"]) == without + hours, at


def test_the_course_of_fic_is_one_a_day_in_the_morning(small: Path) -> None:
    rows = answer("fic", small, "--from", "2026-01-01", "--to", "2026-01-05")
    assert [row["instant"] for row in rows] == [f"2026-01-0{day}T00:00:00" for day in range(1, 6)]
    # Before any plan FIC is 1; on 2026-01-02 bread is not approved yet: rolls 20 of 200 days, clinic 20 of 100:
    # (20 - 10) / (20 + 20) = 0.25
    assert [row["fic"] for row in rows[:2]] == ["1", "0.25"]
    assert rows[4]["fic"] == "0.6919642857142857142857142857"
    assert len(answer("fic", small, "--from", "2026-01-24")) == 2  # until the last date of the ledger
    assert answer("fic", small, "--from", "2026-01-24")[-1]["instant"] == "2026-01-25T00:00:00"


def test_the_course_of_fic_agrees_with_what_each_registration_saw(small: Path) -> None:
    for day in ("2026-01-03", "2026-01-15", "2026-04-11", "2026-05-30"):
        (row,) = answer("fic", small, "--from", day, "--to", day)
        assert row == answer("fic", small, "--at", f"{day}T00:00:00")


@pytest.mark.parametrize(
    ("plan", "at", "price", "cost", "cooperation"),
    [
        ("bread", "2026-01-09", "2.00", "2.00", None),
        ("bread", "2026-01-10", "3.00", "2.00", "Bread"),
        ("rolls", "2026-01-10", "3.00", "4.00", "Bread"),
        ("rolls", "2026-04-11", "3.00", "4.00", "Bread"),  # bread runs until 2026-04-12T09:30
        ("rolls", "2026-04-12T09:29:59", "3.00", "4.00", "Bread"),
        ("rolls", "2026-04-12T09:30:00", "4.00", "4.00", "Bread"),
        ("clinic", "2026-01-10", "0.00", "0.00", None),
        ("draft", "2026-01-10", None, None, None),
    ],
)
def test_price(small: Path, plan: str, at: str, price: str | None, cost: str | None, cooperation: str | None) -> None:
    row = answer("price", small, plan, "--at", at)
    assert list(row) == ["plan", "instant", "price", "cost", "cooperation"]
    assert (row["plan"], row["cooperation"]) == (plan, cooperation)
    if price is None:
        assert row["price"].startswith("0.33")  # 1 hour over 3 pieces
    else:
        assert (D(row["price"]), D(row["cost"])) == (D(price), D(cost or "0"))


def test_plans(small: Path) -> None:
    rows = answer("plans", small)
    keys = [
        "plan",
        "planner",
        "product",
        "unit",
        "quantity",
        "fixed_means",
        "raw_materials",
        "labour",
        "public",
        "state",
    ]
    keys += ["filed", "approved", "expires", "consumed", "price", "cost", "cooperation"]
    assert all(list(row) == keys for row in rows)
    assert [row["plan"] for row in rows] == ["bread", "clinic", "draft", "rolls"]
    assert rows[0] | {"price": "", "cost": ""} == {
        "plan": "bread",
        "planner": "Bakery",
        "product": "Bread",
        "unit": "loaf",
        "quantity": 300,
        "fixed_means": "100.00",
        "raw_materials": "200.00",
        "labour": "300.00",
        "public": False,
        "state": "active",
        "filed": "2026-01-01T00:00:00",
        "approved": "2026-01-02T09:30:00",
        "expires": "2026-04-12T09:30:00",
        "consumed": 2,
        "price": "",
        "cost": "",
        "cooperation": "Bread",
    }
    assert [D(rows[0]["price"]), D(rows[0]["cost"])] == [3, 2]
    assert [(row["state"], row["approved"], row["expires"], row["public"]) for row in rows[1:3]] == [
        ("active", "2026-01-02T00:00:00", "2026-04-12T00:00:00", True),
        ("filed", None, None, False),
    ]
    assert [row["state"] for row in answer("plans", small, "--at", "2026-01-01")] == ["filed"] * 4
    assert [row["state"] for row in answer("plans", small, "--at", "2026-04-12")] == [
        "expired",
        "expired",
        "filed",
        "active",
    ]
    assert answer("plans", small, "--at", "2025-12-31") == []


def test_companies(small: Path) -> None:
    rows = answer("companies", small)
    keys = ["company", "ownership", "p", "r", "a", "prd", "wallet", "deviation", "members"]
    assert all(list(row) == keys for row in rows)
    assert [row["company"] for row in rows] == ["Bakery", "Clinic", "Mill"]
    bakery, clinic, _ = rows
    assert [bakery[kind] for kind in ("p", "r", "a", "prd")] == ["100.00", "200.00", "290.00", "-596.00"]
    assert bakery["members"] == ["Ada", "Bob"]
    assert (bakery["ownership"], clinic["ownership"]) == ("workers", "regional")
    assert list(bakery["deviation"]) == ["p", "r", "a", "prd"]
    # a: 290 / 300 = 0.9666..., prd: 596 / 600 = 0.99333...
    assert bakery["deviation"]["a"] == "0.9666666666666666666666666667"
    assert bakery["deviation"]["prd"] == "0.9933333333333333333333333333"
    # r: 27 / 30 = 0.9; a public plan has nothing on prd
    assert clinic["deviation"] == {"p": "1", "r": "0.9", "a": "1", "prd": "0"}
    assert bakery["wallet"] is None
    before = answer("companies", small, "--at", "2026-01-01")
    assert before[0]["members"] == ["Ada", "Bob"]
    assert before[0]["deviation"] == {"p": "0", "r": "0", "a": "0", "prd": "0"}


def test_cooperations(small: Path) -> None:
    (row,) = answer("cooperations", small)
    assert list(row) == ["cooperation", "balance", "price", "plans", "coordinator", "coordinators", "requests"]
    assert D(row.pop("price")) == 3
    assert row == {
        "cooperation": "Bread",
        "balance": "1.00",
        "plans": ["bread", "rolls"],
        "coordinator": "Mill",
        "coordinators": [
            {"company": "Bakery", "since": "2026-01-09T00:00:00"},
            {"company": "Mill", "since": "2026-01-12T08:00:00.500000"},
        ],
        "requests": [],
    }
    (early,) = answer("cooperations", small, "--at", "2026-01-09")
    assert (early["price"], early["plans"], early["coordinator"]) == (None, [], "Bakery")
    assert answer("cooperations", small, "--at", "2026-01-08") == []


def test_open_requests_are_listed(tmp_path: Path) -> None:
    more = '2026-01-27 custom "cooperation" "Cakes" "Mill"\n'
    more += '2026-01-28 custom "cooperation-exit" "Bread" "bread"\n'
    more += '2026-01-28 custom "cooperation-request" "Cakes" "bread"\n  time: "01:00:00"\n'
    rows = answer("cooperations", write_small(tmp_path, more))
    assert [(row["cooperation"], row["plans"], row["requests"]) for row in rows] == [
        ("Bread", ["rolls"], []),
        ("Cakes", [], ["bread"]),
    ]


def figures(document: Any) -> Any:
    """Return opening or closing figures by account, in whichever of the two plain shapes."""
    return document if isinstance(document, dict) else {row["account"]: row["balance"] for row in document}


def test_statement(small: Path) -> None:
    document = answer("statement", small, "Ada")
    assert list(document) == ["party", "opening", "transfers", "closing"]
    assert document["party"] == "Ada"
    account = "Assets:Members:Ada:Hours"
    assert figures(document["opening"]) == {account: "0.00"}
    assert figures(document["closing"]) == {account: "6.92"}
    assert [(row["type"], row["amount"]) for row in document["transfers"]] == [
        ("work_certificates", "10.00"),
        ("taxes", TAX),
        ("private_consumption", "0.00"),
    ]


def test_a_statement_of_a_period_opens_with_what_came_before(small: Path) -> None:
    document = answer("statement", small, "Bakery", "--from", "2026-01-05", "--to", "2026-01-10")
    opening, closing = figures(document["opening"]), figures(document["closing"])
    prd = "Liabilities:Companies:Bakery:PRD"
    assert (opening["Assets:Companies:Bakery:A"], closing["Assets:Companies:Bakery:A"]) == ("300.00", "290.00")
    assert opening[prd] == closing[prd] == "-600.00"
    assert [row["type"] for row in document["transfers"]] == ["work_certificates"]


def test_opening_transfers_and_closing_of_every_party_agree(small: Path) -> None:
    for party in ("Ada", "Bob", "Bakery", "Mill", "Clinic", "Bread", "social accounting"):
        for period in (
            [],
            ["--from", "2026-01-03"],
            ["--to", "2026-01-20"],
            ["--from", "2026-01-20", "--to", "2026-01-20"],
        ):
            document = answer("statement", small, party, *period)
            opening = {account: D(amount) for account, amount in figures(document["opening"]).items()}
            for row in document["transfers"]:
                if row["debit"] in opening:
                    opening[row["debit"]] -= D(row["amount"])
                if row["credit"] in opening:
                    opening[row["credit"]] += D(row["amount"])
            closing = {account: D(amount) for account, amount in figures(document["closing"]).items()}
            assert opening == closing, (party, period)


def test_amounts_are_decimal_strings_and_never_scientific(tmp_path: Path) -> None:
    more = '2026-01-27 custom "plan" "tiny" "Mill"\n  product: "Tiny"\n  quantity: 999999999999999\n  days: 36500\n'
    more += "  fixed-means: 0.01\n  raw-materials: 0\n  labour: 0\n"
    more += '2026-01-27 custom "plan-approval" "tiny"\n  by: "carla"\n'
    folder = write_small(tmp_path, more)
    for command in (["balances"], ["plans"], ["companies"], ["fic"], ["price"], ["transfers"], ["statement"]):
        extra = {"price": ["tiny"], "statement": ["Mill"]}.get(command[0], [])
        text = str(answer(*command, folder, *extra))
        assert "E-" not in text
        assert "E+" not in text


@pytest.mark.parametrize("command", ["balances", "transfers", "fic", "plans", "companies", "cooperations"])
def test_a_report_of_an_empty_region_is_empty_and_no_fault(tmp_path: Path, command: str) -> None:
    (tmp_path / "main.beancount").write_text('plugin "conductor_bean.plugins.conductor"\n', "utf-8")
    (tmp_path / "region.yaml").write_text("region: T\ncommodities: {labour_time: {name: HOUR}}\n", "utf-8")
    document = answer(command, tmp_path)
    if command == "fic":
        assert (document["fic"], document["L"]) == ("1", "0")
    else:
        assert [row for row in document if row.get("account") != "Equity:PSF"] == []
