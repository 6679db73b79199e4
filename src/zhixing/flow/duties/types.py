"""What the duties room tells others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

STATES = ("not_due", "under_way", "overdue", "met", "made_up_late", "waived")
"""Derived, never ticked."""


@dataclass(frozen=True)
class DutyView:
    """`where` is parsed: key → values."""

    id: int
    code: str
    phase: str
    name: str
    figure: str
    where: dict[str, list[str]]
    at_least: Decimal
    due_on: date | None
    applies_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """How one unit (or one person) stands with one duty as at a date. `record` is the duty's code
    and the unit's or person's, joined with `/`; `value` None is not known."""

    duty: DutyView
    unit_id: int
    record: str
    state: str
    value: Decimal | None
    met: bool
    waived: bool
    due: bool


@dataclass(frozen=True)
class Gate:
    """May the unit leave the phase? `missing` are the states that keep it shut."""

    unit_id: int
    met: int
    waived: int
    missing: tuple[State, ...]

    @property
    def open(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Tally:
    """Many states in one: of those that are owed and not waived, how many are met (late ones included), overdue and
    begun. `waived` stand beside them."""

    owed: int
    done: int
    overdue: int
    under_way: int
    waived: int

    @classmethod
    def of(cls, listed: Iterable[State]) -> Tally:
        counts = Counter(each.state for each in listed)
        waived = counts["waived"]
        return cls(counts.total() - waived, counts["met"] + counts["made_up_late"], counts["overdue"],
                   counts["under_way"], waived)
