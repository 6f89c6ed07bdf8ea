"""The region's report of a month or a year: cover and sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Note, Report
from conductor_bean.reporting.material import ReportRefusedError
from conductor_bean.reporting.sections.companies import companies
from conductor_bean.reporting.sections.cooperations import cooperations
from conductor_bean.reporting.sections.dividend import dividend
from conductor_bean.reporting.sections.funds import funds
from conductor_bean.reporting.sections.glance import glance
from conductor_bean.reporting.sections.lists import lists
from conductor_bean.reporting.sections.plans import plans
from conductor_bean.reporting.sections.transfers import decisions, transfers
from conductor_bean.reporting.words import moment

if TYPE_CHECKING:
    from conductor_bean.reporting.material import Material

_SECTIONS = (glance, companies, plans, cooperations, funds, dividend, lists, transfers, decisions)


def region_report(material: Material) -> Report:
    """The report of a region.

    Raises:
        ReportRefusedError: The files of an edition do not hold what they should.
    """
    try:
        sections = [section(material) for section in _SECTIONS]
        cover = _cover(material)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, IndexError) as error:
        if material.private:
            raise
        raise ReportRefusedError("the edition's files do not hold what they should; publish it anew") from error
    name = material.period.name
    last = material.period.last.isoformat()
    return Report(f"Report of {material.period.kind} {name}", material.name, cover, sections, last)


def _cover(material: Material) -> list[Note]:
    if material.private:
        found = [
            Note(
                f"Made from the private ledger of {material.name}, for its accountants. It names companies and plans "
                "with figures that are not public; members are counted, never named. The report for everybody is made "
                "from a public edition."
            )
        ]
    else:
        told = material.told or "no month yet"
        found = [
            Note(
                f"Made from a public edition of {material.name}; private transfers are told through {told}, in totals "
                'that expose nobody. "Not told" stands where a figure would.'
            )
        ]
    found.append(Note(f"Companies, plans, cooperations, balances and lists stand as at {moment(material.at)}."))
    return [*found, *_warnings(material)]


def _warnings(material: Material) -> list[Note]:
    period, found = material.period, []
    rows = material.of_period(material.region_months)
    last = period.last.isoformat()
    if material.through < last and not rows[-1]["closed"]:
        found.append(Note(f"The ledger ends on {material.through}, before {period.name} is over.", warning=True))
    if not material.private and material.through > last:
        found.append(
            Note(f"That is the end of the edition, later than {last}: an edition does not look back.", warning=True)
        )
    if not material.private and (material.told is None or material.told < period.months[-1]):
        found.append(Note(f"Private transfers of {period.name} are not all told yet.", warning=True))
    open_months = [row["month"] for row in rows if not row["closed"]]
    if material.credits and open_months:
        names = ", ".join(open_months)
        found.append(
            Note(
                f"Not closed: {names}. What a close derives (rents, instalments, taxes, dividend) is missing, and "
                "figures may still change.",
                warning=True,
            )
        )
    return found
