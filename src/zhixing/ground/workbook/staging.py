"""Temporary tables of the database connection: loaded fast, gone when the import ends.

Nothing here locks the records: on SQLite temporary tables are another file; on PostgreSQL they are the
session's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from .layout import Layout, quoted


def execute(sql: str) -> int:
    """Runs one statement; the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def fetch(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def number(sql: str) -> int:
    """The one number that a query gives; 0 where it gives none."""
    found = fetch(sql)
    return int(found[0][0] or 0) if found else 0


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the database for several statements, without a lock that hinders writers (SQLite: a
    deferred transaction; PostgreSQL: repeatable read). Within a transaction of the caller, that one."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    execute(
        "BEGIN ISOLATION LEVEL REPEATABLE READ" if connection.vendor == "postgresql" else "BEGIN DEFERRED"
    )
    try:
        yield
    except BaseException:
        execute("ROLLBACK")
        raise
    execute("COMMIT")


def drop(names: Iterable[str]) -> None:
    schema = "pg_temp" if connection.vendor == "postgresql" else "temp"
    for name in names:
        execute(f"DROP TABLE IF EXISTS {schema}.{quoted(name)}")


def drop_all(layouts: Iterable[Layout]) -> None:
    for layout in layouts:
        drop((layout.stage, layout.ready, layout.names))


def create(layout: Layout, columns: Sequence[tuple[str, str]]) -> None:
    """The staging table: `row_n` is the row's number in the file."""
    drop([layout.stage])
    listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)
    number_kind = "bigint PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY"
    execute(f"CREATE TEMPORARY TABLE {quoted(layout.stage)} (row_n {number_kind}, {listed})")


def load(layout: Layout, columns: Sequence[tuple[str, str]],
         batches: Iterable[Iterable[tuple[str | int | None, ...]]]) -> int:
    """Fills the staging table; returns the number of rows."""
    create(layout, columns)
    names = ", ".join(["row_n", *(quoted(name) for name, _kind in columns)])
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return _copy(f"COPY {quoted(layout.stage)} ({names}) FROM STDIN", batches)
    marks = ", ".join("?" * (len(columns) + 1))
    sql = f"INSERT INTO temp.{quoted(layout.stage)} ({names}) VALUES ({marks})"
    rows = 0
    with snapshot(), connection.cursor() as cursor:
        raw = cursor.cursor.connection.cursor()  # without Django's rewriting of parameters
        for batch in batches:
            raw.executemany(sql, batch)
            rows += max(raw.rowcount, 0)
        raw.close()
    return rows


def _copy(sql: str, batches: Iterable[Iterable[tuple[str | int | None, ...]]]) -> int:
    rows = 0
    with connection.cursor() as cursor, cursor.cursor.copy(sql) as copy:
        for batch in batches:
            for row in batch:
                copy.write_row(row)
                rows += 1
    return rows


def analyze(name: str) -> None:
    """PostgreSQL plans joins from what it knows of a table; a new temporary table is unknown to it."""
    if connection.vendor == "postgresql":
        execute(f"ANALYZE {quoted(name)}")
