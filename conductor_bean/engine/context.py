"""What every handler of an event works with: the state, the chart of accounts, and the look-ups built on them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME, Account, Chart
from conductor_bean.domain.amounts import Commodity, decimal_text
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import Rejection, codes, did_you_mean, quoted
from conductor_bean.domain.transfers import table
from conductor_bean.engine.market import PriceList, TaxOffice
from conductor_bean.engine.staff import Staff
from conductor_bean.engine.tracking import Tracker
from conductor_bean.engine.wage_table import WageTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conductor_bean.domain.plans import Cooperation, Plan
    from conductor_bean.domain.region import Region, Rules
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.reversals import Part
    from conductor_bean.engine.state import Party, State

Thing = TypeVar("Thing")

_MAX_HINTS = 100

HOURS_ALONE = Commodity("hours", 6)
"""How hours are counted where labour time is off and wages are recorded with their hours.

No finer, since Beancount writes a smaller number with an exponent, which it cannot read back.
"""

_NO_CREDITS = Commodity("RSC", 2)


class Context:
    """The region while events are applied to it.

    Args:
        region: The region's identity and decisions.
        state: What holds before the first event; changed in place.
        chart: The chart of accounts, shared with the reader so that accounts keep their identity.
        hypothetical: Whether other decisions are tried on what happened: what the text records of derived legs is
            computed anew, and what an account lacks is noted instead of rejected (RULES.md, part B, "What-if").
    """

    def __init__(self, region: Region, state: State, chart: Chart, *, hypothetical: bool = False) -> None:
        self.region = region
        self.hypothetical = hypothetical
        self.state = state
        self.chart = chart
        self.rules: Rules = region.decisions.at(state.now)
        self._rules_until = region.decisions.until(state.now)
        self.labour_time = region.commodity(LABOUR_TIME) or HOURS_ALONE
        self.credits = region.commodity(CREDITS) or _NO_CREDITS
        self.has_credits = region.credits is not None
        self.taxes = TaxOffice(state, self.rules.fic_window_days)
        self.prices = PriceList(state, self.labour_time)
        self.psf = chart.of("psf")
        self.treasury = chart.of("treasury")
        self.member_wallets = _Accounts(chart, "member_wallet")
        self.company_wallets = _Accounts(chart, "company_wallet")
        self.wages = WageTable(self.rules, self.labour_time, self.credits)
        self.tracker = Tracker(state, self.company_wallets, chart)
        self.shortfalls: dict[str, int] = {}
        self.opened: list[str] = []
        self._hints: dict[tuple[str, str], str] = {}
        self.notes: list[tuple[str, str]] = []
        self.unsettled: set[str] = set()
        self.stated: dict[tuple[str, ...], object] = {}
        self.firm: set[str] = set()
        self.parts: dict[int, Part] = {}
        self.together: Sequence[Fact] = ()
        self._staff: Staff | None = None
        self.looks: dict[str, dict[str, str]] = {}
        self.in_office: dict[tuple[str, str | None], str] | None = None

    def advance(self, instant: int) -> None:
        """Let time pass up to an instant: other decisions may be in force, another FIC holds."""
        if self._rules_until is not None and instant >= self._rules_until:
            self.rules = self.region.decisions.at(instant)
            self._rules_until = self.region.decisions.until(instant)
            if self.rules.fic_window_days != self.taxes.window_days:
                self.taxes.set_window(self.rules.fic_window_days, instant)
            self.wages = WageTable(self.rules, self.labour_time, self.credits)
        self.state.now = instant
        self.unsettled.clear()
        self.stated.clear()
        self.firm.clear()
        self.parts.clear()
        self.together, self._staff = (), None
        self.in_office = None
        if self.has_credits:
            self.tracker.advance(instant)
        self.taxes.forget()

    @property
    def staff(self) -> Staff:
        """Who works where after the facts of the present instant."""
        if self._staff is None:
            self._staff = Staff(self.together)
        return self._staff

    def hours(self, units: int) -> str:
        """Units of labour time as a person reads them."""
        number = self.labour_time.number(units)
        if self.region.labour_time is None:
            number = number.normalize() if number else Decimal(0)
        return f"{decimal_text(number)} {self.labour_time.name}"

    def rsc(self, units: int) -> str:
        """Units of credits as a person reads them."""
        return f"{decimal_text(self.credits.number(units))} {self.credits.name}"

    def exact(self, units: Fraction) -> str:
        """An exact number of units of credits as a person reads it, to two digits more than the precision."""
        shown = self.credits.exact(units)
        return f"{decimal_text(round(shown, self.credits.digits + 2))} {self.credits.name}"

    def amount(self, account: Account, units: int) -> str:
        """Units of an account's commodity as a person reads them."""
        return self.rsc(units) if account.economy == CREDITS else self.hours(units)

    def commodity_of(self, transfer_type: str) -> Commodity:
        """The commodity in which a type of transfer moves."""
        return self.credits if table()[transfer_type].commodity == "RSC" else self.labour_time

    def account(self, name: str) -> Account:
        """The governed account of a name that is known to be one."""
        account = self.chart.find(name)
        assert account is not None
        return account

    def open(self, *accounts: str) -> None:
        """Open accounts at zero, for the party that the present fact declares."""
        for account in accounts:
            self.state.balances[account] = 0
        self.opened.extend(accounts)

    def advise(self, code: str, message: str) -> None:
        """Note advice on the event that is applied; it is given only if the event is accepted."""
        self.notes.append((code, message))

    def object_to(self, code: str, message: str) -> None:
        """Reject the event that is applied where the region's table makes the code an error, else note it as advice.

        Raises:
            Rejection: The code.
        """
        if not codes()[code].is_advice(self.region.table):
            raise Rejection(code, message)
        self.advise(code, message)

    def check_stated_once(self, fact: Fact, *ids: str) -> None:
        """Hold that no other fact of this instant says something else of the same thing.

        Raises:
            Rejection: `stated-twice`.
        """
        said = (fact.data, fact.by)
        if self.stated.setdefault((fact.type.name, *ids), said) != said:
            raise Rejection(
                "stated-twice",
                f"another {fact.type.name} of {', '.join(quoted(name) for name in ids)} at the same instant says "
                "something "
                "else; remove one, or give the later one a time:",
            )

    def check_settled(self, thing: str) -> None:
        """Hold that no reversal of this instant, which may fall yet for lack of funds, changed a loan or property.

        Raises:
            Rejection: `changed-at-this-instant`.
        """
        if thing in self.unsettled:
            raise Rejection(
                "changed-at-this-instant",
                f"a reversal of the same instant changes {quoted(thing)}; give this transaction a time: after it",
            )

    # Look-ups: each rejects with the code of its kind and names the nearest id.

    def member(self, name: str) -> Party:
        """A member who has not left."""
        return self.taking_part(self.known(self.state.members, "member", name, "member-not-found"))

    def company(self, name: str) -> Party:
        """A company that has not ended."""
        return self.taking_part(self.known(self.state.companies, "company", name, "company-not-found"))

    def accountant(self, name: str) -> Party:
        """An accountant in office."""
        return self.taking_part(self.known(self.state.accountants, "accountant", name, "accountant-not-found"))

    def taking_part(self, party: Party) -> Party:
        """A party that has not ended."""
        if party.ended is not None:
            raise self.has_ended(party)
        return party

    @staticmethod
    def has_ended(party: Party) -> Rejection:
        """Why a party that has ended does not act."""
        assert party.ended is not None
        if party.bankrupt:
            return Rejection(
                "company-is-bankrupt",
                f"the company {quoted(party.id)} is bankrupt since {format_instant(party.ended)}; it trades no more, "
                "so name another",
            )
        return Rejection(
            f"{party.kind}-has-ended",
            f"the {party.kind} {quoted(party.id)} ended at {format_instant(party.ended)}; "
            "name one that still takes part",
        )

    def plan(self, name: str) -> Plan:
        """A plan that was filed."""
        return self.known(self.state.plans, "plan", name, "plan-not-found")

    def cooperation(self, name: str) -> Cooperation:
        """A cooperation that was founded."""
        return self.known(self.state.cooperations, "cooperation", name, "cooperation-not-found")

    def known(self, things: Mapping[str, Thing], kind: str, name: str, code: str) -> Thing:
        """The thing of an id, or a rejection that names the nearest one."""
        try:
            return things[name]
        except KeyError:
            raise Rejection(
                code,
                f"there is no {kind} {quoted(name)} at this instant; declare it before it is used, or mend the id"
                + self.hint(name, things, kind),
                missing=(kind, name),
            ) from None

    def hint(self, name: str, things: Iterable[str], kind: str = "") -> str:
        """A sentence that names the nearest id. Bounded: 100,000 faults must not cost 100,000 searches of a region."""
        hint = self._hints.get((kind, name))
        if hint is None:
            if len(self._hints) >= _MAX_HINTS:
                return ""
            hint = self._hints[kind, name] = did_you_mean(name, things)
        return hint

    def borrower(self, name: str) -> Party:
        """A member or company that takes part."""
        members = self.state.members
        if name in members or name not in self.state.companies:
            return self.taking_part(
                self.known({**members, **self.state.companies}, "member or company", name, "member-not-found")
                if name not in members
                else members[name]
            )
        return self.company(name)

    def acted_by(self, fact: Fact, allowed: Iterable[str], code: str, right: str) -> None:
        """Hold that whoever the fact names in `by:` was entitled to act."""
        entitled = set(allowed)
        for name in fact.by:
            if name not in entitled:
                raise Rejection(code, f"by: {quoted(name)} may not do this; {right}")


class _Accounts(dict[str, Account]):
    """Accounts of one kind by owner, each looked up once."""

    def __init__(self, chart: Chart, kind: str) -> None:
        super().__init__()
        self._chart = chart
        self._kind = kind

    def __missing__(self, owner: str) -> Account:
        account = self[owner] = self._chart.of(self._kind, owner)
        return account
