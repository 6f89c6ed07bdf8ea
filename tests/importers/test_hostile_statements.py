"""Statements are hostile input: bombs, cut ends, wrong encodings and other messages end in one clear refusal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conductor_bean.importers import camt053, ofx
from conductor_bean.importers.common.faults import ImportRefusedError
from tests.importers.market import HERE, MAPPINGS, imported, town

SWISS = HERE / "camt053" / "swiss-v08.xml"
GERMAN = HERE / "camt053" / "german-v02.xml"
OFX2 = HERE / "ofx" / "checking-v2.ofx"

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def refusal(content: bytes | str) -> str:
    with pytest.raises(ImportRefusedError) as refused:
        camt053.read_statements(content.encode() if isinstance(content, str) else content, "s.xml")
    assert refused.value.unreadable
    return str(refused.value)


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE Document [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE Document [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document [<!ENTITY % outside SYSTEM "http://127.0.0.1:9/x.dtd"> %outside;]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE Document>",
    ],
)
def test_a_statement_with_entities_or_a_document_type_is_not_read(doctype: str) -> None:
    text = SWISS.read_text("utf-8").replace(HEAD, HEAD + doctype).replace("Hotel Post", "&l9;&secret;")
    began = time.monotonic()
    assert "s.xml:1: holds a document type or entities" in refusal(text)
    assert time.monotonic() - began < 1


def test_elements_nested_without_end_are_not_read() -> None:
    assert "nests elements more than 100 deep" in refusal("<Document>" * 100_000)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_statement_that_is_cut_off_is_refused(kept: float) -> None:
    content = SWISS.read_bytes()
    message = refusal(content[: int(len(content) * kept)])
    assert "it is cut off, still being written, or not in the encoding that its first line declares" in message


@pytest.mark.parametrize(
    ("old", "new"), [("ISO-8859-1", "UTF-8"), ("ISO-8859-1", "klingon"), ("ISO-8859-1", "UTF-16"), ("<?xml", "<?xlm")]
)
def test_a_statement_in_another_encoding_than_it_declares_is_refused(old: str, new: str) -> None:
    content = GERMAN.read_bytes().replace(old.encode(), new.encode())
    assert "is no well-formed XML" in refusal(content)


def test_a_statement_in_utf_16_with_its_mark_is_read() -> None:
    text = SWISS.read_text("utf-8").replace("UTF-8", "UTF-16")
    (statement,) = camt053.read_statements(text.encode("utf-16"), "s.xml")
    assert len(statement.lines) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SWISS.read_text("utf-8").replace("camt.053.001", "camt.052.001"), "an account report of the day (camt.052)"),
        (SWISS.read_text("utf-8").replace("camt.053.001", "camt.054.001"), "a notification (camt.054)"),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "another kind of XML"),
        ("<html><body>Your session has expired.</body></html>", "<html>, another kind of XML"),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>', "holds no statement"),
        ("Date,Amount\n2026-03-02,1\n", "is no well-formed XML"),
    ],
)
def test_what_is_no_statement_is_named(content: str, said: str) -> None:
    assert said in refusal(content)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<Amt Ccy="CHF">420.00', '<Amt Ccy="CHF">-420.00', '<Amt> is "-420.00", which is no amount'),
        ('<Amt Ccy="CHF">420.00', '<Amt Ccy="CHF">420,00', '<Amt> is "420,00", which is no amount'),
        ('<Amt Ccy="CHF">420.00', '<Amt Ccy="CHF">1E+30', "which is no amount"),
        ('<Amt Ccy="CHF">420.00', '<Amt Ccy="CHF">', "which is no amount"),
        ("<CdtDbtInd>CRDT", "<CdtDbtInd>PLUS", '<CdtDbtInd> is "PLUS"'),
        ("<BookgDt><Dt>2026-03-02", "<BookgDt><Dt>02.03.2026", 'booked on "02.03.2026", which is no date'),
        ("<BookgDt><Dt>2026-03-02", "<BookgDt><Dt>2026-02-30", 'booked on "2026-02-30", which is no date'),
    ],
)
def test_values_that_banks_do_not_write_are_refused_with_their_line(old: str, new: str, said: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        camt053.read_statements(SWISS.read_text("utf-8").replace(old, new).encode(), "s.xml")
    assert said in str(refused.value)
    assert str(refused.value).startswith("s.xml:")


@pytest.mark.parametrize(
    "content",
    [
        OFX2.read_bytes().replace(b"<OFX>", b'<!DOCTYPE OFX [<!ENTITY l0 "ha">]><OFX>'),
        OFX2.read_bytes()[:1500],
        b"OFXHEADER:100\n</OFX>",
        b"<OFX></OFX>",
        b"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:KLINGON\nCHARSET:NONE\n<OFX></OFX>",
        OFX2.read_bytes().replace(b"</STMTTRN>", b"", 1),
        OFX2.read_bytes().replace(b'encoding="UTF-8"', b'encoding="UTF-8"').replace(b"Salines", b"S\xff\xfelines"),
    ],
)
def test_ofx_that_is_hostile_or_broken_is_refused(content: bytes) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        ofx.read_statements(content, "s.ofx")
    assert str(refused.value).startswith("s.ofx")


@pytest.mark.parametrize("source", ["camt053", "ofx"])
def test_a_refused_statement_leaves_every_file_as_it_was(tmp_path: Path, source: str) -> None:
    document = {"camt053": SWISS, "ofx": OFX2}[source]
    folder = town(tmp_path / "r", MAPPINGS[f"{source}/{document.name}"])
    broken = tmp_path / document.name
    broken.write_bytes(document.read_bytes()[:-200])
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    result = imported(folder, source, document, broken)
    assert result.exit_code == 2
    assert "nothing was imported" in result.output
    assert "Traceback" not in result.output
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
