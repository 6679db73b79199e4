"""The demonstration workbook as tables of rows, and its folder of CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

Cell = str | int | date | bool | None | Iterable[str]


class Book:
    """Tables in the order in which they were first written to; columns likewise."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, str]]] = {}

    def add(self, table: str, /, **cells: Cell) -> None:
        """One row. A heading that is a Python word is written with a `_` behind it (`from_`)."""
        row = {name.rstrip("_"): text(cell) for name, cell in cells.items()}
        self.tables.setdefault(table, []).append(row)

    def codes(self, table: str) -> list[str]:
        return [row["code"] for row in self.tables.get(table, [])]

    def write(self, folder: Path) -> None:
        """One CSV a table: UTF-8, headings first, the same bytes for the same rows."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            headings = list(dict.fromkeys(heading for row in rows for heading in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, headings, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def text(cell: Cell) -> str:
    """A cell as people type it: lists joined by `;`, yes and no, "" for not known."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str | int):
        return str(cell)
    return ";".join(cell)
