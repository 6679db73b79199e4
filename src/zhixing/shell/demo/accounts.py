"""One sign-in per role for trying the demonstration out. Nothing here runs outside `zhixing demo`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhixing.flow.duties import reads as duties
from zhixing.ground.accounts import actions, reads
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import CONSOLE, ROLES
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView

PASSWORD = "try-zhixing-out"

BEGIN = ("admin", "office")
"""Roles that hold in every campaign of their unit, so that they may set up another one."""


@dataclass(frozen=True)
class SignIn:
    """`password` "" means that somebody changed it since."""

    role: str
    name: str
    password: str
    unit: str
    unit_name: str


def open_accounts(campaign: str) -> list[SignIn]:
    """Makes those of the accounts that are not there yet; leaves the others as they are."""
    programme = units.programme(campaign)
    missing = [role for role in ROLES if reads.account(role) is None]
    if missing:
        places = _places(programme.id, programme.host_unit_id)
        for role in missing:
            alone = "" if role in BEGIN else campaign
            actions.add_account(role, PASSWORD, role=role, unit=places[role].code, campaign=alone, actor=CONSOLE)
    grants = {grant.user: grant for grant in reads.grants_of(ROLES)}
    names = units.units_by_code([grant.unit for grant in grants.values()])
    return [SignIn(role, role, PASSWORD if role in missing or _unchanged(role) else "", grants[role].unit,
                   names[grants[role].unit].name) for role in ROLES if role in grants]


def _unchanged(name: str) -> bool:
    user = reads.account(name)
    return user is not None and user.check_password(PASSWORD)


def _places(programme_id: int, host_unit_id: int) -> dict[str, UnitView]:
    """The unit of each role: the bureau for most, a division for whoever is responsible for issues, a
    district to look at, and for the secretary the school of that district with the most varied duties."""
    day = clock.today()
    bureau = units.unit_by_id(host_unit_id, day)
    below = units.children_on(bureau.path, day)
    division = [view for view in below if view.kind == "division"][2]
    district = next(view for view in below if view.kind == "school_district")
    schools = units.children_on(district.path, day)
    return {**dict.fromkeys(ROLES, bureau), "responsible": division, "viewer": district,
            "secretary": _liveliest(programme_id, district, schools, day)}


def _liveliest(programme_id: int, district: UnitView, schools: Sequence[UnitView], day: date) -> UnitView:
    found: dict[int, set[str]] = {}
    for each in duties.states(programme_id, day, path=district.path):
        found.setdefault(each.unit_id, set()).add(each.state)
    return max(schools, key=lambda view: (len(found.get(view.id, ())), view.code))
