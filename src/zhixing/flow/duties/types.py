"""What the duties room tells others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
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

    def reached(self, value: Decimal | None) -> bool:
        """Met by face value (`>=80` meets 80); not known never meets."""
        return value is not None and value >= self.at_least

    def state(self, now: Decimal | None, then: Decimal | None, as_of: date, waived: bool) -> str:
        """The state as at a date: `then` is the figure as at the due date, `now` as at the as-of date."""
        if waived:
            return "waived"
        past = self.due_on is not None and self.due_on < as_of
        if self.reached(now):
            return "made_up_late" if past and not self.reached(then) else "met"
        if past:
            return "overdue"
        return "under_way" if now else "not_due"


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
    def of(cls, counts: Counter[str]) -> Tally:
        waived = counts["waived"]
        return cls(counts.total() - waived, counts["met"] + counts["made_up_late"], counts["overdue"],
                   counts["under_way"], waived)


@dataclass(frozen=True)
class Owing:
    """All who owe one duty, units or persons, as at a date. `owers`: id → unit id and code of each; `now` and `then`
    its figure as at the date and as at the due date, `nothing` that of those without a record; `waived` units."""

    duty: DutyView
    as_of: date
    owers: Mapping[int, tuple[int, str]]
    now: Mapping[int, Decimal | None]
    then: Mapping[int, Decimal | None]
    nothing: Decimal | None
    waived: Collection[int]

    @property
    def due(self) -> bool:
        return self.duty.due_on is not None and self.duty.due_on <= self.as_of

    def of(self, unit_id: int) -> Owing:
        """The same of one unit alone."""
        return replace(self, owers={ower: known for ower, known in self.owers.items() if known[0] == unit_id})

    def words(self) -> Iterator[tuple[int, str, bool]]:
        """Unit id, state and whether it is met, for each who owes; decided once for all who stand alike."""
        known: dict[Hashable, tuple[str, bool]] = {}
        for ower, (unit_id, _code) in self.owers.items():
            facts = self.now.get(ower, self.nothing), self.then.get(ower, self.nothing), unit_id in self.waived
            if facts not in known:
                now, then, waived = facts
                known[facts] = self.duty.state(now, then, self.as_of, waived), self.duty.reached(now)
            yield unit_id, *known[facts]

    def states(self) -> Iterator[State]:
        for (ower, (_unit, code)), (unit_id, state, met) in zip(self.owers.items(), self.words(), strict=True):
            yield State(self.duty, unit_id, f"{self.duty.code}/{code}", state, self.now.get(ower, self.nothing), met,
                        unit_id in self.waived, self.due)
