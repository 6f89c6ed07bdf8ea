"""`conductor check --since REV` holds what may never change against REV: seals, sealed and closed months, decisions.

The region has January closed and sealed, February closed, March open. Each attack was green before.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_since import append, commit, git
from tests.support import HEAD, REGION, conductor, write

JANUARY, FEBRUARY, MARCH = (f"journal/2026-0{month}.beancount" for month in (1, 2, 3))
MAIN = HEAD + 'include "prelude.beancount"\ninclude "journal/*.beancount"\n'
LOAF = (
    '2026-0{month}-{day} * "{who}" "a loaf" ^bread\n  quantity: 1\n'
    "  Assets:Members:{who}:Hours              -1.50 HOUR\n  Liabilities:Companies:Bakery:PRD       1.50 HOUR\n\n"
)


def loaf(month: int, day: int, who: str = "Ada") -> str:
    """One loaf of bread."""
    return LOAF.format(month=month, day=f"{day:02}", who=who)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region in a repository of its own."""
    folder = write(
        tmp_path_factory.mktemp("history") / "region",
        region=REGION.replace("name: Testburg\n", "name: Testburg\ntable: 1\n"),
        files={
            "main.beancount": MAIN,
            JANUARY: loaf(1, 5) + loaf(1, 6, "Bob") + '2026-01-31 custom "month-close" "2026-01"\n',
            FEBRUARY: loaf(2, 5) + loaf(2, 6, "Bob") + '2026-02-28 custom "month-close" "2026-02"\n',
            MARCH: loaf(3, 5) + loaf(3, 6, "Bob"),
            "requirements.txt": "conductor-bean==1\n",
        },
    )
    assert conductor("seal", folder, "2026-01", "--yes").exit_code == 0
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


@pytest.fixture
def region(founded: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(founded, tmp_path / "region"))


