"""A ledger loaded as Beancount loads it, without doing twice what the region's check does.

Beancount books every transaction, to find lots and to fill in what is missing, and validates that it balances, within
tolerances, on accounts that are open. Of a transaction whose legs all stand on governed accounts, with plain amounts,
there is nothing to book; and what the engine has accepted balances exactly, on accounts that it has opened. So such
transactions pass both by, which is more than half of the time of a load. All others, and all ledgers in which other
plugins have a say, go the usual way; the books and the verdict are the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount import loader
from beancount.core import data
from beancount.core.amount import Amount
from beancount.ops import validation
from beancount.parser import booking

from conductor_bean.domain.accounts import is_governed
from conductor_bean.engine.events import Movement
from conductor_bean.ledger.admission.foreign_code import importing_from_elsewhere
from conductor_bean.ledger.admission.gate import Loaded, Parse, admitted
from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.parsing import parse_bytes
from conductor_bean.ledger.region_file import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from conductor_bean.ledger.judging import Checked

_OURS = frozenset({PLUGIN, "conductor_bean.plugins.allowed_transfers"})


def only_ours(options_map: dict[str, Any]) -> bool:
    """Whether no option or plugin of another hand has a say in the books."""
    plugins = [name for name, _ in options_map.get("plugin", [])]
    return (
        set(plugins) <= _OURS
        and plugins.count(PLUGIN) == 1
        and options_map.get("plugin_processing_mode") == "default"
        and not options_map.get("documents")
    )


def parsed(file: str, content: bytes) -> Loaded:
    """A file as Beancount's parser reads it."""
    return parse_bytes(content, file)


def load_file(
    main: Path,
    checks: Callable[[], list[Checked]],
    parse: Parse = parsed,
    allowed: Collection[str] | None = None,
) -> Loaded:
    """Load a ledger.

    Args:
        main: Its main.beancount.
        checks: The checks that the plugin has made meanwhile.
        parse: Parses each file.
        allowed: Names of plugins and extensions of others that may run; by default those that its region.yaml lists.

    Returns:
        Entries, errors and options, as Beancount's own loader gives them.

    Raises:
        LedgerNotAdmittedError: Something of it is not read, or would run that may not.
    """
    entries, errors, options_map = admitted(main, parse, allowed)
    entries.sort(key=data.entry_sortkey)
    entries, plain = _without_plain(entries) if only_ours(options_map) else (entries, [])
    entries, booking_errors = booking.book(entries, options_map)
    errors.extend(booking_errors)
    if plain:
        entries.extend(plain)
        entries.sort(key=data.entry_sortkey)
    entries, errors = _transformed(main, entries, errors, options_map)
    accepted = _accepted(checks()) if plain else set()
    rest = [entry for entry in entries if id(entry) not in accepted] if accepted else entries
    errors.extend(validation.validate(rest, options_map, None, None))
    return entries, errors, options_map


_NEEDED_BY = {"beancount.ops.pad": data.Pad, "beancount.ops.balance": data.Balance}
"""Beancount's own passes over all entries after the plugins, with the directives without which they find nothing."""


def load_as_beancount_does(main: Path, allowed: Collection[str] | None = None) -> Loaded:
    """Load a ledger with all passes of Beancount's own loader, for whom its books are enough.

    Raises:
        LedgerNotAdmittedError: Something of it is not read, or would run that may not.
    """
    entries, errors, options_map = admitted(main, parsed, allowed)
    entries.sort(key=data.entry_sortkey)
    entries, booking_errors = booking.book(entries, options_map)
    with importing_from_elsewhere(Folder(main.parent)):
        entries, errors = loader.run_transformations(entries, [*errors, *booking_errors], options_map, None)
    errors.extend(validation.validate(entries, options_map, None, None))
    options_map["input_hash"] = loader.compute_input_hash(options_map["include"])
    return entries, errors, options_map


def _transformed(
    main: Path, entries: list[Any], errors: list[Any], options_map: dict[str, Any]
) -> tuple[list[Any], list[Any]]:
    """Entries after all plugins, and all errors."""
    passes = loader.PLUGINS_POST
    kinds = {type(entry) for entry in entries}
    try:
        if only_ours(options_map):
            loader.PLUGINS_POST = [each for each in passes if _NEEDED_BY.get(each[0], data.Transaction) in kinds]
        with importing_from_elsewhere(Folder(main.parent)):
            transformed: tuple[list[Any], list[Any]] = loader.run_transformations(entries, errors, options_map, None)
        return transformed
    finally:
        loader.PLUGINS_POST = passes


def _without_plain(entries: list[Any]) -> tuple[list[Any], list[Any]]:
    """Entries that have to be booked, and transactions in which there is nothing to book."""
    rest: list[Any] = []
    plain: list[Any] = []
    for entry in entries:
        if type(entry) is not data.Transaction:
            rest.append(entry)
        elif _is_plain(entry.postings):
            plain.append(entry)
        elif any(posting.cost is not None and is_governed(posting.account) for posting in entry.postings):
            return entries, []  # a lot on a governed account is a fault, told best by who knows all that is there
        else:
            rest.append(entry)
    return rest, plain


def _is_plain(postings: list[Any]) -> bool:
    """Whether all amounts are there, in one commodity, on governed accounts."""
    commodity = None
    for posting in postings:
        units = posting.units
        if (
            type(units) is not Amount
            or type(units.number) is not Decimal
            or posting.cost is not None
            or posting.price is not None
            or not is_governed(posting.account)
            or (commodity is not None and units.currency != commodity)
        ):
            return False
        commodity = units.currency
    return type(commodity) is str


def _accepted(checks: list[Checked]) -> set[int]:
    """Transactions, by identity, that the engine accepted as they stand in the books."""
    return {
        id(checked.sources[outcome.event.source])
        for checked in checks
        for outcome in checked.outcomes
        if outcome.rejection is None and isinstance(outcome.event, Movement)
    }
