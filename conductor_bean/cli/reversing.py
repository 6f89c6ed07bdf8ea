"""`conductor add reversal`: find the event that is meant, show what it mirrors, write it."""

from __future__ import annotations

import datetime
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.adding import (
    Common,
    hold,
    hold_date,
    ledger_of,
    load_for_writing,
    moment_of,
    refuse,
    refuse_ledger,
    show,
    show_closed,
    tell,
    when,
)
from conductor_bean.cli.changing import cannot_be_written, change, held
from conductor_bean.cli.closed_months import again_option, hold_closed, with_renewals
from conductor_bean.cli.output import DATE, json_option, print_table, read, reads_ledger
from conductor_bean.domain.instants import format_instant, start_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.events import Movement, Outcome
from conductor_bean.ledger import reports
from conductor_bean.ledger.appending import Change
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.preview import preview
from conductor_bean.recording.accountants import accountant_of
from conductor_bean.recording.kind import JOURNAL, Kind
from conductor_bean.recording.placing import PlaceError, Placer
from conductor_bean.recording.proposing import Proposal
from conductor_bean.recording.reversing import Wanted, find, hold_open, joined, named
from conductor_bean.recording.text import FactDraft, MistakeError, Value, written
from conductor_bean.recording.values import number

SHOWN = 20
_KIND = Kind("reversal", "", JOURNAL, ())


@dataclass(frozen=True, slots=True)
class _Named:
    """The event that is reversed.

    Attributes:
        id: Its id.
        outcome: What became of it, None where it lies in sealed history and only its id is known.
        is_new: Whether the id has to be written to it first.
    """

    id: str
    outcome: Outcome | None
    is_new: bool

    @property
    def ids(self) -> dict[int, str]:
        """The id that has to be written, by source."""
        return {self.outcome.event.source: self.id} if self.is_new and self.outcome is not None else {}


@dataclass(frozen=True, slots=True)
class _Back:
    """What is taken back of the event: a quantity or, where it is None, all of it; and why."""

    quantity: Decimal | None
    reason: str


