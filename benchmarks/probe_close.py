"""``python -m benchmarks.probe_close FOLDER``: the seconds that the engine needs for a region's last close of a month.

Reading the ledger, and everything that comes before that close, are done before the clock starts.
"""

from __future__ import annotations

import gc
import json
import time
from pathlib import Path
from typing import Any

import click
from beancount import loader

from conductor_bean.domain.facts import MONTH_CLOSE
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.ledger.checking import find_region
from conductor_bean.ledger.reading import read_entries


def measure(folder: Path) -> dict[str, Any]:
    """Apply a region's events up to its last close, and that one against the clock.

    Returns:
        The seconds of processor time, and how much there was to do.
    """
    entries, errors, options = loader.load_file(str(folder / "plain.beancount"))
    assert not errors
    _, region, _ = find_region(options, None)
    assert region is not None
    reading = read_entries(entries, region)
    *before, (instant, last) = timeline(reading.facts, reading.movements)
    assert [is_close(event) for event in last] == [True]
    machine = Machine(region, chart=reading.chart)
    for earlier, events in before:
        assert all(outcome.rejection is None for outcome in machine.apply_instant(earlier, events))
    there = what_is_there(machine)
    started = time.process_time()
    (outcome,) = machine.apply_instant(instant, last)
    seconds = time.process_time() - started
    assert outcome.rejection is None
    return {"seconds": seconds, **there, "transfers": len(outcome.transfers)}


def is_close(event: Fact | Movement) -> bool:
    """Whether an event is the close of a month."""
    return isinstance(event, Fact) and event.type.number == MONTH_CLOSE


def what_is_there(machine: Machine) -> dict[str, int]:
    """How many of each kind a close has to look at."""
    state, kept = machine.state, machine.state.credits
    return {
        "members": len(state.members),
        "companies": len(state.companies),
        "leases": sum(found.lease is not None for found in kept.properties.values()),
        "loans": sum(loan.outstanding > 0 for loan in kept.loans.values()),
        "students": sum(map(len, kept.enrolled.values())),
        "arrears": len(kept.arrears),
    }


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(folder: Path) -> None:
    """Print what FOLDER's last close of a month costs the engine, as JSON."""
    gc.disable()  # as `conductor check` does
    loader.initialize(use_cache=False)
    click.echo(json.dumps(measure(folder)))


if __name__ == "__main__":
    main()
