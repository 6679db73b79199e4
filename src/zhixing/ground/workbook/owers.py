"""Whom a duty is for: kinds of units in use, units by code, and `people:CATEGORY`. An entry that names nobody would
do away with the duty without a word, so it is refused, naming what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from zhixing.ground.kernel.tables import choice_labels, table
from zhixing.ground.units import reads as units

from .cells import read_list
from .faults import Faults
from .headings import choice_words, folded, listed, nearest, with_key
from .layout import Cell, Layout, literal, quoted
from .resolving import CAMPAIGN, Plan
from .staging import execute, fetch
from .types import SHOWN

PEOPLE = "people:"
_PEOPLE_WORDS = (PEOPLE, "人员:", "个人:")
"""What may stand before a category; a full-width colon does too."""

_OFFERED = 8
"""So many entries that are possible are named where nothing is near."""

_COMPARED = 2000
"""So many codes of units are looked through for the one that was meant."""


def columns(layout: Layout) -> list[Cell]:
    return [cell for cell in layout.cells.values() if cell.column.kind == "owers"]


@dataclass
class Known:
    """What may be named: of the units in the host's subtree and in this workbook. Read once, when first asked for."""

    plan: Plan
    host: int | None = None
    _kinds: set[str] | None = None
    _categories: set[str] | None = None
    _codes: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if CAMPAIGN in self.plan.ready:
            found = fetch(f"SELECT host_unit_id FROM {quoted(self.plan.layouts[CAMPAIGN].ready)}")
            self.host = found[0][0] if found else None
        else:
            self.host = next((each.host_unit_id for each in units.programmes() if each.id == self.plan.programme), None)

    def _stored(self, name: str, *, unit: str) -> list[dict[str, str]]:
        at = units.units_by_id([self.host]).get(self.host) if self.host else None
        if at is None:
            return []
        model = table(name).model
        wanted = "kind" if name == "units" else "categories"
        return list(model._default_manager.filter(**{f"{unit}__in": units.ids_within([at.path])})
                    .values(wanted).distinct())

    def _new(self, name: str, column: str) -> list[str]:
        if name not in self.plan.ready:
            return []
        ready = quoted(self.plan.layouts[name].ready)
        return [each for (each,) in fetch(f"SELECT DISTINCT {column} FROM {ready} WHERE {column} <> ''")]

    def kinds(self) -> set[str]:
        if self._kinds is None:
            self._kinds = {row["kind"] for row in self._stored("units", unit="pk")} - {""}
            self._kinds |= set(self._new("units", "kind"))
        return self._kinds

    def categories(self) -> set[str]:
        """Those that people have, and those that packs have a word for: a category may be filled later."""
        if self._categories is None:
            texts = [row["categories"] for row in self._stored("people", unit="unit")]
            texts += self._new("people", "categories")
            self._categories = {each for text in texts for each in text.split(";") if each}
            self._categories |= set(choice_labels("people", "categories"))
        return self._categories

    def is_unit(self, code: str) -> bool:
        if code not in self._codes:
            self._codes[code] = code in units.units_by_code([code]) or bool(
                "units" in self.plan.ready
                and fetch(f"SELECT 1 FROM {quoted(self.plan.layouts['units'].ready)} WHERE code = {literal(code)}"))
        return self._codes[code]

    def some_codes(self) -> list[str]:
        found: list[str] = []
        if "units" in self.plan.ready:
            ready = quoted(self.plan.layouts["units"].ready)
            found = [code for (code,) in fetch(f"SELECT code FROM {ready} LIMIT {_COMPARED}")]
        at = units.units_by_id([self.host]).get(self.host) if self.host else None
        if at is not None:
            inside = units.ids_within([at.path])
            found += table("units").model._default_manager.filter(pk__in=inside).values_list(
                "code", flat=True)[:_COMPARED]
        return found

    def meant(self, entry: str) -> tuple[str, ...]:
        """The entries that are stored for one as it is typed; () where it names nobody. A kind in use and a code
        mean themselves before a word of the packs means its kind."""
        plain = entry.replace("：", ":")
        for word in _PEOPLE_WORDS:
            if plain.casefold().startswith(word):
                typed = plain[len(word):].strip()
                found = [typed] if typed in self.categories() else _by_word("people", "categories", typed)
                return tuple(f"{PEOPLE}{category}" for category in found)
        if entry in self.kinds() or self.is_unit(entry):
            return (entry,)
        found = [kind for kind in _by_word("units", "kind", entry) if kind in self.kinds()]
        return tuple(found)


