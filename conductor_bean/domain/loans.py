"""Loans of banks and credit unions (seed of Conductor, "Currency"; RULES.md, part B, "Loans")."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from conductor_bean.domain.amounts import round_half_even

ANNUITY = "annuity"
EQUAL = "equal"


@dataclass(slots=True)
class Loan:
    """A loan; amounts in units of credits.

    Attributes:
        id: Its id, a link.
        bank: The lender.
        borrower: A member or company.
        borrower_type: `member` or `company`.
        principal: What was lent.
        yearly_rate: Interest a year, as the text of a fraction ("1/50").
        months: Number of instalments.
        repayment: `annuity` or `equal` (equal principal).
        purpose: What it is for.
        since: Instant of the grant.
        month: Number of the month of the grant (`month_number`).
        outstanding: Principal that is not paid back yet, including what is in arrears.
    """

    id: str
    bank: str
    borrower: str
    borrower_type: str
    principal: int
    yearly_rate: str
    months: int
    repayment: str
    purpose: str
    since: int
    month: int
    outstanding: int

    def interest(self, outstanding: int) -> int:
        """Interest of one month, outstanding x yearly rate / 12, in units."""
        rate = _monthly(self.yearly_rate)
        return round_half_even(outstanding * rate.numerator, rate.denominator)

    def instalment(self) -> int:
        """What falls due a month: the whole annuity, or the equal share of the principal without interest."""
        return _instalment(self.principal, self.yearly_rate, self.months, self.repayment)

    def due(self, number: int, outstanding: int, in_arrears: int = 0, instalment: int | None = None) -> tuple[int, int]:
        """Interest and principal that newly fall due with an instalment, in units.

        The last instalment is all that is outstanding, so a loan ends at exactly zero.

        Args:
            number: 1 for the first instalment, at the close of the month after the grant.
            outstanding: Principal not paid back, including what is in arrears.
            in_arrears: Principal that fell due before.
            instalment: What `instalment` says, where it is known already.
        """
        interest = self.interest(outstanding)
        left = max(0, outstanding - in_arrears)
        if number >= self.months:
            return interest, left
        amount = self.instalment() if instalment is None else instalment
        principal = amount if self.repayment == EQUAL else max(0, amount - interest)
        return interest, min(principal, left)


@dataclass(slots=True)
class OutsideLoan:
    """Funding from a bank outside the region; amounts in units of credits."""

    id: str
    company: str
    lender: str
    principal: int
    since: int
    drawn: int = 0
    repaid: int = 0

    @property
    def outstanding(self) -> int:
        """What was drawn and is not repaid."""
        return max(0, self.drawn - self.repaid)


@lru_cache(maxsize=10_000)
def _monthly(yearly_rate: str) -> Fraction:
    return Fraction(yearly_rate) / 12


@lru_cache(maxsize=10_000)
def _instalment(principal: int, yearly_rate: str, months: int, repayment: str) -> int:
    rate = _monthly(yearly_rate)
    if repayment == EQUAL or not rate:
        return round_half_even(principal, months)
    # P i / (1 - (1 + i)^-n) = P i (1 + i)^n / ((1 + i)^n - 1), as integers, so that it is exact.
    grown, base = (rate.numerator + rate.denominator) ** months, rate.denominator**months
    return round_half_even(principal * rate.numerator * grown, rate.denominator * (grown - base))
