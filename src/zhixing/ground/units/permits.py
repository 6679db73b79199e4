"""Who may change the tree."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotAllowed
from zhixing.ground.kernel.types import Actor

ROLES = ("admin", "office")


def may_arrange(actor: Actor, path: str) -> bool:
    """May the actor open, close, move and merge units at this place of today and below it? For a unit under
    nobody the place is "", the whole installation."""
    return actor.holds(*ROLES, path=path)


def require(actor: Actor, path: str, code: str) -> None:
    """Raises NotAllowed, naming the unit."""
    if not may_arrange(actor, path):
        raise NotAllowed(_("The unit %(code)s is not yours to arrange. Ask the office of its superior.")
                         % {"code": code})
