"""Papers that units hand in: handed in, sent back with a reason, handed in again, accepted."""

from __future__ import annotations

import datetime
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.flow.filings import reads
from zhixing.flow.filings.models import Filing, Step
from zhixing.ground.figures.reads import value
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.kernel.types import Scope
from zhixing.ground.ledger import reads as ledger

from .pages import bring_in, signed_in

CODE = "260518-abcdef"
PAPER = f"/c/P1/handed-in/{CODE}/"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def pdf(text: bytes = b"one", name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + text)


def hand_in(browser: Client, text: bytes = b"one", *, code: str = CODE, unit: str = "N1", **cells: str) -> int:
    typed = {"code": code, "kind": "plan", "title": "Our plan", "phase": "PH1", "file": pdf(text), **cells}
    return browser.post(f"/c/P1/hand-in/?unit={unit}", typed).status_code


def counted(cast: Cast, figure: str) -> int:
    return int(value(figure, Scope(cast.programme_id, cast.ids["B"], date(2026, 5, 18))).value or 0)


def test_a_paper_goes_back_once_and_is_accepted_the_second_time(kept: Cast) -> None:
    secretary, office = signed_in("secretary"), signed_in("office")
    assert hand_in(secretary) == 302
    assert [each.code for each in reads.waiting(kept.programme_id, kept.path("B"))] == [CODE]
    assert (counted(kept, "filings.filed"), counted(kept, "filings.accepted")) == (1, 0)
    assert office.post(PAPER, {"do": "back", "reason": "Say who does it"}).status_code == 302
    [back] = reads.returned(kept.programme_id, kept.ids["N1"])
    assert (back.state, back.reason, back.decided_on) == ("returned", "Say who does it", date(2026, 5, 18))
    assert "Say who does it" in secretary.get(PAPER).content.decode()
    assert reads.waiting(kept.programme_id, kept.path("B")) == []
    assert secretary.post(PAPER, {"do": "again", "file": pdf(b"two")}).status_code == 302
    assert reads.returned(kept.programme_id, kept.ids["N1"]) == []
    assert office.post(PAPER, {"do": "accept"}).status_code == 302
    assert counted(kept, "filings.accepted") == 1
    for version, text in ((1, b"one"), (2, b"two")):
        answer = secretary.get(f"{PAPER}versions/{version}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7\n" + text
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert secretary.get(f"{PAPER}versions/3/").status_code == 404
    told = ledger.of_subject(f"filings/{CODE}", kept.programme_id)
    assert [each.verb for each in told] == ["filings.accept", "filings.hand_in", "filings.send_back", "workbook.add"]


def test_the_day_on_which_it_was_first_handed_in_stays(kept: Cast) -> None:
    hand_in(signed_in("secretary"))
    signed_in("office").post(PAPER, {"do": "back", "reason": "x"})
    with kernel_clock.fixed(datetime.datetime(2026, 6, 2, 9)):
        signed_in("secretary").post(PAPER, {"do": "again", "file": pdf(b"two")})
    paper = Filing.objects.get(code=CODE)
    assert (paper.filed_on, paper.accepted_on) == (date(2026, 5, 18), None)


def test_a_second_press_makes_no_second_paper(kept: Cast) -> None:
    secretary = signed_in("secretary")
    assert hand_in(secretary) == hand_in(secretary) == 302
    assert (Filing.objects.count(), Step.objects.count()) == (1, 1)


def test_what_was_accepted_is_not_replaced_but_can_be_sent_back(kept: Cast) -> None:
    secretary, office = signed_in("secretary"), signed_in("office")
    hand_in(secretary)
    office.post(PAPER, {"do": "accept"})
    assert office.post(PAPER, {"do": "accept"}).status_code == 409
    assert secretary.post(PAPER, {"do": "again", "file": pdf(b"two")}).status_code == 409
    assert office.post(PAPER, {"do": "back", "reason": "Accepted by mistake"}).status_code == 302
    assert counted(kept, "filings.accepted") == 0
    assert office.post(PAPER, {"do": "back", "reason": "again"}).status_code == 409


@pytest.mark.parametrize(("typed", "field", "said"), [
    ({"kind": ""}, "kind", "Say what kind of paper it is."),
    ({"title": "x" * 201}, "title", "too long"),
    ({"phase": "PH9"}, "phase", "not known"),
    ({"file": ""}, "file", "Choose the file"),
    ({"file": SimpleUploadedFile("plan.exe", b"MZ\x00\x00")}, "file", "of no kind"),
])
def test_what_is_wrong_stands_beside_its_question(kept: Cast, typed: dict[str, str], field: str, said: str) -> None:
    answer = signed_in("secretary").post("/c/P1/hand-in/?unit=N1", {
        "code": CODE, "kind": "plan", "title": "Our plan", "phase": "PH1", "file": pdf(), **typed})
    assert answer.status_code == 422
    wrong = {each.name: each.fault for each in answer.context["fields"] if each.fault}
    assert list(wrong) == [field] and said in wrong[field]
    assert not Filing.objects.exists()


def test_without_a_reason_nothing_goes_back(kept: Cast) -> None:
    hand_in(signed_in("secretary"))
    answer = signed_in("office").post(PAPER, {"do": "back", "reason": "  "})
    assert answer.status_code == 422 and "Say what has to be different" in answer.content.decode()


@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "responsible"])
def test_those_who_look_read_and_neither_hand_in_nor_decide(kept: Cast, name: str) -> None:
    hand_in(signed_in("secretary"))
    browser = signed_in(name)
    assert browser.get(PAPER).status_code == browser.get(f"{PAPER}versions/1/").status_code == 200
    assert browser.get("/c/P1/hand-in/").status_code == 403
    assert hand_in(browser, code="260518-other1") == 403
    for wish in ("accept", "back", "again"):
        assert browser.post(PAPER, {"do": wish, "reason": "x", "file": pdf(b"x")}).status_code == 403, wish


