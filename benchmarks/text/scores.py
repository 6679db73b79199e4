"""How well groups match what people labelled. Definitions as in ../shared/measured.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


def _pairs(counts: Counter[Hashable]) -> float:
    return sum(n * (n - 1) / 2 for n in counts.values())


def pair_f1(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    both = _pairs(Counter(zip(truth, found, strict=True)))
    return 2 * both / max(1.0, _pairs(Counter(truth)) + _pairs(Counter(found)))


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    both = Counter(zip(truth, found, strict=True))
    of_found, of_truth = Counter(found), Counter(truth)
    precision = sum(n * n / of_found[f] for (_, f), n in both.items()) / len(truth)
    recall = sum(n * n / of_truth[t] for (t, _), n in both.items()) / len(truth)
    return 2 * precision * recall / (precision + recall)


def rand_adjusted(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    both, first, second = _pairs(Counter(zip(one, other, strict=True))), _pairs(Counter(one)), _pairs(Counter(other))
    chance = first * second / max(1.0, len(one) * (len(one) - 1) / 2)
    most = (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


@dataclass(frozen=True)
class Label:
    row: int
    issue: str
    place: str


@dataclass(frozen=True)
class Score:
    f1: float
    b3: float
    hard: float
    mrec: float
    foreign: float

    def __str__(self) -> str:
        return (f"F1 {self.f1:.3f}  B³ {self.b3:.3f}  hard {self.hard:.3f}  "
                f"mrec {self.mrec:.3f}  foreign {self.foreign:.3f}")


def score(groups: Sequence[int], labels: Sequence[Label], texts: Sequence[str]) -> Score:
    """`groups` of all messages; only labelled ones are scored, strangers are looked for among all."""
    issues = [label.issue for label in labels]
    found = [groups[label.row] for label in labels]
    together, apart = [0, 0], [0, 0]
    for i, one in enumerate(labels):
        for j in range(i):
            other = labels[j]
            if one.place == other.place:
                same = found[i] == found[j]
                tally = together if one.issue == other.issue else apart
                tally[0] += same == (one.issue == other.issue)
                tally[1] += 1
    both, sizes = Counter(zip(issues, found, strict=True)), Counter(issues)
    largest: dict[str, int] = defaultdict(int)
    for (issue, _), count in both.items():
        largest[issue] = max(largest[issue], count)
    recalls = [largest[issue] / size for issue, size in sizes.items() if size > 1]
    places: dict[int, set[str]] = defaultdict(set)
    for label, group in zip(labels, found, strict=True):
        places[group].add(label.place)
    strangers = everyone = 0
    for row, group in enumerate(groups):
        if group in places:
            everyone += 1
            strangers += not any(place in texts[row] for place in places[group])
    return Score(
        pair_f1(issues, found), b_cubed(issues, found),
        (together[0] / max(1, together[1]) + apart[0] / max(1, apart[1])) / 2,
        sum(recalls) / max(1, len(recalls)), strangers / max(1, everyone),
    )
