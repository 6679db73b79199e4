"""Contradictions that span rooms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel import db
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import ids_of

MEETINGS = """SELECT a.title, COALESCE(a.unit_id, g.host_unit_id), a.phase_id, a.starts_on
 FROM activities_activity a JOIN units_programme g ON g.id = a.programme_id
 WHERE a.programme_id = %(programme)s AND a.kind IN ('democratic_life_meeting', 'appraisal_meeting')
 AND a.starts_on <= %(as_of)s
 UNION ALL SELECT p.title, COALESCE(p.unit_id, a.unit_id, g.host_unit_id), a.phase_id, p.held_on
 FROM ballots_poll p JOIN units_programme g ON g.id = p.programme_id
 LEFT JOIN activities_activity a ON a.id = p.activity_id
 WHERE p.programme_id = %(programme)s AND p.held_on <= %(as_of)s"""
CAUSES = """SELECT 'form_batches', f.code, f.title, COALESCE(f.unit_id, c.unit_id, g.host_unit_id), NULL, f.issued_on
 FROM opinions_formbatch f JOIN units_programme g ON g.id = f.programme_id
 LEFT JOIN opinions_channel c ON c.id = f.channel_id
 WHERE f.programme_id = %(programme)s AND f.issued_on <= %(as_of)s
 UNION ALL SELECT 'activities', a.code, a.title, COALESCE(a.unit_id, g.host_unit_id), a.phase_id, a.starts_on
 FROM activities_activity a JOIN units_programme g ON g.id = a.programme_id
 WHERE a.programme_id = %(programme)s AND a.kind IN ('seminar', 'talk') AND a.starts_on <= %(as_of)s"""


class Meeting(NamedTuple):
    title: str
    on: date
    unit_id: int


class Cause(NamedTuple):
    code: str
    title: str
    unit_id: int
    on: date


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def result_before_cause(scope: Scope) -> Iterator[Finding]:
    """A form batch issued, a seminar or a talk inside a phase, but after that phase's democratic-life meeting or
    appraisal vote, which it is meant to feed. Held against the nearest unit, at or above its own, that had such a
    meeting in the phase."""
    params = {"programme": scope.programme_id, "as_of": scope.as_of}
    phases = [(phase.id, phase.name, phase.starts_on, phase.ends_on)
              for phase in campaigns.phases(scope.programme_id)]
    paths = units.paths_under("", scope.as_of)

    def phase_of(phase_id: int | None, on: date) -> int | None:
        inside = [key for key, _name, starts, ends in phases
                  if starts is not None and ends is not None and starts <= on <= ends]
        return phase_id if phase_id is not None and (not inside or phase_id in inside) else next(iter(inside), None)

    first: dict[tuple[int | None, int], Meeting] = {}
    for title, unit_id, phase_id, held in db.rows(MEETINGS, params):
        on = _day(held)
        key = (phase_of(phase_id, on), unit_id)
        if key not in first or on < first[key].on:
            first[key] = Meeting(title, on, unit_id)
    if not first:
        return
    late: dict[tuple[str, Meeting], list[Cause]] = {}
    for table, code, title, unit_id, phase_id, dated in db.rows(CAUSES + " ORDER BY 6, 2", params):
        on = _day(dated)
        meeting = _nearest(first, phase_of(phase_id, on), unit_id, paths)
        if meeting is not None and on > meeting.on:
            late.setdefault((table, meeting), []).append(Cause(code, title or code, unit_id, on))
    for (table, meeting), causes in late.items():
        yield _after(table, meeting, causes)


def _after(table: str, meeting: Meeting, causes: list[Cause]) -> Finding:
    message = ngettext_lazy(
        "%(count)s record, “%(title)s” of %(on)s, is dated after “%(meeting)s” of %(held)s, which it is meant to feed.",
        "%(count)s records, the first “%(title)s” of %(on)s, are dated after “%(meeting)s” of %(held)s, which they are "
        "meant to feed.", len(causes))
    return Finding(tuple(cause.code for cause in causes), message,
                   {"count": len(causes), "title": causes[0].title, "on": causes[0].on, "meeting": meeting.title,
                    "held": meeting.on}, table, causes[0].code, meeting.unit_id)


def _nearest(first: Mapping[tuple[int | None, int], Meeting], phase: int | None, unit_id: int,
             paths: Mapping[int, str]) -> Meeting | None:
    if phase is None:
        return None
    for place in reversed(ids_of(paths.get(unit_id, ""))):
        if (phase, place) in first:
            return first[phase, place]
    return None


FILED_OUTSIDE = """SELECT f.code, f.title, f.unit_id, f.filed_on, f.accepted_on FROM filings_filing f
 WHERE f.programme_id = %(programme)s AND f.accepted_on < f.filed_on AND f.filed_on <= %(as_of)s ORDER BY f.code"""


def accepted_before_filed(scope: Scope) -> Iterator[Finding]:
    params = {"programme": scope.programme_id, "as_of": scope.as_of}
    for code, title, unit_id, filed, accepted in db.rows(FILED_OUTSIDE, params):
        yield Finding((code,), _("%(title)s was accepted on %(accepted)s, before it was handed in on %(filed)s."),
                      {"title": title or code, "accepted": accepted, "filed": filed}, "filings", code, unit_id)


register_lints(
    Lint("result_before_cause", _("A cause dated after its result"), result_before_cause),
    Lint("accepted_before_filed", _("Accepted before it was handed in"), accepted_before_filed),
)
