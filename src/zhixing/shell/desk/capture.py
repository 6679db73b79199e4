"""We held a session: five questions, and taps for those who were missing. The same form corrects it afterwards."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.flow.activities import actions
from zhixing.flow.activities import reads as activities
from zhixing.flow.activities.types import MISSED, MOST_NAMES, Expected, Mark, PlannedView, Presence, SessionView
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.workbook.types import Fault, Faulty
from zhixing.outputs.boards.reads import link, narrower, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

from .gathered import WORDS, long_fields, match_names, roster_options

FIVE = ("kind", "starts_at", "place", "title", "host")
SIGNS = ("", ">=", "~")


@dataclass(frozen=True)
class Tap:
    """One person of the list and how they stand."""

    code: str
    name: str
    post: str
    status: str


@dataclass
class Draft:
    """What the form says at the moment. `marks`: person's code → status; `dates`: when it was made up."""

    code: str
    cells: dict[str, str]
    marks: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date | None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    made_up_on: str = ""
    names: dict[str, str] = field(default_factory=dict)
    planned: int | None = None


def capture_page(request: HttpRequest, code: str) -> HttpResponse:
    """A new session of the reader's unit. The address may fill in answers (`?unit=…&kind=…&planned=…&starts_at=…`)."""
    at = standpoint(accounts.actor_of(request.user), code, _kept(request.GET))
    if not may_write(at.actor, "activities", at.campaign.programme_id, at.unit.path):
        return _look_only(request, at)
    if request.method == "POST":
        draft = _typed(request.POST)
        if request.POST.get("show"):
            return _page(request, at, draft)
        return _hand_in(request, at, draft, at.unit.id)
    planned = _planned(at, request.GET.get("planned", ""))
    return _page(request, at, _new(at, request.GET, planned))


def correct_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A session that was handed in, put right with the form that it was entered with."""
    at = standpoint(accounts.actor_of(request.user), code, {})
    view = activities.session(at.campaign.programme_id, key, at.actor)
    if view.kind == "talk":
        return redirect(link(at, "record", "activities", key))
    at = standpoint(at.actor, code, {"unit": view.unit_code})
    if not may_write(at.actor, "activities", at.campaign.programme_id, at.unit.path):
        raise NotAllowed(_("This session belongs to a unit that you do not write for."))
    if request.method == "POST":
        draft = _typed(request.POST, key)
        if request.POST.get("show"):
            return _page(request, at, draft, view)
        return _hand_in(request, at, draft, view.unit_id, view)
    return _page(request, at, _of_session(at, view), view)


def _kept(asked: QueryDict) -> dict[str, str]:
    unit = asked.get("unit", "")
    return {"unit": str(unit)} if unit else {}


def _planned(at: Standpoint, asked: str) -> PlannedView | None:
    if not asked.isdecimal() or len(asked) > 12:
        return None
    found = activities.planned(int(asked), at.campaign.programme_id, at.actor)
    return found if found.unit_id == at.unit.id and not found.activity else None


def new_code() -> str:
    """A code for a form: the day and six letters, so that a second press finds the first."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _each in range(6))
    return f"{clock.today():%y%m%d}-{letters}"


def _new(at: Standpoint, asked: QueryDict, planned: PlannedView | None) -> Draft:
    """A form that knows what is known: the planned session's answers, else those of the unit's last one."""
    programme = at.campaign.programme_id
    if planned is not None:
        cells = {"kind": planned.kind, "starts_at": _moment(planned.day, planned.starts_time), "place": planned.place,
                 "title": planned.title, "host": planned.host, "roster": planned.roster}
        return Draft(new_code(), cells, planned=planned.id)
    kind = asked.get("kind", "")
    last = activities.habit(programme, at.unit.id, kind)
    starts = asked.get("starts_at") or _moment(clock.today(), last.starts_time)
    everybody, _categories, _groups = activities.rosters(programme, at.unit.id, clock.today())
    roster = last.roster if last.roster not in (None, "listed") else ("unit" if 0 < everybody <= MOST_NAMES else "")
    cells = {"kind": kind or last.kind, "starts_at": starts, "place": last.place, "title": asked.get("title", ""),
             "host": last.host, "roster": asked.get("roster", roster or "")}
    return Draft(new_code(), cells)


def _moment(day: date | None, at: Any) -> str:
    return "" if day is None else f"{day:%Y-%m-%d}" + (f"T{at:%H:%M}" if at else "")


