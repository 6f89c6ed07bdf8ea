"""A made-up borough with as many members as it takes for totals to be told, month by month, from a seed."""

from __future__ import annotations

import calendar
import random
from pathlib import Path

from conductor_bean.domain.instants import parse_month
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.publish.edition import Edition, make_edition
from conductor_bean.publish.history import History

KEY = bytes(range(32))

EVERYTHING = """\
      publication_contributors: 1
      publication_margin: 0
      publication_largest: 1
      publication_two_largest: 1
"""
"""Thresholds of a region that hides nothing: every total is told by type."""

HOURS = "  labour_time: {name: HOUR, precision: 0.01}\n"
CREDITS = "  credits: {name: RSC, precision: 0.01}\n"

REGION = """\
region: Borough
name: The Borough
commodities:
{commodities}decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      fic_window_days: 60
      member_overdraw: null
{thresholds}{rates}"""

RATES = """\
      income_tax: 0.10
      sales_tax_internal: 0.05
      sales_tax_external: 0.02
      profit_at_rest_tax: 0.01
      dividend: 0.5
    occupations:
      worker: {min: 20, max: 20}
"""

MAIN = """\
option "title" "The Borough"
plugin "conductor_bean.plugins.conductor"
include "parties.beancount"
include "journal/*.beancount"
"""

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")


class Borough:
    """What is written of a borough.

    Attributes:
        hours: Whether labour time is on.
        credits: Whether regional credits are on.
    """

    def __init__(
        self,
        members: int = 12,
        *,
        companies: int = 2,
        seed: int = 1,
        thresholds: str = "",
        hours: bool = True,
        rsc: bool = True,
    ) -> None:
        self.hours, self.credits = hours, rsc
        self._chance = random.Random(seed)
        self._members = [f"M-{number:02}" for number in range(1, members + 1)]
        self._companies = [f"Co-{number}" for number in range(1, companies + 1)]
        self._thresholds = thresholds
        self._months: dict[str, str] = {}

    def region(self) -> str:
        """The text of region.yaml."""
        commodities = (HOURS if self.hours else "") + (CREDITS if self.credits else "")
        rates = RATES if self.credits else ""
        return REGION.format(commodities=commodities, thresholds=self._thresholds, rates=rates)

    def parties(self) -> str:
        """The text of parties.beancount: everybody, and a plan and an offer of each company."""
        lines = ['2026-01-01 custom "accountant" "carla"']
        lines += [f'2026-01-01 custom "member" "{name}"' for name in self._members]
        for company in self._companies:
            lines.append(f'2026-01-01 custom "company" "{company}"')
        lines.append('2026-01-01 custom "company" "Clinic"\n  ownership: "regional"')
        for number, name in enumerate(self._members):
            lines.append(f'2026-01-01 custom "employment" "{self._employer(number)}" "{name}"')
            if self.credits:
                lines[-1] += '\n  occupation: "worker"'
        if self.hours:
            lines += [_plan(f"plan-{company}", company) for company in self._companies]
            lines += [_plan("clinic", "Clinic", public=True)]
        if self.credits:
            lines += [_offer(f"offer-{company}", company) for company in (*self._companies, "Clinic")]
        if self.hours:
            lines += [f'2026-01-01 custom "basic-service" "help-{name}" "{name}"' for name in self._members[:3]]
        return "\n".join(lines) + "\n"

    def month(self, month: str) -> str:
        """The text of a month's journal, closed at its end where credits are on; the same each time it is asked for."""
        if month not in self._months:
            self._months[month] = self._write_month(month)
        return self._months[month]

    def write(self, folder: Path, months: int, more: str = "") -> Path:
        """Write the borough with its first months, perhaps with more, into a folder; returns the folder."""
        files = {"main.beancount": MAIN, "region.yaml": self.region(), "parties.beancount": self.parties()}
        files |= {f"journal/{month}.beancount": self.month(month) for month in MONTHS[:months]}
        files["journal/more.beancount"] = more
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return folder

    def _employer(self, number: int) -> str:
        everybody = [*self._companies, "Clinic"]
        return everybody[number % len(everybody)]

    def _write_month(self, month: str) -> str:
        parsed = parse_month(month)
        assert parsed is not None
        last = calendar.monthrange(*parsed)[1]
        events = [self._funds(month)] if self.credits else []
        for number, name in enumerate(self._members):
            events += self._life(month, last, number, name)
        if self.credits:
            events.append(f'{month}-{last} custom "month-close" "{month}"\n')
        return "\n".join(events)

    def _funds(self, month: str) -> str:
        text = ""
        for company in self._companies:
            head = f'{month}-01 * "sold outside"\n  transfer: "external_sale"'
            text += moved(head, "Equity:Outside", wallet(company), 9000)
        text += moved(f'{month}-01 * "issued"\n  by: "carla"', "Equity:Issuance", TREASURY, 20000)
        head = f'{month}-01 * "subsidy"\n  transfer: "subsidy"\n  by: "carla"\n  time: "08:00:00"'
        return text + moved(head, TREASURY, wallet("Clinic"), 10000)

    def _life(self, month: str, last: int, number: int, name: str) -> list[str]:
        chance, employer = self._chance, self._employer(number)

        def date() -> str:
            return f"{month}-{chance.randrange(2, last + 1):02}"

        worked = chance.randrange(4, 12)
        events = []
        if self.hours:
            accounts = f"Assets:Companies:{employer}:A", f"Assets:Members:{name}:Hours"
            events.append(moved(f'{date()} * "work"', *accounts, worked, "HOUR"))
            company, quantity = chance.choice(self._companies), chance.randrange(1, 6)
            head = f'{date()} * "bought" ^plan-{company}\n  quantity: {quantity}'
            accounts = f"Assets:Members:{name}:Hours", f"Liabilities:Companies:{company}:PRD"
            events.append(moved(head, *accounts, f"{quantity * 1.5:.2f}", "HOUR"))
            helper = chance.choice(self._members[:3])
            if chance.random() < 0.3 and helper != name:
                accounts = f"Assets:Members:{name}:Hours", f"Assets:Members:{helper}:Hours"
                events.append(moved(f'{date()} * "helped" ^help-{helper}', *accounts, chance.randrange(1, 4), "HOUR"))
        elif self.credits:
            head = f'{date()} * "wage"'
            accounts = wallet(employer), f"Assets:Members:{name}:Wallet"
            events.append(moved(head, *accounts, worked * 20) + f"    hours: {worked}\n")
        if self.credits:
            company, quantity = chance.choice([*self._companies, "Clinic"]), chance.randrange(1, 6)
            head = f'{month}-{last} * "bought" ^offer-{company}\n  quantity: {quantity}'
            events.append(moved(head, f"Assets:Members:{name}:Wallet", wallet(company), quantity * 4))
            other = chance.choice([one for one in self._members if one != name] or [name])
            if other != name and chance.random() < 0.5:
                accounts = f"Assets:Members:{name}:Wallet", f"Assets:Members:{other}:Wallet"
                events.append(moved(f'{month}-{last} * "gift"', *accounts, chance.randrange(1, 9)))
        return events


