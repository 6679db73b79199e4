"""Setting a campaign up from a template pack: the plan's relative days become dates, and the campaign comes in as one
workbook, so that it is checked, written and told in the ledger like any other.

Rest days: a phase begins on a working day (the first one on the day that was chosen), and what would be due on a rest
day is due on the next working day, or on the last one before the phase ends."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.flow.campaigns import packs
from zhixing.flow.campaigns.packs.planning import HOST, PEOPLE, Due, Plan, PlannedDuty, due_of
from zhixing.ground.accounts import permits
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.calendar import WorkCalendar, work_calendar
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.types import Report

from .types import Unfit

LONGEST = timedelta(days=3700)
"""A campaign of more than ten years is a slip."""

HEAD_ROLES = {"leading_group": "head", "leading_group_office": "office_director"}
"""A group's kind → what its head is appointed to."""


@dataclass(frozen=True)
class DatedPhase:
    code: str
    name: str
    order: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class DatedDuty:
    """A planned duty with its day. `early`: the plan asked for a day before the phase begins."""

    duty: PlannedDuty
    due_on: date
    early: bool = False


@dataclass(frozen=True)
class Preview:
    """The plan as it would run."""

    starts_on: date
    ends_on: date
    phases: tuple[DatedPhase, ...]
    duties: tuple[DatedDuty, ...]

    def of_phase(self, code: str) -> tuple[DatedDuty, ...]:
        """By day."""
        return tuple(sorted((each for each in self.duties if each.duty.phase == code), key=lambda each: each.due_on))


def preview(plan: Plan, starts_on: date, calendar: WorkCalendar, ends_on: date | None = None) -> Preview:
    """The plan's phases and duties with their dates; without an end the plan's own length. Pure. Raises Unfit where the
    time is too short for the phases, or no time at all."""
    last = ends_on or starts_on + timedelta(weeks=plan.weeks) - timedelta(days=1)
    if not plan.phases:
        raise Unfit({"pack": _("This pack has no plan yet: it names no phase. Choose another one, or add phases to "
                               "it.")})
    if last <= starts_on or last - starts_on > LONGEST:
        raise Unfit({"ends_on": _("The last day has to come after the first one, and within ten years.")})
    phases = _phases(plan, starts_on, last, calendar)
    by_code = {phase.code: phase for phase in phases}
    return Preview(starts_on, last, phases, tuple(_dated(duty, by_code[duty.phase], calendar) for duty in plan.duties))


def _phases(plan: Plan, first: date, last: date, calendar: WorkCalendar) -> tuple[DatedPhase, ...]:
    """One after the other without a gap, each as long as its share, beginning on a working day."""
    days, whole = (last - first).days + 1, sum(phase.length for phase in plan.phases)
    begins: list[date] = []
    passed = Decimal(0)
    for phase in plan.phases:
        day = first + timedelta(days=round(days * passed / whole))
        begins.append(day if not begins else calendar.on_or_after(day))
        passed += phase.length
    ends = [day - timedelta(days=1) for day in begins[1:]] + [last]
    if any(end <= begin for begin, end in zip(begins, ends, strict=True)):
        raise Unfit({"ends_on": _("This is too short for %(count)s phases. Choose a later last day.") % {
            "count": len(plan.phases)}})
    return tuple(DatedPhase(phase.code, phase.name, order, begin, end) for order, (phase, begin, end) in enumerate(
        zip(plan.phases, begins, ends, strict=True), 1))


def _dated(duty: PlannedDuty, phase: DatedPhase, calendar: WorkCalendar) -> DatedDuty:
    day = _due(due_of(duty.due), phase, calendar)
    if day < phase.starts_on:
        return DatedDuty(duty, calendar.on_or_after(phase.starts_on), early=True)
    return DatedDuty(duty, day)


def _due(due: Due, phase: DatedPhase, calendar: WorkCalendar) -> date:
    anchor = phase.starts_on if due.anchor == "start" else phase.ends_on
    if due.unit == "w" and due.number:
        return calendar.add(anchor, due.number)
    day = anchor + timedelta(days=due.number)
    rolled = calendar.on_or_after(day)
    return calendar.add(day, -1) if day <= phase.ends_on < rolled else rolled


# ---- who owes what ----

def owe(duty: PlannedDuty, chosen: Sequence[UnitView], host: UnitView) -> list[UnitView]:
    """Those of the chosen units that would owe it; of a duty of persons, all of them."""
    if not duty.applies_to or duty.applies_to[0].startswith(PEOPLE):
        return list(chosen)
    wanted = set(_applies(duty, host.code))
    return [unit for unit in chosen if unit.kind in wanted or unit.code in wanted]


def owing(dated: Preview, chosen: Sequence[UnitView], host: UnitView, day: date) -> dict[str, int]:
    """Duty → how many of the chosen units would owe it, or how many persons. One query for each category of persons."""
    ids = {unit.id for unit in chosen}
    categories = {each.duty.applies_to[0].removeprefix(PEOPLE) for each in dated.duties
                  if each.duty.applies_to and each.duty.applies_to[0].startswith(PEOPLE)}
    people = {category: sum(unit_id in ids for _id, _code, _name, unit_id in units.people_of(category, host.path, day))
              for category in categories}
    return {
        each.duty.code: people[each.duty.applies_to[0].removeprefix(PEOPLE)]
        if each.duty.applies_to and each.duty.applies_to[0].startswith(PEOPLE) else len(owe(each.duty, chosen, host))
        for each in dated.duties
    }


