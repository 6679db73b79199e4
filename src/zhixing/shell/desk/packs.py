"""Template packs: which there are, what a pack plans and how it differs from the one that was copied; and how one's own
is copied, its text changed, and taken away. The plain forms stand in `pack_forms`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhixing.flow.campaigns import actions, packs, permits
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs import Fault, Pack, Unsound
from zhixing.flow.campaigns.types import OwnPackView
from zhixing.flow.duties.setting_up import preview
from zhixing.flow.duties.types import Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.calendar import work_calendar
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.shell.fields import Field

from .asking import day_of
from .planned_words import PhaseLines, asks_of, phases_of

SECTIONS: dict[str, str | Promise] = {
    "activity_kinds": gettext_lazy("Kinds of activity"),
    "pair_kinds": gettext_lazy("Kinds of talk"),
    "person_categories": gettext_lazy("Categories of people"),
    "appointment_roles": gettext_lazy("Roles"),
    "assignment_roles": gettext_lazy("Roles of cadres assigned to units"),
    "group_kinds": gettext_lazy("Kinds of group"),
    "filing_kinds": gettext_lazy("Kinds of paper handed in"),
    "publicity_kinds": gettext_lazy("Kinds of publicity"),
    "channel_kinds": gettext_lazy("Ways in which opinions come"),
    "information_kinds": gettext_lazy("Kinds of information item"),
    "note_kinds": gettext_lazy("Kinds of note"),
    "targets": gettext_lazy("Whom an opinion is about"),
    "dispositions": gettext_lazy("Answers to opinions"),
    "horizons": gettext_lazy("When an issue is to be settled"),
    "issue_states": gettext_lazy("States of an issue"),
    "bases": gettext_lazy("Bases of inspection"),
    "subjects": gettext_lazy("Subjects of inspection"),
    "grades": gettext_lazy("Grades of a vote"),
    "remark_kinds": gettext_lazy("Kinds of remark"),
    "document_kinds": gettext_lazy("Documents"),
    "rule_statuses": gettext_lazy("States of a rule"),
    "distinction_kinds": gettext_lazy("Distinctions"),
}
"""The sections of a pack whose words a plain form changes."""

FURTHER: dict[str, str | Promise] = {
    "plan": gettext_lazy("The plan"),
    "outlines": gettext_lazy("Outlines of documents"),
    "figures": gettext_lazy("Names of figures"),
    "phases": gettext_lazy("Names by which phases are known"),
    "sentences": gettext_lazy("Sentences of documents"),
}


def reader(request: HttpRequest) -> Actor:
    """Raises NotAllowed for who keeps no campaign."""
    actor = accounts.actor_of(request.user)
    if not permits.may_see_packs(actor):
        raise NotAllowed(_("Template packs are kept by campaign offices."))
    return actor


def mine(request: HttpRequest, name: str) -> tuple[OwnPackView, Pack]:
    """An own pack that the reader may change. Raises NotFound, NotAllowed."""
    actor = reader(request)
    view = campaigns.own_pack(name)
    permits.require(permits.may_change_pack(actor, view.made_by))
    return view, packs.pack(name)


@dataclass(frozen=True)
class Line:
    """A pack in the list."""

    pack: Pack
    phases: int
    duties: int
    base: str = ""
    used_by: tuple[str, ...] = ()


@require_GET
def packs_page(request: HttpRequest) -> HttpResponse:
    """Those that people wrote first, then the installed ones."""
    actor = reader(request)
    listed = [_line(packs.pack(each.name), each.used_by) for each in campaigns.own_packs()]
    return render(request, "desk/packs.html", {
        "own": listed, "installed": [_line(each) for each in packs.packs().values()],
        "may": permits.may_write_packs(actor)})


def _line(pack: Pack, used_by: tuple[str, ...] = ()) -> Line:
    plan = packs.plan(pack)
    base = packs.packs()[pack.base].title if pack.base else ""
    return Line(pack, len(plan.phases), len(plan.duties), base, used_by)


@dataclass(frozen=True)
class Changed:
    """A section with what an own pack says differently: what, before, after."""

    name: str
    rows: list[tuple[str, str, str]]


@require_GET
def pack_page(request: HttpRequest, name: str) -> HttpResponse:
    """What the pack plans, as if it began on the day that the address names, and how it differs from its base."""
    actor = reader(request)
    if name not in packs.pack_names():
        raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": name})
    pack = packs.pack(name)
    view = campaigns.own_pack(name) if pack.base else None
    starts_on = day_of(request.GET.get("starts_on", "")) or work_calendar().add(clock.today(), 1)
    phases, why = _phases(pack, starts_on)
    return render(request, "desk/pack.html", {
        "pack": pack, "view": view, "starts_on": starts_on, "phases": phases, "why": why,
        "base": packs.packs()[pack.base] if pack.base else None,
        "groups": [each.name.replace("{campaign}", pack.title) for each in packs.plan(pack).groups],
        "asks": asks_of(pack, packs.plan(pack)), "changed": changed(name),
        "may": permits.may_write_packs(actor),
        "editing": view is not None and permits.may_change_pack(actor, view.made_by),
        "sections": [(each, section_word(each)) for each in SECTIONS if pack.words(each)],
    })


def _phases(pack: Pack, starts_on: date) -> tuple[list[PhaseLines], str]:
    """The plan from the day on; [] and why where it cannot run."""
    plan = packs.plan(pack)
    try:
        return phases_of(preview(plan, starts_on, work_calendar()), plan), ""
    except Unfit as error:
        return [], str(error)


def section_word(section: str) -> str:
    return str(SECTIONS.get(section) or FURTHER.get(section) or section)


PARTS: dict[str, str | Promise] = {
    "phases": gettext_lazy("Phase"), "duties": gettext_lazy("Duty"), "groups": gettext_lazy("Group"),
    "asks": gettext_lazy("What a record asks"), "gates": gettext_lazy("Gate"), "weeks": gettext_lazy("Weeks in all"),
    "code": gettext_lazy("code"), "name": gettext_lazy("name"), "length": gettext_lazy("length"),
    "phase": gettext_lazy("phase"),
    "figure": gettext_lazy("counted by"), "where": gettext_lazy("which records count"),
    "at_least": gettext_lazy("how many at least"), "due": gettext_lazy("due"),
    "applies_to": gettext_lazy("who owes it"), "kind": gettext_lazy("kind"),
    "superior_meeting": gettext_lazy("after the superior's transition meeting"),
}
"""What the parts of a plan are called, in a difference."""


def _part(section: str, key: str) -> str:
    """`duties.D03.name` in words; words of other sections go by their codes."""
    return " ".join(str(PARTS.get(each, each)) for each in key.split(".")) if section == "plan" else key


def changed(name: str) -> list[Changed]:
    """What an own pack says differently, by section."""
    by_section: dict[str, list[tuple[str, str, str]]] = {}
    for each in packs.difference(name):
        by_section.setdefault(each.section, []).append((_part(each.section, each.key), each.before, each.after))
    return [Changed(section_word(section), rows) for section, rows in by_section.items()]


def copy_page(request: HttpRequest, name: str) -> HttpResponse:
    """Asks for a name, and copies."""
    actor = reader(request)
    permits.require(permits.may_write_packs(actor))
    if name not in packs.pack_names():
        raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": name})
    source = packs.pack(name)
    typed = {"title": request.POST.get("title", _("%(title)s (copy)") % {"title": source.title}),
             "name": request.POST.get("name", _free(source.base or name))}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            actions.copy_pack(name, typed["name"], typed["title"], actor=actor)
        except Unsound as error:
            faults = error.fields
        else:
            messages.success(request, _("Copied. Now change what is different in your campaign."))
            return redirect("pack", typed["name"].strip())
    fields = [
        Field("title", _("Title"), value=typed["title"], fault=faults.get("title", ""),
              hint=_("What your campaigns are called, as people say it.")),
        Field("name", _("Short name"), value=typed["name"], fault=faults.get("name", ""),
              hint=_("Small Latin letters, digits and hyphens. It cannot be changed later.")),
    ]
    return render(request, "desk/pack_copy.html", {"pack": source, "fields": fields}, status=422 if faults else 200)


def _free(base: str) -> str:
    """The next name that is free."""
    taken = set(packs.pack_names())
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)


@dataclass(frozen=True)
class TextLine:
    """A line of a pack's text with what is wrong on it."""

    number: int
    text: str
    faults: tuple[Fault, ...]


