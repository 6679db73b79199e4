"""Papers handed in, and what became of them."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import CodedRecord, day, link, prose, word

from .types import ACCEPTED, HANDED_IN, RETURNED


class Filing(CodedRecord):
    kind = word()
    title = prose()
    unit = link("units.Unit")
    phase = link("campaigns.Phase")
    filed_on = day()
    accepted_on = day()
    file = prose()


class Step(models.Model):
    """One step of a paper, only ever added: handed in (each time a version with its file), returned with a reason,
    accepted. Where a paper stands is its last step; one that came by a workbook has none and stands as its days say."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    what = word(16)
    version = models.PositiveSmallIntegerField()
    sha256 = word(64)
    name = word(200)
    reason = prose()
    by = word(150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="step_key"),
            fields.one_of("step", "what", (HANDED_IN, RETURNED, ACCEPTED)),
            fields.not_empty("step", "what"),
            models.CheckConstraint(condition=~models.Q(what=RETURNED) | ~models.Q(reason=""),
                                   name="step_returned_with_reason"),
        ]
