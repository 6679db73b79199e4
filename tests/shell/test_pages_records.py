"""Every table by hand: lists, forms, taking a row out."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.cast import Cast
from zhixing.ground.kernel.tables import tables
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.reads import export_workbook

from .pages import signed_in


def keys(path: str, name: str = "office") -> list[str]:
    return [line.key for line in signed_in(name).get(path).context["lines"]]


def test_every_table_has_a_list_and_a_form_in_both_languages(kept: Cast) -> None:
    for language in ("en", "zh-hans"):
        office = signed_in("office", language)
        index = office.get("/c/P1/records/").content.decode()
        for table in tables():
            assert f"/records/{table.name}/" in index, table.name
            assert office.get(f"/c/P1/records/{table.name}/").status_code == 200, table.name
            assert office.get(f"/c/P1/add/{table.name}/").status_code == 200, table.name


def test_a_list_is_searched_and_sorted_by_its_address(kept: Cast) -> None:
    assert keys("/c/P1/records/activities/?q=study") == ["A3", "A4"]
    assert keys("/c/P1/records/activities/?sort=-starts_at")[0] == "A5"
    assert keys("/c/P1/records/activities/?sort=nothing") == ["A1", "A2", "A3", "A4", "A5"]


def test_a_list_shows_names_where_rows_hold_codes(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/records/activities/").content.decode()
    assert "North School 1" in page
    assert "Launch meeting" in page
    assert "Listening" in page


def test_an_unknown_table_is_not_found(kept: Cast) -> None:
    assert signed_in("office").get("/c/P1/records/secrets/").status_code == 404


@pytest.mark.parametrize("text", [
    "=HYPERLINK(\"http://x.example\",\"here\")", "+86 138 0000 0000", "-2+3", "@SUM(1)", "＝1+1", "plain", "3 = 3"])
def test_no_text_of_a_downloaded_list_is_a_formula(kept: Cast, text: str, tmp_path: Path) -> None:
    office = signed_in("office")
    typed = {"code": "A9", "kind": "visit", "title": text, "unit": "N1", "headcount": "30"}
    assert office.post("/c/P1/add/activities/", typed).status_code == 302
    answer = office.get("/c/P1/records/activities/?format=csv")
    row = next(each for each in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))) if each["code"] == "A9")
    assert row["title"] == (text if text in ("plain", "3 = 3") else f"'{text}")
    assert row["headcount"] == "30"
    export_workbook("P1", tmp_path / "out")
    with (tmp_path / "out" / "activities.csv").open(encoding="utf-8") as lines:
        assert text in [each["title"] for each in csv.DictReader(lines)], "the workbook's export stays exact"


def test_a_list_goes_out_as_csv_with_the_workbooks_headings(kept: Cast) -> None:
    answer = signed_in("office").get("/c/P1/records/activities/?format=csv&q=study")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == ["A3", "A4"]
    assert rows[1]["headcount"] == ">=20"


def test_a_row_is_added_corrected_and_taken_out(kept: Cast) -> None:
    office = signed_in("office")
    size = ledger.size()
    typed = {
        "code": "A8",
        "kind": "lecture",
        "title": "A lecture",
        "unit": "N2",
        "starts_at": "2026-04-20",
        "starts_at.time": "14:30",
        "headcount": "30",
        "headcount.sign": ">=",
    }
    assert office.post("/c/P1/add/activities/", typed).status_code == 302
    row = office.get("/c/P1/records/activities/A8/")
    assert row.status_code == 200
    assert b'value="14:30"' in row.content
    assert re.search(r'value="&gt;=" selected', row.content.decode())
    assert office.post("/c/P1/records/activities/A8/", {**typed, "title": "Another title"}).status_code == 302
    assert b"Another title" in office.get("/c/P1/records/activities/A8/").content
    asked = office.get("/c/P1/remove/activities/A8/")
    assert b"Another title" in asked.content
    assert "A8" in keys("/c/P1/records/activities/"), "asking removes nothing"
    assert office.post("/c/P1/remove/activities/A8/").status_code == 302
    assert "A8" not in keys("/c/P1/records/activities/")
    assert ledger.size() == size + 3


def test_the_figure_counts_what_was_just_added(kept: Cast) -> None:
    office = signed_in("office")
    before = office.get("/c/P1/figures/activities.held/").context["value"].value
    office.post(
        "/c/P1/add/activities/", {"code": "A8", "kind": "visit", "unit": "N1", "starts_at": "2026-05-01"}
    )
    assert office.get("/c/P1/figures/activities.held/").context["value"].value == before + 1


def test_a_fault_names_its_question_and_keeps_what_was_typed(kept: Cast) -> None:
    answer = signed_in("office").post(
        "/c/P1/add/activities/",
        {"code": "A8", "title": "Kept as typed", "unit": "N9", "starts_at": "2026-02-30"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept as typed" in page
    assert 'href="#f-unit"' in page
    assert 'href="#f-starts_at"' in page
    assert page.count('class="fault"') == 2
    assert "A8" not in keys("/c/P1/records/activities/")


def test_a_code_that_is_used_already_is_refused(kept: Cast) -> None:
    answer = signed_in("office").post("/c/P1/add/activities/", {"code": "A1", "title": "Once more"})
    assert answer.status_code == 422
    assert b"#f-code" in answer.content


def test_a_row_that_others_name_stays(kept: Cast) -> None:
    answer = signed_in("office").post("/c/P1/remove/activities/A2/")
    assert answer.status_code == 409
    assert "A2" in keys("/c/P1/records/activities/")


def test_keys_of_several_parts_and_odd_codes_have_addresses(kept: Cast) -> None:
    office = signed_in("office")
    assert office.get("/c/P1/records/attendance/A2/N1-2/").status_code == 200
    assert office.get("/c/P1/records/waivers/D1/S2/").status_code == 200
    assert office.post("/c/P1/add/activities/", {"code": "new", "title": "Odd"}).status_code == 302
    assert office.get("/c/P1/records/activities/new/").status_code == 200
    assert office.post("/c/P1/add/activities/", {"code": "甲 1?&#", "title": "Odder"}).status_code == 302
    line = next(line for line in office.get("/c/P1/records/activities/?q=Odder").context["lines"])
    assert office.get(line.url).status_code == 200


def test_few_choices_are_listed_and_many_are_looked_up(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/add/attendance/").content.decode()
    assert "Kick-off at School 1 (A2)" in page
    found = signed_in("office").get("/c/P1/codes/people/?column=person&person=S1").content.decode()
    assert 'value="S1-1"' in found
    assert 'value="N1-1"' not in found


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_type_is_shown_and_never_run(kept: Cast, text: str) -> None:
    office = signed_in("office")
    office.post(
        "/c/P1/add/activities/", {"code": "X", "title": text, "unit": "N1", "starts_at": "2026-04-20"}
    )
    for path in (
        "/c/P1/records/activities/",
        "/c/P1/records/activities/X/",
        "/c/P1/figures/activities.held/",
        "/c/P1/remove/activities/X/",
    ):
        page = office.get(path).content.decode()
        assert text not in page, path
        assert "alert(1)" in page, path


def test_a_list_of_opinions_shows_what_was_said_and_the_ways_by_name(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/records/opinions/")
    assert [head.name for head in page.context["heads"]][:2] == ["code", "text"]
    cells = page.context["lines"][0].cells
    assert cells[1] == "Too many forms"
    assert "The box" in cells


@pytest.mark.parametrize(("language", "words"), [("en", "no date: counted at every date"), ("zh-hans", "未填日期：任何截止日都计入")])
def test_an_activity_without_a_date_says_that_it_counts_at_every_date(kept: Cast, language: str, words: str) -> None:
    office, reader = signed_in("office", language), signed_in("leader", language)
    assert words not in office.get("/c/P1/records/activities/").content.decode()
    office.post("/c/P1/add/activities/", {"code": "A9", "kind": "visit", "title": "Some day", "unit": "N1"})
    for client, path, times in (
        (office, "/c/P1/records/activities/", 1), (office, "/c/P1/records/activities/A9/", 1),
        (reader, "/c/P1/records/activities/A9/", 1), (office, "/c/P1/records/activities/A1/", 0),
        (reader, "/c/P1/records/activities/A1/", 0), (office, "/c/P1/records/information/", 0),
    ):
        assert client.get(path).content.decode().count(words) == times, path
    for day in ("2026-03-01", "2026-12-31"):
        page = office.get(f"/c/P1/figures/activities.held/?kind=visit&unit=N1&as_of={day}")
        assert page.context["value"].value == 1, "and so it is counted"
