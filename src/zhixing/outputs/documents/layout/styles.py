"""The styles of a document in the official layout."""

from __future__ import annotations

from typing import Any

from .fonts import FANGSONG, HEITI, KAITI, SANS, SERIF, SONGTI, XIAOBIAOSONG, Font
from .measures import CHINESE, LATIN, Sizes
from .xml import Value, element, ppr, rpr

LINK: dict[str, Value] = {"rStyle": "Hyperlink"}
"""A number is a link, but prints like its sentence. (Without a style of this name LibreOffice leaves links
out of a PDF.)"""


def sizes(language: str) -> Sizes:
    return CHINESE if language == "zh" else LATIN


def fonts(latin: Font, asian: Font) -> dict[str, str | int]:
    return {"ascii": latin.name, "hAnsi": latin.name, "eastAsia": asian.name, "cs": latin.name}


def filled(styles: Any, language: str) -> None:
    """Replaces every style of the part with ours."""
    for child in list(styles):
        styles.remove(child)
    for made in _all(language):
        styles.append(made)


def _style(code: str, name: str, paragraph: dict[str, Value], letters: dict[str, Value], *,
           default: bool = False, based: str = "Normal", following: str = "") -> Any:
    made = element("style", {"type": "paragraph", **({"default": 1} if default else {}), "styleId": code})
    made.append(element("name", {"val": name}))
    if not default:
        made.append(element("basedOn", {"val": based}))
    if following:
        made.append(element("next", {"val": following}))
    made.append(element("qFormat"))
    if paragraph:
        made.append(ppr(paragraph))
    if letters:
        made.append(rpr(letters))
    return made


def _all(language: str) -> list[Any]:
    size, chinese = sizes(language), language == "zh"
    body = fonts(SERIF, FANGSONG)
    defaults = element("docDefaults", None,
                       element("rPrDefault", None, rpr({
                           "rFonts": body, "sz": size.body, "szCs": size.body,
                           "lang": {"val": "en-US" if chinese else "en-GB", "eastAsia": "zh-CN"}})),
                       element("pPrDefault"))
    line: dict[str, str | int] = {"before": 0, "after": 0, "line": size.line, "lineRule": "exact"}
    indent: dict[str, Value] = {"ind": {"firstLineChars": 200, "firstLine": size.indent}} if chinese else {}
    made = [defaults, _style("Normal", "Normal", {"widowControl": 0, "spacing": line, "jc": "both"},
                             {"rFonts": body, "spacing": size.closer, "sz": size.body, "szCs": size.body},
                             default=True)]
    after: dict[str, Value] = {} if chinese else {"spacing": {**line, "after": 120}}
    made.append(_style("BodyText", "Body Text", {**indent, **after}, {}))
    made.append(_style("Title", "Title", {"keepNext": None, "snapToGrid": 0, "spacing": line if chinese else {
        **line, "line": 520, "after": 240}, "jc": "center" if chinese else "left"},
        {"rFonts": fonts(SERIF if chinese else SANS, XIAOBIAOSONG), **({} if chinese else {"b": None}),
         "spacing": 0, "sz": size.title, "szCs": size.title}, following="BodyText"))
    for level, asian in enumerate((HEITI, KAITI, FANGSONG, FANGSONG), 1):
        letters: dict[str, Value] = {"rFonts": fonts(SERIF if chinese else SANS, asian)}
        if not chinese:
            letters |= {"b": None, "sz": size.body + (4, 2, 0, 0)[level - 1]}
        spaced: dict[str, Value] = {} if chinese else {
            "spacing": {**line, "before": 240 if level == 1 else 160, "after": 80}}
        made.append(_style(f"Heading{level}", f"heading {level}",
                           {"keepNext": None, "keepLines": None, **indent, **spaced, "outlineLvl": level - 1,
                            **({} if chinese else {"jc": "left"})}, letters, following="BodyText"))
    number = fonts(SONGTI if chinese else SERIF, SONGTI)
    made.append(_style("Footer", "footer", {"snapToGrid": 0, "spacing": {"line": 280, "lineRule": "exact"}},
                       {"rFonts": number, "spacing": 0, "sz": size.page, "szCs": size.page}))
    cell: dict[str, str | int] = {"before": 20, "after": 20, "line": 300 if chinese else 260,
                                  "lineRule": "exact"}
    made.append(_style("AnnexCell", "Annex Cell", {"snapToGrid": 0, "spacing": cell, "jc": "left"},
                       {"spacing": 0, "sz": size.table, "szCs": size.table}))
    made.append(_style("AnnexHead", "Annex Head", {"keepNext": None, "jc": "center" if chinese else "left"},
                       {"rFonts": fonts(SANS, HEITI), **({} if chinese else {"b": None})}, based="AnnexCell"))
    made.append(element("style", {"type": "character", "styleId": "Hyperlink"},
                        element("name", {"val": "Hyperlink"}), rpr({"color": "000000", "u": "none"})))
    return made
