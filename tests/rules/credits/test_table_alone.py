"""The plugin `allowed_transfers` on credits: the table alone, without a region's state."""

from __future__ import annotations

import pytest
from beancount import loader

from tests.rules.credits.region import PRELUDE
from tests.rules.credits.test_recorded_derived_legs import ALL_KINDS, RATES
from tests.rules.credits.test_reversals import EVENTS, PRICED, REVERSED, TAXED
from tests.rules.credits.test_table import ACCOUNTS, DERIVED, LOANS, PAIRS, RECORDED, rows_between
from tests.support import load

HEAD = 'plugin "conductor_bean.plugins.allowed_transfers"\n'
AUTO = 'plugin "beancount.plugins.auto_accounts"\n'
BOTH = 'plugin "conductor_bean.plugins.conductor"\n' + HEAD


def codes(text: str) -> list[str]:
    """Return the codes of the errors that Beancount's loader gives for a text alone, without a region.yaml."""
    _, errors, _ = loader.load_string(HEAD + AUTO + text)
    assert all(e.source["filename"] and e.source["lineno"] for e in errors)
    return [e.message.split(":")[0] for e in errors]


def moved(pair: tuple[str, str], transfer: str = "") -> str:
    named = f'    transfer: "{transfer}"\n' if transfer else ""
    return (
        f'2026-02-01 * "x" ^anything\n  {ACCOUNTS[pair[0]][0]}  -3 RSC\n{named}  {ACCOUNTS[pair[1]][1]}  3 RSC\n{named}'
    )


@pytest.mark.parametrize("pair", PAIRS, ids="-to-".join)
def test_it_holds_every_pair_of_kinds_against_the_table(pair: tuple[str, str]) -> None:
    names = {*rows_between(RECORDED, pair), *rows_between(DERIVED, pair)}
    for name in sorted(names):
        assert codes(moved(pair, name)) == [], name
    if not names and not LOANS & set(pair):
        assert codes(moved(pair)) == ["forbidden-transfer"]
    elif not names:
        assert len(codes(moved(pair))) == 1


@pytest.mark.parametrize("name", EVENTS)
def test_it_agrees_with_the_books_of_every_kind_of_event_and_of_its_reversal(name: str) -> None:
    found = load(EVENTS[name] + REVERSED, region=TAXED, prelude=PRICED, head=BOTH)
    assert found.errors == []


def test_it_agrees_with_closes_loans_and_bankruptcies() -> None:
    assert load(ALL_KINDS, region=RATES, prelude=PRELUDE, head=BOTH).errors == []
