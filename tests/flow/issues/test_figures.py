"""What became of the opinions, and how the issues stand on a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.ground.figures import reads

OPINIONS = "code,channel,received_on\n" + "\n".join(f"O{n},BX,2026-04-0{n}" for n in range(1, 7))
CHANNELS = "code,kind,name,unit\nBX,box,Box,b"
ISSUES = """code,title,lead_unit,listed_on,due_on,state
I1,Canteen,s1,2026-04-10,2026-05-31,closed
I2,Heating,s1,2026-04-10,2026-05-31,closed
I3,Roof,s2,2026-04-10,2026-05-31,in_progress
I4,Paths,s2,2026-04-10,2026-12-31,closed"""
EVENTS = """issue,kind,on,by,text
I1,closed,2026-05-20,b,
I2,closed,2026-08-20,b,
I3,dispatched,2026-04-12,b,
I4,closed,2026-07-31,b,"""
MAPPING = """opinion,issue,relation,reason
O1,I1,merged,
O2,I1,merged,
O3,I1,duplicate,
O4,,out_of_scope,Not ours"""


def value(programme: int, name: str, as_of: str = "2026-12-31", **where: str) -> float | None:
    found = reads.value(name, scope(programme, as_of), {key: [word] for key, word in where.items()}).value
    return None if found is None else float(found)


@pytest.mark.django_db
def test_the_four_things_that_become_of_an_opinion_add_up_to_what_was_received(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, channels=CHANNELS, opinions=OPINIONS, issues=ISSUES, mapping=MAPPING)
    became = ("mapped", "duplicate", "out_of_scope", "unhandled")
    parts = [value(programme, f"opinions.{part}") for part in became]
    assert parts == [2, 1, 1, 2]
    assert value(programme, "opinions.received") == 6


@pytest.mark.django_db
def test_settled_before_the_rectification_phase_is_corrected_early(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, issues=ISSUES, events=EVENTS)
    assert value(programme, "issues.corrected_early") == 2
    assert value(programme, "issues.corrected_early", lead_unit="s2") == 1
    assert value(programme, "issues.corrected_early", "2026-05-31") == 1


@pytest.mark.django_db
def test_overdue_is_past_its_day_and_neither_handed_in_nor_closed_on_that_day(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, issues=ISSUES, events=EVENTS)
    assert value(programme, "issues.overdue", "2026-05-31") == 0
    assert value(programme, "issues.overdue", "2026-06-01") == 2
    assert value(programme, "issues.overdue", "2026-09-01") == 1


@pytest.mark.django_db
def test_the_share_closed_on_time_counts_what_is_open_and_past_its_day(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, issues=ISSUES, events=EVENTS)
    assert value(programme, "issues.on_time_rate") == pytest.approx(2 / 4)
