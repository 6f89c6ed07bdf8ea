"""Draws docs/terminal.svg from what `conductor` really prints: `python docs/make_terminal_picture.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURE = Path(__file__).with_name("terminal.svg")
WIDTH = 100
COMMANDS = (
    "conductor check ledgers/riverbend",
    "conductor fic ledgers/riverbend --at 2026-06-12T00:00:00",
    "conductor price ledgers/riverbend bread-2026-spring --at 2026-04-18",
)


def output_of(command: str) -> str:
    """What a command prints on a colour terminal of our width."""
    name, *arguments = command.split()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment |= {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or name
    line = [program, *arguments]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return done.stdout


def draw() -> str:
    """The picture as SVG text."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(output_of(command).rstrip()))
            console.print()
        return console.export_svg(title="conductor", unique_id="conductor")


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
