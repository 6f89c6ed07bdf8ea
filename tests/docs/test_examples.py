"""Everything that the README and the pages of docs/ show is executed here.

A fenced block says in an HTML comment on the line above it how it is tested:

    check: ok            a ```beancount or ```yaml block that, with the prelude, gives no error
    check: CODE          ... that gives exactly one error, of this code
    check: CODE CODE     ... or these errors, in order
    check: ok alone      the block is the whole main.beancount; only region.yaml comes from the prelude
    check: ok credits    the prelude is that of both economies (or `credits-alone`: the same without labour time)
    file: PATH           the block is written to this file for the console blocks that follow on the page
    append: PATH         ... or appended to it
    shows: PATH          the block stands, word for word, in this file of the repository
    tested by: FILE::NAME   commands that another test executes

```console blocks need no comment: their `$ command` lines run in a folder that holds a copy of `ledgers/` and the
database `app.sqlite`, and what they print is compared; a line `...` stands for any lines, and `$ cd FOLDER` holds for
the rest of the page. Blocks of beancount, yaml, sh and bash that say nothing fail, so nothing stays unexecuted.
`python -m tests.docs.update` writes what the commands print now into the pages.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = Path(__file__).parent / "prelude"
PRELUDES = {
    "labour-time": ("region.yaml", "prelude.beancount"),
    "credits": ("credits.yaml", "credits.beancount"),
    "credits-alone": ("credits-alone.yaml", "credits.beancount"),
}
# The README's first command leaves a record of what it published; the pages begin without one.
UNTOLD = shutil.ignore_patterns("publication.json")
# Made from the package or from measurements, and held against their source by other tests.
GENERATED = {"cli.md", "codes.md", "performance.md", "publication.md", "transfers.md"}
ALL_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in ALL_PAGES if page.name not in GENERATED]
APP = ROOT / "tests" / "data" / "workers_control" / "small1.sqlite"
# Read by a test of its own, which looks at what is there afterwards too.
FIRST_MONTH = ROOT / "docs" / "guide" / "first-month.md"
EXECUTABLE = {"beancount", "yaml", "console", "sh", "bash", "shell"}
BLOCK = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"<!-- (?P<verb>check|file|append|shows|tested by): (?P<rest>.+?) -->\n\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, with what its marker says."""

    page: Path
    line: int
    language: str
    text: str
    verb: str
    rest: str

    @property
    def where(self) -> str:
        """Page and line, as an editor finds them."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in BLOCK.finditer(text):
        marker = MARKER.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        verb, rest = (marker["verb"], marker["rest"]) if marker else ("", "")
        found.append(Block(page, line, match["language"], match["text"], verb, rest))
    return found


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
CHECKED = [block for block in BLOCKS if block.verb == "check"]


def environment() -> dict[str, str]:
    """The environment of a page's commands: ours first on the path, plain text, a fixed width."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "FORCE_COLOR", "PYTHON"))}
    author = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        author |= {f"GIT_{role}_NAME": "Carla Brandt", f"GIT_{role}_EMAIL": "carla@example.org"}
    return kept | author | {"PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8", "TERM": "dumb"}


