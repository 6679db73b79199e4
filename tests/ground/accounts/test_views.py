"""Signing in and out, first passwords, changed passwords, and too many tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cast import PASSWORD, Cast
from zhixing.ground.accounts import actions, reads
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger

pytestmark = pytest.mark.urls("tests.ground.accounts.urls")
WRONG = "Name and password do not go together"
NEW = "a-new-password-of-mine"


@pytest.fixture(autouse=True)
def in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def sign_in(client: Client, name: str, password: str, **more: str) -> tuple[int, str]:
    """(status, where it leads or the page)"""
    answer = client.post("/sign-in/", {"name": name, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", answer.content.decode())


@pytest.fixture
def code(cast: Cast) -> str:
    (slip,) = actions.invite("P1", "secretary", {"N2": "Head"}, actor=CONSOLE)
    assert slip.user == "N2"
    return slip.code


def test_the_right_password_signs_in_and_leads_to_the_first_page(client: Client, cast: Cast) -> None:
    assert sign_in(client, "office", PASSWORD) == (302, "/")
    assert client.get("/").content == b"home of office"


def test_a_wrong_password_and_an_unknown_name_look_alike(client: Client, cast: Cast) -> None:
    status, page = sign_in(client, "office", "wrong")
    other_status, other = sign_in(client, "nobody", "wrong")
    assert status == other_status == 422 and WRONG in page
    hide = ("csrfmiddlewaretoken", "value=\"office\"", "value=\"nobody\"")
    assert [line for line in page.splitlines() if not any(part in line for part in hide)] == [
        line for line in other.splitlines() if not any(part in line for part in hide)]
    assert "wrong" not in page.replace('class="field wrong"', ""), "a password is not sent back"


def test_an_account_that_was_switched_off_looks_like_a_wrong_password(client: Client, cast: Cast) -> None:
    User.objects.filter(username="office").update(is_active=False)
    status, page = sign_in(client, "office", PASSWORD)
    assert status == 422 and WRONG in page


def test_nothing_typed_says_what_to_type(client: Client, cast: Cast) -> None:
    status, page = sign_in(client, "", "")
    assert status == 422 and "Enter your name" in page and "Enter your password" in page


@pytest.mark.parametrize(("asked", "led_to"), [
    ("/password/", "/password/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/"),
])
def test_one_is_led_to_the_page_one_came_for_on_this_site_alone(client: Client, cast: Cast, asked: str,
                                                               led_to: str) -> None:
    assert sign_in(client, "office", PASSWORD, next=asked) == (302, led_to)


def test_a_page_asks_for_sign_in_first(client: Client, cast: Cast) -> None:
    assert client.get("/password/").headers["Location"].startswith("/sign-in/?next=")


def test_the_name_may_come_with_the_address(client: Client, cast: Cast) -> None:
    assert 'value="N2"' in client.get("/sign-in/?name=N2").content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, cast: Cast) -> None:
    sign_in(client, "office", PASSWORD)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_session_changes_at_sign_in(client: Client, cast: Cast) -> None:
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    sign_in(client, "office", PASSWORD)
    assert client.session.session_key != before


def test_signing_in_takes_a_form_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"name": "a", "password": "b"}).status_code == 403


def test_after_eight_wrong_tries_one_waits_a_quarter_of_an_hour(client: Client, cast: Cast) -> None:
    for _try in range(7):
        assert sign_in(client, "office", "wrong")[0] == 422
    status, page = sign_in(client, "office", "wrong")
    assert status == 429 and "Wait 15 minutes" in page
    status, page = sign_in(client, "office", PASSWORD)
    assert status == 429 and "Wait 15 minutes" in page, "the right password does not help now"
    assert sign_in(client, "leader", PASSWORD)[0] == 302, "others are not held up"


def test_a_sign_in_clears_the_wrong_tries_before_it(client: Client, cast: Cast) -> None:
    for _round in range(2):
        for _try in range(6):
            assert sign_in(client, "office", "wrong")[0] == 422
        assert sign_in(client, "office", PASSWORD)[0] == 302
        client.post("/sign-out/")


def test_wrong_codes_are_throttled_as_wrong_passwords_are(client: Client, cast: Cast, code: str) -> None:
    for _try in range(8):
        status, _page = sign_in(client, "N2", "2222-2222-2222")
    assert status == 429 and sign_in(client, "N2", code)[0] == 429


def test_a_code_leads_to_a_first_password_and_no_further(client: Client, cast: Cast, code: str) -> None:
    assert sign_in(client, "N2", code) == (302, "/sign-in/first/")
    assert client.get("/").status_code == 302, "not signed in before a password is set"
    assert "Choose your password" in client.get("/sign-in/first/").content.decode()
    answer = client.post("/sign-in/first/", {"new": NEW, "again": NEW})
    assert answer.headers["Location"] == "/" and client.get("/").content == b"home of N2"
    entry = next(iter(ledger.entries()))
    assert (entry.verb, entry.subject, entry.actor) == ("accounts.password", "accounts/N2", "N2")
    assert not entry.new and not entry.old


def test_a_code_is_good_once(client: Client, cast: Cast, code: str) -> None:
    sign_in(client, "N2", code)
    client.post("/sign-in/first/", {"new": NEW, "again": NEW})
    client.post("/sign-out/")
    assert sign_in(client, "N2", code)[0] == 422
    assert sign_in(client, "N2", NEW) == (302, "/")


def test_a_code_is_typed_as_people_type(client: Client, cast: Cast, code: str) -> None:
    assert sign_in(client, "N2", f" {code.lower().replace('-', ' ')}") == (302, "/sign-in/first/")


def test_a_code_in_two_browsers_sets_one_password(client: Client, cast: Cast, code: str) -> None:
    other = Client()
    other.cookies["django_language"] = "en"
    sign_in(client, "N2", code)
    sign_in(other, "N2", code)
    client.post("/sign-in/first/", {"new": NEW, "again": NEW})
    answer = other.post("/sign-in/first/", {"new": "another-of-my-own", "again": "another-of-my-own"})
    assert answer.status_code == 422 and "used already" in answer.content.decode()
    assert sign_in(Client(), "N2", NEW)[0] == 302


def test_a_code_that_was_replaced_or_is_out_of_date_does_not_sign_in(client: Client, cast: Cast,
                                                                     code: str) -> None:
    (slip,) = actions.invite("P1", "secretary", {"N2": "Head"}, actor=CONSOLE, renew=True)
    assert sign_in(client, "N2", code)[0] == 422
    with kernel_clock.fixed(kernel_clock.today() + timedelta(days=91)):
        assert sign_in(client, "N2", slip.code)[0] == 422
    assert sign_in(client, "N2", slip.code)[0] == 302


def test_no_first_password_without_a_code(client: Client, cast: Cast) -> None:
    assert client.get("/sign-in/first/").headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/first/", {"new": NEW, "again": NEW}).headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(("new", "again", "why"), [
    ("12345678", "12345678", "entirely numeric"), ("short", "short", "at least 8"), (NEW, "other", "differ"),
])
def test_a_poor_first_password_is_refused_with_the_reason(client: Client, cast: Cast, code: str, new: str,
                                                         again: str, why: str) -> None:
    sign_in(client, "N2", code)
    answer = client.post("/sign-in/first/", {"new": new, "again": again})
    assert answer.status_code == 422 and why in answer.content.decode()
    assert reads.open_invitation("N2") is not None, "the code is still good"


def test_a_changed_password_signs_out_the_other_browsers(client: Client, cast: Cast) -> None:
    other = Client()
    sign_in(client, "office", PASSWORD)
    sign_in(other, "office", PASSWORD)
    answer = client.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200 and other.get("/").status_code == 302
    assert sign_in(Client(), "office", PASSWORD)[0] == 422 and sign_in(Client(), "office", NEW)[0] == 302
    assert NEW not in str(list(ledger.entries()))


def test_changing_needs_the_old_password(client: Client, cast: Cast) -> None:
    sign_in(client, "office", PASSWORD)
    answer = client.post("/password/", {"old": "wrong", "new": NEW, "again": NEW})
    assert answer.status_code == 422 and "not your password" in answer.content.decode()
