"""What holds for every page: refusals become pages in one place, nothing is loaded from another host, and what
a page asks twice is asked of the database once (what many pages ask, once between two writes)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.sharing import sharing
from zhixing.ground.ledger import reads as ledger

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def _holds_nul(request: HttpRequest) -> bool:
    """PostgreSQL keeps no null characters; a form that holds one was not typed by a person."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return False
    return any("\0" in value for values in request.POST.lists() for value in values[1])


class Pages:
    """Turns what a room refused into a page that says so: 404 for what is not there or not the reader's, 403
    for what they may not do, 409 for what a rule does not allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "") or _holds_nul(request):
            words = _("A null character is no part of any address or form here.")
            return render(request, "refused.html", {"words": words, "status": 400}, status=400)
        with sharing(ledger.stamp()) if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 409
        return render(request, "refused.html", {"words": str(error), "status": status}, status=status)
