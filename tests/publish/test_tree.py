"""The tree is the one of RFC 9162: against published vectors, the RFC's recursive definition, and forgers."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.publish.tree import Tree, leads_to_root, leaf_hash, node_hash

# The vectors of Certificate Transparency's reference implementation: github.com/transparency-dev/merkle (before that
# github.com/google/certificate-transparency), testonly/constants.go and testonly/reference_test.go.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS: dict[tuple[int, int], list[str]] = {
    (0, 1): [],
    (0, 2): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
    (1, 2): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}

leaf_lists = st.lists(st.binary(max_size=40), max_size=40)
places = st.integers(1, 40).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


def numbered(size: int) -> list[bytes]:
    return [leaf_hash(b"leaf %d" % number) for number in range(size)]


def split(size: int) -> int:
    """The largest power of two below a size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def head_by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + head_by_definition(leaves[:k]) + head_by_definition(leaves[k:])).digest()


def path_by_definition(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162, section 2.1.3.1, as it is written there."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path_by_definition(index, leaves[:k]), head_by_definition(leaves[k:])]
    return [*path_by_definition(index - k, leaves[k:]), head_by_definition(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_heads_are_those_of_certificate_transparency(size: int) -> None:
    assert Tree(map(leaf_hash, LEAVES[:size])).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_audit_paths_are_those_of_certificate_transparency(index: int, size: int) -> None:
    tree = Tree(map(leaf_hash, LEAVES[:size]))
    assert [beside.hex() for beside in tree.path(index)] == PATHS[index, size]
    assert leads_to_root(leaf_hash(LEAVES[index]), index, size, tree.path(index), bytes.fromhex(ROOTS[size]))


@given(leaf_lists)
def test_the_head_is_the_recursive_one_of_the_rfc(leaves: list[bytes]) -> None:
    tree = Tree(map(leaf_hash, leaves))
    assert (tree.size, tree.root) == (len(leaves), head_by_definition(leaves))


@given(leaf_lists)
def test_every_path_is_the_recursive_one_and_leads_to_the_root(leaves: list[bytes]) -> None:
    tree = Tree(map(leaf_hash, leaves))
    for index, leaf in enumerate(leaves):
        path = tree.path(index)
        assert path == path_by_definition(index, leaves)
        assert leads_to_root(leaf_hash(leaf), index, len(leaves), path, tree.root)


@given(places, st.data())
def test_a_path_proves_no_other_leaf_no_other_place_and_no_other_root(
    place: tuple[int, int], data: st.DataObject
) -> None:
    index, size = place
    hashes = numbered(size)
    tree = Tree(hashes)
    path = tree.path(index)
    other = data.draw(st.integers(-3, size + 3).filter(lambda number: number != index))
    assert not leads_to_root(hashes[index], other, size, path, tree.root)
    assert not leads_to_root(leaf_hash(b"another"), index, size, path, tree.root)
    assert not leads_to_root(hashes[index], index, size, path, leaf_hash(b"another"))
    assert not leads_to_root(hashes[index], index, size, [*path, tree.root], tree.root)
    if path:
        broken = data.draw(st.integers(0, len(path) - 1))
        assert not leads_to_root(hashes[index], index, size, path[:broken] + path[broken + 1 :], tree.root)
        assert not leads_to_root(hashes[index], index, size, path[:broken], tree.root)
        path[broken] = leaf_hash(path[broken])
        assert not leads_to_root(hashes[index], index, size, path, tree.root)


def test_a_path_of_another_size_is_refused_where_the_sizes_differ_in_shape() -> None:
    tree = Tree(numbered(8))
    for size in (0, 1, 2, 3, 4, 9, 16, 2**63):
        assert not leads_to_root(numbered(8)[3], 3, size, tree.path(3), tree.root)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (1, 2), (3, 4)])
def test_a_leaf_of_the_right_edge_is_no_leaf_of_a_smaller_tree(index: int, size: int) -> None:
    """Where a way up that is already at the top went on, the hashes beside it would all stand on its left."""
    tree = Tree(numbered(8))
    assert leads_to_root(numbered(8)[7], 7, 8, tree.path(7), tree.root)
    assert not leads_to_root(numbered(8)[7], index, size, tree.path(7), tree.root)


def test_an_inner_node_is_no_leaf() -> None:
    """The second preimage: what was hashed to an inner node, presented as the bytes of a leaf of a smaller tree.

    Where leaves had no first byte of their own, the node's bytes would do; where nodes had none, those of a node whose
    left hash happens to begin like a leaf.
    """
    first = next(found for found in numbered(10_000) if found[0] == 0)
    hashes = [first, *numbered(3)]
    tree = Tree(hashes)
    children = hashes[0] + hashes[1]
    assert leads_to_root(node_hash(*hashes[:2]), 0, 2, tree.path(0)[1:], tree.root)  # so much is true of any tree
    for forged in (children, b"\x01" + children, children[1:]):
        assert not leads_to_root(leaf_hash(forged), 0, 2, tree.path(0)[1:], tree.root)


def test_two_leaves_exchanged_are_another_tree() -> None:
    hashes = numbered(6)
    assert Tree(hashes).root != Tree([hashes[1], hashes[0], *hashes[2:]]).root


@pytest.mark.parametrize("index", [-1, 5, 2**70])
def test_there_is_no_path_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError, match=f"there is no leaf {index} among 5"):
        Tree(numbered(5)).path(index)


def test_what_is_no_hash_of_a_leaf_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tree([b"short"])


def test_a_million_leaves_take_seconds_and_their_paths_no_more() -> None:
    hashes = [number.to_bytes(32, "big") for number in range(1_000_000)]
    start = time.perf_counter()
    tree = Tree(hashes)
    paths = [tree.path(index) for index in range(0, tree.size, 10)]
    assert time.perf_counter() - start < 20  # about 1 s on one core of 2020; a quadratic way would take hours
    assert leads_to_root(hashes[700_000], 700_000, tree.size, paths[70_000], tree.root)
