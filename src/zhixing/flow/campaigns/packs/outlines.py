"""The documents of a pack, read into plain types. What is written here has passed the linter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import grammar

ITEMS = ("paragraphs", "inline", "numbers")
"""How remarks are set: a paragraph each, 一是…；二是…。 in one paragraph, or numbered."""

EACH = {
    "polls": ("poll", "poll_code"),
    "aspects": ("poll", "poll_code", "aspect", "aspect_code", "counted", "grades"),
    "facts": ("fact", "fact_code", "source"),
    "phases": ("phase", "phase_code", "months"),
}
"""What a sentence or part may go through, and the names each of them brings."""


@dataclass(frozen=True)
class FigureSpec:
    """A figure that a sentence counts. It exists where its value is known and above 0 (`zero`: also where it
    is 0), and within `least` and `most`. A figure that offers `phase` is that of the document's phase, unless
    `whole`."""

    figure: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least: Decimal | None = None
    most: Decimal | None = None
    zero: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Pattern:
    text: tuple[grammar.Node, ...]
    figures: Mapping[str, FigureSpec]
    each: str = ""
    joined: str = ""
    lead: tuple[grammar.Node, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a document: level 1 to 4 with a heading, or level 0 without one."""

    level: int = 0
    heading: str = ""
    text: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    sentences_last: bool = False
    remarks: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    items: str = "paragraphs"
    lead: str = ""
    each: str = ""
    duties: str = ""


@dataclass(frozen=True)
class Outline:
    kind: str
    name: str
    label: str
    title: str
    opening: str
    parts: tuple[Part, ...]

    @property
    def asks_for_problems(self) -> bool:
        return any("problem" in part.remarks for part in self.parts)


def spec(raw: Mapping[str, Any]) -> FigureSpec:
    where = {key: (value,) if isinstance(value, str) else tuple(value)
             for key, value in raw.get("where", {}).items()}
    return FigureSpec(
        raw["figure"], where, _decimal(raw.get("min")), _decimal(raw.get("max")),
        bool(raw.get("zero", False)), bool(raw.get("whole", False)))


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def pattern(raw: Mapping[str, Any]) -> Pattern:
    return Pattern(
        grammar.parse(raw["text"]), {key: spec(each) for key, each in raw.get("figures", {}).items()},
        raw.get("each", ""), raw.get("joined", ""), grammar.parse(raw.get("lead", "")))


def part(raw: Mapping[str, Any]) -> Part:
    made: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return Part(**made)


def outline(kind: str, name: str, raw: Mapping[str, Any]) -> Outline:
    return Outline(kind, name, raw.get("label", name), raw["title"], raw.get("opening", ""),
                   tuple(part(each) for each in raw["parts"]))
