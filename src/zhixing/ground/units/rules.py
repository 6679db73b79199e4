"""Where units stand, decided from given facts alone: who is under whom in which period, circles, and the
path of every unit through time. Units may be named by anything hashable (ids here, codes in an import).

Periods are half-open: `starts` is the first day, `ends` the day after the last."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from .types import ALWAYS, FOREVER, step

Key = Hashable


class Edge(NamedTuple):
    """In this period the unit stood directly under `parent` (None: under nobody)."""

    unit: Key
    parent: Key | None
    starts: date = ALWAYS
    ends: date = FOREVER


class Place(NamedTuple):
    """In this period the unit stood at this path."""

    starts: date
    ends: date
    path: str


class Facts(NamedTuple):
    """A unit as it is stored; `valid_to` is its last day."""

    id: int
    parent: int | None
    valid_from: date | None
    valid_to: date | None


Placement = tuple[Key, Key | None, date | None, date | None]
"""(unit, parent, from, to): `to` is the last day; None means not limited."""


class Circular(Exception):
    """Units would stand above themselves; `circles` as `circles()` gives them."""

    def __init__(self, found: Sequence[tuple[Key, ...]]) -> None:
        super().__init__(found)
        self.circles = found


def day_after(last: date | None) -> date:
    """The exclusive end of a period with this last day; FOREVER where it has none."""
    return FOREVER if last is None or last >= FOREVER else last + timedelta(days=1)


def edges(units: Iterable[tuple[Key, Key | None]], placements: Iterable[Placement]) -> Iterator[Edge]:
    """Who stood under whom, in the order of time for each unit, without overlaps or gaps.

    Placements say where a unit stood in their period, the unit's own parent holds outside them. Where two
    placements of a unit cover the same day, the one that began later holds."""
    placed: dict[Key, list[tuple[date, date, Key | None]]] = defaultdict(list)
    for unit, parent, first, last in placements:
        placed[unit].append((first or ALWAYS, day_after(last), parent))
    for unit, parent in units:
        if unit not in placed:
            yield Edge(unit, parent)
        else:
            yield from _overlaid(unit, parent, sorted(placed[unit], key=lambda one: one[:2]))


def _overlaid(unit: Key, parent: Key | None,
              placed: Sequence[tuple[date, date, Key | None]]) -> Iterator[Edge]:
    days = sorted({ALWAYS, FOREVER, *(one[0] for one in placed), *(one[1] for one in placed)})
    open_edge: Edge | None = None
    for starts, ends in pairwise(days):
        over = [above for first, end, above in placed if first <= starts and ends <= end]
        above = over[-1] if over else parent
        if open_edge is not None and open_edge.parent == above:
            open_edge = open_edge._replace(ends=ends)
            continue
        if open_edge is not None:
            yield open_edge
        open_edge = Edge(unit, above, starts, ends)
    if open_edge is not None:
        yield open_edge


def circles(all_edges: Iterable[Edge]) -> list[tuple[Key, ...]]:
    """Every circle in which a unit stands above itself on some day, each once, as (unit, its superior, …).

    A under B in one year and B under A in another is no circle. A parent that has no edges is a root."""
    above: dict[Key, list[Edge]] = defaultdict(list)
    for edge in all_edges:
        above[edge.unit].append(edge)
    found: dict[frozenset[Key], tuple[Key, ...]] = {}
    core = _knotted(above)
    for unit in core:
        for circle in _returns(unit, core):
            found.setdefault(frozenset(circle), circle)
    return list(found.values())


def _knotted(above: Mapping[Key, list[Edge]]) -> dict[Key, list[Edge]]:
    """The units that stand on a circle once dates are forgotten (and those between two such circles)."""
    core = {unit: [edge for edge in own if edge.parent in above] for unit, own in above.items()}
    below: dict[Key, set[Key]] = defaultdict(set)
    for unit, own in core.items():
        for edge in own:
            below[edge.parent].add(unit)
    parents = {unit: {edge.parent for edge in own} for unit, own in core.items()}
    loose = deque(unit for unit in core if not parents[unit] or not below[unit])
    while loose:
        unit = loose.popleft()
        if core.pop(unit, None) is None:
            continue
        for child in below[unit]:
            parents[child].discard(unit)
            if child in core and not parents[child]:
                loose.append(child)
        for parent in parents[unit]:
            below[parent].discard(unit)
            if parent in core and not below[parent]:
                loose.append(parent)
    return {unit: [edge for edge in own if edge.parent in core] for unit, own in core.items()}


def _returns(start: Key, core: Mapping[Key, list[Edge]]) -> Iterator[tuple[Key, ...]]:
    """The ways that lead from a unit up to itself within one period."""
    ways: list[tuple[tuple[Key, ...], date, date]] = [((start,), ALWAYS, FOREVER)]
    while ways:
        way, starts, ends = ways.pop()
        for edge in core[way[-1]]:
            first, end = max(starts, edge.starts), min(ends, edge.ends)
            if first >= end or edge.parent is None:
                continue
            if edge.parent == start:
                yield way
            elif edge.parent not in way:
                ways.append(((*way, edge.parent), first, end))


def places(units: Sequence[Facts], placements: Iterable[Placement]) -> dict[int, list[Place]]:
    """For each unit the periods during which its whole chain of superiors did not change, while it existed.

    A unit whose superior is closed (or not yet opened) on a day stands under the nearest superior that is
    open on that day, so that it stays visible to those above; with none, it is a root. Raises Circular."""
    return _Walk(units, placements).result()


def _cut(unit: Facts, place: Place) -> list[tuple[date, date, bool]]:
    """The parts of a period before, during and after the unit's own time: (starts, ends, did it exist?)."""
    if unit.valid_from is None and unit.valid_to is None:
        return [(place.starts, place.ends, True)]
    opens, closes = unit.valid_from or ALWAYS, day_after(unit.valid_to)
    inside = {day for day in (opens, closes) if place.starts < day < place.ends}
    days = sorted({place.starts, place.ends, *inside})
    return [(starts, ends, opens <= starts < closes) for starts, ends in pairwise(days)]


