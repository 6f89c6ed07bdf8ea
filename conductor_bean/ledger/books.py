"""A region's ledger loaded as a whole: the books, every problem, and the engine behind them."""

from __future__ import annotations

import decimal
import gc
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from beancount import loader

from conductor_bean.domain.accounts import is_governed
from conductor_bean.domain.problems import printable
from conductor_bean.domain.region import Region
from conductor_bean.engine.events import Evidence, Outcome
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.ledger.admission.gate import LedgerNotAdmittedError, Parse, line_of
from conductor_bean.ledger.admission.plain_files import Folder, NotAdmittedError
from conductor_bean.ledger.afterwards import changed_after
from conductor_bean.ledger.checking import capture
from conductor_bean.ledger.judging import Checked, Wanted
from conductor_bean.ledger.loading import load_file, only_ours, parsed
from conductor_bean.ledger.parsing import FullCheckNeededError
from conductor_bean.ledger.problem import Change, Problem
from conductor_bean.ledger.reading import Reading
from conductor_bean.ledger.region_file import PLUGIN

MAIN_FILE = "main.beancount"

_CODES = {
    "LexerError": "syntax-error",
    "ParserError": "syntax-error",
    "ParserSyntaxError": "syntax-error",
    "LoadError": "file-not-loaded",
}
_NEXT_STEPS = (
    (
        re.compile("<<<<<<<|=======|>>>>>>>"),
        "git could not merge here: keep what is right of the two versions, and remove the lines of marks",
    ),
    (re.compile("\ufeff"), "the file begins with a byte order mark: save it without one, or run conductor format"),
    (
        re.compile(r"UnicodeDecodeError|Invalid token: .*\\x[89a-f]"),
        "the file is not in UTF-8: save it as UTF-8",
    ),
)
"""What is behind some errors of form, and what to do; Beancount itself says only what it stumbled over."""
_UNOPENED = "Invalid reference to unknown account"
_PLUGIN_FAULT = re.compile(r'Error (?:applying plugin|importing) "(.*?)"')
_INCLUDE_FAULT = re.compile(r'(?:File(?: glob)? "(.*?)" (?:does not|is not)|Duplicate filename parsed: "(.*?)")')


class LedgerNotReadableError(Exception):
    """There is no ledger at a path: wrong usage, not a fault of the books."""


@dataclass(slots=True)
class Books:
    """A ledger after its check.

    Attributes:
        main: Its main.beancount.
        entries: All entries, with what follows from them.
        problems: Every error and advice, in order of file and line.
        region: The region.
        machine: The engine after the last event.
        outcomes: What became of each event, in order of instant.
        places: File and line of each source.
        complete: Whether the check ran to its end, so that figures can be told.
        since: The revision of git with which they were compared, where the problems are the new ones alone.
        changes: What else changed since then, for somebody to look at.
        only_ours: Whether no option or plugin of another hand has a say in the books.
    """

    main: Path
    entries: list[Any]
    problems: list[Problem]
    checked: Checked | None
    complete: bool
    since: str = ""
    changes: list[Change] = field(default_factory=list)
    only_ours: bool = False
    _moments: dict[int, Machine] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        """Problems that block."""
        return [problem for problem in self.problems if not problem.is_advice]

    @property
    def advice(self) -> list[Problem]:
        """Problems that inform."""
        return [problem for problem in self.problems if problem.is_advice]

    @property
    def region(self) -> Region:
        """The region; the check must be complete."""
        assert self.checked is not None
        assert self.checked.region is not None
        return self.checked.region

    @property
    def machine(self) -> Machine:
        """The engine after the last event; the check must be complete."""
        assert self.checked is not None
        assert self.checked.machine is not None
        return self.checked.machine

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of each event, in order of instant."""
        return [] if self.checked is None else self.checked.outcomes

    @property
    def last_instant(self) -> int:
        """The instant of the last event that was applied, 0 where there is none."""
        applied = (
            outcome.event.instant
            for outcome in reversed(self.outcomes)
            if outcome.rejection is None and not isinstance(outcome.event, Evidence)
        )
        return next(applied, 0)

    def place(self, source: int) -> tuple[str, int]:
        """File, relative to the ledger's folder, and line of a source."""
        assert self.checked is not None
        assert self.checked.places is not None
        file, line = self.checked.places.of(self.checked.sources[source].meta)
        return self.relative(file), line

    def relative(self, file: str) -> str:
        """A file's path relative to the ledger's folder where it lies in it."""
        try:
            return str(Path(file).relative_to(self.main.parent))
        except ValueError:
            return file

    def at(self, instant: int | None) -> Machine:
        """The engine after all events at or before an instant; None is the end."""
        if instant is None or instant >= self.machine.state.now:
            return self.machine
        if instant not in self._moments:
            machine, reading = self.fresh()
            for _ in machine.run(reading.facts, reading.movements, until=instant):
                pass
            self._moments[instant] = machine
        return self._moments[instant]

    def course(self, instants: list[int]) -> Iterator[tuple[int, Machine]]:
        """The engine at each of some instants, in order, in one pass over the events."""
        machine, reading = self.fresh()
        waiting = sorted(instants, reverse=True)
        for instant, events in timeline(reading.facts, reading.movements):
            while waiting and waiting[-1] < instant:
                yield waiting.pop(), machine
            machine.apply_instant(instant, events)
        while waiting:
            yield waiting.pop(), machine

    def fresh(self) -> tuple[Machine, Reading]:
        """An engine before the first event that is held here, and the events: to apply them anew, or with others."""
        assert self.checked is not None
        assert self.checked.reading is not None
        reading = self.checked.reading
        return Machine(self.region, self.checked.start(), reading.chart, reading.evidence), reading