@pytest.mark.parametrize("name", ["secretary", "district"])
def test_those_who_hand_in_do_not_decide(kept: Cast, name: str) -> None:
    browser = signed_in(name)
    assert hand_in(browser) == 302
    assert browser.post(PAPER, {"do": "accept"}).status_code == 403
    assert browser.post(PAPER, {"do": "back", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["other", "stranger"])
def test_another_branch_learns_nothing_of_a_paper(kept: Cast, name: str) -> None:
    hand_in(signed_in("secretary"))
    browser = signed_in(name)
    for path in (PAPER, f"{PAPER}versions/1/", "/c/P1/handed-in/?unit=N1", "/c/P1/hand-in/?unit=N1"):
        assert browser.get(path).status_code == 404, path
    assert browser.post(PAPER, {"do": "again", "file": pdf(b"x")}).status_code == 404
    assert hand_in(browser, code="260518-other1") == 404


def test_a_code_of_another_unit_s_paper_is_not_overwritten(kept: Cast) -> None:
    hand_in(signed_in("other"), unit="S1")
    assert hand_in(signed_in("secretary"), b"mine") == 404
    assert Step.objects.count() == 1


def test_papers_that_came_by_a_workbook_stand_as_their_days_say(kept: Cast, tmp_path: Path) -> None:
    bring_in(tmp_path / "more", filings="""
        code,kind,title,unit,filed_on,accepted_on
        W1,plan,Waits,N1,2026-04-01,
        W2,plan,Accepted,N1,2026-04-01,2026-04-03
        W3,plan,Not yet,N1,,
        W4,plan,The bureau's,,2026-04-02,""")
    page = signed_in("office").get("/c/P1/handed-in/")
    assert {line.paper.code: line.paper.state for line in page.context["lines"]} == {
        "W1": "waiting", "W2": "accepted", "W3": "planned", "W4": "waiting"}
    assert {line.paper.code for line in signed_in("secretary").get("/c/P1/handed-in/").context["lines"]} == {"W1", "W2", "W3"}
    assert signed_in("office").post("/c/P1/handed-in/W1/", {"do": "back", "reason": "Which year?"}).status_code == 302
    assert [each.code for each in reads.returned(kept.programme_id, kept.ids["N1"])] == ["W1"]
    assert [each.code for each in reads.waiting(kept.programme_id, kept.path("B"))] == ["W4"]


def test_a_duty_s_link_to_add_a_paper_opens_the_form_with_its_file(kept: Cast) -> None:
    answer = signed_in("secretary").get("/c/P1/add/filings/?kind=plan&phase=PH1&unit=N1", follow=True)
    fields = {each.name: each.value for each in answer.context["fields"]}
    assert (fields["kind"], fields["phase"], answer.context["at"].unit.code) == ("plan", "PH1", "N1")


def test_the_list_costs_the_same_with_one_paper_and_with_twenty(kept: Cast) -> None:
    office = signed_in("office")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/c/P1/handed-in/").status_code == 200
        return len(asked)

    hand_in(office)
    before = queries()
    for number in range(8):
        hand_in(office, str(number).encode(), code=f"260518-more{number}", unit=("N1", "N2", "S1", "S2")[number % 4])
    assert queries() == before
