"""Study and research: what was read, written and researched by a unit and those below it, a report with its versions,
a standing rule with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhixing.flow.study import actions, reads
from zhixing.flow.study.types import NEXT, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.figures import reads as figures
from zhixing.ground.files import reads as files
from zhixing.ground.files.actions import require_writing
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.tables import label
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language, title
from zhixing.shell.fields import Field
from zhixing.shell.templatetags.evidence import ACCEPT

from .asking import day_of
from .evidence import download
from .shown import word

MOST = 1_000
"""So many rows of a table are read for a register."""

TABLES = ("materials", "notes", "topics", "reports", "rules")
FIGURES = ("study.notes_submitted", "research.topics", "research.reports", "rules.planned", "rules.issued")
STEPS: dict[str, str | Promise] = {
    "issued": gettext_lazy("Issued"), "revised": gettext_lazy("Revised"), "repealed": gettext_lazy("Repealed"),
}
TONES = {"issued": "met", "revised": "met", "repealed": "none", "planned": "way"}


@dataclass(frozen=True)
class Topic:
    """A line of the research register; `reports`: (title, address, version; 0 where there is only the first)."""

    title: str
    url: str
    owner: str
    unit: str
    group: str
    due: str
    reports: tuple[tuple[str, str, int], ...]


def _at(request: HttpRequest, code: str) -> Standpoint:
    return standpoint(accounts.actor_of(request.user), code,
                      {key: request.GET[key] for key in ("unit", "as_of") if request.GET.get(key)})


def _rows(at: Standpoint, name: str) -> list[Mapping[str, str]]:
    return list(workbook.list_rows(name, at.campaign.programme_id, at.actor, per_page=MOST).rows)


@require_GET
def study_page(request: HttpRequest, code: str) -> HttpResponse:
    """What there is of study and research from here in numbers, the research register by unit, and the rules."""
    at = _at(request, code)
    topics, reports = _rows(at, "topics"), _rows(at, "reports")
    people = units.names_of_people({row.get("owner", "") for row in topics} - {""})
    below = {each.code: each.label for each in units.units_under(at.unit.path, at.as_of)}
    versions = reads.last_versions(at.campaign.programme_id, [row["code"] for row in reports])
    register = [_topic(at, row, reports, versions, people, below) for row in topics
                if row.get("unit") in below or (at.whole and not row.get("unit"))]
    values = figures.values([(name, at.scope, {}) for name in FIGURES])
    rules = [(row, word("rules", "status", row.get("status", "")), TONES.get(row.get("status", ""), "none"),
              link(at, "rule", row["code"], unit=None, as_of=None), below.get(row.get("unit", ""), ""))
             for row in _rows(at, "rules") if row.get("unit") in below or (at.whole and not row.get("unit"))]
    return render(request, "desk/study.html", {
        "at": at, "register": sorted(register, key=lambda each: (each.unit, each.title)), "rules": rules,
        "figures": [(title(at.pack, value.name), value, link(at, "figure", value.name)) for value in values],
        "tables": [(label(language(), name), link(at, "record-list", name, unit=None, as_of=None),
                    link(at, "add", name, as_of=None)
                    if may_write(at.actor, name, at.campaign.programme_id, at.unit.path) else "") for name in TABLES],
    })


def _topic(at: Standpoint, row: Mapping[str, str], reports: list[Mapping[str, str]], versions: Mapping[str, int],
           people: Mapping[str, str], below: Mapping[str, str]) -> Topic:
    later = {code: number for code, number in versions.items() if number > 1}
    listed = tuple((each.get("title") or each["code"], link(at, "report", each["code"], unit=None, as_of=None),
                    later.get(each["code"], 0)) for each in reports if each.get("topic") == row["code"])
    return Topic(row.get("title") or row["code"], link(at, "record", "topics", row["code"], unit=None, as_of=None),
                 people.get(row.get("owner", ""), ""), below.get(row.get("unit", ""), ""), row.get("group", ""),
                 row.get("due_on", ""), listed)


def report_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A report with every version; POST adds the next one."""
    at = _at(request, code)
    programme = at.campaign.programme_id
    row = workbook.row("reports", programme, key, at.actor)
    wrong: Mapping[str, str] = {}
    if request.method == "POST":
        require_writing("reports", key, programme, at.actor)
        file, wrong = request.FILES.get("file"), {"file": _("Choose the file of the report.")}
        if file is not None and file.file is not None:
            try:
                number = actions.add_version(programme, key, file.file, str(file.name), request.POST.get("note", ""),
                                             actor=at.actor)
            except Unfit as error:
                wrong = error.faults
            else:
                messages.success(request, _("Version %(number)s is here. The earlier ones stay.") % {"number": number})
                return redirect(link(at, "report", key, unit=None, as_of=None))
    may = files.may_attach("reports", key, programme, at.actor)
    fields = [
        Field("file", _("The file"), type="file", accept=f".docx,.pdf,{ACCEPT}", fault=wrong.get("file", "")),
        Field("note", _("What is different in it"), value=request.POST.get("note", ""), optional=True,
              fault=wrong.get("note", "")),
    ] if may else []
    return render(request, "desk/report.html", {
        "at": at, "name": row.get("title") or key, "fields": fields, "text": row.get("text", ""),
        "past": [(each, link(at, "report-version", key, str(each.number), unit=None, as_of=None))
                 for each in reads.versions(programme, key)],
        "record": link(at, "record", "reports", key, unit=None, as_of=None)}, status=422 if wrong else 200)


@require_GET
def report_version_page(request: HttpRequest, code: str, key: str, number: int) -> HttpResponseBase:
    """The file of a version, to take away."""
    at = _at(request, code)
    workbook.row("reports", at.campaign.programme_id, key, at.actor)
    for each in reads.versions(at.campaign.programme_id, key):
        if each.number == number:
            return download(each.sha256, each.name)
    raise NotFound(_("There is no such version."))


def rule_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A standing rule with its steps; POST takes it a step on."""
    at = _at(request, code)
    programme = at.campaign.programme_id
    row = workbook.row("rules", programme, key, at.actor)
    wrong: Mapping[str, str] = {}
    if request.method == "POST":
        day: date | None = day_of(request.POST.get("on", ""))
        try:
            actions.step_rule(programme, key, request.POST.get("status", ""), day, request.POST.get("note", ""),
                              actor=at.actor)
        except Unfit as error:
            wrong = error.faults
        else:
            messages.success(request, _("Saved. The register shows it."))
            return redirect(link(at, "rule", key, unit=None, as_of=None))
    stands = row.get("status", "")
    onward = NEXT.get(stands, ()) if files.may_attach("rules", key, programme, at.actor) else ()
    fields = [
        Field("status", _("The next step"), "choices", request.POST.get("status", onward[0]),
              options=tuple((each, str(STEPS[each])) for each in onward)),
        Field("on", _("On"), type="date", value=request.POST.get("on", clock.today().isoformat()),
              fault=wrong.get("on", "")),
        Field("note", _("What changed, or why"), value=request.POST.get("note", ""), optional=True,
              fault=wrong.get("note", "")),
    ] if onward else []
    return render(request, "desk/rule.html", {
        "at": at, "name": row.get("title") or key, "said": word("rules", "status", stands), "fields": fields,
        "tone": TONES.get(stands, "none"), "past": [(each, STEPS[each.status]) for each in
                                                    reads.rule_steps(programme, key)],
        "record": link(at, "record", "rules", key, unit=None, as_of=None)}, status=422 if wrong else 200)
