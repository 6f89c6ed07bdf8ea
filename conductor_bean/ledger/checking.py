"""One check of a ledger's entries: read them, apply them, write what follows."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from beancount.core.data import Transaction

from conductor_bean.domain.instants import date_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.domain.region import Region
from conductor_bean.engine.events import Fact, Movement, Outcome
from conductor_bean.engine.machine import REGION_ACCOUNTS, Machine
from conductor_bean.engine.state import State
from conductor_bean.ledger.places import Places
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.reading import Reading, read_entries, touches_governed
from conductor_bean.ledger.region_file import YAML_SUFFIXES, read_region
from conductor_bean.ledger.writing import BookWriter

REGION_FILE = "region.yaml"


@dataclass(slots=True)
class Checked:
    """A ledger after its check.

    Attributes:
        entries: The books: entries with what follows from them, without what was rejected.
        problems: Every error and advice, in order of file and line.
        region: The region, or None where region.yaml does not hold.
        machine: The engine after the last event, or None where it did not run.
        reading: What the entries say, or None.
        outcomes: What became of each event, where it was asked for.
        sources: The entries as they were read; an event's source is an index in it.
        places: Where faults of those entries stand.
        legs: Postings of each transaction of the books as the check left them, by identity, where asked for.
    """

    entries: list[Any]
    problems: list[Problem]
    region: Region | None = None
    machine: Machine | None = None
    reading: Reading | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    sources: list[Any] = field(default_factory=list)
    places: Places | None = None
    legs: dict[int, tuple[Any, ...]] = field(default_factory=dict)


_captured: ContextVar[list[Checked] | None] = ContextVar("captured", default=None)


@contextmanager
def capture() -> Iterator[list[Checked]]:
    """Collect the checks that the plugin makes while a ledger is loaded, with all outcomes."""
    checks: list[Checked] = []
    token = _captured.set(checks)
    try:
        yield checks
    finally:
        _captured.reset(token)


@dataclass(slots=True)
class _Kept:
    """The checks of the last load in this process: those that were given the same options."""

    options: dict[str, Any] | None = None
    checks: list[Checked] = field(default_factory=list)

    def add(self, options: dict[str, Any], checked: Checked) -> None:
        if self.options is not options:
            self.options, self.checks = options, []
        self.checks.append(checked)


_kept: dict[str, _Kept] | None = None


def keep_checks() -> None:
    """From now on keep, for the life of the process, the last check of each ledger with all its outcomes.

    For a server, where Fava loads the ledger and the pages want the engine behind it: without this they would load the
    ledger a second time. It costs the memory of the outcomes, so no other command asks for it.
    """
    global _kept  # noqa: PLW0603 - Beancount calls the plugin; there is no other way to tell it
    _kept = {} if _kept is None else _kept


def kept_checks(options_map: dict[str, Any]) -> list[Checked]:
    """The checks that were made while a ledger was loaded with these options, if they were kept."""
    kept = (_kept or {}).get(_main_name(options_map))
    return kept.checks if kept is not None and kept.options is options_map else []


def _main_name(options_map: dict[str, Any]) -> str:
    return str(options_map.get("filename"))


def check_entries(entries: list[Any], options_map: dict[str, Any], config: str | None) -> Checked:
    """Check a ledger's entries as the plugin does.

    Args:
        entries: Beancount's entries, in any order.
        options_map: Beancount's options; region.yaml is added to its list of included files, so that the load
            cache and Fava notice its changes.
        config: The plugin line's configuration: the path of region.yaml relative to the ledger, or None.
    """
    path, region, faults = find_region(options_map, config)
    captured = _captured.get()
    keep = captured is not None or _kept is not None
    if region is None:
        checked = _unchecked(entries, faults)
    else:
        try:
            with _without_collection():
                checked = _check(entries, region, Places(options_map, path), keep=keep)
        except Exception as error:  # noqa: BLE001 - Beancount drops a plugin that raises, and with it every check
            main = str(options_map.get("filename") or path)
            message = (
                f"the check could not run to its end ({type(error).__name__}: {error}); this is a fault of conductor"
            )
            checked = _unchecked(entries, [Problem(main, 1, "check-incomplete", " ".join(message.split()))])
    if captured is not None:
        captured.append(checked)
    elif _kept is not None:
        _kept.setdefault(_main_name(options_map), _Kept()).add(options_map, checked)
    return checked


def _unchecked(entries: list[Any], problems: list[Problem]) -> Checked:
    """Books of which nothing is known: what was not checked is not shown, nor Beancount's faults with each of it."""
    return Checked([entry for entry in entries if not touches_governed(entry)], problems)


