"""What the duties room tells others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from zhixing.ground.kernel.errors import Refused

STATES = ("not_due", "under_way", "extended", "overdue", "met", "made_up_late", "waived")
"""Derived, never ticked."""

EXTENSIONS = ("extended", "make_up")
"""A later day that was asked for; or a duty that was reopened with a new day, to be made up."""

REQUESTS = ("waive", "extend")
DECISIONS = ("approved", "refused", "withdrawn")
STEPS = ("proposed", "reviewed", "returned", "passed")


@dataclass(frozen=True, slots=True)
class Extended:
    """The moved day of a duty of one unit. `base`: of a make-up, what the figure stood at when it was ordered, where
    that reached the target then: only more than that is made up."""

    kind: str
    until: date
    base: Decimal | None = None
    reason: str = ""
    by: str = ""
    given_on: date | None = None


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

    def done(self, value: Decimal | None, moved: Extended | None = None) -> bool:
        """As `reached`; a duty that was met and then reopened is done again by more than it had."""
        return self.reached(value) and (moved is None or moved.base is None or (value or 0) > moved.base)

    def state(self, now: Decimal | None, then: Decimal | None, as_of: date, waived: bool,
              moved: Extended | None = None) -> str:
        """The state as at a date: `now` is the figure as at the as-of date, `then` as at the day on which the duty is
        judged: its due date, or the day to which it was `moved`."""
        if waived:
            return "waived"
        day = moved.until if moved else self.due_on
        past = day is not None and day < as_of
        if self.done(now, moved):
            made_up = moved is not None and moved.kind == "make_up"
            return "made_up_late" if made_up or (past and not self.done(then, moved)) else "met"
        if past:
            return "overdue"
        if moved:
            return "extended"
        return "under_way" if now else "not_due"


@dataclass(frozen=True, slots=True)
class State:
    """How one unit (or one person) stands with one duty as at a date. `record` is the duty's code
    and the unit's or person's, joined with `/`; `value` None is not known; `moved`: the day was moved."""

    duty: DutyView
    unit_id: int
    record: str
    state: str
    value: Decimal | None
    met: bool
    waived: bool
    due: bool
    moved: Extended | None = None

    @property
    def day(self) -> date | None:
        """The day by which it is owed."""
        return self.moved.until if self.moved else self.duty.due_on


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
    extended: int = 0

    @classmethod
    def of(cls, counts: Counter[str]) -> Tally:
        waived = counts["waived"]
        return cls(counts.total() - waived, counts["met"] + counts["made_up_late"], counts["overdue"],
                   counts["under_way"], waived, counts["extended"])


@dataclass(frozen=True)
class Owing:
    """All who owe one duty, units or persons, as at a date. `owers`: id → unit id and code of each; `now` and `then`
    its figure as at the date and as at the day on which it is judged, `nothing` that of those without a record;
    `waived` units; `moved`: unit id → its moved day. Of a duty that persons owe only the day is moved, since what
    each of them had is not kept."""

    duty: DutyView
    as_of: date
    owers: Mapping[int, tuple[int, str]]
    now: Mapping[int, Decimal | None]
    then: Mapping[int, Decimal | None]
    nothing: Decimal | None
    waived: Collection[int]
    moved: Mapping[int, Extended] = field(default_factory=dict)

    @property
    def due(self) -> bool:
        return self.duty.due_on is not None and self.duty.due_on <= self.as_of

    def of(self, unit_id: int) -> Owing:
        """The same of one unit alone."""
        return self.among((unit_id,))

    def among(self, unit_ids: Collection[int]) -> Owing:
        """The same of some units alone."""
        return replace(self, owers={ower: known for ower, known in self.owers.items() if known[0] in unit_ids})

    def words(self) -> Iterator[tuple[int, str, bool]]:
        """Unit id, state and whether it is met, for each who owes; decided once for all who stand alike."""
        known: dict[Hashable, tuple[str, bool]] = {}
        for ower, (unit_id, _code) in self.owers.items():
            facts = (self.now.get(ower, self.nothing), self.then.get(ower, self.nothing), unit_id in self.waived,
                     self.moved.get(unit_id))
            if facts not in known:
                now, then, waived, moved = facts
                known[facts] = (self.duty.state(now, then, self.as_of, waived, moved), self.duty.done(now, moved))
            yield unit_id, *known[facts]

    def states(self) -> Iterator[State]:
        for (ower, (_unit, code)), (unit_id, state, met) in zip(self.owers.items(), self.words(), strict=True):
            yield State(self.duty, unit_id, f"{self.duty.code}/{code}", state, self.now.get(ower, self.nothing), met,
                        unit_id in self.waived, self.due, self.moved.get(unit_id))


class Unfit(Refused):
    """What was filled in cannot stand: field → what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


@dataclass(frozen=True)
class RequestView:
    """`duty` and `unit` are codes; `decision` "" is open."""

    id: int
    duty: str
    duty_name: str
    unit_id: int
    unit: str
    kind: str
    reason: str
    until: date | None
    asked_by: str
    asked_on: date
    decision: str
    why: str
    decided_by: str
    decided_on: date | None


@dataclass(frozen=True)
class PassageView:
    """One step at a gate. `phase` is a code, `reopened` are codes of duties."""

    phase: str
    unit_id: int
    step: str
    reason: str
    by: str
    on: date
    reopened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Where a unit asks more of itself than its superior's plan asks: None where it follows the plan."""

    duty: DutyView
    at_least: Decimal | None
    due_on: date | None
    note: str


@dataclass(frozen=True)
class Ask:
    """What one duty asks of one unit a week, by the table in which it is recorded ("" where none is: nothing is asked
    beyond what is recorded anyway)."""

    duty: DutyView
    table: str
    records: Decimal
    fields: Decimal
    files: Decimal
    minutes: Decimal
    weeks: int


@dataclass(frozen=True)
class Burden:
    """What the campaign asks of a unit a week: sums over its `asks`."""

    unit_id: int
    asks: tuple[Ask, ...]

    @property
    def fields(self) -> Decimal:
        return sum((each.fields for each in self.asks), Decimal(0))

    @property
    def files(self) -> Decimal:
        return sum((each.files for each in self.asks), Decimal(0))

    @property
    def minutes(self) -> Decimal:
        return sum((each.minutes for each in self.asks), Decimal(0))
