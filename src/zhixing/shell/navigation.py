"""Where one can go within a campaign. A place is shown when the room behind it has pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhixing.ground.accounts.permits import role_may_write
from zhixing.outputs.boards.reads import link
from zhixing.outputs.boards.types import Standpoint


@dataclass(frozen=True)
class Place:
    """`address` is the name of its first page; `pages` begin the names of all pages that belong to it."""

    label: str | Promise
    address: str
    pages: tuple[str, ...]


TODAY = "today"
"""The one place that belongs to the reader and to no campaign."""

CAPTURE = "capture"
"""The place of those who hand in for a unit."""

PLACES = (
    Place(_("My duties"), TODAY, (TODAY,)),
    Place(_("New session"), CAPTURE, (CAPTURE, "correct", "planned")),
    Place(_("Overview"), "campaign", ("campaign", "dut", "target")),
    Place(_("Plan"), "schedule", ("schedule",)),
    Place(_("Gates"), "gates", ("gate", "request", "ask")),
    Place(_("Calendar"), "calendar", ("calendar", "session", "series", "talk", "sheet", "screen", "signed")),
    Place(_("Study and research"), "study", ("study", "report", "rule", "groups", "visits")),
    Place(_("Papers handed in"), "handed-in", ("handed-in", "hand-in", "filing")),
    Place(_("Records"), "records", ("record", "add", "remove", "evidence", "many")),
    Place(_("Figures"), "figures", ("figure",)),
    Place(_("Burden"), "burden", ("burden",)),
    Place(_("Contradictions"), "contradictions", ("contradictions",)),
    Place(_("Papers"), "papers", ("paper",)),
    Place(_("Workbook"), "workbook-out", ("workbook",)),
)


@dataclass(frozen=True)
class Shown:
    label: str | Promise
    url: str
    current: bool


def places(request: HttpRequest, at: Standpoint | None) -> list[Shown]:
    """The places of this campaign, in order; none outside a campaign."""
    if at is None:
        return []
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    shown = []
    writes = any(role_may_write(grant.role, "activities") for grant in at.actor.grants)
    for place in PLACES:
        if place.address == CAPTURE and not writes:
            continue
        try:
            url = reverse(TODAY) if place.address == TODAY else link(at, place.address)
        except NoReverseMatch:
            continue
        shown.append(Shown(place.label, url, here.startswith(place.pages)))
    return shown
