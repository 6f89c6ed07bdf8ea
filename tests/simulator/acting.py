"""What people do at one instant, in the economies that their region has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.model.events import LABOUR_KINDS, Event, Nonsense, Transaction, kind_of
from tests.simulator import (
    credit_facts,
    credit_mistakes,
    credit_movements,
    credit_spending,
    happenings,
    movements,
    nonsense,
)

if TYPE_CHECKING:
    from tests.simulator.generator import Author

LABOUR_MOVEMENTS = {movements.work: 4, movements.consume: 5, movements.serve: 2}


def facts_of(author: Author) -> Mapping[happenings.Making, float]:
    """What may happen, and how often."""
    if author.region.credits is None:
        return happenings.FACTS
    return {**(happenings.FACTS if author.region.labour else happenings.COMMON), **credit_facts.FACTS}


def at_this_instant(author: Author) -> list[Event]:
    """Up to a handful of transactions, some of them the same thing twice."""
    rng = author.rng
    kinds: dict[Callable[[Author], Transaction | None], float] = {}
    if author.region.labour:
        kinds |= LABOUR_MOVEMENTS
    if author.region.credits is not None:
        kinds |= credit_movements.MOVEMENTS | credit_spending.SPENDING
    made: list[Event] = []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
        transaction = rng.choices(list(kinds), weights=list(kinds.values()))[0](author)
        if transaction is None:
            continue
        if author.wrong():
            transaction = spoil(author, transaction)
        if transaction in made:
            continue  # of two that nothing tells apart, nobody can say which one is refused
        made.append(transaction)
        if rng.random() < 0.05:
            made.append(replace(transaction, id=None, narration=f"once more {author.fresh('x')}"))
    return made


def spoil(author: Author, transaction: Transaction) -> Transaction:
    """One mistake more than there may already be."""
    in_labour_time = any(kind_of(leg.account) in LABOUR_KINDS for leg in transaction.legs)
    if not in_labour_time and not any(leg.amount for leg in transaction.legs):
        return transaction  # where nothing is paid, on other accounts it may be anything
    mistakes = movements.MISTAKES if in_labour_time else credit_mistakes.mistakes_of(author, transaction)
    return author.rng.choice(mistakes)(author, transaction)


def nonsense_of(author: Author) -> Nonsense:
    """Something that no reading makes sense of."""
    texts = (nonsense.TEXTS if author.region.labour else ()) + (
        credit_mistakes.TEXTS if author.region.credits is not None else nonsense.OTHER_ECONOMY
    )
    return nonsense.some(author, texts)
