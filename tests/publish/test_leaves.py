"""One leaf of each private transfer, blinded: whoever does not hold the blind cannot even confirm what she knows."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.instants import DAY, end_of, start_of
from conductor_bean.ledger import reports
from conductor_bean.publish.leaves import Fields, Leaf, transfer_text, tree_of
from conductor_bean.publish.privacy import PUBLIC_KINDS, is_private
from conductor_bean.publish.tree import Tree, leads_to_root, leaf_hash
from tests.cli.town import books_of
from tests.publish.village import PRIVATE, PUBLIC, SECRET, tree, write_village
from tests.support import load

PRIVATE_PLACES = (
    "Assets:Members:",
    "Liabilities:Members:",
    "Assets:Companies:Bakery:",
    "Liabilities:Companies:Bakery:",
)
FEBRUARY_END = end_of(datetime.date(2026, 2, 28))
LAST_INSTANT = start_of(datetime.date(2026, 3, 6)) + DAY // 2


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_village(tmp_path_factory.mktemp("village"))


def private_rows(folder: Path) -> list[dict[str, Any]]:
    """All transfers that have a private account by its name, as `conductor transfers --json` tells them."""
    books = books_of(folder)
    rows = [reports.transfer_row(books, record) for record in reports.transfer_records(books)]
    return [row for row in rows if row["debit"].startswith(PRIVATE_PLACES) or row["credit"].startswith(PRIVATE_PLACES)]


def all_leaves(folder: Path, secret: bytes = SECRET, until: int | None = None) -> dict[str, Leaf]:
    """The leaves of everybody by their text."""
    found = tree(folder, secret, until)
    return {leaf.text: leaf for party in PRIVATE for leaf in found.leaves(party)}


def hash_of(leaf: Leaf) -> bytes:
    return leaf_hash(leaf.blind + leaf.text.encode())


def all_hashes(folder: Path, secret: bytes = SECRET, until: int | None = None) -> set[bytes]:
    return set(map(hash_of, all_leaves(folder, secret, until).values()))


def test_each_private_transfer_has_one_leaf_and_no_other_transfer_has_any(village: Path) -> None:
    told = Counter(tuple(json.loads(text)[1:7]) for text in all_leaves(village))
    assert told == Counter(tuple(row[name] for name in Fields._fields) for row in private_rows(village))
    assert set(Counter(told.values())) == {1, 3}


def test_every_leaf_leads_to_the_root(village: Path) -> None:
    found = tree(village)
    for party in PRIVATE:
        for leaf in found.leaves(party):
            assert leads_to_root(hash_of(leaf), leaf.index, found.size, leaf.path, found.root)


def test_a_transfer_is_a_leaf_of_both_its_parties(village: Path) -> None:
    found = tree(village)
    ada, bakery = ({leaf.text: leaf for leaf in found.leaves(party)} for party in ("Ada", "Bakery"))
    shared = ada.keys() & bakery.keys()
    assert {json.loads(text)[2] for text in shared} == {"work_certificates", "wage"}
    assert all(ada[text] == bakery[text] for text in shared)


@pytest.mark.parametrize("party", PUBLIC)
def test_what_everybody_owns_has_no_leaves(village: Path, party: str) -> None:
    assert tree(village).leaves(party) == []


def test_a_bank_with_the_id_of_a_member_has_no_leaves(village: Path) -> None:
    assert not [text for text in all_leaves(village) if "Assets:Banks:Ada:Funds" in text]


def test_members_and_companies_of_workers_are_private_and_nobody_else(village: Path) -> None:
    books = books_of(village)
    account = books.machine.context.account
    told = {name for name in books.machine.state.balances if is_private(books, account(name))}
    assert told == {name for name in books.machine.state.balances if name.startswith(PRIVATE_PLACES)}


def test_every_kind_of_account_is_said_to_be_public_or_is_private() -> None:
    private = {"p", "r", "a", "prd", "member", "member_wallet", "company_wallet", "debt"}
    assert private | PUBLIC_KINDS == set(KINDS)
    assert not private & PUBLIC_KINDS


def test_a_leaf_is_a_blind_and_the_text_of_its_transfer(village: Path) -> None:
    """The format, once in full: whoever writes a verifier of her own needs no more than this."""
    (leaf,) = (leaf for leaf in tree(village).leaves("Bob") if '"purchase"' in leaf.text)
    assert leaf.text == (
        '["conductor-bean transfer 1","2026-01-15T00:00:00","purchase","Assets:Members:Bob:Wallet",'
        '"Assets:Companies:Bakery:Wallet","RSC","40.00",1]'
    )
    tree_key = blake2b(LAST_INSTANT.to_bytes(8, "big"), key=SECRET, person=b"conductor tree 1", digest_size=32).digest()
    assert leaf.blind == blake2b(leaf.text.encode(), key=tree_key, person=b"conductor leaf 1", digest_size=32).digest()
    assert hash_of(leaf) == sha256(b"\x00" + leaf.blind + leaf.text.encode()).digest()


@given(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=20)] * 6), st.integers(1, 10**6))
def test_a_text_is_json_without_spaces_and_says_one_transfer_alone(fields: tuple[str, ...], repetition: int) -> None:
    text = transfer_text(Fields(*fields), repetition)
    assert json.loads(text) == ["conductor-bean transfer 1", *fields, repetition]
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


def test_equal_transfers_have_different_blinds_and_different_leaves(village: Path) -> None:
    presents = [leaf for leaf in tree(village).leaves("Bob") if "2026-03-06T00:00:00" in leaf.text]
    assert [json.loads(leaf.text)[-1] for leaf in presents] == [1, 2, 3]
    assert len({leaf.text.rpartition(",")[0] for leaf in presents}) == 1
    assert len({leaf.blind for leaf in presents}) == len({leaf.index for leaf in presents}) == 3


def test_no_blind_serves_twice(village: Path) -> None:
    leaves = all_leaves(village)
    assert len({leaf.blind for leaf in leaves.values()}) == len(leaves)
    assert {len(leaf.blind) for leaf in leaves.values()} == {32}


def test_a_known_transfer_cannot_be_confirmed_without_its_blind(village: Path) -> None:
    """Bob knows every word of Ada's transfers, all that is public, and his own leaves with all that stands beside."""
    found = tree(village)
    seen = {beside for leaf in found.leaves("Bob") for beside in leaf.path} | set(all_hashes(village))
    own = [leaf.blind for leaf in found.leaves("Bob")]
    public = [
        LAST_INSTANT.to_bytes(8, "big"),
        b"",
        bytes(32),
        found.root,
        b"Milltown",
        b"Ada",
        str(found.size).encode(),
        b"2026-03-06T12:00:00",
    ]
    for leaf in (leaf for leaf in found.leaves("Ada") if "Bob" not in leaf.text):
        text = leaf.text.encode()
        stem = leaf.text.rpartition(",")[0].encode()
        guesses = [*public, *own]
        for word in (*public, text, stem):
            guesses += [
                sha256(word).digest(),
                sha256(word + text).digest(),
                blake2b(text, key=word[:64], digest_size=32).digest(),
                blake2b(text, key=word[:64], person=b"conductor leaf 1", digest_size=32).digest(),
                hashlib.pbkdf2_hmac("sha256", text, word, 1),
            ]
        for guess in guesses:
            assert leaf_hash(guess + text) not in seen
            assert sha256(guess + text).digest() not in seen


