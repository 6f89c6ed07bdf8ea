"""Which function applies which fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.engine import (
    assets,
    banking,
    cooperations,
    estate,
    listings,
    months,
    parties,
    planning,
    reversals,
    schooling,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact, Transfer

FACTS: dict[str, Callable[[Context, Fact], list[Transfer] | None]] = {
    "accountant": parties.accountant,
    "member": parties.member,
    "company": parties.company,
    "employment": parties.employment,
    "plan": planning.plan,
    "plan-withdrawal": planning.withdrawal,
    "plan-rejection": planning.rejection,
    "plan-approval": planning.approval,
    "cooperation": cooperations.founding,
    "cooperation-exit": cooperations.exit_,
    "coordination-request": cooperations.coordination_request,
    "coordination-denial": cooperations.coordination_denial,
    "coordination-acceptance": cooperations.coordination_acceptance,
    "cooperation-request": cooperations.request,
    "cooperation-cancellation": cooperations.cancellation,
    "cooperation-denial": cooperations.denial,
    "cooperation-acceptance": cooperations.acceptance,
    "basic-service": parties.basic_service,
    "basic-service-end": parties.basic_service_end,
    "region": listings.region,
    "bank": banking.bank,
    "pool": listings.pool,
    "offer": listings.offer,
    "property": estate.property_,
    "wait-list": estate.wait_list,
    "lease": estate.lease,
    "enrolment-request": schooling.enrolment_request,
    "enrolment": schooling.enrolment,
    "loan": banking.loan,
    "outside-loan": banking.outside_loan,
    "asset": assets.asset,
    "asset-end": assets.asset_end,
    "bankruptcy": parties.bankruptcy,
    "offer-end": listings.offer_end,
    "lease-end": estate.lease_end,
    "enrolment-end": schooling.enrolment_end,
    "wait-list-end": estate.wait_list_end,
    "employment-end": parties.employment_end,
    "company-end": parties.company_end,
    "member-end": parties.member_end,
    "accountant-end": parties.accountant_end,
    "reversal": reversals.reversal,
    "month-close": months.month_close,
    "seal": months.seal,
}

UNDO: dict[str, Callable[[Context, Fact], None]] = {
    "loan": banking.take_back_loan,
    "reversal": reversals.take_back_reversal,
}
"""Facts that spend: while an account ends their instant below its limit, they may be rejected after all."""
