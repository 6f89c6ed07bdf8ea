"""Nobody is exposed at the border: not by one edition, not by both, and not by what regions pay one another."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.publish.auditing import Auditor
from conductor_bean.publish.clearing import ClearingAccounts
from conductor_bean.publish.sides import Side
from tests.house.tree import ROOT
from tests.publish.borders import BothEditions, Region
from tests.publish.places import close, company, employment, member, publish
from tests.support import conductor, write

MANY = 12
ACCOUNTANT = '2026-01-01 custom "accountant" "carla"\n'
EXAMPLES = ("riverbend", "lakeside")


def rows_of(edition: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((edition / "data" / "totals.json").read_text())
    return found


def settled(edition: Path) -> list[tuple[str, str]]:
    """Level and amount of each settlement that an edition tells."""
    return [(row["level"], row["amount"]) for row in rows_of(edition) if row["transfer"] == "settlement"]


class Land:
    """A region that trades with another."""

    def __init__(self, name: str, neighbour: str) -> None:
        self.name, self._neighbour, self.text = name, neighbour, ""
        self._clearing = f"Assets:Regions:{neighbour}:Clearing"

    def sale(self, date: str, seller: str, amount: int) -> None:
        self._add(date, "interregional_sale", self._clearing, f"Assets:Companies:{seller}:Wallet", amount)

    def purchase(self, date: str, buyer: str, amount: int) -> None:
        self._add(date, "interregional_purchase", f"Assets:{buyer}:Wallet", self._clearing, amount)

    def pays(self, date: str, amount: int) -> None:
        """Settle: with more than nothing the region is paid, with less it pays."""
        accounts = "Assets:Region:Treasury", self._clearing
        self._add(date, "settlement", *(accounts if amount > 0 else accounts[::-1]), abs(amount))

    def _add(self, date: str, kind: str, debit: str, credit: str, amount: int) -> None:
        more = '  by: "carla"\n' * (kind == "settlement") + '  input: "flour"\n' * ("Companies" in debit)
        number = f"{amount // 100}.{amount % 100:02}"
        self.text += f'{date} * "it"\n  transfer: "{kind}"\n{more}  {debit} -{number} RSC\n  {credit} {number} RSC\n'

    def write(self, folder: Path, months: int = 1) -> Path:
        members = [f"M{number}" for number in range(MANY)]
        companies = [f"C{number}" for number in range(MANY)]
        text = f'2026-01-01 custom "region" "{self._neighbour}"\n'
        text += "".join(map(member, members)) + "".join(map(company, companies))
        text += company("Clinic") + '  ownership: "regional"\n'
        text += (
            '2026-01-01 * "issue"\n  by: "carla"\n  Equity:Issuance -900000 RSC\n  Assets:Region:Treasury 900000 RSC\n'
        )
        for number in range(MANY):
            text += employment(f"C{number}", f"M{number}", "smith")
            text += (
                f'2026-01-02 * "sale"\n  transfer: "external_sale"\n  Equity:Outside  -90000 RSC\n'
                f"  Assets:Companies:C{number}:Wallet  90000 RSC\n"
            )
            text += (
                f'2026-01-03 * "wage"\n  Assets:Companies:C{number}:Wallet  -2000 RSC\n'
                f"  Assets:Members:M{number}:Wallet  2000 RSC\n    hours: 20\n"
            )
        text += '2026-01-02 * "subsidy"\n  transfer: "subsidy"\n  by: "carla"\n  Assets:Region:Treasury -5000 RSC\n'
        text += "  Assets:Companies:Clinic:Wallet 5000 RSC\n"
        for giver, taker, amount in (("M1", "M2", 310), ("M3", "M4", 290), ("M5", "M1", 350)):  # of too few to be told
            text += (
                f'2026-01-20 * "gift"\n  transfer: "gift"\n  Assets:Members:{giver}:Wallet  -{amount} RSC\n'
                f"  Assets:Members:{taker}:Wallet  {amount} RSC\n"
            )
        text += self.text + "".join(close(month) for month in range(1, months + 1))
        region = (
            f"region: {self.name}\nname: {self.name}\ncommodities:\n  credits: {{name: RSC, precision: 0.01}}\n"
            "decisions:\n  - date: 2026-01-01\n    title: Founding assembly\n    set: {income_tax: 0.1}\n"
            "    occupations: {smith: {min: 100, max: 100}}\n"
        )
        folder.mkdir(parents=True)
        return write(folder, text, region=region, prelude=ACCOUNTANT)


def land(*moves: tuple[str, int]) -> Land:
    """A region of whose members and companies each bought (M...) or sold (C...) for so much, and which then settled."""
    made = Land("North", "South")
    balance = 0
    for number, (party, amount) in enumerate(moves):
        date = f"2026-01-{10 + number % 15}"
        if party.startswith("M"):
            made.purchase(date, f"Members:{party}", amount)
            balance += amount
        else:
            made.sale(date, party, amount)
            balance -= amount
    made.pays("2026-01-31", -balance)
    return made


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Region, Region]:
    folder = tmp_path_factory.mktemp("examples")
    for name in EXAMPLES:
        ledger = shutil.copytree(ROOT / "ledgers" / name, folder / name)
        publish(ledger, folder / f"{name}-edition")
    one, other = (Region(name.title(), folder / name, folder / f"{name}-edition") for name in EXAMPLES)
    return one, other


def test_no_single_purchase_or_gift_across_the_border_stands_in_the_examples(examples: tuple[Region, Region]) -> None:
    """Tom's check-up for 30.00, the 6.00 above its price, and the boat for 240.00 that Riverbend's Farm bought did."""
    for region in examples:
        whole = [row for row in rows_of(region.edition) if row["level"] == "in full"]
        crossing = {row["transfer"] for row in whole if "Assets:Regions:" in row["debit"] + row["credit"]}
        assert crossing <= {"settlement", "pooling"}
        assert not [row for row in whole if row["date"] == "2026-04-23" and row["amount"] in ("30.00", "6.00")]
        assert not [row for row in whole if row["date"] == "2026-06-20" and row["amount"] == "240.00"]


def test_no_single_payment_of_a_stranger_stands_in_the_examples(examples: tuple[Region, Region]) -> None:
    """What stands in full outside the region is what it spends on its own property, and what a pool paid."""
    for region in examples:
        whole = [row for row in rows_of(region.edition) if row["level"] == "in full"]
        outside = {row["transfer"] for row in whole if "Equity:Outside" in (row["debit"], row["credit"])}
        assert outside <= {"acquisition", "property_purchase", "property_sale", "upkeep", "pooling"}


def test_whoever_reads_both_example_editions_finds_nobody(examples: tuple[Region, Region]) -> None:
    assert BothEditions(examples).find_out() == []


def neighbours(folder: Path, seed: int, months: int = 3) -> tuple[Region, Region]:
    """Two regions that trade with one another by chance, settle each month, and publish knowing of each other."""
    chance = random.Random(seed)
    north, south = lands = Land("North", "South"), Land("South", "North")
    few = chance.choice((1, 3, MANY))
    for month in range(1, months + 1):
        owed = 0
        for number in range(chance.randint(2, 30)):
            date = f"2026-{month:02}-{chance.randint(10, 27)}"
            buyer, seller = chance.choice((lands, lands[::-1]))
            amount = chance.randint(500, 9000)
            by = chance.choice([f"Members:M{number % MANY}", f"Companies:C{number % few}", "Companies:Clinic"])
            buyer.purchase(date, by, amount)
            seller.sale(date, chance.choice([f"C{number % few}", "Clinic"]), amount)
            owed += amount if buyer is north else -amount
        if owed:
            north.pays(f"2026-{month:02}-28", -owed)
            south.pays(f"2026-{month:02}-28", owed)
    ledgers = [one.write(folder / one.name, months) for one in lands]
    editions = [folder / f"{one.name}-edition" for one in lands]
    publish(ledgers[0], editions[0])
    publish(ledgers[1], editions[1], "--neighbour", editions[0])
    return Region("North", ledgers[0], editions[0]), Region("South", ledgers[1], editions[1])


@pytest.mark.parametrize("seed", range(1, 7))
def test_whoever_reads_the_editions_of_two_neighbours_finds_nobody(seed: int, tmp_path: Path) -> None:
    found = BothEditions(neighbours(tmp_path, seed)).find_out()
    assert found == [], [(one.target.name, one.target.value, one.low, one.high) for one in found]


def test_she_finds_people_of_a_publisher_for_whom_nobody_stands_across_the_border(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_it_was(_: str, debit: Side, credit: Side) -> tuple[Side, Side]:
        return debit, credit

    monkeypatch.setattr("conductor_bean.publish.activity.facing", as_it_was)
    assert any(BothEditions(neighbours(tmp_path / str(seed), seed)).find_out() for seed in range(1, 4))


# What regions pay one another.

THREE = (("M0", 6011), ("M1", 2026), ("M2", 2050))
ONE_WAY = tuple((f"M{number}", 2000 + 10 * number) for number in range(MANY))
BOTH_WAYS = (*ONE_WAY, *((f"C{number}", 1500 + 10 * number) for number in range(MANY)))


def test_a_settlement_of_three_purchases_is_not_told(tmp_path: Path) -> None:
    """100.87 was: what three members bought from one of the neighbour's companies."""
    edition = publish(land(*THREE).write(tmp_path / "north"), tmp_path / "edition")
    assert settled(edition) == []
    assert "100.87" not in "".join(path.read_text() for path in edition.rglob("*") if path.is_file())


