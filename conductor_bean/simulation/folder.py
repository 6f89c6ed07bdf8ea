"""The folder of a simulated region."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.ledger.books import MAIN_FILE
from conductor_bean.ledger.folder import fava_lines, new_folder
from conductor_bean.ledger.region_file import PLUGIN, REGION_FILE, read_region
from conductor_bean.simulation import recorder as files
from conductor_bean.simulation.decisions import region_text
from conductor_bean.simulation.life import live
from conductor_bean.simulation.names import REGION
from conductor_bean.simulation.recorder import Recorder
from conductor_bean.simulation.scenario import Scenario
from conductor_bean.simulation.world import found_world

_TITLES = {
    files.PARTIES: "Who takes part: accountants, members, companies, and who works where",
    files.PLANS: "Plans, their approvals, cooperations and basic services",
    files.OFFERS: "What companies offer for credits",
    files.FINANCE: "The neighbour region, banks, the pool in common, and every loan",
    files.ESTATE: "Property of the region, who waits for it, and who holds it",
    files.SCHOOLS: "Who asks for a place at a school, and who is enrolled",
    files.BALANCES: "What the books show at the start of each month; Beancount compares",
}


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written.

    Attributes:
        recorder: The ledger and the engine after its last event.
        includes: Files that the main file includes, in order.
    """

    recorder: Recorder
    includes: list[str]


def simulate(
    target: Path, scenario: Scenario, days: Callable[[Iterator[datetime.date]], Iterator[datetime.date]] = iter
) -> Simulated:
    """Write the folder of a region, whole or not at all.

    Args:
        target: The folder to make; it does not exist, or is empty.
        scenario: How large the region is.
        days: Wraps the days as they pass, to show how far it is.

    Raises:
        FolderRefusedError: It cannot be made.
    """
    with new_folder(target) as folder:
        _write(folder / REGION_FILE, region_text(scenario))
        # The same file decides for the engine here as for whoever checks the ledger later.
        region, faults = read_region(folder / REGION_FILE)
        assert region is not None, faults
        recorder = Recorder(region)
        live(found_world(scenario, recorder), days)
        includes = []
        for name in (*_TITLES, *(f"journal/{month}" for month in scenario.month_names)):
            if name in recorder.texts:
                includes.append(f"{name}.beancount")
                _write(folder / includes[-1], _heading(name) + _between(name).join(recorder.texts[name]))
        _write(folder / MAIN_FILE, _main(scenario, includes))
    return Simulated(recorder, includes)


def _heading(name: str) -> str:
    title = _TITLES.get(name) or _month_title(name.rpartition("/")[2])
    return f";; {title}\n;; {'=' * len(title)}\n\n"


def _between(name: str) -> str:
    return "" if name == files.BALANCES else "\n"


def _month_title(month: str) -> str:
    return f"{calendar.month_name[int(month[5:])]} {month[:4]}"


def _main(scenario: Scenario, includes: list[str]) -> str:
    lines = [
        f";; {REGION}: a synthetic region, made by `conductor simulate`",
        ";;",
        f";;   --members {scenario.members} --companies {scenario.companies} --months {scenario.months} "
        f"--seed {scenario.seed} --start {scenario.start}"
        + ("" if scenario.transactions is None else f" --transactions {scenario.transactions}"),
        ";;",
        ";; Nobody in it exists. The same options give the same files; check them with `conductor check`.",
        "",
        f'option "title" "{REGION}"',
        'option "operating_currency" "HOUR"',
        'option "operating_currency" "RSC"',
        "",
        f'plugin "{PLUGIN}"',
        "",
        *(f'include "{name}"' for name in includes),
        "",
        fava_lines(f"{scenario.start}-01"),
    ]
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
