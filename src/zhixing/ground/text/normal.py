"""Text as it is compared: full width, case and traditional forms levelled, damage taken out.

`level` is for counting words; `Levelled` also remembers where each character stood in the original, so that
whatever is found can be marked in the text that people wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

LONGEST = 200_000
"""Characters of one opinion that are read; what stands behind is not looked at."""

_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=1)
def simplified() -> dict[int, str]:
    """Traditional → simplified character, for `str.translate`."""
    text = files("zhixing.ground.text").joinpath("background/simplified.txt").read_text(encoding="utf-8")
    old, new = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {ord(a): b for a, b in zip(old, new, strict=True)}


@lru_cache(maxsize=65536)
def _char(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Cs", "Cc", "Cf", "Co", "Cn"):  # lone surrogates, controls, joiners, private use: damage or dress
        return " " if char in "\t\n\r\f\v\x85" else ""
    return unicodedata.normalize("NFKC", char).translate(simplified()).lower()


def level(text: str) -> str:
    """The text levelled, runs of space made one; never longer than `LONGEST` characters."""
    text = text[:LONGEST]
    if not text.isascii():
        text = "".join(map(_char, text))
        text = unicodedata.normalize("NFC", text)
    else:
        text = text.lower()
    return _SPACE.sub(" ", text).strip()


@dataclass(frozen=True)
class Levelled:
    """`text[i]` comes from `original[at[i]]`."""

    text: str
    at: Sequence[int]

    @classmethod
    def of(cls, original: str) -> Levelled:
        pieces = list(map(_char, original))
        sizes = list(map(len, pieces))
        if sizes.count(1) == len(sizes):
            return cls("".join(pieces), range(len(original)))
        return cls("".join(pieces), [place for place, size in enumerate(sizes) for _ in range(size)])

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` came from."""
        if start >= end:
            here = self.at[start] if start < len(self.at) else 0
            return here, here
        return self.at[start], self.at[end - 1] + 1
