"""What the commands print: plain tables for people, JSON for machines."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import click


def as_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=plain))


def plain(value: object) -> object:
    """Decimals as numbers (whole ones without a point), dates in ISO form."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else round(float(value), 10)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def number(value: Decimal | None, qualifier: str = "=", measure: str = "") -> str:
    """`≥80`, `98.7%`, `–` for not known."""
    if value is None:
        return "–"
    sign = {"=": "", ">=": "≥", "~": "≈"}[qualifier]
    if measure == "share":
        hundred = value * 100
        rounded = hundred.quantize(Decimal("0.1"), ROUND_HALF_UP)
        if rounded == 100 and hundred < 100:  # less than everything must not look like everything
            rounded = hundred.quantize(Decimal("0.1"), ROUND_DOWN)
        return f"{sign}{rounded}%"
    return f"{sign}{int(value):,}" if value == value.to_integral_value() else f"{sign}{value:,.2f}"


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns that line up, Chinese characters counted as two."""
    lines = [list(headings), *([str(cell) for cell in row] for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(headings))]
    for place, line in enumerate(lines):
        cells = [cell + " " * (room - width(cell)) for cell, room in zip(line, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
        if not place:
            click.echo("  ".join("─" * room for room in widths))
