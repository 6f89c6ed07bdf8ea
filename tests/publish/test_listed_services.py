"""Basic services: all of them for accountants, by name for the public only where their provider wants to be found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fava.test_pages import Region as Pages
from tests.fava.test_pages import with_pages
from tests.publish.places import publish
from tests.support import conductor, write

REGION = """\
region: Testburg
name: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
  credits: {name: RSC, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {member_overdraw: null, publication_contributors: 3}
"""
PARTIES = '2026-01-01 custom "accountant" "carla"\n' + "".join(
    f'2026-01-01 custom "member" "M{number}"\n' for number in range(6)
)
SERVICES = """\
2026-01-02 custom "basic-service" "cut" "M0"
  name: "Haircut"
  description: "Also at home"
  listed: TRUE
  contact: "the blue door, or 555-01"
2026-01-02 custom "basic-service" "kanari-id" "M1"
  name: "kanari-name"
  description: "kanari-description"
  contact: "kanari-contact"
2026-01-02 custom "basic-service" "kanari-no" "M2"
  name: "kanari-no"
  listed: FALSE
2026-01-02 custom "basic-service" "gone" "M3"
  name: "kanari-gone"
  listed: TRUE
  contact: "kanari-was-there"
2026-01-20 custom "basic-service-end" "gone"
2026-01-10 * "M4" ^cut
  id: "first"
  Assets:Members:M4:Hours  -2 HOUR
  Assets:Members:M0:Hours   2 HOUR
2026-01-11 * "M5" ^cut
  Assets:Members:M5:Hours  -1.50 HOUR
  Assets:Members:M0:Hours   1.50 HOUR
2026-01-12 custom "reversal" "first"
"""
HOMES = "".join(
    f'2026-01-0{2 + number // 4} custom "property" "home-{number}"\n  kind: "housing"\n  price: 0 RSC\n'
    "  property-tax: 1 RSC\n  maintenance: 1 RSC\n  administration: 1 RSC\n  depreciation: 1 RSC\n"
    for number in range(5)
)


def test_listed_and_contact_are_said_and_a_service_is_not_listed_by_default(tmp_path: Path) -> None:
    rows = json.loads(conductor("services", region(tmp_path), "--json").stdout)
    assert [set(row) for row in rows] == 4 * [
        {"service", "provider", "name", "description", "since", "ended", "listed", "hours"}
    ]
    assert {row["service"]: row["listed"] for row in rows} == {
        "cut": True,
        "gone": True,
        "kanari-id": False,
        "kanari-no": False,
    }


def region(folder: Path, more: str = "") -> Path:
    return write(folder / "ledger", SERVICES + more, region=REGION, prelude=PARTIES)


def test_services_tell_what_was_consumed_and_not_taken_back_up_to_a_date(tmp_path: Path) -> None:
    ledger = region(tmp_path)

    def hours(*options: str) -> str:
        return str(json.loads(conductor("services", ledger, "--json", *options).stdout)[0]["hours"])

    assert (hours("--at", "2026-01-09"), hours("--at", "2026-01-11"), hours()) == ("0.00", "3.50", "1.50")


def test_a_service_that_ended_says_when_and_one_of_later_is_not_there_yet(tmp_path: Path) -> None:
    ledger = region(tmp_path)
    ended = {row["service"]: row["ended"] for row in json.loads(conductor("services", ledger, "--json").stdout)}
    assert ended["gone"] == "2026-01-20T00:00:00"
    before = json.loads(conductor("services", ledger, "--json", "--at", "2026-01-19").stdout)
    assert {row["service"]: row["ended"] for row in before}["gone"] is None
    assert json.loads(conductor("services", ledger, "--json", "--at", "2026-01-01").stdout) == []


def test_the_table_of_services_names_each(tmp_path: Path) -> None:
    shown = conductor("services", region(tmp_path)).stdout
    assert all(name in shown for name in ("Haircut", "kanari-name", "M1", "2026-01-20", "1.50"))


def test_a_flag_that_is_none_is_told_where_it_stands(tmp_path: Path) -> None:
    ledger = write(
        tmp_path / "ledger", SERVICES.replace("listed: TRUE", 'listed: "yes"', 1), region=REGION, prelude=PARTIES
    )
    result = conductor("check", ledger)
    assert result.exit_code == 1
    assert "doc.beancount:1:" in result.output, result.output


def test_an_edition_names_listed_services_and_counts_the_others(tmp_path: Path) -> None:
    """Name, description and contact, and neither the id nor who offers it; what ended is no longer available."""
    edition = publish(region(tmp_path), tmp_path / "edition", "--through", "2026-01")
    prices = json.loads((edition / "data" / "prices.json").read_text())
    assert prices["services"] == [
        {
            "name": "Haircut",
            "description": "Also at home",
            "contact": "the blue door, or 555-01",
            "since": "2026-01-02",
        }
    ]
    assert prices["services_unlisted"] == 2
    table = (edition / "data" / "services.csv").read_text()
    assert table == 'name,description,contact,since\nHaircut,Also at home,"the blue door, or 555-01",2026-01-02\n'


def test_nothing_of_a_service_that_is_not_listed_or_has_ended_stands_in_an_edition(tmp_path: Path) -> None:
    edition = publish(region(tmp_path), tmp_path / "edition", "--through", "2026-01")
    for path in edition.rglob("*"):
        if path.is_file():
            assert b"kanari" not in path.read_bytes().lower(), path
            assert not {b"M0", b"M1", b"M2", b"M3"} & set(path.read_bytes().replace(b":", b" ").split()), path


def test_an_edition_counts_free_and_held_homes_and_tells_the_median_wait_of_enough(tmp_path: Path) -> None:
    waiting = "".join(f'2026-01-0{5 + n} custom "wait-list" "housing" "M{n}"\n' for n in range(3))
    served = "".join(f'2026-01-{day} custom "lease" "home-{n}" "M{n}"\n' for n, day in enumerate((15, 18, 28)))
    few = region(tmp_path / "few", HOMES + waiting + served.partition("2026-01-28")[0])
    enough = region(tmp_path / "enough", HOMES + waiting + served)
    found = []
    for ledger in (few, enough):
        edition = publish(ledger, ledger.parent / "edition", "--through", "2026-01")
        prices = json.loads((edition / "data" / "prices.json").read_text())
        (homes,) = [row for row in prices["homes"] if row["kind"] == "housing"]
        (row,) = [row for row in prices["waits"] if row["list"] == "housing"]
        found.append((homes["free"], homes["held"], row["median_days"]))
    assert found == [(3, 2, None), (2, 3, 12)], "10, 12 and 21 days; the third is asked for"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"cut", "kanari-id", "kanari-no"}),
        ({"state": "ended"}, {"gone"}),
        ({"state": "all", "q": "m1 kanari"}, {"kanari-id"}),
        ({"q": "at home"}, {"cut"}),
    ],
    ids=["available", "ended", "by provider and name", "by description"],
)
def test_accountants_find_services_as_soon_as_they_are_offered(
    asked: dict[str, str], found: set[str], tmp_path: Path
) -> None:
    cells = Pages(with_pages(region(tmp_path))).page("services", **asked).cells
    assert {"cut", "gone", "kanari-id", "kanari-no"} & {cell.strip() for cell in cells} == found


def test_the_public_page_shows_listed_services_and_how_many_others_there_are(tmp_path: Path) -> None:
    edition = publish(region(tmp_path), tmp_path / "edition", "--through", "2026-01")
    pages = Pages(edition)
    shown = pages.text("prices")
    assert "Haircut" in shown
    assert "the blue door, or 555-01" in shown
    assert "2 more basic service(s) are offered" in shown
    assert "kanari" not in shown
    assert "kanari" not in pages.text("services"), "an edition has no page of all services"
