"""Fava's templates with every value escaped.

Fava 1.30 draws its journal with `autoescape false`: payees, narrations and metadata reach the page as markup. Names in
a region's ledger come from anybody, so they are text and nothing else, for the public and for accountants.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jinja2 import BaseLoader

if TYPE_CHECKING:
    from flask import Flask
    from jinja2 import Environment

UNESCAPED: Final = re.compile(r"(\{%-?\s*autoescape\s+)false\b")


class EscapingLoader(BaseLoader):
    """Fava's own templates, in which nothing turns the escaping off."""

    def __init__(self, inner: BaseLoader, *, head: str = "") -> None:
        """Wrap a loader.

        Args:
            inner: The loader of Fava's templates.
            head: Markup that the head of every page ends with.
        """
        self.inner = inner
        self.head = head

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a template, its file and whether it still is the newest."""
        source, filename, is_newest = self.inner.get_source(environment, template)
        source = UNESCAPED.sub(r"\1true", source)
        if self.head and template == "_layout.html":
            source = source.replace("</head>", f"{self.head}</head>")
        return source, filename, is_newest

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self.inner.list_templates()


def escape_everything(app: Flask, *, head: str = "") -> None:
    """Let an application of Fava escape what its ledger says; before its first page is drawn."""
    loader = app.jinja_loader
    assert loader is not None
    app.jinja_loader = EscapingLoader(loader, head=head)  # a cached property, meant to be replaced
