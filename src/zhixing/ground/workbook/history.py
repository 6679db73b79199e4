"""What the ledger tells of one row that is there: entered, corrected, taken out and brought back.

A workbook's import has one entry for a whole table, so what it brought is not among these; nor is what came in
without an account, which has no entry at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Model

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.tables import Table
from zhixing.ground.kernel.tables import table as declared
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.ledger.types import EntryView
from zhixing.ground.units import reads as units

from . import single
from .rows import Rows
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
    an earlier record of the same key was another one. For who does not see the whole campaign they go back to when
    the row last may have come from another unit: what it said there is that unit's. The step that brought it here is
    told without its cells."""
    told = []
    undone: set[object] = set()
    last = 0 if _sees_whole(programme_id, actor) else _last_move(table, programme_id, key)
    for entry in ledger.of_subject(single.subject_of(table, key), programme_id, limit=NEWEST):
        if (entry.verb == single.REMOVE and entry.seq not in undone) or entry.seq < last:
            break
        undone.add(entry.new.get(UNDONE))
        change = _change(table, entry)
        told.append(change if entry.seq > last else replace(change, cells={}))
        if entry.verb == single.ADD:
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


def _sees_whole(programme_id: int, actor: Actor) -> bool:
    host = units.programme_by_id(programme_id).host_unit_id
    return accounts.sees_all(actor) or any(
        accounts.may_see(actor, programme_id, unit.path) for unit in units.units_by_id([host]).values())


def _last_move(table: Table, programme_id: int, key: str) -> int:
    """The number of the newest entry that may have changed whose the row is: of the row itself or of a record through
    which it has its unit, in whichever campaign that was written, or of an import into one of their tables."""
    record = Rows(table, programme_id).keyed(Rows(table, programme_id).records(anywhere=True), key).first()
    if record is None:
        return ledger.size()
    moves = [0]
    for each, subject, columns in _owners(table, record, key):
        moves.append(_newest_touching(subject, columns))
        if columns - set(each.key):  # what is part of a row's key stays
            imports = ledger.entries(subject=each.name, limit=NEWEST)
            moves += [entry.seq for entry in imports if entry.new.get("updated")]
            moves += [entry.seq for entry in imports[NEWEST - 1:]]
    return max(moves)


def _owners(table: Table, record: Model, key: str, paths: str = "") -> Iterator[tuple[Table, str, set[str]]]:
    """The row and the records through which it has its unit: (table, subject, the columns that lead to the unit)."""
    further: dict[str, list[str]] = {}
    for path in filter(None, (paths or table.unit).split(",")):
        first, _dot, rest = path.strip().partition(".")
        further.setdefault(first, []).append(rest)
    columns = {column.name: column for column in table.columns if column.field in further}
    yield table, single.subject_of(table, key), set(columns)
    for column in columns.values():
        target, rest = getattr(record, column.field), ",".join(filter(None, further[column.field]))
        if target is not None and rest:
            yield from _owners(declared(column.to), target, target.code, rest)


def _newest_touching(subject: str, columns: set[str]) -> int:
    """The newest entry of a subject that changed one of these columns; where the newest entries do not say, the oldest
    of them. A removal that was undone brought back what it took."""
    found = ledger.entries(subject=subject, limit=NEWEST)
    for entry in found:
        came_or_went = entry.verb in (single.ADD, single.REMOVE) or (entry.verb == single.UNDO and not entry.old)
        if not came_or_went and (entry.redacted_by or columns & (set(entry.old) | set(entry.new))):
            return entry.seq
    return found[-1].seq if len(found) == NEWEST else 0