def _of_session(at: Standpoint, view: SessionView) -> Draft:
    state = activities.presence(at.campaign.programme_id, view, clock.today())
    return Draft(
        view.code,
        {"kind": view.kind, "starts_at": _moment(view.starts_on, view.starts_time), "place": view.place,
         "title": view.title, "host": view.host, "roster": view.roster, "headcount": view.headcount,
         "minutes": view.minutes},
        {each.person.code: each.status for each in state.marked if each.expected},
        {each.person.code: each.made_up_on for each in state.marked}, dict(view.texts),
        names=_written(at, view, state) if state.expected > MOST_NAMES else {})


def _written(at: Standpoint, view: SessionView, state: Presence) -> dict[str, str]:
    """Those who were missing of a list too long to tap, by name, or by code where several are called so."""
    names = Counter(each.name for each in activities.roster(at.campaign.programme_id, view, clock.today()))
    return {status: "\n".join(each.person.name if names[each.person.name] == 1 else each.person.code
                              for each in state.marked if each.expected and each.status == status)
            for status in MISSED}


def _typed(posted: QueryDict, key: str = "") -> Draft:
    """What was typed and tapped."""
    day, time = posted.get("starts_at", "").strip(), posted.get("starts_at.time", "").strip()
    count, sign = posted.get("headcount", "").strip(), posted.get("headcount.sign", "")
    cells = {name: posted.get(name, "").strip() for name in ("kind", "place", "title", "host", "roster")}
    cells["starts_at"] = f"{day}T{time}" if day and time else day
    cells["headcount"] = f"{sign}{count}" if count and sign in SIGNS and count[:1] not in ">~≥≈" else count
    texts = {name.removeprefix("text."): value for name, value in posted.items() if name.startswith("text.")}
    if "minutes" in texts:
        cells["minutes"] = str(texts.pop("minutes"))
    marks = {name.removeprefix("m."): str(value) for name, value in posted.items() if name.startswith("m.") and value}
    planned = posted.get("planned", "")
    return Draft(
        key or posted.get("code", ""), cells, marks, {}, {part: str(text) for part, text in texts.items()},
        posted.get("made_up_on", ""), {status: str(posted[f"names.{status}"]) for status in MISSED
                                       if f"names.{status}" in posted},
        int(planned) if planned.isdecimal() and len(planned) < 12 else None)


