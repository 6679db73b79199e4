"""Merkle trees in the manner of RFC 6962: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right).

`RootBuilder` grows a tree with O(log n) memory. Proofs are made from any store of perfect subtrees (`Nodes`:
the hash of the subtree of 2^level leaves that begins at leaf index·2^level) and checked from the proof alone.
Leaves are counted from 0. Sources: RFC 6962 section 2.1, RFC 9162 sections 2.1.3 and 2.1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""(level, index) → the hash of a perfect subtree; (0, i) is leaf i."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def position(level: int, index: int) -> int:
    """One number for a perfect subtree, counted from left to right as the tree is drawn: leaves have the
    even numbers, a parent stands half-way between its children. It never changes as the tree grows."""
    return (index << (level + 1)) + (1 << level) - 1


def frontier(size: int) -> list[tuple[int, int]]:
    """The perfect subtrees (level, index), largest first, that together hold the first `size` leaves."""
    parts = []
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            parts.append((level, (size >> level) - 1))
    return parts


class RootBuilder:
    """A growing tree of which only the frontier is kept.

    `size` and `hashes` (one per `frontier(size)`) resume a tree that was kept elsewhere."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise ValueError("as many hashes as the frontier has parts")
        self.size = size
        self._stack = list(hashes)

    def add(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf by its data; returns the subtrees that it completed, as `add_hash` does."""
        return self.add_hash(leaf_hash(data))

    def add_hash(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf by its hash; returns the (level, index, hash) of each perfect subtree of two leaves
        or more that it completed, smallest first."""
        completed = []
        node, index, level = leaf, self.size, 0
        while index & 1:
            node = node_hash(self._stack.pop(), node)
            index >>= 1
            level += 1
            completed.append((level, index, node))
        self._stack.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of what was added so far; SHA-256 of nothing for an empty tree."""
        return _join(self._stack) if self._stack else EMPTY_ROOT


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf data."""
    builder = RootBuilder()
    for data in leaves:
        builder.add(data)
    return builder.root()


def _join(hashes: Sequence[bytes]) -> bytes:
    """One hash from subtrees, largest first."""
    node = hashes[-1]
    for left in reversed(hashes[:-1]):
        node = node_hash(left, node)
    return node


def _split(size: int) -> int:
    """The largest power of two that is smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def range_root(start: int, end: int, nodes: Nodes) -> bytes:
    """The root over leaves start … end - 1, where `start` is a multiple of the power of two next above
    the number of leaves (true of every subtree that the recursion of RFC 6962 visits)."""
    return _join([nodes(level, (start >> level) + index) for level, index in frontier(end - start)])


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of leaf `index` in the tree of the first `size` leaves."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of that size")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """What shows that the tree of the first `old` leaves is the beginning of that of the first `new`."""
    if not 0 < old <= new:
        raise ValueError("the older tree has at least one leaf and is not larger than the newer one")
    start, end, path, whole = 0, new, [], True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(start, middle, nodes))
            start, whole = middle, False
    if not whole:
        path.append(range_root(start, end, nodes))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when the audit path leads from the leaf (its hash) to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, here = leaf, size - 1, index
    for part in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(part, node)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            node = node_hash(node, part)
        here >>= 1
        last >>= 1
    return last == 0 and node == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """True when the proof shows that the older tree is the beginning of the newer (RFC 9162, 2.1.4.2).
    Every tree is consistent with the empty one, which needs no proof."""
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    parts = list(path)
    if old & (old - 1) == 0:
        parts.insert(0, old_root)
    here, last = old - 1, new - 1
    while here & 1:
        here >>= 1
        last >>= 1
    first = second = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first = node_hash(part, first)
            second = node_hash(part, second)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            second = node_hash(second, part)
        here >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