AROUND = 2


def lines_of(text: str, faults: Sequence[Fault]) -> list[TextLine]:
    """The lines with faults, and `AROUND` lines above and below each."""
    by_line: dict[int, list[Fault]] = {}
    for fault in faults:
        by_line.setdefault(fault.line, []).append(fault)
    shown = {number + near for number in by_line if number for near in range(-AROUND, AROUND + 1)}
    return [TextLine(number, line, tuple(by_line.get(number, ())))
            for number, line in enumerate(text.splitlines(), 1) if number in shown]


def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """The whole text, for those who want it. What is wrong stands next to its line, and what was typed is kept."""
    view, pack = mine(request, name)
    posted = request.method == "POST"
    title, text = request.POST.get("title", view.title), request.POST.get("text", view.text).replace("\r\n", "\n")
    fields: Mapping[str, str] = {}
    faults: list[Fault] = []
    further: list[str] = []
    if posted:
        try:
            actions.save_pack(name, title, pack.base, text, actor=accounts.actor_of(request.user),
                              seen=request.POST.get("seen", ""))
        except Unsound as error:
            fields, faults = error.fields, error.faults
        except NotAllowed:
            raise
        except Refused as error:
            further = [str(error)]
        else:
            messages.success(request, _("Saved."))
            return redirect("pack", name)
    asked = [
        Field("title", _("Title"), value=title, fault=fields.get("title", "")),
        Field("text", _("What is different"), "long", text,
              hint=_("TOML, laid over the pack that was copied: a word given here replaces its word, a list of phases, "
                     "duties or groups replaces its list.")),
    ]
    wrong = bool(fields or faults or further)
    return render(request, "desk/pack_text.html", {
        "pack": pack, "fields": asked, "lines": lines_of(text, faults), "faults": faults, "further": further,
        "seen": request.POST.get("seen", view.mark) if posted else view.mark,
    }, status=422 if wrong else 200)


def remove_page(request: HttpRequest, name: str) -> HttpResponse:
    """Asks, then takes the pack away."""
    view, pack = mine(request, name)
    if request.method == "POST":
        actions.remove_pack(name, actor=accounts.actor_of(request.user))
        messages.success(request, _("The pack is gone. The ledger keeps what it said."))
        return redirect("packs")
    return render(request, "desk/pack_remove.html", {"pack": pack, "view": view})
