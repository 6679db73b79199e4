"""How the cells of a row are shown in lists and on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from zhixing.ground.kernel.counts import parse_count
from zhixing.ground.kernel.figures import figure
from zhixing.ground.kernel.tables import Column, Table, choice_label, label
from zhixing.outputs.boards.words import language
from zhixing.shell.templatetags import say

NAMES = ("name", "title", "text", "statement", "finding", "subject")
WIDE = 7
"""So many columns a list shows besides the key; the row's page has all."""


@dataclass(frozen=True)
class Head:
    """`numeric` columns stand at the right."""

    name: str
    label: str
    column: Column
    numeric: bool


def heads(table: Table) -> list[Head]:
    """The columns of a list: the key first, then those that tell rows apart; long texts last."""
    rest = [column for column in table.columns if column.name != table.key[0]]
    rest.sort(
        key=lambda column: (column.name not in NAMES[:2], column.kind == "long", column.kind == "roster")
    )
    order = [table.column(table.key[0]), *rest][: WIDE + 1]
    return [
        Head(
            column.name,
            label(language(), table.name, column.name),
            column,
            column.kind in ("count", "amount", "whole", "number"),
        )
        for column in order
    ]


def name_of(table: Table, row: Mapping[str, str]) -> str:
    """What a row is called: its name or title, else "" (its key says it)."""
    known = {column.name for column in table.columns}
    found = next((row[name] for name in NAMES if name in known and row.get(name)), "")
    return found if len(found) <= 40 else f"{found[:39]}…"


def said(
    table: Table, column: Column, value: str, names: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """A cell as people read it; "" where it is not known. `names`: table → code → name of what a reference
    names."""
    if not value:
        return ""
    if column.kind == "ref":
        return (names or {}).get(column.to, {}).get(value, value)
    if column.kind in ("choice", "word"):
        return choice_label(language(), table.name, column.name, value)
    if column.kind == "list":
        words = [choice_label(language(), table.name, column.name, each) for each in value.split(";") if each]
        return ("、" if say.chinese() else ", ").join(words)
    if column.kind == "day":
        return say.shortday(date.fromisoformat(value))
    if column.kind == "moment":
        moment = datetime.fromisoformat(value)
        return say.moment(moment) if "T" in value else say.day(moment.date())
    if column.kind in ("count", "amount"):
        count = parse_count(value)
        return say.amount(count.value, count.qualifier)
    if column.kind in ("whole", "number"):
        return say.number(Decimal(value))
    if column.kind == "yesno":
        return str(say.cell(value == "yes"))
    if column.kind == "figure" and figure(value):
        return choice_label(language(), table.name, column.name, value)
    return value