def load_books(
    path: Path, parse: Parse = parsed, wanted: Wanted | None = None, allowed: Collection[str] | None = None
) -> Books:
    """Load and check a ledger.

    Args:
        path: A main.beancount or the folder of a region.
        parse: Parses each file, Beancount's own parser by default.
        wanted: What is asked of the check, beside its verdict and outcomes.
        allowed: Names of plugins and extensions of others that may run; by default those that its region.yaml lists.

    Raises:
        LedgerNotReadableError: There is no readable file at the path.
        FullCheckNeededError: The parser that was given cannot do without what it left out.
    """
    main = main_file(path)
    try:
        with capture(wanted) as checks, loading():
            entries, errors, options_map = load_file(main, lambda: checks, parse, allowed)
    except FullCheckNeededError:
        raise
    except LedgerNotAdmittedError as refused:
        return Books(main, [], refused.problems, None, complete=False)
    except OSError as error:
        name = str(error.filename or main)
        file, line = _include_line(f'File "{name}" is not', main, {"include": [str(main)]}) or (str(main), 1)
        message = f"{Path(name).name} cannot be read ({error.strerror}); mend the include, or the file"
        return Books(main, [], [Problem(file, line, "file-not-loaded", message)], None, complete=False)
    except Exception as error:  # noqa: BLE001 - Beancount itself fails on some hostile texts; that is an error of theirs
        reason = f"{type(error).__name__}: {error}"
        message = f"Beancount failed on this ledger ({reason}); look for metadata that overwrites lineno:"
        problem = Problem(str(main), 1, "check-incomplete", printable(" ".join(message.split())))
        return Books(main, [], [problem], None, complete=False)
    return books_of(main, entries, errors, options_map, checks)


def books_of(
    main: Path, entries: list[Any], errors: list[Any], options_map: dict[str, Any], checks: list[Checked]
) -> Books:
    """The books of a ledger that was loaded, with the checks that the plugin made meanwhile.

    Args:
        main: Its main.beancount.
        entries: All entries.
        errors: All errors of Beancount and the plugins.
        options_map: Beancount's options.
        checks: The checks, in order.
    """
    problems = [_foreign(error, main, options_map) for error in errors if type(error).__name__ != "ConductorError"]
    # With two plugin lines of ours the first run takes out what it rejects, so every run's problems count.
    problems += [problem for checked in checks for problem in checked.problems]
    checked = checks[-1] if checks else None
    complete = checked is not None and all(check.machine is not None for check in checks)
    if checked is None:
        # Accounts that nobody opened, because nobody looked: not each of them is a fault.
        problems = [problem for problem in problems if not problem.message.startswith(_UNOPENED)]
        if not any(problem.code == "plugin-failed" for problem in problems):
            problems.append(_not_checked(main, options_map))
    elif complete:
        problems += changed_after(checked, entries, main)
    return Books(main, entries, sorted(set(problems)), checked, complete, only_ours=only_ours(options_map))


