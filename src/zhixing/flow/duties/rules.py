"""What can be decided about a duty from given facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def parse_where(text: str) -> dict[str, list[str]]:
    """`kind=mobilisation;transition&phase=P1` → {"kind": ["mobilisation", "transition"], "phase": ["P1"]}.
    Raises ValueError, naming the part, for anything else."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, (part.strip() for part in text.split("&"))):
        key, equals, values = pair.partition("=")
        listed = [value.strip() for value in values.split(";") if value.strip()]
        if not equals or not key.strip() or not listed:
            raise ValueError(pair)
        found.setdefault(key.strip(), []).extend(listed)
    return found


def reaches(value: Decimal | None, at_least: Decimal) -> bool:
    """Met by face value (`>=80` meets 80); not known never meets."""
    return value is not None and value >= at_least


def state(now: Decimal | None, then: Decimal | None, at_least: Decimal, due_on: date | None, as_of: date,
          waived: bool) -> str:
    """The state as at a date: `then` is the figure as at the due date, `now` as at the as-of date."""
    if waived:
        return "waived"
    past = due_on is not None and due_on < as_of
    if reaches(now, at_least):
        return "made_up_late" if past and not reaches(then, at_least) else "met"
    if past:
        return "overdue"
    return "under_way" if now else "not_due"
