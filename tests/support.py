"""Tests whose docstring is a ledger, with the faults marked in it.

    @ledger()
    def test_a_loaf_costs_what_its_plan_says(books: Loaded) -> None:
        '''
        2026-02-01 * "Ada" ^bread
          quantity: 2
          Assets:Members:Ada:Hours              -3.00 HOUR
          Liabilities:Companies:Bakery:PRD       3.00 HOUR

        2026-02-02 * "Ada" ^bread ; ! wrong-amount
          quantity: 2
          Assets:Members:Ada:Hours              -9.00 HOUR
          Liabilities:Companies:Bakery:PRD       9.00 HOUR
        '''
        assert books.balance("Assets:Members:Ada:Hours") == -3

The docstring stands after a small region (`PRELUDE`). Its lines may end in `; ! code` (an error on this line) and
`; ? code` (an advice), in YAML in `# ! code`; exactly the marked problems must be found, no more and no fewer. Every
ledger that is loaded is also held against what always must be true: see `hold_invariants`.
"""

from __future__ import annotations

import functools
import gc
import inspect
import re
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from beancount.core import data
from click.testing import CliRunner, Result

from conductor_bean.cli.main import main
from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME, is_governed
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import codes
from conductor_bean.ledger.books import Books, load_books

Params = ParamSpec("Params")

REGION = """\
region: Testburg
name: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set:
      fic_window_days: 180
      member_overdraw: null
"""
"""The region of most tests: members consume without limit, so that a test of prices need not let them work first."""

HEAD = """\
option "title" "Testburg"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
"""

