"""`conductor import`: books kept elsewhere become a ledger, and what other tools wrote becomes entries of one."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from conductor_bean.cli.sources import source_command
from conductor_bean.importers.common.sources import SOURCES
from conductor_bean.importers.workers_control import ImportRefusedError, Settings, import_database


class _Refusal(click.ClickException):
    """An import that was refused: wrong usage or an unreadable database."""

    exit_code = 2


def _hours(_context: click.Context, parameter: click.Parameter, value: str) -> Decimal | None:
    """A number of hours, exact, or none."""
    if value.lower() in {"none", "null"}:
        return None
    try:
        return Decimal(value)
    except InvalidOperation as error:
        message = f"{value!r} is no number of hours; give one such as 0 or 12.5, or none for no limit"
        raise click.BadParameter(message, param=parameter) from error


@click.group("import")
def import_group() -> None:
    """Import what other tools wrote: hours, sales, statements, lists, or the books of a whole app."""


for source in SOURCES:
    import_group.add_command(source_command(source))


@import_group.command("workers-control")
@click.argument("database")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The region's folder to make.")
@click.option("--region", default=Settings().region, show_default=True, help="The region's id.")
@click.option("--name", default="", help="The region's name; its id, if not given.")
@click.option(
    "--fic-window-days",
    default=Settings().fic_window_days,
    show_default=True,
    help="The app's setting of the window of the factor of individual consumption.",
)
@click.option(
    "--overdraw",
    metavar="HOURS",
    callback=_hours,
    default="none",
    show_default=True,
    help="The app's setting of how far members may fall below zero.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def workers_control(
    *,
    database: str,
    target: Path,
    region: str,
    name: str,
    fic_window_days: int,
    overdraw: Decimal | None,
    as_json: bool,
) -> None:
    """Make a region's folder of the DATABASE of a Workers Control app.

    DATABASE is an SQLite file or a postgresql:// URL; it is only read. Passwords and e-mail addresses stay there.
    `conductor check` on the new folder then audits the app.
    """
    settings = Settings(region, name, fic_window_days, overdraw)
    try:
        report = import_database(database, target, settings)
    except ImportRefusedError as error:
        raise _Refusal(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        return
    click.echo(f"imported into {target}")
    for line in report.lines():
        click.echo(line)
    click.echo(f"next: conductor check {target}")
