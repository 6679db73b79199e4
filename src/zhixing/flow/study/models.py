"""What was read, written, researched, and made a standing rule."""

from __future__ import annotations

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
