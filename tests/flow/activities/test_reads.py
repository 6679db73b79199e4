"""The queries of sessions do not grow with units, people or sessions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.shell.pages import TABLES, bring_in, signed_in
from zhixing.flow.activities import actions, reads
from zhixing.flow.activities.types import Mark
from zhixing.flow.campaigns.models import Participant
from zhixing.ground.kernel.sharing import forget
from zhixing.ground.units import tree
from zhixing.ground.units.models import Person, Unit

PAGES = ["/c/P1/capture/", "/c/P1/calendar/", "/c/P1/calendar/?day=2026-05-18", "/c/P1/calendar.ics", "/c/P1/series/",
         "/c/P1/talks/", "/c/P1/talks/?kind=leader_division", "/c/P1/sessions/260518-abc0/",
         "/c/P1/sessions/260518-abc0/correct/", "/c/P1/sessions/260518-abc0/sheet/",
         "/c/P1/sessions/260518-abc0/signed/"]


def grow(cast: Cast, first: int, count: int) -> None:
    """More schools, people, sessions and talks."""
    for number in range(first, first + count):
        unit = Unit.objects.create(code=f"X{number}", name=f"School X{number}", kind="school", parent_id=cast.ids["N"])
        Participant.objects.create(programme_id=cast.programme_id, unit=unit, participates=True)
        Person.objects.bulk_create(
            Person(code=f"X{number}-{each}", name=f"X {number} {each}", unit=unit, categories=";leader;")
            for each in range(3))
        Person.objects.create(code=f"BL{number}", name=f"BL {number}", unit_id=cast.ids["B"], categories=";leader;")
    tree.rebuild()
    office = cast.actor("office")
    for number in range(first, first + count):
        unit_id = Unit.objects.get(code=f"X{number}").id
        cells = {"kind": "group_study", "starts_at": "2026-05-18T14:30", "roster": "unit", "title": "S"}
        actions.hold(cast.programme_id, unit_id, f"260518-x{number}", cells, {f"X{number}-1": Mark("leave")},
                     actor=office)
        actions.hold_talk(cast.programme_id, cast.ids["B"], f"260518-t{number}", "B-1", f"BL{number}", "leader_leader",
                          date(2026, 5, 18), actor=office)
        actions.plan(cast.programme_id, cast.ids["B"], f"260518-p{number}",
                     {"kind": "group_study", "starts_at": "2026-05-18", "ends_at": "2026-06-30"}, [2], 1, actor=office)


@pytest.fixture
def county(clock: object, english: None, cast: Cast, tmp_path: Path) -> Cast:
    bring_in(tmp_path / "book", phases=TABLES["phases"])
    actions.hold(cast.programme_id, cast.ids["B"], "260518-abc0",
                 {"kind": "group_study", "starts_at": "2026-05-18T14:30", "roster": "unit", "title": "S"},
                 {"N1-1": Mark("leave")}, actor=cast.actor("office"))
    return cast


def test_the_queries_of_every_page_stay_the_same_at_another_size(county: Cast) -> None:
    grow(county, 0, 2)
    browser = signed_in("office")

    def counted() -> dict[str, int]:
        found = {}
        for path in PAGES:
            forget()
            with CaptureQueriesContext(connection, ) as told:
                assert browser.get(path).status_code == 200, path
            found[path] = len(told)
        return found

    small = counted()
    grow(county, 2, 8)
    assert counted() == small
    assert max(small.values()) <= 45


def test_handing_in_takes_the_same_queries_whatever_the_roster(county: Cast) -> None:
    def taken(code: str) -> int:
        with CaptureQueriesContext(connection) as told:
            actions.hold(county.programme_id, county.ids["N"], code,
                         {"kind": "group_study", "starts_at": "2026-05-18", "roster": "unit"}, {"N1-1": Mark("leave")},
                         actor=county.actor("office"))
        return len(told)

    first = taken("260518-one1")
    grow(county, 0, 4)
    assert taken("260518-two2") == first


def test_a_roster_is_the_one_that_figures_count(county: Cast) -> None:
    people = reads.expected(county.programme_id, county.ids["N"], "unit", date(2026, 5, 18))
    assert {each.code for each in people} == {"N-1", *(f"N{school}-{each}" for school in (1, 2, 3) for each in (1, 2, 3))}
    leaders = reads.expected(county.programme_id, county.ids["N"], "unit:leader", date(2026, 5, 18))
    assert [each.code for each in leaders] == ["N-1", "N1-1", "N2-1", "N3-1"]
    view = reads.session(county.programme_id, "260518-abc0", county.actor("office"))
    state = reads.presence(county.programme_id, view, date(2026, 5, 18))
    assert (state.expected, state.present) == (18, 17)
