"""What must be true of a workbook's tables, checked in SQL over the temporary tables and the records.

Each check adds faults with the row they stand in; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from zhixing.ground.kernel.figures import Figure, figure

from . import filters
from .cells import Bad, parse_where, show
from .faults import Faults, shortened
from .headings import column_word, listed, nearest, word_for
from .layout import Cell, Layout, quoted, same
from .resolving import Plan
from .staging import execute, fetch, number
from .types import SHOWN

Found = list[tuple[Any, ...]]


def limited(sql: str, rest: str, faults: Faults, table: str, kind: str) -> Found:
    """The first 1,000 rows of `SELECT {sql} FROM {rest}`; further ones are counted."""
    found = fetch(f"SELECT {sql} FROM {rest} ORDER BY 1 LIMIT {SHOWN}")
    if len(found) == SHOWN:
        faults.count(table, kind, number(f"SELECT COUNT(*) FROM {rest}") - SHOWN)
    return found


def duplicates(layout: Layout, present: Sequence[str], faults: Faults) -> None:
    """Two rows with the same key. A second one loses its key in the staging table, so that references find
    one row. Rows of an append-only table that say the same are one."""
    keys = [cell.text() for cell in layout.key() if cell.column.name in present]
    loose = [cell.text() for cell in layout.key() if cell.column.name in present
             and cell.column.name in layout.table.loose]
    stage = quoted(layout.stage)
    given = " AND ".join(f"{quoted(key)} IS NOT NULL" for key in keys if key not in loose)
    listed = ", ".join(quoted(key) for key in keys)
    groups = (f"SELECT {listed}, MIN(row_n) AS first FROM {stage} WHERE {given} GROUP BY {listed} "
              "HAVING COUNT(*) > 1")
    if not fetch(f"SELECT 1 FROM ({groups}) g LIMIT 1"):
        return
    alike = " AND ".join(same(f"s.{quoted(key)}", f"g.{quoted(key)}") if key in loose
                         else f"s.{quoted(key)} = g.{quoted(key)}" for key in keys)
    rest = f"{stage} s JOIN ({groups}) g ON {alike} AND s.row_n > g.first"
    if layout.table.append_only:
        execute(f"DELETE FROM {stage} WHERE row_n IN (SELECT s.row_n FROM {rest})")
        return
    shown = ", ".join(f"s.{quoted(key)}" for key in keys)
    column = layout.table.key[-1] if len(layout.table.key) == 1 else ""
    for row, first, *values in limited(f"s.row_n, g.first, {shown}", rest, faults, layout.name, "duplicate"):
        value = " / ".join(str(value) for value in values if value not in (None, ""))
        faults.add(
            layout.name,
            row,
            column,
            value,
            _("“%(value)s” stands already in row %(first)s; each may stand once")
            % {"value": shortened(value), "first": first},
            "duplicate",
        )
    execute(f"UPDATE {stage} SET {quoted(keys[0])} = NULL WHERE row_n IN (SELECT s.row_n FROM {rest})")


def references(plan: Plan, layout: Layout, faults: Faults) -> None:
    """Codes that neither the file nor the records know."""
    for name in plan.present[layout.name]:
        cell = layout.cells[name]
        if not cell.is_ref or cell.column.to in plan.loose:
            continue
        code, found = quoted(cell.code), quoted(cell.slots[0].name)
        known = ""
        if cell.column.within:
            known = f" AND {quoted(layout.cells[cell.column.within].slots[0].name)} IS NOT NULL"
        rest = f"{quoted(layout.ready)} r WHERE {code} IS NOT NULL AND {found} IS NULL{known}"
        for row, value in limited(f"row_n, {code}", rest, faults, layout.name, "unknown"):
            faults.add(
                layout.name,
                row,
                name,
                value,
                _(
                    "there is no “%(value)s” in the table %(table)s, neither in this workbook nor among the "
                    "records; correct the code or add the row"
                )
                % {"value": value, "table": word_for(cell.column.to)},
                "unknown",
            )


def roster_groups(plan: Plan, layout: Layout, faults: Faults) -> None:
    """`group:CODE` names a group of this campaign."""
    groups = plan.all_layouts.get("groups")
    for name in plan.present[layout.name]:
        cell = layout.cells[name]
        if cell.column.kind != "roster" or groups is None or "groups" in plan.loose:
            continue
        value = quoted(cell.slots[0].name)
        known = [f"SELECT 1 FROM {quoted(groups.db)} g WHERE g.programme_id = {plan.programme} "
                 f"AND g.code = SUBSTR(r.{value}, 7)"]
        if "groups" in plan.ready:
            known.append(f"SELECT 1 FROM {quoted(groups.ready)} g WHERE g.code = SUBSTR(r.{value}, 7)")
        unknown = " AND ".join(f"NOT EXISTS ({sql})" for sql in known)
        rest = f"{quoted(layout.ready)} r WHERE SUBSTR({value}, 1, 6) = 'group:' AND {unknown}"
        for row, roster in limited(f"row_n, {value}", rest, faults, layout.name, "unknown"):
            faults.add(layout.name, row, name, roster, _("there is no group “%(value)s” in this campaign")
                       % {"value": roster[6:]}, "unknown")


def pairs(layout: Layout, faults: Faults) -> None:
    """The last day before the first."""
    for first_name, last_name in layout.table.pairs:
        first, last = layout.cells[first_name], layout.cells[last_name]
        days = [quoted(cell.slots[0].name) for cell in (first, last)]
        wrong = f"{days[1]} < {days[0]}"
        if len(first.slots) > 1 and len(last.slots) > 1:
            times = [quoted(cell.slots[1].name) for cell in (first, last)]
            wrong += f" OR ({days[0]} = {days[1]} AND {times[1]} < {times[0]})"
        columns = [quoted(slot.name) for cell in (first, last) for slot in cell.slots]
        rest = f"{quoted(layout.ready)} r WHERE {wrong}"
        for row, *values in limited(f"row_n, {', '.join(columns)}", rest, faults, layout.name, "order"):
            begins = show(first.column.kind)(*values[:len(first.slots)])
            ends = show(last.column.kind)(*values[len(first.slots):])
            faults.add(layout.name, row, last_name, ends,
                       _("%(last)s is before %(first)s, the %(column)s; correct one of the two")
                       % {"last": ends, "first": begins, "column": column_word(layout.name, first_name)}, "order")


def where_keys(layout: Layout, faults: Faults) -> None:
    """A duty's filter uses keys that its figure offers."""
    named = [cell for cell in layout.cells.values() if cell.column.kind == "where"]
    figures = [cell for cell in layout.cells.values() if cell.column.kind == "figure"]
    if not named or not figures:
        return
    where, name = quoted(named[0].slots[0].name), quoted(figures[0].slots[0].name)
    ready = quoted(layout.ready)
    for figure_name, text in fetch(f"SELECT DISTINCT {name}, {where} FROM {ready} WHERE {where} <> ''"):
        found = figure(figure_name or "")
        if found is None:
            continue
        try:
            unknown = [key for key in parse_where(filters.stored(found, text)) if key not in found.offered()]
        except Bad as error:
            _where_faults(layout, named[0], text, str(error), faults)
            continue
        for key in unknown:
            _where_faults(layout, named[0], text, _unknown_key(found, key), faults)


