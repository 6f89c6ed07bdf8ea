"""`conductor import SOURCE FILES`: what other tools wrote becomes entries of a ledger, or every reason why not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from conductor_bean.cli.closed_months import again_option, hold_closed, rows_of, show, with_renewals
from conductor_bean.cli.output import json_option, load, print_json, problem_line, reads_ledger, shown_path, warn
from conductor_bean.domain.instants import last_date
from conductor_bean.domain.problems import Rejection
from conductor_bean.importers.common.sources import SOURCES, importer_class
from conductor_bean.ledger.books import MAIN_FILE, Books
from conductor_bean.ledger.locking import LedgerBusyError
from conductor_bean.ledger.preview import Preview, preview

if TYPE_CHECKING:
    from conductor_bean.importers.common.run import LedgerWouldNotHoldError, Report

_SHOWN = 20
DATE_ORDERS = ["day-month", "month-day", "year-month-day"]
_SETTINGS = ("timezone", "date_order", "decimal_mark", "encoding", "company", "strict")
_BANKS = ("camt053", "ofx")
_strict_option = click.option(
    "--strict",
    is_flag=True,
    default=None,
    help="Refuse statements whose opening or closing balance is missing or in another currency.",
)


_HELP = {
    "--ledger": "The region's folder, or its main.beancount; by default that of --to, or the one you are in.",
    "--to": "The file of the ledger to append to; without it the entries are printed.",
    "--mapping": "What foreign names mean; by default mapping.yaml in the region's folder.",
}
_PATHS = [
    click.option("--ledger", type=click.Path(path_type=Path), help=_HELP["--ledger"]),
    click.option("--to", "target", type=click.Path(path_type=Path), help=_HELP["--to"]),
    click.option("--mapping", type=click.Path(path_type=Path), help=_HELP["--mapping"]),
]
_FORMATS = [
    click.option("--timezone", help="Whose clock times without an offset are from, such as Europe/Berlin."),
    click.option("--date-order", type=click.Choice(DATE_ORDERS), help="How to read 03/04/2026."),
    click.option("--decimal-mark", type=click.Choice([",", "."]), help="How to read 1,234."),
    click.option("--encoding", help="Of text files, such as cp1252; found out by default."),
    click.option("--company", help="The company that all rows are about."),
    again_option,
    click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing."),
]


_ABOUT = """Import {}.

Everything is read and checked first; then all new entries are appended to one file of the ledger, or nothing is, and
every reason is told with its row. What the ledger holds is known by its id: the same file twice adds nothing. What the
files may look like, and mapping.yaml, is told in docs/importing.md.
"""


def _options(command: Any) -> Any:
    for option in reversed([*_PATHS, *_FORMATS]):
        command = option(command)
    return command


def source_command(source: str) -> click.Command:
    """The command that imports one source."""
    about = SOURCES[source].about

    @click.command(source, short_help=about[0].upper() + about[1:], help=_ABOUT.format(about))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @_options
    @json_option
    @reads_ledger
    def command(**options: Any) -> None:
        _import(source, **options)

    return _strict_option(command) if source in _BANKS else command


def _import(
    source: str,
    *,
    files: tuple[Path, ...],
    ledger: Path | None,
    target: Path | None,
    mapping: Path | None,
    dry_run: bool,
    again: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    # Only who imports pays for the libraries of importers: they take longer to load than most commands to run.
    from conductor_bean.importers.common.faults import ImportRefusedError  # noqa: PLC0415
    from conductor_bean.importers.common.run import LedgerWouldNotHoldError, prepare, write  # noqa: PLC0415

    overrides = {key: settings.get(key) for key in _SETTINGS}
    books = load(ledger or _ledger_of(target))
    if books.errors:
        warn(books)
        sys.exit(1)
    try:
        report = prepare(importer_class(source)(books.main, mapping, overrides), list(files), books)
        found = preview(books, report.text()) if _is_late(report, books) else Preview("")
        others = [] if found.rejection or found.upset else hold_closed(books, found, again=again, option="")
        if target is not None and not dry_run:
            write(report, books, target, lambda changes: with_renewals(books, found, changes))
    except ImportRefusedError as error:
        _refuse(error.lines(), status=2 if error.unreadable else 1)
    except LedgerWouldNotHoldError as error:
        _refuse(_why_not(error))
    except Rejection as rejection:
        _refuse([f"conductor: {rejection.code}: {rejection.message}"])
    except LedgerBusyError as error:
        _refuse([str(error)])
    except OSError as error:
        _refuse([f"{error.filename or target}: cannot be written ({error.strerror or error})"], status=2)
    if as_json:
        print_json({**report.as_json(books.relative), "changes": rows_of(books, others)})
    else:
        if found.months:
            show(books, others, found.months)
        _tell(report, books, printed=target is None or dry_run)


def _is_late(report: Report, books: Books) -> bool:
    """Whether an entry is dated before the end of a closed month."""
    closed = books.machine.state.closed
    return bool(closed) and any(entry.date <= last_date(closed[-1]) for entry in report.new)


def _ledger_of(target: Path | None) -> Path:
    """The folder of the ledger in which a file stands: the nearest one with a main.beancount."""
    folder = Path() if target is None else target.absolute().parent
    for candidate in (folder.absolute(), *folder.absolute().parents):
        if (candidate / MAIN_FILE).is_file():
            return candidate
    return folder


def _refuse(lines: list[str], status: int = 1) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    click.echo("conductor: nothing was imported", err=True)
    sys.exit(status)


def _why_not(error: LedgerWouldNotHoldError) -> list[str]:
    """The errors that a ledger would have, each at the row that it comes from and where it would stand."""
    lines = []
    for problem, origin in error.problems[:_SHOWN]:
        lines.append(f"{origin}: {problem.code}: {problem.message}" if origin else problem_line(problem))
    rest = len(error.problems) - _SHOWN
    return [*lines, *([f"... and {rest} more"] if rest > 0 else []), "With these entries the ledger would not hold."]


def _tell(report: Report, books: Books, *, printed: bool) -> None:
    if printed and report.new:
        click.echo(report.text())
    for note in report.notes:
        click.echo(f"conductor: {note}", err=True)
    known = f"; {report.known} known already" if report.known else ""
    if report.file is not None:
        lines = f"{shown_path(str(report.file))}:{report.lines[0]}"
        click.echo(f"{lines}: {_entries(len(report.new))} from {report.source}{known}")
    elif printed:
        click.echo(f"conductor: {_entries(len(report.new))} from {report.source}{known}; nothing was written", err=True)
    else:
        click.echo(f"nothing new from {report.source}{known}; {books.main.parent.name} is as it was")


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
