"""Writes the model's events in the ledger language, and remembers which event stands at which line."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from tests.model.events import Event, Fact, Nonsense, Region, Transaction

MAIN = """option "title" "{title}"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
"""


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
    if event.instant.time() != time() or explicit_midnight:
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
        lines.append(f"  quantity: {transaction.quantity}")
    if transaction.id is not None:
        lines.append(f'  id: "{transaction.id}"')
    return lines


def transaction_legs(transaction: Transaction, *, omit: bool) -> list[str]:
    """The postings of a transaction."""
    lines = [f"  {leg.account}  {number(leg.amount)} HOUR" for leg in transaction.legs]
    if omit and transaction.legs[-1].amount:
        lines[-1] = f"  {transaction.legs[-1].account}"
    return lines


def region_yaml(region: Region) -> str:
    """The region's decisions."""
    lines = [
        "region: Testland",
        "name: Testland",
        "commodities:",
        f"  labour_time: {{name: HOUR, precision: {number(region.precision)}}}",
        "decisions:",
    ]
    for decision in region.decisions:
        lines += [f"  - date: {decision.since.isoformat()}", "    title: A decision"]
        if decision.window_days is not None or decision.overdraw != "unchanged":
            lines.append("    set:")
        if decision.window_days is not None:
            lines.append(f"      fic_window_days: {decision.window_days}")
        if decision.overdraw is None:
            lines.append("      member_overdraw: null")
        elif isinstance(decision.overdraw, Decimal):
            lines.append(f"      member_overdraw: {number(decision.overdraw)}")
    return "\n".join(lines) + "\n"


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
