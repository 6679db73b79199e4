"""Units open, close, move and merge: what happens, what is refused, and what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cast import Cast
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads
from zhixing.ground.units.actions import close_unit, merge_units, move_unit, open_unit
from zhixing.ground.units.models import Placement, Unit

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
END_OF_MARCH = date(2026, 3, 31)
pytestmark = pytest.mark.usefixtures("clock")


def under(code: str, day: date) -> list[str]:
    return [view.code for view in reads.children_on(reads.path_on(reads.unit(code).id, day) or "?", day)]


def test_a_unit_opens_under_its_superior_on_a_day(cast: Cast) -> None:
    opened = open_unit("S3", name="South School 3", kind="school", under="S", on=APRIL,
                       actor=cast.actor("office"))
    assert (opened.superior_id, opened.valid_from) == (cast.ids["S"], APRIL)
    assert "S3" not in under("S", END_OF_MARCH) and "S3" in under("S", APRIL)
    (entry,) = ledger.entries()
    assert (entry.verb, entry.subject, entry.actor) == ("units.open", "units/S3", "office")
    assert entry.new == {"name": "South School 3", "short_name": "", "kind": "school", "parent": "S",
                         "valid_from": "2026-04-01"}


def test_opening_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="already"):
        open_unit("S1", name="", under="S", actor=CONSOLE)
    close_unit("S", last_day=END_OF_MARCH, actor=CONSOLE)
    with pytest.raises(Refused, match="not open"):
        open_unit("S3", name="", under="S", on=MAY, actor=CONSOLE)
    with pytest.raises(NotFound):
        open_unit("S3", name="", under="nowhere", actor=CONSOLE)
    with pytest.raises(NotAllowed):
        open_unit("R", name="A root", actor=cast.actor("office"))


def test_a_unit_closes_after_its_last_day_and_those_under_it_stay_visible(cast: Cast) -> None:
    close_unit("N", last_day=END_OF_MARCH, actor=cast.actor("office"))
    assert under("B", END_OF_MARCH) == ["N", "S"]
    assert under("B", APRIL) == ["S", "N1", "N2", "N3"]
    (entry,) = ledger.entries()
    assert (entry.verb, entry.subject, entry.new) == ("units.close", "units/N", {"valid_to": "2026-03-31"})


def test_closing_is_refused(cast: Cast) -> None:
    open_unit("S3", name="", under="S", on=APRIL, actor=CONSOLE)
    with pytest.raises(Refused, match="cannot close before"):
        close_unit("S3", last_day=MARCH, actor=CONSOLE)
    close_unit("S3", last_day=MAY, actor=CONSOLE)
    with pytest.raises(Refused, match="closes on 2026-05-01 already"):
        close_unit("S3", last_day=JUNE, actor=CONSOLE)


def test_a_unit_moves_with_all_below_it_and_the_past_stays(cast: Cast) -> None:
    moved = move_unit("N", under="S", on=APRIL, actor=cast.actor("office"))
    assert moved.superior_id == cast.ids["S"]
    assert under("B", END_OF_MARCH) == ["N", "S"] and under("B", APRIL) == ["S"]
    assert "N" in under("S", APRIL) and under("N", APRIL) == ["N1", "N2", "N3"]
    (entry,) = ledger.entries()
    assert (entry.verb, entry.subject) == ("units.move", "units/N")
    assert (entry.old, entry.new) == ({"parent": "B"}, {"parent": "S", "from": "2026-04-01"})


def test_a_second_move_ends_the_first(cast: Cast) -> None:
    move_unit("N1", under="S", on=MARCH, actor=CONSOLE)
    move_unit("N1", under="B", on=MAY, actor=CONSOLE)
    assert "N1" in under("N", date(2026, 2, 28)) and "N1" in under("S", MARCH) and "N1" in under("B", MAY)


def test_a_move_in_between_holds_until_the_move_already_recorded(cast: Cast) -> None:
    move_unit("N1", under="B", on=MAY, actor=CONSOLE)
    move_unit("N1", under="S", on=MARCH, actor=CONSOLE)
    assert "N1" in under("S", MARCH) and "N1" in under("B", MAY)
    first = Placement.objects.get(unit__code="N1", from_on=MARCH)
    assert first.to_on == date(2026, 4, 30), "no two placements for one day"
    move_unit("N1", under="N", on=MAY, actor=CONSOLE)
    assert "N1" in under("N", MAY) and Placement.objects.filter(unit__code="N1").count() == 2


def test_a_unit_may_come_to_stand_under_nobody(cast: Cast) -> None:
    assert move_unit("S", under="", on=APRIL, actor=CONSOLE).superior_id is None
    with pytest.raises(NotAllowed):
        move_unit("N", under="", on=APRIL, actor=cast.actor("office"))


@pytest.mark.parametrize(("code", "to", "why"), [
    ("N", "N", "under itself"), ("N", "N1", "under itself"), ("B", "S2", "under itself"),
    ("N1", "N", "there already"),
])
def test_a_move_is_refused(cast: Cast, code: str, to: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        move_unit(code, under=to, on=APRIL, actor=CONSOLE)
    assert not Placement.objects.exists() and ledger.size() == 0


def test_a_move_to_or_of_a_closed_unit_is_refused(cast: Cast) -> None:
    close_unit("S", last_day=END_OF_MARCH, actor=CONSOLE)
    for code, to in (("N1", "S"), ("S", "N")):
        with pytest.raises(Refused, match="S is not open on 2026-04-01"):
            move_unit(code, under=to, on=APRIL, actor=CONSOLE)


def test_a_move_that_makes_a_circle_with_a_later_one_is_refused(cast: Cast) -> None:
    move_unit("S", under="N", on=MAY, actor=CONSOLE)
    with pytest.raises(Refused, match="above themselves"):
        move_unit("N", under="S", on=APRIL, actor=CONSOLE)
    assert "N" in under("B", APRIL), "nothing was written"


def test_units_merge_into_one_that_takes_over_those_below_them(cast: Cast) -> None:
    open_unit("N4", name="Opens later", under="N", on=JUNE, actor=CONSOLE)
    merge_units(["N"], into="S", on=APRIL, actor=cast.actor("office"))
    assert under("B", END_OF_MARCH) == ["N", "S"] and under("B", APRIL) == ["S"]
    assert under("S", APRIL) == ["N1", "N2", "N3", "S1", "S2"] and "N4" in under("S", JUNE)
    assert reads.unit("N").valid_to == END_OF_MARCH
    entry = next(iter(ledger.entries()))
    assert (entry.verb, entry.subject, entry.old) == ("units.merge", "units/S", {"units": ["N"]})
    assert entry.new == {"from": "2026-04-01", "moved": ["N1", "N2", "N3", "N4"]}


def test_several_units_merge_at_once(cast: Cast) -> None:
    merge_units(["N1", "N2", "N1"], into="N3", on=APRIL, actor=CONSOLE)
    assert under("N", APRIL) == ["N3"]


@pytest.mark.parametrize(("codes", "into", "why"), [
    (["S"], "S", "belongs to"), (["B"], "S", "belongs to"), ([], "S", "at least one"),
])
def test_a_merger_is_refused(cast: Cast, codes: list[str], into: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        merge_units(codes, into=into, on=APRIL, actor=CONSOLE)
    assert not Unit.objects.exclude(valid_to=None).exists() and ledger.size() == 0


ARRANGE: dict[str, Callable[[Actor], object]] = {
    "open": lambda actor: open_unit("N9", name="", under="N", actor=actor),
    "close": lambda actor: close_unit("N1", last_day=APRIL, actor=actor),
    "move away": lambda actor: move_unit("N1", under="S", on=APRIL, actor=actor),
    "take in": lambda actor: move_unit("S1", under="N", on=APRIL, actor=actor),
    "merge": lambda actor: merge_units(["N1"], into="N2", on=APRIL, actor=actor),
}


@pytest.mark.parametrize("what", sorted(ARRANGE))
@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "district", "secretary", "stranger"])
def test_those_who_do_not_keep_the_tree_change_nothing(cast: Cast, what: str, name: str) -> None:
    with pytest.raises(NotAllowed):
        ARRANGE[what](cast.actor(name))
    assert ledger.size() == 0 and not Placement.objects.exists()


@pytest.mark.parametrize("what", sorted(ARRANGE))
def test_an_office_arranges_its_own_subtree_and_no_other(cast: Cast, what: str) -> None:
    north = Actor("person", "north", None, tuple(
        type(grant)("office", cast.path("N"), grant.programme_id) for grant in cast.actor("district").grants))
    if what in ("move away", "take in"):
        with pytest.raises(NotAllowed, match=r"The unit S"):
            ARRANGE[what](north)
    else:
        ARRANGE[what](north)
        assert ledger.size() == 1
