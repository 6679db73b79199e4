"""What was held, and who was there."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, prose, word

from .types import PARTS
from .types import STATUSES as STATUSES


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


def any_number() -> int:
    """A key that tells nothing of the order in which rows came."""
    return secrets.randbits(62) + 1


def part_of() -> models.ForeignKey[Activity, Activity]:
    """A link of what belongs to one activity and goes with it."""
    return models.ForeignKey("activities.Activity", models.CASCADE, related_name="+", db_index=False)


class ActivityText(Record):
    """A long text of an activity: its agenda, decisions, guests, speeches … (minutes stand on the activity itself)."""

    activity = part_of()
    part = word(32)
    text = prose()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "part"], name="activitytext_key"),
            fields.one_of("activitytext", "part", PARTS),
            fields.not_empty("activitytext", "part"),
            fields.not_empty("activitytext", "text"),
        ]


class SignIn(models.Model):
    """Somebody who signed in to an activity: a name, and the person where the roster knows one. No time, no address,
    no device, and a key that does not tell who came before whom. `name_key` is the name as it is compared."""

    id = models.BigIntegerField(primary_key=True, default=any_number, editable=False)
    activity = part_of()
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80)
    person = link("units.Person")

    class Meta:
        constraints = [
            models.UniqueConstraint("activity", "name_key", Coalesce("person", 0), name="signin_key"),
            models.UniqueConstraint(fields=["activity", "person"], name="signin_person"),
            fields.not_empty("signin", "name_key"),
        ]


class Series(CodedRecord):
    """Sessions that a unit means to hold again and again, said once: `weekdays` such as ";2;4;" (Monday is 0), every
    so many weeks from a day to a day. What comes of it are `Planned` days; none counts before it is held."""

    kind = word()
    title = prose()
    unit = needed("units.Unit")
    place = prose()
    host = prose()
    roster = word(80)
    starts_time = models.TimeField(null=True, blank=True)
    ends_time = models.TimeField(null=True, blank=True)
    weekdays = fields.codes()
    every = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            fields.in_order("series", "from_on", "to_on"),
            models.CheckConstraint(condition=Q(every__gte=1), name="series_every_week_or_more"),
        ]


class Planned(models.Model):
    """A day of a series. `activity` is what was held for it; `dropped` the reason why it will not be held."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    activity = models.OneToOneField(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    dropped = prose()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="planned_key"),
            models.CheckConstraint(condition=Q(activity__isnull=True) | Q(dropped=""), name="planned_held_or_dropped"),
        ]


class TalkNote(models.Model):
    """What two people noted of their talk, sealed under a phrase that only they know (Argon2id, then secretbox).
    It is in no table of the workbook, so no export and no archive has it, and no entry of the ledger."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="+", primary_key=True)
    salt = models.BinaryField(max_length=16)
    sealed = models.BinaryField(max_length=20_000)
