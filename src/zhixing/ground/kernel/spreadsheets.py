"""What a spreadsheet program does with the cells of a CSV file."""

from __future__ import annotations

import unicodedata

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula: an apostrophe stands before a sign that begins one, the
    full-width signs of Chinese keyboards included (source: OWASP, CSV Injection). For files that people open; the
    workbook's own export keeps every cell as it is."""
    return "'" + cell if unicodedata.normalize("NFKC", cell[:1]) in _FORMULA else cell
