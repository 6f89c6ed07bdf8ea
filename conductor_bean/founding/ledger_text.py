"""The first files of the ledger: main.beancount, and for each accountant a file of her own in each folder."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from conductor_bean.ledger.books import MAIN_FILE
from conductor_bean.ledger.folder import fava_lines
from conductor_bean.ledger.region_file import PLUGIN

if TYPE_CHECKING:
    from conductor_bean.founding.charter import Accountant, Charter

PARTIES, PLANS, MARKET, JOURNAL = "parties", "plans", "market", "journal"
_TITLES = {
    PARTIES: "Who takes part: accountants, members, companies, who works where",
    PLANS: "Plans, their approval, cooperations, basic services",
    MARKET: "Offers, property, banks and loans, neighbours, lists and schools",
}

_IMPORTS = (("import-config", "import.py"), ("import-dirs", "inbox"))
"""Fava's own options: the importers, and the folder of what waits for them."""


def ledger_files(charter: Charter) -> dict[str, str]:
    """The ledger's files with their text, by their path in the region's folder."""
    files = {MAIN_FILE: _main(charter)}
    folders = [PARTIES, PLANS, *([MARKET] if charter.credits else []), f"{JOURNAL}/{charter.month}"]
    for accountant in charter.accountants:
        for folder in folders:
            text = _heading(_TITLES.get(folder) or _month(charter), accountant)
            files[f"{folder}/{accountant.stem}.beancount"] = text
        files[f"{PARTIES}/{accountant.stem}.beancount"] += f"\n{_fact(charter, accountant)}"
    return files


def quoted(text: str) -> str:
    """A text as a Beancount string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _main(charter: Charter) -> str:
    commodities = [commodity.name for commodity in (charter.labour_time, charter.credits) if commodity]
    folders = [PARTIES, PLANS, *([MARKET] if charter.credits else []), f"{JOURNAL}/*"]
    return "\n".join(
        (
            f";; {charter.name}",
            ";;",
            ";; README.md says what stands where, and what to do when; region.yaml what the region has decided.",
            "",
            f'option "title" {quoted(charter.name)}',
            *(f'option "operating_currency" "{name}"' for name in commodities),
            "",
            ";; This line gives the ledger its meaning: every event is checked, and what follows from it is added.",
            f'plugin "{PLUGIN}"',
            "",
            ";; Each accountant writes to files of her own, so that git merges what two of them write at once.",
            *(f'include "{folder}/*.beancount"' for folder in folders),
            "",
            fava_lines(f"{charter.date}").rstrip("\n"),
            *(f'{charter.date} custom "fava-option" "{option}" "{path}"' for option, path in _IMPORTS),
            "",
        )
    )


def _heading(title: str, accountant: Accountant) -> str:
    return f";; {title}\n;; Written by {accountant.name or accountant.id}\n"


def _month(charter: Charter) -> str:
    return f"{calendar.month_name[charter.date.month]} {charter.date:%Y}"


def _fact(charter: Charter, accountant: Accountant) -> str:
    name = f"  name: {quoted(accountant.name)}\n" if accountant.name else ""
    return f'{charter.date} custom "accountant" {quoted(accountant.id)}\n{name}'
