"""Merging by the average link, in proportion to how alike each group is within itself.

Two groups merge when average(between) / sqrt(average(within one) · average(within other)) is highest for both and at
least the threshold. The division is what keeps a large, loose group from falling apart at a small change of
the threshold. Averages come from exact sums; ties fall to the text that stands first in the order of content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from zhixing.ground.text.corpus import Floats, Ints


class Contradiction(ValueError):
    """Two texts are both to be kept together and to be kept apart."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__("two opinions are both to be kept together and to be kept apart")
        self.pair = (one, other)


@dataclass
class _Groups:
    of: Ints
    """Text → group."""
    between: sparse.csr_matrix
    """Group × group: sum of how alike the pairs are."""
    within: Floats
    """The same within each group, every text with itself counted as 1."""
    size: Floats


def _start(alike: sparse.csr_matrix, first: Ints) -> _Groups:
    groups = int(first.max()) + 1 if len(first) else 0
    member = sparse.csr_matrix((np.ones(len(first)), (np.arange(len(first)), first)), (len(first), groups))
    size = np.bincount(first, minlength=groups).astype(float)
    between = (member.T @ alike @ member).tocsr()
    within = between.diagonal() + size
    between.setdiag(0)
    between.eliminate_zeros()
    between.sort_indices()
    return _Groups(first.copy(), between, within, size)


def _links(groups: _Groups, settled: Ints, apart: set[tuple[int, int]]) -> sparse.csr_matrix:
    """The strength of the link of each pair of groups; none between two settled ones."""
    loose = np.sqrt(groups.within)  # (between/(n·m)) / sqrt(within/n² · within/m²): the sizes fall out
    rows = np.repeat(np.arange(len(groups.size)), np.diff(groups.between.indptr))
    columns = groups.between.indices
    data = groups.between.data / (loose[rows] * loose[columns])
    data[(settled[rows] >= 0) & (settled[columns] >= 0) & (settled[rows] != settled[columns])] = 0.0
    links = sparse.csr_matrix((data, columns, groups.between.indptr), groups.between.shape)
    for a, b in sorted(apart):
        links[a, b] = 0.0
        links[b, a] = 0.0
    return links


def _best(links: sparse.csr_matrix) -> tuple[Ints, Floats]:
    """Of each group: the group it is linked to most strongly (the first of equals) and how strongly."""
    count = links.shape[0]
    best = np.full(count, -1, np.int64)
    strength = np.zeros(count)
    filled = np.flatnonzero(np.diff(links.indptr) > 0)
    if not len(filled):
        return best, strength
    starts = links.indptr[filled]
    strength[filled] = np.maximum.reduceat(links.data, starts)
    rows = np.repeat(np.arange(count), np.diff(links.indptr))
    top = np.flatnonzero(links.data == strength[rows])
    row, place = np.unique(rows[top], return_index=True)
    best[row] = links.indices[top[place]]
    return best, strength


def merge(
    alike: sparse.csr_matrix,
    threshold: float,
    *,
    together: Sequence[tuple[int, int]] = (),
    apart: Sequence[tuple[int, int]] = (),
    settled: Ints | None = None,
    start: Ints | None = None,
) -> Ints:
    """The group of each text, numbered by the group's first text.

    `together` and `apart` are pairs of texts that people have decided on; `settled` gives texts that stand in a
    settled group its number (-1: none): such groups take in others but never one another. `start` gives the
    groups to begin with. Raises Contradiction.
    """
    size = alike.shape[0]
    settled = np.full(size, -1, np.int64) if settled is None else settled
    known = np.flatnonzero(settled >= 0)
    ties = [*together]
    for members, numbers in ((known, settled[known]), (np.arange(size), start)):
        if numbers is not None and len(members):
            _, head, which = np.unique(numbers, return_index=True, return_inverse=True)
            ties += zip(members[head][which].tolist(), members.tolist(), strict=True)
    first = np.arange(size)
    if ties:
        a, b = np.array(ties).T
        tied = sparse.csr_matrix((np.ones(len(a)), (a, b)), (size, size))
        first = connected_components(tied, directed=False)[1].astype(np.int64)
    first = by_first(first)
    for one, other in apart:
        if first[one] == first[other]:
            raise Contradiction(one, other)
    labels = np.full(int(first.max()) + 1 if size else 0, -1, np.int64)
    for text in known:
        if labels[first[text]] not in (-1, settled[text]):
            raise Contradiction(int(text), int(np.flatnonzero(settled == labels[first[text]])[0]))
        labels[first[text]] = settled[text]
    groups = _start(alike, first)
    while size:
        forbidden = {(int(groups.of[one]), int(groups.of[other])) for one, other in apart}
        best, strength = _best(_links(groups, labels, forbidden))
        count = len(groups.size)
        me = np.arange(count)
        pair = (best >= 0) & (strength >= threshold)
        pair &= np.where(best >= 0, best[best], -1) == me
        if not pair.any():
            return by_first(groups.of)
        target = np.where(pair, np.minimum(me, np.where(pair, best, me)), me)
        new = by_first(target)
        member = sparse.csr_matrix((np.ones(count), (me, new)), (count, int(new.max()) + 1))
        between = (member.T @ groups.between @ member).tocsr()
        within = np.bincount(new, groups.within) + between.diagonal()
        between.setdiag(0)
        between.eliminate_zeros()
        between.sort_indices()
        groups = _Groups(new[groups.of], between, within, np.bincount(new, groups.size).astype(np.float64))
        kept = np.full(len(groups.size), -1, np.int64)
        np.maximum.at(kept, new, labels)
        labels = kept
    return first


def by_first(of: Ints) -> Ints:
    """Numbers groups in the order of their first text."""
    _, first, inverse = np.unique(of, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]
