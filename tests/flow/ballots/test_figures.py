"""What the figures of votes say where something is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.ground.figures import reads

pytestmark = pytest.mark.django_db

POLL = {
    "polls": "code,title,unit,held_on,scale,weights,counted\nV1,Vote,b,2026-05-01,good;fair;bad,2;1;0,good",
    "poll_aspects": "poll,code,name\nV1,x,First\nV1,y,Second",
}


def tallies(good: str, bad: str) -> str:
    return f"poll,aspect,grade,ballots\nV1,x,good,{good}\nV1,x,bad,{bad}\nV1,y,good,30\nV1,y,fair,10"


def test_a_grade_that_nobody_counted_is_not_nought(tmp_path: Path) -> None:
    at = scope(bring_in(tmp_path, **POLL, tallies=tallies("80", "")))
    for name in ("polls.rate", "polls.score"):
        value = reads.value(name, at, {"aspect": ["x"]})
        assert value.value is None and value.why, name
    whole = reads.value("polls.rate", at)
    assert float(whole.value or 0) == 0.75 and "2" in whole.why


def test_what_is_left_out_lends_no_doubt_to_the_rest(tmp_path: Path) -> None:
    poll = {**POLL, "polls": POLL["polls"].replace("2;1;0", "2;1")}
    at = scope(bring_in(tmp_path, **poll, tallies=tallies("80", ">=4")))
    assert reads.value("polls.score", at, {"aspect": ["x"]}).qualifier == "="


def test_a_unit_that_has_closed_has_no_number_of_any_kind(tmp_path: Path) -> None:
    units = "code,name,parent,participates,valid_to\nb,Bureau,,yes,\ns1,School 1,b,yes,2026-05-31\ns2,School 2,b,yes,"
    at = scope(bring_in(tmp_path, units=units), "2026-06-30", "s1")
    for name in ("activities.held", "duties.due", "activities.attendance_rate"):
        value = reads.value(name, at)
        assert value.value is None and value.why, name
