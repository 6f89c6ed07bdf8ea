"""Turns a trace of the Workers Control app into events of the ledger language.

Only what happened is written down: no transfer that follows from another is. Drafts stay outside the ledger, so they
are kept here until they are filed; hiding a plan concerns the app's pages only.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from tests.model.events import Decision, Event, Fact, Leg, PlanTerms, Region, Transaction, account
from tests.model.state import Transfer

PRECISION = Decimal("0.0000000001")
DATA = Path(__file__).parents[1] / "data" / "workers_control"
ACCOUNTANT = "the accountant"


def traces() -> list[str]:
    """The traces to play: those that the project keeps, and those in the folder named by CONDUCTOR_TRACES."""
    more = os.environ.get("CONDUCTOR_TRACES")
    found = [path for folder in (DATA, Path(more) if more else None) if folder for path in folder.glob("*.json")]
    return sorted(str(path) if path.parent != DATA else path.stem for path in found)


def ten_decimals(value: str) -> Decimal:
    """A value as the app shows it."""
    return Decimal(value).quantize(PRECISION, rounding=ROUND_HALF_EVEN)


def instant_of(text: str) -> datetime:
    """The app's clock is UTC, and so is the ledger's."""
    return datetime.fromisoformat(text.removesuffix("Z"))


@dataclass(slots=True)
class Attempt:
    """A call that the app refused."""

    event: Event
    code: str


@dataclass(slots=True)
class Trace:
    """A trace as events; ``number[i]`` is the trace's own number of event ``i``."""

    raw: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    offers: dict[str, tuple[str, str]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    accountant: str = ""
    _transfers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def region(self) -> Region:
        """The app's own configuration."""
        config = self.raw["config"]
        overdraw = config["allowed_overdraw_of_member_account"]
        limit = None if overdraw is None else Decimal(str(overdraw))
        first_day = instant_of(self.raw["start"]).date()
        return Region(PRECISION, (Decision(first_day, config["payout_factor_window_days"], limit),))

    def transfers_of(self, number: int) -> list[Transfer]:
        """The app's transfers of one of its events, in its order, in our terms."""
        return [
            Transfer(
                item["type"],
                self.account_of(item["debit"]),
                self.account_of(item["credit"]),
                ten_decimals(item["value"]),
            )
            for item in self.raw["transfers"]
            if item["event"] == number
        ]

    def account_of(self, side: dict[str, Any]) -> str:
        """Our name of one of the app's accounts."""
        return account(side["kind"], "" if side["kind"] == "psf" else self.names[side["owner"]])

    def value(self, event: dict[str, Any]) -> Decimal:
        """What the consumer paid, at ten decimals."""
        return ten_decimals(self._transfers[event["transfers"][0]]["value"])


def load_trace(name: str) -> Trace:
    """Read a trace and translate all of it."""
    raw = json.loads((Path(name) if name.endswith(".json") else DATA / f"{name}.json").read_text(encoding="utf-8"))
    trace = Trace(raw)
    trace._transfers = {item["id"]: item for item in raw["transfers"]}
    name_everything(trace)
    for event in raw["events"]:
        for translated in translate(trace, event):
            trace.events.append(translated)
            trace.number.append(event["n"])
    for attempt in raw["rejected_attempts"]:
        code = attempt["rejection_reason"].replace("_", "-")
        # The app has two names for the same reason; the ledger has one.
        code = "plan-inactive" if code == "plan-is-not-active" else code
        trace.attempts += [Attempt(event, code) for event in translate(trace, attempt)]
    return trace


def name_everything(trace: Trace) -> None:
    """Ids of the app are hexadecimal; accounts want a capital or a digit first, and people want names."""
    counts: dict[str, int] = {}
    kinds = {
        "register_company": ("company", "Company"),
        "register_member": ("member", "Member"),
        "register_accountant": ("accountant", "accountant"),
        "create_cooperation": ("cooperation", "Cooperation"),
        "create_basic_service": ("basic_service", "service"),
        "file_plan": ("plan", "plan"),
    }
    for event in trace.raw["events"]:
        if event["type"] in kinds:
            key, prefix = kinds[event["type"]]
            counts[key] = counts.get(key, 0) + 1
            trace.names[event[key]] = f"{prefix}-{counts[key]:03}"


def translate(trace: Trace, event: dict[str, Any]) -> list[Event]:
    """The ledger's events for one event of the app: one, or none where the ledger does not care."""
    kind = event["type"]
    if kind in ("create_draft", "edit_draft", "delete_draft"):
        remember_draft(trace, event)
        return []
    if kind == "hide_plan":
        return []
    transaction = transaction_of(trace, event)
    return [transaction if transaction is not None else fact_of(trace, event)]


def remember_draft(trace: Trace, event: dict[str, Any]) -> None:
    """Drafts change until they are filed; keys that an edit does not mention stay."""
    if event["type"] == "create_draft":
        trace.drafts[event["draft"]] = dict(event)
    elif event["type"] == "edit_draft":
        trace.drafts[event["draft"]].update(event)


# The app's event -> our directive, the keys of its ids, the key of who acted.
FACTS: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "register_accountant": ("accountant", ("accountant",), None),
    "register_company": ("company", ("company",), None),
    "register_member": ("member", ("member",), None),
    "worker_joins_company": ("employment", ("company", "member"), None),
    "worker_leaves_company": ("employment-end", ("company", "member"), None),
    "file_plan": ("plan", ("plan", "planner"), None),
    "approve_plan": ("plan-approval", ("plan",), ACCOUNTANT),
    "reject_plan": ("plan-rejection", ("plan",), ACCOUNTANT),
    "revoke_plan_filing": ("plan-withdrawal", ("plan",), "company"),
    "create_basic_service": ("basic-service", ("basic_service", "provider"), None),
    "deactivate_basic_service": ("basic-service-end", ("basic_service",), None),
    "create_cooperation": ("cooperation", ("cooperation", "coordinator"), None),
    "request_cooperation": ("cooperation-request", ("cooperation", "plan"), "planner"),
    "cancel_cooperation_request": ("cooperation-cancellation", ("cooperation", "plan"), "planner"),
    "accept_cooperation": ("cooperation-acceptance", ("cooperation", "plan"), "coordinator"),
    "deny_cooperation": ("cooperation-denial", ("cooperation", "plan"), "coordinator"),
    "end_cooperation": ("cooperation-exit", ("cooperation", "plan"), "requester"),
    "request_coordination_transfer": ("coordination-request", ("cooperation", "candidate"), "coordinator"),
    "accept_coordination_transfer": ("coordination-acceptance", ("cooperation", "company"), None),
    "deny_coordination_transfer": ("coordination-denial", ("cooperation", "company"), None),
}


