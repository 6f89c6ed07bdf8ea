"""`conductor publish` from outside: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cli.region import answer, write_small
from tests.cli.town import refused
from tests.house.tree import ROOT
from tests.publish.borough import EVERYTHING, Borough, moved
from tests.support import conductor

RECORD = "publication.json"
LATE = moved('2026-01-31 * "late"', "Assets:Members:M-01:Wallet", "Assets:Members:M-02:Wallet", 1)
EXAMPLES = ("riverbend", "lakeside", "imported")


def publish(ledger: Path, target: Path, *more: str) -> dict[str, bytes]:
    """Publish a ledger, which must succeed; returns the files of the edition."""
    result = conductor("publish", ledger, "--to", target, *more)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return tree(target)


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def document(folder: Path, name: str) -> Any:
    return json.loads((folder / "data" / f"{name}.json").read_text("utf-8"))


def copied(name: str, folder: Path) -> Path:
    """A copy of an example ledger, to publish from."""
    for file, content in tree(ROOT / "ledgers" / name).items():
        if not file.startswith("."):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of a borough that tells everything, published to `edition` beside it."""
    folder = Borough(6, thresholds=EVERYTHING).write(tmp_path_factory.mktemp("borough") / "ledger", 3)
    publish(folder, folder.parent / "edition")
    return folder


@pytest.fixture(scope="module")
def edition(borough: Path) -> Path:
    return borough.parent / "edition"


def test_it_says_what_it_wrote_and_what_to_do_next(tmp_path: Path) -> None:
    ledger = Borough(6).write(tmp_path / "ledger", 3)
    result = conductor("publish", ledger, "--to", tmp_path / "edition")
    first, second = result.stdout.splitlines()
    assert first.startswith("wrote ")
    assert "private transfers through 2026-03" in first
    assert first.endswith("cells wait")
    assert second.startswith("next: conductor serve ")
    assert second.endswith("edition --public")


def test_an_edition_has_the_files_that_are_promised(edition: Path) -> None:
    names = {"main", "accounts", "facts", *(f"journal/2026-0{month}" for month in (1, 2, 3))}
    data = {"region", "plans", "companies", "cooperations", "prices", "decisions", "transfers", "months"}
    assert set(tree(edition)) == {
        "README.md",
        *(f"{name}.beancount" for name in names),
        *(f"data/{name}.json" for name in data | {"edition", "totals", "balances"}),
        *(f"data/{name}.csv" for name in ("plans", "companies", "cooperations", "offers", "properties", "lists")),
        *(f"data/{name}.csv" for name in ("homes", "waits", "services")),
        *(f"data/{name}.csv" for name in ("fic", "months", "transfers", "totals", "balances")),
    }


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of an example region, published to `edition` beside it."""
    ledger = copied(request.param, tmp_path_factory.mktemp(request.param) / "ledger")
    publish(ledger, ledger.parent / "edition")
    return ledger


def at_the_end(example: Path) -> tuple[str, ...]:
    """The option that asks the ledger for the end of the edition's last told month."""
    return ("--at", str(document(example.parent / "edition", "edition")["through"])[:10])


def test_every_example_is_published_and_any_beancount_reads_it(example: Path) -> None:
    hold_readable(example.parent / "edition")


def test_cooperations_of_the_examples_are_those_of_the_ledger(example: Path) -> None:
    private = {row["cooperation"]: row for row in answer("cooperations", example, *at_the_end(example))}
    public = document(example.parent / "edition", "cooperations")["cooperations"]
    assert [row["cooperation"] for row in public] == list(private)
    for row in public:
        theirs = private[row["cooperation"]]
        assert row["coordinator"] == theirs["coordinator"]
        assert row["price"] == theirs["price"]
        assert {plan["plan"] for plan in row["plans"]} == set(theirs["plans"])


