"""Figures and filters of duties, typed in words or in keys."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation

from tests.books import bring_in, write_book
from zhixing.ground.kernel.figures import figure
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.workbook import filters
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.reads import export_workbook
from zhixing.ground.workbook.types import Faulty

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = """code,figure,where,at_least
D1,开展的活动,类型=动员大会；座谈会＆阶段=P1,1
D2,Activities held,kind=Group study,1
D3,activities.held,kind=lecture&phase=P1,1
D4,列出的问题,突出问题=是&状态=待交办,1
D5,收到的意见建议,类别=教师&渠道类型=意见箱,1
D6,调研课题,人员类别=教师,1
D7,参加率,类型=辅导报告,0.9
D8,开展活动,,1"""

KEPT = {
    "D1": ("activities.held", "kind=mobilisation;seminar&phase=P1"),
    "D2": ("activities.held", "kind=group_study"),
    "D3": ("activities.held", "kind=lecture&phase=P1"),
    "D4": ("issues.listed", "prominent=yes&state=open"),
    "D5": ("opinions.received", "category=教师&channel_kind=box"),
    "D6": ("research.topics", "category=teacher"),
    "D7": ("activities.participation_rate", "kind=lecture"),
}


def _exported(folder: Path) -> dict[str, tuple[str, str]]:
    export_workbook("C", folder)
    with (folder / "duties.csv").open(encoding="utf-8") as file:
        return {row["code"]: (row["figure"], row["where"]) for row in csv.DictReader(file)}


def test_figures_keys_and_choices_may_be_typed_in_words_and_are_kept_as_keys(tmp_path: Path) -> None:
    bring_in(tmp_path, duties=TYPED.rsplit("\n", 1)[0])
    assert _exported(tmp_path / "out") == KEPT
    again = import_workbook(tmp_path / "out", actor=CONSOLE).total()
    assert (again.created, again.updated) == (0, 0)
    assert _exported(tmp_path / "out") == KEPT


def test_a_filter_alone_is_read_by_the_figure_that_the_duty_has(tmp_path: Path) -> None:
    bring_in(tmp_path, duties="code,figure\nD1,activities.held")
    import_workbook(write_book(tmp_path / "book", duties="code,where\nD1,类型=座谈会"), actor=CONSOLE)
    assert _exported(tmp_path / "out") == {"D1": ("activities.held", "kind=seminar")}


def test_an_unknown_figure_is_answered_with_the_readers_title(tmp_path: Path) -> None:
    with translation.override("zh-hans"), pytest.raises(Faulty) as refused:
        bring_in(tmp_path, duties=TYPED)
    assert [fault.row for fault in refused.value.faults] == [9]
    assert "是不是“开展的活动”" in refused.value.faults[0].message


def test_a_key_that_the_figure_lacks_is_answered_with_words_and_keys(tmp_path: Path) -> None:
    with translation.override("zh-hans"), pytest.raises(Faulty) as refused:
        bring_in(tmp_path, duties="code,figure,where\nD1,督导检查,地点=北京")
    assert "督导检查（inspections.made）" in refused.value.faults[0].message
    assert "检查方式（basis）" in refused.value.faults[0].message


def test_the_same_key_in_two_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as refused:
        bring_in(tmp_path, duties="code,figure,where\nD1,activities.held,类型=座谈会&kind=lecture")
    assert "names the same key twice" in refused.value.faults[0].message


def test_a_word_of_two_kinds_is_left_as_it_is() -> None:
    found = figure("units.participating")
    assert found is not None
    assert filters.stored(found, "类型=学区;学校") == "kind=学区;school"
