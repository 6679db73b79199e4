"""Passages that stand elsewhere too are found, placed exactly, and told apart by their disguise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing.ground.text import Copies, Document, copies

PASSAGE = (
    "本单位利用三个月时间走访了全部二十七个村民小组，收集意见一百三十余条，梳理出灌溉渠年久失修、村口桥面塌陷、"
    "卫生室缺少值班医生三个突出问题。对灌溉渠，已请水利站测量并列入冬修计划；对桥面，已设警示牌并筹款加固；"
    "对卫生室，已与乡卫生院商定每周二、周五派医生坐诊。"
)
HOSTS = [
    "我们在学习中认真读原文，组织了多场讨论。大家谈到今年雨水偏多，田里的稻子倒伏不少，收割机进不了地。",
    "机关食堂的饭菜价格要公开，停车场的夜间照明需要维修。办事窗口中午应当有人值守，电话要有人接听。",
    "学校操场的塑胶跑道起皮，家长很担心。校车路线应当经过新建的安置房，放学时段校门口需要交通协管员。",
    "图书室的开放时间太短，借阅手续繁琐。希望周末也能开门，并且增加适合老年人阅读的大字版图书。",
]


def spans(found: Copies) -> list[tuple[str, str, str]]:
    return [(pair.a, pair.b, passage.how) for pair in found.pairs for passage in pair.passages]


def test_an_exact_passage_is_found_and_its_positions_slice_to_it() -> None:
    a, b = HOSTS[0] + PASSAGE + HOSTS[1], HOSTS[2] + PASSAGE + HOSTS[3]
    found = copies([Document("a", a), Document("b", b)])
    (pair,) = found.pairs
    (passage,) = pair.passages
    assert a[passage.a_start : passage.a_end] == PASSAGE == b[passage.b_start : passage.b_end]
    assert passage.how == "exact"
    assert (pair.kind, pair.first) == ("copy", "")


def test_changed_figures_and_another_order_are_told_apart() -> None:
    swapped = PASSAGE.replace("二十七", "31").replace("一百三十", "95").replace("周二、周五", "周一、周四")
    sentences = [part + "。" for part in PASSAGE.replace("；", "。").split("。") if part]
    turned = "".join(reversed(sentences))
    for text, how in ((swapped, "figures"), (turned, "reordered")):
        found = copies([Document("a", HOSTS[0] + PASSAGE), Document("b", HOSTS[2] + text + HOSTS[3])])
        assert spans(found) == [("a", "b", how)]


def test_dates_tell_the_direction_and_an_owner_may_reuse_its_own_text() -> None:
    one = Document("new", HOSTS[0] + PASSAGE, owner="u1", written=date(2026, 5, 2))
    two = Document("old", HOSTS[1] + PASSAGE, owner="u1", written=date(2025, 5, 2))
    other = Document("else", HOSTS[2] + PASSAGE, owner="u2", written=date(2026, 4, 2))
    kinds = {frozenset((pair.a, pair.b)): (pair.kind, pair.first) for pair in copies([one, two, other]).pairs}
    assert kinds[frozenset(("new", "old"))] == ("own", "old")
    assert kinds[frozenset(("new", "else"))] == ("copy", "else")


def test_what_stands_in_a_template_is_said_to_come_from_there() -> None:
    found = copies([Document("a", HOSTS[0] + PASSAGE)], against=[Document("t", PASSAGE), Document("u", PASSAGE)])
    assert {(pair.a, pair.b, pair.kind, pair.first) for pair in found.pairs} == {
        ("a", "t", "source", "t"), ("a", "u", "source", "u"),
    }


def test_a_passage_that_many_share_is_reported_once_with_all_who_have_it() -> None:
    papers = [Document(f"p{n:02}", f"{HOSTS[n % 4]}第{n}号。" + PASSAGE) for n in range(20)]
    found = copies(papers)
    whole = [shared for shared in found.shared if "灌溉渠" in shared.text]
    assert len(whole) == 1
    assert whole[0].documents == 20
    assert all("灌溉渠" not in papers[int(pair.a[1:])].text[p.a_start : p.a_end]
               for pair in found.pairs for p in pair.passages)


def test_unrelated_texts_and_quoted_names_are_not_copies() -> None:
    quoted = "落实《关于在全县基层单位开展学习实践活动并认真做好群众意见收集整理和反馈工作的实施方案》的要求。"
    found = copies([Document(str(n), quoted + host) for n, host in enumerate(HOSTS[:3])])
    assert found.pairs == ()


def test_pairs_do_not_depend_on_the_order_of_the_documents() -> None:
    papers = [Document(str(n), host + PASSAGE[n * 5 :]) for n, host in enumerate(HOSTS)]
    assert copies(papers) == copies(papers[::-1])


@pytest.mark.parametrize("text", ["", "一", "😀" * 500, "\ud800" * 50, "a b " * 3_000, "好" * 20_000])
def test_odd_documents_are_taken_as_they_are(text: str) -> None:
    copies([Document("a", text), Document("b", text), Document("c", HOSTS[0])])


def test_two_documents_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        copies([Document("a", "x"), Document("a", "y")])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text(alphabet="甲乙丙丁戊己庚辛。，ab １", max_size=300), max_size=5))
def test_positions_always_lie_in_the_texts(texts: list[str]) -> None:
    found = copies([Document(str(n), text + PASSAGE * (n % 2)) for n, text in enumerate(texts)])
    length = {str(n): len(text + PASSAGE * (n % 2)) for n, text in enumerate(texts)}
    for pair in found.pairs:
        for passage in pair.passages:
            assert 0 <= passage.a_start < passage.a_end <= length[pair.a]
            assert 0 <= passage.b_start < passage.b_end <= length[pair.b]
