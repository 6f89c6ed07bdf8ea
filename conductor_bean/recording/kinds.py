"""The kinds of entries that people record, as data: facts, and transactions with what each asks for."""

from __future__ import annotations

from functools import cache

from conductor_bean.domain.accounts import CREDITS, KINDS, LABOUR_TIME
from conductor_bean.domain.transfers import TransferType, table
from conductor_bean.recording.fact_kinds import fact_kinds
from conductor_bean.recording.kind import JOURNAL, SIDE, Field, Kind

_CREDIT = Field("amount", "credits", "What is paid.", positional=True)
_QUANTITY = Field("quantity", "number", "How many units.", positional=True)
_SOLD = (
    Field("offer", "offer", "The offer of which units were sold, so that they count.", required=False),
    Field("quantity", "number", "How many units of it.", required=False),
)

_MAKERS = ("company_wallet", "outside")
_DEALERS = ("member_wallet", "company_wallet", "outside")

# Transactions whose amount follows from what they name.
_OWN = (
    Kind(
        "hours",
        "Hours worked at a company: MEMBER=HOURS for each worker. Where labour time is off, the wages of them.",
        JOURNAL,
        (
            Field("company", "company", positional=True),
            Field("work", "work", "MEMBER=HOURS", positional=True, many=True),
        ),
        aliases=("work", "work-certificates", "wage"),
    ),
    Kind(
        "consume",
        "A member or company consumes a plan's product (units) or a basic service (hours).",
        JOURNAL,
        (
            Field("consumer", "party", positional=True),
            Field("what", "consumable", "A plan or basic service.", positional=True),
            Field("quantity", "number", "Units of a plan, hours of a service.", positional=True),
            Field(
                "means", "choice", "Of a company: p (fixed) or r (raw materials).", required=False, choices=("p", "r")
            ),
        ),
        aliases=(
            "consumption",
            "private-consumption",
            "productive-consumption-p",
            "productive-consumption-r",
            "private-consumption-of-basic-service",
            "productive-consumption-of-basic-service",
        ),
        economy=LABOUR_TIME,
    ),
    Kind(
        "buy",
        "A member or company buys what a company offers.",
        JOURNAL,
        (Field("buyer", "party", positional=True), Field("offer", "offer", positional=True), _QUANTITY),
        aliases=("purchase",),
        transfer="purchase",
        economy=CREDITS,
    ),
    Kind(
        "repay",
        "A borrower pays back early what a bank has lent.",
        JOURNAL,
        (Field("loan", "loan", positional=True), _CREDIT),
        aliases=("loan-repayment",),
        transfer="loan_repayment",
        economy=CREDITS,
    ),
    Kind(
        "outside-draw",
        "Money that a bank outside lends comes in.",
        JOURNAL,
        (Field("loan", "outside-loan", positional=True), _CREDIT),
        aliases=("outside_loan",),
        transfer="outside_loan",
        economy=CREDITS,
    ),
    Kind(
        "outside-repayment",
        "A company pays a bank outside back.",
        JOURNAL,
        (Field("loan", "outside-loan", positional=True), _CREDIT),
        transfer="outside_repayment",
        economy=CREDITS,
    ),
    Kind(
        "acquisition",
        "A company acquires equipment or a facility at its price; it becomes regional.",
        JOURNAL,
        (
            Field("company", "company", positional=True),
            Field("property", "property", positional=True),
            Field("seller", SIDE, "A company, or outside (the default).", required=False, choices=_MAKERS),
        ),
        transfer="acquisition",
        economy=CREDITS,
    ),
    Kind(
        "property-purchase",
        "The region buys a property at its price.",
        JOURNAL,
        (
            Field("property", "property", positional=True),
            Field("seller", SIDE, "Who sells it.", positional=True, choices=_DEALERS),
        ),
        transfer="property_purchase",
        economy=CREDITS,
    ),
    Kind(
        "property-sale",
        "The region sells a property at its price.",
        JOURNAL,
        (
            Field("property", "property", positional=True),
            Field("buyer", SIDE, "Who buys it.", positional=True, choices=_DEALERS),
        ),
        transfer="property_sale",
        economy=CREDITS,
    ),
)

# Transactions that say who, whom and how much: what each asks for follows from the kinds of the two accounts.
_PLAIN: dict[str, tuple[str, tuple[Field, ...]]] = {
    "gift": ("One person gives to another.", ()),
    "external_sale": ("A company sells outside the region.", _SOLD),
    "external_purchase": (
        "A member or company buys outside the region.",
        (Field("input", "text", "What a company bought for its production.", required=False),),
    ),
    "surcharge": ("Non-members pay for the use of regional services.", ()),
    "subsidy": ("The region subsidizes one of its companies.", ()),
    "upkeep": (
        "The region pays property tax, maintenance or administration of its property.",
        (
            Field("property", "property", "Which property."),
            Field("input", "text", "What it is for, such as maintenance."),
            *_SOLD,
        ),
    ),
    "issue": ("The region issues credits.", ()),
    "retire": ("The region takes credits out of circulation.", ()),
    "capitalization": ("The region gives a bank capital to lend.", ()),
    "pooling": ("A region pays into a pool, or a pool pays.", ()),
    "interregional_purchase": ("A member or company buys in another region.", ()),
    "interregional_sale": ("A company sells to another region.", _SOLD),
    "interregional_gift": ("A person gives to a person of another region, or is given.", ()),
    "settlement": ("The region and another pay what they owe each other.", ()),
}
_SIDES = {
    ("external_sale", "to"): "seller",
    ("interregional_sale", "to"): "seller",
    ("external_purchase", "from"): "buyer",
    ("interregional_purchase", "from"): "buyer",
}


def side_kinds(kinds: frozenset[str]) -> tuple[str, ...]:
    """Kinds of accounts that a side names; none where there is only one account of its only kind."""
    owned = tuple(kind for kind in KINDS if kind in kinds)
    return () if len(owned) == 1 and "*" not in KINDS[owned[0]].patterns[0] else owned


def _plain_kind(row: TransferType) -> Kind:
    what, more = _PLAIN[row.name]
    fields = []
    for side, kinds in (("from", row.debits), ("to", row.credits)):
        named = side_kinds(kinds)
        if named:
            label = _SIDES.get((row.name, side), side)
            told = " or ".join(KINDS[kind].owner_type if "*" in KINDS[kind].patterns[0] else kind for kind in named)
            fields.append(Field(label, SIDE, told.capitalize() + ".", positional=True, choices=named))
    return Kind(
        row.name.replace("_", "-"),
        what,
        JOURNAL,
        (*fields, _CREDIT, *more),
        aliases=(row.name,) if "_" in row.name else (),
        transfer=row.name,
        economy=CREDITS,
    )


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of entries by name: facts in the order of the language, then transactions."""
    plain = [_plain_kind(table()[name]) for name in _PLAIN]
    return {kind.name: kind for kind in (*fact_kinds(), *_OWN, *plain)}


@cache
def by_any_name() -> dict[str, Kind]:
    """All kinds by their name and by their other names."""
    named = dict(kinds())
    for kind in kinds().values():
        for alias in kind.aliases:
            named.setdefault(alias, kind)
    return named
