"""The .docx itself: schema order, links, fonts, names, bytes."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from docx import Document

from tests.outputs.documents.drafts import draft, number, whole
from zhixing.outputs.documents.layout import docx, fonts
from zhixing.outputs.documents.types import Block, Run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PPR = [
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
    "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
    "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
    "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
    "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
]
RPR = [
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline",
    "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w",
    "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign",
    "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
]
SECT = [
    "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc",
    "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg",
    "textDirection", "bidi", "rtlGutter", "docGrid",
]
TBLPR = [
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW",
    "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
]
STYLE = [
    "name", "aliases", "basedOn", "next", "link", "autoRedefine", "hidden", "uiPriority", "semiHidden",
    "unhideWhenUsed", "qFormat", "locked", "personal", "personalCompose", "personalReply", "rsid", "pPr",
    "rPr", "tblPr", "trPr", "tcPr", "tblStylePr",
]
SETTINGS = [
    "zoom", "mirrorMargins", "bordersDoNotSurroundHeader", "defaultTabStop", "evenAndOddHeaders",
    "characterSpacingControl", "compat",
]
"""The order of children in the schema (ECMA-376, part 1), of the settings those that we use."""

ORDERS = {"pPr": PPR, "rPr": RPR, "sectPr": SECT, "tblPr": TBLPR, "style": STYLE, "settings": SETTINGS}


def parts(content: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()
                if name.startswith("word/") and name.endswith(".xml")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_children_stand_in_the_order_of_the_schema(language: str) -> None:
    text = [Block((Run("Text 1", 0),))]
    made = whole() if language == "zh" else draft(text, language="en", numbers=[number()])
    seen = set()
    for name, root in parts(docx.document(made)).items():
        for element in root.iter():
            order = ORDERS.get(element.tag.removeprefix(W))
            if order is None:
                continue
            children = [child.tag.removeprefix(W) for child in element]
            assert set(children) <= set(order), (name, element.tag, children)
            assert children == sorted(children, key=order.index), (name, element.tag, children)
            seen.add(element.tag.removeprefix(W))
    assert seen == set(ORDERS)


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert docx.document(whole()) == docx.document(whole())


def test_no_name_no_machine_and_no_time_enters_the_file() -> None:
    content = docx.document(whole())
    core = Document(io.BytesIO(content)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.title == "县教育局活动学习调研阶段小结"
    assert core.created is not None and core.created.year == 2026
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = b"".join(package.read(name) for name in package.namelist())
    assert b"python-docx" not in text and not any("thumbnail" in name for name in package.namelist())


def test_each_number_is_a_link_that_prints_plain() -> None:
    made = whole()
    document = Document(io.BytesIO(docx.document(made)))
    links = document.element.body.findall(f".//{W}p/{W}hyperlink")
    targets = {rel.rId: rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    said = {"".join(text.text or "" for text in link.iter(f"{W}t")): targets[link.get(key)] for link in links}
    assert said["13次"] == made.numbers[0].url and said["80余份"] == made.numbers[1].url
    assert {link.find(f".//{W}rStyle").get(f"{W}val") for link in links} == {"Hyperlink"}
    style = document.styles.element.find(f"{W}style[@{W}styleId='Hyperlink']")
    assert style.find(f".//{W}u").get(f"{W}val") == "none"
    assert style.find(f".//{W}color").get(f"{W}val") == "000000"


def test_the_annex_lists_every_number_with_its_page() -> None:
    table = Document(io.BytesIO(docx.document(whole()))).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["序号", "内容", "数值", "性质", "截至", "记录数", "查看"]
    assert [row[:6] for row in rows[1:]] == [
        ["1", "第1个数", "13次", "准确数", "2026-05-31", "13条"],
        ["2", "第2个数", "80次以上", "不少于", "2026-05-31", "13条"]]


def test_a_document_without_numbers_has_no_annex() -> None:
    document = Document(io.BytesIO(docx.document(draft([Block((Run("只有文字。"),))]))))
    assert document.tables == [] and "附件" not in "".join(each.text for each in document.paragraphs)


def test_the_annex_is_named_without_an_end_mark_below_the_text() -> None:
    lines = [each.text for each in Document(io.BytesIO(docx.document(whole()))).paragraphs]
    place = lines.index("附件：数字及其依据")
    assert lines[place - 1] == "" and lines[place + 1] == "" and lines[place + 2] == "县教育局"
    assert lines[place + 3] == "2026年5月31日"


def test_east_asian_fonts_are_set_for_every_style() -> None:
    styles = parts(docx.document(whole()))["word/styles.xml"]
    asian = {style.get(f"{W}styleId"): style.find(f".//{W}rFonts").get(f"{W}eastAsia")  # type: ignore[union-attr]
             for style in styles.iter(f"{W}style") if style.find(f".//{W}rFonts") is not None}
    assert asian["Normal"] == "仿宋_GB2312" and asian["Title"] == "方正小标宋简体"
    assert (asian["Heading1"], asian["Heading2"], asian["Heading3"]) == ("黑体", "楷体_GB2312", "仿宋_GB2312")
    assert asian["Footer"] == "宋体"
    assert all(font.name in fonts.table() and len(font.instead) > 1 for font in fonts.ALL)


def test_headings_keep_with_what_follows_and_widows_are_not_controlled() -> None:
    styles = parts(docx.document(whole()))["word/styles.xml"]
    found = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    assert found["Heading1"].find(f".//{W}keepNext") is not None
    assert found["Normal"].find(f".//{W}widowControl").get(f"{W}val") == "0"  # type: ignore[union-attr]


def test_control_characters_of_a_record_do_not_break_the_file() -> None:
    made = draft([Block((Run("不可见\x00字符\x0b。"),))])
    assert "不可见字符。" in [each.text for each in Document(io.BytesIO(docx.document(made))).paragraphs]


def test_the_page_number_alternates_sides() -> None:
    found = parts(docx.document(whole()))
    sides = {name: root.find(f".//{W}jc").get(f"{W}val")  # type: ignore[union-attr]
             for name, root in found.items() if "footer" in name}
    assert sorted(sides.values()) == ["left", "right"]
    for name, root in found.items():
        if "footer" in name:
            words = "".join(text.text or "" for text in root.iter(f"{W}t"))
            assert re.fullmatch(r"— \d+ —", words)
