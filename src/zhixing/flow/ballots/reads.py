"""Every query of this room."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .models import Aspect, Poll
from .types import AspectView, PollView


def grade_weights(programme_id: int) -> list[tuple[int, str, Decimal | None]]:
    """(poll id, grade, weight) of each grade of each poll's scale, the weight as the poll states it."""
    found = []
    for poll_id, scale, weights in Poll.objects.filter(programme_id=programme_id).values_list(
            "id", "scale", "weights"):
        grades, numbers = scale.strip(";").split(";"), weights.strip(";").split(";")
        for place, grade in enumerate(grades):
            found.append((poll_id, grade, _number(numbers[place]) if place < len(numbers) else None))
    return found


def polls(programme_id: int) -> list[PollView]:
    """The polls with their aspects, by the day they were held and by code."""
    aspects: dict[int, list[AspectView]] = {}
    for poll_id, code, name in Aspect.objects.filter(programme=programme_id).order_by("code").values_list(
            "poll_id", "code", "name"):
        aspects.setdefault(poll_id, []).append(AspectView(code, name or code))
    return [
        PollView(row.code, row.title or row.code, row.unit_id, row.held_on, _listed(row.scale),
                 _listed(row.counted), tuple(aspects.get(row.id, ())))
        for row in Poll.objects.filter(programme=programme_id).order_by("held_on", "code")
    ]


def _listed(stored: str) -> tuple[str, ...]:
    return tuple(part for part in stored.split(";") if part)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
