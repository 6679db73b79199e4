"""Frozen figures, and how the records have moved on since."""

from __future__ import annotations

import zlib
from dataclasses import replace

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.types import Scope

from . import reads
from .models import FrozenFigure
from .soundness import altered as altered
from .types import Drift, Frozen, Value


def frozen(row: FrozenFigure) -> Frozen:
    return Frozen(row.id, row.name, row.version, row.where,
                  Scope(row.programme_id, row.unit_id, row.as_of, row.own), row.value, row.qualifier, row.measure,
                  row.evidence, row.why, row.records_id, row.frozen_at, row.by)


def by_id(frozen_id: int) -> Frozen:
    """Raises NotFound when there is no such frozen figure."""
    row = FrozenFigure.objects.filter(pk=frozen_id).first()
    if row is None:
        raise NotFound(_("There is no such frozen figure."))
    return frozen(row)


def of_figure(name: str, programme_id: int, unit_id: int, *, limit: int = 50) -> list[Frozen]:
    """What was frozen of a figure for a unit, the latest first."""
    rows = FrozenFigure.objects.filter(name=name, programme=programme_id, unit=unit_id)
    return [frozen(row) for row in rows.order_by("-frozen_at", "-id")[:limit]]


def records_of(frozen_id: int) -> list[str]:
    """The codes of the records that stood behind the frozen value, sorted."""
    row = FrozenFigure.objects.select_related("records").get(pk=frozen_id)
    content = zlib.decompress(bytes(row.records.codes)).decode()
    return content.split("\n") if content else []


def drift(frozen_id: int) -> Drift:
    """The frozen value against the same question put to today's records: which came, which went, and whether
    the definition itself changed."""
    then = by_id(frozen_id)
    now = reads.value(then.name, then.scope, then.where)
    before = set(records_of(frozen_id))
    after = set(reads.records(then.name, then.scope, then.where))
    return Drift(then, _rounded(now), tuple(sorted(after - before)), tuple(sorted(before - after)),
                 reads.known_figure(then.name).version != then.version)


def _rounded(now: Value) -> Value:
    """At the precision that frozen values are kept in, so that equal is equal."""
    return now if now.value is None else replace(now, value=round(now.value, 10))
