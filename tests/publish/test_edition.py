"""What an edition is made of: an ordinary ledger, the region's facts, and the same figures as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import data, realization

from conductor_bean.domain.instants import month_from_number, month_number
from conductor_bean.publish.edition import Edition, last_complete_month
from conductor_bean.publish.history import History
from tests.cli.town import both_months, write_credits_only, write_town
from tests.publish.borough import EVERYTHING, Borough, books_of, edition_of, moved
from tests.support import PRELUDE, REGION, write

HOSTILE = 'A "name" \\ with\nlines\t<script>alert(1)</script> =1+1 \u200fevil ; #tag ^link {{x}} 日本 🍞'
PLAIN = "".join(character if character.isprintable() else " " for character in HOSTILE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition of the town, of which nothing private may be told."""
    return edition_of(write_town(tmp_path_factory.mktemp("town"), both_months()))[0]


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition of a borough that tells everything."""
    return edition_of(Borough(9, thresholds=EVERYTHING).write(tmp_path_factory.mktemp("borough"), 3))[0]


def document(edition: Edition, name: str) -> Any:
    return json.loads(edition.files[f"data/{name}.json"])


def table(edition: Edition, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(edition.files[f"data/{name}.csv"])))


def loaded(edition: Edition, folder: Path) -> list[Any]:
    """What stock Beancount makes of an edition; it must find no fault."""
    for name, content in edition.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    entries, errors, options = loader.load_file(str(folder / "main.beancount"))
    assert errors == []
    assert options["plugin"] == []
    return list(entries)


def facts(entries: list[Any]) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    for entry in entries:
        if isinstance(entry, data.Custom) and not entry.type.startswith("fava-"):
            meta = {key: value for key, value in entry.meta.items() if key not in ("filename", "lineno")}
            yield entry.type, [value.value for value in entry.values], meta


def test_the_books_of_an_edition_hold_the_balances_that_are_told(borough: Edition, tmp_path: Path) -> None:
    entries = loaded(borough, tmp_path)
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert sum(entry.meta["level"] != "carried" for entry in transactions) == len(document(borough, "totals"))
    told = document(borough, "balances")
    assert any(row["balance"] is not None for row in told)
    for month in sorted({row["month"] for row in told}):
        books = realization.realize([entry for entry in transactions if str(entry.date)[:7] <= month])
        for row in told:
            if row["month"] == month:
                account = realization.get(books, row["account"])
                found = data.D(0) if account is None else account.balance.get_currency_units(row["commodity"]).number
                assert found == Decimal(row["balance"] or 0), row


def test_csv_says_what_json_says(borough: Edition, town: Edition) -> None:
    for edition in (borough, town):
        for name, (page, key) in {
            "plans": ("plans", "plans"),
            "companies": ("companies", "companies"),
            "offers": ("prices", "offers"),
            "properties": ("prices", "properties"),
            "fic": ("region", "fic"),
            "months": ("region", "months"),
            "transfers": ("transfers", "rows"),
        }.items():
            rows, told = table(edition, name), document(edition, page)[key]
            assert len(rows) == len(told) > 0 or name == "properties"
            for mine, theirs in zip(rows, told, strict=True):
                for column, value in mine.items():
                    if isinstance(theirs[column], (list, dict)):
                        continue  # nested values are left to the JSON
                    assert value.lstrip("'") == ("" if theirs[column] is None else str(theirs[column]))
        assert table(edition, "totals") == [
            {key: "" if value is None else str(value) for key, value in row.items()}
            for row in document(edition, "totals")
        ]


def test_edition_json_says_by_which_rules_it_was_made(borough: Edition, town: Edition) -> None:
    about = document(town, "edition")
    assert (about["edition"], about["region"], about["name"]) == (1, "Milltown", "The Mill Town")
    assert about["through"] == "2026-02-28T23:59:59.999999"
    assert about["commodities"] == {
        "labour_time": {"name": "HOUR", "precision": "0.01"},
        "credits": {"name": "RSC", "precision": "0.01"},
    }
    assert about["thresholds"] == {
        "publication_contributors": 5,
        "publication_margin": "0.15",
        "publication_largest": "0.75",
        "publication_two_largest": "0.85",
    }
    assert about["hierarchy"]["periods"] == ["month", "quarter", "year"]
    assert about["hierarchy"]["transfers"][0]["broad_type"] == "profit"
    assert about["tree"]["algorithm"] == "RFC 9162 SHA-256"
    assert about["tree"]["leaves"] > 20
    assert document(borough, "edition")["thresholds"]["publication_contributors"] == 1


def test_the_record_names_the_tree_that_the_edition_has(town: Edition) -> None:
    record, about = json.loads(town.record), document(town, "edition")
    assert record["tree"] == {key: about["tree"][key] for key in ("root", "leaves")}
    assert record["through"] == about["through"]
    assert record["key"] not in "".join(town.files.values())


def test_the_public_facts_of_the_town_are_all_told(town: Edition, tmp_path: Path) -> None:
    found = list(facts(loaded(town, tmp_path)))
    by_type: dict[str, list[Any]] = {}
    for kind, ids, _ in found:
        by_type.setdefault(kind, []).append(ids)
    assert by_type == {
        "company": [["Bakery"], ["School"]],
        "plan": [["bread", "Bakery"], ["clinic", "School"]],
        "plan-approval": [["bread"], ["clinic"]],
        "region": [["Lakeside"]],
        "bank": [["PublicBank"]],
        "pool": [["Transit"]],
        "offer": [["baker-wanted", "Bakery"], ["loaf", "Bakery"], ["workshop", "School"]],
        "property": [["apt-1"], ["apt-2"], ["hall"], ["oven"]],
        "month-close": [["2026-01"], ["2026-02"]],
    }
    plan = next(meta for kind, ids, meta in found if ids[0] == "clinic" and kind == "plan")
    assert (plan["product"], plan["quantity"], plan["public"]) == ("Consultation", 100, True)
    assert str(plan["labour"]) == "100.00 HOUR"
    loaf = next(meta for _, ids, meta in found if ids[0] == "loaf")
    assert str(loaf["price"]) == "4.00 RSC"


def test_hostile_names_are_told_and_do_no_harm(tmp_path: Path) -> None:
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    text = (
        f'2026-01-03 custom "company" "Evil"\n  name: "{quoted}"\n'
        f'2026-01-03 custom "plan" "evil" "Evil"\n  product: "{quoted}"\n  unit: "{quoted}"\n  quantity: 3\n'
        "  fixed-means: 1 HOUR\n  raw-materials: 1 HOUR\n  labour: 1 HOUR\n  days: 9\n"
        f'2026-01-04 custom "plan-approval" "evil"\n  by: "carla"\n'
        f'2026-01-05 custom "cooperation" "EvilCo" "Evil"\n  name: "{quoted}"\n  definition: "{quoted * 300}"\n'
    )
    region = REGION.replace("name: Testburg\n", f"name: {json.dumps(HOSTILE, ensure_ascii=False)}\n")
    edition, _ = edition_of(write(tmp_path / "ledger", text, prelude=PRELUDE, region=region))
    found = list(facts(loaded(edition, tmp_path / "edition")))
    company = next(meta for _, ids, meta in found if ids == ["Evil"])
    assert company["name"] == PLAIN
    plan = next(meta for _, ids, meta in found if ids == ["evil", "Evil"])
    assert plan["product"] == plan["unit"] == PLAIN
    assert document(edition, "edition")["name"] == HOSTILE
    row = next(row for row in table(edition, "plans") if row["plan"] == "evil")
    assert row["product"] == HOSTILE
    for name, content in edition.files.items():
        if name.endswith(".beancount"):
            assert all(character.isprintable() or character == "\n" for character in content), name


def test_half_a_character_in_the_regions_name_ends_no_edition(tmp_path: Path) -> None:
    """As in YAML that a JSON tool wrote: PyYAML reads a pair of surrogates as two halves."""
    for number, (name, told) in enumerate((('"\\ud83c\\udf5e"', "🍞"), ('"a \\ud83c b"', "a \ufffd b"))):
        region = REGION.replace("name: Testburg\n", f"name: {name}\n")
        edition, _ = edition_of(write(tmp_path / f"ledger-{number}", region=region))
        loaded(edition, tmp_path / f"edition-{number}")
        assert document(edition, "edition")["name"] == told
        edition.record.encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_name_is_taken_for_a_formula_by_a_spreadsheet(tmp_path: Path, start: str) -> None:
    name = f'{start}HYPERLINK("http://x")'.replace('"', '\\"')
    text = f'2026-01-03 custom "company" "Evil"\n  name: "{name}"\n'
    edition, _ = edition_of(write(tmp_path, text))
    row = next(row for row in table(edition, "companies") if row["company"] == "Evil")
    assert row["name"] == f'\'{start}HYPERLINK("http://x")'
    assert [r["name"][0] for r in document(edition, "companies")["companies"] if r["company"] == "Evil"] == [start]


@pytest.mark.parametrize(("precision", "amount"), [("1", "7"), ("0.000000000001", "0.000000000007")])
def test_every_precision_is_told_to_the_last_digit(tmp_path: Path, precision: str, amount: str) -> None:
    region = REGION.replace("{name: HOUR, precision: 0.01}", f'{{name: STUNDE, precision: "{precision}"}}')
    text = (
        '2026-01-03 custom "plan" "fine" "Clinic"\n  product: "fine"\n  unit: "piece"\n  quantity: 1\n  days: 9\n'
        f"  public: TRUE\n  fixed-means: {amount} STUNDE\n  raw-materials: 0 STUNDE\n  labour: 0 STUNDE\n"
        '2026-01-03 custom "plan-approval" "fine"\n  by: "carla"\n'
    )
    ledger = write(tmp_path / "ledger", text, region=region, prelude=PRELUDE.replace("HOUR", "STUNDE"))
    edition, _ = edition_of(ledger, through=month_number("2026-01"))
    entries = loaded(edition, tmp_path / "edition")
    credited = [
        str(posting.units)
        for entry in entries
        if isinstance(entry, data.Transaction) and "fine" in entry.links
        for posting in entry.postings
    ]
    assert credited == [f"-{amount} STUNDE", f"{amount} STUNDE"]
    assert [row["amount"] for row in document(edition, "totals") if row["link"] == "fine"] == [amount]
    assert "HOUR" not in "".join(text for name, text in edition.files.items() if name.endswith(".beancount"))


@pytest.mark.parametrize("digits", [2, 12])
def test_amounts_near_the_limit_are_told_and_audited(tmp_path: Path, digits: int) -> None:
    """10^15, less the smallest unit."""
    most = Decimal(10) ** 15 - Decimal(1).scaleb(-digits)
    region = REGION.replace("precision: 0.01", f"precision: {Decimal(1).scaleb(-digits):f}")
    names = [f"M-{number}" for number in range(8)]
    text = "".join(f'2026-01-01 custom "member" "{name}"\n' for name in names)
    text += "".join(f'2026-01-01 custom "basic-service" "help-{name}" "{name}"\n' for name in names)
    for giver, taker in zip(names, [*names[1:], names[0]], strict=True):
        accounts = f"Assets:Members:{taker}:Hours", f"Assets:Members:{giver}:Hours"
        text += moved(f'2026-01-09 * "helped" ^help-{giver}', *accounts, f"{most / 8:.{digits}f}"[:20], "HOUR")
    ledger = write(tmp_path / "ledger", text, region=region)
    edition, history = edition_of(ledger, through=month_number("2026-01"))
    loaded(edition, tmp_path / "edition")
    assert {told.type: told.transfers for told in history.told} == {
        "private_consumption_of_basic_service": 8,
        "taxes": 8,
    }
    assert max(told.units for told in history.told) > 10 ** (14 + digits)


def test_a_region_of_one_member_tells_nothing_of_her(tmp_path: Path) -> None:
    edition, history = edition_of(Borough(1).write(tmp_path / "ledger", 3))
    loaded(edition, tmp_path / "edition")
    assert history.told == []
    assert edition.waiting > 0
    text = "".join(edition.files.values())
    assert "M-01" not in text
    for row in document(edition, "region")["months"]:
        assert row["hours"] is row["taxes"] is None


@pytest.mark.parametrize(("hours", "rsc"), [(True, False), (False, True)])
def test_a_region_of_one_economy_tells_nothing_of_the_other(tmp_path: Path, *, hours: bool, rsc: bool) -> None:
    edition, _ = edition_of(Borough(9, thresholds=EVERYTHING, hours=hours, rsc=rsc).write(tmp_path / "ledger", 2))
    entries = loaded(edition, tmp_path / "edition")
    currencies = {p.units.currency for e in entries if isinstance(e, data.Transaction) for p in e.postings}
    assert currencies == {"HOUR" if hours else "RSC"}
    assert list(document(edition, "edition")["commodities"]) == ["labour_time" if hours else "credits"]
    for row in document(edition, "region")["months"]:
        assert (row["psf"] is None) != hours
        assert (row["treasury"] is None) != rsc
    assert bool(document(edition, "region")["fic"]) == hours


def test_the_same_town_with_credits_alone(tmp_path: Path) -> None:
    edition, _ = edition_of(write_credits_only(tmp_path / "ledger"))
    loaded(edition, tmp_path / "edition")
    january = document(edition, "months")["months"][0]
    assert january["psf"] is None
    assert january["treasury"]["spending"]["subsidy"] == "2000.00"
    assert january["treasury"]["income"]["issue"] == "10000.00"


def test_the_plans_of_members_companies_say_nothing_of_what_was_sold(borough: Edition) -> None:
    for row in document(borough, "plans")["plans"]:
        assert row["consumed"] is row["description"] is None


def test_of_companies_of_workers_no_balance_is_told(borough: Edition) -> None:
    for row in document(borough, "companies")["companies"]:
        regional = row["ownership"] == "regional"
        for account in ("p", "r", "a", "prd", "wallet", "deviation", "costs"):
            assert row[account] is None or regional
        assert row["members"] is None


def months_in(edition: Edition) -> dict[str, Any]:
    return {row["month"]: row for row in document(edition, "region")["months"]}


def test_a_quarters_total_is_not_taken_for_its_last_months(tmp_path: Path) -> None:
    """Taxes of January and February wait and are told with the quarter; March's own are told of March."""
    members = Borough(9, rsc=False, companies=1)
    folder = members.write(tmp_path, 3)
    opened = (
        "  - date: 2026-03-01\n    title: More open\n    set: {publication_contributors: 1, publication_margin: 0,\n"
        "      publication_largest: 1, publication_two_largest: 1}\n"
    )
    for file in (folder / "journal").iterdir():  # nobody helps anybody, so that no hours of services are at stake
        events = file.read_text().split("\n\n")
        file.write_text("\n\n".join(event for event in events if "helped" not in event))
    few = "publication_contributors: 99"
    region = members.region().replace("member_overdraw: null", f"member_overdraw: null\n      {few}")
    (folder / "region.yaml").write_text(region + opened)
    edition, history = edition_of(folder, through=month_number("2026-03"))
    periods = {told.period for told in history.told if told.type == "work_certificates"}
    assert periods == {"2026-03", "2026-Q1"}
    march = sum(t.units for t in history.told if t.type == "work_certificates" and t.period == "2026-03")
    known = months_in(edition)
    assert known["2026-03"]["hours"] == f"{Decimal(march) / 100:.2f}"
    assert known["2026-01"]["hours"] is known["2026-02"]["hours"] is None
    flows = {row["month"]: row["psf"] for row in document(edition, "months")["months"]}
    taxes = sum(t.units for t in history.told if t.type == "taxes" and t.period == "2026-03")
    assert flows["2026-03"]["income"]["taxes"] == f"{Decimal(taxes) / 100:.2f}"
    assert "taxes" not in flows["2026-01"]["income"]


