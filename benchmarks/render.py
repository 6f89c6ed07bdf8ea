"""The text of a synthetic region: facts, transactions, mains. No rule and no chance in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

OCCUPATIONS = ("baker", "carpenter", "farmer", "nurse", "teacher")


@dataclass(slots=True)
class Fact:
    """One custom directive; its text is what an accountant writes."""

    day: date
    kind: str
    ids: tuple[str, ...]
    values: Mapping[str, str]
    seconds: int = 0

    def __str__(self) -> str:
        """Render the directive with its metadata, and its time of day when it has one."""
        ids = " ".join(f'"{name}"' for name in self.ids)
        lines = [f'{self.day} custom "{self.kind}" {ids}']
        if self.seconds:
            hours, minutes, seconds = self.seconds // 3600, self.seconds // 60 % 60, self.seconds % 60
            lines.append(f'  time: "{hours:02}:{minutes:02}:{seconds:02}"')
        lines += [f"  {key}: {value}" for key, value in self.values.items()]
        return "\n".join(lines) + "\n"


def transaction_text(
    day: date,
    time: str,
    words: tuple[str, str],
    move: tuple[str, str, int],
    *,
    link: str = "",
    quantity: int = 0,
) -> str:
    """Render a transaction of one debit and one credit.

    Args:
        day: Its date.
        time: Its time of day, or nothing.
        words: Payee and narration.
        move: The account that is debited, the one that is credited, and hundredths of an hour.
        link: What is consumed, or nothing.
        quantity: How much of it, or 0 where no quantity is written.
    """
    debit, credit, cents = move
    amount = f"{cents // 100}.{cents % 100:02}"
    lines = [f'{day} * "{words[0]}" "{words[1]}"' + (f" ^{link}" if link else "")]
    if time:
        lines.append(f'  time: "{time}"')
    if quantity:
        lines.append(f"  quantity: {quantity}")
    lines.append(f"  {debit}  -{amount} HOUR")
    lines.append(f"  {credit}  {amount} HOUR")
    return "\n".join(lines) + "\n"


def accounts_text(day: date, members: Iterable[str], companies: Iterable[str], cooperations: Iterable[str]) -> str:
    """Open every account explicitly: without the plugin nobody else would."""
    accounts = ["Equity:PSF"]
    accounts += [f"Assets:Members:{member}:Hours" for member in members]
    for company in companies:
        accounts += [f"Assets:Companies:{company}:{kind}" for kind in ("P", "R", "A")]
        accounts.append(f"Liabilities:Companies:{company}:PRD")
    accounts += [f"Equity:Cooperations:{name}" for name in cooperations]
    return "".join(f"{day} open {account} HOUR\n" for account in accounts)


def wallets_text(day: date, members: Iterable[str], companies: Iterable[str]) -> str:
    """Open every account of regional credits."""
    accounts = ["Assets:Region:Treasury", "Equity:Issuance", "Equity:Outside"]
    for member in members:
        accounts += [f"Assets:Members:{member}:Wallet", f"Liabilities:Members:{member}:Loans"]
    for company in companies:
        accounts += [f"Assets:Companies:{company}:Wallet", f"Liabilities:Companies:{company}:Loans"]
    return "".join(f"{day} open {account} RSC\n" for account in accounts)


def pools_text(day: date, companies: Iterable[str]) -> str:
    """Fill the pools from which wages are paid, with what companies sold outside before."""
    return "\n".join(
        f"""{day} * "{company}" "Sold outside"
  transfer: "external_sale"
  Equity:Outside  -900000000.00 RSC
  Assets:Companies:{company}:Wallet  900000000.00 RSC
"""
        for company in companies
    )


def main_text(includes: Iterable[str], *, plugin: bool) -> str:
    """Render a main file; without the plugin it is what stock Beancount is measured on."""
    lines = ['option "title" "Benchmark"', 'option "operating_currency" "HOUR"']
    if plugin:
        lines.append('plugin "conductor_bean.plugins.conductor"')
    lines += [f'include "{name}"' for name in includes]
    return "\n".join(lines) + "\n"


def region_text(day: date, *, with_credits: bool = False) -> str:
    """Render the region's decisions: nobody may be overdrawn, so that balances are checked as well."""
    commodities = "\n  credits: {name: RSC, precision: 0.01}" if with_credits else ""
    ranges = "".join(f"\n      {name}: {{min: {18 + n}, max: {26 + n}}}" for n, name in enumerate(OCCUPATIONS))
    paid = f"\n      income_tax: 0.12\n    occupations:{ranges}" if with_credits else ""
    return f"""\
region: Benchmark
name: Benchmark
commodities:
  labour_time: {{name: HOUR, precision: 0.01}}{commodities}
decisions:
  - date: {day}
    title: Founding assembly
    set:
      fic_window_days: 180
      member_overdraw: 0{paid}
"""