PARTIES = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "accountant" "dora"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "member" "Bob"
2026-01-01 custom "member" "Cyd"
2026-01-01 custom "member" "Dan"
2026-01-01 custom "company" "Bakery"
2026-01-01 custom "company" "Mill"
2026-01-01 custom "company" "Clinic"
2026-01-01 custom "employment" "Bakery" "Ada"
2026-01-01 custom "employment" "Bakery" "Bob"
2026-01-01 custom "employment" "Mill" "Cyd"
2026-01-01 custom "employment" "Clinic" "Dan"
"""


def plan(
    name: str,
    company: str,
    *,
    p: object = 0,
    r: object = 0,
    a: object = 0,
    quantity: object = 1000,
    days: object = 365,
    public: bool = False,
    filed: str = "2026-01-01",
    approved: str | None = "2026-01-01",
    time: str = "",
    advice: str = "",
) -> str:
    """Return the directives of a plan: filed and, unless `approved` is None, approved (both at `time`, if given).

    `advice` is a code that is expected of the approval.
    """
    clock = f'  time: "{time}"\n' if time else ""
    text = (
        f'{filed} custom "plan" "{name}" "{company}"\n  product: "{name}"\n  unit: "piece"\n  quantity: {quantity}\n'
        f"  fixed-means: {p} HOUR\n  raw-materials: {r} HOUR\n  labour: {a} HOUR\n  days: {days}\n"
        f"  public: {'TRUE' if public else 'FALSE'}\n{clock}"
    )
    if approved is not None:
        mark = f" ; ? {advice}" if advice else ""
        text += f'{approved} custom "plan-approval" "{name}"{mark}\n  by: "carla"\n{clock}'
    return text


PLANS = (
    # bread: (100 + 500 + 900) / 1000 = 1.50 a loaf; flour: (200 + 300 + 500) / 1000 = 1.00 a sack; the clinic is free.
    plan("bread", "Bakery", p=100, r=500, a=900)
    + plan("flour", "Mill", p=200, r=300, a=500)
    + plan("clinic", "Clinic", p=80, r=120, a=100, public=True)
)
"""All plans run for the same days, so every weight is the same, and as long as they run
FIC = ((900 + 500) - (80 + 120)) / ((900 + 500) + 100) = 1200 / 1500 = 0.8."""

PRELUDE = PARTIES + PLANS

MARK = re.compile(r"[;#]\s*(?P<kind>[!?])\s*(?P<codes>[a-z0-9 -]+?)\s*$")

Place = tuple[str, int, str]
Move = tuple[str, str, str, Decimal]


@dataclass
class Loaded:
    """A ledger that was loaded and checked.

    Attributes:
        books: What the project's loader returned.
        keep: The folder; it is removed when the last reference goes.
    """

    books: Books
    keep: Any

    @property
    def folder(self) -> Path:
        """The folder of the ledger."""
        return self.books.main.parent

    @property
    def errors(self) -> list[Place]:
        """File, line and code of every error."""
        return [(self.books.relative(p.file), p.line, p.code) for p in self.books.errors]

    @property
    def advice(self) -> list[Place]:
        """File, line and code of every advice."""
        return [(self.books.relative(p.file), p.line, p.code) for p in self.books.advice]

    @property
    def codes(self) -> list[str]:
        """Codes of all errors, in order of file and line."""
        return [code for _, _, code in self.errors]

    def message(self, code: str) -> str:
        """The message of the one problem of a code."""
        (message,) = [problem.message for problem in self.books.problems if problem.code == code]
        return message

    def balance(self, account: str) -> Decimal:
        """The balance of an account in the books that Beancount holds."""
        return sum(
            (
                p.units.number
                for e in self.books.entries
                if isinstance(e, data.Transaction)
                for p in e.postings
                if p.account == account
            ),
            Decimal(0),
        )

    def transfers(self, *kinds: str, derived: bool | None = None) -> list[Move]:
        """Type, debit, credit and amount of the transfers (of some types), in order."""
        commodity = self.books.region.labour_time
        assert commodity is not None
        return [
            (t.type, t.debit.name, t.credit.name, commodity.number(t.units))
            for outcome in self.books.outcomes
            if outcome.rejection is None
            for t in outcome.transfers
            if (not kinds or t.type in kinds) and (derived is None or t.derived is derived)
        ]

    def amounts(self, *kinds: str) -> list[Decimal]:
        """Amounts of the transfers of some types, in order."""
        return [amount for _, _, _, amount in self.transfers(*kinds)]

    def fic(self) -> list[Decimal]:
        """The `fic:` of each transaction that has one, in the order of the books."""
        return [e.meta["fic"] for e in self.books.entries if isinstance(e, data.Transaction) and "fic" in e.meta]

    def governed(self) -> list[data.Transaction]:
        """All transactions on governed accounts, in the order of the books."""
        return [
            e
            for e in self.books.entries
            if isinstance(e, data.Transaction) and any(is_governed(p.account) for p in e.postings)
        ]

    def derived(self) -> list[data.Transaction]:
        """Transactions that a directive entailed."""
        return [e for e in self.governed() if "derived-from" in e.meta]

    def coordinators(self, cooperation: str) -> list[tuple[str, str]]:
        """Who coordinated a cooperation since when."""
        return [
            (company, format_instant(since))
            for company, since in self.books.machine.state.cooperations[cooperation].coordinators
        ]


def load(
    text: str = "",
    *,
    region: str | bytes | None = REGION,
    prelude: str = PRELUDE,
    head: str = HEAD,
    files: Mapping[str, str | bytes] | None = None,
    untouched: bool = True,
) -> Loaded:
    """Load a ledger of a head, a prelude, a text and perhaps more files, in a folder of its own.

    Where a second plugin changes the books (not `untouched`), the invariants are not held.
    """
    keep = tempfile.TemporaryDirectory(prefix="region-")
    folder = Path(keep.name)
    write(folder, text, region=region, prelude=prelude, head=head, files=files)
    loaded = Loaded(load_books(folder), keep)
    if untouched:
        hold_invariants(loaded)
    return loaded


def write(
    folder: Path,
    text: str = "",
    *,
    region: str | bytes | None = REGION,
    prelude: str = PRELUDE,
    head: str = HEAD,
    files: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Write such a ledger into a folder; returns the folder."""
    main = head + 'include "prelude.beancount"\ninclude "doc.beancount"\n'
    contents: dict[str, str | bytes] = {
        "main.beancount": main,
        "prelude.beancount": prelude,
        "doc.beancount": textwrap.dedent(text),
        **(files or {}),
    }
    if region is not None:
        contents["region.yaml"] = region
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def marked(text: str, kind: str = "!", file: str = "doc.beancount") -> list[Place]:
    """The problems that a text marks (`!` errors, `?` advice)."""
    return sorted(
        (file, number, code)
        for number, line in enumerate(textwrap.dedent(text).splitlines(), 1)
        if (found := MARK.search(line)) and found["kind"] == kind
        for code in found["codes"].split()
    )


