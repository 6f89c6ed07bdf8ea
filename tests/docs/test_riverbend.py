"""Riverbend is there to learn from: it holds, without advice, and shows every kind of event of labour time."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import table
from tests.docs.test_examples import ROOT, run

FOLDER = ROOT / "ledgers" / "riverbend"
TEXT = "".join(path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.beancount")))


def answer(command: str) -> Any:
    return json.loads(run(f"conductor {command} --json 2>/dev/null", ROOT))


def test_it_holds_without_advice() -> None:
    verdict = answer("check ledgers/riverbend")
    assert (verdict["ok"], verdict["errors"], verdict["advice"]) == (True, [], [])


def test_every_fact_of_labour_time_occurs() -> None:
    written = set(re.findall(r'^\d{4}-\d{2}-\d{2} custom "([a-z-]+)"', TEXT, re.MULTILINE))
    assert {name for name, fact in FACT_TYPES.items() if fact.economy != CREDITS} - {"seal"} <= written


def test_every_transfer_of_labour_time_occurs() -> None:
    moved = {transfer["type"] for transfer in answer("transfers ledgers/riverbend")}
    assert moved == {row.name for row in table().values() if row.commodity == "HOUR"}


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


def test_every_month_is_in_its_own_file() -> None:
    for path in (FOLDER / "journal").iterdir():
        dates = re.findall(r"^(\d{4}-\d{2})-\d{2} ", path.read_text("utf-8"), re.MULTILINE)
        assert set(dates) == {path.stem}