def _applies(duty: PlannedDuty, host: str) -> list[str]:
    return [host if each == HOST else each for each in duty.applies_to]


# ---- the write ----

@dataclass(frozen=True)
class Setup:
    """What a campaign is made of. `heads`: group of the pack → the code of the person who leads it."""

    pack: str
    code: str
    name: str
    host: str
    starts_on: date
    units: Collection[str]
    ends_on: date | None = None
    heads: Mapping[str, str] = field(default_factory=dict)


def hosts(actor: Actor, day: date, *, limit: int = 200) -> list[UnitView]:
    """Units that may host a campaign which this actor begins: where it may write in every programme, and the two levels
    below."""
    tops = {""} if accounts.sees_all(actor) else {
        grant.path for grant in actor.grants if grant.programme_id is None and grant.role in permits.OFFICE}
    highest = [path for path in sorted(tops) if not any(path != other and path.startswith(other) for other in tops)]
    found = [unit for path in highest for unit in units.tree_on(path, day, 3 if not path else 2)]
    return found[:limit]


def host_of(actor: Actor, code: str) -> UnitView:
    """Raises Unfit for a unit that the actor may not begin a campaign in, in the words of one that is not there."""
    unknown = Unfit({"host": _("There is no unit with the code %(code)s in which you may begin a campaign.") % {
        "code": code}})
    try:
        unit = units.unit(code)
    except NotFound:
        raise unknown from None
    if not unit.is_open or not permits.may_write(actor, "campaign", None, unit.path):
        raise unknown
    return unit


def fit(setup: Setup, actor: Actor) -> tuple[UnitView, Preview]:
    """The host unit and the dates of a sound set-up. Raises Unfit with every fault by its field."""
    faults: dict[str, str] = {}
    if setup.pack not in packs.pack_names():
        faults["pack"] = _("Choose a template pack.")
    if not packs.planning.good_code(setup.code):
        faults["code"] = _("Give a short code without blanks, such as XXSJ2026. It stays with the campaign.")
    elif any(each.code == setup.code for each in units.programmes()):
        faults["code"] = _("There is a campaign with this code already. Choose another one.")
    if not setup.name.strip():
        faults["name"] = _("Give the campaign a name.")
    host = dated = None
    try:
        host = host_of(actor, setup.host)
    except Unfit as error:
        faults |= error.faults
    try:
        dated = preview(packs.plan(packs.pack(setup.pack)), setup.starts_on, work_calendar(), setup.ends_on)
    except Unfit as error:
        faults |= {key: what for key, what in error.faults.items() if key not in faults}
    if faults or host is None or dated is None:
        raise Unfit(faults)
    return host, dated


def set_up(pack: str, code: str, name: str, host: str, starts_on: date, units: Collection[str], *,
           ends_on: date | None = None, heads: Mapping[str, str] | None = None, actor: Actor) -> Report:
    """Makes the campaign: phases, duties, participants, the leading group and its office, in one transaction. `units`
    and `host` are codes; see `Setup`. Raises Unfit, Faulty (a head who is nobody), NotAllowed."""
    return _made(Setup(pack, code, name, host, starts_on, units, ends_on, heads or {}), actor)


def _made(setup: Setup, actor: Actor) -> Report:
    host, dated = fit(setup, actor)
    below = {unit.code for unit in units.units_under(host.path, clock.today())}
    if not setup.units or not set(setup.units) <= below:
        raise Unfit({"units": _("Choose at least one unit, all of them of the host unit.")})
    tables = book(setup, host, dated)
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return import_workbook(folder, actor=actor)


def book(setup: Setup, host: UnitView, dated: Preview) -> dict[str, list[dict[str, str]]]:
    """The workbook's tables that have rows."""
    plan = packs.plan(packs.pack(setup.pack))
    tables = {
        "campaign": [{"code": setup.code, "name": setup.name.strip(), "template": setup.pack, "host_unit": host.code,
                      "starts_on": str(dated.starts_on), "ends_on": str(dated.ends_on)}],
        "units": [{"code": code, "participates": "yes"} for code in sorted(setup.units)],
        "groups": [], "members": [], "appointments": [],
        "phases": [{"code": phase.code, "name": phase.name, "order": str(phase.order),
                    "starts_on": str(phase.starts_on), "ends_on": str(phase.ends_on)} for phase in dated.phases],
        "duties": [{"code": each.duty.code, "phase": each.duty.phase, "name": each.duty.name,
                    "figure": each.duty.figure, "where": each.duty.where,
                    "at_least": f"{each.duty.at_least.normalize():f}", "due_on": str(each.due_on),
                    "applies_to": ";".join(_applies(each.duty, host.code))} for each in dated.duties],
    }
    for group in plan.groups:
        head = setup.heads.get(group.code, "").strip()
        tables["groups"].append({"code": group.code, "name": group.name.replace("{campaign}", setup.name.strip()),
                                 "kind": group.kind, "unit": host.code, "head": head})
        if head:
            tables["members"].append({"group": group.code, "person": head, "from": str(dated.starts_on)})
            if group.kind in HEAD_ROLES:
                tables["appointments"].append({"role": HEAD_ROLES[group.kind], "person": head, "unit": host.code,
                                               "on": str(dated.starts_on)})
    return {name: rows for name, rows in tables.items() if rows}
