"""``python -m benchmarks.probe FOLDER``: the seconds that the engine needs for a region's transactions alone.

Reading the ledger, and the facts that come before its first transaction, are done before the clock starts.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path

import click
from beancount import loader

from conductor_bean.engine.machine import Machine
from conductor_bean.ledger.checking import find_region
from conductor_bean.ledger.reading import read_entries


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(folder: Path) -> None:
    """Print the processor seconds that FOLDER's transactions cost the engine."""
    loader.initialize(use_cache=False)
    gc.disable()  # as `conductor check` does
    entries, errors, options = loader.load_file(str(folder / "plain.beancount"))
    assert not errors
    _, region, _ = find_region(options, None)
    assert region is not None
    reading = read_entries(entries, region)
    first = min(movement.instant for movement in reading.movements)
    assert all(fact.instant < first for fact in reading.facts)
    machine = Machine(region, chart=reading.chart)
    outcomes = list(machine.run(reading.facts, []))
    started = time.process_time()
    outcomes += machine.run([], reading.movements)
    seconds = time.process_time() - started
    assert all(outcome.rejection is None for outcome in outcomes)
    click.echo(seconds)


if __name__ == "__main__":
    main()
