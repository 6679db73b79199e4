"""Changing the tree: units open, close, move and merge, each on a day. Every action is one transaction with
its ledger entry, checks that the actor keeps the units concerned, and brings the spans up to date.

Earlier days stay as they were: nothing here changes where a unit stood before the day named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger.actions import record

from . import permits, reads, rules, tree
from .models import Placement, Unit
from .types import ALWAYS, FOREVER, UnitView, within


def open_unit(code: str, *, name: str, actor: Actor, under: str = "", on: date | None = None,
              short_name: str = "", kind: str = "") -> UnitView:
    """A new unit under the unit `under` ("": under nobody, for whoever keeps the whole installation), from a
    day on (None: always). Refused: a code that is taken, a superior that is not open on that day."""
    with transaction.atomic():
        tree.lock()
        above = reads.unit(under) if under else None
        permits.require(actor, above.path if above else "", under or code)
        if not code or Unit.objects.filter(code=code).exists():
            raise Refused(_("There is a unit with the code %(code)s already; choose another code.")
                          % {"code": code})
        if above and on:
            _must_be_open(above, on)
        Unit.objects.create(code=code, name=name, short_name=short_name, kind=kind, valid_from=on,
                            parent_id=above.id if above else None)
        tree.rebuild()
        record(actor=actor, verb="units.open", subject=f"units/{code}",
               new={"name": name, "short_name": short_name, "kind": kind, "parent": under, "valid_from": on})
        return reads.unit(code)


def close_unit(code: str, *, last_day: date, actor: Actor) -> UnitView:
    """The unit exists up to and including `last_day`. Units under it stand under its superior from then on;
    its records stay with their dates. Refused: a day before it opened, a unit that is closed already."""
    with transaction.atomic():
        tree.lock()
        unit = _kept(code, actor)
        _close(unit, last_day)
        tree.rebuild()
        record(actor=actor, verb="units.close", subject=f"units/{code}", old={"valid_to": None},
               new={"valid_to": last_day})
        return reads.unit(code)


def move_unit(code: str, *, under: str, on: date, actor: Actor) -> UnitView:
    """From `on` the unit, with everything below it, stands under `under` ("": under nobody), until a later
    move that is already recorded. Refused: a place under itself, where it stands already, a unit or superior
    that is not open on that day."""
    with transaction.atomic():
        tree.lock()
        unit = _kept(code, actor)
        above = reads.unit(under) if under else None
        permits.require(actor, above.path if above else "", under or code)
        _must_be_open(unit, on)
        if above:
            _must_be_open(above, on)
            if within(reads.path_on(above.id, on) or "", reads.path_on(unit.id, on) or "?"):
                raise Refused(_("%(unit)s cannot stand under itself or under a unit below it (%(under)s).")
                              % {"unit": code, "under": under})
        before = _stood_under(unit.id, on)
        if before == (above.id if above else None):
            raise Refused(_("%(unit)s stands there already on %(day)s.") % {"unit": code, "day": on})
        _stand(unit.id, above.id if above else None, on)
        tree.rebuild()
        record(actor=actor, verb="units.move", subject=f"units/{code}", old={"parent": _code(before)},
               new={"parent": under, "from": on})
        return reads.unit(code)


def merge_units(codes: Sequence[str], *, into: str, on: date, actor: Actor) -> UnitView:
    """From `on` the unit `into` takes the place of the others: they close the day before, and the units
    directly under them stand under `into`. Their records stay theirs. Refused: merging a unit into itself or
    into one below it, and units that are not open on that day."""
    with transaction.atomic():
        tree.lock()
        target = _kept(into, actor)
        _must_be_open(target, on)
        target_path = reads.path_on(target.id, on) or ""
        merged = [_kept(code, actor) for code in dict.fromkeys(codes)]
        if not merged:
            raise Refused(_("Name at least one unit to merge."))
        children: dict[int, str] = {}
        for unit in merged:
            _must_be_open(unit, on)
            path = reads.path_on(unit.id, on) or ""
            if within(target_path, path):
                raise Refused(_("%(into)s cannot take over %(unit)s, which it belongs to; move "
                                "%(into)s first.") % {"into": into, "unit": unit.code})
            children |= {child.id: child.code for child in reads.children_on(path, on)}
            children |= dict(Unit.objects.filter(parent=unit.id, valid_from__gt=on).values_list("id", "code"))
        staying = {child: code for child, code in children.items()
                   if child not in {target.id, *(unit.id for unit in merged)}}
        for child in staying:
            _stand(child, target.id, on)
        for unit in merged:
            _close(unit, on - timedelta(days=1))
        tree.rebuild()
        record(actor=actor, verb="units.merge", subject=f"units/{into}",
               old={"units": [unit.code for unit in merged]},
               new={"from": on, "moved": list(staying.values())})
        return reads.unit(into)


def _kept(code: str, actor: Actor) -> UnitView:
    """The unit, if the actor may arrange it."""
    unit = reads.unit(code)
    permits.require(actor, unit.path, code)
    return unit


def _must_be_open(unit: UnitView, on: date) -> None:
    if not (unit.valid_from or ALWAYS) <= on <= (unit.valid_to or FOREVER):
        raise Refused(_("The unit %(code)s is not open on %(day)s; choose a day on which it is.")
                      % {"code": unit.code, "day": on})


def _close(unit: UnitView, last_day: date) -> None:
    if unit.valid_to is not None:
        raise Refused(_("The unit %(code)s closes on %(day)s already.")
                      % {"code": unit.code, "day": unit.valid_to})
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise Refused(_("The unit %(code)s opens on %(day)s; it cannot close before that.")
                      % {"code": unit.code, "day": unit.valid_from})
    Unit.objects.filter(pk=unit.id).update(valid_to=last_day)


def _stood_under(unit_id: int, on: date) -> int | None:
    """The superior as recorded for the day, open or not."""
    parent = Unit.objects.values_list("parent_id", flat=True).get(pk=unit_id)
    placed = Placement.objects.filter(unit=unit_id).values_list("unit_id", "parent_id", "from_on", "to_on")
    found = next(edge.parent for edge in rules.edges([(unit_id, parent)], placed)
                 if edge.starts <= on < edge.ends)
    return found if isinstance(found, int) else None


def _stand(unit_id: int, parent_id: int | None, on: date) -> None:
    """Records that the unit stands under another from a day on: cuts the placement that covers the day, and
    ends where that ended or where the next one begins."""
    own = list(Placement.objects.filter(unit=unit_id))
    covering = max((one for one in own if (one.from_on or ALWAYS) <= on <= (one.to_on or FOREVER)),
                   key=lambda one: one.from_on or ALWAYS, default=None)
    later = min((one.from_on for one in own if one.from_on and one.from_on > on), default=None)
    last = covering.to_on if covering else None
    if later is not None:
        last = min(last or FOREVER, later - timedelta(days=1))
    if covering is not None and covering.from_on == on:
        Placement.objects.filter(pk=covering.pk).update(parent=parent_id, to_on=last)
        return
    if covering is not None:
        Placement.objects.filter(pk=covering.pk).update(to_on=on - timedelta(days=1))
    Placement.objects.create(unit_id=unit_id, parent_id=parent_id, from_on=on, to_on=last)


def _code(unit_id: int | None) -> str:
    return Unit.objects.values_list("code", flat=True).get(pk=unit_id) if unit_id is not None else ""
