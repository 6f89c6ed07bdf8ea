"""The facts of the ledger language (LANGUAGE.md, "Facts: custom directives"), as data.

The order of the table is the order in which facts of one instant apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.properties import PROPERTY_KINDS

REQUIRED = object()
"""Marks a metadata key without which the fact says too little."""

PARTY = "party"  # id that becomes a component of account names
LINK = "link"  # id that becomes a link
PERSON = "person"  # id of an accountant: stands in `by:`, so it holds no comma
TEXT = "text"
MONTH = "month"
DIGEST = "digest"
SEAL_FORMAT = 2
"""The format of seals that are written now; without `format:` a seal is of the first."""
LESSEE = "lessee"  # a party, or `outside`
LIST = "list"  # what a wait-list is for


@dataclass(frozen=True, slots=True)
class Key:
    """A metadata key: its type, its default, its choices.

    Types: text, member (an id), count, amount (labour time), credits, hours (any decimal), quantity (any decimal, which
    the engine judges), flag, rate (0 to 1), choice, format (of a seal), digest.
    """

    type: str
    default: object = REQUIRED
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactType:
    """A type of fact.

    Attributes:
        number: Its place in the order of application.
        name: The custom directive's type.
        values: Name and shape of each positional value.
        keys: Its metadata, besides `time:` and `by:`, which every fact may carry.
        by_required: Whether the fact must name who acted.
        timeless: Whether `time:` is refused (month-close applies after everything of its date).
        economy: The economy to which it is confined, if any.
        optional: How many of the last positional values may be left out.
    """

    number: int
    name: str
    values: tuple[tuple[str, str], ...]
    keys: dict[str, Key] = field(default_factory=dict)
    by_required: bool = False
    timeless: bool = False
    economy: str = ""
    optional: int = 0


_NAME = {"name": Key("text", "")}
_COOPERATION_AND_PLAN = (("cooperation", PARTY), ("plan", LINK))
_COOPERATION_AND_COMPANY = (("cooperation", PARTY), ("company", PARTY))
_SCHOOL_AND_MEMBER = (("school", PARTY), ("member", PARTY))
_COMPANY_AND_MEMBER = (("company", PARTY), ("member", PARTY))

FACT_TYPES: dict[str, FactType] = {
    fact.name: fact
    for fact in (
        FactType(1, "accountant", (("accountant", PERSON),), {**_NAME, "member": Key("member", "")}),
        FactType(2, "member", (("member", PARTY),), _NAME),
        FactType(
            3,
            "company",
            (("company", PARTY),),
            {**_NAME, "ownership": Key("choice", "workers", ("workers", "regional"))},
        ),
        FactType(
            4,
            "employment",
            _COMPANY_AND_MEMBER,
            {"occupation": Key("text", ""), "productivity": Key("rate", None), "standard": Key("text", "")},
        ),
        FactType(
            5,
            "plan",
            (("plan", LINK), ("company", PARTY)),
            {
                "product": Key("text"),
                "unit": Key("text", ""),
                "quantity": Key("count"),
                "fixed-means": Key("amount"),
                "raw-materials": Key("amount"),
                "labour": Key("amount"),
                "days": Key("count"),
                "public": Key("flag", default=False),
                "description": Key("text", ""),
            },
            economy=LABOUR_TIME,
        ),
        FactType(6, "plan-withdrawal", (("plan", LINK),), economy=LABOUR_TIME),
        FactType(7, "plan-rejection", (("plan", LINK),), {"reason": Key("text", "")}, economy=LABOUR_TIME),
        FactType(8, "plan-approval", (("plan", LINK),), by_required=True, economy=LABOUR_TIME),
        FactType(
            9, "cooperation", _COOPERATION_AND_COMPANY, {**_NAME, "definition": Key("text", "")}, economy=LABOUR_TIME
        ),
        FactType(10, "cooperation-exit", _COOPERATION_AND_PLAN, economy=LABOUR_TIME),
        FactType(11, "coordination-request", _COOPERATION_AND_COMPANY, economy=LABOUR_TIME),
        FactType(12, "coordination-denial", _COOPERATION_AND_COMPANY, economy=LABOUR_TIME),
        FactType(13, "coordination-acceptance", _COOPERATION_AND_COMPANY, economy=LABOUR_TIME),
        FactType(14, "cooperation-request", _COOPERATION_AND_PLAN, economy=LABOUR_TIME),
        FactType(15, "cooperation-cancellation", _COOPERATION_AND_PLAN, economy=LABOUR_TIME),
        FactType(16, "cooperation-denial", _COOPERATION_AND_PLAN, economy=LABOUR_TIME),
        FactType(17, "cooperation-acceptance", _COOPERATION_AND_PLAN, economy=LABOUR_TIME),
        FactType(
            18,
            "basic-service",
            (("basic service", LINK), ("member", PARTY)),
            {
                **_NAME,
                "description": Key("text", ""),
                "listed": Key("flag", default=False),
                "contact": Key("text", ""),
            },
            economy=LABOUR_TIME,
        ),
        FactType(19, "basic-service-end", (("basic service", LINK),), economy=LABOUR_TIME),
        FactType(20, "region", (("region", PARTY),), _NAME, economy=CREDITS),
        FactType(
            21,
            "bank",
            (("bank", PARTY),),
            {**_NAME, "ownership": Key("choice", "regional", ("regional", "credit-union"))},
            economy=CREDITS,
        ),
        FactType(
            22,
            "pool",
            (("pool", PARTY),),
            {**_NAME, "with": Key("text", ""), "purpose": Key("text", "")},
            economy=CREDITS,
        ),
        FactType(
            23,
            "offer",
            (("offer", LINK), ("company", PARTY)),
            {
                "product": Key("text", ""),
                "unit": Key("text", ""),
                "price": Key("credits", None),
                "kind": Key("choice", "product", ("product", "service", "job")),
                "occupation": Key("text", ""),
                "hours": Key("hours", None),
                "description": Key("text", ""),
            },
            economy=CREDITS,
        ),
        FactType(
            24,
            "property",
            (("property", LINK),),
            {
                **_NAME,
                "kind": Key("choice", choices=PROPERTY_KINDS),
                "property-tax": Key("credits", 0),
                "maintenance": Key("credits", 0),
                "administration": Key("credits", 0),
                "depreciation": Key("credits", 0),
                "price": Key("credits", None),
                "description": Key("text", ""),
            },
            economy=CREDITS,
        ),
        FactType(25, "wait-list", (("list", LIST), ("party", PARTY)), economy=CREDITS),
        FactType(
            26, "lease", (("property", LINK), ("lessee", LESSEE)), {**_NAME, "reason": Key("text", "")}, economy=CREDITS
        ),
        FactType(27, "enrolment-request", _SCHOOL_AND_MEMBER, economy=CREDITS),
        FactType(28, "enrolment", _SCHOOL_AND_MEMBER, {"reason": Key("text", "")}, economy=CREDITS),
        FactType(
            29,
            "loan",
            (("loan", LINK), ("bank", PARTY), ("borrower", PARTY)),
            {
                "principal": Key("credits"),
                "yearly-rate": Key("rate"),
                "months": Key("count"),
                "repayment": Key("choice", "annuity", ("annuity", "equal")),
                "purpose": Key("text", ""),
            },
            economy=CREDITS,
        ),
        FactType(
            30,
            "outside-loan",
            (("loan", LINK), ("company", PARTY)),
            {"lender": Key("text", ""), "principal": Key("credits"), "purpose": Key("text", "")},
            economy=CREDITS,
        ),
        FactType(
            31,
            "asset",
            (("asset", LINK), ("company", PARTY)),
            {**_NAME, "value": Key("credits"), "to": Key("text", "")},
            economy=CREDITS,
        ),
        FactType(32, "asset-end", (("asset", LINK),), {"reason": Key("text", "")}, economy=CREDITS),
        FactType(33, "bankruptcy", (("company", PARTY),), {"reason": Key("text", "")}, economy=CREDITS),
        FactType(35, "offer-end", (("offer", LINK), ("company", PARTY)), economy=CREDITS, optional=1),
        FactType(36, "lease-end", (("property", LINK), ("lessee", LESSEE)), economy=CREDITS, optional=1),
        FactType(37, "enrolment-end", _SCHOOL_AND_MEMBER, economy=CREDITS),
        FactType(38, "wait-list-end", (("list", LIST), ("party", PARTY)), economy=CREDITS),
        FactType(40, "employment-end", _COMPANY_AND_MEMBER),
        FactType(41, "company-end", (("company", PARTY),)),
        FactType(42, "member-end", (("member", PARTY),)),
        FactType(43, "accountant-end", (("accountant", PERSON),)),
        FactType(44, "reversal", (("id", TEXT),), {"reason": Key("text", ""), "quantity": Key("quantity", None)}),
        FactType(45, "month-close", (("month", MONTH),), {"digest": Key("digest", "")}, timeless=True),
        FactType(46, "seal", (("month", MONTH), ("digest", DIGEST)), {"format": Key("format", 1)}),
    )
}

MONTH_CLOSE = FACT_TYPES["month-close"].number
