"""From what was typed to an entry: ids looked up, prices asked of the engine, amounts computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.recording import credit, labour
from conductor_bean.recording.asked import Asked, Drafted
from conductor_bean.recording.facts import fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.engine.machine import Machine

_FORMS: dict[str, Callable[[Machine, Asked], Drafted]] = {
    "hours": labour.hours,
    "consume": labour.consume,
    "buy": credit.buy,
    "repay": credit.repay,
    "outside-draw": credit.outside,
    "outside-repayment": credit.outside,
    "acquisition": credit.deal,
    "property-purchase": credit.deal,
    "property-sale": credit.deal,
}


def draft(machine: Machine, asked: Asked) -> Drafted:
    """The entry that somebody wants to record.

    Args:
        machine: The engine at that instant.
        asked: What was typed.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    if asked.kind.fact is not None:
        return Drafted(fact(machine, asked))
    return _FORMS.get(asked.kind.name, credit.plain)(machine, asked)
