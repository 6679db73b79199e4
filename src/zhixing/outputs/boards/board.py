"""The duty × unit grid: one row a unit, one column a duty, each cell a state in a word.

States come from `duties`; a group's cell sums up the states below it. Never more than ROWS rows: a larger
tree shows its groups alone, and a group opens by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import DutyView, Owing, State, Tally
from zhixing.ground.kernel.sharing import remembered
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import STEP, UnitView

from .reads import link
from .types import Standpoint

ROWS = 200

Owed = Mapping[int, list[State]]
"""Duty id → the states of one unit (several where persons owe it)."""

TONES = {
    "met": "met",
    "under_way": "way",
    "made_up_late": "late",
    "extended": "late extended",
    "overdue": "over",
    "not_due": "none",
    "waived": "none waived",
}
"""State → the stylesheet's class, in the order of the legend."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`url` is "" where the unit does not owe the duty."""

    tone: str
    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """`kind`: `group` (sums up the rows under it), `sub` (stands in a group) or "" (stands alone)."""

    unit: UnitView
    name: str
    url: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """`shown` is how many units have a row, or would have one were they not `folded` into their groups.
    `phases` heads the columns: name and width."""

    duties: tuple[DutyView, ...]
    rows: tuple[Row, ...] = ()
    shown: int = 0
    folded: bool = False
    phases: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Folded:
    """How many units are shown, path of a group → duty id → how many are in each state, and the states of the unit
    from which the reader looks."""

    shown: int
    groups: Mapping[str, Mapping[int, Counter[str]]]
    own: Owed


def state_word(state: str) -> str:
    return {
        "met": pgettext("state", "Met"),
        "under_way": pgettext("state", "Under way"),
        "made_up_late": pgettext("state", "Made up late"),
        "extended": pgettext("state", "Extended"),
        "overdue": pgettext("state", "Overdue"),
        "not_due": pgettext("state", "Not due"),
        "waived": pgettext("state", "Waived"),
    }.get(state, state)


def board(at: Standpoint, *, phase: str = "", state: str = "") -> Board:
    """The grid from where the reader stands; with `phase` that phase's duties, with `state` only the units
    that have a duty in that state."""
    if not at.unit.is_open:
        return Board(())
    columns = tuple(duties.duties(at.campaign.programme_id, phases=[phase] if phase else None))
    key = "board", at.campaign.programme_id, at.as_of, at.unit.path, phase, state
    folded = remembered(key, lambda: _folded(at, phase, state))
    rows = _Rows(at, columns)
    if folded is not None:
        listed = rows.folded(units.children_on(at.unit.path, at.as_of), folded)
        return Board(columns, tuple(listed[:ROWS]), folded.shown, True, _heads(at, columns))
    found = _owing(at, phase)
    shown = _shown(found, state)
    by_unit: dict[int, dict[int, list[State]]] = {unit: {} for unit in shown}
    for each in found:
        for one in each.states():
            if one.unit_id in shown:
                by_unit[one.unit_id].setdefault(one.duty.id, []).append(one)
    views = units.units_by_id([*by_unit, *_parts(at, by_unit)], at.as_of)
    return Board(columns, tuple(rows.unfolded(views, by_unit)[:ROWS]), len(shown), False, _heads(at, columns))


def _owing(at: Standpoint, phase: str) -> list[Owing]:
    return duties.owing(at.campaign.programme_id, at.as_of, path=at.unit.path, phases=[phase] if phase else None)


def _shown(found: Iterable[Owing], state: str) -> set[int]:
    return {unit for each in found for unit, one, _met in each.words() if not state or one == state}


def _folded(at: Standpoint, phase: str, state: str) -> Folded | None:
    """The groups' states; None where there is room for a row for each unit."""
    found = _owing(at, phase)
    shown = _shown(found, state)
    if len(shown) <= ROWS:
        return None
    start = len(at.unit.path) + STEP
    paths = units.paths_under(at.unit.path, at.as_of)
    group = {unit: paths.get(unit, "")[:start] for unit in shown}
    counts: dict[str, dict[int, Counter[str]]] = {}
    own: dict[int, list[State]] = {}
    for each in found:
        for unit, one, _met in each.words():
            if unit in group:
                counts.setdefault(group[unit], {}).setdefault(each.duty.id, Counter())[one] += 1
        if at.unit.id in shown and (listed := list(each.of(at.unit.id).states())):
            own.setdefault(each.duty.id, []).extend(listed)
    return Folded(len(shown), counts, own)


def _heads(at: Standpoint, columns: Sequence[DutyView]) -> tuple[tuple[str, int], ...]:
    """The phases above the columns; none where there is only one."""
    names = {each.code: each.name for each in campaigns.phases(at.campaign.programme_id)}
    heads = [
        (names.get(code, ""), len(list(listed))) for code, listed in groupby(columns, lambda duty: duty.phase)
    ]
    return tuple(heads) if heads[1:] else ()


