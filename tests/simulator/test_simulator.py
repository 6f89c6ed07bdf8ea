"""The engine and the naive model play the same random histories, and agree on everything.

``CONDUCTOR_HISTORIES=20000`` plays more of them, ``CONDUCTOR_SEED=1000000`` others; a failure prints its seed, and
``CONDUCTOR_SEED=<that seed> CONDUCTOR_HISTORIES=1`` plays it alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.model.events import FACT_ORDER, Fact, Nonsense
from tests.model.naive import play
from tests.model.transactions import RECORDED
from tests.simulator.generator import write_story
from tests.simulator.play import played

HISTORIES = int(os.environ.get("CONDUCTOR_HISTORIES", "2000"))
FIRST_SEED = int(os.environ.get("CONDUCTOR_SEED", "0"))
# So many histories are one test: enough tests for two processes to share, few enough to read.
AT_ONCE = 100
SEEDS = range(FIRST_SEED, FIRST_SEED + HISTORIES)


@pytest.mark.parametrize("seeds", [SEEDS[n : n + AT_ONCE] for n in range(0, HISTORIES, AT_ONCE)], ids=str)
def test_engine_and_model_agree_on_random_histories(seeds: range, tmp_path: Path) -> None:
    for seed in seeds:
        found = played(write_story(seed), tmp_path / str(seed))
        assert not found, "\n".join([f"CONDUCTOR_SEED={seed} in {tmp_path / str(seed)}:", *found])


def test_the_histories_hold_every_kind_of_event_and_every_transfer() -> None:
    """A simulator that stopped making something would stay green: count what it makes."""
    accepted: set[str] = set()
    refused: set[str] = set()
    events = wrong = 0
    for seed in range(150):
        story = write_story(seed)
        history = play(story.events, story.region)
        events += len(story.events)
        wrong += len(history.refusals)
        for position, event in enumerate(story.events):
            kind = event.kind if isinstance(event, Fact) else "nonsense" if isinstance(event, Nonsense) else "moved"
            (refused if position in history.refusals else accepted).add(kind)
            accepted |= {transfer.type for transfer in history.transfers.get(position, [])}
        refused |= {refusal.code for refusal in history.refusals.values()}
    derived = {"taxes", "compensation_for_coop", "compensation_for_company"}
    derived |= {f"credit_{public}{kind}" for public in ("", "public_") for kind in "pra"}
    assert {*FACT_ORDER, *RECORDED.values(), *derived} <= accepted
    assert {*FACT_ORDER, *NAMED_CODES} <= refused
    assert 0.1 < wrong / events < 0.4


# The codes that the contract names for what a person may do wrong.
NAMED_CODES = {
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
