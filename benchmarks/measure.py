"""Run a command as a process of its own and say what it cost.

Times are user plus system time of the process, so that neighbours on the machine disturb them little; every comparison
interleaves its variants (A B A B) and takes the median of the ratios of each round, so that what slows one slows both.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypedDict


class BenchmarkError(Exception):
    """A measured command failed, so that its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: processor seconds (user and system), seconds on the wall, and the peak of memory."""

    cpu: float
    wall: float
    megabytes: float


class Summary(TypedDict):
    """The medians of several runs of one command."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def script(name: str) -> str:
    """Return the path of a command that is installed beside this Python."""
    path = Path(sysconfig.get_path("scripts")) / name
    if not path.exists():
        raise BenchmarkError(f"{name} is not installed beside {Path(sys.executable).name}")
    return str(path)


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder to its end.

    Raises:
        BenchmarkError: It did not exit with 0.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)} exited with {process.returncode}:\n{output[:2000]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def interleave(commands: Mapping[str, Sequence[str]], folder: Path, rounds: int) -> dict[str, list[Cost]]:
    """Run every command once a round. The region was written just before, so that no round waits for the disk."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(run(command, folder))
    return costs


def summary(costs: Sequence[Cost]) -> Summary:
    """Take the median of each measure."""
    return {
        "cpu_s": round(median(cost.cpu for cost in costs), 3),
        "wall_s": round(median(cost.wall for cost in costs), 3),
        "peak_mb": round(median(cost.megabytes for cost in costs), 1),
    }


def paired_ratio(costs: Sequence[Cost], baseline: Sequence[Cost]) -> dict[str, float]:
    """Return the median, lowest and highest ratio of processor time over the rounds, and the median on the wall."""
    cpu = [one.cpu / other.cpu for one, other in zip(costs, baseline, strict=True)]
    wall = [one.wall / other.wall for one, other in zip(costs, baseline, strict=True)]
    return {
        "cpu": round(median(cpu), 3),
        "cpu_lowest": round(min(cpu), 3),
        "cpu_highest": round(max(cpu), 3),
        "wall": round(median(wall), 3),
    }


def machine() -> dict[str, str | int]:
    """Describe the machine as far as it matters to a figure, and no further: no names of hosts or people."""
    model = platform.processor() or platform.machine()
    kibibytes = 0
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
        memory = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        kibibytes = next((int(line.split()[1]) for line in memory if line.startswith("MemTotal")), 0)
    return {
        "processor": model,
        "cores": os.cpu_count() or 0,
        "memory_gb": round(kibibytes / 1024**2),
        "system": platform.system(),
        "python": platform.python_version(),
        "beancount": version("beancount"),
    }
