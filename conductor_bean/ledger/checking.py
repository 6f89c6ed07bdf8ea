"""One check of a ledger's entries: read them, apply them, write what follows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from conductor_bean.domain.problems import quoted
from conductor_bean.domain.region import Region
from conductor_bean.ledger.admission.plain_files import OF_THE_FILE_ITSELF, Folder
from conductor_bean.ledger.judging import VERDICT_ONLY, Checked, Wanted, judge
from conductor_bean.ledger.places import Places
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.reading import touches_governed
from conductor_bean.ledger.region_file import OUR_PLUGINS, PLUGIN, REGION_FILE, YAML_SUFFIXES, read_region, region_path

_captured: ContextVar[list[Checked] | None] = ContextVar("captured", default=None)
_wanted: ContextVar[Wanted] = ContextVar("wanted", default=VERDICT_ONLY)


@contextmanager
def capture(wanted: Wanted | None = None) -> Iterator[list[Checked]]:
    """Collect the checks that the plugin makes while a ledger is loaded, with all outcomes.

    Args:
        wanted: What else is asked of them.
    """
    checks: list[Checked] = []
    token, before = _captured.set(checks), _wanted.set(wanted or VERDICT_ONLY)
    try:
        yield checks
    finally:
        _captured.reset(token)
        _wanted.reset(before)


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
                places = Places(options_map, path, region.table)
                checked = judge(entries, region, places, replace(_wanted.get(), outcomes=keep))
                checked.problems.extend(_not_first(options_map, places))
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


def _not_first(options_map: dict[str, Any], places: Places) -> Iterator[Problem]:
    """Another plugin that runs before the check."""
    before = list(takewhile(lambda name: name != PLUGIN, (name for name, _ in options_map.get("plugin", ()))))
    foreign = [name for name in before if not name.startswith(OUR_PLUGINS)]
    if foreign and len(before) < len(options_map["plugin"]):
        message = f"the plugin {quoted(foreign[0])} runs before the check; put this line before its line"
        meta = {"filename": places.main, "lineno": _plugin_line(Path(places.main), f'"{PLUGIN}"')}
        yield places.at(meta, "plugin-not-first", message)


def _unchecked(entries: list[Any], problems: list[Problem]) -> Checked:
    """Books of which nothing is known: what was not checked is not shown, nor Beancount's faults with each of it."""
    return Checked([entry for entry in entries if not touches_governed(entry)], problems)


def find_region(options_map: dict[str, Any], config: str | None) -> tuple[Path, Region | None, list[Problem]]:
    """The path of a ledger's region.yaml, the region it describes, or its faults.

    The path joins Beancount's list of included files: its load cache is keyed on them alone, and Fava watches them.
    """
    main = Path(str(options_map.get("filename") or REGION_FILE))
    path = region_path(main, config)
    includes = options_map.setdefault("include", [])
    if str(path) not in includes:
        includes.append(str(path))
    region, faults = read_region(path, Folder(main.absolute().parent))
    if region is None and (path.suffix not in YAML_SUFFIXES or not _is_there(path, faults)):
        main = Path(str(options_map.get("filename") or path))
        faults = [replace(fault, file=str(main), line=_plugin_line(main)) for fault in faults]
    return path, region, faults


def _is_there(path: Path, faults: list[Problem]) -> bool:
    """Whether there is a region.yaml in which a fault can be mended."""
    return path.exists() and not any(fault.code in OF_THE_FILE_ITSELF for fault in faults)


def _plugin_line(main: Path, name: str = f'"{OUR_PLUGINS}') -> int:
    """The line that loads the plugin: where a missing region.yaml can be mended."""
    try:
        lines = Folder(main.absolute().parent).read(main).decode("utf-8", "replace").splitlines()
    except OSError:
        return 1
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"plugin {name}")), 1)


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
