"""Opinions about the same matter stand together, whatever their order, and people's decisions are obeyed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing.ground.text import Collation, Opinion, collate, marks

NOISE = [
    Opinion("n1", "金桂花园旁边的工地夜间施工噪音太大，半夜还在打桩，居民无法休息，请管一管。", "A区金桂花园夜间施工噪音扰民"),
    Opinion("n2", "我是A区金桂花园业主，工地每晚施工到凌晨，打桩噪音吵得人无法休息。", "金桂花园夜间施工太吵"),
    Opinion("n3", "A区金桂花园附近工地夜间施工，打桩噪音严重影响居民休息。", "投诉A区金桂花园工地夜间施工"),
]
SCHOOL = [
    Opinion("s1", "A区金桂花园的孩子不能上配套小学，入学名额不够，希望教育部门解决入学问题。", "A区金桂花园孩子入学难"),
    Opinion("s2", "A区金桂花园小学学位不足，业主孩子入学没有名额，请解决。", "A区金桂花园小学入学名额不足"),
]
ELSEWHERE = [
    Opinion("e1", "B区碧水湾旁边的工地夜间施工噪音太大，半夜还在打桩，居民无法休息。", "B区碧水湾夜间施工噪音扰民"),
    Opinion("e2", "B区碧水湾工地每晚施工到凌晨，打桩噪音吵得人无法休息。", "B区碧水湾夜间施工太吵"),
]
ALL = NOISE + SCHOOL + ELSEWHERE
# what the batch is weighed against: other matters of other places
EARLIER = [
    Opinion(f"b{n}", f"C区{place}的{matter}，多年没有人处理。", f"反映C区{place}{matter}")
    for n, (place, matter) in enumerate(
        (place, matter)
        for place in ("望江苑", "明月里", "紫荆城", "兰亭府", "松涛村", "银杏路")
        for matter in ("道路坑洼", "路灯不亮", "自来水停水", "公交车太少", "垃圾没有清运", "电梯故障", "物业收费过高")
    )
]


def parts(found: Collation) -> set[frozenset[str]]:
    return {frozenset(group.members) for group in found.groups}


def test_one_place_with_two_matters_is_two_groups_under_one_place() -> None:
    found = collate(ALL, earlier=EARLIER)
    assert parts(found) == {frozenset({"n1", "n2", "n3"}), frozenset({"s1", "s2"}), frozenset({"e1", "e2"})}
    place = {min(group.members): group.place for group in found.groups}
    assert place["n1"] == place["s1"] != place["e1"]
    assert {group.place_name for group in found.groups} == {"金桂花园", "碧水湾"}


def test_the_order_of_the_input_changes_nothing() -> None:
    first = collate(ALL, earlier=EARLIER)
    for seed in range(3):
        mixed, before = ALL[:], EARLIER[:]
        random.Random(seed).shuffle(mixed)
        random.Random(seed).shuffle(before)
        again = collate(mixed, earlier=before)
        assert again.groups == first.groups
        assert {member.id: member for member in again.members} == {member.id: member for member in first.members}


def test_a_label_is_a_real_sentence_and_every_member_has_its_reason() -> None:
    found = collate(ALL, earlier=EARLIER)
    group = next(group for group in found.groups if "n1" in group.members)
    assert group.label in {opinion.title for opinion in NOISE}
    assert "施工" in group.words
    member = next(member for member in found.members if member.id == "n2")
    assert "金桂花园" in member.reason.places
    assert {"施工", "噪音"} & set(member.reason.words)
    assert 0.5 < member.confidence <= 1.0


def test_marks_slice_to_the_words_of_the_reason() -> None:
    found = collate(ALL, earlier=EARLIER)
    for opinion, member in zip(ALL, found.members, strict=True):
        shown = [opinion.text[start:end] for start, end in marks(opinion.text, member.reason)]
        assert set(shown) <= {*member.reason.words, *member.reason.places}
    assert marks("ＡＢＣ工地，工地", found.members[0].reason.__class__(("工地",), ())) == [(3, 5), (6, 8)]


def test_what_people_put_together_stays_together() -> None:
    found = collate(ALL, earlier=EARLIER, together=[("n1", "e1")])
    assert any({"n1", "e1"} <= set(group.members) for group in found.groups)


def test_what_people_put_apart_stays_apart_even_where_the_texts_are_the_same() -> None:
    twice = [*ALL, Opinion("n4", NOISE[0].text, NOISE[0].title)]
    found = collate(twice, earlier=EARLIER, apart=[("n1", "n4"), ("s1", "s2")])
    group = {member.id: member.group for member in found.members}
    assert group["n1"] != group["n4"]
    assert group["s1"] != group["s2"]


def test_contradicting_decisions_are_refused() -> None:
    with pytest.raises(ValueError, match="n1 and n2"):
        collate(ALL, together=[("n1", "n2")], apart=[("n2", "n1")])


def test_new_opinions_join_settled_groups_without_disturbing_them() -> None:
    settled = {"n1": "I-1", "n2": "I-2", "s1": "I-3"}  # people split the noise: the engine would not have
    found = collate(ALL, earlier=EARLIER, settled=settled)
    by_name = {group.settled: set(group.members) for group in found.groups if group.settled}
    assert set(by_name) == {"I-1", "I-2", "I-3"}
    assert "n1" in by_name["I-1"] and "n2" in by_name["I-2"]
    assert "n3" in by_name["I-1"] | by_name["I-2"]
    assert by_name["I-3"] == {"s1", "s2"}


def test_the_same_text_ten_thousand_times_is_one_group() -> None:
    found = collate([Opinion(str(n), "A区金桂花园夜间施工噪音扰民") for n in range(10_000)])
    assert len(found.groups) == 1
    assert len(found.groups[0].members) == 10_000


@pytest.mark.parametrize("text", ["", " \n", "一", "😀😀😀", "\ud800\x00\x07", "a" * 20_000, "路灯不亮" * 5_000, "؟ नमस्ते שלום"])
def test_odd_texts_are_taken_as_they_are(text: str) -> None:
    found = collate([*ALL, Opinion("odd", text)])
    assert len(found.members) == len(ALL) + 1
    assert collate([Opinion("odd", text)]).groups[0].members == ("odd",)


def test_nothing_in_nothing_out() -> None:
    assert collate([]).groups == ()


def test_two_opinions_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        collate([NOISE[0], NOISE[0]])


def test_english_opinions_group_by_their_words() -> None:
    texts = [
        "The street lights on Mill Lane have been broken for weeks",
        "Broken street lights make Mill Lane dangerous at night",
        "School lunches are too expensive for many families",
        "Why are the school lunches so expensive this year",
    ]
    found = collate([Opinion(str(n), text) for n, text in enumerate(texts)])
    assert found.language == "en"
    assert parts(found) == {frozenset({"0", "1"}), frozenset({"2", "3"})}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=40), max_size=12), st.randoms(use_true_random=False))
def test_any_texts_in_any_order_give_the_same_parts_and_duplicates_never_part(
    texts: list[str], chance: random.Random
) -> None:
    opinions = [Opinion(str(n), text) for n, text in enumerate([*texts, *texts[:2]])]
    found = collate(opinions)
    group = {member.id: member.group for member in found.members}
    for n in range(min(2, len(texts))):
        assert group[str(n)] == group[str(len(texts) + n)]
    mixed = opinions[:]
    chance.shuffle(mixed)
    assert parts(collate(mixed)) == parts(found)
