"""Opens whatever a person hands over as a workbook: a folder, an .xlsx, a zip of CSV files, one CSV file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused

from . import unpack
from .faults import Faults
from .folder import Sheet, csv_rows, files_of, find_sheets
from .headings import column_names, folded, is_guide, table_named

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WAIT = unpack.SECONDS + 30
"""Seconds after which a file that takes so long to read is given up."""


@contextmanager
def opened(path: Path, faults: Faults) -> Iterator[list[Sheet]]:
    """The tables of a workbook for as long as the block lasts; faults of headings. Raises Refused for what is
    not a workbook, or may not be opened."""
    if not path.exists():
        raise Refused(_("There is no %(path)s.") % {"path": path})
    if path.is_dir():
        yield find_sheets(files_of(path, faults), faults)
        return
    if not path.is_file():
        raise Refused(_not_a_workbook(path))
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        with tempfile.TemporaryDirectory(prefix="zhixing-workbook-") as folder:
            named = taken_apart(path, Path(folder), faults)
            yield find_sheets(named, faults)
    elif path.suffix.lower() == ".csv" and start[:8] != _OLD_OFFICE:
        yield find_sheets([(path.stem, path)], faults)
    else:
        raise Refused(_old(path) if start == _OLD_OFFICE else _not_a_workbook(path))


def _not_a_workbook(path: Path) -> str:
    return _(
        "%(path)s is not a workbook. A workbook is a folder of CSV files, a zip of them, or an .xlsx file."
    ) % {"path": path}


def _old(path: Path) -> str:
    return _(
        "%(path)s is an old Excel file (.xls) or has a password. Open it, save it as .xlsx without a "
        "password, and "
        "try again."
    ) % {"path": path}


def taken_apart(path: Path, folder: Path, faults: Faults) -> list[tuple[str, Path]]:
    """(name, CSV file) of each sheet; a fault for each formula and each cell merged over others. Raises Refused."""
    told = _told(path, folder)
    if "fault" in told:
        raise Refused(_message(path, told))
    named = [(name, folder / file) for name, file in told["sheets"]]
    _formulas(told["formulas"], named, faults)
    _merged(told["merged"], named, faults)
    if not named:
        raise Refused(_("%(path)s holds no tables: every sheet is empty.") % {"path": path})
    return named


def _told(path: Path, folder: Path) -> dict[str, Any]:
    """What the process that reads the file says of it."""
    words = [sys.executable, "-m", "zhixing.ground.workbook.unpack", str(path.resolve()), str(folder)]
    try:
        ran = subprocess.run(words, capture_output=True, timeout=_WAIT, check=False)
    except subprocess.TimeoutExpired:
        return {"fault": "time"}
    try:
        told = json.loads(ran.stdout)
    except ValueError:
        return {"fault": "time" if ran.returncode == -24 else "memory"}
    return told if isinstance(told, dict) else {"fault": "memory"}


def _message(path: Path, told: dict[str, Any]) -> str:
    """The refusal in words."""
    messages = {
        "damaged": _(
            "%(path)s is damaged or cut off (%(detail)s). Open it in Excel or WPS, save it again, and "
            "try again."
        ),
        "bomb": _("%(path)s unpacks to far more than a workbook holds and was not opened."),
        "large": _(
            "%(path)s unpacks to more than %(limit)s MB and was not opened. Save its tables as CSV files "
            "in a "
            "folder; those may be of any size."
        ),
        "rows": _(
            "%(path)s holds more than %(rows)s rows or %(cells)s cells. Save its tables as CSV files in "
            "a folder; "
            "those may be of any size."
        ),
        "memory": _(
            "%(path)s needs more memory to read than a workbook may. Take out empty rows and columns far "
            "from "
            "the data, or save its tables as CSV files in a folder."
        ),
        "time": _("%(path)s takes too long to read. Save its tables as CSV files in a folder."),
        "macro": _("%(path)s holds macros and was not opened. Save it as an ordinary .xlsx file."),
        "links": _(
            "%(path)s takes values from other files and was not opened. Replace them with plain values: "
            "copy, "
            "then paste as values."
        ),
        "xml": _("%(path)s holds declarations that no spreadsheet program writes, and was not opened."),
        "password": _("%(path)s has a password. Save it without one."),
        "not_a_workbook": _not_a_workbook(path),
    }
    message = messages[told["fault"]]
    return message % {"path": path.name, **told} if "%(" in message else message


def _formulas(cells: Sequence[Sequence[str]], named: Sequence[tuple[str, Path]], faults: Faults) -> None:
    """A formula shows a value that nobody typed and that may differ tomorrow."""
    for sheet, cell in cells:
        _tell(sheet, cell, named, faults,
              _("an error such as #REF!; type what should stand here") if cell.startswith("!")
              else _("a formula; replace it with its value: copy the cell, then paste as value"), "formula")


def _merged(ranges: Sequence[Sequence[str]], named: Sequence[tuple[str, Path]], faults: Faults) -> None:
    """Of cells that are merged, a file holds the first alone: the other rows would be read as if it were empty."""
    for sheet, place in ranges:
        _tell(sheet, place.partition(":")[0], named, faults,
              _("the cells %(range)s are merged, and only the first of them says something; take the merge apart and "
                "fill in each row") % {"range": place}, "merged")


def _tell(sheet: str, cell: str, named: Sequence[tuple[str, Path]], faults: Faults, message: str, kind: str) -> None:
    """A fault of a cell of a sheet, under the names of its table and column."""
    if is_guide(sheet):
        return
    path = next((path for name, path in named if name == sheet), None)
    heading = next(csv_rows(path), (1, []))[1] if path is not None else []
    table = table_named(sheet)
    place = re.fullmatch(r"!?([A-Z]+)([0-9]+)", cell)
    letters, row = (place[1], int(place[2])) if place else ("", 0)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    word = heading[number - 1] if 0 < number <= len(heading) else letters
    column = column_names(table).get(folded(word)) if table else None
    faults.add(table.name if table else sheet, row, column.name if column else word, "", message, kind)
