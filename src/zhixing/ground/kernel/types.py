"""Plain types that every room speaks: who acts, over what, within which scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

ROLES = ("admin", "office", "leader", "supervisor", "secretary", "responsible", "viewer")


@dataclass(frozen=True)
class Grant:
    """A role over the subtree of one unit. `programme_id` None means every programme of that subtree;
    `path` is the unit's place in the tree (see `ground.units`), "" the whole installation."""

    role: str
    path: str = ""
    programme_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who does something. `kind` is `person`, `console` (the command line) or `system` (a job).
    `key` is what the ledger keeps: the account's name, `console`, or the job's name."""

    kind: str
    key: str
    user_id: int | None = None
    grants: tuple[Grant, ...] = field(default=())

    def holds(self, *roles: str, programme_id: int | None = None, path: str = "") -> bool:
        """True when a grant gives one of the roles over `path` in this programme. The console holds all."""
        if self.kind in ("console", "system"):
            return True
        return any(
            grant.role in roles
            and (grant.programme_id is None or programme_id is None or grant.programme_id == programme_id)
            and path.startswith(grant.path)
            for grant in self.grants
        )


CONSOLE = Actor("console", "console")


@dataclass(frozen=True)
class Scope:
    """What a figure is counted over: a programme, a unit (its whole subtree as at the date, or `own`
    records alone), and the as-of date: records dated after it do not count, undated ones do."""

    programme_id: int
    unit_id: int
    as_of: date
    own: bool = False
