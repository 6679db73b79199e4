"""Writes a programme's tables to a folder of CSV files or to an .xlsx."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import Table, tables

from . import unpack
from .headings import table_named
from .rows import Records, Rows, mentioned_people

SHEET_CELL = 32_767
"""The characters that a cell of an .xlsx can hold."""

_NUMBERS = ("count", "amount", "whole", "number")


def contents(table: Table, programme_id: int) -> tuple[Rows, Records]:
    """A table's records for an export. People whom a record names come along, whatever unit they are of."""
    rows = Rows(table, programme_id)
    if table.name == "people":
        named = table.model._default_manager.filter(mentioned_people(programme_id)).values("pk")
        own = rows.records().values("pk")
        found: Records = table.model._default_manager.filter(
            pk__in=own
        ) | table.model._default_manager.filter(pk__in=named)
        return rows, found.order_by("pk")
    return rows, rows.ordered(rows.records())


def export(programme_id: int, path: Path) -> dict[str, int]:
    """Table → number of rows written; tables without rows are left out. The file or folder appears when it is
    whole. Raises Refused when it cannot be written there."""
    if path.suffix.lower() == ".xlsx":
        with _whole_file(path) as draft:
            return _sheets(programme_id, draft)
    if path.is_file():
        raise Refused(_("%(path)s is a file; name a folder, or a file that ends in .xlsx.") % {"path": path})
    listed = [(table, *contents(table, programme_id)) for table in tables()]
    listed = [(table, rows, found) for table, rows, found in listed if found.exists()]
    path.mkdir(parents=True, exist_ok=True)
    _refuse_leftovers(path, {table.name for table, _rows, _found in listed})
    counts = {}
    for table, rows, found in listed:
        with _whole_file(path / f"{table.name}.csv") as draft:
            counts[table.name] = _csv(table, rows.read(found), draft)
    return counts


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A draft beside the file, which takes its place when the block ends well."""
    if path.is_dir():
        raise Refused(_("%(path)s is a folder; name a file.") % {"path": path})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _refuse_leftovers(folder: Path, written: set[str]) -> None:
    """A table of an earlier export that has no rows now would be read as if it belonged to this one."""
    old = [file.name for file in folder.glob("*.csv")
           if (found := table_named(file.stem)) is not None and found.name not in written]
    if old:
        raise Refused(
            _(
                "The folder %(path)s also holds %(files)s, which are not of this export. Take them out, or "
                "export to a new folder."
            )
            % {"path": folder, "files": ", ".join(sorted(old))}
        )


def _csv(table: Table, rows: Iterator[list[str]], draft: Path) -> int:
    count = 0
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        for cells in rows:
            writer.writerow(cells)
            count += 1
    return count


def _sheets(programme_id: int, draft: Path) -> dict[str, int]:
    import xlsxwriter

    counts: dict[str, int] = {}
    book = xlsxwriter.Workbook(str(draft), {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
        "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    filled = 0
    for table in tables():
        rows, found = contents(table, programme_id)
        if not found.exists():
            continue
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.name, bold)
        numeric = [column.kind in _NUMBERS for column in table.columns]
        number = 0
        for number, cells in enumerate(rows.read(found), 1):
            filled += _write_row(table, sheet, number, cells, numeric)
            _require_room(sum(counts.values()) + number + len(counts) + 1, filled)
        counts[table.name] = number
    if not counts:
        book.add_worksheet("_")
    book.close()
    return counts


def _require_room(rows: int, cells: int) -> None:
    """A workbook that could not be brought in again is not written."""
    if rows > unpack.ROWS or cells > unpack.CELLS:
        raise Refused(_("This campaign has more than %(rows)s rows or %(cells)s cells, more than an .xlsx may hold. "
                        "Export to a folder instead.") % {"rows": unpack.ROWS, "cells": unpack.CELLS})


def _write_row(table: Table, sheet: Any, number: int, cells: Sequence[str], numeric: Sequence[bool]) -> int:
    """Writes a row; returns the number of cells that are not empty."""
    for place, cell in enumerate(cells):
        if not cell:
            continue
        if len(cell) > SHEET_CELL:
            raise Refused(
                _(
                    "A cell of the table %(table)s is longer than an .xlsx can hold; export to a folder "
                    "instead."
                )
                % {"table": table.name}
            )
        if (
            numeric[place]
            and cell.replace(".", "", 1).isascii()
            and cell.replace(".", "", 1).isdigit()
            and len(cell) < 15
        ):
            sheet.write_number(number, place, float(cell))
        else:
            sheet.write_string(number, place, cell)
    return sum(map(bool, cells))
