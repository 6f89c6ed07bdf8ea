"""Ids that a source gives its rows, and what stands in their place where it gives none."""

from __future__ import annotations

from collections.abc import Sequence

_PLACEHOLDERS = {"none", "null", "nil", "n/a", "na", "nan", "nonref", "notprovided", "not provided", "undefined"}


def no_ids(given: Sequence[str]) -> frozenset[str]:
    """Those of the ids of a file that identify nothing: what tools write for none, and one that all its rows share."""
    found = {each for each in given if not each.strip(" 0-") or each.strip().casefold() in _PLACEHOLDERS}
    return frozenset(found | set(given) if len(given) > 1 and len(set(given)) == 1 else found)
