"""The sheet that people sign on paper, and signing in by a code on a screen that changes every half minute."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhixing.flow.activities import actions
from zhixing.flow.activities import reads as activities
from zhixing.flow.activities.actions.signing import Answer, Passed, is_open
from zhixing.flow.activities.types import SessionView
from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.outputs.boards.reads import link
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language

from .sessions import at_session, kind_of, name_of, require_holding

EMPTY_LINES = 8
"""So many lines for guests stand at the end of a sheet; a sheet without a list has `BLANK`."""

BLANK = 30
PER_COLUMN = 400


def square(text: str) -> SafeString:
    """A QR code as SVG without a size of its own; segno writes nothing but a path."""
    return mark_safe(segno.make(text, error="m").svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True))


def _writing(request: HttpRequest, code: str, key: str) -> tuple[Standpoint, SessionView]:
    at, view = at_session(request, code, key)
    require_holding(at)
    return at, view


@require_GET
def sheet_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The sign-in sheet, A4: everybody on the list with a line to sign, and lines for guests. Its square leads to the
    session's page, where a photo of the signed sheet is put."""
    at, view = at_session(request, code, key)
    people = activities.roster(at.campaign.programme_id, view, clock.today())
    address = settings.ZHIXING_URL + reverse("session", args=[at.campaign.code, key])
    return render(request, "desk/sheet.html", {
        "at": at, "session": view, "name": name_of(at, view), "kind": kind_of(at, view), "people": people,
        "lines": range(EMPTY_LINES if people else BLANK), "square": square(address), "address": address,
        "offset": len(people),
    })


@never_cache
@require_GET
def screen_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The code to be shown in the room. It names the session, and is fetched anew before it has passed."""
    at, view = _writing(request, code, key)
    token, seconds = actions.token(view.id)
    address = settings.ZHIXING_URL + reverse("sign", args=[view.id, token])
    names = activities.signed(view.id)
    page = "desk/screen_code.html" if "code" in request.GET else "desk/screen.html"
    return render(request, page, {
        "at": at, "session": view, "name": name_of(at, view), "kind": kind_of(at, view), "square": square(address),
        "again": min(seconds + 1, 20), "open": is_open(view), "address": address,
        "count": ngettext("%(count)s name so far", "%(count)s names so far", len(names)) % {"count": len(names)},
        "expected": len(activities.roster(at.campaign.programme_id, view, clock.today())),
    })


@require_http_methods(["GET", "POST"])
def signed_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Who signed in, who has not, and the button that makes it the attendance."""
    at, view = _writing(request, code, key)
    names = activities.signed(view.id)
    there = {each.person for each in names if each.person}
    if request.method == "POST":
        people, guests = actions.take_over(at.campaign.programme_id, key, request.POST.get("others", ""),
                                           actor=at.actor)
        messages.success(request, _("Taken over: %(people)s of the list, %(guests)s guests.") % {
            "people": people, "guests": guests})
        return redirect(link(at, "session", key, unit=None))
    listed = activities.roster(at.campaign.programme_id, view, clock.today())
    return render(request, "desk/signed.html", {
        "at": at, "session": view, "name": name_of(at, view), "people": [each for each in names if each.person],
        "guests": [each for each in names if not each.person],
        "missing": [each for each in listed if each.code not in there],
    })


# ---- for whoever signs in: no account, no script ----

@never_cache
@login_not_required
@require_GET
def sign_page(request: HttpRequest, session: int, token: str) -> HttpResponse:
    """The page behind a scanned code: it names the session and asks for a name. A code that has passed, or of another
    session, is told kindly."""
    view = activities.session_by_id(session)
    try:
        ticket = actions.ticket(view, token)
    except Refused as error:
        return _sign(request, view, refused=str(error), status=410)
    return _sign(request, view, ticket=ticket)


@never_cache
@login_not_required
@require_POST
def sign_name_page(request: HttpRequest, session: int) -> HttpResponse:
    """A name is given. Where two share it, whoever signs chooses; who is not on the list signs as a guest."""
    view = activities.session_by_id(session)
    ticket, name = request.POST.get("ticket", "")[:80], request.POST.get("name", "")
    try:
        answer = actions.sign_in(view, ticket, name, person=request.POST.get("person", "")[:64],
                                 guest=bool(request.POST.get("guest")))
    except Refused as error:
        again = "" if isinstance(error, Passed) else ticket
        return _sign(request, view, ticket=again, refused=str(error), typed=name[:80], status=409)
    return _sign(request, view, ticket=ticket, answer=answer)


def _sign(request: HttpRequest, view: SessionView, *, ticket: str = "", refused: str = "",
          typed: str = "", answer: Answer | None = None, status: int = 200) -> HttpResponse:
    pack = campaigns.pack_in(activities.programme_of(view.id), language())
    return render(request, "desk/sign.html", {
        "session": view, "kind": pack.label("activity_kinds", view.kind),
        "name": view.title or pack.label("activity_kinds", view.kind), "ticket": ticket, "refused": refused,
        "answer": answer, "typed": typed,
    }, status=status)
