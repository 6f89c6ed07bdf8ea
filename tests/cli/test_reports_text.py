"""Reports for people, and how every report behaves on a ledger with errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.region import write_small
from tests.support import conductor

REPORTS = {
    "balances": [],
    "transfers": [],
    "fic": [],
    "plans": [],
    "companies": [],
    "cooperations": [],
    "price": ["bread"],
    "statement": ["Ada"],
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_on_a_ledger_with_errors_says_so_on_stderr_and_is_exit_1(faulty: Path, small: Path, name: str) -> None:
    result = conductor(name, faulty, *REPORTS[name], "--json")
    assert result.exit_code == 1
    assert "worker-not-at-company" in result.stderr
    assert "1 error" in result.stderr
    # stdout is one JSON document all the same, and what was rejected is not in it.
    right = json.loads(conductor(name, small, *REPORTS[name], "--json").stdout)
    assert json.loads(result.stdout) == right
    text = conductor(name, faulty, *REPORTS[name])
    assert text.exit_code == 1
    assert text.stdout


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_without_a_complete_check_tells_no_figures(tmp_path: Path, name: str) -> None:
    folder = write_small(tmp_path, region="region: T\n")
    for json_option in ([], ["--json"]):
        result = conductor(name, folder, *REPORTS[name], *json_option)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert "region-file-missing-key" in result.stderr


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_on_a_ledger_that_holds_says_nothing_on_stderr(small: Path, name: str) -> None:
    for json_option in ([], ["--json"]):
        result = conductor(name, small, *REPORTS[name], *json_option)
        assert (result.exit_code, result.stderr) == (0, "")


def test_many_errors_do_not_drown_the_report(tmp_path: Path) -> None:
    more = '2026-01-27 custom "member" "ada"\n' * 500
    result = conductor("balances", write_small(tmp_path, more))
    assert "500 error" in result.stderr
    assert len(result.stderr.splitlines()) < 50


def column(text: str, heading: str) -> list[str]:
    """Return the lines of a table, each cut off where a column's heading ends."""
    lines = text.splitlines()
    top = next(number for number, line in enumerate(lines) if heading in line.split() and "─" in lines[number + 1])
    found = re.search(rf"(?<!\S){heading}(?!\S)", lines[top])
    assert found is not None
    return [line[: found.end() + 1] for line in lines[top + 2 :] if line.strip()]


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [(["balances"], "balance"), (["transfers"], "amount"), (["companies"], "prd"), (["companies"], "a")],
)
def test_numbers_are_right_aligned_under_their_heading(small: Path, arguments: list[str], heading: str) -> None:
    cells = column(conductor(*arguments, small).stdout, heading)
    assert cells
    for cell in cells:
        assert cell.rstrip() != cell or len(cell.rstrip()) >= len(cell) - 1, cell
        assert cell.rstrip()[-1].isdigit(), cell
        assert len(cell.rstrip()) == len(cells[0].rstrip())


def test_no_cell_is_cut_off_where_there_is_no_terminal(tmp_path: Path) -> None:
    long = "X" + "y" * 60
    more = f'2026-01-27 custom "member" "{long}"\n'
    result = conductor("balances", write_small(tmp_path, more))
    assert f"Assets:Members:{long}:Hours" in result.stdout


HOSTILE = "[red]x[/red] [/] [link=http://evil] \x1b[31m\x07\u200f]8;;"


def test_hostile_names_are_shown_harmlessly(tmp_path: Path) -> None:
    region = (
        f"region: T\nname: {json.dumps(HOSTILE)}\ncommodities: {{labour_time: {{name: HOUR}}}}\n"
        "decisions:\n  - date: 2026-01-01\n    set: {fic_window_days: 40, member_overdraw: 10}\n"
    )
    product = HOSTILE.replace('"', "")
    more = (
        f'2026-01-27 custom "plan" "evil" "Mill"\n  product: "{product}"\n  unit: "{product}"\n  quantity: 1\n'
        "  fixed-means: 1\n  raw-materials: 1\n  labour: 1\n  days: 1\n"
    )
    folder = write_small(tmp_path, more, region=region)
    for name, arguments in {**REPORTS, "price": ["evil"]}.items():
        result = conductor(name, folder, *arguments)
        assert result.exit_code == 0, result.output
        for character in "\x1b\x07\u200f":
            assert character not in result.output, name
        if name in ("plans", "price"):
            assert "[red]x[/red] [/]" in result.stdout, name
    assert json.loads(conductor("plans", folder, "--json").stdout)[-1]["product"] == product


def test_errors_about_hostile_texts_are_harmless_too(tmp_path: Path) -> None:
    more = f'2026-01-27 custom "plan-approval" "{HOSTILE}"\n  by: "carla"\n2026-01-27 \x1b[31m custom\n'
    folder = tmp_path / "\x1b[31mred"
    folder.mkdir()
    folder = write_small(folder, more)
    for arguments in (["check"], ["check", "--format", "github"], ["balances"]):
        result = conductor(*arguments[:1], folder, *arguments[1:])
        assert result.exit_code == 1
        assert "\x1b" not in result.output, arguments
        assert "\u200f" not in result.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["price", "bred"], "bread"),
        (["statement", "Adda"], "Ada"),
        (["transfers", "--party", "Adda"], "Ada"),
        (["transfers", "--type", "taxe"], "taxes"),
        (["balances", "--at", "tomorrow"], "2026"),
        (["balances", "--at", "2026-02-30"], "2026"),
        (["transfers", "--from", "2026-13-01"], "2026"),
        (["fic", "--at", "2026-01-05T25:00:00"], "2026"),
        (["fic", "--at", "2026-01-05", "--from", "2026-01-01"], "--at"),
        (["fic", "--at", "0001-01-01"], ""),
        (["fic", "--at", "9999-12-31"], ""),
    ],
)
def test_wrong_arguments_are_exit_2_and_name_what_would_be_right(small: Path, arguments: list[str], word: str) -> None:
    result = conductor(arguments[0], small, *arguments[1:])
    if not word:
        # Beyond what the language can write: refused, or answered; never a traceback.
        assert result.exit_code in (0, 2)
        return
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert word in result.stderr


def test_transfers_without_a_ledger_or_table_is_wrong_usage() -> None:
    assert conductor("transfers").exit_code == 2


def test_the_table_of_transfers_is_readable() -> None:
    result = conductor("transfers", "--table")
    assert result.exit_code == 0
    for name in ("credit_public_p", "compensation_for_company", "work_certificates"):
        assert name in result.stdout


def test_figures_of_the_text_are_those_of_the_json(small: Path) -> None:
    text = conductor("balances", small).stdout
    rows = json.loads(conductor("balances", small, "--json").stdout)
    shown = {
        line.split()[0]: line.split()[-2] for line in text.splitlines() if line.strip().startswith(("A", "E", "L"))
    }
    assert shown == {row["account"]: row["balance"] for row in rows}
