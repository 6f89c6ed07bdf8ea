"""Every route that Fava has, with every method: what a reader needs is answered, all else is closed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from fava.application import CLIENT_SIDE_REPORTS
from flask import Blueprint, Flask
from werkzeug.test import Client

from conductor_bean.fava.allow_list import ENDPOINTS, PARAMETERS, QUERIES, REPORTS, is_public
from conductor_bean.fava.public_app import PublicApp, public_app
from tests.fava.edition import SLUG, write_edition

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get")

OPEN = {
    "/": 302,
    f"/{SLUG}/": 302,
    f"/{SLUG}/account/Equity:PSF/": 200,
    f"/{SLUG}/api/account_report": 200,
    f"/{SLUG}/api/balance_sheet": 200,
    f"/{SLUG}/api/changed": 200,
    f"/{SLUG}/api/commodities": 200,
    f"/{SLUG}/api/income_statement": 200,
    f"/{SLUG}/api/ledger_data": 200,
    f"/{SLUG}/api/statistics": 200,
    f"/{SLUG}/api/trial_balance": 200,
    f"/{SLUG}/balance_sheet/": 200,
    f"/{SLUG}/commodities/": 200,
    f"/{SLUG}/edition-style.css": 200,
    f"/{SLUG}/edition/": 200,
    f"/{SLUG}/edition/fic.csv": 200,
    f"/{SLUG}/extension/Conductor/": 200,
    f"/{SLUG}/income_statement/": 200,
    f"/{SLUG}/journal/": 200,
    f"/{SLUG}/statistics/": 200,
    f"/{SLUG}/trial_balance/": 200,
    "/static/app.js": 200,
    # Open, and refused for what this request says or leaves out.
    f"/{SLUG}/api/journal_page": 400,
}
"""Written by hand: the paths below that a reader may ask, and what she gets."""

VALUES = {
    "name": ["Equity:PSF"],
    "aggregation_key": ["account", "currency", "cost_currency"],
    "extension_name": ["Conductor", "FavaExtTest"],
    "endpoint": ["anything"],
    "result_format": ["csv", "xlsx", "txt"],
    "page_slug": ["_index", "filters"],
    "report_name": [*CLIENT_SIDE_REPORTS, "errors", "source"],
    "filename": ["app.js"],
    "file": ["fic.csv", "main.beancount", "notes.html"],
}
"""What stands for the variable parts of a route."""

ROUTES = {
    "/",
    "/<bfile>/",
    "/<bfile>/<report_name>/",
    "/<bfile>/account/<name>/",
    "/<bfile>/document/",
    "/<bfile>/download-journal/",
    "/<bfile>/download-query/query_result.<result_format>",
    "/<bfile>/edition-style.css",
    "/<bfile>/edition/",
    "/<bfile>/edition/<file>",
    "/<bfile>/extension/<extension_name>/",
    "/<bfile>/extension/<extension_name>/<endpoint>",
    "/<bfile>/extension_js_module/<extension_name>.js",
    "/<bfile>/help/",
    "/<bfile>/help/<page_slug>",
    "/<bfile>/holdings/by_<any(account,currency,cost_currency):aggregation_key>/",
    "/<bfile>/statement/",
    "/jump",
    "/static/<path:filename>",
}
INTERFACE = {
    *("account_report", "add_document", "add_entries", "attach_document", "balance_sheet", "changed", "commodities"),
    *("context", "document", "documents", "errors", "events", "extract", "format_source", "help", "imports"),
    *("income_statement", "journal", "journal_page", "ledger_data", "move", "narration_transaction", "narrations"),
    *("options", "payee_accounts", "payee_transaction", "query", "source", "source_slice", "statistics"),
    *("trial_balance", "upload_import_file"),
}
"""Fava's routes when this list was last thought over."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> PublicApp:
    """The application of the small edition."""
    return public_app(write_edition(tmp_path_factory.mktemp("edition")))


def paths(flask: Flask) -> list[str]:
    """A path, or several, for every rule of the map."""
    found: list[str] = []
    for rule in flask.url_map.iter_rules():
        variants = [{"bfile": SLUG}]
        for name in sorted(rule.arguments - {"bfile"}):
            variants = [{**variant, name: value} for variant in variants for value in VALUES[name]]
        for values in variants:
            built = rule.build({k: v for k, v in values.items() if k in rule.arguments}, append_unknown=False)
            assert built is not None
            found.append(built[1])
    return found


def test_every_route_is_answered_as_the_list_written_by_hand_says(app: PublicApp) -> None:
    reader = Client(app)
    asked = paths(app.flask)
    for path in asked:
        for method in METHODS:
            response = reader.open(path, method=method)
            expected = OPEN.get(path, 404) if method in {"GET", "HEAD"} else 405
            assert response.status_code == expected, (method, path)
            if expected == 405:
                assert response.headers["Allow"] == "GET, HEAD"
            if method == "HEAD":
                assert response.data == b""
    assert set(OPEN) <= set(asked)


