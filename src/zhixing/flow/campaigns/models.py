"""The campaign: its frame (one-to-one with a Programme), phases, participants, appointments, and what an
office states or remarks about it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, in_order, link, needed, not_empty, prose, word

REMARK_KINDS = ("practice", "effect", "problem", "next_step", "experience")


class Campaign(models.Model):
    programme = models.OneToOneField("units.Programme", models.PROTECT, related_name="+", primary_key=True)
    name = prose()
    template = word()
    starts_on = day()
    ends_on = day()

    class Meta:
        constraints = [in_order("campaign", "starts_on", "ends_on")]


class Participant(Record):
    """A unit that stands in the campaign's workbook; whether it takes part may be not known."""

    unit = needed("units.Unit")
    participates = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "unit"], name="participant_key")]


class Phase(CodedRecord):
    name = prose()
    order = models.PositiveSmallIntegerField(null=True, blank=True, db_column="sort")
    starts_on = day()
    ends_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, in_order("phase", "starts_on", "ends_on")]


class Appointment(Record):
    """A person appointed to a role of the campaign in a unit."""

    role = word()
    person = needed("units.Person")
    unit = link("units.Unit")
    appointed_on = day()

    class Meta:
        constraints = [
            models.UniqueConstraint("programme", "role", "person", Coalesce("unit", 0), name="appointment_key"),
        ]


class Assignment(Record):
    """A cadre assigned to a village, school or teaching point."""

    person = needed("units.Person")
    unit = needed("units.Unit")
    role = word()
    from_on = day()
    to_on = day()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "programme", "person", "unit", "role",
                Coalesce("from_on", models.Value("0001-01-01", models.DateField())), name="assignment_key"),
            in_order("assignment", "from_on", "to_on"),
        ]


class Remark(CodedRecord):
    """A sentence an office wants in its summaries, tied to records by their codes."""

    unit = link("units.Unit")
    phase = link("campaigns.Phase")
    kind = word()
    text = prose()
    evidence = fields.codes()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("remark", "kind", REMARK_KINDS)]


class StatedFact(CodedRecord):
    """What the records cannot count, as somebody stated it, with the source."""

    name = prose()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    value_q = fields.qualifier()
    measure = word()
    source = prose()
    stated_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, *fields.qualified("statedfact", "value")]


class OwnPack(models.Model):
    """A template pack that people wrote: what it says differently (`text`, TOML) from the installed pack `base`. It
    belongs to the installation; `made_by` is the account that wrote it."""

    name = models.CharField(max_length=fields.CODE_LENGTH, unique=True)
    title = prose()
    base = word()
    text = prose()
    made_by = word(150)

    class Meta:
        constraints = [not_empty("ownpack", "name"), not_empty("ownpack", "title"), not_empty("ownpack", "base")]
