"""Photos and papers of a record: who sees them, who adds them, and what comes back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.cast import Cast
from zhixing.ground.files.models import Evidence
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook.actions import remove_row

from .pages import signed_in

N1, S1, B = "/c/P1/evidence/activities/A3/", "/c/P1/evidence/activities/A4/", "/c/P1/evidence/activities/A1/"
LOOKERS = ("leader", "supervisor", "viewer", "responsible")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def photo(colour: str = "navy", name: str = "会场.jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def paper(text: bytes = b"", name: str = "minutes.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + text)


def add(browser: Client, *files: SimpleUploadedFile, at: str = N1) -> int:
    answer = browser.post(at, {"file": list(files)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Evidence.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_a_secretary_adds_several_files_at_once_and_sees_them_on_the_session_and_the_record(kept: Cast) -> None:
    secretary = signed_in("secretary")
    add(secretary, photo(), paper())
    for path in ("/c/P1/sessions/A3/", "/c/P1/records/activities/A3/"):
        page = secretary.get(path).content.decode()
        assert "会场.jpg" in page and "minutes.pdf" in page, path
    entries = ledger.of_subject("evidence/activities/A3", kept.programme_id)
    assert [(each.verb, each.actor, each.new["name"]) for each in entries] == [
        ("files.attach", "secretary", "minutes.pdf"), ("files.attach", "secretary", "会场.jpg")]


def test_the_original_is_a_download_that_no_browser_runs(kept: Cast) -> None:
    secretary = signed_in("secretary")
    number = add(secretary, paper())
    answer = secretary.get(f"/c/P1/files/{number}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_photo_has_two_pictures_and_a_paper_none(kept: Cast) -> None:
    secretary = signed_in("secretary")
    number = add(secretary, photo())
    for width in (320, 1280):
        answer = secretary.get(f"/c/P1/files/{number}/{width}.jpg")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert secretary.get(f"/c/P1/files/{number}/640.jpg").status_code == 404
    assert secretary.get(f"/c/P1/files/{add(secretary, paper())}/320.jpg").status_code == 404


@pytest.mark.parametrize("name", LOOKERS)
def test_those_who_look_see_files_and_add_none(kept: Cast, name: str) -> None:
    number = add(signed_in("secretary"), photo())
    browser = signed_in(name)
    assert browser.get(f"/c/P1/files/{number}/").status_code == 200
    assert 'type="file"' not in browser.get(N1).content.decode()
    assert browser.post(N1, {"file": photo("red")}).status_code == 403
    assert browser.post(f"/c/P1/files/{number}/off/").status_code == 403
    assert Evidence.objects.filter(removed_at=None).count() == 1


@pytest.mark.parametrize("name", ["other", "stranger"])
def test_another_branch_learns_nothing_of_a_file(kept: Cast, name: str) -> None:
    number = add(signed_in("secretary"), photo())
    browser = signed_in(name)
    for path in (f"/c/P1/files/{number}/", f"/c/P1/files/{number}/320.jpg", N1):
        assert browser.get(path).status_code == 404, path
    for path in (f"/c/P1/files/{number}/off/", f"/c/P1/files/{number}/back/", N1):
        assert browser.post(path, {"file": photo("red")}).status_code == 404, path


def test_above_and_below(kept: Cast) -> None:
    """A district adds to its school's record; a school does not reach the bureau's or another school's."""
    add(signed_in("district"), photo(), at=N1)
    secretary = signed_in("secretary")
    for path in (B, S1):
        assert secretary.get(path).status_code == secretary.post(path, {"file": photo()}).status_code == 404, path


def test_nobody_without_an_account_gets_a_file(kept: Cast, client: Client) -> None:
    number = add(signed_in("secretary"), photo())
    for path in (f"/c/P1/files/{number}/", f"/c/P1/files/{number}/320.jpg", N1):
        assert client.get(path).headers["Location"].startswith("/sign-in/")


