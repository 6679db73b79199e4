"""A draft as one .html file that needs nothing else."""

from __future__ import annotations

from django.template.loader import render_to_string

from .. import rules
from ..types import Draft
from . import annex, schedule


def document(draft: Draft) -> str:
    rows = [{"cells": cells[:-1], "link": cells[-1], "url": number.url}
            for number, cells in zip(draft.numbers, annex.rows(draft), strict=True)]
    return render_to_string("documents/paper.html", {"draft": draft, "head": annex.head(draft), "rows": rows,
                                                     "paragraphs": paragraphs(draft),
                                                     "schedule": schedule.rows(draft),
                                                     "schedule_head": schedule.head(draft),
                                                     "dated": rules.day(draft.dated, draft.language)})


def paragraphs(draft: Draft) -> list[dict[str, object]]:
    """Blocks with their numbers looked up, for templates."""
    return [
        {"level": block.level, "label": block.label, "runs": [
            {"text": run.text, "number": None if run.number is None else draft.numbers[run.number],
             "place": None if run.number is None else run.number + 1} for run in block.runs]}
        for block in draft.blocks
    ]
