"""Attacks on the public edition: what somebody can compute of one party, by hand and with a linear programme.

Held against everybody who reads the edition, and against any one or two parties of a figure who put together what they
did themselves. Known limits, of which nothing is held here: two who also use the linear programme may learn more of
cells that no figure tells by itself, a worker reads the factor of a day off her own taxes, and a member knows her own
dividend also where the edition keeps it back.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.fic import half_window
from conductor_bean.publish.auditing import Auditor
from conductor_bean.publish.pieces import Coins
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.services import Services
from tests.cli.town import books_of
from tests.house.tree import ROOT
from tests.publish.attackers import MARGIN, Truth, Witness
from tests.publish.hamlets import Hamlet
from tests.publish.knowledge import Knowledge
from tests.publish.places import CREDITS, ISSUE, close, company, member, publish, put, sale
from tests.publish.plots import PLOTS, Plot
from tests.publish.programmes import Found, find_out
from tests.publish.readers import Figure, Reader, adjusted, subtracted
from tests.support import conductor

SEED = int(os.environ.get("CONDUCTOR_SEED", "1"))
EDITIONS = int(os.environ.get("CONDUCTOR_EDITIONS", "2"))
"""How many regions by chance are attacked, of each kind."""

ECONOMIES = {"hours": {"regional_credits": False}, "credits": {"hours": False}, "both": {}}


@pytest.fixture
def weakened(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that finds every total safe, audits nothing, and tells basic services every morning."""
    for rule in ("allow", "hides", "surely_hides"):
        monkeypatch.setattr(Thresholds, rule, lambda *_, **__: True)
    monkeypatch.setattr(Auditor, "audit", lambda *_, **__: [])
    monkeypatch.setattr(Coins, "pay_in_many_ways", lambda *_, **__: True)

    def every_morning(self: Services, mornings: Iterable[tuple[int, int]], *_: object) -> list[int]:
        step = 200  # two hours, as wide as one service of 3.50 hours needs
        hours = [sum(served.units for served in self._within(now, half_window(days))) for now, days in mornings]
        return [round_half_even(units, step) * step for units in hours]

    monkeypatch.setattr(Services, "counted", every_morning)


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_what_an_edition_tells_put_together_tells_nobodys_amount(plot: Plot, tmp_path: Path) -> None:
    guess = plot.attack(publish(plot.write(tmp_path / "ledger"), tmp_path / "edition"))
    assert guess is None or abs(guess - plot.truth) >= MARGIN * plot.truth


@pytest.mark.parametrize("plot", PLOTS, ids=[plot.name for plot in PLOTS])
@pytest.mark.usefixtures("weakened")
def test_the_same_calculation_exposes_a_party_of_a_weakened_publisher(plot: Plot, tmp_path: Path) -> None:
    guess = plot.attack(publish(plot.write(tmp_path / "ledger"), tmp_path / "edition"))
    assert guess is not None
    assert abs(guess - plot.truth) < MARGIN * plot.truth / 5


# The linear programme: all that an edition states and everybody knows, against every private cell.


