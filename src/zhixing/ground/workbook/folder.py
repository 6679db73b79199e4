"""Reads a folder of UTF-8 CSV files, one per table, as a stream of rows in bounded memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import Table, tables

from . import cells
from .faults import Faults
from .headings import column_names, column_word, folded, is_guide, near_column, near_table, table_named, with_key
from .layout import Layout

BATCH = 4_000

Batch = tuple[Sequence[int], Sequence[Sequence[str]]]


class Unreadable(Exception):
    """The file as a whole cannot be read; `kind` and the text are for a fault."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


@dataclass
class Sheet:
    """One table of a workbook. `columns` are the table's columns in the order of the file's cells; `places`
    the cells that hold them. `broken`: its codes are not all known, so references to them are not judged."""

    layout: Layout
    path: Path
    columns: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    width: int = 0
    broken: bool = False

    @property
    def name(self) -> str:
        return self.layout.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def read(self, faults: Faults, progress: Callable[[int], None] | None = None) -> Iterator[Batch]:
        """The rows in batches, each row with the cells of `columns`. A row with too few or too many cells is
        a fault; empty rows are left out."""
        return batches(self, faults, progress)


class _Checked(io.RawIOBase):
    """Bytes of a file, counted; refuses a NUL, which no CSV holds (a cut-off or binary file does)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: any writable buffer
        got = self._file.readinto(buffer)
        if b"\0" in bytes(buffer[:got]):
            raise Unreadable(
                "file", _("the file holds bytes that no text has; it is damaged or not a CSV file")
            )
        self.done += got
        return got

    def close(self) -> None:
        self._file.close()
        super().close()


def encoding_fault(path: Path) -> str:
    """What is wrong with a file that is not UTF-8, and how to save it."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    remedy = _("in Excel choose Save As → “CSV UTF-8”; in WPS or Notepad choose the encoding UTF-8")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "UTF-16"
    else:
        try:
            codecs.getincrementaldecoder("gb18030")().decode(start)
            found = "GBK"
        except UnicodeDecodeError:
            return _("the file is not UTF-8 text; %(remedy)s") % {"remedy": remedy}
    return _("the file is not UTF-8, it looks like %(encoding)s; %(remedy)s") % {
        "encoding": found,
        "remedy": remedy,
    }


def csv_rows(path: Path, progress: Callable[[int], None] | None = None) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of a CSV file, the heading included. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("encoding", encoding_fault(path))
    csv.field_size_limit(cells.TEXT_LENGTH * 4)
    raw = _Checked(path)
    number = 0
    with io.TextIOWrapper(io.BufferedReader(raw, 1 << 18), "utf-8-sig", newline="") as text:
        try:
            for number, row in enumerate(csv.reader(text, strict=True), 1):
                if progress is not None and not number % BATCH:
                    progress(raw.done)
                yield number, row
        except UnicodeDecodeError:
            raise Unreadable("encoding", encoding_fault(path)) from None
        except csv.Error as error:
            raise Unreadable("file", _csv_fault(error, number + 1)) from None


def _csv_fault(error: csv.Error, row: int) -> str:
    if "end of data" in str(error):
        return _(
            "a quotation mark that opens in row %(row)s is never closed; the file is cut off or a mark is "
            "missing"
        ) % {"row": row}
    if "field larger" in str(error):
        return _(
            "a cell in row %(row)s is longer than %(limit)s characters, or a quotation mark is missing"
        ) % {"row": row, "limit": cells.TEXT_LENGTH}
    return _("row %(row)s is not well-formed CSV near a quotation mark (%(detail)s)") % {
        "row": row, "detail": error}


