"""The Fava extension: the only module of the pages that touches Fava's API, which Fava keeps unstable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fava.application import url_for
from fava.ext import FavaExtensionBase
from flask import has_request_context, request

from conductor_bean.fava import pages
from conductor_bean.fava.pages.accountants import problems, statement
from conductor_bean.fava.pages.blocks import Cell, Section, text
from conductor_bean.fava.pages.plans import review
from conductor_bean.fava.pages.services import services
from conductor_bean.fava.source import EditionSource, LedgerSource, Source, is_edition
from conductor_bean.ledger.books import books_of, load_books
from conductor_bean.ledger.checking import keep_checks, kept_checks

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books

# From now on the check of every load is kept: what Fava loads again need not be loaded a second time for the pages.
keep_checks()


PRIVATE = text(
    "This is a public edition. What single members and companies of workers did is private: it stands in totals alone. "
    "A dash stands for what would expose somebody: it is told in a total with others or of a longer time, or it waits."
)

UNFILTERED = text("The pages of the region always show all of it; the filter above holds for the reports they link to.")


_DRAWN = "conductor.page"
"""Where a request keeps the title of its page."""


class FavaLinks:
    """Addresses in Fava; its own filters are kept, as in Fava's links."""

    def __init__(self, ledger: Any, *, private: bool) -> None:
        self.private = private
        self._ledger = ledger

    def page(self, name: str, **parameters: object) -> str:
        """The address of a page of the region."""
        given = {key: str(value) for key, value in parameters.items() if value}
        if name:
            given = {"page": name, **given}
        return str(url_for("extension_report", extension_name=Conductor.__qualname__, **given))

    def account(self, name: str, time: str = "", entries: str = "") -> str:
        """The address of an account's journal, "" where this ledger has no such account.

        Args:
            name: The account; where an edition tells it in part, it is found under the name that says so.
            time: A filter of Fava for dates.
            entries: A filter of Fava for entries.
        """
        root, _, rest = name.partition(":")
        found = next((n for n in (name, f"{root}:Partly-Told:{rest}") if n in self._ledger.accounts), None)
        if found is None:
            return ""
        given = {key: value for key, value in (("time", time), ("filter", entries)) if value}
        return str(url_for("account", name=found, **given))

    def journal(self, entries: str = "", time: str = "") -> str:
        """The address of the journal of what a filter of Fava lets through."""
        given = {key: value for key, value in (("filter", entries), ("time", time)) if value}
        return str(url_for("report", report_name="journal", **given))

    def source(self, file: str, line: int) -> str:
        """The address at which a line of the ledger can be edited, "" where it cannot."""
        if not self.private:
            return ""
        path = str(Path(self._ledger.beancount_file_path).parent / file)
        return str(url_for("report", report_name="editor", file_path=path, line=str(line)))


class Conductor(FavaExtensionBase):  # type: ignore[misc]  # Fava is not typed for us
    """The pages of a region."""

    TITLE = "Region"

    public_endpoints: tuple[str, ...] = ()
    """Endpoints that a public server may answer: the pages need none."""

    def __init__(self, ledger: Any, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._source: Source | None = None

    @property
    def report_title(self) -> str:
        """The title of the page that was just drawn, told once; "Region" elsewhere, as in the sidebar."""
        return str(request.environ.pop(_DRAWN, self.TITLE)) if has_request_context() else self.TITLE

    def after_load_file(self) -> None:
        """Forget what was computed of the ledger as it was."""
        self._source = None

    @property
    def tabs(self) -> dict[str, str]:
        """Names and titles of the pages."""
        return {**pages.TABS, **(pages.ACCOUNTANTS if self.links.private else {})}

    @property
    def links(self) -> FavaLinks:
        """Addresses for the page."""
        return FavaLinks(self.ledger, private=isinstance(self.source, LedgerSource))

    @property
    def source(self) -> Source:
        """Where documents come from."""
        # The local name keeps the source of one request, whatever another one does meanwhile.
        source = self._source
        if source is None:
            folder = Path(self.ledger.beancount_file_path).parent
            source = EditionSource(folder) if is_edition(folder) else LedgerSource(self._books)
            self._source = source
        return source

    @property
    def query(self) -> pages.Query:
        """What is asked for: a page that there is, and its parameters."""
        found = pages.Query.of(request.args)
        return found if found.page in self.tabs else pages.Query(page="region")

    def page(self) -> pages.Page:
        """The page that is asked for."""
        found = self._page()
        request.environ[_DRAWN] = self.tabs[self.query.page]
        if not any(request.args.get(name) for name in ("time", "account", "filter")):
            return found
        return pages.Page(found.title, [Section("", [UNFILTERED]), *found.sections])

    def _page(self) -> pages.Page:
        query, links, source = self.query, self.links, self.source
        if isinstance(source, EditionSource):
            return _edition_page(query, links, source)
        return _noted(
            _accountants_page(query, links, source) or _public_page(query, links, source), query, source, links
        )

    def _books(self) -> Books:
        """The books that Fava loaded, with the check that the plugin made; loaded anew where none was kept."""
        ledger = self.ledger
        main = Path(ledger.beancount_file_path)
        checks = kept_checks(ledger.options)
        if not checks:
            return load_books(main)
        return books_of(main.absolute(), list(ledger.all_entries), list(ledger.load_errors), ledger.options, checks)


def _edition_page(query: pages.Query, links: FavaLinks, source: EditionSource) -> pages.Page:
    """A page of an edition, with a word on what it does not tell; files that are no documents are no failure."""
    try:
        page = _public_page(query, links, source)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        why = text("The data of this edition cannot be read; publish it again.", notice=True)
        page = pages.Page(pages.TABS[query.page], [Section("", [why])])
    return pages.Page(page.title, [*page.sections, Section("", [PRIVATE])])


def _public_page(query: pages.Query, links: FavaLinks, source: Source) -> pages.Page:
    document = source.document(query.page)
    if document is not None:
        return pages.PAGES[query.page](document, query, links)
    if links.private:
        why = text(
            "The ledger could not be checked to its end, so there are no figures. Its errors say why: ",
            Cell("errors and advice", links.page("problems")),
            notice=True,
        )
    else:
        why = text("This edition has no figures for this page.", notice=True)
    return pages.Page({**pages.TABS, **pages.ACCOUNTANTS}[query.page], [Section("", [why])])


def _accountants_page(query: pages.Query, links: FavaLinks, source: LedgerSource) -> pages.Page | None:
    """One of the pages that only a private ledger has, None where another one is asked for."""
    if query.page == "problems":
        return problems(source.problems(), query, links)
    if query.page == "statement" and (parties := source.parties()) is not None:
        return statement(parties, source.statement(query.party), query, links)
    if query.page == "review" and (document := source.review()) is not None:
        return review(document, query, links)
    if query.page == "services" and (rows := source.services()) is not None:
        return services(rows, query, links)
    return None


def _noted(page: pages.Page, query: pages.Query, source: LedgerSource, links: FavaLinks) -> pages.Page:
    """A page with a word on errors of the ledger above it."""
    count = len(source.books.errors)
    if not count or not source.books.complete or query.page == "problems":
        return page
    note = text(
        f"This ledger has {count} error(s); what is shown leaves the rejected events out. ",
        Cell("See the errors", links.page("problems", kind="error")),
        notice=True,
    )
    return pages.Page(page.title, [Section("", [note]), *page.sections])
