"""What the ledger tells of one row that is there: entered, corrected, taken out and brought back.

A workbook's import has one entry for a whole table, so what it brought is not among these; nor is what came in
without an account, which has no entry at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.tables import Table
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.ledger.types import EntryView
from zhixing.ground.units import reads as units

from . import single
from .undoing import UNDONE, undoable

NEWEST = 50
"""So many entries of a row are shown."""


@dataclass(frozen=True)
class Change:
    """One entry about a row. `kind`: added, changed, removed, restored (a removal undone), undone (a change
    undone). `cells`: column → cell before and after, of a change alone."""

    at: datetime
    actor_kind: str
    actor: str
    kind: str
    cells: Mapping[str, tuple[str, str]]


def of_row(table: Table, programme_id: int, key: str, actor: Actor) -> list[Change]:
    """The newest first; the caller has made sure that the actor may see the row. They go back to when it was entered:
    an earlier record of the same key was another one. And to when it came to a unit that the actor may see:
    what it said at another one before is that unit's."""
    told = []
    undone: set[object] = set()
    for entry in ledger.of_subject(single.subject_of(table, key), programme_id, limit=NEWEST):
        if entry.verb == single.REMOVE and entry.seq not in undone:
            break
        undone.add(entry.new.get(UNDONE))
        told.append(_change(table, entry))
        if entry.verb == single.ADD or _came_from_elsewhere(table, entry, programme_id, actor):
            break
    return told


def undoable_of(table: Table, programme_id: int, key: str, actor: Actor) -> int:
    """The number of the row's newest entry where the actor may undo it, else 0."""
    found = ledger.of_subject(single.subject_of(table, key), programme_id, limit=1)
    own = found and found[0].programme_id == programme_id and undoable(found[0], actor)
    return found[0].seq if own else 0


def _change(table: Table, entry: EntryView) -> Change:
    kind = {single.ADD: "added", single.REMOVE: "removed", single.UNDO: "undone" if entry.old else "restored"}.get(
        entry.verb, "changed")
    names = [column.name for column in table.columns if column.name in entry.old or column.name in entry.new]
    cells = {name: (_cell(entry.old, name), _cell(entry.new, name)) for name in names}
    return Change(entry.at, entry.actor_kind, entry.actor, kind, cells if kind in ("changed", "undone") else {})


def _cell(cells: Mapping[str, object], name: str) -> str:
    value = cells.get(name)
    return "" if value is None else str(value)


def _came_from_elsewhere(table: Table, entry: EntryView, programme_id: int, actor: Actor) -> bool:
    """Did this change move the row here from a unit that the actor may not see?"""
    for column in table.columns:
        if column.to == "units" and column.field in table.unit.split(",") and column.name in entry.old:
            before = units.units_by_code([_cell(entry.old, column.name)]).values()
            return not all(accounts.may_see(actor, programme_id, unit.path) for unit in before)
    return False
