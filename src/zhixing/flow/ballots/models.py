"""Polls and their counted results. The secret vote itself comes later; these are counted paper ballots."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, prose


class Poll(CodedRecord):
    """`scale` lists the grades, `counted` those that count as favourable, `weights` one number per grade."""

    title = prose()
    object = prose()
    unit = link("units.Unit")
    activity = link("activities.Activity")
    held_on = day()
    scale = fields.codes()
    counted = fields.codes()
    weights = fields.codes()
    threshold = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)


class Aspect(Record):
    poll = needed("ballots.Poll", db_index=False)
    code = models.CharField(max_length=fields.CODE_LENGTH)
    name = prose()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "code"], name="aspect_key")]


class Electorate(Record):
    """Ballots issued to, returned by and valid from one group of delegates."""

    poll = needed("ballots.Poll", db_index=False)
    group = models.CharField(max_length=fields.CODE_LENGTH, db_column="group_name")
    issued = fields.count()
    issued_q = fields.qualifier()
    returned = fields.count()
    returned_q = fields.qualifier()
    valid = fields.count()
    valid_q = fields.qualifier()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "group"], name="electorate_key"),
            *fields.qualified("electorate", "issued", "returned", "valid"),
        ]


class Tally(Record):
    """How many valid ballots gave this grade to this aspect."""

    poll = needed("ballots.Poll", db_index=False)
    aspect = needed("ballots.Aspect")
    grade = models.CharField(max_length=fields.CODE_LENGTH)
    count = fields.count(db_column="ballots")
    count_q = fields.qualifier()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "aspect", "grade"], name="tally_key"),
            *fields.qualified("tally", "count"),
        ]
