"""A session on its page, the calendar by weeks, and sessions planned ahead."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhixing.flow.activities import actions
from zhixing.flow.activities import reads as activities
from zhixing.flow.activities.types import Presence, SessionView, Slot
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write, role_may_write
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.calendar import work_calendar
from zhixing.ground.kernel.counts import parse_count
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.workbook.types import Faulty
from zhixing.outputs.boards.reads import link, narrower, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field
from zhixing.shell.templatetags import say

from .capture import new_code
from .gathered import TEXTS, WORDS, roster_options
from .ics import ics

IN_A_CELL = 4
"""So many sessions stand in a day's cell; the rest behind its number."""

MOST = 200


def at_session(request: HttpRequest, code: str, key: str) -> tuple[Standpoint, SessionView]:
    """The session and where the reader stands with it: its own unit. Raises NotFound."""
    actor = accounts.actor_of(request.user)
    whole = standpoint(actor, code, {})
    view = activities.session(whole.campaign.programme_id, key, actor)
    return standpoint(actor, code, {"unit": view.unit_code}), view


def may_hold(at: Standpoint) -> bool:
    return may_write(at.actor, "activities", at.campaign.programme_id, at.unit.path)


def require_holding(at: Standpoint) -> None:
    """Raises NotAllowed unless the reader writes for the unit."""
    if not may_hold(at):
        raise NotAllowed(_("This session belongs to a unit that you do not write for."))


@dataclass(frozen=True)
class Commitment:
    """A line that was promised, and the form that makes it an issue."""

    text: str
    url: str


@require_GET
def session_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What was held, who was missing, what was said, and the papers that show it."""
    at, view = at_session(request, code, key)
    if view.kind == "talk":
        return redirect(link(at, "talk", key, unit=None))
    state = activities.presence(at.campaign.programme_id, view, clock.today())
    may = may_hold(at)
    missing = [each for each in state.marked if each.status in ("leave", "absent")]
    return render(request, "desk/session.html", {
        "at": at, "session": view, "may": may, "name": name_of(at, view), "kind": kind_of(at, view),
        "roster": dict(roster_options(at, view.starts_on or clock.today(), listed=True)).get(view.roster, view.roster),
        "present": _present(view, state), "marked": [
            (each.person, WORDS.get(each.status, each.status), each.status, each.made_up_on, each.expected)
            for each in state.marked[:MOST]],
        "more": max(0, len(state.marked) - MOST), "missing": missing if may else [],
        "texts": [(TEXTS[part], text) for part in TEXTS
                  if part != "commitments" and (text := view.minutes if part == "minutes" else
                                                view.texts.get(part, ""))],
        "commitments": _commitments(at, view), "today": clock.today(),
        "signed": activities.signed(view.id), "evidence": _piece("pieces/evidence.html"),
        "evidence_table": "activities", "evidence_key": view.code,
        "open_today": may and view.starts_on == clock.today(),
    })


def _piece(name: str) -> str:
    """A template that may not be there."""
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


def name_of(at: Standpoint, view: SessionView) -> str:
    return view.title or kind_of(at, view)


def kind_of(at: Standpoint, view: SessionView) -> str:
    return at.pack.label("activity_kinds", view.kind)


def _present(view: SessionView, state: Presence) -> str:
    """How many came, in words."""
    if view.roster:
        return _("%(present)s of %(expected)s present") % {"present": state.present, "expected": state.expected}
    if view.headcount:
        count = parse_count(view.headcount)
        return say.said(count.value, count.qualifier, noun=ngettext("person", "people", int(count.value)))
    return ""


def _commitments(at: Standpoint, view: SessionView) -> list[Commitment]:
    """Each line that was promised, with the way to make it an issue of the unit."""
    lines = [line.strip() for line in view.texts.get("commitments", "").split("\n") if line.strip()]
    may = may_write(at.actor, "issues", at.campaign.programme_id, at.unit.path)
    return [Commitment(line, link(at, "add", "issues", unit=view.unit_code, as_of=None, statement=line[:1000],
                                  listed_on=(view.starts_on or clock.today()).isoformat()) if may else "")
            for line in lines]


@require_POST
def made_up_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Those ticked made up what they missed, on the day given."""
    at, _view = at_session(request, code, key)
    require_holding(at)
    back = redirect(link(at, "session", key, unit=None, as_of=None))
    people = request.POST.getlist("person")
    if not people:
        messages.warning(request, _("Tick who made it up, then save."))
        return back
    try:
        day = date.fromisoformat(request.POST.get("on", ""))
        count = actions.mark_made_up(at.campaign.programme_id, key, people, day, actor=at.actor)
    except ValueError:
        messages.error(request, _("Say on which day it was made up."))
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, ngettext("Saved for %(count)s person.", "Saved for %(count)s people.", count)
                         % {"count": count})
    return back


