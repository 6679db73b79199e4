"""A person writes a template pack through the pages, and a campaign is set up from it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.flow.campaigns import packs
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.duties import reads as duties
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel.types import CONSOLE, Scope
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads as units
from zhixing.ground.units import tree
from zhixing.ground.units.models import Unit
from zhixing.ground.workbook.actions import save_row

from .pages import signed_in
from .test_pages_who_may import plain

BASE = "great-discussion-zh"
PHASES = [("P1", "P1", "Look"), ("P2", "P2", "Listen"), ("P3", "P3", "Mend"), ("", "P4", "Keep")]


def seen(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def copied(browser: Client, name: str = "ours", base: str = BASE) -> None:
    answer = browser.post(f"/packs/{base}/copy/", {"name": name, "title": "Our four steps"})
    assert answer.status_code == 302, answer.content.decode()


def phases(browser: Client, **other: object) -> Any:
    rows = {"was": [row[0] for row in PHASES] + [""], "code": [row[1] for row in PHASES] + [""],
            "name": [row[2] for row in PHASES] + [""], "length": ["1", "1", "2", "4", "1"], "weeks": "40",
            "meeting.1": "on", "seen": seen(browser.get("/packs/ours/phases/"))}
    return browser.post("/packs/ours/phases/", {**rows, **other})


DUTY = {"code": "D90", "phase": "P4", "name": "Look back once a month", "figure": "activities.held",
        "where": "kind=look_back", "at_least": "2", "days": "10", "moment": "end-w", "who": "some", "units": "school"}


def test_an_unseen_campaign_is_written_and_set_up_without_touching_code(kept: Cast) -> None:
    """Four phases, other words: copied, changed by the plain forms, set up, and its duties counted."""
    browser = signed_in("admin")
    assert BASE in browser.get("/packs/").content.decode()
    copied(browser)
    assert phases(browser).status_code == 302
    words = browser.get("/packs/ours/words/activity_kinds/")
    kinds = dict(campaigns_words("ours", "activity_kinds"), mobilisation="Sounding the gong", look_back="Look-back visit")
    assert browser.post("/packs/ours/words/activity_kinds/", {
        "seen": seen(words), "code": list(kinds), "word": list(kinds.values())}).status_code == 302
    added = browser.post("/packs/ours/duties/", {**DUTY, "seen": seen(browser.get("/packs/ours/duties/"))})
    assert added.status_code == 302, plain(added.content)
    page = browser.get("/packs/ours/", {"starts_on": "2026-06-01"})
    assert [each.phase.name for each in page.context["phases"]] == ["Look", "Listen", "Mend", "Keep"]
    assert "Sounding the gong" in page.content.decode(), "the difference from the original"

    asked = {"pack": "ours", "code": "GONG", "name": "", "host": "B", "starts_on": "2026-06-01", "ends_on": ""}
    shown = browser.get("/set-up/", asked)
    assert shown.status_code == 200 and shown.context["chosen"] == 8
    assert "Look back once a month" in plain(shown.content)
    made = browser.post("/set-up/", {**asked, "unit": ["B", "N", "N1", "N2", "S1"], "head.LDXZ": "B-1", "step": "agree"})
    assert made.status_code == 302 and made.headers["Location"] == "/c/GONG/"
    assert browser.get("/c/GONG/").status_code == 200

    view = campaigns.campaign("GONG")
    assert (view.name, view.template) == ("Our four steps", "ours")
    assert [each.name for each in campaigns.phases(view.programme_id)] == ["Look", "Listen", "Mend", "Keep"]
    assert campaigns.pack_of(view.programme_id).label("activity_kinds", "mobilisation") == "Sounding the gong"
    last = campaigns.phases(view.programme_id)[-1].ends_on
    assert last is not None
    scope = Scope(view.programme_id, units.unit("B").id, last)
    assert figures.value("duties.due", scope, {"duty": ["D90"]}).value == 3, "the three schools that take part"
    for number in (1, 2):
        save_row("activities", view.programme_id, {"code": f"L{number}", "kind": "look_back", "unit": "N1",
                                                   "starts_at": "2026-10-01"}, actor=CONSOLE)
    assert figures.value("duties.met", scope, {"duty": ["D90"]}).value == 1
    assert {each.duty.code for each in duties.own_states(view.programme_id, last, units.unit("N1").id)} >= {"D90"}


def campaigns_words(name: str, section: str) -> dict[str, str]:
    return {code: str(word) for code, word in packs.pack(name).words(section).items()}


def test_setting_up_is_one_step_of_the_ledger_and_asks_nothing_twice(kept: Cast) -> None:
    browser = signed_in("admin")
    form = browser.get("/set-up/")
    assert {each.name: each.value for each in form.context["fields"]} | {"pack": ""} == {
        "pack": "", "name": "", "host": "B", "starts_on": "2026-05-19", "ends_on": "", "code": "2026-1"}
    before = ledger.size()
    browser.post("/set-up/", {"pack": BASE, "code": "G", "host": "N", "starts_on": "2026-06-01", "unit": ["N1"]})
    view = campaigns.campaign("G")
    told = ledger.entries(programme_id=view.programme_id)
    assert {(each.actor, each.verb) for each in told} == {("admin", "workbook.import")}
    assert ledger.size() - before == len(told)


@pytest.mark.parametrize(("other", "field"), [
    ({"pack": ""}, "pack"), ({"code": "P1"}, "code"), ({"code": "a b"}, "code"), ({"host": "X"}, "host"),
    ({"starts_on": "soon"}, "starts_on"), ({"ends_on": "2026-05-01"}, "ends_on"), ({"ends_on": "later"}, "ends_on"),
])
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(kept: Cast, other: dict[str, str], field: str) -> None:
    asked = {"pack": BASE, "code": "G", "name": "Kept", "host": "B", "starts_on": "2026-06-01", "ends_on": ""}
    answer = signed_in("admin").get("/set-up/", {**asked, **other})
    assert answer.status_code == 422
    assert {each.name for each in answer.context["fields"] if each.fault} == {field}
    assert "Kept" in answer.content.decode()


def test_counting_again_counts_those_who_were_chosen(kept: Cast) -> None:
    answer = signed_in("admin").post("/set-up/", {
        "pack": "study-practice-zh", "code": "G", "host": "B", "starts_on": "2026-06-01", "step": "count", "unit": ["N1", "N2"]})
    assert answer.status_code == 200 and answer.context["chosen"] == 2
    lines = {line.duty.code: line.who for each in answer.context["phases"] for line in each.duties}
    assert lines["D03"] == "2 units"
    assert lines["D05"].startswith("2 people"), "the leaders of the two"
    with pytest.raises(Exception, match="campaign"):
        campaigns.campaign("G")


def test_a_kind_that_is_not_ticked_takes_no_part(kept: Cast) -> None:
    asked = {"pack": BASE, "code": "G", "host": "B", "starts_on": "2026-06-01", "by_kind": "1", "kind": ["bureau", "school"],
             "unit": ["B", "N", "N1", "S"]}
    assert signed_in("admin").post("/set-up/", asked).status_code == 302
    view = campaigns.campaign("G")
    assert {code for code, _kind in campaigns.participants(view.programme_id).values()} == {"B", "N1"}


def test_without_anybody_nothing_is_made(kept: Cast) -> None:
    answer = signed_in("admin").post("/set-up/", {"pack": BASE, "code": "G", "host": "B", "starts_on": "2026-06-01", "by_kind": "1"})
    assert answer.status_code == 422 and answer.context["further"]


def test_a_head_who_is_nobody_is_told_and_nothing_is_made(kept: Cast) -> None:
    answer = signed_in("admin").post("/set-up/", {
        "pack": BASE, "code": "G", "host": "B", "starts_on": "2026-06-01", "unit": ["N1"], "head.LDXZ": "nobody"})
    assert answer.status_code == 422 and "nobody" in plain(answer.content)
    assert [each.code for each in units.programmes()] == ["P1"]


PAGES = ["/packs/", f"/packs/{BASE}/", f"/packs/{BASE}/copy/", "/set-up/"]
OWN = ["phases/", "duties/", "duties/D01/", "words/activity_kinds/", "text/", "remove/"]


@pytest.mark.parametrize("name", ["secretary", "leader", "viewer", "supervisor", "stranger", "district", "responsible"])
def test_who_keeps_no_campaign_sees_no_pack(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert browser.post("/set-up/", {"pack": BASE, "starts_on": "2026-06-01"}).status_code == 403
    assert browser.post(f"/packs/{BASE}/copy/", {"name": "x-y", "title": "x"}).status_code == 403


def test_an_office_of_one_campaign_reads_packs_and_begins_none(kept: Cast) -> None:
    copied(signed_in("admin"))
    browser = signed_in("office")
    assert browser.get("/packs/").status_code == browser.get("/packs/ours/").status_code == 200
    assert b"/set-up/" not in browser.get("/packs/ours/").content
    for path in ("/set-up/", f"/packs/{BASE}/copy/", *(f"/packs/ours/{each}" for each in OWN)):
        assert browser.get(path).status_code == browser.post(path, {"title": "x"}).status_code == 403, path
    assert campaigns.own_pack("ours").title == "Our four steps"


def test_nobody_reads_packs_without_signing_in(client: Client, kept: Cast) -> None:
    assert {client.get(path).status_code for path in PAGES} == {302}


def test_an_installed_pack_has_no_forms(kept: Cast) -> None:
    browser = signed_in("admin")
    assert {browser.get(f"/packs/{BASE}/{each}").status_code for each in OWN} == {404}
    assert browser.get("/packs/none/").status_code == browser.get("/packs/none/copy/").status_code == 404


def test_a_fault_of_the_text_stands_next_to_its_line(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    text = campaigns.own_pack("ours").text.replace('due = "start+10d"', 'due = "tomorrow"')
    line = text.splitlines().index('due = "tomorrow"') + 1
    answer = browser.post("/packs/ours/text/", {"title": "T", "text": text, "seen": seen(browser.get("/packs/ours/text/"))})
    assert answer.status_code == 422
    assert [each.number for each in answer.context["lines"] if each.faults] == [line]
    assert "tomorrow" in answer.content.decode(), "what was typed is kept"
    assert "tomorrow" not in campaigns.own_pack("ours").text


def test_a_duty_that_cannot_stand_is_told_beside_its_field(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    for other, field in (({"name": ""}, "name"), ({"days": "soon"}, "days"), ({"where": "kind=dance"}, "where"),
                         ({"code": "D01"}, "code"), ({"at_least": "0"}, "at_least"), ({"phase": ""}, "phase")):
        asked = {**DUTY, "phase": "P3", "where": "kind=visit", **other, "seen": seen(browser.get("/packs/ours/duties/"))}
        answer = browser.post("/packs/ours/duties/", asked)
        assert answer.status_code == 422, other
        assert field in {each.name for each in answer.context["fields"] if each.fault}, other


def test_kinds_may_be_written_in_words(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    asked = {**DUTY, "phase": "P3", "where": "kind=入村进校走访；座谈会&phase=整改落实阶段", "seen": seen(browser.get("/packs/ours/duties/"))}
    assert browser.post("/packs/ours/duties/", asked).status_code == 302
    made = next(each for each in packs.plan(packs.pack("ours")).duties if each.code == "D90")
    assert made.where == "kind=visit;seminar&phase=P3"


def test_a_duty_is_changed_and_taken_out(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    form = browser.get("/packs/ours/duties/D03/")
    sent = {each.name: each.value for each in form.context["fields"]} | {"seen": seen(form), "name": "Meet in the square"}
    assert browser.post("/packs/ours/duties/D03/", sent).status_code == 302
    told = packs.difference("ours")
    assert [(each.key, each.after) for each in told] == [("duties.D03.name", "Meet in the square")], "and nothing else"
    form = browser.get("/packs/ours/duties/D03/")
    assert browser.post("/packs/ours/duties/D03/", {"remove": "1", "seen": seen(form)}).status_code == 302
    assert "D03" not in {each.code for each in packs.plan(packs.pack("ours")).duties}


def test_every_duty_of_an_installed_plan_comes_through_its_form_unchanged(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    for each in packs.plan(packs.pack(BASE)).duties:
        form = browser.get(f"/packs/ours/duties/{each.code}/")
        sent = {item.name: item.value for item in form.context["fields"]} | {"seen": seen(form)}
        assert browser.post(f"/packs/ours/duties/{each.code}/", sent).status_code == 302, each
    assert packs.difference("ours") == []


def test_phases_that_leave_duties_behind_are_refused(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    answer = phases(browser, was=["P1"], code=["P1"], name=["Only"], length=["0"])
    assert answer.status_code == 422
    assert answer.context["rows"][0].faults and answer.context["further"]


def test_a_phases_new_code_is_known_to_its_duties(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    assert phases(browser, code=["LOOK", "P2", "P3", "P4", ""]).status_code == 302
    plan = packs.plan(packs.pack("ours"))
    study = next(each for each in plan.duties if each.code == "D05")
    assert (study.phase, study.where) == ("LOOK", "kind=policy_study&phase=LOOK")
    assert plan.meetings == frozenset({"P2"})


def test_two_who_write_at_once_do_not_lose_a_word(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    old = seen(browser.get("/packs/ours/text/"))
    assert phases(browser).status_code == 302
    answer = browser.post("/packs/ours/text/", {"title": "Mine", "text": "", "seen": old})
    assert answer.status_code == 422
    assert campaigns.own_pack("ours").title == "Our four steps"


def test_a_pack_in_use_stays(kept: Cast) -> None:
    browser = signed_in("admin")
    copied(browser)
    browser.post("/set-up/", {"pack": "ours", "code": "G", "host": "B", "starts_on": "2026-06-01", "unit": ["N1"]})
    assert browser.post("/packs/ours/remove/").status_code == 409
    copied(browser, "theirs")
    assert browser.post("/packs/theirs/remove/").status_code == 302
    assert [each.name for each in campaigns.own_packs()] == ["ours"]


def test_the_plan_of_a_campaign_is_a_page_and_a_calendar(kept: Cast) -> None:
    office = signed_in("office")
    page = office.get("/c/P1/plan/")
    assert page.status_code == 200 and "Hold the kick-off" in plain(page.content)
    text = office.get("/c/P1/plan.ics").content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.count("BEGIN:VEVENT") == 4
    assert "DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260601" in text, "the end of a phase is a day of it"
    assert signed_in("stranger").get("/c/P1/plan/").status_code == 404
    assert signed_in("secretary").get("/c/P1/plan.ics").status_code == 200


def queries(path: str) -> int:
    browser = signed_in("admin")
    browser.get(path)
    with CaptureQueriesContext(connection, ) as told:
        assert browser.get(path).status_code == 200
    return len(told)


@pytest.mark.parametrize("path", [
    f"/set-up/?pack={BASE}&code=G&host=B&starts_on=2026-06-01", f"/packs/{BASE}/", "/packs/", "/c/P1/plan/"])
def test_queries_do_not_grow_with_units(kept: Cast, path: str) -> None:
    before = queries(path)
    above = Unit.objects.get(code="N")
    Unit.objects.bulk_create(Unit(code=f"X{number}", name=f"School {number}", kind="school", parent=above) for number in range(40))
    tree.rebuild()
    assert queries(path) == before


def test_days_are_as_the_clock_says(kept: Cast) -> None:
    page = signed_in("admin").get(f"/packs/{BASE}/")
    assert page.context["starts_on"] == date(2026, 5, 19)
