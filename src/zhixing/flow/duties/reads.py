"""Who owes what, and how they stand: read from figures, a fixed number of queries for any number of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.sharing import is_kept, shared
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units

from . import rules
from .models import Duty, Waiver
from .types import DutyView, Gate, Owing, State

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


def _owing(listed: list[DutyView], scope: Scope, base: str, late: bool) -> list[Owing]:
    within = units.paths_under(base, scope.as_of)
    participants = campaigns.participants(scope.programme_id)
    taking_part = {unit: known for unit, known in participants.items() if unit in within}
    waived = _waived(scope.programme_id, scope.as_of)
    found: list[Owing] = []
    for duty in listed:
        for amounts, owers in ((figures.own_amounts, _units_owing(duty, taking_part, within, scope.as_of)),
                               (figures.person_amounts, _people_owing(duty, base, scope.as_of))):
            if owers:
                now, then, nothing = _standing(duty, scope, amounts, late)
                found.append(Owing(duty, scope.as_of, owers, now, then, nothing, waived.get(duty.id, frozenset())))
    return found


def gate(programme_id: int, phase: str, as_of: date, *, path: str | None = None) -> list[Gate]:
    """Each unit with a duty in the phase: what is met, waived and missing, by unit in tree order."""
    by_unit: dict[int, list[State]] = {}
    for each in states(programme_id, as_of, path=path, phases=[phase]):
        by_unit.setdefault(each.unit_id, []).append(each)
    return [
        Gate(unit_id, sum(one.met for one in owed), sum(one.waived and not one.met for one in owed),
             tuple(one for one in owed if not one.met and not one.waived))
        for unit_id, owed in by_unit.items()
    ]


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
    due = Scope(scope.programme_id, scope.unit_id, duty.due_on)
    return now, amounts(duty.figure, due, duty.where), nothing


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
