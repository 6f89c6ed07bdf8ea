"""Riverbend is there to learn from: it holds, and shows every kind of event of both economies."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import Row, rows
from tests.docs.test_examples import ROOT, run

FOLDER = ROOT / "ledgers" / "riverbend"
TEXT = "".join(path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.beancount")))
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
# Where labour time is on, nobody records wages: they follow from hours. Lakeside records them. And Riverbend registers
# no hours that a pool cannot pay (no `wage_arrears`), so that no leaver's wages are owed to its treasury.
ELSEWHERE = {("wage", "company_wallet", "member_wallet", False), ("wage", "company_wallet", "treasury", True)}


def answer(command: str) -> Any:
    return json.loads(run(f"conductor {command} --json 2>/dev/null", ROOT))


def test_it_holds_with_two_advices_that_tell_a_story() -> None:
    verdict = answer("check ledgers/riverbend")
    assert (verdict["ok"], verdict["errors"]) == (True, [])
    assert [(advice["code"], advice["file"]) for advice in verdict["advice"]] == [
        ("payment-in-arrears", "journal/2026-08.beancount"),
        ("gift-without-crossing", "journal/2026-09.beancount"),
    ]


def test_every_fact_occurs() -> None:
    written = set(re.findall(r'^\d{4}-\d{2}-\d{2} custom "([a-z-]+)"', TEXT, re.MULTILINE))
    assert set(FACT_TYPES) - {"seal"} <= written


def test_every_row_of_the_table_of_transfers_occurs() -> None:
    kinds = {balance["account"]: balance["kind"] for balance in answer("balances ledgers/riverbend")}
    transfers = answer("transfers ledgers/riverbend")
    moved = {(t["type"], kinds[t["debit"]], kinds[t["credit"]], t["derived"]) for t in transfers}

    def missing(row: Row, *, derived: bool) -> set[tuple[str, str, str, bool]]:
        told = {(row.name, *pair, derived) for pair in row.pairs}
        return set() if told & moved else told

    never = {entry for row in rows() if row.recorded for entry in missing(row, derived=False)}
    never |= {entry for row in rows() if row.derived for entry in missing(row, derived=True)}
    assert never == ELSEWHERE


def test_the_price_of_bread_is_what_the_comment_says() -> None:
    told = re.findall(
        r"^;;   from +(\d+) (\w+) .* ([\d.]+)$", (FOLDER / "cooperations.beancount").read_text("utf-8"), re.MULTILINE
    )
    months = {"January": 1, "July": 7, "October": 10, "December": 12}
    cooperations = [
        answer(f"cooperations ledgers/riverbend --at 2026-{months[month]:02}-{int(day):02}")[0]
        for day, month, _ in told
    ]
    for cooperation, (_, _, price) in zip(cooperations, told, strict=True):
        assert abs(Decimal(cooperation["price"]) - Decimal(price)) <= Decimal("0.005")
    assert len(told) == 7
    assert [company["company"] for company in cooperations[-1]["coordinators"]] == ["Bakery", "Mill", "Bakery"]


def test_what_the_pottery_lacks_in_august_it_pays_in_september() -> None:
    paid = answer("transfers ledgers/riverbend --party Pottery --from 2026-08-31 --to 2026-09-30")
    repaid = [(t["instant"][:7], Decimal(t["amount"])) for t in paid if t["type"] == "loan_repayment"]
    (august, of_august), *of_september = repaid
    assert august == "2026-08"
    assert [month for month, _ in of_september] == ["2026-09", "2026-09"]
    # What was paid and what was lacking are together the instalment: 500.00 RSC at 4 % over 24 months.
    lacked = min(amount for _, amount in of_september)
    interest = next(t for t in paid if t["type"] == "loan_interest" and t["instant"].startswith("2026-08"))
    assert of_august + lacked + Decimal(interest["amount"]) == Decimal("21.71")


def test_the_creditors_of_the_pottery_share_what_it_held() -> None:
    shared = answer("transfers ledgers/riverbend --party Pottery --type liquidation")
    assert {t["credit"] for t in shared} == {"Assets:Banks:ValleyUnion:Funds", "Equity:Outside"}
    released = answer("transfers ledgers/riverbend --party Pottery --type loan_release")[-1]
    shares = {t["credit"]: Decimal(t["amount"]) for t in shared}
    claims = {"Assets:Banks:ValleyUnion:Funds": Decimal(released["amount"]), "Equity:Outside": Decimal(400)}
    held, owed = sum(shares.values()), sum(claims.values())
    for creditor, share in shares.items():
        assert abs(share - held * claims[creditor] / owed) < Decimal("0.01")


def test_every_month_is_in_its_own_file_and_closed() -> None:
    for path in (FOLDER / "journal").iterdir():
        text = path.read_text("utf-8")
        assert set(re.findall(r"^(\d{4}-\d{2})-\d{2} ", text, re.MULTILINE)) == {path.stem}
        assert f'custom "month-close" "{path.stem}"' in text
    assert sorted(path.stem for path in (FOLDER / "journal").iterdir()) == MONTHS


def test_the_amounts_in_the_comments_are_those_of_the_books() -> None:
    transfers = answer("transfers ledgers/riverbend")

    def amounts(kind: str, month: str, party: str) -> list[str]:
        wanted = (t for t in transfers if t["type"] == kind and t["instant"].startswith(month))
        return [t["amount"] for t in wanted if party in t["debit"] or party in t["credit"]]

    assert amounts("rent", "2026-02", ":Kim:") == ["29.25"]
    assert "for 13 of 28 days she pays 29.25" in TEXT
    assert amounts("settlement", "2026-03", "Lakeside") == ["518.00"]
    assert "Lakeside owes us 518 credits" in TEXT
    assert "At this close the pottery lacks 6.97 credits." in TEXT
    assert amounts("sales_tax_refund", "2026-12", "TradeSchool") == ["0.12"]
    assert "gives the school\n;; back the sales tax on them, 0.12." in TEXT
    assert sum(map(Decimal, amounts("upkeep", "2026-12", "Treasury"))) == Decimal(240)
    (advice,) = [a for a in answer("check ledgers/riverbend")["advice"] if a["code"] == "payment-in-arrears"]
    assert sum(map(Decimal, re.findall(r"([\d.]+) RSC", advice["message"]))) == Decimal("6.97")
