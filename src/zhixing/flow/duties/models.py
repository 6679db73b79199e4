"""What each unit (or each person of a category) owes: a target on a figure by a day, and waivers."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, Record, day, link, needed, prose, word


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
