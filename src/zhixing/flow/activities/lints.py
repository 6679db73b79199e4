"""The contradictions this room can see."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zhixing.ground.kernel import db
from zhixing.ground.kernel.counts import Count, surely_more
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope

from . import figures

MARKED = f"{figures.MARKED} JOIN units_person p ON p.id = t.person_id"
BEYOND = f"""SELECT a.code, a.title, a.unit_id, p.code, p.name FROM {MARKED}
 WHERE {figures.NOT_A_TALK} AND {figures.THERE} AND (a.starts_on IS NULL OR a.starts_on <= %(as_of)s)
 AND (({figures.BY_UNIT} AND NOT {figures.ON_UNIT_ROSTER}) OR ({figures.IS_GROUP} AND NOT {figures.ON_GROUP_ROSTER}))
 ORDER BY a.code, p.code"""


def _expected_where_counted() -> str:
    """Activities that have both a roster and a head-count, with the number of people on the roster."""
    dated = "a.headcount IS NOT NULL AND (a.starts_on IS NULL OR a.starts_on <= %(as_of)s)"
    listed = f"{MARKED} WHERE {figures.NOT_A_TALK} AND a.roster = 'listed' AND {dated}"
    of_unit = (f"{figures.UNIT_ROSTER} WHERE {figures.NOT_A_TALK} AND {figures.BY_UNIT} AND {figures.OF_CATEGORY} "
               f"AND {dated}")
    of_group = f"{figures.GROUP_ROSTER} WHERE {figures.NOT_A_TALK} AND {figures.IS_GROUP} AND {dated}"
    parts = " UNION ALL ".join(f"SELECT a.id AS activity_id FROM {text}" for text in (listed, of_unit, of_group))
    return (f"SELECT b.code, b.title, b.unit_id, b.headcount, b.headcount_q, COUNT(*) FROM ({parts}) e "
            "JOIN activities_activity b ON b.id = e.activity_id "
            "GROUP BY b.code, b.title, b.unit_id, b.headcount, b.headcount_q ORDER BY b.code")


def attendance_exceeds_roster(scope: Scope) -> Iterator[Finding]:
    """People marked present whom the roster of that day does not know, or a head-count above the roster."""
    params = {"programme": scope.programme_id, "as_of": scope.as_of}
    beyond: dict[str, list[tuple[str, int | None, str, str]]] = {}
    for code, title, unit_id, person, name in db.rows(BEYOND, params):
        beyond.setdefault(code, []).append((title, unit_id, person, name or person))
    for code, found in beyond.items():
        people = [person for _title, _unit, person, _name in found]
        names = [name for _title, _unit, _person, name in found]
        yield Finding(
            (code, *people, *(f"{code}/{person}" for person in people)),
            _("%(title)s: %(people)s marked present, but not on its roster (%(count)s). Add them to the unit or group, "
              "or correct the roster."),
            {"title": found[0][0] or code, "people": ", ".join(names[:5]), "count": len(people)},
            "activities", code, found[0][1],
            tuple(("attendance", f"{code}/{person}", name) for person, name in zip(people, names, strict=True)))
    for code, title, unit_id, headcount, qualifier, expected in db.rows(_expected_where_counted(), params):
        if surely_more(Count(Decimal(headcount), qualifier), Count(Decimal(expected))):
            yield Finding(
                (code,), _("%(title)s: a head-count of %(headcount)s, but only %(expected)s people on the roster."),
                {"title": title or code, "headcount": Count(Decimal(headcount), qualifier), "expected": expected},
                "activities", code, unit_id)


OUTSIDE = """SELECT a.code, a.title, a.unit_id, a.starts_on, ph.name, ph.starts_on, ph.ends_on
 FROM activities_activity a JOIN campaigns_phase ph ON ph.id = a.phase_id
 WHERE a.programme_id = %(programme)s AND a.starts_on <= %(as_of)s
 AND (a.starts_on < ph.starts_on OR a.starts_on > ph.ends_on) ORDER BY a.code"""


def date_outside_phase(scope: Scope) -> Iterator[Finding]:
    params = {"programme": scope.programme_id, "as_of": scope.as_of}
    for code, title, unit_id, on, phase, starts, ends in db.rows(OUTSIDE, params):
        yield Finding(
            (code,), _("%(title)s is dated %(on)s, outside its phase %(phase)s (%(starts)s to %(ends)s)."),
            {"title": title or code, "on": on, "phase": phase, "starts": starts or "…", "ends": ends or "…"},
            "activities", code, unit_id)


register_lints(
    Lint("attendance_exceeds_roster", _("More people present than the roster knows"), attendance_exceeds_roster),
    Lint("date_outside_phase", _("A date outside its phase"), date_outside_phase),
)
