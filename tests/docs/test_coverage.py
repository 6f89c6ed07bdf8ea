"""docs/coverage.md leads from the seeds' sentences to rules, functions and tests: nothing on the way may be missing."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from operator import attrgetter

import pytest

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.transfers import rows
from tests.docs.test_examples import ROOT

TESTS = ROOT / "tests"
PAGE = (ROOT / "docs" / "coverage.md").read_text("utf-8")
LINES = re.findall(r"^\| \"(.+)\" \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
RULES = {rule for _, cell, *_ in LINES for rule in re.findall("`([a-z_ -]+)`", cell)}
FUNCTIONS = sorted({name for _, _, cell, _ in LINES for name in re.findall("`([^`]+)`", cell)})
NAMED = sorted({name for *_, cell in LINES for name in re.findall("`([^`]+)`", cell)})
NOT_SENTENCES = {"member-end", "company-end", "accountant-end", "employment-end", "reversal", "seal"}
"""Facts that serve the ledger itself: parties that end, and history that stays."""


@cache
def defined_in(module: str) -> set[str]:
    folder, _, name = module.rpartition("/")
    tree = ast.parse((TESTS / (folder or "rules/credits") / f"test_{name}.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_is_named_exists(name: str) -> None:
    module, test = name.split("::")
    assert f"test_{test}" in defined_in(module)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_that_is_named_exists(name: str) -> None:
    package, module, function = name.split(".", 2)
    assert callable(attrgetter(function)(import_module(f"conductor_bean.{package}.{module}")))


def test_every_row_of_the_table_comes_from_a_sentence() -> None:
    assert {row.name for row in rows()} <= RULES


def test_every_fact_comes_from_a_sentence() -> None:
    assert {*FACT_TYPES} - NOT_SENTENCES <= RULES


def test_every_rule_that_is_named_is_one() -> None:
    commands = ("cost", "publish", "receipt", "serve --public", "fic", "price", "cooperations", "transfers")
    others = {f"conductor {name}" for name in commands} | {"decisions", "approvals"}
    assert {row.name for row in rows()} | {*FACT_TYPES} | others >= RULES


def test_every_sentence_is_held_by_a_function_and_a_test_and_said_once() -> None:
    assert all("." in function and "::" in test for _, _, function, test in LINES)
    assert len({sentence for sentence, *_ in LINES}) == len(LINES) > 80


def test_what_is_not_held_says_why() -> None:
    table = PAGE.partition("## What is not held")[2]
    found = re.findall(r"^\| ((?:Workers Control|Conductor): .+) \| (.+) \|$", table, re.MULTILINE)
    assert len(found) > 10
    assert all(why.strip() for _, why in found)
