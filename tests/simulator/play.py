"""Plays one story on both sides."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.model.ledger_text import write_region
from tests.model.naive import play
from tests.simulator.compare import differences
from tests.simulator.engine_side import see
from tests.simulator.generator import Story


def played(story: Story, folder: Path) -> list[str]:
    """Write a story into a folder, let the engine and the model play it, and tell what differs.

    The folder stays if anything differs, so that it can be looked at.
    """
    written = write_region(folder, story.events, story.region, rng=random.Random(story.seed), files=3)
    found = differences(story.events, play(story.events, story.region), written, see(folder))
    if not found:
        shutil.rmtree(folder)
    return found
