"""What this room tells others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhixing.ground.kernel.errors import Refused

HANDED_IN, RETURNED, ACCEPTED = "handed_in", "returned", "accepted"

STATES = ("waiting", "returned", "accepted", "planned")
"""Where a paper stands: handed in and not decided, sent back, accepted, not handed in yet."""


@dataclass(frozen=True)
class FilingView:
    """A paper. `unit_id` None is the host's. `version`: how often it was handed in here (0: it came by a workbook);
    `reason`: why it was sent back."""

    code: str
    kind: str
    title: str
    unit_id: int | None
    filed_on: date | None
    accepted_on: date | None = None
    phase: str = ""
    file: str = ""
    state: str = "waiting"
    version: int = 0
    reason: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class StepView:
    """`sha256` is the address of the version's file, "" where the step has none."""

    what: str
    version: int
    sha256: str
    name: str
    reason: str
    by: str
    at: datetime


class Unfit(Refused):
    """What was filled in cannot stand: field → what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))
