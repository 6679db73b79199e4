"""The trees against a naive implementation of RFC 6962 and against the vectors of certificate-transparency
(the eight leaves of its `merkletree` tests, published with the RFC's reference implementation)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.kernel import merkle

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]
ROOTS = [bytes.fromhex(text) for text in (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]
PATHS = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]
PROOFS = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_proof(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF of RFC 6962, section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive_proof(old, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_proof(old - split, leaves[split:], False), naive_root(leaves[:split])]


def nodes_of(leaves: list[bytes]) -> merkle.Nodes:
    return lambda level, index: naive_root(leaves[index << level:(index + 1) << level])


TREES = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def test_the_published_roots() -> None:
    builder = merkle.RootBuilder()
    assert builder.root() == merkle.EMPTY_ROOT == bytes.fromhex(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        builder.add(leaf)
        assert builder.root() == root


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_published_audit_paths(index: int, size: int, path: list[str]) -> None:
    made = merkle.inclusion_proof(index, size, nodes_of(LEAVES))
    assert [part.hex() for part in made] == path
    assert merkle.included(merkle.leaf_hash(LEAVES[index]), index, size, made, ROOTS[size - 1])


@pytest.mark.parametrize(("old", "new", "path"), PROOFS)
def test_the_published_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    made = merkle.consistency_proof(old, new, nodes_of(LEAVES))
    assert [part.hex() for part in made] == path
    assert merkle.consistent(old, new, ROOTS[old - 1], ROOTS[new - 1], made)


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_growing_tree_has_the_root_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle.root_of(leaves) == naive_root(leaves)


@given(TREES, st.data())
def test_a_tree_can_be_laid_down_and_taken_up_again(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(leaves)))
    nodes = nodes_of(leaves)
    builder = merkle.RootBuilder(size, [nodes(*part) for part in merkle.frontier(size)])
    assert builder.root() == naive_root(leaves[:size])
    for leaf in leaves[size:]:
        builder.add(leaf)
    assert builder.root() == naive_root(leaves)


@given(TREES)
def test_each_completed_subtree_is_told_once_with_its_hash(leaves: list[bytes]) -> None:
    builder = merkle.RootBuilder()
    told = {}
    for leaf in leaves:
        for level, index, value in builder.add(leaf):
            assert merkle.position(level, index) not in told
            told[merkle.position(level, index)] = value
            assert value == nodes_of(leaves)(level, index)
    assert len(told) == len(leaves) - len(leaves).bit_count()


@given(TREES, st.data())
def test_a_leaf_is_shown_to_be_in_the_tree_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.inclusion_proof(index, len(leaves), nodes_of(leaves))
    root, size, leaf = naive_root(leaves), len(leaves), merkle.leaf_hash(leaves[index])
    assert path == naive_path(index, leaves)
    assert merkle.included(leaf, index, size, path, root)
    assert not merkle.included(merkle.leaf_hash(leaves[index] + b"x"), index, size, path, root)
    assert not merkle.included(leaf, index, size, [*path, root], root)
    assert not merkle.included(leaf, size, size, path, root)
    if path:
        assert not merkle.included(leaf, index, size, path[1:], root)
        other = data.draw(st.integers(0, size - 1))
        if leaves[other] != leaves[index]:
            assert not merkle.included(leaf, other, size, path, root)


@given(TREES, st.data())
def test_an_older_tree_is_shown_to_be_the_beginning_and_no_other_is(leaves: list[bytes],
                                                                    data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    path = merkle.consistency_proof(old, len(leaves), nodes_of(leaves))
    before, after = naive_root(leaves[:old]), naive_root(leaves)
    forged = naive_root([*leaves[:old - 1], leaves[old - 1] + b"x"])
    assert path == naive_proof(old, leaves)
    assert merkle.consistent(old, len(leaves), before, after, path)
    assert not merkle.consistent(old, len(leaves), forged, after, path)
    assert not merkle.consistent(old, len(leaves), before, forged, path)
    assert not merkle.consistent(old, len(leaves), before, after, [*path, after])
    if path:
        assert not merkle.consistent(old, len(leaves), before, after, path[:-1])


def test_every_tree_continues_the_empty_one() -> None:
    assert merkle.consistent(0, 8, merkle.EMPTY_ROOT, ROOTS[7], [])
    assert not merkle.consistent(0, 8, ROOTS[0], ROOTS[7], [])
    assert not merkle.consistent(9, 8, ROOTS[7], ROOTS[7], [])


def test_proofs_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(8, 8, nodes_of(LEAVES))
    with pytest.raises(ValueError, match="at least one leaf"):
        merkle.consistency_proof(0, 8, nodes_of(LEAVES))
    with pytest.raises(ValueError, match="as many hashes"):
        merkle.RootBuilder(3, [b"x"])
