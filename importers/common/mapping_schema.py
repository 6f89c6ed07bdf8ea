"""The schema of mapping.yaml: foreign names to ids, and how each source writes; its JSON Schema goes to editors."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DateOrder = Literal["day-month", "month-day", "year-month-day"]
DecimalMark = Literal[",", "."]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Names = dict[Name, Name | None]
"""Foreign names to ids; null leaves out the rows of that name."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class FormatsModel(_Model):
    """How files write what could be read in two ways."""

    timezone: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_+\-/]{0,60}$")] | None = None
    """Where times without an offset are meant, such as Europe/Berlin or UTC."""
    date_order: DateOrder | None = None
    """Whether 03/04/2026 is in April (day-month) or in March (month-day)."""
    decimal_mark: DecimalMark | None = None
    """Whether 1,234 is a little more than one (",") or more than a thousand (".")."""


Pattern = Annotated[str, Field(min_length=1, max_length=500)]
"""A text in which * stands for anything; large and small letters are the same."""


class BankRule(_Model):
    """What a payment on an account outside means for the region: the first rule whose patterns all fit."""

    counterparty: Pattern | None = None
    """Who paid or was paid, by name."""
    iban: Pattern | None = None
    """Their account."""
    reference: Pattern | None = None
    """The reference of the payment."""
    text: Pattern | None = None
    """What the payer wrote."""
    direction: Literal["in", "out"] | None = None
    """Whether money came in or went out."""
    company: str | None = None
    """The company that it concerns."""
    member: str | None = None
    """The member that it concerns."""
    pool: str | None = None
    """The pool that it concerns; without company, member and pool it is the treasury."""
    transfer: str | None = None
    """The transfer that it is; external_sale or external_purchase by default."""
    input: str | None = None
    """What a company bought."""
    link: str | None = None
    """The loan from outside, property or offer that it is about, by its id."""
    quantity: Annotated[Decimal, Field(gt=0)] | None = None
    """How much of the offer was sold."""
    by: str | None = None
    """Who approved it."""
    leave_out: str | None = None
    """Why such payments are none of the region's affair; they are left out, and counted."""


class SourceModel(FormatsModel):
    """How one source writes its files."""

    encoding: Annotated[str, Field(max_length=40)] | None = None
    """Such as utf-8, utf-16, cp1252 or latin-1; found out where it is not said."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """What divides the cells of a CSV file; found out where it is not said."""
    sheet: str | None = None
    """Which sheet of a spreadsheet to read, where several have the columns."""
    columns: dict[str, str] = {}
    """Our name of a column to its header in the file, where that is another one."""
    id_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")] | None = None
    """What stands before the source's own ids, where two of one kind are in use; the source's name by default."""
    company: str | None = None
    """The company that all rows of this source are about."""
    company_column: str | None = None
    """The header of the column that names the company (as it is or by companies:)."""
    currency: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    """Bank statements and tills: the currency, or its sign, in which the amounts are; others are refused."""
    rate: Annotated[Decimal, Field(gt=0, max_digits=28)] = Decimal(1)
    """How many regional credits one unit of that currency is; exact."""
    rules: tuple[BankRule, ...] = ()
    """Bank statements: what payments mean, the first that fits."""
    strict: bool = False
    """Bank statements: refuse those whose opening or closing balance is missing or in another currency."""
    outside: bool = False
    """Tills: whether whoever is not named in a row buys from outside the region."""
    tax: Literal["refuse", "add", "leave out"] = "refuse"
    """Tills: what to do with taxes that stand beside the net amount."""
    date: datetime.date | None = None
    """Lists of members, companies and offers: the date of rows that name none."""
    by_day: bool = False
    """Timesheets: one entry for a member's hours at a company on a day, instead of one for each row."""


class MappingModel(FormatsModel):
    """mapping.yaml: what foreign names mean here."""

    members: Names = {}
    companies: Names = {}
    plans: Names = {}
    offers: Names = {}
    services: Names = {}
    accounts: Names = {}
    """Own accounts at banks outside (IBAN or number) to companies."""
    counterparties: Names = {}
    """Whoever stands on the other side of a bank statement (IBAN or name)."""
    projects: Names = {}
    tags: Names = {}
    sources: dict[str, SourceModel] = {}
    """How each source (kimai, clockify, toggl, timesheet ...) writes."""


SECTIONS = ("members", "companies", "plans", "offers", "services", "accounts", "counterparties", "projects", "tags")
"""Those parts of a mapping that translate names."""


def mapping_json_schema() -> str:
    """The JSON Schema of mapping.yaml, as the file shipped for editors."""
    schema = MappingModel.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "mapping.yaml of conductor-bean"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
