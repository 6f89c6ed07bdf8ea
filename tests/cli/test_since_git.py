"""`conductor check --since REV` is told by git what stood at REV, whatever a proposal brings along."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_since import append, commit, git
from tests.cli.test_since_history import (
    JANUARY,
    MARCH,
    errors,
    founded,
    loaf,
    region,
    remove_seal,
    since,
)
from tests.support import conductor

__all__ = ["founded", "region"]
GONE = [("seal-removed", JANUARY, 11)]


def rev(folder: Path, name: str = "HEAD") -> str:
    """The commit of a name."""
    return git(folder, "rev-parse", name).strip()


def test_an_object_in_place_of_another_is_not_believed(region: Path) -> None:
    honest = rev(region)
    remove_seal(region)
    commit(region)
    git(region, "replace", honest, rev(region))
    assert "seal" not in git(region, "show", f"{honest}:{JANUARY}")
    assert [row["code"] for row in since(region, revision=honest)["errors"]] == ["seal-removed"]


def test_a_blob_in_place_of_another_is_not_believed(region: Path) -> None:
    honest = rev(region)
    before = rev(region, f"HEAD:{JANUARY}")
    remove_seal(region)
    commit(region)
    git(region, "replace", before, rev(region, f"HEAD:{JANUARY}"))
    assert [row["code"] for row in since(region, revision=honest)["errors"]] == ["seal-removed"]


def test_files_that_look_like_a_repository_are_none(tmp_path: Path, founded: Path) -> None:
    top = tmp_path / "books"
    folder = Path(shutil.copytree(founded, top / "region", ignore=shutil.ignore_patterns(".git")))
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top)
    remove_seal(folder)
    forged = tmp_path / "forged"
    shutil.copytree(folder, forged)
    git(forged, "init", "--quiet", "--initial-branch=main")
    commit(forged)
    for name in ("HEAD", "config", "objects", "refs"):
        found = forged / ".git" / name
        (shutil.copytree if found.is_dir() else shutil.copyfile)(found, folder / name)
    (folder / "config").write_text("[core]\n\tbare = false\n\tworktree = .\n", encoding="utf-8")
    result = conductor("check", folder, "--since", "main")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot use bare repository" in result.stderr


def test_no_filter_and_no_conversion_is_applied(region: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (region / ".gitattributes").write_text(
        "*.beancount filter=evil diff=evil working-tree-encoding=UTF-16\n* ident export-subst text eol=crlf\n",
        encoding="utf-8",
    )
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor", "diff.external"):
        git(region, "config", key, f"touch {ran}; cat")
    git(region, "config", "core.hooksPath", os.fspath(tmp_path))
    git(region, "-c", "filter.evil.clean=cat", "-c", "core.fsmonitor=false", "add", ".gitattributes")
    git(region, "-c", "core.fsmonitor=false", "commit", "--quiet", "--message=Attributes")
    ran.unlink(missing_ok=True)
    remove_seal(region)
    assert [row["code"] for row in since(region, revision="HEAD")["errors"]] == ["seal-removed"]
    assert not ran.exists()


def test_a_repository_within_is_left_alone(region: Path, tmp_path: Path, founded: Path) -> None:
    git(region, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", os.fspath(founded), "other")
    commit(region)
    remove_seal(region)
    document = since(region, revision="HEAD")
    assert [row["code"] for row in document["errors"]] == ["seal-removed"]


def test_symbolic_links_of_a_commit_lead_nowhere_else(region: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("2026-03-09 oops\n", encoding="utf-8")
    (region / "journal" / "2026-05.beancount").symlink_to(tmp_path / "secret")
    (region / "journal" / "2026-06.beancount").symlink_to("2026-06.beancount")
    commit(region)
    (region / "journal" / "2026-05.beancount").unlink()
    (region / "journal" / "2026-06.beancount").unlink()
    document = since(region, revision="HEAD", code=0)
    assert document["errors"] == []


def test_a_link_to_a_file_of_the_commit_is_that_file(region: Path) -> None:
    (region / MARCH).rename(region / "march.beancount")
    (region / MARCH).symlink_to("../march.beancount")
    assert errors(region, code=0) == []
    commit(region)
    assert since(region, revision="HEAD", code=0)["errors"] == []
    (region / MARCH).unlink()
    assert [row["code"] for row in since(region, revision="HEAD")["errors"]] == ["events-vanished"]


def test_the_ledger_is_no_other_that_a_link_leads_to(tmp_path: Path, founded: Path) -> None:
    top = tmp_path / "books"
    folder = Path(shutil.copytree(founded, top / "region", ignore=shutil.ignore_patterns(".git")))
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top)
    remove_seal(folder)
    folder.rename(top / "other")
    folder.symlink_to("other")
    assert conductor("check", folder).exit_code == 0
    result = conductor("check", folder, "--since", "main")
    assert result.exit_code == 2
    assert "is a symbolic link in the repository; name the folder itself" in result.stderr


@pytest.mark.parametrize("revision", ["--output=x", "--help", "-x", "main:region", "nowhere", "main\0x", "@{-9}"])
def test_garbage_is_no_revision(region: Path, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(region)
    before = sorted(region.iterdir())
    result = conductor("check", ".", f"--since={revision}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("conductor: --since ")
    assert sorted(region.iterdir()) == before


def test_a_region_may_be_a_folder_of_its_repository(tmp_path: Path, founded: Path) -> None:
    top = tmp_path / "books"
    folder = Path(shutil.copytree(founded, top / "regions" / "one", ignore=shutil.ignore_patterns(".git")))
    git(top, "init", "--quiet", "--initial-branch=main")
    append(top, "x = 1\n", "zz.py")
    commit(top)
    assert errors(folder, code=0) == []
    remove_seal(folder)
    append(top, "x = 2\n", "zz.py")
    document = since(folder)
    assert [(row["code"], row["file"]) for row in document["errors"]] == [("seal-removed", JANUARY)]
    assert [row["file"] for row in document["changes"]] == ["../../zz.py"]


def test_it_works_in_a_detached_worktree(region: Path, tmp_path: Path) -> None:
    git(region, "worktree", "add", "--quiet", "--detach", os.fspath(tmp_path / "tree"), "main")
    remove_seal(tmp_path / "tree")
    assert errors(tmp_path / "tree") == GONE


def test_a_shallow_clone_knows_what_it_fetched(region: Path, tmp_path: Path) -> None:
    append(region, loaf(3, 20), MARCH)
    commit(region)
    append(region, loaf(3, 21), MARCH)
    commit(region)
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{region}", "clone")
    remove_seal(tmp_path / "clone")
    assert [row["code"] for row in since(tmp_path / "clone", revision="HEAD~1")["errors"]] == ["seal-removed"]
    result = conductor("check", tmp_path / "clone", "--since", "HEAD~2")
    assert result.exit_code == 2
    assert "in a shallow clone, fetch more of its history first" in result.stderr


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_two_honest_proposals_hold_however_they_come_together(region: Path, how: str) -> None:
    git(region, "config", "user.name", "Carla")
    git(region, "config", "user.email", "carla@example.org")
    git(region, "switch", "--quiet", "--create", "one")
    append(region, loaf(4, 1), "journal/one.beancount")
    commit(region)
    git(region, "switch", "--quiet", "--create", "two", "main")
    append(region, loaf(4, 2), "journal/two.beancount")
    commit(region)
    base = rev(region, "main")
    git(region, "switch", "--quiet", "main")
    git(region, "merge", "--quiet", "one")
    if how == "merge":
        git(region, "merge", "--quiet", "--no-edit", "two")
    elif how == "squash":
        git(region, "merge", "--quiet", "--squash", "two")
        commit(region)
    else:
        git(region, "rebase", "--quiet", "main", "two")
    assert since(region, revision=base, code=0)["errors"] == []
    remove_seal(region)
    assert [row["code"] for row in since(region, revision=base)["errors"]] == ["seal-removed"]


def test_a_commit_with_names_that_no_folder_holds_writes_nothing_elsewhere(region: Path) -> None:
    blob = rev(region, "HEAD:region.yaml")
    listing = git(region, "ls-tree", "HEAD") + f"100644 blob {blob}\t..\n"
    made = subprocess.run(["git", "mktree"], cwd=region, input=listing, check=True, capture_output=True, text=True)
    forged = git(region, "commit-tree", made.stdout.strip(), "-m", "x").strip()
    result = conductor("check", region, "--since", forged)
    assert result.exit_code == 2
    assert "no folder can hold" in result.stderr