class _Walk:
    """Works out `places` from the roots down: a unit's places are its superior's, cut by its own dates.

    `chain[unit]` covers all of time, also when the unit does not exist: then it is the place that those
    below it have. Units that swapped over the years (A under B, later B under A) have no order from the
    roots down; theirs is worked out period by period."""

    def __init__(self, units: Sequence[Facts], placements: Iterable[Placement]) -> None:
        self.facts: dict[Key, Facts] = {unit.id: unit for unit in units}
        self.edges: dict[Key, list[Edge]] = defaultdict(list)
        for edge in edges(((unit.id, unit.parent) for unit in units), placements):
            known = edge.parent in self.facts
            self.edges[edge.unit].append(edge if known else edge._replace(parent=None))
        self.chain: dict[Key, list[Place]] = {}

    def result(self) -> dict[int, list[Place]]:
        for unit in self._from_the_roots():
            self.chain[unit] = self._own(unit, ALWAYS, FOREVER)
        knotted = [unit for unit in self.facts if unit not in self.chain]
        if knotted:
            self._refuse_circles(knotted)
        for unit in knotted:
            self.chain[unit] = self._own(unit, ALWAYS, FOREVER)
        return {unit.id: self._existing(unit) for unit in self.facts.values()}

    def _refuse_circles(self, knotted: Sequence[Key]) -> None:
        found = circles(edge for unit in knotted for edge in self.edges[unit])
        if found:
            raise Circular(found)

    def _from_the_roots(self) -> Iterator[Key]:
        """Units after all their superiors; leaves out those that swapped places, and those below them."""
        parents = {unit: {edge.parent for edge in own} - {None} for unit, own in self.edges.items()}
        below: dict[Key, list[Key]] = defaultdict(list)
        for unit, above in parents.items():
            for parent in above:
                below[parent].append(unit)
        waiting = {unit: len(above) for unit, above in parents.items()}
        ready = deque(unit for unit, left in waiting.items() if not left)
        while ready:
            unit = ready.popleft()
            yield unit
            for child in below[unit]:
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)

    def _own(self, unit: Key, starts: date, ends: date) -> list[Place]:
        """The chain of one unit in a period."""
        found: list[Place] = []
        for edge in self.edges[unit]:
            first, end = max(starts, edge.starts), min(ends, edge.ends)
            if first < end:
                for place in self._above(edge.parent, first, end):
                    self._extend(found, self.facts[unit], place)
        return found

    def _above(self, parent: Key | None, starts: date, ends: date) -> list[Place]:
        if parent is None:
            return [Place(starts, ends, "")]
        if parent not in self.chain:
            return self._own(parent, starts, ends)
        chain = self.chain[parent]
        if starts == ALWAYS and ends == FOREVER:
            return chain
        return [
            Place(max(starts, place.starts), min(ends, place.ends), place.path)
            for place in chain if place.starts < ends and starts < place.ends
        ]

    @staticmethod
    def _extend(found: list[Place], unit: Facts, place: Place) -> None:
        """Adds a period of the superior's, with the unit's own step in it while the unit exists."""
        own = place.path + step(unit.id)
        for starts, ends, open_then in _cut(unit, place):
            path = own if open_then else place.path
            if found and found[-1].path == path:
                found[-1] = Place(found[-1].starts, ends, path)
            else:
                found.append(Place(starts, ends, path))

    def _existing(self, unit: Facts) -> list[Place]:
        last = step(unit.id)
        return [place for place in self.chain[unit.id] if place.path.endswith(last)]
