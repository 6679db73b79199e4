"""What this room tells others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhixing.ground.kernel.errors import Refused

NEXT = {"": ("issued",), "planned": ("issued",), "issued": ("revised", "repealed"), "revised": ("revised", "repealed"),
        "repealed": ()}
"""Where a standing rule stands → the steps that may follow."""


@dataclass(frozen=True)
class VersionView:
    number: int
    sha256: str
    name: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class StepView:
    number: int
    status: str
    on: date
    note: str
    by: str


class Unfit(Refused):
    """What was filled in cannot stand: field → what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))
