"""Past decisions say where an opinion goes and how surely; replies that answer nobody are noticed."""

from __future__ import annotations

import pytest

from zhixing.ground.text.replies import judge_replies
from zhixing.ground.text.routing import learn

PAST = [
    ("路面坑洼，雨天积水，请修路", "roads"), ("路灯不亮，夜里看不清路面", "roads"), ("修路三年还没有完工，路面全是灰", "roads"),
    ("人行道路面破损，请修路", "roads"), ("孩子入学名额不够", "schools"), ("小学学位紧张，孩子没有学校上", "schools"),
    ("学校食堂太贵，孩子吃不饱", "schools"), ("幼儿园入学排队太久", "schools"),
]


def test_an_opinion_goes_where_its_like_went_and_chances_add_up() -> None:
    router = learn(PAST)
    for text, division in (("门口的路面又坏了，请修路", "roads"), ("孩子的入学问题", "schools")):
        (ranked,) = router.route([text])
        assert ranked[0][0] == division
        assert ranked[0][1] > 0.5
        assert sum(chance for _, chance in ranked) == pytest.approx(1.0)


def test_the_order_of_past_decisions_changes_nothing() -> None:
    assert learn(PAST).route(["路面积水"]) == learn(PAST[::-1]).route(["路面积水"])


def test_an_opinion_that_says_nothing_known_gets_no_sure_answer() -> None:
    (ranked,) = learn(PAST).route(["😀"])
    assert ranked[0][1] < 0.75


def test_too_few_decisions_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        learn(PAST[:3])


def test_replies_are_told_apart() -> None:
    full = (
        "经市政科现场查看，中山路与解放路交叉口的路面破损约四十平方米，系雨水管渗漏所致，已安排施工队本周内先修雨水管、"
        "再铺沥青，预计十天完工，其间请绕行东侧便道。"
    )
    template = "您反映的{}问题，我办高度重视，已责成相关科室按职责分工认真研究，依法依规妥善处理，并将处理结果及时向社会公布，接受监督。"
    hints = judge_replies([
        ("中山路路面破损，请修", full),
        ("路灯不亮", template.format("路灯")),
        ("垃圾没有清运", template.format("垃圾")),
        ("学位不够", "您好，您的留言已收悉，感谢您的关注。"),
        ("另一条路坏了", full),
    ])
    assert [hint.kind for hint in hints] == ["exact", "templated", "templated", "empty", "exact"]
    assert (hints[0].like, hints[4].like) == (4, 0)
    assert hints[0].answers > hints[3].answers == 0.0
