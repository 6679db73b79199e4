"""What units asked of the office, and what was decided."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.units import reads as units

from ..models import Request
from ..types import RequestView

_FIELDS = ("id", "duty__code", "duty__name", "unit_id", "unit__code", "kind", "reason", "until", "asked_by", "asked_on",
           "decision", "why", "decided_by", "decided_on")


def _views(found: QuerySet[Request]) -> list[RequestView]:
    return [RequestView(number, code, name or code, *rest) for number, code, name, *rest in found.values_list(*_FIELDS)]


def _under(programme_id: int, path: str) -> QuerySet[Request]:
    return Request.objects.filter(programme=programme_id, unit__in=units.ids_within([path]))


def open_requests(programme_id: int, path: str, *, limit: int | None = None) -> list[RequestView]:
    """Those not decided yet of units at or below the path, the oldest first."""
    return _views(_under(programme_id, path).filter(decision="").order_by("id")[:limit])


def requests(programme_id: int, path: str, *, unit_id: int | None = None, since: date | None = None,
             decision: str = "", duty: str = "", limit: int | None = None) -> list[RequestView]:
    """The newest first; with `unit_id` that unit's alone, with `since` those decided on or after the day."""
    found = _under(programme_id, path) if unit_id is None else Request.objects.filter(programme=programme_id,
                                                                                      unit=unit_id)
    if decision:
        found = found.filter(decision=decision)
    if duty:
        found = found.filter(duty__code=duty)
    if since is not None:
        found = found.filter(decided_on__gte=since)
    return _views(found.order_by("-id")[:limit])


def request(programme_id: int, number: int) -> RequestView:
    """Raises NotFound; the caller answers for who may see it."""
    found = _views(Request.objects.filter(programme=programme_id, pk=number))
    if not found:
        raise NotFound(_("There is no request %(number)s.") % {"number": number})
    return found[0]
