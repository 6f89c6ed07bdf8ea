"""``python -m benchmarks.write_both FOLDER``: write a simulated region with both economies, with its plain twin.

The text is that of `conductor simulate`. Beside it stand a file that opens every account and two mains that are equal
but for the plugin line, so that stock Beancount finds nothing to complain of either. What the simulation compares with
the books (`balances.beancount`) is left out of both: without the plugin nothing is derived, and it would not hold.
"""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.render import main_text
from conductor_bean.ledger.books import MAIN_FILE
from conductor_bean.simulation.folder import Simulated, simulate
from conductor_bean.simulation.recorder import BALANCES
from conductor_bean.simulation.scenario import Scenario

ACCOUNTS = "accounts.beancount"


def write_both(folder: Path, scenario: Scenario) -> Path:
    """Write the region's folder and return its main.beancount.

    Args:
        folder: The folder to make.
        scenario: How large.
    """
    made = simulate(folder, scenario)
    (folder / ACCOUNTS).write_text(opens(made, scenario), encoding="utf-8", newline="\n")
    includes = [ACCOUNTS, *(name for name in made.includes if name != f"{BALANCES}.beancount")]
    for name, plugin in (("plain.beancount", False), (MAIN_FILE, True)):
        (folder / name).write_text(main_text(includes, plugin=plugin), encoding="utf-8", newline="\n")
    return folder / MAIN_FILE


def opens(made: Simulated, scenario: Scenario) -> str:
    """Open every account that the region came to have, explicitly: without the plugin nobody else would."""
    machine = made.recorder.machine
    lines = []
    for name in machine.state.balances:
        commodity = machine.context.region.commodity(machine.context.account(name).economy)
        assert commodity is not None
        lines.append(f"{scenario.first_day} open {name} {commodity.name}\n")
    return "".join(lines)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--members", default=2_000, show_default=True)
@click.option("--companies", default=200, show_default=True)
@click.option("--months", default=12, show_default=True)
@click.option("--transactions", default=100_000, show_default=True)
def main(folder: Path, members: int, companies: int, months: int, transactions: int) -> None:
    """Write a simulated region into FOLDER."""
    click.echo(write_both(folder, Scenario(members, companies, months, transactions=transactions)))


if __name__ == "__main__":
    main()
