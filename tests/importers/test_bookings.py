"""Bank statements are reconciled by their balances; payments that nothing names keep their ids in every export."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.importers.market import imported, town
from tests.importers.town import contents, write

RULES = "rules: [{direction: in, company: Bakery}, {direction: out, company: Bakery, input: things}]"
MAPPING = f"sources: {{camt053: {{currency: EUR, {RULES}}}, ofx: {{currency: EUR, {RULES}}}}}\n"
HEAD = "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>123</BANKACCTFROM>"


def camt(
    folder: Path, name: str, opening: str, closing: str, *amounts: int, day: int = 16, currency: str = "EUR"
) -> Path:
    """A statement of one day; what is paid says nothing of itself but its amount."""
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{balance}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        for code, balance in (("OPBD", opening), ("CLBD", closing))
        if balance
    )
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount > 0 else "DBIT"}</CdtDbtInd>'
        f"<Sts>BOOK</Sts><BookgDt><Dt>2026-03-{day}</Dt></BookgDt><AddtlNtryInf>Rolls</AddtlNtryInf></Ntry>"
        for amount in amounts
    )
    return write(
        folder,
        name,
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL91'
        f"</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>",
    )


def ofx(folder: Path, name: str, *rows: tuple[str, str, str], balance: str = "0") -> Path:
    """A statement; each row has amount, id and name."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260316<TRNAMT>{amount}<FITID>{own}<NAME>{who}</STMTTRN>\n"
        for amount, own, who in rows
    )
    ledger = f"<LEDGERBAL><BALAMT>{balance}<DTASOF>20260331</LEDGERBAL>" if balance else ""
    return write(
        folder,
        name,
        f"{HEAD}<BANKTRANLIST>\n{lines}</BANKTRANLIST>{ledger}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
    )


def booked(folder: Path) -> list[str]:
    """The amounts that the imports booked, sorted."""
    text = "".join(content.decode() for name, content in contents(folder).items() if "journal" in name)
    return sorted(line.split()[-2] for line in text.splitlines() if "Bakery:Wallet" in line and "5000" not in line)


def region(folder: Path) -> Path:
    return town(folder / "r", MAPPING)


def statements(folder: Path) -> dict[str, Path]:
    """A day in three statements, in one, and in one of two days."""
    folder.mkdir(exist_ok=True)
    return {
        "morning": camt(folder, "morning.xml", "0", "10", 10),
        "noon": camt(folder, "noon.xml", "10", "25", 10, 5),
        "evening": camt(folder, "evening.xml", "25", "35", 10),
        "whole": camt(folder, "whole.xml", "0", "35", 10, 10, 5, 10),
    }


def test_a_statement_that_opens_where_another_closed_is_new(tmp_path: Path) -> None:
    folder, files = region(tmp_path), statements(tmp_path / "s")
    result = imported(folder, "camt053", files["morning"], files["noon"], files["evening"])
    assert ": 4 entries from camt053" in result.output


