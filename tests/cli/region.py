"""A small region of which every figure is worked out by hand.

| what | figure |
|---|---|
| bread  | Bakery: 100 + 200 + 300 = 600 over 300 loaves: own cost 2.00; approved 2026-01-02T09:30:00 for 100 days |
| rolls  | Mill: 100 + 100 + 200 = 400 over 100: own cost 4.00; approved 2026-01-02 for 200 days |
| clinic | Clinic, public: p 20, r 30, a 100; approved 2026-01-02 for 100 days |
| Bread  | a cooperation of bread and rolls from 2026-01-10 on: price (2 + 4) / 2 = 3.00 |

FIC with a window of 40 days (20 + 20):
2026-01-05: bread 2 (2.6) + 20 = 22 whole days, rolls 3 + 20 = 23, clinic 23:
L = 300 x 22/100 + 200 x 23/200 = 66 + 23 = 89, L_o = 100 x 23/100 = 23, P_o = 4.6, R_o = 6.9:
FIC = (89 - 11.5) / (89 + 23) = 77.5 / 112 = 0.69196428...
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import conductor, write

REGION = """\
region: Smallville
name: The small region
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {fic_window_days: 40, member_overdraw: 10, account_deviation: 0.5}
"""

PRELUDE = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "member" "Bob"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "company" "Clinic"
  ownership: "regional"
2026-01-01 custom "company" "Mill"
2026-01-01 custom "employment" "Bakery" "Ada"
2026-01-01 custom "employment" "Bakery" "Bob"
2026-01-01 custom "plan" "bread" "Bakery"
  product: "Bread"
  unit: "loaf"
  quantity: 300
  fixed-means: 100 HOUR
  raw-materials: 200 HOUR
  labour: 300 HOUR
  days: 100
2026-01-01 custom "plan" "clinic" "Clinic"
  product: "Consultation"
  quantity: 50
  fixed-means: 20 HOUR
  raw-materials: 30 HOUR
  labour: 100 HOUR
  days: 100
  public: TRUE
2026-01-01 custom "plan" "draft" "Mill"
  product: "Draft"
  quantity: 3
  fixed-means: 1 HOUR
  raw-materials: 0 HOUR
  labour: 0 HOUR
  days: 5
2026-01-01 custom "plan" "rolls" "Mill"
  product: "Rolls"
  unit: "dozen"
  quantity: 100
  fixed-means: 100 HOUR
  raw-materials: 100 HOUR
  labour: 200 HOUR
  days: 200
2026-01-02 custom "plan-approval" "bread"
  by: "carla"
  time: "09:30:00"
2026-01-02 custom "plan-approval" "clinic"
  by: "carla"
2026-01-02 custom "plan-approval" "rolls"
  by: "carla"
"""

JOURNAL = """\
2026-01-05 * "Bakery" "work"
  Assets:Companies:Bakery:A  -10 HOUR
  Assets:Members:Ada:Hours    10 HOUR
2026-01-09 custom "cooperation" "Bread" "Bakery"
2026-01-10 custom "cooperation-request" "Bread" "bread"
2026-01-10 custom "cooperation-request" "Bread" "rolls"
2026-01-10 custom "cooperation-acceptance" "Bread" "bread"
2026-01-10 custom "cooperation-acceptance" "Bread" "rolls"
2026-01-11 custom "coordination-request" "Bread" "Mill"
2026-01-12 custom "coordination-acceptance" "Bread" "Mill"
  time: "08:00:00.5"
2026-01-20 * "Bob" "two loaves" ^bread ^receipt-7
  quantity: 2
  Assets:Members:Bob:Hours           -6 HOUR
  Liabilities:Companies:Bakery:PRD    6 HOUR
2026-01-20 * "Ada" "a consultation" ^clinic
  quantity: 1
  Assets:Members:Ada:Hours            0 HOUR
  Liabilities:Companies:Clinic:PRD    0 HOUR
2026-01-25 * "Clinic" "rolls" ^rolls
  time: "12:00:00"
  quantity: 1
  Assets:Companies:Clinic:R          -3 HOUR
  Liabilities:Companies:Mill:PRD      3 HOUR
"""

FAULT = """\
2026-01-26 * "nobody"
  Assets:Companies:Mill:A    -1 HOUR
  Assets:Members:Ada:Hours    1 HOUR
"""


def write_small(folder: Path, more: str = "", *, region: str = REGION) -> Path:
    """Write the small region, perhaps with more text, into a folder."""
    head = 'option "title" "Small"\nplugin "conductor_bean.plugins.conductor"\n'
    return write(folder, JOURNAL + more, head=head, region=region, prelude=PRELUDE)


def answer(*arguments: object, code: int = 0) -> Any:
    """Run a command with --json; its stdout is one JSON document and nothing else."""
    result = conductor(*arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)
