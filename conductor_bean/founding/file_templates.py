"""The files around a new region's ledger, as they ship with the package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

FILES = {
    "README.md": "README.md",
    "requirements.txt": "requirements.txt",
    "mapping.yaml": "mapping.yaml",
    "import.py": "import_config.txt",
    "publish.sh": "publish.sh",
    ".editorconfig": "editorconfig",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".github/workflows/conductor.yml": "github.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    ".forgejo/workflows/conductor.yml": "forgejo.yml",
    ".vscode/extensions.json": "extensions.json",
    ".vscode/settings.json": "settings.json",
}
"""Path in the region's folder, and name of the template. Names in the package have no dot before them."""

EXECUTABLE = frozenset(("publish.sh",))

_BLANK = re.compile(r"@([A-Z]+)@")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&-])")


def filled(template: str, words: Mapping[str, str]) -> str:
    """A template with its blanks (`@NAME@`) filled; a word that has blanks itself stays as it is."""
    text = (files("conductor_bean.founding") / "templates" / template).read_text(encoding="utf-8")
    return _BLANK.sub(lambda blank: words[blank[1]], text)


def plain_markdown(text: str) -> str:
    """A text of which nothing is markup: shown as it is, wherever it stands."""
    return _MARKDOWN.sub(r"\\\1", text)
