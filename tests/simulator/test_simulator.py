"""The engine and the naive model play the same random histories, and agree on everything.

``CONDUCTOR_HISTORIES=20000`` plays more of them, ``CONDUCTOR_SEED=1000000`` others; a failure prints its seed, and
``CONDUCTOR_SEED=<that seed> CONDUCTOR_HISTORIES=1`` plays it alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.model.credits import reading
from tests.model.events import CREDIT_FACTS, FACT_ORDER, LABOUR_FACTS, Fact, Nonsense
from tests.model.naive import play
from tests.model.transactions import RECORDED
from tests.simulator.generator import write_story
from tests.simulator.play import played

# Histories of credits are longer, and their months take longer to check by hand.
DEFAULTS = {"labour": 2000, "credits": 100, "both": 100}
HISTORIES = {economy: int(os.environ.get("CONDUCTOR_HISTORIES", default)) for economy, default in DEFAULTS.items()}
FIRST_SEED = int(os.environ.get("CONDUCTOR_SEED", "0"))
# So many histories are one test: enough tests for two processes to share, few enough to read.
AT_ONCE = {"labour": 100, "credits": 25, "both": 25}
BATCHES = [
    (economy, range(first, min(first + AT_ONCE[economy], FIRST_SEED + histories)))
    for economy, histories in HISTORIES.items()
    for first in range(FIRST_SEED, FIRST_SEED + histories, AT_ONCE[economy])
]


@pytest.mark.parametrize(("economy", "seeds"), BATCHES, ids=str)
def test_engine_and_model_agree_on_random_histories(economy: str, seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        found = played(write_story(seed, economy=economy), tmp_path / str(seed))
        assert not found, "\n".join([f"CONDUCTOR_SEED={seed} ({economy}) in {tmp_path / str(seed)}:", *found])


LABOUR_DERIVED = {"taxes", "compensation_for_coop", "compensation_for_company"}
LABOUR_DERIVED |= {f"credit_{public}{kind}" for public in ("", "public_") for kind in "pra"}
COMMON_FACTS = {*FACT_ORDER} - {*LABOUR_FACTS, *CREDIT_FACTS}
ACCEPTED = {
    "labour": {*COMMON_FACTS, *LABOUR_FACTS, *RECORDED.values(), *LABOUR_DERIVED},
    "credits": {*COMMON_FACTS, *CREDIT_FACTS, *reading.RECORDED, *reading.DERIVED},
    "both": {*FACT_ORDER, *RECORDED.values(), *LABOUR_DERIVED, *reading.RECORDED, *reading.DERIVED},
}


@pytest.mark.parametrize("economy", ACCEPTED)
def test_the_histories_hold_every_kind_of_event_and_every_transfer(economy: str) -> None:
    """A simulator that stopped making something would stay green: count what it makes."""
    accepted: set[str] = set()
    refused: set[str] = set()
    events = wrong = 0
    for seed in range(120):
        story = write_story(seed, economy=economy)
        history = play(story.events, story.region)
        events += len(story.events)
        wrong += len(history.refusals)
        for position, event in enumerate(story.events):
            kind = event.kind if isinstance(event, Fact) else "nonsense" if isinstance(event, Nonsense) else "moved"
            (refused if position in history.refusals else accepted).add(kind)
            accepted |= {transfer.type for transfer in history.transfers.get(position, [])}
        refused |= {code for refusal in history.refusals.values() for code in refusal.code.split("|")}
    assert accepted >= ACCEPTED[economy]
    assert refused >= NAMED_CODES[economy]
    assert 0.1 < wrong / events < 0.4


# The codes that the contract names for what a person may do wrong.
LABOUR_CODES = {
    "plan-not-found",
    "basic-service-not-found",
    "consumer-does-not-exist",
    "plan-inactive",
    "plan-is-rejected",
    "basic-service-inactive",
    "cannot-consume-public-service",
    "worker-not-at-company",
    "consumer-is-planner",
    "consumer-is-provider",
    "plan-has-cooperation",
    "requester-is-not-planner",
    "requester-is-not-coordinator",
    "cooperation-was-not-requested",
    "hours-worked-must-be-positive",
    "wrong-amount",
    "insufficient-balance",
}
CREDIT_CODES = {
    "account-is-not-sellers",
    "accountant-not-found",
    "ambiguous-transfer",
    "company-has-loan",
    "company-is-bankrupt",
    "company-is-not-regional",
    "duplicate-id",
    "forbidden-transfer",
    "insufficient-balance",
    "member-has-credits",
    "missing-approvals",
    "missing-input",
    "missing-quantity",
    "occupation-not-found",
    "offer-is-a-job",
    "offer-not-found",
    "past-the-wait-list",
    "property-has-no-price",
    "property-is-acquired",
    "property-is-sold",
    "property-not-found",
    "accountant-has-ended",
    "buyer-is-seller",
    "same-account",
    "quantity-must-be-positive",
    "repayment-exceeds-loan",
    "worker-not-at-company",
    "wrong-amount",
}
RECORDED_WAGES = {"missing-hours", "hours-worked-must-be-positive", "more-than-24-hours-a-day"}
# A fact of each type is refused, too, but for the few that are hardly ever wrong.
HARDLY_WRONG = {"property", "bankruptcy", "pool", "region", "wait-list-end", "accountant-end", "month-close"}
NAMED_CODES = {
    "labour": {*COMMON_FACTS, *LABOUR_FACTS, *LABOUR_CODES},
    "credits": {*CREDIT_FACTS, *CREDIT_CODES, *RECORDED_WAGES} - HARDLY_WRONG,
    "both": {"insufficient-balance", "occupation-not-found", "plan-inactive", "wrong-amount"},
}
