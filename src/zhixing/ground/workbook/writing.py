"""Writes the ready rows: a fixed number of statements, in the one short transaction of an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from json.encoder import encode_basestring
from typing import Any

from django.db import connection, models

from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.kernel.merkle import RootBuilder

from .layout import Cell, Layout, Slot, quoted
from .resolving import CAMPAIGN, CHANGED, KEPT, NEW, Plan, extra_has_programme, extra_key, link_column
from .staging import execute, fetch

_FETCH = 2_000
MANY = 20_000
SOME = 1_000


class Moved(Exception):
    """Somebody wrote between the check and the lock, so that the check is to be done again."""


def digest(plan: Plan, name: str) -> str:
    """The Merkle root (hexadecimal) over the changes of a table, in the order of its rows. The first leaf
    names the table, the columns of a new value and those of an old one; then each changed row is a leaf, the
    canonical JSON of its new values followed, where it is not new, by its old ones. Every value is text or
    null, alike on either database; a reference is the code that the file gives."""
    layout = plan.layouts[name]
    new = [(f"{column}.{slot.db}", _as_text(layout, column, slot, ""))
           for column in plan.present[name] for slot in layout.cells[column].slots]
    old = [
        (f"{column}.{slot.db}", _as_text(layout, column, slot, "was__"))
        for column in plan.present[name]
        if column not in layout.table.key
        for slot in layout.cells[column].slots
    ]
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
    """SQL for the order in which ready rows stand. They were made in the order of the file; SQLite has no
    index on `row_n` but knows its own order of rows."""
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


@contextmanager
def references_checked_at_once(rows: int) -> Iterator[bool]:
    """SQLite checks each reference of each row as it is written, which doubles the time for which others wait. For
    many rows it leaves that to `Writer.require_references`, where True is given."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or rows < MANY:
        yield False
        return
    execute("PRAGMA foreign_keys = OFF")
    try:
        yield True
    finally:
        execute("PRAGMA foreign_keys = ON")


def look_over(tables: Sequence[str]) -> None:
    """Lets the database count roughly what stands in these tables, so that it finds the short way to the new rows.
    SQLite looks at a thousand rows of each index, some milliseconds in all; tables with an index on an expression
    are left out, since SQLite 3.40 then looks them up through a Bloom filter that misses rows."""
    if connection.vendor != "sqlite":
        execute(f"ANALYZE {', '.join(map(quoted, tables))}")
        return
    execute("PRAGMA analysis_limit = 1000")
    on_expressions = {name for (name,) in fetch(
        "SELECT DISTINCT l.tbl_name FROM sqlite_master l, pragma_index_xinfo(l.name) c WHERE l.type = 'index' "
        "AND c.cid = -2")}
    for name in tables:
        if name not in on_expressions:
            execute(f"ANALYZE {quoted(name)}")


class Writer:
    """Writes the ready rows of a plan, table by table; begin it when the lock is held. Where new rows have
    relative ids, they and the references to them become ids that follow each table's highest."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.bases: dict[str, int] = {}
        if plan.relative:
            taken = dict(fetch("SELECT name, seq FROM sqlite_sequence"))
            self.bases = {name: int(taken.get(layout.db, 0)) for name, layout in plan.all_layouts.items()}

    def id(self, table: str, sql: str) -> str:
        """SQL for the id that a ready row's id of a table stands for."""
        if table not in self.bases:
            return sql
        return f"CASE WHEN {sql} < 0 THEN {self.bases[table]} - {sql} ELSE {sql} END"

    def programme(self) -> int:
        number = self.plan.programme
        return self.bases[CAMPAIGN] - number if number < 0 else number

    def value(self, cell: Cell, slot: Slot) -> str:
        sql = f"r.{quoted(slot.name)}"
        return self.id(cell.column.to, sql) if cell.is_ref else sql

    def write(self, name: str) -> None:
        """Inserts the new rows and updates the changed ones, side models included. Raises Moved when a
        changed row is no longer there."""
        layout = self.plan.layouts[name]
        created, updated, _kept = self.plan.states(name)
        ready = f"{quoted(layout.ready)} r"
        if created:
            values = {"id": self.id(name, "r.id")}
            if layout.has_programme:
                values["programme_id"] = str(self.programme())
            values |= {
                quoted(slot.db): self.value(cell, slot) for cell in layout.main() for slot in cell.slots
            }
            execute(
                f"INSERT INTO {quoted(layout.db)} ({', '.join(values)}) SELECT {', '.join(values.values())} "
                f"FROM {ready} WHERE r.row_state = {NEW}"
            )
        said = self._said(layout, "")
        if updated and said:
            done = execute(f"UPDATE {quoted(layout.db)} SET {said} FROM {ready} "
                           f"WHERE {quoted(layout.db)}.id = r.id AND r.row_state = {CHANGED}")
            if done != updated:
                raise Moved
        for extra in layout.extras:
            self._write_extra(layout, extra)

    def require_references(self, names: Iterable[str]) -> None:
        """All at once, what SQLite would check row by row. Raises Moved where a record that was there at the check is
        gone."""
        for name in names:
            layout = self.plan.layouts[name]
            wanted = [(layout.db, "id")] + [
                (self.plan.all_layouts[cell.column.to].db, cell.slots[0].name) for cell in layout.cells.values()
                if cell.is_ref and cell.column.name in self.plan.present[name]]
            for db, column in wanted:
                ids = f"r.{quoted(column)}"
                if fetch(f"SELECT 1 FROM {quoted(layout.ready)} r WHERE r.row_state <> {KEPT} AND {ids} > 0 "
                         f"AND NOT EXISTS (SELECT 1 FROM {quoted(db)} t WHERE t.id = {ids}) LIMIT 1"):
                    raise Moved
        programmes = quoted(self.plan.all_layouts[CAMPAIGN].db)
        if not fetch(f"SELECT 1 FROM {programmes} WHERE id = {self.programme()}"):
            raise Moved

    def _said(self, layout: Layout, extra: str) -> str:
        """The assignments of what the file says, of the columns of one model."""
        cells = [layout.cells[column] for column in self.plan.present[layout.name]
                 if column not in layout.table.key and layout.cells[column].column.extra == extra]
        return ", ".join(
            f"{quoted(slot.db)} = {self.value(cell, slot)}" for cell in cells for slot in cell.slots
        )

    def _write_extra(self, layout: Layout, extra: str) -> None:
        """A side model's rows: those that are missing, then those that changed."""
        model = layout.extras[extra].model
        db = quoted(model._meta.db_table)
        values = {}
        if extra_has_programme(layout, extra):
            values["programme_id"] = str(self.programme())
        values[quoted(link_column(layout, extra))] = self.id(layout.name, "r.id")
        values |= {
            quoted(slot.db): self.value(cell, slot) for cell in layout.of_extra(extra) for slot in cell.slots
        }
        ready = f"{quoted(layout.ready)} r"
        has = f"r.{quoted(f'has__{extra}')}"
        execute(f"INSERT INTO {db} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {ready} "
                f"WHERE r.row_state <> {KEPT} AND {has} IS NULL ORDER BY r.{in_order()}")
        said = self._said(layout, extra)
        if said:
            beside = extra_key(layout, extra, db, self.programme())
            execute(f"UPDATE {db} SET {said} FROM {ready} WHERE {beside} r.id "
                    f"AND r.row_state = {CHANGED} AND {has} IS NOT NULL")
