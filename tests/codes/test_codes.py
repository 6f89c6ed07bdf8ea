"""Every code is explained, its examples show what they say, and the source uses no other."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from conductor_bean.cli.main import main
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.problems import STAGES, Code, codes
from conductor_bean.domain.transfers import VERSIONS
from conductor_bean.recording.kinds import by_any_name
from tests.codes.examples import FILES, REGION, marked_line, problems_of
from tests.house.tree import PACKAGE, module_files

CODES = list(codes().values())

BESIDE = {
    "depends-on-rejected": {"unknown-metadata"},
    "seal-changed": {"sealed-history-changed"},
    "sealed-entry-changed": {"seal-removed"},
}
"""What a code cannot come without: the error that something depends on."""

ORDER = list(STAGES)

FIXED = (
    *("plan-not-found", "basic-service-not-found", "consumer-does-not-exist"),
    *("plan-inactive", "plan-is-rejected", "basic-service-inactive", "cannot-consume-public-service"),
    *("worker-not-at-company", "consumer-is-planner", "consumer-is-provider", "plan-has-cooperation"),
    *("requester-is-not-planner", "requester-is-not-coordinator", "cooperation-was-not-requested"),
    *("hours-worked-must-be-positive", "wrong-amount", "insufficient-balance", "empty-plan", "plan-overconsumed"),
)
"""Names that the design and the peer have fixed, in order of precedence; advice last."""

OTHER_WORDS = {
    *("utf-8", "utf-16-le", "utf-8-sig", "derived-from", "conductor-bean", "workers-control", "credit-union"),
    *("labour-time", "date-far-ahead", "ls-tree", "ls-files", "cat-file", "rev-parse", "waypoint-1", "waypoint-2"),
    *("day-month", "month-day", "year-month-day", "import-config", "import-dirs", "closed-month-changed"),
    *("default-file", "fava-extension"),
}
"""Strings of the source that are spelled like codes."""

WRITERS = re.compile(r"\.(fava|importers|simulation)\.")
"""Packages that write or show ledgers, and report nothing of their own."""

KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


@pytest.fixture(autouse=True)
def _example_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(REGION))


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_the_wrong_example_gives_exactly_its_code_at_the_marked_line(code: Code, tmp_path: Path) -> None:
    problems = problems_of(code, code.wrong, tmp_path)
    beside = BESIDE.get(code.name, set())
    assert {problem.code for problem in problems} - {code.name} == beside, problems
    (found,) = [problem for problem in problems if problem.code == code.name]
    assert (found.file, found.line) == (FILES[code.example], marked_line(code.wrong)), found
    assert found.is_advice == code.is_advice(VERSIONS[-1])
    for problem in problems:
        assert problem.message.isprintable(), "a message is one line: editors parse file:line: message"
        assert problem.message == problem.message.strip() != ""


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_the_right_example_gives_none(code: Code, tmp_path: Path) -> None:
    assert problems_of(code, code.right, tmp_path) == []
    assert code.right != code.wrong
    assert marked_line(code.right) is None


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_code_is_explained_in_sentences(code: Code) -> None:
    for text in (code.summary, code.explanation, code.remedy):
        assert re.fullmatch(r"\S.*[.)]", text, re.DOTALL), text
        assert "  " not in text
        assert "\n" not in text.strip()
    assert KEBAB_CASE.fullmatch(code.name)
    assert code.severity in {"error", "advice"}
    assert code.is_advice(VERSIONS[-1]) == (code.stage == "advice")
    assert code.example in FILES


def test_codes_stand_once_and_in_order_of_precedence() -> None:
    rows = yaml.safe_load((PACKAGE / "codes.yaml").read_text("utf-8"))
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names)
    stages = [ORDER.index(row["stage"]) for row in rows]
    assert stages == sorted(stages)


def test_fixed_names_stand_in_their_order_of_precedence() -> None:
    stages = [ORDER.index(codes()[name].stage) for name in FIXED]
    assert stages == sorted(stages)


@cache
def sources() -> dict[str, ast.Module]:
    """All modules that may report a problem, by name."""
    modules = {name: path for name, path in module_files(PACKAGE) if not WRITERS.search(f"{name}.")}
    return {name: ast.parse(path.read_text("utf-8")) for name, path in modules.items()}


@cache
def words_of_the_source() -> dict[str, str]:
    """Each string of the source that is spelled like a code, with a place where it stands."""
    words = {}
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEBAB_CASE.fullmatch(node.value):
                words[node.value] = f"{name}:{node.lineno}"
    return words


def composed_in_the_source() -> list[re.Pattern[str]]:
    """Codes that the source composes, such as f"{kind}-has-ended"."""
    patterns = []
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                fixed = [part.value for part in node.values if isinstance(part, ast.Constant)]
                if fixed and all(re.fullmatch(r"[a-z-]*[a-z]-|-[a-z][a-z-]*", str(text)) for text in fixed):
                    parts = (str(p.value) if isinstance(p, ast.Constant) else "[a-z]+" for p in node.values)
                    patterns.append(re.compile("".join(parts)))
    return patterns


def test_every_code_in_the_source_is_explained() -> None:
    keys = {key for fact in FACT_TYPES.values() for key in fact.keys}
    known = {*codes(), *FACT_TYPES, *keys, *main.commands, *by_any_name(), *OTHER_WORDS}
    assert {word: place for word, place in words_of_the_source().items() if word not in known} == {}


def test_every_explained_code_occurs_in_the_source() -> None:
    composed = composed_in_the_source()
    absent = [name for name in codes() if name not in words_of_the_source()]
    assert [name for name in absent if not any(pattern.fullmatch(name) for pattern in composed)] == []


def explain(*arguments: str) -> Result:
    """What `conductor explain` does, without a process of its own."""
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_explain_tells_everything_about_a_code(code: Code) -> None:
    result = explain(code.name)
    assert result.exit_code == 0
    shown = " ".join(result.output.split())
    for text in (code.name, code.severity, code.summary, code.explanation, code.remedy, code.wrong, code.right):
        assert " ".join(text.split()) in shown
    assert max(len(line) for line in result.output.splitlines()) <= 125


def test_explain_takes_a_code_as_a_message_shows_it() -> None:
    assert explain("plan-inactive:").output == explain("plan-inactive").output


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_explain_respects_no_color(no_color: str, coloured: bool) -> None:
    result = CliRunner(env={"NO_COLOR": no_color}).invoke(main, ["explain", "plan-inactive"], color=True)
    assert ("\x1b[" in result.output) == coloured


def test_explain_of_an_unknown_code_names_the_nearest() -> None:
    result = explain("plan-inactiv")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert '"plan-inactive"' in result.stderr
    assert explain("zzz").exit_code == 2


def test_explain_without_a_code_lists_all() -> None:
    result = explain()
    assert result.exit_code == 0
    shown = [line.split()[0] for line in result.output.splitlines() if line.startswith("  ")]
    assert shown == list(codes())
