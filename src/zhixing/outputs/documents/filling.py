"""Fills a pack's sentence with numbers and names. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from zhixing.flow.campaigns.packs.grammar import Hole, Listing, Node, Words

from .types import Run

Counted = Callable[[Hole], Run | None]
"""Gives the run of a number, None where it does not exist or is no number."""


def fill(nodes: Sequence[Node], names: Mapping[str, str], counted: Counted,
         language: str) -> list[Run] | None:
    """The runs, or None when something outside brackets does not exist; so too a list without a lead of which
    no part exists. A name that is "" does not exist. A list of one part that is all of the number before it
    (共收到24条，其中座谈会24条) says nothing more and is left out."""
    runs: list[Run] = []
    for node in nodes:
        if isinstance(node, Words):
            runs.append(Run(node.text))
        elif isinstance(node, Hole):
            run = Run(names[node.key]) if names.get(node.key) else counted(node)
            if run is None:
                return None
            runs.append(run)
        elif isinstance(node, Listing):
            listed = _listing(node, names, counted, language)
            if not listed and not node.lead:
                return None
            runs.extend(listed if not node.lead else _within(runs, listed, node, names, counted, language))
        else:
            runs.extend(fill(node.inner, names, counted, language) or ())
    return runs


def _within(runs: Sequence[Run], listed: Sequence[Run], node: Listing, names: Mapping[str, str],
            counted: Counted, language: str) -> Sequence[Run]:
    """A list that divides the number before it. Parts that come to more than it overlap (a head who is a
    teacher too): then only the first is told, which is true by itself."""
    before = [_amount(run) for run in runs if run.number is not None]
    parts = [_amount(run) for run in listed if run.number is not None]
    if not before or not parts:
        return listed
    if sum(parts) > before[-1]:
        listed = _listing(node, names, counted, language, only_first=True)
        parts = parts[:1]
    return [] if parts == before[-1:] else listed


def _amount(run: Run) -> Decimal:
    """The number that a run prints."""
    digits = "".join(letter for letter in run.text if letter in "0123456789.")
    return Decimal(digits.strip(".") or "0")


def _listing(node: Listing, names: Mapping[str, str], counted: Counted, language: str, *,
             only_first: bool = False) -> list[Run]:
    """The lead and the parts that exist: 甲、乙、丙; one, two and three. Nothing where no part exists."""
    lead = fill(node.lead, names, counted, language)
    parts = [part for part in (fill(each, names, counted, language) for each in node.parts) if part]
    if lead is None or not parts:
        return []
    if only_first:
        del parts[1:]
    runs = list(lead)
    for place, part in enumerate(parts):
        if place:
            last = place == len(parts) - 1
            runs.append(Run("、" if language == "zh" else " and " if last else ", "))
        runs.extend(part)
    return runs


def text_of(nodes: Sequence[Node], names: Mapping[str, str], language: str) -> str:
    """A text with names alone (a title, a heading); "" when a name outside brackets is not known."""
    return "".join(run.text for run in fill(nodes, names, lambda _hole: None, language) or ())


def pieces_of(nodes: Sequence[Node], names: Mapping[str, str], language: str) -> list[str]:
    """The same in pieces between which a title may be broken."""
    return [piece for piece in (text_of((node,), names, language) for node in nodes) if piece]


def joined(sentences: Sequence[Sequence[Run]], between: str) -> list[Run]:
    """Several sentences in one."""
    runs: list[Run] = []
    for place, sentence in enumerate(sentences):
        if place:
            runs.append(Run(between))
        runs.extend(sentence)
    return runs


def ended(runs: Sequence[Run], language: str) -> list[Run]:
    """With a full stop and, in English, a capital at the beginning and a blank after it."""
    made = [run for run in runs if run.text]
    if not made:
        return []
    if language != "zh":
        first = made[0]
        made[0] = Run(first.text[0].upper() + first.text[1:], first.number)
    last = made[-1].text
    if last[-1] not in "。！？.!?":
        made.append(Run("。" if language == "zh" else "."))
    return made


def merged(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbouring stretches of plain text in one."""
    made: list[Run] = []
    for run in runs:
        if run.number is None and made and made[-1].number is None:
            made[-1] = Run(made[-1].text + run.text)
        else:
            made.append(run)
    return tuple(made)
