"""Write what the commands on the pages print now into the pages: `python -m tests.docs.update [PAGE...]`.

For whoever changes the wording of an output on purpose. What changed is then seen, and judged, in `git diff`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tests.docs.test_examples import (
    BLOCK,
    PAGES,
    blocks_of,
    commands_of,
    furnish,
    gone_to,
    run,
    same_output,
    write_block,
)

TYPED = re.compile(r"^\$ (?:.*\\\n)*.*$", re.MULTILINE)
"""A command as it stands on the page, with the lines on which it goes on."""


def update(page: Path, folder: Path) -> None:
    """Run a page's commands in a folder and replace every output that differs."""
    furnish(folder)
    replacements = []
    here = folder
    for block in blocks_of(page):
        if block.verb in {"file", "append"}:
            write_block(block, folder)
        text = block.text
        if block.language == "console" and block.verb != "tested by":
            shown = []
            for typed, (command, expected) in zip(TYPED.findall(block.text), commands_of(block.text), strict=True):
                found = run(command, here)
                here = gone_to(command, here)
                if str(folder) in found:
                    sys.exit(f"{block.where}: $ {command}: the output names this machine's folders:\n{found}")
                output = expected if same_output(expected, found) else found
                lines = [typed, *(line.rstrip() for line in output.rstrip().splitlines())]
                shown.append("\n".join(lines) + "\n")
            text = "".join(shown)
        replacements.append(text)
    new = iter(replacements)
    page.write_text(
        BLOCK.sub(lambda match: f"```{match['language']}\n{next(new)}```", page.read_text("utf-8")), "utf-8"
    )


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory() as scratch:
            update(each, Path(scratch))
