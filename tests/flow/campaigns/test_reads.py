"""What other rooms learn of a campaign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.books import bring_in
from zhixing.flow.campaigns import reads
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.units import reads as units

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 31)

UNITS = """code,name,kind,parent,participates
           b,Bureau,bureau,,yes
           d,Division,division,b,no
           s1,School 1,school,b,yes
           c1,Class,class,s1,no"""
REMARKS = """code,unit,phase,kind,text,evidence
             R1,b,P1,problem,too little time,
             R2,d,P1,practice,the division helped,A1;A2
             R3,s1,P1,practice,the school did well,
             R4,c1,P1,practice,the class did well,
             R5,,,next_step,go on,
             R6,b,P2,practice,later,"""
PEOPLE = "code,name,unit\nl1,Leader,b"


def test_a_campaign_says_who_hosts_it_and_when(tmp_path: Path) -> None:
    bring_in(tmp_path)
    found = reads.campaign("C")
    assert (found.name, found.template, found.host_unit_code) == ("Campaign", "study-practice-zh", "b")
    assert found.starts_on == date(2026, 3, 1)
    assert reads.campaign_of(found.programme_id) == found


def test_an_unknown_campaign_is_not_found() -> None:
    with pytest.raises(NotFound):
        reads.campaign("nowhere")


def test_phases_come_in_order_and_one_can_be_asked_for(tmp_path: Path) -> None:
    programme = bring_in(tmp_path)
    assert [each.code for each in reads.phases(programme)] == ["P1", "P2", "P3"]
    assert reads.phase(programme, "P2").name == "分析检查"
    on = reads.phase_on(programme, DAY)
    assert on is not None and on.code == "P1"
    with pytest.raises(NotFound):
        reads.phase(programme, "P9")


def test_the_rectification_phase_is_the_one_the_pack_names(tmp_path: Path) -> None:
    found = reads.rectification_phase(bring_in(tmp_path))
    assert found is not None and found.code == "P3"


def test_a_units_remarks_are_its_own_and_its_non_participating_parts(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, units=UNITS, remarks=REMARKS, people=PEOPLE)
    bureau, school = units.unit("b", DAY), units.unit("s1", DAY)
    ours = reads.remarks_of_unit(programme, bureau.id, bureau.path, DAY, "P1")
    assert [each.code for each in ours] == ["R2", "R1", "R5"]
    assert ours[0].evidence == ("A1", "A2")
    theirs = reads.remarks_of_unit(programme, school.id, school.path, DAY, "P1")
    assert [each.code for each in theirs] == ["R3", "R4"]


def test_remarks_take_a_fixed_number_of_queries(tmp_path: Path,
                                                django_assert_max_num_queries: object) -> None:
    programme = bring_in(tmp_path, units=UNITS, remarks=REMARKS, people=PEOPLE)
    bureau = units.unit("b", DAY)
    with django_assert_max_num_queries(4):  # type: ignore[operator]  # pytest-django's fixture is untyped
        reads.remarks_of_unit(programme, bureau.id, bureau.path, DAY, "P1")


def test_stated_facts_are_those_stated_by_the_day(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, stated_facts="""code,name,value,measure,source,on
        rank,Rank,3,名次,superior office,2026-05-20
        late,Late,>=20,次,somebody,2026-06-20
        none,Undated,~24,条,minutes,""")
    found = reads.stated_facts(programme, DAY)
    assert [(each.code, each.qualifier) for each in found] == [("none", "~"), ("rank", "=")]


def test_words_of_another_language_are_lent_by_a_pack_that_speaks_it(tmp_path: Path) -> None:
    programme = bring_in(tmp_path)
    assert reads.pack_of(programme).name == "study-practice-zh"
    assert reads.pack_in(programme, "zh").name == "study-practice-zh"
    assert reads.pack_in(programme, "en").language == "en"
