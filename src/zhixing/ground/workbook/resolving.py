"""From staging to rows that are ready to be written: references become ids, each row knows whether it is new,
changed or unchanged, and has every stored value of the record as it will be (what the file does not say is
taken from the database). All of it in SQL, before any lock."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, models

from zhixing.ground.kernel.figures import figure

from . import filters
from .cells import Bad
from .layout import Cell, Layout, Slot, differs, literal, quoted
from .staging import analyze, drop, execute, fetch

NEW, CHANGED, KEPT = 1, 2, 0
"""The states of a ready row."""

NO_PROGRAMME = 0
"""Where the campaign's row has faults: no record belongs to it."""

CAMPAIGN = "campaign"


@dataclass
class Plan:
    """What an import is about. `present`: table → its columns in the file. `loose`: tables of which not every
    code is known, so that references to them are not judged."""

    layouts: dict[str, Layout]
    present: dict[str, list[str]]
    all_layouts: dict[str, Layout]
    loose: set[str] = field(default_factory=set)
    programme: int = NO_PROGRAMME
    new_programme: int | None = None
    """The id that a programme gets that is not there yet."""
    ready: list[str] = field(default_factory=list)
    relative: bool = True
    """New rows have negative ids until they are written (SQLite, and every dry run)."""
    counted: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def states(self, name: str) -> tuple[int, int, int]:
        """(created, updated, unchanged), counted once."""
        if name not in self.counted:
            self.counted[name] = self._states(name)
        return self.counted[name]

    def _states(self, name: str) -> tuple[int, int, int]:
        ready = quoted(self.layouts[name].ready)
        found = {NEW: 0, CHANGED: 0, KEPT: 0}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT row_state, COUNT(*) FROM {ready} GROUP BY row_state")
            found.update(cursor.fetchall())
        return found[NEW], found[CHANGED], found[KEPT]


def _new_id(plan: Plan, layout: Layout, existing: str) -> str:
    """SQL for the id of a row: the record's, or a new one. On SQLite a new one is negative, counted from 1,
    and becomes the highest id plus that number once the lock is held; on PostgreSQL it comes from the
    sequence (not for a dry run, which needs none)."""
    if layout.name == CAMPAIGN and plan.new_programme is not None:
        return f"COALESCE({existing}, {plan.new_programme})"
    if plan.relative:
        return f"COALESCE({existing}, 1 - s.row_n)"
    return f"COALESCE({existing}, nextval('{layout.sequence}'))"


class _Joins:
    """Collects the joins that turn codes into ids, and the SQL of each id."""

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.plan = plan
        self.layout = layout
        self.sql: list[str] = []
        self.ids: dict[str, str] = {}

    def add(self, cell: Cell) -> str:
        """The SQL of the id that this column's code refers to; NULL where unknown or empty."""
        column = cell.column
        if column.name in self.ids:
            return self.ids[column.name]
        target = self.plan.all_layouts[column.to]
        code = f"s.{quoted(cell.code)}"
        alias = f"ref_{column.name}"
        within = ""
        if column.within:
            within = self.add(self.layout.cells[column.within])
        parts = []
        if column.to == self.layout.name:
            self.sql.append(f"LEFT JOIN {quoted(target.names)} {alias}_f ON {alias}_f.code = {code}")
            parts.append(f"{alias}_f.id")
        elif column.to in self.plan.ready:
            inside = (
                f" AND {alias}_f.{quoted(_within_column(target, column.within))} = {within}" if within else ""
            )
            self.sql.append(f"LEFT JOIN {quoted(target.ready)} {alias}_f ON {alias}_f.code = {code}{inside}")
            parts.append(f"{alias}_f.id")
        scope = f" AND {alias}_d.programme_id = {self.plan.programme}" if target.has_programme else ""
        inside = (
            f" AND {alias}_d.{quoted(_within_column(target, column.within))} = {within}" if within else ""
        )
        self.sql.append(f"LEFT JOIN {quoted(target.db)} {alias}_d ON {alias}_d.code = {code}{scope}{inside}")
        parts.append(f"{alias}_d.id")
        self.ids[column.name] = f"COALESCE({', '.join(parts)})" if len(parts) > 1 else parts[0]
        return self.ids[column.name]


