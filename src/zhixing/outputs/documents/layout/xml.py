"""WordprocessingML by hand: small makers that keep the schema's order, without which Word drops frames and
borders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PPR = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "snapToGrid", "spacing", "ind",
       "jc", "outlineLvl")
RPR = ("rStyle", "rFonts", "b", "noProof", "color", "spacing", "sz", "szCs", "u", "lang")
"""Those children of CT_PPr and CT_RPr that we use, in the order of the schema (ECMA-376, part 1)."""

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
