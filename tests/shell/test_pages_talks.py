"""Talks: the pair and the kind are records; what was said opens for those who know the phrase and nobody else."""

from __future__ import annotations

import logging
from pathlib import Path
from unittest import mock

import pytest

from tests.cast import Cast
from zhixing.flow.activities.actions import talking
from zhixing.flow.activities.models import Activity, TalkNote
from zhixing.ground.ledger.models import Entry
from zhixing.ground.units.models import Person
from zhixing.ground.workbook.reads import export_workbook

from .pages import signed_in

PHRASE = "a willow by the old well"
SECRET = "He would rather teach than sit in meetings."


@pytest.fixture(autouse=True)
def cheap() -> object:
    """Phrases are stretched as little as the library allows, so that tests are quick."""
    talking.attempts.seen.clear()
    with mock.patch.object(talking, "OPS", 1), mock.patch.object(talking, "MEMORY", 8192):
        yield


@pytest.fixture
def people(kept: Cast) -> Cast:
    """School 1 has two leaders, two section heads and their staff."""
    unit = kept.ids["N1"]
    for code, category in (("L2", "leader"), ("H1", "section_head"), ("H2", "section_head"), ("T1", "staff")):
        Person.objects.create(code=code, name=f"Name {code}", unit_id=unit, categories=f";{category};")
    return kept


def talked(code: str = "260518-talk", **changed: str) -> int:
    form = {"code": code, "pair_kind": "leader_division", "host": "N1-1", "counterpart": "H1",
            "starts_at": "2026-05-10", **changed}
    return signed_in("secretary").post("/c/P1/talks/", form).status_code


def test_a_talk_is_the_pair_the_kind_and_the_day(people: Cast) -> None:
    assert talked() == 302 and talked() == 302
    row = Activity.objects.get(kind="talk")
    assert (row.host, row.counterpart.code, row.pair_kind, row.unit.code) == ("N1-1", "H1", "leader_division", "N1")
    page = signed_in("secretary").get("/c/P1/figures/activities.held/?kind=talk")
    assert page.context["value"].value == 1


def test_the_matrix_shows_who_is_missing(people: Cast) -> None:
    talked()
    page = signed_in("secretary").get("/c/P1/talks/?kind=leader_division")
    matrix = page.context["matrix"]
    assert (matrix.done, matrix.owed) == (1, 4)
    assert [[box.state for box in line.boxes] for line in page.context["lines"]] == [
        ["missing", "missing"], ["done", "missing"]]
    among = signed_in("secretary").get("/c/P1/talks/?kind=leader_leader").context["matrix"]
    assert (among.done, among.owed) == (0, 1)


def test_a_wide_matrix_names_the_missing_in_lines(people: Cast) -> None:
    unit = people.ids["N1"]
    Person.objects.bulk_create(Person(code=f"HH{number}", name=f"Head {number}", unit_id=unit,
                                      categories=";section_head;") for number in range(20))
    page = signed_in("secretary").get("/c/P1/talks/?kind=leader_division")
    assert page.context["wide"] and b"Still to talk with" in page.content


@pytest.mark.parametrize("changed", [
    {"host": "H1"}, {"counterpart": "N1-1"}, {"counterpart": ""}, {"starts_at": "2026-05-19"}, {"starts_at": "x"},
    {"pair_kind": "nobody"},
])
def test_a_talk_that_cannot_be_is_refused(people: Cast, changed: dict[str, str]) -> None:
    assert talked(**changed) == 422
    assert not Activity.objects.filter(kind="talk").exists()


@pytest.mark.parametrize("name", ["leader", "viewer", "supervisor", "responsible"])
def test_who_only_looks_enters_no_talk(people: Cast, name: str) -> None:
    browser = signed_in(name)
    assert b"Enter a talk" not in browser.get("/c/P1/talks/").content
    form = {"code": "260518-talk", "pair_kind": "leader_division", "host": "N1-1", "counterpart": "H1",
            "starts_at": "2026-05-10"}
    assert browser.post("/c/P1/talks/", form).status_code == 403
    assert browser.post("/c/P1/talks/?unit=N1", form).status_code == 403


def test_another_branch_does_not_hear_of_a_talk(people: Cast) -> None:
    talked()
    assert signed_in("other").get("/c/P1/talks/260518-talk/").status_code == 404
    assert signed_in("stranger").get("/c/P1/talks/260518-talk/").status_code == 404
    assert signed_in("other").get("/c/P1/talks/?unit=N1").status_code == 404


