"""My duties today: the home of every role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock

from .mine import mine

LATER = 8
"""So much of what is not pressing is shown."""


@require_GET
def today_page(request: HttpRequest) -> HttpResponse:
    """What I owe, what waits for me, what came back; who has no campaign yet is told the first step."""
    found = mine(accounts.actor_of(request.user))
    if not found.campaigns:
        return redirect("home")
    return render(request, "desk/today.html", {
        "at": found.at, "mine": found, "day": clock.today(), "later": found.later[:LATER],
        "more": bool(found.later[LATER:]),
    })
