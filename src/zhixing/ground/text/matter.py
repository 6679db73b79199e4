"""What a text is about apart from where: its telling words weighted, and its place in the few dimensions that the
batch's own common words span (words that keep company count as related).

Matrices are built in the order of content and rounded to a grid far coarser than the last bits of a sum, so that
the number of threads of the linear algebra cannot change a result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh

from zhixing.ground.text.corpus import BREAK, TITLE, Corpus, Floats, telling_columns
from zhixing.ground.text.places import HIGHER, Places
from zhixing.ground.text.words import written_how_often

TITLE_COUNTS = 2.0
DIMENSIONS = 50
COMMON_SHARE = 0.0046
"""A word in at least this share of the texts helps to span the dimensions."""
MOST_COMMON = 3000
PRIOR_TEXTS = 60.0
"""The background speaks like so many texts: it decides in a batch of ten, and is a whisper in one of thousands."""
GRID = 2.0**20


@dataclass
class Matter:
    words: list[str]
    weights: Floats
    """Of each word: how much it tells."""
    sparse: sparse.csr_matrix
    """Text × word, rows of length 1 (or 0)."""
    dense: NDArray[np.float32]
    """Text × dimension, rows of length 1 (or 0)."""


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    length[length == 0] = 1.0
    return (sparse.diags(1.0 / length) @ matrix).tocsr()


def _counts(corpus: Corpus) -> tuple[sparse.csr_matrix, list[str], NDArray[np.int64]]:
    column, words = telling_columns(corpus)
    at = np.flatnonzero(column[corpus.flat] >= 0)
    rows = corpus.rows()[at]
    value = np.where(corpus.zone[at] == TITLE, TITLE_COUNTS, 1.0)
    counts = sparse.csr_matrix((value, (rows, column[corpus.flat[at]])), (corpus.size, len(words)))
    counts.sum_duplicates()
    counts.sort_indices()
    return counts, words, column


def _telling(words: list[str], uses: Floats, texts: int) -> Floats:
    """The inverse document frequency, with the background's opinion mixed in."""
    shares = written_how_often()
    background = np.array([1.0 - np.exp(-100.0 * shares.get(word, 2e-7)) for word in words])
    return np.log((texts + PRIOR_TEXTS + 1.0) / (uses + PRIOR_TEXTS * background + 0.5))


def _dimensions(weighted: sparse.csr_matrix, uses: Floats) -> NDArray[np.float32]:
    size = weighted.shape[0]
    common = np.flatnonzero(uses >= max(2.0, COMMON_SHARE * size))
    if len(common) > MOST_COMMON:
        common = np.sort(common[np.argsort(-uses[common], kind="stable")[:MOST_COMMON]])
    if not len(common):
        return np.zeros((size, 1), np.float32)
    narrow = unit_rows(weighted[:, common])
    narrow.data = np.round(narrow.data * GRID) / GRID
    together = (narrow.T @ narrow).toarray()
    if len(common) > 4 * DIMENSIONS:
        _, vectors = eigsh(together, DIMENSIONS, v0=np.ones(len(common)))
    else:
        _, vectors = np.linalg.eigh(together)
    placed = np.asarray(narrow @ vectors[:, -DIMENSIONS:])
    length = np.linalg.norm(placed, axis=1, keepdims=True)
    length[length < 1e-9] = 1.0
    return np.asarray(np.round(placed / length * GRID) / GRID, np.float32)


def find_matter(corpus: Corpus, places: Places) -> Matter:
    counts, words, column = _counts(corpus)
    uses = np.asarray((counts > 0).sum(0)).ravel().astype(float)
    by_column = sparse.csr_matrix(
        (np.ones(int((column >= 0).sum())), (np.flatnonzero(column >= 0), column[column >= 0])),
        (len(corpus.pieces), len(words)),
    )
    inside = (places.inside @ by_column).tocsr()
    named = np.asarray((inside > 0).sum(0)).ravel()
    is_place = named > 0.5 * uses
    for number, piece in enumerate(corpus.pieces):
        if number != BREAK and column[number] >= 0 and HIGHER.fullmatch(piece):
            is_place[column[number]] = True
    weights = np.maximum(_telling(words, uses, corpus.size), 0.0)
    weighted = counts.copy()
    weighted.data = np.log1p(weighted.data)
    weighted = (weighted @ sparse.diags(np.where(is_place, 0.0, weights))).tocsr()
    weighted.eliminate_zeros()
    dense = _dimensions(weighted, np.where(is_place, 0.0, uses))
    alone = uses < 2
    telling = (weighted @ sparse.diags(np.where(alone, 0.0, 1.0))).tocsr()
    telling.eliminate_zeros()
    unit = unit_rows(telling)
    unit.data = np.round(unit.data * GRID) / GRID
    return Matter(words, weights, unit, dense)
