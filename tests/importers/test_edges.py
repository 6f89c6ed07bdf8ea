"""The audit accuses nobody falsely, and one row that breaks a rule does not keep the others from being audited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.importers.support import (
    block_at,
    changed,
    conductor,
    database,
    errors_of,
    facts_of,
    imported,
    report_of,
    text_of,
    trace,
)

NEGATIVE = "edges/amount_negative"
THIRDS = "edges/overdraw_thirds"


def let_pass(source: Path, target: Path) -> list[str]:
    """What an import says that the app let pass; it imports all the same."""
    result = conductor("import", "workers-control", source, "--to", target)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("let pass by the app: ")), len(lines))
    return [line.strip() for line in lines[first + 1 :] if line.startswith("  ")]


def test_what_lies_within_the_apps_rounding_is_no_overdraw(tmp_path: Path) -> None:
    folder = imported(database(THIRDS), tmp_path / "region", "--overdraw", "0")
    assert errors_of(folder) == []
    assert "member_overdraw: 0.0000000001  # 0, and what the app's own rounding" in (folder / "region.yaml").read_text()
    balances = {row["account"]: float(row["balance"]) for row in report_of(folder, "balances")}
    owner = next(row for row in trace(THIRDS)["accounts"] if row["owner_name"] == "Member 01")
    assert abs(balances["Assets:Members:Member-01:Hours"] - float(owner["balance_exact"])) < 1e-9


@pytest.mark.parametrize("more", ["0.01", "0.000001"])
def test_what_lies_beyond_it_is_an_overdraw(more: str, tmp_path: Path) -> None:
    spent = f"UPDATE transfer SET value = value + {more} WHERE type = 'private_consumption_of_basic_service'"
    taxes = f"UPDATE transfer SET value = value + {more} / 3 WHERE rowid = 14"
    source = changed(tmp_path / "app.sqlite", spent, taxes, name=THIRDS)
    folder = imported(source, tmp_path / "region", "--overdraw", "0")
    (error,) = errors_of(folder)
    assert error["code"] == "insufficient-balance"
    assert 'time: "18:00:03"' in block_at(folder, error["file"], error["line"])
    assert "member_overdraw: 0\n" in (folder / "region.yaml").read_text()


def test_a_negative_consumption_is_told_with_its_line_and_the_rest_is_audited(tmp_path: Path) -> None:
    folder = tmp_path / "region"
    (said,) = let_pass(database(NEGATIVE), folder)
    assert said == "journal/2024-01.beancount:18: a consumption of -3, where one is 1 or more"
    assert said in (folder / "main.beancount").read_text()
    (error,) = errors_of(folder)
    assert (error["file"], error["line"]) == ("journal/2024-01.beancount", 18)
    assert "the app let this pass: a consumption of -3" in block_at(folder, error["file"], error["line"])
    assert len(report_of(folder, "transfers")) == 3


def test_the_report_as_json_tells_it_too(tmp_path: Path) -> None:
    result = conductor("import", "workers-control", database(NEGATIVE), "--to", tmp_path / "region", "--json")
    (said,) = json.loads(result.stdout)["let_pass"]
    assert said.startswith("journal/2024-01.beancount:18: ")


@pytest.mark.parametrize("quantity", [0, -2])
def test_of_a_large_app_one_such_row_is_the_only_error(quantity: int, tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite",
        f"UPDATE private_consumption SET amount = {quantity} WHERE rowid = 5",
        f"UPDATE transfer SET value = {quantity} WHERE id = (SELECT transfer_of_private_consumption "
        "FROM private_consumption WHERE rowid = 5)",
        name="medium11",
    )
    (said,) = let_pass(source, tmp_path / "region")
    (error,) = errors_of(tmp_path / "region")
    assert said == f"{error['file']}:{error['line']}: a consumption of {quantity}, where one is 1 or more"


def test_hours_below_zero_are_written_as_recorded_and_judged(tmp_path: Path) -> None:
    hours = "UPDATE transfer SET value = -value WHERE rowid IN (11, 12)"
    source = changed(tmp_path / "app.sqlite", hours, name=THIRDS)
    said = let_pass(source, tmp_path / "region")
    assert [line.split(": ", 1)[1] for line in said] == [
        "a transfer of -8 hours, where none is below zero",
        "a transfer of -2.6666666667 hours, where none is below zero",
    ]
    (error,) = errors_of(tmp_path / "region")
    assert said[0].startswith(f"{error['file']}:{error['line']}: ")


@pytest.mark.parametrize("name", ["medium11", "small4"])
def test_consumption_of_an_ended_service_is_told_and_what_rests_on_it_is_audited(name: str, tmp_path: Path) -> None:
    end = (
        "UPDATE basic_service SET deactivated_on = (SELECT min(t.date) FROM transfer t JOIN "
        "private_consumption_of_basic_service c ON c.transfer_of_consumption = t.id WHERE c.basic_service = "
        "basic_service.id) WHERE id = (SELECT basic_service FROM private_consumption_of_basic_service LIMIT 1)"
    )
    before = "UPDATE basic_service SET deactivated_on = datetime(deactivated_on, '-1 hours') || '.000000'"
    source = changed(tmp_path / "app.sqlite", end, before, name=name)
    said = let_pass(source, tmp_path / "region")
    assert said
    for line in said:
        file, number, sentence = line.split(":", 2)
        assert sentence.startswith(" the service ended before, at 20")
        assert "of_basic_service" in block_at(tmp_path / "region", file, int(number))
    assert errors_of(tmp_path / "region") == []
    assert len(facts_of(tmp_path / "region", "basic-service-end")) >= 1
    assert "and consumed after that: it ends after the last" in text_of(tmp_path / "region")


@pytest.mark.parametrize(("hours", "said"), [("-1", "approved after that"), ("+1", "that was approved before")])
@pytest.mark.parametrize("name", ["medium11", "small4"])
def test_a_plan_both_rejected_and_approved_is_told_and_all_of_it_is_audited(
    hours: str, said: str, name: str, tmp_path: Path
) -> None:
    reject = (
        f"INSERT INTO plan_rejection SELECT '{'ab' * 16}', plan_id, datetime(date, '{hours} minutes') || '.000000' "
        "FROM plan_approval WHERE rowid = 3"
    )
    source = changed(tmp_path / "app.sqlite", reject, name=name)
    (line,) = let_pass(source, tmp_path / "region")
    (error,) = errors_of(tmp_path / "region")
    assert line.startswith(f"{error['file']}:{error['line']}: ")
    assert said in line
    assert error["code"] == "plan-is-approved"
    assert len(report_of(tmp_path / "region", "transfers")) == len(trace(name)["transfers"])


def test_balances_of_the_edges_are_the_apps(tmp_path: Path) -> None:
    for name in (THIRDS, "edges/same_instant_bs"):
        folder = imported(database(name), tmp_path / name.replace("/", "-"))
        found = sorted(float(row["balance"]) for row in report_of(folder, "balances"))
        expected = sorted(float(row["balance_exact"]) for row in trace(name)["accounts"])
        assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) < 1e-9