@pytest.mark.parametrize("order", list(itertools.permutations(["morning", "noon", "evening", "whole"]))[::3])
def test_statements_one_by_one_overlapping_twice_and_in_any_order_book_the_same(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    folder, files = region(tmp_path), statements(tmp_path / "s")
    before = booked(folder)
    for name in (*order, *order):
        assert imported(folder, "camt053", files[name]).exit_code == 0
    found = booked(folder)
    for amount in before:
        found.remove(amount)
    assert found == ["10.00", "10.00", "10.00", "5.00"]


def test_the_same_statement_again_under_another_name_is_the_same(tmp_path: Path) -> None:
    folder = region(tmp_path)
    first, copy = camt(tmp_path, "a.xml", "0", "10", 10), camt(tmp_path, "b.xml", "0", "10", 10)
    assert ": 1 entry from camt053; 1 known already" in imported(folder, "camt053", first, copy).output
    assert "1 known already" in imported(folder, "camt053", copy).output


@pytest.mark.parametrize(
    ("opening", "closing", "currency", "said"),
    [
        ("", "10", "EUR", "its opening balance is missing"),
        ("0", "", "EUR", "its closing balance is missing"),
        ("0", "10", "USD", 'its opening balance is in "USD", not in "EUR"'),
        ("0", "10", "USD", 'its closing balance is in "USD", not in "EUR"'),
    ],
)
def test_balances_that_are_missing_or_in_another_currency_are_said_and_refused_where_strict(
    tmp_path: Path, opening: str, closing: str, currency: str, said: str
) -> None:
    folder = region(tmp_path)
    file = camt(tmp_path, "s.xml", opening, closing, 10, currency=currency)
    before = contents(folder)
    refusal = imported(folder, "camt053", file, options=("--strict",))
    assert refusal.exit_code == 1
    assert f"{file}:1: the statement of NL91 cannot be reconciled: {said}" in refusal.stderr
    assert contents(folder) == before
    result = imported(folder, "camt053", file)
    assert result.exit_code == 0
    assert said in result.stderr


def test_a_statement_with_both_balances_passes_strict(tmp_path: Path) -> None:
    folder = region(tmp_path)
    assert imported(folder, "camt053", camt(tmp_path, "s.xml", "0", "10", 10), options=("--strict",)).exit_code == 0
    assert imported(folder, "ofx", ofx(tmp_path, "s.ofx", ("3.00", "A", "Hotel")), options=("--strict",)).exit_code == 0


def test_ofx_without_its_closing_balance_is_said_and_refused_where_strict(tmp_path: Path) -> None:
    folder = region(tmp_path)
    file = ofx(tmp_path, "s.ofx", ("3.00", "A", "Hotel"), balance="")
    assert imported(folder, "ofx", file, options=("--strict",)).exit_code == 1
    assert "its closing balance (<LEDGERBAL>) is missing" in imported(folder, "ofx", file).stderr


def test_a_known_id_of_another_content_refuses_the_file(tmp_path: Path) -> None:
    folder = region(tmp_path)
    imported(folder, "ofx", ofx(tmp_path, "a.ofx", ("100.00", "X", "Hotel")))
    before = contents(folder)
    result = imported(folder, "ofx", ofx(tmp_path, "b.ofx", ("100.01", "X", "Hotel"), ("7.00", "Y", "Inn")))
    assert result.exit_code == 1
    assert "b.ofx:4: ofx:123:X stands in journal.beancount:" in result.stderr
    assert contents(folder) == before


@pytest.mark.parametrize("second", [("3.00", "X", "Fee"), ("100.00", "X", "Hotel"), ("100.00", "X", "Inn")])
def test_two_payments_of_one_file_with_one_id_are_refused(tmp_path: Path, second: tuple[str, str, str]) -> None:
    folder = region(tmp_path)
    file = ofx(tmp_path, "a.ofx", ("100.00", "X", "Hotel"), second, ("1.00", "Y", "Inn"))
    result = imported(folder, "ofx", file)
    if second[1:] == ("X", "Inn") and second[0] == "100.00":
        # Payee and words may be written anew: but two rows are two payments.
        assert "stands in row 4 of this file too" in result.stderr
    assert result.exit_code == 1
    assert "two rows are two events" in result.stderr


@pytest.mark.parametrize("own", ["0", "", "NONE", "same", "000000"])
def test_an_id_that_all_payments_share_is_none_also_in_exports_that_overlap(tmp_path: Path, own: str) -> None:
    folder = region(tmp_path)
    rows = [("100.00", own, "Hotel"), ("3.00", own, "Inn"), ("3.00", own, "Inn"), ("9.00", own, "Post")]
    first = imported(folder, "ofx", ofx(tmp_path, "a.ofx", *rows[:3], balance="106.00"))
    assert ": 3 entries from ofx" in first.output
    again = imported(folder, "ofx", ofx(tmp_path, "b.ofx", *rows, balance="115.00"))
    assert ": 1 entry from ofx; 3 known already" in again.output
    one = imported(folder, "ofx", ofx(tmp_path, "c.ofx", rows[0], balance="100.00"))
    assert "nothing new from ofx; 1 known already" in one.output
