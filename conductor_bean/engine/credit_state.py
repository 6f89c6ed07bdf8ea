"""The state of the regional credit economy: plain data, a part of the region's state."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor_bean.domain.costs import CostSheet
from conductor_bean.domain.loans import Loan, OutsideLoan
from conductor_bean.domain.offers import Offer
from conductor_bean.domain.properties import Asset, Enrolment, Lease, Property, Schooling


@dataclass(slots=True)
class Institution:
    """A bank, a pool or a neighbour region: its id, its name, since when, and for a bank whose it is."""

    id: str
    name: str
    since: int
    ownership: str = ""
    about: str = ""


@dataclass(slots=True)
class Arrear:
    """What a wallet lacked at a close, due first at the next.

    Attributes:
        type: The transfer that could not be made.
        debit: Account that owes it.
        credit: Account to which it is owed.
        thing: Id of the loan or property, if any.
        units: Units of credits.
    """

    type: str
    debit: str
    credit: str
    thing: str
    units: int


@dataclass(slots=True)
class Month:
    """What the present month has seen, for its close.

    Attributes:
        name: The month, `2026-01`, or "" before the first event.
        sales: Units sold by company and by the tax rate at the sale (text of a fraction).
        taxes: Units of income, sales and profit tax that the treasury received.
        surcharges: Units that non-members paid above cost.
        levels: By company of workers: from which day on how much its pool holds above outstanding principal at the
            end of a day.
        leases: Leases that ended in the month.
        enrolments: Enrolments that ended in the month.
    """

    name: str = ""
    sales: dict[str, dict[str, int]] = field(default_factory=dict)
    taxes: int = 0
    surcharges: int = 0
    levels: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    leases: list[Lease] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)


@dataclass(slots=True)
class Credits:
    """All that the engine knows of regional credits at an instant.

    Attributes:
        banks: Banks and credit unions by id.
        pools: Pools by id.
        regions: Neighbour regions by id.
        offers: Offers by id.
        properties: Properties by id.
        assets: What companies own or owned beside their wallets, by id.
        loans: Loans of banks by id, also those that are paid back.
        outside_loans: Loans from outside by id.
        lists: Who waits for what, in order of request: `housing`, `equipment`, `facility`.
        requests: Who waits for which school, in order of request.
        enrolled: Present enrolments by school and member.
        schooling: Past and present schooling by member.
        arrears: What is owed since earlier closes.
        wages_owed: Wages in arrears by company and member, in units; those of members who left by "".
        paid_later: Wages that closes paid after the hours, and the income tax of them, by company and member.
        costs: Cost sheets by company and month.
        month: The present month.
        touched: Companies whose pool moved on the present day.
        day: The present day (ordinal).
        dividends: Share of each member by closed month, in units.
        profits: Regional profit by closed month, in units: taxes, surplus of banks, what non-members paid above cost.
        profit_carried: Units, at most 0, that earlier months took back of regional profit beyond what they brought.
        cost_carried: Units, below 0, by regional company: what a month took back of its costs beyond what it cost.
    """

    banks: dict[str, Institution] = field(default_factory=dict)
    pools: dict[str, Institution] = field(default_factory=dict)
    regions: dict[str, Institution] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)
    outside_loans: dict[str, OutsideLoan] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    requests: dict[str, list[str]] = field(default_factory=dict)
    enrolled: dict[str, dict[str, Enrolment]] = field(default_factory=dict)
    schooling: dict[str, Schooling] = field(default_factory=dict)
    arrears: list[Arrear] = field(default_factory=list)
    wages_owed: dict[str, dict[str, int]] = field(default_factory=dict)
    paid_later: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    costs: dict[str, dict[str, CostSheet]] = field(default_factory=dict)
    month: Month = field(default_factory=Month)
    touched: dict[str, int] = field(default_factory=dict)
    day: int = 0
    dividends: dict[str, int] = field(default_factory=dict)
    profits: dict[str, int] = field(default_factory=dict)
    profit_carried: int = 0
    cost_carried: dict[str, int] = field(default_factory=dict)