@contextmanager
def loading() -> Iterator[None]:
    """Own the process while loading: no collection of garbage (27 % of Beancount's time), no load cache."""
    was_enabled = gc.isenabled()
    gc.disable()
    loader.initialize(use_cache=False)
    try:
        with decimal.localcontext() as context:
            # With its traps on, `1/0 HOUR` ends Beancount's parser, and the process, in a segmentation fault.
            context.traps[decimal.DivisionByZero] = context.traps[decimal.InvalidOperation] = False
            yield
    finally:
        loader.initialize(use_cache=os.getenv("BEANCOUNT_DISABLE_LOAD_CACHE") is None)
        if was_enabled:
            gc.enable()


def main_file(path: Path) -> Path:
    """The main.beancount of a ledger, as an absolute path.

    Raises:
        LedgerNotReadableError: There is no readable file at the path.
    """
    try:
        main = path / MAIN_FILE if path.is_dir() else path
        if not os.path.lexists(main) or main.is_dir():
            raise LedgerNotReadableError(
                f"{main}: there is no such file; name a main.beancount or the folder of a region"
            )
        with suppress(NotAdmittedError), Folder(main.parent).opened(main):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerNotReadableError(f"{str(path)[:200]}: cannot be read: {reason}") from error
    return main.absolute()


def _foreign(error: Any, main: Path, options_map: dict[str, Any]) -> Problem:
    """An error of Beancount or of another plugin, with a place that editors can open."""
    source = error.source or {}
    file, line = str(source.get("filename", main)), int(source.get("lineno") or 0)
    message = " ".join(str(error.message).split())
    code = _CODES.get(type(error).__name__, "beancount-error")
    if type(error).__name__ == "BalanceError" and is_governed(error.entry.account):
        message += "; an event before this date is missing, twice or wrong: mend it, or the amount asserted"
        return Problem(file, max(line, 1), "balance-failed", printable(message[:500]))
    if code == "syntax-error":
        message += "".join(f"; {step}" for cause, step in _NEXT_STEPS if cause.search(message))
    plugin = _PLUGIN_FAULT.match(message)
    if plugin is not None:
        # The last line of the traceback says why; the rest is about this machine.
        reason = str(error.message).strip().splitlines()[-1].strip()
        message, code = f"the plugin {plugin[1]} failed: {reason}; mend or remove its line", "plugin-failed"
        return Problem(str(main), _plugin_line(main, plugin[1]), code, printable(message[:500]))
    if file not in options_map.get("include", [str(main)]):
        file, line = _include_line(message, main, options_map) or (str(main), 1)
    return Problem(file, max(line, 1), code, printable(message[:500]))


def _plugin_line(main: Path, name: str) -> int:
    try:
        return line_of(Folder(main.parent).read(main), "plugin", name)
    except OSError:
        return 1


def _include_line(message: str, main: Path, options_map: dict[str, Any]) -> tuple[str, int] | None:
    """Where the `include` stands that names a file which could not be loaded."""
    match = _INCLUDE_FAULT.search(message)
    if match is None:
        return None
    wanted = Path(match[1] or match[2]).name
    for file in options_map.get("include", []):
        try:
            lines = Folder(main.parent).read(file).decode("utf-8", "replace").splitlines()
        except OSError:
            continue
        for number, line in enumerate(lines, 1):
            if line.startswith("include") and wanted in line:
                return str(file), number
    return None


def _not_checked(main: Path, options_map: dict[str, Any]) -> Problem:
    if any(name == PLUGIN for name, _ in options_map.get("plugin", [])):
        message = "the conductor plugin did not run; mend the other errors first, they say why"
        return Problem(str(main), 1, "check-incomplete", message)
    return Problem(str(main), 1, "plugin-missing", f'the ledger is not checked; add the line: plugin "{PLUGIN}"')
