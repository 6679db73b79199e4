"""The tree through time: keeps the spans up to date, and gives other rooms the SQL that restricts a relation
to a subtree on a day.

Rules (see `rules.places`): a unit exists from valid_from to valid_to (its last day). Placements say where it
stood in their periods, its own parent holds outside them. A unit whose superior does not exist on a day
stands under the nearest superior that does, so that a school whose district was closed stays in its county;
with none it is a root of its own. A closed unit is not in the tree of later days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused

from . import rules
from .models import Placement, Span, Unit
from .types import CEILING, LEVELS, STEP, level_of

SPAN_JOIN = "JOIN units_span s ON s.unit_id = {unit} AND s.starts <= %(as_of)s AND s.ends > %(as_of)s"
"""Joins a relation's unit (`{unit}`, say `r.unit_id`) to its place on the day; drops units not open then."""

SUBTREE = "s.path >= %(path)s AND s.path <= %(top)s"
"""Keeps what stands at a path or below it, after SPAN_JOIN. One range of the index on paths."""

CHUNK = 200
T = TypeVar("T")


def restrict(unit: str = "r.unit_id") -> str:
    """SPAN_JOIN and SUBTREE in one, for a relation whose unit is this SQL expression."""
    return f"{SPAN_JOIN.format(unit=unit)} AND {SUBTREE}"


def subtree(path: str, as_of: date) -> dict[str, str | date]:
    """The parameters of SPAN_JOIN and SUBTREE; the path "" is the whole installation."""
    return {"path": path, "top": path + CEILING, "as_of": as_of}


def roll_up(path: str, depth: int) -> str:
    """SQL for the path that a row's figures are added up under: `depth` levels below `path`, or the row's own
    unit where that stands higher."""
    return f"SUBSTR(s.path, 1, {len(path) + depth * STEP})"


def circles(units: Iterable[tuple[rules.Key, rules.Key | None]],
            placements: Iterable[rules.Placement]) -> list[tuple[rules.Key, ...]]:
    """The circles that units with these parents and placements would make (see `rules.circles`): an import
    asks before it writes."""
    return rules.circles(rules.edges(units, placements))


def rebuild() -> int:
    """Derives every span from units and placements; writes those that changed and returns how many.

    Called by every write to units or placements, in its transaction. Raises Refused, naming the units, where
    one would stand above itself on some day, and where the tree is deeper than can be stored."""
    with transaction.atomic():
        lock()
        return _write(_derive())


def lock() -> None:
    """Changes to the tree happen one after the other: waits for the others, until the transaction ends.
    Readers are not held up. (SQLite has one writer at a time anyway.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE units_span IN SHARE ROW EXCLUSIVE MODE")


def _derive() -> dict[tuple[int, date], tuple[str, date]]:
    units = [rules.Facts(*row) for row in
             Unit.objects.order_by("id").values_list("id", "parent_id", "valid_from", "valid_to")]
    placements = list(Placement.objects.values_list("unit_id", "parent_id", "from_on", "to_on"))
    if units and units[-1].id >= int(CEILING):
        raise Refused(_("This installation has given out all the numbers it has for units."))
    try:
        places = rules.places(units, placements)
    except rules.Circular as error:
        shown = "; ".join(_codes([*circle, circle[0]]) for circle in error.circles[:5])
        raise Refused(_("These units would stand above themselves: %(circles)s. Correct a superior or the "
                        "dates of a placement.") % {"circles": shown}) from None
    wanted = {(unit_id, place.starts): (place.path, place.ends)
              for unit_id, own in places.items() for place in own}
    deep = next((key[0] for key, (path, _ends) in wanted.items() if level_of(path) > LEVELS), None)
    if deep is not None:
        raise Refused(_("The unit %(unit)s would stand deeper than %(levels)s levels; set its superior "
                        "higher up.") % {"unit": _codes([deep]), "levels": LEVELS})
    return wanted


def _codes(unit_ids: Sequence[rules.Key]) -> str:
    codes: dict[rules.Key, str] = dict(Unit.objects.filter(id__in=set(unit_ids)).values_list("id", "code"))
    return " → ".join(str(codes.get(unit_id, unit_id)) for unit_id in unit_ids)


def _write(wanted: dict[tuple[int, date], tuple[str, date]]) -> int:
    gone: list[int] = []
    changed = dict(wanted)
    stored = Span.objects.values_list("id", "unit_id", "starts", "path", "ends")
    for row_id, unit_id, starts, path, ends in stored:
        now = changed.get((unit_id, starts))
        if now is None:
            gone.append(row_id)
        elif now == (path, ends):
            del changed[unit_id, starts]
    for ids in _chunks(gone):
        Span.objects.filter(id__in=ids).delete()
    with connection.cursor() as cursor:
        for some in _chunks(list(changed.items())):
            cursor.execute(_UPSERT % ", ".join(["(%s, %s, %s, %s)"] * len(some)),
                           [cell for key, value in some for cell in (*key, *value)])
    return len(gone) + len(changed)


_UPSERT = ("INSERT INTO units_span (unit_id, starts, path, ends) VALUES %s "
           "ON CONFLICT (unit_id, starts) DO UPDATE SET path = excluded.path, ends = excluded.ends")
"""Plain SQL: making 50,000 model instances takes four times as long as writing their rows."""


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start:start + CHUNK]
