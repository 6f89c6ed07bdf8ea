"""A region with credits, small enough to reckon by hand: what the tests of part B stand on.

All rates are zero unless a test decides otherwise, so that a test shows only the rule that it is about.
"""

from __future__ import annotations

from decimal import Decimal

from tests.support import Loaded, Move

OCCUPATIONS = """\
      baker: {min: 18, max: 24}
      miller: {min: 20, max: 20}
      teacher: {min: 30, max: 50}
"""
"""Credits an hour."""


def region(
    *decisions: str, labour_time: bool = True, precision: str = "0.01", credit: str = "RSC", **rates: object
) -> str:
    """Return a region.yaml that decides `rates` at the start of 2026, and more decisions after that."""
    hours = "  labour_time: {name: HOUR, precision: 0.01}\n" if labour_time else ""
    settings = "".join(f"      {key}: {value}\n" for key, value in {"fic_window_days": 180, **rates}.items())
    return (
        f"region: Riverbend\nname: Riverbend\ncommodities:\n{hours}"
        f"  credits: {{name: {credit}, precision: {precision}}}\n"
        f"decisions:\n  - date: 2026-01-01\n    title: Founding assembly\n    set:\n{settings}"
        f"    occupations:\n{OCCUPATIONS}" + "".join(decisions)
    )


def decision(date: str, **rates: object) -> str:
    """Return a later decision for `region`."""
    return f"  - date: {date}\n    set:\n" + "".join(f"      {key}: {value}\n" for key, value in rates.items())


PLAIN = region()
"""Nothing is taxed and nothing is paid out."""

BARE = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "accountant" "dora"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "member" "Bob"
2026-01-01 custom "member" "Cyd"
2026-01-01 custom "member" "Dan"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "company" "Mill"
2026-01-01 custom "company" "School"
  ownership: "regional"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5
  by: "Bob"
2026-01-01 custom "employment" "Bakery" "Bob"
  occupation: "baker"
2026-01-01 custom "employment" "Mill" "Cyd"
  occupation: "miller"
2026-01-01 custom "employment" "School" "Dan"
  occupation: "teacher"
2026-01-01 custom "region" "Lakeside"
2026-01-01 custom "bank" "PublicBank"
  ownership: "regional"
2026-01-01 custom "bank" "Union"
  ownership: "credit-union"
2026-01-01 custom "pool" "Commons"
  with: "Lakeside"
  purpose: "Roads"
"""
"""Parties without a single credit. Ada earns 18 + 0.5 x (24 - 18) = 21 an hour, Bob 18, Cyd 20, Dan 30."""


def wallet(party: str) -> str:
    """Return the name of a wallet; companies are told from members by the parties of this module."""
    kind = "Companies" if party in ("Bakery", "Mill", "School", "Press", "Clinic", "College") else "Members"
    return f"Assets:{kind}:{party}:Wallet"


ADA, BOB, CYD, DAN = (wallet(member) for member in ("Ada", "Bob", "Cyd", "Dan"))
BAKERY, MILL, SCHOOL = (wallet(company) for company in ("Bakery", "Mill", "School"))
TREASURY = "Assets:Region:Treasury"
POOL = "Assets:Region:Pools:Commons"
BANK = "Assets:Banks:PublicBank:Funds"
UNION = "Assets:Banks:Union:Funds"
CLAIM = "Assets:Banks:PublicBank:Loans"
ISSUANCE = "Equity:Issuance"
OUTSIDE = "Equity:Outside"
CLEARING = "Assets:Regions:Lakeside:Clearing"


def debt(party: str) -> str:
    """Return the name of the account of what a party owes."""
    return wallet(party).replace("Assets", "Liabilities").replace("Wallet", "Loans")


def move(
    debit: str,
    credit: str,
    amount: object,
    *,
    date: str = "2026-01-01",
    transfer: str = "",
    link: str = "",
    by: str = "",
    extra: str = "",
    says: str = "a transfer",
    mark: str = "",
    advice: str = "",
    commodity: str = "RSC",
) -> str:
    """Return a transaction of two legs in credits; `mark` names the error that is expected of it."""
    return (
        f'{date} * "{says}"'
        + (f" ^{link}" if link else "")
        + (f" ; ! {mark}" if mark else "")
        + (f" ; ? {advice}" if advice else "")
        + "\n"
        + (f'  transfer: "{transfer}"\n' if transfer else "")
        + (f'  by: "{by}"\n' if by else "")
        + extra
        + f"  {debit}  -{amount} {commodity}\n  {credit}  {amount} {commodity}\n"
    )


def endow(amount: object = 1000, *parties: str, date: str = "2026-01-01") -> str:
    """Return what gives wallets credits without any sale: presents from Lakeside, and of the pool to companies."""
    text = ""
    for party in parties or ("Ada", "Bob", "Cyd", "Dan", "Bakery", "Mill", "School"):
        account = wallet(party)
        if "Companies" in account:
            text += move(CLEARING, POOL, amount, date=date, by="carla", says=f"Lakeside pays in for {party}")
            text += move(POOL, account, amount, date=date, by="carla", says=f"common works by {party}")
        else:
            says = f"a present from Lakeside to {party}"
            text += move(CLEARING, account, amount, date=date, says=says, advice="gift-without-crossing")
    return text


def issue(amount: object, account: str = TREASURY, *, date: str = "2026-01-01") -> str:
    """Return an issue of new credits."""
    return move(ISSUANCE, account, amount, date=date, by="carla", says="issue")


FUNDED = BARE + endow() + issue(10_000) + issue(10_000, BANK) + issue(10_000, UNION)
"""Everybody has 1,000 credits, the treasury and each bank 10,000."""

OFFERS = """\
2026-01-01 custom "offer" "loaf" "Bakery"
  product: "Sourdough loaf"
  unit: "loaf"
  price: 4.20 RSC
  kind: "product"
