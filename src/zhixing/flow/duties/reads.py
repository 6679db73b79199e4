"""Who owes what, and how they stand: read from figures, a fixed number of queries for any number of units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from .types import DutyView, Gate, State

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


def states(programme_id: int, as_of: date, *, path: str | None = None, codes: Iterable[str] | None = None,
           phases: Iterable[str] | None = None, late: bool = True) -> list[State]:
    """Each duty of each unit (or person) at or below `path` (default: the host unit), as at the date. Without
    `late` nobody looks back at the due dates, and what was made up late is simply met."""
    listed = duties(programme_id, codes=codes, phases=phases)
    host = units.programme_by_id(programme_id).host_unit_id
    base = units.path_on(host, as_of) if path is None else path
    if base is None or not listed:
        return []
    key = ("states", programme_id, as_of, base, tuple(duty.code for duty in listed))
    looked_back = is_kept((*key, True))
    return shared((*key, late or looked_back),
                  lambda: _states(listed, Scope(programme_id, host, as_of), base, late))


def _states(listed: list[DutyView], scope: Scope, base: str, late: bool) -> list[State]:
    programme_id, as_of = scope.programme_id, scope.as_of
    within = units.paths_under(base, as_of)
    taking_part = {unit: known for unit, known in campaigns.participants(programme_id).items() if unit in within}
    waived = _waived(programme_id, as_of)
    found: list[State] = []
    for duty in listed:
        found.extend(_unit_states(duty, scope, taking_part, within, waived, late))
        found.extend(_person_states(duty, scope, base, waived, late))
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


def _waived(programme_id: int, as_of: date) -> set[tuple[int, int]]:
    rows = Waiver.objects.filter(programme=programme_id).filter(Q(waived_on=None) | Q(waived_on__lte=as_of))
    return set(rows.values_list("duty_id", "unit_id"))


def _unit_states(duty: DutyView, scope: Scope, taking_part: Mapping[int, tuple[str, str]],
                 within: Mapping[int, str], waived: set[tuple[int, int]], late: bool) -> Iterator[State]:
    owing = _owing(duty, taking_part, within, scope.as_of)
    if not owing:
        return
    now, then, nothing = _standing(duty, scope, figures.own_amounts, late)
    for unit_id, code in owing.items():
        yield _state(duty, unit_id, f"{duty.code}/{code}", now.get(unit_id, nothing), then.get(unit_id, nothing),
                     scope.as_of, (duty.id, unit_id) in waived)


def _person_states(duty: DutyView, scope: Scope, base: str, waived: set[tuple[int, int]],
                   late: bool) -> Iterator[State]:
    categories = [entry[len(PEOPLE):] for entry in duty.applies_to if entry.startswith(PEOPLE)]
    if not categories:
        return
    now, then, nothing = _standing(duty, scope, figures.person_amounts, late)
    seen: set[int] = set()
    for category in categories:
        for person_id, code, _name, unit_id in units.people_of(category, base, scope.as_of):
            if person_id not in seen:
                seen.add(person_id)
                yield _state(duty, unit_id, f"{duty.code}/{code}", now.get(person_id, nothing),
                             then.get(person_id, nothing), scope.as_of, (duty.id, unit_id) in waived)


def _standing(duty: DutyView, scope: Scope, amounts: figures.Amounts,
              late: bool) -> tuple[Standing, Standing, Decimal | None]:
    """The figure now and at the due date, and what those without a record have."""
    nothing = figures.nothing(duty.figure, scope, duty.where).value
    now = amounts(duty.figure, scope, duty.where)
    if not late or duty.due_on is None or duty.due_on >= scope.as_of:
        return now, now, nothing
    due = Scope(scope.programme_id, scope.unit_id, duty.due_on)
    return now, amounts(duty.figure, due, duty.where), nothing


def _state(duty: DutyView, unit_id: int, record: str, now: Decimal | None, then: Decimal | None, as_of: date,
           waived: bool) -> State:
    return State(duty, unit_id, record, rules.state(now, then, duty.at_least, duty.due_on, as_of, waived), now,
                 rules.reaches(now, duty.at_least), waived, duty.due_on is not None and duty.due_on <= as_of)


def _owing(duty: DutyView, taking_part: Mapping[int, tuple[str, str]], within: Mapping[int, str],
           as_of: date) -> dict[int, str]:
    """Unit id → code of the units that owe the duty: every participating one, those of the named kinds, and
    those named by code whether they take part or not."""
    if not duty.applies_to:
        return {unit_id: code for unit_id, (code, _kind) in taking_part.items()}
    named = [entry for entry in duty.applies_to if not entry.startswith(PEOPLE)]
    owing = {unit_id: code for unit_id, (code, kind) in taking_part.items() if kind in named}
    for code, view in units.units_by_code(named, as_of).items():
        if view.id in within:
            owing.setdefault(view.id, code)
    return owing


def counted(scope: Scope, where: Mapping[str, Sequence[str]]) -> list[State]:
    """The states within a figure's scope and `where` (`duty`, `phase`)."""
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return []
    found = states(scope.programme_id, scope.as_of, path=path, codes=where.get("duty"), phases=where.get("phase"),
                   late=False)
    return [each for each in found if not scope.own or each.unit_id == scope.unit_id]
