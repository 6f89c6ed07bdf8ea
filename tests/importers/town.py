"""A small region for importing: who works where, under names that tools know otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.support import HEAD, REGION, conductor, plan

PARTIES = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
  name: "Ada Lovelace"
2026-01-01 custom "member" "Bob"
  name: "Bob Kahn"
2026-01-01 custom "member" "Cyd"
  name: "Cyd Nouri"
2026-01-01 custom "company" "Bakery"
  name: "Sunrise Bakery"
2026-01-01 custom "company" "Mill"
  name: "The Old Mill"
2026-01-01 custom "employment" "Bakery" "Ada"
2026-01-01 custom "employment" "Bakery" "Bob"
2026-01-01 custom "employment" "Mill" "Cyd"
"""

MAPPING = """\
timezone: Europe/Berlin
members:
  ada: Ada
  ada@example.org: Ada
  bob.k: Bob
  kevin: null
companies:
  Brot GmbH: Bakery
"""

CREDITS_ALONE = """\
region: Testburg
commodities:
  credits: {name: RSC, precision: 0.01}
decisions:
  - date: 2026-01-01
    set: {income_tax: 0.10}
    occupations:
      baker: {min: 18, max: 24}
  - date: 2026-04-01
    occupations:
      baker: {min: 20, max: 26}
"""

WORKING_FOR_CREDITS = """\
2026-01-01 custom "member" "Ada"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5
  standard: "of the trade"
2026-01-01 custom "offer" "bread" "Bakery"
  product: "bread"
  unit: "loaf"
  price: 4 RSC
2026-01-02 * "A buyer from afar" ^bread
  transfer: "external_sale"
  quantity: 1000
  Equity:Outside                     -4000 RSC
  Assets:Companies:Bakery:Wallet      4000 RSC
"""


def town(folder: Path, *, mapping: str = MAPPING, region: str = REGION, parties: str = "") -> Path:
    """Make a region's folder: parties, a journal that a glob includes, and a mapping."""
    text = parties or PARTIES + plan("bread", "Bakery", a=9000) + plan("flour", "Mill", a=9000)
    files: Mapping[str, str] = {
        "main.beancount": f'{HEAD}include "parties.beancount"\ninclude "journal/*.beancount"\n',
        "parties.beancount": text,
        "journal/2026-03.beancount": ";; March 2026\n",
        "region.yaml": region,
        "mapping.yaml": mapping,
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def journal(folder: Path) -> Path:
    """The file to which most tests import."""
    return folder / "journal" / "2026-03.beancount"


def imported(folder: Path, source: str, *files: Path | str, to: Path | None = None) -> str:
    """Import files, which must go well; what the command said, on both streams."""
    result = conductor("import", source, *files, "--to", to or journal(folder))
    assert result.exit_code == 0, result.output
    return result.output


def refused(folder: Path, source: str, *arguments: Path | str, status: int = 1, to: Path | None = None) -> str:
    """Import files, which must be refused with every file of the ledger as it was; what was said on stderr."""
    before = contents(folder)
    result = conductor("import", source, *arguments, "--to", to or journal(folder))
    assert result.exit_code == status, result.output
    assert contents(folder) == before
    assert result.stdout == ""
    return result.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a region's folder, but what is kept beside it on this machine alone."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".conductor" not in path.parts)
    return {str(path): path.read_bytes() for path in files}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a source beside a region."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
