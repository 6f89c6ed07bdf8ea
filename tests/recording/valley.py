"""A small valley with both economies in which everything can be added; every price is worked out by hand.

bread: (100 + 500 + 900) / 1000 = 1.50 hours a loaf; flour: (200 + 300 + 500) / 1000 = 1.00 an hour a sack; the clinic
is free. sourdough costs 4.20 credits a loaf. Ada earns 18 + 0.5 x (24 - 18) = 21 credits an hour, Bob 18.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result

from conductor_bean.ledger.locking import LOCAL_FOLDER
from tests.support import conductor

REGION = """\
region: Valley
name: The Valley
commodities:
  labour_time: {name: HOUR, precision: 0.01}
  credits: {name: RSC, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {fic_window_days: 180, member_overdraw: null, approvals: 1, income_tax: 0.10, housing_markup: 0.05}
    occupations:
      baker: {min: 18, max: 24}
      teacher: {min: 20, max: 30}
"""
CREDITS_ALONE = REGION.replace("  labour_time: {name: HOUR, precision: 0.01}\n", "").replace(
    "fic_window_days: 180, member_overdraw: null, ", ""
)
MAIN = """\
option "title" "Valley"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
include "parties.beancount"
include "plans.beancount"
include "market.beancount"
include "journal/*.beancount"
"""
ONE_BY_ONE = MAIN.replace('"journal/*.beancount"', '"journal/2026-01.beancount"')
"""With this main file a gift in February writes two files."""
PARTIES = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "member" "Bob"
2026-01-01 custom "member" "Cyd"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "company" "Mill"
2026-01-01 custom "company" "Clinic"
2026-01-01 custom "company" "School"
  ownership: "regional"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5
  standard: "of the trade"
2026-01-01 custom "employment" "Bakery" "Bob"
  occupation: "baker"
"""


def plan(name: str, company: str, p: int, r: int, a: int, more: str = "") -> str:
    """Return a plan of 1,000 units over a year, filed and approved."""
    return (
        f'2026-01-01 custom "plan" "{name}" "{company}"\n  product: "{name.title()}"\n  unit: "piece"\n'
        f"  quantity: 1000\n  fixed-means: {p} HOUR\n  raw-materials: {r} HOUR\n  labour: {a} HOUR\n  days: 365\n{more}"
        f'2026-01-01 custom "plan-approval" "{name}"\n  by: "carla"\n'
    )


PLANS = (
    plan("bread", "Bakery", 100, 500, 900)
    + plan("flour", "Mill", 200, 300, 500)
    + plan("clinic", "Clinic", 80, 120, 100, "  public: TRUE\n")
    + '2026-01-01 custom "basic-service" "haircut" "Ada"\n  name: "Haircut"\n'
)
MARKET = """\
2026-01-01 custom "region" "Lakeside"
2026-01-01 custom "bank" "PublicBank"
2026-01-01 custom "offer" "sourdough" "Bakery"
  product: "Sourdough"
  unit: "loaf"
  price: 4.20 RSC
2026-01-01 custom "property" "oven"
  kind: "equipment"
  depreciation: 15 RSC
  price: 90 RSC
"""
MONEY = """\
2026-01-01 * "Assembly" "The first credits"
  by: "carla"
  Equity:Issuance                    -20000.00 RSC
  Assets:Region:Treasury              20000.00 RSC

2026-01-01 * "Assembly" "What the bank can lend"
  by: "carla"
  Assets:Region:Treasury              -9000.00 RSC
  Assets:Banks:PublicBank:Funds        9000.00 RSC

2026-01-02 * "Lakeside" "Presents"
  Assets:Regions:Lakeside:Clearing    -1500.00 RSC
  Assets:Members:Ada:Wallet             500.00 RSC
  Assets:Members:Bob:Wallet             500.00 RSC
  Assets:Members:Cyd:Wallet             500.00 RSC

2026-01-02 * "Lakeside" "Bread and flour"
  Assets:Regions:Lakeside:Clearing    -6000.00 RSC
  Assets:Companies:Bakery:Wallet       3000.00 RSC
  Assets:Companies:Mill:Wallet         3000.00 RSC
"""
FILES = {
    "region.yaml": REGION,
    "main.beancount": MAIN,
    "parties.beancount": PARTIES,
    "plans.beancount": PLANS,
    "market.beancount": MARKET,
    "journal/2026-01.beancount": MONEY,
}


def write_valley(folder: Path, **other: str) -> Path:
    """Write the valley; other files by their path, with `/` as `__` and without `.beancount`."""
    files = {**FILES, **{f"{name.replace('__', '/')}.beancount": text for name, text in other.items()}}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a ledger, but for what this machine alone keeps beside it."""
    files = [path for path in folder.rglob("*") if path.is_file() and LOCAL_FOLDER not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def add(folder: Path, *words: object) -> Result:
    """Run `conductor add` on a ledger."""
    return conductor("add", "--ledger", folder, *words)


def added(folder: Path, *words: object) -> dict[str, Any]:
    """Add an entry, and return what the command says of it as JSON."""
    result = add(folder, *words, "--json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def refused(folder: Path, *words: object, code: int = 1) -> str:
    """Hold that an entry is refused and every file as it was, and return why."""
    before = bytes_of(folder)
    result = add(folder, *words)
    assert result.exit_code == code, result.output
    assert bytes_of(folder) == before
    return result.stderr
