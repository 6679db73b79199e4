"""The pages of gates, requests, burden and the day's list with many units: so many queries, so many rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.flow.duties.models import Duty, Passage, Request
from zhixing.ground.kernel import sharing
from zhixing.ground.units.models import Unit

from .pages import bring_in, signed_in

PAGES = ["/c/P1/gates/PH1/", "/c/P1/gates/PH1/N1/", "/c/P1/requests/", "/c/P1/burden/", "/c/P1/targets/", "/today/"]


def add_schools(cast: Cast, folder: Path, first: int, count: int) -> None:
    rows = "\n".join(f"X{number},Extra School {number},school,N,yes" for number in range(first, first + count))
    bring_in(folder, units=f"code,name,kind,parent,participates\n{rows}")
    phase = Duty.objects.get(code="D1").phase_id
    for unit in Unit.objects.filter(code__in=[f"X{number}" for number in range(first, first + count)]):
        Request.objects.create(programme_id=cast.programme_id, duty=Duty.objects.get(code="D2"), unit=unit,
                               kind="waive", reason="Small", asked_by="X", asked_on=date(2026, 5, 1))
        for place, step in enumerate(("proposed", "reviewed") if unit.id % 2 else ("proposed",), 1):
            Passage.objects.create(programme_id=cast.programme_id, phase_id=phase, unit=unit, place=place, step=step,
                                   by="X", taken_on=date(2026, 5, 1))


@pytest.fixture
def counted(kept: Cast) -> Callable[[str, str], int]:
    def count(name: str, path: str) -> int:
        browser = signed_in(name)
        sharing.forget()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    return count


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", ["office", "supervisor", "leader", "secretary"])
def test_the_number_of_queries_does_not_grow_with_units(kept: Cast, tmp_path: Path, path: str, name: str,
                                                       counted: Callable[[str, str], int]) -> None:
    add_schools(kept, tmp_path / "few", 1, 4)
    few = counted(name, path)
    add_schools(kept, tmp_path / "many", 5, 36)
    assert counted(name, path) <= few


def test_a_large_tree_shows_its_groups_with_how_many_stand_where(kept: Cast, tmp_path: Path) -> None:
    add_schools(kept, tmp_path / "many", 1, 200)
    browser = signed_in("office")
    page = browser.get("/c/P1/gates/PH1/")
    assert page.context["folded"] is True
    told = {row.name: {word.split(" ", 1)[1]: int(word.split(" ", 1)[0]) for _tone, word in row.counts}
            for row in page.context["rows"]}
    assert set(told) == {"County Bureau itself", "North District", "South District"}
    assert told["North District"]["Asks to pass"] == told["North District"]["Reviewed"] == 100
    below = browser.get("/c/P1/gates/PH1/?unit=S")
    assert below.context["folded"] is False and len(below.context["rows"]) == 3
    few = browser.get("/c/P1/gates/PH1/?state=reviewed")
    assert [row.name for row in few.context["rows"]] == ["North District"]
    assert browser.get("/c/P1/burden/").context["folded"] is True


def test_the_days_list_names_twenty_and_leads_to_the_rest(kept: Cast, tmp_path: Path) -> None:
    add_schools(kept, tmp_path / "many", 1, 30)
    waits = signed_in("office").get("/today/").context["mine"].waits
    assert len([each for each in waits if each.title.startswith("Extra")]) == 20
    assert "More requests to decide" in [each.title for each in waits]
    leader = signed_in("leader").get("/today/").context["mine"].waits
    assert all("Let pass" in each.title for each in leader) and len(leader) == 15
