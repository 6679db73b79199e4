"""The schedule of a plan on a page of its own, before the annex of figures."""

from __future__ import annotations

from typing import Any

from ..types import Draft
from . import annex
from .measures import WIDTH
from .xml import run

SHARES = {"zh": (60, 190, 380, 190, 180), "en": (50, 200, 390, 170, 190)}
"""Widths of the columns in thousandths."""


def head(draft: Draft) -> tuple[str, ...]:
    return tuple(draft.labels.get("schedule_head", "").split("|"))


def rows(draft: Draft) -> list[tuple[str, ...]]:
    return [(str(place), each.phase, each.what, each.due, each.who) for place, each in enumerate(draft.schedule, 1)]


def parts(draft: Draft, number: str) -> list[Any]:
    """The mark at the top left, the title, and the table; nothing without rows. `number` follows 附件."""
    if not draft.schedule:
        return []
    widths = [WIDTH * share // 1000 for share in SHARES[draft.language]]
    table = annex.grid(widths)
    table.append(annex.row([run(words) for words in head(draft)], widths, "AnnexHead", repeated=True))
    listed = rows(draft)
    for place, cells in enumerate(listed, 1):
        table.append(annex.row([run(words) for words in cells], widths, "AnnexCell",
                               kept=len(listed) - annex.TOGETHER < place < len(listed)))
    return [*annex.titled(draft, number, draft.labels.get("schedule_title", "")), table]
