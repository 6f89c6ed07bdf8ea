"""`publish.sh` of a new region: the record first, then the edition; by a machine or by hand."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.founding.shell import shell

FACTS = """
2026-01-02 custom "company" "Bakery"
2026-01-02 custom "member" "Ada"
2026-01-02 custom "employment" "Bakery" "Ada"
"""
PLAN = """
2026-01-03 custom "plan" "bread-2026" "Bakery"
  product: "Bread"
  unit: "loaf"
  quantity: 200
  fixed-means: 10 HOUR
  raw-materials: 40 HOUR
  labour: 50 HOUR
  days: 180

2026-01-05 custom "plan-approval" "bread-2026"
  by: "carla"
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the private repository, the empty public one, and a clone to work in."""
    place = tmp_path_factory.mktemp("prepared")
    shell(place, "conductor init valley --economy labour-time --accountant carla")
    for name, text in (("parties", FACTS), ("plans", PLAN)):
        with (place / "valley" / name / "carla.beancount").open("a", encoding="utf-8") as file:
            file.write(text)
    shell(place / "valley", "git add --all && git commit --quiet --message 'Begin'")
    shell(place, "git clone --quiet --bare valley private.git && rm -rf valley")
    shell(place, "git init --quiet --bare --initial-branch=main public.git")
    return place


@pytest.fixture
def place(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it; its clone is `valley`."""
    for name in ("private.git", "public.git"):
        shutil.copytree(prepared / name, tmp_path / name)
    clone(tmp_path, "valley")
    return tmp_path


def clone(place: Path, name: str) -> None:
    """Clone the private repository."""
    shell(place, f"git clone --quiet private.git {name}")


def publish(place: Path, name: str = "valley", *, code: int = 0, who: str | None = "Carla") -> str:
    """Run the script as the continuous integration does; what it says."""
    done = shell(place / name, "sh publish.sh", code=code, who=who, PUBLIC_REPOSITORY=str(place / "public.git"))
    return done.stdout + done.stderr


def subjects(place: Path, name: str) -> list[str]:
    """The subjects of the commits of a repository, the latest first."""
    return shell(place, f"git -C {name} log --format=%s main", code=None).stdout.splitlines()


def test_an_edition_reaches_the_public_and_its_record_the_private_repository(place: Path) -> None:
    assert "the public edition is published" in publish(place)
    assert subjects(place, "public.git") == ["Public edition"]
    assert subjects(place, "private.git") == ["Record what the public edition tells [skip ci]", "Begin", "Found Valley"]
    shell(place, "git clone --quiet public.git seen && bean-check seen/edition/main.beancount")
    told = json.loads((place / "seen" / "edition" / "data" / "plans.json").read_text(encoding="utf-8"))
    assert "bread-2026" in json.dumps(told)
    everything = "".join(p.read_text(encoding="utf-8") for p in (place / "seen" / "edition").rglob("*") if p.is_file())
    assert not {"carla", "Ada"} & set(re.findall(r"\w+", everything))
    assert not list((place / "seen").rglob("publication.json"))


def test_nothing_new_changes_nothing(place: Path) -> None:
    publish(place)
    before = subjects(place, "private.git"), subjects(place, "public.git")
    clone(place, "again")
    assert "the public edition is as it was" in publish(place, "again")
    assert (subjects(place, "private.git"), subjects(place, "public.git")) == before


def test_a_machine_that_git_does_not_know_may_do_it(place: Path) -> None:
    shell(place / "valley", "git checkout --quiet --detach")
    command = "BRANCH=main PRIVATE_REPOSITORY=../private.git sh publish.sh"
    shell(place / "valley", command, who=None, PUBLIC_REPOSITORY=str(place / "public.git"))
    authors = shell(place, "git -C private.git log -1 --format=%an main; git -C public.git log -1 --format=%an main")
    assert authors.stdout.splitlines() == ["Public edition", "Public edition"]


def test_without_a_public_repository_nothing_is_published(place: Path) -> None:
    assert "nothing is published: set PUBLIC_REPOSITORY" in shell(place / "valley", "sh publish.sh").stdout
    assert shell(place / "valley", "git status --porcelain").stdout == ""


def test_if_somebody_pushed_meanwhile_nothing_is_published(place: Path) -> None:
    clone(place, "other")
    shell(place / "other", "git commit --quiet --allow-empty --message 'Meanwhile' && git push --quiet")
    publish(place, code=1)
    assert subjects(place, "public.git") == []
    # The next run, from what is there now, does it.
    clone(place, "next")
    publish(place, "next")
    assert subjects(place, "public.git") == ["Public edition"]


def test_if_the_edition_cannot_be_pushed_the_next_run_tells_the_same(place: Path) -> None:
    hook = place / "public.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    publish(place, code=1)
    record = shell(place, "git -C private.git show main:publication.json").stdout
    assert subjects(place, "public.git") == []
    hook.unlink()
    clone(place, "next")
    publish(place, "next")
    assert subjects(place, "public.git") == ["Public edition"]
    assert shell(place, "git -C private.git show main:publication.json").stdout == record


def test_a_ledger_that_errs_is_not_published(place: Path) -> None:
    with (place / "valley" / "plans" / "carla.beancount").open("a", encoding="utf-8") as file:
        file.write('\n2026-01-04 custom "plan-approval" "nothing"\n  by: "carla"\n')
    assert "nothing is written" in publish(place, code=1)
    assert subjects(place, "public.git") == []
    assert "publication.json" not in shell(place / "valley", "git status --porcelain").stdout
