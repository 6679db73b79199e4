"""What the campaign asks of a unit a week, and what whoever sets a duty is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.books import bring_in
from tests.flow.duties.test_states import RECORDS
from zhixing.flow.duties import reads, rules
from zhixing.flow.duties.types import Ask
from zhixing.ground.units import reads as units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def asked(programme: int, unit: str, day: str) -> dict[str, Ask]:
    found = reads.burden(programme, date.fromisoformat(day))
    return {each.duty.code: each for each in found[units.unit(unit).id].asks}


def test_a_duty_asks_from_the_beginning_of_its_phase_to_its_due_date(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **RECORDS)
    assert "D2" in asked(programme, "s1", "2026-03-01")
    assert "D1" in asked(programme, "s1", "2026-03-31")
    assert "D1" not in asked(programme, "s1", "2026-04-01")
    assert asked(programme, "s1", "2026-06-01") == {}


def test_what_is_asked_follows_from_the_declared_form_and_the_target(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **RECORDS)
    each = asked(programme, "s1", "2026-04-01")["D2"]
    # Two records in fourteen weeks; of six columns the unit and the kind are filled in by the form.
    assert (each.table, each.weeks, each.records * 7) == ("information", 14, 1)
    assert round(each.fields * 7, 6) == 4
    assert round(each.minutes * 7, 6) == rules.MINUTES_A_RECORD + 4 * rules.MINUTES_A_FIELD


def test_a_duty_of_persons_asks_as_often_as_there_are_persons(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **RECORDS)
    both, one = (asked(programme, unit, "2026-04-01")["D3"] for unit in ("s1", "s2"))
    assert both.records == 2 * one.records


def test_a_paper_that_is_handed_in_is_a_file(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **RECORDS)
    each = asked(programme, "b", "2026-04-01")["D4"]
    assert (each.table, round(each.files * each.weeks, 6)) == ("filings", 1)


def test_a_pack_may_say_what_a_record_asks() -> None:
    told = rules.asks_of({"talk": {"fields": 3, "files": 0, "minutes": 1},
                          "visit": {"needs": ["minutes", "evidence"]}, "broken": 5})
    assert set(told) == {"talk", "visit"}
    assert told["talk"].of(9, 1) == rules.Form(Decimal(3), Decimal(0), Decimal(1))
    assert told["visit"].of(4, 0) == rules.Form(Decimal(5), Decimal(1), Decimal("6.5"))


@pytest.mark.parametrize(("first", "last", "day", "weeks"), [
    (date(2026, 3, 2), date(2026, 3, 8), date(2026, 3, 2), 1), (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 9), 2),
    (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 10), 0), (date(2026, 3, 2), None, date(2026, 3, 1), 0),
    (None, None, date(2026, 3, 1), 1), (date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 5), 0),
])
def test_over_how_many_weeks_a_duty_asks(first: date | None, last: date | None, day: date, weeks: int) -> None:
    assert rules.weeks(first, last, day) == weeks


def test_a_duty_that_asks_for_the_same_is_pointed_out(tmp_path: Path) -> None:
    more = RECORDS["duties"] + "    D6,P2,Once more,activities.held,kind=mobilisation,1,2026-07-01,\n" \
                               "    D7,P2,Elsewhere,information.submitted,kind=briefing,1,2026-07-01,bureau\n"
    programme = bring_in(tmp_path, **RECORDS | {"duties": more})
    told = reads.advice(programme, "D6", date(2026, 5, 1))
    assert told[0].startswith("This asks for the same as the duty “Hold the mobilisation” (D1)")
    assert told[1].startswith("2 of 3 that would owe this have it on record already")
    assert reads.advice(programme, "D7", date(2026, 5, 1)) == [], "another kind of unit owes it"
    assert reads.advice(programme, "D9", date(2026, 5, 1)) == []
