"""What the engine knows of the tree of units: circles, and whose units and people a workbook may change."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import tree
from zhixing.ground.units.types import CEILING, STEP

from .checks import limited
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
            _strange_rows(plan, table, f"{place} NOT IN ({own})", place, own, faults)
    _rootless(plan, host, own, faults)
    if "placements" in plan.ready:
        placed = plan.layouts["placements"]
        existing = f"SELECT id FROM {quoted(plan.all_layouts['units'].db)}"
        _tell(placed, f"row_state <> {KEPT} AND unit_id IN ({existing}) AND unit_id NOT IN ({own})", "unit",
              quoted(placed.cells["unit"].code), faults)


def _rootless(plan: Plan, host: int | None, own: str, faults: Faults) -> None:
    """A unit below the host that would stand under nobody, all of its time: with everything below it, it would be out
    of the campaign's sight, and out of reach of those who could put it back."""
    if "units" in plan.ready and "parent" in plan.present["units"]:
        _tell_rootless(plan.layouts["units"], f"row_state = {CHANGED} AND parent_id IS NULL AND was__parent_id IS NOT "
                       f"NULL AND row_old IN ({own}) AND row_old <> {host or 0}", "code", faults)
    if "placements" in plan.ready:
        placed = plan.layouts["placements"]
        _tell_rootless(placed, f"row_state <> {KEPT} AND parent_id IS NULL AND from_on IS NULL AND to_on IS NULL AND "
                       f"unit_id IN ({own}) AND unit_id <> {host or 0}", quoted(placed.cells["unit"].code), faults)


def _tell_rootless(layout: Layout, condition: str, code: str, faults: Faults) -> None:
    rest = f"{quoted(layout.ready)} r WHERE {condition}"
    for row, value in limited(f"row_n, {code}", rest, faults, layout.name, "rootless"):
        faults.add(layout.name, row, "parent", "",
                   _("“%(code)s” stands below this campaign's host unit and needs a superior; to close it, give it a "
                     "last day; to move it, name its new superior") % {"code": value}, "rootless")


def _adrift(own: str) -> str:
    """SQL: a unit that has no superior on any day and hosts no campaign, and that now comes under the host."""
    return ("(was__parent_id IS NULL AND NOT EXISTS (SELECT 1 FROM units_span p WHERE p.unit_id = row_old "
            f"AND LENGTH(p.path) > {STEP}) AND row_old NOT IN (SELECT host_unit_id FROM units_programme) "
            f"AND parent_id IN ({own}))")


def own_branch(plan: Plan, actor: Actor, programme_id: int | None, faults: Faults) -> None:
    """A person brings in units and people of their own branch of the tree alone, also where nothing was there before:
    units and people are everybody's. The console may do all."""
    if actor.kind != "person":
        return
    for table in ("units", "people", "placements"):
        paths = [grant.path for grant in actor.grants if permits.role_may_write(grant.role, table)
                 and grant.programme_id in (None, programme_id)]
        if table not in plan.ready or "" in paths:
            continue
        ranges = [f"(path >= '{path}' AND path <= '{path}{CEILING}')" for path in paths] or ["1 = 0"]
        own = f"SELECT unit_id FROM units_span WHERE {' OR '.join(ranges)}"
        _foreign_rows(plan.layouts[table], plan.present[table], f"NOT IN ({own})", faults)


def _foreign_rows(layout: Layout, present: Sequence[str], outside: str, faults: Faults) -> None:
    """Rows that are new or changed and stand, stood or would stand outside."""
    known = f"{{}} IN (SELECT id FROM units_unit) AND {{}} {outside}"
    conditions = {
        "units": [("code", "row_old"), ("parent", "parent_id")],
        "people": [("unit", "unit_id"), *([("unit", "was__unit_id")] if "unit" in present else [])],
        "placements": [("unit", "unit_id"), ("parent", "parent_id")],
    }[layout.name]
    told = set()
    for column, place in conditions:
        condition = known.format(place, place)
        if layout.name == "units" and column == "parent":
            moved = differs("parent_id", "was__parent_id") if "parent" in present else "1 = 0"
            condition = (f"(row_old IS NULL AND (parent_id IS NULL OR {condition})) OR "
                         f"(row_old IS NOT NULL AND {moved} AND (parent_id IS NULL OR {condition}))")
        code = "code" if layout.name != "placements" else quoted(layout.cells["unit"].code)
        rest = f"{quoted(layout.ready)} r WHERE row_state <> {KEPT} AND ({condition})"
        for row, value in limited(f"row_n, {code}", rest, faults, layout.name, "stranger"):
            if row not in told:
                told.add(row)
                faults.add(layout.name, row, column, str(value),
                           _("“%(code)s” stands outside your own unit and those below it; ask the unit above both to "
                             "bring it in") % {"code": value}, "stranger")


def _strange_rows(plan: Plan, table: str, outside: str, place: str, own: str, faults: Faults) -> None:
    layout = plan.layouts[table]
    moved = "parent" if table == "units" else "unit"
    for name in ("name", moved):
        if name not in plan.present[table]:
            continue
        slot = layout.cells[name].slots[0].name
        changed = differs(quoted(slot), quoted(f"was__{slot}"))
        condition = f"row_state = {CHANGED} AND {place} IS NOT NULL AND {outside} AND {changed}"
        if name == "parent":
            condition += f" AND NOT {_adrift(own)}"
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
