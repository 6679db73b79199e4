"""Opinions about the same matter together: `collate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhixing.ground.text.corpus import Corpus, Ints, Progress, gather
from zhixing.ground.text.labels import describe
from zhixing.ground.text.linking import Contradiction, by_first, merge
from zhixing.ground.text.matter import find_matter
from zhixing.ground.text.models import Model
from zhixing.ground.text.pairs import Recipe, compare
from zhixing.ground.text.places import find_places
from zhixing.ground.text.types import Collation, Opinion
from zhixing.ground.text.words import has_han

CHINESE = Recipe()
ENGLISH = Recipe(threshold=0.36)
SAME_PLACE = 0.5
WITH_MODEL = 0.9
WITH_MODEL_THRESHOLD = 0.6


def _quiet(step: str, share: float) -> None:
    pass


def language_of(opinions: Sequence[Opinion]) -> str:
    """zh where at least half of the texts have Chinese characters, else en."""
    han = sum(has_han(opinion.title) or has_han(opinion.text[:500]) for opinion in opinions)
    return "zh" if 2 * han >= len(opinions) else "en"


@dataclass
class _Units:
    """Texts that are the same are one unit, unless people have put them in different groups."""

    of: Ints
    """The unit of each opinion."""
    row: Ints
    """The text of each unit."""
    settled: Ints
    """The settled group of each unit, -1: none."""
    names: list[str]
    """Of the settled groups."""
    apart: list[tuple[int, int]]

    def spread(self, matrix: sparse.csr_matrix, rows: int) -> sparse.csr_matrix:
        """Text × text as unit × unit; units of the same text are wholly alike."""
        count = len(self.row)
        onto = sparse.csr_matrix((np.ones(count), (np.arange(count), self.row)), (count, rows))
        same = (onto @ onto.T).tocsr()
        same.setdiag(0)
        same.eliminate_zeros()
        return (onto @ matrix @ onto.T + same).tocsr()


def _units(rows: Ints, settled: Sequence[str], apart: Iterable[tuple[int, int]]) -> _Units:
    names = sorted({name for name in settled if name})
    number = {name: index for index, name in enumerate(names)} | {"": -1}
    keys = [(int(row), number[name], 0) for row, name in zip(rows, settled, strict=True)]
    apart = list(apart)
    for one, other in apart:
        if keys[one] == keys[other]:
            row, held, _ = keys[other]
            keys[other] = (row, held, max(k[2] for k in keys if k[:2] == (row, held)) + 1)
    distinct = sorted(set(keys))
    place = {key: index for index, key in enumerate(distinct)}
    of = np.array([place[key] for key in keys], np.int64)
    pairs = sorted({(int(min(of[a], of[b])), int(max(of[a], of[b]))) for a, b in apart})
    row_of, group, _ = np.array(distinct, np.int64).T
    return _Units(of, row_of, group, names, pairs)


def _modelled(corpus: Corpus, model: Model | None) -> NDArray[np.float32] | None:
    if model is None:
        return None
    return model([f"{title} {body}".strip() for title, body in corpus.texts])


def collate(
    opinions: Sequence[Opinion],
    *,
    earlier: Sequence[Opinion] = (),
    settled: Mapping[str, str] | None = None,
    together: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    model: Model | None = None,
    progress: Progress = _quiet,
) -> Collation:
    """Groups `opinions`. The result does not depend on their order.

    `earlier` opinions say which words are common here and which names are places, and two opinions that both stand
    near the same earlier ones find together through them; they do not appear in the result. `settled`
    maps an opinion's id to the settled group it stands in: those groups stay as they are and may take in new
    opinions. `together` and `apart` are pairs of ids as people decided. Raises ValueError where decisions
    contradict each other, KeyError for an id that is not among `opinions`.
    """
    if not opinions:
        return Collation((), (), "zh")
    place_of = {opinion.id: place for place, opinion in enumerate(opinions)}
    if len(place_of) != len(opinions):
        raise ValueError("Two opinions have the same id.")
    language = language_of(opinions)
    recipe = CHINESE if language == "zh" else ENGLISH
    if model is not None:
        recipe = Recipe(threshold=WITH_MODEL_THRESHOLD, model=WITH_MODEL)

    everything = [*opinions, *earlier]
    corpus = gather([(opinion.title, opinion.text) for opinion in everything], lambda s, p: progress(s, 0.4 * p))
    progress("places", 0.4)
    places = find_places(corpus)
    progress("weights", 0.5)
    matter = find_matter(corpus, places)
    vectors = _modelled(corpus, model)
    progress("comparing", 0.65)
    alike, near = compare(places, matter, recipe, vectors)

    progress("grouping", 0.8)
    cut = [(place_of[a], place_of[b]) for a, b in apart]
    tied = [(place_of[a], place_of[b]) for a, b in together]
    held = [(settled or {}).get(opinion.id, "") for opinion in opinions] + [""] * len(earlier)
    units = _units(corpus.row_of, held, cut)
    alike, near = units.spread(alike, corpus.size), units.spread(near, corpus.size)
    of = units.of
    try:
        groups = merge(
            alike, recipe.threshold, settled=units.settled, apart=units.apart,
            together=[(int(of[a]), int(of[b])) for a, b in tied],
        )
    except Contradiction as error:
        ids = sorted(opinions[int(np.flatnonzero(of == unit)[0])].id for unit in error.pair)
        raise ValueError(f"Opinions {ids[0]} and {ids[1]} are to be kept both together and apart.") from error
    where = merge(near, SAME_PLACE, start=groups)
    progress("labels", 0.9)
    mine, of = np.unique(of[: len(opinions)], return_inverse=True)
    found = describe(
        opinions, corpus, places, matter, row=units.row[mine], of=of.astype(np.int64), groups=by_first(groups[mine]),
        where=by_first(where[mine]), alike=alike[mine][:, mine],
        settled=[units.names[number] if number >= 0 else "" for number in units.settled[mine]],
    )
    progress("done", 1.0)
    return Collation(*found, language)
