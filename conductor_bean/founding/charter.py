"""What a region is founded with: its names, what it counts, its first decision, who keeps the books."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from regex import compile as compile_unicode  # names of accounts have unicode classes

from conductor_bean.domain.facts import PERSON
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE
from conductor_bean.domain.problems import Rejection, did_you_mean, quoted
from conductor_bean.founding.region_text import CREDITS, HOURS, value_text
from conductor_bean.ledger.fact_reader import check_shape
from conductor_bean.ledger.file_names import file_stem
from conductor_bean.ledger.region_schema import CommodityModel, OccupationModel, PartyId, SettingsModel
from conductor_bean.ledger.scenario import what_is_right

FIRST_DAY = datetime.date(2026, 1, 1)
"""The first day of a region for which nobody names another: a fixed one, since no command looks at the clock."""

HOURS_STEP, CREDITS_STEP = "0.0001", "0.01"
"""How finely a new region counts, where nobody says otherwise: an egg of 0.004 hours has a price."""

_LONGEST = 200
_JOINERS = "\u200c\u200d"  # letters of some scripts are written with them
_FORBIDDEN = compile_unicode(r"[^\p{L}\p{Nd}]+")


class CharterError(ValueError):
    """A region cannot be founded with that; the message says what was found, and what is right."""


@dataclass(frozen=True, slots=True)
class Commodity:
    """What is counted, and how finely: `HOUR` in steps of `0.01`."""

    name: str
    precision: str = "0.01"


@dataclass(frozen=True, slots=True)
class Accountant:
    """Somebody who keeps the books: her id, and her name as people say it, or nothing."""

    id: str
    name: str = ""

    @property
    def stem(self) -> str:
        """The name of her own files, without its ending."""
        return file_stem(self.id)


@dataclass(frozen=True, slots=True)
class Charter:
    """All that a new region's folder is written from.

    Attributes:
        id: The region's id.
        name: Its name, as people say it.
        labour_time: How hours are counted, or None where that economy is off.
        credits: How regional credits are counted, or None where that economy is off.
        date: The date of the first decision, of the accountants, and of the first month.
        title: Of the first decision.
        settings: What it sets, by the keys of region.yaml.
        occupations: Its ranges of wages: least and greatest credits an hour, by name.
        accountants: Who keeps the books, at least one.
    """

    id: str
    name: str
    labour_time: Commodity | None = Commodity("HOUR", HOURS_STEP)
    credits: Commodity | None = Commodity("RSC")
    date: datetime.date = FIRST_DAY
    title: str = "Founding assembly"
    settings: dict[str, str] = field(default_factory=dict)
    occupations: dict[str, tuple[str, str]] = field(default_factory=dict)
    accountants: tuple[Accountant, ...] = (Accountant("accountant"),)

    def __post_init__(self) -> None:
        """Hold what no single answer can: that they fit each other.

        Raises:
            CharterError: They do not.
        """
        if self.labour_time is None and self.credits is None:
            raise CharterError("a region counts hours, credits or both; switch one of them on")
        if self.labour_time and self.credits and self.labour_time.name == self.credits.name:
            raise CharterError(f"hours and credits are both called {quoted(self.credits.name)}; name them otherwise")
        if not self.accountants:
            raise CharterError("somebody must keep the books; name an accountant")
        _check_apart(self.accountants)
        off = CREDITS if self.credits is None else HOURS if self.labour_time is None else {}
        for key in self.settings:
            if key in off:
                economy = "credits" if self.credits is None else "labour time"
                raise CharterError(f"{key} is about {economy}, which this region does not count; leave it out")
        if self.occupations and self.credits is None:
            raise CharterError("occupations are about credits, which this region does not count; leave them out")

    @property
    def month(self) -> str:
        """The first month, as `2026-01`."""
        return f"{self.date:%Y-%m}"


def _check_apart(accountants: tuple[Accountant, ...]) -> None:
    """Hold that each accountant has a file of her own on every system, also where capitals are no difference."""
    seen: dict[str, str] = {}
    for accountant in accountants:
        other = seen.setdefault(accountant.stem.casefold(), accountant.id)
        if other != accountant.id:
            raise CharterError(
                f"the ids {quoted(other)} and {quoted(accountant.id)} differ in capitals alone, and so would the names "
                "of their files; choose another for one of them"
            )
    if len({accountant.id for accountant in accountants}) < len(accountants):
        raise CharterError("an accountant is named twice; name her once")


def one_line(text: str) -> str:
    """A name or a title: text on one line, without anything that a terminal or an editor would obey.

    Raises:
        CharterError: It is empty, too long, or has such characters.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise CharterError("it is empty; write a few words")
    if len(text) > _LONGEST:
        raise CharterError(f"it has {len(text)} characters; {_LONGEST} at most")
    if not all(character.isprintable() or character in _JOINERS for character in text):
        raise CharterError(f"{quoted(text)} has line breaks or control characters; write it on one line")
    return text


