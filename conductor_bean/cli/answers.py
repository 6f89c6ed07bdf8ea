"""A charter from options, and from the answers to what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import click

from conductor_bean.founding import charter as charters
from conductor_bean.founding.charter import Charter, CharterError, Commodity
from conductor_bean.founding.region_text import CREDITS, HOURS, PUBLICATION, default_of

Answer = TypeVar("Answer")

BOTH = "both"
ECONOMIES = (BOTH, "labour-time", "credits")
STEPS = {"labour-time": charters.HOURS_STEP, "credits": charters.CREDITS_STEP}
TITLE = "Founding assembly"
ACCOUNTANT = "accountant"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `conductor init` as they were typed; None or nothing where they were left out."""

    name: str | None
    region_id: str | None
    economy: str | None
    labour_time_name: str | None
    labour_time_precision: str | None
    credits_name: str | None
    credits_precision: str | None
    date: str | None
    title: str | None
    settings: tuple[str, ...]
    occupations: tuple[str, ...]
    accountants: tuple[str, ...]


def given(options: Options) -> Charter:
    """The charter that options say, with defaults for what they leave out.

    Raises:
        CharterError: One of them cannot be, or they do not fit each other.
    """
    name = _held("--name", charters.one_line, options.name or "Region")
    hours, credit = _economies(options)
    return Charter(
        id=_held("--id", charters.region_id, options.region_id or charters.id_for(name)),
        name=name,
        labour_time=hours,
        credits=credit,
        date=_held("--date", charters.first_day, options.date or f"{charters.FIRST_DAY}"),
        title=_held("--title", charters.one_line, options.title or TITLE),
        settings=dict(_once("--set", [_held("--set", charters.setting, text) for text in options.settings])),
        occupations=dict(
            _once("--occupation", [_held("--occupation", charters.occupation, text) for text in options.occupations])
        ),
        accountants=tuple(
            _held("--accountant", charters.accountant, text) for text in options.accountants or (ACCOUNTANT,)
        ),
    )


def _economies(options: Options) -> tuple[Commodity | None, Commodity | None]:
    """How hours and how credits are counted, None for the economy that is off."""
    hours = _commodity("labour-time", "HOUR", options.labour_time_name, options.labour_time_precision)
    credit = _commodity("credits", "RSC", options.credits_name, options.credits_precision)
    off = {"labour-time": "credits", "credits": "labour-time"}.get(options.economy or BOTH)
    for economy, named in (
        ("labour-time", options.labour_time_name or options.labour_time_precision),
        ("credits", options.credits_name or options.credits_precision),
    ):
        if economy == off and named:
            raise CharterError(f"--economy {options.economy} counts no {economy}; leave out --{economy}-...")
    return (None if off == "labour-time" else hours, None if off == "credits" else credit)


def _commodity(economy: str, usual: str, name: str | None, precision: str | None) -> Commodity:
    try:
        return charters.commodity(name or usual, precision or STEPS[economy])
    except CharterError as error:
        raise CharterError(f"--{economy}-...: {error}") from None


def _held(option: str, read: Callable[[str], Answer], text: str) -> Answer:
    try:
        return read(text)
    except CharterError as error:
        raise CharterError(f"{option}: {error}") from None


def _once(option: str, pairs: list[tuple[str, Answer]]) -> Iterator[tuple[str, Answer]]:
    seen = set()
    for key, value in pairs:
        if key in seen:
            raise CharterError(f"{option}: {key!r} is set twice; set it once")
        seen.add(key)
        yield key, value


def asked(options: Options, usual_name: str) -> Charter:
    """The charter that options and answers say; what an option says is not asked.

    Args:
        options: The options.
        usual_name: The region's name where nothing is answered.

    Raises:
        CharterError: An option cannot be, or they do not fit each other.
        click.Abort: Whoever was asked went away.
    """
    click.echo("Enter takes what stands in brackets. Nothing is written before the last answer.")
    name = options.name or _ask("The region's name", usual_name, charters.one_line)
    identifier = options.region_id or _ask(
        "Its id, in account names of other regions", charters.id_for(name), charters.region_id
    )
    options = replace(options, name=name, region_id=identifier)
    if options.economy is None:
        question = f"What it counts: {', '.join(ECONOMIES)}"
        options = replace(
            options, economy=click.prompt(question, BOTH, type=click.Choice(ECONOMIES), show_choices=False)
        )
    options = _asked_commodities(options)
    date = options.date or _ask("The region's first day", f"{charters.FIRST_DAY}", charters.first_day)
    title = options.title or _ask("What decided on it first", TITLE, charters.one_line)
    options = _asked_decisions(replace(options, date=date, title=title))
    if not options.accountants:
        first = _ask("Who keeps the books, as carla=Carla Brandt", ACCOUNTANT, charters.accountant)
        others = _ask_until_nothing("Who else", charters.accountant)
        options = replace(options, accountants=(first, *others))
    return given(options)


def _asked_commodities(options: Options) -> Options:
    if options.economy != "credits":
        hour = options.labour_time_name or _ask(
            "What an hour is called in the ledger", "HOUR", lambda text: charters.commodity(text, STEPS["labour-time"])
        )
        step = options.labour_time_precision or _ask(
            "How finely hours are counted", STEPS["labour-time"], lambda text: charters.commodity(hour, text)
        )
        options = replace(options, labour_time_name=hour, labour_time_precision=step)
    if options.economy != "labour-time":
        credit = options.credits_name or _ask(
            "What a credit is called in the ledger",
            "RSC",
            lambda text: _other(charters.commodity(text, STEPS["credits"]), options.labour_time_name),
        )
        step = options.credits_precision or _ask(
            "How finely credits are counted", STEPS["credits"], lambda text: charters.commodity(credit, text)
        )
        options = replace(options, credits_name=credit, credits_precision=step)
    return options


def _other(commodity: Commodity, hour: str | None) -> Commodity:
    if commodity.name == hour:
        raise CharterError(f"an hour is called {hour} already; call a credit otherwise")
    return commodity


def _asked_decisions(options: Options) -> Options:
    hours = {} if options.economy == "credits" else HOURS
    credit = {} if options.economy == "labour-time" else CREDITS
    known = {**hours, **credit, **PUBLICATION}
    if not options.settings:
        click.echo("What was decided. All of this may also be written into region.yaml before the first entry:")
        for key, meaning in known.items():
            click.echo(f"  {key:26} [{default_of(key)}]  {meaning}")

        def setting(text: str) -> None:
            key, _ = charters.setting(text)
            if key not in known:
                raise CharterError(f"{key} is about what this region does not count")

        options = replace(options, settings=_ask_until_nothing("A decision, as KEY=VALUE", setting))
    if credit and not options.occupations:
        question = "Wages of an occupation in credits an hour, as baker=18-24"
        options = replace(options, occupations=_ask_until_nothing(question, charters.occupation))
    return options


def _ask(question: str, usual: str, read: Callable[[str], object]) -> str:
    """Ask until the answer can be read; return it as it was typed."""

    def checked(text: str) -> str:
        try:
            read(text)
        except CharterError as error:
            raise click.UsageError(str(error)) from None
        return text

    return str(click.prompt(question, usual, value_proc=checked, show_default=bool(usual)))


def _ask_until_nothing(question: str, read: Callable[[str], object]) -> tuple[str, ...]:
    answers: list[str] = []
    while True:
        answer = _ask(f"{question} (nothing to go on)", "", lambda text: text and read(text))
        if not answer:
            return tuple(answers)
        answers.append(answer)
