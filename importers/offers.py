"""Offers of companies from a list: CSV or a spreadsheet (docs/importing.md).

    date,offer,company,product,unit,price,kind
    2026-01-02,sourdough,Bakery,Sourdough loaf,loaf,4.20,product
    2026-03-01,sourdough,Bakery,Sourdough loaf,loaf,4.50,product

A row that says something new of an offer replaces what was said, from its date on; one that says nothing new is left
out. Where `offer` is empty, a new id is proposed from the product.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from beancount.core.amount import Amount

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.offers import JOB
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.lists import Proposals, Told, checked_id, in_order
from conductor_bean.importers.common.mapping import plain
from conductor_bean.importers.common.tables import Column

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.formats import Formats
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work

_KINDS = FACT_TYPES["offer"].keys["kind"].choices
_LINK, _A_LINK = r"[A-Za-z0-9\-_/.]+", "a link such as rye-loaf (letters, digits, - _ / .)"


class Offers(SourceImporter):
    """Imports offers."""

    source = "offers"
    plain = True
    tables = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
    columns = (
        Column("date", "date", "since", "from"),
        Column("offer", "offer", "id"),
        Column("company", "company", "seller", required=True),
        Column("product", "product", "name", required=True),
        Column("unit"),
        Column("price", required=True),
        Column("kind"),
        Column("occupation"),
        Column("hours"),
    )

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """Whose documents these are: of all companies."""
        return KINDS["company_wallet"].patterns[0].partition(":*")[0]

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The facts of a list; a changed row is a repeated `offer` from its date on.

        Raises:
            ImportRefusedError: A file is no such table.
        """
        state = work.books.machine.state
        links = (state.plans, state.services, state.credits.offers, state.credits.properties)
        loans = (state.credits.loans, state.credits.outside_loans)
        proposals = Proposals(identity for ids in (*links, *loans) for identity in ids)
        entries: list[Directive] = []
        known: dict[tuple[str, str], str] = {}
        told = Told(work, "offer")
        for path in files:
            table = work.table(path)
            formats = work.formats(table, dates=("date",), numbers=("price", "hours"))
            for row in table.rows:
                proposals.take(row.text("offer"))
            for instant, row in in_order(table, formats, work):
                with work.row(row):
                    company = work.find("companies", row.text("company"), row)
                    identity = _id(row, company, work, proposals, known)
                    entries += told.tell(row, (identity, company), instant, _meta(row, formats, work))
        proposals.tell("offers", work)
        return entries


def _meta(row: Row, formats: Formats, work: Work) -> dict[str, Any]:
    credit = work.books.region.credits
    if credit is None:
        raise RowFault("is an offer, but this region keeps no regional credits")
    kind = row.text("kind").casefold() or _KINDS[0]
    if kind not in _KINDS:
        raise RowFault(f"the kind is {quoted(row.text('kind'))}; write {', '.join(_KINDS)}")
    meta: dict[str, Any] = {"product": plain(row.text("product"))}
    if row.has("unit"):
        meta["unit"] = row.text("unit")
    if row.has("price"):
        price = formats.number(row, "price")
        units = credit.units(price)
        if price < 0 or units is None:
            raise RowFault(
                f"the price is {price}; it is not negative, and no finer than {credit.precision} {credit.name}"
            )
        meta["price"] = Amount(credit.number(units), credit.name)
    elif kind != JOB:
        raise RowFault("has no price; only a job has none")
    if row.has("kind"):
        meta["kind"] = kind
    if row.has("occupation"):
        meta["occupation"] = row.text("occupation")
    if row.has("hours"):
        meta["hours"] = formats.number(row, "hours")
    return meta


def _id(row: Row, company: str, work: Work, proposals: Proposals, known: dict[tuple[str, str], str]) -> str:
    product = plain(row.text("product"))
    if not product:
        raise RowFault("names no product; fill in the column product")
    offers = work.books.machine.state.credits.offers
    mapped = work.look_up("offers", product)
    own = row.text("offer") or mapped or ""
    if own:
        identity = checked_id(own, _LINK, _A_LINK)
        offer = offers.get(identity)
        if offer is not None and (offer.company != company or offer.ended is not None):
            whose = f"was offered by {offer.company}" + (", and has ended" if offer.ended is not None else "")
            raise RowFault(f"the offer {quoted(identity)} {whose}; an id is never used again: give another")
        known.setdefault((company, product), identity)
        return identity
    same = [
        offer.id
        for offer in offers.values()
        if offer.company == company and plain(offer.product) == product and offer.ended is None
    ]
    if len(same) > 1:
        raise RowFault(f"{company} offers {quoted(product)} as {', '.join(sorted(same))}; fill in the column offer")
    if same:
        return same[0]
    if (company, product) not in known:
        known[company, product] = proposals.link(product, "offer")
    return known[company, product]
