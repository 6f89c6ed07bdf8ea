"""`conductor months`: figures worked out by hand in tests/cli/town.py, and what must hold of every ledger."""

from __future__ import annotations

import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.region import FAULT, answer, write_small
from tests.cli.town import (
    CLOSE_FEBRUARY,
    FEBRUARY,
    JANUARY,
    MARCH,
    both_months,
    refused,
    write_town,
)
from tests.support import conductor

KEYS = ["month", "closed", "fic", "psf", "labour_taxes", "taxes", "income_tax", "sales_tax", "profit_tax", "dividend"]
KEYS += ["treasury", "treasury_opening", "treasury_income", "treasury_spending", "members"]
KEYS += ["companies_short", "members_short"]


def total(flows: dict[str, str]) -> Decimal:
    return sum((Decimal(amount) for amount in flows.values()), Decimal(0))


def hold_months(rows: list[dict[str, Any]]) -> None:
    """What must be true of the months of any region."""
    opening = Decimal(0)
    for row in rows:
        assert Decimal(row["treasury_opening"]) == opening, row["month"]
        closing = Decimal(row["treasury"])
        assert closing - opening == total(row["treasury_income"]) - total(row["treasury_spending"]), row["month"]
        assert Decimal(row["taxes"]) == sum(Decimal(row[kind]) for kind in ("income_tax", "sales_tax", "profit_tax"))
        assert (row["dividend"] is not None) == row["closed"]
        opening = closing


def test_january_with_all_its_keys(town: Path) -> None:
    row = answer("months", town)[0]
    assert list(row) == KEYS
    assert row == {
        "month": "2026-01",
        "closed": True,
        "fic": "0.8571428571428571428571428571",  # 6 / 7
        "psf": "-95.71",  # -100 for the clinic, and taxes of 1.43 + 2.86
        "labour_taxes": "4.29",
        "taxes": "170.04",
        "income_tax": "61.00",
        "sales_tax": "105.00",
        "profit_tax": "4.04",
        "dividend": "30.00",
        "treasury": "8347.04",
        "treasury_opening": "0.00",
        "treasury_income": {
            "income_tax": "61.00",
            "issue": "10000.00",
            "outsider_rent": "13.00",
            "profit_tax": "4.04",
            "rent": "247.00",
            "sales_tax": "105.00",
            "surcharge": "7.00",
        },
        "treasury_spending": {"dividend": "90.00", "subsidy": "2000.00"},
        "members": 3,
        "companies_short": [],
        "members_short": 0,
    }


def test_february_and_the_month_that_is_not_closed(town: Path) -> None:
    _, february, march = answer("months", town)
    assert (february["dividend"], february["treasury"], february["taxes"]) == ("8.36", "8680.15", "28.89")
    assert february["treasury_income"]["rent"] == "277.00"
    # Bob owes 50 of his rent and 100 of his loan; in March he still does.
    assert (february["companies_short"], february["members_short"]) == ([], 1)
    assert (march["month"], march["closed"], march["dividend"], march["members_short"]) == ("2026-03", False, None, 1)
    assert march["treasury_income"] == march["treasury_spending"] == {}
    # The window of 40 days around the end of March ends ten days after bread. So 30 of its days lie within bread (of
    # 100 days) and 40 within the clinic (of 200): L = 90 and L_o = 20, FIC = 90 / 110.
    assert march["fic"] == "0.8181818181818181818181818182"


def test_closing_less_opening_is_income_less_spending(town: Path, credits_only: Path) -> None:
    hold_months(answer("months", town))
    hold_months(answer("months", credits_only))


def test_a_month_without_events_is_told_too(tmp_path: Path) -> None:
    later = MARCH.replace("2026-03-05", "2026-05-05")
    rows = answer("months", write_town(tmp_path, both_months() | {"2026-03": later}))
    assert [row["month"] for row in rows] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    hold_months(rows)
    assert [row["treasury"] for row in rows[2:]] == ["8680.15"] * 3
    # On 30 April no day of bread is left in the window (it ended on 11 April): all labour there is public.
    assert rows[3]["fic"] == "0"


def test_a_region_of_labour_time_alone_has_no_credits(small: Path) -> None:
    (row,) = answer("months", small)
    assert list(row) == ["month", "closed", "fic", "psf", "labour_taxes"]
    # 10 hours of 5 January, taxed with 1 - 77.5 / 112; see tests/cli/region.py.
    assert (row["month"], row["closed"], row["psf"], row["labour_taxes"]) == ("2026-01", False, "-146.92", "3.08")
    text = conductor("months", small).stdout
    assert "-146.92" in text
    assert "dividend" not in text


def test_a_region_of_credits_alone_has_no_factor(credits_only: Path, town: Path) -> None:
    rows = answer("months", credits_only)
    assert list(rows[0]) == [key for key in KEYS if key not in ("fic", "psf", "labour_taxes")]
    assert rows == [{key: row[key] for key in rows[0]} for row in answer("months", town)]
    assert "FIC" not in conductor("months", credits_only).stdout


def test_the_text_has_the_figures_of_the_json(town: Path) -> None:
    result = conductor("months", town)
    assert result.exit_code == 0
    for figure in ("0.857143", "170.04", "8347.04", "30.00", "10000.00", "outsider_rent", "2026-03"):
        assert figure in result.stdout


