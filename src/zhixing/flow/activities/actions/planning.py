"""Sessions planned ahead: said once, kept as days, counted only when held."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel.calendar import work_calendar
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger

from .. import permits, reads, rules
from ..models import Planned, Series
from . import cells as typed


def plan(programme_id: int, unit_id: int, code: str, cells: Mapping[str, str], weekdays: Collection[int], every: int, *,
         actor: Actor) -> tuple[int, int]:
    """Plans sessions on these weekdays (Monday 0) every so many weeks, from the day of `starts_at` to that of
    `ends_at`, with their times; days off are left out. `cells`: kind, title, starts_at, ends_at, place, host, roster.
    Returns (days planned, days left out). The same `code` twice makes one. Raises Faulty, NotAllowed."""
    permits.require_holding(actor, programme_id, unit_id)
    wrong = typed.Wrong()
    values = {"kind": typed.kind_of(cells, wrong), "roster": cells.get("roster", "")} | {
        name: typed.line(cells, name, wrong) for name in ("title", "place", "host")}
    first, starts = typed.moment_of(cells, "starts_at", wrong, needed=True)
    last, ends = typed.moment_of(cells, "ends_at", wrong, needed=True)
    if not weekdays or not set(weekdays) <= set(range(7)):
        wrong.add("weekdays", _("Choose at least one day of the week."), kind="required")
    if first and last and not 0 <= (last - first).days <= 800:
        wrong.add("ends_at", _("The last day is to be after the first, within two years."), kind="date")
    if starts and ends and ends <= starts:
        wrong.add("ends_at", _("The session is to end after it begins."), kind="date")
    wrong.raise_if_any()
    assert first is not None and last is not None
    days, off = rules.recurring(set(weekdays), max(1, every), first, last, work_calendar().is_workday)
    if not days:
        wrong.add("weekdays", _("No such day lies between the first and the last."), kind="date")
    if len(days) > rules.LONGEST_SERIES:
        wrong.add("ends_at", _("These are %(count)s sessions; plan %(most)s at most at a time.")
                  % {"count": len(days), "most": rules.LONGEST_SERIES}, kind="date")
    wrong.raise_if_any()
    if not typed.CODE.fullmatch(code):
        raise Refused(_("This form has no number. Open it again and hand it in once more."))
    try:
        with transaction.atomic():
            series = Series.objects.create(
                programme_id=programme_id, unit_id=unit_id, code=code, starts_time=starts, ends_time=ends,
                weekdays=f";{';'.join(map(str, sorted(set(weekdays))))};", every=max(1, every), from_on=first,
                to_on=last, **values)
            Planned.objects.bulk_create(Planned(series=series, day=day) for day in days)
            ledger.record(actor=actor, verb="activities.plan", subject=f"series/{code}", programme_id=programme_id,
                          new={**{name: cell for name, cell in cells.items() if cell}, "days": len(days),
                               "weekdays": sorted(set(weekdays)), "every": max(1, every)})
    except IntegrityError:
        if not Series.objects.filter(programme=programme_id, code=code, unit=unit_id).exists():
            raise
    return len(days), len(off)


def drop(programme_id: int, planned_id: int, reason: str, *, actor: Actor) -> None:
    """A planned session will not be held, for a reason; with an empty reason it is on again. Raises NotFound,
    NotAllowed, and Refused for one that was held."""
    view = reads.planned(planned_id, programme_id, actor)
    permits.require_holding(actor, programme_id, view.unit_id)
    if view.activity:
        raise Refused(_("This session was held, so it is not to be dropped. Correct it, or take it out."))
    said = " ".join(reason.split())[:500]
    with transaction.atomic():
        if Planned.objects.filter(pk=planned_id, activity=None).update(dropped=said):
            ledger.record(actor=actor, verb="activities.drop", subject=f"series/{view.series}",
                          new={"day": view.day, "reason": said}, programme_id=programme_id)


def stop(programme_id: int, code: str, *, actor: Actor) -> int:
    """Ends a series: its days that were not held go, those that were stay. Returns how many went. Raises NotFound,
    NotAllowed."""
    series = Series.objects.filter(programme=programme_id, code=code).first()
    if series is None or not permits.may_hold(actor, programme_id, permits.path_of(series.unit_id)):
        raise NotFound(_("There is no such series of sessions."))
    with transaction.atomic():
        gone, _each = Planned.objects.filter(series=series, activity=None).delete()
        if not Planned.objects.filter(series=series).exists():
            series.delete()
        ledger.record(actor=actor, verb="activities.stop", subject=f"series/{code}", new={"days": gone},
                      programme_id=programme_id)
    return gone
