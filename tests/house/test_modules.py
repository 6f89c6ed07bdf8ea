"""Each module fits in one reading, computes without floats, looks at no clock, and knows no machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, module_files, tracked_files

LINES = 400
EXACT = ("conductor_bean.domain", "conductor_bean.engine")
CLOCKS = {"now", "today", "utcnow", "time_ns", "localtime", "gmtime"}
# A place on somebody's machine. Written in two parts, so that this file does not find itself.
MACHINE = re.compile(rb"(?<![\w.:>})/-])/(" + rb"work|home|root|tmp|Users" + rb")/[\w.]")


def floats(node: ast.AST) -> Iterator[int]:
    """Yield the lines where a float is written or made; how alike two words are may be one, it is no figure."""
    match node:
        case ast.Constant(value=float()):
            yield node.lineno
        case ast.Call(func=ast.Name(id="float")):
            yield node.lineno
        case ast.Call(func=ast.Attribute(attr="get_close_matches") | ast.Name(id="get_close_matches")):
            return
    for child in ast.iter_child_nodes(node):
        yield from floats(child)


def test_no_module_is_longer_than_one_reading() -> None:
    counted = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in module_files(PACKAGE)}
    assert {name: lines for name, lines in counted.items() if lines > LINES} == {}


def test_domain_and_engine_are_free_of_floats() -> None:
    modules = [(name, path) for name, path in module_files(PACKAGE) if name.startswith(EXACT)]
    assert modules
    found = {name: list(floats(ast.parse(path.read_bytes()))) for name, path in modules}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("source", ["x = 0.5", "x = 1e3", "x = float(y)", "def f(x=(1, .25)): ..."])
def test_a_float_is_found(source: str) -> None:
    assert list(floats(ast.parse(source))) == [1]


@pytest.mark.parametrize(
    "source", ["x = '0.5'", "x = Decimal('0.5')", "x = 10**3", "# 0.5", "get_close_matches(a, b, 1, 0.6)"]
)
def test_what_is_no_float_is_not_found(source: str) -> None:
    assert list(floats(ast.parse(source))) == []


def test_nothing_that_computes_looks_at_the_clock() -> None:
    looks = [
        f"{name}:{node.lineno}: {node.func.attr}"
        for name, path in module_files(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert looks == []


def test_no_committed_file_names_a_place_on_a_machine() -> None:
    found = {}
    for path in tracked_files():
        places = [match.group().decode() for match in MACHINE.finditer(path.read_bytes())]
        if places:
            found[str(path)] = places
    assert found == {}


@pytest.mark.parametrize("text", ["cd /{}/x", '"/{}/main"', "path=/{}/y", "\n/{}/a"])
def test_a_place_on_a_machine_is_found(text: str) -> None:
    assert MACHINE.search(text.format("wo" + "rk").encode())


@pytest.mark.parametrize("text", ["https://example.org/{}/x", "docs/{}/y", "../{}/z", "{{x}}/{}/a"])
def test_a_path_inside_something_else_is_not_a_place_on_a_machine(text: str) -> None:
    assert not MACHINE.search(text.format("wo" + "rk").encode())


def test_every_python_file_says_what_it_is() -> None:
    silent = [
        str(path)
        for path in tracked_files()
        if path.suffix == ".py" and Path(path).stat().st_size and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert silent == []