class Attacked:
    """An edition, and everything that its attackers need."""

    def __init__(self, ledger: Path, edition: Path, before: Attacked | None = None) -> None:
        self.reader = Reader(edition, ledger)
        books = books_of(ledger)
        now: Truth = Witness(books, self.reader.broad_types).testify()
        self.readers: list[Reader] = [*(before.readers if before else ()), self.reader]
        self.truths: list[Truth] = [*(before.truths if before else ()), now]
        self.truth = adjusted(self.truths, self.readers) if before else now
        self.dividends = dict(books.machine.state.credits.dividends)

    def by_everybody(self) -> list[Found]:
        """What the public finds out."""
        knowledge = Knowledge(self.reader, self.truth)
        assert knowledge.wrong == [], "the edition states what is not so"
        return self._beyond(find_out(knowledge), ())

    def by(self, *coalition: str) -> list[Found]:
        """What some parties find out of others, beyond what they know without the edition."""
        return self._beyond(find_out(Knowledge(self.reader, self.truth, coalition, self.dividends)), coalition)

    def _beyond(self, found: list[Found], coalition: tuple[str, ...]) -> list[Found]:
        """What nobody finds out who does not read the edition: as a neighbour does, or the only other party."""
        if not found:
            return []
        before = find_out(Knowledge(self.reader, self.truth, coalition, self.dividends, reads=False))
        return [one for one in found if one.target.name not in {other.target.name for other in before}]

    def by_two(self) -> list[str]:
        """Whom any one or two parties of a total find by subtracting themselves from it."""
        found = []
        for figure in self.reader.figures:
            parties = self._knowing(figure)
            for two in [(party,) for party in parties] + list(combinations(parties, 2)):
                found += [f"{two} {exposed} of {figure.row}" for exposed in subtracted(self.truth, figure, two)]
        return found

    def _knowing(self, figure: Figure) -> list[str]:
        """The parties of a total, those first who know most of it."""
        known: dict[str, int] = defaultdict(int)
        for cell in figure.cells:
            for parties, units in self.truth.cells[cell].items():
                for party in {*parties} - {""}:
                    known[party] += units
        return sorted(known, key=lambda party: (-known[party], party))[:14]

    def coalitions(self, seed: int, most: int) -> list[tuple[str, ...]]:
        """The largest contributors of some totals: the first, the second, and both pairs next to them."""
        found: dict[tuple[str, ...], None] = {}
        chance = random.Random(seed)
        for figure in chance.sample(self.reader.figures, len(self.reader.figures)):
            side = self.truth.side(list(figure.cells), chance.choice((0, 1)))
            top = sorted(side, key=lambda party: (-side[party], party))
            for coalition in (top[:1], top[1:2], top[:2], top[1:3]):
                if coalition and len(side) > len(coalition):
                    found[tuple(sorted(coalition))] = None
        return list(found)[:most]


def hamlet(folder: Path, seed: int, economy: str, months: int = 3) -> Attacked:
    """A small region by chance, published."""
    ledger = Hamlet(seed, **ECONOMIES[economy]).write(folder / "ledger", months)
    return Attacked(ledger, publish(ledger, folder / "edition"))


@pytest.mark.parametrize("seed", range(SEED, SEED + EDITIONS))
@pytest.mark.parametrize("economy", ECONOMIES)
def test_no_linear_programme_finds_a_private_cell_of_a_hamlet(seed: int, economy: str, tmp_path: Path) -> None:
    assert hamlet(tmp_path, seed, economy).by_everybody() == [], f"CONDUCTOR_SEED={seed}"


@pytest.mark.parametrize("seed", range(SEED, SEED + EDITIONS))
@pytest.mark.parametrize("economy", ECONOMIES)
def test_whoever_subtracts_herself_alone_or_with_another_finds_nobody_else(
    seed: int, economy: str, tmp_path: Path
) -> None:
    assert hamlet(tmp_path, seed, economy).by_two() == [], f"CONDUCTOR_SEED={seed}"


@pytest.mark.parametrize("name", ["riverbend", "lakeside", "imported"])
def test_no_linear_programme_finds_a_private_cell_of_an_example_region(name: str, tmp_path: Path) -> None:
    ledger = shutil.copytree(ROOT / "ledgers" / name, tmp_path / name)
    attacked = Attacked(ledger, publish(ledger, tmp_path / "edition"))
    assert attacked.by_everybody() == []
    assert attacked.by_two() == []


