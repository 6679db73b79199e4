"""The workbook in and out: first what it would change, then the change."""

from __future__ import annotations

import io
import os
import time
import zipfile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast

from .pages import signed_in

GOOD = {"activities": "code,kind,title,unit,starts_at\nW1,visit,Brought in,N1,2026-05-02\n"}
FAULTY = {
    "activities": "code,kind,title,unit,starts_at\nW1,visit,One,N9,2026-05-02\nW2,visit,Two,N1,2026-02-30\n"
}


def zipped(**tables: str) -> SimpleUploadedFile:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, text in tables.items():
            file.writestr(f"{name}.csv", text)
    return SimpleUploadedFile("spring.zip", whole.getvalue())


def hand_in(browser: Client, **tables: str) -> tuple[str, HttpResponse]:
    """The address of the check, and the check."""
    answer = browser.post("/workbook/?campaign=P1", {"file": zipped(**tables)})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    return address, browser.get(address)


def there(code: str) -> bool:
    return signed_in("office").get(f"/c/P1/records/activities/{code}/").status_code == 200


def test_a_good_file_is_shown_first_and_written_when_agreed(kept: Cast) -> None:
    office = signed_in("office")
    address, check = hand_in(office, **GOOD)
    assert check.status_code == 200
    assert check.context["whole"].created == 1
    assert not there("W1")
    answer = office.post(address)
    assert answer.headers["Location"] == "/c/P1/"
    assert there("W1")
    assert b"1 new" in office.get("/c/P1/").content
    assert office.get(address).status_code == 404, "the file is gone once it is in"


def test_every_fault_is_listed_by_table_row_and_column_and_nothing_is_written(kept: Cast) -> None:
    office = signed_in("office")
    address, check = hand_in(office, **FAULTY)
    assert check.status_code == 422
    assert [(fault.table, fault.row, fault.column) for _name, fault, _column in check.context["lines"]] == [
        ("activities", 2, "unit"),
        ("activities", 3, "starts_at"),
    ]
    assert '<span class="long">row 2</span>' in check.content.decode(), "on a phone the number says what it is"
    assert office.post(address).status_code == 422, "agreeing does not help"
    assert not there("W2")


def test_a_file_that_is_no_workbook_is_refused_by_its_own_name(kept: Cast) -> None:
    office = signed_in("office")
    answer = office.post("/workbook/", {"file": SimpleUploadedFile("notes.txt", b"hello")})
    assert answer.status_code == 422
    sent = office.post("/workbook/", {"file": SimpleUploadedFile("broken.xlsx", b"no zip at all")})
    check = office.get(sent.headers["Location"])
    assert check.status_code == 422
    page = check.content.decode()
    assert "broken.xlsx" in page
    assert str(settings.ZHIXING_HOME) not in page


def test_no_file_is_said_in_words(kept: Cast) -> None:
    answer = signed_in("office").post("/workbook/")
    assert answer.status_code == 422
    assert b"Choose the file" in answer.content


def test_an_upload_is_its_uploaders_alone(kept: Cast) -> None:
    address, _check = hand_in(signed_in("office"), **GOOD)
    assert signed_in("admin").get(address).status_code == 404
    assert signed_in("office").get("/workbook/in/../../keys/").status_code == 404


def test_an_upload_waits_a_day_and_no_longer(kept: Cast) -> None:
    office = signed_in("office")
    address, _check = hand_in(office, **GOOD)
    folder = next(settings.ZHIXING_HOME.glob(f"uploads/*{address.split('/')[3]}"))
    old = time.time() - 25 * 3600
    os.utime(folder, (old, old))
    hand_in(office, **GOOD)
    assert office.get(address).status_code == 404


def test_who_only_looks_brings_nothing_in(kept: Cast) -> None:
    viewer = signed_in("viewer")
    assert viewer.get("/workbook/").status_code == viewer.post("/workbook/").status_code == 403


def test_the_workbook_goes_out_in_both_forms_and_comes_in_again_unchanged(kept: Cast) -> None:
    office = signed_in("office")
    for form in ("zip", "xlsx"):
        answer = office.get(f"/c/P1/workbook/?format={form}")
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        sent = office.post("/workbook/", {"file": SimpleUploadedFile(f"P1.{form}", body)})
        check = office.get(sent.headers["Location"])
        assert check.status_code == 200, form
        assert (check.context["whole"].created, check.context["whole"].updated) == (0, 0), form


def test_an_empty_workbook_to_fill_in_is_offered_beside_the_upload(kept: Cast) -> None:
    office = signed_in("office")
    assert b"/workbook/template/study-practice-zh/" in office.get("/workbook/").content
    taken = office.get("/workbook/template/study-practice-zh/")
    assert b"".join(taken.streaming_content).startswith(b"PK")
    assert office.get("/workbook/template/none/").status_code == 404
