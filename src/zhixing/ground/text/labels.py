"""What a person reads of a group: its label, its telling words, how sure it is, and why each opinion is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from zhixing.ground.text.corpus import Corpus, Floats, Ints
from zhixing.ground.text.matter import Matter
from zhixing.ground.text.normal import Levelled, level
from zhixing.ground.text.places import Places
from zhixing.ground.text.types import Group, Member, Opinion, Reason
from zhixing.ground.text.words import cut, stem

LABEL_WORDS = 5
REASON_WORDS = 6
REASON_PLACES = 3
LABEL_CHARACTERS = 60
_SENTENCE = re.compile(r"[^。！？!?\n.;；]+[。！？!?]?")


def _sentence(opinion: Opinion, words: Sequence[str]) -> str:
    """The title, or the sentence of the text with the most of the group's words; a real one, cut at 60."""
    title = " ".join(opinion.title.split())
    if title:
        return title[:LABEL_CHARACTERS]
    best, most = "", -1
    for found in _SENTENCE.finditer(opinion.text[:2000]):
        sentence = " ".join(found.group().split())
        if len(sentence) < 2:
            continue
        held = set(map(stem, cut(level(sentence))))
        count = sum(word in held for word in words)
        if count > most:
            best, most = sentence, count
    return (best or " ".join(opinion.text.split()))[:LABEL_CHARACTERS]


@dataclass(frozen=True)
class _Row:
    """One row of a sparse matrix: slicing the matrix itself costs fifty times as much."""

    columns: Ints
    values: Floats

    @classmethod
    def of(cls, matrix: sparse.csr_matrix, row: int) -> _Row:
        begin, end = matrix.indptr[row], matrix.indptr[row + 1]
        return cls(matrix.indices[begin:end], matrix.data[begin:end])

    def largest(self, keep: int) -> list[int]:
        """The columns of the largest values, equal ones by column."""
        order = np.lexsort((self.columns, -self.values))
        return [int(self.columns[place]) for place in order[:keep] if self.values[place] > 0]

    def shared_with(self, whole: _Row) -> _Row:
        """Of a member's row, what others of the group hold too; `whole` is the sum over the group, by column."""
        place = np.searchsorted(whole.columns, self.columns)
        held = whole.values[np.minimum(place, len(whole.values) - 1)] - self.values > 1e-9
        return _Row(self.columns[held], self.values[held])


def _sureness(alike: sparse.csr_matrix, groups: Ints) -> Floats:
    """Of each unit: its link to its own group against the strongest one to another; alone: how far all are."""
    units = len(groups)
    member = sparse.csr_matrix((np.ones(units), (np.arange(units), groups)))
    reach = (alike @ member).tocsr()
    size = np.bincount(groups)
    inner = np.bincount(groups, np.asarray(reach[np.arange(units), groups]).ravel()) + size
    reach = (reach @ sparse.diags(1.0 / np.sqrt(inner))).tocoo()
    own, other = np.zeros(units), np.zeros(units)
    mine = reach.col == groups[reach.row]
    own[reach.row[mine]] = reach.data[mine]
    own += 1.0 / np.sqrt(inner[groups])
    np.maximum.at(other, reach.row[~mine], reach.data[~mine])
    other = np.minimum(other, 1.0)
    return np.asarray(np.round(np.where(size[groups] > 1, own / (own + other), 1.0 - other), 2), np.float64)


def _cores(alike: sparse.csr_matrix, groups: Ints) -> Ints:
    """Of each group the unit that is nearest to all others of it, the first of equals."""
    pairs = alike.tocoo()
    inner = groups[pairs.row] == groups[pairs.col]
    inward = np.bincount(pairs.row[inner], pairs.data[inner], minlength=len(groups))
    order = np.lexsort((np.arange(len(groups)), -inward, groups))
    first = np.r_[True, groups[order][1:] != groups[order][:-1]]
    return np.asarray(order[first], np.int64)


