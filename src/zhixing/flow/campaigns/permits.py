"""Who may write template packs: whoever may begin a campaign. A pack is changed by who made it, and by administrators
of the whole installation; anybody else copies it, so that nobody's campaign changes its words unasked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.accounts.permits import OFFICE
from zhixing.ground.kernel.errors import NotAllowed
from zhixing.ground.kernel.types import Actor


def may_see_packs(actor: Actor) -> bool:
    """Every campaign office."""
    return actor.kind != "person" or any(grant.role in OFFICE for grant in actor.grants)


def may_write_packs(actor: Actor) -> bool:
    """Those who may begin a campaign: an office (or administrator) of some unit in every programme."""
    return actor.kind != "person" or any(
        grant.role in OFFICE and grant.programme_id is None for grant in actor.grants)


def may_change_pack(actor: Actor, made_by: str) -> bool:
    if actor.kind != "person":
        return True
    whole = any(grant.role == "admin" and grant.programme_id is None and not grant.path for grant in actor.grants)
    return whole or (may_write_packs(actor) and actor.key == made_by)


def require(allowed: bool) -> None:
    """Raises NotAllowed."""
    if not allowed:
        raise NotAllowed(_("This template pack is not yours to change. Copy it, and change the copy."))
