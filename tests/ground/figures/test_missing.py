"""Records that do not say how much: told beside the value, and to be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.ground.figures import reads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HEAD = "code,channel,unit,issued_on,issued,returned\n"


def batches(folder: Path, rows: str) -> int:
    return bring_in(folder, channels="code,kind,name,unit\nX,box,Box,b", form_batches=HEAD + rows)


def test_a_sum_of_exact_numbers_is_the_least_it_can_be(tmp_path: Path) -> None:
    found = reads.value("forms.issued", scope(batches(tmp_path, "F1,X,b,2026-04-01,80,\nF2,X,b,2026-04-02,,")))
    assert (found.qualifier, found.missing) == (">=", 1)
    assert found.why == "1 record does not say, so this is the least it can be."


def test_a_sum_with_vague_parts_is_not_called_the_least(tmp_path: Path) -> None:
    found = reads.value("forms.issued", scope(batches(
        tmp_path, "F1,X,b,2026-04-01,~80,\nF2,X,b,2026-04-02,,\nF3,X,s1,2026-04-03,,")))
    assert (found.qualifier, found.why, found.missing) == ("~", "2 records do not say.", 2)


def test_the_records_that_do_not_say_are_to_be_found(tmp_path: Path) -> None:
    at = scope(batches(tmp_path, "F1,X,b,2026-04-01,80,\nF2,X,b,2026-04-02,,\nF3,X,s1,2026-04-03,,"))
    assert [each.record for each in reads.evidence("forms.issued", at, missing=True)] == ["F2", "F3"]
    assert [each.record for each in reads.evidence("forms.issued", at)] == ["F1"]
    assert reads.evidence("activities.held", at, missing=True) == []


def test_what_a_rate_leaves_out_is_to_be_found(tmp_path: Path) -> None:
    at = scope(bring_in(
        tmp_path, activities="code,kind,unit,starts_at,roster,headcount\nA1,lecture,s1,2026-04-01,unit,\n"
                             "A2,lecture,s2,2026-04-02,,9"))
    for name in ("activities.attendance_rate", "activities.participation_rate"):
        found = reads.value(name, at)
        listed = reads.evidence(name, at, missing=True)
        assert found.missing == len(listed) == 1 and listed[0].record == "A2", name
