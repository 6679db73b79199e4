"""Where units stand, decided without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.units.rules import Circular, Edge, Facts, Place, circles, edges, places
from zhixing.ground.units.types import ALWAYS, FOREVER, ids_of, level_of, step, superior_of, within

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


def path(*ids: int) -> str:
    return "".join(step(each) for each in ids)


def facts(unit_id: int, parent: int | None = None, first: date | None = None,
          last: date | None = None) -> Facts:
    return Facts(unit_id, parent, first, last)


def test_a_path_is_read_back_into_ids_and_levels() -> None:
    assert ids_of(path(1, 20, 300)) == (1, 20, 300)
    assert level_of(path(1, 20)) == 2 and level_of("") == 0
    assert superior_of(path(1, 20)) == path(1) and superior_of(path(1)) == ""
    assert within(path(1, 20), path(1)) and within(path(1), "") and not within(path(1), path(1, 20))


def test_without_dates_a_unit_stands_where_its_superiors_say_for_ever() -> None:
    found = places([facts(1), facts(2, 1), facts(3, 2)], [])
    assert found[3] == [Place(ALWAYS, FOREVER, path(1, 2, 3))]


def test_a_superior_entered_after_the_unit_is_found_all_the_same() -> None:
    assert places([facts(1, 2), facts(2)], [])[1] == [Place(ALWAYS, FOREVER, path(2, 1))]


def test_a_placement_holds_in_its_period_and_the_own_parent_outside_it() -> None:
    last_of_february = MAR - timedelta(days=1)
    found = places([facts(1), facts(2), facts(3, 1)], [(3, 2, FEB, last_of_february)])
    assert found[3] == [Place(ALWAYS, FEB, path(1, 3)), Place(FEB, MAR, path(2, 3)),
                        Place(MAR, FOREVER, path(1, 3))]


def test_of_two_placements_on_one_day_the_later_begun_holds() -> None:
    found = places([facts(1), facts(2), facts(3, 1)], [(3, 1, JAN, None), (3, 2, FEB, None)])
    assert found[3][-1] == Place(FEB, FOREVER, path(2, 3))


def test_the_last_day_of_a_unit_is_a_day_on_which_it_exists() -> None:
    assert places([facts(1, None, JAN, FEB)], [])[1] == [Place(JAN, FEB + timedelta(days=1), path(1))]


def test_a_unit_whose_superior_closed_stands_under_the_nearest_open_one() -> None:
    closed = MAR - timedelta(days=1)
    found = places([facts(1), facts(2, 1, None, closed), facts(3, 2)], [])
    assert found[3] == [Place(ALWAYS, MAR, path(1, 2, 3)), Place(MAR, FOREVER, path(1, 3))]


def test_a_unit_whose_superiors_all_closed_is_a_root() -> None:
    found = places([facts(1, None, None, MAR - timedelta(days=1)), facts(2, 1)], [])
    assert found[2] == [Place(ALWAYS, MAR, path(1, 2)), Place(MAR, FOREVER, path(2))]


def test_a_unit_follows_its_superior_when_that_moves() -> None:
    found = places([facts(1), facts(2), facts(3, 1), facts(4, 3)], [(3, 2, FEB, None)])
    assert found[4] == [Place(ALWAYS, FEB, path(1, 3, 4)), Place(FEB, FOREVER, path(2, 3, 4))]


def test_units_that_swapped_over_the_years_each_have_their_time_on_top() -> None:
    found = places([facts(1), facts(2, 1), facts(3, 2)], [(1, 2, FEB, None), (2, None, FEB, None)])
    assert found[1] == [Place(ALWAYS, FEB, path(1)), Place(FEB, FOREVER, path(2, 1))]
    assert found[2] == [Place(ALWAYS, FEB, path(1, 2)), Place(FEB, FOREVER, path(2))]
    assert found[3] == [Place(ALWAYS, FEB, path(1, 2, 3)), Place(FEB, FOREVER, path(2, 3))]


def test_a_parent_that_is_not_known_makes_a_root() -> None:
    assert places([facts(1, 99)], [])[1] == [Place(ALWAYS, FOREVER, path(1))]


def test_a_placement_without_end_and_a_unit_without_end_do_not_overflow() -> None:
    assert places([facts(1, None, ALWAYS, FOREVER)], [(1, None, ALWAYS, FOREVER)])[1] == [
        Place(ALWAYS, FOREVER, path(1))]


def test_no_circle_is_found_in_a_tree() -> None:
    assert circles([Edge("a", None), Edge("b", "a"), Edge("c", "a"), Edge("d", "b")]) == []


def test_a_circle_is_named_once_and_those_below_it_are_not_in_it() -> None:
    (found,) = circles([Edge("a", "b"), Edge("b", "c"), Edge("c", "a"), Edge("below", "a")])
    assert set(found) == {"a", "b", "c"} and len(found) == 3


def test_a_unit_under_itself_is_a_circle() -> None:
    assert circles([Edge("a", "a")]) == [("a",)]


def test_two_circles_are_both_named() -> None:
    found = circles([Edge("a", "b"), Edge("b", "a"), Edge("c", "d"), Edge("d", "c"), Edge("below", "a")])
    assert [set(circle) for circle in found] == [{"a", "b"}, {"c", "d"}]


def test_a_swap_over_the_years_is_no_circle_but_an_overlap_of_one_day_is() -> None:
    assert circles(edges([("a", None), ("b", None)], [("a", "b", JAN, FEB - timedelta(days=1)),
                                                     ("b", "a", FEB, None)])) == []
    (circle,) = circles(edges([("a", None), ("b", None)], [("a", "b", JAN, FEB), ("b", "a", FEB, None)]))
    assert set(circle) == {"a", "b"}


def test_a_circle_below_a_great_tree_is_found_at_once() -> None:
    wide = [Edge(number, number // 10) for number in range(1, 50_000)]
    assert circles([*wide, Edge(0, 4_999)]) and not circles(wide)


Moves = list[tuple[int, int | None, date | None, date | None]]
History = tuple[list[Facts], Moves]

days = st.none() | st.sampled_from([date(2026, 1, 1) + timedelta(days=each) for each in range(12)])


@st.composite
def histories(draw: st.DrawFn) -> History:
    count = draw(st.integers(1, 6))
    ids = st.integers(1, count)

    def period() -> tuple[date | None, date | None]:
        first, last = draw(days), draw(days)
        return (last, first) if first and last and last < first else (first, last)

    units = [Facts(unit, draw(st.none() | ids), *period()) for unit in range(1, count + 1)]
    placements = [(draw(ids), draw(st.none() | ids), *period()) for _ in range(draw(st.integers(0, 6)))]
    return units, placements


def above_on(units: list[Facts], placements: Moves, day: date) -> dict[int, int | None]:
    """Who stands under whom on a day, said as simply as it can be."""
    above = {unit.id: unit.parent for unit in units}
    began: dict[int, tuple[date, date]] = {}
    for unit, parent, first, last in placements:
        mine = (first or ALWAYS, last or FOREVER)
        if mine[0] <= day <= mine[1] and mine >= began.get(unit, (ALWAYS, ALWAYS)):
            began[unit], above[unit] = mine, parent
    return above


@given(histories())
def test_places_agree_with_looking_at_every_single_day(history: History) -> None:
    units, placements = history
    keys = [(unit, first or ALWAYS, last or FOREVER) for unit, _parent, first, last in placements]
    if len({key[:2] for key in keys}) < len(keys):
        return  # the database refuses two placements of a unit that begin on one day
    some_days = [date(2025, 12, 31) + timedelta(days=each) for each in range(14)]
    circle = any(_stands_on_a_circle(above_on(units, placements, day)) for day in some_days)
    found = circles(edges([(unit.id, unit.parent) for unit in units], placements))
    assert bool(found) == circle
    if circle:
        with pytest.raises(Circular):
            places(units, placements)
        return
    all_places = places(units, placements)
    for day in some_days:
        above = above_on(units, placements, day)
        existing = {unit.id for unit in units
                    if (unit.valid_from or ALWAYS) <= day <= (unit.valid_to or FOREVER)}
        for unit in units:
            expected: list[int] = []
            at = unit.id if unit.id in existing else None
            while at is not None:
                expected = [at, *expected] if at in existing else expected
                at = above[at]
            stood = [place.path for place in all_places[unit.id] if place.starts <= day < place.ends]
            assert stood == ([path(*expected)] if expected else [])


def _stands_on_a_circle(above: dict[int, int | None]) -> bool:
    for unit in above:
        at, steps = above[unit], 0
        while at is not None and steps <= len(above):
            if at == unit:
                return True
            at, steps = above[at], steps + 1
    return False
