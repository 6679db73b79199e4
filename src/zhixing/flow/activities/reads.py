"""Every query of this room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import db
from zhixing.ground.kernel.counts import Count
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import CEILING, STEP, ids_of, step

from . import rules
from .models import Activity, ActivityText, Attendance, Planned, Series, SignIn, TalkNote
from .types import (
    Expected,
    Habit,
    Marked,
    PairRow,
    PlannedView,
    Presence,
    SessionView,
    Signed,
    Slot,
    TalkMatrix,
)

PEOPLE = """SELECT p.id, p.code, p.name, p.post, p.unit_id FROM units_span s
 JOIN units_person p ON p.unit_id = s.unit_id
 WHERE s.path >= %(path)s AND s.path <= %(top)s AND s.starts <= %(day)s AND s.ends > %(day)s
 AND (%(category)s = '' OR REPLACE(p.categories, %(marked)s, '') <> p.categories)
 ORDER BY s.path, p.code LIMIT %(limit)s"""

MEMBERS = """SELECT DISTINCT p.id, p.code, p.name, p.post, p.unit_id FROM units_group g
 JOIN units_member m ON m.group_id = g.id AND (m.from_on IS NULL OR m.from_on <= %(day)s)
 AND (m.to_on IS NULL OR m.to_on >= %(day)s) JOIN units_person p ON p.id = m.person_id
 WHERE g.programme_id = %(programme)s AND g.code = %(code)s ORDER BY p.code LIMIT %(limit)s"""

CATEGORIES = """SELECT p.categories, COUNT(*) FROM units_span s JOIN units_person p ON p.unit_id = s.unit_id
 WHERE s.path >= %(path)s AND s.path <= %(top)s AND s.starts <= %(day)s AND s.ends > %(day)s GROUP BY p.categories"""

GROUPS = """SELECT g.code, g.name, COUNT(m.id) FROM units_group g LEFT JOIN units_member m ON m.group_id = g.id
 AND (m.from_on IS NULL OR m.from_on <= %(day)s) AND (m.to_on IS NULL OR m.to_on >= %(day)s)
 WHERE g.programme_id = %(programme)s AND g.unit_id = %(unit)s GROUP BY g.code, g.name ORDER BY g.code"""


def _people(rows: list[tuple[Any, ...]]) -> list[Expected]:
    return [Expected(key, code, name or code, post, unit) for key, code, name, post, unit in rows]


def people_under(path: str, day: date, category: str = "", limit: int = 100_000) -> list[Expected]:
    """The people of the units at and below a path on the day (of one category), unit by unit."""
    return _people(db.rows(PEOPLE, {"path": path, "top": path + CEILING, "day": day, "category": category,
                                    "marked": f";{category};", "limit": limit}))


def expected(programme_id: int, unit_id: int, roster: str, day: date, limit: int = 100_000) -> list[Expected]:
    """Who stands on a roster (`unit`, `unit:CATEGORY`, `group:CODE`) of the unit on the day, as figures count them;
    nobody for "" and for `listed`, whose people are those that its rows name."""
    if roster.startswith("group:"):
        return _people(db.rows(MEMBERS, {"programme": programme_id, "code": roster[6:], "day": day, "limit": limit}))
    if roster != "unit" and not roster.startswith("unit:"):
        return []
    path = units.path_on(unit_id, day)
    return people_under(path, day, roster[5:], limit) if path else []


def rosters(programme_id: int, unit_id: int, day: date) -> tuple[int, dict[str, int], dict[str, tuple[str, int]]]:
    """What a unit can call together: how many people it has with everything below it, how many of each category, and
    its own groups (code → name, members)."""
    path = units.path_on(unit_id, day)
    by_category: dict[str, int] = {}
    everybody = 0
    if path:
        for stored, count in db.rows(CATEGORIES, {"path": path, "top": path + CEILING, "day": day}):
            everybody += count
            for category in filter(None, stored.split(";")):
                by_category[category] = by_category.get(category, 0) + count
    groups = {code: (name or code, count) for code, name, count in
              db.rows(GROUPS, {"programme": programme_id, "unit": unit_id, "day": day})}
    return everybody, by_category, groups


def _visible(actor: Actor, programme_id: int) -> QuerySet[Activity]:
    mine = Activity.objects.filter(programme=programme_id)
    return accounts.visible_to(mine, actor, programme_id, "unit")


def session(programme_id: int, code: str, actor: Actor) -> SessionView:
    """One activity. Raises NotFound where there is none, or none that the actor may see."""
    row = _visible(actor, programme_id).select_related("unit", "phase", "counterpart", "programme__host_unit").filter(
        code=code).first()
    if row is None:
        raise NotFound(_("There is no session with the code %(code)s.") % {"code": code})
    return _session(row)


def session_by_id(activity_id: int) -> SessionView:
    """One activity for its own sign-in page, which a good code opens. Raises NotFound."""
    row = Activity.objects.select_related("unit", "phase", "counterpart", "programme__host_unit").filter(
        pk=activity_id).first()
    if row is None:
        raise NotFound(_("There is no such session."))
    return _session(row)


def _session(row: Activity) -> SessionView:
    unit = row.unit or row.programme.host_unit
    count = Count(Decimal(row.headcount), row.headcount_q) if row.headcount is not None else ""
    texts = dict(ActivityText.objects.filter(activity=row.id).values_list("part", "text"))
    return SessionView(
        row.id, row.code, row.kind, row.title, unit.id, unit.code, unit.name or unit.code,
        row.phase.code if row.phase else "", row.starts_on, row.starts_time, row.ends_on, row.ends_time, row.place,
        row.host, units.names_of_people([row.host]).get(row.host, row.host) if row.host else "", row.roster,
        str(count), row.minutes, row.counterpart.code if row.counterpart else "",
        (row.counterpart.name or row.counterpart.code) if row.counterpart else "", row.pair_kind, row.theme, texts)


def programme_of(activity_id: int) -> int:
    """Raises NotFound where there is no such session."""
    found = Activity.objects.filter(pk=activity_id).values_list("programme_id", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such session."))
    return found


def roster(programme_id: int, view: SessionView, day: date) -> list[Expected]:
    """Who was expected at a session: the roster of its day (`day` where it has none)."""
    if view.roster == "listed":
        rows = Attendance.objects.filter(activity=view.id).order_by("person__code").values_list(
            "person_id", "person__code", "person__name", "person__post", "person__unit_id")
        return _people(list(rows))
    return expected(programme_id, view.unit_id, view.roster, view.starts_on or day)


def presence(programme_id: int, view: SessionView, day: date) -> Presence:
    """Who was there. Two queries, and one for the roster."""
    listed = roster(programme_id, view, day)
    on_it = {each.id for each in listed}
    rows = Attendance.objects.filter(activity=view.id).order_by("person__code").values_list(
        "person_id", "person__code", "person__name", "person__post", "person__unit_id", "status", "made_up_on")
    marked = tuple(Marked(Expected(key, code, name or code, post, unit), status, made_up, key in on_it)
                   for key, code, name, post, unit, status, made_up in rows)
    away = sum(each.expected and each.status not in ("present", "made_up") for each in marked)
    return Presence(len(listed), len(listed) - away, marked)


def habit(programme_id: int, unit_id: int, kind: str = "") -> Habit:
    """What the unit's last session (of a kind) said of place, leader, roster and time."""
    rows = Activity.objects.filter(programme=programme_id, unit=unit_id, starts_on__isnull=False).exclude(kind="talk")
    if kind:
        rows = rows.filter(kind=kind)
    last = rows.order_by("-starts_on", "-id").values_list("kind", "place", "host", "roster", "starts_time").first()
    return Habit(*last) if last else Habit()


