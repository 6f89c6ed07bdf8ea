"""A second plugin that touches governed accounts after ours is caught; one that leaves them alone is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import HEAD, REGION, check, consumption, load, plan, work

DIVERTER = '''
"""A plugin for tests: does to the entries what its configuration says."""

import datetime
from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.number import D

__plugins__ = ["divert"]

HOURS = ("Assets:Members:Ada:Hours", "Assets:Members:Bob:Hours")


def moved(debit, credit, currency="HOUR", number="5", meta=None):
    date = datetime.date(2026, 2, 20)
    legs = [(debit, -D(number)), (credit, D(number))]
    postings = [data.Posting(a, Amount(n, currency), None, None, None, None) for a, n in legs]
    meta = data.new_metadata("<divert>", 0) if meta is None else meta
    return data.Transaction(meta, date, "*", None, "diverted", frozenset(), frozenset(), postings)


def opened(account):
    return data.Open(data.new_metadata("<divert>", 0), datetime.date(2026, 1, 1), account, None, None)


def is_work(entry):
    return isinstance(entry, data.Transaction) and entry.narration == "work"


def shift(entries, by):
    """Move an amount from the first to the second registration, in place: all totals stay."""
    first, second = [entry for entry in entries if is_work(entry)][:2]
    for entry, sign in ((first, -1), (second, 1)):
        for index in (0, 1):
            posting = entry.postings[index]
            number = posting.units.number + sign * by * (-1 if index == 0 else 1)
            entry.postings[index] = posting._replace(units=Amount(number, "HOUR"))


def divert(entries, options_map, what):
    entries = list(entries)
    if what == "add":
        entries.append(moved(*HOURS))
    elif what == "add-allowed":
        entries.append(moved("Assets:Companies:Bakery:A", HOURS[0]))
    elif what == "add-zero":
        entries.append(moved(*HOURS, number="0"))
    elif what == "add-euros":
        entries.append(moved(*HOURS, currency="EUR"))
    elif what == "add-unknown":
        entries += [opened("Assets:Members:Zoe:Hours"), opened("Equity:Foo")]
        entries.append(moved("Equity:Foo", "Assets:Members:Zoe:Hours"))
    elif what == "add-elsewhere":
        entries += [opened("Assets:Cash"), opened("Equity:Foo"), moved("Equity:Foo", "Assets:Cash")]
    elif what == "remove":
        entries = [entry for entry in entries if not is_work(entry)]
    elif what == "remove-derived":
        entries = [entry for entry in entries if "derived-from" not in entry.meta]
    elif what == "replace":
        entries = [entry._replace(postings=moved(*HOURS).postings) if is_work(entry) else entry for entry in entries]
    elif what == "redate":
        day = datetime.timedelta(days=1)
        entries = [entry._replace(date=entry.date + day) if is_work(entry) else entry for entry in entries]
    elif what == "append-legs":
        for entry in entries:
            if is_work(entry):
                entry.postings.extend(moved(*HOURS).postings)
    elif what == "append-zero-legs":
        for entry in entries:
            if is_work(entry):
                entry.postings.extend(moved(*HOURS, number="0").postings)
    elif what == "shift":
        shift(entries, D(1))
    elif what == "tag":
        entries = [entry._replace(tags=entry.tags | {"seen"}) if is_work(entry) else entry for entry in entries]
    elif what == "rename":
        entries = [entry._replace(narration="WORK", flag="!") if is_work(entry) else entry for entry in entries]
    elif what == "meta":
        for entry in entries:
            entry.meta["seen"] = "yes"
    elif what == "copy":
        entries = [entry._replace(meta=dict(entry.meta)) for entry in entries]
    elif what == "reverse":
        entries.reverse()
    elif what == "euros":
        entries += [opened("Assets:Cash"), opened("Equity:Foo"), moved("Equity:Foo", "Assets:Cash", currency="EUR")]
    elif what == "note":
        meta = data.new_metadata("<divert>", 0)
        entries.append(data.Note(meta, datetime.date(2026, 2, 2), HOURS[0], "x", None, None))
    elif what == "raise":
        raise RuntimeError("no")
    return entries, []
'''
TWO = work("Bakery", "Ada", 8) + work("Bakery", "Bob", 8)


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin as the region has installed it, outside of its folder."""
    (tmp_path / "diverter_of_tests.py").write_text(DIVERTER, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


def diverted(what: str, *, before: bool = False) -> list[str]:
    """Return the codes of a ledger whose second plugin does something, after ours or before it."""
    ours = 'plugin "conductor_bean.plugins.conductor"\n'
    theirs = f'plugin "diverter_of_tests" "{what}"\n'
    head = theirs + ours if before else ours + theirs
    found = load(TWO, head=head, region=REGION + "plugins: [diverter_of_tests]\n", untouched=False)
    for problem in found.books.errors:
        assert problem.file.startswith(str(found.folder)), problem
    assert [advice.code for advice in found.books.advice].count("plugin-not-first") == before
    return found.codes


@pytest.mark.parametrize(
    "what",
    [
        "add",
        "add-allowed",
        "add-zero",
        "add-euros",
        "add-unknown",
        "add-elsewhere",
        "remove",
        "remove-derived",
        "replace",
        "redate",
        "append-legs",
        "append-zero-legs",
        "shift",
    ],
)
def test_what_another_plugin_adds_mutates_or_removes_after_ours_is_caught(what: str) -> None:
    assert "added-after-check" in diverted(what)


@pytest.mark.parametrize("what", ["nothing", "tag", "rename", "meta", "copy", "reverse", "euros", "note"])
def test_a_plugin_that_leaves_governed_accounts_alone_is_not_blamed(what: str) -> None:
    assert diverted(what) == []


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("add", {"missing-link"}),
        ("add-allowed", set()),
        ("add-euros", {"wrong-commodity"}),
        ("add-elsewhere", {"commodity-on-other-account"}),
        ("remove", set()),
        ("redate", set()),
        ("tag", set()),
    ],
)
def test_what_another_plugin_does_before_ours_is_judged_like_anything_written(what: str, codes: set[str]) -> None:
    assert set(diverted(what, before=True)) == codes


