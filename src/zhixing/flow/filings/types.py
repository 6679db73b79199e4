"""What this room tells others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FilingView:
    """A paper that was handed in."""

    code: str
    kind: str
    title: str
    unit_id: int | None
    filed_on: date | None
