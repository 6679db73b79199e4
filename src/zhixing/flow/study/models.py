"""What was read, written, researched, and made a standing rule."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, day, link, prose, word

NOTE_KINDS = ("note", "reflection")
RULE_STATUSES = ("planned", "issued", "revised", "repealed")


class Material(CodedRecord):
    """A reader or document given out; `issued` is the number of copies."""

    title = prose()
    kind = word()
    unit = link("units.Unit")
    issued = fields.count()
    issued_q = fields.qualifier()
    given_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, *fields.qualified("material", "issued")]


class Note(CodedRecord):
    person = link("units.Person")
    kind = word()
    title = prose()
    submitted_on = day()
    text = prose()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("note", "kind", NOTE_KINDS)]


class Topic(CodedRecord):
    """A research topic. `group` is the research group in the office's own words or its code."""

    title = prose()
    owner = link("units.Person")
    group = prose(db_column="group_name")
    unit = link("units.Unit")
    due_on = day()


class Report(CodedRecord):
    topic = link("study.Topic")
    title = prose()
    author = link("units.Person")
    completed_on = day()
    text = prose()


class Rule(CodedRecord):
    """A standing rule 制度: planned, issued, revised or repealed."""

    title = prose()
    unit = link("units.Unit")
    status = word(16)
    issued_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("rule", "status", RULE_STATUSES)]


class Version(models.Model):
    """A version of a report: its file, and what is different in it. Versions are only added; the newest counts."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    note = prose()
    by = word(150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="version_key")]


class RuleStep(models.Model):
    """A step of a standing rule: issued, revised, repealed, with its day. Steps are only added; the rule stands at its
    last one."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    status = word(16)
    on = models.DateField(db_column="step_on")
    note = prose()
    by = word(150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rulestep_key"),
            fields.one_of("rulestep", "status", RULE_STATUSES[1:]),
            fields.not_empty("rulestep", "status"),
        ]
