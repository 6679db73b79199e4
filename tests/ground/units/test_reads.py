"""The tree as at a day, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.units import reads, tree
from zhixing.ground.units.models import Placement, Unit
from zhixing.ground.units.types import UnitView

TODAY = date(2026, 5, 18)
APRIL = date(2026, 4, 1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def moved(cast: Cast) -> Cast:
    """From April S1 stands in the north and N2 is no more."""
    Unit.objects.filter(code="N2").update(valid_to=date(2026, 3, 31))
    Placement.objects.create(unit_id=cast.ids["S1"], parent_id=cast.ids["N"], from_on=APRIL)
    tree.rebuild()
    return cast


def codes(views: list[UnitView]) -> list[str]:
    return [view.code for view in views]


def test_a_unit_is_seen_as_at_a_day(moved: Cast) -> None:
    march = reads.unit("S1", date(2026, 3, 1))
    assert (march.superior_id, march.level, march.is_open) == (moved.ids["S"], 3, True)
    assert reads.unit("S1").superior_id == moved.ids["N"]
    assert (march.id, march.name, march.kind, march.label) == (
        moved.ids["S1"], "South School 1", "school", "South School 1")


def test_a_closed_unit_is_seen_at_its_last_place_and_has_no_path(moved: Cast) -> None:
    closed = reads.unit("N2")
    assert not closed.is_open and closed.superior_id == moved.ids["N"]
    assert reads.path_on(closed.id, TODAY) is None
    assert reads.path_on(closed.id, date(2026, 3, 31)) == closed.path


def test_an_unknown_code_is_not_found(cast: Cast) -> None:
    for miss in (lambda: reads.unit("X"), lambda: reads.unit_by_id(0), lambda: reads.programme("X"),
                 lambda: reads.programme_by_id(0)):
        with pytest.raises(NotFound):
            miss()


def test_units_are_found_by_id_and_code_closed_ones_included(moved: Cast) -> None:
    assert set(reads.units_by_id([moved.ids["N2"], moved.ids["B"], 10**6])) == {
        moved.ids["N2"], moved.ids["B"]}
    assert set(reads.units_by_code(["N2", "B", "X"])) == {"N2", "B"}
    assert reads.units_by_id([]) == {} == reads.units_by_code([])


def test_children_ancestors_and_subtrees_follow_the_day(moved: Cast) -> None:
    north = moved.path("N")
    assert codes(reads.children_on(north, TODAY)) == ["N1", "N3", "S1"]
    assert codes(reads.children_on(north, date(2026, 3, 1))) == ["N1", "N2", "N3"]
    assert codes(reads.children_on("", TODAY)) == ["B"]
    assert codes(reads.ancestors_on(moved.ids["S1"], TODAY)) == ["B", "N"]
    assert reads.ancestors_on(moved.ids["N2"], TODAY) == []
    assert codes(reads.units_under(north, TODAY)) == ["N", "N1", "N3", "S1"]
    assert codes(reads.units_under("", TODAY, limit=3, offset=1)) == ["N", "N1", "N3"]
    assert reads.count_under("", TODAY) == 7 and reads.count_under(north, date(2026, 3, 1)) == 4
    assert codes(reads.tree_on("", TODAY, 2)) == ["B", "N", "S"]
    assert codes(reads.tree_on(moved.path("B"), TODAY, 1)) == ["B", "N", "S"]
    assert set(reads.paths_on(moved.ids.values(), TODAY)) == set(moved.ids.values()) - {moved.ids["N2"]}


def test_units_are_searched_within_a_subtree(cast: Cast) -> None:
    assert codes(reads.search("school", cast.path("S"), TODAY)) == ["S1", "S2"]
    assert codes(reads.search("n1", "", TODAY)) == ["N1"]


def test_a_programme_names_its_host(cast: Cast) -> None:
    found = reads.programme("P1")
    assert (found.id, found.host_unit_id, found.host_unit_code) == (cast.programme_id, cast.ids["B"], "B")
    assert reads.programmes() == [found] and reads.programme_by_id(found.id) == found


READS: dict[str, Callable[[Cast], object]] = {
    "unit": lambda cast: reads.unit("N1"),
    "units_by_id": lambda cast: reads.units_by_id(cast.ids.values()),
    "path_on": lambda cast: reads.path_on(cast.ids["N1"], TODAY),
    "children_on": lambda cast: reads.children_on(cast.path("N"), TODAY),
    "units_under": lambda cast: reads.units_under("", TODAY),
    "tree_on": lambda cast: reads.tree_on("", TODAY, 3),
    "programmes": lambda cast: reads.programmes(),
}


@pytest.mark.parametrize("name", sorted(READS))
def test_the_number_of_queries_does_not_grow_with_the_units(cast: Cast, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            READS[name](cast)
        return len(captured)

    few = queries()
    Unit.objects.bulk_create(Unit(code=f"X{number}", parent_id=cast.ids["N"]) for number in range(50))
    tree.rebuild()
    assert queries() == few <= 2


def test_ancestors_are_two_queries(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        reads.ancestors_on(cast.ids["N1"], TODAY)
    assert len(captured) == 2