2026-01-01 custom "offer" "flour" "Mill"
  product: "Flour"
  unit: "sack"
  price: 10 RSC
  kind: "product"
2026-01-01 custom "offer" "class" "School"
  product: "Evening class"
  unit: "evening"
  price: 15 RSC
  kind: "service"
2026-01-01 custom "offer" "job" "Bakery"
  product: "A place at the oven"
  kind: "job"
  occupation: "baker"
  hours: 30
"""

PROPERTY = """\
2026-01-01 custom "property" "flat"
  kind: "housing"
  property-tax: 100 RSC
  maintenance: 150 RSC
  administration: 30 RSC
  depreciation: 30 RSC
2026-01-01 custom "property" "oven"
  kind: "equipment"
  property-tax: 20 RSC
  maintenance: 60 RSC
  administration: 15 RSC
  depreciation: 60 RSC
2026-01-01 custom "property" "hall"
  kind: "facility"
  property-tax: 100 RSC
  maintenance: 40 RSC
  administration: 10 RSC
  depreciation: 5 RSC
"""
"""The flat costs 310 a month, which is 10 a day in months of 31; oven and hall 155, which is 5 a day."""

PRELUDE = FUNDED + OFFERS + PROPERTY


def buy(
    buyer: str,
    offer: str,
    seller: str,
    quantity: object,
    amount: object,
    *,
    date: str = "2026-01-02",
    extra: str = "",
    mark: str = "",
    says: str = "a purchase",
) -> str:
    """Return a purchase of what a company offers."""
    more = f"  quantity: {quantity}\n{extra}"
    return move(wallet(buyer), wallet(seller), amount, date=date, link=offer, extra=more, mark=mark, says=says)


def hours(
    company: str, worker: str, number: object, *, date: str = "2026-01-02", extra: str = "", mark: str = ""
) -> str:
    """Return a registration of hours, from which the wage follows."""
    return (
        f'{date} * "work"' + (f" ; ! {mark}" if mark else "") + f"\n{extra}"
        f"  Assets:Companies:{company}:A  -{number} HOUR\n  Assets:Members:{worker}:Hours  {number} HOUR\n"
    )


def loan(
    name: str,
    borrower: str,
    principal: object,
    *,
    rate: object = 0,
    months: object = 12,
    repayment: str = "",
    bank: str = "PublicBank",
    date: str = "2026-01-01",
    mark: str = "",
) -> str:
    """Return a loan of a bank."""
    return (
        f'{date} custom "loan" "{name}" "{bank}" "{borrower}"' + (f" ; ! {mark}" if mark else "") + "\n"
        f"  principal: {principal} RSC\n  yearly-rate: {rate}\n  months: {months}\n"
        + (f'  repayment: "{repayment}"\n' if repayment else "")
        + '  purpose: "a new oven"\n  by: "carla"\n'
    )


def close(*months: str) -> str:
    """Return the closes of months, each on its last day."""
    last = {"01": "31", "02": "28", "03": "31", "04": "30", "05": "31", "06": "30", "12": "31"}
    return "".join(f'{month}-{last[month[5:]]} custom "month-close" "{month}"\n' for month in months)


def moves(books: Loaded, *types: str) -> list[Move]:
    """Type, debit, credit and amount of transfers of credits (of some types), in order."""
    commodity = books.books.region.credits
    assert commodity is not None
    return [
        (t.type, t.debit.name, t.credit.name, commodity.number(t.units))
        for outcome in books.books.outcomes
        if outcome.rejection is None
        for t in outcome.transfers
        if t.debit.economy == "credits" and (not types or t.type in types)
    ]


def paid(books: Loaded, *types: str) -> list[Decimal]:
    """Amounts of transfers of credits of some types, in order."""
    return [amount for *_, amount in moves(books, *types)]


def derived_from(books: Loaded, cause: str, *, without: tuple[str, ...] = ()) -> list[tuple[str, str, Decimal]]:
    """Transfer, account and amount of each leg of the transaction that a directive entailed."""
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"] == cause]
    return [
        (p.meta["transfer"], p.account, p.units.number) for p in entry.postings if p.meta["transfer"] not in without
    ]
