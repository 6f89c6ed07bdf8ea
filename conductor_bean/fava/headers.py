"""Headers that every answer of a public server has, errors too."""

from __future__ import annotations

import base64
import hashlib
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import Headers

from conductor_bean.fava.refusals import refusal

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STYLE: Final = Path(__file__).parent / "templates" / "conductor.css"
"""The style that the region's pages have in themselves."""


def style_source(style: Path) -> str:
    """Name a style for a Content-Security-Policy by its hash: this one may stand in a page, and no other."""
    text = style.read_text(encoding="utf-8").removesuffix("\n")  # as a template includes it
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {style_source(STYLE)}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Strict-Transport-Security belongs to the proxy, which knows whether there is TLS."""

REVEALING: Final = ("Server", "X-Powered-By", "Set-Cookie")


class SecurityHeaders:
    """A WSGI application that adds the headers, and lets no failure out but as a short page."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(
            status: str,
            headers: list[tuple[str, str]],
            error: OptExcInfo | tuple[type[BaseException], BaseException, TracebackType] | None = None,
        ) -> object:
            return start_response(status, safe_headers(headers), error)

        try:
            return self.application(environ, start)  # type: ignore[arg-type]  # start_response has a keyword nobody uses
        except Exception:  # noqa: BLE001 - whatever failed, the reader sees one sentence and the operator the rest
            traceback.print_exc(file=sys.stderr)
            return refusal(500, "Something went wrong here.")(environ, start)  # type: ignore[arg-type]


def safe_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer, with ours added and what tells about the machine left out."""
    safe = Headers(headers)
    for name in REVEALING:
        safe.remove(name)
    for name, value in HEADERS.items():
        safe[name] = value
    return safe.to_wsgi_list()
