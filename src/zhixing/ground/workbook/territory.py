"""What the engine knows of the tree of units: circles, and whose units and people a workbook may change."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from django.utils.translation import gettext as _

from zhixing.ground.units import tree

from .faults import Faults
from .layout import Layout, differs, quoted
from .resolving import CHANGED, KEPT, Plan
from .staging import fetch, number
from .types import SHOWN


def circles(plan: Plan, faults: Faults) -> None:
    """A unit that would stand above itself on some day."""
    if not {"units", "placements"} & set(plan.ready):
        return
    units, placed = plan.all_layouts["units"], plan.all_layouts["placements"]
    parents = dict(fetch(f"SELECT id, parent_id FROM {quoted(units.db)}"))
    rows: dict[Hashable, tuple[str, int]] = {}
    if "units" in plan.ready:
        for unit, parent, row in fetch(f"SELECT id, parent_id, row_n FROM {quoted(units.ready)}"):
            parents[unit] = parent
            rows[unit] = ("units", row)
    moves = {(unit, first): (unit, parent, first, last) for unit, parent, first, last in fetch(
        f"SELECT unit_id, parent_id, from_on, to_on FROM {quoted(placed.db)}")}
    if "placements" in plan.ready:
        for unit, parent, first, last, row in fetch(
                f"SELECT unit_id, parent_id, from_on, to_on, row_n FROM {quoted(placed.ready)} "
                "WHERE unit_id IS NOT NULL ORDER BY row_n"):
            moves[unit, first] = (unit, parent, first, last)
            rows.setdefault(unit, ("placements", row))
    found = tree.circles(parents.items(), [(unit, parent, _as_date(first), _as_date(last))
                                           for unit, parent, first, last in moves.values()])
    if not found:
        return
    codes = _codes(plan, units)
    for circle in found:
        named = " → ".join(codes.get(unit, "?") for unit in (*circle, circle[0]))
        told = [rows[unit] for unit in circle if unit in rows] or [("units", 0)]
        for table, row in told:
            faults.add(table, row, "parent", "", _("a circle: %(circle)s; a unit cannot stand above itself")
                       % {"circle": named}, "circle")


def _as_date(value: date | str | None) -> date | None:
    """SQLite gives dates as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _codes(plan: Plan, units: Layout) -> dict[Hashable, str]:
    codes: dict[Hashable, str] = dict(fetch(f"SELECT id, code FROM {quoted(units.db)}"))
    if "units" in plan.ready:
        codes |= dict(fetch(f"SELECT id, code FROM {quoted(units.ready)}"))
    return codes


def strangers(plan: Plan, host: int | None, faults: Faults) -> None:
    """Units and people outside the host unit's subtree keep their names and places: a workbook that would
    change them is most likely another organisation's."""
    own = (f"SELECT t.unit_id FROM units_span t JOIN units_span h ON h.unit_id = {host or 0} "
           "AND t.path >= h.path AND t.path <= h.path || '9999999'")
    for table, place in (("units", "row_old"), ("people", "was__unit_id")):
        if table in plan.ready:
            _strange_rows(plan, table, f"{place} NOT IN ({own})", place, faults)
    if "placements" in plan.ready:
        placed = plan.layouts["placements"]
        existing = f"SELECT id FROM {quoted(plan.all_layouts['units'].db)}"
        _tell(placed, f"row_state <> {KEPT} AND unit_id IN ({existing}) AND unit_id NOT IN ({own})", "unit",
              quoted(placed.cells["unit"].code), faults)


def _strange_rows(plan: Plan, table: str, outside: str, place: str, faults: Faults) -> None:
    layout = plan.layouts[table]
    moved = "parent" if table == "units" else "unit"
    for name in ("name", moved):
        if name not in plan.present[table]:
            continue
        slot = layout.cells[name].slots[0].name
        changed = differs(quoted(slot), quoted(f"was__{slot}"))
        condition = f"row_state = {CHANGED} AND {place} IS NOT NULL AND {outside} AND {changed}"
        _tell(layout, condition, name, "code", faults)


def _tell(layout: Layout, condition: str, column: str, code: str, faults: Faults) -> None:
    ready = quoted(layout.ready)
    found = fetch(f"SELECT row_n, {code} FROM {ready} WHERE {condition} ORDER BY row_n LIMIT {SHOWN}")
    message = (
        _(
            "“%(code)s” is known here by another name and stands outside this campaign's host unit; if it is "
            "another one, give it a code of its own"
        )
        if column == "name"
        else _(
            "“%(code)s” stands elsewhere, outside this campaign's host unit, and is not moved; if it is "
            "another one, give it a code of its own"
        )
    )
    for row, value in found:
        faults.add(layout.name, row, column, str(value), message % {"code": value}, "stranger")
    if len(found) == SHOWN:
        total = number(f"SELECT COUNT(*) FROM {ready} WHERE {condition}")
        faults.count(layout.name, "stranger", total - SHOWN)
