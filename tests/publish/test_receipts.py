"""Receipts: somebody finds every transfer of hers in the edition, and whoever tampers with any part of it is told."""

from __future__ import annotations

import copy
import errno
import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.domain.instants import end_of, last_day_of, parse_instant
from conductor_bean.publish.key import read_publication
from conductor_bean.publish.receipts import private_parties, receipt
from conductor_bean.publish.tree import Tree, leaf_hash
from tests.cli.region import answer
from tests.cli.town import books_of, refused
from tests.house.tree import ROOT
from tests.publish.village import (
    PRIVATE,
    PUBLIC,
    SECRET,
    publish_by_hand,
    strings,
    tree,
    write_village,
)
from tests.support import conductor

Document = dict[str, Any]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The village's ledger, published."""
    folder = write_village(tmp_path_factory.mktemp("village"))
    publish_by_hand(folder, folder.parent / "edition-of-village")
    return folder


@pytest.fixture(scope="module")
def edition(village: Path) -> Path:
    return village.parent / "edition-of-village"


@pytest.fixture(scope="module")
def receipts(village: Path) -> dict[str, Document]:
    return {party: answer("receipt", village, party) for party in PRIVATE}


@pytest.fixture
def bob(receipts: dict[str, Document]) -> Document:
    """Bob's receipt, to tamper with."""
    return copy.deepcopy(receipts["Bob"])


class Verify:
    """Writes a receipt and tells where its faults are.

    The command tells one in a line, each with what to do; `said` is all that it printed last.
    """

    def __init__(self, folder: Path, edition: Path) -> None:
        self.file = folder / "receipt.json"
        self.edition = edition
        self.said = ""

    def __call__(self, document: Document, *, against: Path | None = None) -> list[str]:
        self.file.write_text(json.dumps(document), encoding="utf-8")
        result = conductor("verify-receipt", self.file, "--edition", against or self.edition)
        self.said = result.stdout
        lines = result.stdout.splitlines()
        if result.exit_code == 0:
            assert len(lines) == 2
            assert "holds" in lines[0]
            return []
        assert result.exit_code == 1, result.output
        assert lines[-1] == f"{self.file}: does not hold: {len(lines) - 1} fault(s)"
        assert all("; ask the region's accountants" in line or "; name the edition" in line for line in lines[:-1])
        return [line.removeprefix(f"{self.file}: ").partition(": ")[0] for line in lines[:-1]]


@pytest.fixture
def verify(tmp_path: Path, edition: Path) -> Verify:
    return Verify(tmp_path, edition)


def says(village: Path) -> Document:
    """What the edition of the village says."""
    text = (village.parent / "edition-of-village" / "data" / "edition.json").read_text(encoding="utf-8")
    document: Document = json.loads(text)
    return document


# What a receipt is


def test_a_receipt_has_the_documented_form(receipts: dict[str, Document], village: Path) -> None:
    bob = receipts["Bob"]
    assert list(bob) == ["receipt", "region", "party", "through", "tree", "statement", "leaves"]
    assert (bob["receipt"], bob["region"], bob["party"]) == (1, "Milltown", "Bob")
    assert bob["through"] == says(village)["through"] == "2026-03-06T12:00:00"
    assert bob["tree"] == says(village)["tree"]
    assert bob["tree"]["leaves"] == 64
    assert all(list(leaf) == ["index", "blind", "text", "path"] for leaf in bob["leaves"])
    assert all(len(leaf["path"]) == 6 for leaf in bob["leaves"])


@pytest.mark.parametrize("party", PRIVATE)
def test_the_statement_is_that_of_conductor_statement(party: str, receipts: dict[str, Document], village: Path) -> None:
    statement = answer("statement", village, party)
    # The member Ada has the id of a bank, the company Bakery that of a cooperation: what is theirs is public.
    mine = {name for name in statement["closing"] if not name.startswith(("Assets:Banks", "Equity"))}
    for balances in ("opening", "closing"):
        statement[balances] = {name: value for name, value in statement[balances].items() if name in mine}
    statement["transfers"] = [row for row in statement["transfers"] if {row["debit"], row["credit"]} & mine]
    assert receipts[party]["statement"] == statement
    assert statement["transfers"]


