"""What the regions of plots are made of, and what an edition tells of them."""

from __future__ import annotations

import calendar
import json
from fractions import Fraction
from pathlib import Path

from tests.support import conductor, write

HOURS = "  labour_time: {name: HOUR, precision: 0.01}\n"
CREDITS = "  credits: {name: RSC, precision: 0.01}\n"
ISSUE = '2026-01-01 * "issue"\n  by: "carla"\n  Equity:Issuance  -900000 RSC\n  Assets:Region:Treasury  900000 RSC\n'
SUBSIDY = (
    '2026-01-02 * "subsidy"\n  transfer: "subsidy"\n  by: "carla"\n'
    "  Assets:Region:Treasury  -800000 RSC\n  Assets:Companies:School:Wallet  800000 RSC\n"
)
SCHOOL = '2026-01-01 custom "company" "School"\n  ownership: "regional"\n'


def publish(ledger: Path, edition: Path, *options: object) -> Path:
    """Publish a ledger."""
    result = conductor("publish", ledger, "--to", edition, *options)
    assert result.exit_code == 0, result.output
    return edition


def total(edition: Path, period: str, transfer: str, debit: str = "") -> Fraction | None:
    """What an edition tells by type of a month, in hours or credits."""
    rows = json.loads((edition / "data" / "totals.json").read_text())
    found = [
        Fraction(row["amount"])
        for row in rows
        if row["period"] == period and row["transfer"] == transfer and row["debit"].startswith(debit)
    ]
    return sum(found, Fraction()) if found else None


def totals(edition: Path, period: str, *transfers: str) -> list[Fraction] | None:
    """What an edition tells of some transfers of a month, None where it does not tell all of them."""
    found = [total(edition, period, transfer) for transfer in transfers]
    return None if None in found else [number for number in found if number is not None]


def put(folder: Path, text: str, parties: str, commodities: str, rules: str, occupations: str = "") -> Path:
    """Write a small region."""
    region = (
        f"region: Testburg\nname: Testburg\ncommodities:\n{commodities}decisions:\n  - date: 2026-01-01\n"
        f"    title: Founding assembly\n    set: {{{rules}}}\n{occupations}"
    )
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder, text, region=region, prelude=f'2026-01-01 custom "accountant" "carla"\n{parties}')


def member(name: str) -> str:
    return f'2026-01-01 custom "member" "{name}"\n'


def company(name: str) -> str:
    return f'2026-01-01 custom "company" "{name}"\n'


def employment(name: str, worker: str, occupation: str = "") -> str:
    return f'2026-01-01 custom "employment" "{name}" "{worker}"\n' + (
        f'  occupation: "{occupation}"\n' if occupation else ""
    )


def close(month: int) -> str:
    return f'2026-{month:02}-{calendar.monthrange(2026, month)[1]} custom "month-close" "2026-{month:02}"\n'


def sale(date: str, seller: str, amount: int) -> str:
    wallet = f"Assets:Companies:{seller}:Wallet"
    return f'{date} * "sale"\n  transfer: "external_sale"\n  Equity:Outside  -{amount} RSC\n  {wallet}  {amount} RSC\n'
