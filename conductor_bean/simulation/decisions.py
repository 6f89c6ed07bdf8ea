"""What the simulated region has decided: its region.yaml."""

from __future__ import annotations

from conductor_bean.domain.transfers import VERSIONS
from conductor_bean.simulation.names import OCCUPATIONS, REGION
from conductor_bean.simulation.scenario import Scenario

DIGITS = {"labour_time": 4, "credits": 2}
"""Digits after the point of each economy's commodity: an egg of 0.004 hours has a price."""

HOUR = 10 ** DIGITS["labour_time"]
"""Units of an hour."""


def region_text(scenario: Scenario) -> str:
    """The region.yaml of a scenario: a founding assembly, and one that decides anew half-way."""
    occupations = "\n".join(f"      {name}: {{min: {low}, max: {high}}}" for name, (low, high) in OCCUPATIONS.items())
    return f"""\
# What {REGION} has decided. Decisions are appended, never edited: each is in force from its date
# until a later one changes the same key.
region: {REGION}
name: The region of {REGION}
table: {VERSIONS[-1]}
commodities:
  labour_time: {{name: HOUR, precision: 0.0001}}
  credits:     {{name: RSC,  precision: 0.01}}
decisions:
  - date: {scenario.first_day}
    title: Founding assembly
    set:
      fic_window_days: 180
      member_overdraw: 0
      account_deviation: 0.33
      approvals: 2                # the region's own spending names two accountants
      income_tax: 0.12
      sales_tax_internal: 0.01
      sales_tax_external: 0.03
      profit_at_rest_tax: 0.02    # a month
      dividend: 0.50
      housing_markup: 0.05
      non_member_markup: 0.20
      tuition_share: 0.05
      schooling_pause_years: 5
    occupations:                  # credits an hour
{occupations}
  - date: {scenario.turning_day}
    title: "Half-way assembly: lower taxes, a larger dividend, more for those who teach and nurse"
    set:
      income_tax: 0.10
      dividend: 0.60
    occupations:
      nurse: {{min: 13, max: 19}}
      teacher: {{min: 13, max: 18}}
"""
