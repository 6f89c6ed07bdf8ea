"""The bounds of a request, before anything of Fava sees it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from conductor_bean.fava.allow_list import METHODS, PARAMETERS
from conductor_bean.fava.refusals import NOT_PUBLIC, refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.wrappers import Response

LONGEST_PATH: Final = 1000
LONGEST_QUERY: Final = 2000
LONGEST_HEADERS: Final = 16_384
"""Bytes of all headers together."""

MOST_PARAMETERS: Final = 30


class Guard:
    """A WSGI application that passes on small, plain requests for reading, with the parameters that are known."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or say what is wrong with it."""
        refused = _refused(environ)
        if refused is not None:
            return refused(environ, start_response)
        try:
            query = plain_query(environ.get("QUERY_STRING", ""))
        except ValueError as error:
            return refusal(400, str(error))(environ, start_response)
        passed: WSGIEnvironment = {**environ, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
        passed.pop("CONTENT_LENGTH", None)
        passed.pop("CONTENT_TYPE", None)
        return self.application(passed, start_response)


def _refused(environ: WSGIEnvironment) -> Response | None:
    path = environ.get("PATH_INFO", "")
    if environ.get("REQUEST_METHOD") not in METHODS:
        return refusal(405, "A public edition is only read.")
    if len(path) > LONGEST_PATH or len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return refusal(414, f"A path has at most {LONGEST_PATH} characters, a query {LONGEST_QUERY}.")
    headers = sum(len(name) + len(str(value)) for name, value in environ.items() if name.startswith("HTTP_"))
    if headers > LONGEST_HEADERS:
        return refusal(431, f"The headers of a request have at most {LONGEST_HEADERS} bytes.")
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in environ:
        return refusal(413, "A request for reading has no body.")
    if not _is_plain(path):
        return refusal(404, NOT_PUBLIC)
    return None


def _is_plain(path: str) -> bool:
    """Nothing in a path of ours is encoded twice, climbs, or has a character that only a file system minds."""
    if not path.startswith("/") or any(sign in path for sign in ("//", "\\", "%")):
        return False
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in path):
        return False
    return not any(part in {".", ".."} for part in path.split("/"))


def plain_query(query: str) -> str:
    """Reduce a query to the parameters that are known, each once.

    Raises:
        ValueError: One of them says what it cannot mean; the message is for the reader.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except ValueError as error:
        raise ValueError(f"A query has at most {MOST_PARAMETERS} parameters, in UTF-8.") from error
    known: dict[str, str] = {}
    for name, value in pairs:
        pattern = PARAMETERS.get(name)
        if pattern is None or name in known:
            continue
        if not pattern.fullmatch(value):
            raise ValueError(f"The parameter {name!r} is too long, or too intricate to be answered here.")
        known[name] = value
    return urlencode(known)
