"""A small town with both economies, of which every figure is worked out by hand.

Rates: income 0.10, sales inside 0.05 and outside 0.10, profit at rest 0.01, dividend 0.5, housing 0.10 above cost,
non-members 0.20 more, tuition 0.25. Ada earns 18 + 0.5 x (24 - 18) = 21 an hour, Cyd 20.

FIC: bread has 300 hours over 100 days, the clinic (public) 100 hours over 200; both are approved on 1 January. While
all d days of the window that follow the approval lie within both, FIC = 3 d / (3 d + d / 2) = 6/7. Over a window of
400 days both lie in it whole: 300 / 400 = 3/4.

January: the wallet of the bakery at the end of each day, and what of it is above its debts:

| from | what | wallet | owed | at rest | days | |
|---|---|---|---|---|---|---|
| 5  | loan-1                      | 1200 | 1200 |   0 |   | |
| 6  | 300 of credit-7             | 1500 | 1500 |   0 |   | |
| 10 | 10 hours of Ada, 210        | 1290 | 1500 |   0 |   | |
| 12 | sold outside for 1000       | 2290 | 1500 | 790 | 3 | 2370 |
| 15 | Bob's 10 loaves, 40         | 2330 | 1500 | 830 | 5 | 4150 |
| 20 | flour from outside for 330  | 2000 | 1500 | 500 | 12 | 6000 |

The close of January, in this order:

    rent         Bakery oven 62; School hall 155 x 15/31 = 75; Bob apt-1 100 x 1.10 = 110
    outsider     apt-2 31 x 1.30 x 10/31 = 13, of which 3 above cost
    tuition      the school cost 400 (Cyd's 20 hours) + 75 = 475; x 0.25 = 118.75, all of it Ada's
    sales_tax    Bakery 1000 x 0.10 + 40 x 0.05 = 102; School 60 x 0.05 = 3
    profit_tax   12520 / 31 x 0.01 = 4.0387 = 4.04
    dividend     (21 + 40 income tax + 105 + 4.04 + 3 + 7 surcharge) x 0.5 / 3 = 30.006: 30.00 for each of three

Wallets after it: Bakery 2000 - 62 - 102 - 4.04 = 1831.96; School 2000 - 400 + 60 - 75 - 3 + 118.75 = 1700.75; Ada
189 - 60 - 118.75 + 30 = 40.25; Bob 600 - 40 - 20 - 110 + 30 = 460; Cyd 360 + 20 + 30 = 410.
Treasury: 10000 + 61 + 62 + 75 + 110 + 13 + 7 + 105 + 4.04 = 10437.04 in, 2000 + 90 out: 8347.04.

The close of February (Bob has given 400 of his 460 away):

    rent           Bakery 62; School 155; Bob pays 60 of 110, 50 in arrears; outsider 40.30, 9.30 above cost
    loan_interest  1200 x 0.12 / 12 = 12
    loan_repayment loan-1 1200 / 12 = 100; home-1 600 / 6 = 100, all in arrears
    tuition        155 x 0.25 = 38.75
    sales_tax      School, 4 workshops: 120 x 0.05 = 6
    profit_tax     331.96 for 9 days, 121.96 (10 hours more) for 19: 5304.88 / 28 x 0.01 = 1.8946 = 1.89
    bank_surplus   12
    dividend       (21 + 6 + 1.89 + 12 + 9.30) x 0.5 / 3 = 8.365: 8.36 for each

Wallets after it: Bakery 1831.96 - 210 - 62 - 112 - 1.89 = 1446.07; School 1700.75 + 120 - 155 - 6 + 38.75 = 1698.50;
Ada 40.25 + 189 - 120 - 38.75 + 8.36 = 78.86; Bob 8.36; Cyd 410 + 400 + 8.36 = 818.36. On 5 March Cyd gives Ada 5.
Treasury: 8347.04 + 21 + (62 + 155 + 60) + 40.30 + 6 + 1.89 + 12 - 25.08 = 8680.15.
"""

