"""Sales in a plain CSV or spreadsheet of one's own, documented in docs/importing.md.

    date,time,buyer,item,quantity,amount
    2026-03-02,09:15,Ada,sourdough,2,
    2026-03-02,,outside,cake,1,12.50

`item` is an offer or a plan, `buyer` a member, a company, or `outside`. Where `amount` is empty, the price of that
instant decides; where it is given, it is written so, and the check judges it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import date_of, start_of
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.selling import OUTSIDE, Sale, buyer_of, plain_quantity, transactions
from conductor_bean.importers.common.tables import Column

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.formats import Formats
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work


class Sales(SourceImporter):
    """Imports sales."""

    source = "sales"
    plain = True
    tables = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
    columns = (
        Column("date", required=True),
        Column("time"),
        Column("buyer", "buyer", "customer", required=True),
        Column("item", "item", "offer", "plan", "product", required=True),
        Column("quantity", "quantity", "qty", required=True),
        Column("amount"),
        Column("currency"),
        Column("account"),
        Column("id", "id", "receipt"),
        Column("note", "note", "comment", "description"),
    )

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """Whose documents these are: of all companies."""
        return KINDS["company_wallet"].patterns[0].partition(":*")[0]

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The transactions of sales.

        Raises:
            ImportRefusedError: A file is no such table.
        """
        sales = []
        for path in files:
            table = work.table(path)
            formats = work.formats(table, dates=("date",), numbers=("quantity", "amount"))
            for row in table.rows:
                with work.row(row):
                    sales.append(_sale(row, formats, work))
        return [*transactions(sales, work)]


def _sale(row: Row, formats: Formats, work: Work) -> Sale:
    instant = formats.moment(row, "date", "time") if row.has("time") else start_of(formats.date(row, "date"))
    section, thing = work.find_any(("offers", "plans"), row.text("item"), row)
    if not row.has("buyer"):
        raise RowFault(f"nobody is named as buyer; name a member or company, or write {OUTSIDE}")
    kind, buyer = buyer_of(row.text("buyer"), row, work)
    quantity = formats.number(row, "quantity")
    if quantity <= 0:
        raise RowFault(
            f"the quantity is {quantity}; sales are positive: what came back is a reversal of the sale (conductor add "
            "reversal)"
        )
    amount = formats.number(row, "amount") if row.has("amount") else None
    if amount is not None and amount < 0:
        raise RowFault(f"the amount is {amount}; sales are positive: what came back is a reversal of the sale")
    planned = section == "plans"
    _check_currency(row, work, planned=planned)
    identity = [row.text(column) for column in ("time", "buyer", "item", "account", "note")]
    written = "" if amount is None else f"{amount.normalize():f}"
    own = row.text("id")
    # A receipt may have several rows, so its number alone names none of them.
    name = work.digest_id(row, date_of(instant), own, *identity, f"{plain_quantity(quantity):f}", written)
    return Sale(
        row=row,
        id=name,
        instant=instant,
        thing=thing,
        planned=planned,
        buyer=buyer,
        buyer_kind=kind,
        quantity=quantity,
        amount=amount,
        means=row.text("account").casefold(),
        payee=row.text("buyer"),
        narration=row.text("note") or f"{plain_quantity(quantity):f} x {row.text('item')}",
    )


def _check_currency(row: Row, work: Work, *, planned: bool) -> None:
    region = work.books.region
    expected = region.labour_time if planned else region.credits
    if row.has("currency") and expected is not None and row.text("currency") != expected.name:
        raise RowFault(
            f"{quoted(row.text('currency'))} is not {expected.name}, in which {row.text('item')} is sold; write the "
            "amount in it, or leave amount and currency empty, and the price decides"
        )
