"""What a remark says against what the records say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhixing.outputs.documents import checks

FORMS = checks.Vague(Decimal(80), ">=", ("份",), "发出的征求意见表", "F1")
WORDS = checks.Vague(Decimal(24), "~", ("suggestion", "suggestions"), "Suggestions", "S1")


@pytest.mark.parametrize("text", ["发出征求意见表80份", "共80份。", "发出 80 份表"])
def test_a_vague_number_printed_as_exact_is_found(text: str) -> None:
    assert checks.printed_exactly(text, [FORMS]) == [FORMS]


@pytest.mark.parametrize("text", ["发出征求意见表80余份", "近80份", "80多份", "不少于80份", "80份以上",
                                  "80份左右", "共80人", "180份", "80.5份", "8,080份", "没有数字"])
def test_a_vague_number_printed_as_vague_or_another_number_is_not(text: str) -> None:
    assert checks.printed_exactly(text, [FORMS]) == []


def test_the_same_in_english() -> None:
    assert checks.printed_exactly("We got 24 suggestions", [WORDS]) == [WORDS]
    assert checks.printed_exactly("We got nearly 24 suggestions and 24 letters", [WORDS]) == []


@pytest.mark.parametrize(("text", "words", "units"), [
    ("各单位全部召开了动员大会", "各单位", True), ("所有参学单位都动了起来", "所有参学单位", True),
    ("意见全部答复", "全部", False), ("All units held a meeting", "All units", True),
    ("every school took part", "every school", True), ("大部分单位", "", False),
])
def test_a_remark_that_says_all_is_noticed(text: str, words: str, units: bool) -> None:
    assert checks.says_all(text) == words
    assert checks.names_units(words) is units


def test_a_remark_and_a_duty_speak_of_the_same_thing() -> None:
    assert checks.shares_words("各单位全部召开动员大会", "召开动员大会")
    assert not checks.shares_words("各单位全部完成总结", "召开动员大会")
    assert checks.shares_words("All units held a kick-off meeting", "Hold the kick-off meeting")
