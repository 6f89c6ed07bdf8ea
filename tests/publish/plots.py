"""Small regions in which public figures, put together, tell what one party did; each with the calculation by hand."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tests.publish.places import (
    CREDITS,
    HOURS,
    ISSUE,
    SCHOOL,
    SUBSIDY,
    close,
    company,
    employment,
    member,
    put,
    sale,
    total,
    totals,
)
from tests.support import consumption, plan, work

Attack = Callable[[Path], Fraction | None]


@dataclass(frozen=True)
class Plot:
    """A region and what somebody wants to know of it.

    Attributes:
        name: What is told of whom.
        write: Writes the ledger into a folder.
        attack: What the attacker computes from an edition, None where it does not tell enough.
        truth: What she is after.
    """

    name: str
    write: Callable[[Path], Path]
    attack: Attack
    truth: Fraction


# Taxes and certificates of a month tell FIC, and FIC tells the hours of basic services.


def _write_service(folder: Path) -> Path:
    parties = member("Zoe") + SCHOOL + plan("lessons", "School", p=80, r=80, a=200, public=True, days=1000)
    for number in range(10):
        parties += member(f"M{number}") + company(f"C{number}") + employment(f"C{number}", f"M{number}")
        parties += plan(f"p{number}", f"C{number}", p=50, r=50, a=200, days=1000)
    parties += '2026-01-01 custom "basic-service" "cut" "Zoe"\n'
    text = "".join(
        work(f"C{number}", f"M{number}", 150 + number, date=f"2026-{month:02}-25")
        for month in (2, 3, 4)
        for number in range(10)
    )
    for date, hours in (("2026-03-20", "3.50"), ("2026-05-02", "1")):
        text += (
            f'{date} * "x" ^cut\n  Assets:Members:M1:Hours  -{hours} HOUR\n  Assets:Members:Zoe:Hours  {hours} HOUR\n'
        )
    return put(folder, text, parties, HOURS, "fic_window_days: 60, member_overdraw: null")


def _attack_service(edition: Path) -> Fraction | None:
    hours = total(edition, "2026-03", "work_certificates")
    rows = json.loads((edition / "data" / "totals.json").read_text())
    taxes = [Fraction(row["amount"]) for row in rows if (row["period"], row["transfer"]) == ("2026-03", "taxes")]
    if hours is None or not taxes:
        return None
    factor = 1 - max(taxes) / hours  # of two totals of taxes the small one is that of the service
    mornings = json.loads((edition / "data" / "region.json").read_text())["fic"]
    parts = next(row for row in mornings if row["date"] == "2026-03-25")
    outlay, public = Fraction(parts["L_o"]), Fraction(parts["P_o"]) + Fraction(parts["R_o"])
    return (factor * outlay + public) / (1 - factor) - 2000 * Fraction(60, 1000)


# Hours and wages of one school: two sums, two wages.


def _write_head(folder: Path) -> Path:
    parties = SCHOOL + plan("lessons", "School", p=80, r=80, a=2000, public=True, days=1000) + ISSUE + SUBSIDY
    for number in range(12):
        parties += member(f"M{number}") + employment("School", f"M{number}", "teacher" if number else "head")
    text = ""
    for month in (1, 2):
        for day in (25, 26):
            text += "".join(work("School", f"M{n}", 10 + n, date=f"2026-{month:02}-{day}") for n in range(12))
        text += close(month)
    wages = "    occupations: {teacher: {min: 20, max: 20}, head: {min: 40, max: 40}}\n"
    return put(folder, text, parties, HOURS + CREDITS, "fic_window_days: 60, income_tax: 0.1", wages)


def _attack_head(edition: Path) -> Fraction | None:
    told = totals(edition, "2026-01", "wage", "work_certificates")
    return None if told is None else (told[0] - 20 * told[1]) / 20


# A cooperation: what was consumed at one price, what was compensated at different distances.

_COSTS = (100, 300, 300, 300, 300, 300, 500, 500, 500, 500, 500)
_PIECES = (7, 9, 5, 11, 6, 10, 8, 9, 12, 7, 10)
_PRICE = Fraction(sum(_COSTS), 100 * len(_COSTS))


def _write_cooperation(folder: Path) -> Path:
    parties = ""
    for number, cost in enumerate(_COSTS):
        parties += member(f"M{number}") + company(f"C{number}") + employment(f"C{number}", f"M{number}")
        parties += plan(f"p{number}", f"C{number}", a=cost, days=1000, quantity=100)
    parties += '2026-01-01 custom "cooperation" "Bread" "C0"\n'
    for number in range(len(_COSTS)):
        for step in ("request", "acceptance"):
            parties += f'2026-01-01 custom "cooperation-{step}" "Bread" "p{number}"\n'
    text = ""
    for number, pieces in enumerate(_PIECES):
        for buyer, some in ((number + 3, pieces // 2), (number + 5, pieces - pieces // 2)):
            account, amount = f"Assets:Members:M{buyer % 11}:Hours", f"{float(_PRICE * some):.2f}"
            text += consumption(f"p{number}", account, f"C{number}", amount, some)
    text += work("C1", "M1", 1, date="2026-03-02")
    return put(folder, text, parties, HOURS, "fic_window_days: 60, member_overdraw: null")


def _attack_cooperation(edition: Path) -> Fraction | None:
    kinds = ("private_consumption", "compensation_for_coop", "compensation_for_company")
    told = totals(edition, "2026-02", *kinds)
    if told is None:
        return None
    cheap = told[0] / _PRICE - told[2] / (5 - _PRICE)
    return (told[1] - (_PRICE - 3) * cheap) / 2


# A school of one student.


def _write_student(folder: Path) -> Path:
    parties = (
        SCHOOL + ISSUE + SUBSIDY + "".join(member(f"T{n}") + employment("School", f"T{n}", "teacher") for n in range(8))
    )
    parties += '2026-01-01 custom "enrolment-request" "School" "T0"\n2026-01-01 custom "enrolment" "School" "T0"\n'
    text = ""
    for month in (1, 2):
        for day in range(5, 25, 2):
            for number in range(8):
                text += f'2026-{month:02}-{day:02} * "w"\n  Assets:Companies:School:Wallet  -160 RSC\n'
                text += f"  Assets:Members:T{number}:Wallet  160 RSC\n    hours: 8\n"
        text += close(month)
    wages = "    occupations: {teacher: {min: 20, max: 20}}\n"
    return put(folder, text, parties, CREDITS, "tuition_share: 0.05", wages)


def _attack_student(edition: Path) -> Fraction | None:
    told = total(edition, "2026-01", "wage")
    return None if told is None else told / 20


# An intruder who buys from everybody but one.


def _write_buyer(folder: Path) -> Path:
    parties = text = ""
    for name in (*(f"D{n}" for n in range(10)), *(f"W{n}" for n in range(4)), "F", "B"):
        parties += company(name) + plan(f"of-{name}", name, p=100, r=1000, a=200, days=1000, quantity=1300)
    for number in range(10):
        text += consumption("of-B", f"Assets:Companies:D{number}:R", "B", "10.00", 10)
    for number in range(4):
        text += consumption(f"of-W{number}", "Assets:Companies:F:R", f"W{number}", "10.00", 10)
    parties += member("M") + employment("F", "M")
    text += work("F", "M", 1, date="2026-03-02")
    return put(folder, text, parties, HOURS, "fic_window_days: 60, member_overdraw: null")


def _attack_buyer(edition: Path) -> Fraction | None:
    told = total(edition, "2026-02", "productive_consumption_r")
    return None if told is None else told - 40


# Two who buy from everybody but one, who sells to many; together they know all but his sales.


def _write_two_buyers(folder: Path) -> Path:
    parties = text = ""
    for name in (*(f"D{n}" for n in range(5)), *(f"W{n}" for n in range(4)), "F1", "F2", "B"):
        parties += company(name) + plan(f"of-{name}", name, p=100, r=1000, a=200, days=1000, quantity=1300)
    for number in range(5):
        text += consumption("of-B", f"Assets:Companies:D{number}:R", "B", "148.00", 148)
    for number in range(4):
        text += consumption(f"of-W{number}", f"Assets:Companies:F{number // 2 + 1}:R", f"W{number}", "62.00", 62)
    parties += member("M") + employment("F1", "M")
    text += work("F1", "M", 1, date="2026-03-02")
    return put(folder, text, parties, HOURS, "fic_window_days: 60, member_overdraw: null")


def _attack_two_buyers(edition: Path) -> Fraction | None:
    told = total(edition, "2026-02", "productive_consumption_r")
    return None if told is None else told - 4 * 62


# A month of one borrower, whose bank hands on its interest, and whose neighbours look into their own books.


def _write_borrower(folder: Path) -> Path:
    parties = ISSUE + '2026-01-02 custom "bank" "Bank"\n  ownership: "regional"\n'
    parties += '2026-01-02 * "c"\n  transfer: "capitalization"\n  by: "carla"\n  Assets:Region:Treasury  -90000 RSC\n'
    parties += "  Assets:Banks:Bank:Funds  90000 RSC\n"
    text = ""
    for number in range(12):
        parties += company(f"C{number}") + member(f"M{number}")
        text += "".join(sale(f"2026-{month:02}-10", f"C{number}", 300 + 10 * number) for month in (1, 2, 3))
    text += '2026-01-15 custom "loan" "loan-1" "Bank" "C3"\n  principal: 1200 RSC\n  yearly-rate: 0.12\n  months: 12\n'
    text += "".join(close(month) for month in (1, 2, 3))
    return put(folder, text, parties, CREDITS, "sales_tax_external: 0.1, dividend: 0.5")


def _attack_borrower(edition: Path) -> Fraction | None:
    surplus = total(edition, "2026-02", "bank_surplus")
    if surplus is not None:
        return surplus
    taxes, rows = total(edition, "2026-02", "sales_tax"), json.loads((edition / "data" / "region.json").read_text())
    (month,) = (row for row in rows["months"] if row["month"] == "2026-02")
    if taxes is None or month["dividend"] is None:
        return None
    return Fraction(month["dividend"]) * int(month["members"]) * 2 - taxes


# Somebody who gives small services day by day sees when the hours of all services pass a step of the grid.

_DAYS = [datetime.date(2026, 3, 1) + datetime.timedelta(number) for number in range(60)]
_SERVED = datetime.date(2026, 3, 30)


def _write_trickle(folder: Path) -> Path:
    parties = member("Zoe") + member("Ivy") + member("Joe") + company("C") + employment("C", "Joe")
    parties += plan("p", "C", a=800, days=1000)
    parties += SCHOOL + plan("lessons", "School", p=80, r=80, a=80, public=True, days=1000)
    parties += '2026-01-01 custom "basic-service" "cut" "Zoe"\n2026-01-01 custom "basic-service" "song" "Ivy"\n'
    text = work("C", "Joe", 1, date="2026-05-02")
    for date, link, provider, hours in [
        *((day, "song", "Ivy", "0.10") for day in _DAYS),
        (_SERVED, "cut", "Zoe", "3.50"),
    ]:
        text += f'{date} * "x" ^{link}\n  Assets:Members:Joe:Hours  -{hours} HOUR\n'
        text += f"  Assets:Members:{provider}:Hours  {hours} HOUR\n"
    return put(folder, text, parties, HOURS, "fic_window_days: 180, member_overdraw: null")


def _attack_trickle(edition: Path) -> Fraction | None:
    mornings = json.loads((edition / "data" / "region.json").read_text())["fic"]
    low, high, told = Fraction(0), Fraction(1000), []
    for row in mornings:
        outlay = Fraction(row["L_o"])  # of the public plan, a tenth of the other one's labour
        told.append((datetime.date.fromisoformat(row["date"]), Fraction(row["L"]) - 10 * outlay))
    steps = sorted({hours for _, hours in told})
    if len(steps) < 2:
        return None
    step = min(second - first for first, second in pairwise(steps))
    for date, hours in told:
        if _SERVED < date <= _SERVED + datetime.timedelta(60):
            own = Fraction(sum(day < date for day in _DAYS), 10)
            low, high = max(low, hours - step / 2 - own), min(high, hours + step / 2 - own)
    return (low + high) / 2 if low <= high else None


# Pieces are whole: of odd prices and few pieces there is one way alone to make a total.

_ODD = (1337, 2911, 777, 1993, 4103, 2359)
_FEW = (2, 1, 3, 1, 1, 1)


def _write_few(folder: Path) -> Path:
    parties = "".join(member(f"M{number}") for number in range(8))
    text = ""
    for number, (cost, pieces) in enumerate(zip(_ODD, _FEW, strict=True)):
        parties += company(f"C{number}") + plan(f"p{number}", f"C{number}", a=cost, days=900, quantity=100)
        amount = f"{cost * pieces / 100:.2f}"
        text += consumption(f"p{number}", f"Assets:Members:M{number}:Hours", f"C{number}", amount, pieces)
    parties += employment("C1", "M1")
    text += work("C1", "M1", 1, date="2026-03-02")
    return put(folder, text, parties, HOURS, "fic_window_days: 60, member_overdraw: null")


def _ways(units: int, prices: tuple[int, ...]) -> list[tuple[int, ...]]:
    if not prices:
        return [()] if units == 0 else []
    ways = range(units // prices[0] + 1)
    return [(pieces, *rest) for pieces in ways for rest in _ways(units - pieces * prices[0], prices[1:])]


def _attack_few(edition: Path) -> Fraction | None:
    told = total(edition, "2026-02", "private_consumption")
    ways = [] if told is None else _ways(int(told * 100), _ODD)
    return Fraction(ways[0][0]) if len(ways) == 1 else None


PLOTS = (
    Plot("hours of one basic service", _write_service, _attack_service, Fraction("3.5")),
    Plot("hours of the only head of a school", _write_head, _attack_head, Fraction(20)),
    Plot("sales of the cheapest company of a cooperation", _write_cooperation, _attack_cooperation, Fraction(7)),
    Plot("tuition of the only student", _write_student, _attack_student, Fraction(640)),
    Plot("sales of a company, to somebody who buys all the rest", _write_buyer, _attack_buyer, Fraction(100)),
    Plot("sales of a company, to two who buy all the rest", _write_two_buyers, _attack_two_buyers, Fraction(740)),
    Plot("interest of the only borrower", _write_borrower, _attack_borrower, Fraction(12)),
    Plot("hours of a service, to somebody who gives many small ones", _write_trickle, _attack_trickle, Fraction("3.5")),
    Plot("pieces of each company, where few were sold", _write_few, _attack_few, Fraction(2)),
)
