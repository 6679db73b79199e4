"""The sentences of a pack: text with numbers and names in it.

| written | means |
|---|---|
| `{n:次}`, `{n:report\\|reports}` | a number and the word after it (singular and plural where they differ) |
| `{n}` | a number and its usual measure word |
| `{unit}` | a name that the document knows (`NAMES`, and those of what `each` goes through) |
| `[…]` | left out where a number or name in it does not exist; may be nested |
| `[lead/one {a}/two {b}]` | the lead, then those of the parts that exist, joined as a list |

A sentence with numbers stands only where all of its numbers outside brackets exist, and at least one number
is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NAMES = ("campaign", "unit", "phase", "period", "months", "as_of", "so_far")
"""What every document can name. `so_far` stands only after the first phase, before figures that hold what came
before it too."""

_HOLE = re.compile(r"\{([a-z_]+)(?::([^{}]*))?\}")


@dataclass(frozen=True)
class Words:
    text: str


@dataclass(frozen=True)
class Hole:
    """A number or a name. `noun` None means the usual measure word."""

    key: str
    noun: str | None = None


@dataclass(frozen=True)
class Option:
    inner: tuple[Node, ...]


@dataclass(frozen=True)
class Listing:
    lead: tuple[Node, ...]
    parts: tuple[tuple[Node, ...], ...]


Node = Words | Hole | Option | Listing


class BadText(ValueError):
    """A text that cannot be read; `str(error)` says why."""


def parse(text: str) -> tuple[Node, ...]:
    """Raises BadText for brackets that do not match and for holes that cannot be read."""
    nodes, end = _sequence(text, 0, inside=False)
    if end != len(text):
        raise BadText("a ] without a [")
    return nodes[0]


def _sequence(text: str, at: int, *, inside: bool) -> tuple[list[tuple[Node, ...]], int]:
    """The parts (divided by / where inside brackets) from `at` to the closing bracket or the end."""
    parts: list[tuple[Node, ...]] = []
    nodes: list[Node] = []
    start = at
    while at < len(text):
        mark = text[at]
        if mark in "[]{}" or (mark == "/" and inside):
            if at > start:
                nodes.append(Words(text[start:at]))
            if mark == "]":
                break
            if mark == "/":
                parts.append(tuple(nodes))
                nodes, at = [], at + 1
            elif mark == "[":
                node, at = _brackets(text, at)
                nodes.append(node)
            else:
                hole = _HOLE.match(text, at)
                if hole is None:
                    raise BadText(f"cannot read {text[at:at + 12]!r}: write {{name}} or {{name:word}}")
                nodes.append(Hole(hole[1], hole[2]))
                at = hole.end()
            start = at
        else:
            at += 1
    else:
        if inside:
            raise BadText("a [ without its ]")
        if at > start:
            nodes.append(Words(text[start:at]))
    return [*parts, tuple(nodes)], at


def _brackets(text: str, at: int) -> tuple[Node, int]:
    parts, end = _sequence(text, at + 1, inside=True)
    node: Node = Option(parts[0]) if len(parts) == 1 else Listing(parts[0], tuple(parts[1:]))
    return node, end + 1


def holes(nodes: Sequence[Node]) -> Iterator[Hole]:
    """Every hole, however deep."""
    for node in nodes:
        if isinstance(node, Hole):
            yield node
        elif isinstance(node, Option):
            yield from holes(node.inner)
        elif isinstance(node, Listing):
            yield from holes(node.lead)
            for part in node.parts:
                yield from holes(part)
