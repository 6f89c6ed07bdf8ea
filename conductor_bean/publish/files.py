"""The files of an edition: an ordinary Beancount ledger, and its figures as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import FIRST_DATE, month_from_number
from conductor_bean.publish.bookings import bookings
from conductor_bean.publish.ledger_text import accounts_text, directive_text, entry_text, main_text
from conductor_bean.publish.public_documents import public_documents
from conductor_bean.publish.public_facts import public_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.public import Public

EDITION_FILE = "data/edition.json"
"""Its presence says that a folder is an edition."""

TOTALS_FILE = "data/totals.json"
"""Every entry of an edition."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOTES = (
    "A public edition, made by `conductor publish` from the books of a region.",
    "Accounts under Private hold totals of what members, and companies that workers own, did; README.md says how they",
    "were made. Amounts are exact. Do not edit: the next edition replaces this one, and adds to what it tells.",
)
_README = """# A public edition

These files tell the public what a region and its companies did. They were made by `conductor publish`, of
conductor-bean, from the region's private books. `main.beancount` is an ordinary Beancount ledger; any Beancount tool
reads it, and Fava shows the region's pages with it. `data/` holds the same figures as JSON and CSV.

- In full: the region's own accounts, cooperations, plans, prices, offers, properties, decisions, the factor of
  individual consumption day by day, the dividend, and the books of companies that the region owns.
- As totals: whatever members did, and companies that workers own, also where their counterparty is public. A total
  stands in `journal/` on the last day of the month in which it was told first, with `period:`, `transfer:`, `level:`
  and the number of transfers in it.
- At the end of each month an account holds what it really held then. What of it is not told by itself is carried by one
  entry against `Assets:Private:Waiting`. Where even the balance would expose somebody, the account stands under
  `Partly-Told`, as `Assets:Partly-Told:Region:Treasury`, until its balance can be told again. `data/balances.csv` has
  the balances by month, an empty cell where one is not told.
- A total that would say too much of one contributor is merged with others: by type, then by broad type, then as
  "other"; by month, then by quarter, then by year (`data/edition.json` has the hierarchy and the thresholds). What is
  merged over several accounts is booked through `Assets:Private:Merged`. What nothing makes safe waits.
- Nothing that was told is ever told otherwise. What became known late stands where it became known.
- Hours of basic services count in L of the factor of individual consumption once a month, to the nearest step of a
  grid, and only where they are those of many; so it may differ a little from the factor that taxes were computed with.
- `data/edition.json` has the head of a tree (RFC 9162) of which every private transfer is a leaf. Whoever has a receipt
  from the region's accountants checks it against this edition: `conductor verify-receipt RECEIPT --edition FOLDER`.
"""
_CSV = {
    "plans": ("plans", "plans"),
    "companies": ("companies", "companies"),
    "cooperations": ("cooperations", "cooperations"),
    "offers": ("prices", "offers"),
    "properties": ("prices", "properties"),
    "lists": ("prices", "lists"),
    "homes": ("prices", "homes"),
    "waits": ("prices", "waits"),
    "services": ("prices", "services"),
    "fic": ("region", "fic"),
    "months": ("region", "months"),
    "transfers": ("transfers", "rows"),
}
"""Tables as CSV: name of the file -> document and key of its rows; nested values are left to the JSON."""


def edition_files(public: Public, about: dict[str, Any]) -> dict[str, str]:
    """All files of an edition by name.

    Args:
        public: What is told.
        about: edition.json.
    """
    documents = public_documents(public)
    files = _ledger(public)
    files["README.md"] = _README
    files[EDITION_FILE] = _json(about)
    for name, document in documents.items():
        files[f"data/{name}.json"] = _json(document)
    held = _balances(public)
    files["data/balances.json"], files["data/balances.csv"] = _json(held), _csv(held)
    totals = [_total(public, entry) for entry in public.entries]
    files[TOTALS_FILE] = _json(totals)
    files["data/totals.csv"] = _csv(totals)
    for name, (document_name, key) in _CSV.items():
        files[f"data/{name}.csv"] = _csv(documents[document_name][key])
    return {name: _encodable(content) for name, content in files.items()}


def _encodable(text: str) -> str:
    """A text as UTF-8 can hold it: halves of a character, as escapes in YAML may leave them, are put together."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _ledger(public: Public) -> dict[str, str]:
    region = public.books.region
    commodities = [c.name for c in (region.labour_time, region.credits) if c is not None]
    facts = public_facts(public.books)
    dates = [entry.date for entry in public.entries[:1]] + [directive.date for directive in facts[:1]]
    first = min(dates, default=public.course.first or FIRST_DATE)
    accounts: dict[str, list[str]] = {}
    journal: dict[str, list[str]] = {}
    for entry in bookings(public.history, public.entries):
        commodity = public.commodity(entry.economy)
        for account in (entry.debit, entry.credit):
            names = accounts.setdefault(account, [])
            if commodity.name not in names:
                names.append(commodity.name)
        journal.setdefault(f"journal/{entry.date:%Y-%m}.beancount", []).append(entry_text(entry, commodity))
    files = {
        "accounts.beancount": accounts_text({name: sorted(held) for name, held in accounts.items()}, first),
        "facts.beancount": "\n".join(directive_text(fact) for fact in facts),
        **{name: "\n".join(texts) for name, texts in journal.items()},
    }
    title = f"{region.name}: public edition"
    return {"main.beancount": main_text(title, commodities, sorted(files), first, _NOTES), **files}


def _balances(public: Public) -> list[dict[str, Any]]:
    """What each public account held at the end of each month that is told; null where it is not."""
    through, holdings = public.history.through, public.holdings
    rows: list[dict[str, Any]] = []
    if through is None:
        return rows
    for account, economy in holdings.economies.items():
        for month in range(holdings.first(account), through + 1):
            units = public.balance(account, month)
            rows.append(
                {
                    "month": month_from_number(month),
                    "account": account,
                    "commodity": public.commodity(economy).name,
                    "balance": None if units is None else public.text(units, economy),
                }
            )
    return sorted(rows, key=lambda row: (row["month"], row["account"]))


def _total(public: Public, entry: Entry) -> dict[str, Any]:
    return {
        "date": entry.date.isoformat(),
        "period": entry.period,
        "transfer": entry.label,
        "level": entry.level,
        "debit": entry.debit,
        "credit": entry.credit,
        "commodity": public.commodity(entry.economy).name,
        "amount": public.text(entry.units, entry.economy),
        "transfers": entry.transfers,
        "link": entry.link or None,
    }


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV; nested values are left out, and no text is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    columns = [key for key, value in rows[0].items() if not isinstance(value, (list, dict))] if rows else []
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None or isinstance(value, (list, dict)):
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isascii() and text.lstrip("-").replace(".", "", 1).isdigit()
