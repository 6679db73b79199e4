"""Signing in and out, and the page of pieces."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .fields import Field


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """One name, one password. A wrong one keeps the name and says what to do, not which of the two was wrong."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect("home")
        return render(request, "sign_in.html", {"fields": _questions(), "next": target})
    name, password = request.POST.get("name", "").strip(), request.POST.get("password", "")
    faults = {
        "name": "" if name else _("Enter your name for signing in."),
        "password": "" if password else _("Enter your password."),
    }
    if not any(faults.values()):
        user = authenticate(request, username=name, password=password)
        if user is not None:
            login(request, user)
            safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
            return HttpResponseRedirect(target if safe else reverse("home"))
        faults["name"] = _("Name and password do not go together. Check both and try again.")
    return render(request, "sign_in.html", {"fields": _questions(name, faults), "next": target}, status=422)


def _questions(name: str = "", faults: dict[str, str] | None = None) -> list[Field]:
    wrong = faults or {}
    return [
        Field("name", _("Name"), value=name, fault=wrong.get("name", ""), autocomplete="username"),
        Field("password", _("Password"), type="password", fault=wrong.get("password", ""),
              autocomplete="current-password"),
    ]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


def look(request: HttpRequest) -> HttpResponse:
    """Every piece once, for those who build pages."""
    from .look import pieces

    return render(request, "look.html", pieces())
