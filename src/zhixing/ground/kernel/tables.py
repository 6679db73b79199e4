"""How a room declares its workbook tables. The engine serves import, export, template, lists and forms
from these declarations alone.

A column reads one cell. `kind` says how a cell is read and where it is stored:

| kind | cell | stored in |
|---|---|---|
| code | the user's own code | a text field |
| text, long | free text (`long`: a text area) | a text field |
| word | a kind's code, any well-formed word | a text field |
| choice | one of `choices` (codes; labels of installed packs are accepted too) | a text field |
| list | `a;b;c` | a text field as `;a;b;c;` |
| owers | kinds of units in use, codes of units, `people:CATEGORY`: `school;b1` | the same |
| ref | a code of the table `to` | a foreign key |
| day | `2026-05-18` | a date field |
| moment | `2026-05-18T14:30` or a day alone | `<field>_on` and `<field>_time` |
| count | `80`, `>=80`, `~24`, whole | `<field>` and `<field>_q` |
| amount | the same, decimals allowed | `<field>` and `<field>_q` |
| whole, number | a number without a qualifier | a number field |
| yesno | `yes`/`no` (是/否) | a nullable boolean |
| roster | `listed`, `unit`, `unit:CATEGORY`, `group:CODE` (a group of this campaign) | a text field |
| figure | the name of a registered figure | a text field |
| where | `kind=mobilisation&phase=P1`; keys that the row's figure offers | a text field |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.db import models

KINDS = ("code", "text", "long", "word", "choice", "list", "owers", "ref", "day", "moment", "count", "amount",
         "whole", "number", "yesno", "roster", "figure", "where")


@dataclass(frozen=True)
class Column:
    """One column. `field` is the model's field where it differs from the heading. `required`: the row cannot
    do without it. `extra` names the side model it is stored in (see `extend_table`). `within`: the reference
    is by code inside that other column's row (an aspect within its poll)."""

    name: str
    kind: str = "text"
    field: str = ""
    to: str = ""
    choices: Sequence[str] | Callable[[], Sequence[str]] = ()
    required: bool = False
    extra: str = ""
    within: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: no such kind {self.kind!r}")
        if not self.field:
            object.__setattr__(self, "field", self.name)

    def allowed(self) -> Sequence[str]:
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True)
class Extra:
    """A second model that holds some columns of a table, one row per row of the table: its `link` field
    points at the table's own model (with `programme` too where the model has one)."""

    name: str
    model: type[models.Model]
    link: str


@dataclass(frozen=True)
class Table:
    """One table of the workbook.

    `key`: the columns that name a row; they are required unless listed in `loose` (a key part that may be
    empty). `scope`: `programme` (codes unique within the campaign) or `installation` (units, people).
    `unit`: the dotted path from the model to its owning unit, for who may see a row (`unit`,
    `activity.unit`, …; several, tried in turn, joined by `,`); "" = the programme's host unit.
    `pairs`: (first, last) columns of which the last may not be before the first.
    `listed`: (column, reference, list): the column names an item of the list that the row referred to has (the grade
    of a tally, its poll's scale).
    `append_only`: rows are added and never changed (issue events).
    `office_only`: kept by the campaign office; units do not report in it (see `accounts.permits`)."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    scope: str = "programme"
    unit: str = "unit"
    loose: tuple[str, ...] = ()
    append_only: bool = False
    office_only: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    listed: tuple[tuple[str, str, str], ...] = ()
    extras: tuple[Extra, ...] = field(default=())

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def room(self) -> str:
        return self.model._meta.app_label


_tables: dict[str, Table] = {}


def register_table(table: Table) -> None:
    """Called by a room's `tables.py` at start-up, in the order of the rooms: a table may refer to tables
    registered before it and to itself."""
    if table.name in _tables and _tables[table.name].model is not table.model:
        raise ValueError(f"two tables are called {table.name}")
    _tables[table.name] = table


def extend_table(name: str, extra: Extra, *columns: Column) -> None:
    """Adds columns that a later room stores in a model of its own (`units.participates`)."""
    table = _tables[name]
    if any(known.name == extra.name for known in table.extras):
        return
    added = tuple(replace(column, extra=extra.name) for column in columns)
    _tables[name] = replace(table, columns=table.columns + added, extras=(*table.extras, extra))


def tables() -> tuple[Table, ...]:
    """Every table, in the order in which rows must be written (referred-to before referring)."""
    return tuple(_tables.values())


def table(name: str) -> Table:
    """Raises KeyError when there is no such table."""
    return _tables[name]


WHERE = "where"
"""In place of a table: the keys of figures stand as its columns (`register_labels("zh", WHERE, "phase", "阶段")`), with
the words of those values that no column of the figure's own table names."""

_labels: dict[tuple[str, str | None], dict[str, list[str]]] = {}
_choice_labels: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = {}


def register_labels(language: str, table: str, column: str | None, label: str) -> None:
    """The word by which people of a language (`zh`, `en`) know a table (`column` None) or a column. The first
    one registered is the one that is shown; every one is understood on import."""
    known = _labels.setdefault((table, column), {}).setdefault(language, [])
    if label not in known:
        known.append(label)


def register_choice_label(language: str, table: str, column: str, value: str, label: str) -> None:
    """The same for a value of a column (`present` → 出席)."""
    known = _choice_labels.setdefault((table, column), {}).setdefault(value, {}).setdefault(language, [])
    if label not in known:
        known.append(label)


def heading_labels() -> dict[tuple[str, str | None], tuple[str, ...]]:
    """(table, column or None) → every label of it in any language."""
    return {key: tuple(label for known in by_language.values() for label in known)
            for key, by_language in _labels.items()}


def label(language: str, table: str, column: str | None = None) -> str:
    """What a table or a column is called in a language; its own name where no pack says."""
    known = _labels.get((table, column), {}).get(language)
    return known[0] if known else (column or table)


def choice_labels(table: str, column: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """value → language → labels, the one that is shown first."""
    return {value: {language: tuple(known) for language, known in by_language.items()}
            for value, by_language in _choice_labels.get((table, column), {}).items()}


def choice_label(language: str, table: str, column: str, value: str) -> str:
    """What a value of a column is called in a language; the value itself where no pack says."""
    known = _choice_labels.get((table, column), {}).get(value, {}).get(language)
    return known[0] if known else value
