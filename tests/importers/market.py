"""A small town with both economies, for the tests of sources that are about credits and goods.

`python -m tests.importers.market FILE` writes the golden file of a document that has none yet.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner, Result

from conductor_bean.cli.main import main
from conductor_bean.importers.common.run import Report, prepare
from conductor_bean.importers.common.sources import importer_class
from conductor_bean.ledger.books import load_books
from tests.importers.golden import told

HERE = Path(__file__).parent

BANK = """\
accounts:
  DE12500105170648489890: Bakery
counterparties:
  Hotel Post: Bakery
  HOTEL POST: Bakery
  Hôtel de la Poste: Bakery
  Health food shop: Mill
sources:
  %s:
    currency: %s
    rules:
      - {counterparty: "salt &*", company: Bakery, input: salt}
      - {counterparty: "toolmakers*", direction: in, company: Bakery, transfer: outside_loan, link: oven-credit}
      - {iban: DE02 1203 0000 0000 2020 51, direction: out, company: Bakery, input: flour}
      - {iban: "FR14 2004*", company: Bakery, input: salt}
      - {counterparty: MONTHLY FEE, company: Bakery, input: fees of the bank}
      - {text: "*Tagesgeld*", leave_out: moved between own accounts}
      - {text: ENTGELT, company: Bakery, input: fees of the bank}
"""
"""What payments mean, of a source and a currency."""

MAPPINGS = {
    "camt053/german-v02.xml": BANK % ("camt053", "EUR"),
    "camt053/swiss-v08.xml": BANK % ("camt053", "CHF"),
    "ofx/checking-v1.ofx": BANK % ("ofx", "USD") + "    rate: 0.9\n",
    "ofx/checking-v2.ofx": BANK % ("ofx", "EUR"),
    "till/square-items.csv": "offers: {CAKE-S: cake}\nsources: {till: {currency: $, outside: true}}\n",
    "till/loyverse-receipts-by-item.csv": "timezone: Europe/Berlin\n",
    "sales/plain.csv": "timezone: Europe/Berlin\n",
    "members/spreadsheet.csv": "",
    "companies/spreadsheet.csv": "",
    "offers/spreadsheet.csv": "",
}
"""Documents with a golden file beside them, and the mapping that each is imported with."""

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
  standard: "of the trade"

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


def changed(folder: Path, name: str, *changes: tuple[str, str], document: str) -> Path:
    """A copy of a document of ours with some texts replaced, which must be there."""
    content = (HERE / document).read_bytes()
    for old, new in changes:
        assert old.encode() in content, old
        content = content.replace(old.encode(), new.encode())
    path = folder / name
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    for each in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as scratch:
            importer = importer_class(each.partition("/")[0])(town(Path(scratch), MAPPINGS[each]))
            text = told(importer, HERE / each)
        with (HERE / f"{each}.beancount").open("x", encoding="utf-8") as file:
            file.write(text)
