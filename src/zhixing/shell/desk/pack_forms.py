"""A pack of one's own by plain forms: its phases, its duties, its words. Each form saves the whole pack through one
action, and shows what is wrong beside the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import actions, packs
from zhixing.flow.campaigns.packs import Fault, Pack, Unsound, editing
from zhixing.flow.campaigns.packs.planning import HOST, KINDS_OF, PEOPLE, due_of
from zhixing.flow.campaigns.types import OwnPackView
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.figures import figures
from zhixing.shell.fields import Field

from .packs import PARTS, SECTIONS, mine, section_word

SPARE = 2
"""So many empty rows stand below a list, for what is new."""

_MOMENTS = ("start+d", "start+w", "end-d", "end-w", "end+d", "end+w")


def _save(request: HttpRequest, view: OwnPackView, text: str, title: str = "") -> tuple[list[Fault], list[str]]:
    """Saves; what stands against it: faults of the text, and else a sentence."""
    try:
        actions.save_pack(view.name, title or view.title, view.base, text, actor=accounts.actor_of(request.user),
                          seen=request.POST.get("seen", ""))
    except Unsound as error:
        return error.faults, list(error.fields.values())
    except NotAllowed:
        raise
    except Refused as error:
        return [], [str(error)]
    messages.success(request, _("Saved."))
    return [], []


def _seen(request: HttpRequest, view: OwnPackView) -> str:
    return request.POST.get("seen", "") if request.method == "POST" else view.mark


def _split(faults: Sequence[Fault], prefix: str) -> tuple[dict[str, str], list[str]]:
    """The faults below a key by what follows it, and the sentences of the others."""
    own: dict[str, str] = {}
    others = []
    for fault in faults:
        if fault.key.startswith(prefix):
            own.setdefault(fault.key.removeprefix(prefix), fault.what[:1].upper() + fault.what[1:])
        else:
            others.append(f"{fault.key}: {fault.what}" if fault.key else fault.what)
    return own, others


# ---- phases ----

@dataclass(frozen=True)
class PhaseRow:
    """One line of the form. `was`: its code before, "" for a new one."""

    number: int
    was: str
    code: str
    name: str
    length: str
    meeting: bool
    faults: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        return not (self.code or self.name)


def phases_page(request: HttpRequest, name: str) -> HttpResponse:
    """Phases with their relative lengths. A row without code and name is left out, so emptying both takes it away."""
    view, pack = mine(request, name)
    plan = packs.plan(pack)
    if request.method != "POST":
        rows = [PhaseRow(at, each.code, each.code, each.name, f"{each.length.normalize():f}",
                         plan.waits_for_meeting(each.code)) for at, each in enumerate(plan.phases)]
        return _phases_form(request, view, pack, rows, str(plan.weeks))
    count = min(len(request.POST.getlist("code")), 60)

    def cell(key: str, at: int) -> str:
        listed = request.POST.getlist(key)
        return listed[at].strip() if at < len(listed) else ""

    rows = [
        PhaseRow(at, cell("was", at), cell("code", at), cell("name", at), cell("length", at),
                 f"meeting.{at}" in request.POST)
        for at in range(count)
    ]
    kept = [row for row in rows if not row.blank]
    weeks = request.POST.get("weeks", "").strip()
    text = editing.with_phases(pack.sections, view.text, weeks, [
        {"was": row.was, "code": row.code, "name": row.name, "length": row.length,
         "meeting": "yes" if row.meeting else ""} for row in kept])
    faults, further = _save(request, view, text)
    if not faults and not further:
        return redirect("pack", name)
    return _phases_form(request, view, pack, kept, weeks, faults, further)


def _phases_form(request: HttpRequest, view: OwnPackView, pack: Pack, rows: list[PhaseRow], weeks: str,
                 faults: Sequence[Fault] = (), further: Sequence[str] = ()) -> HttpResponse:
    wrong, others = _split(faults, "plan.phases[")
    own, others = _split([each for each in faults if not each.key.startswith("plan.phases[")], "plan.weeks")
    orphans = [_("%(fault)s. Give the duty another phase first.") % {"fault": each} for each in others]
    shown = [
        PhaseRow(at, row.was, row.code, row.name, row.length, row.meeting,
                 tuple(f"{PARTS.get(key.partition('.')[2], '')}: {what}" for key, what in wrong.items()
                       if key.startswith(f"{at}]")))
        for at, row in enumerate(rows)
    ]
    shown += [PhaseRow(len(rows) + at, "", "", "", "1", False) for at in range(SPARE)]
    length = Field("weeks", _("Weeks in all"), value=weeks, fault=own.get("", ""),
                   hint=_("Where whoever sets a campaign up names no last day."))
    return render(request, "desk/pack_phases.html", {
        "pack": pack, "rows": shown, "length": length, "further": [*further, *orphans],
        "wrong": [Field(f"code-{row.number}", row.name or row.code, fault="; ".join(row.faults))
                  for row in shown if row.faults] + [length],
        "seen": _seen(request, view),
    }, status=422 if faults or further else 200)


# ---- one duty ----

def duty_page(request: HttpRequest, name: str, duty: str = "") -> HttpResponse:
    """One duty of the plan, or a new one; "Take it out" removes it."""
    view, pack = mine(request, name)
    found = next((each for each in packs.plan(pack).duties if each.code == duty), None)
    if duty and found is None:
        raise NotFound(_("There is no duty with the code %(code)s.") % {"code": duty})
    if request.method != "POST":
        row = editing.as_row(found) if found else {"code": _next_code(pack), "at_least": "1", "due": "start+15d"}
        return _duty_form(request, view, pack, duty, row)
    if "remove" in request.POST and found:
        text, _place = editing.with_duty(pack.sections, view.text, duty, None)
        faults, further = _save(request, view, text)
        if not faults and not further:
            return redirect("pack", name)
        return _duty_form(request, view, pack, duty, editing.as_row(found), further=[
            *further, *(each.what for each in faults)])
    row = _typed_duty(request)
    text, place = editing.with_duty(pack.sections, view.text, duty, row)
    faults, further = _save(request, view, text)
    if not faults and not further:
        return redirect("pack", name)
    wrong, others = _split(faults, f"plan.duties[{place}].")
    return _duty_form(request, view, pack, duty, row, wrong, [*further, *others])


def _typed_duty(request: HttpRequest) -> dict[str, str]:
    row = {key: request.POST.get(key, "").strip() for key in ("code", "phase", "name", "figure", "where", "at_least")}
    number, moment = request.POST.get("days", "").strip() or "0", request.POST.get("moment", "")
    row["due"] = moment if moment not in _MOMENTS else (
        moment[:-2] if number == "0" else f"{moment[:-1]}{number}{moment[-1]}")
    chosen = request.POST.get("who", "")
    row["applies_to"] = request.POST.get("units", "").strip() if chosen == "some" else chosen
    return row


def _next_code(pack: Pack) -> str:
    taken = {each.code for each in packs.plan(pack).duties}
    return next(f"D{number:02}" for number in range(1, len(taken) + 2) if f"D{number:02}" not in taken)


def _duty_form(request: HttpRequest, view: OwnPackView, pack: Pack, code: str, row: Mapping[str, str],
               wrong: Mapping[str, str] | None = None, further: Sequence[str] = ()) -> HttpResponse:
    faults = wrong or {}
    plan = packs.plan(pack)
    applies = row.get("applies_to", "")
    alone = applies if applies in ("", HOST) or (applies.startswith(PEOPLE) and ";" not in applies) else "some"
    moment, days = _moment(row.get("due", ""))
    names = sorted((each.name for each in figures()), key=lambda each: pack.label("figures", each))
    fields = [
        Field("name", _("What is to be done"), value=row.get("name", ""), fault=faults.get("name", "")),
        Field("phase", _("Phase"), "select", row.get("phase", ""), blank=_("Choose"), fault=faults.get("phase", ""),
              options=tuple((each.code, each.name) for each in plan.phases)),
        Field("figure", _("Counted by"), "select", row.get("figure", ""), blank=_("Choose"),
              fault=faults.get("figure", ""), options=tuple((each, pack.label("figures", each)) for each in names),
              hint=_("The figure that shows whether it is done. Nobody ticks a duty.")),
        Field("where", _("Which records count"), value=row.get("where", ""), fault=faults.get("where", ""),
              optional=True, hint=_("Such as kind=visit, by the codes or words below. Pairs are joined by &, several "
                                    "values by ; (semicolon). Empty: all of them.")),
        Field("at_least", _("How many at least"), value=row.get("at_least", ""), fault=faults.get("at_least", "")),
        Field("days", _("Due: how many days"), value=days, fault=faults.get("due", "")),
        Field("moment", _("Due: counted from"), "select", moment, options=_moments(), blank=_("Choose")),
        Field("who", _("Who owes it"), "select", alone, options=_who(pack), blank=_("every unit that takes part"),
              fault=faults.get("applies_to", "")),
        Field("units", _("Which kinds or units"), value=applies if alone == "some" else "", optional=True,
              hint=_("Only for “certain kinds or units”: their codes, separated by ; (semicolon).")),
        Field("code", _("Code"), value=row.get("code", ""), fault=faults.get("code", "")),
    ]
    kinds = {section: pack.words(section) for section in dict.fromkeys(KINDS_OF.values())}
    return render(request, "desk/pack_duty.html", {
        "pack": pack, "code": code, "heading": row.get("name", ""), "fields": fields, "further": further,
        "kinds": [(section_word(section), words.items()) for section, words in kinds.items() if words],
        "seen": _seen(request, view),
    }, status=422 if faults or further else 200)


def _moments() -> tuple[tuple[str, str], ...]:
    return (
        ("start+d", _("days after the phase begins")), ("start+w", _("working days after the phase begins")),
        ("end-d", _("days before the phase ends")), ("end-w", _("working days before the phase ends")),
        ("end+d", _("days after the phase ends")), ("end+w", _("working days after the phase ends")),
    )


def _moment(due: str) -> tuple[str, str]:
    """A relative day as the form shows it: from when, and how many."""
    try:
        found = due_of(due)
    except ValueError:
        return "", due
    sign = "+" if found.number > 0 or (not found.number and found.anchor == "start") else "-"
    moment = f"{found.anchor}{sign}{found.unit}"
    return (moment if moment in _MOMENTS else "", str(abs(found.number)))


def _who(pack: Pack) -> tuple[tuple[str, str], ...]:
    people = tuple((f"{PEOPLE}{code}", _("each person: %(category)s") % {"category": word})
                   for code, word in pack.words("person_categories").items())
    return ((HOST, _("the host unit")), ("some", _("certain kinds or units")), *people)


# ---- words ----

def words_page(request: HttpRequest, name: str, section: str) -> HttpResponse:
    """The words of one section, each beside the word of the pack that was copied."""
    view, pack = mine(request, name)
    if section not in SECTIONS:
        raise NotFound(_("There is no such section of words."))
    base = packs.packs()[pack.base].words(section)
    now = {code: str(word) for code, word in pack.words(section).items()}
    faults: Sequence[Fault] = ()
    further: Sequence[str] = ()
    if request.method == "POST":
        codes, words = request.POST.getlist("code"), request.POST.getlist("word")
        now = {code.strip(): word.strip() for code, word in zip(codes, words, strict=False) if code.strip()}
        faults, further = _save(request, view, editing.with_words(
            packs.packs()[pack.base].sections, view.text, section, now))
        if not faults and not further:
            return redirect("pack", name)
    wrong, others = _split(faults, f"{section}.")
    lines = [(Field(f"word-{at}", code, value=word, fault=wrong.get(code, ""), hint=str(base.get(code, ""))), code)
             for at, (code, word) in enumerate(now.items())]
    return render(request, "desk/pack_words.html", {
        "pack": pack, "heading": section_word(section), "lines": lines, "asked": [item for item, _code in lines],
        "spare": range(SPARE), "further": [*further, *others], "seen": _seen(request, view),
    }, status=422 if faults or further else 200)
