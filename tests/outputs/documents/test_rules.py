"""How numbers, days, headings and sentences are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhixing.outputs.documents import rules
from zhixing.outputs.documents.layout.measures import signature, width_of


@pytest.mark.parametrize(("value", "qualifier", "measure", "noun", "zh", "en_noun", "en"), [
    ("13", "=", "items", "次", "13次", "session|sessions", "13 sessions"),
    ("1", "=", "items", "次", "1次", "session|sessions", "1 session"),
    ("80", ">=", "person_times", "人次", "80余人次", "person-time|person-times", "over 80 person-times"),
    ("616", ">=", "forms", "份", "616份以上", "form|forms", "at least 616 forms"),
    ("24", "~", "items", "条", "近24条", "suggestion|suggestions", "nearly 24 suggestions"),
    ("12345", "=", "people", "人", "12345人", "person|people", "12,345 people"),
    ("0", ">=", "items", "项", "0项以上", "item|items", "at least 0 items"),
    ("1", ">=", "items", "项", "1项以上", "item|items", "at least 1 items"),
    ("3", "=", "stated", "第{}名", "第3名", "no. {}", "no. 3"),
    ("20", ">=", "stated", "次", "20余次", "", "over 20"),
    ("0.98717", "=", "share", "", "98.7%", "", "98.7%"),
    ("92.456", "=", "score", "分", "92.46分", "point|points", "92.46 points"),
])
def test_a_number_is_written_with_its_word_and_as_vague_as_it_is(
        value: str, qualifier: str, measure: str, noun: str, zh: str, en_noun: str, en: str) -> None:
    assert rules.amount(Decimal(value), qualifier, measure, noun, "zh") == zh
    assert rules.amount(Decimal(value), qualifier, measure, en_noun, "en") == en


def test_what_vague_counts_add_up_to_is_about_and_not_nearly() -> None:
    said = [rules.amount(Decimal(66), "~", "items", noun, language, several=True)
            for noun, language in (("条", "zh"), ("items", "en"))]
    assert said == ["约66条", "about 66 items"]


@pytest.mark.parametrize(("value", "said"), [
    ("1", "100%"), ("0", "0%"), ("0.9996", "99.9%"), ("0.5", "50%"), ("0.0002", "0.02%"),
    ("0.98765", "98.8%"),
])
def test_rounding_never_makes_a_share_whole_or_nothing(value: str, said: str) -> None:
    assert rules.share(Decimal(value)) == said


def test_days_and_periods_are_written_as_people_write_them() -> None:
    first, last = date(2009, 3, 24), date(2009, 5, 22)
    assert rules.day(first, "zh") == "2009年3月24日"
    assert rules.period(first, last, "zh") == "2009年3月24日至5月22日"
    assert rules.period(first, date(2010, 1, 5), "zh") == "2009年3月24日至2010年1月5日"
    assert rules.period(first, last, "en") == "from 24 March to 22 May 2009"
    assert rules.period(first, None, "zh") == "2009年3月24日以来"
    assert rules.period(None, None, "en") == ""


def test_months_name_the_year_once() -> None:
    assert rules.months(date(2012, 2, 1), date(2012, 3, 31), "zh") == "2012年2月至3月"
    assert rules.months(date(2012, 12, 1), date(2013, 1, 31), "zh") == "2012年12月至2013年1月"
    assert rules.months(date(2012, 2, 1), date(2012, 2, 28), "en") == "February 2012"
    assert rules.months(date(2012, 2, 1), date(2012, 3, 31), "en") == "February to March 2012"
    assert rules.months(None, None, "zh") == ""


def test_headings_are_numbered_by_their_level() -> None:
    assert [rules.heading_label(level, 3, (1, 2, 4)[:level - 1], "zh") for level in (1, 2, 3, 4)] == [
        "三、", "（三）", "3.", "（3）"]
    assert [rules.heading_label(level, 3, (1, 2, 4)[:level - 1], "en") for level in (1, 2, 3, 4)] == [
        "3. ", "1.3 ", "1.2.3 ", "(c) "]
    assert [rules.chinese(number) for number in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_sentences_end_once_and_lists_are_one_sentence() -> None:
    assert rules.sentence("时间紧", "zh") == "时间紧。"
    assert rules.sentence("时间紧。", "zh") == "时间紧。"
    assert rules.sentence("时间紧；", "zh") == "时间紧。"
    assert rules.sentence("too little time", "en") == "Too little time."
    assert rules.sentence("时间紧", "en") == "时间紧。"
    assert rules.enumerated(["甲。", "乙；", "丙"], "zh") == "一是甲；二是乙；三是丙。"
    assert rules.enumerated(["甲。"], "zh") == "甲。"


def test_a_phase_is_not_called_phase_twice() -> None:
    assert rules.plain_phase("学习调研阶段") == "学习调研"
    assert rules.plain_phase("Study phase") == "Study"
    assert rules.plain_phase("学习调研") == "学习调研"


def test_a_title_breaks_between_its_pieces_into_even_lines() -> None:
    pieces = ["区教育局", "学习实践科学发展观活动", "学习调研阶段", "小结"]
    assert rules.broken(pieces, 20) == ("区教育局学习实践科学发展观活动", "学习调研阶段小结")
    assert rules.broken(["区教育局", "小结"], 20) == ("区教育局小结",)
    assert rules.broken(["很" * 45], 20) == ("很" * 45,)


def test_name_and_date_stand_in_from_the_right_as_the_standard_says() -> None:
    """GB/T 9704-2012, 7.3.5: sealed, the date four characters in; unsealed, at least two, and it begins two
    characters after the name."""
    name, day = "区教育局", "2009年5月22日"
    name_in, date_in = signature(name, day)
    assert date_in == 2
    assert (name_in + width_of(name)) - (date_in + width_of(day)) == 2
    long = "区教育局学习实践活动领导小组办公室"
    name_in, date_in = signature(long, day)
    assert name_in == 2 and (name_in + width_of(long)) - (date_in + width_of(day)) == 2
    assert signature(name, day, sealed=True)[1] == 4