def _real(path: Path) -> Path | None:
    """Where a path leads; None where it leads in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return None


def files_of(folder: Path, faults: Faults) -> list[tuple[str, Path]]:
    """(name, file) of the CSV files of a folder; files of other kinds are left alone. Raises Refused when
    there is none."""
    root = folder.resolve()
    found = []
    files = [path for path in sorted(folder.iterdir())
             if path.suffix.lower() == ".csv" and not path.name.startswith((".", "~"))]
    for path in files:
        real = _real(path)
        if real is not None and real.parent == root and real.is_file():
            found.append((path.stem, path))
        else:
            faults.add(path.stem, 0, "", "", _("%(file)s leads out of the folder and was not opened")
                       % {"file": path.name}, "file")
    if not files:
        raise Refused(
            _(
                "%(path)s holds no tables; a workbook is a folder of CSV files named after its tables "
                "(units.csv, people.csv …)"
            )
            % {"path": folder}
        )
    return found


def find_sheets(named: Sequence[tuple[str, Path]], faults: Faults) -> list[Sheet]:
    """The tables of a workbook, in the order in which they must be written; a fault for each file or sheet of
    an unknown name."""
    found: dict[str, Sheet] = {}
    for name, path in named:
        table = None if is_guide(name) else _table_of(name, faults)
        if table is None:
            continue
        if table.name in found:
            faults.add(
                table.name,
                0,
                "",
                "",
                _("this table stands here twice, once as “%(name)s”; put the rows into one") % {"name": name},
                "heading",
            )
            continue
        found[table.name] = Sheet(Layout(table), path)
    ordered = [found[table.name] for table in tables() if table.name in found]
    for sheet in ordered:
        _read_heading(sheet, faults)
    return ordered


def _table_of(name: str, faults: Faults) -> Table | None:
    table = table_named(name)
    if table is None:
        near = near_table(name)
        message = (
            _("there is no table “%(name)s”; did you mean “%(near)s”?")
            if near
            else _("there is no table “%(name)s”; name it after a table of the workbook, or take it out")
        )
        faults.add(name, 0, "", "", message % {"name": name, "near": near}, "heading")
    return table


def _read_heading(sheet: Sheet, faults: Faults) -> None:
    """Finds the columns; faults for unknown, double and missing ones."""
    try:
        heading = next(csv_rows(sheet.path), (1, []))[1]
    except Unreadable as error:
        faults.add(sheet.name, 0, "", "", str(error), error.kind)
        sheet.broken = True
        return
    table = sheet.layout.table
    while heading and not heading[-1].strip():
        heading.pop()
    if not heading:
        faults.add(sheet.name, 1, "", "", _("the file is empty; its first row names the columns"), "heading")
        sheet.broken = True
        return
    sheet.width = len(heading)
    known = column_names(table)
    for place, word in enumerate(heading):
        column = known.get(folded(word))
        if column is None:
            _unknown_column(sheet, heading, word, faults)
        elif column.name in sheet.columns:
            faults.add(sheet.name, 1, column.name, word, _("this column stands here twice"), "heading")
        else:
            sheet.columns.append(column.name)
            sheet.places.append(place)
    for name in sheet.layout.needed():
        if name not in sheet.columns:
            faults.add(
                sheet.name,
                1,
                name,
                "",
                _("the column %(column)s is missing; the table cannot do without it")
                % {"column": with_key(column_word(sheet.name, name), name)},
                "heading",
            )
            sheet.broken = True


def _unknown_column(sheet: Sheet, heading: list[str], word: str, faults: Faults) -> None:
    if len(heading) == 1 and any(mark in word for mark in ";\t|"):
        message = _("the cells seem to be separated by something else than commas; save the file as CSV "
                    "separated by commas")
    elif not word.strip():
        message = _("a column without a heading; name it or take it out")
    else:
        near = near_column(sheet.layout.table, word)
        message = (_("there is no column “%(name)s”; did you mean “%(near)s”?") if near
                   else _("there is no column “%(name)s” in this table; rename it or take it out"))
        message = message % {"name": word[:40], "near": near}
    faults.add(sheet.name, 1, word[:40], word, message, "heading")


def batches(sheet: Sheet, faults: Faults, progress: Callable[[int], None] | None = None) -> Iterator[Batch]:
    numbers: list[int] = []
    rows: list[list[str]] = []
    try:
        for number, row in csv_rows(sheet.path, progress):
            if number == 1:
                continue
            if len(row) != sheet.width and not _fits(sheet, number, row, faults):
                continue
            numbers.append(number)
            rows.append(row)
            if len(rows) == BATCH:
                yield _chosen(sheet, numbers, rows)
                numbers, rows = [], []
    except Unreadable as error:
        faults.add(sheet.name, 0, "", "", str(error), error.kind)
        sheet.broken = True
    if rows:
        yield _chosen(sheet, numbers, rows)


def _fits(sheet: Sheet, number: int, row: list[str], faults: Faults) -> bool:
    """Cuts off empty cells beyond the heading; a fault where the row has more or fewer."""
    if not any(cell.strip() for cell in row):
        return False
    if len(row) > sheet.width and not any(cell.strip() for cell in row[sheet.width:]):
        del row[sheet.width:]
        return True
    faults.add(
        sheet.name,
        number,
        "",
        "",
        _(
            "this row has %(cells)s cells, the heading %(columns)s; look for a "
            "comma or quotation mark too many or missing"
        )
        % {"cells": len(row), "columns": sheet.width},
        "row",
    )
    sheet.broken = True
    return False


def _chosen(sheet: Sheet, numbers: list[int], rows: list[list[str]]) -> Batch:
    """Without rows that are empty, and with the known columns only."""
    if not all(map(any, rows)):
        kept = [place for place, row in enumerate(rows) if any(row)]
        numbers, rows = [numbers[place] for place in kept], [rows[place] for place in kept]
    if sheet.places != list(range(sheet.width)):
        return numbers, [[row[place] for place in sheet.places] for row in rows]
    return numbers, rows
