"""The questions: what the rules cost in each economy, whether FIC reads every plan, what a close costs, what grows."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import interleave, machine, paired_ratio, run, script, summary
from benchmarks.publication import measure_publication
from benchmarks.sealed import measure_sealed

# What `python -m benchmarks --json` writes: plain JSON values, described by `benchmarks.report`, which reads them.
Result = dict[str, Any]

ROOT = Path(__file__).parent.parent
PLUGIN_TARGET, PLUGIN_AIM = 1.25, 1.12
CHECK_TARGET, CHECK_AIM = 0.85, 0.70
# The same with both economies on, where each registration of hours derives six legs.
BOTH_PLUGIN_TARGET, BOTH_CHECK_TARGET = 1.4, 1.1
FIC_TARGET = 2.0
# From the first step of the sizes to the last, a further transaction may cost this much more than it did before.
LINEAR_TARGET = 1.25
# An edition beside a check; seconds to its first page and to each other, and the size of each in kilobytes.
PUBLISH_TARGET, FIRST_PAGE_TARGET, PAGE_TARGET, PAGE_SIZE_TARGET = 2.0, 2.0, 0.5, 500
# Seconds of one close of a month.
CLOSE_TARGET = 0.1
# Seconds of a check after an edit of one line in the open month, from its start to its end.
EDIT_TARGET = 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to write the regions, how large they are, how often to measure, and whom to tell."""

    folder: Path
    transactions: int
    sizes: tuple[int, ...]
    rounds: int
    timed: bool
    say: Callable[[str], None]


def _plain() -> list[str]:
    return [script("bean-check"), "--no-cache", "plain.beancount"]


def _plugin() -> list[str]:
    return [script("bean-check"), "--no-cache", "main.beancount"]


def _check() -> list[str]:
    # All of it each time: what an earlier round left behind is not what the rules cost.
    return [script("conductor"), "check", ".", "--full"]


def write_region(settings: Settings, name: str, **values: float | bool) -> Path:
    """Write a region in a process of its own and return its folder."""
    folder = settings.folder / name
    settings.say(f"writing {name}")
    options = [f"--set={key}={str(value).lower()}" for key, value in values.items()]
    run([sys.executable, "-m", "benchmarks.write", str(folder), *options], ROOT)
    return folder


def commands(settings: Settings) -> Result:
    """Measure bean-check without the plugin, bean-check with it, and conductor check, on one region."""
    kind = "timed" if settings.timed else "untimed"
    folder = write_region(
        settings, f"{kind}-{settings.transactions}", transactions=settings.transactions, timed=settings.timed
    )
    return {"transactions": settings.transactions, "timed": settings.timed, **_ratios(settings, folder)}


def with_credits(settings: Settings) -> Result:
    """Measure the same commands on the same region with both economies on: each registration derives six legs."""
    folder = write_region(
        settings, f"both-{settings.transactions}", transactions=settings.transactions, with_credits=True
    )
    return {"transactions": settings.transactions, **_ratios(settings, folder)}