TREASURY = "Assets:Region:Treasury"


def wallet(company: str) -> str:
    """The wallet of a company."""
    return f"Assets:Companies:{company}:Wallet"


def moved(head: str, debit: str, credit: str, amount: object, commodity: str = "RSC") -> str:
    """A transaction that moves an amount from one account to another."""
    return f"{head}\n  {debit}  -{amount} {commodity}\n  {credit}  {amount} {commodity}\n"


def _plan(name: str, company: str, *, public: bool = False) -> str:
    return f"""\
2026-01-01 custom "plan" "{name}" "{company}"
  product: "{name}"
  unit: "piece"
  quantity: 1000
  fixed-means: 100 HOUR
  raw-materials: 500 HOUR
  labour: 900 HOUR
  days: 365
  public: {"TRUE" if public else "FALSE"}
2026-01-01 custom "plan-approval" "{name}"
  by: "carla\""""


def _offer(name: str, company: str) -> str:
    return f"""\
2026-01-01 custom "offer" "{name}" "{company}"
  product: "{name}"
  unit: "piece"
  price: 4.00 RSC
  kind: "product\""""


def books_of(folder: Path) -> Books:
    """The books of a folder, which must hold."""
    books = load_books(folder)
    assert books.errors == [], books.errors[:3]
    return books


def edition_of(folder: Path, history: History | None = None, through: int | None = None) -> tuple[Edition, History]:
    """The next edition of a ledger, and what was told when it was made."""
    history = History() if history is None else history
    return make_edition(books_of(folder), history, KEY, through), history
