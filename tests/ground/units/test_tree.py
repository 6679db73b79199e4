"""Spans kept up to date, and the SQL that restricts a relation to a subtree on a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.units import reads, tree
from zhixing.ground.units.models import Placement, Span, Unit
from zhixing.ground.units.types import LEVELS

TODAY = date(2026, 5, 18)
pytestmark = pytest.mark.usefixtures("clock")


def test_only_spans_that_changed_are_written(cast: Cast) -> None:
    assert tree.rebuild() == 0
    before = dict(Span.objects.values_list("unit_id", "id"))
    Placement.objects.create(unit_id=cast.ids["N1"], parent_id=cast.ids["S"])
    assert tree.rebuild() == 1
    assert dict(Span.objects.values_list("unit_id", "id")) == before


def test_a_move_is_undone_by_taking_the_placement_away(cast: Cast) -> None:
    before = set(Span.objects.values_list("unit_id", "path", "starts", "ends"))
    moved = Placement.objects.create(unit_id=cast.ids["N"], parent_id=cast.ids["S"], from_on=date(2026, 5, 1))
    tree.rebuild()
    assert Span.objects.count() == 12, "N and its three schools have two places each"
    moved.delete()
    tree.rebuild()
    assert set(Span.objects.values_list("unit_id", "path", "starts", "ends")) == before


def test_a_unit_that_was_taken_away_takes_its_spans_along(cast: Cast) -> None:
    Unit.objects.create(code="X", parent_id=cast.ids["S"])
    tree.rebuild()
    Unit.objects.filter(code="X").delete()
    assert tree.rebuild() == 0 and Span.objects.count() == 8


def test_rebuilding_is_a_fixed_number_of_queries(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tree.rebuild()
        return len(captured)

    few = queries()
    Unit.objects.bulk_create(Unit(code=f"X{number}", parent_id=cast.ids["S"]) for number in range(200))
    tree.rebuild()
    assert queries() == few <= 6


def test_a_circle_is_refused_and_named(cast: Cast) -> None:
    Unit.objects.filter(code="B").update(parent_id=cast.ids["N1"])
    with pytest.raises(Refused, match=r"N1 → N → B → N1|B → N1 → N → B|N → B → N1 → N"):
        tree.rebuild()
    assert reads.path_on(cast.ids["N1"], TODAY) is not None, "nothing was written"


def test_a_circle_of_one_day_in_placements_is_refused(cast: Cast) -> None:
    Placement.objects.create(unit_id=cast.ids["N"], parent_id=cast.ids["S"], from_on=date(2026, 1, 1),
                             to_on=date(2026, 2, 1))
    Placement.objects.create(unit_id=cast.ids["S"], parent_id=cast.ids["N"], from_on=date(2026, 2, 1))
    with pytest.raises(Refused, match=r"above themselves"):
        tree.rebuild()


def test_a_tree_that_is_too_deep_is_refused(db: None) -> None:
    above = None
    for level in range(LEVELS + 1):
        above = Unit.objects.create(code=f"L{level}", parent=above)
    with pytest.raises(Refused, match=f"L{LEVELS}.*{LEVELS} levels"):
        tree.rebuild()


def test_the_sql_restricts_a_relation_to_a_subtree_on_a_day(cast: Cast) -> None:
    Unit.objects.filter(code="N2").update(valid_to=date(2026, 3, 31))
    Placement.objects.create(unit_id=cast.ids["S1"], parent_id=cast.ids["N"], from_on=date(2026, 4, 1))
    tree.rebuild()

    def under(code: str, day: date) -> list[str]:
        sql = f"SELECT r.code FROM units_unit r {tree.restrict('r.id')} ORDER BY s.path"
        with connection.cursor() as cursor:
            cursor.execute(sql, tree.subtree(cast.unit(code, day).path, day))
            return [row[0] for row in cursor.fetchall()]

    assert under("N", date(2026, 3, 31)) == ["N", "N1", "N2", "N3"]
    assert under("N", date(2026, 4, 1)) == ["N", "N1", "N3", "S1"]
    assert under("B", date(2026, 4, 1)) == ["B", "N", "N1", "N3", "S1", "S", "S2"]


def test_the_sql_rolls_up_to_a_level(cast: Cast) -> None:
    path = cast.path("B")
    sql = (f"SELECT {tree.roll_up(path, 1)}, COUNT(*) FROM units_unit r {tree.restrict('r.id')} "
           f"GROUP BY {tree.roll_up(path, 1)} ORDER BY 1")
    with connection.cursor() as cursor:
        cursor.execute(sql, tree.subtree(path, TODAY))
        found = dict(cursor.fetchall())
    assert found == {path: 1, cast.path("N"): 4, cast.path("S"): 3}
