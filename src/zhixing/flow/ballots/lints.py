"""The contradictions this room can see."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhixing.ground.kernel import db
from zhixing.ground.kernel.counts import Count, add, surely_more
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope

from .models import Electorate, Poll


def _polls(scope: Scope) -> QuerySet[Poll]:
    return Poll.objects.filter(programme=scope.programme_id).filter(
        Q(held_on=None) | Q(held_on__lte=scope.as_of)).order_by("code")


def _count(value: int | None, qualifier: str) -> Count | None:
    return None if value is None else Count(Decimal(value), qualifier)


def _by_poll(scope: Scope) -> dict[int, list[Electorate]]:
    groups: dict[int, list[Electorate]] = {}
    for row in Electorate.objects.filter(programme=scope.programme_id).order_by("id"):
        groups.setdefault(row.poll_id, []).append(row)
    return groups


MET = """SELECT p.id, a.headcount, a.headcount_q FROM ballots_poll p JOIN activities_activity a ON a.id = p.activity_id
 WHERE p.programme_id = %(programme)s AND a.roster = '' AND a.headcount IS NOT NULL"""


def more_delegates_than_electorate(scope: Scope) -> Iterator[Finding]:
    """More ballots came back than were issued, more are valid than came back, or more were issued than people met."""
    groups = _by_poll(scope)
    met = {poll: Count(Decimal(count), qualifier)
           for poll, count, qualifier in db.rows(MET, {"programme": scope.programme_id})}
    for poll in _polls(scope):
        for row in groups.get(poll.id, []):
            issued, returned = _count(row.issued, row.issued_q), _count(row.returned, row.returned_q)
            valid = _count(row.valid, row.valid_q)
            for less, more in ((issued, returned), (returned, valid), (issued, valid)):
                if less and more and surely_more(more, less):
                    yield Finding((poll.code, f"{poll.code}/{row.group}"), _(
                        "%(title)s, %(group)s: %(issued)s ballots issued, %(returned)s returned, %(valid)s valid. More "
                        "voted than there were delegates."),
                        {"title": poll.title or poll.code, "group": row.group, "issued": issued or "?",
                         "returned": returned or "?", "valid": valid or "?"}, "polls", poll.code, poll.unit_id)
                    break
        total = add(_count(row.issued, row.issued_q) for row in groups.get(poll.id, []))
        present = met.get(poll.id)
        if total and present and surely_more(total, present):
            yield Finding((poll.code,), _(
                "%(title)s: %(issued)s ballots issued, but only %(present)s people at the meeting."),
                {"title": poll.title or poll.code, "issued": total, "present": present}, "polls", poll.code,
                poll.unit_id)


TALLIED = """SELECT p.id, a.code, a.name, SUM(t.ballots) FROM ballots_tally t JOIN ballots_poll p ON p.id = t.poll_id
 JOIN ballots_aspect a ON a.id = t.aspect_id WHERE t.programme_id = %(programme)s
 GROUP BY p.id, a.code, a.name, a.id ORDER BY a.id"""


def tally_exceeds_valid(scope: Scope) -> Iterator[Finding]:
    groups, polls = _by_poll(scope), {poll.id: poll for poll in _polls(scope)}
    for poll_id, aspect, name, tallied in db.rows(TALLIED, {"programme": scope.programme_id}):
        poll = polls.get(poll_id)
        if poll is None or tallied is None:
            continue
        rows = groups.get(poll_id, [])
        valid = add(_count(row.valid, row.valid_q) for row in rows) if rows else None
        if valid and surely_more(Count(Decimal(tallied)), valid):
            yield Finding((poll.code, f"{poll.code}/{aspect}", aspect), _(
                "%(title)s, %(aspect)s: %(tallied)s answers counted, but only %(valid)s valid ballots."),
                {"title": poll.title or poll.code, "aspect": name or aspect, "tallied": tallied, "valid": valid},
                "polls", poll.code, poll.unit_id)


def rate_without_denominator(scope: Scope) -> Iterator[Finding]:
    """A counted result of which nobody says how many ballots were valid."""
    groups = _by_poll(scope)
    tallied = {row[0] for row in db.rows(TALLIED, {"programme": scope.programme_id})}
    for poll in _polls(scope):
        if poll.id in tallied and all(row.valid is None for row in groups.get(poll.id, [])):
            yield Finding((poll.code,), _(
                "%(title)s: answers are counted, but nobody says how many ballots were valid."),
                {"title": poll.title or poll.code}, "polls", poll.code, poll.unit_id)


register_lints(
    Lint("more_delegates_than_electorate", _("More delegates than the electorate"), more_delegates_than_electorate),
    Lint("tally_exceeds_valid", _("More answers counted than valid ballots"), tally_exceeds_valid),
    Lint("rate_without_denominator", _("A rate with nothing to divide by"), rate_without_denominator),
)
