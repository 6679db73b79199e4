"""Where two documents write the same run of units: one sort over all runs of all documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhixing.ground.text.corpus import Floats, Ints
from zhixing.ground.text.folding import RUN, Folded, runs_of

SET_PHRASE_DOCUMENTS = 4
SET_PHRASE_SHARE = 0.01
"""A run in so many documents (the larger of the two) is a set phrase, or belongs to a passage shared by many."""
SET_PHRASE_WEIGHT = 0.03
WIDEST = 24
"""A run in more documents than this links none to another."""
SHORT = 4
"""Units of the shorter runs that tell how stale a run is: phrases are rebuilt from the same short pieces."""
FEWEST = 8
"""Fewer documents than this cannot tell what is stale."""


def _rarity(folded: Sequence[Folded]) -> list[Floats]:
    """Of each run: 1 where its short pieces stand in one or two documents, 0 where in half of all."""
    if len(folded) < FEWEST:
        return [np.ones(len(one.runs)) for one in folded]
    short = [runs_of(one.units, SHORT) for one in folded]
    keys, uses = np.unique(np.concatenate([np.unique(one) for one in short]), return_counts=True)
    found: list[Floats] = []
    for one, run in zip(short, folded, strict=True):
        mine = uses[np.searchsorted(keys, one)].astype(np.float64) if len(one) else np.zeros(0)
        count = len(run.runs)
        mean = sum(mine[step : step + count] for step in range(RUN - SHORT + 1)) / (RUN - SHORT + 1)
        scale = np.log(0.25 * len(folded))
        found.append(np.clip(np.log(0.5 * len(folded) / np.maximum(mean, 1.0)) / scale, 0.0, 1.0))
    return found


@dataclass
class Seeds:
    """Equal runs of pairs of documents, sorted by pair and place."""

    a: Ints
    b: Ints
    at_a: Ints
    at_b: Ints
    weight: Floats
    uses: list[Ints]
    """Of each run of each document: in how many documents it stands."""
    many: int
    """From how many documents on a run counts as a set phrase."""


def _expanded(sizes: Ints, first: Ints) -> tuple[Ints, Ints]:
    """All pairs (i < j) of places within consecutive groups of these sizes."""
    left: list[Ints] = []
    right: list[Ints] = []
    for size in np.unique(sizes):
        begin = first[sizes == size]
        i, j = np.triu_indices(int(size), 1)
        left.append((begin[:, None] + i[None, :]).ravel())
        right.append((begin[:, None] + j[None, :]).ravel())
    empty = np.zeros(0, np.int64)
    return (np.concatenate(left) if left else empty), (np.concatenate(right) if right else empty)


def _uses(keys: NDArray[np.uint64], documents: Ints, first: Ints) -> Ints:
    """Of each group of equal keys, in how many documents it stands."""
    fresh = np.r_[True, (keys[1:] != keys[:-1]) | (documents[1:] != documents[:-1])]
    return np.add.reduceat(fresh.astype(np.int64), first)


def join(folded: Sequence[Folded], sources: int) -> Seeds:
    """Seeds between all documents, except among the last `sources`, which are only compared with the others."""
    counts = np.array([len(one.runs) for one in folded], np.int64)
    many = max(SET_PHRASE_DOCUMENTS, int(np.ceil(SET_PHRASE_SHARE * len(folded))))
    empty = np.zeros(0, np.int64)
    if counts.sum() == 0:
        return Seeds(empty, empty, empty, empty, np.zeros(0), [empty for _ in folded], many)
    keys = np.concatenate([one.runs for one in folded])
    documents = np.repeat(np.arange(len(folded)), counts)
    place = np.concatenate([np.arange(count) for count in counts])
    named = np.concatenate([one.named for one in folded])
    order = np.argsort(keys, kind="stable")
    sorted_keys, sorted_documents = keys[order], documents[order]
    first = np.flatnonzero(np.r_[True, sorted_keys[1:] != sorted_keys[:-1]])
    sizes = np.diff(np.r_[first, len(order)])
    uses = _uses(sorted_keys, sorted_documents, first)
    of_run = np.empty(len(order), np.int64)
    of_run[order] = np.repeat(uses, sizes)
    linking = (uses >= 2) & (uses <= WIDEST) & (sizes <= 2 * WIDEST)
    left, right = _expanded(sizes[linking], first[linking])
    left, right = order[left], order[right]
    edge = len(folded) - sources
    kept = (documents[left] != documents[right]) & (np.minimum(documents[left], documents[right]) < edge)
    left, right = left[kept], right[kept]
    swap = documents[left] > documents[right]
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    common = (of_run[left] >= many) | named[left] | named[right]
    rare = np.concatenate(_rarity(folded))
    weight = np.where(common, SET_PHRASE_WEIGHT, rare[left])
    order = np.lexsort((place[right], place[left], documents[right], documents[left]))
    left, right = left[order], right[order]
    return Seeds(
        documents[left], documents[right], place[left], place[right], weight[order],
        np.split(of_run, np.cumsum(counts)[:-1]), many,
    )
