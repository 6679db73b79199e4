"""Packs that people write: a text over an installed pack, its faults by line, and the ledger."""

from __future__ import annotations

import tomllib

import pytest

from tests.cast import Cast
from zhixing.flow.campaigns import actions, packs, reads
from zhixing.flow.campaigns.packs import own, tomls
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import choice_label, choice_labels
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger

BASE = "school-self-review-en"
TEXT = """
[activity_kinds]
visit = "Look round"
open_day = "Open day"

[[plan.phases]]
code = "A"
name = "Ask"
length = 1

[[plan.duties]]
code = "D1"
phase = "A"
name = "Hold an open day"
figure = "activities.held"
where = "kind=open_day"
due = "start+5d"
"""


def save(text: str, name: str = "ours", title: str = "Ours", **other: str) -> None:
    actions.save_pack(name, title, BASE, text, actor=CONSOLE, **other)


@pytest.mark.django_db
def test_an_own_pack_is_its_base_with_other_words_and_its_own_plan() -> None:
    save(TEXT)
    found = packs.pack("ours")
    assert (found.title, found.language, found.base) == ("Ours", "en", BASE)
    assert found.label("activity_kinds", "visit") == "Look round"
    assert found.label("activity_kinds", "group_study") == "Group study", "the base's word"
    assert "open_day" in packs.activity_kinds()
    plan = packs.plan(found)
    assert [each.code for each in plan.phases] == ["A"] and [each.code for each in plan.duties] == ["D1"]
    assert packs.plan(packs.pack(BASE)).phases[0].code == "P1", "the base stays as it was"
    assert "ours" in packs.pack_names()


@pytest.mark.django_db
def test_new_words_are_known_where_records_are_shown_and_read() -> None:
    save(TEXT)
    assert "ours" in packs.pack_names()
    assert choice_label("en", "activities", "kind", "open_day") == "Open day"
    assert choice_label("en", "activities", "kind", "visit") == "Field visit", "other campaigns keep their word"
    assert "Look round" not in choice_labels("activities", "kind")["visit"]["en"]


@pytest.mark.django_db
def test_every_fault_is_told_with_its_line() -> None:
    with pytest.raises(packs.Unsound) as told:
        save(TEXT.replace('"kind=open_day"', '"kind=party"').replace("start+5d", "some day").replace("length = 1", "length = 0")
             + '\n[gates.B]\nsuperior_meeting = true\n[plan.gates.B]\nsuperior_meeting = true\n[person_categories]\nx = "Teacher"\n')
    lines = {(each.key, each.line) for each in told.value.faults}
    text = TEXT.strip().splitlines()
    assert {("plan.duties[0].where", text.index('where = "kind=open_day"') + 1),
            ("plan.duties[0].due", text.index('due = "start+5d"') + 1),
            ("plan.phases[0].length", text.index("length = 1") + 1)} <= lines
    assert {key for key, _line in lines} >= {"plan.gates.B", "person_categories.x"}
    assert not reads.own_packs()


@pytest.mark.django_db
def test_a_text_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(packs.Unsound) as told:
        save('[activity_kinds]\nvisit = "a"\nvisit = \n')
    assert [each.line for each in told.value.faults] == [3]


@pytest.mark.parametrize(("text", "key"), [
    ('[[plan.phases]]\ncode = "X"\nname = "x"\nlength = 1', "plan.phases"),  # the base's duties lose their phases
    ("[plan]\nweeks = 0", "plan.weeks"),
    ("[plan]\ncolour = 1", "plan.colour"),
    ("[plan.asks.dance]\nminutes = 3", "plan.asks.dance"),
    ('[plan.asks.visit]\nneeds = ["song"]', "plan.asks.visit.needs"),
    ('title = "x"', "title"),
    ('language = "zh"', "language"),
    ('[outlines.plan.mine]\ntitle = "x"\nparts = []', "outlines.plan.mine.parts"),
])
def test_what_cannot_stand_is_named(text: str, key: str) -> None:
    assert key in {each.key for each in own.faults(packs.packs()[BASE].sections, text)}


