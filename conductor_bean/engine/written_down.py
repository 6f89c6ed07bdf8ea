"""Transactions that write down what directives entail (`derived-from:`), each held against its directive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.dependence import missing_behind
from conductor_bean.engine.events import Outcome
from conductor_bean.engine.evidence import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Evidence, Fact


class WrittenDown:
    """What the text writes down of directives, until each directive claims its own.

    Args:
        context: The region.
        evidence: All such transactions.
    """

    def __init__(self, context: Context, evidence: Iterable[Evidence]) -> None:
        self._context = context
        self._waiting: dict[tuple[int, str], list[Evidence]] = {}
        for item in evidence:
            self._waiting.setdefault((item.instant, item.derived_from), []).append(item)

    def judge(self, fact: Fact, outcome: Outcome) -> list[Outcome]:
        """Hold the transactions that write a directive down against its transfers, before they are posted."""
        found = self._waiting.pop((_instant_of(fact), fact.name), [])
        outcomes = []
        for item in found:
            if outcome.rejection is not None:
                outcomes.append(without_cause(item, fact))
                continue
            try:
                if outcome.evidence is not None:
                    raise Rejection(
                        "derived-without-cause",
                        f"another transaction writes down {quoted(fact.name)} already; remove this one",
                    )
                verify(self._context, item.groups, outcome.transfers)
            except Rejection as rejection:
                outcomes.append(Outcome(item, rejection=rejection))
            else:
                outcome.evidence = item
        return outcomes

    def orphans(self, until: int | None) -> Iterator[Outcome]:
        """Reject what no directive claimed: the tag alone grants nothing."""
        for key in sorted(self._waiting):
            if until is not None and key[0] > until:
                continue
            for item in self._waiting[key]:
                rejection = Rejection(
                    "derived-without-cause",
                    f"derived-from: names {quoted(item.derived_from)}, but no such directive applies at this instant; "
                    "mend derived-from:, the date or time:, or remove the transaction",
                )
                since = self._context.state.missing.get(missing_behind(item.derived_from))
                yield Outcome(item, rejection=rejection, depends=since is not None and since <= item.instant)
        self._waiting.clear()


def without_cause(item: Evidence, fact: Fact) -> Outcome:
    """What becomes of a transaction that writes down a directive which was rejected."""
    rejection = Rejection(
        "derived-without-cause", f"the directive {quoted(fact.name)} that this transaction derives from was rejected"
    )
    return Outcome(item, rejection=rejection, depends=True)


def _instant_of(fact: Fact) -> int:
    """When the transaction of a directive stands: that of a month-close carries no time."""
    return fact.instant - fact.instant % DAY if fact.type.timeless else fact.instant
