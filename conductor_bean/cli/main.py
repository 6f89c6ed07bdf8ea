"""The `conductor` command."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

import click

from conductor_bean.cli import accounts, planning
from conductor_bean.cli.check import check
from conductor_bean.cli.explain import explain
from conductor_bean.cli.importing import import_group


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="conductor-bean", prog_name="conductor")
def main() -> None:
    """Keep the books of a region that decides its own economy."""
    # One command, one process, one ledger: what is loaded stays until the end, so collecting garbage finds nothing.
    gc.disable()


main.add_command(check)
main.add_command(explain)
for command in (
    accounts.balances,
    accounts.transfers,
    planning.fic,
    planning.price,
    planning.plans,
    planning.companies,
    planning.cooperations,
    accounts.statement,
):
    main.add_command(command)
main.add_command(import_group, "import")


def run() -> NoReturn:
    """Run a command and end the process at once: freeing a large ledger object by object would take a while."""
    try:
        main()
    except SystemExit as end:
        status = end.code
    else:
        status = 0
    if status is not None and not isinstance(status, int):
        click.echo(status, err=True)
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # the reader of a pipe has gone
        status = status or 1
    os._exit(status or 0)


if __name__ == "__main__":
    run()