def said_before(programme_id: int, unit_id: int) -> tuple[list[str], list[str]]:
    """Places and leaders that the unit's last fifty sessions named, the newest first, each once."""
    rows = Activity.objects.filter(programme=programme_id, unit=unit_id).exclude(kind="talk").order_by(
        "-starts_on", "-id").values_list("place", "host")[:50]
    listed = list(rows)
    return list(dict.fromkeys(place for place, _host in listed if place))[:8], list(
        dict.fromkeys(host for _place, host in listed if host))[:8]


def signed(activity_id: int) -> list[Signed]:
    """Who has signed in, by name."""
    rows = SignIn.objects.filter(activity=activity_id).order_by("name_key", "person__code").values_list(
        "name", "person__code")
    return [Signed(name, code or "") for name, code in rows]


def sessions(programme_id: int, actor: Actor, path: str, first: date, last: date, limit: int = 2_000) -> list[Slot]:
    """What was held from a day to a day by units at or below the path, and what is planned there and not yet held; by
    day and time. Talks are pairs, not meetings, and stand on their own page."""
    below = units.ids_within([path])
    held = _visible(actor, programme_id).filter(_of_units(programme_id, path, below), starts_on__gte=first,
                                                starts_on__lte=last).exclude(kind="talk")
    slots = [
        Slot(day, at, ends, kind, title, unit or 0, name or short or "", place, code)
        for day, at, ends, kind, title, unit, name, short, place, code in held.order_by(
            "starts_on", "starts_time", "id").values_list(
            "starts_on", "starts_time", "ends_time", "kind", "title", "unit_id", "unit__short_name", "unit__name",
            "place", "code")[:limit]
    ]
    planned = accounts.visible_to(
        Planned.objects.filter(series__programme=programme_id, series__unit__in=below, day__gte=first, day__lte=last,
                               activity=None), actor, programme_id, "series.unit")
    slots += _planned_slots(planned, limit)
    return sorted(slots, key=lambda slot: (slot.day, str(slot.at or ""), slot.unit_name, slot.code))


