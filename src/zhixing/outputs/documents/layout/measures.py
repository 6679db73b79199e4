"""The measures of GB/T 9704-2012, in the units of WordprocessingML.

A4; type area 156 × 225 mm; margins 37 above, 28 at the binding side; 22 lines of 28 characters. 28 characters
of 16 points are wider than 156 mm, so each is set a quarter point closer; lines are 28.95 points, exactly
(29 would give 21 lines). Twips are twentieths of a point."""

from __future__ import annotations

from dataclasses import dataclass


def twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)


PAGE = (11906, 16838)
TOP, LEFT, RIGHT, BOTTOM = twips(37), twips(28), twips(26), twips(35)
WIDTH = PAGE[0] - LEFT - RIGHT
FOOTER = twips(25.5)
"""So that the middle of the page number stands 7 mm below the type area."""

LINES, CHARACTERS = 22, 28


@dataclass(frozen=True)
class Sizes:
    """Half points, but for `line` (twips) and `closer` (twips between characters)."""

    body: int
    title: int
    page: int
    table: int
    line: int
    closer: int

    @property
    def indent(self) -> int:
        """Two characters of body text, in twips."""
        return 2 * (self.body * 10 + self.closer)


CHINESE = Sizes(body=32, title=44, page=28, table=21, line=579, closer=-5)
"""3号, 2号, 4号; 5号 in the annex's table."""

LATIN = Sizes(body=24, title=36, page=20, table=18, line=400, closer=0)


def width_of(text: str) -> float:
    """In full characters: a digit or Latin letter is half of one."""
    return sum(0.5 if ord(letter) < 256 else 1 for letter in text)


def signature(name: str, date: str, *, sealed: bool = False) -> tuple[float, float]:
    """How many characters the name and the date of issue stand in from the right.

    Without a seal: the date begins two characters to the right of the name and ends at least two from the
    edge. With one: the date four from the edge, the name centred over it."""
    long, short = width_of(name), width_of(date)
    if sealed:
        return max(4 + (short - long) / 2, 0), 4
    if long - short >= 2:
        return 2, long - short
    return 4 + short - long if 4 + short > long else 0, 2
