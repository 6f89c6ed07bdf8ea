"""Imports run one way: cli, fava, publish, documents, plugins, importers -> ledger -> engine -> domain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, module_files

PURE = {"domain", "engine"}
CORE = PURE | {"ledger"}
# What a part of the package may import of the package. The command line binds all of it together.
MAY_IMPORT = {
    "domain": {"domain"},
    "engine": PURE,
    "ledger": CORE,
    "plugins": CORE | {"plugins"},
    "importers": CORE | {"importers"},
    "documents": CORE | {"documents"},
    "publish": CORE | {"documents", "publish"},
    "fava": CORE | {"documents", "publish", "fava"},
    "simulation": CORE | {"simulation"},
    "formatting": CORE | {"formatting"},
    "founding": CORE | {"founding"},
    "recording": CORE | {"recording"},
    "reporting": CORE | {"documents", "reporting"},
    "cli": CORE
    | {
        "plugins",
        "importers",
        "documents",
        "publish",
        "fava",
        "simulation",
        "formatting",
        "founding",
        "recording",
        "reporting",
        "cli",
    },
}
FACES = {"click", "fava", "flask", "rich"}
MAY_NOT_IMPORT = {
    "domain": FACES | {"beancount", "beangulp", "beanquery", "sqlite3", "pg8000"},
    "engine": FACES | {"beancount", "beangulp", "beanquery", "sqlite3", "pg8000", "yaml", "pydantic"},
    "ledger": FACES | {"pg8000"},
    "documents": FACES | {"sqlite3", "pg8000"},
    "publish": FACES | {"sqlite3", "pg8000"},
    "formatting": FACES | {"sqlite3", "pg8000"},
    "founding": FACES | {"sqlite3", "pg8000"},
    "recording": FACES | {"sqlite3", "pg8000"},
    "reporting": FACES | {"sqlite3", "pg8000"},
    "simulation": FACES | {"beancount", "beangulp", "beanquery", "sqlite3", "pg8000"},
}


def imported_modules(name: str, path: Path) -> Iterator[str]:
    """Yield the absolute name of everything a module imports, at any depth, also where only a type checker looks."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parent, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def forbidden_imports(package: Path) -> list[str]:
    """Say of every import against the direction where it stands."""
    found = []
    for name, path in module_files(package):
        part = name.split(".")[1] if "." in name else ""
        for imported in imported_modules(name, path):
            top, *rest = imported.split(".")
            inside = rest[0] if top == package.name and rest else None
            if inside in MAY_IMPORT and inside not in MAY_IMPORT.get(part, set()):
                found.append(f"{name} imports {imported}")
            if top in MAY_NOT_IMPORT.get(part, set()) | {"tests", "benchmarks", "plugins", "importers"}:
                found.append(f"{name} imports {imported}")
    return found


def test_imports_run_one_way() -> None:
    assert forbidden_imports(PACKAGE) == []


def test_every_part_of_the_package_has_its_place_in_the_direction() -> None:
    parts = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert parts <= set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("domain/plans.py", "from conductor_bean.engine.state import State"),
        ("domain/plans.py", "from ..engine import state"),
        ("domain/plans.py", "from .. import engine"),
        ("domain/plans.py", "import conductor_bean.ledger"),
        ("domain/plans.py", "def late():\n    from beancount.core import data"),
        ("engine/__init__.py", "from ..ledger import events"),
        ("engine/apply.py", "if TYPE_CHECKING:\n    import flask.json"),
        ("ledger/load.py", "import click as c"),
        ("plugins/conductor.py", "from conductor_bean.cli.main import main"),
        ("cli/main.py", "from tests.model import state"),
        ("cli/main.py", "import importers.workers_control"),
    ],
)
def test_an_import_against_the_direction_is_found(tmp_path: Path, module: str, source: str) -> None:
    file = tmp_path / "conductor_bean" / module
    file.parent.mkdir(parents=True)
    file.write_text(f"from __future__ import annotations\n{source}\n", encoding="utf-8")
    assert len(forbidden_imports(tmp_path / "conductor_bean")) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("domain/plans.py", "from .amounts import Amount"),
        ("engine/apply.py", "from conductor_bean.domain import plans"),
        ("ledger/load.py", "from beancount import loader\nfrom ..engine import state"),
        ("cli/main.py", "import click\nfrom conductor_bean.importers import workers_control"),
    ],
)
def test_an_import_along_the_direction_is_not_found(tmp_path: Path, module: str, source: str) -> None:
    file = tmp_path / "conductor_bean" / module
    file.parent.mkdir(parents=True)
    file.write_text(f"{source}\n", encoding="utf-8")
    assert forbidden_imports(tmp_path / "conductor_bean") == []
