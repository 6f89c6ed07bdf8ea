"""Small regions by chance, for attackers: few people, so that each of them is easily exposed."""

from __future__ import annotations

import calendar
import random
from pathlib import Path

from tests.support import HEAD, plan, write

_REGION = """\
region: Hamlet
name: Hamlet
commodities:
{commodities}decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {{member_overdraw: null{rates}}}
{occupations}"""
_HOURS = "  labour_time: {name: HOUR, precision: 0.01}\n"
_CREDITS = "  credits: {name: RSC, precision: 0.01}\n"
_RATES = (
    ", income_tax: 0.1, sales_tax_internal: 0.05, sales_tax_external: 0.1, profit_at_rest_tax: 0.01, dividend: 0.5, "
    "housing_markup: 0.1, tuition_share: 0.02"
)
_OCCUPATIONS = "    occupations: {smith: {min: 20, max: 20}, baker: {min: 18, max: 24}, head: {min: 40, max: 40}}\n"


class Hamlet:
    """A small region.

    Args:
        seed: What chance begins with.
        hours: Whether labour time is on.
        regional_credits: Whether regional credits are on.
    """

    def __init__(self, seed: int, *, hours: bool = True, regional_credits: bool = True) -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self.hours, self.credits = hours, regional_credits
        self.members = [f"M{number}" for number in range(self.chance.randint(6, 30))]
        self.companies = [f"C{number}" for number in range(self.chance.randint(3, 14))]
        self.jobs = [(self.chance.choice(self.companies), member) for member in self.members]
        self.jobs += [("School", member) for member in self.chance.sample(self.members, self.chance.randint(1, 6))]
        self._wage: dict[tuple[str, str], int] = {}
        self.cooperates = self.chance.random() < 0.7
        self.costs = {company: self.chance.choice((100, 200, 300)) for company in self.companies}

    def write(self, folder: Path, months: int, more: str = "") -> Path:
        """Write some months of it, all of them closed where credits are on, with some more text."""
        parties = self._parties()
        texts = [self._month(month) for month in range(1, months + 1)]
        commodities = _HOURS * self.hours + _CREDITS * self.credits
        region = _REGION.format(
            commodities=commodities,
            rates=_RATES if self.credits else "",
            occupations=_OCCUPATIONS if self.credits else "",
        )
        folder.mkdir(parents=True, exist_ok=True)
        return write(folder, "".join(texts) + more, region=region, prelude=parties, head=HEAD)

    def late(self, month: int, number: int) -> str:
        """What became known after a month was told: a transfer in it or before, and a newcomer in the next one."""
        chance = random.Random(f"{self.seed} late {number}")
        company, member = chance.choice(self.jobs)
        date = f"2026-{chance.randint(1, month):02}-{chance.randint(21, 27)}"
        text = f'2026-{month + 1:02}-01 custom "member" "N{number}"\n'
        text += f'2026-{month + 1:02}-01 custom "employment" "{company}" "N{number}"\n'
        if self.credits:
            text += '  occupation: "smith"\n'
            amount = f"{chance.randint(100, 900)}.25"
            text += _two("external_sale", date, "Equity:Outside", f"Assets:Companies:{company}:Wallet", amount)
        else:
            clock = f'  time: "01:00:{number:02}"\n'
            accounts = f"Assets:Companies:{company}:A", f"Assets:Members:{member}:Hours"
            text += _two("", date, *accounts, f"{chance.randint(1, 9)}.50", "HOUR", more=clock)
        return text + self._work(f"2026-{month + 1:02}-06", company, f"N{number}", chance.randint(2, 9))

    def _parties(self) -> str:
        chance = self.chance = random.Random(f"{self.seed} parties")
        text = '2026-01-01 custom "accountant" "carla"\n2026-01-01 custom "company" "School"\n  ownership: "regional"\n'
        text += "".join(f'2026-01-01 custom "company" "{company}"\n' for company in self.companies)
        text += "".join(f'2026-01-01 custom "member" "{member}"\n' for member in self.members)
        for company, member in self.jobs:
            text += f'2026-01-01 custom "employment" "{company}" "{member}"\n'
            occupation = chance.choice(("smith", "smith", "baker", "head"))
            self._wage[company, member] = {"smith": 20, "baker": 18, "head": 40}[occupation]
            if self.credits:
                text += f'  occupation: "{occupation}"\n'
        if self.hours:
            text += self._plans()
        if self.credits:
            text += self._offers()
        return text

    def _plans(self) -> str:
        text = plan("lessons", "School", p=10, r=900, a=300, public=True, days=900)
        for company in self.companies:
            text += plan(f"plan-{company}", company, p=0, r=0, a=self.costs[company], quantity=100, days=900)
        if self.cooperates:
            text += f'2026-01-01 custom "cooperation" "Guild" "{self.companies[0]}"\n'
            for company in self.companies[: max(3, len(self.companies) - 2)]:
                for step in ("request", "acceptance"):
                    text += f'2026-01-01 custom "cooperation-{step}" "Guild" "plan-{company}"\n'
        text += f'2026-01-01 custom "basic-service" "cut" "{self.members[0]}"\n'
        return text + f'2026-01-01 custom "basic-service" "song" "{self.members[1]}"\n'

    def _offers(self) -> str:
        text = '2026-01-02 custom "region" "Lakeside"\n2026-01-02 custom "bank" "Bank"\n  ownership: "regional"\n'
        for account, amount in (("Assets:Region:Treasury", 900_000), ("Assets:Banks:Bank:Funds", 100_000)):
            text += f'2026-01-02 * "issue"\n  by: "carla"\n  Equity:Issuance -{amount} RSC\n  {account} {amount} RSC\n'
        text += (
            '2026-01-03 * "subsidy"\n  transfer: "subsidy"\n  by: "carla"\n  Assets:Region:Treasury -500000 RSC\n'
            "  Assets:Companies:School:Wallet 500000 RSC\n"
        )
        for company in (*self.companies, "School"):
            text += f'2026-01-03 custom "offer" "offer-{company}" "{company}"\n  product: "thing"\n  price: 7.00 RSC\n'
            text += '  kind: "product"\n'
        for company in self.companies:
            text += _two("external_sale", "2026-01-04", "Equity:Outside", f"Assets:Companies:{company}:Wallet", 30000)
        for number, company in enumerate(self.chance.sample(self.companies, 2)):
            text += (
                f'2026-01-05 custom "loan" "loan-{number}" "Bank" "{company}"\n  principal: {1200 + number * 600} RSC\n'
            )
            text += "  yearly-rate: 0.12\n  months: 12\n"
        student = self.members[-1]
        return text + (
            f'2026-01-06 custom "enrolment-request" "School" "{student}"\n'
            f'2026-01-06 custom "enrolment" "School" "{student}"\n'
        )

    def _month(self, month: int) -> str:
        text, self.chance = "", random.Random(f"{self.seed} {month}")
        for company, member in self.jobs:
            for day in self.chance.sample(range(7, 28), self.chance.randint(1, 3)):
                text += self._work(f"2026-{month:02}-{day:02}", company, member, self.chance.randint(2, 11))
        for _ in range(len(self.members) * 2):
            text += self._errand(month)
        return text + (f'{self._last(month)} custom "month-close" "2026-{month:02}"\n' if self.credits else "")

    def _work(self, date: str, company: str, member: str, hours: int) -> str:
        if self.hours:
            return _two("", date, f"Assets:Companies:{company}:A", f"Assets:Members:{member}:Hours", hours, "HOUR")
        wallets = f"Assets:Companies:{company}:Wallet", f"Assets:Members:{member}:Wallet"
        return _two("", date, *wallets, hours * self._wage.get((company, member), 20)) + f"    hours: {hours}\n"

    def _errand(self, month: int) -> str:
        chance, date = self.chance, self._date(month, 20)
        member, company = chance.choice(self.members), chance.choice(self.companies)
        wallet, other = f"Assets:Companies:{company}:Wallet", chance.choice(self.companies)
        if self.hours and (not self.credits or chance.random() < 0.5):
            if chance.random() < 0.15:
                service, provider = chance.choice((("cut", self.members[0]), ("song", self.members[1])))
                if member == provider:
                    return ""
                accounts = f"Assets:Members:{member}:Hours", f"Assets:Members:{provider}:Hours"
                return _two("", date, *accounts, chance.randint(1, 9), "HOUR", link=service)
            return self._consumption(date, f"Assets:Members:{member}:Hours", company, chance.randint(1, 9))
        if not self.credits:
            return ""
        quantity = chance.randint(1, 9)
        kind = chance.choice(("sale", "sale", "purchase", "outside", "neighbour", "school"))
        if kind == "sale":
            return _two("external_sale", date, "Equity:Outside", wallet, chance.randint(50, 900))
        if kind == "neighbour":
            return _two("interregional_sale", date, "Assets:Regions:Lakeside:Clearing", wallet, chance.randint(50, 900))
        if kind == "outside":
            return _two(
                "external_purchase", date, wallet, "Equity:Outside", chance.randint(5, 90), more='  input: "x"\n'
            )
        seller = "School" if kind == "school" else other
        if seller == company:
            return ""
        link, more = f"offer-{seller}", f"  quantity: {quantity}\n"
        return _two("purchase", date, wallet, f"Assets:Companies:{seller}:Wallet", 7 * quantity, link=link, more=more)

    def _consumption(self, date: str, consumer: str, company: str, quantity: int) -> str:
        members = self.companies[: max(3, len(self.companies) - 2)] if self.cooperates else []
        mine = members if company in members else [company]
        amount = round(sum(self.costs[name] for name in mine) * quantity / len(mine)) / 100
        accounts = consumer, f"Liabilities:Companies:{company}:PRD"
        # Of a price with many digits the amount is rounded half-even, which pieces by the dozen never need.
        if sum(self.costs[name] for name in mine) * quantity % len(mine):
            return ""
        more = f"  quantity: {quantity}\n"
        return _two("", date, *accounts, f"{amount:.2f}", "HOUR", link=f"plan-{company}", more=more)

    def _date(self, month: int, first: int) -> str:
        return f"2026-{month:02}-{self.chance.randint(first, 27):02}"

    @staticmethod
    def _last(month: int) -> str:
        return f"2026-{month:02}-{calendar.monthrange(2026, month)[1]}"


def _two(
    kind: str, date: str, debit: str, credit: str, amount: object, unit: str = "RSC", *, link: str = "", more: str = ""
) -> str:
    head = f'{date} * "errand"{f" ^{link}" if link else ""}\n' + (f'  transfer: "{kind}"\n' if kind else "")
    return f"{head}{more}  {debit}  -{amount} {unit}\n  {credit}  {amount} {unit}\n"
