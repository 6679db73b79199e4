"""Documents as runs of units for comparing: a Chinese character or a Latin word is a unit; figures, punctuation and
space are left out, so that swapped figures and years do not break a run. Each unit knows where it stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhixing.ground.text.corpus import Ints, hashes
from zhixing.ground.text.normal import Levelled
from zhixing.ground.text.words import HAN

Hashes = NDArray[np.uint64]

RUN = 6
"""Units hashed together."""
_LATIN = re.compile(rf"[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)?")
_NUMERALS = np.array([ord(char) for char in "零〇一二三四五六七八九十百千万亿年月日"], np.uint64)
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_NAMED = re.compile(r"《[^》\n]{2,60}》|[“「『\"][^”」』\"\n]{2,40}[”」』\"]")
_FACTOR = 0x9E3779B97F4A7C15


@dataclass
class Folded:
    original: str
    units: Hashes
    start: Ints
    end: Ints
    """Where each unit stands in the original."""
    runs: Hashes
    """Hash of the `RUN` units that begin at each place; shorter than `units` by RUN − 1."""
    named: NDArray[np.bool_]
    """Of each run: does it stand wholly in a quoted name (of a policy, a slogan)?"""
    stops: Ints
    """Places in the original right behind the end of a sentence, and 0."""

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """Of the units `first` to `behind` (exclusive), the span in the original."""
        return int(self.start[first]), int(self.end[behind - 1])


def runs_of(units: Hashes, length: int) -> Hashes:
    """A hash of every `length` units in a row."""
    count = max(0, len(units) - length + 1)
    runs = np.zeros(count, np.uint64)
    for step in range(length):
        runs = runs * np.uint64(_FACTOR) + units[step : step + count]
    return runs ^ (runs >> np.uint64(29))


def _units(text: str) -> tuple[Hashes, Ints, Ints]:
    """The hashes of the units of a levelled text, where each begins, and what is behind it."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    han = ((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0x20000) & (codes <= 0x3FFFF))
    place = np.flatnonzero(han & ~np.isin(codes, _NUMERALS))
    words = [(match.group(), match.start(), match.end()) for match in _LATIN.finditer(text)]
    values = np.r_[codes[place] * np.uint64(_FACTOR) | np.uint64(1), hashes([word for word, _, _ in words])]
    begin = np.r_[place, np.array([first for _, first, _ in words], np.int64)]
    behind = np.r_[place + 1, np.array([last for _, _, last in words], np.int64)]
    order = np.argsort(begin, kind="stable")
    return values[order], begin[order], behind[order]


def fold(original: str) -> Folded:
    """Cost is linear in the characters."""
    levelled = Levelled.of(original)
    units, begin, behind = _units(levelled.text)
    at = np.array(levelled.at, np.int64)
    start, end = at[begin], at[behind - 1] + 1
    runs = runs_of(units, RUN)
    count = len(runs)
    inside = np.zeros(len(original) + 1, bool)
    for match in _NAMED.finditer(original):
        inside[match.start() : match.end()] = True
    quoted = inside[start].astype(np.int64) if len(start) else np.zeros(0, np.int64)
    held = np.convolve(quoted, np.ones(RUN, np.int64), "valid") if count else np.zeros(0, np.int64)
    stops = np.array([0, *(match.end() for match in _SENTENCE_END.finditer(original)), len(original)], np.int64)
    return Folded(original, units, start, end, runs, held[:count] == RUN, stops)
