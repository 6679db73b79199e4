"""How a room declares its figures.

A figure is one relation of (record, unit, date, weight, qualifier) and a reduction of it. Value, by-unit
and evidence are all read from that relation, so they cannot disagree.

A relation is the union of one or more branches. A branch is a FROM … WHERE … text that runs on SQLite and
PostgreSQL alike, and an SQL expression for each column; the engine asks only for the columns it needs and
adds the restriction to a subtree, a date and the `where` keys inside each branch.

| column | meaning |
|---|---|
| record | the record's code (or its keys joined with `/`) |
| unit_id | the owning unit |
| day | the record's date, NULL = undated (always counts) |
| weight | what it adds (1 unless said otherwise); NULL = not known |
| rank | the weight's qualifier: 0 `=`, 1 `>=`, 2 `~` (0 unless said otherwise) |
| label | what the record is called on the evidence page ("" unless said otherwise) |
| subject, subject_code | whom or what to count once: an id, and its code for the evidence |
| part | the numerator of a rate |
| person_id | for duties owed by persons |

and a column per key. The texts may use the parameters `%(programme)s` and `%(as_of)s` (a date). A literal `%`
is written `%%`. They may read tables of the room itself and of rooms above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .types import Scope

MEASURES = ("items", "units", "people", "person_times", "forms", "ballots", "share", "score", "stated")
REDUCTIONS = ("count", "sum", "distinct", "rate", "distinct_rate", "mean", "single")
MATCHES = ("is", "list", "part", "unit")

NOT_KNOWN = "CAST(NULL AS bigint)"
"""A number that is not known in any row of a branch."""

DEFAULTS = {"weight": "1", "rank": "0", "label": "''"}


class Flag(str):
    """SQL of a weight or a part that is 0 or 1 in every row, never more and never unknown."""

    __slots__ = ()


@dataclass(frozen=True)
class Branch:
    """`source` is the text after FROM, `where` its condition (or several, which all hold). `lefts` are joins (see
    `left`) that only some columns need; the engine adds those that a question uses, in their order. `chunk`: where a
    record of one unit has very many rows (an activity's attendance), the column in whose order the database reads
    them anyway; by-unit sums are then made chunk by chunk, without sorting the rows."""

    source: str
    where: str | tuple[str, ...]
    columns: Mapping[str, str]
    lefts: Sequence[tuple[str, str]] = ()
    chunk: str = ""

    @property
    def tests(self) -> tuple[str, ...]:
        return (self.where,) if isinstance(self.where, str) else self.where

    def column(self, name: str) -> str:
        """The expression of a column; KeyError when the branch has none."""
        return self.columns[name] if name in self.columns else DEFAULTS[name]


@dataclass(frozen=True)
class Row:
    """A row of a relation that a room computes in Python (duties: figures of figures). It lies within the
    scope and date that were asked for."""

    record: str
    unit_id: int
    day: date | None = None
    label: str = ""


@dataclass(frozen=True)
class Relation:
    """`branches`, or `load` and `rows` for a relation that is computed from other figures; exactly one of the two.
    `branches` may be a function of the programme's id, where the text depends on a few rows of configuration
    (a poll's weights).
    `keys`: `where` key → how it is matched: `is` (the column equals one of the values), `list` (the column is a
    `;a;b;` list that holds one of them), `unit` (the owning unit is one of these codes), `part` (chooses the
    numerator: a row's part is its weight where the column is one of the values, else 0).
    `rows` takes what `load` found for the scope and `where`, `count` tells how many rows that would be; what several
    relations load, `load` should share.
    `family`: relations of one family read much the same rows; what asks for several of their figures at once reads
    those rows once. Their branches name the shared conditions alike and apart (`Branch.where`).
    `table`: the workbook table whose rows the records are; opens a record from its code."""

    name: str
    branches: Sequence[Branch] | Callable[[int], Sequence[Branch]] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    per_person: bool = False
    family: str = ""
    load: Callable[[Scope, Mapping[str, Sequence[str]]], Sequence[Any]] | None = None
    rows: Callable[[Sequence[Any]], Sequence[Row]] | None = None
    count: Callable[[Sequence[Any]], int] | None = None

    def parts(self, programme_id: int) -> Sequence[Branch]:
        return self.branches(programme_id) if callable(self.branches) else self.branches


@dataclass(frozen=True)
class Figure:
    """`reduce`: count (rows), sum (weights), distinct (different `subject`s of weight > 0), rate (sum of part ÷
    sum of weight), distinct_rate (different subjects with part > 0 ÷ different subjects with weight > 0), mean
    (sum of part ÷ sum of weight, a score), single (the one row's weight, as stated).
    `only`: fixed conditions on columns of the relation (`{"status": ("merged",)}`).
    `shown`: of a rate, "part" when the rows of its numerator are the evidence, else all its rows.
    `version` goes up when the definition changes; frozen figures keep it.
    `adds`: the workbook table whose form adds to the figure.
    `keys`: the keys this figure offers, where fewer than the relation's.
    `needs`: keys without which the figure is not known (which fact, which poll)."""

    name: str
    relation: Relation
    measure: str
    reduce: str = "count"
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: str = ""
    keys: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    adds: str = ""
    version: int = 1

    def offered(self) -> tuple[str, ...]:
        return tuple(self.relation.keys) if self.keys is None else self.keys


_figures: dict[str, Figure] = {}


def register_figures(*figures: Figure) -> None:
    """Called by a room's `figures.py` at start-up. Raises ValueError for a declaration that makes no sense."""
    for figure in figures:
        if figure.reduce not in REDUCTIONS or figure.measure not in MEASURES:
            raise ValueError(f"figure {figure.name}: unknown reduction or measure")
        if set(figure.relation.keys.values()) - set(MATCHES):
            raise ValueError(f"figure {figure.name}: unknown way to match a key")
        _figures[figure.name] = figure


def figures() -> tuple[Figure, ...]:
    return tuple(_figures.values())


def figure(name: str) -> Figure | None:
    return _figures.get(name)


def rank_of(column: str) -> str:
    """The rank of a stored qualifier, as SQL."""
    return f"CASE {column} WHEN '~' THEN 2 WHEN '>=' THEN 1 ELSE 0 END"


def left(table: str, alias: str, on: str) -> tuple[str, str]:
    """A LEFT JOIN on an id, with its alias, for columns that read a code or a name upstream."""
    return alias, f"LEFT JOIN {table} {alias} ON {alias}.id = {on}"
