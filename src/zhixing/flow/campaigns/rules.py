"""What can be decided about phases and remarks from given facts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from .types import PhaseView


def in_sequence(phases: Sequence[PhaseView]) -> list[PhaseView]:
    """By `order`, then by first day, then by code; what is not known comes last."""
    return sorted(phases, key=lambda phase: (
        phase.order is None, phase.order or 0, phase.starts_on or date.max, phase.code))


def phase_on(phases: Sequence[PhaseView], day: date) -> PhaseView | None:
    """The phase of that day: the one that began last among those that had begun and had not ended. A day
    in a gap, before the first or after the last phase has none; neither has a phase without a first day."""
    running = [
        phase for phase in in_sequence(phases)
        if phase.starts_on is not None and phase.starts_on <= day
        and (phase.ends_on is None or day <= phase.ends_on)
    ]
    return max(running, key=lambda phase: phase.starts_on or date.min, default=None)


def rectification(phases: Sequence[PhaseView], names: Collection[str]) -> PhaseView | None:
    """The phase in which issues are put right: the one whose name or code holds one of the pack's names for
    it; where none does, the last one (a campaign ends with putting right); None without phases."""
    ordered = in_sequence(phases)
    for phase in ordered:
        if any(name and (name.casefold() in phase.name.casefold() or name.casefold() == phase.code.casefold())
               for name in names):
            return phase
    return ordered[-1] if ordered else None
