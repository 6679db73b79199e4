"""The schedule of a plan: a table of what is due, by when and by whom."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from tests.cast import Cast
from zhixing.flow.duties import actions as duties
from zhixing.ground.kernel.types import CONSOLE, Scope
from zhixing.ground.units import reads as units
from zhixing.outputs.documents import actions, reads
from zhixing.outputs.documents.types import Draft

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 18)


@pytest.fixture
def campaign(cast: Cast) -> int:
    duties.set_up("great-discussion-zh", "DTL", "解放思想大讨论活动", "B", date(2026, 3, 2), ["B", "N", "N1"], actor=CONSOLE)
    return units.programme("DTL").id


def plan(campaign: int, unit: str = "B", kind: str = "plan", language: str = "") -> Draft:
    return reads.preview(kind, Scope(campaign, units.unit(unit).id, DAY), "", "", language, actor=CONSOLE)


def test_a_plan_has_a_line_for_each_duty_by_phase_and_day(campaign: int) -> None:
    draft = plan(campaign)
    assert len(draft.schedule) == 18
    first = draft.schedule[0]
    assert (first.phase, first.what, first.due, first.who) == ("学习调研阶段", "成立领导小组", "2026年3月12日", "各单位")
    assert [each.who for each in draft.schedule if "督查" in each.what] == ["County Bureau"] * 3
    assert "成立领导小组" in draft.text, "the digest of the paper covers it"


def test_the_headings_of_a_plan_are_the_five_parts(campaign: int) -> None:
    assert [block.text for block in plan(campaign).blocks if block.level == 1] == [
        "一、指导思想", "二、目标任务", "三、主要内容", "四、实施步骤", "五、工作要求"]


def test_a_units_plan_holds_what_it_owes_on_its_own_days(campaign: int) -> None:
    duties.set_target(campaign, "D03", "N1", at_least=None, due_on=date(2026, 3, 20), note="", actor=CONSOLE)
    lines = {each.what: each for each in plan(campaign, "N1").schedule}
    assert "日常工作定期督查" not in lines, "the bureau's"
    assert lines["召开动员大会"].due == "2026年3月20日"
    assert {each.what: each.due for each in plan(campaign).schedule}["召开动员大会"] == "2026年3月30日"


def test_a_summary_has_no_schedule(campaign: int) -> None:
    assert plan(campaign, kind="stage_summary").schedule == ()


def words(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in table.rows[1].cells] for table in Document(io.BytesIO(content)).tables]


def test_the_word_file_has_the_schedule_and_then_the_figures(campaign: int) -> None:
    draft = plan(campaign)
    made = actions.content(draft, ".docx")
    assert made == actions.content(plan(campaign), ".docx"), "the same bytes"
    assert words(made)[0] == ["1", "学习调研阶段", "成立领导小组", "2026年3月12日", "各单位"]
    paragraphs = [each.text for each in Document(io.BytesIO(made)).paragraphs]
    assert paragraphs.count("附件1") == 1 and paragraphs.count("附件2") == 1
    assert "附件：1. 进度安排表" in paragraphs and "\u3000\u3000\u30002. 数字及其依据" in paragraphs


def test_the_web_page_and_english_have_it_too(campaign: int) -> None:
    page = actions.content(plan(campaign, language="en"), ".html").decode()
    assert "<h2>Schedule</h2>" in page and "every unit" in page and "成立领导小组" in page
