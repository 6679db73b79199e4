"""Reads the cells of many rows at once, column by column, each column with a memory of cells it has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from zhixing.ground.kernel.tables import Table

from . import cells
from .cells import Bad, Stored
from .faults import Faults
from .layout import Cell, Layout, reader_of

_MEMORY = 20_000


class _Memory(dict[str, Stored]):
    """cell → stored values. A cell that cannot be read gives the column's empty values and is kept in
    `bad`."""

    def __init__(self, read: cells.Reader, empty: Stored) -> None:
        super().__init__()
        self._read = read
        self._empty = empty
        self.bad: dict[str, Bad] = {}

    def __missing__(self, cell: str) -> Stored:
        if len(self) >= _MEMORY:
            self.clear()
        if not cell or cell.isspace():
            values = self._empty
        else:
            try:
                values = self._read(cell)
            except Bad as error:
                if len(self.bad) < _MEMORY:
                    self.bad[cell] = error
                return self._empty
        self[cell] = values
        return values


class ColumnReader:
    """Reads one column of a batch. `needed`: an empty cell is a fault."""

    def __init__(self, cell: Cell, table: Table, needed: bool) -> None:
        self.name = cell.column.name
        self.needed = needed
        self.width = len(cell.staged())
        self.memory = _Memory(reader_of(cell, table), empty_values(cell))
        self.plain = cell.column.kind in ("text", "long") and cell.slots[0].field.max_length is None
        self.empty = self.memory[""]

    def read(self, column: Sequence[str]) -> list[Sequence[str | int | None]]:
        """The stored columns for a column of cells."""
        if self.plain and self._is_clean(column):
            return [column]
        self.memory.bad.clear()
        if self.plain:  # mostly different from one another: not worth remembering
            self.memory.clear()
        stored = [self.memory[cell] for cell in column]
        if self.width == 1:
            return [[values[0] for values in stored]]
        return list(zip(*stored, strict=True)) if stored else [[] for _each in range(self.width)]

    def _is_clean(self, column: Sequence[str]) -> bool:
        return (
            not cells.CONTROL.search("\n".join(column))
            and max(map(len, column), default=0) < cells.TEXT_LENGTH
            and not any(map(str.isspace, column))
        )

    def faults(self, column: Sequence[str], stored: Sequence[str | int | None]) -> Iterator[tuple[int, Bad]]:
        """(place in the batch, fault)."""
        if self.memory.bad:
            for place, cell in enumerate(column):
                if cell in self.memory.bad:
                    yield place, self.memory.bad[cell]
        if self.needed and (None in stored or "" in stored):
            for place, value in enumerate(stored):
                if value in (None, "") and column[place] not in self.memory.bad:
                    yield place, Bad("required", _("this cell may not be empty"))


def empty_values(cell: Cell) -> Stored:
    """What an empty cell stores."""
    if cell.is_ref or cell.column.kind == "code":
        return (None,)
    return tuple(None if slot.field.null else str(slot.field.get_default()) for slot in cell.slots)


class RowReader:
    """Reads batches of a table's rows into rows for its staging table: (row number, stored values …)."""

    def __init__(self, layout: Layout, columns: Sequence[str], faults: Faults) -> None:
        """`columns`: the table's columns in the order of the file's cells."""
        needed = layout.needed()
        self.layout = layout
        self.faults = faults
        self.columns = [ColumnReader(layout.cells[name], layout.table, name in needed) for name in columns]
        self.first_key = columns.index(layout.table.key[0]) if layout.table.key[0] in columns else None

    def staged(self) -> list[tuple[str, str]]:
        return [pair for reader in self.columns for pair in self.layout.cells[reader.name].staged()]

    def read(
        self, numbers: Sequence[int], rows: Sequence[Sequence[str]]
    ) -> Iterator[tuple[str | int | None, ...]]:
        """`rows` are all as wide as the heading."""
        if self.first_key is not None and any(cells.is_example(row[self.first_key]) for row in rows):
            kept = [place for place, row in enumerate(rows) if not cells.is_example(row[self.first_key])]
            numbers, rows = [numbers[place] for place in kept], [rows[place] for place in kept]
        if not rows:
            return iter(())
        stored: list[Sequence[str | int | None]] = [numbers]
        for reader, column in zip(self.columns, zip(*rows, strict=True), strict=True):
            read = reader.read(column)
            for place, bad in reader.faults(column, read[0]):
                self.faults.add(
                    self.layout.name, numbers[place], reader.name, column[place], str(bad), bad.kind
                )
            stored.extend(read)
        return zip(*stored, strict=True)
