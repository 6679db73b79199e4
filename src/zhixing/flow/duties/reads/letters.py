"""Whose letter of a day was written."""

from __future__ import annotations

from datetime import date

from ..models import Letter


def written(day: date) -> set[str]:
    """The accounts whose letter of that day was written."""
    return set(Letter.objects.filter(written_on=day).values_list("account", flat=True))
