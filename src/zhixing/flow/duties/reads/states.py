"""Who owes what, and how they stand: read from figures, a fixed number of queries for any number of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.sharing import is_kept, shared
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units

from .. import rules
from ..models import Duty, Extension, Waiver
from ..types import DutyView, Extended, Owing, State

PEOPLE = "people:"
Standing = Mapping[int, Decimal | None]


def duties(programme_id: int, *, codes: Iterable[str] | None = None,
           phases: Iterable[str] | None = None) -> list[DutyView]:
    """The programme's duties by phase and due date."""
    found = Duty.objects.filter(programme=programme_id)
    if codes is not None:
        found = found.filter(code__in=list(codes))
    if phases is not None:
        found = found.filter(phase__code__in=list(phases))
    return [
        DutyView(row.id, row.code, row.phase.code if row.phase else "", row.name or row.code, row.figure,
                 rules.parse_where(row.where), Decimal(1) if row.at_least is None else row.at_least, row.due_on,
                 tuple(filter(None, row.applies_to.split(";"))))
        for row in found.select_related("phase").order_by("phase__order", "due_on", "code")
    ]


def owing(programme_id: int, as_of: date, *, path: str | None = None, codes: Iterable[str] | None = None,
          phases: Iterable[str] | None = None, late: bool = True) -> list[Owing]:
    """Who owes each duty at or below `path` (default: the host unit), and how far they have come. Without `late`
    nobody looks back at the due dates, and what was made up late is simply met."""
    listed = duties(programme_id, codes=codes, phases=phases)
    host = units.programme_by_id(programme_id).host_unit_id
    base = units.path_on(host, as_of) if path is None else path
    if base is None or not listed:
        return []
    key = ("owing", programme_id, as_of, base, tuple(duty.code for duty in listed))
    looked_back = is_kept((*key, True))
    return shared((*key, late or looked_back),
                  lambda: _owing(listed, Scope(programme_id, host, as_of), base, late))


def states(programme_id: int, as_of: date, *, path: str | None = None, codes: Iterable[str] | None = None,
           phases: Iterable[str] | None = None) -> list[State]:
    """Each duty of each unit (or person), as `owing`."""
    found = owing(programme_id, as_of, path=path, codes=codes, phases=phases)
    return [state for each in found for state in each.states()]


def own_states(programme_id: int, as_of: date, unit_id: int) -> list[State]:
    """As `states`, of one unit's own duties alone: what others owe is not counted for it."""
    path = units.path_on(unit_id, as_of)
    listed = duties(programme_id)
    if path is None or not listed:
        return []
    host = Scope(programme_id, units.programme_by_id(programme_id).host_unit_id, as_of)
    found = _owing(listed, host, path, True, alone=unit_id)
    return [state for each in found for state in each.states()]


def owers(programme_id: int, as_of: date, *, path: str | None = None,
          codes: Iterable[str] | None = None) -> list[tuple[DutyView, dict[int, tuple[int, str]]]]:
    """Each duty with who owes it: id → unit id and code, of units or of persons. Nothing is counted."""
    host = units.programme_by_id(programme_id).host_unit_id
    base = units.path_on(host, as_of) if path is None else path
    if base is None:
        return []
    within = units.paths_under(base, as_of)
    taking_part = {unit: known for unit, known in campaigns.participants(programme_id).items() if unit in within}
    return [
        (duty, found) for duty in duties(programme_id, codes=codes)
        for found in (_units_owing(duty, taking_part, within, as_of), _people_owing(duty, base, as_of)) if found
    ]


def _owing(listed: list[DutyView], scope: Scope, base: str, late: bool, alone: int | None = None) -> list[Owing]:
    """`alone`: of this unit, which stands at `base`, and of nothing below it."""
    within = units.paths_under(base, scope.as_of) if alone is None else {alone: base}
    participants = campaigns.participants(scope.programme_id)
    taking_part = {unit: known for unit, known in participants.items() if unit in within}
    waived = _waived(scope.programme_id, scope.as_of)
    moved = extensions(scope.programme_id, scope.as_of)
    own = scope if alone is None else replace(scope, unit_id=alone, own=True)
    found: list[Owing] = []
    for duty in listed:
        people = {ower: known for ower, known in _people_owing(duty, base, scope.as_of).items()
                  if alone in (None, known[0])}
        for amounts, over, owers in (
            (figures.own_amounts, own, _units_owing(duty, taking_part, within, scope.as_of)),
            (figures.person_amounts, scope, people),
        ):
            if owers:
                now, then, nothing = _standing(duty, over, amounts, late)
                owing = Owing(duty, scope.as_of, owers, now, then, nothing, waived.get(duty.id, frozenset()),
                              moved.get(duty.id, {}))
                found.append(_judged(owing, over, amounts) if late and owing.moved else owing)
    return found


