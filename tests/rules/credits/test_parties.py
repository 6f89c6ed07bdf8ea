"""No row of the table moves the credits of somebody who is not there, who left, or who is bankrupt."""

from __future__ import annotations

import re

import pytest

from tests.rules.credits.region import PLAIN, moves
from tests.rules.credits.test_reversals import EVENTS, PRICED
from tests.support import load

GONE = (
    PRICED
    + """\
2026-01-02 custom "member" "Eve"
2026-01-02 custom "company" "Press"
  ownership: "regional"
2026-01-02 custom "company" "Forge"
2026-01-03 custom "member-end" "Eve"
2026-01-03 custom "company-end" "Press"
2026-01-03 custom "bankruptcy" "Forge"
  by: "carla"
"""
)

OWNERS = [
    # What stands in an account, what stands there instead, and the code.
    ("Members:", "Nobody", "member-not-found"),
    ("Members:", "Eve", "member-has-ended"),
    ("Companies:", "Nothing", "company-not-found"),
    ("Companies:", "Press", "company-has-ended"),
    ("Companies:", "Forge", "company-is-bankrupt"),
    ("Banks:", "NoBank", "bank-not-found"),
    ("Region:Pools:", "NoPool", "pool-not-found"),
    ("Regions:", "Nowhere", "region-not-found"),
]


def cases() -> list[tuple[str, str, str, str]]:
    """Each row with each of its accounts given to somebody else: name, account, text and code."""
    found = []
    for name, text in EVENTS.items():
        for account in re.findall(r"^  ((?:Assets|Liabilities|Equity):\S+)", text, re.MULTILINE):
            for start, other, code in OWNERS:
                changed = re.sub(rf"^(\w+:{start})\w+(:\w+)?$", rf"\g<1>{other}\g<2>", account)
                if changed != account:
                    # The offer that is linked is another's: then nobody asks what became of who is credited.
                    other_seller = name == "purchase" and other in ("Press", "Forge")
                    right = "account-is-not-sellers" if other_seller else code
                    found.append((f"{name}-{account.split(':')[1]}-{other}", account, changed, right))
    return found


CASES = cases()


def test_every_owned_account_of_every_row_is_tried() -> None:
    assert len(CASES) > 50
    assert {code for *_, code in CASES} > {code for *_, code in OWNERS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case[0]))
def test_nobody_who_is_not_there_takes_part(case: tuple[str, str, str, str]) -> None:
    name, account, changed, code = case
    kind = name.split("-")[0]
    found = load(EVENTS[kind].replace(account, changed), region=PLAIN, prelude=GONE)
    assert found.codes == [code], [problem.message for problem in found.books.errors]
    assert not [move for move in moves(found, kind) if changed in move]