def test_a_plugin_that_fails_is_an_error_wherever_it_stands() -> None:
    assert diverted("raise") == ["plugin-failed"]
    assert diverted("raise", before=True) == ["plugin-failed"]


def test_a_plugin_that_does_not_exist_is_an_error() -> None:
    found = load(TWO, head=HEAD + 'plugin "no.such.plugin"\n', region=REGION + "plugins: [no.such.plugin]\n")
    assert found.codes == ["plugin-failed"]


def test_the_engine_never_raises_into_beancount() -> None:
    # A plugin that raises is dropped silently with its checks: hostile ledgers must not make ours do so.
    hostile = [
        '2026-02-01 custom "plan"\n',
        '2026-02-01 custom "member" 7\n  by: 7\n  time: 7\n',
        '2026-02-01 custom "plan-approval" "bread"\n  by: 2026-01-01\n',
        '2026-02-01 * "x"\n  transfer: 7\n  id: #tag\n  derived-from: #tag\n  Assets:Members:Ada:Hours 0 HOUR\n',
        '2026-02-01 * "x"\n  derived-from: "a b c d e f"\n  Assets:Members:Ada:Hours 0 HOUR\n    transfer: "taxes"\n',
        '2026-02-01 * "x"\n  Assets:Members:Ada:Hours\n',
        '2026-02-01 * "x"\n',
        "2026-02-01 balance Assets:Members:Ada 1 HOUR\n",
        '2026-02-01 open Assets:Members:Ada:Hours HOUR,RSC "FIFO"\n',
    ]
    for text in hostile:
        found = load(text + work("Mill", "Ada", 1, date="2026-02-03"))
        assert "check-incomplete" not in found.codes, text
        assert "worker-not-at-company" in found.codes, text


def test_a_division_by_zero_is_told_before_beancount_meets_it() -> None:
    for text in (
        '2026-02-01 custom "employment" "Bakery" "Ada"\n  productivity: 1/0\n',
        consumption("bread", "Assets:Members:Ada:Hours", "Bakery", 1, "1/0"),
    ):
        assert set(load(text).codes) == {"division-by-zero"}


def test_beancounts_auto_accounts_before_ours_does_not_hide_a_typo() -> None:
    head = 'plugin "beancount.plugins.auto_accounts"\n' + HEAD
    found = load(work("Bakery", "Adda", 1), head=head)
    assert "member-not-found" in found.codes


def test_beancounts_own_plugins_after_ours_find_nothing_to_say() -> None:
    plugins = ("auto_accounts", "check_commodity", "leafonly", "noduplicates", "onecommodity", "unique_prices")
    head = HEAD + "".join(f'plugin "beancount.plugins.{name}"\n' for name in plugins)
    text = "2026-01-01 commodity HOUR\n" + TWO + consumption("bread", "Assets:Members:Ada:Hours", "Bakery", 3, 2)
    check(text, head=head)


def test_plans_and_work_made_by_a_plugin_before_ours_are_events_like_others() -> None:
    # What is written by a program has no line of its own; errors in it still have a place.
    text = plan("cake", "Bakery", a=1, filed="2026-02-01", approved="2026-02-01")
    assert load(text + TWO).codes == []