def _unknown_key(found: Figure, key: str) -> str:
    offered = filters.key_words(found)
    near = nearest(key, [*found.offered(), *offered])
    message = (_("the figure %(figure)s has no key “%(key)s”; did you mean “%(near)s”?") if near
               else _("the figure %(figure)s has no key “%(key)s”; it offers: %(offered)s") if offered
               else _("the figure %(figure)s takes no keys; leave this empty"))
    return message % {
        "figure": filters.figure_word(found.name), "key": key, "near": near, "offered": listed(offered)}


def _where_faults(layout: Layout, cell: Cell, text: str, message: str, faults: Faults) -> None:
    where = quoted(cell.slots[0].name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row_n FROM {quoted(layout.ready)} WHERE {where} = %s ORDER BY row_n LIMIT {SHOWN}",
            [text],
        )
        rows = [row for (row,) in cursor.fetchall()]
    for row in rows:
        faults.add(layout.name, row, cell.column.name, text, message, "where")


def constraints(layout: Layout, faults: Faults) -> None:
    """What the database itself demands of a stored row, told by row before it is asked."""
    model_cells = layout.main()
    names = {slot.db: slot.name for cell in model_cells for slot in cell.slots}
    editor = connection.schema_editor()
    for constraint in layout.table.model._meta.constraints:
        if not isinstance(constraint, models.CheckConstraint):
            continue
        sql = constraint._get_check_sql(layout.table.model, editor)  # type: ignore[attr-defined]  # not in stubs
        used = [db for db in names if f'"{db}"' in sql]
        rest = f"{quoted(layout.ready)} r WHERE NOT ({sql})"
        for (row,) in limited("row_n", rest, faults, layout.name, "rule"):
            columns = list(dict.fromkeys(
                cell.column.name for cell in model_cells if any(slot.db in used for slot in cell.slots)))
            named = listed(column_word(layout.name, column) for column in columns)
            faults.add(layout.name, row, next(iter(columns), ""), "",
                       _("these cells do not go together: %(columns)s") % {"columns": named}, "rule")


def one_campaign(layout: Layout, expected: str, faults: Faults) -> None:
    """A workbook is of exactly one campaign."""
    rows = fetch(f"SELECT row_n, code FROM {quoted(layout.stage)} ORDER BY row_n LIMIT 20")
    if not rows:
        faults.add(
            layout.name,
            0,
            "",
            "",
            _("the table has no row; it names the one campaign of the workbook"),
            "campaign",
        )
    for row, code in rows[1:]:
        faults.add(layout.name, row, "code", code or "",
                   _("a workbook is of one campaign; put this one into a workbook of its own"), "campaign")
    if rows and expected and rows[0][1] not in (None, expected):
        faults.add(layout.name, rows[0][0], "code", rows[0][1],
                   _("the workbook is of the campaign %(code)s, not of %(expected)s")
                   % {"code": rows[0][1], "expected": expected}, "campaign")
