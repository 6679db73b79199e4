"""Who may sign in (Django's own user), what over (grants), and first sign-ins not yet made (invitations)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import link
from zhixing.ground.kernel.types import ROLES


class Grant(models.Model):
    """A role over the subtree of a unit (none: the whole installation) in a programme (none: in every one).
    It follows the unit when that moves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = fields.word(20)
    unit = link("units.Unit")
    programme = link("units.Programme")

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "role", Coalesce("unit", 0), Coalesce("programme", 0),
                                    name="grant_key"),
            fields.one_of("grant", "role", ROLES),
            fields.not_empty("grant", "role"),
        ]


class Invitation(models.Model):
    """A one-time code for an account that has no password yet. Only a digest of the code is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    ends_on = models.DateField()
    used_on = models.DateField(null=True, blank=True)
