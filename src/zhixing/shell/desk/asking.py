"""What a unit asks of the office about a duty, and what the office decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhixing.flow.duties import actions, permits
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import DutyView, RequestView, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

LISTED = 100
"""So many requests stand on the page, the newest first."""

KINDS: dict[str, str | Promise] = {
    "waive": gettext_lazy("Does not apply to us"),
    "extend": gettext_lazy("We need more time"),
}
DECIDED: dict[str, tuple[str, str | Promise]] = {
    "": ("way", gettext_lazy("Waits for the office")),
    "approved": ("met", gettext_lazy("Agreed")),
    "refused": ("late", gettext_lazy("Not agreed")),
    "withdrawn": ("none", gettext_lazy("Taken back")),
}


def day_of(text: str) -> date | None:
    """The day that was filled in; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def duty_of(at: Standpoint, code: str) -> DutyView:
    """Raises NotFound."""
    listed = duties.duties(at.campaign.programme_id, codes=[code])
    if not listed:
        raise NotFound(_("There is no duty with the code %(code)s.") % {"code": code})
    return listed[0]


def ask_page(request: HttpRequest, code: str, duty: str, unit: str) -> HttpResponse:
    """Asks that a duty be set aside for the unit, or extended until a day."""
    at = standpoint(accounts.actor_of(request.user), code, {"unit": unit})
    found = duty_of(at, duty)
    if not permits.may_ask(at.actor, at.campaign.programme_id, at.unit.path):
        raise NotAllowed(_("A unit's secretary or the campaign office asks this. Your account can only look."))
    if request.method != "POST":
        return _ask(request, at, found)
    try:
        actions.ask(at.campaign.programme_id, duty, unit, kind=request.POST.get("kind", ""),
                    reason=request.POST.get("reason", ""), until=day_of(request.POST.get("until", "")), actor=at.actor)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _ask(request, at, found, error)
    messages.success(request, _("Asked. The office's answer will stand among your duties."))
    return redirect(link(at, "duty-unit", duty, unit, unit=None))


def _ask(request: HttpRequest, at: Standpoint, duty: DutyView, error: Refused | None = None) -> HttpResponse:
    faults = error.faults if isinstance(error, Unfit) else {}
    typed = request.POST
    kind = typed.get("kind", request.GET.get("kind", ""))
    fields = [
        Field("kind", _("What you ask for"), "choices", kind, needed=True, fault=faults.get("kind", ""),
              options=tuple((name, str(word)) for name, word in KINDS.items())),
        Field("until", _("Until which day"), value=typed.get("until", ""), type="date", fault=faults.get("until", ""),
              hint=_("Only when you need more time.")),
        Field("reason", _("Why"), "long", typed.get("reason", ""), needed=True, fault=faults.get("reason", ""),
              hint=_("The office decides by this. If it agrees, the reason is kept with the duty.")),
    ]
    return render(request, "desk/ask.html", {
        "at": at, "duty": duty, "fields": fields, "further": [str(error)] if error and not faults else [],
        "back": link(at, "duty-unit", duty.code, at.unit.code, unit=None),
    }, status=422 if faults else 409 if error else 200)


@dataclass(frozen=True)
class Line:
    """A request in a list."""

    unit: str
    told: RequestView
    kind: str
    tone: str
    word: str
    url: str


@require_GET
def requests_page(request: HttpRequest, code: str) -> HttpResponse:
    """The requests of the units from here: those that wait first."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    waiting = duties.open_requests(at.campaign.programme_id, at.unit.path, limit=LISTED)
    decided = [each for each in duties.requests(at.campaign.programme_id, at.unit.path, limit=LISTED)
               if each.decision]
    views = units.units_by_id({each.unit_id for each in [*waiting, *decided]}, at.as_of)
    return render(request, "desk/requests.html", {
        "at": at, "waiting": [_line(at, each, views) for each in waiting],
        "decided": [_line(at, each, views) for each in decided],
    })


def _line(at: Standpoint, each: RequestView, views: Mapping[int, UnitView]) -> Line:
    tone, word = DECIDED[each.decision]
    return Line(views[each.unit_id].label, each, str(KINDS[each.kind]), tone, str(word),
                link(at, "request", str(each.id)))


def request_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One request: the reason, and for the office the decision; what was decided can be taken back."""
    at = standpoint(accounts.actor_of(request.user), code, {})
    told = duties.request(at.campaign.programme_id, number)
    unit = units.unit_by_id(told.unit_id, at.as_of)
    if not accounts.may_see(at.actor, at.campaign.programme_id, unit.path):
        raise NotFound(_("There is no request %(number)s.") % {"number": number})
    if request.method != "POST":
        return _request(request, at, told, unit)
    try:
        said = _done(request, at, number)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _request(request, at, told, unit, error)
    messages.success(request, said)
    return redirect(link(at, "request", str(number)))


def _done(request: HttpRequest, at: Standpoint, number: int) -> str:
    """Does what the button asks for; what is said afterwards."""
    programme, verb, why = at.campaign.programme_id, request.POST.get("do", ""), request.POST.get("why", "")
    if verb == "approve":
        actions.decide(programme, number, approve=True, why=why, actor=at.actor)
        return _("Agreed. The unit's duty says so now.")
    if verb == "refuse":
        actions.decide(programme, number, approve=False, why=why, actor=at.actor)
        return _("Not agreed. The unit sees your reason among its duties.")
    if verb == "undo":
        actions.undo_decision(programme, number, actor=at.actor)
        return _("The decision is taken back; the request is open again.")
    if verb == "withdraw":
        actions.withdraw(programme, number, actor=at.actor)
        return _("Taken back.")
    raise NotFound(_("There is no such step."))


def _request(request: HttpRequest, at: Standpoint, told: RequestView, unit: UnitView,
             error: Refused | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    fault = error.faults.get("why", "") if isinstance(error, Unfit) else ""
    tone, word = DECIDED[told.decision]
    field = Field("why", _("Your answer to the unit"), "long", request.POST.get("why", ""), fault=fault,
                  hint=_("Needed when you do not agree."))
    return render(request, "desk/request.html", {
        "at": at, "told": told, "unit": unit, "kind": KINDS[told.kind], "tone": tone, "word": word, "field": field,
        "fields": [field], "further": [str(error)] if error and not fault else [],
        "may_decide": permits.may_decide(at.actor, programme, unit.path, told.asked_by),
        "may_withdraw": not told.decision and permits.may_ask(at.actor, programme, unit.path),
        "duty_url": link(at, "duty-unit", told.duty, unit.code, unit=None),
    }, status=422 if fault else 409 if error else 200)
