"""Every kind of entry is added once, in one ledger that holds from the first to the last."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import table
from conductor_bean.formatting.layout import canonical
from conductor_bean.recording.kinds import by_any_name, kinds
from tests.recording.valley import CREDITS_ALONE, MARKET, MONEY, PARTIES, add, added, write_valley
from tests.support import conductor

FACTS = """\
accountant omar --name 'Omar H.' | custom "accountant" "omar" / name: "Omar H."
member Dora --name Dora | custom "member" "Dora" / name: "Dora"
company Weavers --ownership workers | custom "company" "Weavers" / ownership: "workers"
employment Weavers Dora --occupation baker --productivity 0.25 --standard 'of the guild' | occupation: "baker" / \
productivity: 0.25 / standard: "of the guild"
plan cloth Weavers --product Cloth --quantity 10 --fixed-means 1 --raw-materials 2.50 --labour '3 HOUR' \
--days 30 --public | raw-materials: 2.50 HOUR / labour: 3 HOUR / public: TRUE
reject cloth --reason 'too dear' | custom "plan-rejection" "cloth" / reason: "too dear" / by: "carla"
plan wool Weavers --product Wool --quantity 10 --fixed-means 1 --raw-materials 2 --labour 3 --days 30 \
--not-public | public: FALSE
withdraw wool --by Weavers | custom "plan-withdrawal" "wool" / by: "Weavers"
plan silk Weavers --product Silk --quantity 10 --fixed-means 1 --raw-materials 2 --labour 17 --days 300 | \
quantity: 10 / labour: 17 HOUR
approve silk | custom "plan-approval" "silk" / by: "carla"
cooperation found Cloth Weavers --name 'All cloth' | custom "cooperation" "Cloth" "Weavers"
cooperation request Cloth silk --by Weavers | custom "cooperation-request" "Cloth" "silk"
cooperation accept Cloth silk --by Weavers | custom "cooperation-acceptance" "Cloth" "silk"
cooperation request Cloth bread | custom "cooperation-request" "Cloth" "bread"
cooperation cancel Cloth bread | custom "cooperation-cancellation" "Cloth" "bread"
cooperation request Cloth flour | custom "cooperation-request" "Cloth" "flour"
cooperation deny Cloth flour | custom "cooperation-denial" "Cloth" "flour"
coordination request Cloth Mill | custom "coordination-request" "Cloth" "Mill"
coordination deny Cloth Mill | custom "coordination-denial" "Cloth" "Mill"
coordination request Cloth Bakery | custom "coordination-request" "Cloth" "Bakery"
coordination accept Cloth Bakery | custom "coordination-acceptance" "Cloth" "Bakery"
cooperation exit Cloth silk | custom "cooperation-exit" "Cloth" "silk"
service songs Bob --name Songs | custom "basic-service" "songs" "Bob"
service-end songs | custom "basic-service-end" "songs"
region Highmoor | custom "region" "Highmoor"
bank Union --ownership credit-union | ownership: "credit-union"
pool Ferry --with 'Lakeside' --purpose 'The ferry' | custom "pool" "Ferry" / with: "Lakeside"
offer rye Bakery --price 5.60 --unit kilogram | price: 5.60 RSC
property flat --kind housing --maintenance 40 --price 450 | kind: "housing" / maintenance: 40 RSC
property kneader --kind equipment --price 10 | price: 10 RSC
wait-list housing Ada | custom "wait-list" "housing" "Ada"
wait-list-end housing Ada | custom "wait-list-end" "housing" "Ada"
lease flat Cyd | custom "lease" "flat" "Cyd"
lease-end flat Cyd | custom "lease-end" "flat" "Cyd"
enrolment-request School Bob | custom "enrolment-request" "School" "Bob"
enrolment School Bob | custom "enrolment" "School" "Bob"
enrolment-end School Bob | custom "enrolment-end" "School" "Bob"
loan loan-1 PublicBank Mill --principal 1200 --yearly-rate 0.02 --months 12 | principal: 1200 RSC / \
yearly-rate: 0.02 / months: 12
outside-loan credit-7 Bakery --principal 300 --lender 'A bank' | principal: 300 RSC / lender: "A bank"
asset van-1 Bakery --name Van --value 90 --to credit-7 | custom "asset" "van-1" "Bakery" / value: 90 RSC / \
to: "credit-7"
asset-end van-1 --reason sold | custom "asset-end" "van-1" / reason: "sold"
"""
MOVES = """\
hours Bakery Ada=8 Bob=7.5 | A -15.50 HOUR / Ada:Hours 8.00 HOUR / Bob:Hours 7.50 HOUR / id: "DATE-Bakery-carla-1"
consume Bob bread 3 | quantity: 3 / Bob:Hours -4.50 HOUR / Bakery:PRD 4.50 HOUR / ^bread
consume Mill bread 2 --means r | Mill:R -3.00 HOUR / Bakery:PRD 3.00 HOUR
consume Bakery flour 7 --means p | Bakery:P -7.00 HOUR / Mill:PRD 7.00 HOUR
consume Bob clinic 1 | Bob:Hours 0.00 HOUR
consume Bob haircut 0.5 | Bob:Hours -0.50 HOUR / Ada:Hours 0.50 HOUR / ^haircut
consume Mill haircut 0.25 | Mill:R -0.25 HOUR / Ada:Hours 0.25 HOUR
buy Bob sourdough 2.5 | quantity: 2.5 / Bob:Wallet -10.50 RSC / Bakery:Wallet 10.50 RSC / ^sourdough
buy Mill sourdough 10 | Mill:Wallet -42.00 RSC
gift Ada Bob 60 | Ada:Wallet -60.00 RSC / Bob:Wallet 60.00 RSC
external-sale Bakery 450 --payee 'A shop' --offer sourdough --quantity 100 | Equity:Outside -450.00 RSC / \
transfer: "external_sale" / quantity: 100 / "A shop"
external-purchase Bakery 35 --input yeast | Bakery:Wallet -35.00 RSC / input: "yeast"
external-purchase Ada 3.50 | Ada:Wallet -3.50 RSC
surcharge outside 12 | Equity:Outside -12.00 RSC / Treasury 12.00 RSC
surcharge Lakeside 1 | Lakeside:Clearing -1.00 RSC
subsidy School 800 | transfer: "subsidy" / School:Wallet 800.00 RSC / by: "carla"
upkeep outside 5 --property flat --input maintenance | transfer: "upkeep" / Equity:Outside 5.00 RSC
issue treasury 1000 | Equity:Issuance -1000.00 RSC
issue PublicBank 10 | PublicBank:Funds 10.00 RSC
retire treasury 5 | Equity:Issuance 5.00 RSC
capitalization PublicBank 50 | PublicBank:Funds 50.00 RSC
pooling treasury Ferry 40 | Pools:Ferry 40.00 RSC
pooling Lakeside Ferry 40 | Lakeside:Clearing -40.00 RSC
pooling Ferry outside 70 | Pools:Ferry -70.00 RSC
acquisition Bakery oven | Bakery:Wallet -90.00 RSC / Equity:Outside 90.00 RSC / ^oven
acquisition Bakery kneader --seller Mill | Bakery:Wallet -10.00 RSC / Mill:Wallet 10.00 RSC
property-purchase flat Cyd | Treasury -450.00 RSC / Cyd:Wallet 450.00 RSC / by: "carla"
property-sale flat Mill | Mill:Wallet -450.00 RSC / Treasury 450.00 RSC
interregional-purchase Ada Lakeside 3 | Ada:Wallet -3.00 RSC / Lakeside:Clearing 3.00 RSC
interregional-sale Lakeside Bakery 90 | Lakeside:Clearing -90.00 RSC / Bakery:Wallet 90.00 RSC
interregional-gift Ada Lakeside 2 | Ada:Wallet -2.00 RSC
interregional-gift Lakeside Ada 5 | Ada:Wallet 5.00 RSC
settlement Lakeside treasury 1000 | Lakeside:Clearing -1000.00 RSC
settlement treasury Lakeside 10 | Lakeside:Clearing 10.00 RSC
outside-draw credit-7 300 | Equity:Outside -300.00 RSC / ^credit-7
outside-repayment credit-7 100 | Bakery:Wallet -100.00 RSC
repay loan-1 200 | Mill:Wallet -200.00 RSC / PublicBank:Funds 200.00 RSC / ^loan-1
"""
ENDS = """\
reversal 2026-02-03-Ada-carla-1 --reason 'never given' | custom "reversal" "2026-02-03-Ada-carla-1" / reason: \
"never given"
offer-end rye | custom "offer-end" "rye"
employment-end Weavers Dora | custom "employment-end" "Weavers" "Dora"
member-end Dora | custom "member-end" "Dora"
bankruptcy Weavers --reason debts | custom "bankruptcy" "Weavers"
company-end Clinic | custom "company-end" "Clinic"
accountant-end omar | custom "accountant-end" "omar"
"""
LIFE = {"2026-02-02": FACTS, "2026-02-03": MOVES, "2026-02-04": ENDS}


def steps() -> Iterator[tuple[list[str], list[str]]]:
    """Each command, and what its entry says; one minute after the other."""
    minute = 0
    for date, lines in LIFE.items():
        for line in lines.splitlines():
            minute += 1
            command, _, expected = line.partition(" | ")
            words = shlex.split(command)
            when = [
                "--on" if words[0] == "reversal" else "--date",
                date,
                "--time",
                f"{minute // 60:02}:{minute % 60:02}:00",
            ]
            yield [*words, *when], expected.replace("DATE", date).split(" / ")


def kind_of(words: list[str]) -> str:
    return " ".join(words[:2]) if words[0] in {"cooperation", "coordination"} else words[0]


def test_every_kind_once(tmp_path: Path) -> None:
    """What is added checks clean, says what was meant, and stands in canonical layout."""
    folder = write_valley(tmp_path)
    for words, expected in steps():
        document = added(folder, *words, "--accountant", "carla")
        text = " ".join(document["text"].split())
        for piece in expected:
            assert piece in text, (words, document["text"])
        assert document["written"] is True
        assert document["text"] in (folder / document["file"]).read_text("utf-8")
        assert canonical(document["text"]) == document["text"]
    assert {kind_of(words) for words, _ in steps()} == {*kinds(), "reversal"}
    result = conductor("check", folder, "--full")
    assert result.exit_code == 0, result.output


def test_every_fact_and_every_recorded_transfer_can_be_added() -> None:
    named = by_any_name()
    facts = {kind.fact.name for kind in kinds().values() if kind.fact is not None}
    assert facts == set(FACT_TYPES) - {"reversal", "month-close", "seal"}
    assert facts - {"cooperation"} <= set(named)
    recorded = {name for name, row in table().items() if row.recorded}
    by_transfer = {kind.transfer for kind in kinds().values() if kind.transfer}
    rest = {"private_consumption", "private_consumption_of_basic_service", "productive_consumption_p"}
    rest |= {"productive_consumption_r", "productive_consumption_of_basic_service", "work_certificates", "wage"}
    assert recorded == by_transfer | rest
    assert {name.replace("_", "-") for name in rest} <= set(named)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("plan-approval", "silk"),
        ("purchase", "Bob sourdough 1"),
        ("loan-repayment", "x 1"),
        ("external_sale", "Bakery 10"),
        ("work-certificates", "Bakery Ada=1"),
    ],
)
def test_the_names_of_the_language_are_understood(tmp_path: Path, other: str, words: str) -> None:
    result = add(write_valley(tmp_path), other, *words.split(), "--dry-run")
    assert "there is no" not in result.stderr or "at this instant" in result.stderr


def test_the_languages_own_cooperation_is_its_founding(tmp_path: Path) -> None:
    assert (
        'custom "cooperation" "Bread" "Bakery"'
        in added(write_valley(tmp_path), "cooperation", "Bread", "Bakery")["text"]
    )


def test_where_labour_time_is_off_hours_are_wages(tmp_path: Path) -> None:
    """8 hours of Ada at 21, 7.5 of Bob at 18."""
    folder = write_valley(tmp_path, plans="", market=MARKET, parties=PARTIES, journal__money=MONEY)
    (folder / "journal" / "2026-01.beancount").unlink()
    (folder / "region.yaml").write_text(CREDITS_ALONE, "utf-8")
    document = added(folder, "hours", "Bakery", "Ada=8", "Bob=7.5", "--date", "2026-01-05")
    text = " ".join(document["text"].split())
    assert "Bakery:Wallet -303.00 RSC Assets:Members:Ada:Wallet 168.00 RSC hours: 8" in text
    assert "Bob:Wallet 135.00 RSC hours: 7.5" in text
    assert {row["type"] for row in document["transfers"]} == {"wage", "income_tax"}
