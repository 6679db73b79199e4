"""The gate of a phase: what is missing for whom, and the steps by which a unit passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import PhaseView
from zhixing.flow.duties import actions, permits
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import Gate, PassageView, State, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.sharing import remembered, shared
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import STEP, UnitView
from zhixing.outputs.boards.board import ROWS, TONES, standing, state_word
from zhixing.outputs.boards.owed import add_address
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

NAMED = 3
"""So many of the missing duties are named in a row."""

STANDS: dict[str, tuple[str, str | Promise]] = {
    "shut": ("none", gettext_lazy("Shut")),
    "returned": ("late", gettext_lazy("Sent back")),
    "open": ("way", gettext_lazy("Nothing missing")),
    "proposed": ("way", gettext_lazy("Asks to pass")),
    "reviewed": ("way", gettext_lazy("Reviewed")),
    "passed": ("met", gettext_lazy("Passed")),
}
"""Where a unit stands → tone and word, in the order of the legend."""


def stands(missing: int, last: PassageView | None) -> str:
    """In one word: the last step, else whether anything is missing."""
    if last is not None:
        return last.step
    return "shut" if missing else "open"


@dataclass(frozen=True)
class Row:
    """A unit, or a group of units (`counts`: how many stand where)."""

    name: str
    url: str
    tone: str = ""
    word: str = ""
    missing: str = ""
    counts: tuple[tuple[str, str], ...] = ()


def _phase(at: Standpoint, code: str) -> tuple[list[PhaseView], PhaseView | None]:
    """All phases, and the one asked for, else the one of the day, else the last begun, else the first."""
    listed = campaigns.phases(at.campaign.programme_id)
    if code:
        return listed, campaigns.phase(at.campaign.programme_id, code)
    begun = [each for each in listed if each.starts_on is None or each.starts_on <= at.as_of]
    return listed, begun[-1] if begun else listed[0] if listed else None


@require_GET
def gates_page(request: HttpRequest, code: str, phase: str = "") -> HttpResponse:
    """Every unit from here that owes anything in the phase; a larger tree shows its groups alone."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    phases, chosen = _phase(at, phase)
    asked = request.GET.get("state", "")
    state = asked if asked in STANDS else ""
    rows, shown, folded, totals = ([], 0, False, {}) if chosen is None or not at.unit.is_open \
        else _rows(at, chosen.code, state)
    return render(request, "desk/gates.html", {
        "at": at, "chosen": chosen, "rows": rows, "shown": shown, "folded": folded, "state": state,
        "phases": [(each, link(at, "gates", each.code)) for each in phases],
        "legend": [(name, tone, word, totals.get(name, 0)) for name, (tone, word) in STANDS.items()],
        "waiting": len(duties.open_requests(at.campaign.programme_id, at.unit.path, limit=ROWS)),
        "requests": link(at, "requests"),
    })


def _rows(at: Standpoint, phase: str, state: str) -> tuple[list[Row], int, bool, Mapping[str, int]]:
    """The rows, how many units they stand for, whether they are folded, and how many units stand where."""
    key = "gates", at.campaign.programme_id, at.as_of, at.unit.path, phase

    def count() -> tuple[dict[str, Counter[str]], list[int]]:
        return _counts(at, phase)

    groups, few = remembered((*key, "folded"), count)
    totals: Counter[str] = sum(groups.values(), Counter())
    if not few:
        return _groups(at, phase, groups, state), totals[state] if state else totals.total(), True, totals
    shown = [unit for unit in few if not state or _where(at, phase)[unit] == state]
    return _units(at, phase, shown), len(shown), False, totals


def _where(at: Standpoint, phase: str) -> dict[int, str]:
    """Unit id → where it stands, of every unit from here that owes anything in the phase."""
    programme = at.campaign.programme_id

    def find() -> dict[int, str]:
        missing = duties.missing(programme, phase, at.as_of, path=at.unit.path)
        last = duties.last_steps(programme, at.unit.path, phase=phase, as_of=at.as_of)
        lacking = _lacking(at, phase, missing)
        return {unit: stands(count + (unit in lacking), last.get((phase, unit))) for unit, count in missing.items()}

    return shared(("gates", programme, phase, at.as_of, at.unit.path), find)


