"""From equal runs to passages: clusters of seeds, their extent by shared pairs of units, and the kind of disguise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhixing.ground.text.corpus import Floats, Ints
from zhixing.ground.text.folding import RUN, Folded

GAP = 80
"""Units without an equal run that end a cluster."""
AROUND = 16
"""Units on both sides of a cluster in which its extent is sought."""
MISS = 0.4
"""What a pair of units without counterpart costs, against 1 for one with: rates below 2 in 7 are chance."""
LEAST_UNITS = 30
LEAST_EVIDENCE = 7.6
"""Weighted equal runs, less where they stand in few places: one quoted sentence is no copied passage."""
BLOCK, BLOCKS = 12, 6
LEAST_DENSITY = 0.03
"""Evidence for each unit of the passage: policy phrases lie thin over long stretches."""
LEAST_COVERED = 0.32
SNAP = 8
"""A passage that ends so many characters from the end of a sentence ends there."""


@dataclass(frozen=True)
class Passage:
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    how: str
    """exact, figures (names and figures swapped), reordered, or reworded."""
    units: int


def clusters(at_a: Ints, at_b: Ints) -> list[Ints]:
    """Seeds parted wherever a gap opens on either side, again and again until nothing parts."""
    todo = [np.arange(len(at_a))]
    done: list[Ints] = []
    while todo:
        some = todo.pop()
        for at in (at_a, at_b):
            order = some[np.argsort(at[some], kind="stable")]
            breaks = np.flatnonzero(np.diff(at[order]) > GAP) + 1
            if len(breaks):
                todo.extend(np.split(order, breaks))
                break
        else:
            done.append(some)
    return sorted(done, key=lambda some: (int(at_a[some].min()), int(at_b[some].min())))


def _extent(hits: NDArray[np.bool_]) -> tuple[int, int]:
    """First and behind-last of the stretch with the highest sum."""
    score = np.where(hits, 1.0, -MISS)
    total = np.r_[0.0, np.cumsum(score)]
    low = np.minimum.accumulate(total)
    behind = int(np.argmax(total - low))
    first = int(np.argmin(total[: behind + 1]))
    return first, behind


def _pairs(units: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return units[:-1] * np.uint64(0x9E3779B97F4A7C15) + units[1:]


def _hits(mine: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Of each unit: does a pair it belongs to stand in the other?"""
    found = np.isin(_pairs(mine), _pairs(other))
    return np.asarray(np.r_[found, False] | np.r_[False, found], np.bool_)


def _how(a: Folded, b: Folded, one: tuple[int, int], other: tuple[int, int], at_a: Ints, at_b: Ints,
         covered: float) -> str:
    first, second = a.original[slice(*one)], b.original[slice(*other)]
    if first == second or "".join(first.split()) == "".join(second.split()):
        return "exact"
    once = np.bincount(at_a)[at_a] == 1
    once &= np.bincount(at_b)[at_b] == 1  # a phrase written twice says nothing of the order
    at_a, at_b = at_a[once], at_b[once]
    steps = np.diff(at_b[np.argsort(at_a, kind="stable")])
    if len(steps) and (steps < -RUN).sum() >= 1 and covered >= 0.75:
        return "reordered"
    return "figures" if covered >= 0.85 else "reworded"


def _snapped(folded: Folded, span: tuple[int, int]) -> tuple[int, int]:
    begin, end = span
    near = folded.stops[np.abs(folded.stops - begin) <= SNAP]
    if len(near):
        begin = int(near[np.argmin(np.abs(near - begin))])
    near = folded.stops[np.abs(folded.stops - end) <= SNAP]
    if len(near):
        end = int(near[np.argmin(np.abs(near - end))])
    return (begin, end) if begin < end else span


def passages(a: Folded, b: Folded, at_a: Ints, at_b: Ints, weight: Floats) -> list[Passage]:
    """What the two documents have in common, in the order of the first."""
    found: list[Passage] = []
    for some in clusters(at_a, at_b):
        xs, ys, ws = at_a[some], at_b[some], weight[some]
        if ws.sum() < LEAST_EVIDENCE:
            continue
        _, once = np.unique(xs, return_index=True)
        _, twice = np.unique(ys, return_index=True)
        spread = min(1.0, len(np.unique(xs[ws > 0.1] // BLOCK)) / BLOCKS)
        evidence = min(ws[once].sum(), ws[twice].sum()) * spread
        if evidence < LEAST_EVIDENCE:
            continue
        a0, b0 = max(0, int(xs.min()) - AROUND), max(0, int(ys.min()) - AROUND)
        mine = a.units[a0 : int(xs.max()) + RUN + AROUND]
        other = b.units[b0 : int(ys.max()) + RUN + AROUND]
        hit_a, hit_b = _hits(mine, other), _hits(other, mine)
        (p, q), (r, s) = _extent(hit_a), _extent(hit_b)
        covered = min(hit_a[p:q].mean(), hit_b[r:s].mean()) if q > p and s > r else 0.0
        if min(q - p, s - r) < LEAST_UNITS or covered < LEAST_COVERED:
            continue
        if evidence < LEAST_DENSITY * max(q - p, s - r):
            continue
        one = _snapped(a, a.span(a0 + p, a0 + q))
        two = _snapped(b, b.span(b0 + r, b0 + s))
        how = _how(a, b, one, two, xs, ys, float(covered))
        found.append(Passage(*one, *two, how, min(q - p, s - r)))
    return _without_overlap(found)


def _without_overlap(found: list[Passage]) -> list[Passage]:
    """Of passages that lie over one another in the first document, the longest."""
    kept: list[Passage] = []
    for passage in sorted(found, key=lambda x: (-x.units, x.a_start, x.b_start)):
        if all(passage.a_end <= other.a_start or passage.a_start >= other.a_end for other in kept):
            kept.append(passage)
    return sorted(kept, key=lambda x: (x.a_start, x.b_start))
