"""Cells that name an item of another row's list (`Table.listed`): a new row names one that is there, and an item that
rows still name stays in the list."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel.tables import Table, tables

from .checks import limited
from .faults import Faults
from .headings import listed, word_for
from .layout import Layout, differs, quoted
from .resolving import CHANGED, NEW, Plan
from .rows import Rows
from .staging import fetch

_NAMED = 5
"""So many rows that still name an item are told."""


def check(plan: Plan, layout: Layout, faults: Faults) -> None:
    """Faults of one table's rows, both ways."""
    for column, reference, items in layout.table.listed:
        _unlisted(plan, layout, column, reference, items, faults)
    for other in tables():
        for column, reference, items in other.listed:
            if other.column(reference).to == layout.name and items in plan.present[layout.name]:
                _still_named(plan, layout, other, (column, reference, items), faults)


def _unlisted(plan: Plan, layout: Layout, column: str, reference: str, items: str, faults: Faults) -> None:
    """New rows with an item that the list does not have; a list that says nothing allows all."""
    target = plan.all_layouts[layout.table.column(reference).to]
    item, place = quoted(layout.cells[column].slots[0].name), quoted(layout.cells[reference].slots[0].name)
    kept, slot = quoted(target.cells[items].slots[0].db), quoted(target.cells[items].slots[0].name)
    known, joined = f"d.{kept}", ""
    if target.name in plan.ready:
        known = f"CASE WHEN f.id IS NULL THEN d.{kept} ELSE f.{slot} END"
        joined = f"LEFT JOIN {quoted(target.ready)} f ON f.id = r.{place} "
    rest = (f"(SELECT r.row_n AS row_n, r.{item} AS item, {known} AS items FROM {quoted(layout.ready)} r {joined}"
            f"LEFT JOIN {quoted(target.db)} d ON d.id = r.{place} WHERE r.row_state = {NEW}) x "
            f"WHERE x.items <> '' AND {_lacks('x.items', 'x.item')}")
    for row, value, found in limited("row_n, item, items", rest, faults, layout.name, "unlisted"):
        faults.add(layout.name, row, column, value, _("“%(value)s” is not one of %(choices)s")
                   % {"value": value, "choices": listed(found.strip(";").split(";"))}, "unlisted")


def _still_named(plan: Plan, layout: Layout, other: Table, rule: tuple[str, str, str], faults: Faults) -> None:
    """Items taken out of a list that rows of the other table still name."""
    column, reference, items = rule
    naming = plan.all_layouts[other.name]
    item, place = (quoted(naming.cells[name].slots[0].db) for name in (column, reference))
    slot = layout.cells[items].slots[0].name
    now, was = f"r.{quoted(slot)}", f"r.{quoted(f'was__{slot}')}"
    found = fetch(
        f"SELECT r.row_n, t.id FROM {quoted(layout.ready)} r JOIN {quoted(naming.db)} t ON t.{place} = r.id "
        f"WHERE r.row_state = {CHANGED} AND {differs(now, was)} AND {_lacks(now, f't.{item}')} "
        f"AND NOT {_lacks(was, f't.{item}')} ORDER BY r.row_n, t.id")
    by_row: dict[int, list[int]] = {}
    for row, record in found:
        by_row.setdefault(row, []).append(record)
    for row, records in by_row.items():
        rows = Rows(other, plan.programme)
        first = rows.records().filter(pk__in=records[:_NAMED]).order_by("pk")
        named = [rows.key_of(cells) for cells in rows.read(first)]
        told = listed(named) if len(records) <= _NAMED else _("%(listed)s and %(more)s more") % {
            "listed": listed(named), "more": len(records) - _NAMED}
        faults.add(layout.name, row, items, "",
                   _("rows of the table %(table)s still name what would be missing here (%(rows)s); keep it, or first "
                     "correct or take out those rows") % {"table": word_for(other.name), "rows": told}, "listed")


def _lacks(items: str, item: str) -> str:
    """SQL: the list `;a;b;` does not have the item."""
    return f"REPLACE({items}, ';' || {item} || ';', '') = {items}"
