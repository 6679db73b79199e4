"""A day that was moved: extended on request, or a duty reopened to be made up."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.books import bring_in, scope
from tests.flow.duties.test_states import RECORDS, standing
from zhixing.flow.duties import reads
from zhixing.flow.duties.models import Duty, Extension
from zhixing.flow.duties.types import DutyView, Extended
from zhixing.ground.figures import reads as figures
from zhixing.ground.units import reads as units

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 31)


@pytest.fixture
def programme(tmp_path: Path) -> int:
    return bring_in(tmp_path, **RECORDS)


def extend(programme: int, duty: str, unit: str, until: str, kind: str = "extended", given: str = "2026-03-20",
           base: int | None = None) -> None:
    Extension.objects.create(programme_id=programme, duty=Duty.objects.get(code=duty), unit_id=units.unit(unit).id,
                             kind=kind, until=until, reason="Heating broke", by="office", given_on=given, base=base)


def state(now: int | None, then: int | None, day: str, moved: Extended | None) -> str:
    duty = DutyView(1, "D", "P", "D", "activities.held", {}, Decimal(2), DAY, ())
    return duty.state(*(None if each is None else Decimal(each) for each in (now, then)), date.fromisoformat(day), False,
                      moved)


@pytest.mark.parametrize(("now", "then", "day", "said"), [
    (0, 0, "2026-03-01", "extended"), (1, 1, "2026-04-05", "extended"), (2, 2, "2026-04-05", "met"),
    (1, 1, "2026-04-11", "overdue"), (2, 2, "2026-04-11", "met"), (2, 1, "2026-04-11", "made_up_late"),
])
def test_an_extended_duty_is_judged_at_its_new_day(now: int, then: int, day: str, said: str) -> None:
    assert state(now, then, day, Extended("extended", date(2026, 4, 10))) == said


@pytest.mark.parametrize(("now", "base", "day", "said"), [
    (2, 2, "2026-04-05", "extended"), (3, 2, "2026-04-05", "made_up_late"), (2, 2, "2026-04-11", "overdue"),
    (1, None, "2026-04-05", "extended"), (2, None, "2026-04-05", "made_up_late"),
])
def test_what_was_reopened_asks_for_more_than_there_was(now: int, base: int | None, day: str, said: str) -> None:
    moved = Extended("make_up", date(2026, 4, 10), None if base is None else Decimal(base))
    assert state(now, now, day, moved) == said


def test_the_states_of_a_unit_whose_day_was_moved_over_time(programme: int) -> None:
    extend(programme, "D1", "s1", "2026-04-10")
    asked: dict[str, Any] = {"codes": ["D1"]}
    told = {day: standing(programme, day, **asked)["D1/s1"]
            for day in ("2026-03-19", "2026-03-20", "2026-04-01", "2026-04-05", "2026-04-11")}
    assert told == {"2026-03-19": "not_due", "2026-03-20": "extended", "2026-04-01": "extended", "2026-04-05": "met",
                    "2026-04-11": "met"}
    assert standing(programme, "2026-04-01", **asked)["D1/b"] == "met"


def test_what_came_after_the_moved_day_was_made_up_late(programme: int) -> None:
    extend(programme, "D1", "s1", "2026-04-02")
    assert standing(programme, "2026-04-03", codes=["D1"])["D1/s1"] == "overdue"
    assert standing(programme, "2026-04-06", codes=["D1"])["D1/s1"] == "made_up_late"


def test_an_extended_duty_is_not_overdue_and_keeps_the_gate_shut(programme: int) -> None:
    extend(programme, "D1", "s1", "2026-04-10")
    day = scope(programme, "2026-04-01")
    assert figures.value("duties.overdue", day, {"duty": ["D1"]}).value == 0
    gates = {each.unit_id: each for each in reads.gate(programme, "P1", date(2026, 4, 1))}
    assert "D1/s1" in [each.record for each in gates[units.unit("s1").id].missing]


def test_the_last_decision_stands(programme: int) -> None:
    extend(programme, "D1", "s1", "2026-04-01")
    extend(programme, "D1", "s1", "2026-04-10", given="2026-03-25")
    assert standing(programme, "2026-04-02", codes=["D1"])["D1/s1"] == "extended"


@pytest.mark.parametrize("day", ["2026-03-05", "2026-04-01", "2026-06-01"])
def test_a_unit_alone_stands_as_it_does_among_all(programme: int, day: str) -> None:
    extend(programme, "D1", "s1", "2026-04-02")
    for code in ("b", "s1", "s2"):
        unit = units.unit(code)
        alone = reads.own_states(programme, date.fromisoformat(day), unit.id)
        among = [each for each in reads.states(programme, date.fromisoformat(day)) if each.unit_id == unit.id]
        assert alone == among


def test_moved_days_cost_no_more_for_many_units_than_for_one(programme: int, clock: datetime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            reads.states(programme, date(2026, 4, 20), codes=["D1"])
        return len(captured)

    extend(programme, "D1", "s1", "2026-04-06")
    one = queries()
    extend(programme, "D1", "b", "2026-04-06")
    assert queries() == one
