"""The public server's application: Fava on an edition, with only what a reader needs."""

from __future__ import annotations

import datetime
import re
from collections.abc import ItemsView, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fava.application import create_app
from fava.core.filters import FilterError
from fava.helpers import FavaAPIError
from fava.util import slugify
from fava.util.date import parse_date
from flask import Flask, Response, abort, request, send_file
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from conductor_bean.fava.allow_list import EXTENSION, QUERIES, is_public
from conductor_bean.fava.deadline import SECONDS, Deadline
from conductor_bean.fava.edition_ledger import MARK, EditionLedger
from conductor_bean.fava.escaping import escape_everything
from conductor_bean.fava.guard import Guard
from conductor_bean.fava.headers import SecurityHeaders
from conductor_bean.fava.refusals import NOT_PUBLIC, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/plain",
    ".txt": "text/plain",
}
"""What of data/ can be downloaded, by the end of its name."""

LONGEST_DAYS: Final = 36_525
"""A hundred years: the longest span that the filter of time may ask to be cut into days."""

STYLE: Final = """\
/* What a public server does not answer need not be offered. */
a[href*="/documents/"], a[href*="/editor/"], a[href*="/errors/"], a[href*="/events/"], a[href*="/help/"],
a[href*="/holdings/"], a[href*="/import/"], a[href*="/options/"], a[href*="/query/"],
a[href="#add-transaction"], a[href="#export"], aside button[data-key="?"] { display: none; }
a[href^="#context-"] { color: inherit; pointer-events: none; }
"""


class PublicApp:
    """A WSGI application that shows one edition.

    Attributes:
        first_page: The path of the page that a reader sees first.
        seconds: How long one request may take.
        flask: Fava itself, behind all bounds.
    """

    def __init__(self, edition: Path, seconds: float = SECONDS) -> None:
        """Read an edition.

        Args:
            edition: The folder that `conductor publish` wrote.
            seconds: How long one request may take.

        Raises:
            NotAnEditionError: It is none; the message says why.
        """
        self.flask, slug = _fava(edition)
        self.seconds = seconds
        self.first_page = iri_to_uri(f"/{slug}/{self.flask.config['LEDGERS'][slug].fava_options.default_page}")
        self._application = SecurityHeaders(Guard(Deadline(self.flask.wsgi_app, seconds)))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._application(environ, start_response)


class _OneLedger:
    """The ledgers that Fava asks for by the first part of a path: one, already read."""

    def __init__(self, slug: str, ledger: EditionLedger) -> None:
        self._ledgers = {slug: ledger}

    def first_slug(self) -> str:
        return next(iter(self._ledgers))

    def items(self) -> ItemsView[str, EditionLedger]:
        return self._ledgers.items()

    def __getitem__(self, slug: str) -> EditionLedger:
        return self._ledgers[slug]


def public_app(edition: Path, seconds: float = SECONDS) -> PublicApp:
    """Make the WSGI application that shows an edition to the public.

    Raises:
        NotAnEditionError: The folder is none; the message says why.
    """
    return PublicApp(edition, seconds)


def _fava(edition: Path) -> tuple[Flask, str]:
    ledger = EditionLedger(edition.absolute())
    slug: str = slugify(ledger.options["title"])
    app: Flask = create_app([], read_only=False)
    app.config["LEDGERS"] = _OneLedger(slug, ledger)
    escape_everything(app, head='<link rel="stylesheet" href="{{ url_for(\'public_style\') }}">')
    _add_edition_files(app, edition.absolute() / MARK.parent)
    _add_style(app)
    _close_what_is_not_public(app, ledger)
    _answer_plainly(app)
    _let_be_kept(app)
    return app, slug


def _close_what_is_not_public(app: Flask, ledger: EditionLedger) -> None:
    """Ask the allow-list before anything else is done for a request."""
    declared = _declared_endpoints(ledger)

    def gate() -> None:
        if not is_public(request.endpoint, request.view_args, declared):
            abort(404)
        _hold_parameters(ledger)

    app.before_request_funcs.setdefault(None, []).insert(0, gate)


