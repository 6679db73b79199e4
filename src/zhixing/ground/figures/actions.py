"""Freezing: a figure that goes into a paper keeps its value and its records."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable

from django.db import transaction

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import Actor, Scope
from zhixing.ground.ledger import actions as ledger

from . import history, reads, soundness
from .models import FrozenFigure, RecordSet
from .types import Frozen, Value, Where

NOTHING: Where = {}


def freeze(name: str, scope: Scope, where: Where = NOTHING, *, actor: Actor) -> Frozen:
    """Keeps the figure as it stands. The same figure, frozen again with the same outcome, is the same frozen
    figure. Raises Refused for an unknown figure or key."""
    return freeze_all([(name, scope, where)], actor=actor)[0]


@transaction.atomic
def freeze_all(asks: Iterable[tuple[str, Scope, Where]], *, actor: Actor) -> list[Frozen]:
    """Several at once, for one paper: one transaction, one ledger entry."""
    kept: list[FrozenFigure] = []
    fresh: list[FrozenFigure] = []
    for name, scope, where in asks:
        row, new = _keep(reads.value(name, scope, where), actor)
        kept.append(row)
        if new:
            fresh.append(row)
    if fresh:
        ledger.record(
            actor=actor, verb=soundness.VERB, subject=soundness.SUBJECT,
            new={"figures": [soundness.told(row) for row in fresh]},
            programme_id=fresh[0].programme_id)
    return [history.frozen(row) for row in kept]


def _keep(value: Value, actor: Actor) -> tuple[FrozenFigure, bool]:
    scope = value.scope
    where = {key: sorted(listed) for key, listed in sorted(value.where.items())}
    content = "\n".join(reads.records(value.name, scope, value.where)).encode()
    digest = hashlib.sha256(content).hexdigest()
    number = None if value.value is None else round(value.value, 10)
    same = FrozenFigure.objects.filter(
        programme=scope.programme_id, unit=scope.unit_id, own=scope.own, name=value.name, as_of=scope.as_of,
        version=reads.known_figure(value.name).version, value=number, qualifier=value.qualifier, records=digest)
    for row in same:
        if row.where == where:
            return row, False
    RecordSet.objects.get_or_create(digest=digest, defaults={"codes": zlib.compress(content)})
    return FrozenFigure.objects.create(
        programme_id=scope.programme_id, unit_id=scope.unit_id, own=scope.own, name=value.name,
        version=reads.known_figure(value.name).version, where=where, as_of=scope.as_of, value=number,
        qualifier=value.qualifier, measure=value.measure, evidence=value.evidence, why=value.why,
        records_id=digest, frozen_at=clock.now(), by=actor.key), True
