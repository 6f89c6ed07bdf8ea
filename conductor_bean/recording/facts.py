"""Facts from what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from conductor_bean.domain.problems import quoted
from conductor_bean.recording import values
from conductor_bean.recording.asked import Asked
from conductor_bean.recording.text import FactDraft, MistakeError

if TYPE_CHECKING:
    from conductor_bean.engine.machine import Machine
    from conductor_bean.recording.kind import Field
    from conductor_bean.recording.text import Value


def fact(machine: Machine, asked: Asked) -> FactDraft:
    """The fact that somebody wants to record.

    Raises:
        MistakeError: A value cannot stand there.
    """
    kind = asked.kind
    assert kind.fact is not None
    ids = tuple(_id(each, asked.one(each.name)) for each in kind.fields if each.positional)
    meta: dict[str, Value] = {}
    for each in kind.fields:
        text = asked.one(each.name)
        if not each.positional and each.name in asked.values and (text or each.shape == "text"):
            meta[each.name] = _value(machine, each, text)
    if asked.by:
        meta["by"] = asked.by
    if asked.time:
        meta["time"] = asked.time
    return FactDraft(asked.date, kind.fact.name, tuple(name for name in ids if name), meta)


def _id(each: Field, text: str) -> str:
    """An id; one that must exist is left to the engine, which knows who is gone and who never came."""
    if each.choices and text and text not in each.choices:
        raise MistakeError(each.name, f"{each.name} is {quoted(text)}; it is one of {', '.join(each.choices)}")
    return text


def _value(machine: Machine, each: Field, text: str) -> Value:
    context = machine.context
    if each.shape in {"amount", "credits"}:
        commodity = context.labour_time if each.shape == "amount" else context.credits
        return Amount(values.number(each.name, text, commodity.name), commodity.name)
    if each.shape in {"count", "rate", "hours", "number"}:
        return values.number(each.name, text)
    if each.shape == "flag":
        return values.flag(each.name, text)
    if each.choices and text not in each.choices:
        raise MistakeError(each.name, f"{each.name} is {quoted(text)}; it is one of {', '.join(each.choices)}")
    return text
