"""LANGUAGE.md, "region.yaml": what it says, and each fault with its line."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from conductor_bean.domain.instants import start_of
from tests.support import PARTIES, Loaded, check, load, plan, work

FULL = """\
region: Riverbend
name: The Riverbend region
commodities:
  labour_time: {name: HOUR, precision: 0.01}
other_customs: [budget]
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      fic_window_days: 180
      member_overdraw: 0
      account_deviation: 0.33
      approvals: 1
      income_tax: 0.12
      sales_tax_internal: 0
      sales_tax_external: 0.001
      profit_at_rest_tax: 0.02
      dividend: 0.50
      housing_markup: 0.05
      non_member_markup: 0.20
      tuition_share: 0.25
      schooling_pause_years: 5
    occupations:
      baker: {min: 18, max: 24}
      nurse: {min: 20.5, max: 1e2}
  - date: 2026-03-01
    set:
      income_tax: 0.1
    occupations:
      baker: null
      miller: {min: 17, max: 17}
"""


def fault(text: str) -> Loaded:
    """Return a ledger whose region.yaml marks its faults with `# ! code`, and hold that these are found."""
    return check("", region=text, prelude="")


def decided(text: str) -> str:
    """Return a region.yaml with the text of its decisions."""
    return f"region: T\ncommodities: {{labour_time: {{name: HOUR}}}}\ndecisions:{text}\n"


def only(text: str) -> str:
    """Return a region.yaml of one decision that sets something."""
    return (
        "region: T\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"
        f"decisions:\n  - date: 2026-01-01\n    set:\n      {text}\n"
    )


def test_everything_that_the_language_has_is_read() -> None:
    found = load("", region=FULL)
    assert found.books.problems == []
    region = found.books.region
    assert (region.id, region.name, region.other_customs) == (
        "Riverbend",
        "The Riverbend region",
        frozenset({"budget"}),
    )
    rules = region.decisions.at(start_of_2026(2))
    assert rules.fic_window_days == 180
    assert rules.member_overdraw == 0
    assert rules.sales_tax_external == Fraction(1, 1000)
    assert rules.account_deviation == Fraction(33, 100)
    assert rules.schooling_pause_years == 5
    assert {name: (w.minimum, w.maximum) for name, w in rules.occupations.items()} == {
        "baker": (Fraction(18), Fraction(24)),
        "nurse": (Fraction(41, 2), Fraction(100)),
    }


def test_plugins_that_may_run_are_named_by_their_modules() -> None:
    text = "region: T\ncommodities: {labour_time: {name: HOUR}}\nplugins: [lazy_beancount.plugins.tax, zz]\n"
    assert load("", region=text).books.region.plugins == {"lazy_beancount.plugins.tax", "zz"}
    assert load("", region="region: T\ncommodities: {labour_time: {name: HOUR}}\n").books.region.plugins == set()


def start_of_2026(month: int) -> int:
    return start_of(date(2026, month, 1))


def test_what_a_decision_does_not_set_stays_in_force_and_occupations_are_merged_by_name() -> None:
    decisions = load("", region=FULL).books.region.decisions
    after = decisions.at(start_of_2026(3))
    assert (after.income_tax, after.dividend, after.housing_markup) == (
        Fraction(1, 10),
        Fraction(1, 2),
        Fraction(1, 20),
    )
    assert set(after.occupations) == {"nurse", "miller"}
    before = decisions.at(start_of_2026(3) - 1)
    assert before.income_tax == Fraction(12, 100)


def test_the_smallest_region_has_the_defaults() -> None:
    region = load("", region="region: T\ncommodities:\n  labour_time: {name: HOUR}\n", prelude="").books.region
    rules = region.decisions.at(start_of_2026(1))
    assert region.name == "T"
    assert region.labour_time is not None
    assert region.labour_time.digits == 2
    assert region.credits is None
    assert rules.member_overdraw == 0
    assert rules.income_tax == rules.dividend == rules.housing_markup == 0


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0.01", 2),
        ("1", 0),
        ("1.0", 0),
        ("0.1", 1),
        ("1e-10", 10),
        ("1E-10", 10),
        ("0.0000000001", 10),
        ('"0.001"', 3),
        ("0.010", 2),
        ("1e0", 0),
        ("0.000000000001", 12),
    ],
)
def test_a_precision_is_a_power_of_ten_read_as_an_exact_decimal(written: str, digits: int) -> None:
    text = f"region: T\ncommodities:\n  labour_time: {{name: HOUR, precision: {written}}}\n"
    region = load("", region=text, prelude="").books.region
    assert region.labour_time is not None
    assert region.labour_time.digits == digits


@pytest.mark.parametrize(
    "written",
    ["0.02", "10", "0", "-0.01", "0.011", "1e-13", "no", "abc", "nan", "inf", "1e-99999999999", "null", "[1]", "0x1"],
)
def test_other_precisions_are_refused(written: str) -> None:
    precision = f"precision: {written} # ! region-file-wrong-value"
    fault(f"region: T\ncommodities:\n  labour_time:\n    name: HOUR\n    {precision}\n")


def test_numbers_are_never_read_through_floats() -> None:
    text = only("income_tax: 0.1000000000000000055511151231257827")
    rules = load("", region=text, prelude="").books.region.decisions.at(start_of_2026(1))
    assert rules.income_tax == Fraction(Decimal("0.1000000000000000055511151231257827"))
    tenth = load("", region=only("income_tax: 0.1"), prelude="").books.region.decisions.at(start_of_2026(1))
    assert tenth.income_tax == Fraction(1, 10)


@pytest.mark.parametrize(
    "line",
    [
        "fic_window_days: 0",
        "fic_window_days: -180",
        "fic_window_days: 1.5",
        "fic_window_days: 36501",
        "fic_window_days: null",
        "fic_window_days: half a year",
        "fic_window_days: 1e30",
        "member_overdraw: -1",
        "member_overdraw: 0.001",
        "member_overdraw: unlimited",
        "member_overdraw: 1000000000000000",
        "account_deviation: -0.1",
        "account_deviation: null",
        "approvals: 0",
        "approvals: 1.5",
        "income_tax: 1.01",
        "income_tax: -0.01",
        "income_tax: 12%",
        "income_tax: no",
        "income_tax: yes",
        "income_tax: nan",
        "income_tax: inf",
        "income_tax: 0,12",
        "dividend: 2",
        "housing_markup: 1e5",
        "tuition_share: [0.25]",
        "schooling_pause_years: -1",
        "schooling_pause_years: 0.5",
    ],
)
def test_a_setting_out_of_its_bounds_is_an_error_at_its_line(line: str) -> None:
    found = fault(only(f"{line} # ! region-file-wrong-value"))
    assert line.split(":", maxsplit=1)[0] in found.message("region-file-wrong-value")
    assert not found.books.complete


@pytest.mark.parametrize(
    "line",
    [
        "fic_window_days: 1",
        "fic_window_days: 36500",
        "member_overdraw: null",
        "member_overdraw: ~",
        "member_overdraw: 0.5",
        "income_tax: 1",
        "income_tax: 0",
        "income_tax: 1.0",
        "income_tax: .5",
        "account_deviation: 7",
        "approvals: 3",
    ],
)
def test_settings_at_their_bounds_are_taken(line: str) -> None:
    fault(only(line))


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("region: T\nnaem: x # ! region-file-unknown-key\ncommodities: {labour_time: {name: HOUR}}\n", "name"),
        (only("fic_windows_days: 180 # ! region-file-unknown-key"), "fic_window_days"),
        (
            "region: T\ncommodities:\n  labour_time: {name: H}\n  labor_time: {name: X} # ! region-file-unknown-key\n",
            "labour_time",
        ),
        (
            "region: T\ncommodities:\n  labour_time:\n    name: H\n    precison: 1 # ! region-file-unknown-key\n",
            "precision",
        ),
        (
            decided("\n  - date: 2026-01-01\n    occupation: {} # ! region-file-unknown-key"),
            "occupations",
        ),
        (
            decided(
                "\n  - date: 2026-01-01\n    occupations:\n      baker:\n        min: 1\n        max: 2\n"
                "        mx: 3 # ! region-file-unknown-key"
            ),
            "max",
        ),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(text: str, near: str) -> None:
    message = fault(text).message("region-file-unknown-key")
    assert f" {near}" in message.replace('"', " ")


@pytest.mark.parametrize(
    "text",
    [
        "name: x # ! region-file-missing-key\ncommodities: {labour_time: {name: HOUR}}\n",
        "region: T # ! region-file-missing-key\n",
        "region: T\ncommodities:\n  labour_time: {precision: 0.01} # ! region-file-missing-key\n",
        decided("\n  - title: x # ! region-file-missing-key"),
        decided("\n  - date: 2026-01-01\n    occupations:\n      baker: {min: 1} # ! region-file-missing-key"),
    ],
)
def test_a_missing_key_is_named_at_the_line_of_its_mapping(text: str) -> None:
    fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "region: the valley # ! region-file-wrong-value\ncommodities: {labour_time: {name: HOUR}}\n",
        "region: a:b # ! region-file-wrong-value\ncommodities: {labour_time: {name: HOUR}}\n",
        "region: [T] # ! region-file-wrong-value\ncommodities: {labour_time: {name: HOUR}}\n",
        "region: T\ncommodities: {labour_time: {name: hour}} # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: 7}} # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: HOUR} # ! region-file-wrong-value\n",
        "region: T\ncommodities: {} # ! region-file-wrong-value\n",
        "region: T\ncommodities: null # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: X}, credits: {name: X}} # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: HOUR}}\nother_customs: budget # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: HOUR}}\nplugins: zz # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: HOUR}}\nplugins: [../zz] # ! region-file-wrong-value\n",
        "region: T\ncommodities: {labour_time: {name: HOUR}}\nplugins: [.zz] # ! region-file-wrong-value\n",
        decided(" 2026-01-01 # ! region-file-wrong-value"),
        decided("\n  - date: 2026 # ! region-file-wrong-value"),
        decided("\n  - date: 2026-02-30 # ! region-file-wrong-value"),
        decided("\n  - date: 1899-12-31 # ! region-file-wrong-value"),
        decided("\n  - date: 2200-01-01 # ! region-file-wrong-value"),
        decided("\n  - date: 2026-01-01T00:00 # ! region-file-wrong-value"),
        decided("\n  - date: 2026-01-01\n    occupations:\n      b: {min: 24, max: 18} # ! region-file-wrong-value"),
    ],
)
def test_values_of_the_wrong_kind_are_errors_at_their_line(text: str) -> None:
    fault(text)


def test_decisions_stand_in_order_of_date() -> None:
    text = """\