def _judged(owing: Owing, scope: Scope, amounts: figures.Amounts) -> Owing:
    """With the figure as at the moved day of those whose moved day has passed: one query for each such day."""
    then = dict(owing.then)
    passed: dict[date, list[int]] = {}
    for ower, (unit_id, _code) in owing.owers.items():
        moved = owing.moved.get(unit_id)
        if moved and moved.until < owing.as_of and owing.duty.done(owing.now.get(ower, owing.nothing), moved):
            passed.setdefault(moved.until, []).append(ower)
    for day, listed in passed.items():
        values = amounts(owing.duty.figure, replace(scope, as_of=day), owing.duty.where)
        then |= {ower: values.get(ower, owing.nothing) for ower in listed}
    return replace(owing, then=then) if passed else owing


def extensions(programme_id: int, as_of: date) -> dict[int, dict[int, Extended]]:
    """Duty id → unit id → the moved day that stands as at the date."""
    rows = Extension.objects.filter(programme=programme_id, given_on__lte=as_of).order_by("id")
    found: dict[int, dict[int, Extended]] = {}
    for row in rows:
        found.setdefault(row.duty_id, {})[row.unit_id] = Extended(row.kind, row.until, row.base, row.reason, row.by,
                                                                  row.given_on)
    return found


def _waived(programme_id: int, as_of: date) -> dict[int, set[int]]:
    """Duty id → the units for which it is waived."""
    rows = Waiver.objects.filter(programme=programme_id).filter(Q(waived_on=None) | Q(waived_on__lte=as_of))
    found: dict[int, set[int]] = {}
    for duty_id, unit_id in rows.values_list("duty_id", "unit_id"):
        found.setdefault(duty_id, set()).add(unit_id)
    return found


def _people_owing(duty: DutyView, base: str, as_of: date) -> dict[int, tuple[int, str]]:
    """Person id → unit id and code of the people of the categories that owe the duty."""
    owing: dict[int, tuple[int, str]] = {}
    for category in (entry[len(PEOPLE):] for entry in duty.applies_to if entry.startswith(PEOPLE)):
        for person_id, code, _name, unit_id in units.people_of(category, base, as_of):
            owing.setdefault(person_id, (unit_id, code))
    return owing


def _standing(duty: DutyView, scope: Scope, amounts: figures.Amounts,
              late: bool) -> tuple[Standing, Standing, Decimal | None]:
    """The figure now and at the due date, and what those without a record have."""
    nothing = figures.nothing(duty.figure, scope, duty.where).value
    now = amounts(duty.figure, scope, duty.where)
    if not late or duty.due_on is None or duty.due_on >= scope.as_of:
        return now, now, nothing
    return now, amounts(duty.figure, replace(scope, as_of=duty.due_on), duty.where), nothing


def _units_owing(duty: DutyView, taking_part: Mapping[int, tuple[str, str]], within: Mapping[int, str],
                 as_of: date) -> dict[int, tuple[int, str]]:
    """Unit id → itself and its code, of the units that owe the duty: every participating one, those of the named
    kinds, and those named by code whether they take part or not."""
    if not duty.applies_to:
        return {unit_id: (unit_id, code) for unit_id, (code, _kind) in taking_part.items()}
    named = [entry for entry in duty.applies_to if not entry.startswith(PEOPLE)]
    owing = {unit_id: (unit_id, code) for unit_id, (code, kind) in taking_part.items() if kind in named}
    for code, view in units.units_by_code(named, as_of).items():
        if view.id in within:
            owing.setdefault(view.id, (view.id, code))
    return owing


def counted(scope: Scope, where: Mapping[str, Sequence[str]]) -> list[Owing]:
    """Who owes what within a figure's scope and `where` (`duty`, `phase`)."""
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return []
    found = owing(scope.programme_id, scope.as_of, path=path, codes=where.get("duty"), phases=where.get("phase"),
                  late=False)
    return [each.of(scope.unit_id) for each in found] if scope.own else found
