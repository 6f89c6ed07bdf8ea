"""RULES.md, parts A and C: the order of precedence of codes, as a ladder.

Each ladder starts with an event that has a fault of every stage. Its rows mend one fault at a time, which reveals the
next: malformed, existence, state, relation, amount, balance.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conductor_bean.domain.problems import codes
from tests.support import PARTIES, check, consumption, load, plan

REGION = "region: T\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"

PRELUDE = (
    PARTIES
    + plan("bread", "Bakery", a=1000)
    + plan("old", "Bakery", a=1000, days=10)
    + plan("clinic", "Clinic", a=10, public=True)
    + plan("draft", "Bakery", a=10, approved=None)
    + '2026-01-01 custom "basic-service" "cut" "Ada"\n'
    + '2026-01-01 custom "basic-service" "ended" "Ada"\n'
    + '2026-01-01 custom "cooperation" "Ring" "Mill"\n'
    + '2026-01-02 custom "basic-service-end" "ended"\n'
    + '2026-01-02 custom "member" "Eve"\n'
    + '2026-01-03 custom "member-end" "Eve"\n'
    + '2026-01-03 * "earlier"\n  id: "used"\n  Assets:Companies:Bakery:A -1 HOUR\n  Assets:Members:Bob:Hours 1 HOUR\n'
)

STAGES = ("malformed", "existence", "state", "relation", "amount", "balance")

Row = tuple[str, str, str]


def climb(template: str, faults: dict[str, str], rows: Sequence[Row]) -> None:
    """Mend the fields of a template one at a time; `rows` say the field, its mended value and the code revealed."""
    fields = dict(faults)
    seen = []
    for name, mended, code in rows:
        if name:
            assert fields[name] != mended
            fields[name] = mended
        text = template.format(**fields)
        found = load(text, prelude=PRELUDE, region=REGION)
        expected = [code] if code else []
        assert found.codes == expected, f"after mending {name or 'nothing'}: {found.books.problems}\n{text}"
        seen.append(code)
    assert seen.pop() == ""
    stages = [STAGES.index(codes()[code].stage) for code in seen]
    assert stages == sorted(stages), seen


CONSUMPTION = """\
2026-02-01 * "consumption" {links}
  id: "{id}"
{quantity}  {debit}  -{amount} {commodity}
  Liabilities:Companies:{credit}:PRD  {amount} {commodity}
"""


def test_the_ladder_of_private_consumption() -> None:
    climb(
        CONSUMPTION,
        {
            "links": "",
            "id": "used",
            "quantity": "",
            "debit": "Assets:Members:Zoe:Hours",
            "amount": "10000000000000000",
            "commodity": "EUR",
            "credit": "Mill",
        },
        [
            ("", "", "wrong-commodity"),
            ("commodity", "HOUR", "amount-out-of-bounds"),
            ("amount", "7.777", "too-many-digits"),
            ("amount", "7", "missing-link"),
            ("links", "^olt", "missing-quantity"),
            ("quantity", "  quantity: -2\n", "duplicate-id"),
            ("id", "free", "plan-not-found"),
            ("links", "^old", "consumer-does-not-exist"),
            ("debit", "Assets:Members:Eve:Hours", "plan-inactive"),
            ("links", "^bread", "member-has-ended"),
            ("debit", "Assets:Members:Cyd:Hours", "account-is-not-planners"),
            ("credit", "Bakery", "quantity-must-be-positive"),
            ("quantity", "  quantity: 1\n", "wrong-amount"),
            ("amount", "1", "insufficient-balance"),
            ("debit", "Assets:Companies:Mill:R", ""),
        ],
    )


def test_the_ladder_of_productive_consumption() -> None:
    climb(
        CONSUMPTION,
        {
            "links": "^draft",
            "id": "free",
            "quantity": "  quantity: 0\n",
            "debit": "Assets:Companies:Bakery:R",
            "amount": "9",
            "commodity": "HOUR",
            "credit": "Mill",
        },
        [
            ("", "", "plan-inactive"),
            ("links", "^bread", "consumer-is-planner"),
            ("debit", "Assets:Companies:Clinic:P", "account-is-not-planners"),
            ("credit", "Bakery", "quantity-must-be-positive"),
            ("quantity", "  quantity: 2\n", "wrong-amount"),
            ("amount", "2", ""),
        ],
    )


def test_an_inactive_public_plan_is_inactive_first() -> None:
    prelude = PARTIES + plan("gone", "Clinic", a=1, days=1, public=True)
    for debit in ("Assets:Companies:Bakery:R", "Assets:Companies:Clinic:R", "Assets:Members:Ada:Hours"):
        check(
            f'2026-02-01 * "x" ^gone ; ! plan-inactive\n  quantity: 1\n  {debit}  0 HOUR\n'
            "  Liabilities:Companies:Clinic:PRD  0 HOUR\n",
            prelude=prelude,
        )


def test_a_public_plan_is_public_before_it_is_the_consumers_own() -> None:
    check(
        '2026-02-01 * "x" ^clinic ; ! cannot-consume-public-service\n  quantity: 1\n'
        "  Assets:Companies:Clinic:R  0 HOUR\n"
        "  Liabilities:Companies:Clinic:PRD  0 HOUR\n",
        prelude=PRELUDE,
        region=REGION,
    )


SERVICE = """\
2026-02-01 * "service" {links}
  {debit}  -{amount} HOUR
  {credit}  {amount} HOUR
