"""What this room tells others: sessions, who was expected and who was there, plans, and talks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

STATUSES = ("present", "leave", "absent", "made_up")

MISSED = ("leave", "absent")

PARTS = ("agenda", "decisions", "guests", "opinions", "speeches", "commitments")
"""The long texts an activity may have, besides its minutes, in the order of a meeting."""

LONGEST = 60_000
"""Characters of one long text."""

MOST_NAMES = 200
"""So many people a page shows to be tapped; of more, those who were missing are named."""


@dataclass(frozen=True)
class Expected:
    """Somebody on a roster."""

    id: int
    code: str
    name: str
    post: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class Mark:
    """How one person stood to one session, other than simply present."""

    status: str
    made_up_on: date | None = None


@dataclass(frozen=True)
class Marked:
    """A person whom the records name for a session. `expected`: on its roster of the day."""

    person: Expected
    status: str
    made_up_on: date | None
    expected: bool


@dataclass(frozen=True)
class SessionView:
    """One activity as its page shows it. `headcount` is a cell (`80`, `>=80`), "" where there is none; `texts` are
    the long texts by part; `planned_id` the planned day that it was held for."""

    id: int
    code: str
    kind: str
    title: str
    unit_id: int
    unit_code: str
    unit_name: str
    phase_code: str
    starts_on: date | None
    starts_time: time | None
    ends_on: date | None
    ends_time: time | None
    place: str
    host: str
    host_name: str
    roster: str
    headcount: str
    minutes: str
    counterpart: str
    counterpart_name: str
    pair_kind: str
    theme: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Presence:
    """Who was expected at a session and how they stood. `expected` and `present` are numbers of people on the roster;
    `marked` are those whom a record names."""

    expected: int
    present: int
    marked: tuple[Marked, ...]


@dataclass(frozen=True)
class Signed:
    """A name in the sign-in; `person` is a code, "" for a guest."""

    name: str
    person: str = ""


@dataclass(frozen=True)
class Slot:
    """What a calendar shows on a day: a session that was held (`code`), or a planned day (`planned_id`)."""

    day: date
    at: time | None
    ends_at: time | None
    kind: str
    title: str
    unit_id: int
    unit_name: str
    place: str
    code: str = ""
    planned_id: int | None = None
    dropped: str = ""


@dataclass(frozen=True)
class PlannedView:
    """A planned day with what its series says of it, for the form that hands it in."""

    id: int
    series: str
    day: date
    kind: str
    title: str
    unit_id: int
    unit_code: str
    place: str
    host: str
    roster: str
    starts_time: time | None
    ends_time: time | None
    dropped: str
    activity: str


@dataclass(frozen=True)
class Habit:
    """What the unit's last session of a kind said, so that it need not be asked again."""

    kind: str = ""
    place: str = ""
    host: str = ""
    roster: str | None = None
    starts_time: time | None = None


@dataclass(frozen=True)
class PairRow:
    """One person and those with whom a talk is owed: whom they talked with (code → day), and who is missing."""

    person: Expected
    talked: Mapping[str, date | None]
    missing: tuple[Expected, ...]


@dataclass(frozen=True)
class TalkMatrix:
    """Who has talked with whom. `columns` are the second category's people. `beyond`: people who do not fit."""

    rows: tuple[PairRow, ...]
    columns: tuple[Expected, ...]
    done: int
    owed: int
    beyond: int = 0
