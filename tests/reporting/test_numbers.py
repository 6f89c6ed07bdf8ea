"""The figures of a report are those that the other commands tell, at the end of its time."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from conductor_bean.reporting.words import short
from tests.cli.town import both_months, write_town
from tests.reporting.reading import Page, page_of, paper_text, said, written

END = ("--at", "2026-03-31")


def flows(rows: list[dict[str, Any]], side: str) -> dict[str, Decimal]:
    """The treasury's income or spending over some months, by transfer in words."""
    found: dict[str, Decimal] = {}
    for row in rows:
        for name, amount in row[f"treasury_{side}"].items():
            found[name.replace("_", " ")] = found.get(name.replace("_", " "), Decimal(0)) + Decimal(amount)
    return found


def test_the_months_are_those_of_the_command_months(march_page: Page, riverbend: Path) -> None:
    rows = said("months", riverbend)[:3]
    table = march_page.table("Month by month")
    assert table.column("month") == [row["month"] for row in rows]
    assert table.column("FIC") == [short(row["fic"], 6) for row in rows]
    assert table.column("PSF") == [row["psf"] for row in rows]
    assert table.column("treasury") == [row["treasury"] for row in rows]
    assert table.column("members") == [str(row["members"]) for row in rows]
    profit = march_page.table("Regional profit and what")
    assert profit.column("taxes") == [row["taxes"] for row in rows]
    assert profit.column("dividend of each") == [row["dividend"] for row in rows]


def test_key_figures_are_those_of_the_month(march_page: Page, riverbend: Path) -> None:
    row = said("months", riverbend)[2]
    assert march_page.figures["Treasury"] == f"{row['treasury']} RSC"
    assert march_page.figures["Public Sector Fund"] == f"{row['psf']} HOUR"
    assert march_page.figures["Dividend of each member"] == f"{row['dividend']} RSC"
    assert march_page.figures["FIC at the end of 2026-03"] == short(row["fic"], 6)
    assert march_page.figures["Members"] == "12"


def test_the_treasury_is_told_by_transfer_as_by_the_command(march_page: Page, riverbend: Path) -> None:
    row = said("months", riverbend)[2]
    table = march_page.table("Treasury: income and spending of 2026-03")
    for words, side in (("came in", "income"), ("went out", "spending")):
        told = {line[0]: Decimal(line[2]) for line in table.rows if line[1] == words}
        assert told == flows([row], side)
    assert table.rows[0][2] == row["treasury_opening"]
    assert table.rows[-1][2] == row["treasury"]


def test_companies_stand_as_at_the_end_of_the_month(march_page: Page, riverbend: Path) -> None:
    rows = said("companies", riverbend, *END)
    table = march_page.table("Companies, 2026-03-31")
    assert table.column("company") == [row["company"] for row in rows]
    for kind in ("p", "r", "a", "prd", "wallet"):
        assert table.column(kind) == [row[kind] for row in rows]
    assert table.column("people") == [str(len(row["members"])) for row in rows]
    later = said("companies", riverbend)
    assert table.column("wallet") != [row["wallet"] for row in later[: len(rows)]]


def test_plans_stand_as_at_the_end_of_the_month(march_page: Page, riverbend: Path) -> None:
    rows = [row for row in said("plans", riverbend, *END) if row["approved"]]
    reality, costs = march_page.table("Plans at work in 2026-03"), march_page.table("What they plan")
    assert reality.column("plan") == [row["plan"] for row in rows]
    assert reality.column("consumed") == [str(row["consumed"]) for row in rows]
    assert reality.column("planned") == [str(row["quantity"]) for row in rows]
    assert costs.column("labour") == [row["labour"] for row in rows]
    assert costs.column("price of a unit") == [short(row["price"], 4) for row in rows]
    assert costs.sums[3] == f"{sum(Decimal(row['labour']) for row in rows):f}"


def test_cooperations_stand_as_at_the_end_of_the_month(march_page: Page, riverbend: Path) -> None:
    (row,) = said("cooperations", riverbend, *END)
    told = march_page.table("Cooperations, 2026-03-31").rows
    assert told[0][:3] == [row["cooperation"], short(row["price"], 4), row["balance"]]
    assert told[0][-1] == row["coordinator"]


def test_lists_are_lengths_alone(march_page: Page, riverbend: Path) -> None:
    rows = said("lists", riverbend, *END)
    told = march_page.table("Wait-lists, 2026-03-31").rows
    assert told == [[row["list"], str(row["length"]), str(row["served"])] for row in rows]
    assert any(row["waiting"] for row in rows)


