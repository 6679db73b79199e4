"""What units asked the office of the demonstration, and what it answered. Nothing here runs outside `zhixing demo`."""

from __future__ import annotations

from datetime import timedelta

from zhixing.flow.duties import actions
from zhixing.flow.duties import reads as duties
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units import reads as units

DAYS = 10
"""So many more days were given, and are asked for."""


def ask_for_time(campaign: str, reason: str) -> None:
    """Of the first two units that are late, one was given more days and one still asks for them; nothing where units
    have asked already."""
    programme, today = units.programme(campaign), clock.today()
    found = duties.states(programme.id, today)
    if any(each.state == "extended" for each in found) or duties.open_requests(programme.id, ""):
        return
    late = list({each.unit_id: each for each in found if each.state == "overdue"}.values())[:2]
    codes = {view.id: view.code for view in units.units_by_id([each.unit_id for each in late], today).values()}
    for place, each in enumerate(late):
        number = actions.ask(programme.id, each.duty.code, codes[each.unit_id], kind="extend", reason=reason,
                             until=today + timedelta(days=DAYS), actor=CONSOLE)
        if place == 0:
            actions.decide(programme.id, number, approve=True, actor=CONSOLE)
