"""Every query of this room. Each is a fixed number of queries, however many units it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.sharing import remembered, shared

from .models import Person, Programme, Span, Unit
from .types import CEILING, STEP, ProgrammeView, UnitView, ids_of

_SPAN_FIELDS = ("unit_id", "unit__code", "unit__name", "unit__short_name", "unit__kind", "path",
                "unit__valid_from", "unit__valid_to")


def _on(day: date) -> Q:
    """The spans of that day."""
    return Q(starts__lte=day, ends__gt=day)


def _nearest(day: date) -> Q:
    """Exactly one span of every unit: that day's, else its last (closed by then), else its first (not yet
    open)."""
    return (_on(day) | Q(unit__valid_to__lt=day, ends__gt=F("unit__valid_to"))
            | Q(unit__valid_from__gt=day, starts__lte=F("unit__valid_from")))


def _below(path: str) -> Q:
    return Q(path__gte=path, path__lte=path + CEILING) if path else Q()


def _views(spans: QuerySet[Span], day: date) -> list[UnitView]:
    return [
        UnitView(unit_id, code, name, short_name, kind, path,
                 (first is None or first <= day) and (last is None or last >= day), first, last)
        for unit_id, code, name, short_name, kind, path, first, last in spans.values_list(*_SPAN_FIELDS)
    ]


def _some(day: date | None, **which: object) -> list[UnitView]:
    as_of = day or clock.today()
    return _views(Span.objects.filter(_nearest(as_of), **which), as_of)


def unit(code: str, day: date | None = None) -> UnitView:
    """The unit as at the day (today). Raises NotFound when no unit ever had this code."""
    found = _some(day, unit__code=code)
    if not found:
        raise NotFound(_("There is no unit with the code %(code)s.") % {"code": code})
    return found[0]


def unit_by_id(unit_id: int, day: date | None = None) -> UnitView:
    """Raises NotFound when there is no such unit."""
    found = _some(day, unit=unit_id)
    if not found:
        raise NotFound(_("There is no such unit."))
    return found[0]


def units_by_id(unit_ids: Iterable[int], day: date | None = None) -> dict[int, UnitView]:
    """Those of the units that there are, closed ones included."""
    wanted = sorted(set(unit_ids))
    return {view.id: view for view in _some(day, unit__in=wanted)} if wanted else {}


def units_by_code(codes: Iterable[str], day: date | None = None) -> dict[str, UnitView]:
    """Those of the units that there are, closed ones included."""
    wanted = sorted(set(codes))
    return {view.code: view for view in _some(day, unit__code__in=wanted)} if wanted else {}


def path_on(unit_id: int, day: date) -> str | None:
    """The unit's place on the day; None when it was not open then."""
    return shared(("path_on", unit_id, day), lambda: Span.objects.filter(_on(day), unit=unit_id).values_list(
        "path", flat=True).first())


def paths_on(unit_ids: Collection[int], day: date) -> dict[int, str]:
    """The places of those of the units that were open on the day."""
    return dict(Span.objects.filter(_on(day), unit__in=list(unit_ids)).values_list("unit_id", "path"))


def children_on(path: str, day: date) -> list[UnitView]:
    """The units directly under a path on the day, in the order in which they were entered; under "" the
    roots."""
    spans = Span.objects.filter(_on(day), _below(path)).annotate(length=Length("path"))
    return _views(spans.filter(length=len(path) + STEP).order_by("path"), day)


def ancestors_on(unit_id: int, day: date) -> list[UnitView]:
    """The unit's superiors on the day, from the root down, without itself; empty when it was not open."""
    own = Span.objects.filter(_on(day), unit=unit_id).values_list("path", flat=True).first()
    if own is None:
        return []
    return _views(Span.objects.filter(_on(day), unit__in=ids_of(own)[:-1]).order_by("path"), day)


def units_under(path: str, day: date, *, limit: int | None = None, offset: int = 0) -> list[UnitView]:
    """The unit at the path and everything below it on the day, superiors before those under them."""
    spans = Span.objects.filter(_on(day), _below(path)).order_by("path")
    return _views(spans[offset:None if limit is None else offset + limit], day)


def paths_under(path: str, day: date) -> dict[int, str]:
    """Unit id → place, of the unit at the path and everything below it on the day."""
    return shared(("paths_under", path, day), lambda: dict(
        Span.objects.filter(_on(day), _below(path)).values_list("unit_id", "path")))


