"""What cannot all be true is pointed out, and what can be true is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.flow.checks import reads
from zhixing.ground.kernel.counts import parse_count, surely_more

BATCH = "code,channel,title,unit,issued_on,issued,returned_on,returned,valid\nF1,CF,Forms,b,2026-04-01,{},2026-04-20,{},{}"
FORMS = "code,kind,name,unit,opened_on\nCF,form,Forms,b,2026-04-01\nBX,box,Box,b,2026-04-01"


def found(folder: Path, as_of: str = "2026-12-31", unit: str = "b", **tables: str) -> dict[str, set[str]]:
    programme = bring_in(folder, **tables)
    told: dict[str, set[str]] = {}
    for each in reads.contradictions(scope(programme, as_of, unit)):
        assert each.message and each.title
        told.setdefault(each.lint, set()).update(each.finding.records)
    return told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("issued", "returned", "valid", "lints"),
    [
        ("80", "103", "", {"returned_exceeds_issued"}),
        (">=80", ">=100", "", {"returned_exceeds_issued"}),
        (">=80", "85", "", set()),
        ("80", "80", "81", {"valid_exceeds_returned"}),
        ("80", "80", "80", set()),
        ("", "80", "", {"rate_without_denominator"}),
        ("80", "", "", set()),
    ],
)
def test_forms_that_do_not_add_up(tmp_path: Path, issued: str, returned: str, valid: str, lints: set[str]) -> None:
    told = found(tmp_path, channels=FORMS, form_batches=BATCH.format(issued, returned, valid))
    assert set(told) == lints
    assert all(records == {"F1"} for records in told.values())


@pytest.mark.parametrize(
    ("more", "less", "sure"),
    [(">=100", ">=80", True), (">=80", "80", False), ("90", ">=80", True), ("89", ">=80", False), ("24", "~24", False)],
)
def test_a_vague_count_is_read_as_people_mean_it(more: str, less: str, sure: bool) -> None:
    assert surely_more(parse_count(more), parse_count(less)) is sure


@pytest.mark.django_db
def test_forms_are_not_yet_returned_before_their_day(tmp_path: Path) -> None:
    assert not found(tmp_path, "2026-04-10", channels=FORMS, form_batches=BATCH.format("80", "103", ""))


@pytest.mark.django_db
def test_somebody_present_whom_the_roster_does_not_know(tmp_path: Path) -> None:
    told = found(
        tmp_path, activities="code,kind,title,unit,phase,starts_at,roster,headcount\nA1,group_study,Study,s1,P1,2026-03-10,"
        "unit,\nA2,lecture,Lecture,s1,P1,2026-03-11,unit,60\nA3,group_study,Study,s1,P1,2026-03-10,unit,2",
        attendance="activity,person,status\nA1,t3,present\nA1,t1,leave\nA3,t3,absent")
    assert told == {"attendance_exceeds_roster": {"A1", "t3", "A1/t3", "A2"}}


@pytest.mark.django_db
def test_a_cause_after_its_result_is_held_against_the_nearest_meeting(tmp_path: Path) -> None:
    told = found(
        tmp_path, activities="""
            code,kind,title,unit,phase,starts_at,host,counterpart
            DL,democratic_life_meeting,Life meeting,b,P2,2026-06-20,,
            DS,democratic_life_meeting,School's own,s1,P2,2026-07-10,,
            T1,talk,Talk,b,P2,2026-06-21,l1,t1
            T2,talk,Talk,s1,P2,2026-06-25,t1,t2
            T3,talk,Talk,s2,P2,2026-06-25,t3,t2
            T4,talk,Talk,b,P2,2026-06-19,l1,t2
            T5,talk,Talk,b,P3,2026-08-19,l1,t2
        """, channels=FORMS, form_batches=BATCH.replace("2026-04-01,{}", "2026-06-22,{}").format(1, 1, 1))
    assert told == {"result_before_cause": {"T1", "T3", "F1"}}


@pytest.mark.django_db
def test_votes_that_do_not_add_up(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        activities="code,kind,title,unit,phase,starts_at,headcount\nAP,appraisal_meeting,Vote,b,P2,2026-06-25,40",
        polls="code,title,unit,activity,held_on,scale\nV1,Vote,b,AP,2026-06-25,good;bad\nV2,Other,b,,2026-06-25,good;bad",
        poll_aspects="poll,code,name\nV1,q1,Deep\nV2,q1,Deep",
        electorate="poll,group,issued,returned,valid\nV1,Delegates,45,46,44",
        tallies="poll,aspect,grade,count\nV1,q1,good,40\nV1,q1,bad,6\nV2,q1,good,3")
    assert set(told) == {"more_delegates_than_electorate", "tally_exceeds_valid", "rate_without_denominator"}
    assert "V1/Delegates" in told["more_delegates_than_electorate"]
    assert "V1/q1" in told["tally_exceeds_valid"]
    assert told["rate_without_denominator"] == {"V2"}


ISSUES = "code,title,lead_unit,due_on,state,closed_on\nW1,Heating,s1,2026-09-30,closed,2026-09-01\nW2,Buses,b,2026-09-30,open,"
HEARD = "code,channel,received_on,text\nO1,BX,2026-04-02,Cold\nO2,BX,2026-04-02,Very cold"


@pytest.mark.django_db
def test_an_issue_closed_with_nothing_to_show_and_nobody_answered(tmp_path: Path) -> None:
    tables = {"channels": FORMS, "opinions": HEARD, "issues": ISSUES,
              "mapping": "opinion,issue,relation\nO1,W1,merged\nO2,W1,duplicate",
              "echoes": "opinion,on,disposition\nO1,2026-09-02,solved"}
    told = found(tmp_path, **tables)
    assert told == {"closed_without_evidence": {"W1"}, "closed_without_echo": {"W1", "O2"}}
    assert found(tmp_path, unit="s1", **tables) == told
    assert not found(tmp_path, unit="s2", **tables)
    assert not found(tmp_path, "2026-08-31", **tables)


@pytest.mark.django_db
def test_dates_shares_and_blanks(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        activities="code,kind,title,unit,phase,starts_at\nA1,visit,Visit,b,P1,2026-06-02\nA2,visit,Visit,b,P1,2026-05-31",
        stated_facts="code,name,value,measure,source,on\nR,Participation,98,%,Summary,2026-05-20\nN,Rank,3,place,,",
        remarks="code,unit,phase,kind,text\nM1,b,P1,problem,第XX次学习\nM2,b,P1,practice,某某同志\nM3,b,P1,effect,All well")
    assert told == {"date_outside_phase": {"A1"}, "rate_without_denominator": {"R"}, "placeholder_left": {"M1", "M2"}}


@pytest.mark.django_db
def test_a_unit_that_does_not_say_whether_it_takes_part_is_pointed_out(tmp_path: Path) -> None:
    units = "code,name,kind,parent,participates\nb,Bureau,bureau,,yes\ns1,School 1,school,b,\ns2,School 2,school,b,no"
    assert found(tmp_path, units=units) == {"participation_unknown": {"s1"}}
