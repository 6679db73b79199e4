"""Who sees what: allowed, wrong role, wrong branch of the tree, after a move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import ACCOUNTS, UNITS, Cast, make_campaign
from zhixing.flow.activities.models import Activity, Attendance
from zhixing.flow.campaigns.models import Phase
from zhixing.flow.opinions.models import Channel, Opinion
from zhixing.ground.accounts.models import Grant
from zhixing.ground.accounts.reads import actor_of, may_see, programmes_of, visible_to
from zhixing.ground.kernel.types import CONSOLE, Actor
from zhixing.ground.units import tree
from zhixing.ground.units.models import Placement, Unit

ALL = set(UNITS)
NORTH = {"N", "N1", "N2", "N3"}

SEEN = {
    "admin": ALL, "office": ALL, "leader": ALL, "supervisor": ALL, "viewer": ALL,
    "district": NORTH, "secretary": {"N1"}, "responsible": {"N1"}, "other": {"S1"}, "stranger": set(),
}


@pytest.fixture
def activities(cast: Cast) -> Cast:
    for code, unit_id in cast.ids.items():
        Activity.objects.create(programme_id=cast.programme_id, code=code, unit_id=unit_id)
    return cast


def seen(cast: Cast, actor: Actor, paths: str = "unit") -> set[str]:
    rows = visible_to(Activity.objects.filter(programme=cast.programme_id), actor, cast.programme_id, paths)
    return set(rows.values_list("code", flat=True))


@pytest.mark.parametrize("name", sorted(SEEN))
def test_an_account_sees_the_records_of_its_subtree(activities: Cast, name: str) -> None:
    assert seen(activities, activities.actor(name)) == SEEN[name]


def test_every_role_of_the_cast_is_in_the_matrix(cast: Cast) -> None:
    assert set(SEEN) == {*ACCOUNTS, "stranger"}


@pytest.mark.parametrize("name", sorted(SEEN))
def test_may_see_agrees_with_the_records_shown(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    assert {code for code in UNITS if may_see(actor, cast.programme_id, cast.path(code))} == SEEN[name]


def test_the_console_sees_everything(activities: Cast) -> None:
    assert seen(activities, CONSOLE) == ALL
    assert may_see(CONSOLE, activities.programme_id, activities.path("S2"))


def test_it_is_one_query_however_many_units(activities: Cast) -> None:
    actor = activities.actor("district")
    with CaptureQueriesContext(connection) as queries:
        seen(activities, actor)
    assert len(queries) == 1


def test_an_actor_is_two_queries_however_many_grants(cast: Cast) -> None:
    for unit_id in cast.ids.values():
        Grant.objects.get_or_create(user=cast.users["secretary"], role="viewer", unit_id=unit_id)
    with CaptureQueriesContext(connection) as queries:
        actor = actor_of(cast.users["secretary"])
    assert len(queries) == 2 and len(actor.grants) == 9


def test_another_campaign_stays_out_of_sight(activities: Cast) -> None:
    second = make_campaign(activities.ids, "P2")
    Activity.objects.create(programme_id=second, code="A", unit_id=activities.ids["N1"])
    rows = Activity.objects.filter(programme=second)
    assert not visible_to(rows, activities.actor("office"), second, "unit").exists()
    assert visible_to(rows, activities.actor("admin"), second, "unit").exists()
    assert not may_see(activities.actor("office"), second, activities.path("N1"))


def test_a_grant_follows_its_unit_when_that_moves(activities: Cast) -> None:
    Placement.objects.create(unit_id=activities.ids["N"], parent_id=activities.ids["S"])
    tree.rebuild()
    Grant.objects.create(user=activities.users["stranger"], role="viewer", unit_id=activities.ids["S"])
    assert seen(activities, activities.actor("district")) == NORTH
    assert seen(activities, activities.actor("stranger")) == {"S", "S1", "S2"} | NORTH


def test_a_unit_that_moved_away_is_out_of_sight(activities: Cast) -> None:
    Placement.objects.create(unit_id=activities.ids["N1"], parent_id=activities.ids["S"])
    tree.rebuild()
    assert seen(activities, activities.actor("district")) == NORTH - {"N1"}


@pytest.mark.parametrize("dates", [{"valid_to": date(2026, 1, 31)}, {"valid_from": date(2027, 1, 1)}])
def test_records_of_a_closed_or_coming_unit_stay_in_sight(activities: Cast, clock: object,
                                                          dates: dict[str, date]) -> None:
    Unit.objects.filter(code="N1").update(**dates)
    tree.rebuild()
    assert seen(activities, activities.actor("district")) == NORTH
    assert seen(activities, activities.actor("secretary")) == {"N1"}
    assert seen(activities, activities.actor("other")) == {"S1"}


def test_a_unit_under_a_closed_one_is_seen_by_those_above(activities: Cast, clock: object) -> None:
    Unit.objects.filter(code="N").update(valid_to=date(2026, 1, 31))
    tree.rebuild()
    assert seen(activities, activities.actor("office")) == ALL
    assert seen(activities, activities.actor("secretary")) == {"N1"}


def test_a_row_is_owned_by_the_first_unit_that_is_known(cast: Cast) -> None:
    channel = Channel.objects.create(programme_id=cast.programme_id, code="box", kind="box",
                                     unit_id=cast.ids["N1"])
    for code, unit, via in (("own", "S1", channel), ("through", None, channel), ("nobody", None, None)):
        Opinion.objects.create(programme_id=cast.programme_id, code=code, channel=via,
                               unit_id=cast.ids[unit] if unit else None)

    def sees(name: str) -> set[str]:
        rows = visible_to(Opinion.objects.all(), cast.actor(name), cast.programme_id, "unit,channel.unit")
        return set(rows.values_list("code", flat=True))

    assert sees("other") == {"own"}
    assert sees("secretary") == {"through"}
    assert sees("office") == {"own", "through", "nobody"}


def test_a_row_of_a_row_is_owned_by_the_first_ones_unit(activities: Cast) -> None:
    activity = Activity.objects.get(code="N1")
    Attendance.objects.create(programme_id=activities.programme_id, activity=activity,
                              person_id=activities.people["N1-1"], status="absent")

    def sees(name: str) -> bool:
        rows = visible_to(Attendance.objects.all(), activities.actor(name), activities.programme_id,
                          "activity.unit")
        return rows.exists()

    assert sees("secretary") and sees("district") and not sees("other") and not sees("stranger")


def test_the_frame_of_a_campaign_is_seen_by_everybody_who_has_a_part_in_it(cast: Cast) -> None:
    Phase.objects.create(programme_id=cast.programme_id, code="1")
    for name in SEEN:
        rows = visible_to(Phase.objects.all(), cast.actor(name), cast.programme_id, "")
        assert rows.exists() == (name != "stranger"), name


def test_an_account_that_was_switched_off_sees_nothing(activities: Cast) -> None:
    user = activities.users["office"]
    user.is_active = False
    user.save()
    assert activities.actor("office").grants == ()
    assert seen(activities, activities.actor("office")) == set()


def test_the_campaigns_of_an_account_are_those_it_has_a_part_in(cast: Cast) -> None:
    make_campaign(cast.ids, "P2", host="S")

    def sees(name: str) -> list[str]:
        return [each.code for each in programmes_of(cast.actor(name))]

    assert sees("admin") == ["P1", "P2"] and sees("office") == ["P1"] and sees("stranger") == []
    Grant.objects.create(user=cast.users["stranger"], role="viewer", unit_id=cast.ids["S1"])
    assert sees("stranger") == ["P1", "P2"], "hosted above its unit"


def test_the_subtree_stays_the_same_on_the_day_after(activities: Cast,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = date.today() + timedelta(days=1)
    Unit.objects.filter(code="N1").update(valid_to=date.today())
    tree.rebuild()
    assert seen(activities, activities.actor("district")) == NORTH
    monkeypatch.setenv("ZHIXING_TODAY", tomorrow.isoformat())
    assert seen(activities, activities.actor("district")) == NORTH
