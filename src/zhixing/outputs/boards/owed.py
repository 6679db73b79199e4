"""What a unit without parts still owes: the duties that are overdue, extended or under way, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhixing.flow.duties import reads as duties

from .board import TONES, standing, state_word
from .reads import link, narrower
from .types import Standpoint
from .views import add_address as add_address

OPEN = ("overdue", "extended", "under_way")


@dataclass(frozen=True)
class Owing:
    """`url` tells why the duty stands as it does; `add` is the form that adds what is missing, "" where the
    reader may not."""

    name: str
    due_on: date | None
    tone: str
    word: str
    url: str
    add: str


def owed(at: Standpoint, phase: str = "") -> list[Owing]:
    """Of the reader's own unit; none where it has parts, since the grid tells them apart."""
    if not at.unit.is_open or narrower(at):
        return []
    found = duties.states(
        at.campaign.programme_id, at.as_of, path=at.unit.path, phases=[phase] if phase else None
    )
    open_ones = {each.duty.id: each for each in found if each.state in OPEN}
    ranked = sorted(open_ones.values(), key=lambda each: (each.day or date.max, each.duty.code))
    return [
        Owing(
            each.duty.name,
            each.day,
            TONES[each.state],
            standing(each, state_word(each.state)),
            link(at, "duty-unit", each.duty.code, at.unit.code, unit=None),
            add_address(at, each.duty),
        )
        for each in ranked
    ]
