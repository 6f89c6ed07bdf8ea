"""What is missing in a month before it is closed: each rule speaks where something is open, and is silent otherwise."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from conductor_bean.ledger.preview import preview_close
from conductor_bean.recording.missing import Missing, missing
from tests.cli.region import answer
from tests.cli.town import both_months, refused, write_town
from tests.support import HEAD, PARTIES, conductor, load, plan, work, write

PLANS = plan("bread", "Bakery", a=900) + plan("flour", "Mill", a=500) + plan("clinic", "Clinic", a=100)
DAY = datetime.timedelta(days=1)
STAFF = {"Bakery": ("Ada", "Bob"), "Mill": ("Cyd",), "Clinic": ("Dan",)}


def days(first: str, last: str, *weekdays: int) -> list[datetime.date]:
    """Dates of some weekdays (0 is Monday)."""
    begin, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    every = [begin + number * DAY for number in range((end - begin).days + 1)]
    return [day for day in every if day.weekday() in weekdays]


def month_of_work(
    leave_out: tuple[str, ...] = (), only: tuple[str, ...] = tuple(STAFF), last: str = "2026-02-28"
) -> str:
    """Hours of everybody on each Monday to Friday, without some dates or members ("2026-02-11", "Ada")."""
    return "".join(
        work(company, member, 8, date=str(day))
        for day in days("2026-01-05", last, 0, 1, 2, 3, 4)
        for company in only
        for member in STAFF[company]
        if str(day) not in leave_out and f"{company} {day}" not in leave_out and member not in leave_out
    )


def found(text: str, month: str = "2026-02", prelude: str = PARTIES + PLANS) -> list[Missing]:
    loaded = load(text, prelude=prelude)
    assert loaded.errors == []
    return missing(loaded.books, preview_close(loaded.books, month))


def said(text: str, month: str = "2026-02", prelude: str = PARTIES + PLANS) -> list[str]:
    """Messages, without those about January, which is not closed here."""
    return [gap.message for gap in found(text, month, prelude) if gap.kind != "close"]


# Hours


def test_where_all_is_recorded_nothing_is_missing() -> None:
    assert said(month_of_work()) == []


def test_a_company_without_any_hours() -> None:
    assert said(month_of_work(only=("Mill", "Clinic"))) == ["Bakery: no hours at all, though it employs 2 members"]
    assert said(month_of_work(only=("Bakery", "Clinic"))) == ["Mill: no hours at all, though it employs 1 member"]


def test_a_company_without_workers_and_one_that_ended_are_not_asked() -> None:
    ends = (
        '2026-02-01 custom "employment-end" "Mill" "Cyd"\n2026-02-01 custom "company-end" "Clinic"\n'
        '2026-02-01 custom "company" "Pottery"\n'
    )
    texts = month_of_work(only=("Bakery",))
    assert said(texts + ends) == []


def test_a_member_without_any_hours_though_employed_all_month() -> None:
    assert said(month_of_work(leave_out=("Bob",))) == ["Bakery: no hours of Bob, employed all month"]


def test_who_came_within_the_month_is_not_asked() -> None:
    came = '2026-02-10 custom "member" "Eve"\n2026-02-10 custom "employment" "Bakery" "Eve"\n'
    assert said(month_of_work() + came) == []


def test_a_day_without_hours_where_there_usually_are_some() -> None:
    assert said(month_of_work(leave_out=("Bakery 2026-02-11", "Bakery 2026-02-24"))) == [
        "Bakery: no hours on Wednesday 2026-02-11, Tuesday 2026-02-24, when it usually has some"
    ]


def test_a_day_off_of_one_of_two_is_no_day_without_hours() -> None:
    text = month_of_work(leave_out=("2026-02-11",), only=("Bakery",)) + work("Bakery", "Ada", 8, date="2026-02-11")
    assert said(text + month_of_work(only=("Mill", "Clinic"))) == []


def test_the_habits_of_the_weeks_before_count() -> None:
    # A week off: of nine Mondays there are hours on eight.
    week = tuple(str(day) for day in days("2026-02-16", "2026-02-20", 0, 1, 2, 3, 4))
    (message,) = said(month_of_work(leave_out=tuple(f"Mill {day}" for day in week)))
    assert [day in message for day in week] == [True] * 5


def test_a_weekday_that_is_no_habit_is_not_missed() -> None:
    # Hours once a week, on whatever day it happens to be; and a Saturday now and then.
    dates = ("2026-01-05", "2026-01-13", "2026-01-21", "2026-02-05", "2026-02-13", "2026-02-14", "2026-02-26")
    text = "".join(work("Bakery", member, 8, date=date) for date in dates for member in ("Ada", "Bob"))
    assert said(text + month_of_work(only=("Mill", "Clinic"))) == []


@pytest.mark.parametrize(
    "dates",
    [
        ("2026-01-05", "2026-01-19", "2026-02-02", "2026-02-16"),  # every other Monday
        ("2026-02-03", "2026-02-10", "2026-02-17"),  # three Tuesdays are no habit yet
    ],
)
def test_what_happens_now_and_then_is_no_habit(dates: tuple[str, ...]) -> None:
    text = "".join(work("Bakery", member, 8, date=date) for date in dates for member in ("Ada", "Bob"))
    assert said(text + month_of_work(only=("Mill", "Clinic"))) == []


def test_the_days_before_the_first_hours_are_not_missed() -> None:
    began = month_of_work(only=("Mill", "Clinic"))
    bakery = "".join(
        work("Bakery", member, 8, date=str(day))
        for day in days("2026-02-04", "2026-02-28", 2, 3)
        for member in STAFF["Bakery"]
    )
    assert said(began + bakery) == []


def test_hours_that_were_reversed_are_none() -> None:
    text = month_of_work(only=("Bakery", "Clinic")) + work("Mill", "Cyd", 8, date="2026-02-05", extra='  id: "wrong"\n')
    back = '2026-02-06 custom "reversal" "wrong"\n'
    assert said(text) == []
    assert said(text + back) == ["Mill: no hours at all, though it employs 1 member"]


# Plans


def test_a_plan_that_waits_for_review_with_its_place() -> None:
    text = plan("rolls", "Bakery", a=10, filed="2026-02-03", approved=None)
    (gap,) = [gap for gap in found(month_of_work() + text) if gap.kind == "plan"]
    assert gap.message == 'the plan "rolls" of Bakery, filed 2026-02-03, waits for review: approve or reject it'
    assert (gap.about, gap.file, gap.line) == ("rolls", "doc.beancount", month_of_work().count("\n") + 1)


@pytest.mark.parametrize(
    "end",
    [
        '2026-02-04 custom "plan-approval" "rolls"\n  by: "carla"\n',
        '2026-03-04 custom "plan-approval" "rolls"\n  by: "carla"\n',
        '2026-02-04 custom "plan-rejection" "rolls"\n  by: "carla"\n',
        '2026-02-04 custom "plan-withdrawal" "rolls"\n',
    ],
)
def test_a_plan_that_was_decided_since_does_not_wait(end: str) -> None:
    assert said(month_of_work() + plan("rolls", "Bakery", a=10, filed="2026-02-03", approved=None) + end) == []


def test_a_plan_of_a_later_month_is_not_due() -> None:
    assert said(month_of_work() + plan("rolls", "Bakery", a=10, filed="2026-03-01", approved=None)) == []


# Entries


def test_what_is_marked_to_be_looked_at_is_listed_with_its_place() -> None:
    marked = (
        "2026-01-01 open Assets:Bank EUR\n2026-01-01 open Equity:Unknown EUR\n"
        '2026-02-12 ! "Somebody" "a transfer"\n  Assets:Bank  5 EUR\n  Equity:Unknown  -5 EUR\n'
        '2026-02-11 * "one leg"\n  Assets:Bank  5 EUR\n  ! Equity:Unknown  -5 EUR\n'
        '2026-03-01 ! "of March"\n  Assets:Bank  5 EUR\n  Equity:Unknown  -5 EUR\n'
    )
    work_first = month_of_work()
    gaps = [gap for gap in found(work_first + marked) if gap.kind == "entry"]
    assert [gap.message for gap in gaps] == [
        '2026-02-12 "Somebody" "a transfer" is marked "!": look at it, complete it, and write * instead',
        '2026-02-11 "one leg" is marked "!": look at it, complete it, and write * instead',
    ]
    assert [(gap.file, gap.line - work_first.count("\n")) for gap in gaps] == [
        ("doc.beancount", 3),
        ("doc.beancount", 6),
    ]


# Months


def test_months_before_the_first_close_that_nobody_closed() -> None:
    gaps = [gap for gap in found(month_of_work(last="2026-03-31"), "2026-03") if gap.kind == "close"]
    assert [(gap.about, gap.message.split(";")[0]) for gap in gaps] == [
        ("2026-01", "2026-01 to 2026-02 are not closed")
    ]
    closed = '2026-01-31 custom "month-close" "2026-01"\n'
    assert [gap.kind for gap in found(month_of_work() + closed)] == []
    assert [gap.kind for gap in found(month_of_work(), "2026-01")] == []


def test_a_month_that_does_not_seem_to_be_over_is_asked_about_and_not_its_days() -> None:
    assert said(month_of_work(last="2026-02-21")) == [
        "nothing is recorded after 2026-02-20: is the month over? What follows would change what its close derives"
    ]
    assert said(month_of_work(last="2026-02-25")) == []


# Payments, and the command


def test_companies_that_cannot_pay_and_how_many_members(tmp_path: Path) -> None:
    journal = both_months(closed=False)
    folder = write_town(tmp_path, journal)
    answer("close", folder, "2026-01")
    document = answer("close", folder, "2026-02", "--dry-run")
    messages = [row["message"] for row in document["missing"] if row["kind"] == "payment"]
    assert messages == ["1 member cannot pay 150.00 RSC in all; it would be in arrears"]
    # Had the bakery spent 1600 on the last day: of 1621.96 are left 21.96 for the rent of 62, and nothing for the rest.
    # Tax: 331.96 at rest for 9 days, 121.96 for 18: 5182.92 / 28 x 0.01 = 1.851.
    spent = (
        '2026-02-28 * "all of it"\n  transfer: "external_purchase"\n  input: "steel"\n'
        "  Assets:Companies:Bakery:Wallet  -1600.00 RSC\n  Equity:Outside  1600.00 RSC\n"
    )
    (folder / "journal/2026-02.beancount").write_text(journal["2026-02"] + spent, encoding="utf-8")
    rows = [row for row in answer("close", folder, "2026-02", "--dry-run")["missing"] if row["kind"] == "payment"]
    assert rows[0]["about"] == "Bakery"
    lacks = "12.00 RSC of loan_interest, 100.00 RSC of loan_repayment, 1.85 RSC of profit_tax, 40.04 RSC of rent"
    assert rows[0]["message"].startswith(f"Bakery cannot pay {lacks}; ")
    assert rows[1]["message"].startswith("1 member cannot pay 150.00 RSC in all")


def test_the_command_lists_what_is_missing_and_closes_all_the_same(tmp_path: Path) -> None:
    text = month_of_work(only=("Bakery", "Clinic")) + plan("rolls", "Bakery", a=1, filed="2026-02-03", approved=None)
    folder = write(tmp_path, text + '2026-01-31 custom "month-close" "2026-01"\n', prelude=PARTIES + PLANS)
    result = conductor("close", folder, "2026-02")
    assert result.exit_code == 0
    head, hours, review, *_, last = result.stdout.splitlines()
    assert head == "Missing in 2026-02, before it is closed:"
    assert hours == "  Mill: no hours at all, though it employs 1 member"
    assert review.endswith('the plan "rolls" of Bakery, filed 2026-02-03, waits for review: approve or reject it')
    assert "doc.beancount:" in review
    assert last.endswith('2026-02-28 custom "month-close" "2026-02"')


def test_the_close_stands_with_what_its_accountant_did_in_the_month(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "",
        prelude=PARTIES + PLANS,
        head=HEAD + 'include "journal/*/*.beancount"\n',
        files={"journal/2026-01/carla.beancount": work("Mill", "Cyd", 8, date="2026-01-05")},
    )
    assert answer("close", folder, "2026-01", "--accountant", "dora")["file"] == "journal/2026-01/dora.beancount"
    assert answer("close", folder, "2026-02", "--accountant", "carla")["file"] == "journal/2026-02/carla.beancount"
    assert conductor("check", folder).exit_code == 0
    assert "no accountant of the region" in refused("close", folder, "2026-03", "--accountant", "cara", code=2)


def test_strict_closes_only_where_nothing_is_missing(tmp_path: Path) -> None:
    closed = '2026-01-31 custom "month-close" "2026-01"\n'
    folder = write(tmp_path / "gap", month_of_work(leave_out=("Bob",)) + closed, prelude=PARTIES + PLANS)
    before = (folder / "doc.beancount").read_bytes()
    result = conductor("close", folder, "2026-02", "--strict", "--yes")
    assert (result.exit_code, "1 thing(s) are missing in 2026-02" in result.stderr) == (1, True)
    result = conductor("close", folder, "2026-02", "--strict", "--json")
    assert (result.exit_code, '"written": false' in result.stdout) == (1, True)
    assert (folder / "doc.beancount").read_bytes() == before
    whole = write(tmp_path / "whole", month_of_work() + closed, prelude=PARTIES + PLANS)
    result = conductor("close", whole, "2026-02", "--strict")
    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing is missing in 2026-02.\n")
