"""After a correction or a removal the next page offers to undo it; a record's page tells its history."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast
from zhixing.ground.ledger import reads as ledger

from .pages import signed_in

A1 = "/c/P1/records/activities/A1/"
TYPED = {"kind": "mobilisation", "unit": "B", "phase": "PH1", "starts_at": "2026-03-05", "starts_at.time": "09:00",
         "headcount": "80"}


def offered(page: str) -> str:
    """The address of the notice's button, "" where there is none."""
    found = re.search(r'class="toast success" method="post" action="([^"]+)"', page)
    return found[1] if found else ""


def corrected(client: Client, title: str) -> str:
    """A1 gets this title; the next page."""
    return client.post(A1, {**TYPED, "title": title}, follow=True).content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", ">Undo</button>"), ("zh-hans", ">撤销</button>")])
def test_a_removal_is_undone_from_the_next_page(kept: Cast, language: str, word: str) -> None:
    office = signed_in("office", language)
    before = office.get(A1).context["fields"]
    page = office.post("/c/P1/remove/activities/A1/", follow=True).content.decode()
    assert offered(page) and word in page
    size = ledger.size()
    answer = office.post(offered(page), follow=True)
    assert answer.redirect_chain[-1][0] == A1
    assert answer.context["fields"] == before
    assert ledger.size() == size + 1


def test_a_correction_is_undone_from_the_next_page(kept: Cast) -> None:
    office = signed_in("office")
    page = corrected(office, "Mistyped")
    assert 'value="Mistyped"' in page
    page = office.post(offered(page), follow=True).content.decode()
    assert "Undone. The record is as it was before." in page
    assert 'value="Kick-off at the bureau"' in page
    assert not offered(page)
    assert not offered(office.get(A1).content.decode()), "the notice stands once"


def test_nothing_is_offered_where_nothing_was_changed(kept: Cast) -> None:
    office = signed_in("office")
    corrected(office, "Mistyped")
    page = corrected(office, "Mistyped")
    assert "Saved." in page and not offered(page)


def test_a_record_that_somebody_changed_since_stays_and_says_so(kept: Cast) -> None:
    office = signed_in("office")
    address = offered(corrected(office, "Mistyped"))
    corrected(signed_in("admin"), "Put right by another")
    answer = office.post(address)
    assert answer.status_code == 409
    assert "changed again since" in answer.content.decode()
    assert "Put right by another" in office.get(A1).content.decode()


def test_a_code_that_is_taken_again_says_so(kept: Cast) -> None:
    office = signed_in("office")
    address = offered(office.post("/c/P1/remove/activities/A1/", follow=True).content.decode())
    office.post("/c/P1/add/activities/", {"code": "A1", "title": "Another", "unit": "B"})
    answer = office.post(address)
    assert answer.status_code == 409
    assert "is used again" in answer.content.decode()


def test_an_undo_is_for_its_author_and_only_sent_as_a_form(kept: Cast) -> None:
    office = signed_in("office")
    address = offered(corrected(office, "Mistyped"))
    assert office.get(address).status_code == 405
    for name in ("admin", "district", "viewer", "stranger"):
        assert signed_in(name).post(address).status_code == 404, name
    assert Client().post(address).status_code == 302, "to the sign-in"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(kept.users["office"], backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(address).status_code == 403
    assert 'value="Mistyped"' in office.get(A1).content.decode()


class TestHistory:
    def test_it_tells_what_was_changed_by_whom(self, kept: Cast) -> None:
        office = signed_in("office")
        assert "History" not in office.get(A1).content.decode(), "what a workbook brought in has no entry of its own"
        corrected(office, "Mistyped")
        [step] = office.get(A1).context["history"]
        assert (step.what, step.who) == ("Corrected", "office (campaign office)")
        assert step.cells == (("Title", "Kick-off at the bureau", "Mistyped"),)
        page = signed_in("leader").get(A1).content.decode()
        assert "<del>Kick-off at the bureau</del>" in page and "<ins>Mistyped</ins>" in page

    def test_it_says_words_and_names_where_the_ledger_keeps_codes(self, kept: Cast) -> None:
        office = signed_in("office", "zh-hans")
        office.post("/c/P1/add/activities/", {"code": "A8", "kind": "visit", "title": "x", "unit": "N1"})
        office.post("/c/P1/records/activities/A8/", {"kind": "lecture", "title": "x", "unit": "N2",
                                                     "starts_at": "2026-05-01"})
        changed, added = office.get("/c/P1/records/activities/A8/").context["history"]
        assert (added.what, added.cells) == ("新增", ())
        assert changed.who == "office（活动办公室）"
        assert ("单位", "North School 1", "North School 2") in changed.cells
        assert any(after == "5月1日 周五" for _label, _before, after in changed.cells)

    def test_it_is_not_there_for_who_may_not_see_the_record(self, kept: Cast) -> None:
        corrected(signed_in("office"), "Mistyped")
        assert signed_in("other").get(A1).status_code == 404

    def test_what_people_typed_is_never_run(self, kept: Cast) -> None:
        corrected(signed_in("office"), "<script>alert(1)</script>")
        assert "<script>alert(1)" not in signed_in("leader").get(A1).content.decode()

    def test_it_costs_a_fixed_number_of_queries(self, kept: Cast) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        office = signed_in("office")
        asked = []
        for number in range(4):
            corrected(office, f"Title {number}")
            with CaptureQueriesContext(connection) as queries:
                office.get(A1)
            asked.append(len(queries))
        assert asked[0] == asked[-1]
