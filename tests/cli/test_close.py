"""`conductor close`: what a close derives is shown, then written; figures worked out by hand in tests/cli/town.py."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from conductor_bean.ledger.locking import LOCAL_FOLDER
from tests.cli.region import FAULT, answer, write_small
from tests.cli.town import (
    ADA,
    BAKERY,
    BANK,
    BOB,
    CLOSE_JANUARY,
    CLOSE_OF_JANUARY,
    CYD,
    JANUARY,
    MARCH,
    OUTSIDE,
    SCHOOL,
    TREASURY,
    both_months,
    refused,
    write_town,
)
from tests.support import conductor

FILE = "journal/2026-01.beancount"
DIRECTIVE = '2026-01-31 custom "month-close" "2026-01"'


@pytest.fixture
def january(tmp_path: Path) -> Path:
    """The town before its first close."""
    return write_town(tmp_path / "town")


def text_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too, but for what this machine alone keeps beside the ledger."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder / LOCAL_FOLDER]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# What it shows


def test_the_json_says_what_follows_and_where_it_was_written(january: Path) -> None:
    line = JANUARY.count("\n") + 2
    document = answer("close", january, "2026-01")
    assert list(document) == ["month", "written", "file", "line", "transfers", "arrears", "advice", "missing"]
    assert (document["month"], document["written"], document["file"], document["line"]) == ("2026-01", True, FILE, line)
    assert [list(row) for row in document["transfers"]] == [["type", "debit", "credit", "commodity", "amount"]] * 11
    assert [(r["type"], r["debit"], r["credit"], r["amount"]) for r in document["transfers"]] == CLOSE_OF_JANUARY
    assert {row["commodity"] for row in document["transfers"]} == {"RSC"}
    assert document["arrears"] == document["advice"] == []
    assert (january / FILE).read_text("utf-8").splitlines()[line - 1] == DIRECTIVE


def test_what_was_shown_is_what_the_ledger_then_derives(january: Path) -> None:
    shown = answer("close", january, "2026-01")["transfers"]
    booked = answer("transfers", january, "--from", "2026-01-31")
    keys = ("type", "debit", "credit", "commodity", "amount")
    assert sorted(tuple(row[key] for key in keys) for row in booked) == sorted(
        tuple(row[key] for key in keys) for row in shown
    )
    assert {row["derived"] for row in booked} == {True}
    assert conductor("check", january, "--strict").exit_code == 0


def test_a_second_close_in_a_row_with_arrears(tmp_path: Path) -> None:
    folder = write_town(tmp_path, both_months(closed=False))
    assert answer("close", folder, "2026-01")["written"] is True
    document = answer("close", folder, "2026-02")
    assert [(row["type"], row["debit"], row["credit"], row["amount"]) for row in document["transfers"]] == [
        ("rent", BAKERY, TREASURY, "62.00"),
        ("rent", SCHOOL, TREASURY, "155.00"),
        ("rent", BOB, TREASURY, "60.00"),
        ("outsider_rent", OUTSIDE, TREASURY, "40.30"),
        ("loan_interest", BAKERY, BANK, "12.00"),
        ("loan_repayment", BAKERY, BANK, "100.00"),
        ("loan_release", "Assets:Banks:PublicBank:Loans", "Liabilities:Companies:Bakery:Loans", "100.00"),
        ("tuition", ADA, SCHOOL, "38.75"),
        ("sales_tax", SCHOOL, TREASURY, "6.00"),
        ("profit_tax", BAKERY, TREASURY, "1.89"),
        ("bank_surplus", BANK, TREASURY, "12.00"),
        *(("dividend", TREASURY, wallet, "8.36") for wallet in (ADA, BOB, CYD)),
    ]
    assert sorted((row["type"], row["debit"], row["credit"], row["amount"]) for row in document["arrears"]) == [
        ("loan_repayment", BOB, BANK, "100.00"),
        ("rent", BOB, TREASURY, "50.00"),
    ]
    assert [row["code"] for row in document["advice"]] == ["payment-in-arrears"]
    assert (document["file"], document["written"]) == ("journal/2026-02.beancount", True)
    closed = write_town(tmp_path / "closed", both_months())
    assert answer("balances", folder) == answer("balances", closed)
    assert answer("close", folder, "2026-03")["written"] is True


def test_the_text_shows_payments_the_dividend_and_the_place(january: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(january)
    result = conductor("close", ".", "2026-01")
    assert result.exit_code == 0
    assert "the close of 2026-01 derives" in result.stdout
    for figure in ("118.75", "4.04", "102.00", "Dividend: 30.00 RSC to each of 3 members"):
        assert figure in result.stdout
    assert result.stdout.splitlines()[-1] == f"{FILE}:{JANUARY.count(chr(10)) + 2}: {DIRECTIVE}"


def test_the_text_tells_who_cannot_pay(tmp_path: Path) -> None:
    journal = both_months(closed=False)
    folder = write_town(tmp_path, journal | {"2026-01": journal["2026-01"] + CLOSE_JANUARY})
    assert "payment-in-arrears: Assets:Members:Bob:Wallet" in conductor("close", folder, "2026-02", "--dry-run").stdout


def test_in_labour_time_alone_nothing_follows_from_a_close(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    document = answer("close", folder, "2026-01")
    assert (document["transfers"], document["arrears"], document["written"]) == ([], [], True)
    assert (folder / "doc.beancount").read_text("utf-8").rpartition("\n  digest")[0].endswith(f"\n\n{DIRECTIVE}")
    assert "Nothing follows from the close of 2026-02" in conductor("close", folder, "2026-02").stdout


def test_a_region_of_credits_alone_is_closed_the_same(tmp_path: Path, credits_only: Path) -> None:
    later = answer("close", credits_only, "2026-03", "--dry-run")
    folder = write_town(tmp_path, both_months())
    assert later["transfers"] == answer("close", folder, "2026-03", "--dry-run")["transfers"]


# A trial


@pytest.mark.parametrize("options", [["--dry-run"], ["--dry-run", "--yes"]])
def test_a_dry_run_writes_nothing(january: Path, options: list[str]) -> None:
    before = text_of(january)
    result = conductor("close", january, "2026-01", *options)
    assert result.exit_code == 0
    assert "118.75" in result.stdout
    assert DIRECTIVE not in result.stdout
    document = answer("close", january, "2026-01", *options)
    assert (document["written"], document["file"], document["line"]) == (False, None, None)
    assert len(document["transfers"]) == 11
    assert text_of(january) == before


@pytest.mark.parametrize(("reply", "written"), [(b"n\n", False), (b"y\n", True), (b"\x04", False)])
def test_a_person_at_a_terminal_is_asked(january: Path, reply: bytes, written: bool) -> None:
    before = text_of(january)
    outer, inner = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "conductor_bean.cli.main", "close", january, "2026-01"],
        stdin=inner,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.write(outer, reply)
        out, _ = process.communicate(timeout=120)
    os.close(outer)
    os.close(inner)
    assert b"Append the close?" in out
    assert (text_of(january) != before) is written
    assert (DIRECTIVE.encode() in (january / FILE).read_bytes()) is written


def test_nobody_is_asked_who_has_said_yes(january: Path) -> None:
    result = conductor("close", january, "2026-01", "--yes")
    assert result.exit_code == 0
    assert "?" not in result.stdout.splitlines()[-1]
    assert DIRECTIVE in (january / FILE).read_text("utf-8")


# Months that cannot be closed


def hold_refused(folder: Path, month: str, said: str) -> None:
    before = text_of(folder)
    for options in ([], ["--json"], ["--dry-run"], ["--yes"]):
        assert said in refused("close", folder, month, *options, code=1), options
    assert text_of(folder) == before


def test_a_month_that_is_closed_already(january: Path) -> None:
    answer("close", january, "2026-01")
    hold_refused(january, "2026-01", "month-is-closed")


def test_a_month_out_of_order_names_the_one_that_is_next(tmp_path: Path) -> None:
    journal = both_months(closed=False)
    folder = write_town(tmp_path, journal | {"2026-01": journal["2026-01"] + CLOSE_JANUARY})
    hold_refused(folder, "2026-03", "close 2026-02 next")
    # After November January could not be closed any more, as it was.
    hold_refused(folder, "2025-11", "would make 1 later event(s) impossible")


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "2026-1", "202601", "January", "2026-01-31", "1899-12", "2200-01", "", "٢٠٢٦-٠١"]
)
def test_what_is_no_month_is_exit_2(january: Path, month: str) -> None:
    before = text_of(january)
    assert "2026-01" in refused("close", january, month)
    assert text_of(january) == before


def test_a_missing_month_or_ledger_is_exit_2(january: Path, tmp_path: Path) -> None:
    assert "MONTH" in refused("close", january)
    refused("close", tmp_path / "nowhere", "2026-01")


def test_a_ledger_with_errors_is_mended_first(tmp_path: Path) -> None:
    hold_refused(write_small(tmp_path, FAULT), "2026-01", "worker-not-at-company")


def test_a_ledger_whose_rules_cannot_run_is_not_closed(tmp_path: Path) -> None:
    folder = write_town(tmp_path, region="region: 1\n")
    hold_refused(folder, "2026-01", "no figures can be told")


def test_later_events_that_a_close_would_make_impossible_are_counted_and_nothing_is_written(tmp_path: Path) -> None:
    """Bob has 540 in February; after the close of January, which takes 110 and brings 30, he has 460."""
    gifts = "".join(
        f'2026-02-0{day} * "Bob" "a present"\n  {BOB}  -{units} RSC\n  {CYD}  {units} RSC\n'
        for day, units in ((3, 460), (4, 50), (5, 30))
    )
    folder = write_town(tmp_path, {"2026-01": JANUARY, "2026-02": gifts})
    assert conductor("check", folder).exit_code == 0
    hold_refused(folder, "2026-01", "would make 2 later event(s) impossible")


def test_later_events_that_remain_possible_do_not_hinder(tmp_path: Path) -> None:
    folder = write_town(tmp_path, both_months(closed=False))
    assert answer("close", folder, "2026-01")["written"] is True
    assert conductor("check", folder).exit_code == 0


def test_a_month_without_events_can_be_closed(tmp_path: Path) -> None:
    later = {"2026-03": MARCH.replace("2026-03-05", "2026-05-05")}
    folder = write_town(tmp_path, both_months() | later)
    for month in ("2026-03", "2026-04", "2026-05"):
        assert answer("close", folder, month)["written"] is True
    rents = answer("transfers", folder, "--type", "rent", "--from", "2026-03-01")
    assert len(rents) >= 6
