"""What an import says at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of what was read, inferred and left out; sentences about what could not be inferred.

    Attributes:
        target: The region's folder.
        read: Rows read, by what they are.
        inferred: Facts that the app does not record and that were inferred, by their type.
        left_out: Rows that the ledger language has no words for, by what they are.
        not_inferable: What could not be inferred, a sentence each; it is marked in the ledger, and `conductor check`
            judges it.
        let_pass: What the app let pass though a rule forbids it, a sentence each, with file and line in the folder.
    """

    target: Path
    read: dict[str, int] = field(default_factory=dict)
    inferred: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    not_inferable: list[str] = field(default_factory=list)
    let_pass: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as text, a line each; it names no path, so that it may stand in the ledger."""
        lines = ["read: " + _listed(self.read), "inferred: " + _listed(self.inferred)]
        lines.append("left out: " + _listed(self.left_out))
        lines.append(f"could not be inferred: {len(self.not_inferable) or 'nothing'}")
        lines += [f"  {sentence}" for sentence in self.not_inferable]
        if self.let_pass:
            lines.append(f"let pass by the app: {len(self.let_pass)}")
        return lines + [f"  {sentence}" for sentence in self.let_pass]

    def as_json(self) -> dict[str, object]:
        """The report as plain data."""
        return {
            "target": str(self.target),
            "read": self.read,
            "inferred": self.inferred,
            "left_out": self.left_out,
            "not_inferable": self.not_inferable,
            "let_pass": self.let_pass,
        }


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing"
