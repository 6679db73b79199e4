"""What this room tells others: units and programmes, and how to read a path.

A path is the seven-digit ids of a unit's superiors, from the root down to the unit itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STEP = 7
"""Digits of a path for each level of the tree."""

CEILING = "9" * STEP
"""`path + CEILING` is not before any path below `path`."""

LEVELS = 30
"""How many levels a tree may have (the stored path's length)."""

ALWAYS = date.min
"""The start of what has no known beginning."""

FOREVER = date.max
"""The end (exclusive) of what has no known end."""


def step(unit_id: int) -> str:
    """One unit's part of a path."""
    return f"{unit_id:0{STEP}d}"


def ids_of(path: str) -> tuple[int, ...]:
    """The ids along a path, from the root to the unit itself."""
    return tuple(int(path[at:at + STEP]) for at in range(0, len(path), STEP))


def level_of(path: str) -> int:
    """1 for a root, 2 below it …; 0 for the empty path, which stands for the whole installation."""
    return len(path) // STEP


def superior_of(path: str) -> str:
    """The path one level up, "" above a root."""
    return path[:-STEP]


def within(path: str, above: str) -> bool:
    """Is the unit at `path` the unit at `above`, or anywhere below it?"""
    return path.startswith(above)


@dataclass(frozen=True)
class UnitView:
    """A unit as it stood on a day. `path` is its place on that day; of a unit that was closed then, the
    place it had last; of one not yet opened, the place it will have first. `is_open`: it existed that day.
    `valid_from` and `valid_to` are its first and last day, None where not known."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    path: str
    is_open: bool
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def level(self) -> int:
        return level_of(self.path)

    @property
    def superior_id(self) -> int | None:
        """The nearest open superior."""
        ids = ids_of(self.path)
        return ids[-2] if len(ids) > 1 else None

    @property
    def label(self) -> str:
        """What to call it where room is short."""
        return self.short_name or self.name or self.code


@dataclass(frozen=True)
class ProgrammeView:
    """What grants, scopes and frozen figures refer to: a campaign's code and the unit that hosts it."""

    id: int
    code: str
    host_unit_id: int
    host_unit_code: str
