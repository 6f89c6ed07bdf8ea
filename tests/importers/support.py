"""What the tests of the importer share: the app's databases, copies with faults, and what `conductor` says."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from conductor_bean.cli.main import main

DATA = Path(__file__).parents[1] / "data" / "workers_control"
NAMES = ("small1", "small2", "small3", "medium11", "small4")
"""The app's databases; the last one is of its second generation, which calls cooperations collaborations."""
RENAMED = (
    "ALTER TABLE cooperation RENAME TO collaboration",
    "ALTER TABLE plan_cooperation RENAME TO plan_collaboration",
    "ALTER TABLE plan_collaboration RENAME COLUMN cooperation TO collaboration",
    "ALTER TABLE plan RENAME COLUMN requested_cooperation TO requested_collaboration",
    "ALTER TABLE coordination_tenure RENAME COLUMN cooperation TO collaboration",
    "UPDATE transfer SET type = 'compensation_for_collab' WHERE type = 'compensation_for_coop'",
)
"""What migrates a database of the first generation to the second one."""


def database(name: str) -> Path:
    """The app's database of a name."""
    return DATA / f"{name}.sqlite"


def trace(name: str) -> dict[str, Any]:
    """What truly happened in the app of a name; the importer does not see it."""
    document: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return document


def changed(target: Path, *statements: str | tuple[str, Iterable[Any]], name: str = "small1") -> Path:
    """A copy of a database, changed by SQL."""
    shutil.copy(database(name), target)
    target.chmod(0o644)
    connection = sqlite3.connect(target)
    for statement in statements:
        text, values = (statement, ()) if isinstance(statement, str) else statement
        connection.execute(text, tuple(values))
    connection.commit()
    connection.close()
    return target


def conductor(*arguments: str | Path) -> Result:
    """Runs a command; it must end by itself, without a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def imported(source: str | Path, target: Path, *options: str) -> Path:
    """The folder that an import makes."""
    result = conductor("import", "workers-control", source, "--to", target, *options)
    assert result.exit_code == 0, result.output
    return target


def refused(source: str | Path, target: Path, *options: str) -> str:
    """The one line that a refused import says; it must leave nothing behind."""
    before = listing(target.parent)
    result = conductor("import", "workers-control", source, "--to", target, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert "Traceback" not in result.stderr
    assert listing(target.parent) == before
    return lines[0]


def report_of(folder: Path, *arguments: str) -> Any:
    """What a command says of a ledger in JSON."""
    return json.loads(conductor(*arguments[:1], folder, *arguments[1:], "--json").stdout)


def errors_of(folder: Path) -> list[dict[str, Any]]:
    """The errors of a ledger."""
    found: list[dict[str, Any]] = report_of(folder, "check")["errors"]
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def listing(folder: Path) -> list[str]:
    """All names in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def text_of(folder: Path) -> str:
    """The text of all files of a folder."""
    return "\n".join(content.decode() for content in files_of(folder).values())


def block_at(folder: Path, file: str, line: int) -> str:
    """The directive or transaction to which a line belongs: what stands between two empty lines."""
    lines = (folder / file).read_text().splitlines()
    first = last = line - 1
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return "\n".join(lines[first : last + 1])


def facts_of(folder: Path, kind: str) -> list[tuple[str, ...]]:
    """The facts of a type in a ledger, as instant and ids, in order."""
    pattern = re.compile(rf'^(\S+) custom "{kind}" (.+)\n  time: "(.+)"$', re.MULTILINE)
    found = []
    for name in ("parties.beancount", "plans.beancount"):
        for date, values, time in pattern.findall((folder / name).read_text()):
            found.append((f"{date}T{time}", *re.findall(r'"([^"]*)"', values)))
    return sorted(found)


def memberships_of(folder: Path) -> list[tuple[str, str, str, str | None]]:
    """The memberships that a ledger claims: cooperation, plan, start and end (None: to the present)."""
    exits = facts_of(folder, "cooperation-exit")
    found = []
    for start, cooperation, plan in facts_of(folder, "cooperation-acceptance"):
        ends = [end for end, *ids in exits if ids == [cooperation, plan] and end > start]
        found.append((cooperation, plan, start, min(ends, default=None)))
    return found


def remark_of(folder: Path, kind: str, *ids: str) -> str:
    """The comment above a fact."""
    values = " ".join(f'"{value}"' for value in ids)
    lines = text_of(folder).splitlines()
    (number,) = [number for number, line in enumerate(lines) if line[11:] == f'custom "{kind}" {values}']
    return lines[number - 1]


def rows_of(path: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a database."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def of_generation(name: str, query: str) -> str:
    """A query in the words of the first generation, in those of a database's own."""
    return query.replace("cooperation", "collaboration") if name == "small4" else query


def slug(name: str) -> str:
    """The id that a plain name makes: the names of the committed databases are plain and unique."""
    return name.replace(" ", "-")