def _by_word(name: str, column: str, typed: str) -> list[str]:
    """The values that packs call so in any language, or that differ from what is typed only by their case."""
    wanted = folded(typed)
    return [value for value, words in choice_labels(name, column).items()
            if folded(value) == wanted or any(folded(word) == wanted for known in words.values() for word in known)]


def store_words(plan: Plan, layout: Layout) -> None:
    """Words of the packs become the codes of kinds and categories; what names nobody is left for `judge`."""
    present = [cell for cell in columns(layout) if cell.column.name in plan.present[layout.name]]
    if not present:
        return
    known, stage = Known(plan), quoted(layout.stage)
    for cell in present:
        name = quoted(cell.slots[0].name)
        for (text,) in fetch(f"SELECT DISTINCT {name} FROM {stage} WHERE {name} <> ''"):
            stored = [each for entry in text.strip(";").split(";") for each in known.meant(entry) or (entry,)]
            said = str(read_list(";".join(dict.fromkeys(stored)))[0])
            if said != text:
                execute(f"UPDATE {stage} SET {name} = {literal(said)} WHERE {name} = {literal(text)}")


def judge(plan: Plan, layout: Layout, faults: Faults) -> None:
    """Refuses entries that are no kind in use, no unit and no category."""
    if plan.loose & {"units", "people", CAMPAIGN}:
        return
    known = Known(plan)
    for cell in columns(layout):
        if cell.column.name not in plan.present[layout.name]:
            continue
        name, ready = quoted(cell.slots[0].name), quoted(layout.ready)
        for (text,) in fetch(f"SELECT DISTINCT {name} FROM {ready} WHERE {name} <> ''"):
            strange = [entry for entry in text.strip(";").split(";") if not known.meant(entry)]
            if not strange:
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT row_n FROM {ready} WHERE {name} = %s ORDER BY row_n LIMIT {SHOWN}", [text])
                rows = [row for (row,) in cursor.fetchall()]
            for entry in strange:
                message = _refusal(known, entry)
                for row in rows:
                    faults.add(layout.name, row, cell.column.name, entry, message, "unknown")


def _refusal(known: Known, entry: str) -> str:
    if entry.replace("：", ":").casefold().startswith(_PEOPLE_WORDS):
        categories = choice_words("people", "categories", sorted(known.categories()))
        typed = entry.replace("：", ":").partition(":")[2]
        near = nearest(typed, [*categories, *categories.values()])
        words = [with_key(categories[each], f"{PEOPLE}{each}") for each in _near_first(near, categories)]
        return _("“%(value)s” is no category of people here; it may be: %(possible)s") % {
            "value": entry, "possible": listed(words)}
    kinds = choice_words("units", "kind", sorted(known.kinds()))
    near = nearest(entry, [*kinds, *kinds.values(), *known.some_codes()])
    if near:
        value = next((kind for kind, word in kinds.items() if near in (kind, word)), near)
        return _("“%(value)s” is neither a kind of unit in use, nor a unit’s code, nor people:CATEGORY, so nobody "
                 "would owe this; did you mean “%(near)s”?") % {
            "value": entry, "near": with_key(kinds[value], value) if value in kinds else value}
    words = [with_key(word, kind) for kind, word in kinds.items()][:_OFFERED]
    return _("“%(value)s” is neither a kind of unit in use, nor a unit’s code, nor people:CATEGORY, so nobody would "
             "owe this; kinds in use: %(possible)s") % {"value": entry, "possible": listed(words) or "–"}


def _near_first(near: str, words: dict[str, str]) -> list[str]:
    return sorted(words, key=lambda value: near not in (value, words[value]))[:_OFFERED]
