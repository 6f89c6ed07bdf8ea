"""Sales and tills: prices of the instant, buyers inside and outside, refunds, and what a till writes otherwise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.data import Custom, Transaction

from conductor_bean.importers import till as till_module
from conductor_bean.importers.common.faults import ImportRefusedError
from tests.importers.market import HERE, MAPPINGS, changed, imported, looked_at, town
from tests.importers.town import write

SQUARE, LOYVERSE = "till/square-items.csv", "till/loyverse-receipts-by-item.csv"
HEAD = "date,time,buyer,item,quantity,amount,account,currency,id\n"


def refusal(folder: Path, source: str, *files: Path) -> str:
    with pytest.raises(ImportRefusedError) as refused:
        looked_at(folder, source, *files)
    return str(refused.value)


def sold(folder: Path, *rows: str, mapping: str = "timezone: UTC\n") -> list[tuple[str, str, Decimal]]:
    """Debit, credit and amount of each sale of a plain table."""
    table = write(folder, "sales.csv", HEAD + "".join(f"{row}\n" for row in rows))
    found = looked_at(town(folder / "region", mapping), "sales", table).new
    return [(e.postings[0].account, e.postings[1].account, e.postings[1].units.number) for e in found]


def not_sold(folder: Path, row: str, mapping: str = "timezone: UTC\n") -> str:
    table = write(folder, "sales.csv", f"{HEAD}{row}\n")
    return refusal(town(folder / "region", mapping), "sales", table)


@pytest.mark.parametrize(("date", "amount"), [("2026-03-09", "8.40"), ("2026-03-10", "9.00")])
def test_a_sale_without_amount_costs_the_price_of_its_day(tmp_path: Path, date: str, amount: str) -> None:
    (sale,) = sold(tmp_path, f"{date},,Ada,rye,2,,,,")
    assert sale == ("Assets:Members:Ada:Wallet", "Assets:Companies:Bakery:Wallet", Decimal(amount))


def test_a_price_may_change_at_noon(tmp_path: Path) -> None:
    folder = town(tmp_path / "region", "timezone: Europe/Berlin\n")
    with (folder / "journal.beancount").open("a") as journal:
        journal.write('\n2026-03-20 custom "offer" "rye" "Bakery"\n  time: "12:00:00"\n  price: 5.00 RSC\n')
    table = write(tmp_path, "sales.csv", HEAD + "2026-03-20,12:59,Ada,rye,1,,,,\n2026-03-20,13:00,Ada,rye,1,,,,\n")
    assert [e.postings[1].units.number for e in looked_at(folder, "sales", table).new] == [
        Decimal("4.50"),
        Decimal("5.00"),
    ]


def test_a_stated_amount_is_written_as_stated_and_the_check_judges_it(tmp_path: Path) -> None:
    table = write(tmp_path, "sales.csv", f"{HEAD}2026-03-02,,Ada,rye,2,8.00,,,\n")
    folder = town(tmp_path / "region")
    before = (folder / "journal.beancount").read_bytes()
    result = imported(folder, "sales", table)
    assert result.exit_code == 1
    assert "sales.csv:2: wrong-amount:" in result.output
    assert "write 8.40 RSC" in result.output
    assert (folder / "journal.beancount").read_bytes() == before


def test_sales_of_plans_are_consumption(tmp_path: Path) -> None:
    assert sold(tmp_path, "2026-03-02,,Ada,Sourdough loaf,3,,,,", "2026-03-02,,Old Mill,bread-2026,2,,p,,") == [
        ("Assets:Members:Ada:Hours", "Liabilities:Companies:Bakery:PRD", Decimal("3.00")),
        ("Assets:Companies:Mill:P", "Liabilities:Companies:Bakery:PRD", Decimal("2.00")),
    ]


def test_whoever_is_outside_buys_from_outside(tmp_path: Path) -> None:
    mapping = "timezone: UTC\ncounterparties: {Hotel Post: outside}\n"
    sales = sold(tmp_path, "2026-03-02,,Outside,cake,2,,,,", "2026-03-03,,Hotel Post,cake,1,3.00,,,", mapping=mapping)
    assert sales == [
        ("Equity:Outside", "Assets:Companies:Bakery:Wallet", Decimal("5.00")),
        ("Equity:Outside", "Assets:Companies:Bakery:Wallet", Decimal("3.00")),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-03-02,,,rye,2,,,,", "sales.csv:2: nobody is named as buyer"),
        ("2026-03-02,,Adda,rye,2,,,,", 'sales.csv:2: "Adda" is none of the members; the nearest: Ada'),
        ("2026-03-02,,Ada,rhye,2,,,,", 'sales.csv:2: "rhye" is none of the offers; the nearest: rye'),
        ("2026-03-02,,Ada,rye,-2,,,,", "the quantity is -2; sales are positive"),
        ("2026-03-02,,Ada,rye,0,,,,", "the quantity is 0"),
        ("2026-03-02,,Ada,rye,2,-8.40,,,", "the amount is -8.40"),
        ("2026-03-02,,Ada,rye,2,8.40,,EUR,", '"EUR" is not RSC'),
        ("2026-03-02,,Mill,bread-2026,2,,,,", "say in the column account"),
        ("2026-03-02,,outside,bread-2026,2,,,,", "a plan, which nobody outside the region consumes"),
        ("2026-01-01,,Ada,rye,2,,,,", '"rye" has no price at 2026-01-01T00:00:00'),
        ("2026-01-01,,Ada,bread-2026,2,,,,", '"bread-2026" has no price at'),
        ("03/04/2026,,Ada,rye,2,,,,", "could be 2026-04-03 or 2026-03-04"),
        ('2026-03-02,,Ada,rye,"1,000",,,,', '"1,000" could be'),
        ("2026-03-02,,Ada,rye,=1+1,,,,", "a formula"),
        ("2026-03-02,25:00,Ada,rye,1,,,,", "no time of day"),
    ],
)
def test_a_row_that_cannot_be_sold_is_refused_with_its_reason(tmp_path: Path, row: str, said: str) -> None:
    assert said in not_sold(tmp_path, row)


def test_a_plan_has_no_price_before_it_is_approved(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    with (folder / "journal.beancount").open("a") as journal:
        journal.write(
            '\n2026-03-01 custom "plan" "rolls-2026" "Bakery"\n  product: "Rolls"\n  quantity: 10\n  fixed-means: 1\n'
            '  raw-materials: 1\n  labour: 8\n  days: 30\n\n2026-03-15 custom "plan-approval" "rolls-2026"\n'
            '  by: "carla"\n'
        )
    early = write(tmp_path, "early.csv", f"{HEAD}2026-03-05,,Ada,rolls-2026,2,,,,\n")
    assert '"rolls-2026" has no price at 2026-03-05T00:00:00' in refusal(folder, "sales", early)
    right = write(tmp_path, "right.csv", f"{HEAD}2026-03-15,,Ada,rolls-2026,2,,,,\n")
    assert looked_at(folder, "sales", right).new[0].postings[1].units.number == Decimal("2.00")


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = "2026-03-02,,Ada,rye,x,,,,\n2026-03-02,,Adda,rye,1,,,,\n2026-13-02,,Ada,rye,1,,,,"
    message = not_sold(tmp_path, rows)
    assert [line.partition("sales.csv:")[2][:1] for line in message.splitlines()[:3]] == ["2", "3", "4"]


def test_equal_rows_are_two_sales_and_overlapping_files_add_only_what_is_new(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    row = "2026-03-02,,outside,cake,1,,,,\n"
    assert len(looked_at(folder, "sales", write(tmp_path, "a.csv", HEAD + row * 2)).new) == 2
    assert imported(folder, "sales", tmp_path / "a.csv").exit_code == 0
    report = looked_at(folder, "sales", write(tmp_path, "b.csv", HEAD + row * 3))
    assert (report.known, len(report.new)) == (2, 1)


def till(folder: Path, document: str, *changes: tuple[str, str], mapping: str = "") -> tuple[Path, Path]:
    file = changed(folder, "till.csv", *changes, document=document)
    return town(folder / "region", mapping or MAPPINGS[document]), file


def test_a_refund_reverses_the_last_sale_like_it(tmp_path: Path) -> None:
    found = looked_at(town(tmp_path, MAPPINGS[SQUARE]), "till", HERE / SQUARE).new
    (reversal,) = (entry for entry in found if isinstance(entry, Custom))
    sale = next(e for e in found if isinstance(e, Transaction) and e.meta["id"] == reversal.values[0].value)
    assert (sale.payee, sale.meta["quantity"], sale.links) == ("Ada Lovelace", 1, {"rye"})


def test_a_refund_in_a_later_file_finds_its_sale_in_the_ledger(tmp_path: Path) -> None:
    lines = (HERE / SQUARE).read_text().splitlines(keepends=True)
    folder = town(tmp_path / "region", MAPPINGS[SQUARE])
    sales = write(tmp_path, "sales.csv", "".join([lines[0], *lines[2:]]))
    refund = write(tmp_path, "refund.csv", lines[0] + lines[1])
    assert "no earlier sale of these files and this ledger is like it" in refusal(folder, "till", refund)
    assert imported(folder, "till", sales).exit_code == 0
    assert imported(folder, "till", refund).exit_code == 0
    assert looked_at(folder, "till", refund, HERE / SQUARE).new == []


def test_a_sale_is_taken_back_once(tmp_path: Path) -> None:
    head, refund, _, sale, *_ = (HERE / SQUARE).read_text().splitlines(keepends=True)
    folder = town(tmp_path / "region", MAPPINGS[SQUARE])
    another = refund.replace("21:05:12", "21:06:00").replace("9kQbTestRefund01PZY", "9kQbTestRefund02PZY")
    assert imported(folder, "till", write(tmp_path, "a.csv", head + refund + sale)).exit_code == 0
    assert "no earlier sale" in refusal(folder, "till", write(tmp_path, "b.csv", head + another))
    both = write(tmp_path, "c.csv", head + refund + another + sale.replace("4S5o", "5S5o") + sale)
    found = looked_at(town(tmp_path / "other", MAPPINGS[SQUARE]), "till", both).new
    assert len({entry.values[0].value for entry in found if isinstance(entry, Custom)}) == 2


@pytest.mark.parametrize(
    ("document", "changes", "mapping", "said"),
    [
        (SQUARE, [], "sources: {till: {outside: true}}\n", 'net is in "$", not in the region\'s credits'),
        (SQUARE, [("$", "€")], "", 'net is in "€"'),
        (SQUARE, [], "offers: {CAKE-S: cake}\nsources: {till: {currency: $}}\n", "names no customer"),
        (SQUARE, [("$2.50,$0.00", "$2.50,$0.20")], "", "a tax of 0.20 stands beside the net amount 2.50"),
        (SQUARE, [("Payment,Sunrise", "Gift,Sunrise")], "", '"Gift" is neither a sale'),
        (SQUARE, [("Eastern Time (US & Canada)", "Nepal Time")], "", 'the time zone "Nepal Time" is not known here'),
        (SQUARE, [("CAKE-S", "")], "", '"Cake of the day, Slice" is none of the offers'),
        (SQUARE, [("Unit,Count", "Qty,Count")], "", 'the column "Qty" stands twice'),
        (SQUARE, [("Rye loaf,-1.0", "Rye loaf,1.0")], "", "is a refund of 1.0 for -4.20"),
        (LOYVERSE, [], "members: {}\n", "say timezone"),
        (LOYVERSE, [("14/03", "11/03"), ("13/03", "04/03")], "", "could be 2026-"),
        (LOYVERSE, [(",9.00,4.00", ",NaN,4.00")], "", '"NaN" is no number'),
        (LOYVERSE, [("Quantity,Gross", "Quantity,Amount,Gross")], "", "cells, the header"),
    ],
)  # fmt: skip
def test_what_a_till_cannot_mean_is_refused(
    tmp_path: Path, document: str, changes: list[tuple[str, str]], mapping: str, said: str
) -> None:
    folder, file = till(tmp_path, document, *changes, mapping=mapping)
    assert said.replace("say timezone", "timezone:") in refusal(folder, "till", file)


def test_a_tax_on_top_is_added_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = "offers: {CAKE-S: cake}\nsources: {till: {currency: $, outside: true, tax: %s}}\n"
    change = ("$2.50,$0.00", "$2.50,$0.20")
    for how, amount in (("add", "2.70"), ("leave out", "2.50")):
        folder, file = till(tmp_path, SQUARE, change, mapping=mapping % how)
        first = looked_at(folder, "till", file).new[0]
        assert isinstance(first, Transaction)
        assert first.postings[1].units.number == Decimal(amount)


def test_a_rows_order_in_a_till_does_not_change_its_ids(tmp_path: Path) -> None:
    head, *rows = (HERE / SQUARE).read_text().splitlines(keepends=True)
    folder = town(tmp_path / "region", MAPPINGS[SQUARE])
    turned = write(tmp_path, "turned.csv", "".join([head, *reversed(rows)]))
    assert imported(folder, "till", HERE / SQUARE).exit_code == 0
    assert looked_at(folder, "till", turned).new == []


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, file = till(tmp_path, SQUARE)
    prepare = till_module._prepare

    def growing(*arguments: object) -> None:
        with file.open("a") as more:
            more.write("\n")
        prepare(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(till_module, "_prepare", growing)
    assert "somebody is still writing it" in refusal(folder, "till", file)
