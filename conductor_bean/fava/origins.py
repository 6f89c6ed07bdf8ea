"""Whose pages may ask the accountants' server for what: their own, and no other that a browser happens to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from conductor_bean.fava.headers import HEADERS
from conductor_bean.fava.refusals import refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Refusal

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES: Final = frozenset({"same-origin", "none"})

_PAGES: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Fava's editor writes its own styles, and reads Beancount by a program of WebAssembly; it needs no other freedom."""

_DOCUMENTS: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""A document comes from anybody: Fava shows it in a frame, and nothing in it runs."""

_PDF: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""Browsers show these by a program of their own, which no sandbox lets run."""


def keep_strangers_out(app: Flask) -> None:
    """Refuse whatever would change something and comes from another site; let no other site show our pages."""

    def own_only() -> Response | None:
        refused = _refused()
        return None if refused is None else Response(refused.get_data(), refused.status_code, refused.headers)

    app.before_request_funcs.setdefault(None, []).insert(0, own_only)

    @app.after_request
    def hold(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = _PAGES
        if request.endpoint in {"document", "statement"}:
            response.headers["Content-Security-Policy"] = _PDF if _is_pdf(response) else _DOCUMENTS
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


def _refused() -> Refusal | None:
    if request.method in READING:
        return None
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    if site in OWN_SITES and (origin is None or urlsplit(origin).netloc == request.host):
        return None
    return refusal(403, "This request comes from a page of another site; nothing has changed.")


def _is_pdf(response: Response) -> bool:
    return response.mimetype == "application/pdf"