def _within_column(target: Layout, within: str) -> str:
    """The column of `target` that holds the row it is inside of (an aspect's poll)."""
    return target.cells[within].slots[0].db


def _names(plan: Plan, layout: Layout) -> None:
    """For a table that refers to itself: code → id of every row in the file. New ids follow each other
    without gaps, since a unit's id has seven digits."""
    drop([layout.names])
    name = quoted(layout.names)
    inner = (
        f"SELECT ROW_NUMBER() OVER (PARTITION BY d.id IS NULL ORDER BY s.row_n) + 1 AS row_n, s.row_n AS "
        f"place, "
        f"s.code, d.id AS row_old FROM {quoted(layout.stage)} s "
        f"LEFT JOIN {quoted(layout.db)} d ON d.code = s.code ORDER BY s.row_n"
    )
    execute(f"CREATE TEMPORARY TABLE {name} AS SELECT s.place AS row_n, s.code AS code, "
            f"{_new_id(plan, layout, 's.row_old')} AS id FROM ({inner}) s")
    execute(f"CREATE INDEX {quoted(layout.names + '_code')} ON {name} (code)")
    execute(f"CREATE INDEX {quoted(layout.names + '_n')} ON {name} (row_n)")
    analyze(layout.names)


def _store_filters(plan: Plan, layout: Layout) -> None:
    """Filters get the keys of their figures and the codes of choices in place of words. Where the file has no
    column of figures, the records say whose filter it is. What cannot be read is left for the checks to name."""
    cells = {cell.column.kind: cell for cell in layout.cells.values() if cell.column.kind in ("where", "figure")}
    present = plan.present[layout.name]
    if len(cells) < 2 or cells["where"].column.name not in present:
        return
    where, slot = quoted(cells["where"].slots[0].name), cells["figure"].slots[0]
    name, joined = f"s.{quoted(slot.name)}", ""
    if cells["figure"].column.name not in present:
        name = f"d.{quoted(slot.db)}"
        joined = f"JOIN {quoted(layout.db)} d ON d.code = s.code AND d.programme_id = {plan.programme}"
    stage = quoted(layout.stage)
    rows = fetch(f"SELECT s.row_n, {name}, s.{where} FROM {stage} s {joined} WHERE s.{where} <> ''")
    for row, figure_name, text in rows:
        found = figure(figure_name or "")
        try:
            keyed = filters.stored(found, text) if found is not None else text
        except Bad:
            continue
        if keyed != text:
            execute(f"UPDATE {stage} SET {where} = {literal(keyed)} WHERE row_n = {row}")


def resolve(plan: Plan, name: str) -> None:
    """Makes the ready table of a table whose needed columns are all present."""
    layout = plan.layouts[name]
    present = plan.present[name]
    drop([layout.ready])
    _store_filters(plan, layout)
    joins = _Joins(plan, layout)
    if layout.refers_to_itself:
        _names(plan, layout)
    for cell in layout.cells.values():
        if cell.is_ref and cell.column.name in present:
            joins.add(cell)
    joins.sql.append(_own_join(plan, layout, joins))
    joins.sql.extend(_extra_joins(plan, layout))
    chosen = _chosen(plan, layout, present, joins)
    listed = ", ".join(f"{sql} AS {quoted(alias)}" for alias, sql in chosen.items())
    order = " ORDER BY s.row_n" if connection.vendor == "postgresql" else ""
    inner = (f"SELECT s.row_n AS row_n, d.id AS row_old, {listed} FROM {quoted(layout.stage)} s "
             f"{' '.join(joins.sql)}{order}")
    new_id = "s.row_own" if layout.refers_to_itself else _new_id(plan, layout, "s.row_old")
    state = _state(layout, present)
    execute(
        f"CREATE TEMPORARY TABLE {quoted(layout.ready)} AS SELECT {new_id} AS id, {state} AS row_state, s.* "
        f"FROM ({inner}) s"
    )
    plan.ready.append(name)