def _hand_in(request: HttpRequest, at: Standpoint, draft: Draft, unit_id: int,
             view: SessionView | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    try:
        new = actions.hold(programme, unit_id, draft.code, draft.cells, _marks(at, draft, view), actor=at.actor,
                           texts=draft.texts, planned_id=draft.planned)
    except NotFound:
        raise
    except Refused as error:
        return _page(request, at, draft, view, error)
    words = _("Handed in. Every figure it belongs to counts it now.") if new else _("Saved.")
    messages.success(request, words)
    return redirect(link(at, "session", draft.code, unit=None, as_of=None))


def _marks(at: Standpoint, draft: Draft, view: SessionView | None) -> dict[str, Mark]:
    """Taps as marks; names that were written instead (of a long list) are looked up. Raises Faulty for a name that
    nobody, or more than one, has. Without a list there is nobody to mark."""
    programme = at.campaign.programme_id
    if not draft.cells.get("roster"):
        return {}
    before: Mapping[str, date | None] = {}
    if view is not None:
        before = {each.person.code: each.made_up_on for each in
                  activities.presence(programme, view, clock.today()).marked if each.status == "made_up"}
    faults: list[Fault] = []
    made = None
    if draft.made_up_on:
        try:
            made = date.fromisoformat(draft.made_up_on)
        except ValueError:
            faults.append(Fault("activities", 0, "made_up_on", draft.made_up_on,
                                _("Write the day as 2026-05-18."), "date"))
    marks = {person: Mark(status, before.get(person) or made if status == "made_up" else None)
             for person, status in draft.marks.items()}
    if draft.names:  # of a long list only those who missed are written; what was made up stays
        marks |= {person: Mark("made_up", day) for person, day in before.items() if person not in marks}
    if any(draft.names.values()):
        people = _people(at, draft)
        for status, text in draft.names.items():
            found, wrong = match_names(text, people)
            faults += [Fault("activities", 0, f"names.{status}", "", words, "unknown") for words in wrong]
            marks |= {person.code: Mark(status) for person in found}
    if faults:
        raise Faulty(faults)
    return marks


def _day(draft: Draft) -> date:
    try:
        return date.fromisoformat(draft.cells.get("starts_at", "")[:10])
    except ValueError:
        return clock.today()


def _people(at: Standpoint, draft: Draft) -> list[Expected]:
    roster = draft.cells.get("roster", "")
    return activities.expected(at.campaign.programme_id, at.unit.id, roster, _day(draft)) if roster else []


def _page(request: HttpRequest, at: Standpoint, draft: Draft, view: SessionView | None = None,
          error: Refused | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    faults = error.faults if isinstance(error, Faulty) else ()
    wrong: dict[str, str] = {}
    for fault in faults:
        wrong.setdefault(fault.column, fault.message)
    if view is not None and draft.cells.get("roster") == "listed":
        people = activities.roster(programme, view, _day(draft))
    else:
        people = _people(at, draft)
    few = len(people) <= MOST_NAMES
    taps = [Tap(each.code, each.name, each.post, draft.marks.get(each.code, "")) for each in people] if few else []
    fields = _five(at, draft, wrong)
    options = roster_options(at, _day(draft), listed=bool(view and view.roster == "listed"))
    roster = Field("roster", _("Who was expected"), "select", draft.cells.get("roster", ""), options=options,
                   blank=_("No list; the number of people"), fault=wrong.get("roster", ""))
    further = long_fields(at, draft.cells.get("kind", ""), {**draft.texts, "minutes": draft.cells.get("minutes", "")},
                          wrong)
    context = {
        "at": at, "draft": draft, "session": view, "fields": fields, "roster": roster, "taps": taps,
        "count": _count(draft, wrong), "named": [] if few else _named(draft, wrong), "further_fields": further,
        "statuses": _statuses(view), "people": len(people), "fault": wrong.get("marks", ""),
        "people_said": ngettext("%(count)s person on the list", "%(count)s people on the list", len(people))
        % {"count": len(people)},
        "made_up": Field("made_up_on", _("Made up on"), value=draft.made_up_on, type="date",
                         fault=wrong.get("made_up_on", ""), hint=_("The day for those marked “made up”.")),
        "asked": [*fields, roster, *further], "marks_fault": wrong.get("marks", ""),
        "further": [str(error)] if error and not faults else [wrong["marks"]] if "marks" in wrong else [],
        "parts": narrower(at) if view is None else [],
        "open": any(item.value or item.fault for item in further),
    }
    status = 403 if isinstance(error, NotAllowed) else 422 if error else 200
    return render(request, "desk/capture.html", context, status=status)


def _statuses(view: SessionView | None) -> list[tuple[str, str]]:
    return [("", str(WORDS["present"])), *((name, str(WORDS[name])) for name in ("leave", "absent", "made_up"))]


def _five(at: Standpoint, draft: Draft, wrong: Mapping[str, str]) -> list[Field]:
    """What, when, where, topic, who led; the unit is known."""
    places, hosts = activities.said_before(at.campaign.programme_id, at.unit.id)
    kinds = tuple((code, str(word)) for code, word in at.pack.words("activity_kinds").items() if code != "talk")
    kind = draft.cells.get("kind", "")
    if kind and kind not in dict(kinds):
        kinds = (*kinds, (kind, kind))
    day, _t, time = draft.cells.get("starts_at", "").partition("T")
    said = draft.cells
    return [
        Field("kind", _("What"), "select", kind, options=kinds, blank=_("Choose"), fault=wrong.get("kind", "")),
        Field("starts_at", _("When"), "moment", day, time, fault=wrong.get("starts_at", "")),
        Field("place", _("Where"), value=said.get("place", ""), options=_pairs(places), fault=wrong.get("place", "")),
        Field("title", _("Topic"), value=said.get("title", ""), fault=wrong.get("title", "")),
        Field("host", _("Who led it"), value=said.get("host", ""), options=_pairs(hosts), fault=wrong.get("host", "")),
    ]


def _pairs(listed: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((each, each) for each in listed)


def _count(draft: Draft, wrong: Mapping[str, str]) -> Field:
    value = draft.cells.get("headcount", "")
    sign = next((each for each in (">=", "~") if value.startswith(each)), "")
    options = (("", _("exactly")), (">=", _("over")), ("~", _("about")))
    return Field("headcount", _("How many people"), "count", value.removeprefix(sign), sign, options=options,
                 fault=wrong.get("headcount", ""))


def _named(draft: Draft, wrong: Mapping[str, str]) -> list[Field]:
    """A list too long to tap: those who were missing are written down."""
    hint = _("One name a line. Everybody else on the list was present.")
    return [
        Field("names.leave", _("On leave"), "long", draft.names.get("leave", ""), hint=hint,
              fault=wrong.get("names.leave", "")),
        Field("names.absent", _("Absent"), "long", draft.names.get("absent", ""), hint=hint,
              fault=wrong.get("names.absent", "")),
    ]


def _look_only(request: HttpRequest, at: Standpoint) -> HttpResponse:
    """An account that writes nowhere here is told so, and whoever writes for units below is led to them."""
    if request.method == "POST":
        raise NotAllowed(_("Your account can look but not hand in sessions here. Ask the campaign office for a role "
                           "that writes."))
    return render(request, "desk/capture_none.html", {"at": at}, status=403)
