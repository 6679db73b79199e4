"""Setting a campaign up: which pack, where, from when; then what that would make; then it is made. And the plan of a
campaign that runs, with its calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhixing.flow.campaigns import packs, permits
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import PhaseView
from zhixing.flow.duties import actions, setting_up
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.setting_up import Setup
from zhixing.flow.duties.types import DutyView, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.calendar import work_calendar
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import choice_label
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView
from zhixing.ground.workbook.types import Faulty
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language
from zhixing.shell.fields import Field

from .asking import day_of
from .forms import FEW
from .ics import Entry, days
from .planned_words import asks_of, phases_of

ASKED = ("pack", "code", "name", "host", "starts_on", "ends_on")


@dataclass(frozen=True)
class Kind:
    """The units of a kind below the host, each with whether it takes part. `code` "": of no kind."""

    code: str
    name: str
    units: tuple[tuple[UnitView, bool], ...]

    @property
    def chosen(self) -> int:
        return sum(taking_part for _unit, taking_part in self.units)


def set_up_page(request: HttpRequest) -> HttpResponse:
    """The questions; with all of them answered in the address, what would be made; by POST, made."""
    actor = accounts.actor_of(request.user)
    if not permits.may_write_packs(actor):
        raise NotAllowed(_("A campaign is begun by a campaign office that keeps more than one campaign. Ask your "
                           "administrator."))
    posted = request.method == "POST"
    typed = {name: (request.POST if posted else request.GET).get(name, "").strip() for name in ASKED}
    if not posted and ("starts_on" not in request.GET or "change" in request.GET):
        return _ask(request, actor, {**_suggested(actor), **{key: value for key, value in typed.items() if value}})
    try:
        setup = _setup(request, typed)
        host, dated = setting_up.fit(setup, actor)
    except Unfit as error:
        return _ask(request, actor, typed, error.faults, 422)
    chosen = _chosen(request, host)
    if not posted or request.POST.get("step") == "count":
        return _show(request, setup, host, dated, chosen)
    try:
        made = actions.set_up(setup.pack, setup.code, setup.name, host.code, setup.starts_on,
                              [unit.code for unit in chosen], ends_on=setup.ends_on, heads=setup.heads, actor=actor)
    except Faulty as error:
        return _show(request, setup, host, dated, chosen, [str(each) for each in error.faults])
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _show(request, setup, host, dated, chosen, [str(error)])
    messages.success(request, _("The campaign is set up. Its phases, duties and units stand here."))
    return redirect("campaign", made.programme)


def _suggested(actor: Actor) -> dict[str, str]:
    """What need not be typed: the next free code, the host where there is one, and a beginning on a working day."""
    today = clock.today()
    taken = {each.code for each in units.programmes()}
    number = next(place for place in range(1, len(taken) + 2) if f"{today.year}-{place}" not in taken)
    hosts = setting_up.hosts(actor, today)
    return {"code": f"{today.year}-{number}", "host": hosts[0].code if hosts else "",
            "starts_on": str(work_calendar().add(today, 1))}


def _setup(request: HttpRequest, typed: Mapping[str, str]) -> Setup:
    """Raises Unfit for days that are none."""
    starts_on, ends_on = day_of(typed["starts_on"]), day_of(typed["ends_on"])
    faults = {}
    if starts_on is None:
        faults["starts_on"] = _("Name the day on which the campaign begins.")
    if ends_on is None and typed["ends_on"]:
        faults["ends_on"] = _("“%(text)s” is not a day. Write it as 2026-05-18.") % {"text": typed["ends_on"]}
    if faults or starts_on is None:
        raise Unfit(faults)
    name = typed["name"] or packs.pack(typed["pack"]).title
    given = request.POST.dict()
    heads = {key.removeprefix("head."): str(value).strip() for key, value in given.items()
             if key.startswith("head.") and str(value).strip()}
    return Setup(typed["pack"], typed["code"], name, typed["host"], starts_on, (), ends_on, heads)


def _chosen(request: HttpRequest, host: UnitView) -> list[UnitView]:
    """The units that take part: those that are ticked and whose kind is; until somebody chose, every unit."""
    below = units.units_under(host.path, clock.today())
    if request.method != "POST":
        return below
    ticked, kinds = set(request.POST.getlist("unit")), set(request.POST.getlist("kind"))
    every = "by_kind" not in request.POST
    return [unit for unit in below if unit.code in ticked and (every or unit.kind in kinds)]


def _ask(request: HttpRequest, actor: Actor, typed: Mapping[str, str], faults: Mapping[str, str] | None = None,
         status: int = 200) -> HttpResponse:
    wrong = faults or {}
    known = tuple((name, packs.pack(name).title) for name in packs.pack_names() if packs.pack(name).words("plan"))
    hosts = tuple((unit.code, unit.name or unit.code) for unit in setting_up.hosts(actor, clock.today()))
    fields = [
        Field("pack", _("Template pack"), "select", typed.get("pack", ""), options=known, blank=_("Choose"),
              hint=_("It brings the words, the phases and the duties.")),
        Field("name", _("Name of the campaign"), value=typed.get("name", ""), optional=True,
              hint=_("Empty: the pack's own title.")),
        Field("host", _("Host unit"), "select" if len(hosts) <= FEW else "", typed.get("host", ""), options=hosts,
              blank=_("Choose"), hint=_("Its office runs the campaign; the units below it can take part.")),
        Field("starts_on", _("First day"), value=typed.get("starts_on", ""), type="date"),
        Field("ends_on", _("Last day"), value=typed.get("ends_on", ""), type="date", optional=True,
              hint=_("Empty: as long as the pack's plan.")),
        Field("code", _("Code"), value=typed.get("code", ""),
              hint=_("A short code, such as XXSJ2026. It stands in addresses and stays with the campaign.")),
    ]
    fields = [replace(each, fault=wrong.get(each.name, "")) for each in fields]
    return render(request, "desk/set_up.html", {"fields": fields, "hosts": hosts}, status=status)


def _show(request: HttpRequest, setup: Setup, host: UnitView, dated: setting_up.Preview, chosen: list[UnitView],
          further: Iterable[str] = ()) -> HttpResponse:
    """What would be made."""
    pack = packs.pack(setup.pack)
    plan = packs.plan(pack)
    today = clock.today()
    below = units.units_under(host.path, today)
    people = tuple((code, name or code) for _id, code, name, unit_id in units.people_of("leader", host.path, today)
                   if unit_id == host.id)
    heads = [Field(f"head.{group.code}", group.name.replace("{campaign}", setup.name), optional=True,
                   value=setup.heads.get(group.code, ""), options=people) for group in plan.groups]
    counted = setting_up.owing(dated, chosen, host, today)
    listed = list(further)
    kept = [(name, "" if value is None else str(value)) for name, value in (
        ("pack", setup.pack), ("code", setup.code), ("name", setup.name), ("host", setup.host),
        ("starts_on", setup.starts_on), ("ends_on", setup.ends_on))]
    return render(request, "desk/set_up_preview.html", {
        "setup": setup, "pack": pack, "host": host, "dated": dated, "phases": phases_of(dated, plan, counted),
        "kinds": _kinds(below, {unit.id for unit in chosen}), "chosen": len(chosen), "heads": heads,
        "asks": asks_of(pack, plan), "further": listed, "kept": kept,
        "change": f"{reverse('set-up')}?{urlencode([*kept, ('change', '1')])}",
    }, status=422 if listed else 200)


def _kinds(below: Iterable[UnitView], chosen: set[int]) -> list[Kind]:
    by_kind: dict[str, list[tuple[UnitView, bool]]] = {}
    for unit in below:
        by_kind.setdefault(unit.kind, []).append((unit, unit.id in chosen))
    return [Kind(kind, choice_label(language(), "units", "kind", kind) if kind else _("other units"), tuple(listed))
            for kind, listed in by_kind.items()]


# ---- the plan of a campaign that runs ----

@dataclass(frozen=True)
class Planned:
    """A phase of the campaign, and its duties by day, each with its page."""

    phase: PhaseView
    duties: tuple[tuple[DutyView, str], ...]


def _planned(at: Standpoint) -> list[Planned]:
    listed = sorted(duties.duties(at.campaign.programme_id), key=lambda duty: duty.due_on or date.max)
    return [
        Planned(phase, tuple((duty, link(at, "duty", duty.code)) for duty in listed if duty.phase == phase.code))
        for phase in campaigns.phases(at.campaign.programme_id)
    ]


@require_GET
def plan_page(request: HttpRequest, code: str) -> HttpResponse:
    """Phases and due days of the campaign in one list, the paper that says them, and the calendar to take away."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    return render(request, "desk/plan.html", {"at": at, "phases": _planned(at)})


@require_GET
def plan_ics_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same as a calendar for other programs: a phase from its first to its last day, a duty on its day."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    entries: list[Entry] = []
    for each in _planned(at):
        if each.phase.starts_on:
            entries.append(Entry(f"phase-{each.phase.code}", each.phase.starts_on,
                                 each.phase.ends_on or each.phase.starts_on, each.phase.name))
        entries += [Entry(f"duty-{duty.code}", duty.due_on, duty.due_on, _("Due: %(duty)s") % {"duty": duty.name})
                    for duty, _url in each.duties if duty.due_on]
    return HttpResponse(days(at.campaign.code, at.campaign.name, entries), content_type="text/calendar; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="{at.campaign.code}-plan.ics"'})