def test_prices_of_the_examples_are_those_of_the_ledger(example: Path) -> None:
    plans = {row["plan"]: row for row in document(example.parent / "edition", "plans")["plans"]}
    private = {row["plan"]: row for row in answer("plans", example, *at_the_end(example))}
    assert plans.keys() == private.keys()
    for name, row in plans.items():
        assert (row["state"], row["price"], row["cost"]) == tuple(
            private[name][key] for key in ("state", "price", "cost")
        )


def test_fic_of_the_examples_is_that_of_the_ledger_but_for_the_services(example: Path) -> None:
    public = document(example.parent / "edition", "region")["fic"]
    if not public:  # a region of credits alone
        assert document(example.parent / "edition", "region")["about"]["hours"] is None
        return
    private = answer("fic", example, "--from", public[0]["date"], "--to", public[-1]["date"])
    assert len(public) == len(private)
    exact = 0
    for mine, theirs in zip(public, private, strict=True):
        assert mine["date"] == theirs["instant"][:10]
        assert [mine[key] for key in ("L_o", "P_o", "R_o")] == [theirs[key] for key in ("L_o", "P_o", "R_o")]
        exact += mine["fic"] == theirs["fic"]
    assert exact > 0


def hold_readable(edition: Path, query: str = "SELECT sum(position)") -> str:
    """Hold that stock Beancount, without a plugin, finds no fault; returns what a query says."""
    command = (
        "import sys\n"
        "from beancount import loader\n"
        "entries, errors, options = loader.load_file(sys.argv[1])\n"
        "assert entries, 'nothing was read'\n"
        "assert not errors, errors[:3]\n"
        "assert not any('conductor' in plugin for plugin, _ in options['plugin']), options['plugin']\n"
    )
    main = str(edition / "main.beancount")
    subprocess.run([sys.executable, "-c", command, main], check=True, capture_output=True, timeout=60)
    bean = [str(Path(sys.executable).with_name("bean-query")), "--format", "csv", main, query]
    return subprocess.run(bean, check=True, capture_output=True, text=True, timeout=60).stdout


def test_bean_query_finds_the_totals_by_period_and_transfer(edition: Path) -> None:
    query = (
        "SELECT sum(number) WHERE account = 'Equity:PSF' AND any_meta('transfer') = 'taxes' "
        "AND any_meta('period') = '2026-02'"
    )
    answer_lines = hold_readable(edition, query).split()
    total = sum(
        Decimal(row["amount"])
        for row in document(edition, "totals")
        if row["transfer"] == "taxes" and row["period"] == "2026-02"
    )
    assert Decimal(answer_lines[1]) == total > 0


def test_the_same_ledger_gives_the_same_bytes(borough: Path, edition: Path) -> None:
    before = tree(edition)
    assert publish(borough, edition) == before
    again = borough.parent / "again"
    assert publish(borough, again) == before


def test_neither_the_order_of_files_nor_where_they_lie_matters(borough: Path, tmp_path: Path) -> None:
    """The record is kept, so that both editions have one secret; the first of both has none yet."""
    files = {name: content.decode() for name, content in tree(borough).items() if name != RECORD}
    one = tmp_path / "one" / "deep" / "er"
    other = tmp_path / "other"
    for folder in (one, other):
        for name, content in files.items():
            text = content
            path = folder / name
            if folder is other:
                path = folder / name.replace("journal/2026", "journal/z-2026").replace("parties", "people")
                if name == "main.beancount":
                    head, *includes = text.replace("parties", "people").split("include")
                    text = head + "".join(f"include{part}" for part in reversed(includes))
                if name.startswith("journal/2026"):
                    text = "\n\n".join(reversed(text.split("\n\n")))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (folder / RECORD).write_text(_fresh_record(borough))
    assert publish(one, tmp_path / "one-edition") == publish(other, tmp_path / "other-edition")
    assert (one / RECORD).read_bytes() == (other / RECORD).read_bytes()


def _fresh_record(ledger: Path) -> str:
    """A record with a ledger's secret that has told nothing yet."""
    record = json.loads((ledger / RECORD).read_text("utf-8"))
    fresh: dict[str, Any] = {
        "month": None,
        "until": None,
        "withheld": [],
        "mornings": [],
        "in_full": [],
        "told": [],
        "counted": [],
    }
    return json.dumps(record | fresh)


