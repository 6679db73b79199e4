"""Signing in with a one-time code, for an account that has no password yet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from . import reads, rules


class InvitationBackend(BaseBackend):
    """Lets the holder of an unused code through to the page that sets the first password (see `views`), and
    no further. A wrong code counts as a wrong password, so tries are throttled alike."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None,
                     password: str | None = None, **_others: Any) -> User | None:
        invitation = reads.open_invitation(username or "")
        if invitation is None:
            return None
        computed = rules.digest(invitation.salt, password or "")
        return invitation.user if rules.same(invitation.digest, computed) else None
