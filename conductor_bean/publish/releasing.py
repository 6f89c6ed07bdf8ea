"""From month to month: what an edition tells that no earlier one told, and what goes on waiting.

A month's cells are looked at when the month is complete, those that wait again at the end of the quarter, and of the
year. What was told once is never told otherwise; what changed in a told month since, late or corrected, joins the month
that is told next. The audit has the last word: whatever could be computed too closely is told more coarsely, or waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import end_of, last_date, month_from_number
from conductor_bean.engine.tracking import PURCHASES
from conductor_bean.publish.auditing import Auditor, economy_of
from conductor_bean.publish.cells import Cell, Content
from conductor_bean.publish.clearing import SETTLEMENT
from conductor_bean.publish.hierarchy import pool_order
from conductor_bean.publish.history import History, Told
from conductor_bean.publish.merging import BY_BRANCH, LEVELS, WAIT, Figure, Merger
from conductor_bean.publish.relations import INTAKE
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.statements import tell_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor_bean.publish.audit import Exposure
    from conductor_bean.publish.holdings import Holdings
    from conductor_bean.publish.relations import Known


@dataclass(slots=True)
class _Pending:
    """A cell that was not told yet, with the corrections of told ones that join it."""

    content: Content
    sources: list[Cell] = field(default_factory=list)


def release(
    history: History, cells: dict[Cell, Content], known: Known, through: int, holdings: Holdings | None = None
) -> None:
    """Tell what may be told up to a month, and note it in the history.

    Args:
        history: What was told so far; it grows.
        cells: All cells of the ledger.
        known: What is public about the region.
        through: The last complete month, as a number.
        holdings: What public accounts held and regional companies cost; None tells totals alone.

    Raises:
        AuditFailedError: The audit did not come to an end.
    """
    _Release(history, cells, known, through, holdings).run()


class _Release:
    def __init__(
        self,
        history: History,
        cells: dict[Cell, Content],
        known: Known,
        through: int,
        holdings: Holdings | None,
    ) -> None:
        self._history = history
        self._holdings = holdings
        self._cells = cells
        self._known = known
        self._through = through
        self._pending: dict[Cell, _Pending] = {}

    def run(self) -> None:
        history = self._history
        self._begin()
        months = {cell.month for cell in self._cells}
        if self._holdings is not None:
            months |= {self._holdings.first(account) for account in self._holdings.economies}
        if not months or min(months) > self._through:
            return
        first = min(months) if history.through is None else history.through + 1
        if history.through is not None and first <= self._through:
            self._correct(first)
        for month in range(first, self._through + 1):
            history.through = month
            for months_of in self._periods(month):
                self._tell(months_of, month)
            for cell, pending in self._pending.items():
                if cell.month <= month:
                    self._count(cell, pending)
            if self._holdings is not None:
                contents = {cell: entry.content for cell, entry in self._pending.items()}
                tell_statements(history, self._known, self._holdings, contents, month)

    def _begin(self) -> None:
        """Take up what waits, as it stood when its month was told, and what is of later months."""
        history = self._history
        told = history.told_cells()
        for cell in history.counted.keys() - told:
            self._pending[cell] = _Pending(history.content(cell))
        for cell, content in self._cells.items():
            if cell not in history.counted and cell.month <= self._through:
                self._pending[cell] = _Pending(content)

    def _periods(self, month: int) -> Iterator[range]:
        """The periods that end with a month; a year takes in whatever still waits from years before."""
        yield range(month, month + 1)
        if month % 3 == 2:
            yield range(month - 2, month + 1)
        if month % 12 == 11:
            yield range(min((cell.month for cell in self._pending), default=month), month + 1)

    def _correct(self, month: int) -> None:
        """What changed in told months joins the month that is told next."""
        counted = self._history.counted
        for cell in sorted(counted.keys() | {c for c in self._cells if c in counted}):
            change = _difference(self._cells.get(cell, Content()), counted[cell])
            if change is None:
                continue
            joined = cell._replace(month=month)
            pending = self._pending.get(joined)
            if pending is None:
                pending = self._pending[joined] = _Pending(Content(known=change.known))
            merged = Content(known=pending.content.known)
            merged.add(pending.content)
            merged.add(change)
            pending.content = merged
            pending.sources.append(cell)

    def _tell(self, months: range, told: int) -> None:
        """Tell of a period as much, and as finely, as exposes nobody."""
        waiting = {
            cell: pending.content
            for cell, pending in self._pending.items()
            if (cell.month in months or (cell.month < told and cell not in self._cells))  # nothing but corrections
            and cell not in self._known.kept_back
        }
        if not waiting:
            return
        thresholds = self._thresholds(told)
        merger = Merger(waiting, thresholds, economy_of, self._known.prices)
        pending = {cell: entry.content for cell, entry in self._pending.items()}
        auditor = Auditor(self._known, self._history, pending, thresholds)
        steps: dict[str, int] = {}
        held: set[Cell] = set()
        together = self._unlike_their_costs(merger, waiting)
        while True:
            figures = merger.figures(waiting.keys() - held, steps, frozenset(together))
            cells, more = [figure.cells for figure in figures], months if len(months) == 1 else ()
            exposed = auditor.audit(cells, more) or auditor.across_the_border(cells, more)
            if not exposed:
                break
            if self._withhold(exposed, auditor, months):
                continue
            if not figures:
                return  # it is what everybody knows already that exposes them; nothing is added to it
            if not self._join(exposed, figures, together):
                self._tell_less(exposed, figures, steps, held)
        for figure in figures:
            if len(months) == 1 and self._is_settlement(figure):
                self._known.in_full.update(figure.cells)
                del self._pending[figure.cells[0]]
            else:
                self._note(figure, months, told)

    def _is_settlement(self, figure: Figure) -> bool:
        """Whether a figure is nothing but one settlement, which is told in full then."""
        cells = figure.cells
        return len(cells) == 1 and len(self._known.settlements.get(cells[0], ())) == 1

    @staticmethod
    def _unlike_their_costs(merger: Merger, waiting: dict[Cell, Content]) -> set[tuple[str, str]]:
        """Regional companies whose wages are not told by themselves, so that what a month cost them can be told.

        Who knows both knows what they bought, and of whom, where that is of few.
        """
        bought: dict[str, list[Cell]] = {}
        for cell in waiting:
            if cell.type in PURCHASES and cell.debit.startswith("Assets:Companies:"):
                bought.setdefault(cell.debit.split(":")[2], []).append(cell)
        return {("work", company) for company, cells in bought.items() if not merger.is_safe(cells)}

    @staticmethod
    def _join(exposed: list[Exposure], figures: list[Figure], together: set[tuple[str, str]]) -> bool:
        """Tell exposed branches together with others; whether that is anything new."""
        alone = {(c.broad, c.branch) for figure in figures if figure.step == BY_BRANCH for c in figure.cells}
        alone -= together
        hidden = {(c.broad, c.branch) for exposure in exposed for c in exposure.hidden.cells} & alone
        fresh = hidden or {(c.broad, c.branch) for exposure in exposed for c in exposure.near} & alone
        together |= fresh
        return bool(fresh)

    def _tell_less(
        self, exposed: list[Exposure], figures: list[Figure], steps: dict[str, int], held: set[Cell]
    ) -> None:
        """Let the broad types of exposed cells be told more coarsely; where they wait already, their neighbours."""
        told: dict[str, int] = {}
        for figure in figures:
            for cell in figure.cells:
                told[cell.broad] = min(told.get(cell.broad, WAIT), figure.step)
        hidden = {cell.broad for exposure in exposed for cell in exposure.hidden.cells} & told.keys()
        near = {cell.broad for exposure in exposed for cell in exposure.near} & told.keys()
        # A settlement says more of what it settles than that says by itself, and less is lost with it.
        settled = {
            c.broad for exposure in exposed for c in exposure.near if c.type.startswith(SETTLEMENT)
        } & told.keys()
        for broad in settled or hidden or near or {min(told, key=pool_order().__getitem__)}:
            # A step that would change nothing, as it is told so coarsely already, is left out.
            step = max(steps.get(broad, BY_BRANCH), told[broad]) + 1
            if step < WAIT or not self._hold(broad, exposed, figures, held):
                steps[broad] = min(WAIT, step)

    @staticmethod
    def _hold(broad: str, exposed: list[Exposure], figures: list[Figure], held: set[Cell]) -> bool:
        """Let a figure that exposes somebody wait, before all of its broad type does; whether there is one.

        It is the least of those that are about what is exposed or, where that waits already, about what is near to it.
        """
        of_exposed = {cell for exposure in exposed for cell in exposure.hidden.cells if cell.broad == broad}
        near = {cell for exposure in exposed for cell in exposure.near if cell.broad == broad}
        for cells in (of_exposed, near):
            concerned = [figure for figure in figures if not cells.isdisjoint(figure.cells)]
            if concerned:
                least = min(concerned, key=lambda figure: (len(figure.cells), figure.key))
                held.update(cell for cell in least.cells if cell.broad == broad)
                return True
        return False

    def _withhold(self, exposed: list[Exposure], auditor: Auditor, months: range) -> bool:
        """Keep back a month's dividend where it alone says too much; whether it was told until now."""
        (month, *more), dividends = months, self._known.dividends
        if more or month not in dividends:
            return False
        if not any(cell.type in INTAKE for exposure in exposed for cell in exposure.near):
            return False
        if not any(c.type in INTAKE for e in auditor.audit([], months) for c in e.near):
            return False
        del dividends[month]
        auditor.forget(month)
        self._history.withheld.append(month)
        return True

    def _thresholds(self, month: int) -> Thresholds:
        return Thresholds.of(self._known.region.decisions.at(end_of(last_date(month_from_number(month)))))

    def _note(self, figure: Figure, months: range, told: int) -> None:
        behind = [self._pending[cell].content for cell in figure.cells]
        key, history = figure.key, self._history
        history.told.append(
            Told(
                period=_period(months),
                told=told,
                level=LEVELS[figure.step],
                broad=key.broad,
                type=key.type,
                economy=key.economy,
                debit=key.debit,
                credit=key.credit,
                units=sum(content.units for content in behind),
                transfers=sum(content.transfers for content in behind),
                cells=tuple(sorted(figure.cells)),
            )
        )
        for cell in figure.cells:
            self._count(cell, self._pending.pop(cell))
            for contents in (history.counted, history.stood):  # who dealt with whom nobody needs again
                if cell in contents:
                    contents[cell] = replace(contents[cell], pairs={})

    def _count(self, cell: Cell, pending: _Pending) -> None:
        """Note what stands behind a cell from now on: whatever changes later joins the month that is told then."""
        history = self._history
        if cell not in history.counted:
            history.counted[cell] = self._cells.get(cell, Content())
        if pending.sources:
            history.stood[cell] = pending.content
        for source in pending.sources:
            history.stood.setdefault(source, history.counted[source])
            now = self._cells.get(source, Content())
            history.counted[source] = now if source in self._pending else replace(now, pairs={})
        pending.sources = []


def _period(months: range) -> str:
    """`2026-03`, `2026-Q1` or `2026`; what still waited from years before is told with the year."""
    last = months[-1]
    if len(months) == 1:
        return month_from_number(last)
    year = month_from_number(last)[:4]
    return f"{year}-Q{last % 12 // 3 + 1}" if len(months) == 3 else year


def _difference(now: Content, before: Content) -> Content | None:
    """What changed behind a told cell since it was counted, None where nothing did."""
    change = Content(now.units - before.units, now.transfers - before.transfers, known=now.known or before.known)
    for mine, new, old in (
        (change.debits, now.debits, before.debits),
        (change.credits, now.credits, before.credits),
    ):
        for party in sorted(new.keys() | old.keys()):
            units = new.get(party, 0) - old.get(party, 0)
            if units:
                mine[party] = units
    return change if change.units or change.debits or change.credits else None
