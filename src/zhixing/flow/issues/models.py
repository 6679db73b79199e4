"""What the opinions come to: the mapping, the agreed list, where issues came from, and their events."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, prose, word

TARGETS = ("team", "individual", "unit", "work")
HORIZONS = ("now", "year_end", "long")
STATES = ("open", "dispatched", "in_progress", "handed_in", "verified", "closed", "follow_up", "declined")
RELATIONS = ("merged", "duplicate", "out_of_scope")
SOURCE_KINDS = ("report", "activity", "self_check", "inspection", "policy")
EVENT_KINDS = ("dispatched", "returned_to_office", "extended", "paused", "resumed", "progress", "handed_in",
               "verified", "rejected", "closed", "reopened")


class Issue(CodedRecord):
    """`state` is what the workbook says; where the issue has events they decide (see `reads`)."""

    title = prose()
    statement = prose()
    target = word(16)
    prominent = models.BooleanField(null=True, blank=True)
    lead_unit = link("units.Unit")
    responsible = link("units.Person")
    assisting = fields.codes()
    horizon = word(16)
    listed_on = day()
    due_on = day()
    state = word(16)
    closed_on = day()

    class Meta(CodedRecord.Meta):
        constraints = [
            *CodedRecord.Meta.constraints,
            fields.one_of("issue", "target", TARGETS),
            fields.one_of("issue", "horizon", HORIZONS),
            fields.one_of("issue", "state", STATES),
        ]


class IssueSource(Record):
    """Where an issue came from other than opinions."""

    issue = needed("issues.Issue", db_index=False)
    kind = word(16)
    code = word()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "kind", "code"], name="issuesource_key"),
            fields.one_of("issuesource", "kind", SOURCE_KINDS),
        ]


class Mapping(Record):
    """An opinion merged into an issue, a duplicate of others there, or out of scope (with no issue)."""

    opinion = needed("opinions.Opinion", db_index=False)
    issue = link("issues.Issue")
    relation = word(16)
    reason = prose()

    class Meta:
        indexes = [models.Index(fields=["opinion", "relation"], name="mapping_handled")]
        constraints = [
            models.UniqueConstraint("opinion", Coalesce("issue", 0), name="mapping_key"),
            fields.one_of("mapping", "relation", RELATIONS),
            models.CheckConstraint(
                condition=~Q(relation="out_of_scope") | Q(issue__isnull=True), name="mapping_out_of_scope_alone"),
        ]


class Event(Record):
    """One step of an issue. Append-only: a step told twice is the same step."""

    issue = needed("issues.Issue", db_index=False)
    kind = word(24)
    happened_on = day()
    by = prose(db_column="by_whom")
    text = prose()

    class Meta:
        indexes = [models.Index(fields=["issue", "happened_on"], name="event_issue_day")]
        constraints = [fields.one_of("event", "kind", EVENT_KINDS)]
