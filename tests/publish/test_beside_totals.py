"""What stands beside the totals of an edition tells nothing more: balances, lists, gaps, counts, order and sizes."""

from __future__ import annotations

import json
import random
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT
from tests.publish.hamlets import Hamlet
from tests.publish.places import publish
from tests.support import conductor

_SUFFIXES = {"p": "P", "r": "R", "a": "A", "wallet": "Wallet", "prd": "PRD"}


def rows_of(edition: Path, name: str, key: str) -> list[dict[str, Any]]:
    """Rows of a document of an edition."""
    return list(json.loads((edition / "data" / f"{name}.json").read_text())[key])


def totals_of(edition: Path) -> list[dict[str, Any]]:
    """Every entry of an edition."""
    return list(json.loads((edition / "data" / "totals.json").read_text()))


@pytest.fixture(scope="module")
def riverbend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("riverbend")
    return publish(shutil.copytree(ROOT / "ledgers" / "riverbend", folder / "ledger"), folder / "edition")


def test_every_balance_of_an_edition_is_the_ledgers_or_is_not_told(riverbend: Path) -> None:
    truth = true_balances(riverbend.parent / "ledger", "2026-12-31")
    for row in rows_of(riverbend, "region", "accounts"):
        assert row["balance"] in (None, truth[row["account"]]), row
        assert row["complete"] == (row["balance"] is not None)
    for row in rows_of(riverbend, "cooperations", "cooperations"):
        assert row["balance"] in (None, truth[f"Equity:Cooperations:{row['cooperation']}"]), row
    for row in rows_of(riverbend, "companies", "companies"):
        for kind, suffix in _SUFFIXES.items():
            name = f"{'Liabilities' if kind == 'prd' else 'Assets'}:Companies:{row['company']}:{suffix}"
            assert row[kind] in (None, truth[name]), row
            assert row[kind] is None or row["ownership"] == "regional"
    last = rows_of(riverbend, "region", "months")[-1]
    assert last["psf"] in (None, truth["Equity:PSF"])
    assert last["treasury"] in (None, truth["Assets:Region:Treasury"])


def true_balances(ledger: Path, date: str) -> dict[str, str]:
    result = conductor("balances", ledger, "--at", date, "--json")
    return {row["account"]: row["balance"] for row in json.loads(result.stdout)}


def test_what_would_be_counted_of_private_parties_is_left_empty(riverbend: Path) -> None:
    empty = {
        ("plans", "plans"): ("consumed", "description"),
        ("companies", "companies"): ("members",),
        ("prices", "properties"): ("held", "lessee", "since"),
        ("months", "months"): ("companies_short", "members_short"),
        ("transfers", "rows"): ("reversed",),
    }
    for (name, key), columns in empty.items():
        rows = rows_of(riverbend, name, key)
        assert rows
        assert all(row[column] is None for row in rows for column in columns), name


def test_a_list_tells_its_length_and_nobody_on_it(riverbend: Path) -> None:
    assert all(set(row) == {"list", "length", "served"} for row in rows_of(riverbend, "prices", "lists"))


def test_no_private_total_is_told_of_fewer_transfers_than_contributors(riverbend: Path) -> None:
    # The number of transfers stands beside each total: below five it would say that there were no five contributors.
    totals = [row for row in totals_of(riverbend) if row["level"] != "in full"]
    assert totals
    assert all(row["transfers"] >= 5 for row in totals)


def test_entries_stand_in_an_order_that_follows_from_what_they_say(riverbend: Path) -> None:
    keys = ("date", "level", "transfer", "period", "debit", "credit")
    rows = totals_of(riverbend)
    said = [(*(row[key] for key in keys), row["link"] or "", Decimal(row["amount"])) for row in rows]
    assert said == sorted(said)


def test_renaming_everybody_and_shuffling_the_books_changes_no_byte(tmp_path: Path) -> None:
    # Whatever depended on names of members, or on the order of lines, would tell something of them.
    first = Hamlet(1).write(tmp_path / "first", 3)
    second = shutil.copytree(first, tmp_path / "second")
    for name in ("doc.beancount", "prelude.beancount"):
        (second / name).write_text(re.sub(r"\bM(\d+)\b", _renamed, (second / name).read_text()))
    entries = re.split(r"(?m)^(?=2026-)", (second / "doc.beancount").read_text())
    random.Random(1).shuffle(entries)
    (second / "doc.beancount").write_text("".join(entries))
    editions = [publish(ledger, tmp_path / f"edition-{ledger.name}") for ledger in (first, second)]
    names = [sorted(path.relative_to(edition) for path in edition.rglob("*") if path.is_file()) for edition in editions]
    assert names[0] == names[1]
    for path in names[0]:
        one, other = ((edition / path).read_bytes() for edition in editions)
        if path.name == "edition.json":  # each region has a secret of its own
            one, other = (re.sub(rb'"root": "[0-9a-f]{64}"', b"", content) for content in (one, other))
        assert one == other, path


def _renamed(found: re.Match[str]) -> str:
    return f"Q{(int(found[1]) * 37 + 11) % 101:03}"
