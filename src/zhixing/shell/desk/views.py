"""Pages that show several rooms: where one lands, the campaign on one page, and what does not agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from zhixing.flow.campaigns import permits
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import PhaseView
from zhixing.flow.checks import reads as checks
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import OFFICE, role_may_write
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel import clock
from zhixing.ground.units import reads as units
from zhixing.outputs.boards import board as grid
from zhixing.outputs.boards.owed import owed
from zhixing.outputs.boards.reads import link, standpoint, strip, visible_campaigns
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.templatetags import say

BRIEF = 5
"""So many contradictions stand on the overview."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To what the reader has to do today; asked for all campaigns, their list; with none, the first step."""
    actor = accounts.actor_of(request.user)
    seen = visible_campaigns(actor)
    if seen and "all" not in request.GET:
        return redirect("today")
    today = clock.today()
    listed = [(each, campaigns.phase_on(each.programme_id, today)) for each in seen]
    may_bring = any(grant.role in OFFICE for grant in actor.grants)
    return render(request, "desk/home.html", {
        "listed": listed, "may_bring": may_bring, "may_begin": permits.may_write_packs(actor)})


@dataclass(frozen=True)
class Step:
    """A phase in the stepper: `now` by the day, `shown` when the grid below shows its duties alone. `code`
    is the phase that a click asks for, "" to show all again."""

    code: str
    name: str
    starts_on: date | None
    ends_on: date | None
    tone: str
    now: bool
    shown: bool
    left: str = ""


@require_safe
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """The campaign on one page: of the grid, every phase's duties, or those of the phase asked for."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    phases = campaigns.phases(at.campaign.programme_id)
    shown = next((each for each in phases if each.code == request.GET.get("phase")), None)
    state = request.GET.get("state", "")
    board = grid.board(at, phase=shown.code if shown else "", state=state if state in grid.TONES else "")
    now = _now(phases, at)
    taking_part = figures.value("units.participating", at.scope)
    return render(
        request,
        "desk/campaign.html",
        {
            "at": at,
            "phases": [_step(each, now, shown, at) for each in phases],
            "shown": shown,
            "heading": shown.name if shown else now.name if now else at.campaign.name,
            "taking_part": taking_part,
            "owed": owed(at, shown.code if shown else ""),
            "tiles": strip(at),
            "board": board,
            "board_said": _board_said(board),
            "state": state,
            "papers": _papers(at, shown or now),
            "may_add": any(role_may_write(grant.role, "activities") for grant in at.actor.grants),
        },
    )


def _papers(at: Standpoint, phase: PhaseView | None) -> str:
    """The draft of the phase's summary, for the office; "" for those who keep records only, and where there are no
    papers."""
    if not any(grant.role in OFFICE for grant in at.actor.grants):
        return ""
    try:
        return link(at, "paper", "stage-summary", phase=phase.code if phase else "")
    except NoReverseMatch:
        return ""


def _now(phases: list[PhaseView], at: Standpoint) -> PhaseView | None:
    """The phase of the day; between phases, the last that began; before all, the first."""
    begun = [each for each in phases if each.starts_on is None or each.starts_on <= at.as_of]
    return begun[-1] if begun else phases[0] if phases else None


def _step(phase: PhaseView, now: PhaseView | None, shown: PhaseView | None, at: Standpoint) -> Step:
    running = now is not None and phase.id == now.id and (phase.ends_on is None or phase.ends_on >= at.as_of)
    left = ""
    if running and phase.ends_on is not None:
        days = (phase.ends_on - at.as_of).days
        left = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
        left = left if days else _("ends today")
    chosen = shown is not None and phase.id == shown.id
    return Step(
        "" if chosen else phase.code,
        phase.name,
        phase.starts_on,
        phase.ends_on,
        "now" if running else "",
        running,
        chosen,
        left,
    )


def _board_said(board: grid.Board) -> str:
    """How many units stand in the grid, and how to see the others."""
    if board.folded:
        return _(
            "%(count)s units: too many for one page, so only groups are shown. Open one by its name."
        ) % {"count": board.shown}
    return ngettext("%(count)s unit", "%(count)s units", board.shown) % {"count": board.shown}


@dataclass(frozen=True)
class Disagreement:
    """A contradiction in words, with the record to open first."""

    lint: str
    title: str
    message: str
    records: str
    url: str
    unit: str = ""
    correct: tuple[tuple[str, str], ...] = ()


CORRECTED = 10
"""So many records that can be put right are linked for one contradiction."""


def _disagreements(at: Standpoint, found: Sequence[checks.Contradiction]) -> list[Disagreement]:
    views = units.units_by_id({each.finding.unit_id for each in found if each.finding.unit_id}, at.as_of)
    return [replace(_disagreement(at, each), unit=views[each.finding.unit_id].label)
            if each.finding.unit_id in views else _disagreement(at, each) for each in found]


def _disagreement(at: Standpoint, found: checks.Contradiction) -> Disagreement:
    finding = found.finding
    values = {
        key: say.shortday(value) if isinstance(value, date) else value
        for key, value in finding.values.items()
    }
    return Disagreement(
        found.lint, found.title, str(finding.message) % values, ", ".join(finding.records), finding_url(at, found),
        correct=tuple((words, link(at, "record", table, key, unit=None, as_of=None))
                      for table, key, words in finding.correct[:CORRECTED]),
    )


def finding_url(at: Standpoint, found: checks.Contradiction) -> str:
    """The record to open first, "" where the rule names none."""
    finding = found.finding
    if not finding.table or not finding.code:
        return ""
    return link(at, "record", finding.table, finding.code, unit=None, as_of=None)


@require_safe
def contradictions(request: HttpRequest, code: str) -> HttpResponse:
    """What cannot all be true, rule by rule; with `brief` the first few, as the overview fetches them once
    it is shown."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    only = request.GET.get("rule", "")
    if "brief" in request.GET:
        found = checks.contradictions(at.scope)
        return render(
            request,
            "desk/contradictions_brief.html",
            {
                "at": at,
                "findings": [_disagreement(at, each) for each in found[:BRIEF]],
                "more": found[BRIEF:],
            },
        )
    groups: dict[str, list[Disagreement]] = {}
    for each in _disagreements(at, checks.contradictions(at.scope, only)):
        groups.setdefault(each.title, []).append(each)
    return render(
        request,
        "desk/contradictions.html",
        {
            "at": at,
            "groups": list(groups.items()),
            "only": only,
            "rules": [str(rule.title) for rule in checks.rules()],
        },
    )