def test_another_secret_is_another_tree_throughout(village: Path) -> None:
    other = bytes([SECRET[0] ^ 1, *SECRET[1:]])
    assert not all_hashes(village) & all_hashes(village, other)
    assert tree(village, other).root != tree(village).root


@pytest.mark.parametrize("secret", [b"", SECRET[:31], SECRET + b"x"])
def test_a_secret_of_another_length_is_refused(village: Path, secret: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tree(village, secret)


def test_leaves_of_two_editions_cannot_be_told_to_belong_together(village: Path) -> None:
    early, late = all_leaves(village, until=FEBRUARY_END), all_leaves(village)
    assert early.keys() < late.keys()
    assert not {leaf.blind for leaf in early.values()} & {leaf.blind for leaf in late.values()}
    assert not all_hashes(village) & all_hashes(village, until=FEBRUARY_END)


def test_leaves_stand_in_order_of_their_hashes_so_that_a_place_tells_nothing(village: Path) -> None:
    leaves = sorted(all_leaves(village).values(), key=lambda leaf: leaf.index)
    hashes = [hash_of(leaf) for leaf in leaves]
    assert hashes == sorted(hashes)
    # Each stands among leaves of nothing, too, and those in the same order.
    for leaf in leaves:
        if leaf.path[0] not in hashes:
            assert (leaf.path[0] > hash_of(leaf)) == (leaf.index % 2 == 0)


@pytest.mark.parametrize(("presents", "size"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (8, 8), (9, 16)])
def test_the_number_of_leaves_is_the_next_power_of_two(presents: int, size: int) -> None:
    """Ada consults the clinic for nothing, several times: nobody counts them, nor learns whether it was at all."""
    consultation = """\
2026-02-01 * "Ada" ^clinic
  quantity: 1
  Assets:Members:Ada:Hours           0 HOUR
  Liabilities:Companies:Clinic:PRD   0 HOUR
"""
    prelude = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "company" "Clinic"
  ownership: "regional"
2026-01-01 custom "plan" "clinic" "Clinic"
  product: "Consultation"
  quantity: 50
  fixed-means: 1 HOUR
  raw-materials: 1 HOUR
  labour: 1 HOUR
  days: 100
  public: TRUE
2026-01-02 custom "plan-approval" "clinic"
  by: "carla"
"""
    loaded = load(consultation * presents, prelude=prelude)
    assert loaded.errors == []
    found = tree_of(loaded.books, SECRET)
    leaves = found.leaves("Ada")
    assert (len(leaves), found.size) == (presents, size)
    # With all real leaves at hand, what remains are leaves of nothing: as many as are lacking, all different.
    fillers = {beside for leaf in leaves for beside in leaf.path[:1]} - {hash_of(leaf) for leaf in leaves}
    assert len(fillers) <= size - presents
    other = tree_of(loaded.books, SECRET[::-1])
    assert not fillers & {beside for leaf in other.leaves("Ada") for beside in leaf.path[:1]}
    if presents == size:
        assert found.root == Tree(sorted(map(hash_of, leaves))).root


def test_the_same_books_give_the_same_tree_whatever_the_order_of_their_files(village: Path, tmp_path: Path) -> None:
    again = write_village(tmp_path, reverse=True)
    assert tree(again).root == tree(village).root
    assert tree(again).leaves("Bob") == tree(village).leaves("Bob")


def test_the_last_event_is_where_a_tree_ends_if_nobody_says(village: Path) -> None:
    assert tree(village).root == tree(village, until=LAST_INSTANT).root
    assert tree(village).root != tree(village, until=LAST_INSTANT - 1).root


def test_books_of_nothing_have_a_tree_that_tells_as_little() -> None:
    nothing, one = (tree_of(load(text, prelude="").books, SECRET) for text in ("", '2026-01-01 custom "member" "Ada"'))
    assert (nothing.size, one.size) == (1, 1)
    assert nothing.root != one.root


def test_what_comes_after_its_last_instant_changes_no_tree(village: Path, tmp_path: Path) -> None:
    later = write_village(tmp_path, '2026-03-07 custom "member" "Dan"\n2026-03-08 * "Bob" "a present"\n'
                          "  Assets:Members:Bob:Wallet  -1 RSC\n  Assets:Members:Dan:Wallet   1 RSC\n")  # fmt: skip
    assert tree(later, until=LAST_INSTANT).root == tree(village).root
    assert tree(later, until=LAST_INSTANT).leaves("Bob") == tree(village).leaves("Bob")
    assert tree(later, until=LAST_INSTANT).leaves("Dan") == []
    assert len(tree(later).leaves("Dan")) == 1


def test_a_transfer_of_the_last_instant_belongs_to_the_tree(village: Path) -> None:
    with_it, without = all_leaves(village, until=LAST_INSTANT), all_leaves(village, until=LAST_INSTANT - 1)
    (text,) = with_it.keys() - without.keys()
    assert json.loads(text)[1:3] == ["2026-03-06T12:00:00", "gift"]


def test_one_unit_more_is_another_tree(village: Path, tmp_path: Path) -> None:
    write_village(tmp_path)
    file = tmp_path / "journal" / "2026-03.beancount"
    file.write_text(file.read_text().replace("-5 RSC", "-5.01 RSC").replace(" 5 RSC", " 5.01 RSC"))
    assert tree(tmp_path, until=LAST_INSTANT).root != tree(village, until=LAST_INSTANT).root


def test_a_rejected_transaction_has_no_leaf() -> None:
    text = """
    2026-02-01 * "work"
      Assets:Companies:Bakery:A  -8 HOUR
      Assets:Members:Ada:Hours    8 HOUR
    2026-02-01 * "nobody of the mill"
      Assets:Companies:Mill:A    -8 HOUR
      Assets:Members:Ada:Hours    8 HOUR
    """
    loaded = load(text)
    assert loaded.codes == ["worker-not-at-company"]
    assert [json.loads(leaf.text)[2:4] for leaf in tree_of(loaded.books, SECRET).leaves("Ada")] == [
        ["work_certificates", "Assets:Companies:Bakery:A"],
        ["taxes", "Assets:Members:Ada:Hours"],
    ]