def _parts(at: Standpoint, by_unit: Mapping[int, object]) -> set[int]:
    """The direct parts of the reader's unit that have owing units in them."""
    paths = units.paths_on(list(by_unit), at.as_of)
    start = len(at.unit.path)
    return {int(path[start : start + STEP]) for path in paths.values() if len(path) > start}


class _Rows:
    """Builds rows; holds the addresses that all cells share, so that a cell costs one concatenation."""

    def __init__(self, at: Standpoint, columns: Sequence[DutyView]) -> None:
        self.at = at
        self.columns = columns
        self.day = f"?as_of={at.asked['as_of']}" if "as_of" in at.asked else ""
        self.page = link(at, "campaign", unit=None)
        self.words = {state: state_word(state) for state in TONES}
        self.starts = [link(at, "duty", duty.code, unit=None, as_of=None) for duty in columns]

    def unfolded(self, views: Mapping[int, UnitView], by_unit: Mapping[int, Owed]) -> list[Row]:
        """Every owing unit, in the order of the tree, under its group."""
        start = len(self.at.unit.path) + STEP
        ordered = sorted((views[unit] for unit in by_unit if unit in views), key=lambda view: view.path)
        members: dict[str, list[UnitView]] = {}
        for view in ordered:
            members.setdefault(view.path[:start], []).append(view)
        by_path = {view.path: view for view in views.values()}
        rows: list[Row] = []
        for path, listed in members.items():
            head = by_path.get(path)
            if head is None or listed == [head]:
                rows += [self.row(view, by_unit[view.id], "") for view in listed]
                continue
            rows.append(self.group(head, [by_unit[view.id] for view in listed]))
            rows += [self.row(view, by_unit[view.id], "sub", itself=view == head) for view in listed]
        return rows

    def folded(self, parts: Iterable[UnitView], found: Folded) -> list[Row]:
        """The groups alone."""
        itself = [self.row(self.at.unit, found.own, "", itself=True)] if found.own else []
        return itself + [self.tallied(part, found.groups[part.path]) for part in parts if part.path in found.groups]

    def row(self, unit: UnitView, owed: Owed, kind: str, *, itself: bool = False) -> Row:
        tail = f"{quote(unit.code, safe='')}/{self.day}"
        cells = tuple(
            self.cell(owed[duty.id], start + tail) if duty.id in owed else Cell("", "", "")
            for duty, start in zip(self.columns, self.starts, strict=True)
        )
        itself = itself or unit.id == self.at.unit.id
        name = _("%(unit)s itself") % {"unit": unit.label} if itself else unit.label
        return Row(unit, name, self.narrowed(unit), kind, cells)

    def narrowed(self, unit: UnitView) -> str:
        """The campaign's page as this unit sees it."""
        return f"{self.page}{'&' if self.day else '?'}unit={quote(unit.code, safe='')}"

    def cell(self, listed: Sequence[State], url: str) -> Cell:
        one = listed[0]
        if listed[1:]:
            return summed(Counter(each.state for each in listed), url)
        return Cell(TONES[one.state], standing(one, self.words[one.state]), url)

    def group(self, unit: UnitView, owed: Sequence[Owed]) -> Row:
        counts: dict[int, Counter[str]] = {}
        for each in owed:
            for duty, listed in each.items():
                counts.setdefault(duty, Counter()).update(one.state for one in listed)
        return self.tallied(unit, counts)

    def tallied(self, unit: UnitView, counts: Mapping[int, Counter[str]]) -> Row:
        join = "&" if self.day else "?"
        tail = f"{self.day}{join}unit={quote(unit.code, safe='')}"
        cells = tuple(
            summed(counts[duty.id], start + tail) if duty.id in counts else Cell("", "", "")
            for duty, start in zip(self.columns, self.starts, strict=True)
        )
        return Row(unit, unit.label, self.narrowed(unit), "group", cells)


def standing(one: State, word: str) -> str:
    """One state in words, with how far it has come where it is not done."""
    if not one.value or one.duty.at_least == 1 or one.state not in ("under_way", "extended", "overdue"):
        return word
    return f"{_plain(one.value)}/{_plain(one.duty.at_least)} {word}"


def summed(counts: Counter[str], url: str) -> Cell:
    """Many states in one cell: how many of how many are met, and whether something is overdue. Waived ones
    are neither."""
    tally = Tally.of(counts)
    share = f"{tally.done}/{tally.owed}"
    late = {"share": share, "count": tally.overdue}
    if not tally.owed:
        return Cell(TONES["waived"], state_word("waived"), url)
    if tally.overdue:
        return Cell(TONES["overdue"], _("%(share)s, %(count)s overdue") % late, url)
    if tally.extended:
        told = {"share": share, "count": tally.extended}
        return Cell(TONES["extended"], _("%(share)s, %(count)s extended") % told, url)
    if tally.done == tally.owed:
        return Cell(TONES["met"], f"{share} {state_word('met')}", url)
    if tally.done or tally.under_way:
        return Cell(TONES["under_way"], f"{share} {state_word('under_way')}", url)
    return Cell(TONES["not_due"], state_word("not_due"), url)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
