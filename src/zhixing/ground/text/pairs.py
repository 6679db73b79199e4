"""Which pairs of texts are worth comparing, and how alike each is: place times matter.

Every pair that shares a place is compared; a text without a place is compared with the texts nearest to it among
those without. All other pairs count as unlike, so the sums over groups stay exact with a sparse matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhixing.ground.text.corpus import Floats, Ints
from zhixing.ground.text.matter import GRID, Matter
from zhixing.ground.text.places import Places

NEIGHBOURS = 24
"""Of a text without a place: how many it is compared with."""
FIRST_WORDS = 10
"""Of a text without a place: so many of its most telling words find its neighbours."""
WIDE = 600
"""A word in more texts than this finds no neighbours, a place in more is split by its texts' first words."""
PLACELESS = 0.7
"""How much two texts that both name no place count as of one place."""
BLOCK = 2048


@dataclass(frozen=True)
class Recipe:
    """How alike is made up. One per language; no user tunes it."""

    threshold: float = 0.42
    """Two groups linked less than this stay apart."""
    words: float = 0.5
    """Share of the words themselves; the rest is the dimensions'."""
    placeless: float = PLACELESS
    model: float = 0.0
    """Share of an embedding model, where one is plugged in."""


def _top(matrix: sparse.csr_matrix, keep: int) -> sparse.csr_matrix:
    """The `keep` largest entries of each row; equal ones by column."""
    matrix.sort_indices()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    rank = np.arange(len(order)) - matrix.indptr[rows[order]]
    chosen = np.sort(order[rank < keep])
    return sparse.csr_matrix((matrix.data[chosen], (rows[chosen], matrix.indices[chosen])), matrix.shape)


def _alike(
    matter: Matter, model: NDArray[np.float32] | None, recipe: Recipe, a: Ints, b: Ints
) -> Floats:
    """How alike the matters of the pairs are, 0 to 1 (a little below 0 counts as 0)."""
    out = np.empty(len(a))
    for begin in range(0, len(a), 65536):
        i, j = a[begin : begin + 65536], b[begin : begin + 65536]
        words = np.asarray(matter.sparse[i].multiply(matter.sparse[j]).sum(1)).ravel()
        dense = np.einsum("ij,ij->i", matter.dense[i], matter.dense[j], dtype=np.float64)
        value = recipe.words * words + (1 - recipe.words) * dense
        if model is not None:
            near = np.einsum("ij,ij->i", model[i], model[j], dtype=np.float64)
            value = (1 - recipe.model) * value + recipe.model * near
        out[begin : begin + 65536] = value
    return np.round(np.maximum(out, 0.0) * GRID) / GRID


def _sharing_a_place(places: Places) -> tuple[Ints, Ints, Floats]:
    mentions = places.mentions
    found: list[tuple[Ints, Ints, Floats]] = []
    turned = mentions.T.tocsr()
    for begin in range(0, mentions.shape[0], BLOCK):
        near = (mentions[begin : begin + BLOCK] @ turned).tocoo()
        upper = near.row + begin < near.col
        found.append((near.row[upper] + begin, near.col[upper], np.minimum(near.data[upper], 1.0)))
    return _join(found)


def _nearest(lone: Ints, matrix: sparse.csr_matrix) -> tuple[Ints, Ints]:
    """Pairs of `lone` rows that share telling words, each with its nearest."""
    words = _top(matrix[lone], FIRST_WORDS)
    uses = np.bincount(words.indices, minlength=words.shape[1])
    words = (words @ sparse.diags((uses <= WIDE).astype(float))).tocsr()
    words.eliminate_zeros()
    turned = words.T.tocsr()
    pairs: list[tuple[Ints, Ints, Floats]] = []
    for begin in range(0, len(lone), BLOCK):
        near = (words[begin : begin + BLOCK] @ turned).tocsr()
        near = _top(near, NEIGHBOURS + 1).tocoo()
        a, b = near.row + begin, near.col
        pairs.append((np.minimum(a, b)[a != b], np.maximum(a, b)[a != b], near.data[a != b]))
    a, b, _ = _join(pairs)
    keys = np.unique(a * np.int64(len(lone)) + b)
    return lone[keys // len(lone)], lone[keys % len(lone)]


def _join(found: list[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    if not found:
        empty = np.zeros(0, np.int64)
        return empty, empty, np.zeros(0)
    return (
        np.concatenate([a for a, _, _ in found]).astype(np.int64),
        np.concatenate([b for _, b, _ in found]).astype(np.int64),
        np.concatenate([value for _, _, value in found]),
    )


def compare(
    places: Places, matter: Matter, recipe: Recipe, model: NDArray[np.float32] | None = None
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Text × text, symmetric, without the diagonal: how surely both are about one matter of one place; and how
    surely they are about one place."""
    size = matter.sparse.shape[0]
    a, b, gate = _sharing_a_place(places)
    near = sparse.csr_matrix((gate, (a, b)), (size, size))
    named = np.asarray(places.mentions.sum(1)).ravel() > 0
    lone = np.flatnonzero(~named)
    c, d = _nearest(lone, matter.sparse) if len(lone) > 1 else (a[:0], b[:0])
    a, b = np.concatenate([a, c]), np.concatenate([b, d])
    gate = np.concatenate([gate, np.full(len(c), recipe.placeless)])
    value = gate * _alike(matter, model, recipe, a, b)
    kept = value > 0
    a, b, value = a[kept], b[kept], value[kept]
    half = sparse.csr_matrix((value, (a, b)), (size, size))
    return (half + half.T).tocsr(), (near + near.T).tocsr()
