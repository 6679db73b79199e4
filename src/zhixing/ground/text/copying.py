"""Passages that stand in more than one document: `copies`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from zhixing.ground.text.corpus import Ints, Progress
from zhixing.ground.text.folding import RUN, Folded, fold
from zhixing.ground.text.passages import LEAST_EVIDENCE, LEAST_UNITS, Passage, passages
from zhixing.ground.text.seeds import join

ADOPTED = 0.6
"""A document with this share of a shared passage's runs has adopted it."""
BRIDGE = 4
"""Runs of fewer documents in the middle that do not end a shared passage."""


@dataclass(frozen=True)
class Document:
    id: str
    text: str
    owner: str = ""
    """Whose it is, e.g. the unit: two documents of one owner are reuse of its own text."""
    written: date | None = None


@dataclass(frozen=True)
class Pair:
    a: str
    b: str
    share: float
    """Of the shorter of the two documents: how much of it (in characters) stands in the other."""
    passages: tuple[Passage, ...]
    kind: str
    """copy, own (the owner's own other text) or source (a template or a document of the superior)."""
    first: str
    """The id of the earlier one, where both are dated and the dates differ, or the source; else ""."""


@dataclass(frozen=True)
class Shared:
    """A passage that many documents share: a matter for one decision, not for one per pair."""

    text: str
    places: tuple[tuple[str, int, int], ...]
    """(document, start, end), sorted by document."""

    @property
    def documents(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class Copies:
    pairs: tuple[Pair, ...]
    shared: tuple[Shared, ...]


def _quiet(step: str, share: float) -> None:
    pass


def _stretches(uses: Ints, many: int) -> list[tuple[int, int]]:
    """Stretches of runs that many documents share, long enough to be a passage and no mere set phrase."""
    common = np.flatnonzero(uses >= many)
    if not len(common):
        return []
    parts = np.split(common, np.flatnonzero(np.diff(common) > BRIDGE) + 1)
    return [(int(p[0]), int(p[-1]) + 1) for p in parts if p[-1] - p[0] + RUN >= LEAST_UNITS]


def _shared(documents: Sequence[Document], folded: Sequence[Folded], uses: list[Ints], many: int) -> list[Shared]:
    holders: dict[int, set[int]] = {}
    stretches: list[tuple[int, int, int]] = []
    for number, (one, counted) in enumerate(zip(folded, uses, strict=True)):
        for run in one.runs[counted >= many].tolist():
            holders.setdefault(run, set()).add(number)
        stretches += [(begin - behind, number, begin) for begin, behind in _stretches(counted, many)]
    taken: list[set[int]] = []
    found: list[Shared] = []
    for length, number, begin in sorted(stretches, key=lambda s: (s[0], documents[s[1]].id, s[2])):
        runs = folded[number].runs[begin : begin - length].tolist()
        held = set(runs)
        if any(len(held & other) >= ADOPTED * len(held) for other in taken):
            continue
        taken.append(held)
        count: dict[int, int] = {}
        for run in held:
            for document in holders.get(run, ()):
                count[document] = count.get(document, 0) + 1
        places = []
        for document in (d for d, n in count.items() if n >= ADOPTED * len(held)):
            one = folded[document]
            at = np.flatnonzero(np.isin(one.runs, np.array(sorted(held), np.uint64)))
            places.append((documents[document].id, *one.span(int(at[0]), int(at[-1]) + RUN)))
        if len(places) >= many:
            start, end = folded[number].span(begin, begin - length + RUN - 1)
            found.append(Shared(documents[number].text[start:end], tuple(sorted(places))))
    return sorted(found, key=lambda shared: (-shared.documents, shared.text))


def _pair(one: Document, other: Document, found: list[Passage], source: bool) -> Pair:
    lengths = max(1, len(one.text)), max(1, len(other.text))
    share = max(
        sum(p.a_end - p.a_start for p in found) / lengths[0],
        sum(p.b_end - p.b_start for p in found) / lengths[1],
    )
    first = ""
    if source:
        first = other.id
    elif one.written and other.written and one.written != other.written:
        first = one.id if one.written < other.written else other.id
    kind = "source" if source else "own" if one.owner and one.owner == other.owner else "copy"
    return Pair(one.id, other.id, round(min(share, 1.0), 4), tuple(found), kind, first)


def copies(
    documents: Sequence[Document], *, against: Sequence[Document] = (), progress: Progress = _quiet
) -> Copies:
    """Compares `documents` with one another and with `against` (templates, the superior's documents), which are not
    compared among themselves. Raises ValueError for two documents of one id.

    What many documents share is reported once in `shared`, with all who have it, and not again for every pair.
    """
    ordered = [*sorted(documents, key=lambda d: d.id), *sorted(against, key=lambda d: d.id)]
    if len({document.id for document in ordered}) != len(ordered):
        raise ValueError("Two documents have the same id.")
    folded: list[Folded] = []
    for number, document in enumerate(ordered):
        progress("reading", 0.5 * number / len(ordered))
        folded.append(fold(document.text))
    progress("comparing", 0.5)
    seeds = join(folded, len(against))
    edge = len(documents)
    pairs: list[Pair] = []
    fresh = np.flatnonzero(np.r_[True, (seeds.a[1:] != seeds.a[:-1]) | (seeds.b[1:] != seeds.b[:-1])][: len(seeds.a)])
    bounds = np.r_[fresh, len(seeds.a)]
    enough = np.add.reduceat(seeds.weight, fresh) >= LEAST_EVIDENCE if len(seeds.a) else fresh > 0
    chosen = zip(bounds[:-1][enough].tolist(), bounds[1:][enough].tolist(), strict=True)
    for number, (begin, end) in enumerate(chosen):
        if number % 64 == 0:
            progress("passages", 0.55 + 0.4 * number / max(1, int(enough.sum())))
        a, b = int(seeds.a[begin]), int(seeds.b[begin])
        some = slice(begin, end)
        found = passages(folded[a], folded[b], seeds.at_a[some], seeds.at_b[some], seeds.weight[some])
        if found:
            pairs.append(_pair(ordered[a], ordered[b], found, b >= edge))
    progress("shared passages", 0.95)
    shared = _shared(ordered, folded, seeds.uses, seeds.many)
    progress("done", 1.0)
    return Copies(tuple(pairs), tuple(shared))
