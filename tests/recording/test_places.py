"""Where an entry lives: beside entries of its kind, in her file, in the file of its month."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conductor_bean.recording.includes import includes
from tests.recording.valley import MAIN, MARKET, MONEY, PARTIES, PLANS, added, bytes_of, refused, write_valley
from tests.support import conductor

ROOT = Path(__file__).parents[2]
BY_ACCOUNTANT = MAIN.replace('"parties.beancount"', '"parties/*.beancount"').replace(
    '"journal/*.beancount"', '"journal/*/*.beancount"'
)


@pytest.fixture
def by_accountant(tmp_path: Path) -> Path:
    """Each accountant writes to files of her own."""
    files = {"main": BY_ACCOUNTANT, "parties__carla": PARTIES + '2026-01-01 custom "accountant" "omar"\n'}
    folder = write_valley(tmp_path, **files, **{"journal__2026-01__carla": MONEY})
    (folder / "parties.beancount").unlink()
    (folder / "journal" / "2026-01.beancount").unlink()
    return folder


def test_a_fact_stands_after_the_last_of_its_kind(tmp_path: Path) -> None:
    folder = write_valley(tmp_path)
    assert added(folder, "member", "Eve")["file"] == "parties.beancount"
    assert added(folder, "cooperation", "found", "Bread", "Bakery")["file"] == "plans.beancount"
    assert added(folder, "offer", "rye", "Bakery", "--price", 3)["file"] == "market.beancount"
    assert added(folder, "lease", "oven", "Bakery")["file"] == "market.beancount"


def test_a_transaction_stands_in_the_file_of_its_month_and_a_new_month_gets_its_own(tmp_path: Path) -> None:
    folder = write_valley(tmp_path)
    assert added(folder, "gift", "Ada", "Bob", 1, "--date", "2026-01-20")["file"] == "journal/2026-01.beancount"
    document = added(folder, "gift", "Ada", "Bob", 1, "--date", "2026-02-20")
    assert (document["file"], document["line"], document["includes"]) == ("journal/2026-02.beancount", 1, None)
    assert (folder / "journal" / "2026-02.beancount").read_text("utf-8") == document["text"]
    assert added(folder, "gift", "Ada", "Bob", 1, "--date", "2026-02-21")["line"] == document["text"].count("\n") + 2


def test_where_months_are_included_one_by_one_the_new_one_is_included_too(tmp_path: Path) -> None:
    main = MAIN.replace('"journal/*.beancount"', '"journal/2026-01.beancount"') + "; the end\n"
    folder = write_valley(tmp_path, main=main)
    document = added(folder, "gift", "Ada", "Bob", 1, "--date", "2026-02-20")
    assert document["includes"] == "main.beancount"
    line = 'include "journal/2026-01.beancount"\n'
    assert (folder / "main.beancount").read_text("utf-8") == main.replace(line, line + line.replace("-01", "-02"))
    assert conductor("check", folder, "--json").exit_code == 0


def test_each_accountant_writes_to_her_own_file_which_is_made_where_the_ledger_reads_it(by_accountant: Path) -> None:
    gift = ("gift", "Ada", "Bob", 1, "--date")
    assert (
        added(by_accountant, *gift, "2026-01-20", "--accountant", "carla")["file"] == "journal/2026-01/carla.beancount"
    )
    assert added(by_accountant, *gift, "2026-01-20", "--accountant", "omar")["file"] == "journal/2026-01/omar.beancount"
    assert added(by_accountant, *gift, "2026-02-20", "--accountant", "omar")["file"] == "journal/2026-02/omar.beancount"
    assert added(by_accountant, "member", "Eve", "--accountant", "omar")["file"] == "parties/omar.beancount"
    assert added(by_accountant, "member", "Fay", "--accountant", "carla")["file"] == "parties/carla.beancount"


def test_without_an_accountant_it_is_the_file_of_the_last_entry(by_accountant: Path) -> None:
    added(by_accountant, "gift", "Ada", "Bob", 1, "--date", "2026-01-20", "--accountant", "omar")
    document = added(by_accountant, "gift", "Ada", "Bob", 1, "--date", "2026-01-21")
    assert document["file"] == "journal/2026-01/omar.beancount"
    assert document["id"] == "2026-01-21-Ada-1"


def test_who_writes_is_said_by_the_option_the_environment_or_git(
    by_accountant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess  # noqa: PLC0415

    subprocess.run(["git", "init", "-q", by_accountant], check=True)
    subprocess.run(["git", "-C", by_accountant, "config", "conductor.accountant", "omar"], check=True)
    assert added(by_accountant, "member", "Eve")["file"] == "parties/omar.beancount"
    monkeypatch.setenv("CONDUCTOR_ACCOUNTANT", "carla")
    assert added(by_accountant, "member", "Fay")["file"] == "parties/carla.beancount"
    assert added(by_accountant, "member", "Gil", "--accountant", "omar")["file"] == "parties/omar.beancount"


def test_whose_service_has_ended_writes_no_more(by_accountant: Path) -> None:
    ended = '2026-01-03 custom "accountant-end" "omar"\n'
    (by_accountant / "plans.beancount").open("a", encoding="utf-8").write(ended)
    assert "no accountant of the region now" in refused(by_accountant, "member", "Eve", "--accountant", "omar", code=2)
    assert added(by_accountant, "member", "Eve")["file"] == "parties/carla.beancount"


def test_two_accountants_on_two_branches_never_give_the_same_id(by_accountant: Path, tmp_path: Path) -> None:
    other = tmp_path.parent / f"{tmp_path.name}-other"
    shutil.copytree(by_accountant, other)
    gift = ("gift", "Ada", "Bob", 1, "--date", "2026-02-20", "--accountant")
    one, two = added(by_accountant, *gift, "carla"), added(other, *gift, "omar")
    assert one["id"] != two["id"]
    assert one["file"] != two["file"]
    (by_accountant / two["file"]).write_text(two["text"], "utf-8")
    assert conductor("check", by_accountant).exit_code == 0


def test_a_file_can_be_named_and_is_made_where_the_ledger_reads_it(tmp_path: Path) -> None:
    folder = write_valley(tmp_path)
    assert added(folder, "member", "Eve", "--file", folder / "plans.beancount")["file"] == "plans.beancount"
    named = folder / "journal" / "gifts.beancount"
    assert added(folder, "gift", "Ada", "Bob", 1, "--file", named)["file"] == "journal/gifts.beancount"
    refused(folder, "gift", "Ada", "Bob", 1, "--file", folder / "gifts.beancount", code=2)


def test_a_ledger_in_one_file(tmp_path: Path) -> None:
    head = "".join(line for line in MAIN.splitlines(keepends=True) if not line.startswith("include"))
    (tmp_path / "main.beancount").write_text(head + PARTIES + PLANS + MARKET + MONEY, "utf-8")
    (tmp_path / "region.yaml").write_bytes((write_valley(tmp_path / "other") / "region.yaml").read_bytes())
    shutil.rmtree(tmp_path / "other")
    assert added(tmp_path, "member", "Eve")["file"] == "main.beancount"
    assert added(tmp_path, "gift", "Ada", "Bob", 1, "--date", "2026-05-01")["file"] == "main.beancount"


def test_riverbend_is_written_where_its_accountants_would(tmp_path: Path) -> None:
    folder = tmp_path / "riverbend"
    shutil.copytree(ROOT / "ledgers" / "riverbend", folder)
    untouched = bytes_of(folder)
    assert added(folder, "member", "Zoe")["file"] == "parties.beancount"
    assert added(folder, "cooperation", "found", "Iron", "Workshop")["file"] == "cooperations.beancount"
    assert added(folder, "offer", "rolls", "Bakery", "--price", 1)["file"] == "offers.beancount"
    assert added(folder, "wait-list", "housing", "Ada")["file"] == "housing.beancount"
    assert added(folder, "bank", "Union")["file"] == "bank.beancount"
    document = added(folder, "hours", "Bakery", "Ada=8", "Bob=7.5")
    assert (document["file"], document["includes"]) == ("journal/2027-01.beancount", "main.beancount")
    changed = {name for name, text in bytes_of(folder).items() if untouched.get(name) != text}
    assert changed == {
        "parties.beancount",
        "cooperations.beancount",
        "offers.beancount",
        "housing.beancount",
        "bank.beancount",
        "main.beancount",
        "journal/2027-01.beancount",
    }


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("journal/*.beancount", "journal/2026-01.beancount", True),
        ("journal/*.beancount", "journal/a/2026-01.beancount", False),
        ("journal/*.beancount", "journal/.hidden.beancount", False),
        ("journal/**/*.beancount", "journal/a/b/x.beancount", True),
        ("journal/**/*.beancount", "journal/x.beancount", True),
        ("./journal/../plans.beancount", "plans.beancount", True),
        ("journal/2026-0[1-3].beancount", "journal/2026-02.beancount", True),
        ("journal/2026-0[1-3].beancount", "journal/2026-04.beancount", False),
    ],
)
def test_an_include_covers_what_beancount_would_read(tmp_path: Path, pattern: str, path: str, *, covered: bool) -> None:
    main = tmp_path / "main.beancount"
    main.write_text(f'; a comment\ninclude "{pattern}"\n', "utf-8")
    (include,) = includes([main])
    assert include.line == 2
    assert include.covers(tmp_path / path) is covered
