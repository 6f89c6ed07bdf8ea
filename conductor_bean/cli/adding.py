"""How an entry is recorded: what is missing asked for, what follows shown, then written or refused."""

from __future__ import annotations

import datetime
import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

from conductor_bean.cli import asking, closed_months
from conductor_bean.cli.changing import cannot_be_written, change, held
from conductor_bean.cli.closed_months import hold_closed, hold_near, rows_of, warn_of_last_date, with_renewals
from conductor_bean.cli.output import print_json, print_table, problem_line, shown_path, warn
from conductor_bean.domain.instants import DAY, date_of, parse_time, start_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.ledger import reports
from conductor_bean.ledger.appending import Change
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.consequences import Consequence
from conductor_bean.ledger.preview import Preview
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.quick import quick_books
from conductor_bean.recording.accountants import accountant_of
from conductor_bean.recording.asked import Asked
from conductor_bean.recording.kind import Kind
from conductor_bean.recording.placing import PlaceError
from conductor_bean.recording.proposing import Proposal, propose
from conductor_bean.recording.text import MistakeError

LEDGER_VARIABLE = "CONDUCTOR_LEDGER"
_CONFLICT = "<<<<<<<"
_TAKEN = "duplicate-id"


@dataclass(slots=True)
class Common:
    """What every entry may say, and how it is written.

    Attributes:
        ledger: The ledger.
        date: Its date, None for that of the last event.
        time: Its time.
        by: Who acted.
        accountant: Who writes.
        file: Where it shall stand.
        dry_run: Whether nothing is written.
        yes: Whether nobody is asked before it is written.
        as_json: Whether a program reads the answer.
        name: Of transactions, the id.
        payee: Of transactions, the payee.
        narration: Of transactions, the narration.
        links: Of transactions, links besides.
        ahead: Whether a date is meant that lies far after the last event.
        again: Whether the close of a month is renewed in which it is dated.
    """

    ledger: Path
    by: str
    date: datetime.date | None
    time: str | None
    accountant: str | None
    file: Path | None
    dry_run: bool
    yes: bool
    as_json: bool
    name: str | None = None
    payee: str | None = None
    narration: str | None = None
    links: tuple[str, ...] = ()
    ahead: bool = False
    again: bool = False

    @property
    def asks(self) -> bool:
        """Whether a person sits there and can be asked."""
        return not self.as_json and asking.somebody_is_there()


def ledger_of(ctx: click.Context) -> Path:
    """The ledger that the nearest command names."""
    at: click.Context | None = ctx
    while at is not None:
        if at.params.get("ledger") is not None:
            return Path(at.params["ledger"])
        at = at.parent
    return Path(os.environ.get(LEDGER_VARIABLE) or ".")


def add_entry(kind: Kind, values: dict[str, list[str]], common: Common) -> None:
    """Record an entry of a kind."""
    if not common.asks:
        name_missing(kind, values)
    waits = common.asks and not common.yes
    # Who asks a person waits for minutes and holds nothing meanwhile; then what she saw must still be so.
    with nullcontext() if waits or common.dry_run else held(common.ledger):
        books = load_for_writing(common)
        seen = Seen.of(books)
        try:
            proposal = _proposal(books, kind, values, common)
            hold(books, proposal.preview)
            hold_date(books, proposal, common)
            others = hold_closed(books, proposal.preview, again=common.again)
        except (MistakeError, PlaceError) as error:
            raise click.UsageError(str(error)) from error
        except Rejection as rejection:
            refuse(rejection)
        changes, line = _changes(books, proposal)
        if not common.as_json:
            show(books, proposal, line)
            show_closed(books, proposal, others)
        writes = not common.dry_run and (not waits or click.confirm("Append it?", default=True))
        if writes:
            change(books.main, changes, seen, proposal.place.file)
    tell(books, proposal, line, common, kind=kind.name, written=writes, others=others)


def name_missing(kind: Kind, values: dict[str, list[str]]) -> None:
    """End with a usage error that names all that is missing."""
    missing = [each for each in kind.fields if each.required and not values.get(each.name)]
    if missing:
        names = [each.name.upper() if each.positional else f"--{each.name}" for each in missing]
        raise click.UsageError(f"this is missing: {', '.join(names)}")


def load_for_writing(common: Common) -> Books:
    """Load a ledger; where it has errors the command ends, for nothing is added to books that do not hold."""
    books = quick_books(common.ledger)
    if books.errors or not books.complete:
        refuse_ledger(books)
    return books


def refuse_ledger(books: Books) -> NoReturn:
    """End with exit 1: a ledger has errors."""
    warn(books)
    if any(_CONFLICT in problem.message for problem in books.errors):
        click.echo("conductor: a merge of git is not finished: choose between the lines it marks <<<<<<<", err=True)
    click.echo("conductor: nothing is added to a ledger that does not hold; mend it first", err=True)
    sys.exit(1)


def moment_of(common: Common) -> int:
    """Microseconds of an entry's time since midnight.

    Raises:
        MistakeError: It is no time.
    """
    time = parse_time(common.time) if common.time else 0
    if time is None:
        raise MistakeError("time", f"--time is {common.time!r}; write it as 13:42:29")
    return time


def _proposal(books: Books, kind: Kind, values: dict[str, list[str]], common: Common) -> Proposal:
    date = when(books, common)
    accountant = accountant_of(books, common.accountant or "")
    if common.asks:
        asking.ask_missing(books, kind, values, date)
        name_missing(kind, values)
    instant = start_of(date) + moment_of(common)
    asked = Asked(
        kind,
        values,
        date,
        instant,
        time=common.time or "",
        by=common.by or _signers(books, kind, accountant, instant, common),
        id=common.name,
        payee=common.payee,
        narration=common.narration,
        links=common.links,
    )
    return propose(books, asked, accountant, common.file)


