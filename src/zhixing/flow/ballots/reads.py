"""Every query of this room."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .models import Poll


def grade_weights(programme_id: int) -> list[tuple[int, str, Decimal | None]]:
    """(poll id, grade, weight) of each grade of each poll's scale, the weight as the poll states it."""
    found = []
    for poll_id, scale, weights in Poll.objects.filter(programme_id=programme_id).values_list(
            "id", "scale", "weights"):
        grades, numbers = scale.strip(";").split(";"), weights.strip(";").split(";")
        for place, grade in enumerate(grades):
            found.append((poll_id, grade, _number(numbers[place]) if place < len(numbers) else None))
    return found


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
