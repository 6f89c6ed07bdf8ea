"""Where faults stand: the file and line that an editor opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.ledger.problem import Problem

if TYPE_CHECKING:
    from conductor_bean.domain.problems import Rejection


class Places:
    """Places in the files of one ledger.

    Args:
        options_map: Beancount's options, which list the ledger's files.
        region_file: Path of region.yaml.
        table: The version of the table of transfers that the region names.

    Attributes:
        main: Path of main.beancount.
        files: Paths of all files of the ledger.
    """

    def __init__(self, options_map: dict[str, Any], region_file: Path, table: int = 1) -> None:
        self.main = str(options_map.get("filename") or region_file)
        self.files = {self.main, *options_map.get("include", ())}
        self.region_file = str(region_file)
        self._table = table

    def of(self, meta: dict[str, Any]) -> tuple[str, int]:
        """File and line that metadata states, main.beancount where that is none of the ledger's own files.

        Entries of other plugins stand nowhere, and metadata of a hostile ledger may name any file.
        """
        file, line = meta.get("filename"), meta.get("lineno")
        if not isinstance(file, str) or not isinstance(line, int) or file not in self.files:
            return self.main, 1
        return file, max(line, 1)

    def at(self, meta: dict[str, Any], code: str, message: str, *, advice: bool = False) -> Problem:
        """A problem where metadata states it."""
        return Problem(*self.of(meta), code=code, message=message, table=self._table, advice=advice)

    def problem(self, entry: Any, rejection: Rejection) -> Problem:
        """A rejection at its entry, or at the posting that alone is at fault."""
        return self.at(_meta_at_fault(entry, rejection), rejection.code, rejection.message)

    def set_aside(self, entry: Any, rejection: Rejection) -> Problem:
        """Advice that an event was set aside, since what it depends on was rejected."""
        message = f"set aside, since an event that it depends on was rejected ({rejection.code}: {rejection.message})"
        return self.at(entry.meta, "depends-on-rejected", message)


def _meta_at_fault(entry: Any, rejection: Rejection) -> dict[str, Any]:
    leg = rejection.leg
    if leg is None and rejection.account:
        places = [
            index
            for index, posting in enumerate(entry.postings)
            if posting.account == rejection.account and (posting.meta or {}).get("transfer", "") == rejection.transfer
        ]
        leg = places[0] if places else None
    meta = None if leg is None else entry.postings[leg].meta
    return {**entry.meta, **meta} if meta else dict(entry.meta)
