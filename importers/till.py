"""Sales of a till, in the files that Square and Loyverse export.

Square: Dashboard, Reports, Item sales, Export "Items detail CSV". Shape as exported in July 2026 (35 columns; files in
public repositories, such as zoetankersley/sunrise_social_club, data/raw): `Date,Time,Time Zone,Category,Item,Qty,Price
Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,...,Event Type,...,Customer Name`.
Money carries its sign (`$8.00`), times a zone by its Rails name.

Loyverse: Back office, Receipts, Export "Receipts by item". Shape as in public repositories that read it: `Date,Receipt
number,Receipt type,Category,SKU,Item,Variant,Modifiers applied,Quantity,Gross sales,Discounts,Net sales,...,Taxes,
...,Customer name,...,Status`. Money is plain; dates are written as the account's country does.
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import date_of
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import LeftOut, RowFault, unreadable
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.selling import (
    OUTSIDE,
    Sale,
    buyer_of,
    knows,
    legs_of,
    plain_quantity,
    transactions,
)
from conductor_bean.importers.common.tables import Column
from conductor_bean.importers.common.taking_back import TakenBack

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.formats import Formats
    from conductor_bean.importers.common.tables import Row, Table
    from conductor_bean.importers.common.work import Work

_SALES, _REFUNDS = ("payment", "sale"), ("refund",)
_VOID = ("cancelled", "canceled", "voided", "void")
_NO_VARIANT = ("", "regular", "none")
_MONEY = ("net", "tax")
_SIGN = re.compile(r"(?P<minus>[-(]?)\s*(?P<sign>[^\d\s.,()+-]*)\s*(?P<minus2>-?)(?P<number>[\d.,'\s]+?)\)?")

ZONES = {
    "Eastern Time (US & Canada)": "America/New_York",
    "Central Time (US & Canada)": "America/Chicago",
    "Mountain Time (US & Canada)": "America/Denver",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Atlantic Time (Canada)": "America/Halifax",
    "Arizona": "America/Phoenix",
    "Alaska": "America/Juneau",
    "Hawaii": "Pacific/Honolulu",
    "London": "Europe/London",
    "Edinburgh": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Paris": "Europe/Paris",
    "Madrid": "Europe/Madrid",
    "Tokyo": "Asia/Tokyo",
    "Osaka": "Asia/Tokyo",
    "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne",
    "Brisbane": "Australia/Brisbane",
    "Adelaide": "Australia/Adelaide",
    "Perth": "Australia/Perth",
    "UTC": "UTC",
}
"""Names of time zones as Rails has them (ActiveSupport::TimeZone), of the countries where Square sells."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A sale or a refund, both with positive numbers."""

    sale: Sale
    refund: bool


