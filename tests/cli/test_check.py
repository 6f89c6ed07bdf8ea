"""`conductor check`: verdicts, exit codes, formats."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.region import FAULT, JOURNAL, answer, write_small
from tests.support import conductor

WHERE = JOURNAL.count("\n") + 1
ADVICE = (
    '2026-01-27 custom "plan" "empty" "Mill"\n  product: "E"\n  quantity: 0\n'
    "  fixed-means: 1\n  raw-materials: 1\n  labour: 1\n  days: 1\n"
)


def test_the_json_of_a_ledger_that_holds(small: Path) -> None:
    document = answer("check", small)
    assert list(document) == ["ok", "errors", "advice", "counts"]
    assert document["ok"] is True
    assert document["errors"] == document["advice"] == []
    # 2 + 3 + 1 parties ... see tests/cli/region.py: 8 parties and employments, 4 + 3 plans, 7 of cooperation, 4 moves.
    assert document["counts"] == {"members": 2, "companies": 3, "plans": 4, "events": 26, "transfers": 16}


def test_the_json_of_a_ledger_with_an_error(faulty: Path) -> None:
    document = answer("check", faulty, code=1)
    assert document["ok"] is False
    (error,) = document["errors"]
    assert list(error) == ["code", "message", "file", "line"]
    assert (error["code"], error["file"], error["line"]) == ("worker-not-at-company", "doc.beancount", WHERE)
    # What was rejected counts for nothing.
    assert document["counts"]["events"] == 26
    assert conductor("check", faulty, "--format", "json").stdout == conductor("check", faulty, "--json").stdout


def test_a_region_is_named_by_its_folder_or_its_main_file(small: Path) -> None:
    assert answer("check", small / "main.beancount") == answer("check", small)


def test_advice_informs_and_fails_only_when_it_is_strict(tmp_path: Path) -> None:
    folder = write_small(tmp_path, ADVICE)
    document = answer("check", folder)
    assert document["ok"] is True
    assert [(row["code"], row["line"]) for row in document["advice"]] == [("empty-plan", WHERE)]
    assert answer("check", folder, "--strict", code=1)["ok"] is False
    assert conductor("check", folder).exit_code == 0
    assert conductor("check", folder, "--strict").exit_code == 1


def test_the_text_is_one_line_a_problem_as_editors_read_it_and_a_summary(faulty: Path) -> None:
    result = conductor("check", faulty)
    assert result.exit_code == 1
    first, *rest = result.stdout.splitlines()
    match = re.fullmatch(r"(?P<file>[^:]+):(?P<line>\d+): (?P<code>[a-z0-9-]+): (?P<message>.+)", first)
    assert match is not None
    assert (match["line"], match["code"]) == (str(WHERE), "worker-not-at-company")
    assert (Path.cwd() / match["file"]).samefile(faulty / "doc.beancount")
    assert "1 error" in rest[-1]


def test_text_names_files_from_where_the_user_stands(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(faulty)
    assert conductor("check", ".").stdout.startswith(f"doc.beancount:{WHERE}: ")
    monkeypatch.chdir(faulty.parent)
    assert conductor("check", faulty.name).stdout.startswith(f"{faulty.name}/doc.beancount:{WHERE}: ")


def test_several_ledgers_are_checked_together_and_one_that_fails_fails_all(small: Path, faulty: Path) -> None:
    result = conductor("check", small, faulty)
    assert result.exit_code == 1
    assert result.stdout.count("worker-not-at-company") == 1
    assert conductor("check", small, small).exit_code == 0
    documents = json.loads(conductor("check", small, faulty, "--json").stdout)
    verdicts = documents if isinstance(documents, list) else documents["ledgers"]
    assert [document["ok"] for document in verdicts] == [True, False]


@pytest.mark.parametrize("arguments", [[], ["--format", "xml", "."], ["--stict", "."]])
def test_wrong_usage_is_exit_2(arguments: list[str]) -> None:
    assert conductor("check", *arguments).exit_code == 2


@pytest.mark.parametrize("name", ["nowhere", "nowhere/main.beancount", "\x1b[31m", "a" * 300])
def test_a_folder_that_does_not_exist_is_exit_2_and_a_word_on_stderr(tmp_path: Path, name: str) -> None:
    for command in (["check"], ["balances"], ["fic"], ["transfers"]):
        result = conductor(*command, tmp_path / name, "--json")
        assert result.exit_code == 2, command
        assert result.stdout == ""
        assert result.stderr
        assert "\x1b" not in result.stderr


def test_a_folder_without_a_main_file_is_exit_2(tmp_path: Path) -> None:
    result = conductor("check", tmp_path)
    assert result.exit_code == 2
    assert "main.beancount" in result.stderr


def test_a_readable_ledger_among_unreadable_ones_does_not_make_up_for_them(small: Path, tmp_path: Path) -> None:
    assert conductor("check", small, tmp_path / "nowhere").exit_code == 2


def test_a_broken_region_file_is_an_error_of_the_ledger_and_exit_1(tmp_path: Path) -> None:
    folder = write_small(tmp_path, region="region: T\ncommodities: {labour_time: {name: HOUR}}\nfic: 1\n")
    document = answer("check", folder, code=1)
    assert [(row["code"], row["file"], row["line"]) for row in document["errors"]] == [
        ("region-file-unknown-key", "region.yaml", 3)
    ]
    assert document["counts"] == {"members": 0, "companies": 0, "plans": 0, "events": 0, "transfers": 0}


def test_a_file_that_is_no_ledger_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert conductor("check", tmp_path).exit_code == 1
    (tmp_path / "main.beancount").write_text("", "utf-8")
    assert conductor("check", tmp_path).exit_code == 1


# GitHub's workflow commands


def test_github_annotates_lines(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(faulty)
    result = conductor("check", ".", "--format", "github")
    assert result.exit_code == 1
    line = result.stdout.splitlines()[0]
    match = re.fullmatch(r"::(?P<level>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)", line)
    assert match is not None
    properties = dict(pair.split("=", 1) for pair in match["properties"].split(","))
    assert match["level"] == "error"
    assert (properties["file"], properties["line"]) == ("doc.beancount", str(WHERE))
    assert "worker-not-at-company" in properties.get("title", "") + match["message"]


def test_github_shows_advice_as_warnings(tmp_path: Path) -> None:
    result = conductor("check", write_small(tmp_path, ADVICE), "--format", "github")
    assert result.exit_code == 0
    assert result.stdout.startswith("::warning ")


def test_github_commands_cannot_be_forged_by_a_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "a,b%c:d"
    folder.mkdir()
    text = '2026-01-27 custom "plan-approval" "x%0A::set-output\n::warning::forged"\n  by: "carla"\n'
    result = conductor("check", write_small(folder, text), "--format", "github")
    commands = [line for line in result.stdout.splitlines() if line.startswith("::")]
    assert len(commands) == 1
    assert "forged" not in commands[0].split("::")[1]
    properties = commands[0].split("::")[1]
    assert properties.count(",") == 2
    assert "a%2Cb%25c%3Ad" in properties


# SARIF


def sarif(*arguments: object, code: int) -> dict[str, Any]:
    result = conductor("check", *arguments, "--format", "sarif")
    assert result.exit_code == code, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_sarif_has_what_code_scanning_requires(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(faulty)
    document = sarif(".", code=1)
    assert document["version"] == "2.1.0"
    assert "sarif" in document["$schema"]
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    rules = {rule["id"]: index for index, rule in enumerate(driver["rules"])}
    assert len(rules) == len(driver["rules"])
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    (result,) = run["results"]
    assert result["ruleId"] == "worker-not-at-company"
    assert result["ruleIndex"] == rules[result["ruleId"]]
    assert result["level"] == "error"
    assert result["message"]["text"]
    (location,) = result["locations"]
    place = location["physicalLocation"]
    assert place["region"]["startLine"] == WHERE
    uri = place["artifactLocation"]["uri"]
    assert uri == "doc.beancount"
    assert "\\" not in uri


def test_sarif_of_a_ledger_that_holds_has_a_run_without_results(small: Path) -> None:
    (run,) = sarif(small, code=0)["runs"]
    assert run["results"] == []


def test_sarif_levels_of_advice_follow_strict(tmp_path: Path) -> None:
    folder = write_small(tmp_path, ADVICE)
    (run,) = sarif(folder, code=0)["runs"]
    assert [result["level"] for result in run["results"]] in (["warning"], ["note"])
    (run,) = sarif(folder, "--strict", code=1)["runs"]
    assert [result["level"] for result in run["results"]] == ["error"]


def test_sarif_uris_are_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my region%"
    folder.mkdir()
    write_small(folder, FAULT)
    monkeypatch.chdir(tmp_path)
    (run,) = sarif("my region%", code=1)["runs"]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20region%25/doc.beancount"


# Colours


@pytest.mark.parametrize("no_color", ["1", "yes"])
def test_no_color_is_respected(faulty: Path, no_color: str) -> None:
    for arguments in (["check", faulty], ["explain", "wrong-amount"], ["explain"], ["balances", faulty]):
        result = conductor(*arguments, color=True, environment={"NO_COLOR": no_color})
        assert "\x1b[3" not in result.output, arguments
        assert "\x1b[9" not in result.output, arguments


def test_without_it_errors_are_coloured_on_a_terminal(faulty: Path) -> None:
    assert "\x1b[3" in conductor("check", faulty, color=True, environment={"NO_COLOR": None}).stdout


# explain


def test_explain_tells_what_a_code_means() -> None:
    result = conductor("explain", "wrong-amount")
    assert result.exit_code == 0
    assert "price" in result.stdout


def test_explain_names_the_nearest_code() -> None:
    result = conductor("explain", "wrong-amonut")
    assert result.exit_code == 2
    assert "wrong-amount" in result.stderr
    assert conductor("explain", "\x1b[31m").exit_code == 2


def test_explain_without_a_code_lists_all() -> None:
    result = conductor("explain")
    assert result.exit_code == 0
    assert "insufficient-balance" in result.stdout


def test_the_version_and_the_help_are_there() -> None:
    assert conductor("--version").exit_code == 0
    listed = conductor("--help").stdout
    for command in (
        "check",
        "balances",
        "transfers",
        "fic",
        "price",
        "plans",
        "companies",
        "cooperations",
        "statement",
    ):
        assert command in listed
        assert conductor(command, "--help").exit_code == 0