def test_neither_locale_nor_time_zone_nor_hash_seed_matters(borough: Path, tmp_path: Path) -> None:
    made = []
    ledger = tmp_path / "ledger"
    for name, content in tree(borough).items():
        (ledger / name).parent.mkdir(parents=True, exist_ok=True)
        (ledger / name).write_bytes(content)
    for number, environment in enumerate(
        (
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
        )
    ):
        (ledger / RECORD).write_text(_fresh_record(borough))
        target = tmp_path / f"edition-{number}"
        subprocess.run(
            [Path(sys.executable).with_name("conductor"), "publish", str(ledger), "--to", str(target)],
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            timeout=60,
        )
        made.append((tree(target), (ledger / RECORD).read_bytes()))
    assert made[0] == made[1]


def test_a_ledger_with_errors_is_not_published(tmp_path: Path) -> None:
    ledger = Borough(6).write(tmp_path / "ledger", 1)
    target = tmp_path / "edition"
    publish(ledger, target)
    before = tree(tmp_path)
    broken = ledger / "journal" / "broken.beancount"
    broken.write_text(moved('2026-01-31 * "no"', "Assets:Companies:Co-1:A", "Assets:Members:M-02:Hours", 4, "HOUR"))
    said = refused("publish", ledger, "--to", target, code=1)
    assert "worker-not-at-company" in said
    assert "nothing is written" in said
    broken.unlink()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("text", ['include "nothing.beancount"', "2026-01-01 open", '2026-01-01 custom "plam" "x"'])
def test_a_ledger_that_cannot_be_checked_is_not_published(tmp_path: Path, text: str) -> None:
    ledger = write_small(tmp_path / "ledger", text + "\n")
    before = tree(tmp_path)
    assert "nothing is written" in refused("publish", ledger, "--to", tmp_path / "edition", code=1) or text
    assert tree(tmp_path) == before


def test_without_a_ledger_nothing_is_published(tmp_path: Path) -> None:
    refused("publish", tmp_path / "nowhere", "--to", tmp_path / "edition")
    refused("publish", tmp_path, "--to", tmp_path / "edition")
    assert tree(tmp_path) == {}
    assert "--to" in conductor("publish", tmp_path).stderr


@pytest.mark.parametrize("place", ["ledger", ".", "ledger/journal", "letter", "letter/below", "shelf"])
def test_nothing_is_overwritten(tmp_path: Path, place: str) -> None:
    write_small(tmp_path / "ledger", "")
    (tmp_path / "ledger" / "journal").mkdir()
    for name in ("letter", "shelf/book", "ledger/journal/page"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    before = tree(tmp_path)
    said = refused("publish", tmp_path / "ledger", "--to", tmp_path / place)
    assert "nothing is written" in said
    assert tree(tmp_path) == before


def test_the_edition_of_another_region_is_not_overwritten(tmp_path: Path, edition: Path) -> None:
    before = tree(edition)
    said = refused("publish", write_small(tmp_path), "--to", edition)
    assert "'Borough', not of 'Smallville'" in said
    assert tree(edition) == before


def test_where_the_record_is_lost_the_edition_is_not_overwritten(tmp_path: Path) -> None:
    """Without it everything would be told a second time, with another secret: no receipt would fit any more."""
    ledger, target = Borough(8).write(tmp_path / "ledger", 2), tmp_path / "edition"
    publish(ledger, target)
    before = tree(target)
    record = (ledger / RECORD).read_bytes()
    (ledger / RECORD).unlink()
    more = LATE
    Borough(8).write(ledger, 2, more)
    said = refused("publish", ledger, "--to", target)
    assert RECORD in said
    assert "restore" in said
    assert tree(target) == before
    assert not (ledger / RECORD).exists()
    (ledger / RECORD).write_bytes(record)
    publish(ledger, target)


def test_an_old_copy_of_the_record_does_not_take_back_what_was_told(tmp_path: Path) -> None:
    borough, ledger, target = Borough(8, thresholds=EVERYTHING), tmp_path / "ledger", tmp_path / "edition"
    publish(borough.write(ledger, 1), target)
    old = (ledger / RECORD).read_bytes()
    before = publish(borough.write(ledger, 2), target)
    (ledger / RECORD).write_bytes(old)
    assert publish(ledger, target) == before, "the same months tell the same again"
    (ledger / RECORD).write_bytes(old)
    borough.write(ledger, 2, LATE.replace("2026-01-31", "2026-02-28"))
    assert "restore" in refused("publish", ledger, "--to", target)
    assert tree(target) == before
    assert (ledger / RECORD).read_bytes() == old


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "damaged"),
        ("{}", "damaged"),
        ('{"format": 3}', "update"),
        ('{"format": 1, "region": "Elsewhere", "commodities": {}}', "Elsewhere"),
    ],
)
def test_with_a_record_that_cannot_be_relied_on_nothing_is_written(tmp_path: Path, text: str, said: str) -> None:
    ledger = write_small(tmp_path / "ledger")
    (ledger / RECORD).write_text(text)
    before = tree(tmp_path)
    assert said in refused("publish", ledger, "--to", tmp_path / "edition")
    assert tree(tmp_path) == before