def edit(folder: Path, file: str, old: str, new: str, count: int = 1) -> None:
    """Put another text in the place of one that stands in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, count), encoding="utf-8", newline="")


def since(folder: Path, *options: str, revision: str = "main", code: int = 1) -> dict[str, Any]:
    """The verdict as JSON."""
    result = conductor("check", folder, "--since", revision, "--json", *options)
    assert result.exit_code == code, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def errors(folder: Path, *options: str, code: int = 1) -> list[tuple[str, str, int]]:
    """Code, file and line of each new error."""
    return [(row["code"], row["file"], row["line"]) for row in since(folder, *options, code=code)["errors"]]


def seal_line(folder: Path) -> str:
    """The seal, with what stands under it."""
    found = re.search(r'^.*"seal".*\n(?:  .*\n)*', (folder / JANUARY).read_text("utf-8"), re.MULTILINE)
    assert found
    return found.group()


def reseal(folder: Path) -> None:
    """Take the seal out, and seal what stands there now."""
    edit(folder, JANUARY, seal_line(folder), "")
    assert conductor("seal", folder, "2026-01", "--yes").exit_code == 0


def test_nothing_is_wrong_where_nothing_changed(region: Path) -> None:
    document = since(region, code=0)
    assert (document["errors"], document["changes"]) == ([], [])


def test_an_honest_week_is_no_change_of_history(region: Path) -> None:
    append(region, loaf(3, 12), MARCH)
    append(region, loaf(4, 2), "journal/2026-04.beancount")
    document = since(region, code=0)
    assert (document["errors"], document["changes"]) == ([], [])


def test_an_entry_of_an_open_month_may_be_mended(region: Path) -> None:
    edit(region, MARCH, "a loaf", "a loaf, still warm")
    assert errors(region, code=0) == []


@pytest.mark.parametrize("options", [(), ("--full",)])
def test_order_files_layout_and_comments_are_no_change(region: Path, options: tuple[str, ...]) -> None:
    texts = [(region / file).read_text("utf-8") for file in (JANUARY, FEBRUARY, MARCH)]
    entries = [entry for text in texts for entry in text.replace("-1.50 HOUR", "  -1.5 HOUR ; half").split("\n\n")]
    for file in (JANUARY, FEBRUARY, MARCH):
        (region / file).unlink()
    append(region, "; turned round\n" + "\n\n".join(reversed(entries)) + "\n", "journal/all.beancount")
    document = since(region, *options, code=0)
    assert (document["errors"], document["changes"]) == ([], [])


def test_carriage_returns_are_no_change(region: Path) -> None:
    for name in ("main.beancount", "region.yaml", "requirements.txt", JANUARY, FEBRUARY, "seals/2026-01.txt"):
        text = (region / name).read_bytes()
        (region / name).write_bytes(text.replace(b"\n", b"\r\n"))
    document = since(region, code=0)
    assert (document["errors"], document["changes"]) == ([], [])


def remove_seal(folder: Path) -> None:
    """Remove the seal alone."""
    edit(folder, JANUARY, seal_line(folder), "")


def comment_seal(folder: Path) -> None:
    """Hide the seal in a comment."""
    edit(folder, JANUARY, seal_line(folder), re.sub("^", "; ", seal_line(folder), flags=re.MULTILINE))


def move_seal_out(folder: Path) -> None:
    """Move the seal to a file that is not read."""
    append(folder, seal_line(folder), "kept.txt")
    remove_seal(folder)


def seal_later(folder: Path) -> None:
    """Seal February in place of January."""
    remove_seal(folder)
    assert conductor("seal", folder, "2026-02", "--yes").exit_code == 0


@pytest.mark.parametrize("attack", [remove_seal, comment_seal, move_seal_out, seal_later])
@pytest.mark.parametrize("options", [(), ("--full",)])
def test_a_seal_that_is_gone_is_an_error(
    region: Path, attack: Callable[[Path], None], options: tuple[str, ...]
) -> None:
    attack(region)
    assert conductor("check", region).exit_code == 0
    assert errors(region, *options) == [("seal-removed", JANUARY, 11)]


def test_a_sealed_entry_that_is_changed_and_sealed_again_is_told_with_its_line(region: Path) -> None:
    edit(region, JANUARY, "a loaf", "a cake")
    reseal(region)
    assert conductor("check", region, "--full").exit_code == 0
    found = errors(region)
    assert ("sealed-entry-changed", JANUARY, 1) in found
    assert [code for code, _, _ in found] == ["sealed-entry-changed", "seal-changed", "list-changed"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [(loaf(1, 5), "", 6), (loaf(1, 5), loaf(1, 5) * 2, 6), (loaf(1, 5), loaf(1, 4), 1), ("Ada", "Bob", 1)],
)
def test_no_sealed_entry_is_removed_added_or_moved_and_sealed_again(
    region: Path, old: str, new: str, line: int
) -> None:
    edit(region, JANUARY, old, new, 2)
    reseal(region)
    assert conductor("check", region, "--full").exit_code == 0
    found = errors(region)
    assert ("sealed-entry-changed", JANUARY, line) in found, found
    assert "seal-changed" in {code for code, _, _ in found}


def test_a_seal_that_did_not_hold_before_hides_no_second_change(region: Path) -> None:
    edit(region, JANUARY, "a loaf", "a cake")
    commit(region)
    edit(region, JANUARY, "a cake", "a tart")
    assert errors(region) == [("sealed-entry-changed", JANUARY, 1)]


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("a loaf", "a cake", [1]),
        (loaf(2, 5), "", [6]),
        (loaf(2, 5), loaf(2, 5) + loaf(2, 7), [6]),
        (loaf(2, 5), loaf(2, 4), [1, 11]),
        ('2026-02-28 custom "month-close" "2026-02"\n', "", [1]),
    ],
)
@pytest.mark.parametrize("options", [(), ("--full",)])
def test_no_entry_of_a_closed_month_is_changed_removed_or_added(
    region: Path, old: str, new: str, places: list[int], options: tuple[str, ...]
) -> None:
    edit(region, FEBRUARY, old, new)
    assert conductor("check", region).exit_code == 0
    found = errors(region, *options)
    file = FEBRUARY if "month-close" not in old else "main.beancount"
    assert found == [("closed-entry-changed", file, line) for line in places]


def test_an_entry_dated_in_a_closed_month_is_told_wherever_it_is_written(region: Path) -> None:
    append(region, loaf(2, 20), MARCH)
    assert errors(region) == [("closed-entry-changed", MARCH, 11)]


def test_a_decision_that_is_edited_is_an_error(region: Path) -> None:
    edit(region, "region.yaml", "member_overdraw: null", "member_overdraw: 500")
    assert ("decision-changed", "region.yaml", 7) in errors(region)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: Founding assembly", "title: The assembly", 7),
        ("  - date: 2026-01-01", "  - {date: 2025-12-31, set: {}}\n  - date: 2026-01-01", 7),
        ("      fic_window_days: 180\n", "      fic_window_days: 180\n      approvals: 1\n", 7),
        ("decisions:\n  - date: 2026-01-01\n", "decisions: []\nother_customs: [x]\n", 6),
    ],
)
def test_decisions_are_only_appended(region: Path, old: str, new: str, line: int) -> None:
    if "[]" in new:
        text = (region / "region.yaml").read_text("utf-8")
        (region / "region.yaml").write_text(text[: text.index("decisions:")] + "decisions: []\n", "utf-8")
    else:
        edit(region, "region.yaml", old, new)
    assert ("decision-changed", "region.yaml", line) in errors(region)


def test_a_decision_written_another_way_is_the_same(region: Path) -> None:
    edit(
        region,
        "region.yaml",
        "    set:\n      fic_window_days: 180\n      member_overdraw: null\n",
        "    set: {member_overdraw: ~, fic_window_days: 180}  # as it was\n",
    )
    assert errors(region, code=0) == []


def test_a_decision_is_appended_for_an_open_month_and_for_no_closed_one(region: Path) -> None:
    append(region, "  - {date: 2026-03-01, set: {member_overdraw: 400}}\n", "region.yaml")
    document = since(region, code=0)
    assert (document["errors"], document["changes"]) == ([], [])
    edit(region, "region.yaml", "2026-03-01", "2026-02-20")
    assert ("decision-changed", "region.yaml", 12) in errors(region)


def narrow(folder: Path) -> None:
    """Read all but one file of the journal."""
    edit(folder, "main.beancount", "journal/*", "journal/2026-0[12]*")


def rename(folder: Path) -> None:
    """Give the file a name that the pattern does not find."""
    (folder / MARCH).rename(folder / f"{MARCH}.old")


def move_out(folder: Path) -> None:
    """Move the file to a folder that is not read."""
    (folder / "drafts").mkdir()
    (folder / MARCH).rename(folder / "drafts" / "march.beancount")


def delete(folder: Path) -> None:
    """Remove the file, and its include."""
    narrow(folder)
    (folder / MARCH).unlink()


@pytest.mark.parametrize("attack", [narrow, rename, move_out, delete])
@pytest.mark.parametrize("options", [(), ("--full",)])
def test_what_was_read_is_read(region: Path, attack: Callable[[Path], None], options: tuple[str, ...]) -> None:
    attack(region)
    assert conductor("check", region).exit_code == 0
    assert errors(region, *options) == [("events-vanished", "main.beancount", 4)]


def test_a_closed_month_that_is_no_longer_read_is_one_error(region: Path) -> None:
    edit(region, "main.beancount", "journal/*", "journal/2026-0[13]*")
    assert errors(region) == [("events-vanished", "main.beancount", 4)]


def test_a_file_may_be_included_under_another_name(region: Path) -> None:
    (region / MARCH).rename(region / "march.beancount")
    append(region, 'include "march.beancount"\n', "main.beancount")
    document = since(region, code=0)
    assert document["errors"] == []
    assert [(change["kind"], change["file"], change["line"]) for change in document["changes"]] == [
        ("main", "main.beancount", 6)
    ]


@pytest.mark.parametrize("content", [b"", b"conductor-bean list 1 2026-01\n", None])
def test_a_list_is_never_changed(region: Path, content: bytes | None) -> None:
    path = region / "seals" / "2026-01.txt"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert conductor("check", region, "--full").exit_code == 0
    assert errors(region) == [("list-changed", "seals/2026-01.txt", 1)]


def test_a_list_is_no_symbolic_link(region: Path) -> None:
    path = region / "seals" / "2026-01.txt"
    path.rename(region / "list.txt")
    path.symlink_to("../list.txt")
    assert errors(region) == [("list-changed", "seals/2026-01.txt", 1)]


def test_the_version_of_the_table_is_neither_lowered_nor_removed(region: Path) -> None:
    edit(region, "region.yaml", "table: 1\n", "")
    assert errors(region) == [("table-lowered", "region.yaml", 1)]
    edit(region, "region.yaml", "name: Testburg\n", "name: Testburg\ntable: 2\n")
    assert errors(region, code=0) == []
    commit(region)
    edit(region, "region.yaml", "table: 2\n", "table: 1\n")
    assert errors(region) == [("table-lowered", "region.yaml", 3)]


def changed(folder: Path) -> list[tuple[str, str, int]]:
    """Kind, file and line of what somebody should look at; it fails no check, however strict."""
    document = since(folder, "--strict", code=0)
    return [(row["kind"], row["file"], row["line"]) for row in document["changes"]]


def test_an_option_of_main_that_changes_is_listed(region: Path) -> None:
    edit(region, "main.beancount", 'option "title" "Testburg"', 'option "title" "Elsewhere"')
    assert changed(region) == [("main", "main.beancount", 1)]


def test_the_head_of_region_yaml_is_listed_key_by_key(region: Path) -> None:
    edit(region, "region.yaml", "name: Testburg\n", "name: Elsewhere\nplugins: [beancount_periodic.plugin]\n")
    assert changed(region) == [("region", "region.yaml", 2), ("plugins", "region.yaml", 3)]


FILES = {
    "workflow": (".github/workflows/x.yml", ".gitlab-ci.yml", ".forgejo/workflows/x.yml", ".woodpecker/x.yaml"),
    "hooks": (".pre-commit-config.yaml",),
    "git": (".gitattributes", ".gitmodules", "journal/.gitattributes"),
    "requirements": ("requirements-dev.txt", "constraints.txt", "pyproject.toml"),
    "code": ("zz.py", "deep/er/zz.PY", "zz.so", "publish.sh"),
}


@pytest.mark.parametrize(("kind", "file"), [(kind, file) for kind, files in FILES.items() for file in files])
def test_what_is_run_or_decides_what_is_read_is_listed(region: Path, kind: str, file: str) -> None:
    (region / file).parent.mkdir(parents=True, exist_ok=True)
    (region / file).write_text("one\ntwo\n", encoding="utf-8")
    assert changed(region) == [(kind, file, 1)]
    commit(region)
    assert [row["message"] for row in since(region, revision="HEAD~1", code=0)["changes"]] == ["is new since HEAD~1"]
    assert since(region, revision="HEAD", code=0)["changes"] == []
    (region / file).write_text("one\n2\n", encoding="utf-8")
    assert [(row["line"], row["message"]) for row in since(region, revision="HEAD", code=0)["changes"]] == [
        (2, "was changed since HEAD")
    ]
    (region / file).unlink()
    assert [(row["line"], row["message"]) for row in since(region, revision="HEAD", code=0)["changes"]] == [
        (1, "was removed since HEAD")
    ]


def test_what_git_ignores_is_nobodys_proposal(region: Path) -> None:
    append(region, ".venv/\n", ".gitignore")
    (region / ".venv").mkdir()
    append(region, "x = 1\n", ".venv/x.py")
    assert changed(region) == []


@pytest.mark.parametrize("style", ["text", "json", "github", "gitlab", "forgejo", "sarif"])
def test_every_format_lists_what_to_look_at(region: Path, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(region, "requirements.txt", "1", "2")
    monkeypatch.chdir(region)
    result = conductor("check", ".", "--since", "main", "--format", style)
    assert result.exit_code == 0
    shown = {
        "text": "to look at, of what is read, run or decided:\n  requirements.txt:1: was changed since main\n",
        "json": '"kind": "requirements"',
        "github": "::notice file=requirements.txt,line=1,title=to look at::was changed since main\n",
        "gitlab": '"severity": "info"',
        "forgejo": r"requirements.txt:1: was changed since main",
        "sarif": '"level": "note"',
    }
    assert shown[style] in result.stdout


MARK = "import pathlib\npathlib.Path({!r}).touch()\n__plugins__ = []\n"


@pytest.mark.parametrize("options", [(), ("--full",)])
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_proposal_allows_itself_no_plugin(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], place: str
) -> None:
    beside, ran = tmp_path / "beside", tmp_path / "ran"
    beside.mkdir()
    (beside / "agreed_elsewhere.py").write_text(MARK.format(str(ran)), encoding="utf-8")
    monkeypatch.syspath_prepend(beside)
    line = 'plugin "agreed_elsewhere"\n'
    if place == "last":
        append(region, line, "main.beancount")
    else:
        edit(region, "main.beancount", 'plugin "', line + 'plugin "')
    edit(region, "region.yaml", "table: 1\n", "table: 1\nplugins: [agreed_elsewhere]\n")
    document = since(region, *options)
    assert [row["code"] for row in document["errors"]] == ["foreign-plugin"]
    assert not ran.exists()
    assert {row["kind"] for row in document["changes"]} >= {"main"}


@pytest.mark.parametrize(
    "code", ["import os; os._exit(0)", "import sys; sys.exit(0)", "raise SystemExit", "while True: pass"]
)
def test_nothing_that_a_proposal_brings_is_run(region: Path, code: str) -> None:
    edit(region, "main.beancount", 'plugin "', 'option "insert_pythonpath" "True"\nplugin "zz"\nplugin "')
    (region / "zz.py").write_text(code, encoding="utf-8")
    for options in ((), ("--full",)):
        found = {row["code"] for row in since(region, *options)["errors"]}
        assert {"foreign-plugin", "forbidden-option"} <= found