def test_a_publisher_that_asks_for_nobody_behind_a_settlement_tells_three_purchases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClearingAccounts, "contributors", lambda *_, **__: {})
    assert settled(publish(land(*THREE).write(tmp_path / "north"), tmp_path / "edition")) == [("in full", "100.87")]


def test_a_settlement_of_purchases_alone_is_not_told_since_one_shop_may_have_sold_all_of_it(tmp_path: Path) -> None:
    assert settled(publish(land(*ONE_WAY).write(tmp_path / "north"), tmp_path / "edition")) == []


def test_a_publisher_that_audits_against_the_neighbour_alone_tells_what_one_shop_sold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Auditor, "across_the_border", lambda *_, **__: [])
    edition = publish(land(*ONE_WAY).write(tmp_path / "north"), tmp_path / "edition")
    assert settled(edition) == [("in full", "246.60")]


def test_a_settlement_of_what_many_did_both_ways_is_told_in_full(tmp_path: Path) -> None:
    edition = publish(land(*BOTH_WAYS).write(tmp_path / "north"), tmp_path / "edition")
    assert settled(edition) == [("in full", "60.00")]


def test_a_settlement_that_was_taken_back_says_no_more_than_it_did(tmp_path: Path) -> None:
    north = land(*THREE)
    north.text = north.text.replace('  by: "carla"\n', '  by: "carla"\n  id: "paid"\n')
    north.text += '2026-01-31 custom "reversal" "paid"\n  by: "carla"\n  time: "10:00:00"\n'
    edition = publish(north.write(tmp_path / "north"), tmp_path / "edition")
    assert "100.87" not in "".join(path.read_text() for path in edition.rglob("*") if path.is_file())


