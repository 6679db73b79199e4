"""Signing in by a code that changes: without an account, without script, and with nothing kept but a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from unittest import mock

import pytest
from django.test import Client

from tests.cast import Cast
from zhixing.flow.activities import rules
from zhixing.flow.activities.actions import signing
from zhixing.flow.activities.models import Activity, ActivityText, Attendance, SignIn
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.ledger.models import Entry
from zhixing.ground.units.models import Person

from .pages import signed_in


@pytest.fixture
def second() -> Iterator[mock.Mock]:
    """The moment by which codes are made and judged."""
    with mock.patch.object(signing, "_second", return_value=1_780_000_000) as now:
        yield now


@pytest.fixture
def session(kept: Cast, second: mock.Mock) -> Activity:
    """A3 is held today; its unit has three people."""
    signing.throttle.seen.clear()
    row = Activity.objects.get(code="A3")
    row.starts_on = kernel_clock.today()
    row.save()
    return row


def address_on_screen(code: str = "A3") -> str:
    page = signed_in("secretary").get(f"/c/P1/sessions/{code}/screen/")
    return str(page.context["address"]).removeprefix("http://127.0.0.1:8000")


def ticket_behind(path: str) -> str:
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get(path)
    assert page.status_code == 200
    return str(page.context["ticket"])


def give(session: Activity, ticket: str, name: str, **further: str) -> object:
    return Client(HTTP_ACCEPT_LANGUAGE="en").post(f"/sign/{session.id}/", {"ticket": ticket, "name": name, **further})


def test_a_name_is_given_without_an_account_and_without_script(session: Activity) -> None:
    path = address_on_screen()
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get(path)
    assert page.status_code == 200
    assert b"First study" in page.content and b"<script" not in page.content
    answer = give(session, page.context["ticket"], "person n1-2")
    assert b"you are signed in" in answer.content
    assert list(SignIn.objects.values_list("name", "person__code")) == [("Person N1-2", "N1-2")]


def test_nothing_is_kept_but_name_and_presence(session: Activity) -> None:
    size = Entry.objects.count()
    give(session, ticket_behind(address_on_screen()), "Person N1-2")
    assert {field.name for field in SignIn._meta.get_fields()} == {"id", "activity", "name", "name_key", "person"}
    assert Entry.objects.count() == size, "an entry would tell the time"
    ids = [signing.SignIn(activity=session).id for _each in range(20)]
    assert ids != sorted(ids), "a key does not tell who came first"


def test_signing_twice_makes_one(session: Activity) -> None:
    ticket = ticket_behind(address_on_screen())
    give(session, ticket, "Person N1-2")
    assert b"signed in already" in give(session, ticket, " PERSON  N1-2 ").content
    assert SignIn.objects.count() == 1


def test_a_code_that_has_passed_is_refused_kindly(session: Activity, second: mock.Mock) -> None:
    path = address_on_screen()
    second.return_value += rules.SLOT
    assert Client().get(path).status_code == 200, "a phone takes a moment"
    second.return_value += rules.SLOT
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get(path)
    assert answer.status_code == 410
    assert b"This code has passed" in answer.content and b"<form" not in answer.content


def test_a_code_of_another_session_is_refused_kindly(session: Activity) -> None:
    other = Activity.objects.get(code="A2")
    token = address_on_screen().split("/")[3]
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get(f"/sign/{other.id}/{token}/")
    assert answer.status_code == 410
    assert b"not of this session" in answer.content
    foreign = give(other, ticket_behind(address_on_screen()), "Person N1-2")
    assert foreign.status_code == 409 and not SignIn.objects.exists()


def test_a_ticket_runs_out(session: Activity, second: mock.Mock) -> None:
    ticket = ticket_behind(address_on_screen())
    second.return_value += rules.TICKET + 1
    assert give(session, ticket, "Person N1-2").status_code == 409
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("ticket", ["", "1780000000-", "1780000000-0", "x", "1780000000-é", "9" * 80])
def test_a_made_up_ticket_is_refused(session: Activity, ticket: str) -> None:
    assert give(session, ticket, "Person N1-2").status_code == 409
    assert not SignIn.objects.exists()


def test_two_who_share_a_name_choose(session: Activity) -> None:
    Person.objects.filter(code__in=["N1-2", "N1-3"]).update(name="Li Hua")
    ticket = ticket_behind(address_on_screen())
    answer = give(session, ticket, "lihua")
    assert [each.code for each in answer.context["answer"].choices] == ["N1-2", "N1-3"]
    assert not SignIn.objects.exists()
    give(session, ticket, "lihua", person="N1-3")
    assert list(SignIn.objects.values_list("person__code", flat=True)) == ["N1-3"]


def test_who_is_not_on_the_list_signs_as_a_guest(session: Activity) -> None:
    ticket = ticket_behind(address_on_screen())
    answer = give(session, ticket, "Guest One")
    assert answer.context["answer"].kind == "guest" and not SignIn.objects.exists()
    give(session, ticket, "Guest One", guest="1")
    assert list(SignIn.objects.values_list("name", "person")) == [("Guest One", None)]


def test_names_are_taken_on_the_day_alone(session: Activity) -> None:
    path = address_on_screen()
    ticket = ticket_behind(path)
    with kernel_clock.fixed(datetime(2026, 5, 19, 9)):
        assert Client().get(path).status_code == 410
        assert give(session, ticket, "Person N1-2").status_code == 409


def test_too_many_at_once_are_asked_to_wait(session: Activity) -> None:
    ticket = ticket_behind(address_on_screen())
    with mock.patch.object(signing.throttle, "most", 2):
        answers = [give(session, ticket, f"Guest {number}", guest="1") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert b"Wait half a minute" in answers[2].content
    assert b'value="Guest 2"' in answers[2].content, "what was typed is kept, to be sent again"


def test_the_names_become_the_attendance(session: Activity) -> None:
    ticket = ticket_behind(address_on_screen())
    give(session, ticket, "Person N1-1")
    give(session, ticket, "Guest One", guest="1")
    browser = signed_in("secretary")
    page = browser.get("/c/P1/sessions/A3/signed/")
    assert [each.code for each in page.context["missing"]] == ["N1-2", "N1-3"]
    assert browser.post("/c/P1/sessions/A3/signed/", {"others": "absent"}).status_code == 302
    marks = Attendance.objects.filter(activity=session).order_by("person__code")
    assert list(marks.values_list("person__code", "status")) == [("N1-2", "absent"), ("N1-3", "absent")]
    assert ActivityText.objects.get(activity=session, part="guests").text == "Guest One"
    give(session, ticket, "Person N1-2")
    browser.post("/c/P1/sessions/A3/signed/", {"others": "absent"})
    assert list(marks.values_list("person__code", flat=True)) == ["N1-3"]
    assert ActivityText.objects.get(activity=session, part="guests").text == "Guest One"


def test_without_a_list_the_names_are_the_head_count(session: Activity) -> None:
    Activity.objects.filter(pk=session.pk).update(roster="")
    ticket = ticket_behind(address_on_screen())
    for name in ("One", "Two"):
        give(session, ticket, name)
    signed_in("secretary").post("/c/P1/sessions/A3/signed/", {})
    assert Activity.objects.get(pk=session.pk).headcount == 2


def test_the_screen_names_the_session_and_changes(session: Activity, second: mock.Mock) -> None:
    page = signed_in("secretary").get("/c/P1/sessions/A3/screen/")
    assert b"First study" in page.content and b"<svg" in page.content
    assert re.search(rb"delay:\d+s", page.content)
    before = address_on_screen()
    second.return_value += rules.SLOT
    assert address_on_screen() != before


def test_a_session_that_is_not_there_has_no_sign_in(kept: Cast, second: mock.Mock) -> None:
    assert Client().get("/sign/99999/abc/").status_code == 404
    assert Client().post("/sign/99999/", {"ticket": "x", "name": "y"}).status_code == 404
    assert Client().get("/sign/99999/").status_code == 405
