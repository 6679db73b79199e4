"""Every page asks who looks: wrong role, wrong branch of the tree, nobody at all."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast

from .pages import signed_in

PAGES = [
    "/c/P1/",
    "/c/P1/figures/",
    "/c/P1/figures/activities.held/",
    "/c/P1/duties/D1/",
    "/c/P1/contradictions/",
    "/c/P1/records/",
    "/c/P1/records/activities/",
    "/c/P1/workbook/",
]
ROLES = ["office", "leader", "supervisor", "viewer", "district", "secretary", "responsible", "admin"]


def plain(content: bytes) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", content.decode()).split())


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/", "/workbook/", "/c/P1/add/activities/"])
def test_nobody_sees_a_page_without_signing_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ROLES)
def test_every_role_sees_the_pages_of_its_campaign(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert {path: browser.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_hears_the_words_of_what_is_not_there(kept: Cast, path: str) -> None:
    stranger = signed_in("stranger")
    answer, absent = stranger.get(path), stranger.get(path.replace("P1", "P9"))
    assert answer.status_code == absent.status_code == 404
    assert plain(answer.content) == plain(absent.content).replace("P9", "P1")


@pytest.mark.parametrize("path", PAGES[:5])
def test_another_branch_is_not_told_from_one_that_does_not_exist(kept: Cast, path: str) -> None:
    secretary = signed_in("secretary")
    for other in ("S1", "N2", "N", "B"):
        answer, absent = secretary.get(path, {"unit": other}), secretary.get(path, {"unit": "S9"})
        assert answer.status_code == absent.status_code == 404, other
        assert plain(answer.content) == plain(absent.content).replace("S9", other)


def test_a_secretary_lands_on_the_own_unit_and_sees_its_numbers(kept: Cast) -> None:
    page = signed_in("secretary").get("/c/P1/")
    assert page.context["at"].unit.code == "N1"
    assert [row.unit.code for row in page.context["board"].rows] == ["N1"]
    figure = signed_in("secretary").get("/c/P1/figures/activities.held/")
    assert figure.context["value"].value == 2


def test_a_district_sees_its_schools_and_not_the_others(kept: Cast) -> None:
    rows = signed_in("district").get("/c/P1/").context["board"].rows
    assert {row.unit.code for row in rows} == {"N", "N1", "N2", "N3"}


def test_records_of_another_unit_are_neither_listed_nor_opened(kept: Cast) -> None:
    secretary = signed_in("secretary")
    assert {line.key for line in secretary.get("/c/P1/records/activities/").context["lines"]} == {"A2", "A3"}
    assert secretary.get("/c/P1/records/activities/A4/").status_code == 404
    assert secretary.get("/c/P1/remove/activities/A4/").status_code == 404
    assert "A4" not in secretary.get("/c/P1/records/activities/?format=csv").content.decode()


def test_contradictions_of_another_unit_are_not_told(kept: Cast) -> None:
    assert signed_in("district").get("/c/P1/contradictions/").context["groups"]
    assert signed_in("secretary").get("/c/P1/contradictions/").context["groups"] == []


@pytest.mark.parametrize("name", ["viewer", "leader", "supervisor", "responsible"])
def test_who_only_looks_gets_no_form_and_cannot_save(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert b"<textarea" not in browser.get("/c/P1/add/activities/").content
    assert browser.post("/c/P1/add/activities/", {"code": "X1"}).status_code == 403
    assert browser.get("/c/P1/records/activities/").context["add"] == ""


def test_a_secretary_does_not_keep_the_offices_tables(kept: Cast) -> None:
    secretary = signed_in("secretary")
    assert secretary.get("/c/P1/records/duties/").context["add"] == ""
    assert secretary.post("/c/P1/add/duties/", {"code": "D9", "figure": "activities.held"}).status_code == 403


def test_a_secretary_adds_nothing_to_another_unit(kept: Cast) -> None:
    answer = signed_in("secretary").post(
        "/c/P1/add/activities/", {"code": "X1", "unit": "S1", "title": "Elsewhere"}
    )
    assert answer.status_code in (403, 422)
    assert b"Elsewhere" in answer.content, "what was typed is kept"
    assert signed_in("office").get("/c/P1/records/activities/X1/").status_code == 404


def test_only_who_sees_the_whole_takes_the_workbook_away(kept: Cast) -> None:
    assert signed_in("secretary").get("/c/P1/workbook/?format=zip").status_code == 403
    assert signed_in("office").get("/c/P1/workbook/?format=zip").status_code == 200


def test_an_impossible_day_is_refused_in_words(kept: Cast) -> None:
    answer = signed_in("office").get("/c/P1/?as_of=2026-02-30")
    assert answer.status_code == 409
    assert "2026-02-30" in plain(answer.content)


def test_home_leads_to_what_there_is_to_do(kept: Cast) -> None:
    assert signed_in("secretary").get("/").headers["Location"] == "/today/"


def test_home_says_the_first_step_where_there_is_no_campaign(db: None) -> None:
    from django.contrib.auth.models import User

    from zhixing.ground.accounts.models import Grant

    Grant.objects.create(user=User.objects.create_user("new"), role="admin")
    page = signed_in("new").get("/")
    assert b"/workbook/" in page.content
