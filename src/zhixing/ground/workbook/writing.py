"""Writes the ready rows: a fixed number of statements, in the one short transaction of an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

from django.db import connection, models

from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.kernel.merkle import RootBuilder

from .layout import Layout, Slot, quoted
from .resolving import CHANGED, KEPT, NEW, Plan, base_of, extra_has_programme, extra_key
from .staging import execute

_FETCH = 2_000


def digest(plan: Plan, name: str) -> str:
    """The Merkle root (hexadecimal) over the changes of a table, in the order of its rows. The first leaf names the
    table, the columns of a new value and those of an old one; then each changed row is a leaf, the canonical JSON
    of its new values followed, where it is not new, by its old ones. Every value is text or null, alike on either
    database; a reference is the code that the file gives."""
    layout = plan.layouts[name]
    new = [(f"{column}.{slot.db}", _as_text(layout, column, slot, ""))
           for column in plan.present[name] for slot in layout.cells[column].slots]
    old = [(f"{column}.{slot.db}", _as_text(layout, column, slot, "was__"))
           for column in plan.present[name] if column not in layout.table.key for slot in layout.cells[column].slots]
    builder = RootBuilder()
    builder.add(canonical([name, [title for title, _sql in new], [title for title, _sql in old]]).encode())
    listed = ", ".join(sql for _title, sql in [*new, *old])
    width = len(new) + 1
    sql = (f"SELECT CAST(row_state AS text), {listed} FROM {quoted(layout.ready)} WHERE row_state <> {KEPT} "
           f"ORDER BY {in_order()}")
    changed = str(CHANGED)
    for row in _stream(sql):
        values = row[1:] if row[0] == changed else row[1:width]
        leaf = ",".join([encode_basestring(value) if value is not None else "null" for value in values])
        builder.add(f"[{leaf}]".encode())
    return builder.root().hex()


def in_order() -> str:
    """SQL for the order in which ready rows stand. They were made in the order of the file; SQLite has no index on
    `row_n` but knows its own order of rows."""
    return "row_n" if connection.vendor == "postgresql" else "rowid"


def _as_text(layout: Layout, column: str, slot: Slot, prefix: str) -> str:
    """SQL for a stored value as text that is the same on either database."""
    cell = layout.cells[column]
    if cell.is_ref and not prefix:
        return quoted(cell.code)
    sql = quoted(prefix + slot.name)
    if isinstance(slot.field, models.BooleanField):
        return f"CAST(CAST({sql} AS integer) AS text)"
    if isinstance(slot.field, models.DecimalField):
        return f"CAST(ROUND({sql} * 10000) AS text)" if connection.vendor == "postgresql" else (
            f"CAST(CAST(ROUND({sql} * 10000) AS integer) AS text)")
    return f"CAST({sql} AS text)"


def _stream(sql: str) -> Iterator[Sequence[Any]]:
    """Rows of texts, in bounded memory on either database."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
            yield from copy.rows()
        return
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_FETCH):
            yield from rows


def ids_still_free(plan: Plan) -> bool:
    """SQLite, under the lock: nobody took the ids that new rows were given."""
    return all(base_of(plan.layouts[name]) == base for name, base in plan.bases.items())


def write(plan: Plan, name: str) -> None:
    """Inserts the new rows and updates the changed ones, side models included."""
    layout = plan.layouts[name]
    created, updated, _kept = plan.states(name)
    slots = [slot for cell in layout.main() for slot in cell.slots]
    if created:
        fixed = ["id", "programme_id"] if layout.has_programme else ["id"]
        into = ", ".join([*fixed, *(quoted(slot.db) for slot in slots)])
        values = ", ".join([*fixed, *(quoted(slot.name) for slot in slots)])
        execute(f"INSERT INTO {quoted(layout.db)} ({into}) SELECT {values} FROM {quoted(layout.ready)} "
                f"WHERE row_state = {NEW}")
    said = _settable(layout, plan.present[name], "")
    if updated and said:
        execute(f"UPDATE {quoted(layout.db)} SET {_assignments(said)} FROM {quoted(layout.ready)} r "
                f"WHERE {quoted(layout.db)}.id = r.id AND r.row_state = {CHANGED}")
    for extra in layout.extras:
        _write_extra(plan, layout, extra)


def _settable(layout: Layout, present: Sequence[str], extra: str) -> list[Slot]:
    return [slot for column in present if column not in layout.table.key
            and layout.cells[column].column.extra == extra for slot in layout.cells[column].slots]


def _assignments(slots: Sequence[Slot]) -> str:
    return ", ".join(f"{quoted(slot.db)} = r.{quoted(slot.name)}" for slot in slots)


def _write_extra(plan: Plan, layout: Layout, extra: str) -> None:
    """A side model's rows: those that are missing, then those that changed."""
    model = layout.extras[extra].model
    db = quoted(model._meta.db_table)
    link = quoted(model._meta.get_field(layout.extras[extra].link).column)
    slots = [slot for cell in layout.of_extra(extra) for slot in cell.slots]
    has_programme = extra_has_programme(layout, extra)
    into = [*(["programme_id"] if has_programme else []), link, *(quoted(slot.db) for slot in slots)]
    values = [*([str(plan.programme)] if has_programme else []), "r.id", *(f"r.{quoted(slot.name)}" for slot in slots)]
    execute(f"INSERT INTO {db} ({', '.join(into)}) SELECT {', '.join(values)} FROM {quoted(layout.ready)} r "
            f"WHERE r.row_state <> {KEPT} AND r.{quoted(f'has__{extra}')} IS NULL ORDER BY r.{in_order()}")
    said = _settable(layout, plan.present[layout.name], extra)
    if said:
        execute(f"UPDATE {db} SET {_assignments(said)} FROM {quoted(layout.ready)} r "
                f"WHERE {extra_key(layout, extra, db, plan.programme)} r.id AND r.row_state = {CHANGED} "
                f"AND r.{quoted(f'has__{extra}')} IS NOT NULL")
