"""Who may do what here: who may write the table `activities` for a unit may hold, plan and correct its sessions; who
may see a talk may seal or open its note, if they know the phrase."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import within


def may_hold(actor: Actor, programme_id: int, path: str) -> bool:
    return permits.may_write(actor, "activities", programme_id, path)


def require_holding(actor: Actor, programme_id: int, unit_id: int | None) -> None:
    """Raises NotAllowed unless the actor writes the unit's activities, NotFound for a unit outside the campaign's."""
    host = units.unit_by_id(units.programme_by_id(programme_id).host_unit_id)
    unit = units.unit_by_id(unit_id) if unit_id else host
    if not within(unit.path, host.path):
        raise NotFound(_("There is no unit with the code %(code)s.") % {"code": unit.code})
    permits.require(actor, "activities", programme_id, unit.path)


def path_of(unit_id: int) -> str:
    return units.unit_by_id(unit_id).path
