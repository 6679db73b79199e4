"""What this room tells others of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UNIT_ROLES = ("secretary", "responsible")
"""Roles that are held at a unit and nowhere else."""


@dataclass(frozen=True)
class GrantView:
    """One grant in words: `unit` and `programme` are codes, "" the whole installation or every programme."""

    user: str
    role: str
    unit: str
    programme: str


@dataclass(frozen=True)
class Slip:
    """What a printed slip says. `code` is the one-time code, known only at the moment it is made; "" where
    the account signs in already and was only given one more campaign."""

    user: str
    role: str
    unit: str
    unit_name: str
    post: str
    campaign: str
    code: str
    ends_on: date | None = None