def test_a_reversal_lowers_the_taxes_of_the_month_in_which_it_stands(tmp_path: Path) -> None:
    """Cyd's hours of January were never worked: wage and tax go back in February."""
    january = JANUARY.replace('2026-01-11 * "School" "Cyd\'s hours"', '2026-01-11 * "School" "Cyd\'s hours"\n  id: "w"')
    back = '2026-02-03 custom "reversal" "w"\n  by: "carla"\n  reason: "holidays"\n'
    rows = answer("months", write_town(tmp_path, {"2026-01": january, "2026-02": back}))
    hold_months(rows)
    assert [row["income_tax"] for row in rows] == ["61.00", "-40.00"]
    assert [row["labour_taxes"] for row in rows] == ["4.29", "0.00"]
    assert rows[1]["treasury_spending"] == {"income_tax": "40.00"}


def test_an_error_is_said_and_exit_1(tmp_path: Path) -> None:
    folder = write_small(tmp_path, FAULT)
    result = conductor("months", folder, "--json")
    assert result.exit_code == 1
    assert "worker-not-at-company" in result.stderr
    refused("months", tmp_path / "nowhere")
    refused("months", folder, "--at", "2026-01-01")


def moved(head: str, debit: str, credit: str, amount: int, commodity: str = "RSC") -> str:
    return f"{head}\n  {debit}  -{amount} {commodity}\n  {credit}  {amount} {commodity}\n"


def random_journal(seed: int) -> tuple[dict[str, str], str]:
    """Four months of gifts, purchases, work, spending and help, some of which nobody can pay, some months closed.

    What is refused counts for nothing, so the same must hold of what remains.
    """
    chance = random.Random(seed)
    wallets = {name: f"Assets:Members:{name}:Wallet" for name in ("Ada", "Bob", "Cyd")}
    bakery, school, treasury = (
        "Assets:Companies:Bakery:Wallet",
        "Assets:Companies:School:Wallet",
        "Assets:Region:Treasury",
    )
    journal = {"2026-01": JANUARY}
    last = {2: 28, 3: 31, 4: 30, 5: 31}
    closed = chance.randrange(1, 6)
    if closed > 1:
        journal["2026-01"] += '\n2026-01-31 custom "month-close" "2026-01"\n'
    for month in range(2, 6):
        lines = []
        for number in range(chance.randrange(1, 14)):
            date = f"2026-{month:02}-{chance.randrange(1, last[month] + 1):02}"
            one, other = chance.sample(sorted(wallets), 2)
            units = chance.randrange(1, 400)
            head = f'{date} * "{seed}-{month}-{number}"'
            lines.append(
                chance.choice(
                    [
                        moved(head, wallets[one], wallets[other], units),
                        moved(f"{head} ^loaf\n  quantity: {units}", wallets[one], bakery, 4 * units),
                        moved(head, "Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours", units % 25, "HOUR"),
                        moved(f'{head}\n  transfer: "external_sale"', "Equity:Outside", bakery, units),
                        moved(f'{head}\n  transfer: "surcharge"', "Equity:Outside", treasury, units),
                        moved(f'{head}\n  transfer: "subsidy"\n  by: "carla"', treasury, school, units),
                        moved(f'{head}\n  by: "dora"', treasury, "Equity:Issuance", 9 * units),
                        moved(f"{head} ^loan-1", bakery, "Assets:Banks:PublicBank:Funds", units),
                        f'{date} custom "reversal" "till-1"\n  by: "carla"\n  reason: "stale"\n',
                    ]
                )
            )
        if month < closed:
            lines.append(f'2026-{month:02}-{last[month]} custom "month-close" "2026-{month:02}"\n')
        chance.shuffle(lines)
        journal[f"2026-{month:02}"] = "\n".join(lines)
    return journal, f"closed before {closed}"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_treasury_is_accounted_for_and_all_credits_sum_to_zero(seed: int) -> None:
    journal, told = random_journal(seed)
    with tempfile.TemporaryDirectory() as folder:
        town = write_town(Path(folder), journal)
        code = 0 if conductor("check", town).exit_code == 0 else 1
        rows = answer("months", town, code=code)
        hold_months(rows)
        sums: dict[str, Decimal] = {}
        treasury = ""
        for row in answer("balances", town, code=code):
            sums[row["commodity"]] = sums.get(row["commodity"], Decimal(0)) + Decimal(row["balance"])
            treasury = row["balance"] if row["kind"] == "treasury" else treasury
            if row["kind"] in ("member_wallet", "company_wallet", "treasury", "bank", "pool"):
                assert Decimal(row["balance"]) >= 0, (seed, told, row)
        assert sums == {"HOUR": 0, "RSC": 0}, (seed, told)
        assert rows[-1]["treasury"] == treasury
        by_month = {row["month"]: Decimal(0) for row in rows}
        for row in answer("transfers", town, "--party", "Milltown", code=code):
            if "Assets:Region:Treasury" in (row["debit"], row["credit"]):
                sign = 1 if row["credit"] == "Assets:Region:Treasury" else -1
                by_month[row["instant"][:7]] += sign * Decimal(row["amount"])
        for row in rows:
            assert Decimal(row["treasury"]) - Decimal(row["treasury_opening"]) == by_month[row["month"]], (seed, told)


def test_months_that_are_not_closed_take_no_rent(tmp_path: Path) -> None:
    rows = answer("months", write_town(tmp_path, both_months(closed=False)))
    hold_months(rows)
    assert [row["closed"] for row in rows] == [False, False, False]
    assert "rent" not in {kind for row in rows for kind in row["treasury_income"]}


def test_the_first_close_may_be_of_any_month(tmp_path: Path) -> None:
    rows = answer("months", write_town(tmp_path, {"2026-01": JANUARY, "2026-02": FEBRUARY + CLOSE_FEBRUARY}))
    hold_months(rows)
    assert [row["closed"] for row in rows] == [False, True]
