"""LANGUAGE.md, "Time": instants, and the order of what happens at one."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from tests.support import PARTIES, Loaded, check, ledger, load, plan, work

D = Decimal


@pytest.mark.parametrize(
    "time", ["00:00:00", "13:42:29", "23:59:59", "13:42:29.5", "13:42:29.000001", "23:59:59.999999", "00:00:00.0"]
)
def test_a_time_is_utc_in_quotes_with_up_to_six_decimals(time: str) -> None:
    check(
        work("Bakery", "Ada", 1, extra=f'  time: "{time}"\n') + f'2026-02-01 custom "member" "Eve"\n  time: "{time}"\n'
    )


@pytest.mark.parametrize(
    "time",
    [
        '"24:00:00"',
        '"12:60:00"',
        '"12:00:60"',
        '"12:00"',
        '"1:02:03"',
        '"12:00:00.1234567"',
        '"12:00:00."',
        '""',
        '"12:00:00Z"',
        '"12:00:00+01:00"',
        '" 12:00:00"',
        '"12:00:00\t"',
        '"noon"',
        '"１２:00:00"',
        "12",
        "2026-01-01",
        "TRUE",
    ],
)
def test_other_forms_of_time_are_refused(time: str) -> None:
    transaction = work("Bakery", "Ada", 1, extra=f"  time: {time}\n").replace('"work"', '"work" ; ! malformed-time')
    found = check(transaction + f'2026-02-01 custom "member" "Eve" ; ! malformed-time\n  time: {time}\n')
    assert all('time: "13:42:29"' in problem.message for problem in found.books.errors)


def test_without_a_time_it_is_the_start_of_the_day() -> None:
    prelude = PARTIES + plan("bread", "Bakery", a=1, quantity=1, approved=None)
    text = """
    2026-01-02 custom "plan-approval" "bread"
      by: "carla"
      time: "00:00:00.000001"
    2026-01-02 * "a microsecond too early" ^bread ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    """
    check(text, prelude=prelude)


@ledger()
def test_at_one_instant_all_facts_come_before_all_transactions(books: Loaded) -> None:
    """
    2026-02-01 * "written first"
      Assets:Companies:Smithy:A    -1 HOUR
      Assets:Members:Eve:Hours      1 HOUR
    2026-02-01 custom "employment" "Smithy" "Eve"
    2026-02-01 custom "company" "Smithy"
    2026-02-01 custom "member" "Eve"
    """
    assert books.amounts("work_certificates") == [1]


# The numbered list: each pair of neighbours that bear on each other, at one instant, in both orders of lines.

PLAN = (
    'custom "plan" "cake" "Bakery"\n  product: "Cake"\n  quantity: 1\n  fixed-means: 1\n  raw-materials: 1\n'
    "  labour: 1\n  days: 100\n"
)
APPROVAL = 'custom "plan-approval" "cake"\n  by: "carla"\n'


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (['custom "member" "Eve"', 'custom "employment" "Bakery" "Eve"'], []),
        (['custom "company" "Smithy"', 'custom "employment" "Smithy" "Ada"'], []),
        (['custom "accountant" "eli"\n  by: "dora"', PLAN, APPROVAL.replace("carla", "eli")], []),
        ([PLAN, 'custom "plan-withdrawal" "cake"', APPROVAL], ["plan-is-withdrawn"]),
        ([PLAN, 'custom "plan-withdrawal" "cake"', 'custom "plan-rejection" "cake"'], ["plan-is-withdrawn"]),
        ([PLAN, 'custom "plan-rejection" "cake"', APPROVAL], ["plan-is-rejected"]),
        (['custom "cooperation" "C" "Mill"', 'custom "cooperation-request" "C" "flour"'], []),
        (
            [
                PLAN,
                APPROVAL,
                'custom "cooperation" "C" "Mill"',
                'custom "cooperation-request" "C" "cake"',
                'custom "cooperation-acceptance" "C" "cake"',
            ],
            [],
        ),
        # A request that is taken back, denied and accepted: taken back first.
        (
            [
                'custom "cooperation" "C" "Mill"',
                'custom "cooperation-request" "C" "flour"',
                'custom "cooperation-cancellation" "C" "flour"',
                'custom "cooperation-denial" "C" "flour"',
                'custom "cooperation-acceptance" "C" "flour"',
            ],
            ["cooperation-was-not-requested", "cooperation-was-not-requested"],
        ),
        # Coordination passes before plans are accepted by the new coordinator.
        (
            [
                'custom "cooperation" "C" "Mill"',
                'custom "coordination-request" "C" "Clinic"',
                'custom "coordination-acceptance" "C" "Clinic"',
                'custom "cooperation-request" "C" "flour"',
                'custom "cooperation-acceptance" "C" "flour"\n  by: "Clinic"',
            ],
            [],
        ),
        (
            [
                'custom "cooperation" "C" "Mill"',
                'custom "coordination-request" "C" "Clinic"',
                'custom "coordination-denial" "C" "Clinic"',
                'custom "coordination-acceptance" "C" "Clinic"',
            ],
            ["coordination-was-not-requested"],
        ),
        (['custom "basic-service" "cut" "Ada"', 'custom "basic-service-end" "cut"'], []),
        (['custom "employment" "Mill" "Ada"', 'custom "employment-end" "Mill" "Ada"'], []),
        # Employment ends before companies, companies before members, members before accountants.
        (['custom "employment-end" "Mill" "Cyd"', 'custom "company-end" "Mill"', 'custom "member-end" "Cyd"'], []),
        (['custom "accountant-end" "carla"\n  by: "dora"', PLAN, APPROVAL], []),
    ],
)
def test_facts_of_one_instant_apply_in_the_order_of_the_list(facts: list[str], codes: list[str]) -> None:
    for order in itertools.islice(itertools.permutations(facts), 0, None, 7 if len(facts) > 3 else 1):
        found = load("".join(f"2026-02-01 {fact}\n" for fact in order))
        assert sorted(found.codes) == codes, [p.message for p in found.books.problems]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ('custom "member" "Eve"', 'custom "company" "Eve"', "duplicate-id"),
        ('custom "basic-service" "x" "Ada"', 'custom "basic-service" "x" "Bob"', "duplicate-id"),
        ('custom "cooperation" "C" "Bakery"', 'custom "cooperation" "C" "Mill"', "duplicate-id"),
        (PLAN.strip(), 'custom "basic-service" "cake" "Ada"', "duplicate-id"),
    ],
)
def test_of_two_that_conflict_the_later_in_that_order_is_the_error_and_its_message_suggests_a_time(
    first: str, second: str, code: str
) -> None:
    for text in (
        f"2026-02-01 {first}\n2026-02-01 {second} ; ! {code}\n",
        f"2026-02-01 {second} ; ! {code}\n2026-02-01 {first}\n",
    ):
        assert "time:" in check(text).message(code)


def test_within_one_type_facts_apply_by_their_ids_and_not_by_line_or_file() -> None:
    a, b = '2026-02-01 custom "cooperation" "C" "Bakery"\n', '2026-02-01 custom "cooperation" "C" "Mill"\n'
    # The file that is included first, and read first, holds the later id.
    head = '\nplugin "conductor_bean.plugins.conductor"\ninclude "a.beancount"\n'
    found = check(a, head=head, files={"a.beancount": b.replace('"Mill"\n', '"Mill" ; ! duplicate-id\n')})
    assert found.coordinators("C") == [("Bakery", "2026-02-01T00:00:00")]


def test_the_order_of_files_and_lines_makes_no_difference() -> None:
    blocks = [
        *(work("Bakery", "Ada", hours, date=f"2026-02-0{day}") for day, hours in ((1, 8), (2, 3), (3, 7))),
        '2026-02-01 custom "basic-service" "cut" "Ada"\n',
        '2026-02-02 * "cut" ^cut\n  Assets:Members:Bob:Hours -2 HOUR\n  Assets:Members:Ada:Hours 2 HOUR\n',
        '2026-02-02 * "cut" ^cut\n  Assets:Companies:Mill:R -3 HOUR\n  Assets:Members:Ada:Hours 3 HOUR\n',
        '2026-02-03 * "no" ^nothing\n  Assets:Companies:Mill:R -3 HOUR\n  Assets:Members:Ada:Hours 3 HOUR\n',
    ]
    first = load("\n".join(blocks))
    assert first.codes == ["basic-service-not-found"]
    for order in (blocks[::-1], blocks[3:] + blocks[:3]):
        other = load(
            "\n".join(order[:3]),
            head='plugin "conductor_bean.plugins.conductor"\ninclude "z/*.beancount"\n',
            files={f"z/{number}.beancount": block for number, block in enumerate(order[3:])},
        )
        assert other.codes == first.codes
        assert sorted(other.transfers()) == sorted(first.transfers())
        assert sorted(other.fic()) == sorted(first.fic())


def test_an_end_without_a_time_excludes_its_date() -> None:
    text = """
    2026-02-01 custom "employment-end" "Bakery" "Ada"
    2026-01-31 * "the day before"
      time: "23:59:59.999999"
      Assets:Companies:Bakery:A   -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-01 * "its day" ; ! worker-not-at-company
      Assets:Companies:Bakery:A   -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    """
    check(text)


def test_transactions_of_one_instant_do_not_see_each_other_except_in_balances() -> None:
    # Consumed units are seen from the next instant on; balances at once.
    region = "region: T\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"
    prelude = PARTIES + plan("bread", "Bakery", a=100, quantity=100)
    text = work("Bakery", "Ada", 3) + (
        '2026-02-01 * "bread" ^bread\n  quantity: 3\n  Assets:Members:Ada:Hours  -3 HOUR\n'
        "  Liabilities:Companies:Bakery:PRD  3 HOUR\n"
    )
    assert check(text, prelude=prelude, region=region).balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_pushed_metadata_counts_as_written(books: Loaded) -> None:
    """
    pushmeta time: "10:00:00"
    2026-02-01 * "at ten"
      Assets:Companies:Bakery:A   -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-01 * "at ten, too" ; ! hours-registered-twice
      Assets:Companies:Bakery:A   -2 HOUR
      Assets:Members:Ada:Hours     2 HOUR
    popmeta time:
    2026-02-01 * "at midnight"
      Assets:Companies:Bakery:A   -2 HOUR
      Assets:Members:Ada:Hours     2 HOUR
    """
    assert books.amounts("work_certificates") == [2, 1]


@pytest.mark.parametrize(
    ("date", "right"),
    [
        ("1900-01-01", True),
        ("2199-12-31", True),
        ("1899-12-31", False),
        ("2200-01-01", False),
        ("2999-12-31", False),
        ("1000-01-01", False),
    ],
)
def test_dates_lie_from_1900_to_2199(date: str, *, right: bool) -> None:
    mark = "" if right else " ; ! date-out-of-bounds"
    check(f'{date} custom "member" "Eve"{mark}\n', prelude="")


def test_a_transaction_out_of_bounds_is_refused_too() -> None:
    check(work("Bakery", "Ada", 1, date="2200-01-01").replace('"work"', '"work" ; ! date-out-of-bounds'))
