"""What was held, and who was there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, prose, word

STATUSES = ("present", "leave", "absent", "made_up")


class Activity(CodedRecord):
    """A meeting, study session, lecture, talk, visit.

    `starts_on` and `starts_time` are one moment as people write it: a day, and a time where it is known.
    `roster` says who was expected: `listed`, `unit`, `unit:CATEGORY`, `group:CODE`, or "" for no roster;

    `headcount` is used only without one."""

    kind = word()
    title = prose()
    unit = link("units.Unit")
    phase = link("campaigns.Phase")
    starts_on = day()
    starts_time = models.TimeField(null=True, blank=True)
    ends_on = day()
    ends_time = models.TimeField(null=True, blank=True)
    place = prose()
    host = prose()
    roster = word(80)
    headcount = fields.count()
    headcount_q = fields.qualifier()
    minutes = prose()
    counterpart = link("units.Person")
    pair_kind = word()
    theme = prose()
    materials = fields.codes()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            *fields.qualified("activity", "headcount"),
            fields.in_order("activity", "starts_on", "ends_on"),
            models.CheckConstraint(
                condition=Q(roster__in=["", "listed", "unit"]) | Q(roster__startswith="unit:")
                | Q(roster__startswith="group:"),
                name="activity_roster_known"),
        ]


class Attendance(Record):
    activity = needed("activities.Activity", db_index=False)
    person = needed("units.Person")
    status = word(16)
    made_up_on = day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="attendance_key"),
            fields.one_of("attendance", "status", STATUSES),
        ]