def find_region(options_map: dict[str, Any], config: str | None) -> tuple[Path, Region | None, list[Problem]]:
    """The path of a ledger's region.yaml, the region it describes, or its faults.

    The path joins Beancount's list of included files: its load cache is keyed on them alone, and Fava watches them.
    """
    folder = Path(options_map.get("filename") or ".").absolute().parent
    path = folder / (_configured(config) or REGION_FILE)
    includes = options_map.setdefault("include", [])
    if str(path) not in includes:
        includes.append(str(path))
    region, faults = read_region(path)
    if region is None and (path.suffix not in YAML_SUFFIXES or not path.exists()):
        main = Path(str(options_map.get("filename") or path))
        faults = [replace(fault, file=str(main), line=_plugin_line(main)) for fault in faults]
    return path, region, faults


def _plugin_line(main: Path) -> int:
    """The line that loads the plugin: where a missing region.yaml can be mended."""
    try:
        lines = main.read_text("utf-8", "replace").splitlines()
    except OSError:
        return 1
    return next((n for n, line in enumerate(lines, 1) if line.startswith('plugin "conductor_bean.plugins.')), 1)


def _configured(config: str | None) -> str | None:
    """The path that a plugin line configures: plain, or as a quoted Python string."""
    if not config:
        return None
    try:
        value = ast.literal_eval(config)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        value = config
    path = value if isinstance(value, str) and value else config
    return path.replace("\0", "")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector from walking the whole ledger again and again while it grows by half.

    Afterwards what is alive is frozen: entries form no cycles, so a collection in Beancount's own passes finds nothing
    in them (about ten percent of a whole bean-check). Reference counting frees them all the same, and the next
    check in this process, as in Fava, begins by taking the ice off, so nothing accumulates.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()


def _check(entries: list[Any], region: Region, places: Places, *, keep: bool) -> Checked:
    reading = read_entries(entries, region)
    entries = list(entries)
    writer = BookWriter(entries, region, reading.opened, reading.chart)
    writer.removed.update(reading.silenced)
    machine = Machine(region, State(missing=dict(reading.missing)), reading.chart, reading.evidence)
    outcomes: list[Outcome] = []
    faults: list[tuple[int, Rejection]] = []
    dependent: list[tuple[int, Rejection]] = []
    for index, rejection in reading.rejected:
        writer.removed.add(index)
        faults.append((index, rejection))
    for outcome in machine.run(reading.facts, reading.movements):
        writer.write(outcome)
        if outcome.rejection is not None:
            (dependent if outcome.depends else faults).append((outcome.event.source, outcome.rejection))
        if keep:
            outcomes.append(outcome)
    _open_region(entries, reading, region, writer)
    faults += _strange_opens(reading, machine)
    problems = [places.problem(entries[source], rejection) for source, rejection in faults]
    problems += [places.set_aside(entries[source], rejection) for source, rejection in dependent]
    problems += [
        places.at(entries[advice.source].meta, advice.code, advice.message) for advice in machine.adviser.advice
    ]
    problems += [places.at(entries[index].meta, code, message) for index, code, message in reading.advice]
    problems.sort()
    books = writer.books()
    legs = {id(entry): tuple(entry.postings) for entry in books if type(entry) is Transaction} if keep else {}
    return Checked(books, problems, region, machine, reading, outcomes, entries, places, legs)


def _open_region(entries: list[Any], reading: Reading, region: Region, writer: BookWriter) -> None:
    """Open what belongs to nobody in particular, with the first event."""
    events: list[Fact | Movement] = [*reading.facts, *reading.movements]
    if events:
        first = min(events, key=lambda event: event.instant)
        kinds: tuple[str, ...] = ("psf",) if region.labour_time is not None else ()
        kinds += REGION_ACCOUNTS if region.credits is not None else ()
        for kind in kinds:
            writer.open(reading.chart.of(kind).name, date_of(first.instant), entries[first.source].meta)


def _strange_opens(reading: Reading, machine: Machine) -> list[tuple[int, Rejection]]:
    """Explicit opens of accounts whose owner the region never had."""
    return [
        (index, Rejection("account-without-owner", f"{account} belongs to nobody in the region; declare the party"))
        for account, index in sorted(reading.opened.items())
        if account not in machine.state.balances
    ]
