"""`conductor init`: a folder that holds, from options or from defaults; whole, or not at all."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from beancount import loader
from fava.application import create_app
from packaging.requirements import Requirement

from conductor_bean.founding.charter import Accountant, Charter, CharterError
from conductor_bean.founding.region_text import scalar
from conductor_bean.founding.requirement import requirement, requirement_of
from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.yaml_text import parse
from tests.founding.shell import environment, listed, shell
from tests.support import conductor

DEFAULT_FILES = [
    *(".editorconfig", ".forgejo/workflows/conductor.yml", ".gitattributes", ".github/workflows/conductor.yml"),
    *(".gitignore", ".gitlab-ci.yml", ".pre-commit-config.yaml", ".vscode/extensions.json"),
    *(".vscode/mapping.schema.json", ".vscode/region.schema.json", ".vscode/settings.json", "README.md"),
    *(
        "import.py",
        "journal/2026-01/accountant.beancount",
        "main.beancount",
        "mapping.yaml",
        "market/accountant.beancount",
    ),
    *("parties/accountant.beancount", "plans/accountant.beancount", "publish.sh", "region.yaml", "requirements.txt"),
]


@pytest.fixture(autouse=True)
def known_to_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git know who writes, and nothing of this machine."""
    for name, value in environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


def init(target: Path, *options: object, code: int = 0) -> str:
    """Run `conductor init` without anybody to ask; what it says."""
    result = conductor("init", target, *options)
    assert result.exit_code == code, result.output
    return result.output


def decided(folder: Path) -> dict[str, Any]:
    """The first decision of a region.yaml, every scalar as text."""
    document, _ = parse((folder / "region.yaml").read_text(encoding="utf-8"))
    (decision,) = document["decisions"]
    found: dict[str, Any] = decision
    return found


