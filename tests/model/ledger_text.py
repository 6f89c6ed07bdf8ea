"""Writes the model's events in the ledger language, and remembers which event stands at which line."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from tests.model.events import LABOUR_KINDS, Decision, Event, Fact, Leg, Nonsense, Region, Transaction, kind_of

MAIN = """option "title" "{title}"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
"""


# What is an amount of regional credits; other numbers are plain ones.
AMOUNTS = ("price", "principal", "property-tax", "maintenance", "administration", "depreciation")


@dataclass(slots=True)
class Written:
    """A region's folder, and where each event stands in it: position of the event by (file, line)."""

    folder: Path
    lines: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def main(self) -> Path:
        """The main file."""
        return self.folder / "main.beancount"


def number(value: Decimal) -> str:
    """A number without an exponent."""
    return format(value, "f")


def time_of_day(instant: datetime) -> str:
    """The time as `time:` wants it: decimals of a second only where there are any."""
    return instant.time().isoformat()


def event_lines(event: Event, *, explicit_midnight: bool = False, omit: bool = False) -> list[str]:
    """The lines of one event; with ``omit``, the one amount that Beancount can fill in is left to it."""
    day = event.instant.date().isoformat()
    head: list[str] = []
    timeless = isinstance(event, Fact) and event.kind == "month-close"
    if event.instant.time() != time() or (explicit_midnight and not timeless):
        head.append(f'  time: "{time_of_day(event.instant)}"')
    match event:
        case Fact():
            ids = " ".join(f'"{name}"' for name in event.ids)
            return [f'{day} custom "{event.kind}" {ids}', *head, *fact_metadata(event)]
        case Transaction():
            return [*transaction_head(day, event, head), *transaction_legs(event, omit=omit)]
        case Nonsense():
            first, *rest = event.text.splitlines()
            return [f"{day} {first}", *head, *rest]


def fact_metadata(fact: Fact) -> list[str]:
    """What stands under a directive."""
    lines = [f'  by: "{fact.by}"'] if fact.by is not None else []
    for key, value in fact.says.items():
        text = f'"{value}"' if isinstance(value, str) else number(Decimal(value))
        lines.append(f"  {key}: {text}{' RSC' if key in AMOUNTS else ''}")
    if fact.kind in ("member", "company", "accountant", "basic-service", "cooperation"):
        lines.append(f'  name: "{fact.ids[0]} of the region"')
    if fact.terms is not None:
        terms = fact.terms
        lines += [
            '  product: "Bread"',
            '  unit: "loaf"',
            f"  quantity: {terms.quantity}",
            f"  fixed-means: {number(terms.fixed_means)} HOUR",
            f"  raw-materials: {number(terms.raw_materials)} HOUR",
            f"  labour: {number(terms.labour)} HOUR",
            f"  days: {terms.days}",
        ]
        if terms.public:
            lines.append("  public: TRUE")
    return lines


def transaction_head(day: str, transaction: Transaction, head: list[str]) -> list[str]:
    """The first line and the metadata of a transaction."""
    links = "".join(f" ^{link}" for link in transaction.links)
    payee = f'"{transaction.payee}" ' if transaction.payee else ""
    lines = [f'{day} * {payee}"{transaction.narration}"{links}', *head]
    if transaction.quantity is not None:
        lines.append(f"  quantity: {number(Decimal(transaction.quantity))}")
    said = {key: getattr(transaction, key) for key in ("id", "transfer", "by", "input")}
    return lines + [f'  {key}: "{value}"' for key, value in said.items() if value is not None]


def transaction_legs(transaction: Transaction, *, omit: bool) -> list[str]:
    """The postings of a transaction."""
    lines = []
    for leg in transaction.legs:
        left_out = omit and leg is transaction.legs[-1] and leg.amount
        lines.append(f"  {leg.account}" if left_out else f"  {leg.account}  {number(leg.amount)} {commodity(leg)}")
        if leg.hours is not None:
            lines.append(f"    hours: {number(leg.hours)}")
    return lines


def commodity(leg: Leg) -> str:
    """What an account holds."""
    return "HOUR" if kind_of(leg.account) in LABOUR_KINDS else "RSC"


def region_yaml(region: Region) -> str:
    """The region's decisions."""
    lines = ["region: Testland", "name: Testland", "commodities:"]
    if region.labour:
        lines.append(f"  labour_time: {{name: HOUR, precision: {number(region.precision)}}}")
    if region.credits is not None:
        lines.append(f"  credits: {{name: RSC, precision: {number(region.credits)}}}")
    lines.append("decisions:")
    for decision in region.decisions:
        lines += [f"  - date: {decision.since.isoformat()}", "    title: A decision"]
        lines += decided(decision)
    return "\n".join(lines) + "\n"


def decided(decision: Decision) -> list[str]:
    """What a decision sets, and the occupations that it names."""
    lines = []
    if decision.window_days is not None:
        lines.append(f"      fic_window_days: {decision.window_days}")
    if decision.overdraw is None:
        lines.append("      member_overdraw: null")
    elif isinstance(decision.overdraw, Decimal):
        lines.append(f"      member_overdraw: {number(decision.overdraw)}")
    for key, value in decision.numbers.items():
        lines.append(f"      {key}: {str(bool(value)).lower() if key == 'wage_arrears' else number(value)}")
    if lines:
        lines.insert(0, "    set:")
    if decision.occupations:
        lines.append("    occupations:")
    for name, pay in decision.occupations.items():
        text = "null" if pay is None else f"{{min: {number(pay[0])}, max: {number(pay[1])}}}"
        lines.append(f"      {name}: {text}")
    return lines


def write_region(
    folder: Path,
    events: Sequence[Event],
    region: Region,
    *,
    rng: random.Random | None = None,
    files: int = 1,
) -> Written:
    """Write a region's folder; with ``rng`` the events are shuffled and scattered over ``files`` files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "region.yaml").write_text(region_yaml(region), encoding="utf-8")
    written = Written(folder)
    order = list(range(len(events)))
    if rng is not None:
        rng.shuffle(order)
    names = ["main.beancount"] + [f"journal/part-{n}.beancount" for n in range(1, files)]
    texts = {name: [] if name != names[0] else MAIN.format(title="Testland").splitlines() for name in names}
    includes = [f'include "{name}"' for name in names[1:]]
    if rng is not None:
        rng.shuffle(includes)
    texts[names[0]] += [*includes, ""]
    for position in order:
        name = rng.choice(names) if rng is not None else names[position * len(names) // len(order)]
        lines = texts[name]
        written.lines[name, len(lines) + 1] = position
        explicit = rng is not None and rng.random() < 0.2
        omit = rng is not None and rng.random() < 0.1
        lines += [*event_lines(events[position], explicit_midnight=explicit, omit=omit), ""]
    for name, lines in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return written
