"""Lists as sheets that come back unchanged, blank forms on paper, and many units' sessions from one sheet."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.flow.activities.models import Activity, Attendance
from zhixing.ground.kernel.tables import tables
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.actions import import_workbook

from .pages import signed_in


def body(browser: Client, path: str) -> bytes:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_list_comes_back_unchanged(kept: Cast, language: str, tmp_path: Path) -> None:
    office = signed_in("office", language)
    for table in tables():
        place = tmp_path / f"{table.name}.xlsx"
        place.write_bytes(body(office, f"/c/P1/lists/{table.name}.xlsx"))
        if openpyxl.load_workbook(place).active.max_row > 1:
            report = import_workbook(place, actor=kept.actor("office"), campaign="P1")
            done = report.tables[table.name]
            assert (done.created, done.updated) == (0, 0) and done.unchanged, table.name


def test_a_unit_takes_its_own_rows_away_and_the_office_brings_them_back(kept: Cast, tmp_path: Path) -> None:
    data = body(signed_in("secretary"), "/c/P1/lists/activities.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"A2", "A3"}
    (tmp_path / "own.xlsx").write_bytes(data)
    assert import_workbook(tmp_path / "own.xlsx", actor=kept.actor("office"), campaign="P1").total().unchanged == 2
    assert "/workbook/?campaign=P1" not in signed_in("secretary").get("/c/P1/records/activities/").content.decode()


def test_what_was_searched_for_is_what_is_taken_away(kept: Cast) -> None:
    data = body(signed_in("office"), "/c/P1/lists/activities.xlsx?q=study&sort=-code")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A4", "A3"]


def test_the_list_says_how_to_take_it_away_and_bring_it_back(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/records/activities/?q=study").content.decode()
    assert "/c/P1/lists/activities.xlsx?q=study" in page and "/workbook/?campaign=P1" in page and "/c/P1/blank/activities/" in page


def test_no_text_of_a_list_is_a_formula(kept: Cast) -> None:
    office = signed_in("office")
    office.post("/c/P1/add/activities/", {"code": "A9", "kind": "visit", "title": "=1+1", "unit": "N1"})
    sheet = openpyxl.load_workbook(io.BytesIO(body(office, "/c/P1/lists/activities.xlsx?q=A9"))).active
    cell = next(each for each in next(sheet.iter_rows(min_row=2)) if each.value == "=1+1")
    assert cell.data_type == "s"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_table_has_a_blank_form(kept: Cast, language: str) -> None:
    browser = signed_in("secretary", language)
    for table in tables():
        page = browser.get(f"/c/P1/blank/{table.name}/")
        assert page.status_code == 200, table.name
        assert len(page.context["answers"]) == len(table.columns)
    attendance = browser.get("/c/P1/blank/attendance/").content.decode()
    assert attendance.count('class="box"') == 4
    assert browser.get("/c/P1/blank/secrets/").status_code == 404


HEAD = ("Unit code", "Unit name (not read)", "Day (and time)", "Kind of session", "Topic", "Place", "How many people", "Absent (names)")
GOOD = (
    ("N1", "", "2026-05-12 14:30", "Group study", "On the ground", "Room 2", "", "Person N1-2、Person N1-3"),
    ("N2", "", "2026-05-12", "group_study", "On the ground", "", "over 80", ""),
    ("N3", "", "", "", "", "", "", ""),
    ("S1", "", "2026-05-13", "visit", "", "", "", ""),
)


def sheet(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return SimpleUploadedFile("sessions.xlsx", made.getvalue())


def check(browser: Client, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD, unit: str = "") -> str:
    answer = browser.post(f"/c/P1/many/{f'?unit={unit}' if unit else ''}", {"file": sheet(*rows, head=head)})
    assert answer.status_code == 302, answer.status_code
    return answer.headers["Location"]


def test_many_units_sessions_are_checked_and_then_written_in_one_go(kept: Cast) -> None:
    office = signed_in("office")
    before = Activity.objects.count()
    address = check(office, *GOOD)
    page = office.get(address)
    told = page.context["checked"]
    assert (told.sessions, told.units, told.absent, told.created, told.faults) == (3, 3, 2, 3, [])
    assert Activity.objects.count() == before
    assert office.post(address).status_code == 302
    held = {each.unit.code: each for each in Activity.objects.filter(code__startswith="m-").select_related("unit", "phase")}
    assert (held["N1"].roster, held["N1"].kind, held["N1"].phase.code, str(held["N1"].starts_time)) == ("unit", "group_study", "PH1", "14:30:00")
    assert (held["N2"].headcount, held["N2"].headcount_q, held["N2"].roster) == (80, ">=", "")
    assert sorted(Attendance.objects.filter(activity=held["N1"]).values_list("person__code", "status")) == [("N1-2", "absent"), ("N1-3", "absent")]
    assert held["S1"].roster == "unit"


def test_handing_the_same_sheet_in_twice_adds_nothing(kept: Cast) -> None:
    office = signed_in("office")
    office.post(check(office, *GOOD))
    count, size = Activity.objects.count(), ledger.size()
    address = check(office, *GOOD)
    assert office.get(address).context["checked"].created == 0
    office.post(address)
    assert (Activity.objects.count(), ledger.size()) == (count, size)


def test_every_fault_is_named_with_its_row_and_nothing_is_written(kept: Cast) -> None:
    office = signed_in("office")
    before = Activity.objects.count()
    address = check(
        office, GOOD[0],
        ("X9", "", "2026-05-12", "visit", "", "", "", ""),
        ("N2", "", "", "visit", "", "", "3", ""),
        ("N2", "", "2026-05-12", "", "", "", "3", ""),
        ("N2", "", "yesterday", "visit", "", "", "3", ""),
        ("N2", "", "2026-05-12", "a feast", "", "", "3", ""),
        ("N2", "", "2026-05-12", "visit", "a", "", "many", ""),
        ("N2", "", "2026-05-12", "visit", "b", "", "", "Nobody"),
        ("N2", "", "2026-05-12", "visit", "c", "", "3", "Person N2-1"),
        ("N2", "", "2027-05-12", "visit", "", "", "3", ""),
        GOOD[0])
    for answer in (office.get(address), office.post(address)):
        assert answer.status_code == 422
        told = {(each.row, each.heading) for each in answer.context["checked"].faults}
        assert told == {(3, "Unit code"), (4, "Day (and time)"), (5, "Kind of session"), (6, "Day (and time)"),
                        (7, "Kind of session"), (8, "How many people"), (9, "Absent (names)"), (10, "Absent (names)"),
                        (11, "Day (and time)"), (12, "Unit code")}
    assert Activity.objects.count() == before


def test_two_people_of_one_name_are_told_apart_by_their_codes(kept: Cast) -> None:
    from zhixing.ground.units.models import Person

    Person.objects.filter(code="N1-3").update(name="Person N1-2")
    office = signed_in("office")
    row = ("N1", "", "2026-05-12", "visit", "", "", "", "Person N1-2")
    [fault] = office.get(check(office, row)).context["checked"].faults
    assert "N1-2, N1-3" in fault.message
    assert office.get(check(office, (*row[:-1], "N1-2"))).context["checked"].absent == 1


def test_a_unit_without_people_needs_a_number(kept: Cast) -> None:
    from zhixing.ground.units.models import Person

    Person.objects.filter(unit__code="N3").delete()
    office = signed_in("office")
    [fault] = office.get(check(office, ("N3", "", "2026-05-12", "visit", "", "", "", ""))).context["checked"].faults
    assert fault.heading == "How many people"


def test_the_sheet_that_is_handed_out_is_the_one_that_is_read(kept: Cast) -> None:
    for language in ("en", "zh-hans"):
        office = signed_in("office", language)
        book = openpyxl.load_workbook(io.BytesIO(body(office, "/c/P1/many/sheet.xlsx")))
        page = book.active
        assert [row[0].value for row in page.iter_rows(min_row=2)] == ["B", "N", "N1", "N2", "N3", "S", "S1", "S2"]
        page["C4"], page["D4"] = "2026-05-12", "visit"
        made = io.BytesIO()
        book.save(made)
        answer = signed_in("office").post("/c/P1/many/", {"file": SimpleUploadedFile("s.xlsx", made.getvalue())})
        assert signed_in("office").get(answer.headers["Location"]).context["checked"].sessions == 1


def test_another_sheet_is_refused_in_words(kept: Cast) -> None:
    office = signed_in("office")
    answer = office.get(check(office, ("x",), head=("something",)))
    assert answer.status_code == 422 and "no column Unit code" in html.unescape(answer.content.decode())
    assert "No row of this sheet is filled in" in office.get(check(office)).content.decode()


@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "responsible", "secretary", "district", "other"])
def test_those_who_keep_no_campaign_hand_in_no_sheet(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    for path in ("/c/P1/many/", "/c/P1/many/sheet.xlsx", "/c/P1/many/abcdefghijklmnopqrstuvwx/"):
        assert browser.get(path).status_code == 403, path
    assert browser.get("/c/P1/lists/activities.xlsx").status_code == 200


def test_a_sheet_of_somebody_else_is_not_found(kept: Cast) -> None:
    address = check(signed_in("office"), *GOOD)
    assert signed_in("district").get(address).status_code == 403
    assert signed_in("admin").get(address).status_code == 404
    assert signed_in("stranger").get(address).status_code == 404


def test_nobody_outside_takes_a_list_away(kept: Cast) -> None:
    stranger = signed_in("stranger")
    for path in ("/c/P1/lists/activities.xlsx", "/c/P1/blank/activities/", "/c/P1/many/"):
        assert stranger.get(path).status_code == 404, path


def test_a_list_costs_the_same_whatever_its_length(kept: Cast) -> None:
    office = signed_in("office")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(office, "/c/P1/lists/activities.xlsx")
        return len(asked)

    before = queries()
    office.post(check(office, *GOOD))
    assert queries() == before


def test_words_on_the_page_are_plain(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/many/").content.decode()
    assert not re.search(r"!\s*<", page)
