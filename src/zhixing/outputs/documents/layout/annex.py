"""The annex on a page of its own: each number of the text with what it counts, how exact it is, as at which
day and from how many records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import rules
from ..types import Draft, Number
from .measures import WIDTH
from .styles import LINK
from .xml import Value, element, paragraph, run

SHARES = {"zh": (60, 392, 146, 118, 132, 92, 60), "en": (50, 405, 150, 120, 115, 95, 65)}
"""Widths of the columns in thousandths: each as its usual words need, all the rest for what the number counts, since
each line that wraps there makes the table longer."""

BESIDE = 40
"""Twips between a cell's words and its borders."""

TOGETHER = 5
"""So many last rows stay on one page, so that no page has only one or two."""


def rows(draft: Draft) -> list[tuple[str, ...]]:
    """The cells of the annex's table, the last one being the words of the link."""
    return [(str(place), number.words, value_of(draft, number), sort_of(draft, number),
             number.scope.as_of.isoformat(), records_of(draft, number), draft.labels.get("look", ""))
            for place, number in enumerate(draft.numbers, 1)]


def head(draft: Draft) -> tuple[str, ...]:
    return tuple(draft.labels.get("annex_head", "").split("|"))


def value_of(draft: Draft, number: Number) -> str:
    """The value with its measure, as exact as the records are."""
    return rules.amount(number.value, number.qualifier, number.measure, number.noun, draft.language,
                        several=number.evidence > 1)


def sort_of(draft: Draft, number: Number) -> str:
    """Exact, at least, about; who stated it; and whether records leave it open."""
    if number.figure == "facts.stated":
        source = number.source or draft.labels.get("no_source", "")
        return draft.labels.get("stated_by", "").format(source=source)
    word = {"=": "exact", ">=": "at_least", "~": "about"}[number.qualifier]
    said = draft.labels.get(word, "")
    between = "，" if draft.language == "zh" else "; "
    open_ended = number.why and number.qualifier != "="
    return f"{said}{between}{draft.labels.get('part', '')}" if open_ended else said


def records_of(draft: Draft, number: Number) -> str:
    return draft.labels.get("records", "{count}").format(count=number.evidence)


def parts(draft: Draft, link: Callable[[str], str], number: str = "") -> list[Any]:
    """附件 at the top left, its title on the third line, and the table; nothing without numbers."""
    if not draft.numbers:
        return []
    return [*titled(draft, number, draft.labels.get("annex_title", "")), _table(draft, link)]


def titled(draft: Draft, number: str, title: str) -> list[Any]:
    """The head of an annex's page. `number` follows 附件 where there are several."""
    chinese = draft.language == "zh"
    mark: dict[str, Value] = {"pStyle": "Heading1", "keepNext": None, "pageBreakBefore": None,
                              "ind": {"firstLineChars": 0, "firstLine": 0}}
    between = "" if chinese or not number else " "
    made = [paragraph(mark, run(f"{draft.labels.get('annex', '')}{between}{number}"))]
    if chinese:
        made.append(paragraph({"pStyle": "Normal"}))
    made.append(paragraph({"pStyle": "Title"}, run(title)))
    if chinese:
        made.append(paragraph({"pStyle": "Normal", "snapToGrid": 0,
                               "spacing": {"line": 240, "lineRule": "exact"}}))
    return made


def grid(widths: list[int]) -> Any:
    """An empty table with thin lines."""
    borders = element("tblBorders", None, *(
        element(side, {"val": "single", "sz": 4, "space": 0, "color": "808080"})
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")))
    margins = element("tblCellMar", None, *(
        element(side, {"w": BESIDE, "type": "dxa"}) for side in ("left", "right")))
    return element("tbl", None,
                   element("tblPr", None, element("tblW", {"w": sum(widths), "type": "dxa"}), borders,
                           element("tblLayout", {"type": "fixed"}), margins),
                   element("tblGrid", None, *(element("gridCol", {"w": width}) for width in widths)))


def _table(draft: Draft, link: Callable[[str], str]) -> Any:
    widths = [WIDTH * share // 1000 for share in SHARES[draft.language]]
    table = grid(widths)
    table.append(row([run(words) for words in head(draft)], widths, "AnnexHead", repeated=True))
    listed = rows(draft)
    for place, (number, cells) in enumerate(zip(draft.numbers, listed, strict=True), 1):
        linked = element("hyperlink", {"r:id": link(number.url), "history": 0}, run(cells[-1], LINK))
        table.append(row([*(run(words) for words in cells[:-1]), linked], widths, "AnnexCell",
                         kept=len(listed) - TOGETHER < place < len(listed)))
    return table


def row(cells: list[Any], widths: list[int], style: str, *, repeated: bool = False, kept: bool = False) -> Any:
    """`kept`: on the page of the following row."""
    settings = element("trPr", None, element("cantSplit"), *([element("tblHeader")] if repeated else []))
    return element("tr", None, settings, *(
        element("tc", None, element("tcPr", None, element("tcW", {"w": width, "type": "dxa"}),
                                    element("vAlign", {"val": "center"})), paragraph(
                        {"pStyle": style, **({"keepNext": None} if kept else {})}, cell))
        for cell, width in zip(cells, widths, strict=True)))
