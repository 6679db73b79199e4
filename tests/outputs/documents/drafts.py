"""Drafts made by hand, so that the layout can be looked at without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhixing.flow.campaigns.packs import packs
from zhixing.flow.campaigns.types import CampaignView
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units.types import UnitView
from zhixing.outputs.documents.types import Block, Draft, Number, Run

DAY = date(2026, 5, 31)
SCOPE = Scope(1, 1, DAY)


def number(place: int = 1, value: str = "13", qualifier: str = "=", printed: str = "13次") -> Number:
    return Number("activities.held", {"kind": ("visit",)}, SCOPE, Decimal(value), qualifier, "items", 13,
                  f"第{place}个数", printed, "次", frozen_id=place,
                  url=f"http://127.0.0.1:8000/c/C/figures/activities.held/?kind=visit&frozen={place}")


def draft(blocks: Sequence[Block], *, language: str = "zh", numbers: Sequence[Number] = (),
          signed: str = "县教育局", title: Sequence[str] = ("县教育局活动", "学习调研阶段小结")) -> Draft:
    pack = packs()["study-practice-zh" if language == "zh" else "school-self-review-en"]
    return Draft("stage_summary", "x", language, CampaignView(1, "C", "活动", "", 1, "b", "县教育局"),
                 UnitView(1, "b", "县教育局", "", "bureau", "0000001", True), None, SCOPE, "".join(title),
                 tuple(title), tuple(blocks), tuple(numbers), (), signed, DAY, "",
                 {key: str(value) for key, value in pack.words("said").items()})


def whole() -> Draft:
    """Headings of every level, a number, and a page and more of text."""
    text = "集中学习深入调查研究广泛征求意见认真分析检查切实整改落实" * 3
    return draft([
        Block((Run("开头。"),)), Block((Run("主要做法"),), 1, "一、"), Block((Run("抓学习"),), 2, "（一）"),
        Block((Run("组织集中学习"), Run("13次", 0), Run("，发出表"), Run("80余份", 1), Run("。"))),
        Block((Run("第一条"),), 3, "1."), Block((Run("小项"),), 4, "（1）"),
        *(Block((Run(text + "。"),)) for _each in range(8)),
    ], numbers=[number(1), number(2, "80", ">=", "80余份")])