def _declared_endpoints(ledger: EditionLedger) -> frozenset[str]:
    """What the extension calls public: the attribute `public_endpoints`."""
    extension = ledger.extensions.get_extension(EXTENSION)
    return frozenset(getattr(extension, "public_endpoints", ()))


def _hold_parameters(ledger: EditionLedger) -> None:
    """Hold the parameters whose meaning, not only their length, makes work."""
    page = request.args.get("page", "")
    if request.endpoint == "json_api.get_journal_page" and not (page.isdecimal() and int(page)):
        abort(400, "A page of the journal is a number from 1.")
    if request.endpoint == "json_api.get_query" and request.args.get("query_string") not in QUERIES:
        abort(404)
    time = request.args.get("time", "")
    if time:
        try:
            begin, end = parse_date(time, ledger.fava_options.fiscal_year_end)
        except (ArithmeticError, ValueError):
            abort(400, "This is no time.")
        if begin and end and not datetime.timedelta(0) < end - begin <= datetime.timedelta(days=LONGEST_DAYS):
            abort(400, "A time lasts from a day to a hundred years.")


def _answer_plainly(app: Flask) -> None:
    """Let every failure end in a sentence: no page of Flask, no page of Fava, nothing of what went wrong inside."""

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None and status < 400:
            status = 404  # a redirection that nobody asked for
        known = {400: error.description or "", 404: NOT_PUBLIC, 405: "A public edition is only read."}
        return _flask(refusal(status, known.get(status, "Something went wrong here.")))

    @app.errorhandler(FavaAPIError)
    def unreadable(error: FavaAPIError) -> Response:
        if isinstance(error, FilterError):
            return _flask(refusal(400, "This filter cannot be read."))
        return _flask(refusal(500, "Something went wrong here."))

    @app.errorhandler(re.error)
    def no_pattern(_: Exception) -> Response:
        return _flask(refusal(400, "This filter cannot be read."))

    @app.errorhandler(OverflowError)
    @app.errorhandler(RecursionError)
    def too_much(_: Exception) -> Response:
        return _flask(refusal(400, "This filter asks for too much."))


def _flask(response: Any) -> Response:
    return Response(response.get_data(), response.status_code, response.headers)


def _add_edition_files(app: Flask, folder: Path) -> None:
    """Offer the files of data/ that stand there now, by their names; nothing is made of what a reader sends."""
    files = data_files(folder)

    @app.route("/<bfile>/edition/")
    def edition_index() -> Response:
        lines = (f"{name}\t{path.stat().st_size} bytes" for name, path in files.items())
        return Response("\n".join(lines) + "\n", mimetype="text/plain")

    @app.route("/<bfile>/edition/<file>")
    def edition_file(file: str) -> Response:
        path = files.get(file)
        if path is None or not path.is_file():
            abort(404)
        return send_file(path, CONTENT_TYPES[path.suffix], conditional=True, etag=True, max_age=300)


def data_files(folder: Path) -> Mapping[str, Path]:
    """The files of an edition for programs, by name: plain files of a known kind, in their order."""
    return {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.suffix in CONTENT_TYPES and path.is_file() and not path.is_symlink()
    }


def _add_style(app: Flask) -> None:
    @app.route("/<bfile>/edition-style.css")
    def public_style() -> Response:
        return Response(STYLE, mimetype="text/css")


def _let_be_kept(app: Flask) -> None:
    """Say how long an answer may be kept, by browsers and by the proxy before us."""

    @app.after_request
    def keep(response: Response) -> Response:
        if response.status_code != 200:
            return response
        if request.endpoint == "static" and "mtime" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif request.endpoint == "json_api.get_changed":
            response.headers["Cache-Control"] = "no-store"
        elif request.endpoint not in {"static", "edition_file"}:
            response.headers["Cache-Control"] = "public, max-age=60"
            response.headers["Vary"] = "Accept-Language"
            response.add_etag()
            response.make_conditional(request)
        return response
