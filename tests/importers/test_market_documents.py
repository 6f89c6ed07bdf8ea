"""Documents of banks, tills and lists, in the shape in which the tools write them, become the entries beside them.

The shapes: CAMT.053 after ISO 20022's message definitions (camt.053.001.02 as German banks fill it, .08 after the Swiss
Payment Standards) and samples of genkgo/camt; OFX after the specification (1.0.2, 2.1.1) and samples of ofxtools;
Square's items detail as in zoetankersley/sunrise_social_club (data/raw, exported in July 2026); Loyverse's receipts by
item as public repositories read them. Names and numbers are ours.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conductor_bean.importers.common.mapping import read_mapping
from conductor_bean.importers.common.sources import SOURCES, importer_class
from conductor_bean.ledger.books import load_books
from tests.docs.test_examples import ROOT, blocks_of
from tests.importers.golden import told
from tests.importers.market import HERE, MAPPINGS, imported, town

PAGE = ROOT / "docs" / "importing.md"

each_document = pytest.mark.parametrize("document", list(MAPPINGS))


@each_document
def test_a_document_becomes_the_entries_that_stand_beside_it(tmp_path: Path, document: str) -> None:
    importer = importer_class(document.partition("/")[0])(town(tmp_path, MAPPINGS[document]))
    assert importer.identify(str(HERE / document))
    assert told(importer, HERE / document) == (HERE / f"{document}.beancount").read_text("utf-8")


@each_document
def test_a_document_is_of_one_source_alone(tmp_path: Path, document: str) -> None:
    folder, source = town(tmp_path, MAPPINGS[document]), document.partition("/")[0]
    assert [name for name in SOURCES if importer_class(name)(folder).identify(str(HERE / document))] == [source]


@each_document
def test_the_ledger_holds_with_a_document_and_importing_it_again_adds_nothing(tmp_path: Path, document: str) -> None:
    folder, source = town(tmp_path, MAPPINGS[document]), document.partition("/")[0]
    first = imported(folder, source, HERE / document)
    assert first.exit_code == 0, first.output
    assert load_books(folder).errors == []
    written = (folder / "journal.beancount").read_bytes()
    again = imported(folder, source, HERE / document)
    assert again.exit_code == 0, again.output
    assert (folder / "journal.beancount").read_bytes() == written


def test_the_mappings_on_the_page_about_importing_hold(tmp_path: Path) -> None:
    shown = [block for block in blocks_of(PAGE) if block.verb == "file" and "mapping" in block.rest]
    assert len(shown) >= 3
    for block in shown:
        file = tmp_path / "mapping.yaml"
        file.write_text(block.text)
        read_mapping(file)


def test_beangulps_own_command_extracts_a_statement(tmp_path: Path) -> None:
    folder = town(tmp_path / "region", MAPPINGS["camt053/swiss-v08.xml"])
    script = tmp_path / "imports.py"
    script.write_text(
        "import beangulp\n"
        "from conductor_bean.importers.camt053 import Camt053\n"
        f"beangulp.Ingest([Camt053({str(folder)!r})])()\n"
    )
    run = subprocess.run(
        [sys.executable, script, "extract", "-e", folder / "main.beancount", HERE / "camt053" / "swiss-v08.xml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count('transfer: "external_sale"') == 3
