"""Which division an opinion is for, learned from past decisions, with a confidence that means what it says.

One-against-the-rest ridge regression on weighted words; the scale that turns scores into probabilities is fitted on
texts that the scores did not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsmr

from zhixing.ground.text.corpus import Floats, Ints
from zhixing.ground.text.matter import unit_rows
from zhixing.ground.text.normal import level
from zhixing.ground.text.words import words

FOLDS = 3
DAMPING = 0.6
SCALES = tuple(float(scale) for scale in np.geomspace(0.5, 32, 37))
LEAST = 2
"""Decisions of one division, below which it is not learned."""


@dataclass
class Router:
    divisions: tuple[str, ...]
    number: dict[str, int]
    """Word → column."""
    weights: Floats
    """Of each word."""
    lines: Floats
    """Word (and one constant) × division."""
    scale: float

    def route(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """For each text the divisions with their probability, the likeliest first; they add up to 1."""
        scores = _scores(_matrix(texts, self.number, self.weights), self.lines)
        chances = _chances(scores, self.scale)
        return [
            sorted(zip(self.divisions, map(float, row), strict=True), key=lambda item: (-item[1], item[0]))
            for row in chances
        ]


def _counted(text: str) -> dict[str, int]:
    held = words(level(text))
    counts: dict[str, int] = {}
    for word in [*held, *(f"{one} {two}" for one, two in pairwise(held))]:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _matrix(texts: Sequence[str], number: dict[str, int], weights: Floats) -> sparse.csr_matrix:
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    for place, text in enumerate(texts):
        for word, count in _counted(text).items():
            if word in number:
                row.append(place)
                column.append(number[word])
                value.append(float(np.log1p(count)))
    counts = sparse.csr_matrix((value, (row, column)), (len(texts), len(number)))
    return unit_rows((counts @ sparse.diags(weights)).tocsr())


def _with_constant(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.hstack([matrix, np.full((matrix.shape[0], 1), 0.3)]).tocsr()


def _fit(matrix: sparse.csr_matrix, truth: Ints, count: int) -> Floats:
    given = _with_constant(matrix)
    return np.column_stack([
        lsmr(given, np.where(truth == division, 1.0, -1.0), damp=DAMPING, atol=1e-5, btol=1e-5, maxiter=60)[0]
        for division in range(count)
    ])


def _scores(matrix: sparse.csr_matrix, lines: Floats) -> Floats:
    return np.asarray(_with_constant(matrix) @ lines, np.float64)


def _chances(scores: Floats, scale: float) -> Floats:
    powers = np.exp(scale * (scores - scores.max(1, keepdims=True)))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float64)


def learn(decided: Sequence[tuple[str, str]]) -> Router:
    """From (text, division) of past decisions. ValueError where fewer than two divisions have enough of them."""
    sizes: dict[str, int] = {}
    for _, division in decided:
        sizes[division] = sizes.get(division, 0) + 1
    divisions = tuple(sorted(division for division, size in sizes.items() if size >= LEAST))
    if len(divisions) < 2:
        raise ValueError("There are too few past decisions to learn from: two divisions with two each are needed.")
    kept = sorted((text, division) for text, division in decided if division in divisions)
    texts = [text for text, _ in kept]
    truth = np.array([divisions.index(division) for _, division in kept], np.int64)
    uses: dict[str, int] = {}
    for text in texts:
        for word in _counted(text):
            uses[word] = uses.get(word, 0) + 1
    number = {word: n for n, word in enumerate(sorted(w for w, use in uses.items() if use >= 2 or len(texts) < 50))}
    weights = np.array([np.log((len(texts) + 1) / (uses[word] + 0.5)) for word in number])
    matrix = _matrix(texts, number, weights)
    fold = np.arange(len(texts)) % FOLDS
    unseen = np.zeros((len(texts), len(divisions)))
    for part in range(FOLDS):
        lines = _fit(matrix[fold != part], truth[fold != part], len(divisions))
        unseen[fold == part] = _scores(matrix[fold == part], lines)
    mine = np.arange(len(texts))
    losses = [-np.log(np.maximum(_chances(unseen, scale)[mine, truth], 1e-12)).mean() for scale in SCALES]
    return Router(divisions, number, weights, _fit(matrix, truth, len(divisions)), SCALES[int(np.argmin(losses))])
