"""A page that fails shows a number, and the server's log tells under it what happened and nothing of the reader."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client

from tests.cast import Cast
from zhixing.ground.accounts import views as accounts
from zhixing.shell import incidents
from zhixing.shell.desk import views

SECRETS = {"what was sent": "typed-words", "a cookie": "biscuit-words", "an address": "203.0.113.77",
           "a program": "Browser-words/7", "the address's words": "query-words", "a code": "A1"}


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    handler = Kept()
    incidents.logger.addHandler(handler)
    yield handler.told
    incidents.logger.removeHandler(handler)


def browser(name: str = "") -> Client:
    client = Client(raise_request_exception=False, HTTP_USER_AGENT=SECRETS["a program"],
                    REMOTE_ADDR=SECRETS["an address"], HTTP_X_FORWARDED_FOR=SECRETS["an address"])
    if name:
        client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["other"] = SECRETS["a cookie"]
    return client


def fail(*_words: object, **_named: object) -> object:
    try:
        raise KeyError("the first cause")
    except KeyError as error:
        raise IntegrityError("a rule was broken\nDETAIL: the row " + SECRETS["what was sent"]) from error


def test_the_page_shows_the_number_under_which_the_log_tells_what_happened(
    kept: Cast, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhixing.ground.workbook.reads.row", fail)
    answer = browser("office").post("/c/P1/records/activities/A1/?q=query-words", {"title": SECRETS["what was sent"]})
    page = answer.content.decode()
    [told] = log
    assert answer.status_code == 500
    number = re.match(r"incident ([2-9A-Z]{6}) 2026-05-18 \d\d:\d\d:\d\d POST c/<str:code>/records/", told)
    assert number and page.count(number[1]) == 2, "once in each language"
    assert "KeyError: 'the first cause'" in told
    assert "django.db.utils.IntegrityError: a rule was broken" in told
    assert told.index("KeyError") < told.index("IntegrityError")
    assert re.search(r'File ".*records\.py", line \d+, in record_page', told)
    assert "Traceback" not in page and "IntegrityError" not in page and ".py" not in page
    for what, words in SECRETS.items():
        assert words not in told, what
    assert "office" not in told.replace("officer", "")


@pytest.mark.parametrize("name", ["", "office"])
def test_of_pages_without_an_account_the_log_keeps_the_kind_and_the_place_alone(
    kept: Cast, log: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(accounts, "SignInForm", fail)
    monkeypatch.setattr(accounts, "_next", fail)
    answer = browser(name).post("/sign-in/?q=query-words", {"password": SECRETS["what was sent"]})
    assert answer.status_code == 500
    [told] = log
    assert re.fullmatch(r"incident [2-9A-Z]{6} KeyError at \S+test_incidents\.py:\d+ fail", told)


def test_who_is_not_known_because_the_database_fails_counts_as_nobody(
    kept: Cast, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser("office")
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", fail)
    assert client.get("/").status_code == 500
    [told] = log
    assert "\n" not in told and " KeyError at " in told


def test_a_refusal_is_no_incident(kept: Cast, log: list[str]) -> None:
    client = browser("office")
    assert client.get("/c/P1/records/activities/A99/").status_code == 404
    assert client.post("/c/P1/remove/activities/A2/").status_code == 409
    assert log == []


def test_errors_that_never_end_are_told_once(kept: Cast, log: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def circle(*_words: object, **_named: object) -> object:
        error, other = ValueError("one"), ValueError("two")
        error.__cause__, other.__cause__ = other, error
        raise error

    monkeypatch.setattr(views, "visible_campaigns", circle)
    assert browser("office").get("/").status_code == 500
    assert log[0].count("ValueError: ") == 2
