"""The figures of this room: figures of figures, over duties × units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhixing.ground.kernel.figures import Figure, Relation, Row, register_figures
from zhixing.ground.kernel.types import Scope

from . import reads
from .types import State


def _load(scope: Scope, where: Mapping[str, Sequence[str]]) -> list[State]:
    return reads.counted(scope, where)


def _relation(name: str, counts: Callable[[State], bool]) -> Relation:
    def rows(states: Sequence[State]) -> list[Row]:
        return [Row(each.record, each.unit_id, each.duty.due_on, each.duty.name) for each in states if counts(each)]

    return Relation(name, load=_load, rows=rows, table="duties", keys={"duty": "is", "phase": "is"})


register_figures(
    Figure("duties.due", _relation("due", lambda each: each.due), "items", adds="duties"),
    Figure("duties.met", _relation("met", lambda each: each.met), "items", adds="duties"),
    Figure("duties.waived", _relation("waived", lambda each: each.waived), "items", adds="waivers"),
    Figure("duties.overdue", _relation("overdue", lambda each: each.state == "overdue"), "items", adds="duties"),
)