def duty(**other: object) -> set[str]:
    row = {"code": "D1", "phase": "P1", "name": "x", "figure": "activities.held", "due": "end", **other}
    text = tomls.written({"plan": {"duties": [row]}})
    return {each.key.removeprefix("plan.duties[0].") for each in own.faults(packs.packs()[BASE].sections, text)}


@pytest.mark.parametrize(("other", "key"), [
    ({"phase": "P9"}, "phase"), ({"figure": "parties.held"}, "figure"), ({"where": "colour=red"}, "where"),
    ({"where": "kind"}, "where"), ({"due": "end-10"}, "due"), ({"due": "monday"}, "due"), ({"at_least": 0}, "at_least"),
    ({"applies_to": ["people:dragon"]}, "applies_to"), ({"applies_to": ["people:leader", "school"]}, "applies_to"),
    ({"code": "a b"}, "code"), ({"name": " "}, "name"), ({"when": "x"}, "when"), ({"where": "phase=P9"}, "where"),
])
def test_a_duty_that_cannot_stand_says_which_part(other: dict[str, object], key: str) -> None:
    assert duty() == set()
    assert duty(**other) == {key}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "A b", BASE, "x/y"])
def test_a_name_that_cannot_be_is_told(name: str) -> None:
    with pytest.raises(packs.Unsound) as told:
        save(TEXT, name=name)
    assert "name" in told.value.fields


@pytest.mark.django_db
def test_a_copy_holds_the_plan_and_nothing_differs_yet() -> None:
    actions.copy_pack(BASE, "ours", "Ours", actor=CONSOLE)
    assert packs.difference("ours") == []
    actions.copy_pack("ours", "theirs", "Theirs", actor=CONSOLE)
    assert packs.pack("theirs").base == BASE and packs.difference("theirs") == []
    with pytest.raises(packs.Unsound):
        actions.copy_pack(BASE, "ours", "Again", actor=CONSOLE)
    with pytest.raises(NotFound):
        actions.copy_pack("nothing", "other", "x", actor=CONSOLE)


@pytest.mark.django_db
def test_a_difference_names_what_was_and_what_is() -> None:
    save(TEXT)
    told = {(each.section, each.key): (each.before, each.after) for each in packs.difference("ours")}
    assert told["activity_kinds", "visit"] == ("Field visit", "Look round")
    assert told["activity_kinds", "open_day"] == ("", "Open day")
    assert told["plan", "phases.P1.name"] == ("Self-study and listening", "")
    assert told["plan", "phases.A.name"] == ("", "Ask")


@pytest.mark.django_db
def test_each_change_is_in_the_ledger_and_the_same_again_is_not() -> None:
    save(TEXT)
    save(TEXT)
    save(TEXT.replace("Look round", "Look"))
    told = ledger.of_subject("packs/ours", None)
    assert [each.verb for each in told] == ["campaigns.save_pack"] * 2


@pytest.mark.django_db
def test_nobody_overwrites_what_they_have_not_seen() -> None:
    save(TEXT)
    seen = reads.own_pack("ours").mark
    save(TEXT.replace("Look round", "Look"), seen=seen)
    with pytest.raises(Refused):
        save(TEXT, seen=seen)


def test_who_may_write_a_pack(cast: Cast) -> None:
    save(TEXT)
    for name in ("office", "secretary", "leader", "stranger"):
        with pytest.raises(NotAllowed):
            actions.save_pack("new", "New", BASE, TEXT, actor=cast.actor(name))
        with pytest.raises(NotAllowed):
            actions.remove_pack("ours", actor=cast.actor(name))
    actions.save_pack("ours", "Ours", BASE, TEXT, actor=cast.actor("admin"))
    actions.remove_pack("ours", actor=cast.actor("admin"))
    assert not reads.own_packs()


@pytest.mark.parametrize("name", ["study-practice-zh", "great-discussion-zh", BASE])
def test_what_is_written_reads_back_the_same(name: str) -> None:
    sections = packs.packs()[name].sections
    assert tomllib.loads(tomls.written(sections)) == sections


def test_a_text_with_quotes_and_odd_keys_reads_back_the_same() -> None:
    table = {"a": {'x "y"': 'say "no"\n\\', "b": [1, 2.5, True], "empty": {}}, "c": [{"d": {"e": []}}, {"d": {}}]}
    assert tomllib.loads(tomls.written(table)) == table
