"""`conductor format`: the files of a ledger in one layout."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from conductor_bean.cli.output import color, problem_line, shown_path
from conductor_bean.formatting.rewriting import NotFormattableError, formatted
from conductor_bean.ledger.admission.gate import LedgerNotAdmittedError, admitted
from conductor_bean.ledger.admission.plain_files import MOST_BYTES, Folder, NotAdmittedError
from conductor_bean.ledger.appending import Change, write_together
from conductor_bean.ledger.books import MAIN_FILE, loading
from conductor_bean.ledger.files import LedgerFiles
from conductor_bean.ledger.loading import parsed
from conductor_bean.ledger.locking import LedgerBusyError, writing

_STDIN = Path("-")
_MARK = "byte-order-mark"


@dataclass(frozen=True, slots=True)
class _File:
    """A file with what it holds and what it should hold."""

    path: Path
    old: bytes
    new: bytes

    @property
    def changes(self) -> bool:
        return self.old != self.new


@click.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE or FOLDER]...")
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change, with exit status 1.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def format_files(paths: tuple[Path, ...], *, check: bool, diff: bool) -> None:
    """Bring files into the canonical layout; what they say stays the same.

    FILE is a .beancount file, FOLDER that of a region: all files of its ledger that stand in it. Without either it is
    the folder you are in; `-` reads from stdin and writes to stdout. A file that Beancount cannot parse is refused,
    and then none is written.

    Exit status: 0 where all is well, 1 where a file was refused or --check found one to change, 2 where one cannot be
    read or written.
    """
    if _STDIN in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone: stdin is laid out and written to stdout")
    # A file that has two names is one file.
    names = {path.resolve(): path for given in paths or (Path(),) for path in _files(given)}
    files = _laid_out(list(names.values()))
    changed = [file for file in files if file.changes]
    if diff:
        for file in changed:
            _show_diff(file)
    if check or diff:
        if not diff:
            for file in changed:
                click.echo(f"{shown_path(str(file.path))}: not in the canonical layout")
        sys.exit(1 if check and changed else 0)
    if _STDIN in paths:
        click.echo(files[0].new, nl=False)
        return
    _write(changed)
    for file in changed:
        click.echo(f"{shown_path(str(file.path))}: formatted")
    click.echo(f"{len(changed)} of {len(files)} file(s) formatted", err=True)


def _files(given: Path) -> Iterator[Path]:
    """The file, or the files of the ledger in a folder."""
    if given == _STDIN:
        yield given
        return
    try:
        is_folder = given.is_dir()
        folder = given.resolve() if is_folder else given
    except (OSError, ValueError) as error:
        _unreadable(given, getattr(error, "strerror", None) or str(error))
    if not is_folder:
        yield given
        return
    if not (given / MAIN_FILE).is_file():
        _unreadable(given, f"no {MAIN_FILE} stands in it; name the files, or the folder of a region")
    _hold_admitted((given / MAIN_FILE).absolute())
    for name in LedgerFiles((given / MAIN_FILE).absolute()).found():
        path = Path(name)
        # What is included from elsewhere may be somebody else's; whoever means it names it.
        with suppress(OSError):
            if path.is_file() and path.resolve().is_relative_to(folder):
                yield path


def _laid_out(paths: list[Path]) -> list[_File]:
    """Every file with its layout; the command ends where one cannot be read or is refused."""
    files, refused = [], False
    for path in paths:
        try:
            old = sys.stdin.buffer.read() if path == _STDIN else _content(path)
        except NotAdmittedError as fault:
            click.echo(f"{shown_path(str(path))}:{fault.line or 1}: {fault.code}: {fault.message}", err=True)
            refused = True
            continue
        except (OSError, ValueError) as error:
            _unreadable(path, getattr(error, "strerror", None) or str(error))
        try:
            files.append(_File(path, old, formatted(old)))
        except NotFormattableError as error:
            click.echo(f"{shown_path(str(path))}:{error.line}: {error}", err=True)
            refused = True
    if refused:
        click.echo("conductor: nothing was formatted; every file is as it was", err=True)
        sys.exit(1)
    return files


def _hold_admitted(main: Path) -> None:
    """Hold that a ledger names nothing that may not be read or run; a byte order mark is what format is for."""
    try:
        with loading():
            admitted(main, parsed)
    except LedgerNotAdmittedError as refused:
        problems = [problem for problem in refused.problems if problem.code != _MARK]
        for problem in problems:
            click.echo(problem_line(problem), err=True)
        if problems:
            click.echo("conductor: nothing was formatted; every file is as it was", err=True)
            sys.exit(1)
    except Exception:  # noqa: BLE001 - what Beancount fails on is told with the file in which it stands
        return


def _content(path: Path) -> bytes:
    above = path.absolute().parents
    folder = Folder(next((each for each in above if (each / MAIN_FILE).is_file()), above[0]))
    try:
        return folder.read(path)
    except NotAdmittedError as fault:
        if fault.code != _MARK:
            raise
    with folder.opened(path) as file:
        return file.read(MOST_BYTES)


def _unreadable(path: Path, reason: str) -> None:
    click.echo(f"conductor: {str(path)[:200]}: cannot be read: {reason}", err=True)
    sys.exit(2)


def _show_diff(file: _File) -> None:
    name = shown_path(str(file.path))
    old, new = (content.decode("utf-8", "replace").split("\n") for content in (file.old, file.new))
    for line in difflib.unified_diff(old, new, name, f"{name} (formatted)", lineterm=""):
        shade = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.secho(line, fg=color(shade) if shade else None)


def _write(files: list[_File]) -> None:
    """Write all files or none; nothing else writes their ledgers meanwhile."""
    ledgers = {main for file in files if (main := _ledger_of(file.path)) is not None}
    try:
        with ExitStack() as held:
            for main in sorted(ledgers):
                held.enter_context(writing(main))
            write_together([Change(file.path, file.old, file.new) for file in files])
    except LedgerBusyError as error:
        click.echo(f"conductor: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        name = shown_path(str(error.filename)) if error.filename else "a file"
        click.echo(f"conductor: {name}: cannot be written: {error.strerror or error}; nothing has changed", err=True)
        sys.exit(2)


def _ledger_of(path: Path) -> Path | None:
    """The main.beancount in the nearest folder above a file that has one."""
    mains = (folder / MAIN_FILE for folder in path.resolve().parents)
    return next((main for main in mains if main.is_file()), None)
