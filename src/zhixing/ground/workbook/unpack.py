"""Takes an .xlsx, or a zip of CSV files, apart into a folder of CSV files: run as a process of its own, with
limits on memory and time, since the file may be hostile. Knows nothing of tables; needs no Django.

Usage: python -m zhixing.ground.workbook.unpack FILE FOLDER. Prints JSON: `{"sheets": [[name, file] …],
"formulas": [[sheet, cell] …], "merged": [[sheet, range] …]}`, or `{"fault": kind, …}`. Nothing is ever
extracted under a name from the file."""

from __future__ import annotations

import csv
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path, PurePosixPath
from typing import Any

ENTRIES = 2_000
UNPACKED = 300 * 1024 * 1024
UNPACKED_CSV = 2 * 1024 * 1024 * 1024
RATIO = 250
"""A part that unpacks to so many times its size (beyond 4 MB) is a bomb, not a spreadsheet."""

ROWS = 200_000
CELLS = 4_000_000
MEMORY = 1536 * 1024 * 1024
SECONDS = 120
TOLD = 1_000
CHUNK = 1 << 20

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([^"']+)["']""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CELL_OR_FORMULA = re.compile(rb"<(?:\w+:)?(c|f)(?:\s([^>]*))?/?>")
_ERROR = re.compile(rb"""<(?:\w+:)?c(\s[^>]*\bt=["']e["'][^>]*)>""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+[0-9]+)["']""")
_OVERLAP = 4_096


class Fault(Exception):
    """The file is refused; `kind` and the values make the message."""

    def __init__(self, kind: str, **values: object) -> None:
        self.kind = kind
        self.values = values
        super().__init__(kind)


def limit(memory: int, seconds: int) -> None:
    """Bounds what this process may use."""
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(what, (most, most))


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Raises Fault."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = checked_names(archive)
            if "[Content_Types].xml" in names:
                formulas = check_parts(archive, names)
            else:
                return {"sheets": take_csv(archive, folder), "formulas": [], "merged": []}
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
        zlib.error,
    ) as error:
        raise Fault("damaged", detail=str(error)) from None
    merged: list[list[str]] = []
    return {"sheets": take_sheets(file, folder, merged), "formulas": formulas, "merged": merged}


def checked_names(archive: zipfile.ZipFile) -> set[str]:
    """The names in the archive, once its directory is plausible."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > ENTRIES or len(names) < len(parts):
        raise Fault("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Fault("password")
    office = "[Content_Types].xml" in names
    if sum(part.file_size for part in parts) > (UNPACKED if office else UNPACKED_CSV):
        raise Fault("large", limit=(UNPACKED if office else UNPACKED_CSV) // 1024 // 1024)
    for part in parts:
        if part.file_size > 4 * CHUNK and part.file_size > RATIO * max(part.compress_size, 1):
            raise Fault("bomb")
    return names


def pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """A part's bytes, never more than its declared size and the limit."""
    left = min(archive.getinfo(name).file_size, most)
    with archive.open(name) as stream:
        while piece := stream.read(CHUNK):
            left -= len(piece)
            if left < 0:
                raise Fault("bomb")
            yield piece


def check_parts(archive: zipfile.ZipFile, names: set[str]) -> list[list[str]]:
    """Refuses macros, links to other files, declarations of entities, and more rows than may be; returns the
    cells that hold formulas as [sheet, cell]."""
    lowered = {name.lower() for name in names}
    types = b"".join(pieces(archive, "[Content_Types].xml", UNPACKED)).lower()
    if b"macroenabled" in types or any(name.endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name
                                       for name in lowered):
        raise Fault("macro")
    if any(name.startswith("xl/externallinks/") or name == "xl/connections.xml" for name in lowered):
        raise Fault("links")
    if not any(name.startswith("xl/workbook") for name in lowered):
        raise Fault("not_a_workbook")
    counts = {"rows": 0, "cells": 0}
    formulas: list[list[str]] = []
    titles = sheet_titles(archive, names)
    for name in sorted(names):
        if name.lower().endswith((".xml", ".rels", ".vml")):
            is_sheet = name.lower().startswith("xl/worksheets/sheet")
            for cell in scan(archive, name, counts if is_sheet else None):
                if len(formulas) < TOLD:
                    formulas.append([titles.get(name, name), cell])
    return formulas


def scan(archive: zipfile.ZipFile, name: str, counts: dict[str, int] | None) -> Iterator[str]:
    """Reads a part through; of a sheet, counts rows and cells and yields the cells with formulas, and those that
    show an error with "!" before."""
    kept = b""
    first = True
    cell = ""
    for piece in pieces(archive, name, UNPACKED):
        if first:
            _require_utf8(piece)
            first = False
        if b"\0" in piece:
            raise Fault("xml")
        text = kept + piece
        if _DTD.search(text):
            raise Fault("xml")
        if counts is not None:
            cut = max(text.rfind(b">") + 1, 0) if len(text) > _OVERLAP else len(text)
            whole, kept = text[:cut], text[cut:]
            _count(whole, counts)
            for match in _ERROR.finditer(whole):
                if found := _REFERENCE.search(match[1]):
                    yield f"!{found[1].decode()}"
            if _FORMULA.search(whole):
                for match in _CELL_OR_FORMULA.finditer(whole):
                    if match[1] == b"f":
                        yield cell
                    elif found := _REFERENCE.search(match[2] or b""):
                        cell = found[1].decode()
            elif last := _last_cell(whole):
                cell = last
        else:
            kept = text[-16:]


def _last_cell(text: bytes) -> str:
    """The last cell that begins in the text, for a formula that follows in the next piece."""
    found = _REFERENCE.search(text, max(text.rfind(b"<c "), 0))
    return found[1].decode() if found else ""


def _count(text: bytes, counts: dict[str, int]) -> None:
    counts["rows"] += len(_ROW.findall(text))
    counts["cells"] += len(_CELL.findall(text))
    if counts["rows"] > ROWS or counts["cells"] > CELLS:
        raise Fault("rows", rows=ROWS, cells=CELLS)


def _require_utf8(start: bytes) -> None:
    """Any other encoding could hide what is looked for."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise Fault("xml")


def sheet_titles(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Part → the title on its tab."""
    from defusedxml.ElementTree import fromstring

    try:
        book = fromstring(b"".join(pieces(archive, "xl/workbook.xml", CHUNK)), forbid_dtd=True)
        links = fromstring(b"".join(pieces(archive, "xl/_rels/workbook.xml.rels", CHUNK)), forbid_dtd=True)
    except (KeyError, SyntaxError, ValueError):  # defusedxml's refusals are ValueErrors
        raise Fault("xml") from None
    targets = {link.get("Id"): PurePosixPath("xl") / (link.get("Target") or "") for link in links}
    titles = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            part = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            if part in targets:
                titles[str(targets[part]).removeprefix("xl//")] = sheet.get("name") or ""
    return titles


def take_sheets(file: Path, folder: Path, merged: list[list[str]]) -> list[list[str]]:
    """Writes every sheet as CSV, its rows at their own places. Cells that are merged below the heading and say
    something are added to `merged` as [sheet, range]."""
    from python_calamine import CalamineError, CalamineWorkbook

    taken = []
    try:
        book = CalamineWorkbook.from_path(str(file))
        for number, name in enumerate(book.sheet_names):
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            for (row, column), (last, end) in sheet.merged_cell_ranges or ():
                if last > 0 and cell_at(rows, row, column) and len(merged) < TOLD:
                    merged.append([name, f"{letters(column)}{row + 1}:{letters(end)}{last + 1}"])
            path = folder / f"{number}.csv"
            if write_csv(path, rows):
                taken.append([name, path.name])
    except CalamineError as error:
        raise Fault("damaged", detail=str(error)) from None
    return taken


def cell_at(rows: Sequence[Sequence[object]], row: int, column: int) -> str:
    return cell_text(rows[row][column]) if row < len(rows) and column < len(rows[row]) else ""


def letters(column: int) -> str:
    """What a spreadsheet calls its column number `column`, counted from 0."""
    first, last = divmod(column, 26)
    return (letters(first - 1) if first else "") + chr(65 + last)


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> bool:
    """False when there is nothing in any row. Empty cells beyond the heading are left out."""
    width = 0
    anything = False
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            texts = [cell_text(cell) for cell in row]
            while len(texts) > width and not texts[-1]:
                texts.pop()
            width = width or len(texts)
            anything = anything or any(texts)
            writer.writerow(texts if any(texts) else [])
    return anything


def cell_text(value: object) -> str:
    """The text that people meant by a cell: 80.0 → 80, dates in ISO form."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 12))
    if isinstance(value, datetime):
        whole = value.replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == time(0) else whole.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    return str(value)


def take_csv(archive: zipfile.ZipFile, folder: Path) -> list[list[str]]:
    """Copies the CSV files of a zip, under names of our own."""
    taken = []
    for number, part in enumerate(archive.infolist()):
        name = part.filename
        if (
            not part.flag_bits & 0x800
        ):  # made where names are not marked as UTF-8: on Chinese Windows they are GBK
            with suppress(UnicodeError):
                name = name.encode("cp437").decode("gbk")
        place = PurePosixPath(name.replace("\\", "/"))
        if (
            part.is_dir()
            or place.suffix.lower() != ".csv"
            or place.name.startswith(".")
            or "__MACOSX" in place.parts
        ):
            continue
        path = folder / f"{number}.csv"
        with path.open("wb") as file:
            for piece in pieces(archive, part.filename, UNPACKED_CSV):
                file.write(piece)
        taken.append([place.stem, path.name])
    if not taken:
        raise Fault("not_a_workbook")
    return taken


def main() -> None:
    limit(MEMORY, SECONDS)
    try:
        told: dict[str, Any] = unpack(Path(sys.argv[1]), Path(sys.argv[2]))
    except Fault as fault:
        told = {"fault": fault.kind, **fault.values}
    except MemoryError:
        told = {"fault": "memory"}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