def test_accounts_of_the_region_are_those_of_the_command_balances(march_page: Page, riverbend: Path) -> None:
    balances = {row["account"]: row["balance"] for row in said("balances", riverbend, *END)}
    table = march_page.table("Accounts of the region")
    assert [balances[name] for name in table.column("account")] == table.column("balance")
    assert not any(name.startswith("Assets:Members") for name in table.column("account"))


def test_factor_and_its_parts_are_those_of_the_command_fic(march_page: Page, riverbend: Path) -> None:
    row = said("fic", riverbend, *END)
    table = march_page.table("FIC with its parts")
    assert table.column("value") == [short(row[name], 6) for name in ("fic", "L", "L_o", "P_o", "R_o")]


def test_transfers_of_the_month_are_counted_by_row_of_the_table(march_page: Page, riverbend: Path) -> None:
    rows = said("transfers", riverbend, "--from", "2026-03-01", "--to", "2026-03-31")
    table = march_page.table("Transfers of 2026-03")
    assert sum(int(count) for count in table.column("number")) == len(rows)
    rents = [Decimal(row["amount"]) for row in rows if row["type"] == "rent"]
    assert table.row("rent")["amount"] == f"{sum(rents):f}"


def test_costs_of_regional_companies_are_those_of_the_command_cost(march_page: Page, riverbend: Path) -> None:
    (month,) = [row for row in said("cost", riverbend, "Clinic")["months"] if row["month"] == "2026-03"]
    told = march_page.table("What companies that the region owns cost").row("Clinic")
    assert told["wages RSC"] == month["wages"]
    assert told["cost RSC"] == month["cost"]
    assert told["sales RSC"] == month["sales"]


def test_costs_of_a_year_are_summed_by_company(year_page: Page, riverbend: Path) -> None:
    months = said("cost", riverbend, "Clinic")["months"]
    told = year_page.table("What companies that the region owns cost").row("Clinic")
    for key in ("wages", "cost", "sales"):
        assert told[f"{key} RSC"] == f"{sum(Decimal(month[key]) for month in months):f}"
    assert "cost of a unit RSC" not in told


def test_a_year_sums_what_can_be_summed(year_page: Page, riverbend: Path) -> None:
    rows = said("months", riverbend)
    profit = year_page.table("Regional profit and what")
    index = profit.heads.index("dividend of each RSC")
    assert profit.sums[index] == f"{sum(Decimal(row['dividend']) for row in rows):f}"
    table = year_page.table("Treasury: income and spending of 2026")
    told = {line[0]: Decimal(line[2]) for line in table.rows if line[1] == "came in"}
    assert told == flows(rows, "income")
    by_month = year_page.table("Treasury by month")
    assert by_month.sums[2] == f"{sum(flows(rows, 'income').values()):f}"
    assert by_month.sums[1] == by_month.sums[4] == ""
    assert year_page.table("The months of 2026").column("treasury") == [row["treasury"] for row in rows]


def test_who_could_not_pay_is_told_of_companies_and_counted_of_members(town: Path, tmp_path: Path) -> None:
    row = said("months", town)[1]
    page = page_of(town, tmp_path / "out", "--month", "2026-02")
    told = page.table("Who could not pay").rows
    assert told == [["2026-02", ", ".join(row["companies_short"]) or "none", str(row["members_short"])]]
    assert row["members_short"] == 1


def test_a_month_that_is_over_reads_as_it_did_when_nothing_had_followed(town: Path, tmp_path: Path) -> None:
    alone = write_town(tmp_path / "january", {"2026-01": both_months()["2026-01"]})
    then = written(alone, tmp_path / "then", "--month", "2026-01")
    now = written(town, tmp_path / "now", "--month", "2026-01")
    assert now == then


def test_paper_says_the_same_numbers_as_the_page(
    march: dict[str, bytes], march_page: Page, year: dict[str, bytes], year_page: Page
) -> None:
    for files, page in ((march, march_page), (year, year_page)):
        words = set(paper_text(files[".pdf"]).split())
        # The numbers of a plot stand beside its picture on the page; on paper the picture alone stands for them.
        told = [table for table in page.tables if not any(table is other for other in page.pictured)]
        cells = {cell for table in told for row in [*table.rows, table.sums] for cell in row}
        numbers = {cell for cell in cells if cell.replace(".", "").lstrip("-").isdigit()}
        assert len(numbers) > 100
        assert numbers <= words