@pytest.mark.parametrize("seed", range(SEED, SEED + max(1, EDITIONS // 2)))
def test_no_linear_programme_finds_a_private_cell_of_a_simulated_region(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    size = ["--members", 40 + chance.randrange(0, 30 * EDITIONS), "--companies", 8 + chance.randrange(0, 6 * EDITIONS)]
    ledger, months = tmp_path / "ledger", 3 + chance.randrange(0, min(12, EDITIONS))
    assert conductor("simulate", *size, "--months", months, "--seed", seed, "--to", ledger).exit_code == 0
    attacked = Attacked(ledger, publish(ledger, tmp_path / "edition"))
    assert attacked.by_everybody() == [], f"CONDUCTOR_SEED={seed}"
    assert attacked.by_two() == [], f"CONDUCTOR_SEED={seed}"


@pytest.mark.parametrize("economy", ECONOMIES)
@pytest.mark.usefixtures("weakened")
def test_the_linear_programme_finds_private_cells_of_a_publisher_without_thresholds(
    economy: str, tmp_path: Path
) -> None:
    attacked = hamlet(tmp_path, 1, economy)
    assert attacked.by_everybody()
    assert any(attacked.by(*coalition) for coalition in attacked.coalitions(1, 8))
    assert attacked.by_two()


def test_the_linear_programme_finds_private_cells_of_a_publisher_without_an_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Auditor, "audit", lambda *_, **__: [])
    monkeypatch.setattr(Coins, "pay_in_many_ways", lambda *_, **__: True)
    assert any(hamlet(tmp_path / str(seed), seed, "both").by_everybody() for seed in range(1, 6))


# Editions one after another.


def sequence(folder: Path, seed: int, economy: str, editions: int = 4) -> list[Attacked]:
    """A small region by chance, published month by month, with what comes late and who comes new in between."""
    region, ledger, late, found = Hamlet(seed, **ECONOMIES[economy]), folder / "ledger", "", list[Attacked]()
    for month in range(1, editions + 1):
        region.write(ledger, month, late)
        edition = publish(ledger, folder / "edition", "--through", f"2026-{month:02}")
        found.append(Attacked(ledger, edition, found[-1] if found else None))
        late += region.late(month, month)
    return found


def restated(before: Reader, after: Reader) -> Counter[str]:
    """Entries of an edition that a later one does not have."""
    entries = [Counter(json.dumps(row, sort_keys=True) for row in reader.totals) for reader in (before, after)]
    return entries[0] - entries[1]


@pytest.mark.parametrize("seed", range(SEED, SEED + EDITIONS))
@pytest.mark.parametrize("economy", ECONOMIES)
def test_editions_one_after_another_restate_nothing_and_tell_no_private_cell(
    seed: int, economy: str, tmp_path: Path
) -> None:
    editions = sequence(tmp_path, seed, economy)
    for before, after in pairwise(editions):
        assert restated(before.reader, after.reader) == Counter(), f"CONDUCTOR_SEED={seed}"
    assert editions[-1].by_everybody() == [], f"CONDUCTOR_SEED={seed}"
    assert editions[-1].by_two() == [], f"CONDUCTOR_SEED={seed}"


def test_a_correction_of_one_party_is_not_told_by_the_dividends_of_two_editions(tmp_path: Path) -> None:
    parties = ISSUE + "".join(member(f"M{number}") + company(f"C{number}") for number in range(12))

    def dividends(month: int, late: str = "") -> list[Fraction]:
        text = ""
        for now in range(1, month + 1):
            text += "".join(sale(f"2026-{now:02}-10", f"C{number}", 900 + 30 * number) for number in range(12))
            text += close(now)
        rules = "dividend: 0.5, sales_tax_external: 0.1"
        ledger = put(tmp_path / "ledger", text + late, parties, CREDITS, rules)
        rows = Reader(publish(ledger, tmp_path / "edition"), ledger).totals
        paid = [row for row in rows if row["transfer"] == "dividend" and row["period"].startswith("2026-01")]
        return [Fraction(row["amount"]) for row in paid]

    assert len(dividends(2)) == 1
    _, *late = dividends(3, sale("2026-01-25", "C3", 777))
    assert abs(sum(late) / Fraction("0.5") - Fraction("77.7")) >= MARGIN * Fraction("77.7")


def test_a_publisher_without_memory_restates_what_it_told(tmp_path: Path) -> None:
    region = Hamlet(1, **ECONOMIES["credits"])
    readers = []
    for month, late in ((1, ""), (2, region.late(1, 1))):
        ledger = region.write(tmp_path / str(month) / "ledger", month, late)
        readers.append(Reader(publish(ledger, tmp_path / str(month) / "edition"), ledger))
    assert restated(*readers)
