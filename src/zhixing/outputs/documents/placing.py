"""Which remark stands in which part. Pure.

A remark goes to the first part that takes its kind and speaks about the records that are its evidence;
without such a part, to the first that takes its kind whatever it is about; else to the last that takes its
kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zhixing.flow.campaigns.packs import Part
from zhixing.flow.campaigns.types import RemarkView

About = Callable[[RemarkView, str], bool]
"""Is the remark's evidence among the records of this topic?"""


def placed(parts: Sequence[Part], remarks: Sequence[RemarkView],
           about: About) -> tuple[dict[int, list[RemarkView]], list[RemarkView]]:
    """Place of the part → its remarks in their order, and the remarks that no part takes."""
    kept: dict[int, list[RemarkView]] = {}
    left: list[RemarkView] = []
    for remark in remarks:
        taking = [place for place, part in enumerate(parts) if remark.kind in part.remarks]
        place = _best(parts, taking, remark, about)
        if place is None:
            left.append(remark)
        else:
            kept.setdefault(place, []).append(remark)
    return kept, left


def _best(parts: Sequence[Part], taking: Sequence[int], remark: RemarkView, about: About) -> int | None:
    if remark.evidence:
        for place in taking:
            if any(about(remark, topic) for topic in parts[place].about):
                return place
    for place in taking:
        if not parts[place].about:
            return place
    return taking[-1] if taking else None


def with_problems(parts: Sequence[Part], heading: str) -> tuple[Part, ...]:
    """The parts with one for the problems put in before the next steps, or at the end."""
    extra = Part(level=1, heading=heading, remarks=("problem",), items="inline", sentences=("overdue",),
                 sentences_last=True)
    ends = [place for place, part in enumerate(parts) if "next_step" in part.remarks and part.level <= 1]
    place = ends[0] if ends else len(parts)
    return (*parts[:place], extra, *parts[place:])
