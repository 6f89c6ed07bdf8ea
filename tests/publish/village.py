"""The town of tests/cli/town.py once more, with what makes leaves hard: equal transfers, and ids that mean two things.

Private are Ada, Bob, Cyd and the Bakery; public are the School, the banks, the cooperation and the region.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conductor_bean.domain.instants import format_instant
from conductor_bean.publish.key import Publication
from conductor_bean.publish.leaves import LedgerTree, tree_of
from tests.cli.town import HOURS_PLANS, PARTIES, books_of, both_months, write_town

SECRET = bytes(range(100, 132))
PRIVATE = ("Ada", "Bakery", "Bob", "Cyd")
PUBLIC = ("School", "PublicBank", "Transit", "Milltown", "social accounting", "outside")

# A bank with the id of a member and a cooperation with that of a company: their transfers are nobody's secret.
NAMESAKES = """\
2026-01-01 custom "bank" "Ada"
  ownership: "regional"
2026-01-02 custom "cooperation" "Bakery" "Bakery"
2026-01-03 * "Capital"
  by: "carla"
  Assets:Region:Treasury     -5 RSC
  Assets:Banks:Ada:Funds      5 RSC
"""

# Three presents that are the same in all that a leaf says, and one that differs in its time alone.
PRESENTS = "".join(
    f"""\
2026-03-06 * "Cyd" "{name}"
{time}  Assets:Members:Cyd:Wallet     -7 RSC
  Assets:Members:Bob:Wallet      7 RSC
"""
    for name, time in (("one", ""), ("two", ""), ("three", ""), ("later", '  time: "12:00:00"\n'))
)


def write_village(folder: Path, more: str = "", *, reverse: bool = False) -> Path:
    """Write the village into a folder, perhaps with more in March, perhaps with its presents the other way round."""
    journal = both_months()
    journal["2026-03"] += PRESENTS + more
    if reverse:
        journal = dict(reversed(journal.items()))
        parts = PRESENTS.split("2026-03-06")
        journal["2026-03"] = "2026-03-06".join(["", *reversed(parts[1:])]) + more + both_months()["2026-03"]
    return write_town(folder, journal, parties=PARTIES + HOURS_PLANS + NAMESAKES)


def tree(folder: Path, secret: bytes = SECRET, until: int | None = None) -> LedgerTree:
    """The tree of a ledger that holds."""
    return tree_of(books_of(folder), secret, until)


def publish_by_hand(ledger: Path, edition: Path, *, through: int | None = None) -> Path:
    """What `receipt` reads of the record of publications, and `verify-receipt` of an edition; returns the edition."""
    books = books_of(ledger)
    until = books.last_instant if through is None else through
    found = tree_of(books, SECRET, until)
    head = {"algorithm": "RFC 9162 SHA-256", "root": found.root.hex(), "leaves": found.size}
    record = {"key": SECRET.hex(), "through": format_instant(until), "tree": head}
    (ledger / "publication.json").write_text(json.dumps(record))
    (edition / "data").mkdir(parents=True)
    document = {"edition": 1, "region": books.region.id, "name": books.region.name, "tree": head}
    (edition / "data" / "edition.json").write_text(json.dumps(document | {"through": format_instant(until)}))
    return edition


def strings(value: Any) -> Iterator[str]:
    """Every text in a document, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


NOTHING_SAID = Publication(SECRET, None, None)
"""A record that says its secret alone."""
