"""Two people have the same form open: the second learns what the first saved before anything is overwritten."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.workbook import reads

from .pages import signed_in

A1 = "/c/P1/records/activities/A1/"
TYPED = {"kind": "mobilisation", "unit": "B", "phase": "PH1", "starts_at": "2026-03-05", "starts_at.time": "09:00",
         "title": "Kick-off at the bureau", "headcount": "80"}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def opened(client: Client) -> str:
    return seen(client.get(A1).content.decode())


def row(cast: Cast) -> Any:
    return reads.row("activities", cast.programme_id, "A1", CONSOLE)


def test_a_change_that_was_saved_meanwhile_is_told_and_kept(kept: Cast) -> None:
    office, admin = signed_in("office"), signed_in("admin")
    before = opened(office)
    admin.post(A1, {**TYPED, "headcount": "95", "seen": opened(admin)})
    answer = office.post(A1, {**TYPED, "title": "Start", "seen": before})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert (row(kept)["title"], row(kept)["headcount"]) == ("Kick-off at the bureau", "95")
    assert "changed meanwhile from “80” to “95” by admin" in page and "Press Save again" in page
    assert 'value="Start"' in page and 'value="95"' in page, "as typed, and what was not touched as it is now"
    again = office.post(A1, {**TYPED, "title": "Start", "headcount": "95", "seen": seen(answer.content.decode())})
    assert again.status_code == 302
    assert (row(kept)["title"], row(kept)["headcount"]) == ("Start", "95")


def test_the_same_field_stays_as_typed_and_a_second_press_saves_it(kept: Cast) -> None:
    office, admin = signed_in("office"), signed_in("admin")
    before = opened(office)
    admin.post(A1, {**TYPED, "title": "Theirs", "seen": opened(admin)})
    answer = office.post(A1, {**TYPED, "title": "Mine", "seen": before})
    assert answer.status_code == 409 and 'value="Mine"' in answer.content.decode()
    assert "“Theirs”" in html.unescape(answer.content.decode()) and row(kept)["title"] == "Theirs"
    assert office.post(A1, {**TYPED, "title": "Mine", "seen": seen(answer.content.decode())}).status_code == 302
    assert row(kept)["title"] == "Mine"


def test_a_third_change_between_the_two_presses_is_told_too(kept: Cast) -> None:
    office, admin = signed_in("office"), signed_in("admin")
    before = opened(office)
    admin.post(A1, {**TYPED, "title": "Theirs"})
    first = office.post(A1, {**TYPED, "title": "Mine", "seen": before})
    admin.post(A1, {**TYPED, "title": "Theirs again"})
    assert office.post(A1, {**TYPED, "title": "Mine", "seen": seen(first.content.decode())}).status_code == 409


def test_a_fault_keeps_what_was_seen(kept: Cast) -> None:
    office, admin = signed_in("office"), signed_in("admin")
    before = opened(office)
    admin.post(A1, {**TYPED, "headcount": "95"})
    faulty = office.post(A1, {**TYPED, "starts_at": "31 May", "seen": before})
    assert faulty.status_code == 422
    assert office.post(A1, {**TYPED, "seen": seen(faulty.content.decode())}).status_code == 409


@pytest.mark.parametrize("sent", ["", "{", "[]"])
def test_a_form_that_brings_nothing_along_saves_as_before(kept: Cast, sent: str) -> None:
    assert signed_in("office").post(A1, {**TYPED, "title": "Start", "seen": sent}).status_code == 302
    assert row(kept)["title"] == "Start"


def test_two_in_turn_are_never_held_up(kept: Cast) -> None:
    for name, title in (("office", "One"), ("admin", "Two"), ("office", "Three")):
        client = signed_in(name)
        assert client.post(A1, {**TYPED, "title": title, "seen": opened(client)}).status_code == 302
