"""Codes that are proposed for new records, so that nobody has to invent one. They may collide when two people enter
at once: the database's constraint is the judge, and another one is proposed."""

from __future__ import annotations

import re

from zhixing.ground.kernel.tables import Table
from zhixing.ground.units import reads as units

NUMBERED = re.compile(r"(.*?)([0-9]{1,9})")
_LOOKED_AT = 500


def proposed(table: Table, programme_id: int, unit_code: str = "") -> str:
    """The next free number after the newest code of the campaign's table (of the unit's own rows, where there are
    some); the unit's code and a number where there is none to go on from. "" for tables without codes of their own."""
    if table.key != ("code",) or table.name == "campaign":
        return ""
    everywhere = table.model._default_manager.all()
    inside = everywhere.filter(programme=programme_id) if table.scope == "programme" else everywhere
    newest = None
    unit = units.units_by_code([unit_code]).get(unit_code) if unit_code else None
    if unit is not None and any(column.field == "unit" and column.to == "units" for column in table.columns):
        newest = inside.filter(unit=unit.id).order_by("-pk").values_list("code", flat=True).first()
    if newest is None and table.scope == "programme":
        newest = inside.order_by("-pk").values_list("code", flat=True).first()
    match = NUMBERED.fullmatch(newest or "")
    if match:
        before, digits = match.groups()
    else:
        before, digits = f"{unit_code or table.name[0].upper()}-", "0"
    taken = set(inside.filter(code__startswith=before).order_by("-pk").values_list("code", flat=True)[:_LOOKED_AT])
    number = int(digits) + 1
    while (code := f"{before}{number:0{len(digits)}d}") in taken or inside.filter(code=code).exists():
        number += 1
    return code if len(code) <= 64 else ""