def _own_join(plan: Plan, layout: Layout, joins: _Joins) -> str:
    """Finds the record that a row is about, by its key."""
    sql = ""
    if layout.refers_to_itself:
        sql = f"LEFT JOIN {quoted(layout.names)} own ON own.row_n = s.row_n "
    conditions = [f"d.programme_id = {plan.programme}"] if layout.has_programme else []
    present = plan.present[layout.name]
    for cell in layout.key():
        if cell.column.name not in present:
            expression = "NULL" if cell.slots[0].field.null else cell.slots[0].default
        elif cell.is_ref:
            expression = joins.ids[cell.column.name]
        else:
            expression = f"s.{quoted(cell.slots[0].name)}"
        conditions.append(f"{layout.key_sql(cell, 'd')} = {layout.key_sql(cell, 's', expression)}")
    return f"{sql}LEFT JOIN {quoted(layout.db)} d ON {' AND '.join(conditions)}"


def extra_key(layout: Layout, extra: str, alias: str, programme: int) -> str:
    """SQL conditions that find a side model's row beside a record."""
    sql = f"{alias}.{quoted(link_column(layout, extra))} = "
    if extra_has_programme(layout, extra):
        return f"{alias}.programme_id = {programme} AND {sql}"
    return sql


def link_column(layout: Layout, extra: str) -> str:
    """The database column by which a side model's row points at its record."""
    column = layout.extras[extra].model._meta.get_field(layout.extras[extra].link)
    assert isinstance(column, models.Field) and column.column is not None
    return str(column.column)


def extra_has_programme(layout: Layout, extra: str) -> bool:
    """The side model has a programme of its own, besides its link."""
    model, link = layout.extras[extra].model, layout.extras[extra].link
    return link != "programme" and any(field.name == "programme" for field in model._meta.get_fields())


def _extra_joins(plan: Plan, layout: Layout) -> list[str]:
    joins = []
    for extra, declared in layout.extras.items():
        alias = quoted(f"side_{extra}")
        joins.append(f"LEFT JOIN {quoted(declared.model._meta.db_table)} {alias} ON "
                     f"{extra_key(layout, extra, alias, plan.programme)} d.id")
    return joins


def _chosen(plan: Plan, layout: Layout, present: list[str], joins: _Joins) -> dict[str, str]:
    """Ready column → SQL of its value, for every stored value; `was__` columns hold the old ones of what the
    file says, to compare with."""
    chosen: dict[str, str] = {}
    if layout.refers_to_itself:
        chosen["row_own"] = "own.id"
    if layout.has_programme:
        chosen["programme_id"] = str(plan.programme)
    for extra in layout.extras:
        chosen[f"has__{extra}"] = f"{quoted(f'side_{extra}')}.{quoted(link_column(layout, extra))}"
    for cell in layout.cells.values():
        source = "d" if not cell.column.extra else quoted(f"side_{cell.column.extra}")
        for slot in cell.slots:
            old = f"{source}.{quoted(slot.db)}"
            if cell.column.name not in present:
                chosen[slot.name] = _absent(layout, cell, slot, old)
                continue
            chosen[slot.name] = joins.ids[cell.column.name] if cell.is_ref else f"s.{quoted(slot.name)}"
            if cell.column.name not in layout.table.key:
                chosen[f"was__{slot.name}"] = old
        if cell.is_ref and cell.column.name in present:
            chosen[cell.code] = f"s.{quoted(cell.code)}"
    return chosen


def _absent(layout: Layout, cell: Cell, slot: Slot, old: str) -> str:
    """What the file does not say stays as it is; of a new record it is not known."""
    if slot.field.null:
        return old
    return f"COALESCE({old}, {slot.default})"


def _state(layout: Layout, present: list[str]) -> str:
    """SQL: new, changed or kept."""
    changes = [differs(f"s.{quoted(slot.name)}", f"s.{quoted('was__' + slot.name)}")
               for name in present if name not in layout.table.key for slot in layout.cells[name].slots]
    changes += [f"s.{quoted(f'has__{extra}')} IS NULL" for extra in layout.extras]
    changed = f"WHEN {' OR '.join(changes)} THEN {CHANGED} " if changes else ""
    return f"CASE WHEN s.row_old IS NULL THEN {NEW} {changed}ELSE {KEPT} END"

