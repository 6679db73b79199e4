"""Many opinions as arrays: distinct texts in an order that only their content decides, cut into pieces once.

Working in the order of content is what makes a result independent of the order of the input: every sum is
formed in the same sequence and every tie falls the same way.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from zhixing.ground.text.normal import level
from zhixing.ground.text.words import cut, is_telling, stem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TITLE, OPENING, REST = 0, 1, 2
OPENING_PIECES = 50
"""Pieces after the title that still name the place: about eighty characters."""
BREAK = 0
"""The piece that stands between title, body and texts; nothing reaches across it."""

Progress = Callable[[str, float], None]
"""Called with the name of the step and the share of all work that is done."""


@dataclass
class Corpus:
    texts: list[tuple[str, str]]
    """Distinct (title, body), levelled, sorted."""
    row_of: Ints
    """For each opinion as given, its row in `texts`."""
    pieces: list[str]
    """Vocabulary of everything cut, by number."""
    flat: NDArray[np.int32]
    """Numbers of the pieces of all texts, one after another, `BREAK` after each title and each text."""
    zone: NDArray[np.int8]
    start: Ints
    """Where each text begins in `flat`; one more at the end."""

    @property
    def size(self) -> int:
        return len(self.texts)

    def rows(self) -> Ints:
        """For each place of `flat`, the row of its text."""
        return np.repeat(np.arange(self.size), np.diff(self.start))


def gather(opinions: Sequence[tuple[str, str]], progress: Progress) -> Corpus:
    """Levels, collapses what is the same, cuts. Cost is linear in the characters."""
    levelled: dict[tuple[str, str], tuple[str, str]] = {}
    for given in opinions:
        if given not in levelled:
            levelled[given] = (level(given[0]), level(given[1]))
    texts = sorted(set(levelled.values()))
    place = {text: row for row, text in enumerate(texts)}
    row_of = np.fromiter((place[levelled[given]] for given in opinions), np.int64, len(opinions))
    del levelled, place

    numbers: dict[str, int] = {"\n": BREAK}
    flat = array("i")
    zone = array("b")
    start = [0]
    every = max(1, len(texts) // 50)
    for row, (title, body) in enumerate(texts):
        if row % every == 0:
            progress("words", row / len(texts))
        head = cut(title)
        tail = cut(body)
        flat.extend([numbers.setdefault(piece, len(numbers)) for piece in chain(head, "\n", tail, "\n")])
        opening = min(len(tail), OPENING_PIECES)
        zone.extend([TITLE] * (len(head) + 1) + [OPENING] * opening + [REST] * (len(tail) + 1 - opening))
        start.append(len(flat))
    return Corpus(
        texts, row_of, list(numbers), np.array(flat, np.int32), np.array(zone, np.int8), np.array(start)
    )


def hashes(pieces: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each piece that depends on nothing but the piece."""
    joined = b"".join(blake2b(piece.encode("utf-8", "replace"), digest_size=8).digest() for piece in pieces)
    return np.frombuffer(joined, "<u8").astype(np.uint64) | np.uint64(1)


def telling_columns(corpus: Corpus) -> tuple[Ints, list[str]]:
    """Piece → column of the matter vocabulary (-1: carries none), and the word of each column."""
    columns: dict[str, int] = {}
    of = np.full(len(corpus.pieces), -1, np.int64)
    for number, piece in enumerate(corpus.pieces):
        if number != BREAK and is_telling(piece):
            of[number] = columns.setdefault(stem(piece), len(columns))
    return of, list(columns)
