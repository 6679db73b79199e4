"""Who may do what here: a paper is handed in by whoever writes the table `filings` for its unit, and accepted or sent
back by the campaign office (or an administrator) over that unit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.kernel.errors import NotAllowed, NotFound
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import within


def may_hand_in(actor: Actor, programme_id: int, path: str) -> bool:
    return permits.may_write(actor, "filings", programme_id, path)


def may_decide(actor: Actor, programme_id: int, path: str) -> bool:
    if actor.kind in ("console", "system"):
        return True
    return any(grant.role in permits.OFFICE and grant.programme_id in (None, programme_id) and within(path, grant.path)
               for grant in actor.grants)


def require_handing_in(actor: Actor, programme_id: int, unit_id: int) -> None:
    """Raises NotAllowed unless the actor hands in for the unit, NotFound for a unit outside the campaign's."""
    host = units.unit_by_id(units.programme_by_id(programme_id).host_unit_id)
    unit = units.unit_by_id(unit_id)
    if not within(unit.path, host.path):
        raise NotFound(_("There is no unit with the code %(code)s.") % {"code": unit.code})
    permits.require(actor, "filings", programme_id, unit.path)


def require_deciding(actor: Actor, programme_id: int, unit_id: int) -> None:
    if not may_decide(actor, programme_id, units.unit_by_id(unit_id).path):
        raise NotAllowed(_("The campaign office accepts papers and sends them back. Your account cannot."))
