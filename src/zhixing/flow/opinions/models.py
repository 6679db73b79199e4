"""What was heard, through which channel, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, in_order, link, needed, prose, word

CHANNEL_KINDS = ("box", "email", "form", "seminar", "visit", "interview", "web", "phone")
TARGETS = ("team", "individual", "unit", "work")
DISPOSITIONS = ("solved", "under_way", "planned", "not_now")


class Channel(CodedRecord):
    kind = word(16)
    name = prose()
    unit = link("units.Unit")
    opened_on = day()
    closed_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            fields.one_of("channel", "kind", CHANNEL_KINDS),
            in_order("channel", "opened_on", "closed_on"),
        ]


class FormBatch(CodedRecord):
    """Forms issued together: how many went out, came back, were valid. Contradictions between the three
    are pointed out, not refused: they are what the office was told."""

    channel = link("opinions.Channel")
    title = prose()
    unit = link("units.Unit")
    audience = prose()
    issued_on = day()
    issued = fields.count()
    issued_q = fields.qualifier()
    returned_on = day()
    returned = fields.count()
    returned_q = fields.qualifier()
    valid = fields.count()
    valid_q = fields.qualifier()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints, *fields.qualified("formbatch", "issued", "returned", "valid"),
        ]


class Opinion(CodedRecord):
    """One opinion in its author's own words."""

    channel = link("opinions.Channel")
    form_batch = link("opinions.FormBatch")
    activity = link("activities.Activity")
    received_on = day()
    unit = link("units.Unit")
    target = word(16)
    category = word()
    text = prose()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("opinion", "target", TARGETS)]


class Echo(Record):
    """An answer to one opinion, with what became of it."""

    opinion = needed("opinions.Opinion", db_index=False)
    given_on = day()
    disposition = word(16)
    text = prose()
    means = prose()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "opinion", Coalesce("given_on", models.Value("0001-01-01", models.DateField())), name="echo_key"),
            fields.one_of("echo", "disposition", DISPOSITIONS),
        ]
