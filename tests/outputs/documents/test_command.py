"""`zhixing document`, on the reference campaigns."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli

Loaded = Callable[[str], Cli]
REASON = "问题正在梳理"


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        content = package.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p>.*?</w:p>", content, re.S)
    return "\n".join("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", each)) for each in paragraphs)


def test_the_summary_of_a_district_bureau_is_what_its_campaign_reported(
        loaded: Loaded, tmp_path: Path) -> None:
    """Campaign a: 13 sessions, 616 person-times, over 80 forms, 30 reports, 35 information items."""
    bureau = loaded("a-district-bureau")
    said = bureau("document", "A2009", "stage_summary", "-o", tmp_path / "a.docx", json=True)
    text = text_of(tmp_path / "a.docx")
    for expected in (
        "组织集中学习13次，616人次参加，出勤率98.7%。", "举办辅导报告1场，80余人次参加。",
        "确定调研课题30个，完成调研报告30篇，其中领导班子成员完成6篇、干部职工完成24篇。",
        "发出征求意见表80余份，收回100余份。", "报送信息35条", "信息报送全区排名第3名（据区委活动办通报）",
        "座谈会征求建议近24条（据座谈会记录汇总）", "人均读书笔记20余次（据学习档案抽查）",
        "一是时间紧、任务重，对一些问题的分析还不够深入；二是工学矛盾突出，个别人员集中学习交流时间不够。",
        "下一步，围绕查找出的问题进一步研究对策。",
    ):
        assert expected in text, expected
    assert "回收率" not in text
    assert said.data["phase"] == "P1" and said.data["as_of"] == "2009-05-22"
    assert [each["lint"] for each in said.data["contradictions"]] == ["returned_exceeds_issued"]
    assert said.err


def test_a_summary_without_a_problem_ends_with_1_and_the_remedy(loaded: Loaded, tmp_path: Path) -> None:
    bureau = loaded("c-bureau-analysis")
    said = bureau("document", "C2023", "stage_summary", "-o", tmp_path / "c.docx", expect=1)
    assert "remarks" in said.err and not (tmp_path / "c.docx").exists()


def test_the_summary_of_an_analysis_phase_goes_by_activity(loaded: Loaded, tmp_path: Path) -> None:
    """Campaign c: seven parts, 14 → 8 and 6 → 3, 82 person-times of talks; and the contradiction."""
    said = loaded("c-bureau-analysis")("document", "C2023", "stage_summary", "--no-problems-because", REASON,
                                       "-o", tmp_path / "c.docx")
    text = text_of(tmp_path / "c.docx")
    headings = [line for line in text.split("\n") if re.match("[一二三四五六七八]、", line)]
    assert len(headings) == 7 and headings[-1] == "七、存在的问题"
    for expected in (
        "对领导班子的意见14条，梳理为问题8项。", "对班子成员个人的意见6条，梳理为问题3项。",
        "已答复意见25条，其中已解决21条、正在办理4条。", "开展谈心谈话41次，82人次参加",
        "召开专题组织生活会4次，45人次参加，参加率100%。", "计划制定制度6项，已出台4项。",
        "所占比例：认识深不深100%", "理由：问题正在梳理。",
    ):
        assert expected in text, expected
    assert "meant to feed" in said.err or "应当" in said.err


def test_the_plan_and_the_summary_of_a_city(loaded: Loaded, tmp_path: Path) -> None:
    """Campaign e: the plan in five parts; 58 of 60 units mobilised, one duty overdue."""
    city = loaded("e-city-plan")
    city("document", "E2012", "plan", "-o", tmp_path / "plan.docx")
    plan = text_of(tmp_path / "plan.docx")
    assert [line for line in plan.split("\n") if re.match("[一二三四五六]、", line)] == [
        "一、指导思想", "二、目标任务", "三、主要内容", "四、实施步骤", "五、工作要求"]
    assert "（一）学习调研阶段（2012年2月至3月）" in plan and "2月29日前召开动员大会" in plan
    assert "参加活动的单位共60个。" in plan
    city("document", "E2012", "stage_summary", "--phase", "P1", "--no-problems-because", REASON,
         "-o", tmp_path / "e.docx")
    text = text_of(tmp_path / "e.docx")
    assert "58个单位召开动员大会58次" in text and "有逾期未完成的任务1项" in text


def test_the_same_command_gives_the_same_file(loaded: Loaded, tmp_path: Path) -> None:
    bureau = loaded("a-district-bureau")
    for name in ("1.docx", "2.docx", "1.html", "2.html"):
        bureau("document", "A2009", "stage_summary", "--phase", "P1", "-o", tmp_path / name)
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


@pytest.mark.office
def test_a_pdf_comes_from_the_same_document(loaded: Loaded, tmp_path: Path) -> None:
    loaded("a-district-bureau")("document", "A2009", "stage_summary", "-o", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_wrong_usage_and_refusals_are_told_apart(loaded: Loaded, tmp_path: Path) -> None:
    bureau = loaded("a-district-bureau")
    for words, code in ((("A2009", "stage_summary", "-o", "x.odt"), 2), (("A2009", "stage_summary"), 2),
                        (("A2009", "stage_summary", "--as-of", "tomorrow", "-o", "x.docx"), 2),
                        (("A2009", "poem", "-o", "x.docx"), 1), (("NONE", "stage_summary", "-o", "x.docx"), 1),
                        (("A2009", "stage_summary", "--phase", "P9", "-o", "x.docx"), 1),
                        (("A2009", "stage_summary", "--outline", "nowhere", "-o", "x.docx"), 1),
                        (("A2009", "stage_summary", "--unit", "nobody", "-o", "x.docx"), 1),
                        (("A2009", "stage_summary", "-o", tmp_path / "none" / "x.docx"), 1)):
        said = bureau("document", *words, expect=code)
        assert said.err and "Traceback" not in said.err, words


def test_an_english_summary_of_the_same_records(loaded: Loaded, tmp_path: Path) -> None:
    bureau = loaded("a-district-bureau")
    bureau("document", "A2009", "stage_summary", "--in", "en", "-o", tmp_path / "a.docx")
    text = text_of(tmp_path / "a.docx")
    assert "Staff met for 13 group study sessions, with 616 person-times present" in text
    assert "We gave out over 80 opinion forms, and over 100 came back." in text
