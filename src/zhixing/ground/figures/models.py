"""Figures as they stood when somebody wrote them down."""

from __future__ import annotations

from django.db import models

from zhixing.ground.kernel import fields


class RecordSet(models.Model):
    """The codes of the records behind a value: sorted, one a line, compressed. Named by its content's SHA-256, so
    figures over the same records share one."""

    digest = models.CharField(max_length=64, primary_key=True)
    codes = models.BinaryField()


class FrozenFigure(models.Model):
    """A value with its definition's version, scope, as-of date and records. Never changed."""

    programme = fields.needed("units.Programme")
    unit = fields.needed("units.Unit")
    own = models.BooleanField(default=False)
    name = models.CharField(max_length=fields.CODE_LENGTH)
    version = models.PositiveSmallIntegerField()
    where = models.JSONField(default=dict, db_column="filter")
    as_of = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=10, null=True)
    qualifier = models.CharField(max_length=2, default="=")
    measure = models.CharField(max_length=16)
    evidence = models.PositiveIntegerField()
    why = fields.prose()
    records = models.ForeignKey(RecordSet, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    by = models.CharField(max_length=150, db_column="by_whom")

    class Meta:
        indexes = [models.Index(fields=["programme", "name", "as_of"], name="frozen_by_figure")]
