"""Whom a duty is for: an entry that names nobody is refused, since nobody would owe the duty."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from tests.books import bring_in
from zhixing.flow.duties import reads as duties
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.workbook.actions import save_row
from zhixing.ground.workbook.types import Faulty

pytestmark = pytest.mark.django_db


def duty(applies_to: str) -> str:
    return f"code,figure,applies_to\nD1,activities.held,{applies_to}"


def refusal(folder: Path, applies_to: str) -> list[str]:
    with pytest.raises(Faulty) as error:
        bring_in(folder, duties=duty(applies_to))
    assert {(fault.table, fault.row, fault.column) for fault in error.value.faults} == {("duties", 2, "applies_to")}
    return [fault.message for fault in error.value.faults]


@pytest.mark.parametrize(("typed", "near"), [
    ("schol", "“School”"), ("s11", "“s1”"), ("Buro", "“Bureau”"), ("people:leadr", "Leader"),
    ("people:", "people:leader"), ("dragon", "kinds in use: Bureau, School"),
    ("village", "kinds in use"),
])
def test_an_entry_that_names_nobody_is_refused_with_the_near_ones(tmp_path: Path, typed: str, near: str) -> None:
    message, = refusal(tmp_path, typed)
    assert near in message and f"“{typed}”" in message


def test_each_wrong_entry_is_named(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, "school;schol;s9")) == 2


@pytest.mark.parametrize(("typed", "stored"), [
    ("school", ("school",)), ("学校", ("school",)), ("School；b", ("school", "b")), ("局机关;s1", ("bureau", "s1")),
    ("people:leader", ("people:leader",)), ("people:领导班子成员", ("people:leader",)), ("人员：teacher", ("people:teacher",)),
    ("学校;school", ("school",)),
])
def test_kinds_codes_and_their_words_are_taken(tmp_path: Path, typed: str, stored: tuple[str, ...]) -> None:
    programme = bring_in(tmp_path, duties=duty(typed))
    assert duties.duties(programme)[0].applies_to == stored


def test_a_kind_of_ones_own_is_in_use(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, units="code,name,kind,parent,participates\nb,局,机关大楼,,yes\ns1,校,学校,b,yes",
                         people="code,name,unit\nl1,L,b", duties=duty("学校;机关大楼"))
    assert duties.duties(programme)[0].applies_to == ("学校", "机关大楼")


def test_a_later_workbook_of_duties_alone_knows_the_units(tmp_path: Path) -> None:
    programme = bring_in(tmp_path)
    save_row("duties", programme, {"code": "D1", "figure": "activities.held", "applies_to": "学校"}, actor=CONSOLE)
    assert duties.duties(programme)[0].applies_to == ("school",)
    with pytest.raises(Faulty) as error, translation.override("zh-hans"):
        save_row("duties", programme, {"code": "D2", "figure": "activities.held", "applies_to": "学较"}, actor=CONSOLE)
    assert error.value.faults[0].column == "applies_to"
    assert "学校（school）" in error.value.faults[0].message