def both_economies(settings: Settings) -> Result:
    """Measure the same commands on a simulated region, where a registration of hours derives six legs.

    Members and companies are as many as the transactions need: 2,000 and 200 for 100,000 in a year.
    """
    members = max(20, settings.transactions // 50)
    size = {"members": members, "companies": members // 10, "months": 12}
    folder = _write_both(settings, f"credits-{settings.transactions}", transactions=settings.transactions, **size)
    return {"transactions": settings.transactions, **size, **_ratios(settings, folder)}


def _ratios(settings: Settings, folder: Path) -> Result:
    """Measure bean-check without the plugin and with it, and conductor check, interleaved."""
    settings.say(f"{settings.rounds} rounds on {folder.name}")
    costs = interleave({"plain": _plain(), "plugin": _plugin(), "check": _check()}, folder, settings.rounds)
    return {
        "rounds": settings.rounds,
        "costs": {name: summary(found) for name, found in costs.items()},
        "plugin_ratio": paired_ratio(costs["plugin"], costs["plain"]),
        "check_ratio": paired_ratio(costs["check"], costs["plain"]),
    }


def _write_both(settings: Settings, name: str, **values: int) -> Path:
    """Write a region with both economies in a process of its own and return its folder."""
    folder = settings.folder / name
    settings.say(f"writing {name}")
    options = [f"--{key}={value}" for key, value in values.items()]
    run([sys.executable, "-m", "benchmarks.write_both", str(folder), *options], ROOT)
    return folder


def close(settings: Settings) -> Result:
    """Measure the close of a month in a large region: its last one, inside the engine, a process each time."""
    folder = _write_both(settings, "close", members=2_000, companies=200, months=6, transactions=24_000)
    settings.say(f"{settings.rounds} rounds of a close")
    found = [_probe("benchmarks.probe_close", folder) for _ in range(settings.rounds)]
    seconds = [one.pop("seconds") for one in found]
    return {
        "rounds": settings.rounds,
        **found[0],
        "seconds": round(median(seconds), 4),
        "seconds_highest": round(max(seconds), 4),
    }


def fic(settings: Settings) -> Result:
    """Measure 10,000 registrations, each at an instant of its own, under few plans and under many.

    The plans are approved on the first sixty days at times of day and all stand in the window of every registration.
    The registrations alone are measured inside one process; the whole command, which also reads and credits a hundred
    times as many plans, stands beside them.
    """
    registrations, few, many = 10_000, 50, 5_000
    folders = {}
    for plans in (few, many):
        folders[plans] = write_region(
            settings,
            f"fic-{plans}",
            transactions=registrations,
            plans=plans,
            founding_plans=0,
            cooperations=0,
            services=0,
            consumption_share=0,
            later_plans_from=0,
            later_plans_until=60,
            quiet_days=61,
            days=151,
            timed=True,
        )
    settings.say(f"{settings.rounds} rounds of {registrations} registrations under {few} and {many} plans")
    inside: dict[int, list[float]] = {few: [], many: []}
    for _ in range(settings.rounds):
        for plans, folder in folders.items():
            inside[plans].append(_probe("benchmarks.probe", folder))
    whole = {
        plans: interleave({"check": _check()}, folder, settings.rounds)["check"] for plans, folder in folders.items()
    }
    return {
        "registrations": registrations,
        "plans": [few, many],
        "engine_s": [round(median(inside[plans]), 3) for plans in (few, many)],
        "engine_ratio": round(median([b / a for a, b in zip(inside[few], inside[many], strict=True)]), 3),
        "command_s": [summary(whole[plans])["cpu_s"] for plans in (few, many)],
        "command_ratio": paired_ratio(whole[many], whole[few])["cpu"],
    }


def _probe(module: str, folder: Path) -> Any:
    """What a probe found inside a process of its own: the engine alone, against the clock."""
    command = [sys.executable, "-m", module, str(folder)]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def linear(settings: Settings) -> Result:
    """Measure time and memory over the sizes, and what each further transaction costs from one size to the next."""
    rows: list[Result] = []
    for size in settings.sizes:
        folder = write_region(settings, f"linear-{size}", transactions=size, timed=settings.timed)
        settings.say(f"{size} transactions")
        rounds = max(1, settings.rounds // 2)
        costs = interleave({"plain": _plain(), "plugin": _plugin(), "check": _check()}, folder, rounds)
        rows.append({"transactions": size, "costs": {name: summary(found) for name, found in costs.items()}})
    for before, after in itertools.pairwise(rows):
        further = after["transactions"] - before["transactions"]
        after["further_us"] = {
            name: round((after["costs"][name]["cpu_s"] - cost["cpu_s"]) / further * 1e6, 1)
            for name, cost in before["costs"].items()
        }
        after["further_kb"] = {
            name: round((after["costs"][name]["peak_mb"] - cost["peak_mb"]) / further * 1024, 2)
            for name, cost in before["costs"].items()
        }
    return {"timed": settings.timed, "rows": rows}


def publication(settings: Settings) -> Result:
    """Measure what an edition costs beside a check, and how fast its pages come."""
    folder = settings.folder / "publication"
    folder.mkdir(parents=True)
    settings.say(f"{settings.rounds} rounds on {folder.name}")
    return measure_publication(folder, settings.rounds)


def sealed(settings: Settings) -> Result:
    """Measure a check after an edit in the open month of a region of 36 sealed ones."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.say(f"{settings.rounds} rounds of edits after a million sealed transactions")
    return measure_sealed(settings.folder, settings.rounds)


BENCHMARKS: dict[str, Callable[[Settings], Result]] = {
    "commands": commands,
    "both": with_credits,
    "credits": both_economies,
    "fic": fic,
    "close": close,
    "publication": publication,
    "sealed": sealed,
    "linear": linear,
}


def run_all(names: tuple[str, ...], settings: Settings) -> Result:
    """Run the benchmarks that are named, in their order, and describe the machine."""
    return {"machine": machine()} | {name: BENCHMARKS[name](settings) for name in names}
