"""A small town with both economies, for the tests of sources that are about credits and goods."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from conductor_bean.cli.main import main
from conductor_bean.importers.common.run import Report, prepare
from conductor_bean.importers.common.sources import importer_class
from conductor_bean.ledger.books import load_books

HERE = Path(__file__).parent

_REGION = """\
region: Testburg
name: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
  credits:     {name: RSC,  precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      member_overdraw: null
      approvals: 1
    occupations:
      baker: {min: 18, max: 24}
"""

_MAIN = """\
option "title" "Testburg"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
include "journal.beancount"

2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
  name: "Ada Lovelace"
2026-01-01 custom "member" "Bob"
  name: "Bob Mills"
2026-01-01 custom "company" "Bakery"
  name: "Sunrise Bakery"
2026-01-01 custom "company" "Mill"
  name: "Old Mill"
2026-01-01 custom "company" "Clinic"
  name: "Valley Clinic"
  ownership: "regional"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5

2026-01-02 custom "plan" "bread-2026" "Bakery"
  product: "Sourdough loaf"
  unit: "loaf"
  quantity: 1000
  fixed-means: 100 HOUR
  raw-materials: 500 HOUR
  labour: 400 HOUR
  days: 365
2026-01-02 custom "plan-approval" "bread-2026"
  by: "carla"

2026-01-02 custom "offer" "rye" "Bakery"
  product: "Rye loaf"
  unit: "loaf"
  price: 4.20 RSC
2026-03-10 custom "offer" "rye" "Bakery"
  product: "Rye loaf"
  unit: "loaf"
  price: 4.50 RSC
2026-01-02 custom "offer" "cake" "Bakery"
  product: "Plum cake"
  price: 2.50 RSC
2026-01-02 custom "offer" "flour" "Mill"
  product: "Fine flour"
  unit: "sack"
  price: 48.00 RSC

2026-01-03 custom "outside-loan" "oven-credit" "Bakery"
  lender: "Toolmakers' Bank"
  principal: 1500.00 RSC
2026-01-03 custom "property" "old-barn"
  name: "Old barn"
  kind: "facility"
  price: 900.00 RSC
  by: "carla"
"""

_JOURNAL = """\
2026-01-05 * "Treasury" "First issue"
  transfer: "issue"
  by: "carla"
  Equity:Issuance                    -10000.00 RSC
  Assets:Region:Treasury              10000.00 RSC

2026-01-06 * "Clinic" "First year"
  transfer: "subsidy"
  by: "carla"
  Assets:Region:Treasury              -5000.00 RSC
  Assets:Companies:Clinic:Wallet       5000.00 RSC

2026-01-07 * "A founder" "Thanks for the first bread"
  transfer: "external_sale"
  Equity:Outside                      -5000.00 RSC
  Assets:Companies:Bakery:Wallet       5000.00 RSC

2026-01-08 * "Bakery" "Ada, 10 hours"
  Assets:Companies:Bakery:A             -10.00 HOUR
  Assets:Members:Ada:Hours               10.00 HOUR
"""


def town(folder: Path, mapping: str = "") -> Path:
    """Write the town into a folder, with a mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("region.yaml", _REGION), ("main.beancount", _MAIN), ("journal.beancount", _JOURNAL)):
        (folder / name).write_text(text)
    if mapping:
        (folder / "mapping.yaml").write_text(mapping)
    return folder


def looked_at(folder: Path, source: str, *files: Path) -> Report:
    """What an import of files would bring."""
    return prepare(importer_class(source)(folder), list(files), load_books(folder))


def imported(folder: Path, source: str, *files: Path, options: tuple[str, ...] = ()) -> Result:
    """Run `conductor import`."""
    arguments = ["import", source, *map(str, files), "--ledger", str(folder), "--to", str(folder / "journal.beancount")]
    return CliRunner().invoke(main, [*arguments, *options])
