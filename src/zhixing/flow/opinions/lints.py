"""The contradictions this room can see."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhixing.ground.kernel.counts import Count, surely_more
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope

from .models import FormBatch


def _batches(scope: Scope) -> Iterator[FormBatch]:
    """Batches issued by the as-of date; what came back later is not known yet."""
    rows = FormBatch.objects.filter(programme=scope.programme_id).filter(
        Q(issued_on=None) | Q(issued_on__lte=scope.as_of)).select_related("channel").order_by("code")
    for batch in rows.iterator():
        back = batch.returned_on or batch.issued_on
        if back is not None and back > scope.as_of:
            batch.returned = batch.valid = None
        yield batch


def _count(value: int | None, qualifier: str) -> Count | None:
    return None if value is None else Count(Decimal(value), qualifier)


def _finding(batch: FormBatch, message: object, **values: object) -> Finding:
    unit = batch.unit_id or (batch.channel.unit_id if batch.channel else None)
    return Finding((batch.code,), message, {"title": batch.title or batch.code, **values}, "form_batches",
                   batch.code, unit)


def returned_exceeds_issued(scope: Scope) -> Iterator[Finding]:
    for batch in _batches(scope):
        issued, returned = _count(batch.issued, batch.issued_q), _count(batch.returned, batch.returned_q)
        if issued and returned and surely_more(returned, issued):
            yield _finding(batch, _(
                "%(title)s: %(issued)s forms issued, %(returned)s returned. More came back than went out, so there is "
                "no return rate. Were items on the forms counted, not forms?"), issued=issued, returned=returned)


def valid_exceeds_returned(scope: Scope) -> Iterator[Finding]:
    for batch in _batches(scope):
        returned, valid = _count(batch.returned, batch.returned_q), _count(batch.valid, batch.valid_q)
        if returned and valid and surely_more(valid, returned):
            yield _finding(batch, _(
                "%(title)s: %(returned)s forms returned, but %(valid)s valid. No more can be valid than came back."),
                returned=returned, valid=valid)


def rate_without_denominator(scope: Scope) -> Iterator[Finding]:
    for batch in _batches(scope):
        if batch.returned is not None and not batch.issued:
            yield _finding(batch, _(
                "%(title)s: %(returned)s forms returned, but nobody says how many were issued; there is nothing to "
                "divide by."), returned=_count(batch.returned, batch.returned_q))


register_lints(
    Lint("returned_exceeds_issued", _("More forms returned than issued"), returned_exceeds_issued),
    Lint("valid_exceeds_returned", _("More forms valid than returned"), valid_exceeds_returned),
    Lint("rate_without_denominator", _("A rate with nothing to divide by"), rate_without_denominator),
)