def test_a_record_with_a_damaged_secret_is_refused_without_saying_it(tmp_path: Path) -> None:
    ledger, target = write_small(tmp_path / "ledger"), tmp_path / "edition"
    publish(ledger, target)
    record = json.loads((ledger / RECORD).read_text())
    key = record["key"]
    (ledger / RECORD).write_text(json.dumps(record | {"key": key[:-1]}))
    said = refused("publish", ledger, "--to", target)
    assert "64 hexadecimal digits" in said
    assert key[:16] not in said


@pytest.mark.parametrize(
    "month", ["2026", "2026-13", "march", "", "2026-3", "1899-12", "2200-01", "2026-01-31", "²⁰²⁶-⁰¹"]
)
def test_what_is_no_month_is_refused(borough: Path, tmp_path: Path, month: str) -> None:
    assert "--through" in refused("publish", borough, "--to", tmp_path / "edition", "--through", month)


def test_a_month_that_has_not_come_is_refused(tmp_path: Path) -> None:
    """Taken at its word it would silence the region until it comes: what was told stays told."""
    ledger = Borough(6).write(tmp_path / "ledger", 2)
    before = tree(tmp_path)
    for month in ("2026-03", "2062-02"):
        said = refused("publish", ledger, "--to", tmp_path / "edition", "--through", month)
        assert "the last event is of 2026-02" in said
    assert tree(tmp_path) == before
    publish(ledger, tmp_path / "edition", "--through", "2026-02")


def test_a_month_before_what_was_told_is_refused(tmp_path: Path) -> None:
    ledger = Borough(6).write(tmp_path / "ledger", 3)
    target = tmp_path / "edition"
    publish(ledger, target, "--through", "2026-02")
    before = tree(tmp_path)
    said = refused("publish", ledger, "--to", target, "--through", "2026-01")
    assert "2026-02 was told already" in said
    assert tree(tmp_path) == before
    assert publish(ledger, target, "--through", "2026-02") == tree(target)
    publish(ledger, target, "--through", "2026-03")


def test_through_a_month_nothing_private_of_later_months_is_told(tmp_path: Path) -> None:
    ledger = Borough(12, thresholds=EVERYTHING).write(tmp_path / "ledger", 3)
    publish(ledger, tmp_path / "edition", "--through", "2026-01")
    totals = document(tmp_path / "edition", "totals")
    assert {row["period"] for row in totals if row["level"] != "in full"} == {"2026-01"}
    assert document(tmp_path / "edition", "edition")["through"] == "2026-01-31T23:59:59.999999"


