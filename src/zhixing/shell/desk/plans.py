"""A unit's own plan within the frame of its superior's: an earlier day, a higher target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhixing.flow.duties import actions, permits
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import Difference, DutyView, Unfit
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

from .asking import day_of, duty_of


@dataclass(frozen=True)
class Line:
    """A duty as the plan has it, and what the unit asks of itself."""

    duty: DutyView
    own: Difference | None
    url: str


@require_GET
def targets_page(request: HttpRequest, code: str) -> HttpResponse:
    """What the unit owes by the plan, and where it asks more of itself."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    own = {each.duty.id: each for each in duties.differences(at.campaign.programme_id, at.unit.id)}
    owed = {each.duty.id: each.duty for each in duties.own_states(at.campaign.programme_id, at.as_of, at.unit.id)}
    lines = [
        Line(duty, own.get(duty.id), link(at, "target", duty.code, at.unit.code, unit=None)) for duty in owed.values()
    ]
    return render(request, "desk/targets.html", {
        "at": at, "lines": lines, "differs": bool(own),
        "may": permits.may_ask(at.actor, at.campaign.programme_id, at.unit.path),
    })


def target_page(request: HttpRequest, code: str, duty: str, unit: str) -> HttpResponse:
    """The unit's own day and target of one duty. Both empty: it follows the plan."""
    at = standpoint(accounts.actor_of(request.user), code, {"unit": unit})
    found = duty_of(at, duty)
    if not permits.may_ask(at.actor, at.campaign.programme_id, at.unit.path):
        raise NotAllowed(_("A unit's own plan is set by its secretary or the campaign office."))
    least, day, note = duties.own_target(at.campaign.programme_id, at.unit.id, found.id)
    typed = {"at_least": "" if least is None else f"{least.normalize():f}", "due_on": day.isoformat() if day else "",
             "note": note}
    if request.method != "POST":
        return _form(request, at, found, typed)
    typed = {name: request.POST.get(name, "").strip() for name in typed}
    try:
        actions.set_target(at.campaign.programme_id, duty, unit, at_least=_number(typed["at_least"]),
                           due_on=day_of(typed["due_on"]), note=typed["note"], actor=at.actor)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _form(request, at, found, typed, error)
    messages.success(request, _("Saved. Your duties go by your own plan now; the superior's plan stays the measure."))
    return redirect(link(at, "targets"))


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
        raise Unfit({"at_least": _("Write a number, such as 3.")})
    return number


def _form(request: HttpRequest, at: Standpoint, duty: DutyView, typed: dict[str, str],
          error: Refused | None = None) -> HttpResponse:
    faults = error.faults if isinstance(error, Unfit) else {}
    fields = [
        Field("due_on", _("Your own day"), value=typed["due_on"], type="date", fault=faults.get("due_on", ""),
              hint=_("Not later than the plan's. Empty: the plan's day.")),
        Field("at_least", _("Your own target"), value=typed["at_least"], fault=faults.get("at_least", ""),
              hint=_("Not lower than the plan's. Empty: the plan's target.")),
        Field("note", _("Note"), "long", typed["note"], optional=True),
    ]
    return render(request, "desk/target.html", {
        "at": at, "duty": duty, "fields": fields, "further": [str(error)] if error and not faults else [],
        "back": link(at, "targets"),
    }, status=422 if faults else 409 if error else 200)