from __future__ import annotations

from pathlib import Path

from conductor_bean.ledger.books import Books, load_books
from tests.support import conductor

DECISIONS = """\
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      fic_window_days: 40
      member_overdraw: null
      income_tax: 0.10
      sales_tax_internal: 0.05
      sales_tax_external: 0.10
      profit_at_rest_tax: 0.01
      dividend: 0.5
      housing_markup: 0.10
      non_member_markup: 0.20
      tuition_share: 0.25
      schooling_pause_years: 5
    occupations:
      baker: {min: 18, max: 24}
      teacher: {min: 20, max: 40}
"""
HOURS = "  labour_time: {name: HOUR, precision: 0.01}\n"
CREDITS = "  credits: {name: RSC, precision: 0.01}\n"
REGION = f"region: Milltown\nname: The Mill Town\ncommodities:\n{HOURS}{CREDITS}{DECISIONS}"

MAIN = """\
option "title" "The Mill Town"
plugin "conductor_bean.plugins.conductor"
include "parties.beancount"
include "journal/*.beancount"
"""

PARTIES = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "accountant" "dora"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "member" "Bob"
2026-01-01 custom "member" "Cyd"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "company" "School"
  ownership: "regional"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5
  standard: "of the trade"
2026-01-01 custom "employment" "School" "Cyd"
  occupation: "teacher"
2026-01-01 custom "region" "Lakeside"
2026-01-01 custom "bank" "PublicBank"
  ownership: "regional"
2026-01-01 custom "pool" "Transit"
  with: "Lakeside"
  purpose: "The ferry"
2026-01-01 custom "offer" "loaf" "Bakery"
  product: "Loaf"
  unit: "loaf"
  price: 4.00 RSC
  kind: "product"
2026-01-01 custom "offer" "workshop" "School"
  product: "Workshop"
  price: 30.00 RSC
  kind: "service"
2026-01-01 custom "offer" "baker-wanted" "Bakery"
  product: "Baker"
  kind: "job"
  occupation: "baker"
  hours: 30
2026-01-01 custom "property" "apt-1"
  name: "Under the roof"
  kind: "housing"
  property-tax: 20 RSC
  maintenance: 60 RSC
  administration: 15 RSC
  depreciation: 5 RSC
  price: 5000 RSC
2026-01-01 custom "property" "apt-2"
  kind: "housing"
  maintenance: 31 RSC
2026-01-01 custom "property" "hall"
  kind: "facility"
  maintenance: 155 RSC
2026-01-01 custom "property" "oven"
  kind: "equipment"
  depreciation: 62 RSC
2026-01-01 custom "lease" "apt-1" "Bob"
2026-01-01 custom "lease" "oven" "Bakery"
"""

HOURS_PLANS = """\
2026-01-01 custom "plan" "bread" "Bakery"
  product: "Bread"
  quantity: 300
  fixed-means: 0 HOUR
  raw-materials: 0 HOUR
  labour: 300 HOUR
  days: 100
2026-01-01 custom "plan-approval" "bread"
  by: "carla"
2026-01-01 custom "plan" "clinic" "School"
  product: "Consultation"
  quantity: 100
  fixed-means: 0 HOUR
  raw-materials: 0 HOUR
  labour: 100 HOUR
  days: 200
  public: TRUE
2026-01-01 custom "plan-approval" "clinic"
  by: "carla"
"""

WORK_OF_JANUARY = """\
2026-01-10 * "Bakery" "Ada's hours"
  Assets:Companies:Bakery:A            -10 HOUR
  Assets:Members:Ada:Hours              10 HOUR

2026-01-11 * "School" "Cyd's hours"
  Assets:Companies:School:A            -20 HOUR
  Assets:Members:Cyd:Hours              20 HOUR

"""

WAGES_OF_JANUARY = """\
2026-01-10 * "Bakery" "Ada's hours"
  Assets:Companies:Bakery:Wallet      -210 RSC
  Assets:Members:Ada:Wallet            210 RSC
    hours: 10

