"""What a region has decided: its identity, its commodities, and the decisions in force at an instant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.amounts import Commodity


@dataclass(frozen=True, slots=True)
class Wage:
    """The range of wages of an occupation, in credits an hour, and why it is that, in words."""

    minimum: Fraction
    maximum: Fraction
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All decisions in force at one time.

    Attributes:
        fic_window_days: Length of the window of the factor of individual consumption, in days.
        member_overdraw: Units of labour time that a member may consume below zero; None is no limit.
        account_deviation: Relative deviation from plan above which a company is flagged.
        approvals: Accountants that must stand in `by:` of the region's own spending.
        income_tax: Share of wages; this and the other rates belong to regional credits.
        publication_contributors: Parties that stand at least behind a total which the public edition states.
        publication_margin: How closely the largest contribution to it may be estimated, as a share (p% rule).
        publication_largest: Share of it that its largest contributor may have.
        publication_two_largest: Share of it that its two largest contributors may have together.
        wage_arrears: Whether hours are registered that the pool cannot pay yet.
        plan_criteria: By what accountants judge plans, in words.
        occupations: Ranges of wages by occupation.
    """

    fic_window_days: int = 180
    member_overdraw: int | None = 0
    account_deviation: Fraction = Fraction(33, 100)
    approvals: int = 1
    income_tax: Fraction = Fraction(0)
    sales_tax_internal: Fraction = Fraction(0)
    sales_tax_external: Fraction = Fraction(0)
    profit_at_rest_tax: Fraction = Fraction(0)
    dividend: Fraction = Fraction(0)
    housing_markup: Fraction = Fraction(0)
    non_member_markup: Fraction = Fraction(0)
    tuition_share: Fraction = Fraction(0)
    schooling_pause_years: int = 0
    publication_contributors: int = 5
    publication_margin: Fraction = Fraction(15, 100)
    publication_largest: Fraction = Fraction(75, 100)
    publication_two_largest: Fraction = Fraction(85, 100)
    wage_arrears: bool = False
    plan_criteria: str = ""
    occupations: Mapping[str, Wage] = field(default_factory=dict)


class Decisions:
    """Rules by the instant from which they are in force.

    Args:
        founding: What holds before the first decision.
        changes: Pairs of instant and rules, in order of instant; of two at one instant the later holds.
    """

    def __init__(self, founding: Rules, changes: list[tuple[int, Rules]]) -> None:
        self._instants = [instant for instant, _ in changes]
        self._rules = [founding, *(rules for _, rules in changes)]

    def at(self, instant: int) -> Rules:
        """The rules in force at an instant."""
        return self._rules[bisect_right(self._instants, instant)]

    @property
    def changes(self) -> list[tuple[int, Rules]]:
        """The instant of each decision and the rules in force from it on, in order."""
        return list(zip(self._instants, self._rules[1:], strict=True))

    def changed(self, start: int, change: Callable[[Rules], Rules]) -> Decisions:
        """The same decisions, but changed from an instant on.

        Args:
            start: The instant from which the change is in force.
            change: What it makes of the rules; it holds beyond later decisions.
        """
        before = [(instant, rules) for instant, rules in self.changes if instant < start]
        after = [(instant, change(rules)) for instant, rules in self.changes if instant > start]
        return Decisions(self._rules[0], [*before, (start, change(self.at(start))), *after])

    def until(self, instant: int) -> int | None:
        """The next instant after this one at which the rules change, or None."""
        index = bisect_right(self._instants, instant)
        return self._instants[index] if index < len(self._instants) else None


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its id, its name, the commodities of its economies, its decisions and the title of each.

    `plugins` names the modules of other plugins and extensions that may run, `table` the version of the table of
    transfers.
    """

    id: str
    name: str
    labour_time: Commodity | None
    credits: Commodity | None
    other_customs: frozenset[str]
    decisions: Decisions
    titles: tuple[str, ...] = ()
    plugins: frozenset[str] = frozenset()
    table: int = 1

    def commodity(self, economy: str) -> Commodity | None:
        """The commodity of an economy, None where that economy is switched off."""
        return {LABOUR_TIME: self.labour_time, CREDITS: self.credits}[economy]
