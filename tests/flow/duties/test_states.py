"""How units stand with their duties: derived from figures as at a date, never ticked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.books import bring_in, scope
from zhixing.flow.duties import reads, rules
from zhixing.ground.figures import reads as figures

DUTIES = """
    code,phase,name,figure,where,at_least,due_on,applies_to
    D1,P1,Hold the mobilisation,activities.held,kind=mobilisation,1,2026-03-31,
    D2,P1,Two briefings,information.submitted,kind=briefing,2,2026-05-31,school
    D3,P1,One topic each,research.reports,,1,2026-05-31,people:teacher
    D4,P1,Report back,filings.filed,kind=stage_summary,1,2026-05-31,b
    D5,P1,Eighty people heard the lecture,activities.person_times,kind=lecture,80,2026-05-31,b
"""
RECORDS = {
    "duties": DUTIES,
    "activities": """
        code,kind,title,unit,phase,starts_at,headcount
        M1,mobilisation,Kick-off,b,P1,2026-03-10,30
        M2,mobilisation,Kick-off,s1,P1,2026-04-05,30
        L1,lecture,Lecture,b,P1,2026-04-06,>=80
    """,
    "information": "code,unit,title,kind,submitted_on\nI1,s1,One,briefing,2026-04-02\nI2,s2,One,briefing,2026-04-02"
                   "\nI3,s2,Two,briefing,2026-04-09\nI4,s2,Long,article,2026-04-09",
    "topics": "code,title,owner,unit\nR1,Heating,t1,s1",
    "reports": "code,topic,title,author,completed_on\nB1,R1,Heating,t1,2026-05-01",
    "waivers": "duty,unit,reason,by,on\nD1,s2,Being merged,Office,2026-03-20",
}


@pytest.fixture
def programme(tmp_path: Path) -> int:
    return bring_in(tmp_path, **RECORDS)


def standing(programme: int, day: str, **asked: Any) -> dict[str, str]:
    return {each.record: each.state for each in reads.states(programme, date.fromisoformat(day), **asked)}


@pytest.mark.django_db
def test_the_states_of_a_duty_over_time(programme: int) -> None:
    asked = {"codes": ["D1"]}
    assert standing(programme, "2026-03-05", **asked) == {"D1/b": "not_due", "D1/s1": "not_due", "D1/s2": "not_due"}
    assert standing(programme, "2026-03-31", **asked) == {"D1/b": "met", "D1/s1": "not_due", "D1/s2": "waived"}
    assert standing(programme, "2026-04-01", **asked) == {"D1/b": "met", "D1/s1": "overdue", "D1/s2": "waived"}
    assert standing(programme, "2026-04-05", **asked) == {"D1/b": "met", "D1/s1": "made_up_late", "D1/s2": "waived"}


@pytest.mark.django_db
def test_a_duty_of_a_kind_of_unit_counts_each_units_own_records(programme: int) -> None:
    assert standing(programme, "2026-05-01", codes=["D2"]) == {"D2/s1": "under_way", "D2/s2": "met"}


@pytest.mark.django_db
def test_a_duty_of_each_person_of_a_category(programme: int) -> None:
    assert standing(programme, "2026-06-01", codes=["D3"]) == {"D3/t1": "met", "D3/t2": "overdue", "D3/t3": "overdue"}
    assert figures.value("duties.due", scope(programme, "2026-06-01"), {"duty": ["D3"]}).value == 3
    assert figures.value("duties.met", scope(programme, "2026-06-01", "s1"), {"duty": ["D3"]}).value == 1


@pytest.mark.django_db
def test_over_eighty_meets_eighty_and_what_is_not_known_never_meets(programme: int, tmp_path: Path) -> None:
    assert standing(programme, "2026-06-01", codes=["D5"]) == {"D5/b": "met"}
    bring_in(tmp_path, activities=RECORDS["activities"].replace(">=80", ""))
    assert standing(programme, "2026-06-01", codes=["D5"]) == {"D5/b": "overdue"}


@pytest.mark.django_db
def test_the_figures_of_duties_count_waived_ones_as_due(programme: int) -> None:
    day = scope(programme, "2026-04-01")
    counted = {name: figures.value(f"duties.{name}", day, {"duty": ["D1"]}).value
               for name in ("due", "met", "waived", "overdue")}
    assert counted == {"due": 3, "met": 1, "waived": 1, "overdue": 1}


@pytest.mark.django_db
def test_a_gate_is_open_when_all_is_met_or_waived(programme: int) -> None:
    gates = {gate.unit_id: gate for gate in reads.gate(programme, "P1", date(2026, 6, 1))}
    bureau = gates[scope(programme).unit_id]
    assert [each.record for each in bureau.missing] == ["D4/b"]
    school = gates[scope(programme, unit="s2").unit_id]
    assert (school.open, school.met, school.waived) == (False, 1, 1)
    assert [each.record for each in school.missing] == ["D3/t3"]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_units(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **RECORDS)
    few = queries(programme)
    units = "code,name,kind,parent,participates\nb,Bureau,bureau,,yes\n" + "\n".join(
        f"s{number},School {number},school,b,yes" for number in range(1, 200))
    bring_in(tmp_path, **{**RECORDS, "units": units})
    assert queries(programme) == few


def queries(programme: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert reads.states(programme, date(2026, 6, 1))
    return len(captured)


def test_a_filter_is_read_as_people_write_it() -> None:
    assert rules.parse_where("kind=mobilisation;transition&phase=P1") == {
        "kind": ["mobilisation", "transition"], "phase": ["P1"]}
    assert rules.parse_where("") == {}
    with pytest.raises(ValueError, match="mobilisation"):
        rules.parse_where("mobilisation")
