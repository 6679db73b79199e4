"""Contradictions that a document would print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import scope
from tests.outputs.documents.book import told
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs import Fault, Pack
from zhixing.flow.checks import reads as checks
from zhixing.ground.kernel.types import CONSOLE
from zhixing.outputs.documents import actions, reads

pytestmark = pytest.mark.django_db
END = "2026-05-31"


def found(programme: int, rule: str, unit: str = "b") -> list[checks.Contradiction]:
    return checks.contradictions(scope(programme, END, unit), rule)


def remark(text: str, phase: str = "P1", unit: str = "b") -> str:
    return f"code,unit,phase,kind,text\nR1,{unit},{phase},practice,{text}"


@pytest.mark.parametrize("text", ["各单位全部召开了动员大会", "所有学校动员大会开得好",
                                  "all units held the 动员大会", "各单位都积极参加"])
def test_all_units_is_a_contradiction_where_some_have_none(tmp_path: Path, text: str) -> None:
    hits = found(told(tmp_path, remarks=remark(text)), "unit_without_duty_record")
    assert [each.finding.records for each in hits] == [("R1", "D1/s2")]
    assert "School 2" in hits[0].message


@pytest.mark.parametrize("text", ["意见全部答复", "大部分单位召开了动员大会", "召开了动员大会"])
def test_all_of_something_else_is_none(tmp_path: Path, text: str) -> None:
    assert found(told(tmp_path, remarks=remark(text)), "unit_without_duty_record") == []


def test_all_units_is_true_where_all_have_met_the_duty(tmp_path: Path) -> None:
    met = told(tmp_path, remarks=remark("各单位全部召开了动员大会"), duties="""
        code,phase,name,figure,where,at_least,due_on,applies_to
        D1,P1,召开动员大会,activities.held,kind=mobilisation,1,2026-03-31,b;s1""")
    assert found(met, "unit_without_duty_record") == []


@pytest.mark.parametrize(("text", "figure"), [
    ("辅导报告有80人次参加", "参加活动人次"), ("发出征求意见表90份", "发出的征求意见表"),
    ("人均笔记20篇", "人均读书笔记"),
])
def test_a_vague_number_printed_as_exact_is_a_contradiction(tmp_path: Path, text: str, figure: str) -> None:
    facts = "code,name,value,measure,source\nnotes,人均读书笔记,>=20,篇,抽查"
    hits = found(told(tmp_path, remarks=remark(text), stated_facts=facts), "vague_count_used_exactly")
    assert hits and all(each.finding.records[0] == "R1" for each in hits)
    assert any(figure in each.message for each in hits)


def test_a_vague_number_printed_as_vague_is_none(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks=remark("辅导报告有80余人次参加，收回60份"))
    assert found(programme, "vague_count_used_exactly") == []


def test_two_stated_values_of_one_name_are_a_contradiction(tmp_path: Path) -> None:
    facts = "code,name,value,measure,source\na,收到建议,24,条,记录\nb,收到 建议,~24,条,简报\n" \
            "c,收到建议,24,人,记录"
    hits = found(told(tmp_path, stated_facts=facts), "same_figure_two_values")
    assert [each.finding.records for each in hits] == [("a", "b")]


def test_what_was_printed_and_what_the_records_say_now_are_compared(tmp_path: Path) -> None:
    programme = told(tmp_path)
    actions.draft("stage_summary", scope(programme, END), "P1", actor=CONSOLE)
    assert found(programme, "same_figure_two_values") == []
    more = "code,channel,title,unit,issued_on,issued,returned_on,returned\n" \
           "F1,CF,征求意见表,b,2026-03-15,>=90,2026-03-20,61"
    programme = told(tmp_path, form_batches=more)
    hits = found(programme, "same_figure_two_values")
    assert any("收回的征求意见表" in each.message and "60" in each.message and "61" in each.message
               for each in hits)


def test_a_pack_that_skips_a_heading_level_is_pointed_out(tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    programme = told(tmp_path)
    assert found(programme, "heading_level_skipped") == []
    fault = Fault("mine/outlines/plan/x.toml", "parts[1].level", "skipped", "heading_level_skipped",
                  stops=False)
    monkeypatch.setattr(campaigns, "pack_of", lambda _programme: Pack("mine", "zh", "", {}, (fault,)))
    assert "parts[1].level" in found(programme, "heading_level_skipped")[0].message


def test_a_school_sees_only_what_concerns_it(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks=remark("各单位全部召开了动员大会"))
    assert found(programme, "unit_without_duty_record", "s2") == []


def test_hints_tell_what_a_draft_leaves_out(tmp_path: Path) -> None:
    programme = told(
        tmp_path, activities="code,kind,unit,phase,starts_at\nM1,mobilisation,b,P1,2026-03-02\n"
                             "M2,mobilisation,b,,2026-03-03",
        attendance="activity,person,status",
        remarks="code,unit,phase,kind,text\nR1,b,P1,problem,有3个问题")
    shown = reads.preview("stage_summary", scope(programme, END), "P1", actor=CONSOLE)
    told_of = {notice.rule: notice.message for notice in shown.hints}
    assert "1" in told_of["phase_not_named"] and "3" in told_of["number_typed"]
    assert "召开动员大会1次" in shown.text


def test_placeholders_left_in_a_remark_are_told_with_the_draft(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks="code,unit,phase,kind,text\nR1,b,P1,problem,XX学校问题突出")
    shown = reads.preview("stage_summary", scope(programme, END), "P1", actor=CONSOLE)
    assert [notice.records for notice in shown.contradictions if notice.rule == "placeholder_left"] == [("R1",)]