"""


def test_the_ladder_of_a_basic_service() -> None:
    climb(
        SERVICE,
        {
            "links": "",
            "debit": "Assets:Members:Zoe:Hours",
            "credit": "Assets:Members:Bob:Hours",
            "amount": "0",
        },
        [
            ("", "", "missing-link"),
            ("links", "^endet", "basic-service-not-found"),
            ("links", "^ended", "consumer-does-not-exist"),
            ("debit", "Assets:Members:Eve:Hours", "basic-service-inactive"),
            ("links", "^cut", "member-has-ended"),
            ("debit", "Assets:Members:Ada:Hours", "consumer-is-provider"),
            ("debit", "Assets:Members:Cyd:Hours", "account-is-not-providers"),
            ("credit", "Assets:Members:Ada:Hours", "service-hours-must-be-positive"),
            ("amount", "5", "insufficient-balance"),
            ("debit", "Assets:Companies:Mill:R", ""),
        ],
    )


WORK = """\
{date} * "work"
  id: "{id}"
  time: {time}
  Assets:Companies:{company}:{a}  -{amount} HOUR
  Assets:Members:{member}:Hours  {amount} HOUR
"""


def test_the_ladder_of_work() -> None:
    climb(
        WORK,
        {
            "date": "1899-02-01",
            "id": "used",
            "time": '"25:00"',
            "company": "Mil",
            "a": "B",
            "member": "Eva",
            "amount": "0",
        },
        [
            ("", "", "unknown-account"),
            ("a", "A", "date-out-of-bounds"),
            ("date", "2026-02-01", "malformed-time"),
            ("time", '"23:00:00"', "duplicate-id"),
            ("id", "free", "company-not-found"),
            ("company", "Mill", "member-not-found"),
            ("member", "Eve", "member-has-ended"),
            ("member", "Ada", "worker-not-at-company"),
            ("company", "Bakery", "hours-worked-must-be-positive"),
            ("amount", "8", ""),
        ],
    )


APPROVAL = """\
2026-02-01 custom "plan-approval" {ids}
{by}{more}"""


def test_the_ladder_of_an_approval() -> None:
    climb(
        APPROVAL,
        {"ids": '"draff" "Bakery"', "by": "", "more": "  reason: 7\n"},
        [
            ("", "", "wrong-values"),
            ("ids", '"a draft"', "invalid-id"),
            ("ids", '"draff"', "unknown-metadata"),
            ("more", "", "missing-metadata"),
            ("by", '  by: "karl"\n', "plan-not-found"),
            ("ids", '"bread"', "accountant-not-found"),
            ("by", '  by: "carla"\n', "plan-is-approved"),
            ("ids", '"draft"', ""),
        ],
    )


REQUEST = '2026-02-01 custom "{name}" "{cooperation}" "{plan}"\n  by: "{by}"\n'


def test_the_ladder_of_a_cooperation_request() -> None:
    climb(
        REQUEST,
        {"name": "cooperation-requests", "cooperation": "Rink", "plan": "breat", "by": "Clinic"},
        [
            ("", "", "unknown-fact"),
            ("name", "cooperation-request", "plan-not-found"),
            ("plan", "old", "cooperation-not-found"),
            ("cooperation", "Ring", "plan-inactive"),
            ("plan", "clinic", "plan-is-public-service"),
            ("plan", "bread", "requester-is-not-planner"),
            ("by", "Bakery", ""),
        ],
    )


@pytest.mark.parametrize("name", ["cooperation-acceptance", "cooperation-denial"])
def test_the_coordinator_is_judged_before_the_request(name: str) -> None:
    text = REQUEST.format(name=name, cooperation="Ring", plan="bread", by="Bakery")
    assert load(text, prelude=PRELUDE, region=REGION).codes == ["requester-is-not-coordinator"]
    text = REQUEST.format(name=name, cooperation="Ring", plan="bread", by="Mill")
    assert load(text, prelude=PRELUDE, region=REGION).codes == ["cooperation-was-not-requested"]


# Part C


def test_every_event_is_reported_and_each_once() -> None:
    faulty = (
        '2026-02-01 * "x" ^nothing ; ! plan-not-found\n  quantity: -1\n'
        "  Assets:Members:Zoe:Hours -1 HOUR\n  Liabilities:Companies:Zoo:PRD 1 HOUR\n"
    )
    check(faulty * 20, prelude=PRELUDE, region=REGION)


def test_what_depends_on_a_rejected_event_is_set_aside() -> None:
    check(
        """
        2026-02-01 custom "company" "Smithy" ; ! malformed-metadata
          ownership: "private"
        2026-02-01 custom "employment" "Smithy" "Ada" ; ? depends-on-rejected
        2026-02-01 custom "plan" "nails" "Smithy" ; ? depends-on-rejected
          product: "Nails"
          quantity: 10
          fixed-means: 1
          raw-materials: 1
          labour: 1
          days: 100
        2026-02-01 custom "plan-approval" "nails" ; ? depends-on-rejected
          by: "carla"
        2026-02-02 * "work" ; ? depends-on-rejected
          Assets:Companies:Smithy:A    -1 HOUR
          Assets:Members:Ada:Hours      1 HOUR
        2026-02-02 * "nails" ^nails ; ? depends-on-rejected
          quantity: 1
          Assets:Members:Ada:Hours               -0.30 HOUR
          Liabilities:Companies:Smithy:PRD        0.30 HOUR
        2026-01-31 * "before anything was rejected" ; ! company-not-found
          Assets:Companies:Smithy:A    -1 HOUR
          Assets:Members:Ada:Hours      1 HOUR
        """,
        prelude=PRELUDE,
        region=REGION,
    )


def test_a_ledger_with_set_aside_events_never_holds() -> None:
    # However the root of a chain fails, it is an error.
    found = load('2026-02-01 custom "member" "Fay"\n  ownership: "x"\n2026-02-02 custom "member-end" "Fay"\n')
    assert found.codes == ["unknown-metadata"]
    assert [code for _, _, code in found.advice] == ["depends-on-rejected"]


def test_once_the_missing_thing_is_there_nothing_is_set_aside_any_more() -> None:
    check(
        """
        2026-02-01 custom "member" "Fay" ; ! malformed-metadata
          name: 7
        2026-02-02 custom "employment" "Bakery" "Fay" ; ? depends-on-rejected
        2026-02-03 custom "member" "Fay"
        2026-02-04 * "work" ; ? depends-on-rejected
          Assets:Companies:Bakery:A    -1 HOUR
          Assets:Members:Fay:Hours      1 HOUR
        2026-02-05 custom "employment" "Bakery" "Fay"
        2026-02-06 * "work"
          Assets:Companies:Bakery:A    -1 HOUR
          Assets:Members:Fay:Hours      1 HOUR
        2026-02-07 custom "employment-end" "Bakery" "Fay"
        2026-02-08 * "work" ; ! worker-not-at-company
          Assets:Companies:Bakery:A    -1 HOUR
          Assets:Members:Fay:Hours      1 HOUR
        """
    )


def test_a_repeated_directive_that_is_rejected_hides_no_other_fault() -> None:
    # The second "member" is rejected, but Ada exists: what fails later fails by itself.
    check(
        """
        2026-02-01 custom "member" "Ada" ; ! duplicate-id
        2026-02-02 * "Ada does not work at the mill" ; ! worker-not-at-company
          Assets:Companies:Mill:A    -1 HOUR
          Assets:Members:Ada:Hours    1 HOUR
        2026-02-03 custom "plan" "bread" "Mill" ; ! duplicate-id
          product: "Bread"
          quantity: 10
          fixed-means: 1
          raw-materials: 1
          labour: 1
          days: 100
        2026-02-03 custom "plan-approval" "bread" ; ! plan-is-approved
          by: "carla"
        2027-02-03 * "expired" ^bread ; ! plan-inactive
          quantity: 1
          Assets:Members:Ada:Hours               -1.50 HOUR
          Liabilities:Companies:Bakery:PRD        1.50 HOUR
        """
    )


def test_messages_say_what_was_found_and_what_would_be_right() -> None:
    text = consumption("bread", "Assets:Members:Ada:Hours", "Bakery", 1).replace("^bread", "^braed")
    message = load(text).message("plan-not-found")
    assert '"braed"' in message
    assert 'did you mean "bread"?' in message.lower()
