"""A sentence is used only where its numbers exist."""

from __future__ import annotations

import pytest

from zhixing.flow.campaigns.packs.grammar import Hole, parse
from zhixing.outputs.documents import filling
from zhixing.outputs.documents.types import Run


def filled(text: str, language: str = "zh", names: dict[str, str] | None = None,
           **numbers: str) -> str | None:
    keys = list(numbers)

    def counted(hole: Hole) -> Run | None:
        known = numbers.get(hole.key)
        return Run(f"{known}{hole.noun or ''}", keys.index(hole.key)) if known else None

    runs = filling.fill(parse(text), names or {}, counted, language)
    return None if runs is None else "".join(run.text for run in runs)


def test_a_number_outside_brackets_decides_the_sentence() -> None:
    assert filled("开会{n:次}", n="3") == "开会3次"
    assert filled("开会{n:次}") is None


def test_a_part_in_brackets_is_left_out_with_its_number() -> None:
    assert filled("开会{n:次}[，{p:人次}参加][，出勤率{r}]", n="3", r="98%") == "开会3次，出勤率98%"
    assert filled("开会{n:次}[，{p:人次}参加[，其中{q:人}]]", n="3", p="9") == "开会3次，9人次参加"


def test_a_list_joins_what_exists() -> None:
    text = "成立[/甲{a:个}/乙{b:个}/丙{c:个}]"
    assert filled(text, a="1", c="2") == "成立甲1个、丙2个"
    assert filled("We set up [/{a} a/{b} b/{c} c]", "en", a="1", b="2", c="3") == "We set up 1 a, 2 b and 3 c"


def test_a_list_without_a_lead_is_needed_and_one_with_a_lead_is_not() -> None:
    assert filled("成立[/甲{a:个}/乙{b:个}]") is None
    assert filled("收到{n:条}[，其中/甲{a:条}/乙{b:条}]", n="9") == "收到9条"


def test_a_list_that_only_repeats_the_whole_is_left_out() -> None:
    assert filled("收到{n:条}[，其中/甲{a:条}/乙{b:条}]", n="24", a="24") == "收到24条"
    assert filled("收到{n:条}[，其中/甲{a:条}/乙{b:条}]", n="24", a="20") == "收到24条，其中甲20条"


def test_parts_that_overlap_are_not_told_as_parts() -> None:
    text = "完成{n:篇}[，其中/领导{a:篇}/教师{b:篇}]"
    assert filled(text, n="177", a="105", b="145") == "完成177篇，其中领导105篇"
    assert filled(text, n="250", a="105", b="145") == "完成250篇，其中领导105篇、教师145篇"


def test_a_name_that_is_not_known_does_not_exist() -> None:
    assert filled("[{period}，]{unit}开展工作", names={"period": "", "unit": "局"}) == "局开展工作"
    assert filling.text_of(parse("{unit}[{phase}阶段]小结"), {"unit": "局", "phase": ""}, "zh") == "局小结"


@pytest.mark.parametrize(("runs", "text"), [
    ([Run("a"), Run("b", 0), Run("c")], "Abc."), ([Run("done.")], "Done."), ([], ""),
])
def test_a_sentence_begins_large_and_ends_with_a_stop(runs: list[Run], text: str) -> None:
    assert "".join(run.text for run in filling.ended(runs, "en")) == text


def test_plain_neighbours_are_one_run() -> None:
    assert filling.merged([Run("a"), Run("b"), Run("1", 0), Run("c")]) == (Run("ab"), Run("1", 0), Run("c"))
