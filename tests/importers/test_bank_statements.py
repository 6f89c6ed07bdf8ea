"""Statements of banks: what payments mean, what is left out, what does not add up, what is taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.data import Transaction

from conductor_bean.importers import camt053, ofx
from conductor_bean.importers.common.faults import ImportRefusedError
from tests.importers.market import BANK, HERE, MAPPINGS, changed, imported, looked_at, town

SWISS, GERMAN, OFX1 = "camt053/swiss-v08.xml", "camt053/german-v02.xml", "ofx/checking-v1.ofx"


LATER = (
    '<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-09</Dt></BookgDt>'
    "<AddtlNtryInf>ENTGELT</AddtlNtryInf></Ntry>"
)


def refusal(folder: Path, source: str, *files: Path) -> str:
    with pytest.raises(ImportRefusedError) as refused:
        looked_at(folder, source, *files)
    return str(refused.value)


def with_rules(*rules: str, source: str = "camt053", currency: str = "CHF") -> str:
    return f"sources:\n  {source}:\n    currency: {currency}\n    rules: [{', '.join(rules)}]\n"


def legs(folder: Path, source: str, *files: Path) -> list[tuple[str, str, Decimal]]:
    """Debit, credit and amount of each transfer."""
    found = looked_at(folder, source, *files).new
    return [
        (entry.postings[0].account, entry.postings[1].account, entry.postings[1].units.number)
        for entry in found
        if isinstance(entry, Transaction)
    ]


def test_a_batch_is_as_many_sales_as_it_has_payments(tmp_path: Path) -> None:
    (statement,) = camt053.read_statements((HERE / SWISS).read_bytes(), "x")
    assert [line.amount for line in statement.lines] == [
        Decimal(420),
        Decimal(120),
        Decimal(60),
        Decimal("-50.20"),
    ]
    assert [line.counterparty for line in statement.lines[1:3]] == ["Hotel Post", "Health food shop"]
    assert len({line.identity for line in statement.lines}) == 4


def test_a_batch_whose_payments_do_not_make_its_amount_is_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, "s.xml", ('<Amt Ccy="CHF">60.00</Amt>', '<Amt Ccy="CHF">61.00</Amt>'), document=SWISS)
    message = refusal(town(tmp_path / "r", MAPPINGS[SWISS]), "camt053", file)
    assert "s.xml:59: the payments of this batch (120.00 + 61.00) do not make its amount 180.00" in message


@pytest.mark.parametrize("document", [SWISS, GERMAN])
def test_a_statement_whose_entries_do_not_lead_to_its_balance_is_refused(tmp_path: Path, document: str) -> None:
    balance = {SWISS: "1549.87", GERMAN: "790.00"}[document]
    file = changed(tmp_path, "s.xml", (balance, "791.00"), document=document)
    assert "entries are missing or stand twice" in refusal(town(tmp_path / "r", MAPPINGS[document]), "camt053", file)


def test_what_is_not_booked_yet_is_left_out_and_told(tmp_path: Path) -> None:
    report = looked_at(town(tmp_path, MAPPINGS[SWISS]), "camt053", HERE / SWISS)
    assert report.notes == ["1 row(s) left out: not booked yet (status PDNG); they come when they are"]
    document = "ofx/checking-v2.ofx"
    report = looked_at(town(tmp_path, MAPPINGS[document]), "ofx", HERE / document)
    assert report.notes == ["1 row(s) left out: not booked yet; they come when they are"]


def test_overlapping_statements_add_only_what_is_new(tmp_path: Path) -> None:
    folder = town(tmp_path / "r", MAPPINGS[GERMAN])
    assert imported(folder, "camt053", HERE / GERMAN).exit_code == 0
    later = changed(
        tmp_path,
        "later.xml",
        ("<Cd>PRCD</Cd>", "<Cd>ITBD</Cd>"),
        ("</Stmt>", f"{LATER}</Stmt>"),
        document=GERMAN,
    )
    report = looked_at(folder, "camt053", later)
    assert (report.known, len(report.new)) == (4, 1)


def test_equal_payments_of_one_day_stay_two(tmp_path: Path) -> None:
    text = (HERE / GERMAN).read_text("latin-1")
    fee = text[text.index('<Ntry><Amt Ccy="EUR">10.00') : text.index("</Stmt>")]
    twice = (
        changed(tmp_path, "s.xml", (fee, fee + fee), ("790.00", "780.00"), document=GERMAN) if fee.isascii() else None
    )
    assert twice is not None
    assert len([each for each in legs(town(tmp_path / "r", MAPPINGS[GERMAN]), "camt053", twice) if each[2] == 10]) == 2


def test_a_reversal_of_the_bank_reverses_the_one_payment_that_it_means(tmp_path: Path) -> None:
    folder = town(tmp_path / "r", MAPPINGS[GERMAN])
    report = looked_at(folder, "camt053", HERE / GERMAN)
    paid = next(entry for entry in report.new if isinstance(entry, Transaction) and entry.payee == "Mühle Süd")
    reversal = next(entry for entry in report.new if not isinstance(entry, Transaction))
    assert reversal.values[0].value == paid.meta["id"]


def test_a_return_without_the_mark_of_a_reversal_is_no_sale(tmp_path: Path) -> None:
    file = changed(tmp_path, "s.xml", ("<RvslInd>true</RvslInd>", ""), document=GERMAN)
    found = looked_at(town(tmp_path / "r", MAPPINGS[GERMAN]), "camt053", file).new
    assert [text for text in map(str, found) if "reversal" in text] != []


def test_a_reversal_of_nothing_known_is_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, "s.xml", ("2026-03-05</Dt></BookgDt>", "2026-03-07</Dt></BookgDt>"), document=GERMAN)
    message = refusal(town(tmp_path / "r", MAPPINGS[GERMAN]), "camt053", file)
    assert "s.xml:7: the bank takes 450.50 EUR of" in message
    assert "no earlier entry of these files and this ledger could be meant" in message


def test_a_reversal_that_could_mean_several_payments_is_refused(tmp_path: Path) -> None:
    text = (HERE / GERMAN).read_text("latin-1")
    start = text.index('<Ntry><Amt Ccy="EUR">450.50</Amt><CdtDbtInd>DBIT')
    entry = text[start : text.index("</Ntry>", start) + len("</Ntry>")]
    file = tmp_path / "s.xml"
    doubled = text.replace(entry, entry + entry.replace("2026030500002", "2026030500009")).replace("790.00", "339.50")
    file.write_text(doubled, "latin-1")
    message = refusal(town(tmp_path / "r", MAPPINGS[GERMAN]), "camt053", file)
    assert "several earlier entries could be meant" in message
    assert message.count("camt053:2026-03-05:") == 2


@pytest.mark.parametrize(
    "mapping",
    [
        "counterparties: {CH56 0483 5012 3456 7800 9: Bakery, Hotel Post: outside}\n",
        "counterparties: {CH5604835012345678009: Bakery}\n",
        "accounts: {CH39 0870 4016 0754 7300 7: Sunrise Bakery}\ncounterparties: {Hotel Post: outside}\n",
    ],
)
def test_accounts_are_known_in_groups_of_four_too(tmp_path: Path, mapping: str) -> None:
    rules = with_rules(
        "{text: Oatmeal, leave_out: x}", "{direction: out, leave_out: x}", "{reference: 21*, leave_out: x}"
    )
    assert legs(town(tmp_path, mapping + rules), "camt053", HERE / SWISS) == [
        ("Equity:Outside", "Assets:Companies:Bakery:Wallet", Decimal("420.00"))
    ]


def test_long_ids_of_a_bank_become_short_ones(tmp_path: Path) -> None:
    file = changed(tmp_path, "s.ofx", ("202603020001", "F" * 250), document=OFX1)
    first = looked_at(town(tmp_path / "r", MAPPINGS[OFX1]), "ofx", file).new[0]
    assert first.meta["id"].startswith("ofx:2026-03-02:")
    assert len(first.meta["id"]) < 40


def test_whoever_is_unknown_is_told_once_with_a_snippet(tmp_path: Path) -> None:
    message = refusal(town(tmp_path, with_rules()), "camt053", HERE / SWISS)
    assert '"Hotel Post" is none of the counterparties (and in 1 more rows)' in message
    assert '    "Health food shop": ' in message
    file = changed(tmp_path, "s.xml", ("Health food shop", "Old Mill and Sons"), document=SWISS)
    assert '"Old Mill and Sons" is none of the counterparties; the nearest: Mill' in refusal(
        town(tmp_path / "r", with_rules()), "camt053", file
    )


def test_a_statement_may_leave_the_currency_of_its_account_to_its_entries(tmp_path: Path) -> None:
    old = "<Id><IBAN>CH3908704016075473007</IBAN></Id>"
    other = "<Id><Othr><Id>07-5473007</Id></Othr></Id>"
    file = changed(tmp_path, "s.xml", ("<Ccy>CHF</Ccy>", ""), (old, other), document=SWISS)
    (statement,) = camt053.read_statements(file.read_bytes(), "s.xml")
    assert (statement.account, statement.currency, len(statement.lines)) == ("07-5473007", "CHF", 4)


def test_what_a_company_bought_must_be_said(tmp_path: Path) -> None:
    mapping = MAPPINGS[SWISS].replace("counterparties:", "counterparties:\n  Salt & Spice Ltd: Bakery")
    mapping = mapping.replace('      - {counterparty: "salt &*", company: Bakery, input: salt}\n', "")
    message = refusal(town(tmp_path, mapping), "camt053", HERE / SWISS)
    assert "nothing says what was bought" in message
    assert '- {counterparty: "Salt & Spice Ltd", direction: out, company: Bakery, input: WHAT}' in message


@pytest.mark.parametrize(
    ("rule", "accounts", "said"),
    [
        ("{direction: in, member: Ada, transfer: surcharge}", None, '"surcharge" is no transfer from outside'),
        ("{direction: in, transfer: surcharge}", ("Equity:Outside", "Assets:Region:Treasury"), ""),
        ("{direction: in, transfer: property_sale, link: old-barn, by: carla}",
         ("Equity:Outside", "Assets:Region:Treasury"), ""),
        ("{direction: in, company: Bakery, transfer: outside_lone}", None, 'did you mean "outside_loan"?'),
        ("{direction: in, company: Bakkery}", None, "did you mean"),
        ("{direction: in, pool: Transit}", None, 'the pool "Transit", which is none'),
        ("{direction: in, transfer: gift}", None, '"Hotel Post" is none of the counterparties'),
    ],
)  # fmt: skip
def test_a_rule_says_which_transfer_a_payment_is(
    tmp_path: Path, rule: str, accounts: tuple[str, str] | None, said: str
) -> None:
    folder = town(tmp_path, with_rules(rule, "{direction: out, leave_out: not now}"))
    if accounts is None:
        message = refusal(folder, "camt053", HERE / SWISS)
        assert said in message or ("nearest: Bakery" in message and "Bakkery" in message)
    else:
        assert {each[:2] for each in legs(folder, "camt053", HERE / SWISS)} == {accounts}


def test_a_member_may_buy_outside_without_saying_what(tmp_path: Path) -> None:
    folder = town(tmp_path, with_rules("{direction: in, leave_out: not now}", "{direction: out, member: Ada}"))
    assert legs(folder, "camt053", HERE / SWISS) == [("Assets:Members:Ada:Wallet", "Equity:Outside", Decimal("50.20"))]


@pytest.mark.parametrize("source", ["camt053", "ofx"])
def test_money_of_another_currency_is_no_credit_until_the_region_says_so(tmp_path: Path, source: str) -> None:
    document = {"camt053": SWISS, "ofx": OFX1}[source]
    message = refusal(town(tmp_path / "a"), source, HERE / document)
    assert "the region in RSC; if the region has decided what one" in message
    other = refusal(town(tmp_path / "b", BANK % (source, "SEK")), source, HERE / document)
    assert 'but mapping.yaml translates "SEK"' in other


def test_an_entry_in_another_currency_than_its_account_is_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, "s.xml", ('<Amt Ccy="CHF">50.20', '<Amt Ccy="EUR">50.20'), document=SWISS)
    message = refusal(town(tmp_path / "r", MAPPINGS[SWISS]), "camt053", file)
    assert 's.xml:87: the entry is in "EUR", the account in "CHF"' in message


def test_a_rate_is_exact_and_rounds_half_to_even(tmp_path: Path) -> None:
    rules = ["{direction: in, company: Bakery}", "{direction: out, leave_out: not now}"]
    mapping = with_rules(*rules, source="ofx", currency="USD") + "    rate: 0.125\n"
    file = changed(tmp_path, "s.ofx", ("+308.86", "+0.20"), document=OFX1)
    assert legs(town(tmp_path / "r", mapping), "ofx", file)[0][2] == Decimal("0.02")  # 0.025
    file = changed(tmp_path, "t.ofx", ("+308.86", "+0.28"), document=OFX1)
    assert legs(town(tmp_path / "s", mapping), "ofx", file)[0][2] == Decimal("0.04")  # 0.035


def test_an_amount_that_is_too_fine_at_par_is_refused(tmp_path: Path) -> None:
    mapping = BANK % ("ofx", "USD")
    file = changed(tmp_path, "s.ofx", ("+308.86", "308.865"), document=OFX1)
    assert "308.865 USD is finer than 0.01" in refusal(town(tmp_path / "r", mapping), "ofx", file)


def test_days_of_ofx_stay_days_and_times_become_utc() -> None:
    (statement,) = ofx.read_statements((HERE / OFX1).read_bytes(), "x")
    moments = [(str(line.date), line.time and str(line.time)) for line in statement.lines]
    assert moments == [("2026-03-02", None), ("2026-03-03", "02:30:00"), ("2026-03-31", None)]
    assert [line.place.number for line in statement.lines] == [40, 48, 55]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<TRNAMT>-98,91", "<TRNAMT>NaN", ':48: <TRNAMT> is "NaN", which is no amount'),
        ("<TRNAMT>-98,91", "<TRNAMT>1E+20", ":48: <TRNAMT> is"),
        ("<DTPOSTED>20260302213000.000[-5:EST]", "<DTPOSTED>20261302", ":48: this transaction"),
        ("<NAME>SALT & SPICE", "<CORRECTFITID>X1\n<NAME>SALT & SPICE", ':48: the bank corrects "X1" (REPLACE)'),
        ("</OFX>", "", "is cut off or still being written"),
        ("STMTRS>", "INVSTMTRS>", "holds no statement of an account"),
    ],
)
def test_an_ofx_file_that_does_not_hold_is_refused_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = changed(tmp_path, "s.ofx", (old, new), document=OFX1)
    assert said in refusal(town(tmp_path / "r", MAPPINGS[OFX1]), "ofx", file)


HEADER1 = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:{}\nCHARSET:{}\nCOMPRESSION:NONE\n\n"
LIST = (
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>"
    "<DTSTART>20260301<DTEND>20260331\n<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260316<TRNAMT>{}<FITID>A<NAME>{}</STMTTRN>"
    "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)


@pytest.mark.parametrize(
    ("content", "payee"),
    [
        (
            ("\n" * 12 + HEADER1.format("USASCII", "1252") + LIST.format("1.00", "H\xf4tel")).encode("cp1252"),
            "H\xf4tel",
        ),
        ((HEADER1.format("USASCII", "8859-1") + LIST.format("1.00", "H\xf4tel")).encode("latin-1"), "H\xf4tel"),
        ((HEADER1.format("UTF-8", "NONE") + LIST.format("1.00", "\u0141ukasz")).encode(), "\u0141ukasz"),
        ((HEADER1.format("UTF-8", "NONE") + LIST.format("1.00", "H\xf4tel")).encode("utf-8-sig"), "H\xf4tel"),
        ((HEADER1.format("UNICODE", "NONE") + LIST.format("1.00", "\u738b")).encode("utf-16"), "\u738b"),
        (LIST.format("1.00", "H\xf4tel").encode(), "H\xf4tel"),
        (("\n\n <?xml version='1.0' encoding='UTF-8'?>" + LIST.format("1.00", "Post")).encode(), "Post"),
        (LIST.format("1.00", "<![CDATA[Salt & <Spice>]]>").encode(), "Salt & <Spice>"),
        (LIST.format("1.00", "Salt & Spice &amp;&#160;Oil &copy").encode(), "Salt & Spice & Oil &copy"),
        (LIST.format("1.00", "Post</NAME><MEMO></MEMO>").encode(), "Post"),
        (LIST.format("1.00", "Post<MEMO>").encode(), "Post"),
        (LIST.replace("</BANKTRANLIST>", "").format("1.00", "Post").encode(), "Post"),
    ],
)
def test_ofx_is_read_as_banks_really_write_it(content: bytes, payee: str) -> None:
    (statement,) = ofx.read_statements(content, "s.ofx")
    assert [(line.counterparty, line.amount) for line in statement.lines] == [(payee, Decimal("1.00"))]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1,650.00", 'TRNAMT "1,650.00" has a mark for thousands, which OFX does not have'),
        ("-1.650,00", "has a mark for thousands"),
        ("1,650", "has a mark for thousands"),
        ("1'650.00", "has a mark for thousands"),
        ("1\u202f650,00", "has a mark for thousands"),
        ("$120", '<TRNAMT> is "$120", which is no amount'),
        ("(12.00)", "which is no amount"),
        ("12.00-", "which is no amount"),
        ("\u0661", "which is no amount"),
        ("9" * 18, "which is more than any account holds"),
    ],
)
def test_an_amount_that_ofx_does_not_have_is_refused_in_words(amount: str, said: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        ofx.read_statements(LIST.format(amount, "Post").encode(), "s.ofx")
    assert str(refused.value).startswith("s.ofx:2: ")
    assert said in str(refused.value)
    assert not {"Decimal", "<class", "object at 0x"} & set(str(refused.value).split())


@pytest.mark.parametrize(
    "content",
    [
        (HEADER1.format("UTF-8", "NONE") + LIST.format("1.00", "H\xf4tel")).encode("latin-1"),
        LIST.format("1.00", "a < b").encode(),
        LIST.format("1.00", "Post").replace("</STMTTRN>", "").encode(),
        LIST.format("1.00", "Post").replace("</STMTTRN>", "</STMTTRN>lost").encode(),
        LIST.format("1.00", "Post").replace("</STMTRS>", "").encode(),
        ("<OFX>" + "<A>" * 200 + "</A>" * 200 + "</OFX>").encode(),
        (LIST.format("1.00", "Post") + "</OFX>").encode(),
    ],
)
def test_what_is_not_nested_or_written_as_ofx_is_refused_and_loses_nothing(content: bytes) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        ofx.read_statements(content, "s.ofx")
    assert str(refused.value).startswith("s.ofx:")


@pytest.mark.parametrize(
    ("posted", "date", "time"),
    [
        ("20260316", "2026-03-16", None),
        ("20260316000000[-3:GMT]", "2026-03-16", None),
        ("20260316213000.000[-5:EST]", "2026-03-17", "02:30:00"),
        ("20260316013000[+5.30:IST]", "2026-03-15", "20:00:00"),
        ("202603161200", "2026-03-16", "12:00:00"),
    ],
)
def test_an_instant_of_ofx_is_a_date_or_a_time_in_utc(posted: str, date: str, time: str | None) -> None:
    content = LIST.format("1.00", "Post").replace("<DTPOSTED>20260316", f"<DTPOSTED>{posted}").encode()
    (line,) = ofx.read_statements(content, "s.ofx")[0].lines
    assert (str(line.date), None if line.time is None else str(line.time)) == (date, time)