def _lacking(at: Standpoint, phase: str, listed: Iterable[int]) -> dict[int, int]:
    """Unit id → the superior whose transition meeting it waits for."""
    programme = at.campaign.programme_id

    def find() -> dict[int, int]:
        paths = units.paths_under(at.unit.path, at.as_of)
        known = {each: paths[each] for each in listed if each in paths}
        return duties.lacking_meeting(programme, phase, at.as_of, known)

    return shared(("lacking", programme, phase, at.as_of, at.unit.path), find)


def _counts(at: Standpoint, phase: str) -> tuple[dict[str, Counter[str]], list[int]]:
    """Path of a group → how many units stand where; and the units themselves, unless they are too many."""
    where = _where(at, phase)
    paths = units.paths_under(at.unit.path, at.as_of)
    groups: dict[str, Counter[str]] = {}
    for unit, stand in where.items():
        groups.setdefault(paths.get(unit, at.unit.path)[:len(at.unit.path) + STEP], Counter())[stand] += 1
    few = sorted(where, key=lambda unit: paths.get(unit, "")) if len(where) <= ROWS else []
    return groups, few


def _groups(at: Standpoint, phase: str, groups: Mapping[str, Counter[str]], state: str) -> list[Row]:
    views = {each.path: each for each in [at.unit, *units.children_on(at.unit.path, at.as_of)]}
    rows = []
    for path in sorted(groups):
        view, counts = views.get(path), groups[path]
        if view is None or (state and not counts[state]):
            continue
        told = tuple((tone, f"{counts[name]} {word}") for name, (tone, word) in STANDS.items() if counts[name])
        url = link(at, "gate", phase, view.code, unit=None) if view.id == at.unit.id \
            else link(at, "gates", phase, unit=view.code)
        rows.append(Row(_("%(unit)s itself") % {"unit": view.label} if view.id == at.unit.id else view.label, url,
                        counts=told))
    return rows[:ROWS]


def _units(at: Standpoint, phase: str, shown: list[int]) -> list[Row]:
    programme = at.campaign.programme_id
    views = units.units_by_id(shown, at.as_of)
    gates = {each.unit_id: each for each in duties.gate(programme, phase, at.as_of, path=at.unit.path,
                                                        among=set(shown))}
    where = _where(at, phase)
    lacking = _lacking(at, phase, where)
    rows = []
    for unit in shown:
        tone, word = STANDS[where[unit]]
        rows.append(Row(views[unit].label, link(at, "gate", phase, views[unit].code, unit=None), tone, str(word),
                        _missing(gates[unit], unit in lacking)))
    return rows


def _missing(gate: Gate, meeting: bool) -> str:
    """The first few of what is missing, and how many more there are."""
    named = list(dict.fromkeys(each.duty.name for each in gate.missing))
    if meeting:
        named.append(_("the superior's transition meeting"))
    more = len(named) - NAMED
    told = "; ".join(named[:NAMED])
    if more > 0:
        told = ngettext("%(named)s and %(more)s more", "%(named)s and %(more)s more", more) % {
            "named": told, "more": more}
    return told


Step = Callable[..., None]
STEPS: dict[str, tuple[Step, str | Promise]] = {
    "propose": (actions.propose, gettext_lazy("The supervisors will look at it.")),
    "review": (actions.review, gettext_lazy("The leading group will decide.")),
    "pass": (actions.pass_gate, gettext_lazy("The unit has passed the gate.")),
    "send_back": (actions.send_back, gettext_lazy("Sent back. The unit sees your reason among its duties.")),
}
"""What a button asks for → the action, and what is said afterwards."""


def gate_page(request: HttpRequest, code: str, phase: str, unit: str) -> HttpResponse:
    """One unit at the gate: what it has done, what is missing, the steps taken, and the next step for whoever takes
    it."""
    at = standpoint(accounts.actor_of(request.user), code, {"unit": unit})
    chosen = campaigns.phase(at.campaign.programme_id, phase)
    if request.method != "POST":
        return _gate(request, at, chosen)
    verb = request.POST.get("step", "")
    if verb not in STEPS:
        raise NotFound(_("There is no such step."))
    action, said = STEPS[verb]
    more: dict[str, Any] = {"reason": request.POST.get(f"{verb}.reason", "")}
    if verb == "send_back":
        more |= {"reopen": request.POST.getlist("reopen"), "until": _day(request.POST.get("until", ""))}
    try:
        action(at.campaign.programme_id, phase, unit, actor=at.actor, **more)
    except NotAllowed:
        raise
    except Refused as error:
        return _gate(request, at, chosen, verb, error)
    messages.success(request, str(said))
    return redirect(link(at, "gate", phase, unit, unit=None))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Owed:
    """A duty of the phase and how the unit, or how many of its people, stand with it."""

    code: str
    name: str
    day: date | None
    tone: str
    word: str
    url: str
    add: str
    ask: str
    met: bool