def take_out_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Asks before a session is taken out with its attendance and texts."""
    at, view = at_session(request, code, key)
    require_holding(at)
    if request.method == "POST":
        actions.take_out(at.campaign.programme_id, key, actor=at.actor)
        messages.success(request, _("Taken out. The ledger keeps what it said."))
        return redirect(link(at, "calendar", as_of=None))
    return render(request, "desk/session_out.html", {"at": at, "session": view, "name": name_of(at, view)})


# ---- calendar ----

@dataclass(frozen=True)
class Entry:
    """A session in the calendar: `tone` says whether it was held, is planned, was due, or was dropped."""

    slot: Slot
    name: str
    url: str
    tone: str
    said: str


@dataclass(frozen=True)
class Day:
    day: date
    inside: bool
    work: bool
    today: bool
    entries: tuple[Entry, ...]
    more: int
    url: str


@require_GET
def calendar_page(request: HttpRequest, code: str) -> HttpResponse:
    """A month by weeks, of a unit with everything below it; or one day in full (`?day=`)."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    programme, today = at.campaign.programme_id, clock.today()
    if request.GET.get("day"):
        return _day_page(request, at, _date(request.GET["day"]))
    first, last = _month(request.GET.get("month", ""), at, today)
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    listed: dict[date, list[Entry]] = {}
    for slot in activities.sessions(programme, at.actor, at.unit.path, start, end):
        listed.setdefault(slot.day, []).append(_entry(at, slot, today))
    work = work_calendar()
    weeks = [[_cell(at, day, first, listed.get(day, []), work.is_workday(day), today)
              for day in (monday + timedelta(days=each) for each in range(7))]
             for monday in (start + timedelta(days=7 * week) for week in range(((end - start).days + 1) // 7))]
    return render(request, "desk/calendar.html", {
        "at": at, "parts": narrower(at), "weeks": weeks, "month": first, "title": _title(first), "any": bool(listed),
        "before": link(at, "calendar", as_of=None, month=f"{first - timedelta(days=1):%Y-%m}"),
        "after": link(at, "calendar", as_of=None, month=f"{last + timedelta(days=1):%Y-%m}"),
        "may": may_hold(at), "writes": any(role_may_write(grant.role, "activities") for grant in at.actor.grants),
        "days": [_weekday(each) for each in range(7)],
        "due": [_entry(at, slot, today) for slot in
                activities.due_to_hand_in(programme, at.actor, at.unit.id, today)] if may_hold(at) else [],
    })


def _unit_of(request: HttpRequest) -> dict[str, str]:
    return {"unit": request.GET["unit"]} if request.GET.get("unit") else {}


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("“%(text)s” is not a day. Write it as 2026-05-18.") % {"text": text}) from None


def _month(text: str, at: Standpoint, today: date) -> tuple[date, date]:
    """The month asked for, else the one of today."""
    year, month = today.year, today.month
    if text:
        found = _date(f"{text}-01")
        year, month = found.year, found.month
    if not 1 < year < 9999:
        raise Refused(_("“%(text)s” is not a day. Write it as 2026-05-18.") % {"text": text})
    return date(year, month, 1), date(year, month, months.monthrange(year, month)[1])


def _title(first: date) -> str:
    if say.chinese():
        return f"{first.year}年{first.month}月"
    return f"{months.month_name[first.month]} {first.year}"


def _weekday(number: int) -> str:
    day = date(2026, 1, 5) + timedelta(days=number)
    return f"周{'一二三四五六日'[number]}" if say.chinese() else say.day(day).split(" ")[0]


def _entry(at: Standpoint, slot: Slot, today: date) -> Entry:
    name = slot.title or at.pack.label("activity_kinds", slot.kind)
    if slot.code:
        return Entry(slot, name, link(at, "session", slot.code, unit=None, as_of=None), "held", "")
    if slot.dropped:
        return Entry(slot, name, "", "waived", _("not held: %(why)s") % {"why": slot.dropped})
    url = link(at, "planned", str(slot.planned_id), unit=None, as_of=None)
    if slot.day > today:
        return Entry(slot, name, url, "none", _("planned"))
    return Entry(slot, name, url, "late", _("planned; not handed in"))


def _cell(at: Standpoint, day: date, first: date, entries: list[Entry], work: bool, today: date) -> Day:
    shown = entries if len(entries) <= IN_A_CELL + 1 else entries[:IN_A_CELL]
    return Day(day, day.month == first.month, work, day == today, tuple(shown), len(entries) - len(shown),
               link(at, "calendar", as_of=None, day=day.isoformat()))


def _day_page(request: HttpRequest, at: Standpoint, day: date) -> HttpResponse:
    slots = activities.sessions(at.campaign.programme_id, at.actor, at.unit.path, day, day)
    entries = [_entry(at, slot, clock.today()) for slot in slots]
    return render(request, "desk/calendar_day.html", {
        "at": at, "day": day, "entries": entries[:MOST], "more": max(0, len(entries) - MOST),
        "back": link(at, "calendar", as_of=None, month=f"{day:%Y-%m}"),
    })


@require_GET
def ics_page(request: HttpRequest, code: str) -> HttpResponse:
    """The calendar for other programs: half a year back and a year ahead."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    today = clock.today()
    slots = activities.sessions(at.campaign.programme_id, at.actor, at.unit.path, today - timedelta(days=183),
                                today + timedelta(days=366))
    text = ics(at.campaign.code, f"{at.campaign.name} · {at.unit.label}",
               [(slot, slot.title or at.pack.label("activity_kinds", slot.kind)) for slot in slots])
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{at.campaign.code}-{at.unit.code}.ics"'})


# ---- planned ahead ----

def planned_page(request: HttpRequest, code: str, planned: int) -> HttpResponse:
    """A planned day: hand it in, or say why it is not held."""
    actor = accounts.actor_of(request.user)
    whole = standpoint(actor, code, {})
    view = activities.planned(planned, whole.campaign.programme_id, actor)
    at = standpoint(actor, code, {"unit": view.unit_code})
    if view.activity:
        return redirect(link(at, "session", view.activity, unit=None))
    further: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if reason or request.POST.get("on"):
            actions.drop(at.campaign.programme_id, planned, "" if request.POST.get("on") else reason, actor=at.actor)
            messages.success(request, _("Saved."))
            return redirect(link(at, "calendar", month=f"{view.day:%Y-%m}"))
        further = [_("Say why it is not held.")]
    name = view.title or at.pack.label("activity_kinds", view.kind)
    return render(request, "desk/planned.html", {
        "at": at, "planned": view, "name": name, "may": may_hold(at), "further": further,
        "ahead": view.day > clock.today(),
        "capture": link(at, "capture", planned=str(planned)),
        "reason": Field("reason", _("Why it is not held"), hint=_("For instance: examinations; joined the district's "
                        "session."), fault=further[0] if further else ""),
    }, status=422 if further else 200)


def series_page(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's recurring sessions, and the form that plans one."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    programme = at.campaign.programme_id
    if request.method == "POST":
        return _plan(request, at)
    today = clock.today()
    until = at.campaign.ends_on if at.campaign.ends_on and at.campaign.ends_on > today else today + timedelta(days=84)
    last = activities.habit(programme, at.unit.id)
    cells = {"kind": last.kind, "place": last.place, "host": last.host, "roster": last.roster or "",
             "starts_at": f"{today:%Y-%m-%d}T14:30", "ends_at": f"{until:%Y-%m-%d}T16:30"}
    return _series(request, at, cells, [], "1", new_code())


def _plan(request: HttpRequest, at: Standpoint) -> HttpResponse:
    posted = request.POST
    cells = {name: posted.get(name, "").strip() for name in ("kind", "title", "place", "host", "roster")}
    for name in ("starts_at", "ends_at"):
        day, time = posted.get(name, "").strip(), posted.get(f"{name}.time", "").strip()
        cells[name] = f"{day}T{time}" if day and time else day
    weekdays = [int(each) for each in posted.getlist("weekday") if each in "0123456" and len(each) == 1]
    every = posted.get("every", "1")
    try:
        days, off = actions.plan(at.campaign.programme_id, at.unit.id, posted.get("code", ""), cells, weekdays,
                                 int(every) if every in ("1", "2", "3", "4") else 1, actor=at.actor)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        return _series(request, at, cells, weekdays, every, posted.get("code", ""), error)
    words = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", days) % {"count": days}
    if off:
        words += " " + ngettext("%(count)s day off was left out.", "%(count)s days off were left out.", off) % {
            "count": off}
    messages.success(request, words)
    return redirect(link(at, "calendar", month=cells["starts_at"][:7]))


def _series(request: HttpRequest, at: Standpoint, cells: Mapping[str, str], weekdays: Iterable[int], every: str,
            form_code: str, error: Refused | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    wrong: dict[str, str] = {}
    for fault in error.faults if isinstance(error, Faulty) else ():
        wrong.setdefault(fault.column, fault.message)
    kinds = tuple((kind, str(word)) for kind, word in at.pack.words("activity_kinds").items() if kind != "talk")
    parts = {name: cells.get(name, "").partition("T") for name in ("starts_at", "ends_at")}

    def line(name: str, label: str) -> Field:
        return Field(name, label, value=cells.get(name, ""), fault=wrong.get(name, ""))

    fields = [
        Field("kind", _("What"), "select", cells.get("kind", ""), options=kinds, blank=_("Choose"),
              fault=wrong.get("kind", "")),
        line("title", _("Topic")),
        Field("starts_at", _("First day, and when it begins"), "moment", parts["starts_at"][0], parts["starts_at"][2],
              fault=wrong.get("starts_at", "")),
        Field("ends_at", _("Last day, and when it ends"), "moment", parts["ends_at"][0], parts["ends_at"][2],
              fault=wrong.get("ends_at", "")),
        line("place", _("Where")), line("host", _("Who leads it")),
        Field("roster", _("Who is expected"), "select", cells.get("roster", ""),
              blank=_("No list; the number of people"), options=roster_options(at, clock.today())),
    ]
    chosen = set(weekdays)
    return render(request, "desk/series.html", {
        "at": at, "parts": narrower(at), "may": may_hold(at),
        "fields": fields[2:], "first": fields[:2], "asked": fields, "code": form_code,
        "weekdays": [(number, _weekday(number), number in chosen) for number in range(7)],
        "weekday_fault": wrong.get("weekdays", ""), "every": every,
        "everies": [("1", _("every week")), ("2", _("every other week")), ("4", _("every fourth week"))],
        "series": activities.series_of(programme, at.actor, at.unit.id),
        "further": ([wrong["weekdays"]] if "weekdays" in wrong else []) + (
            [str(error)] if error and not isinstance(error, Faulty) else []),
    }, status=422 if error else 200)


def stop_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Asks before a series is ended: what was not held of it goes."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    if request.method != "POST":
        listed = activities.series_of(at.campaign.programme_id, at.actor, at.unit.id)
        found = next((each for each in listed if each[0] == key), None)
        if found is None or not may_hold(at):
            raise NotFound(_("There is no such series of sessions."))
        return render(request, "desk/series_stop.html", {
            "at": at, "name": found[1] or key, "first": found[2], "last": found[3], "left": found[4] - found[5]})
    gone = actions.stop(at.campaign.programme_id, key, actor=at.actor)
    messages.success(request, ngettext("Ended. %(count)s planned session is gone.",
                                       "Ended. %(count)s planned sessions are gone.", gone) % {"count": gone})
    return redirect(link(at, "series", as_of=None))
