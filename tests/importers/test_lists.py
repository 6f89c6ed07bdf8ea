"""Lists of members, companies and offers: ids that are proposed, what is known, what changes from a date on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conductor_bean.importers.common.entries import text_of
from conductor_bean.importers.common.faults import ImportRefusedError
from conductor_bean.ledger.books import load_books
from tests.importers.market import HERE, imported, looked_at, town
from tests.importers.town import write


def told(folder: Path, source: str, text: str, mapping: str = "") -> list[str]:
    """The facts of a list, each on one line."""
    report = looked_at(town(folder / "region", mapping), source, write(folder, "list.csv", text))
    return [" ".join(text_of(entry).split()) for entry in report.new]


def refusal(folder: Path, source: str, text: str, mapping: str = "") -> str:
    with pytest.raises(ImportRefusedError) as refused:
        told(folder, source, text, mapping)
    return str(refused.value)


def spreadsheet(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_spreadsheet_says_the_same_as_a_table(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    date = datetime.date(2026, 3, 2)
    rows: list[list[Any]] = [
        ["Offers of spring", None, None, None, None, None],
        ["since", "offer", "company", "product", "unit", "price"],
        [date, "rolls", "Sunrise Bakery", "Rolls", "dozen", 4.2],
        [datetime.date(2026, 3, 20), "rolls", "Bakery", "Rolls", "dozen", 5],
    ]
    report = looked_at(folder, "offers", spreadsheet(tmp_path / "offers.xlsx", rows))
    assert [text_of(entry).split("price: ")[1] for entry in report.new] == ["4.20 RSC", "5.00 RSC"]
    members = spreadsheet(tmp_path / "m.xlsx", [["date", "name", "company"], [date, "Eve Moss", "Old Mill"]])
    assert imported(folder, "members", members).exit_code == 0
    assert sorted(load_books(folder).machine.state.employments["Mill"]) == ["EveMoss"]


def test_a_spreadsheet_with_a_formula_that_was_never_computed_is_refused(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["company", "product", "price"], ["Bakery", "Rolls", "=2+2"]]
    file = spreadsheet(tmp_path / "offers.xlsx", rows)
    with pytest.raises(ImportRefusedError, match="formula"):
        looked_at(town(tmp_path / "region", "sources: {offers: {date: 2026-03-02}}"), "offers", file)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("Ada Byron", "AdaByron"),
        ("zoë de l'Isle", "ZoëDeLIsle"),
        ("李明", "M-李明"),
        ("Élodie Saint-Just 2", "ÉlodieSaintJust2"),
        ("Bakery", "Bakery-2"),
    ],
)
def test_an_id_is_proposed_from_a_name_and_the_ledger_takes_it(tmp_path: Path, name: str, identity: str) -> None:
    folder = town(tmp_path / "region")
    table = write(tmp_path, "list.csv", f"date,name\n2026-03-02,{name}\n")
    result = imported(folder, "members", table)
    assert result.exit_code == 0, result.output
    assert load_books(folder).machine.state.members[identity].name == name
    assert f'"{name}": {identity}' in result.output


def test_ids_are_proposed_alike_and_never_twice(tmp_path: Path) -> None:
    text = "date,name\n2026-03-02,Eve Moss\n2026-03-02,Eve-Moss\n2026-03-02,EveMoss\n"
    facts = [line.split('"')[3] for line in told(tmp_path, "members", text)]
    assert sorted(facts) == ["EveMoss", "EveMoss-2", "EveMoss-3"]


def test_the_mapping_chooses_an_id_and_leaves_rows_out(tmp_path: Path) -> None:
    mapping = "members: {Eve Moss: Eve, Till: null}\noffers: {Rolls: breakfast}\n"
    facts = told(tmp_path / "a", "members", "date,name\n2026-03-02,Eve Moss\n2026-03-02,Till\n", mapping)
    assert facts == ['2026-03-02 custom "member" "Eve" name: "Eve Moss"']
    (offer,) = told(tmp_path / "b", "offers", "date,company,product,price\n2026-03-02,Bakery,Rolls,4\n", mapping)
    assert '"breakfast" "Bakery"' in offer


def test_members_that_the_ledger_knows_by_name_or_id_are_left_as_they_are(tmp_path: Path) -> None:
    text = "date,name,id\n2026-03-02,Ada Lovelace,\n2026-03-02,Bob Mills,Bob\n"
    assert told(tmp_path, "members", text) == []


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("members", "name\nEve\n", "list.csv:2: has no date; a fact begins on one"),
        ("members", "date,name\n2026-03-02,\n", "list.csv:2: names nobody"),
        ("members", "date,name,id\n2026-03-02,Eve,eve\n", 'the id "eve" is not an account component'),
        ("members", "date,name,id\n2026-03-02,Eve,Bakery\n", "members and companies share one space of ids"),
        ("members", "date,name,id\n2026-03-02,Ada Byron,Ada\n", 'the ledger calls Ada "Ada Lovelace"'),
        ("members", "date,name,id\n2026-03-02,Eve,E\n2026-03-02,Eva,E\n", 'a row before calls E "Eve"'),
        (
            "members",
            "date,name,company\n2026-03-02,Eve,Bakkery\n",
            '"Bakkery" is none of the companies; the nearest: Bak',
        ),
        ("members", "date,name,company,productivity\n2026-03-02,Eve,Bakery,1.5\n", "the productivity is 1.5"),
        ("members", "date,name\n02/03/2026,Eve\n", "could be 2026-03-02 or 2026-02-03"),
        ("members", "date,name,name\n2026-03-02,Eve,Eva\n", 'the column "name" stands twice'),
        ("companies", "date,name,ownership\n2026-03-02,Dairy,private\n", "write workers or regional"),
        ("companies", "date,name,ownership\n2026-03-02,Old Mill,regional\n", "is owned by workers"),
        ("companies", "date,name,ownership,members\n2026-03-02,Dairy,,Ada; Zed\n", '"Zed" is none of the members'),
        ("offers", "date,company,product,price\n2026-03-02,Bakery,Rolls,\n", "has no price"),
        ("offers", "date,company,product,price\n2026-03-02,Bakery,Rolls,-1\n", "the price is -1"),
        ("offers", "date,company,product,price\n2026-03-02,Bakery,Rolls,1.0051\n", "no finer than 0.01 RSC"),
        ("offers", "date,company,product,price\n2026-03-02,Bakery,Rolls,4.20 €\n", "is no number"),
        ("offers", "date,company,product,price,kind\n2026-03-02,Bakery,Rolls,4,bread\n", "write product, service, job"),
        ("offers", "date,offer,company,product,price\n2026-03-02,ro lls,Bakery,Rolls,4\n", '"ro lls" is not a link'),
        ("offers", "date,offer,company,product,price\n2026-03-02,rye,Mill,Rye,4\n", '"rye" was offered by Bakery'),
        (
            "offers",
            "date,company,product,price\n2026-03-10,Bakery,Rye loaf,4.60\n",
            "price: 4.5, not 4.6); give the date",
        ),
        ("offers", "date,company,product,price\n2026-03-02,Bakery,,4\n", "names no product"),
    ],
)
def test_a_row_that_is_no_fact_is_refused_with_its_reason(tmp_path: Path, source: str, text: str, said: str) -> None:
    assert said in refusal(tmp_path, source, text)


def test_a_list_without_dates_begins_on_the_date_of_the_mapping(tmp_path: Path) -> None:
    facts = told(tmp_path, "members", "name\nEve\n", "sources: {members: {date: 2026-03-02}}")
    assert facts == ['2026-03-02 custom "member" "Eve" name: "Eve"']


def test_a_changed_price_is_said_from_its_date_on_and_keeps_the_rest(tmp_path: Path) -> None:
    (offer,) = told(tmp_path, "offers", "date,company,product,price\n2026-04-01,Bakery,Rye loaf,4.80\n")
    assert offer == '2026-04-01 custom "offer" "rye" "Bakery" product: "Rye loaf" unit: "loaf" price: 4.80 RSC'


def test_prices_of_a_list_that_change_nothing_are_left_out(tmp_path: Path) -> None:
    rows = "2026-03-02,Bakery,Rye loaf,4.20\n2026-03-11,Bakery,Rye loaf,4.5\n2026-04-01,Bakery,Rye loaf,4.50\n"
    assert told(tmp_path / "a", "offers", f"date,company,product,price\n{rows}") == []
    new = "2026-03-02,Bakery,Rolls,4\n2026-03-11,Bakery,Rolls,4\n2026-04-01,Bakery,Rolls,5\n"
    assert len(told(tmp_path / "b", "offers", f"date,company,product,price\n{new}")) == 2


def test_an_older_list_does_not_bring_an_old_price_back(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    head = "date,company,product,price\n"
    old = write(tmp_path, "old.csv", f"{head}2026-04-01,Bakery,Rolls,4\n")
    new = write(tmp_path, "new.csv", f"{head}2026-05-01,Bakery,Rolls,5\n")
    assert imported(folder, "offers", old).exit_code == imported(folder, "offers", new).exit_code == 0
    assert looked_at(folder, "offers", old, new).new == []
    assert load_books(folder).machine.state.credits.offers["rolls"].price == 500


def test_an_offer_that_was_taken_back_gets_a_new_id(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    with (folder / "journal.beancount").open("a") as journal:
        journal.write('\n2026-03-20 custom "offer-end" "cake"\n')
    table = write(tmp_path, "list.csv", "date,company,product,price\n2026-04-01,Bakery,Plum cake,3\n")
    assert imported(folder, "offers", table).exit_code == 0
    assert load_books(folder).machine.state.credits.offers["plum-cake"].price == 300
    again = write(tmp_path, "again.csv", "date,offer,company,product,price\n2026-04-01,cake,Bakery,Plum cake,3\n")
    with pytest.raises(ImportRefusedError, match="was offered by Bakery, and has ended"):
        looked_at(folder, "offers", again)


def test_an_employment_that_ended_does_not_begin_anew_by_a_list(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    with (folder / "journal.beancount").open("a") as journal:
        journal.write('\n2026-03-20 custom "employment-end" "Bakery" "Ada"\n')
    head = "date,name,company,occupation,productivity\n"
    known = write(tmp_path, "known.csv", f"{head}2026-01-01,Ada Lovelace,Bakery,baker,0.5\n")
    assert looked_at(folder, "members", known).new == []
    anew = write(tmp_path, "anew.csv", f"{head}2026-04-01,Ada Lovelace,Bakery,baker,0.75\n")
    with pytest.raises(ImportRefusedError, match="until an employment-end"):
        looked_at(folder, "members", anew)


def test_lists_build_a_region_from_nothing(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    for source in ("members", "companies", "offers"):
        result = imported(folder, source, HERE / source / "spreadsheet.csv")
        assert result.exit_code == 0, result.output
    state = load_books(folder).machine.state
    assert sorted(state.employments["BicycleWorkshop"]) == ["Ada", "Bob"]
    assert state.credits.offers["kasekuchen-ganz"].price == 2400
