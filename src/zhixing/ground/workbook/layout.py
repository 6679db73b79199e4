"""Where each column of a workbook table is stored, and what it is called in the temporary tables.

In a temporary table a stored value has the name of its database column; of a side model's columns, the side
model's name stands before it (`campaign__name`); a reference is there by its code (`code__unit_id`) and, once
resolved, by its id (`unit_id`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from zhixing.ground.kernel.figures import figures
from zhixing.ground.kernel.tables import Column, Extra, Table, choice_labels

from . import cells, filters
from .headings import choice_words, folded, language, nearest, with_key


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def literal(value: object) -> str:
    """A whole number, a plain text or NULL as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def same(one: str, other: str) -> str:
    """SQL: equal, NULL being equal to NULL."""
    operator = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    return f"{one} {operator} {other}"


def differs(one: str, other: str) -> str:
    operator = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return f"{one} {operator} {other}"


@dataclass(frozen=True)
class Slot:
    """One stored value. `db` is the database's column, `name` its name in temporary tables, `default` what it
    holds where nothing is said (SQL)."""

    db: str
    name: str
    type: str
    default: str
    field: models.Field[Any, Any]


@dataclass(frozen=True)
class Cell:
    """One column of a workbook table with the values it stores."""

    column: Column
    slots: tuple[Slot, ...]

    @property
    def is_ref(self) -> bool:
        return self.column.kind == "ref"

    @property
    def code(self) -> str:
        """The temporary column that holds the code of a reference."""
        return f"code__{self.slots[0].name}"

    def staged(self) -> list[tuple[str, str]]:
        """The staging table's columns (name, type) for this one."""
        if self.is_ref:
            return [(self.code, "text")]
        return [(slot.name, slot.type) for slot in self.slots]

    def text(self) -> str:
        """The staging column that shows what stood in the cell, for faults."""
        return self.staged()[0][0]


def _slot(model: type[models.Model], name: str, prefix: str) -> Slot:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    kind = field.db_type(connection)
    assert kind is not None and field.column is not None
    default = None if field.null else field.get_default()
    return Slot(field.column, f"{prefix}{field.column}", kind, literal(default), field)


_FIELDS = {"moment": ("{}_on", "{}_time"), "count": ("{}", "{}_q"), "amount": ("{}", "{}_q")}


class Layout:
    """A table as the engine sees it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = table.name
        self.db = table.model._meta.db_table
        self.sequence = f"{self.db}_id_seq"
        self.stage = f"wb_stage_{table.name}"
        self.ready = f"wb_ready_{table.name}"
        self.names = f"wb_names_{table.name}"
        self.extras: dict[str, Extra] = {extra.name: extra for extra in table.extras}
        self.cells: dict[str, Cell] = {column.name: self._cell(column) for column in table.columns}
        self.has_programme = any(field.name == "programme" for field in table.model._meta.get_fields())
        self.refers_to_itself = any(column.to == table.name for column in table.columns)

    def _cell(self, column: Column) -> Cell:
        model: type[models.Model] = self.table.model
        prefix = ""
        if column.extra:
            model, prefix = self.extras[column.extra].model, f"{column.extra}__"
        names = _FIELDS.get(column.kind, ("{}",))
        return Cell(column, tuple(_slot(model, name.format(column.field), prefix) for name in names))

    def key(self) -> list[Cell]:
        return [self.cells[name] for name in self.table.key]

    def needed(self) -> list[str]:
        """The columns a row cannot do without, which must stand in the file: its key and some references."""
        return [name for name, cell in self.cells.items()
                if (name in self.table.key and name not in self.table.loose)
                or (cell.column.required and cell.is_ref)]

    def main(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if not cell.column.extra]

    def of_extra(self, extra: str) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.column.extra == extra]

    def key_sql(self, cell: Cell, alias: str, expression: str = "") -> str:
        """A key part as it is compared: a part that may be empty never is NULL (as in the unique index)."""
        sql = expression or f"{alias}.{quoted(cell.slots[0].db)}"
        if cell.column.name not in self.table.loose:
            return sql
        if cell.is_ref:
            return f"COALESCE({sql}, 0)"
        if cell.column.kind == "day":
            day = "'0001-01-01'::date" if connection.vendor == "postgresql" else "'0001-01-01'"
            return f"COALESCE({sql}, {day})"
        return sql


def reader_of(cell: Cell, table: Table) -> cells.Reader:
    """What reads this column's cells."""
    column, field = cell.column, cell.slots[0].field
    length: int | None = getattr(field, "max_length", None)
    labels = _labels(column, table)
    match column.kind:
        case "code":
            return cells.read_code(length)
        case "ref":
            return cells.read_code(64)
        case "word":
            return cells.read_word(length)
        case "choice":
            return _choice(column, table, labels)
        case "list" | "owers":
            return cells.read_list
        case "day":
            return cells.read_day
        case "moment":
            return cells.read_moment
        case "count":
            return cells.read_count
        case "amount" | "number":
            digits, places = getattr(field, "max_digits", 18), getattr(field, "decimal_places", 4)
            return (cells.read_amount if column.kind == "amount" else cells.read_number)(digits, places)
        case "whole":
            return cells.read_whole(32_767 if isinstance(field, models.PositiveSmallIntegerField)
                                    else cells.WHOLE_MAX)
        case "yesno":
            return cells.read_yesno
        case "roster":
            return cells.read_roster(labels, length)
        case "figure":
            return cells.read_figure(filters.figure_named if figures() else str.strip, filters.near_figure)
        case "where":
            return cells.read_where
    return cells.read_text(length)


def _labels(column: Column, table: Table) -> dict[str, str]:
    """Every label of a value → the value."""
    return {label: value for value, by_language in choice_labels(table.name, column.name).items()
            for known in by_language.values() for label in known}


def _choice(column: Column, table: Table, labels: dict[str, str]) -> cells.Reader:
    """Takes a value by its key or its word in any language; a fault names them as the reader calls them."""
    shown = tuple(column.allowed())
    words = choice_words(table.name, column.name, shown)
    allowed = {folded(label): value for label, value in labels.items() if value in shown}
    allowed |= {label: value for label, value in labels.items() if value in shown}
    allowed |= {value.casefold(): value for value in shown} | {value: value for value in shown}

    def near(typed: str) -> str:
        found = nearest(typed, [*words.values(), *shown, *(word for word in labels if labels[word] in shown)])
        if language() == "en" or not found:  # as it may be typed
            return found
        value = labels.get(found, found)
        return with_key(words.get(value, value), value) if found == value else words.get(value, found)

    return cells.read_choice(allowed, tuple(words.values()), near)
