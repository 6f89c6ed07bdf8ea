"""The Merkle tree of RFC 9162, section 2.1, with SHA-256: heads, audit paths, and their verification.

A leaf and an inner node are hashed with different first bytes, so that no inner node can pass for a leaf. Where the
RFC splits a list at the largest power of two, this builds the same tree level by level: a node without a neighbour on
its right rises unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

ALGORITHM = "RFC 9162 SHA-256"
HASH_SIZE = 32

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, of the hashes of its two children."""
    return sha256(_NODE + left + right).digest()


class Tree:
    """A tree with all its levels, so that each audit path is read off and none is computed.

    Args:
        hashes: The hash of each leaf, in order.
    """

    def __init__(self, hashes: Iterable[bytes]) -> None:
        # A level is one run of bytes: two neighbours are one slice of it, which is what is hashed next.
        self._levels = [b"".join(hashes)]
        if len(self._levels[0]) % HASH_SIZE:
            raise ValueError(f"the hash of a leaf has {HASH_SIZE} bytes")
        while len(self._levels[-1]) > HASH_SIZE:
            self._levels.append(_above(self._levels[-1]))

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // HASH_SIZE

    @property
    def root(self) -> bytes:
        """The tree head: of no leaves the hash of nothing."""
        return self._levels[-1] or sha256().digest()

    def path(self, index: int) -> list[bytes]:
        """The audit path of a leaf: the hashes beside its way up to the root, from below.

        Raises:
            IndexError: There is no such leaf.
        """
        if not 0 <= index < self.size:
            raise IndexError(f"there is no leaf {index} among {self.size}")
        found = []
        for level in self._levels[:-1]:
            start = (index ^ 1) * HASH_SIZE
            if start < len(level):
                found.append(level[start : start + HASH_SIZE])
            index >>= 1
        return found


def _above(level: bytes) -> bytes:
    pair = 2 * HASH_SIZE
    paired = len(level) - len(level) % pair
    nodes = [sha256(_NODE + level[start : start + pair]).digest() for start in range(0, paired, pair)]
    return b"".join((*nodes, level[paired:]))


def leads_to_root(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path proves that a leaf stands in a tree: RFC 9162, section 2.1.3.2, step by step.

    Args:
        leaf: The hash of the leaf.
        index: Its place in the tree, from 0 on.
        size: The number of the tree's leaves.
        path: The audit path.
        root: The tree head.
    """
    if not 0 <= index < size:
        return False
    first, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node_hash(beside, found)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root