region: T
commodities: {labour_time: {name: HOUR}}
decisions:
  - date: 2026-02-01
    set: {income_tax: 0.1}
  - date: 2026-01-01 # ! decisions-out-of-order
    set: {income_tax: 0.2}
  - date: 2026-03-01
  - date: 2026-03-01
    title: of two of one date the later holds
    set: {income_tax: 0.3}
"""
    fault(text)
    right = text.replace("2026-01-01 # ! decisions-out-of-order", "2026-02-02")
    assert fault(right).books.region.decisions.at(start_of_2026(3)).income_tax == Fraction(3, 10)


def test_every_fault_is_reported_at_once() -> None:
    text = """\
region: no region # ! region-file-wrong-value
commodities:
  labour_time: {name: HOUR, precision: 7} # ! region-file-wrong-value
other: 1 # ! region-file-unknown-key
decisions:
  - date: yesterday # ! region-file-wrong-value
    set:
      income_tax: 12 # ! region-file-wrong-value
      incometax: 12 # ! region-file-unknown-key
"""
    fault(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("region: T\n  commodities: x\n", 2),
        ("region: T\nregion: U\n", 2),
        ("region: [T\n", 2),
        ("region: T\ncommodities:\n\tlabour_time: x\n", 3),
        ("region: &a T\nname: *a\n", 2),
        ("a: &a [x,x,x]\nb: &b [*a,*a]\n", 2),
        ("region: !!python/object/apply:os.system [ls]\n", 1),
        ("? [a, b]\n: c\n", 1),
        ("region: T\n--- \nregion: U\n", 2),
        ("[" * 1000, 1),
        ("{a: " * 5000, 1),
        ("region: 'T\n", 2),
        ("%YAML 9.9\n---\nregion: T\n", 1),
    ],
)
def test_what_is_no_yaml_of_ours_is_an_error_with_a_line_and_no_traceback(text: str, line: int) -> None:
    found = load("", region=text, prelude="")
    assert found.codes, text
    assert all(code.startswith("region-file-") for code in found.codes), found.codes
    assert found.errors[0][0] == "region.yaml"
    assert abs(found.errors[0][1] - line) <= 1, found.books.problems


@pytest.mark.parametrize("key", ["region: U", "name: x", "decisions: []", "other_customs: []"])
def test_a_key_that_stands_twice_is_an_error_at_its_second_line(key: str) -> None:
    text = "region: T\nname: y\ncommodities: {labour_time: {name: HOUR}}\nother_customs: []\ndecisions: []\n"
    fault(f"{text}{key} # ! region-file-not-readable\n")


def test_a_setting_that_stands_twice_is_an_error_too() -> None:
    fault(only("income_tax: 0.1\n      income_tax: 0.2 # ! region-file-not-readable"))


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null\n", "[]\n", "7\n", "text\n", "---\n...\n"])
def test_an_empty_region_yaml_or_one_that_is_no_mapping_is_an_error(text: str) -> None:
    found = load("", region=text, prelude="")
    assert len(found.codes) >= 1
    assert not found.books.complete


def test_a_region_yaml_that_is_not_utf_8_is_an_error_with_its_line() -> None:
    found = load("", region="region: T\nname: Köln\n".encode("latin-1"), prelude="")
    assert found.errors == [("region.yaml", 2, "region-file-not-readable")]


def test_windows_lines_are_harmless_and_a_byte_order_mark_is_told() -> None:
    text = only("income_tax: 0.12").replace("\n", "\r\n")
    assert load("", region=text, prelude="").books.problems == []
    (problem,) = load("", region="\ufeff" + text, prelude="").books.problems
    assert (problem.code, problem.line) == ("byte-order-mark", 1)
    assert "save it without one" in problem.message


def test_a_missing_region_yaml_is_an_error_that_says_what_to_do() -> None:
    found = load("", region=None)
    assert found.codes == ["region-file-not-found"]
    assert "region.yaml" in found.message("region-file-not-found")


def test_a_huge_region_yaml_is_refused() -> None:
    found = load("", region="# " + "x" * 5_000_000 + "\n")
    assert found.codes == ["line-too-long"]
    found = load("", region=("# " + "x" * 1_000 + "\n") * 5_000)
    assert found.codes == ["region-file-not-readable"]


def test_nothing_is_applied_while_region_yaml_does_not_hold() -> None:
    found = load(work("Bakery", "Cyd", 1), region=only("income_tax: 7"))
    assert not found.books.complete
    assert found.codes == ["region-file-wrong-value"]


def test_yaml_words_that_look_like_something_else_stay_texts() -> None:
    # `no` is a text here (YAML 1.1 says false), 12:30:00 is no number of base 60.
    text = "region: T\nname: no\ncommodities: {labour_time: {name: 'NO'}}\n"
    text += "other_customs: [yes, on, null-and-void, 12:30]\n"
    region = load("", region=text, prelude="").books.region
    assert (region.name, region.labour_time and region.labour_time.name) == ("no", "NO")
    assert region.other_customs == {"yes", "on", "null-and-void", "12:30"}
    fault(only("fic_window_days: 12:30:00 # ! region-file-wrong-value"))


def test_a_region_without_labour_time_refuses_hours_and_plans() -> None:
    region = "region: T\ncommodities:\n  credits: {name: RSC, precision: 0.01}\n"
    found = load(work("Bakery", "Ada", 1), region=region, prelude=PARTIES + plan("bread", "Bakery", a=1))
    assert set(found.codes) == {"labour-time-is-off"}
    lines = {(file, line) for file, line, _ in found.errors}
    assert ("prelude.beancount", PARTIES.count("\n") + 1) in lines
    assert ("doc.beancount", 2) in lines


def test_the_schema_that_editors_get_accepts_and_refuses_what_the_engine_does() -> None:
    text = (resources.files("conductor_bean") / "region.schema.json").read_text("utf-8")
    # The regular expressions of JSON Schema are JavaScript's: Python's re does not know \\p{Lu}.
    schema: dict[str, Any] = json.loads(re.sub(r"\\\\p\{Lu?\}", "A-Za-z", text.replace(r"\\p{Nd}", "0-9")))
    jsonschema.validators.validator_for(schema).check_schema(schema)

    def accepts(text: str) -> bool:
        # Editors see dates as texts; the loader of the test leaves them so.
        class Loader(yaml.SafeLoader):
            pass

        Loader.yaml_implicit_resolvers = {
            key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }
        document = yaml.load(text, Loader=Loader)
        return bool(jsonschema.validators.validator_for(schema)(schema).is_valid(document))

    assert accepts(FULL.replace("1e2", "100"))
    assert accepts(only("member_overdraw: null"))
    for wrong in (only("income_tax: 2"), only("incometax: 0"), "region: T\n", only("fic_window_days: 0")):
        assert not accepts(wrong), wrong
