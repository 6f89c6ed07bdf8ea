"""``python -m benchmarks.write FOLDER``: write a synthetic region and do nothing else.

The harness runs this as a process of its own, because what a parent keeps in memory shows in the peak of its children.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import click

from benchmarks.generate import Scenario, generate


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A field of the scenario, as JSON.")
def main(folder: Path, settings: tuple[str, ...]) -> None:
    """Write a synthetic region into FOLDER, for instance with --set transactions=10000 --set timed=true."""
    known = {item.name for item in fields(Scenario)}
    values = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in known:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(sorted(known))}")
        values[name] = json.loads(value)
    click.echo(generate(folder, Scenario(**values)))


if __name__ == "__main__":
    main()
