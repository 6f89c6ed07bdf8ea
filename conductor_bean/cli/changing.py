"""How commands that write a ledger hold it, and how they end where they cannot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import click

from conductor_bean.cli.output import problem_line, shown_path
from conductor_bean.ledger.appending import Change, FileChangedError
from conductor_bean.ledger.books import MAIN_FILE
from conductor_bean.ledger.changing import Seen, WouldNotHoldError, change_ledger
from conductor_bean.ledger.locking import LedgerBusyError, writing
from conductor_bean.ledger.problem import Problem


@contextmanager
def held(ledger: Path) -> Iterator[None]:
    """Hold a ledger from before it is read until it is written; two scripts at once then follow each other.

    Where there is no ledger nothing is held: reading it says so.
    """
    main = ledger / MAIN_FILE if ledger.is_dir() else ledger
    if not main.is_file():
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(writing(main))
        except LedgerBusyError as error:
            _busy(error)
        yield


def change(
    main: Path,
    changes: Sequence[Change],
    seen: Seen,
    wanted: Path | None = None,
    stood: Callable[[Problem], bool] = lambda _: False,
) -> None:
    """Change files of a ledger; end the command, with every file as it was, where that cannot be."""
    try:
        change_ledger(main, changes, seen, wanted, stood)
    except LedgerBusyError as error:
        _busy(error)
    except FileChangedError as error:
        cannot_be_written(Path(str(error.filename)), error)
    except OSError as error:
        cannot_be_written(changes[0].path, error)
    except WouldNotHoldError as error:
        names = ", ".join(sorted({each.path.name for each in changes}))
        click.echo(f"conductor: with this the ledger would not hold; {names} is as it was", err=True)
        for path in error.kept:
            click.echo(f"conductor: but {shown_path(str(path))} could not be put back; look at it", err=True)
        click.echo(problem_line(error.problems[0]), err=True)
        sys.exit(1)


def _busy(error: LedgerBusyError) -> NoReturn:
    click.echo(f"conductor: {error}", err=True)
    sys.exit(2)


def cannot_be_written(path: Path, error: OSError) -> NoReturn:
    """End with exit 2: a file cannot be written."""
    click.echo(f"conductor: {path}: cannot be written: {error.strerror or error}; nothing has changed", err=True)
    sys.exit(2)
