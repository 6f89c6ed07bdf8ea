"""Tables of the package, kept as data in YAML files beside the code."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader  # nine times as fast, where PyYAML was built with libyaml
except ImportError:
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


def read_table(name: str) -> list[dict[str, Any]]:
    """The rows of a table that the package ships."""
    text = (resources.files("conductor_bean") / name).read_text("utf-8")
    rows: list[dict[str, Any]] = yaml.load(text, Loader)
    return rows
