"""WordprocessingML by hand: small makers that keep the schema's order, without which Word drops frames and
borders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PPR = tuple(
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange".split())
RPR = tuple(
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
    "em lang eastAsianLayout specVanish oMath".split())
"""The order of children in CT_PPr and CT_RPr (ECMA-376, part 1)."""

Value = str | int | Mapping[str, str | int] | None


def element(name: str, attributes: Mapping[str, str | int] | None = None, *children: Any) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in (attributes or {}).items():
        made.set(qn(key if ":" in key else f"w:{key}"), str(value))
    for child in children:
        made.append(child)
    return made


def properties(name: str, order: tuple[str, ...], given: Mapping[str, Value]) -> Any:
    """`pPr` or `rPr`: a value is the element's `val`, a mapping its attributes, None an element alone."""
    made = element(name)
    for child in sorted(given, key=order.index):
        value = given[child]
        attributes = value if value is None or isinstance(value, Mapping) else {"val": value}
        made.append(element(child, attributes))
    return made


def ppr(given: Mapping[str, Value]) -> Any:
    return properties("pPr", PPR, given)


def rpr(given: Mapping[str, Value]) -> Any:
    return properties("rPr", RPR, given)


def text(words: str) -> Any:
    made = element("t", {"xml:space": "preserve"})
    made.text = clean(words)
    return made


def clean(words: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(letter for letter in words if letter >= " " or letter in "\t\n")


def run(words: str, given: Mapping[str, Value] | None = None) -> Any:
    children = [rpr(given)] if given else []
    return element("r", None, *children, text(words))


def paragraph(given: Mapping[str, Value], *children: Any) -> Any:
    return element("p", None, ppr(given), *children)


def field(instruction: str, given: Mapping[str, Value]) -> list[Any]:
    """A field such as PAGE, as runs."""
    code = element("instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    parts: list[Any] = [element("fldChar", {"fldCharType": "begin"}), code,
                        element("fldChar", {"fldCharType": "separate"}), text("1"),
                        element("fldChar", {"fldCharType": "end"})]
    return [element("r", None, rpr(given), part) for part in parts]
