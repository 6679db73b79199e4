"""Writes the ready rows: a fixed number of statements, in the one short transaction of an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.kernel.merkle import RootBuilder

from .layout import Layout, Slot, quoted
from .resolving import CHANGED, KEPT, NEW, Plan, base_of, extra_has_programme, extra_key
from .staging import execute

_FETCH = 2_000


def digest(plan: Plan, name: str) -> str:
    """The Merkle root (hexadecimal) over the changes of a table, in the order of its rows: the leaf of a change is
    canonical JSON of [new values …, old values …] after a first leaf that names the table and the columns. Values
    are the stored ones; a reference is the code that the file gives."""
    layout = plan.layouts[name]
    present = plan.present[name]
    columns = [(f"{column}.{slot.db}", _code_or_value(layout, column, slot))
               for column in present for slot in layout.cells[column].slots]
    was = [(f"{column}.{slot.db}", f"was__{slot.name}") for column in present
           if column not in layout.table.key for slot in layout.cells[column].slots]
    builder = RootBuilder()
    builder.add(canonical([name, [each for each, _sql in columns], [each for each, _sql in was]]).encode())
    listed = ", ".join(quoted(sql) for _each, sql in [*columns, *was])
    sql = f"SELECT row_state, {listed} FROM {quoted(layout.ready)} WHERE row_state <> {KEPT} ORDER BY row_n"
    for row in _stream(sql):
        values = row[1:] if row[0] == CHANGED else row[1:1 + len(columns)]
        builder.add(canonical(values).encode())
    return builder.root().hex()


def _code_or_value(layout: Layout, column: str, slot: Slot) -> str:
    cell = layout.cells[column]
    return cell.code if cell.is_ref else slot.name


def _stream(sql: str) -> Iterator[Sequence[Any]]:
    """Rows in bounded memory on either database."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
            yield from (tuple(None if value is None else value for value in row) for row in copy.rows())
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
                f"WHERE row_state = {NEW} ORDER BY row_n")
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
            f"WHERE r.row_state <> {KEPT} AND r.{quoted(f'has__{extra}')} IS NULL ORDER BY r.row_n")
    said = _settable(layout, plan.present[layout.name], extra)
    if said:
        execute(f"UPDATE {db} SET {_assignments(said)} FROM {quoted(layout.ready)} r "
                f"WHERE {extra_key(layout, extra, db, plan.programme)} r.id AND r.row_state = {CHANGED} "
                f"AND r.{quoted(f'has__{extra}')} IS NOT NULL")