# A neighbour's edition is known.


def edition_of(folder: Path, *rows: dict[str, Any], region: str = "South") -> Path:
    """What a neighbour's edition states."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "edition.json").write_text(json.dumps({"edition": 1, "region": region}))
    (folder / "data" / "totals.json").write_text(json.dumps(rows))
    return folder


def told(kind: str, debit: str, credit: str, amount: str, level: str = "type") -> dict[str, Any]:
    return {
        "date": "2026-01-31",
        "period": "2026-01",
        "transfer": kind,
        "level": level,
        "debit": debit,
        "credit": credit,
        "amount": amount,
    }


NORTH = "Assets:Regions:North:Clearing"
BOUGHT = told("interregional_purchase", "Assets:Private:Members:Wallet", NORTH, "186.60")


def test_a_settlement_waits_where_the_neighbour_tells_one_way_of_what_it_settles(tmp_path: Path) -> None:
    """60.00 more was bought than sold: who reads there that 186.60 was bought knows that 246.60 was bought here."""
    ledger = land(*BOTH_WAYS).write(tmp_path / "north")
    assert settled(publish(ledger, tmp_path / "edition", "--neighbour", edition_of(tmp_path / "south", BOUGHT))) == []


def test_a_settlement_that_the_neighbour_keeps_back_is_kept_back_here_too(tmp_path: Path) -> None:
    """What exposes nobody here may expose somebody there, and only the neighbour knows."""
    south = edition_of(tmp_path / "south")
    about = {"edition": 1, "region": "South", "through": "2026-01-31T23:59:59.999999"}
    (south / "data" / "edition.json").write_text(json.dumps(about))
    ledger = land(*BOTH_WAYS).write(tmp_path / "north")
    assert settled(publish(ledger, tmp_path / "edition", "--neighbour", south)) == []


@pytest.mark.parametrize(
    "rows",
    [
        [told("interregional_purchase", "Assets:Private:Members:Wallet", NORTH, "7.00", level="in full")],
        [told("other", "Assets:Private:Merged", NORTH, "186.60", level="other")],
        [],
    ],
    ids=["one of many", "merged", "nothing"],
)
def test_what_a_neighbour_tells_that_says_little_changes_nothing(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    ledger = land(*BOTH_WAYS).write(tmp_path / "north")
    edition = publish(ledger, tmp_path / "edition", "--neighbour", edition_of(tmp_path / "south", *rows))
    assert settled(edition) == [("in full", "60.00")]


def test_what_a_neighbour_carries_of_its_account_tells_the_balance_here(tmp_path: Path) -> None:
    """One way alone: the balance of the neighbour's account before it is settled is what was bought here."""
    carried = told("waiting", "Assets:Private:Waiting", NORTH, "60.00", level="waiting")
    sold = told("interregional_sale", NORTH, "Assets:Private:Companies:Wallet", "246.60")
    ledger = land(*BOTH_WAYS).write(tmp_path / "north")
    edition = publish(ledger, tmp_path / "edition", "--neighbour", edition_of(tmp_path / "south", carried, sold))
    assert settled(edition) == []