2026-01-11 * "School" "Cyd's hours"
  Assets:Companies:School:Wallet      -400 RSC
  Assets:Members:Cyd:Wallet            400 RSC
    hours: 20

"""

MONEY_OF_JANUARY = """\
2026-01-01 * "Assembly" "the treasury's credits"
  by: "carla"
  Equity:Issuance                   -10000 RSC
  Assets:Region:Treasury             10000 RSC

2026-01-01 * "Assembly" "the bank's credits"
  by: "carla"
  Equity:Issuance                   -10000 RSC
  Assets:Banks:PublicBank:Funds      10000 RSC

2026-01-02 * "School" "subsidy"
  transfer: "subsidy"
  by: "carla"
  Assets:Region:Treasury             -2000 RSC
  Assets:Companies:School:Wallet      2000 RSC

2026-01-03 custom "wait-list" "housing" "Cyd"
2026-01-04 custom "wait-list" "housing" "Ada"

2026-01-05 custom "loan" "loan-1" "PublicBank" "Bakery"
  by: "carla"
  principal: 1200 RSC
  yearly-rate: 0.12
  months: 12
  repayment: "equal"
  purpose: "A second oven"
2026-01-05 custom "loan" "home-1" "PublicBank" "Bob"
  by: "carla"
  principal: 600 RSC
  yearly-rate: 0
  months: 6

2026-01-06 custom "outside-loan" "credit-7" "Bakery"
  lender: "City Bank"
  principal: 500 RSC
2026-01-06 * "City Bank" "first part" ^credit-7
  transfer: "outside_loan"
  Equity:Outside                      -300 RSC
  Assets:Companies:Bakery:Wallet       300 RSC

2026-01-12 * "A shop in the city" "bread"
  transfer: "external_sale"
  Equity:Outside                     -1000 RSC
  Assets:Companies:Bakery:Wallet      1000 RSC

2026-01-15 * "Bob" "10 loaves" ^loaf ^receipt-7
  id: "till-1"
  quantity: 10
  Assets:Members:Bob:Wallet            -40 RSC
  Assets:Companies:Bakery:Wallet        40 RSC

2026-01-16 custom "enrolment-request" "School" "Ada"
2026-01-16 custom "enrolment" "School" "Ada"

2026-01-17 custom "lease" "hall" "School"

2026-01-18 * "Ada" "2 workshops" ^workshop
  quantity: 2
  Assets:Members:Ada:Wallet            -60 RSC
  Assets:Companies:School:Wallet        60 RSC

2026-01-20 * "Bakery" "flour"
  transfer: "external_purchase"
  input: "flour"
  Assets:Companies:Bakery:Wallet      -330 RSC
  Equity:Outside                       330 RSC

2026-01-22 custom "lease" "apt-2" "outside"
  name: "Mr Grey"
  reason: "nobody of the list wants it"
  by: "carla"

2026-01-25 * "Bob" "for an old bicycle"
  Assets:Members:Bob:Wallet            -20 RSC
  Assets:Members:Cyd:Wallet             20 RSC

2026-01-28 * "Visitors" "use of the ferry"
  transfer: "surcharge"
  Equity:Outside                        -7 RSC
  Assets:Region:Treasury                 7 RSC
"""

CLOSE_JANUARY = '\n2026-01-31 custom "month-close" "2026-01"\n'

WORK_OF_FEBRUARY = """\
2026-02-10 * "Bakery" "Ada's hours"
  Assets:Companies:Bakery:A            -10 HOUR
  Assets:Members:Ada:Hours              10 HOUR

"""

WAGES_OF_FEBRUARY = """\
2026-02-10 * "Bakery" "Ada's hours"
  Assets:Companies:Bakery:Wallet      -210 RSC
  Assets:Members:Ada:Wallet            210 RSC
    hours: 10

