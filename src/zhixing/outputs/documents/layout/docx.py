"""A draft as .docx in the official layout (GB/T 9704-2012). The same draft gives the same bytes: no time, no
name and no machine enters the file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT

from .. import rules
from ..types import Block, Draft, Run
from . import annex, fonts, measures, schedule, styles
from .xml import Value, element, field, paragraph, run

KEPT = (RT.STYLES, RT.SETTINGS, RT.FONT_TABLE, RT.THEME)
"""What is kept of the empty document that python-docx begins with."""

KEPT_TOGETHER = 6 * measures.CHARACTERS
"""A last paragraph of up to so many characters stays with the signature."""


def document(draft: Draft, *, sealed: bool = False) -> bytes:
    """The file. `sealed`: the date stands where the seal goes over it."""
    made = Document()
    package = made.part.package
    for rels, kept in ((package.rels, (RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES)), (made.part.rels, KEPT)):
        for key in [key for key, rel in rels.items() if rel.reltype not in kept]:
            del rels[key]
    styles.filled(made.styles.element, draft.language)
    made.part.part_related_by(RT.FONT_TABLE)._blob = fonts.table().encode()
    _settings(made)
    body = made.element.body
    for child in [child for child in body if not child.tag.endswith("sectPr")]:
        body.remove(child)
    section = body[-1]
    several = len(draft.annexes) > 1
    planned = schedule.parts(draft, "1" if several else "")
    added = annex.parts(draft, lambda url: _link(made, url), "2" if several else "")
    for part in [*_front(made, draft), *_signed(draft, sealed), *planned, *added]:
        section.addprevious(part)
    _page(made, draft)
    _nameless(made, draft)
    return _same_bytes(made)


def _link(made: Any, url: str) -> str:
    return str(made.part.relate_to(url, RT.HYPERLINK, is_external=True))


def _front(made: Any, draft: Draft) -> list[Any]:
    """The title, a blank line, and the text; its last paragraph keeps to the name under it, so that no page
    holds a signature alone (unless it is long: kept together it would leave half a page empty)."""
    parts = [paragraph({"pStyle": "Title"}, run(line)) for line in draft.title_lines]
    if draft.language == "zh":
        parts.append(_blank())
    for place, block in enumerate(draft.blocks, 1):
        last = place == len(draft.blocks)
        parts.append(_block(made, draft, block, keep=last and len(block.text) <= KEPT_TOGETHER))
    return parts


def _block(made: Any, draft: Draft, block: Block, *, keep: bool) -> Any:
    given: dict[str, Value] = {"pStyle": f"Heading{block.level}" if block.level else "BodyText",
                               **({"keepNext": None} if keep else {})}
    label = [run(block.label)] if block.label else []
    return paragraph(given, *label, *runs(made, draft, block.runs))


def runs(made: Any, draft: Draft, given: Sequence[Run]) -> list[Any]:
    parts = []
    for each in given:
        if each.number is None:
            parts.append(run(each.text))
        else:
            number = draft.numbers[each.number]
            link = {"r:id": _link(made, number.url), "history": "0", "tooltip": number.words}
            parts.append(element("hyperlink", link, run(each.text, styles.LINK)))
    return parts


def _blank() -> Any:
    return paragraph({"pStyle": "Normal", "keepNext": None})


def _signed(draft: Draft, sealed: bool) -> list[Any]:
    """附件, one line below the text and two characters in, without an end mark; then name and date."""
    chinese, size = draft.language == "zh", styles.sizes(draft.language)
    date = rules.day(draft.dated, draft.language)
    parts = [_blank()]
    if draft.annexes:
        parts += [*_annexes(draft), _blank()]
    if not chinese:
        return [*parts, paragraph({"pStyle": "Normal", "keepNext": None, "jc": "left"}, run(draft.signed)),
                paragraph({"pStyle": "Normal", "jc": "left"}, run(date))]
    name_in, date_in = measures.signature(draft.signed, date, sealed=sealed)
    one = size.indent / 2
    under: dict[str, Value] = {"pStyle": "Normal", "keepNext": None, "ind": _in(name_in, one), "jc": "right"}
    return [*parts, paragraph(under, run(draft.signed)),
            paragraph({"pStyle": "Normal", "ind": _in(date_in, one), "jc": "right"}, run(date))]


def _annexes(draft: Draft) -> list[Any]:
    """附件：its title; several are numbered, one under the other."""
    chinese = draft.language == "zh"
    lead = f"{draft.labels.get('annex', '')}{'：' if chinese else ': '}"
    style: dict[str, Value] = {"pStyle": "BodyText" if chinese else "Normal", "keepNext": None}
    if len(draft.annexes) == 1:
        return [paragraph(style, run(f"{lead}{draft.annexes[0]}"))]
    indent = "\u3000" * 3 if chinese else ""
    return [paragraph(style, run(f"{lead if number == 1 else indent}{number}. {title}"))
            for number, title in enumerate(draft.annexes, 1)]


def _in(characters: float, one: float) -> dict[str, str | int]:
    return {"rightChars": round(characters * 100), "right": round(characters * one)}


def _settings(made: Any) -> None:
    """Odd and even pages differ (the place of the number); half-width marks are not squeezed."""
    settings = made.settings.element
    for child in list(settings):
        settings.remove(child)
    settings.append(element("zoom", {"percent": 100}))
    settings.append(element("defaultTabStop", {"val": 420}))
    settings.append(element("evenAndOddHeaders"))
    settings.append(element("characterSpacingControl", {"val": "doNotCompress"}))
    settings.append(element("compat", None, element("useFELayout"), element("compatSetting", {
        "name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": 15})))


def _page(made: Any, draft: Draft) -> None:
    section = made.sections[0]
    sect = section._sectPr
    for child in list(sect):
        sect.remove(child)
    size = styles.sizes(draft.language)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _number(footer._element, draft, side)
    sect.append(element("pgSz", {"w": measures.PAGE[0], "h": measures.PAGE[1]}))
    sect.append(element("pgMar", {
        "top": measures.TOP, "right": measures.RIGHT, "bottom": measures.BOTTOM, "left": measures.LEFT,
        "header": 851, "footer": measures.FOOTER, "gutter": 0}))
    sect.append(element("cols", {"space": 425}))
    sect.append(element("docGrid", {"type": "lines", "linePitch": size.line} if draft.language == "zh"
                        else {"linePitch": 360}))


def _number(footer: Any, draft: Draft, side: str) -> None:
    """— 1 —, one character in from the outer edge."""
    for child in list(footer):
        footer.remove(child)
    before, _hole, after = draft.labels.get("page", "— {page} —").partition("{page}")
    one = styles.sizes(draft.language).page * 10
    given: dict[str, Value] = {"pStyle": "Footer", "ind": {side: one, f"{side}Chars": 100}, "jc": side}
    footer.append(paragraph(given, run(before), *field("PAGE", {"noProof": None}), run(after)))


def _nameless(made: Any, draft: Draft) -> None:
    core = made.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = core.subject = ""
    core.title, core.revision = draft.title, 1
    core.language = "zh-CN" if draft.language == "zh" else "en"
    core.created = core.modified = datetime.combine(draft.dated, time())


def _same_bytes(made: Any) -> bytes:
    """Zipped again with a fixed time, in a fixed order."""
    saved = io.BytesIO()
    made.save(saved)
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
