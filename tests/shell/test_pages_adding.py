"""The form of a new record proposes a code, says from which day the record counts, and leads back."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse

from tests.cast import Cast
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook

from .pages import signed_in

VISIT = {"kind": "visit", "title": "Look", "unit": "N1", "starts_at": "2026-04-06"}


def told(answer: HttpResponse) -> list[str]:
    return [str(each) for each in get_messages(answer.wsgi_request)]


def proposal(name: str = "office", query: str = "") -> str:
    page = signed_in(name).get(f"/c/P1/add/activities/{query}")
    return next(field.value for field in page.context["fields"] if field.name == "code")


def test_the_next_free_number_is_proposed(kept: Cast) -> None:
    assert proposal() == "A6"
    signed_in("office").post("/c/P1/add/activities/", {**VISIT, "code": "A7"})
    signed_in("office").post("/c/P1/add/activities/", {**VISIT, "code": "A6"})
    assert proposal() == "A8", "numbers that are taken are passed over"
    assert proposal(query="?code=Mine") == "Mine"


def test_a_proposed_code_that_was_taken_meanwhile_becomes_the_next(kept: Cast) -> None:
    office = signed_in("office")
    for _n in range(2):
        assert office.post("/c/P1/add/activities/", {**VISIT, "code": "A6", "proposed": "A6"}).status_code == 302
    assert workbook.proposed_code("activities", units.programme("P1").id) == "A8"


def test_a_typed_code_that_is_taken_comes_back_with_another(kept: Cast) -> None:
    page = signed_in("office").post("/c/P1/add/activities/", {**VISIT, "code": "A1", "proposed": "A6"})
    assert page.status_code == 422
    code = next(field for field in page.context["fields"] if field.name == "code")
    assert code.value == "A6" and "A1" in code.fault


@pytest.mark.parametrize(("typed", "words"), [
    ({}, ["Every figure it belongs to counts it now"]),
    ({"starts_at": "2027-01-05"}, ["counts from that day on"]),
    ({"phase": "PH2"}, ["counts it now", "is outside the phase “Review”"]),
    ({"phase": "PH1"}, ["counts it now"]),
])
def test_what_is_said_after_saving_is_true_of_the_date(kept: Cast, typed: dict[str, str], words: list[str]) -> None:
    listed = told(signed_in("office").post("/c/P1/add/activities/", {**VISIT, "code": "A6", **typed}))
    assert len(listed) == len(words)
    assert all(word in said for word, said in zip(words, listed, strict=True))


def test_saving_leads_back_to_where_one_came_from_on_this_site_only(kept: Cast) -> None:
    office = signed_in("office")
    page = office.get("/c/P1/add/activities/", headers={"Referer": "http://testserver/c/P1/duties/D1/N1/"})
    here = page.context["kept"].next
    assert here == "/c/P1/duties/D1/N1/" and f'value="{here}"' in page.content.decode()
    assert office.post("/c/P1/add/activities/", {**VISIT, "code": "A6", "next": here}).headers["Location"] == here
    for bad in ("https://evil.example/", "//evil.example/x", "javascript:alert(1)"):
        answer = office.post("/c/P1/add/activities/", {**VISIT, "code": f"B{len(bad)}", "next": bad})
        assert answer.headers["Location"] == "/c/P1/records/activities/"
    listed = office.get("/c/P1/add/activities/", headers={"Referer": "http://testserver/c/P1/records/activities/"})
    assert listed.context["kept"].next == ""
