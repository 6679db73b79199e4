"""Rotating codes, recurring days, names and pairs: decided from given facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.flow.activities import rules
from zhixing.flow.activities.types import PARTS
from zhixing.flow.campaigns.packs import packs
from zhixing.ground.kernel.calendar import WorkCalendar

KEY = b"k" * 32


@dataclass(frozen=True)
class Person:
    code: str
    name: str


@given(st.integers(0, 2**33), st.integers(1, 10**9))
def test_a_code_is_good_in_its_slot_and_the_next(second: int, activity: int) -> None:
    code = rules.token(KEY, activity, rules.slot_of(second))
    assert rules.judge(KEY, activity, code, second) == "good"
    assert rules.judge(KEY, activity, code, second + rules.SLOT) == "good"
    assert rules.judge(KEY, activity, code, second + 2 * rules.SLOT) == "stale"
    assert rules.judge(KEY, activity + 1, code, second) == "foreign"
    assert rules.judge(b"x" * 32, activity, code, second) == "foreign"


def test_a_code_of_two_hours_ago_is_not_known_any_more() -> None:
    code = rules.token(KEY, 1, 1000)
    assert rules.judge(KEY, 1, code, (1000 + rules.REMEMBERED) * rules.SLOT) == "foreign"
    assert rules.judge(KEY, 1, "", 30_000) == "foreign"


def test_a_ticket_holds_for_five_minutes_and_for_its_session() -> None:
    ticket = rules.ticket(KEY, 1, 5000)
    assert rules.ticket_holds(KEY, 1, ticket, 5000 + rules.TICKET)
    assert not rules.ticket_holds(KEY, 1, ticket, 5001 + rules.TICKET)
    assert not rules.ticket_holds(KEY, 1, ticket, 4999)
    assert not rules.ticket_holds(KEY, 2, ticket, 5000)
    assert not rules.ticket_holds(KEY, 1, "6000" + ticket[4:], 6000)


@pytest.mark.parametrize(("written", "name"), [
    ("李 华", "李华"), ("ＬＩ hua", "Li Hua"), ("阿依古丽·买买提", "阿依古丽买买提"), ("O'Neil", "ONeil"),
])
def test_a_name_is_known_however_it_is_spaced_and_dotted(written: str, name: str) -> None:
    people = [Person("P1", name), Person("P2", "Somebody")]
    assert rules.matching(written, people) == [people[0]]
    assert rules.matching("p2", people) == [people[1]]
    assert rules.matching(" ", people) == []


def test_names_are_split_as_people_write_them() -> None:
    assert rules.split_names("张三、李四，王五\n Li Hua ; ") == ["张三", "李四", "王五", "Li Hua"]


def test_every_wednesday_but_not_on_a_day_off() -> None:
    work = WorkCalendar(holidays=[date(2026, 5, 27)], workdays=[date(2026, 5, 30)])
    days, off = rules.recurring({2, 5}, 1, date(2026, 5, 18), date(2026, 6, 3), work.is_workday)
    assert days == [date(2026, 5, 20), date(2026, 5, 30), date(2026, 6, 3)], "a Saturday that is worked counts"
    assert off == [date(2026, 5, 23), date(2026, 5, 27)]


def test_every_other_week_counts_from_the_first_week() -> None:
    days, _off = rules.recurring({2}, 2, date(2026, 5, 21), date(2026, 6, 30), WorkCalendar().is_workday)
    assert days == [date(2026, 6, 3), date(2026, 6, 17)]


def test_a_pack_says_which_categories_pair_and_what_a_kind_asks() -> None:
    assert rules.pairs_of(None) == {}
    assert rules.pairs_of({"mentor": ["teacher", "pupil", "same_unit"], "bad": "x"}) == {
        "mentor": ("teacher", "pupil", True)}
    assert rules.asked_of("visit", {"visit": ["guests"], "usually": ["agenda"]}) == ("guests",)
    assert rules.asked_of("lecture", {"visit": ["guests"], "usually": ["agenda"]}) == ("agenda",)
    assert rules.asked_of("anything", None) == ()


def test_every_pack_pairs_its_own_categories_and_asks_for_parts_that_there_are() -> None:
    for pack in packs().values():
        asks = pack.words("activity_asks")
        kinds, categories = pack.words("activity_kinds"), pack.words("person_categories")
        assert set(asks) <= {*kinds, rules.USUALLY}
        assert {part for parts in asks.values() for part in parts} <= {*PARTS, "minutes"}
        pairs = rules.pairs_of(pack.words("pair_categories"))
        assert set(pairs) <= set(pack.words("pair_kinds"))
        assert {category for pair in pairs.values() for category in pair[:2]} <= set(categories)
