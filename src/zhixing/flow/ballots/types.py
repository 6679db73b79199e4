"""What the ballots room tells others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AspectView:
    """`name` falls back to the code."""

    code: str
    name: str


@dataclass(frozen=True)
class PollView:
    """`title` falls back to the code. `counted` are the grades that count as favourable, as the poll states
    them; empty where it does not say."""

    code: str
    title: str
    unit_id: int | None
    held_on: date | None
    scale: tuple[str, ...]
    counted: tuple[str, ...]
    aspects: tuple[AspectView, ...]
