"""What still refers to a row: as long as anything does, the row stays."""

from __future__ import annotations

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.tables import Table, tables
from zhixing.ground.kernel.types import Actor

from .rows import Rows

Named = list[tuple[str, str]]
"""Tables and keys."""


def to_row(table: Table, programme_id: int, key: str, actor: Actor, most: int) -> tuple[Named, int]:
    """The first so many rows that refer to this one and that the actor may see, and how many there are besides (of
    any campaign, where units and people are concerned)."""
    rows = Rows(table, programme_id)
    record = rows.keyed(rows.records(anywhere=True), key).values_list("pk", flat=True).first()
    if record is None:
        return [], 0
    named: Named = []
    every = 0
    for other in tables():
        wanted = [{column.field: record} for column in other.columns
                  if column.kind == "ref" and column.to == table.name and not column.extra]
        if table.name == "groups":
            wanted += [{column.field: f"group:{key}", "programme": programme_id}
                       for column in other.columns if column.kind == "roster"]
        for conditions in wanted:
            every += other.model._default_manager.filter(**conditions).count()
            if len(named) < most:
                inside = Rows(other, programme_id)
                seen = accounts.visible_to(inside.records(), actor, programme_id, other.unit).filter(**conditions)
                cells = inside.read(seen.order_by("pk")[:most - len(named)])
                named += [(other.name, inside.key_of(each)) for each in cells]
    named = list(dict.fromkeys(named))
    return named, max(every - len(named), 0)
