"""Papers handed in."""

from __future__ import annotations

from zhixing.ground.units import reads as units

from .models import Filing
from .types import FilingView


def waiting(programme_id: int, path: str, *, limit: int | None = None) -> list[FilingView]:
    """Those handed in and not accepted yet, of units at or below the path, the oldest first."""
    found = Filing.objects.filter(programme=programme_id, unit__in=units.ids_within([path]), accepted_on=None,
                                  filed_on__isnull=False)
    rows = found.order_by("filed_on", "code").values_list("code", "kind", "title", "unit_id", "filed_on")
    return [FilingView(*row) for row in rows[:limit]]
