"""`conductor simulate`: a synthetic region, for trying, teaching and measuring."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from conductor_bean.cli.months import MONTH
from conductor_bean.domain.instants import LAST_DATE, month_number
from conductor_bean.ledger.folder import FolderRefusedError
from conductor_bean.simulation.folder import simulate as write_region
from conductor_bean.simulation.scenario import Scenario

MOST_MEMBERS, MOST_COMPANIES, MOST_TRANSACTIONS = 100_000, 10_000, 10_000_000


class _Refusal(click.ClickException):
    """A folder that cannot be made: wrong usage."""

    exit_code = 2


@click.command()
@click.option(
    "--members",
    type=click.IntRange(1, MOST_MEMBERS),
    default=Scenario().members,
    show_default=True,
    help="How many people take part by the end.",
)
@click.option(
    "--companies",
    type=click.IntRange(1, MOST_COMPANIES),
    default=Scenario().companies,
    show_default=True,
    help="How many companies there are.",
)
@click.option(
    "--months",
    type=click.IntRange(1, 1_200),
    default=Scenario().months,
    show_default=True,
    help="How many months are told, each of them closed.",
)
@click.option(
    "--seed",
    type=int,
    default=Scenario().seed,
    show_default=True,
    help="What chance begins with: the same options give the same files.",
)
@click.option("--start", type=MONTH, default=Scenario().start, show_default=True, help="The first month.")
@click.option(
    "--transactions",
    type=click.IntRange(0, MOST_TRANSACTIONS),
    help="About how many in all; as many as suit the other options, if not given.",
)
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The region's folder to make.")
def simulate(
    *, members: int, companies: int, months: int, seed: int, start: str, transactions: int | None, target: Path
) -> None:
    """Make the folder of a synthetic region with both economies, free of errors.

    Nobody in it exists. It is for trying the commands, for teaching, and for measuring: members, companies, plans and
    cooperations, hours and purchases, leases, loans, a school, a neighbour, and every month closed.
    """
    if month_number(start) + months - 1 > month_number(f"{LAST_DATE:%Y-%m}"):
        message = f"{months} months from {start} on end after {LAST_DATE:%Y-%m}; begin earlier, or tell fewer"
        raise click.BadParameter(message, param_hint="'--months'")
    scenario = Scenario(members, companies, months, seed, start, transactions)
    try:
        made = write_region(target, scenario, lambda days: _shown(days, scenario.days))
    except FolderRefusedError as error:
        raise _Refusal(str(error)) from error
    click.echo(
        f"wrote {target}: {members} members, {companies} companies, {months} months, "
        f"{made.recorder.transactions} transactions"
    )
    click.echo(f"next: conductor check {target}")


def _shown(days: Iterator[datetime.date], count: int) -> Iterator[datetime.date]:
    """The days as they pass, with a sign of life on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield from days
        return
    with Console(stderr=True).status("Living ...") as status:
        for number, date in enumerate(days, 1):
            status.update(f"Living {date} (day {number} of {count}) ...")
            yield date
