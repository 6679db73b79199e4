"""How a room declares its figures.

A figure is one relation of (record, unit, date, weight, qualifier) and a reduction of it. Value, by-unit
and evidence are all read from that relation, so they cannot disagree.

A relation is SQL that runs on SQLite and PostgreSQL alike, a SELECT that yields these columns:

| column | meaning |
|---|---|
| record | the record's code (or its keys joined with `/`) |
| unit_id | the owning unit |
| day | the record's date, NULL = undated (always counts) |
| weight | what it adds; NULL = not known |
| rank | the weight's qualifier: 0 `=`, 1 `>=`, 2 `~` |

and, where the reduction or the `where` keys need them, `subject` (whom or what to count once), `part` (the
numerator of a rate), `person_id` (for duties owed by persons), and a column per key. It may use the
parameters `%(programme)s` and `%(as_of)s` (a date). A literal `%` is written `%%`. It may read tables of its own
room and of rooms above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .types import Scope

MEASURES = ("items", "units", "people", "person_times", "forms", "ballots", "share", "score", "stated")
REDUCTIONS = ("count", "sum", "distinct", "rate", "distinct_rate", "mean", "single")


@dataclass(frozen=True)
class Row:
    """A row of a relation that a room computes in Python (duties: states of states)."""

    record: str
    unit_id: int | None
    day: date | None = None
    weight: float | None = 1
    rank: int = 0
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    """`sql`, or `rows` for a relation that is computed from other figures; exactly one of the two.
    `sql` may be a function of (programme id, as-of date) that returns the text, where the text depends on
    a few rows of configuration (a poll's weights).
    `keys`: `where` key → how it is matched: `is` (equal to one of the values), `list` (the column is a
    `;a;b;` list that holds one of them), `part` (chooses the numerator: a row's part is its weight where the
    column is one of the values, else 0).
    `table`: the workbook table whose rows the records are; opens a record from its code."""

    name: str
    sql: str | Callable[[int, date], str] = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    per_person: bool = False
    rows: Callable[[Scope, Mapping[str, Sequence[str]]], Sequence[Row]] | None = None


@dataclass(frozen=True)
class Figure:
    """`reduce`: count (rows), sum (weights), distinct (different `subject`s), rate (sum of part ÷ sum of
    weight), distinct_rate (different subjects with part > 0 ÷ different subjects with weight > 0), mean (sum of
    part ÷ sum of weight, a score), single (the one row's weight as stated).
    `only`: a further SQL condition on the relation's columns (`status = 'merged'`).
    `version` goes up when the definition changes; frozen figures keep it.
    `adds`: the workbook table whose form adds to the figure.
    `keys`: the keys this figure offers, where fewer than the relation's.
    `refuse_above_one`: a rate above 1 is not known, with the reason, instead of absurd."""

    name: str
    relation: Relation
    measure: str
    reduce: str = "count"
    only: str = ""
    keys: tuple[str, ...] | None = None
    adds: str = ""
    version: int = 1
    refuse_above_one: bool = True

    def offered(self) -> tuple[str, ...]:
        return tuple(self.relation.keys) if self.keys is None else self.keys


_figures: dict[str, Figure] = {}


def register_figures(*figures: Figure) -> None:
    for figure in figures:
        if figure.reduce not in REDUCTIONS or figure.measure not in MEASURES:
            raise ValueError(f"figure {figure.name}: unknown reduction or measure")
        _figures[figure.name] = figure


def figures() -> tuple[Figure, ...]:
    return tuple(_figures.values())


def figure(name: str) -> Figure | None:
    return _figures.get(name)
