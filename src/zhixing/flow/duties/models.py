"""What each unit (or each person of a category) owes: a target on a figure by a day; what was asked and decided about
it; and the steps by which a unit passes a gate. No state is stored: each is derived."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, not_empty, one_of, prose, word

from .types import DECISIONS, EXTENSIONS, REQUESTS, STEPS


class Duty(CodedRecord):
    """`where` is the figure's filter as people write it (`kind=mobilisation`; pairs joined by `&`, several
    values by `;`). `at_least` is met by face value: `>=80` meets 80, not known never meets.
    `applies_to` lists unit kinds or codes, or is `people:CATEGORY`; "" means every participating unit."""

    phase = link("campaigns.Phase")
    name = prose()
    figure = word()
    where = prose(db_column="filter")
    at_least = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = day()
    applies_to = fields.codes()


class Waiver(Record):
    duty = needed("duties.Duty", db_index=False)
    unit = needed("units.Unit")
    reason = prose()
    by = prose(db_column="by_whom")
    waived_on = day()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "unit"], name="waiver_key")]


class Extension(Record):
    """A duty's day for one unit, moved by a decision. The last one given stands. `base`: of a make-up, what the figure
    stood at when it was ordered, where that reached the target: only more than that counts as made up."""

    duty = needed("duties.Duty", db_index=False)
    unit = needed("units.Unit")
    kind = word(20)
    until = models.DateField()
    base = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    reason = prose()
    by = prose(db_column="by_whom")
    given_on = models.DateField()

    class Meta:
        constraints = [one_of("extension", "kind", EXTENSIONS), not_empty("extension", "kind"),
                       not_empty("extension", "reason")]
        indexes = [models.Index(fields=["programme", "duty"], name="extension_of_duty")]


class Request(Record):
    """What a unit asks of the office about one duty. `decision` "" is open. `extension` is what an approval wrote, so
    that undoing the decision takes exactly that back; the waiver is known by its duty and unit."""

    duty = needed("duties.Duty", db_index=False)
    unit = needed("units.Unit")
    kind = word(20)
    reason = prose()
    until = day()
    asked_by = prose()
    asked_on = models.DateField()
    decision = word(20)
    why = prose()
    decided_by = prose()
    decided_on = day()
    extension = models.ForeignKey("duties.Extension", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            one_of("request", "kind", REQUESTS), not_empty("request", "kind"), not_empty("request", "reason"),
            one_of("request", "decision", DECISIONS),
            models.CheckConstraint(condition=models.Q(kind="extend", until__isnull=False)
                                   | models.Q(kind="waive", until__isnull=True), name="request_until"),
            models.UniqueConstraint(fields=["duty", "unit"], condition=models.Q(decision=""), name="request_open"),
        ]
        indexes = [models.Index(fields=["programme", "decision"], name="request_of_programme")]


class Passage(Record):
    """One step of a unit at the gate of a phase. Steps are added and never changed; where the unit stands is its
    last step. `place` numbers the steps of one unit at one gate, so that two people cannot both take the next one.
    `reopened`: the codes of the duties that a sending back reopened."""

    phase = needed("campaigns.Phase", db_index=False)
    unit = needed("units.Unit")
    place = models.PositiveSmallIntegerField()
    step = word(20)
    reason = prose()
    by = prose(db_column="by_whom")
    taken_on = models.DateField(db_column="on_day")
    reopened = fields.codes()

    class Meta:
        constraints = [
            one_of("passage", "step", STEPS), not_empty("passage", "step"),
            models.CheckConstraint(condition=~models.Q(step="returned") | ~models.Q(reason=""),
                                   name="passage_returned_why"),
            models.UniqueConstraint(fields=["phase", "unit", "place"], name="passage_place"),
        ]


class OwnTarget(Record):
    """What a unit asks of itself beyond its superior's plan: an earlier day, a higher target, or both. States are
    judged by the plan; the unit's own pages say both."""

    duty = needed("duties.Duty", db_index=False)
    unit = needed("units.Unit")
    at_least = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = day()
    note = prose()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "unit"], name="own_target_key"),
            models.CheckConstraint(condition=models.Q(at_least__isnull=False) | models.Q(due_on__isnull=False),
                                   name="own_target_given"),
        ]


class Letter(models.Model):
    """That an account's letter of a day was written: there is never a second one."""

    account = word(150)
    written_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "written_on"], name="letter_key"),
                       not_empty("letter", "account")]
