"""What is installed with the program may be combined with Beancount's licence, and docs/dependencies.md lists it all.

The licence of a distribution is what it says itself in its metadata, never what we believe of it.
"""

from __future__ import annotations

from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

COMPATIBLE = {
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-2.0-only",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Zlib",
}
"""Licences that go with GPL-2.0-only; neither Apache-2.0 nor any GPL or LGPL of version 3 does."""

WRITTEN_OUT = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
"""What older metadata writes instead of a name of SPDX."""


def closure(*wanted: str) -> dict[str, Distribution]:
    """The installed distributions that requirements bring, themselves included, by normalized name."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in wanted]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found:
            found[name] = distribution(name)
            for text in found[name].requires or []:
                further = Requirement(text)
                extras = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
                if further.marker is None or any(further.marker.evaluate(extra) for extra in extras):
                    waiting.append(further)
    return found


def licence(found: Distribution) -> str:
    """The licence that a distribution names, as SPDX writes it."""
    if "License-Expression" in found.metadata:
        return found.metadata["License-Expression"]
    stated = [text.rpartition(" :: ")[2] for text in found.metadata.get_all("Classifier") or [] if "License ::" in text]
    names = {
        WRITTEN_OUT.get(text, text) for text in stated if text not in ("OSI Approved", "Academic Free License (AFL)")
    }
    if not names:
        first = found.metadata["License"].splitlines()[0] if "License" in found.metadata else "none"
        names = {WRITTEN_OUT.get(first, first)}
    return " AND ".join(sorted(names))


def is_compatible(expression: str) -> bool:
    """Whether an expression of SPDX leaves a choice that goes with GPL-2.0-only."""
    choices = expression.split(" OR ")
    return any(all(part.strip("() ") in COMPATIBLE for part in choice.split(" AND ")) for choice in choices)


def listed() -> dict[str, str]:
    """The licence of each distribution in the tables of the page."""
    rows = [
        line.split("|") for line in (ROOT / "docs" / "dependencies.md").read_text("utf-8").splitlines() if "|" in line
    ]
    return {row[1].strip(): row[2].strip() for row in rows if row[1].strip() not in ("distribution", "---")}


def test_the_page_lists_what_is_installed_with_its_licence() -> None:
    installed = {name: licence(found) for name, found in closure("conductor-bean").items() if name != "conductor-bean"}
    assert listed() == installed


def test_all_that_the_program_needs_goes_with_the_licence_of_beancount() -> None:
    theirs = closure("beancount", "fava")
    refused = {
        name: licence(found)
        for name, found in closure("conductor-bean[postgresql]").items()
        if not is_compatible(licence(found)) and name not in theirs
    }
    assert refused == {}


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-only", "LGPL-3.0-only", "LGPL-3.0-or-later", "Apache-2.0", "MIT AND Apache-2.0", "none", ""]
)
def test_a_licence_that_does_not_go_with_it_is_refused(expression: str) -> None:
    assert not is_compatible(expression)


@pytest.mark.parametrize("expression", ["MIT", "Apache-2.0 OR BSD-2-Clause", "BSD-3-Clause AND 0BSD AND Zlib"])
def test_a_licence_that_goes_with_it_is_accepted(expression: str) -> None:
    assert is_compatible(expression)