def test_what_waits_or_was_merged_is_not_said_to_be_nothing(tmp_path: Path) -> None:
    edition, history = edition_of(Borough(9).write(tmp_path, 3))
    assert edition.waiting > 0
    merged = {month_from_number(c.month) for told in history.told if told.level != "type" for c in told.cells}
    assert merged
    for month, row in months_in(edition).items():
        if month in merged:
            assert row["hours"] is None or row["taxes"] is None


CLOSED = '2026-01-31 custom "month-close" "2026-01"\n'


@pytest.mark.parametrize(
    ("more", "rsc", "complete"),
    [
        ("", True, None),
        ('2026-01-30 custom "company" "X"\n', True, "2025-12"),
        ('2026-01-31 custom "company" "X"\n', True, "2026-01"),
        ('2026-02-01 custom "company" "X"\n', True, "2026-01"),
        ('2026-05-07 custom "company" "X"\n', True, "2026-04"),
        (CLOSED + '2026-05-07 custom "company" "X"\n', True, "2026-01"),
        ('2026-05-07 custom "company" "X"\n', False, "2026-04"),
        ('2026-02-28 custom "company" "X"\n', False, "2026-02"),
        ('2028-02-28 custom "company" "X"\n', False, "2028-01"),
    ],
)
def test_a_month_is_complete_when_it_is_closed_or_has_passed(
    tmp_path: Path, more: str, *, rsc: bool, complete: str | None
) -> None:
    folder = Borough(1, hours=not rsc, rsc=rsc).write(tmp_path, 0, more)
    if not more:
        (folder / "parties.beancount").write_text("")
    found = last_complete_month(books_of(folder))
    assert (None if found is None else month_from_number(found)) == complete


def test_the_number_of_leaves_grows_with_the_months_that_are_told(tmp_path: Path) -> None:
    folder, history = Borough(6).write(tmp_path, 3), History()
    leaves = []
    for month in ("2026-01", "2026-02", "2026-03"):
        edition, _ = edition_of(folder, history, month_number(month))
        leaves.append(document(edition, "edition")["tree"]["leaves"])
    assert leaves == sorted(set(leaves))


def test_a_region_without_private_transfers_has_the_tree_of_nothing(tmp_path: Path) -> None:
    edition, _ = edition_of(Borough(1, rsc=False).write(tmp_path, 0))
    about = document(edition, "edition")
    assert about["through"] is None
    assert about["tree"]["leaves"] == 1, "a leaf of nothing: how many there are is nobody's business"
