"""`conductor publish`: the public edition of a ledger."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console

from conductor_bean.cli.months import MONTH
from conductor_bean.cli.output import json_option, ledger_argument, print_json, reads_ledger, shown_path, warn
from conductor_bean.cli.output import load as load_ledger
from conductor_bean.domain.instants import month_from_number, month_number, month_of

if TYPE_CHECKING:
    from conductor_bean.publish.edition import Edition


@click.command()
@ledger_argument
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The edition's folder.")
@click.option(
    "--through",
    type=MONTH,
    help="The last complete month, as 2026-03; by default the one closed last or, without closes, the one before the "
    "last event's.",
)
@click.option(
    "--neighbour",
    "neighbours",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The edition of a neighbour region: the audit takes what it tells of you for known. Repeatable.",
)
@json_option
@reads_ledger
def publish(*, ledger: Path, target: Path, through: str | None, neighbours: tuple[Path, ...], as_json: bool) -> None:
    """Write the public edition of a ledger.

    Public in full are the region's accounts, cooperations, plans, prices, FIC, decisions, offers, properties and the
    books of companies that the region owns. What members and companies of workers do appears in totals only, merged
    until they expose nobody, and audited. What was told once is never told otherwise: publication.json beside the
    ledger keeps it, with the secret of the region. Keep that file in the ledger's private repository.
    """
    # The solver of the audit is large; no other command should wait for it.
    from conductor_bean.publish.audit import AuditFailedError  # noqa: PLC0415
    from conductor_bean.publish.edition import ExposedError  # noqa: PLC0415
    from conductor_bean.publish.key import RecordRefusedError  # noqa: PLC0415
    from conductor_bean.publish.neighbours import NeighbourRefusedError  # noqa: PLC0415
    from conductor_bean.publish.placing import EditionRefusedError, alone  # noqa: PLC0415

    try:
        with alone(ledger if ledger.is_dir() else ledger.parent):
            made, resolved = _publish(ledger, target, None if through is None else month_number(through), neighbours)
    except (EditionRefusedError, NeighbourRefusedError, RecordRefusedError) as error:
        _refuse(str(error), 2)
    except ExposedError as error:
        _refuse(exposed_text(error), 1)
    except AuditFailedError as error:
        _refuse(f"the audit did not come to an end ({error}); nothing is written", 1)
    place = shown_path(str(resolved))
    if as_json:
        print_json({"edition": place, "through": made.through, "told": made.told, "waiting": made.waiting})
        return
    told = "no month is complete yet" if made.through is None else f"private transfers through {made.through}"
    click.echo(f"wrote {place}: {told}, {made.told} totals, {made.waiting} cells wait")
    click.echo(f"next: conductor serve {place} --public")


def _publish(ledger: Path, target: Path, through: int | None, neighbours: tuple[Path, ...]) -> tuple[Edition, Path]:
    from conductor_bean.publish.edition import make_edition  # noqa: PLC0415
    from conductor_bean.publish.neighbours import read_neighbours  # noqa: PLC0415
    from conductor_bean.publish.placing import check_nothing_lost, check_place, key_of, place  # noqa: PLC0415
    from conductor_bean.publish.record import read_history  # noqa: PLC0415

    books = load_ledger(ledger)
    if books.errors:
        warn(books)
        _refuse("nothing is written; an edition is made of books that hold", 1)
    folder = books.main.parent
    resolved = check_place(target, folder, books.region.id)
    history, key = read_history(folder, books.region), key_of(folder)
    if through is not None:
        _check_month(through, history.through, books.last_instant)
    with Console(stderr=True).status("Publishing ...") if sys.stderr.isatty() else nullcontext():
        edition = make_edition(books, history, key, through, read_neighbours(neighbours, books))
        check_nothing_lost(edition, resolved, folder)
        place(edition, resolved, folder)
    return edition, resolved


def _check_month(through: int, told: int | None, last_instant: int) -> None:
    """Hold that a month that somebody calls complete is one of the ledger, and not before what was told."""
    month = month_from_number(through)
    last = month_number(month_of(last_instant)) if last_instant else None
    if told is not None and through < told:
        already = month_from_number(told)
        _refuse(f"--through {month}: {already} was told already, and stays told; name {already} or a later month", 2)
    if last is None or through > last:
        events = "there are no events yet" if last is None else f"the last event is of {month_from_number(last)}"
        _refuse(f"--through {month}: {events}; a month is complete when it has passed, so name an earlier one", 2)


def _refuse(why: str, code: int) -> NoReturn:
    click.echo(f"conductor: {why}", err=True)
    sys.exit(code)


def exposed_text(error: Exception) -> str:
    """Which total could be computed too closely, without saying what it is."""
    from conductor_bean.publish.edition import ExposedError  # noqa: PLC0415

    assert isinstance(error, ExposedError)
    hidden = error.exposure.hidden
    cell = hidden.cells[0]
    where = f" at {cell.branch}" if cell.branch else ""
    return (
        f'"{cell.type}" of {month_from_number(cell.month)}{where} ({cell.debit} -> {cell.credit}) could be computed '
        "too closely from what earlier editions told and what is known by now; nothing is written. Look at what "
        "changed in that month, or decide other thresholds (publication_... in region.yaml)"
    )