def when(books: Books, common: Common) -> datetime.date:
    """The date of an entry: as told, else that of the last event, the day after where that closed a month."""
    now = books.machine.state.now
    default = date_of(now + 1 if now % DAY == DAY - 1 else now) if now else None
    date = common.date
    if date is None and common.asks and not common.yes:
        date = asking.ask_date(default)
    if date is not None:
        return date
    if default is not None:
        warn_of_last_date(books)
    if default is None:
        raise click.UsageError("this is missing: --date (nothing stands in the ledger yet)")
    return default


def _signers(books: Books, kind: Kind, accountant: str, instant: int, common: Common) -> str:
    """Who acts where it has to be said: whoever writes, where one signature is enough."""
    if not kind.by_required and kind.name != "reject":
        return ""
    needed = books.region.decisions.at(instant).approvals if kind.approved else 1
    if needed == 1 and accountant:
        return accountant
    if kind.by_required and common.asks:
        return asking.ask_signers(books, needed, accountant)
    if kind.by_required:
        raise MistakeError("by", f"this is missing: --by, for {needed} accountant(s) to sign")
    return ""


def refuse(rejection: Rejection) -> NoReturn:
    """End with exit 1; nothing has changed."""
    click.echo(f"conductor: {rejection.code}: {rejection.message}", err=True)
    sys.exit(1)


def hold(books: Books, preview: Preview) -> None:
    """End with exit 1 where an entry cannot be, or would make impossible what comes later."""
    if preview.rejection is not None:
        refuse(preview.rejection)
    if preview.upset:
        first = preview.upset[0]
        assert first.rejection is not None
        file, line = books.place(first.event.source)
        fault = first.rejection
        problem = Problem(str(books.main.parent / file), line, fault.code, fault.message, books.region.table)
        if problem.code == _TAKEN:
            # Of two facts with one id the later is refused, or at one instant the one that sorts behind; here the new
            # one is at fault, wherever it sorts.
            where = f"{shown_path(problem.file)}:{line}"
            click.echo(
                f"conductor: {_TAKEN}: {where} has this id already, and an id is never used again; choose another",
                err=True,
            )
            sys.exit(1)
        click.echo(
            f"conductor: with this {len(preview.upset)} later event(s) would be impossible, so nothing is written; the "
            "first of them:",
            err=True,
        )
        click.echo(problem_line(problem), err=True)
        sys.exit(1)


def hold_date(books: Books, proposal: Proposal, common: Common) -> None:
    """Hold that an entry is not dated far ahead by mistake.

    Raises:
        Rejection: `date-far-ahead`.
    """
    date = date_of(proposal.preview.outcomes[0].event.instant)
    asks = common.asks and not (common.yes or common.dry_run)
    proposal.preview.advice += hold_near(books, date, ahead=common.ahead, asks=asks)


def _changes(books: Books, proposal: Proposal) -> tuple[list[Change], int]:
    try:
        changes, line = proposal.changes()
        return with_renewals(books, proposal.preview, changes), line
    except OSError as error:
        cannot_be_written(proposal.place.file, error)


def show(books: Books, proposal: Proposal, line: int) -> None:
    """Show an entry, where it will stand, how its amount came about, and what follows from it."""
    click.echo(f"{shown_path(str(proposal.place.file))}:{line}:")
    for text in proposal.text.rstrip("\n").split("\n"):
        click.echo(f"  {text}")
    for note in proposal.notes:
        click.echo(note)
    derived = [row for row in rows(books, proposal.preview) if row["derived"]]
    if derived:
        cells = [(row["type"], row["debit"], row["credit"], row["amount"], row["commodity"]) for row in derived]
        print_table("What follows from it:", ("transfer", "debit", "credit", ">amount", ""), cells)
    else:
        click.echo("No transfer follows from it.")
    for code, message in proposal.preview.advice:
        click.echo(f"advice: {code}: {message}")


def show_closed(books: Books, proposal: Proposal, others: list[Consequence]) -> None:
    """Show what an entry of a closed month changes for others."""
    if proposal.preview.months:
        closed_months.show(books, others, proposal.preview.months)


def rows(books: Books, preview: Preview) -> list[dict[str, Any]]:
    """Every transfer of a proposal, recorded and derived."""
    return [
        {
            "type": transfer.type,
            "debit": transfer.debit.name,
            "credit": transfer.credit.name,
            "commodity": reports.commodity_of(books, transfer.debit.economy).name,
            "amount": reports.amount(books, transfer.debit, transfer.units),
            "derived": transfer.derived,
        }
        for outcome in preview.outcomes
        for transfer in outcome.transfers
    ]


def tell(
    books: Books,
    proposal: Proposal,
    line: int,
    common: Common,
    *,
    kind: str,
    written: bool,
    others: list[Consequence],
) -> None:
    """Say what was done."""
    file, include = proposal.place.file, proposal.place.include
    if common.as_json:
        print_json(
            {
                "kind": kind,
                "written": written,
                "file": books.relative(str(file)),
                "line": line,
                "id": proposal.id or None,
                "text": proposal.text,
                "notes": proposal.notes,
                "transfers": rows(books, proposal.preview),
                "advice": [{"code": code, "message": message} for code, message in proposal.preview.advice],
                "renewed": [month for month in proposal.preview.months if month in books.machine.state.closed],
                "changes": rows_of(books, others),
                "includes": None if include is None else books.relative(str(include[0].file)),
            }
        )
        return
    if include is not None:
        said = "now includes" if written else "would include"
        click.echo(f"{shown_path(str(include[0].file))} {said} {books.relative(str(file))}, which is new")
    click.echo(f"{shown_path(str(file))}:{line}: written" if written else "Nothing is written.")
