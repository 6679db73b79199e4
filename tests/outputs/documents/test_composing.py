"""What stands where, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhixing.flow.campaigns.packs import Part
from zhixing.flow.campaigns.types import RemarkView
from zhixing.ground.kernel.types import Scope
from zhixing.outputs.documents.compose import Section, folded, in_order, numbered, pruned
from zhixing.outputs.documents.placing import placed, with_problems
from zhixing.outputs.documents.types import Block, Number, Run


def section(level: int, text: str = "") -> Section:
    return Section(level, f"H{level}" if level else "", [[Run(text)]] if text else [])


def labels(sections: Sequence[Section]) -> list[str]:
    return [block.text for block in numbered(folded(pruned(sections)), "zh")]


def test_a_heading_without_anything_under_it_is_left_out() -> None:
    found = labels([section(1), section(2), section(2), section(1, "b"), section(1)])
    assert found == ["一、H1", "b"]


def test_numbers_follow_from_what_is_left() -> None:
    found = labels([section(1), section(2, "a"), section(2), section(2, "c"), section(1), section(2, "d"),
                    section(2, "e")])
    assert found == ["一、H1", "（一）H2", "a", "（二）H2", "c", "二、H1", "（一）H2", "d", "（二）H2", "e"]


def test_a_lone_subheading_gives_its_text_to_the_heading_above() -> None:
    assert labels([section(1), section(2, "a"), section(1, "b")]) == ["一、H1", "a", "二、H1", "b"]


def test_a_lone_subheading_stays_where_the_heading_has_text_of_its_own() -> None:
    assert labels([section(1, "own"), section(2, "a")]) == ["一、H1", "own", "（一）H2", "a"]


def remark(code: str, kind: str = "practice", *evidence: str) -> RemarkView:
    return RemarkView(code, 1, "b", "P1", kind, f"text {code}", evidence)


def about(remark: RemarkView, topic: str) -> bool:
    return topic in remark.evidence


PARTS = (Part(1, "a", remarks=("practice",), about=("study",)), Part(1, "b", remarks=("practice", "effect")),
         Part(1, "c", remarks=("next_step",)))


def test_a_remark_stands_where_its_evidence_belongs() -> None:
    told = [remark("R1", "practice", "study"), remark("R2"), remark("R3", "effect")]
    kept, left = placed(PARTS, told, about)
    codes = {place: [each.code for each in found] for place, found in kept.items()}
    assert codes == {0: ["R1"], 1: ["R2", "R3"]}
    assert left == []


def test_a_remark_that_no_part_takes_is_told() -> None:
    _kept, left = placed(PARTS, [remark("R1", "problem")], about)
    assert [each.code for each in left] == ["R1"]


def test_without_a_general_part_a_remark_goes_to_the_last_that_takes_its_kind() -> None:
    parts = (Part(1, "a", remarks=("practice",), about=("study",)),
             Part(1, "b", remarks=("practice",), about=("talks",)))
    kept, left = placed(parts, [remark("R1", "practice", "elsewhere")], about)
    assert list(kept) == [1] and left == []


def test_problems_are_put_in_before_the_next_steps() -> None:
    found = with_problems(PARTS, "存在的问题")
    assert [part.heading for part in found] == ["a", "b", "存在的问题", "c"]
    assert "problem" in found[2].remarks
    assert with_problems(PARTS[:1], "x")[-1].heading == "x"


def number(name: str) -> Number:
    scope = Scope(1, 1, date(2026, 5, 31))
    return Number(name, {}, scope, Decimal(1), "=", "items", 1, name, "1")


def test_only_printed_numbers_are_kept_in_the_order_of_the_text() -> None:
    numbers = [number("x"), number("y"), number("z")]
    blocks, kept = in_order([Block((Run("a", 2), Run("b"), Run("c", 0), Run("d", 2)))], numbers)
    assert [run.number for run in blocks[0].runs] == [0, None, 1, 0]
    assert [each.figure for each in kept] == ["z", "x"]
