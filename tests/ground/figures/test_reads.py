"""What a figure answers: subtree, date, qualifier, not known, by unit and evidence, all from one relation."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.ground.figures import reads
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.figures import figures

pytestmark = pytest.mark.django_db

SESSIONS = """
    code,kind,title,unit,phase,starts_at,roster,headcount
    A1,group_study,First,b,P1,2026-03-10T14:00,unit,
    A2,group_study,Second,s1,P1,2026-04-10,unit,
    A3,lecture,Lecture,s2,P1,2026-05-10T09:00,,>=80
    A4,seminar,Seminar,b,P1,2026-05-12,,
    A5,talk,Talk,b,P2,2026-06-12,,
"""
MARKS = """
    activity,person,status,made_up_on
    A1,t1,leave,
    A1,t2,made_up,2026-03-20
    A2,t1,absent,
"""


@pytest.fixture
def programme(tmp_path: Path) -> int:
    return bring_in(tmp_path, activities=SESSIONS, attendance=MARKS)


def test_everybody_on_the_roster_is_present_unless_a_row_says_otherwise(programme: int) -> None:
    value = reads.value("activities.person_times", scope(programme), {"kind": ["group_study"]})
    assert (value.value, value.qualifier, value.evidence) == (4, "=", 4)
    assert reads.records("activities.person_times", scope(programme), {"kind": ["group_study"]}) == [
        "A1/l1", "A1/t2", "A1/t3", "A2/t2"]


def test_made_up_counts_from_the_day_it_was_made_up(programme: int) -> None:
    before = reads.value("activities.person_times", scope(programme, "2026-03-19"), {"kind": ["group_study"]})
    after = reads.value("activities.person_times", scope(programme, "2026-03-20"), {"kind": ["group_study"]})
    assert (before.value, after.value) == (2, 3)


def test_the_rate_counts_only_activities_with_a_roster_and_says_how_many_it_left_out(programme: int) -> None:
    value = reads.value("activities.attendance_rate", scope(programme))
    assert value.value == Decimal(4) / Decimal(6)
    assert value.qualifier == "="
    assert "2" in value.why
    assert value.evidence == 4


def test_a_rate_without_any_roster_is_not_known_and_says_why(programme: int) -> None:
    value = reads.value("activities.attendance_rate", scope(programme), {"kind": ["lecture"]})
    assert value.value is None
    assert value.why


def test_a_vague_head_count_keeps_its_qualifier_and_an_untold_one_weakens_the_sum(programme: int) -> None:
    lecture = reads.value("activities.person_times", scope(programme), {"kind": ["lecture"]})
    assert (lecture.value, lecture.qualifier, lecture.evidence) == (80, ">=", 1)
    seminar = reads.value("activities.person_times", scope(programme), {"kind": ["seminar"]})
    assert (seminar.value, seminar.evidence) == (None, 0)
    everything = reads.value("activities.person_times", scope(programme))
    assert (everything.value, everything.qualifier) == (4 + 80 + 2, ">=")
    assert "1" in everything.why


def test_a_sum_over_nothing_is_zero(programme: int) -> None:
    value = reads.value("activities.person_times", scope(programme), {"kind": ["visit"]})
    assert (value.value, value.qualifier, value.evidence) == (0, "=", 0)


def test_a_figure_is_that_of_the_unit_with_its_subtree_or_of_its_own_records(programme: int) -> None:
    assert reads.value("activities.held", scope(programme)).value == 5
    assert reads.value("activities.held", scope(programme, own=True)).value == 3
    assert reads.value("activities.held", scope(programme, unit="s1")).value == 1


def test_records_after_the_date_do_not_count(programme: int) -> None:
    assert reads.value("activities.held", scope(programme, "2026-04-09")).value == 1


def test_people_reached_counts_each_person_once(programme: int) -> None:
    value = reads.value("activities.people_reached", scope(programme), {"kind": ["group_study"]})
    assert (value.value, value.evidence) == (3, 3)
    assert reads.records("activities.people_reached", scope(programme), {"kind": ["group_study"]}) == ["l1", "t2", "t3"]


@pytest.mark.parametrize("name", [each.name for each in figures()])
def test_value_by_unit_and_evidence_cannot_disagree(programme: int, name: str) -> None:
    whole = scope(programme)
    value = reads.value(name, whole)
    assert len(reads.records(name, whole)) == value.evidence
    every = reads.by_unit(name, whole, level="all")
    if whole.unit_id in every:
        host = every[whole.unit_id]
        assert (host.value, host.qualifier, host.evidence) == (value.value, value.qualifier, value.evidence)
    else:
        assert value.value == reads.nothing(name, whole).value
    for level in ("children", "own", "all"):
        for unit_id, part in reads.by_unit(name, whole, level=level).items():
            alone = reads.value(name, scope_of(programme, unit_id, own=level == "own"))
            assert (part.value, part.qualifier, part.evidence) == (alone.value, alone.qualifier, alone.evidence)


def scope_of(programme: int, unit_id: int, *, own: bool):
    from dataclasses import replace

    return replace(scope(programme), unit_id=unit_id, own=own)


def test_evidence_is_paged_and_names_what_each_record_adds(programme: int) -> None:
    first = reads.evidence("activities.person_times", scope(programme), limit=2)
    rest = reads.evidence("activities.person_times", scope(programme), offset=2, limit=50)
    assert len(first) == 2
    assert {each.record: each.weight for each in [*first, *rest]}["A3"] == 80
    assert len({each.record for each in [*first, *rest]}) == 6


def test_an_unknown_figure_or_filter_is_refused_with_what_there_is(programme: int) -> None:
    with pytest.raises(Refused, match=r"activities\.held"):
        reads.value("activities.heldd", scope(programme))
    with pytest.raises(Refused, match="pair_kind"):
        reads.value("activities.held", scope(programme), {"colour": ["red"]})


def test_a_filter_value_is_data_and_never_sql(programme: int) -> None:
    value = reads.value("people.on_roster", scope(programme), {"category": ["' OR '1'='1", "%", "_", "leader"]})
    assert value.value == 1


MOVED = {
    "units": """
        code,name,kind,parent,valid_from,valid_to,participates
        b,Bureau,bureau,,,,yes
        d1,District 1,district,b,,,yes
        d2,District 2,district,b,,,yes
        s1,School 1,school,d2,,,yes
        s2,School 2,school,d1,,2026-06-30,yes
    """,
    "placements": """
        unit,parent,from,to
        s1,d1,,2026-04-30
        s1,d2,2026-05-01,
    """,
    "activities": """
        code,kind,unit,phase,starts_at,roster
        A1,group_study,s1,P1,2026-03-10,unit
        A2,group_study,d1,P1,2026-03-20,unit
        A3,group_study,d1,P1,2026-05-20,unit
        A4,group_study,s2,P1,2026-03-20,unit
    """,
}


@pytest.fixture
def moved(tmp_path: Path) -> int:
    return bring_in(tmp_path, **MOVED)


def test_the_subtree_is_that_of_the_as_of_date(moved: int) -> None:
    assert reads.value("activities.held", scope(moved, "2026-04-30", "d1"), {}).value == 3
    assert reads.value("activities.held", scope(moved, "2026-05-31", "d1"), {}).value == 3
    assert reads.value("activities.held", scope(moved, "2026-05-31", "d2"), {}).value == 1


def test_a_roster_is_that_of_the_activitys_day(moved: int) -> None:
    people = reads.records("activities.person_times", scope(moved, "2026-05-31", "d1"))
    assert people == ["A2/t1", "A2/t2", "A2/t3", "A3/t3", "A4/t3"]


def test_a_closed_unit_is_no_longer_in_the_tree_and_the_figure_says_so(moved: int) -> None:
    open_still = reads.value("activities.held", scope(moved, "2026-06-30"))
    closed = reads.value("activities.held", scope(moved, "2026-07-01"))
    assert (open_still.value, closed.value) == (4, 3)
    assert "1" in closed.why


def test_a_record_of_no_unit_is_its_hosts(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, information="code,title,kind,submitted_on\nI1,News,briefing,2026-03-02")
    assert reads.value("information.submitted", scope(programme, own=True)).value == 1
    assert reads.value("information.submitted", scope(programme, unit="s1")).value == 0
