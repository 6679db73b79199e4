"""Which phase a day belongs to, and which phase puts things right."""

from __future__ import annotations

from datetime import date

from zhixing.flow.campaigns.rules import in_sequence, phase_on, rectification
from zhixing.flow.campaigns.types import PhaseView


def phase(code: str, order: int | None, first: str = "", last: str = "", name: str = "") -> PhaseView:
    day = date.fromisoformat
    return PhaseView(1, code, name or code, order, day(first) if first else None, day(last) if last else None)


STUDY = phase("P1", 1, "2026-03-01", "2026-05-31", "学习调研")
ANALYSIS = phase("P2", 2, "2026-06-01", "2026-07-31", "分析检查")
ACTION = phase("P3", 3, "2026-08-10", "", "整改落实阶段")


def test_phases_stand_in_their_order_and_unordered_ones_last() -> None:
    assert [each.code for each in in_sequence([phase("X", None), ACTION, STUDY])] == ["P1", "P3", "X"]


def test_a_day_belongs_to_the_phase_that_runs() -> None:
    assert phase_on([STUDY, ANALYSIS, ACTION], date(2026, 5, 31)) == STUDY
    assert phase_on([STUDY, ANALYSIS, ACTION], date(2026, 6, 1)) == ANALYSIS


def test_a_day_in_a_gap_or_before_the_first_phase_belongs_to_none() -> None:
    assert phase_on([STUDY, ANALYSIS, ACTION], date(2026, 8, 1)) is None
    assert phase_on([STUDY, ANALYSIS, ACTION], date(2026, 1, 1)) is None


def test_a_phase_without_an_end_goes_on() -> None:
    assert phase_on([STUDY, ACTION], date(2030, 1, 1)) == ACTION


def test_of_two_phases_that_share_a_day_the_later_one_runs() -> None:
    following = phase("P2", 2, "2026-05-31", "2026-07-31")
    assert phase_on([STUDY, following], date(2026, 5, 31)) == following


def test_the_pack_names_the_rectification_phase() -> None:
    assert rectification([STUDY, ACTION, phase("P4", 4, name="总结")], ["整改落实"]) == ACTION


def test_without_such_a_name_the_last_phase_is_the_rectification_phase() -> None:
    assert rectification([ANALYSIS, STUDY], ["整改落实"]) == ANALYSIS
    assert rectification([], ["整改落实"]) is None
