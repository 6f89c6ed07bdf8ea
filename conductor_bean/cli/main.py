"""The `conductor` command."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn

import click

from conductor_bean.cli import accounts, crediting, planning, receipts
from conductor_bean.cli.check import check
from conductor_bean.cli.closing import close
from conductor_bean.cli.explain import explain
from conductor_bean.cli.formatting import format_files
from conductor_bean.cli.founding import init
from conductor_bean.cli.importing import import_group
from conductor_bean.cli.merging import merge_entries
from conductor_bean.cli.publishing import publish
from conductor_bean.cli.recording import add
from conductor_bean.cli.reporting import report
from conductor_bean.cli.sealing import seal
from conductor_bean.cli.services import services
from conductor_bean.cli.serving import serve
from conductor_bean.cli.simulating import simulate
from conductor_bean.cli.statements import statement


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="conductor-bean", prog_name="conductor")
def main() -> None:
    """Keep the books of a region that decides its own economy."""


main.add_command(check)
main.add_command(init)
main.add_command(explain)
for command in (
    accounts.balances,
    accounts.transfers,
    planning.fic,
    planning.price,
    planning.plans,
    planning.companies,
    planning.cooperations,
    services,
    statement,
    report,
    crediting.cost,
    crediting.loans,
    crediting.properties,
    crediting.lists,
    crediting.months_command,
    crediting.what_if,
    add,
    close,
    seal,
    receipts.receipt,
    receipts.verify_receipt,
):
    main.add_command(command)
main.add_command(format_files)
main.add_command(merge_entries)
main.add_command(import_group, "import")
main.add_command(serve)
main.add_command(simulate)
main.add_command(publish)


def run() -> NoReturn:
    """Run one command in a process of its own, and end it at once.

    What is loaded stays until the end, so collecting garbage finds nothing; and freeing a large ledger object by
    object takes a while, so the process ends without.
    """
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the locale cannot write is no reason to stop
    try:
        main()
        status: object = 0
    except SystemExit as end:
        status = end.code
    except OSError as error:
        click.echo(f"conductor: cannot go on: {error.strerror or error}", err=True)
        status = 2
    if status is not None and not isinstance(status, int):
        click.echo(str(status), err=True)
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads, or there is no room: what was said so far is not whole
        status = status or 2
    os._exit(status or 0)


if __name__ == "__main__":
    run()