@pytest.mark.parametrize("party", PRIVATE)
def test_leaves_stand_in_the_order_of_the_statement(party: str, receipts: dict[str, Document]) -> None:
    names = ("instant", "type", "debit", "credit", "commodity", "amount")
    rows = [[row[name] for name in names] for row in receipts[party]["statement"]["transfers"]]
    assert [json.loads(leaf["text"])[1:-1] for leaf in receipts[party]["leaves"]] == rows


@pytest.mark.parametrize("party", PRIVATE)
def test_every_receipt_holds_against_its_edition(party: str, receipts: dict[str, Document], verify: Verify) -> None:
    assert verify(receipts[party]) == []


def test_the_verifier_of_the_page_needs_nothing_of_ours_and_agrees(
    receipts: dict[str, Document], edition: Path, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "receipts.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    for party, document in receipts.items():
        said = judged(program, document, edition, tmp_path)
        assert said.stdout == f"all {len(document['leaves'])} transfers of {party} are in the edition\n", said.stderr
    for key, value in (("blind", "00" * 32), ("index", 5), ("text", "[]"), ("path", [])):
        forged = copy.deepcopy(receipts["Bob"])
        forged["leaves"][7][key] = value
        assert "AssertionError" in judged(program, forged, edition, tmp_path).stderr


def judged(program: str, document: Document, edition: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program on a receipt and an edition, isolated from all that is installed."""
    (folder / "receipt.json").write_text(json.dumps(document), encoding="utf-8")
    files = [str(folder / "receipt.json"), str(edition / "data" / "edition.json")]
    command = [sys.executable, "-I", "-S", "-c", program, *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_receipt_tells_nothing_of_others_that_the_statement_does_not(receipts: dict[str, Document]) -> None:
    for party, document in receipts.items():
        shown = {*strings(document["statement"])}
        rest = {key: value for key, value in document.items() if key != "statement"}
        texts = [leaf.pop("text") for leaf in copy.deepcopy(rest)["leaves"]]
        words = {word for text in texts for word in strings(json.loads(text))} - {"conductor-bean transfer 1"}
        assert words <= shown
        hashes = {word for word in strings(rest) if len(word) == 64}
        others = {(leaf["blind"], leaf["text"]) for other in receipts.values() for leaf in other["leaves"]} - {
            (leaf["blind"], leaf["text"]) for leaf in document["leaves"]
        }
        assert others
        assert not {blind for blind, _ in others} & hashes, party
        assert not {text for _, text in others} & set(texts), party


def test_no_receipt_tells_the_secret(receipts: dict[str, Document]) -> None:
    assert not [party for party, document in receipts.items() if SECRET.hex() in json.dumps(document)]


def test_a_receipt_is_the_same_each_time(receipts: dict[str, Document], village: Path) -> None:
    assert answer("receipt", village, "Bob") == receipts["Bob"]


def test_a_receipt_reaches_as_far_as_the_edition(tmp_path: Path, verify: Verify) -> None:
    folder = write_village(tmp_path / "ledger")
    february = end_of(last_day_of(2026, 2))
    edition = publish_by_hand(folder, tmp_path / "edition", through=february)
    document = answer("receipt", folder, "Bob")
    assert document["through"] == "2026-02-28T23:59:59.999999"
    assert document["statement"]["closing"]["Assets:Members:Bob:Wallet"] == "8.36"
    assert verify(document, against=edition) == []


def test_who_joined_after_the_edition_has_an_empty_receipt(tmp_path: Path, verify: Verify) -> None:
    folder = write_village(tmp_path / "ledger", '2026-03-07 custom "member" "Dan"\n')
    edition = publish_by_hand(folder, tmp_path / "edition", through=parse_instant("2026-03-06"))
    document = answer("receipt", folder, "Dan")
    assert document["statement"] == {"party": "Dan", "opening": {}, "transfers": [], "closing": {}}
    assert verify(document, against=edition) == []


@pytest.mark.parametrize("name", ["riverbend", "lakeside", "imported"])
def test_every_private_party_of_the_examples_has_a_receipt_that_holds(
    name: str, tmp_path: Path, verify: Verify
) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / "ledgers" / name, folder)
    edition = publish_by_hand(folder, tmp_path / "edition")
    books, publication = books_of(folder), read_publication(folder)
    parties = private_parties(books)
    assert len(parties) > 1
    leaves = set()
    for party in sorted(parties):
        document = receipt(books, publication, party)
        assert verify(document, against=edition) == []
        leaves |= {leaf["index"] for leaf in document["leaves"]}
    size = document["tree"]["leaves"]
    assert size // 2 < len(leaves) <= size


# The commands


def test_the_receipt_is_written_for_its_owner_alone(village: Path, edition: Path, tmp_path: Path) -> None:
    file = tmp_path / "bob.json"
    result = conductor("receipt", village, "Bob", "--to", file)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"wrote {file}: 13 transfers of Bob up to 2026-03-06 12:00:00; it is for nobody else",
        f"next: conductor verify-receipt {file} --edition DIR",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8")) == answer("receipt", village, "Bob")
    assert conductor("verify-receipt", file, edition).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["bob.json"]


def test_without_a_file_the_receipt_is_a_table(village: Path) -> None:
    result = conductor("receipt", village, "Bob")
    assert result.exit_code == 0, result.output
    assert "receipt of Bob up to 2026-03-06 12:00:00" in result.stdout
    assert says(village)["tree"]["root"] in result.stdout
    assert result.stdout.count("gift") == 6


def test_the_verdict_as_json(receipts: dict[str, Document], edition: Path, tmp_path: Path) -> None:
    file = tmp_path / "bob.json"
    document = copy.deepcopy(receipts["Bob"])
    file.write_text(json.dumps(document))
    verdict = {"ok": True, "party": "Bob", "through": "2026-03-06T12:00:00", "transfers": 13, "faults": []}
    assert answer("verify-receipt", file, edition) == verdict
    del document["leaves"][4]
    file.write_text(json.dumps(document))
    faulty = answer("verify-receipt", file, edition, code=1)
    assert (faulty["ok"], [fault["where"] for fault in faulty["faults"]]) == (False, ["statement.transfers[4]"])


@pytest.mark.parametrize("arguments", [[], ["--edition", "a", "b"]])
def test_the_edition_is_named_once(arguments: list[str], tmp_path: Path) -> None:
    assert "Name the edition once" in refused("verify-receipt", tmp_path / "bob.json", *arguments)


def test_no_file_is_overwritten(village: Path, tmp_path: Path) -> None:
    file = tmp_path / "bob.json"
    file.write_text("mine")
    assert "nothing was written" in refused("receipt", village, "Bob", "--to", file)
    assert file.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told(village: Path, tmp_path: Path) -> None:
    assert "cannot be written" in refused("receipt", village, "Bob", "--to", tmp_path / "nowhere" / "bob.json")


def test_a_file_that_fails_half_way_leaves_nothing_behind(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", fail)
    assert "No space left on device; nothing was written" in refused(
        "receipt", village, "Bob", "--to", tmp_path / "bob.json"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_receipt_from_a_file_with_an_odd_name_holds(tmp_path: Path, verify: Verify) -> None:
    folder = write_village(tmp_path / "ledger")
    (folder / "journal" / "2026-03.beancount").rename(folder / "journal" / "\u200dM\x1b[2J.beancount")
    edition = publish_by_hand(folder, tmp_path / "edition")
    file = tmp_path / "bob.json"
    assert conductor("receipt", folder, "Bob", "--to", file).exit_code == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    names = {row["file"] for row in document["statement"]["transfers"]}
    assert r"journal/\u200dM\x1b[2J.beancount" in names
    assert verify(document, against=edition) == []


@pytest.mark.parametrize("party", PUBLIC)
def test_there_is_no_receipt_of_what_is_public(village: Path, party: str) -> None:
    assert "are public" in refused("receipt", village, party)


def test_a_mistyped_party_is_told_with_the_nearest(village: Path) -> None:
    assert 'did you mean "Bob"?' in refused("receipt", village, "Bobb")


def test_before_the_first_publication_there_is_no_receipt(tmp_path: Path) -> None:
    assert "publish first: conductor publish" in refused("receipt", write_village(tmp_path), "Bob")


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("{", "no JSON text"),
        ("[]", "no JSON object"),
        ("{}", "its key"),
        ('{"key": 5}', "its key"),
        (f'{{"key": "{"z" * 64}"}}', "its key"),
        (f'{{"key": "{"a" * 63}"}}', "its key"),
        (f'{{"key": "{"a" * 64}", "key": "{"b" * 64}"}}', "twice"),
        (f'{{"key": "{"a" * 64}", "through": "spring"}}', "its through"),
        (f'{{"key": "{"a" * 64}", "through": 7}}', "its through"),
        (f'{{"key": "{"a" * 64}", "tree": {{"root": "a"}}}}', "the root of its tree"),
        (f'{{"key": "{"a" * 64}", "tree": "a"}}', "the root of its tree"),
    ],
)
def test_a_damaged_record_of_publications_is_told_and_its_key_is_not(record: str, fault: str, tmp_path: Path) -> None:
    folder = write_village(tmp_path)
    (folder / "publication.json").write_text(record)
    said = refused("receipt", folder, "Bob")
    assert fault in said
    assert "restore it from the ledger's history" in said
    assert "aaaa" not in said
    assert "zzzz" not in said


def test_a_ledger_that_no_longer_says_what_was_published_gives_no_receipt(tmp_path: Path) -> None:
    folder = write_village(tmp_path / "ledger")
    publish_by_hand(folder, tmp_path / "edition")
    file = folder / "journal" / "2026-03.beancount"
    file.write_text(file.read_text().replace("-5 RSC", "-6 RSC").replace(" 5 RSC", " 6 RSC"))
    assert "not those that were published; publish again" in refused("receipt", folder, "Bob", code=1)


def test_where_nothing_private_is_published_yet_there_is_no_receipt(village: Path, tmp_path: Path) -> None:
    folder = write_village(tmp_path / "ledger")
    edition = publish_by_hand(folder, tmp_path / "edition")
    (tmp_path / "bob.json").write_text(json.dumps(answer("receipt", folder, "Bob")))
    for file in (folder / "publication.json", edition / "data" / "edition.json"):
        file.write_text(json.dumps(json.loads(file.read_text()) | {"through": None}))
    assert "no private transfers yet" in refused("receipt", folder, "Bob", code=1)
    assert "no private transfers yet" in refused("verify-receipt", tmp_path / "bob.json", edition)


def test_a_ledger_with_errors_gives_no_receipt(tmp_path: Path) -> None:
    folder = write_village(tmp_path / "ledger")
    publish_by_hand(folder, tmp_path / "edition")
    (folder / "journal" / "2026-04.beancount").write_text('2026-04-01 custom "member" "Ada"\n')
    said = refused("receipt", folder, "Bob", code=1)
    assert "duplicate-id" in said
    assert "no receipt is made of a ledger with errors" in said


# Whoever tampers


def test_an_omitted_leaf_is_told(bob: Document, verify: Verify) -> None:
    del bob["leaves"][3]
    assert verify(bob) == ["statement.transfers[3]"]


def test_an_omitted_transfer_is_told(bob: Document, verify: Verify) -> None:
    del bob["statement"]["transfers"][3]
    assert verify(bob) == ["statement.closing", "leaves[3]"]


def test_a_transfer_omitted_with_its_leaf_is_told_by_the_balance(bob: Document, verify: Verify) -> None:
    del bob["statement"]["transfers"][3], bob["leaves"][3]
    assert verify(bob) == ["statement.closing"]


def test_a_transfer_without_any_leaf_is_told(bob: Document, verify: Verify) -> None:
    row = copy.deepcopy(bob["statement"]["transfers"][0])
    back = row | {"debit": row["credit"], "credit": row["debit"]}
    bob["statement"]["transfers"] += [row, back]
    assert verify(bob) == ["statement.transfers[13]", "statement.transfers[14]"]


def test_one_of_two_equal_transfers_omitted_is_told(bob: Document, verify: Verify) -> None:
    places = [number for number, leaf in enumerate(bob["leaves"]) if "2026-03-06T00" in leaf["text"]]
    assert len(places) == 3
    del bob["leaves"][places[1]]
    assert verify(bob) == [f"statement.transfers[{places[1]}]"]


def test_one_leaf_does_not_stand_for_two_equal_transfers(bob: Document, verify: Verify) -> None:
    places = [number for number, leaf in enumerate(bob["leaves"]) if "2026-03-06T00" in leaf["text"]]
    bob["leaves"][places[1]] = copy.deepcopy(bob["leaves"][places[0]])
    first, second, _ = places
    assert verify(bob) == [f"statement.transfers[{second}]", f"leaves[{first}]", f"leaves[{second}]"]


def test_two_leaves_of_one_transfer_are_told_though_both_are_in_the_tree(
    bob: Document, tmp_path: Path, verify: Verify
) -> None:
    """A region that wants to count one transfer twice may put it into the tree twice, with another blind."""
    leaves = [*bob["leaves"], bob["leaves"][0] | {"blind": "77" * 32}]
    hashes = [leaf_hash(bytes.fromhex(leaf["blind"]) + leaf["text"].encode()) for leaf in leaves]
    forged = Tree(hashes)
    bob["leaves"] = [
        leaf | {"index": index, "path": [beside.hex() for beside in forged.path(index)]}
        for index, leaf in enumerate(leaves)
    ]
    bob["tree"] |= {"root": forged.root.hex(), "leaves": forged.size}
    (tmp_path / "data").mkdir()
    head = {key: bob[key] for key in ("region", "through", "tree")}
    (tmp_path / "data" / "edition.json").write_text(json.dumps(head))
    assert verify(bob, against=tmp_path) == ["leaves[0]", "leaves[13]"]
    del bob["leaves"][13]
    assert verify(bob, against=tmp_path) == []


def test_a_transfer_made_up_with_a_leaf_that_is_used_already_is_told(bob: Document, verify: Verify) -> None:
    bob["statement"]["transfers"].append(copy.deepcopy(bob["statement"]["transfers"][0]))
    bob["leaves"].append(copy.deepcopy(bob["leaves"][0]))
    assert verify(bob) == ["statement.closing", "statement.transfers[13]", "leaves[0]", "leaves[13]"]


def test_a_leaf_exchanged_for_somebody_elses_is_told(
    bob: Document, receipts: dict[str, Document], verify: Verify
) -> None:
    other = next(leaf for leaf in receipts["Ada"]["leaves"] if '"tuition"' in leaf["text"])
    bob["leaves"][2] = other
    assert verify(bob) == ["statement.transfers[2]", "leaves[2]"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("40.00", "40.01"),
        ("-15T", "-16T"),
        ("purchase", "gift"),
        (":Bakery:", ":Mill:"),
        ("RSC", "CSR"),
        (",1]", ",2]"),
    ],
)
def test_an_altered_leaf_is_told(old: str, new: str, bob: Document, verify: Verify) -> None:
    (place,) = (number for number, leaf in enumerate(bob["leaves"]) if '"40.00"' in leaf["text"])
    bob["leaves"][place]["text"] = bob["leaves"][place]["text"].replace(old, new)
    assert verify(bob) == [f"statement.transfers[{place}]", f"leaves[{place}]", f"leaves[{place}]"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("instant", "2026-01-16T00:00:00"), ("type", "gift"), ("credit", "Assets:Companies:Mill:Wallet")],
)
def test_a_transfer_altered_together_with_its_leaf_is_told(key: str, value: str, bob: Document, verify: Verify) -> None:
    """So that statement and leaves agree, and only the path can tell."""
    (place,) = (number for number, leaf in enumerate(bob["leaves"]) if '"40.00"' in leaf["text"])
    row, leaf = bob["statement"]["transfers"][place], bob["leaves"][place]
    assert row[key] in leaf["text"]
    leaf["text"] = leaf["text"].replace(row[key], value)
    row[key] = value
    assert verify(bob) == [f"leaves[{place}]"]


def test_an_amount_altered_everywhere_is_told_by_the_path(bob: Document, verify: Verify) -> None:
    (place,) = (number for number, leaf in enumerate(bob["leaves"]) if '"40.00"' in leaf["text"])
    bob["statement"]["transfers"][place]["amount"] = "400.00"
    bob["leaves"][place]["text"] = bob["leaves"][place]["text"].replace('"40.00"', '"400.00"')
    wallet = "Assets:Members:Bob:Wallet"
    closing = bob["statement"]["closing"]
    assert closing[wallet] == "36.36"
    closing[wallet] = "-323.64"
    assert verify(bob) == [f"leaves[{place}]"]


def test_the_path_of_another_leaf_is_told(bob: Document, verify: Verify) -> None:
    bob["leaves"][0]["path"], bob["leaves"][1]["path"] = bob["leaves"][1]["path"], bob["leaves"][0]["path"]
    assert verify(bob) == ["leaves[0]", "leaves[1]"]


def test_the_blind_of_another_leaf_is_told(bob: Document, verify: Verify) -> None:
    bob["leaves"][0]["blind"], bob["leaves"][1]["blind"] = bob["leaves"][1]["blind"], bob["leaves"][0]["blind"]
    assert verify(bob) == ["leaves[0]", "leaves[1]"]


def test_a_wrong_place_is_told(bob: Document, verify: Verify) -> None:
    used = {leaf["index"] for leaf in bob["leaves"]}
    bob["leaves"][0]["index"] = next(place for place in range(64) if place not in used)
    assert verify(bob) == ["leaves[0]"]


@pytest.mark.parametrize("index", [64, 2**40])
def test_a_place_beyond_the_tree_is_told(index: int, bob: Document, verify: Verify) -> None:
    bob["leaves"][0]["index"] = index
    assert verify(bob) == ["leaves[0]"]
    assert f"its index is {index}, but the edition has 64 leaves" in verify.said


def test_a_path_too_long_or_too_short_is_told(bob: Document, verify: Verify) -> None:
    bob["leaves"][0]["path"].append("00" * 32)
    bob["leaves"][1]["path"].pop()
    bob["leaves"][2]["path"].clear()
    assert verify(bob) == ["leaves[0]", "leaves[1]", "leaves[2]"]


def test_two_leaves_at_one_place_are_told(bob: Document, verify: Verify) -> None:
    bob["leaves"][1] |= {key: bob["leaves"][0][key] for key in ("index", "path")}
    assert verify(bob) == ["leaves[0]", "leaves[1]", "leaves[1]"]


def test_an_inner_node_is_no_leaf_of_a_smaller_edition(
    bob: Document, edition: Path, tmp_path: Path, verify: Verify
) -> None:
    """The second preimage: children of a node as the bytes of a leaf, in a tree said to be half as large."""
    smaller = tmp_path / "smaller"
    (smaller / "data").mkdir(parents=True)
    text = (edition / "data" / "edition.json").read_text()
    (smaller / "data" / "edition.json").write_text(text.replace('"leaves": 64', '"leaves": 32'))
    bob["tree"]["leaves"] = 32
    for leaf in bob["leaves"]:
        leaf["index"] >>= 1
        leaf["path"].pop(0)
    assert {f"leaves[{number}]" for number in range(13)} <= set(verify(bob, against=smaller))


def test_another_editions_root_is_told_and_its_paths_are_not_looked_at(
    bob: Document, village: Path, tmp_path: Path, verify: Verify
) -> None:
    other = publish_by_hand(
        write_village(tmp_path / "ledger"), tmp_path / "other", through=end_of(last_day_of(2026, 2))
    )
    assert verify(bob, against=other) == ["through", "tree.root"]


def test_a_root_that_the_edition_does_not_have_is_told(bob: Document, verify: Verify) -> None:
    bob["tree"]["root"] = "00" * 32
    assert verify(bob) == ["tree.root"]


def test_another_region_is_told(bob: Document, verify: Verify) -> None:
    bob["region"] = "Lakeside"
    assert verify(bob) == ["region"]


def test_a_closing_balance_that_does_not_follow_is_told(bob: Document, verify: Verify) -> None:
    bob["statement"]["closing"]["Assets:Members:Bob:Wallet"] = "36.35"
    assert verify(bob) == ["statement.closing"]


def test_an_opening_balance_from_nowhere_is_told_even_where_the_closing_follows(bob: Document, verify: Verify) -> None:
    bob["statement"]["opening"]["Assets:Members:Bob:Wallet"] = "-10.00"
    bob["statement"]["closing"]["Assets:Members:Bob:Wallet"] = "26.36"
    assert verify(bob) == ["statement.opening"]


def test_an_account_left_out_is_told(bob: Document, verify: Verify) -> None:
    for balances in ("opening", "closing"):
        del bob["statement"][balances]["Liabilities:Members:Bob:Loans"]
    assert set(verify(bob)) == {"statement.transfers[1]"}
    del bob["statement"]["closing"]["Assets:Members:Bob:Wallet"]
    assert "statement" in verify(bob)


def test_a_transfer_to_an_account_of_her_own_that_is_left_out_is_told(bob: Document, verify: Verify) -> None:
    for balances in ("opening", "closing"):
        del bob["statement"][balances]["Assets:Members:Bob:Hours"]
    bob["statement"]["transfers"][-1]["debit"] = "Assets:Members:Bob:Hours"
    assert "statement.transfers[12]" in verify(bob)
    assert '"Assets:Members:Bob:Hours", of which the statement has no balance' in verify.said


@pytest.mark.parametrize(
    "account", ["Assets:Members:Ada:Wallet", "Equity:Outside", "Equity:Cooperations:Bob", "Nonsense"]
)
def test_an_account_of_somebody_else_is_told(account: str, bob: Document, verify: Verify) -> None:
    for balances in ("opening", "closing"):
        bob["statement"][balances][account] = "0.00"
    assert "statement.opening" in verify(bob)


def test_a_receipt_under_another_name_is_told(bob: Document, verify: Verify) -> None:
    bob["party"] = bob["statement"]["party"] = "Ada"
    assert "statement.opening" in verify(bob)


def test_a_transfer_between_others_is_told_though_it_has_a_leaf(
    bob: Document, receipts: dict[str, Document], verify: Verify
) -> None:
    """Somebody pads her statement with what she learnt from another."""
    ada = receipts["Ada"]
    place = next(number for number, leaf in enumerate(ada["leaves"]) if '"tuition"' in leaf["text"])
    bob["statement"]["transfers"].append(ada["statement"]["transfers"][place])
    bob["leaves"].append(ada["leaves"][place])
    assert verify(bob) == ["statement.transfers[13]"]


def test_a_transfer_after_the_end_of_the_edition_is_told(bob: Document, verify: Verify) -> None:
    bob["statement"]["transfers"][-1]["instant"] = "2026-03-06T12:00:00.000001"
    assert verify(bob).count("statement.transfers[12]") == 2
    assert "it is of 2026-03-06T12:00:00.000001, after the edition's last instant" in verify.said


def test_another_commodity_is_told(bob: Document, verify: Verify) -> None:
    bob["statement"]["transfers"][-1]["commodity"] = "EUR"
    assert verify(bob).count("statement.transfers[12]") == 2


def test_the_ledger_cannot_pass_off_two_trees(tmp_path: Path, village: Path) -> None:
    """A region that shows Bob another past than the edition's gives itself away: it needs another root."""
    folder = write_village(tmp_path)
    file = folder / "journal" / "2026-03.beancount"
    file.write_text(file.read_text().replace("-7 RSC", "-8 RSC").replace(" 7 RSC", " 8 RSC"))
    assert tree(folder).root != tree(village).root
    assert books_of(folder).last_instant == books_of(village).last_instant
