"""The packs that are installed have no fault; of a pack with faults every one is named by file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhixing.flow.campaigns.packs import FOLDER, Fault, check, grammar, packs, spoken
from zhixing.flow.campaigns.packs import outlines as reading
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.figures import figure

pytestmark = pytest.mark.usefixtures("english")
NAMES = ("study-practice-zh", "great-discussion-zh", "school-self-review-en")


def planted(tmp_path: Path, **files: str) -> list[Fault]:
    """The faults of a pack on the base `_zh` with these files (`pack`, `outlines__plan__x` …)."""
    for base in ("_zh", "_en"):
        shutil.copytree(FOLDER / base, tmp_path / base)
    folder = tmp_path / "mine"
    for name, text in {"pack": 'base = "_zh"\ntitle = "T"', **files}.items():
        path = folder / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [fault for fault in check(folder)[1] if fault.file.startswith("mine/")]


def said(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


@pytest.mark.parametrize("name", NAMES)
def test_an_installed_pack_has_no_fault(name: str) -> None:
    assert [fault for fault in check(FOLDER / name)[1] if fault.stops] == []


def test_only_the_outline_without_problems_is_pointed_out() -> None:
    for pack in packs().values():
        assert {fault.rule for fault in pack.pointed_out} <= {"outline_without_problems"}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_pack_exists_and_offers_its_filters(name: str) -> None:
    pack = packs()[name]
    specs = [spec for topic in pack.words("sentences") for each in pack.patterns(topic)
             for spec in each.figures.values()]
    specs += [spec for topic in pack.words("topics") for spec in pack.topic(topic)]
    assert specs
    for spec in specs:
        found = figure(spec.figure)
        assert found is not None, spec.figure
        assert set(spec.where) <= set(found.offered()), spec


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_and_kind_has_a_word(name: str) -> None:
    from zhixing.flow.campaigns.models import REMARK_KINDS
    from zhixing.ground.kernel.figures import figures

    pack = packs()[name]
    assert [each.name for each in figures() if each.name not in pack.words("figures")] == []
    assert [kind for kind in REMARK_KINDS if kind not in pack.words("remark_kinds")] == []
    for kind in ("mobilisation", "transition", "group_study", "centre_group_study", "lecture", "discussion",
                 "seminar", "talk", "organisation_life_meeting", "democratic_life_meeting",
                 "appraisal_meeting", "visit", "inspection"):
        assert kind in pack.words("activity_kinds")


def shape(kind: str, name: str, pack: str = "study-practice-zh") -> list[int]:
    return [part.level for part in packs()[pack].outline(kind, name).parts if part.level]


def test_the_outlines_of_the_five_campaigns_can_be_made() -> None:
    """Catalogue 72 and 73: a to e."""
    course = shape("stage_summary", "course-and-experience")
    assert course.count(1) == 3 and course.index(1, 1) - 1 >= 4
    assert shape("stage_summary", "graspings") == [1, 2, 2, 2, 1, 1]
    assert shape("stage_summary", "by-activity") == [1] * 7
    results = shape("stage_summary", "practice-and-results")
    assert results == [1] + [2] * 7 + [1] + [2] * 4 + [1]
    plan = packs()["great-discussion-zh"].outline("plan", "five-parts")
    assert [part.level for part in plan.parts].count(1) == 5
    assert any(part.each == "phases" for part in plan.parts)


def test_the_usual_outline_follows_the_phase() -> None:
    pack = packs()["study-practice-zh"]
    assert pack.outline("stage_summary").name == "course-and-experience"
    assert pack.outline("stage_summary", "", "分析检查").name == "by-activity"
    assert packs()["great-discussion-zh"].outline("stage_summary").name == "graspings"


def test_an_unknown_outline_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="by-activity"):
        packs()["study-practice-zh"].outline("stage_summary", "nowhere")


def test_every_fault_of_a_pack_is_named_by_file_and_key(tmp_path: Path) -> None:
    faults = said(planted(
        tmp_path,
        pack='base = "_zh"\ntitle = ""\n[person_categories]\na = "x"\nb = "x"\nc = 3\n'
             '[outline_defaults.plan]\nany = "nowhere"\nlunch = "five-parts"',
        sentences='[[study]]\ntext = "共{n:次"\nfigures.n = { figure = "activities.held" }\n'
                  '[[study]]\ntext = "共{m}次"\nfigures.n = { figure = "activities.held" }\n'
                  '[[study]]\ntext = "共[{n}次"\nfigures.n = { where = {} }\n'
                  '[[study]]\ntext = "没有数"\nfigures = {}\neach = "weeks"',
        outlines__stage_summary__odd='title = "{unit}{who}"\n[[parts]]\nlevel = 5\nheading = "x"\n[[parts]]\n'
                                     'remarks = ["praise"]\nabout = ["nothing"]\nsentences = ["nothing"]\n'
                                     'items = "stars"\ncolour = "red"\nlevel = 1'))
    for expected in (
        "mine/pack.toml: title: must be a text",
        "mine/pack.toml: person_categories.b: “x” is the word for “a” already",
        "mine/pack.toml: person_categories.c: must be a text",
        "mine/pack.toml: outline_defaults.plan.any: there is no outline 'nowhere'",
        "mine/pack.toml: outline_defaults.plan.lunch: is no role of [phases]",
        "mine/sentences.toml: study[0].text: cannot read",
        "mine/sentences.toml: study[1].text: {m} is no figure of this sentence",
        "mine/sentences.toml: study[1].figures.n: is neither printed nor a condition",
        "mine/sentences.toml: study[2].text: a [ without its ]",
        "mine/sentences.toml: study[2].figures.n.figure: is missing",
        "mine/sentences.toml: study[3].each: cannot go through 'weeks'",
        "mine/sentences.toml: study[3].text: prints no number",
        "mine/outlines/stage_summary/odd.toml: title: {who} is no figure",
        "mine/outlines/stage_summary/odd.toml: parts[0].level: is 1 to 4",
        "mine/outlines/stage_summary/odd.toml: parts[1].colour: no such key",
    ):
        assert any(fault.startswith(expected) for fault in faults), (expected, faults)


def test_what_a_part_refers_to_has_to_exist(tmp_path: Path) -> None:
    faults = said(planted(
        tmp_path, outlines__plan__odd='title = "x"\n[[parts]]\nlevel = 1\nremarks = ["praise"]\n'
                                      'about = ["a"]\nsentences = ["b"]\nitems = "stars"'))
    for expected in ("parts[0].heading: is missing", "no such kind of remark 'praise'",
                     "there is no topic 'a'", "there are no sentences 'b'", "parts[0].items: is one of"):
        assert any(expected in fault for fault in faults), (expected, faults)


def test_a_file_that_is_no_toml_and_a_missing_base_are_faults(tmp_path: Path) -> None:
    faults = said(planted(tmp_path, pack='base = "_fr"\ntitle = "T"', sentences="[[study"))
    assert any(fault.startswith("mine/sentences.toml: cannot be read") for fault in faults)
    assert any("base: there is no pack '_fr'" in fault for fault in faults)
    assert any("language: is missing" in fault for fault in faults)


def test_a_skipped_heading_level_is_pointed_out_and_does_not_stop(tmp_path: Path) -> None:
    faults = planted(tmp_path, outlines__plan__odd='title = "x"\n[[parts]]\nlevel = 1\nheading = "a"\n'
                                                   '[[parts]]\nlevel = 3\nheading = "b"')
    assert [(fault.rule, fault.key, fault.stops) for fault in faults] == [
        ("heading_level_skipped", "parts[1].level", False)]


def test_a_summary_outline_without_problems_is_pointed_out(tmp_path: Path) -> None:
    faults = planted(tmp_path, outlines__stage_summary__odd='title = "x"\n[[parts]]\nlevel = 1\n'
                                                            'heading = "a"')
    assert [(fault.rule, fault.stops) for fault in faults] == [("outline_without_problems", False)]


def test_a_sentence_is_read_into_its_parts() -> None:
    nodes = grammar.parse("共{n:次}[，其中/甲{a}/乙{b}][，{p:人次}]")
    assert [type(node).__name__ for node in nodes] == ["Words", "Hole", "Listing", "Option"]
    assert [hole.key for hole in grammar.holes(nodes)] == ["n", "a", "b", "p"]


@pytest.mark.parametrize("text", ["[a", "a]", "{A}", "{a:b", "}"])
def test_a_sentence_that_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(grammar.BadText):
        grammar.parse(text)


def test_a_figure_may_be_bounded_and_filtered() -> None:
    spec = reading.spec({"figure": "activities.held", "where": {"kind": "visit"}, "min": 2, "zero": True})
    assert spec.where == {"kind": ("visit",)} and spec.least == 2 and spec.zero


def test_english_words_for_a_county_campaign_speak_of_no_school() -> None:
    """The English pack lends its words to Chinese campaigns that are read in English."""
    lent = spoken(packs()["study-practice-zh"], "en")
    said = [*lent.words("activity_kinds").values(), *lent.words("group_kinds").values()]
    assert lent.label("activity_kinds", "appraisal_meeting") == "Appraisal meeting"
    assert not [word for word in said if any(odd in word for odd in ("Senior team", "Staff", "Lesson", "parents"))]
