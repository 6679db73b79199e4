"""Requests, gates, own plans and the burden meter, as pages: who may, what is said, and the whole way through."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.cast import Cast
from zhixing.flow.duties.models import Extension, Passage, Request, Waiver
from zhixing.flow.filings import actions as filings

from .pages import bring_in, signed_in
from .test_pages_who_may import plain

MEETINGS = """
    code,kind,title,unit,phase,starts_at,roster,headcount
    A6,group_study,Second study at School 1,N1,PH1,2026-05-10,unit,"""
PAGES = ["/c/P1/gates/", "/c/P1/gates/PH1/", "/c/P1/gates/PH1/N1/", "/c/P1/requests/", "/c/P1/targets/",
         "/c/P1/burden/", "/today/"]
ROLES = ["office", "leader", "supervisor", "viewer", "district", "secretary", "responsible", "admin"]


@pytest.fixture
def ready(kept: Cast, tmp_path: Path) -> Cast:
    """School 1 of the north has met what the first phase asks."""
    bring_in(tmp_path / "more", activities=MEETINGS)
    return kept


def step(browser: Client, verb: str, unit: str = "N1", **more: object) -> int:
    return browser.post(f"/c/P1/gates/PH1/{unit}/", {"step": verb, **more}).status_code


def ask(browser: Client, unit: str = "N1", kind: str = "extend", until: str = "2026-09-30") -> int:
    answer = browser.post(f"/c/P1/ask/D2/{unit}/", {"kind": kind, "reason": "The hall is closed", "until": until})
    return answer.status_code


@pytest.mark.parametrize("name", ROLES)
def test_every_role_sees_the_pages(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert {path: browser.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("path", [*PAGES[:-1], "/c/P1/ask/D2/N1/", "/c/P1/targets/D2/N1/"])
def test_a_stranger_hears_the_words_of_what_is_not_there(kept: Cast, path: str) -> None:
    stranger = signed_in("stranger")
    answer, absent = stranger.get(path), stranger.get(path.replace("P1", "P9"))
    assert answer.status_code == absent.status_code == 404
    assert plain(answer.content) == plain(absent.content).replace("P9", "P1")


@pytest.mark.parametrize("path", ["/c/P1/gates/PH1/{}/", "/c/P1/ask/D2/{}/", "/c/P1/targets/D2/{}/"])
@pytest.mark.parametrize("other", ["S1", "N2", "N", "B"])
def test_another_branch_is_not_told_from_one_that_does_not_exist(kept: Cast, path: str, other: str) -> None:
    browser = signed_in("secretary")
    answer, absent = browser.get(path.format(other)), browser.get(path.format("S9"))
    assert answer.status_code == absent.status_code == 404
    assert plain(answer.content) == plain(absent.content).replace("S9", other)


def test_a_unit_passes_the_gate_in_four_steps(ready: Cast) -> None:
    assert step(signed_in("secretary"), "propose") == 302
    assert step(signed_in("supervisor"), "review", **{"review.reason": "Seen on site"}) == 302
    assert step(signed_in("leader"), "pass") == 302
    assert list(Passage.objects.order_by("id").values_list("step", flat=True)) == ["proposed", "reviewed", "passed"]
    assert "Seen on site" in plain(signed_in("secretary").get("/c/P1/gates/PH1/N1/").content)


def test_a_gate_that_is_shut_names_what_is_missing(kept: Cast) -> None:
    browser = signed_in("secretary")
    answer = browser.post("/c/P1/gates/PH1/N1/", {"step": "propose", "propose.reason": "We are done"})
    assert answer.status_code == 409
    assert "Still missing: Study twice" in plain(answer.content)
    assert b"We are done" not in answer.content or Passage.objects.count() == 0


MAY = {"propose": {"office", "district", "secretary", "admin"}, "review": {"supervisor"}, "pass": {"leader"}}
STANDS = {"propose": [], "review": ["propose"], "pass": ["propose", "review"]}


@pytest.mark.parametrize("verb", MAY)
def test_each_step_is_taken_by_those_whose_it_is(ready: Cast, verb: str) -> None:
    for before in STANDS[verb]:
        assert step(signed_in({"propose": "secretary", "review": "supervisor"}[before]), before) == 302
    for name in {*ROLES, "other"} - MAY[verb]:
        assert step(signed_in(name), verb) == (404 if name == "other" else 403), name
    for name in sorted(MAY[verb])[:1]:
        assert step(signed_in(name), verb) == 302


def test_sending_back_needs_a_reason_and_reopens_duties(ready: Cast) -> None:
    step(signed_in("secretary"), "propose")
    leader = signed_in("leader")
    answer = leader.post("/c/P1/gates/PH1/N1/", {"step": "send_back", "reopen": ["D2"]})
    assert answer.status_code == 422
    assert "f-send_back.reason" in answer.content.decode() and "f-until" in answer.content.decode()
    assert step(leader, "send_back", **{"send_back.reason": "Only six came", "reopen": ["D2"],
                                        "until": "2026-06-10"}) == 302
    assert Extension.objects.get().base == 2
    page = signed_in("secretary").get("/today/")
    assert "Only six came" in plain(page.content) and "Sent back" in plain(page.content)
    assert step(signed_in("secretary"), "propose") == 409, "the gate is shut again"


def test_the_office_agrees_to_more_time_and_takes_it_back(kept: Cast) -> None:
    assert ask(signed_in("secretary")) == 302
    number = Request.objects.get().pk
    office = signed_in("office")
    assert "The hall is closed" in plain(office.get("/today/").content)
    assert office.post(f"/c/P1/requests/{number}/", {"do": "approve"}).status_code == 302
    assert "Extended" in plain(signed_in("secretary").get("/c/P1/duties/D2/N1/").content)
    assert office.post(f"/c/P1/requests/{number}/", {"do": "undo"}).status_code == 302
    assert Extension.objects.count() == 0 and Request.objects.get().decision == ""


def test_the_office_agrees_that_a_duty_does_not_apply(kept: Cast) -> None:
    assert ask(signed_in("secretary"), kind="waive", until="") == 302
    number = Request.objects.get().pk
    office = signed_in("office")
    office.post(f"/c/P1/requests/{number}/", {"do": "approve"})
    waiver = Waiver.objects.get(unit=kept.ids["N1"])
    assert (waiver.reason, waiver.by) == ("The hall is closed", "office")
    assert "Entered" in plain(office.get("/c/P1/records/waivers/D2/N1/").content), "its page tells its history"
    office.post(f"/c/P1/requests/{number}/", {"do": "undo"})
    assert not Waiver.objects.filter(unit=kept.ids["N1"]).exists()


def test_refusing_needs_a_reason_which_the_unit_reads(kept: Cast) -> None:
    ask(signed_in("secretary"))
    number = Request.objects.get().pk
    office = signed_in("office")
    answer = office.post(f"/c/P1/requests/{number}/", {"do": "refuse"})
    assert answer.status_code == 422 and "f-why" in answer.content.decode()
    office.post(f"/c/P1/requests/{number}/", {"do": "refuse", "why": "The gym is open"})
    assert "The gym is open" in plain(signed_in("secretary").get("/today/").content)


def test_who_may_ask_and_who_may_decide(kept: Cast) -> None:
    for name in ("leader", "supervisor", "viewer", "responsible"):
        assert ask(signed_in(name)) == 403, name
    assert ask(signed_in("other")) == 404
    assert ask(signed_in("secretary")) == 302
    number = Request.objects.get().pk
    for name in ("leader", "supervisor", "viewer", "responsible", "secretary", "district"):
        assert signed_in(name).post(f"/c/P1/requests/{number}/", {"do": "approve"}).status_code == 403, name
    assert signed_in("other").post(f"/c/P1/requests/{number}/", {"do": "approve"}).status_code == 404
    assert signed_in("other").get(f"/c/P1/requests/{number}/").status_code == 404


def test_nobody_decides_what_they_asked_themselves(kept: Cast) -> None:
    ask(signed_in("office"))
    number = Request.objects.get().pk
    assert signed_in("office").post(f"/c/P1/requests/{number}/", {"do": "approve"}).status_code == 403
    assert signed_in("admin").post(f"/c/P1/requests/{number}/", {"do": "approve"}).status_code == 302


def test_what_was_filled_in_wrongly_stands_next_to_its_field(kept: Cast) -> None:
    answer = signed_in("secretary").post("/c/P1/ask/D2/N1/", {"kind": "extend", "until": "2026-03-01"})
    assert answer.status_code == 422
    assert answer.content.decode().count("class=\"fault\"") == 2


def test_an_own_target_may_be_stricter_and_never_laxer(kept: Cast) -> None:
    browser = signed_in("secretary")
    answer = browser.post("/c/P1/targets/D2/N1/", {"at_least": "1", "due_on": "2026-09-30"})
    assert answer.status_code == 422
    assert answer.content.decode().count("class=\"fault\"") == 2
    assert browser.post("/c/P1/targets/D2/N1/", {"at_least": "3", "due_on": "2026-05-20",
                                                 "note": "Before the exams"}).status_code == 302
    assert "own: at least 3" in plain(browser.get("/c/P1/targets/").content)
    today = plain(browser.get("/today/").content)
    assert "2 activities to go, by 20 May" in today
    for name in ("viewer", "leader", "supervisor", "responsible"):
        assert signed_in(name).post("/c/P1/targets/D2/N1/", {"at_least": "4"}).status_code == 403


def test_who_sets_a_duty_hears_that_another_asks_for_the_same(kept: Cast) -> None:
    office = signed_in("office")
    answer = office.post("/c/P1/add/duties/", {
        "code": "D9", "name": "Kick off again", "phase": "PH1", "figure": "activities.held",
        "where": "kind=mobilisation", "at_least": "1"}, follow=True)
    said = plain(answer.content)
    assert "This asks for the same as the duty “Hold the kick-off” (D1)" in said
    assert "2 of 8 that would owe this have it on record already" in said


def test_the_burden_says_which_duty_asks(kept: Cast) -> None:
    page = signed_in("secretary").get("/c/P1/burden/")
    assert [each.duty for each in page.context["basis"]] == ["Study twice"]
    whole = signed_in("office").get("/c/P1/burden/")
    assert {row.name for row in whole.context["rows"]} >= {"North School 1", "South School 2"}


def test_home_is_what_there_is_to_do(kept: Cast) -> None:
    assert signed_in("secretary").get("/").headers["Location"] == "/today/"
    assert "Nothing is waiting for you" in plain(signed_in("viewer").get("/today/").content)


def test_papers_wait_for_the_office_and_come_back_to_the_unit(kept: Cast, tmp_path: Path) -> None:
    bring_in(tmp_path / "more", filings="code,kind,title,unit,filed_on\nF1,plan,Our plan,N1,2026-05-02")
    assert "Our plan" in plain(signed_in("office").get("/today/").content)
    assert "Our plan" not in plain(signed_in("supervisor").get("/today/").content)
    filings.send_back(kept.programme_id, "F1", "Name who answers for it", actor=kept.actor("office"))
    assert "Our plan" not in plain(signed_in("office").get("/today/").content)
    assert "Name who answers for it" in plain(signed_in("secretary").get("/today/").content)


@pytest.mark.parametrize(("figure", "where", "form"), [
    ("activities.held", "kind=visit", "/c/P1/capture/?unit=N1&kind=visit"), ("filings.filed", "kind=plan", "/c/P1/hand-in/"),
    ("publicity.items", "", "/c/P1/add/publicity/"), ("activities.held", "kind=talk", "/c/P1/add/activities/"),
])
def test_each_item_opens_the_form_that_meets_it(kept: Cast, tmp_path: Path, figure: str, where: str, form: str) -> None:
    bring_in(tmp_path / "more", duties="code,phase,name,figure,where,at_least,due_on,applies_to\n"
                                       f"D5,PH1,Something,{figure},{where},1,2026-05-20,school")
    browser = signed_in("secretary")
    item = next(each for each in browser.get("/today/").context["mine"].owed if each.title == "Something")
    assert item.url.startswith(form) and "unit=N1" in item.url
    assert item.why == "/c/P1/duties/D5/N1/"
    assert browser.get(item.url).status_code == 200
