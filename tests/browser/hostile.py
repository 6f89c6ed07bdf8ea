"""A copy of an example ledger in which every free text is an attempt to run a script in the reader's browser."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

HOSTILE = (
    "<script>hacked=1</script>'\"--></title></textarea><img src=no.png onerror=hacked=1>"
    "<svg onload=hacked=1></svg>{{7*7}}\\u003cscript\\u003e"
)
QUOTED = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')

FREE = re.compile(r'^(\s+(?:name|product|unit|description|definition|reason|note): )".*"$', re.MULTILINE)
SAID = re.compile(r'^(\d{4}-\d\d-\d\d \*)( "[^"]*")?( "[^"]*")', re.MULTILINE)
TITLE = re.compile(r'^(option "title") ".*"$', re.MULTILINE)
DECIDED = re.compile(r"^((?:  - date: .*\n)?\s+title:|name:) .*$", re.MULTILINE)


def make_hostile(source: Path, folder: Path) -> Path:
    """Copy a ledger and exchange names, products, payees, narrations, titles, by hostile ones."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("publication.json"))
    for path in sorted(folder.rglob("*.beancount")):
        text = path.read_text("utf-8")
        text = FREE.sub(lambda found: f'{found[1]}"{QUOTED}"', text)
        text = SAID.sub(lambda found: f'{found[1]} "{QUOTED}" "{QUOTED}"', text)
        path.write_text(TITLE.sub(lambda found: f'{found[1]} "Riverbend {QUOTED}"', text), "utf-8")
    region = folder / "region.yaml"
    region.write_text(
        DECIDED.sub(lambda found: f"{found[1]} {json.dumps(HOSTILE)}", region.read_text("utf-8")), "utf-8"
    )
    return folder