def _gate(request: HttpRequest, at: Standpoint, phase: PhaseView, verb: str = "",
          error: Refused | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    states = [each for each in duties.own_states(programme, at.as_of, at.unit.id) if each.duty.phase == phase.code]
    steps = duties.passages(programme, phase.code, at.unit.path, unit_id=at.unit.id, as_of=at.as_of)
    missing = [each for each in states if not each.met and not each.waived]
    lacking = duties.lacking_meeting(programme, phase.code, at.as_of, {at.unit.id: at.unit.path})
    tone, word = STANDS[stands(len(missing) + len(lacking), steps[-1] if steps else None)]
    owed = _owed(at, states)
    faults = error.faults if isinstance(error, Unfit) else {}
    fields = _fields(request, verb, faults)
    context = {
        "at": at, "phase": phase, "tone": tone, "word": word, "owed": owed, "states": states,
        "missing": len(missing), "lacking": units.unit_by_id(lacking[at.unit.id], at.as_of) if lacking else None,
        "steps": [(STANDS[each.step], each, [duty.name for duty in _named(states, each.reopened)]) for each in steps],
        "may": _may(at, steps[-1].step if steps else "", shut=bool(missing or lacking)),
        "fields": fields, "faulty": [each for each in fields.values() if each.fault],
        "further": [str(error)] if error and not faults else [], "reopen": request.POST.getlist("reopen"),
        "reopen_fault": faults.get("reopen", ""),
    }
    return render(request, "desk/gate.html", context, status=422 if faults else 409 if error else 200)


def _named(states: list[State], codes: tuple[str, ...]) -> list[Any]:
    return list({each.duty.code: each.duty for each in states if each.duty.code in codes}.values())


def _may(at: Standpoint, stand: str, *, shut: bool) -> dict[str, bool]:
    """The steps that the reader may take now; a gate that is shut lets nobody on, but back."""
    host: UnitView = units.unit_by_id(at.campaign.host_unit_id, at.as_of)
    return {
        verb: stand in duties.after(verb) and (verb == "send_back" or not shut)
        and permits.may_step(at.actor, verb, at.campaign.programme_id, at.unit.path, host.path, stand)
        for verb in STEPS
    }


def _owed(at: Standpoint, states: list[State]) -> list[Owed]:
    """A line for each duty: what is missing first."""
    by_duty: dict[int, list[State]] = {}
    for each in states:
        by_duty.setdefault(each.duty.id, []).append(each)
    may_ask = permits.may_ask(at.actor, at.campaign.programme_id, at.unit.path)
    lines = []
    for listed in by_duty.values():
        rest = [each for each in listed if not each.met and not each.waived]
        one = (rest or listed)[0]
        word = standing(one, state_word(one.state))
        if listed[1:] and rest:
            word = ngettext("%(count)s person to go", "%(count)s people to go", len(rest)) % {"count": len(rest)}
        duty = one.duty
        lines.append(Owed(
            duty.code, duty.name, one.day, TONES[one.state], word,
            link(at, "duty-unit", duty.code, at.unit.code, unit=None), add_address(at, duty) if rest else "",
            link(at, "ask", duty.code, at.unit.code, unit=None) if rest and may_ask else "", not rest))
    return sorted(lines, key=lambda line: line.met)


def _fields(request: HttpRequest, verb: str, faults: Mapping[str, str]) -> dict[str, Field]:
    """The questions of each step; what was typed is kept."""
    notes = {
        "propose": _("What you want to say about it"),
        "review": _("What you found"),
        "pass": _("What you want to say about it"),
    }
    fields = {
        name: Field(f"{name}.reason", label, "long", request.POST.get(f"{name}.reason", ""), optional=True)
        for name, label in notes.items()
    }
    fields["send_back"] = Field("send_back.reason", _("What is missing or wrong"), "long",
                                request.POST.get("send_back.reason", ""), needed=True)
    fields["until"] = Field("until", _("To be made up by"), value=request.POST.get("until", ""), type="date")
    if verb and "reason" in faults:
        fields[verb] = replace(fields[verb], fault=faults["reason"])
    if "until" in faults:
        fields["until"] = replace(fields["until"], fault=faults["until"])
    return fields
