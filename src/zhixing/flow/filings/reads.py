"""Papers handed in: where each stands. Each read is a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import within

from .models import Filing, Step
from .types import HANDED_IN, RETURNED, FilingView, StepView

_LAST = Step.objects.filter(filing=OuterRef("pk")).order_by("-number")
_FIELDS = ("code", "kind", "title", "unit_id", "filed_on", "accepted_on", "phase__code", "file", "what", "version",
           "reason", "last_at")


def _standing(found: QuerySet[Filing]) -> QuerySet[Filing]:
    return found.annotate(what=Subquery(_LAST.values("what")[:1]), version=Subquery(_LAST.values("version")[:1]),
                          reason=Subquery(_LAST.values("reason")[:1]), last_at=Subquery(_LAST.values("at")[:1]))


def _at_or_below(programme_id: int, path: str) -> QuerySet[Filing]:
    """Of units at or below the path; a paper that names no unit is the host's."""
    own = Q(unit__in=units.ids_within([path]))
    host = units.unit_by_id(units.programme_by_id(programme_id).host_unit_id)
    if within(host.path, path):
        own |= Q(unit=None)
    return Filing.objects.filter(own, programme=programme_id)


_RETURNED = Q(what=RETURNED)
_WAITING = Q(accepted_on=None, filed_on__isnull=False) & (Q(what=None) | Q(what=HANDED_IN))
_BY_STATE = {"waiting": _WAITING, "returned": _RETURNED, "accepted": Q(accepted_on__isnull=False) & ~_RETURNED,
             "planned": Q(filed_on=None, accepted_on=None) & Q(what=None)}


def _views(found: QuerySet[Filing], limit: int | None) -> list[FilingView]:
    return [_view(row) for row in found.values_list(*_FIELDS)[:limit]]


def _view(row: tuple[Any, ...]) -> FilingView:
    code, kind, title, unit, filed, accepted, phase, file, what, version, reason, at = row
    if what == RETURNED:
        state = "returned"
    elif accepted is not None:
        state = "accepted"
    else:
        state = "waiting" if filed is not None else "planned"
    sent_back = what == RETURNED
    day = at.date() if sent_back else accepted
    return FilingView(code, kind, title, unit, filed, accepted, phase or "", file, state,
                      version or 0, reason if sent_back else "", day)


def waiting(programme_id: int, path: str, *, limit: int | None = None) -> list[FilingView]:
    """Those handed in and not decided, of units at or below the path, the oldest first."""
    found = _standing(_at_or_below(programme_id, path)).filter(_WAITING)
    return _views(found.order_by("filed_on", "code"), limit)


def returned(programme_id: int, unit_id: int, *, limit: int | None = None) -> list[FilingView]:
    """A unit's own papers that were sent back and not handed in again, the newest first; each with the reason."""
    host = units.programme_by_id(programme_id).host_unit_id
    own = Q(unit=unit_id) | (Q(unit=None) if unit_id == host else Q(pk__in=[]))
    found = _standing(Filing.objects.filter(own, programme=programme_id)).filter(_RETURNED)
    return _views(found.order_by(Subquery(_LAST.values("at")[:1]).desc(), "code"), limit)


def filings(programme_id: int, path: str, actor: Actor, *, state: str = "", kinds: Iterable[str] = (),
            limit: int = 200) -> list[FilingView]:
    """Papers of units at or below the path that the actor may see, the newest first."""
    found = accounts.visible_to(_at_or_below(programme_id, path), actor, programme_id, "unit")
    found = _standing(found)
    if state in _BY_STATE:
        found = found.filter(_BY_STATE[state])
    if listed := list(kinds):
        found = found.filter(kind__in=listed)
    return _views(found.order_by("-filed_on", "-pk"), limit)


def tally(programme_id: int, path: str, actor: Actor) -> dict[str, int]:
    """State → how many papers stand so, of units at or below the path that the actor may see."""
    found = _standing(accounts.visible_to(_at_or_below(programme_id, path), actor, programme_id, "unit"))
    told = dict.fromkeys(_BY_STATE, 0)
    for row in found.values_list(*_FIELDS):
        told[_view(row).state] += 1
    return told


def filing(programme_id: int, code: str, actor: Actor) -> FilingView:
    """Raises NotFound where there is no such paper, or none that the actor may see."""
    mine = Filing.objects.filter(programme=programme_id, code=code)
    found = _views(_standing(accounts.visible_to(mine, actor, programme_id, "unit")), 1)
    if not found:
        raise NotFound(_("There is no paper with the code %(code)s.") % {"code": code})
    return found[0]


def steps(programme_id: int, code: str) -> list[StepView]:
    """What became of a paper, the newest first. The caller has asked for the paper with `filing`."""
    rows = Step.objects.filter(filing__programme=programme_id, filing__code=code).order_by("-number")
    return [StepView(*row) for row in rows.values_list("what", "version", "sha256", "name", "reason", "by", "at")]