class Till(SourceImporter):
    """Imports the sales of a till."""

    source = "till"
    columns = (
        Column("date", "Date", required=True),
        Column("time", "Time"),
        Column("zone", "Time Zone"),
        Column("item", "Item", "Item name", required=True),
        Column("variant", "Price Point Name", "Variant"),
        Column("modifiers", "Modifiers Applied"),
        Column("sku", "SKU"),
        Column("quantity", "Qty", "Quantity", required=True),
        Column("net", "Net Sales", required=True),
        Column("tax", "Tax", "Taxes"),
        Column("receipt", "Transaction ID", "Receipt number", required=True),
        Column("kind", "Event Type", "Receipt type", required=True),
        Column("customer", "Customer Name"),
        Column("customer reference", "Customer Reference ID"),
        Column("status", "Status"),
    )

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """Whose documents these are: of all companies."""
        return KINDS["company_wallet"].patterns[0].partition(":*")[0]

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The transactions of sales, and the reversals of refunds.

        Raises:
            ImportRefusedError: A file is no such table, or in a currency that the mapping does not translate.
        """
        lines = []
        for path in files:
            table = work.table(path)
            _prepare(table, work)
            formats = work.formats(table, dates=("date",), numbers=("quantity", *_MONEY))
            for row in table.rows:
                with work.row(row):
                    lines.append(_line(row, formats, work))
        entries: list[Directive] = [*transactions([line.sale for line in lines if not line.refund], work)]
        taken_back = TakenBack(work, entries)
        # Overlapping files tell of a refund twice, under one id.
        refunds = {line.sale.id: line.sale for line in lines if line.refund}
        for refund in sorted(refunds.values(), key=lambda sale: (sale.instant, sale.id)):
            with work.row(refund.row):
                entries.append(_refund(refund, taken_back, work))
        return entries


def _prepare(table: Table, work: Work) -> None:
    """Divide dates from times, and money from the sign of its currency, so that both can be read as a whole.

    Raises:
        ImportRefusedError: The money is in a currency that the mapping does not translate.
    """
    for row in table.rows:
        written = row.text("date")
        day, _, clock = written.partition(" ")
        if clock and not row.has("time"):
            row.cells["date"], row.cells["time"] = day, clock
        for column in _MONEY:
            match = _SIGN.fullmatch(row.text(column))
            if match is None or not isinstance(row.cell(column), str):
                continue
            if match["sign"] and match["sign"] != work.settings.currency:
                raise unreadable(
                    row.file,
                    f"{column} is in {quoted(match['sign'])}, not in the region's credits; if the region has decided "
                    f"what one is, say so in mapping.yaml: sources: {{till: {{currency: "
                    f'"{match["sign"]}", rate: 1}}}}',
                    row.number,
                )
            minus = "-" if match["minus"] or match["minus2"] else ""
            row.cells[column] = minus + match["number"].strip()


def _line(row: Row, formats: Formats, work: Work) -> _Line:
    kind = row.text("kind").casefold()
    if row.text("status").casefold() in _VOID:
        raise LeftOut(f"{row.text('status')} at the till")
    if kind not in (*_SALES, *_REFUNDS):
        raise RowFault(f"{quoted(row.text('kind'))} is neither a sale (Payment, Sale) nor a refund (Refund)")
    instant = _instant(row, formats)
    section, thing = _thing(row, work)
    buyer_kind, buyer = _buyer(row, work)
    quantity, amount = formats.number(row, "quantity"), _amount(row, formats, work, planned=section == "plans")
    refund = kind in _REFUNDS
    if not (quantity < 0 >= amount if refund else quantity > 0 <= amount):
        what = "a refund of" if refund else "a sale of"
        raise RowFault(f"is {what} {quantity} for {amount}: sales are positive, refunds negative; export it again")
    identity = [row.text(name) for name in ("receipt", "kind", "sku", "item", "variant", "modifiers")]
    sale = Sale(
        row=row,
        id=work.digest_id(row, date_of(instant), *identity, f"{plain_quantity(quantity):f}", f"{amount.normalize():f}"),
        instant=instant,
        thing=thing,
        planned=section == "plans",
        buyer=buyer,
        buyer_kind=buyer_kind,
        quantity=abs(quantity),
        amount=abs(amount),
        means="r",
        payee=row.text("customer"),
        narration=f"{plain_quantity(abs(quantity)):f} x {_label(row)}, receipt {row.text('receipt')}",
    )
    return _Line(sale, refund)


def _instant(row: Row, formats: Formats) -> int:
    zone = row.text("zone")
    if zone and formats.zone is None:
        if zone not in ZONES:
            raise RowFault(f"the time zone {quoted(zone)} is not known here; say timezone: (such as Europe/Berlin)")
        formats = replace(formats, zone=zoneinfo.ZoneInfo(ZONES[zone]))
    return formats.moment(row, "date", "time")


def _label(row: Row) -> str:
    variant = row.text("variant")
    return row.text("item") if variant.casefold() in _NO_VARIANT else f"{row.text('item')}, {variant}"


def _thing(row: Row, work: Work) -> tuple[str, str]:
    """Section and id of what was sold: by its number, by item and variant, or by item."""
    sections = ("offers", "plans")
    for name in (row.text("sku"), _label(row), row.text("item")):
        if name and knows(work, sections, name):
            return work.find_any(sections, name, row)
    raise work.unknown("offers", _label(row), row)


def _buyer(row: Row, work: Work) -> tuple[str, str]:
    for name in (row.text("customer reference"), row.text("customer")):
        if name:
            return buyer_of(name, row, work)
    if not work.settings.outside:
        raise RowFault(
            "names no customer; if whoever is not named buys from outside the region, say sources: {till: {outside: "
            "true}} in mapping.yaml"
        )
    return OUTSIDE, ""


def _amount(row: Row, formats: Formats, work: Work, *, planned: bool) -> Decimal:
    amount = formats.number(row, "net")
    tax = formats.number(row, "tax") if row.has("tax") else Decimal(0)
    if tax and work.settings.tax == "refuse":
        raise RowFault(
            f"a tax of {tax} stands beside the net amount {amount}; say whether buyers paid it on top (tax: add) or it "
            "is none of the price (tax: leave out) under sources: till: in mapping.yaml"
        )
    if work.settings.tax == "add":
        amount += tax
    region = work.books.region
    commodity = region.labour_time if planned else region.credits
    return amount if commodity is None or work.settings.rate == 1 else commodity.nearest(amount * work.settings.rate)


def _refund(refund: Sale, taken_back: TakenBack, work: Work) -> Custom:
    """The reversal of the last sale like it.

    Raises:
        RowFault: There is none.
    """
    assert refund.amount is not None
    legs, _ = legs_of(refund, refund.amount, work)
    links, quantity = frozenset({refund.thing}), plain_quantity(refund.quantity)
    found = taken_back.candidates(
        legs, refund.instant, lambda entry: entry.links == links and entry.meta.get("quantity") == quantity
    )
    if not found:
        raise RowFault(
            f"gives back {quantity:f} x {refund.thing} for {refund.amount}, but no earlier sale of these files and "
            "this ledger is like it; record what was given back yourself, and take this row out of the file"
        )
    return taken_back.reverse(refund.row, found[-1], refund.instant, f"refund, {refund.narration}")
