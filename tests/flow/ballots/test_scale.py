"""The grades of a poll's tallies are those of its scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.workbook import reads
from zhixing.ground.workbook.actions import remove_row, save_row
from zhixing.ground.workbook.types import Faulty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

VOTE = {
    "polls": "code,title,scale\nV1,Vote,good;fair;bad\nV2,Free,",
    "poll_aspects": "poll,code\nV1,A\nV1,B\nV2,A",
    "tallies": "poll,aspect,grade,count\nV1,A,good,5\nV1,A,fair,3\nV1,B,fair,4\nV2,A,whatever,4",
}


@pytest.fixture
def vote(tmp_path: Path) -> int:
    return bring_in(tmp_path, **VOTE)


def rescaled(programme_id: int, scale: str) -> None:
    save_row("polls", programme_id, {"scale": scale}, actor=CONSOLE, code="V1")


@pytest.mark.parametrize("scale", ["good;bad", ""])
def test_a_grade_that_was_counted_stays_in_the_scale(vote: int, scale: str) -> None:
    with pytest.raises(Faulty) as error:
        rescaled(vote, scale)
    [fault] = error.value.faults
    assert (fault.table, fault.column) == ("polls", "scale")
    assert "V1/A/fair" in fault.message and "V1/B/fair" in fault.message
    assert reads.row("polls", vote, "V1", CONSOLE)["scale"] == "good;fair;bad"


def test_a_workbook_is_held_to_it_too(vote: int, tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="V1/A/fair"):
        bring_in(tmp_path, **{**VOTE, "polls": "code,title,scale\nV1,Vote,good;bad"})


def test_a_scale_may_grow_and_lose_what_nobody_counted(vote: int) -> None:
    rescaled(vote, "good;fair;poor")
    remove_row("tallies", vote, "V1/A/fair", actor=CONSOLE)
    remove_row("tallies", vote, "V1/B/fair", actor=CONSOLE)
    rescaled(vote, "good;poor")
    assert reads.row("polls", vote, "V1", CONSOLE)["scale"] == "good;poor"


def test_a_tally_of_another_grade_is_refused(vote: int) -> None:
    new = {"poll": "V1", "aspect": "B", "count": "2"}
    with pytest.raises(Faulty, match="“awful” is not one of good, fair, bad"):
        save_row("tallies", vote, {**new, "grade": "awful"}, actor=CONSOLE)
    save_row("tallies", vote, {**new, "grade": "good"}, actor=CONSOLE)
    save_row("tallies", vote, {**new, "poll": "V2", "aspect": "A", "grade": "awful"}, actor=CONSOLE)


def test_a_workbook_widens_a_scale_and_counts_by_it_at_once(vote: int, tmp_path: Path) -> None:
    wide = {**VOTE, "polls": "code,title,scale\nV1,Vote,good;fair;bad;awful",
            "tallies": VOTE["tallies"] + "\nV1,B,awful,1"}
    bring_in(tmp_path, **wide)
    assert reads.row("polls", vote, "V1", CONSOLE)["scale"] == "good;fair;bad;awful"
    assert reads.row("tallies", vote, "V1/B/awful", CONSOLE)["count"] == "1"
