"""What the app does not record, besides memberships, is inferred soundly."""

from __future__ import annotations

from pathlib import Path

from tests.importers.support import changed, database, errors_of, facts_of, imported, report_of, rows_of, slug, text_of


def test_employment_begins_on_the_day_of_the_first_hours(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite"), tmp_path / "region")
    registered = {ids[0]: instant for instant, *ids in facts_of(folder, "member")}
    registered |= {ids[0]: instant for instant, *ids in facts_of(folder, "company")}
    for instant, company, member in facts_of(folder, "employment"):
        hours = report_of(folder, "transfers", "--type", "work_certificates", "--party", member)
        own = [row["instant"] for row in hours if row["debit"] == f"Assets:Companies:{company}:A"]
        assert instant >= max(registered[company], registered[member])
        assert not own or instant[:10] <= min(own)[:10]


def test_a_job_without_hours_begins_when_both_are_registered(tmp_path: Path) -> None:
    query = (
        "SELECT m.id, c.id, m.name, c.name, max(m.registered_on, c.registered_on) FROM member m, company c WHERE "
        "NOT EXISTS (SELECT 1 FROM registered_hours_worked WHERE worker = m.id AND company = c.id) ORDER BY 3, 4"
    )
    member_uuid, company_uuid, member, company, instant = rows_of(database("small1"), query)[0]
    statement = ("INSERT INTO jobs VALUES (?, ?)", [member_uuid, company_uuid])
    folder = imported(changed(tmp_path / "app.sqlite", "DELETE FROM jobs", statement), tmp_path / "region")
    assert (f"{instant[:10]}T{instant[11:19]}", slug(company), slug(member)) in facts_of(folder, "employment")
    assert errors_of(folder) == []


def test_everybody_who_has_left_is_employed_no_more(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite", "DELETE FROM jobs"), tmp_path / "region")
    assert errors_of(folder) == []
    begun = {ids[1:] for ids in facts_of(folder, "employment")}
    assert begun == {ids[1:] for ids in facts_of(folder, "employment-end")}
    assert len(begun) >= 4


def test_decisions_without_an_accountant_get_one(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite", "DELETE FROM accountant"), tmp_path / "region")
    assert errors_of(folder) == []
    assert [ids[1:] for ids in facts_of(folder, "accountant")] == [("workers-control-app",)]
    assert 'by: "workers-control-app"' in text_of(folder)


def test_coordination_passes_by_the_requests_that_are_recorded(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite", name="medium11"), tmp_path / "region")
    assert facts_of(folder, "coordination-request") == [
        ("2024-03-20T06:04:52", "Cooperation-01", "Company-07"),
        ("2024-12-12T18:07:21", "Cooperation-01", "Company-05"),
        ("2025-01-23T12:00:00", "Cooperation-01", "Company-07"),
    ]
    assert len(facts_of(folder, "coordination-acceptance")) == 2


def test_a_tenure_without_a_recorded_request_gets_one(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "DELETE FROM coordination_transfer_request", name="medium11")
    folder = imported(source, tmp_path / "region")
    assert errors_of(folder) == []
    requests, acceptances = facts_of(folder, "coordination-request"), facts_of(folder, "coordination-acceptance")
    assert len(requests) == 2
    assert requests == acceptances
    assert "2 coordination-request" in text_of(folder)


def test_pending_requests_are_pending_at_the_end(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite", name="medium11"), tmp_path / "region")
    pending = {plan for row in report_of(folder, "cooperations") for plan in row["requests"]}
    assert len(pending) == 3


def test_a_request_that_no_plan_could_make_is_left_out_and_told(tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite",
        "UPDATE plan SET requested_cooperation = (SELECT id FROM cooperation LIMIT 1) WHERE is_public_service",
    )
    folder = imported(source, tmp_path / "region")
    assert errors_of(folder) == []
    assert "its request is left out" in " ".join(text_of(folder).replace("\n;", " ").split())


def test_a_present_membership_that_fits_nowhere_is_left_out_and_told(tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite",
        "INSERT INTO plan_cooperation SELECT plan.id, cooperation.id FROM plan, cooperation "
        "WHERE is_public_service AND cooperation.name = 'Cooperation 01'",
    )
    folder = imported(source, tmp_path / "region")
    assert errors_of(folder) == []
    assert "its membership is left out" in " ".join(text_of(folder).replace("\n;", " ").split())


def test_plans_that_are_not_decided_stay_filed(tmp_path: Path) -> None:
    folder = imported(changed(tmp_path / "app.sqlite"), tmp_path / "region")
    states = [row["state"] for row in report_of(folder, "plans")]
    assert states.count("filed") == 1
    assert states.count("rejected") == 1


def test_a_deactivated_service_ends(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "UPDATE basic_service SET deactivated_on = '2024-06-01 12:00:00.000000'")
    folder = imported(source, tmp_path / "region")
    assert errors_of(folder) == []
    assert facts_of(folder, "basic-service-end") == [("2024-06-01T12:00:00", "haircut-1")]


def test_a_peer_that_lets_ended_services_be_consumed_is_found_out(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "UPDATE basic_service SET deactivated_on = '2024-04-24 11:00:00.000000'")
    folder = imported(source, tmp_path / "region")
    # The import tells the row; taxes of later hours, which follow from those of the service, are not accused for it.
    assert "journal/2024-04.beancount:38: the service ended before" in (folder / "main.beancount").read_text()
    assert errors_of(folder) == []
