"""Generated documents are what their sources say, and the schema of region.yaml accepts what the check accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import regex
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError, validators  # type: ignore[import-untyped]

from conductor_bean.cli.main import main
from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.problems import codes
from conductor_bean.domain.transfers import table
from conductor_bean.ledger.region_schema import json_schema
from conductor_bean.publish.hierarchy import IN_FULL, broad_types
from docs import generate
from docs.markup import MARKER
from docs.publication_page import publication_page
from tests.codes.examples import REGION
from tests.house.tree import ROOT

PAGES = [name for name in generate.GENERATED if name.endswith(".md")]


@pytest.mark.parametrize("name", generate.GENERATED)
def test_generated_files_are_what_their_source_says(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == generate.GENERATED[name](), "run python -m docs.generate"


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_say_that_they_are_generated(name: str) -> None:
    assert (ROOT / name).read_text("utf-8").startswith(MARKER)


def test_every_code_transfer_and_command_has_its_heading() -> None:
    for page, prefix, names in (
        (generate.codes_page(), "### ", codes()),
        (publication_page(), "### ", [broad.name for broad in broad_types() if broad.name != IN_FULL]),
        (generate.transfers_page(), "### ", table()),
        (generate.cli_page(), "## conductor ", main.commands),
    ):
        lines = page.splitlines()
        assert [name for name in names if f"{prefix}{name}" not in lines] == []


def test_every_pair_of_the_table_stands_in_its_field_of_a_matrix() -> None:
    fields = {}
    heads: list[str] = []
    for line in generate.transfers_page().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "from, to":
            heads = cells
        elif line.startswith("| **"):
            for head, cell in zip(heads[1:], cells[1:], strict=True):
                fields[cells[0].strip("*"), head] = set(re.findall(r"\(#(\w+)\)", cell))
    expected: dict[tuple[str, str], set[str]] = {}
    for row in table().values():
        for pair in row.pairs:
            expected.setdefault(pair, set()).add(row.name)
    assert {pair: names for pair, names in fields.items() if names} == expected


def test_the_page_of_transfers_names_every_account() -> None:
    page = generate.transfers_page()
    shown = {re.sub("<[A-Za-z]+>", "*", name) for name in re.findall("`([A-Z][^`]+:[^`]+)`", page)}
    assert shown == {pattern for kind in KINDS.values() for pattern in kind.patterns}


def test_the_script_writes_what_is_outdated_and_check_only_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in generate.GENERATED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    (tmp_path / generate.REGION).parent.mkdir(parents=True)
    (tmp_path / generate.REGION).symlink_to(REGION)
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    page = tmp_path / "docs/codes.md"
    right = page.read_text("utf-8")
    page.write_text("changed by hand", "utf-8")
    (tmp_path / "docs/cli.md").unlink()

    told = CliRunner().invoke(generate.generate, ["--check"])
    assert told.exit_code == 1
    assert [line.split(":")[0] for line in told.output.splitlines()] == ["docs/codes.md", "docs/cli.md"]
    assert page.read_text("utf-8") == "changed by hand"

    assert CliRunner().invoke(generate.generate, []).exit_code == 0
    assert page.read_text("utf-8") == right
    assert CliRunner().invoke(generate.generate, ["--check"]).exit_code == 0


def test_the_package_ships_the_schema() -> None:
    shipped = resources.files("conductor_bean") / "region.schema.json"
    assert shipped.read_text("utf-8") == json_schema()


def _matches(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`pattern` as editors read it (JavaScript's /u); Python's `re` knows no classes of letters."""
    if isinstance(instance, str) and not regex.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def faults(text: str) -> list[str]:
    """What an editor with the schema says of a region.yaml."""

    class Loader(yaml.SafeLoader):
        """YAML 1.2, as editors read it: a date is a string."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    validator = validators.extend(Draft202012Validator, {"pattern": _matches})(json.loads(json_schema()))
    data = yaml.load(text, Loader)
    return [error.message for error in validator.iter_errors(data)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(json_schema()), format_checker=None)


REGIONS = [REGION / "region.yaml", *sorted((ROOT / "ledgers").glob("*/region.yaml"))]


@pytest.mark.parametrize("path", REGIONS, ids=lambda path: path.parent.name)
def test_the_schema_accepts_our_regions(path: Path) -> None:
    assert faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["region-file-missing-key", "region-file-unknown-key", "region-file-wrong-value"])
def test_the_schema_finds_what_the_check_finds(name: str) -> None:
    assert len(faults(codes()[name].wrong)) == 1
    assert faults(codes()[name].right) == []


def test_the_page_of_the_hierarchy_has_every_transfer_under_its_broad_type() -> None:
    heading = ""
    shown: dict[str, str] = {}
    for line in publication_page().splitlines():
        heading = line.strip("# ") if line.startswith("#") else heading
        shown |= dict.fromkeys(re.findall(r"^\| \[(\w+)\]\(transfers\.md#\1\)", line), heading)
    full = "In full, whoever takes part"
    assert shown == {
        name: full if broad.name == IN_FULL else broad.name for broad in broad_types() for name in broad.types
    }
