"""The plugin `allowed_transfers`: the table alone, without state."""

from __future__ import annotations

import pytest
from beancount import loader

from tests.rules.test_derived_legs import EVENTS
from tests.rules.test_prices import TWO
from tests.rules.test_transfer_table import ACCOUNTS, DERIVED, KINDS, RECORDED
from tests.support import check, load

HEAD = 'plugin "conductor_bean.plugins.allowed_transfers"\n'
AUTO = 'plugin "beancount.plugins.auto_accounts"\n'


def codes(text: str, *, head: str = HEAD) -> list[str]:
    """Return the codes of the errors that Beancount's loader gives for a text alone, without a region.yaml."""
    _, errors, _ = loader.load_string(head + AUTO + text)
    assert all(e.source["filename"] and e.source["lineno"] for e in errors)
    return [e.message.split(":")[0] for e in errors]


def moved(debit: str, credit: str, transfer: str = "") -> str:
    named = f'    transfer: "{transfer}"\n' if transfer else ""
    return (
        f'2026-02-01 * "x" ^anything\n  {ACCOUNTS[debit][0]}  -3 HOUR\n{named}  {ACCOUNTS[credit][1]}  3 HOUR\n{named}'
    )


@pytest.mark.parametrize("credit", KINDS)
@pytest.mark.parametrize("debit", KINDS)
def test_it_holds_every_pair_of_kinds_against_the_table(debit: str, credit: str) -> None:
    found = codes(moved(debit, credit))
    if (debit, credit) in RECORDED or (debit, credit) in DERIVED:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0] in ("forbidden-transfer", "hours-worked-must-be-positive")


def test_it_knows_neither_plans_nor_balances() -> None:
    assert codes(moved("a", "member") + moved("member", "prd") + moved("prd", "p")) == []


def test_a_name_that_contradicts_the_accounts_is_refused() -> None:
    assert codes(moved("a", "member", "taxes")) == ["transfer-contradicts-accounts"]
    assert codes(moved("a", "member", "work")) == ["unknown-transfer"]
    assert codes(moved("a", "member", "work_certificates")) == []


def test_a_derived_transfer_in_the_other_direction_is_refused() -> None:
    text = moved("psf", "member").replace(" HOUR\n", ' HOUR\n    transfer: "taxes"\n')
    assert codes(text) == ["forbidden-transfer"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('2026-02-01 * "x"\n  Assets:Members:Ada:Hours -1 HOUR\n  Expenses:Gifts 1 HOUR\n', "mixed-transaction"),
        ('2026-02-01 * "x"\n  Assets:Cash -1 HOUR\n  Expenses:Gifts 1 HOUR\n', "commodity-on-other-account"),
        ('2026-02-01 * "x"\n  Assets:Members:Ada -1 HOUR\n  Assets:Members:Bob:Hours 1 HOUR\n', "unknown-account"),
        ('2026-02-01 * "x"\n  Assets:Companies:B:A -1 EUR\n  Assets:Members:Bob:Hours 1 EUR\n', "wrong-commodity"),
        ("2026-02-01 pad Assets:Members:Ada:Hours Equity:PSF\n", "pad-on-governed-account"),
    ],
)
def test_it_keeps_governed_accounts_to_themselves(text: str, code: str) -> None:
    assert code in codes(text)


def test_it_leaves_other_accounts_alone() -> None:
    assert codes('2026-02-01 * "x"\n  Assets:Cash -1 EUR\n  Expenses:Gifts 1 EUR\n') == []


def test_it_agrees_with_the_books_that_the_conductor_plugin_makes() -> None:
    both = 'plugin "conductor_bean.plugins.conductor"\n' + HEAD
    check(EVENTS, prelude=TWO, head=both)


def test_alone_it_reads_the_commodity_of_region_yaml() -> None:
    region = "region: T\ncommodities:\n  labour_time: {name: STUNDE, precision: 0.1}\n"
    text = '2026-02-01 * "x"\n  Assets:Companies:B:A -1.5 STUNDE\n  Assets:Members:Ada:Hours 1.5 STUNDE\n'
    for right, amount in ((True, "1.5"), (False, "1.55")):
        found = load(text.replace("1.5", amount), region=region, prelude="", head=HEAD + AUTO)
        assert ("too-many-digits" in str([p.message for p in found.books.problems])) is not right


def test_it_does_not_stand_in_for_the_whole_check() -> None:
    found = load("", head=HEAD)
    assert "plugin-missing" in found.codes
