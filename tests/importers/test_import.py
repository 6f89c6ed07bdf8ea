"""Real databases of the app, imported, hold and give what the app computed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from beancount import loader

from conductor_bean.importers.workers_control import import_database
from tests.importers.support import (
    NAMES,
    changed,
    conductor,
    database,
    errors_of,
    facts_of,
    files_of,
    imported,
    memberships_of,
    of_generation,
    remark_of,
    report_of,
    rows_of,
    slug,
    text_of,
    trace,
)

ROOT = Path(__file__).parents[2]
DIFFERENCE = Decimal("1e-9")

KIND_TO_ACCOUNT = {
    "p": "Assets:Companies:{}:P",
    "r": "Assets:Companies:{}:R",
    "a": "Assets:Companies:{}:A",
    "prd": "Liabilities:Companies:{}:PRD",
    "member": "Assets:Members:{}:Hours",
    "psf": "Equity:PSF",
    "cooperation": "Equity:Cooperations:{}",
}


def account_of(side: dict[str, Any]) -> str:
    """The ledger's account of one of the trace's; the names of these apps are unique and make plain ids."""
    return KIND_TO_ACCOUNT[side["kind"]].format(side["owner_name"].replace(" ", "-"))


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(database(name), tmp_path_factory.mktemp(name) / "region")


def test_an_imported_database_holds(folder: Path) -> None:
    result = conductor("check", folder)
    assert result.exit_code == 0, result.output


def test_it_is_a_ledger_for_beancount_alone(folder: Path, tmp_path: Path) -> None:
    for path, content in files_of(folder).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content.replace(b"plugin ", b'plugin "beancount.plugins.auto_accounts" ; '))
    _, errors, _ = loader.load_file(str(tmp_path / "main.beancount"))
    assert errors == []


def test_its_balances_are_the_apps(folder: Path, name: str) -> None:
    balances = {row["account"]: Decimal(row["balance"]) for row in report_of(folder, "balances")}
    expected = {account_of(account): Decimal(account["balance_exact"]) for account in trace(name)["accounts"]}
    assert balances.keys() == expected.keys()
    assert max(abs(balances[account] - expected[account]) for account in expected) < DIFFERENCE


def test_its_transfers_are_the_apps(folder: Path, name: str) -> None:
    found = [
        (row["instant"], row["type"], row["debit"], row["credit"], Decimal(row["amount"]))
        for row in report_of(folder, "transfers")
    ]
    expected = [
        (
            row["datetime"].rstrip("Z"),
            row["type"],
            account_of(row["debit"]),
            account_of(row["credit"]),
            Decimal(row["value_db"]),
        )
        for row in trace(name)["transfers"]
    ]
    assert sorted(found) == sorted(expected)


def test_employment_at_the_end_is_the_apps(folder: Path, name: str) -> None:
    ended = {ids[1:] for ids in facts_of(folder, "employment-end")}
    begun = {ids[1:] for ids in facts_of(folder, "employment")}
    query = (
        "SELECT company.name, member.name FROM jobs JOIN company ON company.id = company_id "
        "JOIN member ON member.id = member_id"
    )
    assert begun - ended == {(slug(company), slug(member)) for company, member in rows_of(database(name), query)}


def test_memberships_at_the_end_are_the_apps(folder: Path, name: str) -> None:
    query = (
        "SELECT cooperation.name, prd_name FROM plan_cooperation JOIN plan ON plan.id = plan "
        "JOIN cooperation ON cooperation.id = cooperation"
    )
    claimed = {(cooperation, plan) for cooperation, plan, _, end in memberships_of(folder) if end is None}
    assert claimed == {
        (slug(cooperation), slug(plan)) for cooperation, plan in rows_of(database(name), of_generation(name, query))
    }


def test_no_membership_is_claimed_that_was_not(folder: Path, name: str) -> None:
    query = "SELECT id, prd_name FROM plan UNION ALL SELECT id, name FROM cooperation"
    ids = {str(UUID(uuid)): slug(called) for uuid, called in rows_of(database(name), of_generation(name, query))}
    true: dict[tuple[str, str], list[list[str]]] = {}
    for event in trace(name)["events"]:
        instant = event["datetime"].rstrip("Z")
        if event["type"] == "accept_cooperation":
            true.setdefault((ids[event["cooperation"]], ids[event["plan"]]), []).append([instant, "9999"])
        if event["type"] == "end_cooperation":
            true[ids[event["cooperation"]], ids[event["plan"]]][-1][1] = instant
    for cooperation, plan, start, end in memberships_of(folder):
        if "no price shows since when" in remark_of(folder, "cooperation-request", cooperation, plan):
            continue
        spans = true[cooperation, plan]
        # Where a plan left and came back without a price that tells, one membership stands for both.
        assert any(first <= start <= last for first, last in spans)
        assert any(first <= (end or "9999") <= last for first, last in spans)


def test_coordinators_are_the_apps(folder: Path, name: str) -> None:
    companies = {
        event["company"]: event["name"] for event in trace(name)["events"] if event["type"] == "register_company"
    }
    expected: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for event in trace(name)["events"]:
        if event["type"] == "create_cooperation":
            names[event["cooperation"]] = event["name"].replace(" ", "-")
            tenure = (event["coordinator"], event["datetime"])
        elif event["type"] == "accept_coordination_transfer":
            tenure = (event["company"], event["datetime"])
        else:
            continue
        expected.setdefault(names[event["cooperation"]], []).append(
            (companies[tenure[0]].replace(" ", "-"), tenure[1].rstrip("Z"))
        )
    found = {
        row["cooperation"]: [(tenure["company"], tenure["since"]) for tenure in row["coordinators"]]
        for row in report_of(folder, "cooperations")
    }
    assert found == expected


def test_the_same_database_gives_the_same_bytes(folder: Path, name: str, tmp_path: Path) -> None:
    assert files_of(imported(database(name), tmp_path / "again")) == files_of(folder)


def test_the_order_of_rows_in_the_file_changes_nothing(folder: Path, name: str, tmp_path: Path) -> None:
    shuffled = changed(
        tmp_path / "shuffled.sqlite",
        *(
            f"UPDATE {table} SET rowid = -rowid"
            for table in ("transfer", "member", "company", "plan", "private_consumption", "registered_hours_worked")
        ),
        name=name,
    )
    assert files_of(imported(shuffled, tmp_path / "region")) == files_of(folder)


def test_nothing_is_left_uninferred(name: str, tmp_path: Path) -> None:
    report = import_database(str(database(name)), tmp_path / "region")
    assert report.not_inferable == []
    assert report.read["transfers"] == len(trace(name)["transfers"])
    assert "#not-inferred" not in text_of(tmp_path / "region")


def test_the_report_tells_what_was_inferred_and_left_out(tmp_path: Path) -> None:
    output = conductor("import", "workers-control", database("medium11"), "--to", tmp_path / "region").stdout
    assert "150 registrations of hours" in output
    assert "1 employment-end" in output
    assert "left out: 21 drafts of plans, 2 marks that hide a plan" in output
    assert "could not be inferred: nothing" in output


def test_a_worker_who_left_is_employed_until_her_last_hours(tmp_path: Path) -> None:
    folder = imported(database("medium11"), tmp_path / "region")
    ((end, company, member),) = facts_of(folder, "employment-end")
    assert (company, member) == ("Company-02", "Member-01")
    rows = report_of(folder, "transfers", "--type", "work_certificates", "--party", member)
    last = max(row["instant"] for row in rows if row["debit"] == f"Assets:Companies:{company}:A")
    assert end == f"{last}.000001"


def test_settings_of_the_app_are_options(tmp_path: Path) -> None:
    folder = imported(
        database("small1"),
        tmp_path / "region",
        *("--region", "Riverbend", "--name", 'The "Bend"', "--fic-window-days", "180", "--overdraw", "12.5"),
    )
    text = (folder / "region.yaml").read_text()
    assert 'region: "Riverbend"\nname: "The \\"Bend\\""\n' in text
    assert "member_overdraw: 12.5" in text


def test_passwords_and_addresses_are_never_written(tmp_path: Path) -> None:
    canary = "canary-7431"
    source = changed(
        tmp_path / "app.sqlite",
        f"UPDATE user SET password = '{canary}', email_address = '{canary}@example.org' || id",
        f"UPDATE email SET address = '{canary}@example.org' || address",
        f"INSERT INTO email_outbox VALUES ('1', '2024-01-01', '{canary}', '{canary}', '{canary}', '', null, 0, '')",
        f"INSERT INTO password_reset_request VALUES ('1', '{canary}', '{canary}', '2024-01-01')",
    )
    result = conductor("import", "workers-control", source, "--to", tmp_path / "region")
    assert result.exit_code == 0
    assert canary not in result.output
    assert all(canary.encode() not in content for content in files_of(tmp_path / "region").values())
    assert all(b"@example.org" not in content for content in files_of(tmp_path / "region").values())


def test_ledgers_imported_is_what_the_importer_makes(tmp_path: Path) -> None:
    folder = imported(database("small1"), tmp_path / "region")
    assert files_of(folder) == files_of(ROOT / "ledgers" / "imported")
    assert errors_of(ROOT / "ledgers" / "imported") == []