def test_one_file_serves_several_records_and_is_kept_once(kept: Cast, home: Path) -> None:
    secretary = signed_in("secretary")
    number = add(secretary, photo())
    other = "/c/P1/evidence/activities/A2/"
    assert f'value="{number}"' in secretary.get(other).content.decode()
    assert secretary.post(other, {"again": [number]}).status_code == 302
    add(secretary, photo(name="again.jpg"))
    assert Evidence.objects.count() == 2
    assert len([path for path in (home / "files").rglob("*") if path.is_file()]) == 1
    assert f'value="{number}"' not in secretary.get(other).content.decode()


def test_a_file_of_another_branch_cannot_be_used_again_by_its_number(kept: Cast) -> None:
    number = add(signed_in("other"), photo(), at=S1)
    secretary = signed_in("secretary")
    assert secretary.post(N1, {"again": [number]}).status_code == 404
    assert secretary.post(N1, {"again": ["x", "9" * 30, "-1"]}).status_code == 302
    assert Evidence.objects.count() == 1


def test_what_was_taken_off_is_gone_for_everybody_and_can_be_put_back(kept: Cast) -> None:
    secretary = signed_in("secretary")
    number = add(secretary, photo())
    page = secretary.post(f"/c/P1/files/{number}/off/", follow=True).content.decode()
    assert f"/c/P1/files/{number}/back/" in page
    assert secretary.get(f"/c/P1/files/{number}/").status_code == 404
    assert "会场.jpg" not in secretary.get("/c/P1/sessions/A3/").content.decode()
    secretary.post(f"/c/P1/files/{number}/back/")
    assert secretary.get(f"/c/P1/files/{number}/").status_code == 200
    assert [each.verb for each in ledger.of_subject("evidence/activities/A3", kept.programme_id)] == [
        "files.restore", "files.detach", "files.attach"]


def test_a_removed_record_takes_its_files_out_of_sight(kept: Cast) -> None:
    secretary = signed_in("secretary")
    number = add(secretary, photo())
    remove_row("activities", kept.programme_id, "A3", actor=CONSOLE)
    assert secretary.get(f"/c/P1/files/{number}/").status_code == 404


def test_an_unfit_file_is_named_with_the_reason_and_the_fit_ones_are_kept(kept: Cast) -> None:
    answer = signed_in("secretary").post(N1, {"file": [
        photo(), paper(b"/JavaScript (x)", "bad.pdf"), SimpleUploadedFile("run.exe", b"MZ\x00\x00")]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "bad.pdf holds macros" in page and "run.exe is of no kind" in page
    assert list(Evidence.objects.values_list("name", flat=True)) == ["会场.jpg"]


def test_without_a_file_the_page_says_what_to_do(kept: Cast) -> None:
    answer = signed_in("secretary").post(N1)
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


def test_a_name_is_kept_without_its_path(kept: Cast) -> None:
    add(signed_in("secretary"), paper(name="x" * 300 + ".pdf"))
    name = Evidence.objects.get().name
    assert len(name) == 200 and name.endswith(".pdf")


def test_any_table_takes_files(kept: Cast) -> None:
    office = signed_in("office")
    for table, key in (("opinions", "O1"), ("form_batches", "F1"), ("attendance", "A2/N1-2"), ("units", "N1")):
        add(office, photo(), at=f"/c/P1/evidence/{table}/{key}/")
    assert Evidence.objects.count() == 4
    assert office.get("/c/P1/evidence/secrets/x/").status_code == 404


def test_a_record_s_page_costs_the_same_with_one_file_and_with_ten(kept: Cast) -> None:
    secretary = signed_in("secretary")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert secretary.get("/c/P1/sessions/A3/").status_code == 200
        return len(asked)

    add(secretary, paper())
    before = queries()
    add(secretary, *(paper(str(number).encode(), f"{number}.pdf") for number in range(9)))
    assert queries() == before