"""

MONEY_OF_FEBRUARY = """\
2026-02-11 * "Bob" "a present"
  Assets:Members:Bob:Wallet           -400 RSC
  Assets:Members:Cyd:Wallet            400 RSC

2026-02-12 * "Ada" "4 workshops" ^workshop
  quantity: 4
  Assets:Members:Ada:Wallet           -120 RSC
  Assets:Companies:School:Wallet       120 RSC

2026-02-15 custom "enrolment-end" "School" "Ada"
"""

CLOSE_FEBRUARY = '\n2026-02-28 custom "month-close" "2026-02"\n'

MARCH = """\
2026-03-05 * "Cyd" "for a book"
  Assets:Members:Cyd:Wallet             -5 RSC
  Assets:Members:Ada:Wallet              5 RSC
"""

JANUARY = WORK_OF_JANUARY + MONEY_OF_JANUARY
FEBRUARY = WORK_OF_FEBRUARY + MONEY_OF_FEBRUARY

BAKERY, SCHOOL = "Assets:Companies:Bakery:Wallet", "Assets:Companies:School:Wallet"
ADA, BOB, CYD = (f"Assets:Members:{name}:Wallet" for name in ("Ada", "Bob", "Cyd"))
TREASURY, BANK = "Assets:Region:Treasury", "Assets:Banks:PublicBank:Funds"
OUTSIDE, CLAIM = "Equity:Outside", "Assets:Banks:PublicBank:Loans"

CLOSE_OF_JANUARY = [
    ("rent", BAKERY, TREASURY, "62.00"),
    ("rent", SCHOOL, TREASURY, "75.00"),
    ("rent", BOB, TREASURY, "110.00"),
    ("outsider_rent", OUTSIDE, TREASURY, "13.00"),
    ("tuition", ADA, SCHOOL, "118.75"),
    ("sales_tax", BAKERY, TREASURY, "102.00"),
    ("sales_tax", SCHOOL, TREASURY, "3.00"),
    ("profit_tax", BAKERY, TREASURY, "4.04"),
    *(("dividend", TREASURY, wallet, "30.00") for wallet in (ADA, BOB, CYD)),
]
"""What the close of January derives, in order of payment: type, debit, credit, amount."""


def write_town(
    folder: Path,
    journal: dict[str, str] | None = None,
    *,
    region: str = REGION,
    parties: str = PARTIES + HOURS_PLANS,
    main: str = MAIN,
) -> Path:
    """Write the town into a folder: until the end of January, or with other months (name of file, text)."""
    months = {"2026-01": JANUARY} if journal is None else journal
    texts = {"main.beancount": main, "region.yaml": region, "parties.beancount": parties}
    texts |= {f"journal/{name}.beancount": text for name, text in months.items()}
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def both_months(*, closed: bool = True) -> dict[str, str]:
    """January and February and a day of March; both months closed, or none."""
    return {
        "2026-01": JANUARY + (CLOSE_JANUARY if closed else ""),
        "2026-02": FEBRUARY + (CLOSE_FEBRUARY if closed else ""),
        "2026-03": MARCH,
    }


def write_credits_only(folder: Path) -> Path:
    """The same town, both months closed, without labour time: wages are written, not derived."""
    journal = {
        "2026-01": WAGES_OF_JANUARY + MONEY_OF_JANUARY + CLOSE_JANUARY,
        "2026-02": WAGES_OF_FEBRUARY + MONEY_OF_FEBRUARY + CLOSE_FEBRUARY,
        "2026-03": MARCH,
    }
    return write_town(folder, journal, region=REGION.replace(HOURS, ""), parties=PARTIES)


def books_of(folder: Path) -> Books:
    """The books of a folder, which must hold."""
    books = load_books(folder)
    assert books.errors == [], books.errors
    return books


def refused(*arguments: object, code: int = 2) -> str:
    """Run a command that is refused: nothing on stdout, a word on stderr, which is returned."""
    result = conductor(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr
    return str(result.stderr)
