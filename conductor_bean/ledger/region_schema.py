"""The schema of region.yaml (LANGUAGE.md, "region.yaml"); its JSON Schema goes to editors."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from conductor_bean.domain.amounts import MAX_DIGITS
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE
from conductor_bean.domain.transfers import VERSIONS


def _flag(value: Any) -> Any:
    """True or false as they are written: the schema decides, not YAML."""
    if str(value) not in ("true", "false", "True", "False"):
        raise ValueError("write true or false")
    return str(value) in ("true", "True")


Rate = Annotated[Decimal, Field(ge=0, le=1)]
Amount = Annotated[Decimal, Field(ge=0, lt=10**15)]
Words = Annotated[str, Field(max_length=2_000)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, Field(ge=0, le=36_500)]
PartyId = Annotated[str, Field(pattern=r"^[\p{Lu}\p{Nd}][\p{L}\p{Nd}-]*$", max_length=200)]
PluginName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$", max_length=200)]
Currency = Annotated[str, Field(pattern=r"^[A-Z](?:[A-Z0-9'._-]{0,22}[A-Z0-9])?$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CommodityModel(_Model):
    """A commodity and how finely it is counted."""

    name: Currency
    """Its name in the ledger, such as HOUR."""
    precision: Decimal = Decimal("0.01")
    """The smallest amount, a power of ten from 1 down to 0.000000000001."""

    @field_validator("precision")
    @classmethod
    def _is_power_of_ten(cls, value: Decimal) -> Decimal:
        normal = value.normalize() if value.is_finite() else value
        if (
            not value.is_finite()
            or value <= 0
            or normal.as_tuple().digits != (1,)
            or not 0 <= -normal.adjusted() <= MAX_DIGITS
        ):
            raise ValueError("must be a power of ten from 1 down to 0.000000000001, such as 0.01")
        return value


class CommoditiesModel(_Model):
    """The commodities of the economies that are on; fixed for the ledger's life."""

    labour_time: CommodityModel | None = None
    """Labour time (hours)."""
    credits: CommodityModel | None = None
    """Regional credits."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.labour_time is None and self.credits is None:
            raise ValueError("name at least one commodity: labour_time, credits or both")
        if self.labour_time and self.credits and self.labour_time.name == self.credits.name:
            raise ValueError("labour_time and credits need different names")
        return self


class SettingsModel(_Model):
    """What a decision sets; every key stays in force until a later decision sets it anew."""

    fic_window_days: Annotated[int, Field(gt=0, le=36_500)] = 180
    """Length of the window of the factor of individual consumption."""
    member_overdraw: Amount | None = Decimal(0)
    """Hours below zero allowed by consuming; null is no limit."""
    account_deviation: Annotated[Decimal, Field(ge=0, lt=10**15)] = Decimal("0.33")
    """Relative deviation from plan above which a company is flagged."""
    approvals: Annotated[int, Field(ge=1, le=1000)] = 1
    """Accountants that must stand in by: of the region's own spending."""
    income_tax: Rate = Decimal(0)
    sales_tax_internal: Rate = Decimal(0)
    sales_tax_external: Rate = Decimal(0)
    profit_at_rest_tax: Rate = Decimal(0)
    """A month."""
    dividend: Rate = Decimal(0)
    """Share of regional profit paid out each month."""
    housing_markup: Rate = Decimal(0)
    non_member_markup: Rate = Decimal(0)
    tuition_share: Rate = Decimal(0)
    schooling_pause_years: Whole = 0
    publication_contributors: Annotated[int, Field(ge=1, le=1_000_000)] = 5
    """How many parties at least stand behind a total of private transfers that the public edition states."""
    publication_margin: Rate = Decimal("0.15")
    """How closely, as a share, the largest contribution to such a total may be estimated by another contributor."""
    publication_largest: Rate = Decimal("0.75")
    """Share of such a total that its largest contributor may have."""
    publication_two_largest: Rate = Decimal("0.85")
    """Share of such a total that its two largest contributors may have together."""

    wage_arrears: Flag = False
    """Whether hours are registered that the pool cannot pay yet; what it lacks is owed to each member."""
    plan_criteria: Words = ""
    """By what accountants judge plans."""


class OccupationModel(_Model):
    """The range of wages of an occupation, in credits an hour."""

    min: Amount
    max: Amount
    why: Words = ""
    """Why it is that: training, need, stress."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min must not be above max")
        return self


class DecisionModel(_Model):
    """A decision of the region, in force from the start of its date."""

    date: datetime.date
    title: str = ""
    set: SettingsModel = SettingsModel()
    occupations: dict[str, OccupationModel | None] = {}
    """Merged by name; null removes."""

    @field_validator("date", mode="before")
    @classmethod
    def _is_date(cls, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError("must be a date as YYYY-MM-DD")
        return value

    @field_validator("date")
    @classmethod
    def _in_bounds(cls, value: datetime.date) -> datetime.date:
        if not FIRST_DATE <= value <= LAST_DATE:
            raise ValueError("must lie between 1900-01-01 and 2199-12-31")
        return value


class RegionModel(_Model):
    """A region: its identity, its commodities and what it has decided."""

    region: PartyId
    """The id, also towards other regions: an account component."""
    name: str = ""
    """The name as people say it."""
    table: Annotated[int, Field(ge=VERSIONS[0], le=VERSIONS[-1])] = VERSIONS[0]
    """Version of the table of transfers, 1 where it is not said. A later one makes errors of what was advice;
    it is never lowered or removed."""
    plugins: list[PluginName] = []
    """Other Beancount plugins and Fava extensions that may run, by the names of their modules."""
    commodities: CommoditiesModel
    other_customs: list[str] = []
    """Types of custom directives that are the region's own affair."""
    decisions: list[DecisionModel] = []
    """In order of date; append, never edit."""

    @field_validator("table", mode="before")
    @classmethod
    def _is_known(cls, value: Any) -> Any:
        if str(value) not in map(str, VERSIONS):
            known = " and ".join(map(str, VERSIONS))
            raise ValueError(f"this release knows versions {known} of the table; write one of them, or update it")
        return value


def json_schema() -> str:
    """The JSON Schema of region.yaml, as the file shipped for editors."""
    schema = RegionModel.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "region.yaml of conductor-bean"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
