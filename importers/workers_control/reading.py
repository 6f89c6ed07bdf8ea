"""Reads a whole app from its database and joins its tables; a reference that leads nowhere refuses the import."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeVar

from conductor_bean.importers.workers_control.database import Tables
from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.importers.workers_control.moments import in_turn, order_events
from conductor_bean.importers.workers_control.records import (
    Account,
    App,
    Approval,
    Consumption,
    Cooperation,
    CoordinationRequest,
    Hours,
    Party,
    Plan,
    Rejection,
    Service,
    ServiceConsumption,
    Tenure,
    Transfer,
)
from conductor_bean.importers.workers_control.values import Row, read_rows

Record = TypeVar("Record")

DAYS_LIMIT = 36_500
"""Plans of the ledger language run for at most so many days."""


def read_app(source: Tables) -> App:
    """Reads everything that the ledger language can say of an app.

    Raises:
        ImportRefusedError: When a cell holds what its column cannot hold, or a reference leads nowhere.
    """
    return _Reader(source).read()


class _Reader:
    """Reads table by table; what was read before is what later references are checked against."""

    def __init__(self, source: Tables) -> None:
        self._source = source
        self._app = App()
        self._accounts: dict[str, Account] = {}
        self._members: dict[str, Party] = {}
        self._companies: dict[str, Party] = {}
        self._cooperations: dict[str, Row] = {}
        self._plans: dict[str, Row] = {}
        self._transfers: dict[str, Transfer] = {}
        self._used: set[str] = set()

    def read(self) -> App:
        """Reads the tables in an order in which every reference leads to a row that is already known."""
        app = self._app
        self._read_parties()
        self._read_cooperations()
        self._read_transfers()
        self._read_plans()
        self._read_services()
        self._read_consumption()
        app.orphans = [transfer for transfer in app.transfers if transfer.uuid not in self._used]
        order_events(app)
        app.drafts = len(self._rows("plan_draft"))
        app.invitations = len(self._rows("company_work_invite"))
        if not app.instants():
            raise ImportRefusedError(
                "the database holds no member, no company, no plan and no transfer",
                "an app that has been used is needed",
                "check that this is the right database",
            )
        return app

    def _rows(self, table: str) -> list[Row]:
        return read_rows(self._source, table)

    def _read_parties(self) -> None:
        for row in self._rows("social_accounting"):
            if any(account.kind == "psf" for account in self._accounts.values()):
                raise row.refuse("is a second social accounting", "an app has one social accounting, with one account")
            self._own(row, "account_psf", Account("psf", ""))
        for row in self._rows("member"):
            party = Party(row.uuid("id"), row.text("name"), row.instant("registered_on"))
            self._members[party.uuid] = party
            self._own(row, "account", Account("member", party.uuid))
        for row in self._rows("company"):
            party = Party(row.uuid("id"), row.text("name"), row.instant("registered_on"))
            self._companies[party.uuid] = party
            for kind in ("p", "r", "a", "prd"):
                self._own(row, f"{kind}_account", Account(kind, party.uuid))
        accountants = [Party(row.uuid("id"), row.text("name")) for row in self._rows("accountant")]
        self._app.accountants = sorted(accountants, key=lambda party: (party.name, party.uuid))
        self._app.members = _by_registration(self._members)
        self._app.companies = _by_registration(self._companies)
        for row in self._rows("jobs"):
            member = self._known(row, "member_id", self._members, "member")
            self._app.jobs.append((self._known(row, "company_id", self._companies, "company").uuid, member.uuid))

    def _read_cooperations(self) -> None:
        self._cooperations = {row.uuid("id"): row for row in self._rows("cooperation")}
        for uuid, row in self._cooperations.items():
            self._own(row, "account", Account("cooperation", uuid))
        tenures: dict[str, list[Tenure]] = defaultdict(list)
        places: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for row in self._rows("coordination_tenure"):
            company = self._known(row, "company", self._companies, "company")
            tenure = Tenure(row.uuid("id"), company.uuid, row.instant("start_date"))
            places[tenure.uuid] = self._known(row, "cooperation", self._cooperations, "cooperation").uuid("id")
            numbers[tenure.uuid] = row.number
            tenures[places[tenure.uuid]].append(tenure)
        requests: dict[str, list[CoordinationRequest]] = defaultdict(list)
        for row in self._rows("coordination_transfer_request"):
            place = self._known(row, "requesting_coordination_tenure", places, "coordination_tenure")
            candidate = self._known(row, "candidate", self._companies, "company").uuid
            tenure_uuid = row.uuid("requesting_coordination_tenure")
            requests[place].append(
                CoordinationRequest(row.uuid("id"), tenure_uuid, candidate, row.instant("request_date"))
            )
        for uuid, row in self._cooperations.items():
            if not tenures[uuid]:
                raise row.refuse("has no coordination_tenure", "its founder coordinates a cooperation from its start")
            self._app.cooperations.append(
                Cooperation(
                    uuid,
                    row.instant("creation_date"),
                    row.text("name"),
                    row.text("definition"),
                    in_turn(sorted(tenures[uuid], key=lambda tenure: (tenure.start, numbers[tenure.uuid]))),
                    tuple(sorted(requests[uuid], key=lambda request: (request.instant, request.uuid))),
                )
            )
        self._app.cooperations.sort(key=lambda cooperation: (cooperation.created, cooperation.uuid))

    def _read_transfers(self) -> None:
        for row in self._rows("transfer"):
            transfer = Transfer(
                row.uuid("id"),
                row.instant("date"),
                self._known(row, "debit_account", self._accounts, "account of any party"),
                self._known(row, "credit_account", self._accounts, "account of any party"),
                row.amount("value"),
                row.transfer_type("type"),
                row.number,
            )
            if not transfer.type.replace("_", "").isalpha() or not transfer.type.isascii():
                raise row.refuse(f"has the type {transfer.type[:40]!r}", "type is one of the app's fifteen transfers")
            self._transfers[transfer.uuid] = transfer
        self._app.transfers = sorted(self._transfers.values(), key=lambda transfer: (transfer.instant, transfer.uuid))

    def _read_plans(self) -> None:
        app = self._app
        self._plans = {row.uuid("id"): row for row in self._rows("plan")}
        for row in self._rows("plan_approval"):
            plan = self._known(row, "plan_id", self._plans, "plan").uuid("id")
            columns = ("transfer_of_credit_p", "transfer_of_credit_r", "transfer_of_credit_a")
            transfers = tuple(self._transfer(row, column) for column in columns)
            app.approvals.append(Approval(row.uuid("id"), plan, row.instant("date"), transfers))
        for row in self._rows("plan_rejection"):
            plan = self._known(row, "plan_id", self._plans, "plan").uuid("id")
            app.rejections.append(Rejection(row.uuid("id"), plan, row.instant("date")))
        app.approvals.sort(key=lambda event: (event.instant, event.uuid))
        app.rejections.sort(key=lambda event: (event.instant, event.uuid))
        approved = {event.plan: event.instant for event in reversed(app.approvals)}
        homes: dict[str, str] = {}
        for row in self._rows("plan_cooperation"):
            plan = self._known(row, "plan", self._plans, "plan").uuid("id")
            if plan in homes:
                raise row.refuse("puts a plan into a second cooperation", "a plan is in one cooperation at a time")
            homes[plan] = self._known(row, "cooperation", self._cooperations, "cooperation").uuid("id")
        app.plans = [self._plan(row, homes.get(uuid), approved.get(uuid)) for uuid, row in self._plans.items()]
        app.plans.sort(key=lambda plan: (plan.filed, plan.uuid))

    def _plan(self, row: Row, home: str | None, approved: int | None) -> Plan:
        requested = row.uuid_or_none("requested_cooperation")
        if requested is not None:
            self._known(row, "requested_cooperation", self._cooperations, "cooperation")
        days = row.count("timeframe")
        if not 0 <= days <= DAYS_LIMIT:
            raise row.refuse(f"has a timeframe of {days} days", f"timeframe is 0 to {DAYS_LIMIT} days")
        return Plan(
            row.uuid("id"),
            row.instant("plan_creation_date"),
            self._known(row, "planner", self._companies, "company").uuid,
            row.amount("costs_p"),
            row.amount("costs_r"),
            row.amount("costs_a"),
            row.text("prd_name"),
            row.text("prd_unit"),
            row.count("prd_amount"),
            row.text("description"),
            days,
            row.flag("is_public_service"),
            row.flag("hidden_by_user"),
            requested,
            home,
            approved,
        )

    def _read_services(self) -> None:
        for row in self._rows("basic_service"):
            provider = self._known(row, "provider", self._members, "member").uuid
            self._app.services.append(
                Service(
                    row.uuid("id"),
                    row.text("name"),
                    row.text("description"),
                    provider,
                    row.instant("created_on"),
                    row.instant_or_none("deactivated_on"),
                )
            )
        self._app.services.sort(key=lambda service: (service.created, service.uuid))

    def _read_consumption(self) -> None:
        app = self._app
        for row in self._rows("registered_hours_worked"):
            company = self._known(row, "company", self._companies, "company").uuid
            worker = self._known(row, "worker", self._members, "member").uuid
            certificates = self._transfer(row, "transfer_of_work_certificates")
            app.hours.append(
                Hours(row.uuid("id"), company, worker, certificates, self._transfer(row, "transfer_of_taxes"))
            )
        for sort in ("private", "productive"):
            for row in self._rows(f"{sort}_consumption"):
                plan = self._known(row, "plan_id", self._plans, "plan").uuid("id")
                transfer = self._transfer(row, f"transfer_of_{sort}_consumption")
                compensated = row.uuid_or_none("transfer_of_compensation") is not None
                compensation = self._transfer(row, "transfer_of_compensation") if compensated else None
                app.consumptions.append(Consumption(row.uuid("id"), plan, transfer, compensation, row.count("amount")))
            services = {service.uuid: service for service in app.services}
            for row in self._rows(f"{sort}_consumption_of_basic_service"):
                service = self._known(row, "basic_service", services, "basic_service").uuid
                transfer = self._transfer(row, "transfer_of_consumption")
                taxes = self._transfer(row, "transfer_of_taxes")
                app.service_consumptions.append(ServiceConsumption(row.uuid("id"), service, transfer, taxes))
        app.hours.sort(key=lambda event: (event.certificates.instant, event.uuid))
        app.consumptions.sort(key=lambda event: (event.transfer.instant, event.uuid))
        app.service_consumptions.sort(key=lambda event: (event.transfer.instant, event.uuid))

    def _own(self, row: Row, column: str, account: Account) -> None:
        uuid = row.uuid(column)
        if uuid in self._accounts:
            raise row.refuse(f"names in {column} an account that another row owns", "an account has one owner")
        self._accounts[uuid] = account

    def _known(self, row: Row, column: str, known: dict[str, Record], what: str) -> Record:
        uuid = row.uuid(column)
        if uuid not in known:
            name = row.called(column)
            raise row.refuse(f"names in {name} {uuid}, which is no {what}", f"{name} names a row that exists")
        return known[uuid]

    def _transfer(self, row: Row, column: str) -> Transfer:
        transfer = self._known(row, column, self._transfers, "transfer")
        if transfer.uuid in self._used:
            raise row.refuse(f"names in {column} a transfer of another event", "a transfer belongs to one event")
        self._used.add(transfer.uuid)
        return transfer


def _by_registration(parties: dict[str, Party]) -> list[Party]:
    return sorted(parties.values(), key=lambda party: (party.registered, party.uuid))