def test_two_runs_at_once_do_not_meet(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    ledger = write_small(tmp_path / "ledger")
    handle = os.open(ledger, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "another `conductor publish`" in refused("publish", ledger, "--to", tmp_path / "edition")
        said = refused("publish", ledger / "main.beancount", "--to", tmp_path / "edition")
        assert "another `conductor publish`" in said
    finally:
        os.close(handle)
    publish(ledger, tmp_path / "edition")


def test_the_main_file_stands_for_its_folder(tmp_path: Path) -> None:
    ledger = write_small(tmp_path / "ledger")
    made = publish(ledger / "main.beancount", tmp_path / "edition")
    assert (ledger / RECORD).is_file()
    assert publish(ledger, tmp_path / "edition") == made


def test_a_region_in_which_no_month_is_complete_says_so(tmp_path: Path) -> None:
    result = conductor("publish", write_small(tmp_path / "ledger"), "--to", tmp_path / "edition")
    assert "no month is complete yet, 0 totals" in result.stdout
    assert document(tmp_path / "edition", "totals") == []  # nothing that moved after the last told month is in it
    hold_readable(tmp_path / "edition")


EMPTY = {
    "main.beancount": 'option "title" "Empty"\nplugin "conductor_bean.plugins.conductor"\n',
    "region.yaml": "region: Nil\nname: Nil\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"
    "decisions:\n  - {date: 2026-01-01, title: Founding, set: {fic_window_days: 60}}\n",
}


@pytest.mark.parametrize("text", ["", '2026-03-07 custom "member" "Ada"\n', '2026-03-07 custom "company" "Mill"\n'])
def test_a_region_of_nothing_or_one_event_is_published(tmp_path: Path, text: str) -> None:
    for name, content in EMPTY.items():
        (tmp_path / "ledger").mkdir(exist_ok=True)
        (tmp_path / "ledger" / name).write_text(content + (text if name == "main.beancount" else ""))
    made = publish(tmp_path / "ledger", tmp_path / "edition")
    assert publish(tmp_path / "ledger", tmp_path / "edition") == made
    assert hold_readable(tmp_path / "edition") is not None
    assert b"Ada" not in b"".join(made.values())


def test_a_region_that_begins_after_its_first_edition_goes_on(tmp_path: Path) -> None:
    ledger, target = tmp_path / "ledger", tmp_path / "edition"
    ledger.mkdir()
    for name, content in EMPTY.items():
        (ledger / name).write_text(content)
    publish(ledger, target)
    (ledger / "main.beancount").write_text(EMPTY["main.beancount"] + '2026-03-07 custom "company" "Mill"\n')
    publish(ledger, target)
    assert [row["company"] for row in document(target, "companies")["companies"]] == ["Mill"]
    assert len(document(target, "region")["fic"]) == 1


def test_an_exposed_total_is_named_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the audit says is tested elsewhere; here it is what the command makes of it."""
    from conductor_bean.domain.instants import month_number  # noqa: PLC0415
    from conductor_bean.publish.audit import Hidden  # noqa: PLC0415
    from conductor_bean.publish.cells import Cell  # noqa: PLC0415
    from conductor_bean.publish.edition import ExposedError  # noqa: PLC0415

    cell = Cell(month_number("2026-01"), "work", "Clinic", "wage", "Assets:Companies:Clinic:Wallet", "Assets:Private")

    def fail(*_: Any) -> None:
        exposure: Any = SimpleNamespace(hidden=Hidden((cell,), 123456.0, 1.0), low=123455.0, high=123457.0)
        raise ExposedError(exposure)

    monkeypatch.setattr("conductor_bean.publish.edition.make_edition", fail)
    ledger = write_small(tmp_path / "ledger")
    before = tree(tmp_path)
    said = refused("publish", ledger, "--to", tmp_path / "edition", code=1)
    assert '"wage" of 2026-01 at Clinic' in said
    assert "nothing is written" in said
    assert "12345" not in said
    assert tree(tmp_path) == before


def test_an_audit_that_does_not_end_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conductor_bean.publish.audit import AuditFailedError  # noqa: PLC0415

    def fail(*_: Any) -> None:
        raise AuditFailedError("time limit")

    monkeypatch.setattr("conductor_bean.publish.edition.make_edition", fail)
    ledger = write_small(tmp_path / "ledger")
    before = tree(tmp_path)
    assert "time limit" in refused("publish", ledger, "--to", tmp_path / "edition", code=1)
    assert tree(tmp_path) == before


def test_what_is_public_in_both_is_the_same_in_both(borough: Path, edition: Path) -> None:
    """Documents of an edition and `conductor --json` of the private ledger."""
    hidden = {"consumed"}
    private = answer("plans", borough)
    public = document(edition, "plans")["plans"]
    assert [row["plan"] for row in public] == [row["plan"] for row in private]
    for mine, theirs in zip(public, private, strict=True):
        common = (mine.keys() & theirs.keys()) - hidden
        assert {"planner", "quantity", "labour", "state", "approved", "expires", "price", "cost"} <= common
        assert {key: mine[key] for key in common} == {key: theirs[key] for key in common}
    table = answer("transfers", "--table")
    rows = document(edition, "transfers")["rows"]
    assert [[row[key] for key in ("name", "debit", "credit", "condition", "explanation")] for row in rows] == [
        [row[key] for key in ("name", "debit", "credit", "condition", "explanation")] for row in table
    ]
    companies = {row["company"]: row for row in answer("companies", borough)}
    for row in document(edition, "companies")["companies"]:
        regional = row["company"] == "Clinic"
        for account in ("p", "r", "a", "prd", "wallet"):
            expected = companies[row["company"]][account] if regional else None
            assert row[account] == expected, (row["company"], account)


@pytest.mark.parametrize("hours", [True, False])
@pytest.mark.parametrize("rsc", [True, False])
def test_where_everything_is_told_an_edition_has_the_months_of_the_ledger(
    tmp_path: Path, *, hours: bool, rsc: bool
) -> None:
    if not hours and not rsc:
        return
    ledger = Borough(7, thresholds=EVERYTHING, hours=hours, rsc=rsc).write(tmp_path / "ledger", 3)
    publish(ledger, tmp_path / "edition", "--through", "2026-03")
    hold_readable(tmp_path / "edition")
    private = answer("months", ledger)
    region = {row["month"]: row for row in document(tmp_path / "edition", "region")["months"]}
    months = {row["month"]: row for row in document(tmp_path / "edition", "months")["months"]}
    assert len(private) == len(region) == len(months) == 3
    for row in private:
        public, flows = region[row["month"]], months[row["month"]]
        assert public["closed"] == flows["closed"] == row["closed"]
        assert public["members"] == (row["members"] if rsc else 7)
        if hours:
            assert public["psf"] == flows["psf"]["closing"] == row["psf"]
        if rsc:
            assert public["treasury"] == flows["treasury"]["closing"] == row["treasury"]
            assert flows["treasury"]["opening"] == row["treasury_opening"]
            assert flows["treasury"]["income"] == row["treasury_income"]
            assert flows["treasury"]["spending"] == row["treasury_spending"]
            assert public["dividend"] == flows["dividend"] == row["dividend"]
            assert public["taxes"] == row["taxes"]


def test_the_months_of_the_examples_are_never_wrong(example: Path) -> None:
    """What waits is missing; what is told of the treasury by name and month is what the ledger has."""
    private = {row["month"]: row for row in answer("months", example)}
    for row in document(example.parent / "edition", "months")["months"]:
        theirs = private[row["month"]]
        if row["treasury"] is None:
            continue
        for side in ("income", "spending"):
            for label, amount in row["treasury"][side].items():
                if label != "other" and "(" not in label:
                    assert Decimal(amount) <= Decimal(theirs[f"treasury_{side}"][label]), (row["month"], label)
        assert row["dividend"] in (None, theirs["dividend"])