@click.command("reversal", short_help="Reverse an event: mirror every transfer of it, whole or in parts.")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--party", help="Find the event: whose account it moved.")
@click.option("--date", type=DATE, help="Find the event: its date.")
@click.option("--amount", help="Find the event: the amount of one of its transfers.")
@click.option("--type", "transfer", help="Find the event: one of its transfers, such as purchase.")
@click.option("--on", type=DATE, help="The reversal's own date; that of the last event by default.")
@click.option("--time", help="The reversal's own time, 13:42:29.")
@click.option("--by", multiple=True, metavar="WHO", help="Who acted; may be repeated.")
@click.option("--quantity", help="How much of it: of an event that has a quantity, so many units of it.")
@click.option("--reason", default="", help="Why.")
@click.option("--accountant", help="Who writes.")
@click.option("--file", type=click.Path(path_type=Path), help="Where it shall stand.")
@click.option("--ahead", is_flag=True, help="Its date is meant, though it lies far after the last event.")
@again_option
@click.option("--dry-run", is_flag=True, help="Show it and what it mirrors; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@json_option
@click.option(
    "--ledger", "-l", type=click.Path(path_type=Path), help="The region's folder; the present one by default."
)
@reads_ledger
def reversal(name: str | None, reason: str, **given: Any) -> None:
    """Reverse an event: every transfer of it, recorded and derived, is mirrored at the reversal's own date.

    Name the event by its ID, or find it by party, date and amount. Posted history stays as it is. An event that has no
    id gets one first, since a reversal names it by that: one line below its head, and nothing else of it changes. With
    --quantity a part of it is taken back, and others later, until nothing is left.
    """
    date: datetime.date | None = given.pop("date")
    amount = _number("--amount", given.pop("amount"))
    wanted = Wanted(given.pop("party") or "", date, amount, given.pop("transfer") or "")
    back = _Back(_number("--quantity", given.pop("quantity")), reason)
    if name is None and wanted == Wanted():
        raise click.UsageError("this is missing: ID, or --party, --date, --amount to find the event by")
    if name is not None and wanted != Wanted():
        raise click.UsageError(
            "name the event by ID, or find it by --party, --date, --amount; the reversal's own date is --on"
        )
    del given["ledger"]
    ledger = ledger_of(click.get_current_context())
    by = ", ".join(given.pop("by"))
    common = Common(ledger=ledger, date=given.pop("on"), by=by, **given)
    waits = common.asks and not common.yes
    with nullcontext() if waits or common.dry_run else held(ledger):
        _reverse(common, name, wanted, back, waits=waits)


def _number(option: str, text: str | None) -> Decimal | None:
    try:
        return None if text is None else number(option, text)
    except MistakeError as error:
        raise click.UsageError(str(error)) from error


def _reverse(common: Common, name: str | None, wanted: Wanted, back: _Back, *, waits: bool) -> None:
    books = load_for_writing(common) if name is not None else _whole(common)
    seen = Seen.of(books)
    try:
        accountant = accountant_of(books, common.accountant or "")
        event = _by_id(books, name) if name is not None else _found(books, wanted, common, accountant)
        proposal = _proposal(books, event, common, back, accountant)
        hold(books, proposal.preview)
        hold_date(books, proposal, common)
        others = hold_closed(books, proposal.preview, again=common.again, option="--on")
        changes, line = _changes(books, proposal, event)
    except (MistakeError, PlaceError) as error:
        raise click.UsageError(str(error)) from error
    except Rejection as rejection:
        refuse(rejection)
    if not common.as_json:
        _show_event(books, event)
        show(books, proposal, line)
        show_closed(books, proposal, others)
    writes = not common.dry_run and (not waits or click.confirm("Append it?", default=True))
    if writes:
        change(books.main, changes, seen, proposal.place.file)
    tell(books, proposal, line, common, kind="reversal", written=writes, others=others)


def _whole(common: Common) -> Books:
    """All of the ledger: any event may be meant."""
    books = read(common.ledger)
    if books.errors or not books.complete:
        refuse_ledger(books)
    return books


def _by_id(books: Books, name: str) -> _Named:
    outcomes = (outcome for outcome in books.outcomes if isinstance(outcome.event, Movement))
    outcome = next((outcome for outcome in outcomes if getattr(outcome.event, "id", "") == name), None)
    return _Named(name, outcome, is_new=False)


def _found(books: Books, wanted: Wanted, common: Common, accountant: str) -> _Named:
    found = find(books, wanted)
    if not found:
        click.echo(
            "conductor: no event that stands fits (what is reversed stands no more); conductor transfers lists all",
            err=True,
        )
        sys.exit(1)
    chosen = found[0]
    if len(found) > 1:
        for number_, outcome in enumerate(found[:SHOWN], 1):
            click.echo(f"{number_:>3}  {_told(books, outcome)}", err=True)
        more = f" (the first {SHOWN} are shown)" if len(found) > SHOWN else ""
        if not common.asks:
            click.echo(f"conductor: {len(found)} events fit{more}; say more, or name one by its id", err=True)
            sys.exit(1)
        chosen = found[click.prompt(f"Which{more}", type=click.IntRange(1, min(len(found), SHOWN))) - 1]
    event = chosen.event
    assert isinstance(event, Movement)
    if not event.id:
        hold_open(books, chosen)
    return _Named(named(books, chosen, accountant), chosen, is_new=not event.id)


def _told(books: Books, outcome: Outcome) -> str:
    event = outcome.event
    assert isinstance(event, Movement)
    file, line = books.place(event.source)
    first = outcome.transfers[0]
    amount = (
        f"{reports.amount(books, first.debit, first.units)} {reports.commodity_of(books, first.debit.economy).name}"
    )
    text = " ".join(part for part in (event.payee, event.narration) if part)
    name = f"  id {event.id}" if event.id else ""
    return f"{file}:{line}: {format_instant(event.instant)[:10]} {first.type} {amount}  {text}{name}"


def _proposal(books: Books, event: _Named, common: Common, back: _Back, accountant: str) -> Proposal:
    date = when(books, common)
    meta: dict[str, Value] = {"by": common.by, "quantity": back.quantity or "", "reason": back.reason}
    meta["time"] = common.time or ""
    text = written(FactDraft(date, "reversal", (event.id,), {key: value for key, value in meta.items() if value}))
    placer = Placer(books, accountant)
    instant = start_of(date) + moment_of(common)
    place = placer.place(_KIND, instant) if common.file is None else placer.told(common.file)
    notes = []
    if event.is_new and event.outcome is not None:
        file, line = books.place(event.outcome.event.source)
        why = f'The event at {file}:{line} has no id, by which a reversal could name it; id: "{event.id}"'
        notes = [f"{why} is written below its head. Nothing else of it changes."]
    return Proposal(text, event.id, notes, place, preview(books, text, event.ids))


def _changes(books: Books, proposal: Proposal, event: _Named) -> tuple[list[Change], int]:
    try:
        changes, line = proposal.changes()
        if event.is_new and event.outcome is not None:
            file, at = books.place(event.outcome.event.source)
            path = books.main.parent / file
            changes = joined(changes, path, at, event.id)
            line += path == proposal.place.file
        return with_renewals(books, proposal.preview, changes, event.ids), line
    except OSError as error:
        cannot_be_written(proposal.place.file, error)


def _show_event(books: Books, event: _Named) -> None:
    if event.outcome is None:
        return
    outcome = event.outcome
    cells = [
        (
            t.type,
            t.debit.name,
            t.credit.name,
            reports.amount(books, t.debit, t.units),
            "derived" if t.derived else "recorded",
        )
        for t in outcome.transfers
    ]
    print_table(f"It reverses {_told(books, outcome)}", ("transfer", "debit", "credit", ">amount", ""), cells)
