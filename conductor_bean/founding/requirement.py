"""The line of a requirements file that installs the very program that writes it."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from typing import Any

NAME = "conductor-bean"


def requirement() -> str:
    """What pip installs this program from: the index, or where it was installed from, with its hash.

    The record is that of PEP 610 (direct_url.json); who installs from an index has none.
    """
    installed = distribution(NAME)
    record = installed.read_text("direct_url.json")
    return requirement_of(installed.version, json.loads(record) if record else None)


def requirement_of(version: str, record: dict[str, Any] | None) -> str:
    """The requirement of a version, and of the record of where it came from (PEP 610).

    Args:
        version: The version.
        record: `url` with `vcs_info`, `archive_info` or `dir_info`; None for an index.
    """
    if record is None:
        return f"{NAME}=={version}"
    url = str(record["url"])
    if "vcs_info" in record:
        url = f"{record['vcs_info']['vcs']}+{url}@{record['vcs_info']['commit_id']}"
    hashes = record.get("archive_info", {}).get("hashes", {})
    parts = [f"{name}={value}" for name, value in sorted(hashes.items()) if name == "sha256"]
    if record.get("subdirectory"):
        parts.append(f"subdirectory={record['subdirectory']}")
    return f"{NAME} @ {url}" + (f"#{'&'.join(parts)}" if parts else "")
