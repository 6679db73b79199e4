"""Figures of one family are read in one pass: the numbers are those that each has alone. What was remembered holds
only while nobody wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.books import bring_in, scope
from zhixing.ground.figures import reads
from zhixing.ground.kernel.figures import figures
from zhixing.ground.kernel.sharing import remembered, sharing
from zhixing.ground.kernel.types import CONSOLE, Scope
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads as units
from zhixing.ground.workbook.actions import import_workbook, save_row

pytestmark = pytest.mark.django_db

EVERY_KIND = {
    "groups": "code,kind,name,unit\nG1,party_group,Group,b",
    "members": "group,person,from,to\nG1,l1,,\nG1,t1,2026-01-01,2026-04-30\nG1,t1,2026-03-01,\nG1,t3,2026-06-01,",
    "activities": """
        code,kind,title,unit,phase,starts_at,roster,headcount,host,counterpart,pair_kind
        A1,group_study,Of the unit,b,P1,2026-03-10,unit,,,,
        A2,group_study,Of teachers,s1,P1,2026-04-10,unit:teacher,,,,
        A3,group_study,Of the group,b,P1,2026-04-12,group:G1,,,,
        A4,lecture,Listed,s2,P1,2026-05-10,listed,,,,
        A5,lecture,Counted,s2,P2,2026-06-10,,>=80,,,
        A6,seminar,Neither,b,P2,2026-06-12,,,,,
        A7,seminar,Counted and marked,,P2,2026-06-13,,12,,,
        A8,talk,Talk,b,P2,2026-06-14,,,l1,t1,
        A9,talk,Talk,b,P2,,,,l1,t2,
        B1,group_study,Undated,s1,P1,,unit,,,,
    """,
    "attendance": """
        activity,person,status,made_up_on
        A1,t1,leave,
        A1,t2,made_up,2026-09-20
        A1,t3,present,
        A2,l1,present,
        A2,t1,absent,
        A3,t2,present,
        A4,t1,present,
        A4,t3,made_up,
        A4,l1,,
        A6,t1,present,
        A7,t2,present,
        B1,t1,made_up,2026-10-01
    """,
}
DATES = ("2026-02-01", "2026-04-11", "2026-06-30", "2026-12-31")
KEYS: tuple[dict[str, list[str]], ...] = ({}, {"kind": ["group_study"]}, {"phase": ["P1", "P2"]}, {"kind": ["talk"]})


def _alike(scopes: list[Scope], wheres: tuple[dict[str, list[str]], ...]) -> int:
    asks = [(each.name, at, where) for each in figures() if each.relation.family for at in scopes for where in wheres
            if set(where) <= set(each.offered())]
    together, alone = reads.values(asks), [reads.value(*ask) for ask in asks]
    for ask, one, other in zip(asks, together, alone, strict=True):
        assert one == other, ask
    return len(asks)


def test_together_as_alone_whatever_the_roster_the_day_and_the_unit(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **EVERY_KIND)
    scopes = [scope(programme, day, unit, own=own) for day in DATES for unit in ("b", "s1", "s2")
              for own in (False, True)]
    assert _alike(scopes, KEYS) > 100


@pytest.mark.parametrize("name", ["a-district-bureau", "c-bureau-analysis", "e-city-plan"])
def test_together_as_alone_in_the_reference_campaigns(name: str, scenario: Callable[[str], Path]) -> None:
    import_workbook(scenario(name), actor=CONSOLE)
    programme = units.programmes()[0]
    days = [date(2009, 1, 1) + timedelta(days=365 * more) for more in (0, 1, 17, 30)]
    assert _alike([Scope(programme.id, programme.host_unit_id, day) for day in days], ({},))


def test_any_two_or_three_of_a_family_read_together(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **EVERY_KIND)
    at = scope(programme)
    for family in {each.relation.family for each in figures()} - {""}:
        names = [each.name for each in figures() if each.relation.family == family]
        for some in (chosen for size in (2, 3) for chosen in combinations(names, size)):
            assert reads.values([(name, at, {}) for name in some]) == [reads.value(name, at) for name in some]


def test_one_pass_reads_the_family(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **EVERY_KIND)
    at = scope(programme)
    family = [(each.name, at, {}) for each in figures() if each.relation.family == "presence"]
    with CaptureQueriesContext(connection) as queries:
        reads.values(family)
    assert len(family) == 4
    assert sum("activities_attendance" in each["sql"] for each in queries) == 1


def test_what_was_remembered_ends_with_the_next_write(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, **EVERY_KIND)

    def held() -> object:
        with sharing(ledger.stamp()):
            return reads.value("activities.held", scope(programme)).value

    before = held()
    with CaptureQueriesContext(connection) as queries:
        assert held() == before
    assert not any("activities_activity" in each["sql"] for each in queries)
    save_row("activities", programme, {"code": "A10", "kind": "lecture", "title": "One more", "unit": "b"},
             actor=CONSOLE)
    assert held() == int(str(before)) + 1


def test_nothing_is_remembered_without_a_stamp() -> None:
    made: list[int] = []
    for _time in range(2):
        with sharing():
            remembered("answer", lambda: made.append(1))
    assert len(made) == 2
