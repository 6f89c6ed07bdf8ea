"""What must hold of any history, whatever it holds: the properties of the design."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path

from beancount.core.data import Transaction as BeancountTransaction
from beancount.parser import printer
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conductor_bean.engine import snapshot
from conductor_bean.engine.events import Outcome
from conductor_bean.engine.machine import Machine
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books, load_books
from tests.model.credits import reading
from tests.model.events import Event, Region, kind_of, moment
from tests.model.ledger_text import MAIN, region_yaml, write_region
from tests.model.transactions import RECORDED
from tests.simulator.compare import Seen, position_at
from tests.simulator.engine_side import see, seen_in
from tests.simulator.generator import Story, write_story

ECONOMIES = ("labour", "both", "credits")
# Fewer steps of the same seed are the beginning of the same story, so that hypothesis finds the shortest that fails.
stories = st.builds(write_story, st.integers(0, 2**32), st.integers(1, 25), st.sampled_from(ECONOMIES))
bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


WALLETS = ["member_wallet", "company_wallet"]
# What falls only because something else of its instant stands: had that not been made, it might stand.
FALL_TOGETHER = ("insufficient-balance", "more-than-24-hours-a-day")


def engine(events: Sequence[Event], region: Region, rng: random.Random | None = None, files: int = 1) -> Seen:
    """What the engine makes of events, written in some order over some files; places become positions."""
    with tempfile.TemporaryDirectory() as folder:
        written = write_region(Path(folder), events, region, rng=rng, files=files)
        seen = see(Path(folder))
        return replace(
            seen,
            errors=[(code, "", position_at(written, file, line) or 0) for code, file, line in seen.errors],
            set_aside=[("", position_at(written, file, line) or 0) for file, line in seen.set_aside],
            transfers=[
                (("", position_at(written, *place) or 0), instant, moved) for place, instant, moved in seen.transfers
            ],
            fics={("", position_at(written, *place) or 0): value for place, value in seen.fics.items()},
        )


def refused(seen: Seen) -> set[int]:
    """The positions of the events that did not come to be."""
    return {position for _, _, position in seen.errors} | {position for _, position in seen.set_aside}


@bounded
@given(stories)
def test_debits_equal_credits_at_each_instant_and_in_each_transaction(story: Story) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_region(Path(folder), story.events, story.region)
        books = load_books(Path(folder))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for entry in books.entries:
        if isinstance(entry, BeancountTransaction):
            assert sum(posting.units.number for posting in entry.postings) == 0
            for posting in entry.postings:
                totals[posting.account] += posting.units.number
    assert {name: total for name, total in totals.items() if total} == seen_in(books).balances
    for instant in sorted({outcome.event.instant for outcome in books.outcomes}):
        balances = reports.balances(books, books.at(instant))
        for commodity in ("HOUR", "RSC"):
            assert sum((Decimal(row["balance"]) for row in balances if row["commodity"] == commodity), Decimal(0)) == 0


@bounded
@given(stories)
def test_every_transfer_is_in_the_table(story: Story) -> None:
    table = {
        (row["name"], debit, credit)
        for row in reports.transfer_table()
        for debit in kinds_named(row["debit"])
        for credit in kinds_named(row["credit"])
    }
    reversals = {n for n, event in enumerate(story.events) if getattr(event, "kind", "") == "reversal"}
    for (_, position), _, (name, debit, credit, amount) in engine(story.events, story.region).transfers:
        kinds = [kind_of(account) for account in (debit, credit)]
        if position in reversals:
            kinds.reverse()
        assert (name, *kinds) in table
        assert amount >= 0


def kinds_named(words: str) -> list[str]:
    """The kinds of accounts that a cell of the table names: `treasury or bank`, `wallet`."""
    kinds = [kind for word in words.split(" or ") for kind in word.split(", ")]
    return [wallet for kind in kinds for wallet in (WALLETS if kind == "wallet" else [kind])]


@bounded
@given(stories, st.randoms(use_true_random=False))
def test_later_entries_change_no_earlier_result(story: Story, rng: random.Random) -> None:
    whole = engine(story.events, story.region)
    cut = rng.choice(sorted({moment(event) for event in story.events}))
    # The generator writes in order of time, so that positions mean the same in both.
    earlier = [event for event in story.events if moment(event) <= cut]
    alone = engine(earlier, story.region)
    assert alone.transfers == [moved for moved in whole.transfers if moved[0][1] < len(earlier)]
    assert sorted(alone.errors) == sorted(error for error in whole.errors if error[2] < len(earlier))
    assert alone.set_aside == [place for place in whole.set_aside if place[1] < len(earlier)]


@bounded
@given(stories, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_lines_files_and_includes_changes_nothing(story: Story, rng: random.Random, files: int) -> None:
    straight = engine(story.events, story.region)
    shuffled = engine(story.events, story.region, rng, files)
    assert shuffled.balances == straight.balances
    assert [moved[1:] for moved in shuffled.transfers] == [moved[1:] for moved in straight.transfers]
    assert sorted(shuffled.errors) == sorted(straight.errors)
    assert sorted(shuffled.set_aside) == sorted(straight.set_aside)
    assert shuffled.plans == straight.plans
    assert shuffled.cooperations == straight.cooperations


@bounded
@given(stories, st.randoms(use_true_random=False))
def test_a_rejected_event_changes_no_state(story: Story, rng: random.Random) -> None:
    whole = engine(story.events, story.region)
    gone = refused(whole)
    kept = [event for position, event in enumerate(story.events) if position not in gone]
    clean = engine(kept, story.region)
    assert clean.errors == []
    assert clean.set_aside == []
    without = [clean]
    # Of spendings that overdraw together the later one falls first: had the earlier not been made, it might stand.
    errors = sorted({position for code, _, position in whole.errors if code not in FALL_TOGETHER})
    if errors:
        one = rng.choice(errors)
        without.append(engine([*story.events[:one], *story.events[one + 1 :]], story.region))
    for other in without:
        assert [moved[1:] for moved in other.transfers] == [moved[1:] for moved in whole.transfers]
        assert (other.balances, other.plans, other.cooperations) == (whole.balances, whole.plans, whole.cooperations)


@bounded
@given(stories)
def test_books_that_are_written_back_and_loaded_again_are_the_same(story: Story) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_region(Path(folder), story.events, story.region)
        books = load_books(Path(folder))
        first = seen_in(books)
        again = write_back(books, Path(folder) / "again", story.region)
        second = seen_in(again)
    assert again.errors == []
    assert [moved[1:] for moved in second.transfers] == [moved[1:] for moved in first.transfers]
    assert (second.balances, second.plans, second.cooperations) == (first.balances, first.plans, first.cooperations)
    assert sorted(second.fics.values()) == sorted(first.fics.values())
    printed = [printer.format_entry(entry) for entry in books.entries]
    assert [printer.format_entry(entry) for entry in again.entries] == printed


def write_back(books: Books, folder: Path, region: Region) -> Books:
    """The books as Beancount prints them, loaded as a ledger."""
    folder.mkdir()
    (folder / "region.yaml").write_text(region_yaml(region), encoding="utf-8")
    text = "\n".join([MAIN.format(title="Again"), *(printer.format_entry(entry) for entry in books.entries)])
    (folder / "main.beancount").write_text(text, encoding="utf-8")
    return load_books(folder)


@bounded
@given(stories, st.randoms(use_true_random=False))
def test_a_state_that_is_written_out_and_read_back_goes_on_as_if_nothing_had_happened(
    story: Story, rng: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_region(Path(folder), story.events, story.region)
        books = load_books(Path(folder))
    assert books.checked is not None
    reading = books.checked.reading
    assert reading is not None
    instants = {fact.instant for fact in reading.facts} | {movement.instant for movement in reading.movements}
    instant = rng.choice(sorted(instants))
    text = snapshot.dump(books.at(instant).state)
    assert snapshot.dump(snapshot.load(text)) == text
    machine = Machine(books.region, snapshot.load(text), reading.chart, reading.evidence)
    later = ([f for f in reading.facts if f.instant > instant], [m for m in reading.movements if m.instant > instant])
    outcomes = list(machine.run(*later))
    expected = [outcome for outcome in books.outcomes if outcome.event.instant > instant]
    assert [told(outcome) for outcome in outcomes] == [told(outcome) for outcome in expected]
    assert snapshot.dump(machine.state) == snapshot.dump(books.machine.state)


def told(outcome: Outcome) -> tuple[object, ...]:
    """What became of an event, as values that can be compared."""
    rejection = outcome.rejection
    return (
        outcome.event.source,
        [(t.type, t.debit.name, t.credit.name, t.units, t.derived) for t in outcome.transfers],
        None if rejection is None else (rejection.code, str(rejection)),
        outcome.depends,
        outcome.fic,
        outcome.price,
    )


@bounded
@given(stories, st.randoms(use_true_random=False))
def test_a_derived_amount_that_was_changed_is_found_at_its_transaction(story: Story, rng: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_region(Path(folder), story.events, story.region)
        books = load_books(Path(folder))
        entries = list(books.entries)
        derived = [n for n, entry in enumerate(entries) if "derived" in (getattr(entry, "tags", None) or ())]
        assume(derived)
        place = rng.choice(derived)
        entries[place] = tampered(entries[place], story.region, rng)
        changed = write_back(replace(books, entries=entries), Path(folder) / "again", story.region)
    text = "\n".join([MAIN.format(title="Again"), *(printer.format_entry(entry) for entry in entries[:place])])
    first_line = text.count("\n") + 1
    # The engine may point at the leg, at the transaction, or at the directive that the amounts follow from.
    assert changed.errors
    last_line = first_line + printer.format_entry(entries[place]).count("\n") + 1
    directive = entries[place].meta.get("derived-from")
    # What lived on the rejected transaction fails, too: facts of the same date may stand before it.
    assert directive is not None or any(first_line <= error.line <= last_line for error in changed.errors)


def tampered(entry: BeancountTransaction, region: Region, rng: random.Random) -> BeancountTransaction:
    """The same transaction with one derived leg and its counterpart off by a little, still in balance."""
    places = permutations(range(len(entry.postings)), 2)
    up, down = rng.choice([(up, down) for up, down in places if are_derived(entry, up, down, region)])
    postings = list(entry.postings)
    by = 3 * (region.precision if postings[up].units.currency == "HOUR" else region.credits or Decimal(1))
    for n, sign in ((up, 1), (down, -1)):
        units = postings[n].units
        postings[n] = postings[n]._replace(units=units._replace(number=units.number + sign * by))
    return entry._replace(postings=postings)


def are_derived(entry: BeancountTransaction, up: int, down: int, region: Region) -> bool:
    """Whether two postings are legs of the same derived type on different accounts."""
    first, second = entry.postings[up], entry.postings[down]
    kinds = [(posting.meta or {}).get("transfer", "") for posting in (first, second)]
    written = {*RECORDED.values(), *reading.RECORDED} - ({"wage"} if region.labour else set())
    recorded = "derived-from" not in entry.meta and kinds[0] in written
    return bool(kinds[0]) and kinds[0] == kinds[1] and not recorded and first.account != second.account
