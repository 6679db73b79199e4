"""Which record a kept file belongs to."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields
from zhixing.ground.kernel.fields import Record, needed, word

from .types import KINDS


class Evidence(Record):
    """A file on a record: `table` and `key` name it as the workbook does, `unit` is the unit that it belonged to when
    the file was added. The bytes stand in the store under `sha256`, once, however many records they serve.

    What was taken off stays as a row with `removed_at`, so that it can be put back; the bytes stay too."""

    table = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    unit = needed("units.Unit")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    kind = word(8)
    added_by = word(150)
    added_at = models.DateTimeField()
    removed_by = word(150)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["programme", "sha256"], name="evidence_bytes")]
        constraints = [
            models.UniqueConstraint(fields=["programme", "table", "key", "sha256"], name="evidence_key"),
            fields.one_of("evidence", "kind", KINDS),
            fields.not_empty("evidence", "name"),
        ]