def fact_of(trace: Trace, event: dict[str, Any]) -> Fact:
    """The directive of an event that moves nothing by itself."""
    kind, keys, actor = FACTS[event["type"]]
    ids = tuple(trace.names[event[key]] for key in keys)
    terms = None
    if kind == "accountant":
        trace.accountant = ids[0]
    elif kind == "plan":
        trace.plans[event["plan"]] = trace.drafts[event["draft"]]
        terms = terms_of(trace.plans[event["plan"]])
    elif kind == "plan-withdrawal":
        # The app turns the plan back into a draft, which may be edited and filed again as another plan.
        trace.drafts[event["draft"]] = dict(trace.plans[event["plan"]])
    # The trace does not say which accountant acted: the latest one did.
    by = trace.accountant if actor == ACCOUNTANT else trace.names[event[actor]] if actor else None
    return Fact(instant_of(event["datetime"]), kind, ids, by=by, terms=terms)


def terms_of(draft: dict[str, Any]) -> PlanTerms:
    """What a filed draft promises."""
    return PlanTerms(
        quantity=draft["amount"],
        fixed_means=ten_decimals(draft["costs_p"]).normalize(),
        raw_materials=ten_decimals(draft["costs_r"]).normalize(),
        labour=ten_decimals(draft["costs_a"]).normalize(),
        days=draft["timeframe_days"],
        public=draft["is_public"],
    )


def transaction_of(trace: Trace, event: dict[str, Any]) -> Transaction | None:
    """The transaction of an event that moves hours."""
    at = instant_of(event["datetime"])
    names = trace.names
    kind = event["type"]
    if kind == "register_hours_worked":
        hours = Decimal(event["hours"])
        debit, credit = account("a", names[event["company"]]), account("member", names[event["member"]])
        return moved(at, debit, credit, hours)
    if kind in ("private_consumption", "productive_consumption"):
        amount = trace.value(event) if "transfers" in event else attempted_price(trace, event)
        account_kind = {None: "member", "means_of_prod": "p", "raw_materials": "r"}[event.get("consumption_type")]
        debit, credit = account(account_kind, names[event["consumer"]]), prd_of(trace, event["plan"])
        return moved(at, debit, credit, amount, names[event["plan"]], event["amount"])
    if kind in ("private_consumption_of_basic_service", "productive_consumption_of_basic_service"):
        account_kind = "member" if kind.startswith("private") else "r"
        debit = account(account_kind, names[event["consumer"]])
        provider = next(e["provider"] for e in trace.raw["events"] if is_start_of(e, event["basic_service"]))
        credit = account("member", names[provider])
        return moved(at, debit, credit, Decimal(event["amount"]), names[event["basic_service"]])
    return None


def is_start_of(event: dict[str, Any], service: str) -> bool:
    """Whether an event offered this basic service."""
    return event["type"] == "create_basic_service" and bool(event["basic_service"] == service)


def prd_of(trace: Trace, plan: str) -> str:
    """The account that a plan's products are paid to."""
    return account("prd", trace.names[trace.plans[plan]["planner"]])


def attempted_price(trace: Trace, attempt: dict[str, Any]) -> Decimal:
    """A refused attempt has no price; the plan's own cost is what its consumer would have offered."""
    terms = terms_of(trace.plans[attempt["plan"]])
    if terms.public or terms.quantity == 0:
        return Decimal(0)
    units = Decimal(attempt["amount"])
    cost = (terms.fixed_means + terms.raw_materials + terms.labour) / terms.quantity
    return (cost * units).quantize(PRECISION, rounding=ROUND_HALF_EVEN)


def moved(
    at: datetime, debit: str, credit: str, amount: Decimal, link: str | None = None, quantity: int | None = None
) -> Transaction:
    """One debit, one credit."""
    links = () if link is None else (link,)
    return Transaction(at, (Leg(debit, -amount), Leg(credit, amount)), links, quantity, narration="as in the trace")