def test_the_routes_of_fava_are_those_that_were_thought_over(app: PublicApp) -> None:
    rules = {rule.rule for rule in app.flask.url_map.iter_rules()}
    prefix = "/<bfile>/api/"
    assert {rule for rule in rules if not rule.startswith(prefix)} == ROUTES
    assert {rule.removeprefix(prefix) for rule in rules if rule.startswith(prefix)} == INTERFACE


def test_all_that_is_allowed_exists(app: PublicApp) -> None:
    assert {rule.endpoint for rule in app.flask.url_map.iter_rules()} >= ENDPOINTS
    assert set(CLIENT_SIDE_REPORTS) >= REPORTS


def test_a_route_of_a_later_fava_stays_closed(tmp_path: Path) -> None:
    app = public_app(write_edition(tmp_path))
    app.flask.add_url_rule("/<bfile>/api/everything", "everything", lambda: "all of it")
    blueprint = Blueprint("second_api", __name__)
    blueprint.add_url_rule("/balance_sheet", "get_balance_sheet", lambda: "all of it")
    app.flask.register_blueprint(blueprint, url_prefix="/<bfile>/api2")
    reader = Client(app)
    for path in (f"/{SLUG}/api/everything", f"/{SLUG}/api2/balance_sheet"):
        response = reader.get(path)
        assert (response.status_code, b"all of it" in response.data) == (404, False)


@pytest.mark.parametrize(
    ("endpoint", "arguments", "public"),
    [
        (None, None, False),
        ("index", {}, True),
        ("report", {"report_name": "journal"}, True),
        ("report", {"report_name": "editor"}, False),
        ("report", None, False),
        ("extension_report", {"extension_name": "Conductor"}, True),
        ("extension_report", {"extension_name": "AutoCommit"}, False),
        ("extension_js_module", {"extension_name": "Conductor"}, True),
        ("extension_js_module", {"extension_name": "AutoCommit"}, False),
        ("extension_endpoint", {"extension_name": "Conductor", "endpoint": "table"}, True),
        ("extension_endpoint", {"extension_name": "Conductor", "endpoint": "review"}, False),
        ("extension_endpoint", {"extension_name": "AutoCommit", "endpoint": "table"}, False),
    ],
)
def test_of_extensions_only_ours_is_public_and_of_it_what_it_declares(
    endpoint: str | None, arguments: dict[str, str] | None, public: bool
) -> None:
    assert is_public(endpoint, arguments, frozenset({"table"})) is public


@pytest.mark.parametrize(
    "text",
    [
        *("SELECT *", "SELECT account, count(account)", "", "print", "run all", ".reload", f"{QUERIES[0]}; SELECT *"),
        f" {QUERIES[0]}",
        QUERIES[0].lower(),
    ],
)
def test_no_query_of_a_reader_is_run(app: PublicApp, text: str) -> None:
    assert Client(app).get(f"/{SLUG}/api/query?query_string={quote(text)}").status_code in {400, 404}


def test_a_query_behind_another_of_the_same_name_is_not_run(app: PublicApp) -> None:
    known, other = quote(QUERIES[0]), quote("SELECT narration")
    assert Client(app).get(f"/{SLUG}/api/query?query_string={other}&query_string={known}").status_code == 400
    response = Client(app).get(f"/{SLUG}/api/query?query_string={known}&query_string={other}")
    assert [column["name"] for column in response.get_json()["data"]["types"]] == ["account", "count(account)"]


def test_the_statistics_of_fava_have_the_one_query_they_need(app: PublicApp) -> None:
    response = Client(app).get(f"/{SLUG}/api/query?query_string={quote(QUERIES[0])}")
    assert response.get_json()["data"]["rows"] == [
        ["Assets:Companies:Mill:A", 1],
        ["Assets:Private:Members:Hours", 2],
        ["Equity:PSF", 2],
        ["Expenses:Health", 1],
    ]


def test_the_referrer_leads_nowhere(app: PublicApp) -> None:
    response = Client(app).get("/jump?time=2026", headers={"Referer": "https://elsewhere.example/"})
    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("path", ["//elsewhere.example/", f"//elsewhere.example/%2e%2e/{SLUG}/journal", f"/{SLUG}//"])
def test_no_path_leads_elsewhere(app: PublicApp, path: str) -> None:
    response = Client(app).open(environ_overrides={"PATH_INFO": path}, method="GET")
    assert (response.status_code, response.headers.get("Location")) == (404, None)


def test_parameters_that_nobody_knows_never_reach_fava(app: PublicApp) -> None:
    assert "entry_hash" not in PARAMETERS
    assert "filename" not in PARAMETERS
    plain = Client(app).get(f"/{SLUG}/api/balance_sheet")
    marked = Client(app).get(f"/{SLUG}/api/balance_sheet?utm_source=x&filename=/etc/passwd&__class__=1")
    assert marked.data == plain.data
