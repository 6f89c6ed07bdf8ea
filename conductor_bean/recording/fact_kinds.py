"""The kinds of facts that people record: what the table of facts does not say of them."""

from __future__ import annotations

from conductor_bean.domain.facts import FACT_TYPES, REQUIRED, FactType
from conductor_bean.domain.properties import PROPERTY_KINDS
from conductor_bean.recording.kind import MARKET, PARTIES, PLANS, Field, Kind

# Facts: their word, the language's own where it is another, and what they record.
_FACTS: dict[str, tuple[str, str]] = {
    "accountant": ("", "An accountant of the region begins."),
    "member": ("", "Somebody joins the region."),
    "company": ("", "A company is founded."),
    "employment": ("", "A member begins to work at a company, or is paid otherwise from now on."),
    "plan": ("", "A company files a plan."),
    "plan-withdrawal": ("withdraw", "The planner takes a plan back before it is approved."),
    "plan-rejection": ("reject", "An accountant rejects a plan."),
    "plan-approval": ("approve", "An accountant approves a plan."),
    "cooperation": ("cooperation found", "A company founds a cooperation and coordinates it."),
    "cooperation-exit": ("cooperation exit", "A plan leaves its cooperation."),
    "coordination-request": ("coordination request", "The coordinator offers the role to another company."),
    "coordination-denial": ("coordination deny", "A company declines to coordinate."),
    "coordination-acceptance": ("coordination accept", "A company accepts to coordinate."),
    "cooperation-request": ("cooperation request", "A planner asks to join a cooperation."),
    "cooperation-cancellation": ("cooperation cancel", "A planner takes the request back."),
    "cooperation-denial": ("cooperation deny", "The coordinator denies a request."),
    "cooperation-acceptance": ("cooperation accept", "The coordinator accepts a request."),
    "basic-service": ("service", "A member offers a basic service."),
    "basic-service-end": ("service-end", "A basic service ends."),
    "region": ("", "A neighbour region becomes known."),
    "bank": ("", "A bank or credit union begins."),
    "pool": ("", "Regions pool funds for a common purpose."),
    "offer": ("", "A company offers a product, a service or a job, or offers it otherwise from now on."),
    "property": ("", "The region has housing, equipment or a facility to rent out, or its costs change."),
    "wait-list": ("", "Somebody queues for housing, equipment or a facility."),
    "lease": ("", "A member, a company or somebody outside rents a property."),
    "enrolment-request": ("", "A member queues for a school."),
    "enrolment": ("", "A school takes a member."),
    "loan": ("", "A bank lends to a member or company."),
    "outside-loan": ("", "A company agrees on funding from outside the region."),
    "asset": ("", "A company owns something beside its wallet."),
    "asset-end": ("", "A company owns something no longer: it was sold, or is worn out."),
    "bankruptcy": ("", "A company is bankrupt."),
    "offer-end": ("", "An offer is taken back."),
    "lease-end": ("", "A lease ends."),
    "enrolment-end": ("", "A member leaves a school or its queue."),
    "wait-list-end": ("", "Somebody leaves a queue."),
    "employment-end": ("", "A member ceases to work at a company."),
    "company-end": ("", "A company is dissolved."),
    "member-end": ("", "Somebody leaves the region."),
    "accountant-end": ("", "An accountant's service ends."),
}
_SAYS = {
    "name": "What people call it.",
    "member": "Which of the members she is.",
    "ownership": "Whose it is.",
    "occupation": "The occupation, by which an hour is paid.",
    "productivity": "From 0 to 1: where in the range of the occupation's wages; --by names the peers who rate it.",
    "standard": "Where no peer rates it: whose measure of productivity it is.",
    "product": "What it is.",
    "unit": "What one of it is: loaf, sack of 40 kg.",
    "fixed-means": "Hours in machines and buildings (p).",
    "raw-materials": "Hours in what is used up (r).",
    "labour": "Hours of the company's own workers (a).",
    "days": "How long it is active after its approval.",
    "public": "Whether it is free, and paid by all.",
    "description": "Anything else.",
    "listed": "Whether a public edition may name it, with the contact.",
    "contact": "How to reach who offers it; public where it is listed.",
    "reason": "Why.",
    "definition": "What belongs to it.",
    "with": "With which regions.",
    "purpose": "What for.",
    "price": "What a unit costs, or for what it is bought or sold.",
    "hours": "Of a job: hours a week.",
    "property-tax": "Its tax a month.",
    "maintenance": "Its maintenance a month.",
    "administration": "Its administration a month.",
    "depreciation": "Its depreciation a month.",
    "principal": "What is lent.",
    "yearly-rate": "Interest a year, 0.02 for two percent.",
    "months": "In how many instalments.",
    "repayment": "Equal instalments, or equal shares of the principal.",
    "lender": "Who lends.",
    "value": "What it is worth.",
    "to": "The creditor that has it if the company goes bankrupt: a loan of the company, or a credit union.",
}
_OTHERWISE = {
    ("plan", "quantity"): "How many units.",
    ("offer", "kind"): "What is offered.",
    ("property", "kind"): "What it is.",
}
_PARTIES = {"accountant", "member", "company", "employment"}
_NEW = {
    "accountant",
    "member",
    "company",
    "plan",
    "cooperation",
    "basic-service",
    "region",
    "bank",
    "pool",
    "offer",
    "property",
    "loan",
    "outside-loan",
    "asset",
}
_POSITIONS = {"basic service": "service", "borrower": "party", "school": "company", "list": "list"}
_ASKED = {("member", "name"), ("company", "name"), ("offer", "price"), ("employment", "occupation")}


def _group(fact: FactType) -> str:
    if fact.name.removesuffix("-end") in _PARTIES:
        return PARTIES
    return MARKET if 20 <= fact.number < 40 else PLANS


def _fact_kind(fact: FactType) -> Kind:
    word, what = _FACTS[fact.name]
    fields = []
    for index, (name, _) in enumerate(fact.values):
        shape = "new" if index == 0 and fact.name in _NEW else _POSITIONS.get(name, name)
        if shape == "loan" and fact.name == "outside-loan":
            shape = "new"
        required = index < len(fact.values) - fact.optional
        choices = PROPERTY_KINDS if shape == "list" else ()
        label = name.replace("basic service", "service")
        fields.append(Field(label, shape, required=required, positional=True, choices=choices))
    for name, key in fact.keys.items():
        asked = (fact.name, name) in _ASKED
        says = _OTHERWISE.get((fact.name, name), _SAYS.get(name, ""))
        if key.choices and isinstance(key.default, str):
            says = f"{says.rstrip('.')}; {key.default} by default."
        required = key.default is REQUIRED
        fields.append(Field(name, key.type, says, required=required, choices=key.choices, asked=asked))
    aliases = () if not word else (fact.name,)
    return Kind(word or fact.name, what, _group(fact), tuple(fields), aliases, fact, economy=fact.economy)


def fact_kinds() -> list[Kind]:
    """All kinds of facts, in the order of the language; a close and a seal have commands of their own."""
    return [_fact_kind(fact) for name, fact in FACT_TYPES.items() if name in _FACTS]