def test_without_options_and_without_a_terminal_everything_has_a_default(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    output = init(folder)
    assert output.startswith(f"wrote {folder}: the region Valley, in 22 files\n")
    assert listed(folder) == DEFAULT_FILES
    books = load_books(folder)
    assert books.problems == []
    assert (books.region.id, books.region.name) == ("Valley", "Valley")
    assert books.region.labour_time is not None
    assert books.region.credits is not None
    assert list(books.machine.state.accountants) == ["accountant"]
    assert decided(folder)["date"] == "2026-01-01"


def test_the_same_options_give_the_same_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "valley", tmp_path / "b" / "valley"
    for folder in (first, second):
        init(folder, "--accountant", "carla", "--accountant", "dora")
    assert [(first / name).read_bytes() for name in listed(first)] == [
        (second / name).read_bytes() for name in listed(second)
    ]


def test_options_say_everything(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    init(
        folder,
        *("--name", "The Valley", "--id", "Valley", "--labour-time-name", "STUNDE", "--labour-time-precision", "0.001"),
        *("--credits-name", "TALER", "--credits-precision", "1", "--date", "2027-03-15", "--title", "First of all"),
        *("--set", "income_tax=0.12", "--set", "member_overdraw=null", "--occupation", "baker=18-24.50"),
        *("--occupation", "midwife = 20 - 26", "--accountant", "carla=Carla Brandt", "--accountant", "dora"),
    )
    books = load_books(folder)
    assert books.problems == []
    assert (books.region.id, books.region.name) == ("Valley", "The Valley")
    hours, credit = books.region.labour_time, books.region.credits
    assert hours is not None
    assert credit is not None
    assert (hours.name, str(hours.precision), credit.name, str(credit.precision)) == ("STUNDE", "0.001", "TALER", "1")
    decision = decided(folder)
    assert (decision["date"], decision["title"]) == ("2027-03-15", "First of all")
    assert (decision["set"]["income_tax"], decision["set"]["member_overdraw"]) == ("0.12", None)
    assert decision["occupations"] == {
        "baker": {"min": "18", "max": "24.50"},
        "midwife": {"min": "20", "max": "26"},
    }
    accountants = books.machine.state.accountants
    assert {name: party.name for name, party in accountants.items()} == {"carla": "Carla Brandt", "dora": ""}
    assert "journal/2027-03/dora.beancount" in listed(folder)
    assert 'operating_currency" "TALER"' in (folder / "main.beancount").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("economy", "here", "away"),
    [("labour-time", "fic_window_days", "income_tax"), ("credits", "dividend", "member_overdraw")],
)
def test_a_region_of_one_economy_hears_nothing_of_the_other(tmp_path: Path, economy: str, here: str, away: str) -> None:
    folder = tmp_path / "valley"
    init(folder, "--economy", economy)
    text = (folder / "region.yaml").read_text(encoding="utf-8")
    assert here in text
    assert away not in text
    assert load_books(folder).problems == []
    assert (folder / "market").exists() == (economy == "credits")
    assert ("market" in (folder / "README.md").read_text(encoding="utf-8")) == (economy == "credits")


def test_stock_beancount_finds_no_fault_either(tmp_path: Path) -> None:
    init(tmp_path / "valley", "--accountant", "carla", "--accountant", "dora")
    shell(tmp_path / "valley", "bean-check main.beancount && conductor check . --full --strict")
    entries, errors, options = loader.load_file(str(tmp_path / "valley" / "main.beancount"))
    assert (errors, options["title"]) == ([], "Valley")
    found = [entry.values[0].value for entry in entries if getattr(entry, "type", "") == "accountant"]
    assert sorted(found) == ["carla", "dora"]


def test_fava_opens_it_on_the_pages_of_the_region(tmp_path: Path) -> None:
    init(tmp_path / "valley", "--name", "The <b>Vale</b>", "--no-git")
    client = create_app([tmp_path / "valley" / "main.beancount"]).test_client()
    page = client.get("/", follow_redirects=True)
    assert page.status_code == 200
    assert page.request.path.endswith("/extension/Conductor/")
    errors = client.get(page.request.path.removesuffix("extension/Conductor/") + "api/errors")
    assert errors.get_json()["data"] == []


def test_favas_import_page_shows_what_waits_in_the_inbox(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    init(folder, "--no-git")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "hours.csv").write_text("date,member,company,hours\n2026-01-05,Ada,Bakery,8\n", "utf-8")
    client = create_app([folder / "main.beancount"]).test_client()
    slug = client.get("/", follow_redirects=True).request.path.split("/")[1]
    (found,) = client.get(f"/{slug}/api/imports").get_json()["data"]
    assert [importer["importer_name"] for importer in found["importers"]] == ["timesheet"]


def test_every_setting_of_a_region_stands_in_it_with_what_it_means(tmp_path: Path) -> None:
    init(tmp_path / "valley")
    schema = json.loads((tmp_path / "valley" / ".vscode/region.schema.json").read_text(encoding="utf-8"))
    text = (tmp_path / "valley" / "region.yaml").read_text(encoding="utf-8")
    assert set(decided(tmp_path / "valley")["set"]) == set(schema["$defs"]["SettingsModel"]["properties"])
    assert all(" # " in line for line in text.splitlines() if line.startswith("      "))


def test_editors_are_given_schemas_that_the_files_hold_to(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    init(folder)
    settings = json.loads((folder / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert (folder / settings["beancount.mainBeanFile"]).is_file()
    assert set(settings["yaml.schemas"].values()) == {"region.yaml", "mapping.yaml"}
    for schema_file, name in settings["yaml.schemas"].items():
        # Editors know classes of letters; the validator here is of Python, whose patterns have none.
        schema = json.loads((folder / schema_file).read_text(encoding="utf-8"), object_hook=_without_letters)
        text = (folder / name).read_text(encoding="utf-8")
        document = yaml.load(text, Loader=_EditorsLoader)
        jsonschema.Draft202012Validator(schema).validate(document)
        modeline = text.splitlines()[0]
        assert modeline == f"# yaml-language-server: $schema={Path(schema_file)}"
    json.loads((folder / ".vscode/extensions.json").read_text(encoding="utf-8"))


class _EditorsLoader(yaml.SafeLoader):
    """YAML as editors take it: a date is a text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
        key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _without_letters(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "pattern" or "\\p{" not in value}


HOSTILE = [
    'The "Valley"',
    "It's \\n all {here}: # [no] & *this !that | > %x @y `z`",
    "- no",
    "yes",
    "null",
    "1e3",
    "2026-01-01",
    "Ελλάδα",
    "東京",
    "ශ්‍රී ලංකා",
    "🏔 Tal",
    "<script>alert(1)</script>",
    "$(id) `id` ${HOME} %s {0} @NAME@",
    ": : :",
    "x" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name_and_nothing_else(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "valley"
    init(folder, f"--name={name}", f"--title={name}", f"--accountant=carla={name}", "--occupation", f"{name}=1-2")
    books = load_books(folder)
    assert books.problems == []
    assert books.region.name == name
    assert books.machine.state.accountants["carla"].name == name
    assert decided(folder)["title"] == name
    # Stock YAML reads the same, not a date, a number or a truth.
    stock = yaml.safe_load((folder / "region.yaml").read_text(encoding="utf-8"))
    assert (stock["name"], stock["decisions"][0]["title"]) == (name, name)
    assert list(stock["decisions"][0]["occupations"]) == [name]
    assert loader.load_file(str(folder / "main.beancount"))[2]["title"] == name
    assert shell(folder, "git log --format=%s").stdout == f"Found {name}\n"
    assert shell(folder, "git status --porcelain").stdout == ""


@pytest.mark.parametrize("word", ["NO", "ON", "Y", "Null", "2026", "1E3", "True"])
def test_an_id_that_yaml_takes_for_something_else_stays_an_id(tmp_path: Path, word: str) -> None:
    init(tmp_path / "valley", "--id", word, "--no-git")
    stock = yaml.safe_load((tmp_path / "valley" / "region.yaml").read_text(encoding="utf-8"))
    assert stock["region"] == word
    assert load_books(tmp_path / "valley").region.id == word


@pytest.mark.parametrize("text", ["plain", "two words", "a: b", "#", "no", "~", "1", "-", "é", '"', "a ", "{}", "y"])
def test_a_text_in_yaml_is_read_as_that_text(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}
    assert parse(f"key: {scalar(text)}")[0] == {"key": text}


@pytest.mark.parametrize("identifier", ["Carla Brandt", "../../carla", "a*b", "CON", "käthe", '"x"', "-rf", "`id`"])
def test_a_hostile_id_of_an_accountant_has_a_harmless_file(tmp_path: Path, identifier: str) -> None:
    folder = tmp_path / "valley"
    init(folder, f"--accountant={identifier}", "--accountant=dora")
    books = load_books(folder)
    assert books.problems == []
    assert sorted(books.machine.state.accountants) == sorted((identifier, "dora"))
    assert len(listed(folder)) == len(DEFAULT_FILES) + 4
    assert all(set(Path(name).parts).isdisjoint(("..", "/")) for name in listed(folder))


REFUSED = [
    (["--name", "two\nlines"], "--name: ", "on one line"),
    (["--name", "\u202eevil"], "--name: ", "control characters"),
    (["--name", "x" * 201], "--name: ", "200 at most"),
    (["--id", "valley"], "--id: ", "such as Valley"),
    (["--id", "A:B"], "--id: ", "cannot stand in the name of an account"),
    (["--labour-time-name", "hour"], "--labour-time-...: ", "write capitals"),
    (["--labour-time-precision", "0.02"], "--labour-time-...: ", "power of ten"),
    (["--credits-precision", "nan"], "--credits-...: ", "finite number"),
    (["--credits-name", "HOUR"], "", "both called"),
    (["--economy", "credits", "--labour-time-name", "H"], "", "counts no labour-time"),
    (["--date", "1.1.2026"], "--date: ", "write it as 2026-01-01"),
    (["--date", "2026-02-30"], "--date: ", "write it as 2026-01-01"),
    (["--date", "1800-01-01"], "--date: ", "outside 1900-01-01"),
    (["--title", " \t "], "--title: ", "empty"),
    (["--set", "income_tax"], "--set: ", "KEY=VALUE"),
    (["--set", "incom_tax=0.1"], "--set: ", 'did you mean "income_tax"'),
    (["--set", "income_tax=1.5"], "--set: ", "less than or equal to 1"),
    (["--set", "income_tax=0.1", "--set", "income_tax=0.2"], "--set: ", "set twice"),
    (["--economy", "labour-time", "--set", "income_tax=0.1"], "", "about credits"),
    (["--economy", "credits", "--set", "member_overdraw=1"], "", "about labour time"),
    (["--economy", "labour-time", "--occupation", "baker=1-2"], "", "about credits"),
    (["--set", "member_overdraw=0.00001"], "", "more digits than the precision"),
    (["--occupation", "baker"], "--occupation: ", "NAME=MIN-MAX"),
    (["--occupation", "baker=24-18"], "--occupation: ", "min must not be above max"),
    (["--accountant", "a,b"], "--accountant: ", "without a comma"),
    (["--accountant", ""], "--accountant: ", "must be"),
    (["--accountant", "carla=x\ny"], "--accountant: ", "on one line"),
    (["--accountant", "carla", "--accountant", "carla"], "", "named twice"),
    (["--accountant", "carla", "--accountant", "Carla"], "", "differ in capitals alone"),
]


@pytest.mark.parametrize(("options", "where", "why"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    tmp_path: Path, options: list[str], where: str, why: str
) -> None:
    result = conductor("init", tmp_path / "new" / "valley", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"conductor: {where}")
    assert result.stderr.count("\n") == 1
    assert why in result.stderr
    assert not (tmp_path / "new").exists()


def test_what_stands_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "valley").mkdir()
    (tmp_path / "valley" / "notes.txt").write_text("mine", encoding="utf-8")
    assert "is not empty; nothing was written" in init(tmp_path / "valley", code=2)
    assert "is a file; nothing was written" in init(tmp_path / "valley" / "notes.txt", code=2)
    assert listed(tmp_path / "valley") == ["notes.txt"]


def test_an_empty_folder_becomes_the_region(tmp_path: Path) -> None:
    (tmp_path / "valley").mkdir()
    init(tmp_path / "valley")
    assert load_books(tmp_path / "valley").problems == []


def test_what_to_do_next_names_the_folder_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert init(Path("the valley")).endswith("next: cd 'the valley' && conductor check .\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert init(Path()).endswith("next: conductor check .\n")


def test_whichever_write_fails_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text, rename = Path.write_text, Path.rename
    left = 0

    def spend() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(path: Path, *args: Any, **options: Any) -> int:
        spend()
        return write_text(path, *args, **options)

    def move(path: Path, target: Path) -> Path:
        spend()
        return rename(path, target)

    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr(Path, "rename", move)
    for number in range(len(DEFAULT_FILES) + 1):
        left = number
        output = init(tmp_path / "new" / "valley", "--no-git", code=2)
        assert "cannot be written (No space left on device); nothing was written" in output
        assert not (tmp_path / "new").exists()
    left = len(DEFAULT_FILES) + 1
    init(tmp_path / "new" / "valley", "--no-git")
    assert listed(tmp_path / "new" / "valley") == DEFAULT_FILES


def test_it_is_a_git_repository_with_a_first_commit(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    assert "with a first commit on the branch main" in init(folder)
    assert shell(folder, "git status --porcelain --branch").stdout == "## main\n"
    assert shell(folder, "git log --format='%an: %s'").stdout == "Carla: Found Valley\n"
    tracked = shell(folder, "git ls-files").stdout.splitlines()
    assert sorted(tracked) == listed(folder)
    assert "100755" in shell(folder, "git ls-files --stage publish.sh").stdout


def test_reports_stay_out_of_the_repository(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    init(folder)
    (folder / "reports").mkdir()
    (folder / "reports" / "report-2026-01.html").write_text("who earned what", "utf-8")
    assert shell(folder, "git status --porcelain").stdout == ""


def test_without_git_it_is_founded_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "repository" not in init(tmp_path / "a", "--no-git")
    assert not (tmp_path / "a" / ".git").exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    output = init(tmp_path / "b")
    assert "it is no git repository: git is not installed" in output
    assert f"git -C {tmp_path / 'b'} init" in output
    assert load_books(tmp_path / "b").problems == []


def test_without_an_identity_git_is_not_committed_to_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    monkeypatch.setenv("EMAIL", "machine@example.org")  # with it git makes up the rest
    folder = tmp_path / "valley"
    output = init(folder)
    assert "it is a git repository, but nothing is committed" in output
    assert 'git config --global user.name "YOUR NAME"' in output
    remedy = [line.strip() for line in output.splitlines() if line.startswith("  git")]
    (tmp_path / "home").mkdir()
    for line in remedy:
        subprocess.run(["sh", "-c", line], check=True, capture_output=True)
    assert shell(folder, "git log --format='%an: %s'", who=None).stdout == "YOUR NAME: Found the region\n"


def test_within_another_repository_it_makes_none_of_its_own(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    output = init(tmp_path / "books" / "valley")
    assert f"it lies in the git repository {tmp_path}; commit it there" in output
    assert not (tmp_path / "books" / "valley" / ".git").exists()


def test_a_charter_without_accountants_or_without_anything_to_count_is_none() -> None:
    with pytest.raises(CharterError, match="keep the books"):
        Charter("V", "V", accountants=())
    with pytest.raises(CharterError, match="hours, credits or both"):
        Charter("V", "V", labour_time=None, credits=None)
    assert Accountant("carla").stem == "carla"


def test_the_requirements_name_what_wrote_them(tmp_path: Path) -> None:
    init(tmp_path / "valley", "--no-git")
    lines = (tmp_path / "valley" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == requirement()
    assert [line for line in lines if not line.startswith("#")] == [lines[-1]]


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (None, "conductor-bean==1.2"),
        (
            {
                "url": "https://e.org/c.git",
                "vcs_info": {"vcs": "git", "commit_id": "4f13ab"},
            },
            "conductor-bean @ git+https://e.org/c.git@4f13ab",
        ),
        (
            {"url": "https://e.org/c-1.2.whl", "archive_info": {"hash": "sha256=ab", "hashes": {"sha256": "ab"}}},
            "conductor-bean @ https://e.org/c-1.2.whl#sha256=ab",
        ),
        ({"url": "file:///srv/c%20d", "dir_info": {"editable": True}}, "conductor-bean @ file:///srv/c%20d"),
        (
            {"url": "https://e.org/m.git", "vcs_info": {"vcs": "git", "commit_id": "4f"}, "subdirectory": "books"},
            "conductor-bean @ git+https://e.org/m.git@4f#subdirectory=books",
        ),
    ],
)
def test_a_requirement_is_where_the_program_came_from(record: dict[str, Any] | None, line: str) -> None:
    assert requirement_of("1.2", record) == line
    assert str(Requirement(line)).replace("; ", "") == line


def test_nothing_is_left_blank_in_the_files(tmp_path: Path) -> None:
    init(tmp_path / "valley", "--no-git")
    for name in listed(tmp_path / "valley"):
        text = (tmp_path / "valley" / name).read_text(encoding="utf-8")
        assert "@NAME@" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert not [line for line in text.splitlines() if line != line.rstrip()], name
