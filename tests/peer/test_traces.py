"""What the Workers Control app did, written in the ledger language, gives what the app computed.

The ledgers are written in short form: what the app derived, the engine has to derive again. The same holds for
larger traces: put them into ``CONDUCTOR_TRACES`` (a folder of ``NAME.json``) to play them, too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Transaction as BeancountTransaction
from click.testing import CliRunner

from conductor_bean.cli.main import main
from tests.model.events import Event
from tests.model.ledger_text import Written, write_region
from tests.peer.trace_ledger import PRECISION, Trace, load_trace, traces


def conductor(*arguments: str) -> Any:
    """Run a command with --json and read its one document."""
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


@dataclass(slots=True)
class Played:
    """A trace, its ledger, and what `conductor` says of it."""

    trace: Trace
    written: Written
    check: dict[str, Any]
    transfers: list[dict[str, Any]]
    balances: list[dict[str, Any]]


def write(trace: Trace, folder: Path, extra: list[Event]) -> Written:
    """The ledger of a trace, with further events, all in order of time."""
    events = [*trace.events, *extra]
    written = write_region(folder, events, trace.region)
    assert len(written.lines) == len(events)
    return written


@pytest.fixture(scope="module", params=traces())
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    trace = load_trace(request.param)
    written = write(trace, tmp_path_factory.mktemp("trace"), [])
    folder = str(written.folder)
    return Played(
        trace, written, conductor("check", folder), conductor("transfers", folder), conductor("balances", folder)
    )


def by_line(transfers: list[dict[str, Any]]) -> dict[tuple[str, int], list[tuple[str, str, str, Decimal]]]:
    """The transfers by the line of their event."""
    found: dict[tuple[str, int], list[tuple[str, str, str, Decimal]]] = defaultdict(list)
    for item in transfers:
        moved = (item["type"], item["debit"], item["credit"], Decimal(item["amount"]))
        found[item["file"], event_line(item)].append(moved)
    return found


def event_line(item: dict[str, Any]) -> int:
    """The line of the directive or transaction that a transfer belongs to."""
    return int(item["line"])


def holdings(balances: list[dict[str, Any]]) -> dict[str, Decimal]:
    """What is on the accounts, those with nothing left out."""
    return {item["account"]: Decimal(item["balance"]) for item in balances if Decimal(item["balance"])}


def test_a_trace_of_the_app_is_a_ledger_without_errors(played: Played) -> None:
    assert played.check["errors"] == []
    assert played.check["ok"] is True
    assert played.check["counts"]["transfers"] == len(played.trace.raw["transfers"])


def test_every_transfer_is_the_apps_own(played: Played) -> None:
    found = by_line(played.transfers)
    expected = {}
    for place, position in played.written.lines.items():
        apps = played.trace.transfers_of(played.trace.number[position])
        if apps:
            expected[place] = sorted((t.type, t.debit, t.credit, t.amount) for t in apps)
    assert {place: sorted(moved) for place, moved in found.items()} == expected


def test_every_fic_is_the_apps_own(played: Played) -> None:
    entries, errors, _ = loader.load_file(str(played.written.main))
    assert errors == []
    found = {
        (Path(entry.meta["filename"]).name, entry.meta["lineno"]): Decimal(str(entry.meta["fic"]))
        for entry in entries
        if isinstance(entry, BeancountTransaction) and "fic" in entry.meta
    }
    compared = 0
    for place, position in played.written.lines.items():
        apps = played.trace.raw["events"][played.trace.number[position]].get("fic")
        if apps is not None:
            assert abs(found[place] - Decimal(apps)) <= PRECISION
            compared += 1
    assert compared == sum("fic" in event for event in played.trace.raw["events"])


def test_the_fic_command_names_the_apps_fic_with_all_its_digits(played: Played) -> None:
    asked = [event for event in played.trace.raw["events"] if "fic" in event]
    for event in [*asked[:2], asked[len(asked) // 2], *asked[-2:]]:
        told = conductor("fic", str(played.written.folder), "--at", event["datetime"].removesuffix("Z"))
        # The app's last digits suffer from the sums that it rounds to 28 digits.
        assert abs(Decimal(told["fic"]) - Decimal(event["fic"])) < Decimal("1e-26")
    at_the_end = conductor("fic", str(played.written.folder), "--at", played.trace.raw["end"].removesuffix("Z"))
    assert abs(Decimal(at_the_end["fic"]) - Decimal(played.trace.raw["fic_at_end"])) < Decimal("1e-26")


def test_every_balance_is_the_apps_own(played: Played) -> None:
    of_the_app: dict[str, Decimal] = defaultdict(Decimal)
    for number in range(len(played.trace.raw["events"])):
        for transfer in played.trace.transfers_of(number):
            of_the_app[transfer.debit] -= transfer.amount
            of_the_app[transfer.credit] += transfer.amount
    found = holdings(played.balances)
    assert found == {name: balance for name, balance in of_the_app.items() if balance}
    for item in played.trace.raw["accounts"]:
        # The app adds up what it did not round; we round each transfer to ten decimals.
        difference = found.get(played.trace.account_of(item), Decimal(0)) - Decimal(item["balance_exact"])
        assert abs(difference) < Decimal("1e-9")


def test_each_refused_attempt_is_one_error_at_its_line_and_changes_nothing(played: Played, tmp_path: Path) -> None:
    for number, attempt in enumerate(played.trace.attempts):
        written = write(played.trace, tmp_path / str(number), [attempt.event])
        errors = conductor("check", str(written.folder))["errors"]
        line = max(line for _, line in written.lines)
        assert [(e["code"], e["file"], e["line"]) for e in errors] == [(attempt.code, "main.beancount", line)]


def test_all_refused_attempts_together_change_nothing(played: Played, tmp_path: Path) -> None:
    written = write(played.trace, tmp_path, [attempt.event for attempt in played.trace.attempts])
    errors = conductor("check", str(written.folder))["errors"]
    number_of_events = len(played.trace.events)
    places = {position: place for place, position in written.lines.items()}
    expected = [
        (attempt.code, *places[number_of_events + position]) for position, attempt in enumerate(played.trace.attempts)
    ]
    assert sorted((e["code"], e["file"], e["line"]) for e in errors) == sorted(expected)
    assert holdings(conductor("balances", str(written.folder))) == holdings(played.balances)
