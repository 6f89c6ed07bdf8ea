"""Writes facts and transfers as Beancount text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from conductor_bean.domain import instants
from conductor_bean.domain.columns import aligned
from conductor_bean.importers.workers_control.breaches import Breaches
from conductor_bean.importers.workers_control.facts import Fact, Value
from conductor_bean.importers.workers_control.ids import Ids
from conductor_bean.importers.workers_control.records import Account, App, Transfer

COMMODITY = "HOUR"

_LABEL_LENGTH = 80
_REMARKS = {
    "#not-inferred": "recorded so; no membership of cooperations was found from which this price follows",
    "#without-event": "recorded so; no event of the app names this transfer",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(r'[\\"\n\t\r]')
# What no ledger may hold: control characters, lone surrogates, marks that turn the direction of what follows. Line ends
# of other scripts stay: within quotes they are harmless.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def quoted(text: str) -> str:
    """The text as a Beancount string, on one line."""
    printable = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return '"' + _ESCAPED.sub(lambda match: _ESCAPES[match[0]], printable) + '"'


def label(text: str) -> str:
    """A text as a short label on one line, for payees and narrations; the whole text stands with its fact."""
    line = " ".join(text.split())
    return line if len(line) <= _LABEL_LENGTH else line[: _LABEL_LENGTH - 1].rstrip() + "…"


def number(value: Decimal) -> str:
    """An amount in plain digits, without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_fact(fact: Fact) -> str:
    """A custom directive, with its time."""
    lines = [f"; {fact.remark}"] if fact.remark else []
    values = " ".join(quoted(value) for value in fact.ids)
    lines.append(f'{instants.date_of(fact.instant)} custom "{fact.type}" {values}')
    lines.append(f'  time: "{instants.format_time(fact.instant)}"')
    lines += [f"  {key}: {_value(value)}" for key, value in fact.data.items()]
    return "\n".join(lines)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return f"{number(value)} {COMMODITY}"
    return str(value) if isinstance(value, int) else quoted(value)


class Journal:
    """Writes the transactions of an app, in order of instant."""

    def __init__(self, app: App, ids: Ids, unexplained: frozenset[str], breaches: Breaches) -> None:
        self._app = app
        self._ids = ids
        self._breaches = breaches
        self._unexplained = unexplained
        self._owners = {party.uuid: party.name for party in (*app.members, *app.companies)}
        self._owners |= {cooperation.uuid: cooperation.name for cooperation in app.cooperations}
        self._entries: list[tuple[int, str, str]] = []

    def months(self) -> dict[str, str]:
        """The text of every month in which something moved, by YYYY-MM."""
        self._entries = []
        self._write_approvals()
        self._write_hours()
        self._write_consumptions()
        self._write_service_consumptions()
        self._write_orphans()
        months: dict[str, list[str]] = {}
        for instant, _, text in sorted(self._entries):
            months.setdefault(instants.date_of(instant).isoformat()[:7], []).append(text)
        return {month: "\n\n".join(texts) + "\n" for month, texts in months.items()}

    def _write_approvals(self) -> None:
        plans = {plan.uuid: plan for plan in self._app.plans}
        for approval in self._app.approvals:
            name = self._ids.plans[approval.plan]
            plan = plans[approval.plan]
            self._add(
                (approval.instant, approval.uuid),
                (self._owners[plan.planner], f"credits of {plan.product}", f"^{name} #derived"),
                [f'derived-from: "plan-approval {name}"'],
                approval.transfers,
            )

    def _write_hours(self) -> None:
        for hours in self._app.hours:
            worker = self._owners[hours.worker]
            self._add(
                (hours.certificates.instant, hours.uuid),
                (self._owners[hours.company], f"{worker}, {number(hours.certificates.value)} hours", "#derived"),
                [f'id: "{hours.certificates.uuid}"'],
                (hours.certificates, hours.taxes),
            )

    def _write_consumptions(self) -> None:
        plans = {plan.uuid: plan for plan in self._app.plans}
        for consumption in self._app.consumptions:
            compensation = consumption.compensation
            # The app computes with 28 digits, and may compensate a difference in the last of them. At ten decimals
            # it is nothing, and a compensation of nothing is none.
            compensations = (compensation,) if compensation is not None and compensation.value else ()
            marks = [f"^{self._ids.plans[consumption.plan]}", "#derived" if compensations else ""]
            if consumption.uuid in self._unexplained:
                marks.append("#not-inferred")
            narration = f"{consumption.quantity} {plans[consumption.plan].product}"
            self._add(
                (consumption.transfer.instant, consumption.uuid),
                (self._owner(consumption.transfer.debit), narration, " ".join(filter(None, marks))),
                [f'id: "{consumption.transfer.uuid}"', f"quantity: {consumption.quantity}"],
                (consumption.transfer, *compensations),
            )

    def _write_service_consumptions(self) -> None:
        names = {service.uuid: service.name for service in self._app.services}
        for consumption in self._app.service_consumptions:
            narration = f"{names[consumption.service]}, {number(consumption.transfer.value)} hours"
            self._add(
                (consumption.transfer.instant, consumption.uuid),
                (
                    self._owner(consumption.transfer.debit),
                    narration,
                    f"^{self._ids.services[consumption.service]} #derived",
                ),
                [f'id: "{consumption.transfer.uuid}"'],
                (consumption.transfer, consumption.taxes),
            )

    def _write_orphans(self) -> None:
        for transfer in self._app.orphans:
            self._add(
                (transfer.instant, transfer.uuid),
                (self._owner(transfer.debit), transfer.type, "#without-event"),
                [f'id: "{transfer.uuid}"'],
                (transfer,),
            )

    def _owner(self, account: Account) -> str:
        return self._owners.get(account.owner, "Social accounting")

    def _add(
        self, moment: tuple[int, str], head: tuple[str, str, str], data: list[str], transfers: Sequence[Transfer]
    ) -> None:
        """Adds a transaction: its instant and the id that orders it, what its first line says, its data, its legs."""
        instant, uuid = moment
        payee, narration, marks = head
        lines = [f"; {_REMARKS[mark]}" for mark in _REMARKS if mark in marks]
        said = (self._breaches.said.get(one) for one in (uuid, *(transfer.uuid for transfer in transfers)))
        lines += [f"; {text}" for text in said if text]
        lines.append(
            f"{instants.date_of(instant)} * {quoted(label(payee))} {quoted(label(narration))} {marks}".rstrip()
        )
        lines.append(f'  time: "{instants.format_time(instant)}"')
        lines += [f"  {line}" for line in data]
        for transfer in transfers:
            lines += self._legs(transfer)
        self._entries.append((instant, uuid, "\n".join(lines)))

    def _legs(self, transfer: Transfer) -> Iterator[str]:
        # A leg of zero has no sign: its direction follows from the kinds of the accounts.
        for account, value in ((transfer.debit, -transfer.value), (transfer.credit, transfer.value)):
            yield aligned(f"  {self._account(account)}", number(value or Decimal(0)), COMMODITY)
            yield f'    transfer: "{transfer.type}"'

    def _account(self, account: Account) -> str:
        if account.kind == "psf":
            return "Equity:PSF"
        if account.kind == "cooperation":
            return f"Equity:Cooperations:{self._ids.cooperations[account.owner]}"
        if account.kind == "member":
            return f"Assets:Members:{self._ids.members[account.owner]}:Hours"
        company = self._ids.companies[account.owner]
        if account.kind == "prd":
            return f"Liabilities:Companies:{company}:PRD"
        return f"Assets:Companies:{company}:{account.kind.upper()}"
