"""Before a record is taken out, what still refers to it is said; a contradiction leads to what can be corrected."""

from __future__ import annotations

from pathlib import Path

from tests.cast import Cast

from .pages import bring_in, signed_in


def test_what_keeps_a_record_is_said_before_asking(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/remove/activities/A2/")
    text = page.content.decode()
    assert page.status_code == 200 and "others still refer to it" in text
    assert "/c/P1/records/attendance/A2/N1-2/" in text and "Back to the record" in text
    assert '<button class="btn stop">' not in text, "nobody is asked what would be refused"


def test_a_refusal_stays_on_the_campaigns_page(kept: Cast) -> None:
    answer = signed_in("office").post("/c/P1/remove/activities/A2/")
    assert answer.status_code == 409 and answer.context["at"].campaign.code == "P1"
    assert "/c/P1/records/attendance/A2/N1-2/" in answer.content.decode()


def test_what_nothing_refers_to_is_asked_about(kept: Cast) -> None:
    text = signed_in("office").get("/c/P1/remove/activities/A5/").content.decode()
    assert "others still refer" not in text and '<button class="btn stop">' in text


def test_a_contradiction_leads_to_the_attendance_row_by_the_persons_name(kept: Cast, tmp_path: Path) -> None:
    bring_in(tmp_path / "more", attendance="activity,person,status\nA3,S1-1,present")
    text = signed_in("office").get("/c/P1/contradictions/").content.decode()
    assert "/c/P1/records/attendance/A3/S1-1/" in text and "To correct:" in text


def test_a_host_is_shown_by_name(kept: Cast, tmp_path: Path) -> None:
    bring_in(tmp_path / "more", activities="code,kind,host\nA5,visit,N1-1")
    page = signed_in("office").get("/c/P1/records/activities/A5/", headers={"Accept-Language": "en"})
    viewer = signed_in("leader").get("/c/P1/records/activities/A5/")
    assert page.status_code == viewer.status_code == 200
    facts = dict(viewer.context["facts"])
    assert "N1-1" not in facts.values()
