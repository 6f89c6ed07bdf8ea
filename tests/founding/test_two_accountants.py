"""Two accountants on two branches: git merges what both wrote, and the check agrees in either order."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.founding.shell import shell
from tests.support import conductor

START = """
2026-01-02 custom "member" "Ada"
2026-01-02 custom "member" "Bob"
2026-01-02 custom "company" "Bakery"
2026-01-02 custom "company" "Mill"
2026-01-02 custom "employment" "Bakery" "Ada"
2026-01-02 custom "employment" "Mill" "Bob"
"""


def plan(name: str, company: str, by: str) -> str:
    """A plan of 100 pieces for 100 hours, filed and approved."""
    return (
        f'\n2026-01-03 custom "plan" "{name}" "{company}"\n  product: "{name}"\n  unit: "piece"\n  quantity: 100\n'
        "  fixed-means: 20 HOUR\n  raw-materials: 30 HOUR\n  labour: 50 HOUR\n  days: 180\n"
        f'\n2026-01-04 custom "plan-approval" "{name}"\n  by: "{by}"\n'
    )


def work(company: str, member: str, hours: int, date: str) -> str:
    """Hours of a member at a company."""
    return (
        f'\n{date} * "{company}" "work"\n'
        f"  Assets:Companies:{company}:A  -{hours} HOUR\n  Assets:Members:{member}:Hours  {hours} HOUR\n"
    )


def bought(name: str, member: str, company: str, quantity: int, date: str) -> str:
    """Pieces of a plan, at one hour each."""
    return (
        f'\n{date} * "{member}" ^{name}\n  quantity: {quantity}\n'
        f"  Assets:Members:{member}:Hours  -{quantity} HOUR\n  Liabilities:Companies:{company}:PRD  {quantity} HOUR\n"
    )


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with two accountants, two companies and their plans."""
    folder = tmp_path_factory.mktemp("founded") / "valley"
    shell(
        folder.parent,
        "conductor init valley --economy labour-time --accountant carla='Carla Brandt' --accountant dora",
    )
    write(folder, "parties/carla", START)
    write(folder, "plans/carla", plan("bread", "Bakery", "carla") + plan("flour", "Mill", "carla"))
    commit(folder, "Begin")
    return folder


@pytest.fixture
def region(founded: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(founded, tmp_path / "valley"))


def write(folder: Path, name: str, text: str) -> None:
    """Append to a file of the region, made where it is not there."""
    path = folder / f"{name}.beancount"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def commit(folder: Path, message: str, who: str = "Carla") -> None:
    """Commit all that was changed."""
    shell(folder, f"git add --all && git commit --quiet --message '{message}'", who=who)


def branch(folder: Path, who: str, entries: dict[str, str]) -> None:
    """One accountant's branch from main, with a commit for each file she wrote to."""
    shell(folder, f"git switch --quiet --create {who} main")
    for name, text in entries.items():
        write(folder, name, text)
        commit(folder, f"Add to {name}", who.capitalize())
    shell(folder, "git switch --quiet main")


