"""Who rates productivity (RULES.md, part B, "Productivity")."""

from __future__ import annotations

import pytest

from tests.rules.credits.region import BARE, region
from tests.support import check

SECOND = region().replace("commodities:", "table: 2\ncommodities:", 1)


def rating(worker: str, by: str = "", *, standard: str = "", date: str = "2026-01-02", mark: str = "") -> str:
    return (
        f'{date} custom "employment" "Bakery" "{worker}"{mark}\n  occupation: "baker"\n  productivity: 0.5\n'
        + (f'  by: "{by}"\n' if by else "")
        + (f'  standard: "{standard}"\n' if standard else "")
    )


def test_peers_who_work_there_rate_or_a_standard_does() -> None:
    check(rating("Ada", "Bob") + rating("Bob", standard="of the guild"), region=SECOND, prelude=BARE)


def test_who_begins_at_the_same_instant_rates_in_any_order_of_lines() -> None:
    new = "".join(f'2026-01-02 custom "member" "{name}"\n' for name in ("Eva", "Fay"))
    for lines in ((rating("Eva", "Fay"), rating("Fay", "Eva")), (rating("Fay", "Eva"), rating("Eva", "Fay"))):
        check(new + "".join(lines), region=SECOND, prelude=BARE)


def test_where_nobody_rates_it_is_advice() -> None:
    check(rating("Ada", mark=" ; ? rated-by-nobody"), region=SECOND, prelude=BARE)
    check('2026-01-02 custom "employment" "Bakery" "Ada"\n  occupation: "baker"\n', region=SECOND, prelude=BARE)


@pytest.mark.parametrize("stranger", ["Ada", "Cyd", "carla", "Bob, carla", "Nobody"])
def test_somebody_else_is_advice_in_version_1_and_an_error_in_version_2(stranger: str) -> None:
    books = check(rating("Ada", stranger, mark=" ; ? rater-is-not-a-peer"), region=region(), prelude=BARE)
    assert f'"{stranger.rsplit(", ", maxsplit=1)[-1]}"' in books.message("rater-is-not-a-peer")
    check(rating("Ada", stranger, mark=" ; ! rater-is-not-a-peer"), region=SECOND, prelude=BARE)


def test_a_peer_who_left_yesterday_or_leaves_at_that_instant_is_somebody_else() -> None:
    for end in ('custom "employment-end" "Bakery" "Bob"', 'custom "member-end" "Bob"'):
        for date in ("2026-01-01", "2026-01-02"):
            clock = '  time: "12:00:00"\n' if date == "2026-01-01" else ""
            text = f"{date} {end}\n{clock}" + rating("Ada", "Bob", mark=" ; ! rater-is-not-a-peer")
            check(text, region=SECOND, prelude=BARE)
    check('2026-01-03 custom "employment-end" "Bakery" "Bob"\n' + rating("Ada", "Bob"), region=SECOND, prelude=BARE)
