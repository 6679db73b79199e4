"""A unit cannot fall out of the campaign's tree by an empty cell, and one that did can be put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.shell.pages import bring_in
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units import tree
from zhixing.ground.units.models import Programme, Unit
from zhixing.ground.workbook.actions import save_row
from zhixing.ground.workbook.types import Faulty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def adrift(cast: Cast, code: str = "S") -> None:
    Unit.objects.filter(code=code).update(parent=None)
    tree.rebuild()
    assert not cast.path(code).startswith(cast.path("B"))


def placed(cast: Cast, code: str, name: str = "admin", **cells: str) -> None:
    save_row("units", cast.programme_id, cells, actor=cast.actor(name), code=code)


@pytest.mark.parametrize("tables", [{"units": "code,parent\nS,"}, {"placements": "unit,parent,from,to\nS,,,"}])
def test_a_workbook_does_not_clear_a_superior(cast: Cast, tmp_path: Path, tables: dict[str, str]) -> None:
    with pytest.raises(Faulty) as error:
        bring_in(tmp_path, **tables)
    [fault] = error.value.faults
    assert (fault.column, fault.kind) == ("parent", "rootless")
    assert "“S”" in fault.message and "last day" in fault.message
    assert cast.path("S1").startswith(cast.path("B"))


def test_a_form_does_not_clear_a_superior(cast: Cast) -> None:
    with pytest.raises(Faulty) as error:
        placed(cast, "S1", parent="")
    assert [fault.column for fault in error.value.faults] == ["parent"]


def test_a_unit_still_moves_and_closes(cast: Cast) -> None:
    placed(cast, "S1", parent="N")
    placed(cast, "S2", valid_to="2026-05-31")
    assert cast.path("S1").startswith(cast.path("N"))


def test_the_host_may_be_under_nobody(cast: Cast) -> None:
    Unit.objects.create(code="TOP", name="Top")
    Unit.objects.filter(code="B").update(parent=Unit.objects.get(code="TOP"))
    tree.rebuild()
    placed(cast, "B", parent="")
    assert len(cast.path("B")) == 7


def test_a_unit_under_nobody_comes_back(cast: Cast, tmp_path: Path) -> None:
    adrift(cast)
    bring_in(tmp_path, units="code,name,kind,parent\nS,South District,district,B\nS1,South School 1,school,S")
    assert cast.path("S1").startswith(cast.path("B"))
    adrift(cast)
    placed(cast, "S", parent="B")
    assert cast.path("S1").startswith(cast.path("B"))


def test_it_comes_back_for_who_keeps_both_places_alone(cast: Cast) -> None:
    adrift(cast)
    with pytest.raises(Faulty):
        placed(cast, "S", "office", parent="B")
    assert not cast.path("S").startswith(cast.path("B"))


def test_the_host_of_another_campaign_and_units_below_others_stay_where_they_are(cast: Cast) -> None:
    other = Unit.objects.create(code="X", name="Elsewhere")
    Unit.objects.create(code="X1", name="Below elsewhere", parent=other)
    tree.rebuild()
    with pytest.raises(Faulty, match="stands elsewhere"):
        save_row("units", cast.programme_id, {"parent": "B"}, actor=CONSOLE, code="X1")
    Programme.objects.create(code="P9", host_unit=other)
    with pytest.raises(Faulty, match="stands elsewhere"):
        save_row("units", cast.programme_id, {"parent": "B"}, actor=CONSOLE, code="X")


def test_a_unit_of_another_name_is_another_unit(cast: Cast, tmp_path: Path) -> None:
    adrift(cast)
    with pytest.raises(Faulty, match="by another name"):
        bring_in(tmp_path, units="code,name,parent\nS,Somebody else,B")