@pytest.mark.parametrize(
    ("rows", "region", "said"),
    [
        ([], "East", "is the edition of 'East', which is no neighbour of North (neighbours: South)"),
        ([{**BOUGHT, "amount": "1e9"}], "South", "a row is not what an edition states"),
        ([{**BOUGHT, "period": "2026-13"}], "South", "a row is not what an edition states"),
        ([{**BOUGHT, "date": None}], "South", "a row is not what an edition states"),
        ([BOUGHT, 3], "South", "a row is not what an edition states"),
    ],
)
def test_a_folder_that_is_no_edition_of_a_neighbour_is_refused_and_nothing_is_written(
    rows: Iterable[Any], region: str, said: str, tmp_path: Path
) -> None:
    ledger, south = land(*THREE).write(tmp_path / "north"), edition_of(tmp_path / "south", *rows, region=region)
    result = conductor("publish", ledger, "--to", tmp_path / "edition", "--neighbour", south)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert not (tmp_path / "edition").exists()
    assert not (ledger / "publication.json").exists()


def test_a_folder_without_an_edition_is_refused(tmp_path: Path) -> None:
    ledger = land(*THREE).write(tmp_path / "north")
    result = conductor("publish", ledger, "--to", tmp_path / "edition", "--neighbour", ledger)
    assert result.exit_code == 2
    assert "is no edition" in result.output


def test_publish_says_what_it_made_as_json(tmp_path: Path) -> None:
    result = conductor("publish", land(*THREE).write(tmp_path / "north"), "--to", tmp_path / "edition", "--json")
    made = json.loads(result.stdout)
    assert (made["through"], made["told"] > 0, set(made)) == (
        "2026-01",
        True,
        {"edition", "through", "told", "waiting"},
    )
