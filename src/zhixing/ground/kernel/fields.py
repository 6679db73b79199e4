"""How the kernel's plain types are stored: counts, lists of codes, and the shape of a campaign record.

Text that is not known is stored as "", numbers and dates that are not known as NULL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from .counts import QUALIFIERS

CODE_LENGTH = 64


def count(**options: Any) -> models.PositiveIntegerField[int | None, int | None]:
    """A count that may be not known; goes with `qualifier()` in a field of the same name plus `_q`."""
    return models.PositiveIntegerField(null=True, blank=True, **options)


def qualifier() -> models.CharField[str, str]:
    """`=`, `>=` or `~`; meaningless (and `=`) where the count is not known."""
    return models.CharField(max_length=2, default="=")


def prose(**options: Any) -> models.TextField[str, str]:
    return models.TextField(default="", blank=True, **options)


def word(length: int = CODE_LENGTH, **options: Any) -> models.CharField[str, str]:
    """A short text or a kind's code."""
    return models.CharField(max_length=length, default="", blank=True, **options)


def codes() -> models.TextField[str, str]:
    """A list of codes, stored as `;a;b;` so that SQL finds a member with LIKE '%;a;%'; "" is empty."""
    return models.TextField(default="", blank=True)


def day(**options: Any) -> models.DateField[Any, Any]:
    return models.DateField(null=True, blank=True, **options)


def link(to: str, **options: Any) -> Any:
    """A reference upstream, which may be not known. Records are never deleted under another's feet."""
    return models.ForeignKey(to, models.PROTECT, null=True, blank=True, related_name="+", **options)


def needed(to: str, **options: Any) -> Any:
    """A reference upstream that the row cannot do without."""
    return models.ForeignKey(to, models.PROTECT, related_name="+", **options)


def one_of(table: str, field: str, values: Sequence[str]) -> models.CheckConstraint:
    """The stored value is one of these or not known."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *values]}), name=f"{table}_{field}_one_of"
    )


def qualified(table: str, *fields: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(condition=Q(**{f"{field}_q__in": QUALIFIERS}), name=f"{table}_{field}_qualifier")
        for field in fields
    ]


def in_order(table: str, first: str, last: str) -> models.CheckConstraint:
    """`last` is not before `first`, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": models.F(first)}),
        name=f"{table}_{first}_before_{last}",
    )


def not_empty(table: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=f"{table}_{field}_given")


class Record(models.Model):
    """A row of a programme's workbook."""

    programme = needed("units.Programme", db_index=False)

    class Meta:
        abstract = True


class CodedRecord(Record):
    """A row with a code of the user's own, stable and unique within its programme."""

    code = models.CharField(max_length=CODE_LENGTH)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="%(class)s_code"),
            models.CheckConstraint(condition=~Q(code=""), name="%(class)s_code_given"),
        ]