def merged(folder: Path, order: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Merge branches in an order: what the check says then, and all transfers; and the files."""
    copy = Path(shutil.copytree(folder, folder.parent / "-".join(("merged", *order))))
    for name in order:
        shell(copy, f"git merge --quiet --no-edit {name}")
    assert shell(copy, "git status --porcelain").stdout == ""
    verdict = json.loads(conductor("check", copy, "--full", "--json").stdout)
    verdict["transfers"] = json.loads(conductor("transfers", copy, "--json").stdout or "null")
    files = {str(p.relative_to(copy)): p.read_bytes() for p in sorted(copy.rglob("*.beancount"))}
    return verdict, files


def in_either_order(folder: Path, first: str = "carla", second: str = "dora") -> dict[str, Any]:
    """Merge two branches in either order, hold that files and verdict are the same, and return the verdict."""
    (one, files), (other, others) = (merged(folder, order) for order in itertools.permutations((first, second)))
    assert files == others
    assert one == other
    return one


def test_both_add_entries_of_one_month_to_their_own_files(region: Path) -> None:
    branch(
        region,
        "carla",
        {"journal/2026-01/carla": work("Bakery", "Ada", 8, "2026-01-10") + work("Bakery", "Ada", 8, "2026-01-12")},
    )
    branch(
        region,
        "dora",
        {"journal/2026-01/dora": work("Mill", "Bob", 6, "2026-01-10") + work("Mill", "Bob", 6, "2026-01-12")},
    )
    verdict = in_either_order(region)
    assert verdict["ok"] is True
    hours = [row["amount"] for row in verdict["transfers"] if row["type"] == "work_certificates"]
    assert hours == ["8.0000", "6.0000", "8.0000", "6.0000"]


def test_both_add_by_command_from_a_new_month_on(region: Path) -> None:
    for who, company, member in (("carla", "Bakery", "Ada"), ("dora", "Mill", "Bob")):
        shell(region, f"git switch --quiet --create {who} main && git config conductor.accountant {who}")
        for entry in (("hours", company, f"{member}=8", "--date", "2026-02-02"), ("member", f"{member}-2")):
            done = conductor("add", *entry, "--yes", "--ledger", region)
            assert done.exit_code == 0, done.output
        commit(region, "Add by command", who.capitalize())
        assert (region / "journal" / "2026-02" / f"{who}.beancount").is_file()
    shell(region, "git switch --quiet main")
    verdict = in_either_order(region)
    assert verdict["ok"] is True
    assert verdict["counts"]["members"] == 4


def test_one_file_that_both_wrote_to_is_merged_by_whole_entries(region: Path) -> None:
    journal = "journal/2026-01/carla"
    branch(region, "carla", {journal: work("Bakery", "Ada", 8, "2026-01-12")})
    branch(region, "dora", {journal: work("Mill", "Bob", 8, "2026-01-10")})
    verdict = in_either_order(region)
    assert verdict["ok"] is True
    assert [row["amount"] for row in verdict["transfers"] if row["type"] == "work_certificates"] == ["8.0000", "8.0000"]
    # Another clone was not told how, so git asks; the README says what to type there.
    clone = region.parent / "clone"
    shell(region.parent, "git clone --quiet valley clone")
    shell(clone, "git switch --quiet --create mine origin/carla && git merge --quiet --no-edit origin/dora", code=1)
    readme = (clone / "README.md").read_text(encoding="utf-8")
    (driver,) = [line.strip() for line in readme.splitlines() if "git config merge.conductor.driver" in line]
    shell(clone, f"git merge --abort && {driver} && git merge --quiet --no-edit origin/dora")
    assert conductor("check", clone).exit_code == 0


def test_what_one_wrote_depends_on_what_the_other_wrote(region: Path) -> None:
    branch(region, "carla", {"journal/2026-01/carla": work("Bakery", "Ada", 8, "2026-01-10")})
    branch(region, "dora", {"journal/2026-01/dora": bought("bread", "Ada", "Bakery", 5, "2026-01-20")})
    shell(region, "git switch --quiet dora")
    assert "insufficient-balance" in conductor("check", region).stdout
    shell(region, "git switch --quiet main")
    assert in_either_order(region)["ok"] is True


def test_both_let_members_join_and_file_plans(region: Path) -> None:
    branch(
        region,
        "carla",
        {
            "parties/carla": '\n2026-01-20 custom "member" "Cyd"\n\n2026-01-20 custom "employment" "Bakery" "Cyd"\n',
            "plans/carla": plan("cake", "Bakery", "carla"),
            "journal/2026-02/carla": work("Bakery", "Cyd", 4, "2026-02-01"),
        },
    )
    branch(
        region,
        "dora",
        {
            "parties/dora": '\n2026-01-20 custom "member" "Dan"\n\n2026-01-20 custom "employment" "Mill" "Dan"\n',
            "plans/dora": plan("bran", "Mill", "dora"),
            "journal/2026-02/dora": work("Mill", "Dan", 4, "2026-02-01"),
        },
    )
    verdict = in_either_order(region)
    assert verdict["ok"] is True
    assert (verdict["counts"]["members"], verdict["counts"]["plans"]) == (4, 4)


def test_both_spend_the_same_hours_and_the_check_says_so_in_either_order(region: Path) -> None:
    write(region, "journal/2026-01/carla", work("Bakery", "Ada", 8, "2026-01-10"))
    commit(region, "Ada works")
    branch(region, "carla", {"journal/2026-01/carla": bought("bread", "Ada", "Bakery", 6, "2026-01-20")})
    branch(region, "dora", {"journal/2026-01/dora": bought("flour", "Ada", "Mill", 6, "2026-01-21")})
    for name in ("carla", "dora"):
        shell(region, f"git switch --quiet {name}")
        assert conductor("check", region).exit_code == 0
    shell(region, "git switch --quiet main")
    verdict = in_either_order(region)
    assert [(error["file"], error["code"]) for error in verdict["errors"]] == [
        ("journal/2026-01/dora.beancount", "insufficient-balance")
    ]


def test_both_use_one_id_and_the_check_says_so_in_either_order(region: Path) -> None:
    for who in ("carla", "dora"):
        branch(region, who, {f"parties/{who}": '\n2026-01-20 custom "member" "Eve"\n'})
    verdict = in_either_order(region)
    assert [error["code"] for error in verdict["errors"]] == ["duplicate-id"]


def test_a_review_of_one_branch_shows_nothing_of_the_other(region: Path) -> None:
    branch(region, "carla", {"parties/carla": '\n2026-01-20 custom "member" "Ada"\n'})
    branch(region, "dora", {"parties/dora": '\n2026-01-20 custom "member" "Bob"\n'})
    shell(region, "git merge --quiet carla && git merge --quiet --no-edit dora")
    shown = conductor("check", region, "--since", "HEAD^1").stdout
    assert "Bob" in shown
    assert "Ada" not in shown


def test_a_month_is_closed_on_one_branch_while_the_other_adds_to_the_next(region: Path) -> None:
    branch(region, "carla", {"journal/2026-01/carla": '\n2026-01-31 custom "month-close" "2026-01"\n'})
    branch(region, "dora", {"journal/2026-02/dora": work("Mill", "Bob", 6, "2026-02-10")})
    assert in_either_order(region)["ok"] is True
