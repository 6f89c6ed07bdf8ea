"""docs/coverage.md leads from the seed's sentences to rules and tests: nothing on the way may be missing."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import rows
from tests.docs.test_examples import ROOT

TESTS = ROOT / "tests"
LINES = re.findall(
    r"^\| \"(.+)\" \| (.+) \| (.+) \|$", (ROOT / "docs" / "coverage.md").read_text("utf-8"), re.MULTILINE
)
RULES = {rule for _, cell, _ in LINES for rule in re.findall("`([a-z_ -]+)`", cell)}
NAMED = sorted({name for *_, cell in LINES for name in re.findall("`([a-z0-9_/]+::[a-z0-9_]+)`", cell)})


@cache
def defined_in(module: str) -> set[str]:
    folder, _, name = module.rpartition("/")
    tree = ast.parse((TESTS / (folder or "rules/credits") / f"test_{name}.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_is_named_exists(name: str) -> None:
    module, test = name.split("::")
    assert f"test_{test}" in defined_in(module)


def test_every_row_of_credits_comes_from_a_sentence() -> None:
    assert {row.name for row in rows() if row.seed == "conductor"} <= RULES


def test_every_fact_of_credits_comes_from_a_sentence() -> None:
    assert {fact.name for fact in FACT_TYPES.values() if fact.economy == "credits"} <= RULES


def test_every_rule_that_is_named_is_one() -> None:
    others = {f"conductor {name}" for name in ("cost", "publish", "receipt", "serve --public")}
    others |= {"decisions", "approvals"}
    assert {row.name for row in rows()} | set(FACT_TYPES) | others >= RULES


def test_every_sentence_is_held_by_a_test_and_said_once() -> None:
    assert all("::" in cell for *_, cell in LINES)
    assert len({sentence for sentence, *_ in LINES}) == len(LINES) > 40