def _of_units(programme_id: int, path: str, below: QuerySet[Any, Any]) -> Q:
    """A record without a unit is the host's."""
    host = units.programme_by_id(programme_id).host_unit_id
    top = units.unit_by_id(host).path
    return Q(unit__in=below) | Q(unit=None) if top.startswith(path) else Q(unit__in=below)


def planned(planned_id: int, programme_id: int, actor: Actor) -> PlannedView:
    """Raises NotFound where there is no such planned day, or none that the actor may see."""
    rows = accounts.visible_to(
        Planned.objects.filter(series__programme=programme_id), actor, programme_id, "series.unit")
    row = rows.select_related("series__unit", "activity").filter(pk=planned_id).first()
    if row is None:
        raise NotFound(_("There is no such planned session."))
    of = row.series
    return PlannedView(row.id, of.code, row.day, of.kind, of.title, of.unit_id, of.unit.code, of.place, of.host,
                       of.roster, of.starts_time, of.ends_time, row.dropped, row.activity.code if row.activity else "")


def series_of(programme_id: int, actor: Actor, unit_id: int) -> list[tuple[str, str, date, date, int, int]]:
    """(code, title, first day, last day, days planned, days held) of a unit's series, the newest first."""
    rows = accounts.visible_to(Series.objects.filter(programme=programme_id, unit=unit_id), actor, programme_id, "unit")
    listed = list(rows.order_by("-from_on", "code").values_list("id", "code", "title", "from_on", "to_on"))
    days: dict[int, list[bool]] = {}
    for series, activity in Planned.objects.filter(
            series__in=[row[0] for row in listed], dropped="").values_list("series_id", "activity_id"):
        days.setdefault(series, []).append(activity is not None)
    return [(code, title, first, last, len(days.get(key, [])), sum(days.get(key, [])))
            for key, code, title, first, last in listed]


def due_to_hand_in(programme_id: int, actor: Actor, unit_id: int, day: date, limit: int = 10) -> list[Slot]:
    """The unit's own planned days up to the day that were neither handed in nor dropped, the oldest first: what its
    secretary still has to say of them."""
    rows = Planned.objects.filter(series__programme=programme_id, series__unit=unit_id, day__lte=day, activity=None,
                                  dropped="", day__gte=day - timedelta(days=60))
    return _planned_slots(accounts.visible_to(rows, actor, programme_id, "series.unit"), limit)


def _planned_slots(rows: QuerySet[Planned], limit: int) -> list[Slot]:
    return [
        Slot(day, at, ends, kind, title, unit, name or short, place, "", key, dropped)
        for day, at, ends, kind, title, unit, name, short, place, key, dropped in rows.order_by("day").values_list(
            "day", "series__starts_time", "series__ends_time", "series__kind", "series__title", "series__unit_id",
            "series__unit__short_name", "series__unit__name", "series__place", "id", "dropped")[:limit]
    ]


def missed(programme_id: int, unit_id: int, actor: Actor, limit: int = 200) -> list[tuple[str, str, date | None, str]]:
    """(session code, title, its day, person) of those who missed a session of the unit and have not made it up."""
    rows = Attendance.objects.filter(activity__in=_visible(actor, programme_id).filter(unit=unit_id),
                                     status__in=["leave", "absent"])
    return list(rows.order_by("-activity__starts_on", "person__code").values_list(
        "activity__code", "activity__title", "activity__starts_on", "person__name")[:limit])


def own_units(programme_id: int, path: str, day: date) -> set[int]:
    """The unit at the path with its parts that do not take part themselves (the divisions of a bureau); units that do
    (its schools) have their own talks."""
    own = ids_of(path)[-1]
    others = {step(key) for key in campaigns.participants(programme_id) if key != own}
    below = len(path)
    return {key for key, place in units.paths_under(path, day).items()
            if not any(place[at:at + STEP] in others for at in range(below, len(place), STEP))}


