"""Signing in and out, and passwords. One template serves all: `accounts/sign_in.html` gets `title`, `lead` (a
sentence or ""), `fields`, `further` (faults that belong to no field), `button` and `next`."""

from __future__ import annotations

from typing import cast

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhixing.ground.kernel.errors import Refused

from . import actions, reads
from .forms import ChangePasswordForm, NewPasswordForm, Questions, SignInForm

_INVITED = "accounts.invited"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A password signs in; a one-time code leads to the page that sets the first password. An unknown name
    and a wrong password look alike."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=form.cleaned_data["name"].strip(),
                            password=form.cleaned_data["password"])
        if user is None:
            form.add_error("name", _("Name and password do not go together. Check both and try again."))
        else:
            return _let_in(request, user)
    return _page(request, form, _("Sign in to Zhixing"), _("Sign in"))


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    address = _next(request)
    invitation = reads.open_invitation(user.username)
    if invitation is None:
        login(request, user, backend=_BACKEND)
        return redirect(address)
    request.session.cycle_key()
    request.session[_INVITED] = [user.pk, invitation.digest, address]
    return redirect("first-password")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Only after a one-time code. Nothing else can be done with the account before a password is set."""
    invited = request.session.get(_INVITED)
    if not invited:
        return redirect("sign-in")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user_id, digest, address = invited
        try:
            user = actions.set_first_password(user_id, digest, form.cleaned_data["new"])
        except Refused as error:
            form.add_error("new", str(error))
        else:
            del request.session[_INVITED]
            login(request, user, backend=_BACKEND)
            return redirect(address)
    return _page(request, form, _("Choose your password"), _("Set the password"),
                 _("From now on you sign in with it. The code on your slip is used up then."))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL or "sign-in")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Signs out every other browser of the account. Wrong old passwords are throttled like sign-ins."""
    user = cast(User, request.user)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if authenticate(request, username=user.username, password=form.cleaned_data["old"]) is None:
            form.add_error("old", _("That is not your password."))
        elif _changed(user, form):
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed."))
            return redirect(_next(request))
    return _page(request, form, _("Change your password"), _("Change the password"))


def _changed(user: User, form: ChangePasswordForm) -> bool:
    try:
        actions.set_password(user.username, form.cleaned_data["new"], actor=reads.actor_of(user))
    except Refused as error:
        form.add_error("new", str(error))
        return False
    return True


def locked_out(request: HttpRequest, _response: HttpResponse | None = None,
               _credentials: object = None) -> HttpResponse:
    """What axes answers after too many wrong tries."""
    wait = get_cool_off(request)
    minutes = max(1, round(wait.total_seconds() / 60)) if wait else 1
    words = ngettext("Too many wrong tries. Wait %(minutes)s minute, then try again.",
                     "Too many wrong tries. Wait %(minutes)s minutes, then try again.", minutes)
    return _page(request, SignInForm(initial={"name": request.POST.get("name", "")}), _("Sign in to Zhixing"),
                 _("Sign in"), further=words % {"minutes": minutes}, status=429)


def _page(request: HttpRequest, form: Questions, title: str, button: str, lead: str = "", *,
          further: str = "", status: int = 0) -> HttpResponse:
    fields = form.asked()
    context = {"title": title, "button": button, "lead": lead, "fields": fields, "next": _next(request),
               "further": [further] if further else []}
    faulty = any(field.fault for field in fields)
    return render(request, "accounts/sign_in.html", context, status=status or (422 if faulty else 200))


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site that was asked for, else the first page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
