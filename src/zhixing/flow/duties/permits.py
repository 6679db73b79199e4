"""Who may ask, decide, and take a step at a gate.

| step | who |
|---|---|
| ask, withdraw, own target, propose | the unit's secretary, the campaign office |
| decide a request, undo that | the campaign office; never one's own request |
| review | supervisors |
| pass | leaders |
| send back | supervisors what was proposed, leaders at any step |
| the console | everything |

Supervisors and leaders look at units from above: one whose grant is over the unit alone does not judge it, unless it
hosts the campaign."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotAllowed
from zhixing.ground.kernel.types import Actor

OFFICE = ("admin", "office")
UNIT = ("secretary", *OFFICE)
ROLES = {"propose": UNIT, "review": ("supervisor",), "pass": ("leader",), "send_back": ("supervisor", "leader")}
"""A step at a gate → the roles that take it."""


def may_ask(actor: Actor, programme_id: int, path: str) -> bool:
    return actor.holds(*UNIT, programme_id=programme_id, path=path)


def may_decide(actor: Actor, programme_id: int, path: str, asked_by: str = "") -> bool:
    """May the actor decide what `asked_by` asked for the unit at the path?"""
    own = actor.kind == "person" and actor.key == asked_by
    return not own and actor.holds(*OFFICE, programme_id=programme_id, path=path)


def may_step(actor: Actor, step: str, programme_id: int, path: str, host: str, stands: str = "") -> bool:
    """May the actor take the step (`propose`, `review`, `pass`, `send_back`) for the unit at `path`, which `stands`
    where it does? `host`: the place of the unit that hosts the campaign."""
    if actor.kind != "person" or step == "propose":
        return actor.holds(*ROLES[step], programme_id=programme_id, path=path)
    return any(
        grant.role in ROLES[step] and grant.programme_id in (None, programme_id) and path.startswith(grant.path)
        and (path == host or grant.path != path)
        and (step != "send_back" or grant.role == "leader" or stands == "proposed")
        for grant in actor.grants
    )


def require(allowed: bool) -> None:
    """Raises NotAllowed."""
    if not allowed:
        raise NotAllowed(_("This step is not yours to take. Ask the campaign office who takes it."))