def check(
    text: str,
    *,
    region: str | bytes | None = REGION,
    prelude: str = PRELUDE,
    head: str = HEAD,
    files: Mapping[str, str | bytes] | None = None,
) -> Loaded:
    """Load a ledger and hold that exactly the problems are found that its text and its files mark."""
    loaded = load(text, region=region, prelude=prelude, head=head, files=files)
    texts: dict[str, str | bytes] = {"doc.beancount": text, "prelude.beancount": prelude, "main.beancount": head}
    texts |= files or {}
    if region is not None:
        texts["region.yaml"] = region
    expected = {
        kind: sorted(place for name, t in texts.items() if isinstance(t, str) for place in marked(t, kind, name))
        for kind in "!?"
    }
    shown = "\n".join(f"{p.file}:{p.line}: {p.code}: {p.message}" for p in loaded.books.problems)
    assert sorted(loaded.errors) == expected["!"], shown
    assert sorted(loaded.advice) == expected["?"], shown
    return loaded


def ledger(
    *,
    region: str = REGION,
    prelude: str = PRELUDE,
    head: str = HEAD,
    files: Mapping[str, str | bytes] | None = None,
) -> Callable[[Callable[Concatenate[Loaded, Params], None]], Callable[Params, None]]:
    """Make a test of a function whose docstring is a ledger; the function gets the checked books."""

    def decorate(function: Callable[Concatenate[Loaded, Params], None]) -> Callable[Params, None]:
        text = function.__doc__ or ""

        @functools.wraps(function)
        def test(*args: Params.args, **kwargs: Params.kwargs) -> None:
            function(check(text, region=region, prelude=prelude, head=head, files=files), *args, **kwargs)

        # pytest asks the signature for fixtures and parameters: the books are ours to give.
        signature = inspect.signature(function)
        rest = list(signature.parameters.values())[1:]
        test.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        del test.__wrapped__
        return test

    return decorate


def hold_invariants(loaded: Loaded) -> None:
    """Hold what must be true of every ledger that was checked, whatever its faults.

    Debits equal credits in each transaction, exactly; the books that Beancount shows have the engine's balances; every
    account of the region is open; every problem has a known code, a file, a line and a one-line message.
    """
    books = loaded.books
    for problem in books.problems:
        assert problem.code in codes(), problem
        assert problem.line >= 1, problem
        assert Path(problem.file).is_absolute(), problem
        assert problem.message, problem
        assert problem.message.isprintable(), problem
    if not books.complete:
        return
    region, state, account = books.region, books.machine.state, books.machine.context.account
    totals: dict[str, Decimal] = dict.fromkeys(state.balances, Decimal(0))
    for entry in loaded.governed():
        sums: dict[str, Decimal] = {}
        for posting in entry.postings:
            commodity = region.commodity(account(posting.account).economy)
            assert commodity is not None, entry
            assert posting.units.currency == commodity.name, entry
            sums[commodity.name] = sums.get(commodity.name, Decimal(0)) + posting.units.number
            totals[posting.account] += posting.units.number
            assert posting.meta["transfer"], posting
        assert not any(sums.values()), entry
    numbers = {}
    for economy in (LABOUR_TIME, CREDITS):
        commodity = region.commodity(economy)
        mine = {name: units for name, units in state.balances.items() if account(name).economy == economy}
        assert sum(mine.values()) == 0, economy
        if commodity is not None:
            numbers.update({name: commodity.number(units) for name, units in mine.items()})
    assert totals == numbers
    opened = {entry.account for entry in books.entries if isinstance(entry, data.Open)}
    if totals:
        assert set(totals) <= opened | {"Equity:PSF", "Assets:Region:Treasury", "Equity:Issuance", "Equity:Outside"}


def consumption(
    plan: str,
    debit: str,
    credit: str,
    amount: object,
    quantity: object = 1,
    *,
    date: str = "2026-02-01",
    extra: str = "",
) -> str:
    """Return a consumption of a plan, from account `debit` to the PRD account of company `credit`."""
    return (
        f'{date} * "consumption" ^{plan}\n{extra}  quantity: {quantity}\n'
        f"  {debit}  -{amount} HOUR\n  Liabilities:Companies:{credit}:PRD  {amount} HOUR\n"
    )


def work(company: str, worker: str, hours: object, *, date: str = "2026-02-01", extra: str = "") -> str:
    """Return a registration of hours."""
    return (
        f'{date} * "work"\n{extra}  Assets:Companies:{company}:A  -{hours} HOUR\n'
        f"  Assets:Members:{worker}:Hours  {hours} HOUR\n"
    )


def conductor(*arguments: object, color: bool = False, environment: Mapping[str, str | None] | None = None) -> Result:
    """Run `conductor` in this process; anything that it raises but an exit is raised."""
    try:
        result = CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments], color=color)
    finally:
        # The command owns its process and lets no garbage be collected; the tests' process lives on.
        gc.enable()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
