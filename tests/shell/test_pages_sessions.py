"""A session is handed in, corrected, read, signed and planned on its pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast
from zhixing.flow.activities.models import Activity, Attendance
from zhixing.ground.ledger.models import Entry

from .pages import signed_in

FORM = {"kind": "group_study", "starts_at": "2026-05-18", "starts_at.time": "14:00", "place": "Room 2",
        "title": "Third study", "host": "Person N1-1", "roster": "unit", "m.N1-1": "", "m.N1-2": "leave", "m.N1-3": ""}


def opened(browser: Client, path: str = "/c/P1/capture/") -> str:
    """The code of a freshly opened form."""
    return str(browser.get(path).context["draft"].code)


def handed_in(browser: Client, **changed: str) -> str:
    code = opened(browser)
    answer = browser.post("/c/P1/capture/", {**FORM, "code": code, **changed})
    assert answer.status_code == 302, answer.context["further"] if answer.context else answer
    return code


def test_a_session_is_handed_in_with_who_was_missing(kept: Cast) -> None:
    code = handed_in(signed_in("secretary"))
    row = Activity.objects.get(code=code)
    assert (row.kind, row.place, row.title, row.host, row.roster) == (
        "group_study", "Room 2", "Third study", "Person N1-1", "unit")
    assert (row.unit.code, row.phase.code) == ("N1", "PH1")
    assert list(Attendance.objects.filter(activity=row).values_list("person__code", "status")) == [("N1-2", "leave")]
    page = signed_in("secretary").get(f"/c/P1/sessions/{code}/")
    assert b"2 of 3 present" in page.content


def test_the_form_knows_what_is_known(kept: Cast) -> None:
    page = signed_in("secretary").get("/c/P1/capture/")
    assert [tap.code for tap in page.context["taps"]] == ["N1-1", "N1-2", "N1-3"]
    values = {item.name: item.value for item in page.context["fields"]}
    assert values["kind"] == "group_study" and values["starts_at"] == "2026-05-18"


def test_a_double_press_makes_one(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser)
    size = Entry.objects.count()
    assert browser.post("/c/P1/capture/", {**FORM, "code": code}).status_code == 302
    assert Activity.objects.filter(title="Third study").count() == 1
    assert Entry.objects.count() == size


def test_a_session_is_corrected_with_its_own_form(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser)
    page = browser.get(f"/c/P1/sessions/{code}/correct/")
    assert {tap.code: tap.status for tap in page.context["taps"]} == {"N1-1": "", "N1-2": "leave", "N1-3": ""}
    changed = {**FORM, "title": "Third study, again", "m.N1-2": "", "m.N1-3": "absent"}
    assert browser.post(f"/c/P1/sessions/{code}/correct/", changed).status_code == 302
    row = Activity.objects.get(code=code)
    assert row.title == "Third study, again"
    assert list(Attendance.objects.filter(activity=row).values_list("person__code", "status")) == [("N1-3", "absent")]
    told = list(Entry.objects.order_by("seq").values_list("verb", "subject"))[-3:]
    assert sorted(told) == sorted([("workbook.change", f"activities/{code}"), ("workbook.remove", f"attendance/{code}/N1-2"),
                    ("workbook.add", f"attendance/{code}/N1-3")])


def test_without_a_list_a_number_of_people_stands_vague_or_not(kept: Cast) -> None:
    code = handed_in(signed_in("secretary"), roster="", headcount="80", **{"headcount.sign": ">="})
    row = Activity.objects.get(code=code)
    assert (row.headcount, row.headcount_q) == (80, ">=")
    assert b"over 80 people" in signed_in("secretary").get(f"/c/P1/sessions/{code}/").content


@pytest.mark.parametrize(("changed", "where"), [
    ({"kind": ""}, "f-kind"), ({"starts_at": ""}, "f-starts_at"), ({"starts_at": "2026-05-19"}, "f-starts_at"),
    ({"starts_at": "soon"}, "f-starts_at"), ({"roster": "", "headcount": "many"}, "f-headcount"),
])
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    kept: Cast, changed: dict[str, str], where: str
) -> None:
    browser = signed_in("secretary")
    code = opened(browser)
    answer = browser.post("/c/P1/capture/", {**FORM, "code": code, **changed})
    assert answer.status_code == 422
    assert f'id="{where}-fault"'.encode() in answer.content
    assert b"Third study" in answer.content
    assert not Activity.objects.filter(code=code).exists()


def test_somebody_who_is_not_on_the_list_is_named(kept: Cast) -> None:
    browser = signed_in("secretary")
    answer = browser.post("/c/P1/capture/", {**FORM, "code": opened(browser), "m.S1-1": "absent"})
    assert answer.status_code == 422
    assert b"Not on the list of that day: Person S1-1" in answer.content


def test_another_list_is_shown_before_anything_is_handed_in(kept: Cast) -> None:
    browser = signed_in("secretary")
    answer = browser.post("/c/P1/capture/", {**FORM, "code": opened(browser), "roster": "unit:teacher", "show": "1"})
    assert [tap.code for tap in answer.context["taps"]] == ["N1-2", "N1-3"]
    assert answer.context["taps"][0].status == "leave"
    assert not Activity.objects.filter(title="Third study").exists()


def test_long_texts_are_kept_and_commitments_can_become_issues(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser, kind="democratic_life_meeting", **{
        "text.agenda": "Opening", "text.minutes": "What was said", "text.commitments": "Fewer forms\nA quiet afternoon"})
    page = browser.get(f"/c/P1/sessions/{code}/")
    assert b"What was said" in page.content and b"Opening" in page.content
    assert [each.url for each in page.context["commitments"]] == ["", ""], "issues are the office's"
    office = signed_in("office")
    links = [each.url for each in office.get(f"/c/P1/sessions/{code}/").context["commitments"]]
    form = office.get(links[0])
    assert form.status_code == 200 and b"Fewer forms" in form.content


def test_what_was_missed_is_made_up(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser, starts_at="2026-05-11")
    answer = browser.post(f"/c/P1/sessions/{code}/made-up/", {"person": "N1-2", "on": "2026-05-15"})
    assert answer.status_code == 302
    mark = Attendance.objects.get(activity__code=code)
    assert (mark.status, str(mark.made_up_on)) == ("made_up", "2026-05-15")
    browser.post(f"/c/P1/sessions/{code}/made-up/", {"person": "N1-2", "on": "2026-05-20"})
    assert str(Attendance.objects.get(activity__code=code).made_up_on) == "2026-05-15"


def test_a_session_is_taken_out_after_a_question(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser, **{"text.agenda": "Opening"})
    assert browser.get(f"/c/P1/sessions/{code}/take-out/").status_code == 200
    assert browser.post(f"/c/P1/sessions/{code}/take-out/").status_code == 302
    assert not Activity.objects.filter(code=code).exists()
    assert browser.get(f"/c/P1/sessions/{code}/").status_code == 404


def test_the_calendar_shows_what_was_held_and_what_is_planned(kept: Cast) -> None:
    browser = signed_in("secretary")
    form = {"code": "260518-series", "kind": "group_study", "title": "Wednesday study", "starts_at": "2026-05-18",
            "starts_at.time": "14:30", "ends_at": "2026-06-30", "ends_at.time": "16:30", "weekday": ["2"],
            "every": "1", "roster": "unit", "place": "Room 2", "host": ""}
    for _press in range(2):
        assert browser.post("/c/P1/series/", form).status_code == 302
    page = browser.get("/c/P1/calendar/?month=2026-05")
    entries = [(entry.slot.day.isoformat(), entry.said) for week in page.context["weeks"] for cell in week
               for entry in cell.entries if cell.inside]
    assert entries == [("2026-05-20", "planned"), ("2026-05-27", "planned")]
    assert b"BEGIN:VEVENT" in browser.get("/c/P1/calendar.ics").content
    assert browser.get("/c/P1/calendar/?day=2026-05-20").status_code == 200
    assert browser.get("/c/P1/calendar/?month=nonsense").status_code == 409


def test_a_planned_session_counts_once_it_is_handed_in(kept: Cast) -> None:
    from zhixing.flow.activities.models import Planned

    browser = signed_in("secretary")
    browser.post("/c/P1/series/", {"code": "260518-series", "kind": "group_study", "title": "Study", "weekday": ["0"],
                                   "starts_at": "2026-05-18", "ends_at": "2026-06-30", "every": "1", "roster": "unit"})
    day = Planned.objects.order_by("day").first()
    held = browser.get("/c/P1/figures/activities.held/").context["value"].value
    assert held == 2
    assert browser.get(f"/c/P1/planned/{day.id}/").status_code == 200
    form = browser.get(f"/c/P1/capture/?planned={day.id}")
    code = form.context["draft"].code
    answer = browser.post("/c/P1/capture/", {**FORM, "code": code, "planned": str(day.id)})
    assert answer.status_code == 302
    assert browser.get("/c/P1/figures/activities.held/").context["value"].value == 3
    again = browser.post("/c/P1/capture/", {**FORM, "code": opened(browser), "planned": str(day.id)})
    assert again.status_code == 422 and Activity.objects.filter(title="Third study").count() == 1
    other = Planned.objects.order_by("day")[1]
    assert browser.post(f"/c/P1/planned/{other.id}/", {"reason": "Examinations"}).status_code == 302
    other.refresh_from_db()
    assert other.dropped == "Examinations"
    assert browser.post(f"/c/P1/planned/{other.id}/", {"on": "1"}).status_code == 302
    assert b"planned sessions that were not held go" in browser.get("/c/P1/series/260518-series/stop/").content
    assert signed_in("other").get("/c/P1/series/260518-series/stop/").status_code == 404
    assert signed_in("viewer").post("/c/P1/series/260518-series/stop/").status_code == 404
    assert browser.post("/c/P1/series/260518-series/stop/").status_code == 302
    assert list(Planned.objects.values_list("activity__code", flat=True)) == [code]


def test_the_paper_sheet_has_everybody_and_a_square(kept: Cast) -> None:
    page = signed_in("secretary").get("/c/P1/sessions/A3/sheet/")
    assert b"<svg" in page.content and b"sheet.css" in page.content and b"style=" not in page.content
    assert re.findall(rb"Person N1-\d", page.content)[-3:] == [b"Person N1-1", b"Person N1-2", b"Person N1-3"]


READ = ["/c/P1/calendar/", "/c/P1/calendar.ics", "/c/P1/series/", "/c/P1/talks/", "/c/P1/sessions/A3/",
        "/c/P1/sessions/A3/sheet/"]
WRITE = ["/c/P1/capture/", "/c/P1/sessions/A3/correct/", "/c/P1/sessions/A3/take-out/", "/c/P1/sessions/A3/screen/",
         "/c/P1/sessions/A3/signed/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*READ, *WRITE])
def test_nobody_sees_these_pages_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "responsible"])
def test_who_only_looks_reads_and_does_not_write(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert {path: browser.get(path).status_code for path in READ} == dict.fromkeys(READ, 200)
    assert {path: browser.get(path).status_code for path in WRITE} == dict.fromkeys(WRITE, 403)
    posts = {path: browser.post(path, FORM).status_code for path in
             ["/c/P1/capture/", "/c/P1/sessions/A3/correct/", "/c/P1/sessions/A3/take-out/", "/c/P1/sessions/A3/signed/"]}
    assert posts == dict.fromkeys(posts, 403)
    assert browser.post("/c/P1/sessions/A2/made-up/", {"person": "N1-2", "on": "2026-05-18"}).status_code == 403
    series = {"code": "260518-series", "kind": "group_study", "weekday": ["2"], "starts_at": "2026-05-18",
              "ends_at": "2026-06-30"}
    assert browser.post("/c/P1/series/", series).status_code in (403, 422)
    assert not Activity.objects.filter(title="Third study").exists()


@pytest.mark.parametrize("name", ["admin", "office", "district", "secretary"])
def test_who_writes_for_the_unit_reads_and_writes(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert {path: browser.get(path).status_code for path in [*READ, *WRITE]} == dict.fromkeys([*READ, *WRITE], 200)


@pytest.mark.parametrize("name", ["other", "stranger"])
def test_another_branch_is_not_told_of_a_session(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    for path in [*READ[4:], *WRITE[1:]]:
        assert browser.get(path).status_code == 404, path
        assert browser.post(path).status_code in (404, 405), path
    assert browser.get("/c/P1/capture/?unit=N1").status_code == 404
    assert browser.get("/c/P1/calendar/?unit=N1").status_code == 404


def test_a_secretary_does_not_hand_in_for_another_unit(kept: Cast) -> None:
    browser = signed_in("secretary")
    assert browser.post("/c/P1/capture/?unit=S1", {**FORM, "code": "260518-abcdef"}).status_code == 404
    taken = handed_in(signed_in("other"), roster="", headcount="5")
    answer = browser.post("/c/P1/capture/", {**FORM, "code": taken})
    assert answer.status_code == 403
    assert Activity.objects.get(code=taken).unit.code == "S1"


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("leader", 403), ("other", 404), ("stranger", 404)])
def test_a_planned_day_is_dropped_by_who_writes_for_the_unit(kept: Cast, name: str, status: int) -> None:
    from zhixing.flow.activities.models import Planned

    signed_in("secretary").post("/c/P1/series/", {
        "code": "260518-series", "kind": "group_study", "title": "Study", "weekday": ["0"], "starts_at": "2026-05-18",
        "ends_at": "2026-06-30", "every": "1", "roster": "unit"})
    day = Planned.objects.order_by("day")[0]
    browser = signed_in(name)
    assert browser.get(f"/c/P1/planned/{day.id}/").status_code == (200 if status == 403 else 404)
    assert browser.post(f"/c/P1/planned/{day.id}/", {"reason": "Because"}).status_code == status
    day.refresh_from_db()
    assert day.dropped == ""


def test_of_a_list_too_long_to_tap_the_missing_are_named(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhixing.shell.desk import capture

    monkeypatch.setattr(capture, "MOST_NAMES", 2)
    browser = signed_in("secretary")
    form = {"kind": "group_study", "starts_at": "2026-05-18", "title": "Named", "roster": "unit"}
    page = browser.post("/c/P1/capture/", {**form, "code": "260518-named1", "show": "1"})
    assert [item.name for item in page.context["named"]] == ["names.leave", "names.absent"]
    wrong = browser.post("/c/P1/capture/", {**form, "code": "260518-named1", "names.leave": "Nobody Here"})
    assert wrong.status_code == 422 and b'id="f-names.leave-fault"' in wrong.content
    assert b"Nobody Here" in wrong.content
    answer = browser.post("/c/P1/capture/", {**form, "code": "260518-named1", "names.leave": "person n1-2",
                                             "names.absent": "N1-3"})
    assert answer.status_code == 302
    marks = Attendance.objects.filter(activity__code="260518-named1").order_by("person__code")
    assert list(marks.values_list("person__code", "status")) == [("N1-2", "leave"), ("N1-3", "absent")]
    again = browser.get("/c/P1/sessions/260518-named1/correct/")
    assert again.context["named"][0].value == "Person N1-2"
    browser.post("/c/P1/sessions/260518-named1/correct/", {**form, "names.leave": "Person N1-2", "names.absent": ""})
    assert list(marks.values_list("person__code", "status")) == [("N1-2", "leave")]


def test_what_was_made_up_keeps_its_day_on_a_correction(kept: Cast) -> None:
    browser = signed_in("secretary")
    code = handed_in(browser, starts_at="2026-05-11")
    browser.post(f"/c/P1/sessions/{code}/made-up/", {"person": "N1-2", "on": "2026-05-15"})
    form = {**FORM, "starts_at": "2026-05-11", "m.N1-2": "made_up", "title": "Corrected"}
    assert browser.post(f"/c/P1/sessions/{code}/correct/", form).status_code == 302
    mark = Attendance.objects.get(activity__code=code)
    assert (mark.status, str(mark.made_up_on)) == ("made_up", "2026-05-15")
    browser.post(f"/c/P1/sessions/{code}/correct/", {**form, "m.N1-2": ""})
    assert not Attendance.objects.filter(activity__code=code).exists()