def talkers(programme_id: int, path: str, day: date, category: str) -> list[Expected]:
    """The people of a category among whom a unit's talks are held."""
    own = own_units(programme_id, path, day)
    return [each for each in people_under(path, day, category) if each.unit_id in own]


def talk_matrix(programme_id: int, kind: str, pair: tuple[str, str, bool], path: str, day: date,
                most: int = 200) -> TalkMatrix:
    """Who of the first category has talked with whom of the second, among the unit's own people: the pair and the day
    of the first talk, never what was said. `most` people of the first are shown."""
    first, second, same_unit = pair
    everyone = talkers(programme_id, path, day, first)
    columns = everyone if first == second else talkers(programme_id, path, day, second)
    talked = _talks(programme_id, kind, day)
    rows: list[PairRow] = []
    done = owed = 0
    for person in everyone:
        others = [each for each in columns if each.id != person.id
                  and (not same_unit or each.unit_id == person.unit_id)]
        had = {each.code: talked[pair_of(person.code, each.code)] for each in others
               if pair_of(person.code, each.code) in talked}
        done, owed = done + len(had), owed + len(others)
        if len(rows) < most:
            rows.append(PairRow(person, had, tuple(each for each in others if each.code not in had)))
    half = 2 if first == second else 1
    return TalkMatrix(tuple(rows), tuple(columns), done // half, owed // half, len(everyone) - len(rows))


def pair_of(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _talks(programme_id: int, kind: str, day: date) -> dict[tuple[str, str], date | None]:
    rows: QuerySet[Any] = Activity.objects.filter(programme=programme_id, kind="talk", pair_kind=kind).filter(
        Q(starts_on=None) | Q(starts_on__lte=day)).order_by("-starts_on")
    return {pair_of(host, other): on for host, other, on in rows.values_list("host", "counterpart__code", "starts_on")
            if host and other}


def talk_between(programme_id: int, one: str, other: str, kind: str, actor: Actor) -> str:
    """The code of the pair's newest talk that the actor may see, "" where there is none."""
    rows = _visible(actor, programme_id).filter(
        Q(host=one, counterpart__code=other) | Q(host=other, counterpart__code=one), kind="talk", pair_kind=kind)
    return rows.order_by("-starts_on", "-id").values_list("code", flat=True).first() or ""


def talks(programme_id: int, actor: Actor, unit_ids: Collection[int], limit: int = 50) -> list[SessionView]:
    """The newest talks of these units."""
    rows = _visible(actor, programme_id).select_related("unit", "phase", "counterpart", "programme__host_unit").filter(
        kind="talk", unit__in=list(unit_ids)).order_by("-starts_on", "-id")[:limit]
    names = units.names_of_people(row.host for row in rows)
    return [SessionView(
        row.id, row.code, row.kind, row.title, row.unit_id or 0, row.unit.code if row.unit else "",
        row.unit.name if row.unit else "", "", row.starts_on, row.starts_time, None, None, "", row.host,
        names.get(row.host, row.host), "", "", "", row.counterpart.code if row.counterpart else "",
        row.counterpart.name if row.counterpart else "", row.pair_kind, "") for row in rows]


def noted(activity_ids: Collection[int]) -> set[int]:
    """Which of these talks have a sealed note."""
    return set(TalkNote.objects.filter(activity__in=list(activity_ids)).values_list("activity_id", flat=True))


def pack_words(programme_id: int, section: str) -> Mapping[str, Any]:
    return campaigns.pack_of(programme_id).words(section)


def asked(programme_id: int, kind: str) -> tuple[str, ...]:
    """The long texts that the campaign's pack asks for of a kind, all of them optional."""
    return rules.asked_of(kind, pack_words(programme_id, "activity_asks"))


def pairs(programme_id: int) -> dict[str, tuple[str, str, bool]]:
    """Pair kind → the two categories, and whether they are of one unit."""
    found = rules.pairs_of(pack_words(programme_id, "pair_categories"))
    known = pack_words(programme_id, "pair_kinds")
    return {kind: pair for kind, pair in found.items() if kind in known} if known else found


def named(text: str, people: Collection[Expected]) -> list[tuple[str, list[Expected]]]:
    """Each name written in a text, with the people who are called so."""
    return [(name, rules.matching(name, people)) for name in rules.split_names(text)]
