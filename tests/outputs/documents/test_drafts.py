"""A draft: its text, its numbers, what it refuses and what it tells its author."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.books import scope
from tests.outputs.documents.book import told
from zhixing.flow.activities.models import Activity
from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.figures.models import FrozenFigure
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor, Grant
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads as units
from zhixing.outputs.documents import actions, reads
from zhixing.outputs.documents.types import Draft

pytestmark = pytest.mark.django_db
END = "2026-05-31"


def summary(programme: int, outline: str = "", language: str = "", because: str = "") -> Draft:
    return actions.draft("stage_summary", scope(programme, END), "P1", outline, language, actor=CONSOLE,
                         no_problem_reason=because)


def test_every_number_is_a_frozen_figure_of_the_phase_with_its_measure(tmp_path: Path) -> None:
    draft = summary(told(tmp_path))
    printed = {(number.figure, number.where.get("kind", ("",))[0]): number for number in draft.numbers}
    held = printed["activities.held", "mobilisation"]
    assert (held.printed, held.where["phase"], held.evidence) == ("2次", ("P1",), 2)
    assert printed["activities.person_times", "lecture"].printed == "80余人次"
    assert printed["activities.attendance_rate", "group_study"].printed == "75%"
    assert all(FrozenFigure.objects.filter(pk=number.frozen_id).exists() for number in draft.numbers)
    for block in draft.blocks:
        for run in block.runs:
            if run.number is not None:
                assert run.text.strip("“”")
                number = draft.numbers[run.number]
                assert number.url.endswith(f"&frozen={number.frozen_id}")


def test_each_printed_number_has_exactly_one_entry(tmp_path: Path) -> None:
    draft = summary(told(tmp_path))
    assert len({number.key for number in draft.numbers}) == len(draft.numbers)
    used = {run.number for block in draft.blocks for run in block.runs if run.number is not None}
    assert used == set(range(len(draft.numbers)))


def test_sentences_stand_only_where_records_exist(tmp_path: Path) -> None:
    text = summary(told(tmp_path)).text
    assert "2个单位召开动员大会2次，6人次参加。" in text
    assert "举办辅导报告1场，80余人次参加。" in text
    for absent in ("谈心", "测评", "调研课题", "中心组", "走访"):
        assert absent not in text, absent
    for absent in ("None", "{", "}", "[", "]", "，，", "。。", "、。"):
        assert absent not in text, absent


def test_a_vague_count_is_printed_as_vague_and_a_record_after_the_day_does_not_count(tmp_path: Path) -> None:
    text = summary(told(tmp_path)).text
    assert "发出征求意见表90余份" in text and "收回60份" in text
    assert "六月的事" not in text


def test_a_stated_fact_is_printed_with_its_source(tmp_path: Path) -> None:
    draft = summary(told(tmp_path))
    assert "信息报送全区排名第3名（据区委通报）" in draft.text
    fact = next(number for number in draft.numbers if number.figure == "facts.stated")
    assert (fact.source, fact.words) == ("区委通报", "信息报送全区排名")


def test_remarks_stand_in_their_sections(tmp_path: Path) -> None:
    lines = summary(told(tmp_path)).text.split("\n")
    problems = next(place for place, line in enumerate(lines) if line.startswith("三、"))
    assert lines[problems + 1] == "一是时间紧、任务重；二是学习不够深入。"
    assert lines[-1] == "下一步，抓紧整改。"
    assert "我校的问题" not in "".join(lines)


def test_a_summary_without_a_problem_is_refused_with_the_remedy(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks="code,unit,phase,kind,text\nR1,b,P1,practice,做了")
    before = ledger.size()
    with pytest.raises(Refused, match=r"(unit|单位) b"):
        summary(programme)
    assert ledger.size() == before and not FrozenFigure.objects.exists()


def test_a_reason_is_printed_as_the_problems_section(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks="code,unit,phase,kind,text\nR1,b,P1,practice,做了")
    draft = summary(programme, because="刚刚开始，问题正在梳理")
    assert "存在的主要问题\n本阶段未列出存在的问题。理由：刚刚开始，问题正在梳理。" in draft.text


def test_an_outline_without_problems_gets_the_section_and_says_so(tmp_path: Path) -> None:
    draft = summary(told(tmp_path), outline="practice-and-results")
    headings = [block.text for block in draft.blocks if block.level == 1]
    assert headings == ["一、主要做法", "二、初步成效", "三、存在的问题", "四、下步打算"]
    assert "outline_without_problems" in [notice.rule for notice in draft.hints]


@pytest.mark.parametrize("outline", ["course-and-experience", "graspings", "by-activity",
                                     "practice-and-results"])
def test_each_outline_gives_a_whole_document(tmp_path: Path, outline: str) -> None:
    draft = summary(told(tmp_path), outline=outline)
    levels = [block.level for block in draft.blocks]
    for place, level in enumerate(levels):
        assert not level or (levels[place + 1:] and levels[place + 1] in (0, level + 1)), "an empty heading"
    for line in draft.text.split("\n")[1:]:
        assert re.match(r"^[一二三四五六七]、|^（[一二三四五六七]）", line) or line.endswith("。"), line
    for said in ("领导带头宣讲", "坚持学用结合", "时间紧、任务重", "抓紧整改"):
        assert draft.text.count(said) == 1


def test_the_plan_follows_the_phases_and_their_duties(tmp_path: Path) -> None:
    programme = told(tmp_path)
    draft = actions.draft("plan", scope(programme, "2026-03-01"), "", actor=CONSOLE)
    headings = [block.text for block in draft.blocks if block.level == 1]
    assert headings == ["一、指导思想", "二、目标任务", "三、主要内容", "四、实施步骤", "五、工作要求"]
    assert "（一）学习调研阶段（2026年3月至5月）\n本阶段的主要任务：3月31日前召开动员大会。" in draft.text
    assert "参加活动的单位共3个。" in draft.text


def test_figures_that_hold_earlier_phases_say_so(tmp_path: Path) -> None:
    programme = told(tmp_path)
    later = actions.draft("stage_summary", scope(programme, "2026-07-31"), "P2", actor=CONSOLE,
                          no_problem_reason="正在梳理")
    assert "累计发出征求意见表90余份" in later.text and "动员大会" not in later.text
    assert "累计" not in summary(programme).text


def test_a_next_step_is_not_introduced_twice(tmp_path: Path) -> None:
    remarks = "code,unit,phase,kind,text\nR1,b,P1,problem,问题\nR2,b,P1,next_step,下一步抓整改"
    assert summary(told(tmp_path, remarks=remarks)).text.endswith("\n下一步抓整改。")


def test_an_english_summary_is_written_in_english(tmp_path: Path) -> None:
    draft = summary(told(tmp_path), language="en")
    assert draft.title == "Campaign of Bureau: summary of the 学习调研 phase"
    assert "We held 2 launch meetings in 2 units, with 6 person-times present." in draft.text
    assert "over 80 person-times" in draft.text
    assert "信息报送全区排名: 3 名次 (source: 区委通报)" in draft.text


def test_the_same_records_give_the_same_draft_and_the_same_frozen_figures(tmp_path: Path) -> None:
    programme = told(tmp_path)
    assert summary(programme) == summary(programme)


def test_the_ledger_tells_who_drafted_what(tmp_path: Path) -> None:
    programme = told(tmp_path)
    draft = summary(programme)
    entry = ledger.entries(programme_id=programme, limit=1)[0]
    assert (entry.subject, entry.actor) == ("papers/stage_summary/b", "console")
    assert entry.new["figures"] == [number.frozen_id for number in draft.numbers]
    assert [paper.title for paper in reads.papers(programme, CONSOLE)] == [draft.title]


def test_a_preview_keeps_nothing(tmp_path: Path) -> None:
    programme = told(tmp_path)
    before = ledger.size()
    shown = reads.preview("stage_summary", scope(programme, END), "P1", actor=CONSOLE)
    assert shown.text == summary(programme).text and before < ledger.size()
    assert all(number.frozen_id is None for number in shown.numbers)


def test_what_has_changed_since_is_shown_with_the_records_that_came(tmp_path: Path) -> None:
    programme = told(tmp_path)
    summary(programme)
    Activity.objects.create(programme_id=programme, code="M3", kind="mobilisation", title="补开",
                            unit_id=units.unit("s2").id, phase_id=campaigns.phase(programme, "P1").id,
                            starts_on=date(2026, 4, 1), headcount=7)
    paper = reads.papers(programme, CONSOLE)[0]
    rows = reads.then_and_now(paper, campaigns.campaign("C"), campaigns.pack_of(programme))
    changed = {row.words: (row.printed, row.now, row.drift.came) for row in rows if row.drift.any}
    assert changed["开展的活动（动员大会，学习调研）"] == ("2次", "3次", ("M3",))
    again = reads.preview("stage_summary", scope(programme, END), "P1", actor=CONSOLE)
    assert "same_figure_two_values" in [notice.rule for notice in again.contradictions]


def test_the_day_and_the_phase_have_sensible_defaults(tmp_path: Path) -> None:
    told(tmp_path)
    campaign, unit = campaigns.campaign("C"), units.unit("b").id
    with clock.fixed(datetime(2026, 9, 9, 9, 0)):
        standing = reads.standing("stage_summary", campaign, unit)
        assert standing.phase is not None
        assert (standing.phase.code, standing.as_of) == ("P1", date(2026, 5, 31))
        assert reads.standing("stage_summary", campaign, unit, "P3").as_of == date(2026, 9, 9)
        day = date(2026, 4, 1)
        assert reads.standing("stage_summary", campaign, unit, "P1", day).as_of == day
        assert reads.standing("plan", campaign, unit).as_of == date(2026, 3, 1)


def test_an_unknown_kind_phase_outline_or_language_is_told_apart(tmp_path: Path) -> None:
    at = scope(told(tmp_path), END)
    for kind, phase, outline, language in (
            ("poem", "P1", "", ""), ("stage_summary", "P9", "", ""), ("stage_summary", "P1", "nowhere", ""),
            ("stage_summary", "P1", "", "fr")):
        with pytest.raises(Refused):
            actions.draft(kind, at, phase, outline, language, actor=CONSOLE)


def test_a_school_drafts_its_own_summary_and_no_other(tmp_path: Path) -> None:
    programme = told(tmp_path)
    secretary = Actor("person", "secretary", 1, (Grant("secretary", units.unit("s1").path, programme),))
    own = actions.draft("stage_summary", scope(programme, END, "s1"), "P1", actor=secretary)
    assert "我校的问题" in own.text and "召开动员大会1次" in own.text
    with pytest.raises(NotFound):
        actions.draft("stage_summary", scope(programme, END), "P1", actor=secretary)
    viewer = Actor("person", "viewer", 2, (Grant("viewer", "", programme),))
    with pytest.raises(NotAllowed):
        actions.draft("stage_summary", scope(programme, END), "P1", actor=viewer)
    assert reads.preview("stage_summary", scope(programme, END), "P1", actor=viewer).numbers