def region_id(text: str) -> str:
    """The id of a region: a component of account names.

    Raises:
        CharterError: It cannot be one.
    """
    try:
        return TypeAdapter[str](PartyId).validate_python(text)
    except ValidationError:
        proposed = id_for(text)
        raise CharterError(
            f"{quoted(text)} cannot stand in the name of an account: it begins with a capital letter or a digit, and "
            f"has letters, digits and dashes; such as {proposed}"
        ) from None


def id_for(name: str) -> str:
    """An id for a name: `The-Riverbend-Valley` for "The Riverbend Valley"."""
    words = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name)).split()
    text = "-".join(words)[:40].rstrip("-")
    capital = text[:1].upper()
    candidate = capital + text[1:] if len(capital) == 1 else text
    try:
        return TypeAdapter[str](PartyId).validate_python(candidate)
    except ValidationError:
        # Scripts without capitals need one before them.
        return f"Region-{text}" if text else "Region"


def commodity(name: str, precision: str) -> Commodity:
    """What is counted.

    Raises:
        CharterError: It cannot be called so, or not be counted so finely.
    """
    try:
        model = CommodityModel.model_validate({"name": name, "precision": precision})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        if detail["loc"] == ("name",):
            message = f"{quoted(name)} is no name of a commodity; write capitals, such as HOUR or RSC"
            raise CharterError(message) from None
        raise CharterError(f"the precision {quoted(precision)} {what_is_right(detail)}") from None
    return Commodity(name, f"{model.precision:f}")


def accountant(text: str) -> Accountant:
    """An accountant from `ID` or `ID=NAME`.

    Raises:
        CharterError: That is no id.
    """
    identifier, equals, name = (part.strip() for part in text.partition("="))
    identifier = unicodedata.normalize("NFC", identifier)
    try:
        check_shape(identifier, "accountant", PERSON)
    except Rejection as rejection:
        raise CharterError(rejection.message) from None
    return Accountant(identifier, one_line(name) if equals and name else "")


def setting(text: str) -> tuple[str, str]:
    """What is decided, from `KEY=VALUE`, with the keys of region.yaml's `set:`.

    Raises:
        CharterError: There is no such key, or it cannot have that value.
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not key or not equals or not value:
        raise CharterError(f"{quoted(text)} is no setting; write KEY=VALUE, such as income_tax=0.15")
    if key not in SettingsModel.model_fields:
        known = did_you_mean(key, SettingsModel.model_fields)
        raise CharterError(f"{quoted(key)} is nothing that a region decides{known}")
    given: Any = None if value == "null" else value
    try:
        decided = getattr(SettingsModel.model_validate({key: given}), key)
    except ValidationError as error:
        raise CharterError(f"{key} {what_is_right(error.errors(include_url=False)[0])}") from None
    return key, value_text(decided)


def occupation(text: str) -> tuple[str, tuple[str, str]]:
    """A range of wages, from `NAME=MIN-MAX` in credits an hour.

    Raises:
        CharterError: That is no range.
    """
    name, _, ends = (part.strip() for part in text.rpartition("="))
    low, dash, high = (part.strip() for part in ends.partition("-"))
    if not name or not dash:
        raise CharterError(f"{quoted(text)} is no range of wages; write NAME=MIN-MAX, such as baker=18-24")
    try:
        wages = OccupationModel.model_validate({"min": low, "max": high})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise CharterError(f"{quoted(text)}: {' '.join((*map(str, detail['loc']), what_is_right(detail)))}") from None
    return one_line(name), (f"{wages.min:f}", f"{wages.max:f}")


def first_day(text: str) -> datetime.date:
    """A date, as `2026-01-01`.

    Raises:
        CharterError: It is none, or lies outside of the bounds of the language.
    """
    try:
        found = datetime.date.fromisoformat(text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else "")
    except ValueError:
        raise CharterError(f"{quoted(text)} is no date; write it as 2026-01-01") from None
    if not FIRST_DATE <= found <= LAST_DATE:
        raise CharterError(f"{found} lies outside {FIRST_DATE} to {LAST_DATE}")
    return found
