"""Short plain answers: what is wrong with a request, and nothing about the machine."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from werkzeug.wrappers import Response

NOT_PUBLIC: Final = "This page is not part of the public edition. The first page is at /"


def refusal(status: int, text: str) -> Response:
    """A page of one sentence as plain text: nothing in it is ever read as markup."""
    phrase = HTTPStatus(status).phrase
    response = Response(f"{status} {phrase}\n\n{text}\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "GET, HEAD"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response
