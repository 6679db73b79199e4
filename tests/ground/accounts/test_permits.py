"""Who may write what: the whole site in one table, written out."""

from __future__ import annotations

import pytest

from tests.cast import Cast, make_campaign
from zhixing.ground.accounts.permits import may_give, may_write, permits_table, require
from zhixing.ground.kernel.errors import NotAllowed
from zhixing.ground.kernel.types import CONSOLE, ROLES, Actor, Grant

REPORTED = {
    "people", "groups", "members", "activities", "attendance", "materials", "notes", "topics", "reports",
    "rules", "form_batches", "opinions", "information", "publicity", "filings", "remarks",
}
"""Tables in which units report themselves: admin, office and secretary write."""

KEPT = {
    "campaign", "units", "placements", "phases", "duties", "waivers", "appointments", "assignments",
    "stated_facts", "channels", "echoes", "issues", "issue_sources", "mapping", "events",
    "polls", "poll_aspects", "electorate", "tallies", "inspections", "distinctions",
}
"""Tables that the office keeps: admin and office write."""


def test_the_table_of_the_whole_site_is_as_written_here() -> None:
    expected = {table: {"admin", "office", "secretary"} for table in REPORTED}
    expected |= {table: {"admin", "office"} for table in KEPT}
    found = {table: {role for role in ROLES if may[role]} for table, may in permits_table().items()}
    assert found == expected


@pytest.mark.parametrize(("name", "units"), [
    ("admin", "B N S N1 N2 N3 S1 S2"), ("office", "B N S N1 N2 N3 S1 S2"), ("district", "N N1 N2 N3"),
    ("secretary", "N1"), ("other", "S1"), ("leader", ""), ("supervisor", ""), ("viewer", ""),
    ("responsible", ""), ("stranger", ""),
])
def test_an_account_writes_in_its_own_subtree(cast: Cast, name: str, units: str) -> None:
    actor = cast.actor(name)
    assert " ".join(code for code in cast.ids
                    if may_write(actor, "activities", cast.programme_id, cast.path(code))) == units


def test_a_secretary_does_not_write_what_the_office_keeps(cast: Cast) -> None:
    assert not may_write(cast.actor("secretary"), "phases", cast.programme_id, cast.path("N1"))
    assert may_write(cast.actor("office"), "phases", cast.programme_id, cast.path("B"))


def test_an_office_writes_in_its_own_campaign_and_begins_none(cast: Cast) -> None:
    second = make_campaign(cast.ids, "P2")
    office, admin = cast.actor("office"), cast.actor("admin")
    assert not may_write(office, "activities", second, cast.path("N1"))
    assert not may_write(office, "campaign", None, cast.path("B"))
    assert may_write(admin, "campaign", None, cast.path("B")) and may_write(CONSOLE, "campaign", None, "")


def test_a_table_that_there_is_not_is_an_error(cast: Cast) -> None:
    with pytest.raises(KeyError):
        may_write(cast.actor("secretary"), "no_such_table", cast.programme_id, cast.path("N1"))


@pytest.mark.parametrize(("name", "table", "unit", "why"), [
    ("stranger", "activities", "N1", "no part in this campaign"),
    ("secretary", "activities", "S1", "outside yours"),
    ("secretary", "duties", "N1", "kept by the campaign office"),
    ("viewer", "activities", "N1", "can look but not change"),
])
def test_a_refusal_says_what_to_do(cast: Cast, name: str, table: str, unit: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        require(cast.actor(name), table, cast.programme_id, cast.path(unit))


def test_what_is_allowed_is_not_refused(cast: Cast) -> None:
    require(cast.actor("secretary"), "activities", cast.programme_id, cast.path("N1"))


@pytest.mark.parametrize(("giver", "role", "path", "may"), [
    ("admin", "admin", "0000001", True), ("admin", "viewer", "00000010000002", True),
    ("admin", "viewer", "", False),
    ("office", "secretary", "00000010000002", True), ("office", "office", "00000010000002", False),
    ("office", "admin", "00000010000002", False), ("office", "viewer", "0000009", False),
    ("secretary", "viewer", "00000010000002", False), ("leader", "viewer", "0000001", False),
])
def test_nobody_gives_more_than_they_hold(giver: str, role: str, path: str, may: bool) -> None:
    holder = Actor("person", "x", 1, (Grant(giver, "0000001", 7),))
    assert may_give(holder, role, 7, path) == may
    assert not may_give(holder, role, None, path), "not in every campaign"
    assert not may_give(holder, role, 8, path), "not in another campaign"
    assert may_give(CONSOLE, role, None, "")
