"""The facts of the ledger language (LANGUAGE.md, "Facts: custom directives"), as data.

The order of the table is the order in which facts of one instant apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor_bean.domain.accounts import CREDITS

REQUIRED = object()
"""Marks a metadata key without which the fact says too little."""

PARTY = "party"  # id that becomes a component of account names
LINK = "link"  # id that becomes a link
PERSON = "person"  # id of an accountant: stands in `by:`, so it holds no comma
TEXT = "text"
MONTH = "month"
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Key:
    """A metadata key: its type (text, count, amount, flag, rate, choice), its default, its choices."""

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
    """

    number: int
    name: str
    values: tuple[tuple[str, str], ...]
    keys: dict[str, Key] = field(default_factory=dict)
    by_required: bool = False
    timeless: bool = False
    economy: str = ""


_NAME = {"name": Key("text", "")}
_COOPERATION_AND_PLAN = (("cooperation", PARTY), ("plan", LINK))
_COOPERATION_AND_COMPANY = (("cooperation", PARTY), ("company", PARTY))
_COMPANY_AND_MEMBER = (("company", PARTY), ("member", PARTY))

FACT_TYPES: dict[str, FactType] = {
    fact.name: fact
    for fact in (
        FactType(1, "accountant", (("accountant", PERSON),), _NAME),
        FactType(2, "member", (("member", PARTY),), _NAME),
        FactType(
            3,
            "company",
            (("company", PARTY),),
            {**_NAME, "ownership": Key("choice", "workers", ("workers", "regional"))},
        ),
        FactType(
            4, "employment", _COMPANY_AND_MEMBER, {"occupation": Key("text", ""), "productivity": Key("rate", None)}
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
        ),
        FactType(6, "plan-withdrawal", (("plan", LINK),)),
        FactType(7, "plan-rejection", (("plan", LINK),), {"reason": Key("text", "")}),
        FactType(8, "plan-approval", (("plan", LINK),), by_required=True),
        FactType(9, "cooperation", _COOPERATION_AND_COMPANY, {**_NAME, "definition": Key("text", "")}),
        FactType(10, "cooperation-exit", _COOPERATION_AND_PLAN),
        FactType(11, "coordination-request", _COOPERATION_AND_COMPANY),
        FactType(12, "coordination-denial", _COOPERATION_AND_COMPANY),
        FactType(13, "coordination-acceptance", _COOPERATION_AND_COMPANY),
        FactType(14, "cooperation-request", _COOPERATION_AND_PLAN),
        FactType(15, "cooperation-cancellation", _COOPERATION_AND_PLAN),
        FactType(16, "cooperation-denial", _COOPERATION_AND_PLAN),
        FactType(17, "cooperation-acceptance", _COOPERATION_AND_PLAN),
        FactType(
            18,
            "basic-service",
            (("basic service", LINK), ("member", PARTY)),
            {**_NAME, "description": Key("text", "")},
        ),
        FactType(19, "basic-service-end", (("basic service", LINK),)),
        FactType(40, "employment-end", _COMPANY_AND_MEMBER),
        FactType(41, "company-end", (("company", PARTY),)),
        FactType(42, "member-end", (("member", PARTY),)),
        FactType(43, "accountant-end", (("accountant", PERSON),)),
        FactType(44, "reversal", (("id", TEXT),), {"reason": Key("text", "")}),
        FactType(45, "month-close", (("month", MONTH),), timeless=True),
        FactType(46, "seal", (("month", MONTH), ("digest", DIGEST))),
    )
}

CREDIT_FACTS = (
    "region",
    "bank",
    "pool",
    "offer",
    "property",
    "wait-list",
    "lease",
    "enrolment-request",
    "enrolment",
    "loan",
    "outside-loan",
    "bankruptcy",
    "offer-end",
    "lease-end",
    "enrolment-end",
    "wait-list-end",
)
"""Facts of the credit economy (RULES.md, part B), refused by name as long as that economy is off."""

ECONOMY_OF_CREDIT_FACTS = CREDITS
MONTH_CLOSE = FACT_TYPES["month-close"].number