def people_of(category: str, path: str, day: date) -> list[tuple[int, str, str, int]]:
    """(id, code, name, unit id) of the people of a category in the subtree on the day, by code."""
    below = Span.objects.filter(_on(day), _below(path)).values("unit_id")
    people = Person.objects.filter(categories__contains=f";{category};", unit__in=below)
    return list(people.order_by("code").values_list("id", "code", "name", "unit_id"))


def names_of_people(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of those of the people that there are; the code itself where the name is not known. The
    caller answers for who may see a row that names them."""
    found = Person.objects.filter(code__in=sorted(set(codes))).values_list("code", "name")
    return {code: name or code for code, name in found}


def leading_posts(unit_ids: Collection[int]) -> dict[int, str]:
    """Unit id → the post of the first of its leaders, else of the first of its people who has one."""
    people = Person.objects.filter(unit__in=list(unit_ids)).exclude(post="").order_by("code")
    found: dict[int, tuple[bool, str]] = {}
    for unit_id, post, categories in people.values_list("unit_id", "post", "categories"):
        leads = ";leader;" in categories
        if unit_id is not None and (unit_id not in found or (leads and not found[unit_id][0])):
            found[unit_id] = (leads, post)
    return {unit_id: post for unit_id, (_leads, post) in found.items()}


def last_places(path: str, day: date) -> dict[int, int]:
    """Unit id → the span where it stood last, of units at or below the path that are closed by the day."""
    def find() -> dict[int, int]:
        closed = list(Unit.objects.filter(valid_to__lt=day).values_list("id", flat=True))
        if not closed:
            return {}
        last = Span.objects.filter(_below(path), unit__in=closed, ends__gt=F("unit__valid_to"))
        return dict(last.order_by("id").values_list("unit_id", "id"))
    return remembered(("last_places", path, day), find)


def count_under(path: str, day: date) -> int:
    """How many units stand at the path and below it on the day."""
    return Span.objects.filter(_on(day), _below(path)).count()


def tree_on(path: str, day: date, depth: int) -> list[UnitView]:
    """As `units_under`, but at most `depth` levels below the path."""
    spans = Span.objects.filter(_on(day), _below(path)).annotate(length=Length("path"))
    return _views(spans.filter(length__lte=len(path) + depth * STEP).order_by("path"), day)


def ids_within(paths: Collection[str], day: date | None = None) -> QuerySet[Any, Any]:
    """The ids of the units at or below any of the paths, as a subquery for another room's queryset. Unlike a
    figure's subtree it includes units that are closed or not yet open, at their last or first place: their
    records still belong to somebody."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(path__gte=path, path__lte=path + CEILING)
    return Span.objects.filter(_nearest(day or clock.today()), under).values("unit_id")


def search(text: str, path: str, day: date, *, limit: int = 20) -> list[UnitView]:
    """Units under the path whose code or name holds the text."""
    named = (Q(unit__code__icontains=text) | Q(unit__name__icontains=text)
             | Q(unit__short_name__icontains=text))
    return _views(Span.objects.filter(_on(day), _below(path), named).order_by("path")[:limit], day)


_PROGRAMME_FIELDS = ("id", "code", "host_unit_id", "host_unit__code")


def programme(code: str) -> ProgrammeView:
    """Raises NotFound when there is no programme with this code."""
    row = Programme.objects.filter(code=code).values_list(*_PROGRAMME_FIELDS).first()
    if row is None:
        raise NotFound(_("There is no campaign with the code %(code)s.") % {"code": code})
    return ProgrammeView(*row)


def programme_by_id(programme_id: int) -> ProgrammeView:
    """Raises NotFound when there is no such programme."""
    row = shared(("programme", programme_id), lambda: Programme.objects.filter(pk=programme_id).values_list(
        *_PROGRAMME_FIELDS).first())
    if row is None:
        raise NotFound(_("There is no such campaign."))
    return ProgrammeView(*row)


def programmes() -> list[ProgrammeView]:
    """Every programme of the installation, by code; the caller decides who may see which."""
    return [ProgrammeView(*row) for row in Programme.objects.order_by("code").values_list(*_PROGRAMME_FIELDS)]
