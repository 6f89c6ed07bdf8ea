"""constraints.txt pins everything that was tested, and what is installed is what it pins."""

from __future__ import annotations

from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT


def pins() -> dict[str, str]:
    """The pinned version of each distribution, by its normalized name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(item.name): str(item.specifier).removeprefix("==") for item in requirements}


def needed() -> dict[str, str]:
    """The installed version of each distribution that the project and its tests need, directly or not."""
    found: dict[str, str] = {}
    waiting = [Requirement("conductor-bean[test,postgresql]")]
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        installed = distribution(name)
        found[name] = installed.version
        for text in installed.requires or []:
            further = Requirement(text)
            extras = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
            if further.marker is None or any(further.marker.evaluate(extra) for extra in extras):
                waiting.append(further)
    del found["conductor-bean"]
    return found


def test_every_distribution_that_the_tests_use_is_pinned() -> None:
    assert sorted(set(needed()) - set(pins())) == []


def test_what_is_installed_is_what_is_pinned() -> None:
    installed, pinned = needed(), pins()
    assert {name: version for name, version in installed.items() if pinned.get(name, version) != version} == {}


def test_pins_stand_in_order_and_once() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    names = [canonicalize_name(Requirement(line).name) for line in lines]
    assert len(names) == len(set(names))
