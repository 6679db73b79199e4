"""A page that failed: what went wrong is written to standard error under a short number, and the page shows that
number, so that who reads it out leads to what happened.

Never written: what was sent, cookies, addresses, programs, and the words of the address (they hold codes of
records). Of an exception's own words the first line is kept, since databases put whole rows into the further
ones. Of pages without an account only the kind of the exception and its place are written, without the time,
so that nothing leads to a person."""

from __future__ import annotations

import logging
import secrets
import sys
import traceback

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from zhixing.ground.kernel import clock

LONGEST = 300
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are mistaken for one another when read out."""

logger = logging.getLogger("zhixing.incidents")


def failed(request: HttpRequest) -> HttpResponse:
    """The page of an error nobody foresaw (500)."""
    number = "".join(secrets.choice(_LETTERS) for _letter in range(6))
    error = sys.exc_info()[1]
    if error is not None:
        logger.error("%s", _nameless(number, error) if _without_account(request) else _told(number, request, error))
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)


def _without_account(request: HttpRequest) -> bool:
    """Is this a page for everybody, or asked for by nobody that is known? In doubt, yes."""
    view = request.resolver_match.func if request.resolver_match else None
    if not getattr(view, "login_required", True):
        return True
    try:
        return not request.user.is_authenticated
    except (AttributeError, DatabaseError):
        return True


def _told(number: str, request: HttpRequest, error: BaseException) -> str:
    """The time, the kind of page, and the whole way into the error."""
    match = request.resolver_match
    parts = [f"incident {number} {clock.stamp():%Y-%m-%d %H:%M:%S} {request.method} {match.route if match else ''}"]
    for each in _chain(error):
        parts += [line.rstrip() for line in traceback.format_tb(each.__traceback__)]
        words = (str(each).splitlines() or [""])[0][:LONGEST]
        parts.append(f"{_kind(each)}: {words}" if words else _kind(each))
    return "\n".join(parts)


def _nameless(number: str, error: BaseException) -> str:
    first = _chain(error)[0]
    frames = traceback.extract_tb(first.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else ""
    return f"incident {number} {_kind(first)}{place}"


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _chain(error: BaseException) -> list[BaseException]:
    """The error with what led to it, the first cause first."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.insert(0, following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return found
