"""The figures of this room: figures of figures, over duties × units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhixing.ground.kernel.figures import Figure, Relation, Row, register_figures
from zhixing.ground.kernel.types import Scope

from . import reads
from .types import Owing, State


def _load(scope: Scope, where: Mapping[str, Sequence[str]]) -> list[Owing]:
    return reads.counted(scope, where)


def _relation(name: str, counts: Callable[[State], bool], number: Callable[[Owing], int]) -> Relation:
    """`number` is how many of those who owe a duty `counts` holds for, told without a state for each."""
    def rows(found: Sequence[Owing]) -> list[Row]:
        return [Row(state.record, state.unit_id, state.duty.due_on, state.duty.name)
                for each in found for state in each.states() if counts(state)]

    return Relation(name, load=_load, rows=rows, count=lambda found: sum(map(number, found)), table="duties",
                    keys={"duty": "is", "phase": "is"})


DUE = _relation("due", lambda each: each.due, lambda owing: len(owing.owers) if owing.due else 0)
MET = _relation("met", lambda each: each.met, lambda owing: sum(met for _unit, _state, met in owing.words()))
WAIVED = _relation("waived", lambda each: each.waived,
                   lambda owing: sum(unit in owing.waived for unit, _code in owing.owers.values()))
OVERDUE = _relation("overdue", lambda each: each.state == "overdue",
                    lambda owing: sum(state == "overdue" for _unit, state, _met in owing.words()))

register_figures(
    Figure("duties.due", DUE, "items", adds="duties"),
    Figure("duties.met", MET, "items", adds="duties"),
    Figure("duties.waived", WAIVED, "items", adds="waivers"),
    Figure("duties.overdue", OVERDUE, "items", adds="duties"),
)
