"""What superiors look at and what units report: information, publicity, inspections, distinctions."""

from __future__ import annotations

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, day, link, prose, word

INFORMATION_KINDS = ("briefing", "article")
PUBLICITY_KINDS = ("board", "banner", "column", "post", "pledge", "showcase", "garden")
SUBJECTS = ("work", "project", "funds", "decision")
BASES = ("key", "hot", "routine")
DISTINCTION_KINDS = ("exemplar", "commendation", "criticism", "consequence")


class Information(CodedRecord):
    unit = link("units.Unit")
    title = prose()
    kind = word(16)
    submitted_on = day()
    used_by = prose()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("information", "kind", INFORMATION_KINDS)]


class Publicity(CodedRecord):
    """`count` not known means one item."""

    unit = link("units.Unit")
    kind = word(16)
    title = prose()
    shown_on = day()
    count = fields.count(db_column="items")
    count_q = fields.qualifier()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            fields.one_of("publicity", "kind", PUBLICITY_KINDS),
            *fields.qualified("publicity", "count"),
        ]


class Inspection(CodedRecord):
    activity = link("activities.Activity")
    unit = link("units.Unit")
    subject = word(16)
    basis = word(16)
    finding = prose()
    issue = link("issues.Issue")

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            fields.one_of("inspection", "subject", SUBJECTS),
            fields.one_of("inspection", "basis", BASES),
        ]


class Distinction(CodedRecord):
    kind = word(16)
    unit = link("units.Unit")
    person = link("units.Person")
    basis = prose()
    decided_by = prose()
    decided_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [*CodedRecord.Meta.constraints, fields.one_of("distinction", "kind", DISTINCTION_KINDS)]
