"""mapping.yaml and foreign names: exact ids, exact unique names, the mapping; the rest told at once with a snippet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor_bean.importers.common.faults import ImportRefusedError
from conductor_bean.importers.common.mapping import read_mapping, settings_of
from conductor_bean.importers.common.mapping_schema import mapping_json_schema
from tests.importers.town import PARTIES, imported, journal, refused, town, write
from tests.support import plan

ROOT = Path(__file__).resolve().parents[2]


def hours(*names: str) -> str:
    rows = "".join(f"2026-03-{day:02},{name},1,Bakery\n" for day, name in enumerate(names, 1))
    return f"date,member,hours,company\n{rows}"


def test_ids_and_unique_names_of_the_ledger_need_no_mapping(tmp_path: Path) -> None:
    folder = town(tmp_path, mapping="")
    imported(folder, "timesheet", write(tmp_path, "a.csv", hours("Ada", "Ada Lovelace", " Ada   Lovelace ")))
    assert journal(folder).read_text().count("Assets:Members:Ada:Hours") == 3


def test_unknown_names_are_told_once_with_the_nearest_ids_and_a_snippet_that_works(tmp_path: Path) -> None:
    folder = town(tmp_path, mapping="")
    source = write(tmp_path, "a.csv", hours("Adah", "ada lovelace", "Adah", "Bob", "X Æ"))
    said = refused(folder, "timesheet", source)
    assert f'{source}:2: "Adah" is none of the members; the nearest: Ada (and in 1 more rows)' in said
    assert f'{source}:6: "X Æ" is none of the members\n' in said
    snippet = "\n".join(line.removeprefix("  ") for line in said.splitlines() if line.startswith("  "))
    (folder / "mapping.yaml").write_text(snippet.replace("ID", "null"), "utf-8")
    assert '1 row(s) left out: members: "X Æ" is null in mapping.yaml' in imported(folder, "timesheet", source)
    assert journal(folder).read_text().count("Assets:Members:Ada:Hours") == 3


def test_a_name_that_two_members_have_is_not_guessed(tmp_path: Path) -> None:
    twins = PARTIES.replace('name: "Bob Kahn"', 'name: "Ada Lovelace"') + plan("bread", "Bakery", a=9000)
    said = refused(town(tmp_path, parties=twins), "timesheet", write(tmp_path, "a.csv", hours("Ada Lovelace")))
    assert '"Ada Lovelace" is the name of several: Ada, Bob' in said
    assert '"Ada Lovelace": Ada   # or Bob' in said


def test_a_mapping_to_an_id_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    folder = town(tmp_path, mapping="members: {Countess: Adda}\n")
    said = refused(folder, "timesheet", write(tmp_path, "a.csv", hours("Countess")))
    assert 'mapping.yaml says "Countess" is "Adda", which is none of the members; did you mean "Ada"?' in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("members: [Ada]\n", '1: "members" is a list: write keys and values here'),
        ("members:\n  a: Ada\n  a: Bob\n", '3: the key "a" stands twice'),
        ("members:\n  a b: Ada\n  'a  b': Bob\n", '3: "a b" stands twice, but for its spaces'),
        ("member: {}\n", '1: "member" is no key here; did you mean members?'),
        ("sources:\n  kimai:\n    timzone: UTC\n", '3: "sources.kimai.timzone" is no key here; did you mean timezone?'),
        ("date_order: us\n", '1: "date_order" is "us": input should be'),
        ("a: &x [1]\nb: *x\n", "2: aliases"),
        ("members: {a: Ada\n", "not readable as YAML"),
        (b"\xff\xfe\x00", "1: is not UTF-8"),
        ("- Ada\n", '1: "the file" is a list: write keys and values here'),
    ],
)
def test_a_mapping_that_does_not_hold_is_refused_with_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        read_mapping(write(tmp_path, "mapping.yaml", text))
    assert f"mapping.yaml:{said}" in str(refusal.value) or said in str(refusal.value)


def test_sections_that_are_still_empty_hold(tmp_path: Path) -> None:
    mapping = read_mapping(write(tmp_path, "mapping.yaml", "# nobody yet\nmembers:\n  # ada: Ada\ncompanies:\n"))
    assert mapping.members == {}


def test_the_mapping_that_the_page_shows_holds(tmp_path: Path) -> None:
    page = (ROOT / "docs/importing.md").read_text("utf-8")
    shown = page.partition("<!-- file: mapping-example.yaml -->\n```yaml\n")[2].partition("```")[0]
    assert read_mapping(write(tmp_path, "mapping.yaml", shown)).sources["kimai"].by_day is True


def test_the_command_goes_before_the_source_and_the_source_before_all(tmp_path: Path) -> None:
    text = "timezone: UTC\ndecimal_mark: ','\nsources: {kimai: {timezone: Europe/Berlin}}\n"
    mapping = read_mapping(write(tmp_path, "mapping.yaml", text))
    assert settings_of(mapping, "kimai", {"timezone": None}).timezone == "Europe/Berlin"
    assert settings_of(mapping, "kimai", {"timezone": "Asia/Tokyo"}).timezone == "Asia/Tokyo"
    assert settings_of(mapping, "toggl", {}).timezone == "UTC"
    assert settings_of(mapping, "kimai", {}).decimal_mark == ","
    with pytest.raises(ImportRefusedError, match='the command: "timezone" is "a b"'):
        settings_of(mapping, "kimai", {"timezone": "a b"})


def test_editors_get_the_schema_that_the_mapping_is_held_against() -> None:
    for file in ("docs/mapping.schema.json", "conductor_bean/mapping.schema.json"):
        assert (ROOT / file).read_text("utf-8") == mapping_json_schema(), "run: python -m docs.generate"
    assert set(json.loads(mapping_json_schema())["properties"]) >= {"members", "companies", "sources", "timezone"}


def test_columns_of_an_unknown_company_are_told_with_the_members(tmp_path: Path) -> None:
    source = write(tmp_path, "a.csv", "date,member,hours,company\n2026-03-01,Ada,1,Bakkery\n2026-03-02,Zed,1,Mil\n")
    said = refused(town(tmp_path, mapping=""), "timesheet", source)
    assert '"Bakkery" is none of the companies; the nearest: Bakery' in said
    assert '"Zed" is none of the members' in said
    assert '"Mil" is none of the companies; the nearest: Mill' in said
    assert 'companies:\n    "Bakkery": Bakery\n    "Mil": Mill' in said
