"""Code that a ledger names, and what of it may run: nothing that stands in the region's own folder."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conductor_bean.domain.problems import quoted
from conductor_bean.ledger.admission.plain_files import Folder

_WITH_BEANCOUNT = ("beancount.plugins.", "beancount.ops.")
_OURS = "conductor_bean.plugins."
_EXTENSION = "conductor_bean.fava"
_WITH_FAVA = "fava.ext."


class AllowedCode:
    """Which plugins and extensions may run.

    Args:
        folder: The region's folder, from which none ever comes.
        listed: Names of modules that the region has allowed.
    """

    def __init__(self, folder: Folder, listed: frozenset[str]) -> None:
        self._folder = folder
        self._listed = listed

    def fault_of_plugin(self, name: str, config: str | None) -> str:
        """Why a Beancount plugin may not run, "" where it may."""
        if name.startswith(_OURS):
            return ""
        if name.startswith(_WITH_BEANCOUNT):
            return _fault_of_config(name, config)
        return self._fault_of_listed(name, "plugin")

    def fault_of_extension(self, name: object) -> str:
        """Why a Fava extension may not run, "" where it may."""
        if not isinstance(name, str):
            return "names no extension; write the name of its module"
        if name == _EXTENSION or name.startswith((_WITH_FAVA, *_WITH_BEANCOUNT)):
            return ""
        return self._fault_of_listed(name, "extension")

    def _fault_of_listed(self, name: str, kind: str) -> str:
        if name not in self._listed:
            comes = "Beancount" if kind == "plugin" else "Fava"
            return (
                f"the {kind} {quoted(name)} is none of {comes}'s and stands not in region.yaml under plugins:; "
                "it is not run: remove the line, or let the region decide to list it"
            )
        if any(self._holds(place) for place in _places(name)):
            return f"the {kind} {quoted(name)} stands in the region's own folder; it is not run: install it elsewhere"
        return ""

    def _holds(self, place: str) -> bool:
        return self._folder.holds(os.path.realpath(place))


@contextmanager
def importing_from_elsewhere(folder: Folder) -> Iterator[None]:
    """Let nothing be imported from a region's folder, whatever the search path says."""
    path = list(sys.path)
    sys.path[:] = [each for each in path if not folder.holds(os.path.realpath(each or os.curdir))]
    try:
        yield
    finally:
        sys.path[:] = path


def _places(name: str) -> list[str]:
    """Where the first part of a module's name would be imported from; nothing is imported to know it."""
    top = name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        spec = None
    if spec is None:
        return []
    places = [spec.origin] if spec.has_location and spec.origin else []
    return [*places, *(spec.submodule_search_locations or ())]


def _fault_of_config(name: str, config: str | None) -> str:
    """Some plugins of Beancount run what they are configured with; that must be a plain value."""
    if not config or not _evaluates(name):
        return ""
    try:
        ast.literal_eval(config)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return (
            f"the plugin {quoted(name)} runs its configuration {quoted(config)} as code, and it is no plain value; "
            "it is not run: write a value, such as {'a': 1}"
        )
    return ""


def _evaluates(name: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
        return spec is not None
    return "eval(" in Path(spec.loader.path).read_text("utf-8", "replace")
