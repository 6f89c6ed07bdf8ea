"""A plugin that leaves entries which nobody can read, for the example of `check-incomplete`."""

from __future__ import annotations

from typing import Any

__plugins__ = ("break_entries",)


def break_entries(entries: list[Any], options_map: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Take the dates of all entries away."""
    return [entry._replace(date=None) for entry in entries], []