def seal(name: str = "secretary", phrase: str = PHRASE, text: str = SECRET, **further: str) -> int:
    form = {"phrase": phrase, "text": text, **further}
    return signed_in(name).post("/c/P1/talks/260518-talk/", form).status_code


def test_a_note_opens_with_its_phrase_alone(people: Cast) -> None:
    talked()
    assert seal() == 302
    browser = signed_in("secretary")
    opened = browser.post("/c/P1/talks/260518-talk/", {"phrase": f"  {PHRASE} ", "open": "1"})
    assert SECRET in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    wrong = browser.post("/c/P1/talks/260518-talk/", {"phrase": "another phrase here", "open": "1"})
    assert wrong.status_code == 422 and SECRET not in wrong.content.decode()


def test_a_note_is_written_over_with_its_phrase_alone(people: Cast) -> None:
    talked()
    seal()
    before = bytes(TalkNote.objects.get().sealed)
    assert seal(phrase="another phrase here", text="Nothing") == 422
    assert bytes(TalkNote.objects.get().sealed) == before
    assert seal(text="Something else") == 302


def test_guessing_is_slowed(people: Cast) -> None:
    talked()
    seal()
    browser = signed_in("secretary")
    answers = [browser.post("/c/P1/talks/260518-talk/", {"phrase": f"a guess number {number}", "open": "1"})
               for number in range(11)]
    assert b"tried too often" in answers[-1].content


@pytest.mark.parametrize(("phrase", "text"), [("short", SECRET), (PHRASE, ""), (PHRASE, "x" * 5001)])
def test_a_short_phrase_and_an_impossible_note_are_refused(people: Cast, phrase: str, text: str) -> None:
    talked()
    assert seal(phrase=phrase, text=text) == 422
    assert not TalkNote.objects.exists()


def test_what_was_said_is_nowhere_but_under_the_phrase(
    people: Cast, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talked()
    with caplog.at_level(logging.DEBUG):
        seal()
        signed_in("secretary").post("/c/P1/talks/260518-talk/", {"phrase": PHRASE, "open": "1"})
    stored = bytes(TalkNote.objects.get().sealed)
    assert SECRET.encode() not in stored and PHRASE.encode() not in stored
    export_workbook("P1", tmp_path / "out")
    exported = b"".join(file.read_bytes() for file in (tmp_path / "out").iterdir())
    assert stored not in exported
    entries = "".join(f"{entry.subject}{entry.old}{entry.new}" for entry in Entry.objects.all())
    for text in (SECRET, PHRASE, SECRET[:12], PHRASE[:12]):
        assert text.encode() not in exported
        assert text not in entries
        assert text not in caplog.text
    pages = ["/c/P1/talks/260518-talk/", "/c/P1/talks/", "/c/P1/records/activities/260518-talk/", "/c/P1/records/",
             "/c/P1/records/activities/?format=csv", "/c/P1/calendar/", "/c/P1/workbook/"]
    for name in ("admin", "office", "secretary"):
        for path in pages:
            assert SECRET not in signed_in(name).get(path).content.decode()
    assert signed_in("admin").get("/c/P1/records/talk_notes/").status_code == 404


def test_a_page_that_fails_tells_neither_note_nor_phrase(people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    talked()
    browser = signed_in("secretary")
    browser.raise_request_exception = False
    told = logging.getLogger("zhixing.incidents")
    told.addHandler(caplog.handler)
    with caplog.at_level(logging.DEBUG), mock.patch.object(talking, "_key", side_effect=RuntimeError("out of order")):
        answer = browser.post("/c/P1/talks/260518-talk/", {"phrase": PHRASE, "text": SECRET})
    told.removeHandler(caplog.handler)
    assert answer.status_code == 500 and "RuntimeError" in caplog.text
    assert SECRET not in caplog.text and PHRASE not in caplog.text
    assert SECRET not in answer.content.decode()


def test_a_note_nobody_can_open_is_taken_out_unread(people: Cast) -> None:
    talked()
    seal()
    assert signed_in("viewer").post("/c/P1/talks/260518-talk/", {"remove": "1"}).status_code == 403
    assert TalkNote.objects.exists()
    assert signed_in("office").post("/c/P1/talks/260518-talk/", {"remove": "1"}).status_code == 302
    assert not TalkNote.objects.exists()
    assert Entry.objects.filter(verb="talks.remove").count() == 1
