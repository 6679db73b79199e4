"""The dated tree of units, the people in it, their groups, and the programme that a unit hosts.

`Span` is derived from units and placements by `ground.units.tree`: for each unit, the periods during
which its chain of superiors did not change, with that chain as a path of seven-digit unit ids. A unit's
subtree on a day is the spans of that day whose path begins with the unit's own (compare as
`path >= p AND path <= p || '9999999'`; digits alone sort alike under every collation)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, in_order, link, needed, prose, word


class Unit(models.Model):
    """One organisation or part of one. Codes are unique within the installation."""

    code = models.CharField(max_length=fields.CODE_LENGTH, unique=True)
    name = prose()
    short_name = prose()
    kind = word()
    parent = link("units.Unit")
    valid_from = day()
    valid_to = day()

    class Meta:
        indexes = [models.Index(fields=["valid_to"], name="unit_closed", condition=Q(valid_to__isnull=False))]
        constraints = [
            fields.not_empty("unit", "code"),
            in_order("unit", "valid_from", "valid_to"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        ]


class Placement(models.Model):
    """Where a unit stood in a period, for units that moved. `to_on` is the last day of the period."""

    unit = needed("units.Unit", db_index=False)
    parent = link("units.Unit")
    from_on = day()
    to_on = day()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "unit", Coalesce("from_on", models.Value("0001-01-01", models.DateField())),
                name="placement_key"),
            in_order("placement", "from_on", "to_on"),
        ]


class Span(models.Model):
    """Derived: from `starts` to the day before `ends`, the unit stood at `path`."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    path = models.CharField(max_length=210)
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["path", "unit"], name="span_path")]
        constraints = [models.UniqueConstraint(fields=["unit", "starts"], name="span_key")]


class Person(models.Model):
    """A person of a unit. Codes are unique within the installation."""

    code = models.CharField(max_length=fields.CODE_LENGTH, unique=True)
    name = prose()
    unit = link("units.Unit")
    post = prose()
    categories = fields.codes()
    phone = word()
    email = word(254)

    class Meta:
        constraints = [fields.not_empty("person", "code")]


class Programme(models.Model):
    """What grants, scopes and frozen figures refer to: a code and the unit that hosts it. The campaign
    room adds the rest."""

    code = models.CharField(max_length=fields.CODE_LENGTH, unique=True)
    host_unit = needed("units.Unit")

    class Meta:
        constraints = [fields.not_empty("programme", "code")]


class Group(CodedRecord):
    """A party group, study centre group, research group, lecturers, inspection group …"""

    name = prose()
    kind = word()
    unit = link("units.Unit")
    head = link("units.Person")


class Member(Record):
    """A person in a group, from a day to a day (its last); not known = always."""

    group = needed("units.Group", db_index=False)
    person = needed("units.Person")
    from_on = day()
    to_on = day()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group", "person", Coalesce("from_on", models.Value("0001-01-01", models.DateField())),
                name="member_key"),
            in_order("member", "from_on", "to_on"),
        ]
