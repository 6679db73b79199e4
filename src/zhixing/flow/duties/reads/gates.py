"""What keeps a gate shut, and where units stand at it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import ids_of

from .. import rules
from ..models import Passage
from ..types import Gate, PassageView, State
from .states import owing, states

MEETING = "transition"
"""The kind of the meeting that closes a phase (转段)."""


def gate(programme_id: int, phase: str, as_of: date, *, path: str | None = None,
         among: Collection[int] | None = None) -> list[Gate]:
    """Each unit with a duty in the phase: what is met, waived and missing, by unit in tree order. With `among`,
    those units alone."""
    if among is None:
        listed = states(programme_id, as_of, path=path, phases=[phase])
    else:
        found = owing(programme_id, as_of, path=path, phases=[phase])
        listed = [state for each in found for state in each.among(among).states()]
    by_unit: dict[int, list[State]] = {}
    for each in listed:
        by_unit.setdefault(each.unit_id, []).append(each)
    return [
        Gate(unit_id, sum(one.met for one in owed), sum(one.waived and not one.met for one in owed),
             tuple(one for one in owed if not one.met and not one.waived))
        for unit_id, owed in by_unit.items()
    ]


def missing(programme_id: int, phase: str, as_of: date, *, path: str | None = None) -> dict[int, int]:
    """Unit id → how many of its duties of the phase are neither met nor waived, of every unit that owes one."""
    counts: dict[int, int] = {}
    for each in owing(programme_id, as_of, path=path, phases=[phase]):
        for unit_id, _state, met in each.words():
            counts[unit_id] = counts.get(unit_id, 0) + (not met and unit_id not in each.waived)
    return counts


def passages(programme_id: int, phase: str, path: str, *, unit_id: int | None = None,
             as_of: date | None = None) -> list[PassageView]:
    """The steps taken at the gate of a phase by units at or below the path, or by one of them, the oldest first."""
    found = Passage.objects.filter(programme=programme_id, phase__code=phase)
    found = found.filter(unit=unit_id) if unit_id else found.filter(unit__in=units.ids_within([path], as_of))
    if as_of is not None:
        found = found.filter(taken_on__lte=as_of)
    return _views(found)


def _views(found: QuerySet[Passage]) -> list[PassageView]:
    return [
        PassageView(row.phase.code, row.unit_id, row.step, row.reason, row.by, row.taken_on,
                    tuple(filter(None, row.reopened.split(";"))))
        for row in found.select_related("phase").order_by("id")
    ]


def last_steps(programme_id: int, path: str, *, phase: str = "", as_of: date | None = None,
               steps: Collection[str] = ()) -> dict[tuple[str, int], PassageView]:
    """(Phase, unit id) → where the unit stands, of units that have taken a step; with `steps`, those alone that stand
    at one of them."""
    found = Passage.objects.filter(programme=programme_id, unit__in=units.ids_within([path], as_of))
    if phase:
        found = found.filter(phase__code=phase)
    if as_of is not None:
        found = found.filter(taken_on__lte=as_of)
    last = {(view.phase, view.unit_id): view for view in _views(found)}
    return {key: view for key, view in last.items() if not steps or view.step in steps}


def lacking_meeting(programme_id: int, phase: str, as_of: date, paths: dict[int, str]) -> dict[int, int]:
    """Unit id → the superior that has not held its transition meeting of the phase, where the campaign's pack asks
    for that before a unit passes. `paths`: unit id → its place. The superior is the nearest one that takes part; who
    has none waits for nobody."""
    gates = campaigns.pack_of(programme_id).words("plan").get("gates")
    if not paths or not rules.wants_meeting(gates, phase):
        return {}
    host = units.programme_by_id(programme_id).host_unit_id
    held = _held(programme_id, host, phase, as_of)
    taking_part = campaigns.participants(programme_id)
    found = {}
    for unit_id, path in paths.items():
        above = ids_of(path)[:-1]
        above = above[above.index(host):] if host in above else ()
        superior = next((each for each in reversed(above) if each in taking_part), None)
        if superior is not None and superior not in held:
            found[unit_id] = superior
    return found


def _held(programme_id: int, host: int, phase: str, as_of: date) -> set[int]:
    """The units that have held the meeting which closes the phase. It closes one phase and opens the next, so people
    file it under either; what was held in the first third of the phase opened it."""
    listed = campaigns.phases(programme_id)
    place = next(number for number, each in enumerate(listed) if each.code == phase)
    closing = listed[place]
    where = {"kind": [MEETING], "phase": [each.code for each in listed[place:place + 2]]}
    now = figures.own_amounts("activities.held", Scope(programme_id, host, as_of), where)
    opened: Mapping[int, Decimal | None] = {}
    if closing.starts_on and closing.ends_on:
        early = min(closing.starts_on + (closing.ends_on - closing.starts_on) / 3, as_of)
        opened = figures.own_amounts("activities.held", Scope(programme_id, host, early), where)
    return {unit for unit, count in now.items() if (count or 0) > (opened.get(unit) or 0)}


def after(verb: str) -> tuple[str, ...]:
    """Where a unit may stand before a step (`propose`, `review`, `pass`, `send_back`) is taken; "" at none yet."""
    return rules.AFTER[verb]