def _as_written(text: tuple[str, str], stems: Sequence[str]) -> tuple[str, ...]:
    """The words of the text that have these stems."""
    first: dict[str, str] = {}
    for piece in [*cut(text[0]), *cut(text[1])]:
        first.setdefault(stem(piece), piece)
    return tuple(first[word] for word in stems if word in first)


def describe(
    opinions: Sequence[Opinion], corpus: Corpus, places: Places, matter: Matter, *, row: Ints, of: Ints, groups: Ints,
    where: Ints, alike: sparse.csr_matrix, settled: Sequence[str],
) -> tuple[tuple[Group, ...], tuple[Member, ...]]:
    """`of` gives the unit of each opinion; `row` (its text), `groups`, `where` and `settled` are per unit."""
    count, units = int(groups.max()) + 1, len(groups)
    member = sparse.csr_matrix((np.ones(units), (groups, np.arange(units))), (count, units))
    spread = sparse.csr_matrix((np.ones(units), (np.arange(units), row)), (units, corpus.size))
    holds = (member @ spread).tocsr()
    words, named = (holds @ matter.sparse).tocsr(), (holds @ places.mentions).tocsr()
    words.sort_indices()
    named.sort_indices()
    sure = _sureness(alike, groups)
    cores = _cores(alike, groups)
    of_group: list[list[int]] = [[] for _ in range(count)]
    for number, unit in enumerate(of):
        of_group[groups[unit]].append(number)
    # ids sort the members of a group, so that what is printed does not depend on the order of the input either
    made: list[Group] = []
    reasons: dict[int, Reason] = {}
    for group, numbers in enumerate(of_group):
        telling = [matter.words[column] for column in _Row.of(words, group).largest(LABEL_WORDS)]
        best = _Row.of(named, group).largest(1)
        name = places.names[best[0]] if best else ""
        core = min((n for n in numbers if of[n] == cores[group]), key=lambda n: opinions[n].id)
        size = len({int(of[n]) for n in numbers})
        for unit in {int(of[n]) for n in numbers}:
            if size > 1:
                all_words, all_names = _Row.of(words, group), _Row.of(named, group)
                text = corpus.texts[row[unit]]
                reasons[unit] = _reason(text, matter, places, int(row[unit]), all_words, all_names)
        made.append(Group(
            group + 1, tuple(sorted(opinions[n].id for n in numbers)), _sentence(opinions[core], telling),
            _as_written(corpus.texts[row[of[core]]], telling) or tuple(telling),
            float(np.round(np.mean([sure[of[n]] for n in numbers]), 2)),
            int(where[of[numbers[0]]]) + 1 if best else -1, name, settled[of[numbers[0]]],
        ))
    members = tuple(
        Member(opinion.id, int(groups[of[n]]) + 1, float(sure[of[n]]), reasons.get(int(of[n]), Reason()))
        for n, opinion in enumerate(opinions)
    )
    return tuple(made), members


def _reason(text: tuple[str, str], matter: Matter, places: Places, row: int, words: _Row, named: _Row) -> Reason:
    """What the text shares with at least one other of its group."""
    shared = _Row.of(matter.sparse, row).shared_with(words)
    common = _Row.of(places.mentions, row).shared_with(named)
    telling = [matter.words[column] for column in shared.largest(REASON_WORDS)]
    spots = [places.names[column] for column in common.largest(REASON_PLACES)]
    return Reason(_as_written(text, telling), tuple(spots))


def marks(text: str, reason: Reason) -> list[tuple[int, int]]:
    """Where the words and places of a reason stand in the text as it was written, in order, without overlap."""
    levelled = Levelled.of(text)
    spans: list[tuple[int, int]] = []
    for word in [*reason.places, *reason.words]:
        begin = levelled.text.find(word)
        while begin >= 0:
            if all(begin >= end or begin + len(word) <= start for start, end in spans):
                spans.append((begin, begin + len(word)))
            begin = levelled.text.find(word, begin + len(word))
    return [levelled.back(start, end) for start, end in sorted(spans)]
