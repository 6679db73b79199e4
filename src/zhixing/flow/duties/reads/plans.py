"""Where units ask more of themselves than the superior's plan asks of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..models import OwnTarget
from ..types import Difference
from .states import duties


def differences(programme_id: int, unit_id: int) -> list[Difference]:
    """By phase and due date of the plan."""
    known = {row.duty_id: row for row in OwnTarget.objects.filter(programme=programme_id, unit=unit_id)}
    return [
        Difference(duty, known[duty.id].at_least, known[duty.id].due_on, known[duty.id].note)
        for duty in (duties(programme_id) if known else []) if duty.id in known
    ]


def own_target(programme_id: int, unit_id: int, duty_id: int) -> tuple[Decimal | None, date | None, str]:
    """Target, day and note; of a unit that follows the plan: None, None and ""."""
    row = OwnTarget.objects.filter(programme=programme_id, unit=unit_id, duty=duty_id).first()
    return (row.at_least, row.due_on, row.note) if row else (None, None, "")
