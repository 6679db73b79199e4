"""Papers that units hand in: plans, summaries, reports. Handed in with a file, accepted or sent back with a reason,
handed in again as the next version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.filings import actions, permits, reads
from zhixing.flow.filings.types import STATES, FilingView, StepView, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import choice_labels
from zhixing.ground.units import reads as units
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field
from zhixing.shell.templatetags.evidence import ACCEPT

from .capture import new_code
from .evidence import download
from .shown import word

LISTED = 200
"""So many papers stand on the page, the newest first."""

STANDS: dict[str, tuple[str, str | Promise]] = {
    "waiting": ("way", gettext_lazy("Waits for the office")),
    "returned": ("late", gettext_lazy("Sent back")),
    "accepted": ("met", gettext_lazy("Accepted")),
    "planned": ("none", gettext_lazy("Not handed in")),
}
STEPS: dict[str, str | Promise] = {
    "handed_in": gettext_lazy("Handed in"),
    "returned": gettext_lazy("Sent back"),
    "accepted": gettext_lazy("Accepted"),
}


@dataclass(frozen=True)
class Line:
    """A paper in the list."""

    paper: FilingView
    name: str
    unit: str
    url: str
    tone: str
    word: str | Promise

    @property
    def again(self) -> bool:
        return self.paper.version > 1


@dataclass(frozen=True)
class Past:
    """A step of a paper; `url` downloads that version's file, "" where the step has none."""

    step: StepView
    what: str | Promise
    url: str


def _unit_of(request: HttpRequest) -> dict[str, str]:
    return {"unit": request.GET["unit"]} if request.GET.get("unit") else {}


