"""The README of a new region: every command in it is there, every file too."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from conductor_bean.cli.main import main
from conductor_bean.ledger.file_names import file_stem
from tests.founding.shell import shell
from tests.support import conductor


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new region."""
    found = tmp_path_factory.mktemp("founded") / "valley"
    assert conductor("init", found, "--no-git", "--accountant", "Carla Brandt", "--accountant", "dora").exit_code == 0
    return found


def test_every_command_of_the_readme_is_one(folder: Path) -> None:
    text = "\n".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("README.md", "publish.sh", ".pre-commit-config.yaml", "mapping.yaml", "region.yaml")
    )
    named = set(re.findall(r"\bconductor ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", text))
    assert {"add", "check", "close", "format", "import", "publish", "report", "seal", "what-if"} <= {
        n for n, _ in named
    }
    for name, further in named:
        command = main.commands.get(name)
        assert command is not None, name
        if further and isinstance(command, click.Group):
            assert further in command.list_commands(click.Context(command)), (name, further)


def test_every_option_of_the_readme_is_one(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    for name, options in re.findall(r"`conductor ([a-z-]+) ([^`]*)`", text):
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", options)) <= known | {"--help"}, name
        if {"LEDGER", "."} & set(options.split()):
            needed = {p.opts[-1] for p in main.commands[name].params if isinstance(p, click.Option) and p.required}
            assert needed <= set(re.findall(r"--[a-z-]+", options)), name


def test_every_file_of_the_readme_is_there(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./-]+(?:\.\w+|/))`", text)) - {"origin/main", "journal/YYYY-MM/", "publication.json"}
    assert {"main.beancount", "region.yaml", "parties/", "publish.sh", ".gitlab-ci.yml"} <= named
    assert [name for name in sorted(named) if not (folder / name).exists()] == []


def test_who_adds_is_told_as_a_shell_takes_it(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"git config conductor\.accountant .*", text)
    shell(folder, f"git init --quiet && {line.strip()}")
    assert shell(folder, "git config conductor.accountant").stdout == "Carla Brandt\n"


def test_what_an_accountant_adds_goes_to_her_own_files(folder: Path) -> None:
    shell(folder, "git init --quiet && git config conductor.accountant 'Carla Brandt'")
    shell(folder, "conductor add member Ada --yes")
    files = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "parties").iterdir()}
    assert [stem for stem, text in files.items() if 'custom "member" "Ada"' in text] == [file_stem("Carla Brandt")]
    assert len(files) == 2
    shell(folder, "conductor check . && git ls-files -z '*.beancount' | xargs -0 conductor format --check")