def run(command: str, folder: Path) -> str:
    """What a command prints, on both streams, as a person sees it."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=180,
        check=False,
        text=True,
    )
    return done.stdout


def furnish(folder: Path) -> None:
    """Put there what pages begin with: the example ledgers, and a database as the Workers Control app writes it."""
    shutil.copytree(ROOT / "ledgers", folder / "ledgers", ignore=UNTOLD)
    shutil.copy(APP, folder / "app.sqlite")


def gone_to(command: str, here: Path) -> Path:
    """The folder after a command: `cd FOLDER`, alone on its line, holds for the commands that follow."""
    words = command.split()
    return here / words[1] if len(words) == 2 and words[0] == "cd" else here


def write_block(block: Block, folder: Path) -> None:
    """Write a block to the file that its marker names, or append it there."""
    target = folder / block.rest
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w" if block.verb == "file" else "a", encoding="utf-8") as file:
        file.write(block.text)


def same_output(expected: str, found: str) -> bool:
    """Compare line by line, without spaces at the ends; `...` alone on a line stands for any lines."""

    def tidy(text: str) -> list[str]:
        return [line.rstrip() for line in text.rstrip().splitlines()]

    pattern = "\n".join("(?:.*\n)*?.*" if line.strip() == "..." else re.escape(line) for line in tidy(expected))
    return re.fullmatch(pattern, "\n".join(tidy(found))) is not None


def commands_of(text: str) -> list[tuple[str, str]]:
    """Pairs of command and expected output of a console block; a command goes on after a backslash."""
    pairs: list[tuple[str, str]] = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = f"{command[:-1]}{next(lines).removeprefix('> ')}"
            pairs.append((command, ""))
        elif pairs:
            command, output = pairs[-1]
            pairs[-1] = (command, f"{output}{line}\n")
        else:
            pytest.fail(f"a console block begins with output: {line}", pytrace=False)
    return pairs


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_every_block_says_how_it_is_tested(block: Block) -> None:
    if block.language not in EXECUTABLE or block.language == "console":
        return
    assert block.verb, f"{block.where}: a {block.language} block without a marker (see {Path(__file__).name})"


@pytest.mark.parametrize("block", CHECKED, ids=lambda block: block.where)
def test_ledger_example(block: Block, tmp_path: Path) -> None:
    words = block.rest.split()
    alone = "alone" in words
    codes = [word for word in words if word not in {"ok", "alone", *PRELUDES}]
    region_file, prelude_file = next((PRELUDES[word] for word in words if word in PRELUDES), PRELUDES["labour-time"])
    region = block.text if block.language == "yaml" else (PRELUDE / region_file).read_text("utf-8")
    example = "" if block.language == "yaml" else block.text
    prelude = (PRELUDE / prelude_file).read_text("utf-8")
    main = example if alone else f'plugin "conductor_bean.plugins.conductor"\n{prelude}\n{example}'
    (tmp_path / "region.yaml").write_text(region, "utf-8")
    (tmp_path / "main.beancount").write_text(main, "utf-8")
    verdict = json.loads(run("conductor check . --format json 2>/dev/null", tmp_path))
    shown = "\n".join(
        f"{error['file']}:{error['line']}: {error['code']}: {error['message']}" for error in verdict["errors"]
    )
    assert [error["code"] for error in verdict["errors"]] == codes, f"{block.where}:\n{shown}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != FIRST_MONTH], ids=lambda page: page.name)
def test_commands(page: Path, tmp_path: Path) -> None:
    follow(page, tmp_path)


def follow(page: Path, folder: Path) -> None:
    """Do in a folder what a page says, and compare what its commands print."""
    here = folder
    for block in blocks_of(page):
        if block.verb in {"file", "append"}:
            write_block(block, folder)
        elif block.language == "console" and block.verb != "tested by":
            if not (folder / "ledgers").exists():
                furnish(folder)
            for command, expected in commands_of(block.text):
                found = run(command, here)
                here = gone_to(command, here)
                if not same_output(expected, found):
                    told = f"{block.where}: $ {command}\nThe page shows\n{expected}\nThe command prints\n{found}"
                    pytest.fail(told, pytrace=False)


@pytest.mark.parametrize(
    "block", [b for b in BLOCKS if b.verb in {"shows", "tested by"}], ids=lambda block: block.where
)
def test_what_a_block_refers_to_exists(block: Block) -> None:
    name, _, function = block.rest.partition("::")
    text = (ROOT / name).read_text("utf-8")
    if block.verb == "shows":
        assert block.text.strip() in text, f"{block.where}: {name} reads otherwise"
    else:
        assert f"def {function}(" in text, f"{block.where}: there is no such test"


def test_pages_link_only_to_what_exists() -> None:
    for page in ALL_PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}, which does not exist"


def test_the_picture_shows_what_is_printed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    picture = importlib.import_module("make_terminal_picture")
    assert picture.PICTURE.read_text("utf-8") == picture.draw(), "run: python docs/make_terminal_picture.py"