@require_GET
def handed_in_page(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of a unit and everything below it, by where they stand."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    state = request.GET.get("state", "")
    programme, path = at.campaign.programme_id, at.unit.path
    papers = reads.filings(programme, path, at.actor, state=state, limit=LISTED)
    counts = reads.tally(programme, path, at.actor)
    named = units.units_by_id({each.unit_id or at.campaign.host_unit_id for each in papers}, at.as_of)
    lines = [Line(each, name_of(each), named[each.unit_id or at.campaign.host_unit_id].label,
                  link(at, "filing", each.code, unit=None, as_of=None), *STANDS[each.state]) for each in papers]
    return render(request, "desk/handed_in.html", {
        "at": at, "lines": lines, "state": state, "legend": [(name, *STANDS[name], counts[name]) for name in STATES],
        "add": link(at, "hand-in", as_of=None) if permits.may_hand_in(at.actor, programme, path) else "",
        "more": sum(counts.values()) > LISTED,
    })


def name_of(paper: FilingView) -> str:
    return paper.title or word("filings", "kind", paper.kind) or paper.code


def hand_in_page(request: HttpRequest, code: str) -> HttpResponse:
    """A paper with its file; the address may say kind, phase and unit, so that only the file is left to choose."""
    at = standpoint(accounts.actor_of(request.user), code, _unit_of(request))
    if not permits.may_hand_in(at.actor, at.campaign.programme_id, at.unit.path):
        raise NotAllowed(_("A unit's secretary or the campaign office hands papers in. Your account can only look."))
    if request.method == "POST":
        return _hand_in(request, at, request.POST.get("code", ""), request.POST.dict())
    phase = campaigns.phase_on(at.campaign.programme_id, at.as_of)
    given = {"kind": request.GET.get("kind", ""), "title": request.GET.get("title", ""),
             "phase": request.GET.get("phase", phase.code if phase else ""), "code": new_code()}
    return _form(request, at, given, {})


def _hand_in(request: HttpRequest, at: Standpoint, key: str, cells: Mapping[str, str],
             known: FilingView | None = None) -> HttpResponse:
    """Takes the file; what is wrong stands beside its question."""
    file = request.FILES.get("file")
    wrong: Mapping[str, str] = {"file": _("Choose the file of the paper.")}
    if file is not None and file.file is not None:
        try:
            version = actions.hand_in(at.campaign.programme_id, at.unit.id, key, cells, file.file, str(file.name),
                                      actor=at.actor)
        except Unfit as error:
            wrong = error.faults
        else:
            messages.success(request, _("Handed in. The office sees it now.") if version == 1 else
                             _("Handed in as version %(number)s. The earlier ones stay.") % {"number": version})
            return redirect(link(at, "filing", key, unit=None, as_of=None))
    if known is not None:
        return _paper(request, at, known, wrong, 422)
    return _form(request, at, cells, wrong)


def _form(request: HttpRequest, at: Standpoint, given: Mapping[str, str], wrong: Mapping[str, str]) -> HttpResponse:
    phases = tuple((each.code, each.name) for each in campaigns.phases(at.campaign.programme_id))
    kinds = tuple((each, word("filings", "kind", each)) for each in choice_labels("filings", "kind"))
    kind = given.get("kind", "")
    if kind and kind not in dict(kinds):
        kinds = (*kinds, (kind, kind))
    fields = [
        Field("kind", _("What paper it is"), "select", kind, options=kinds, blank=_("Choose"),
              fault=wrong.get("kind", "")),
        _file(wrong),
        Field("title", _("Title"), value=given.get("title", ""), optional=True, fault=wrong.get("title", "")),
        Field("phase", _("Phase"), "select", given.get("phase", ""), options=phases, blank=_("none"),
              fault=wrong.get("phase", "")),
    ]
    return render(request, "desk/hand_in.html", {"at": at, "fields": fields, "key": given.get("code", "")},
                  status=422 if wrong else 200)


def _file(wrong: Mapping[str, str]) -> Field:
    return Field("file", _("Its file"), type="file", accept=f".docx,.pdf,.xlsx,{ACCEPT}", fault=wrong.get("file", ""),
                 hint=_("Word (.docx), PDF, Excel (.xlsx), text or a photo, up to 50 MB."))


def filing_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A paper: where it stands, every version, and the next step of whoever looks. POST `do`: again, accept, back."""
    actor = accounts.actor_of(request.user)
    whole = standpoint(actor, code, {})
    programme = whole.campaign.programme_id
    paper = reads.filing(programme, key, actor)
    owner = units.unit_by_id(paper.unit_id or whole.campaign.host_unit_id)
    at = standpoint(actor, code, {"unit": owner.code})
    if request.method != "POST":
        return _paper(request, at, paper, {}, 200)
    wish = request.POST.get("do", "")
    if wish == "again":
        return _hand_in(request, at, key, {}, paper)
    try:
        if wish == "accept":
            actions.accept(programme, key, actor=actor)
            messages.success(request, _("Accepted."))
        elif wish == "back":
            actions.send_back(programme, key, request.POST.get("reason", ""), actor=actor)
            messages.success(request, _("Sent back. It stands among the unit's duties, with your reason."))
        else:
            raise Refused(_("Say whether to accept the paper or send it back."))
    except Unfit as error:
        return _paper(request, at, paper, error.faults, 422)
    return redirect(link(at, "filing", key, unit=None, as_of=None))


@require_GET
def version_page(request: HttpRequest, code: str, key: str, version: int) -> HttpResponseBase:
    """The file of a version, to take away; old ones stay, also where a newer one took their place."""
    at = standpoint(accounts.actor_of(request.user), code, {})
    reads.filing(at.campaign.programme_id, key, at.actor)
    for each in reads.steps(at.campaign.programme_id, key):
        if each.sha256 and each.version == version:
            return download(each.sha256, each.name)
    raise NotFound(_("There is no such version."))


def _paper(request: HttpRequest, at: Standpoint, paper: FilingView, wrong: Mapping[str, str],
           status: int) -> HttpResponse:
    programme = at.campaign.programme_id
    decides = permits.may_decide(at.actor, programme, at.unit.path)
    writes = permits.may_hand_in(at.actor, programme, at.unit.path)
    past = [Past(each, STEPS[each.what], link(at, "version", paper.code, str(each.version), unit=None, as_of=None)
                 if each.sha256 else "") for each in reads.steps(programme, paper.code)]
    tone, said = STANDS[paper.state]
    reason = Field("reason", _("What has to be different"), "long", request.POST.get("reason", ""),
                   fault=wrong.get("reason", ""))
    phases = {each.code: each.name for each in campaigns.phases(programme)}
    return render(request, "desk/filing.html", {
        "at": at, "paper": paper, "name": name_of(paper), "tone": tone, "said": said, "past": past,
        "kind": word("filings", "kind", paper.kind), "phase": phases.get(paper.phase, paper.phase),
        "accepts": decides and paper.state == "waiting",
        "returns": reason if decides and paper.state in ("waiting", "accepted") else None,
        "again": _file(wrong) if writes and paper.state in ("waiting", "returned", "planned") else None,
        "faulty": [each for each in (reason, _file(wrong)) if each.fault], "nothing": (),
        "record": link(at, "record", "filings", paper.code, unit=None, as_of=None),
    }, status=status)
