"""`conductor serve`: a ledger in the browser, for those who keep it, or its edition for everybody."""

from __future__ import annotations

import errno
import gc
import os
import sys
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.output import ledger_argument, problem_line, reads_ledger
from conductor_bean.ledger.admission.gate import LedgerNotAdmittedError
from conductor_bean.ledger.books import LedgerNotReadableError, main_file

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@ledger_argument
@click.option("--public", is_flag=True, help="Serve an edition, which `conductor publish` wrote, to everybody.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; this machine alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=5000, show_default=True, help="0 is any free port.")
@click.option("--imports", is_flag=True, help="Run the file that the ledger's option import-config names; it is code.")
@reads_ledger
def serve(ledger: Path, *, public: bool, host: str, port: int, imports: bool) -> None:
    """Show a ledger in the browser, with Fava and the region's pages.

    LEDGER is a main.beancount or its folder. Without --public whoever reaches the address reads and changes all of the
    ledger. With --public LEDGER is an edition: only what a reader needs is answered, each request within a few
    seconds, and nothing is ever written; a private ledger is refused. Ctrl-C ends it. Exit status: 1 where the ledger
    would run or read what it may not, 2 where there is no such ledger or edition, or the port is taken.
    """
    if public and imports:
        raise click.UsageError("--imports is for those who keep the ledger; an edition imports nothing")
    main = _main_file(ledger)
    gc.enable()  # a server lives long
    try:
        server = _public(main, host, port) if public else _private(main, host, port, imports=imports)
    except OSError as error:
        raise LedgerNotReadableError(_why(error, host, port)) from error
    click.echo(server.address)
    sys.stdout.flush()
    server.run()


def _public(main: Path, host: str, port: int) -> Any:
    # Fava takes a second to import; only this command waits for it.
    from conductor_bean.fava.deadline import seconds_allowed  # noqa: PLC0415
    from conductor_bean.fava.edition_ledger import NotAnEditionError, read_mark  # noqa: PLC0415
    from conductor_bean.fava.server import PublicServer  # noqa: PLC0415

    if not hasattr(os, "fork"):
        raise LedgerNotReadableError("--public needs processes as Unix has them; see docs/serving.md for WSGI servers")
    try:
        read_mark(main.parent)
        return PublicServer(main.parent, host, port, seconds_allowed())
    except (NotAnEditionError, ValueError) as error:
        raise LedgerNotReadableError(str(error)) from error


def _private(main: Path, host: str, port: int, *, imports: bool) -> Any:
    from conductor_bean.fava.private_app import PrivateServer  # noqa: PLC0415

    if host not in LOCAL:
        click.echo(f"conductor: whoever reaches {host} can read and change this ledger; see --public", err=True)
    try:
        server = PrivateServer(main, host, port, runs_imports=imports)
    except LedgerNotAdmittedError as refused:
        for problem in refused.problems:
            click.echo(problem_line(problem), err=True)
        click.echo("conductor: nothing of this ledger was loaded, and it is not served", err=True)
        sys.exit(1)
    if server.errors:
        click.echo(f"conductor: the ledger has {server.errors} error(s); Fava's page Errors shows them", err=True)
    return server


def _main_file(ledger: Path) -> Path:
    return main_file(ledger)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE or "No socket could be created" in str(error):
        return f"port {port} of {host} cannot be taken; something else may use it: give another with --port"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}"
