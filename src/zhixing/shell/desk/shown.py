"""How the cells of a row are shown in lists and on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.html import format_html
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel.counts import parse_count
from zhixing.ground.kernel.tables import Column, Table, choice_labels, label
from zhixing.ground.kernel.tables import table as table_of
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language, said_where
from zhixing.shell.templatetags import say

NAMES = ("name", "title", "text", "statement", "finding", "subject")
Names = Mapping[str, Mapping[str, str]]
"""Table → code → name, of what a page's rows refer to."""

HOSTS = "hosts"
"""In place of a table: whoever leads an activity, by the code of a person or unit, or in words of one's own."""

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
    """The columns of a list: the key first, then what the row says, references that are bare
    codes after those with names, other long texts last."""
    rest = [column for column in table.columns if column.name != table.key[0]]
    rest.sort(
        key=lambda column: (
            column.name not in NAMES[:4],
            column.kind == "long",
            column.kind == "roster",
            column.kind == "ref" and not _has_name(column.to),
        )
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


def _has_name(to: str) -> bool:
    return to in ("units", "people", "phases") or any(each.name in NAMES[:2] for each in table_of(to).columns)


def name_of(table: Table, row: Mapping[str, str]) -> str:
    """What a row is called: its name or title, else "" (its key says it)."""
    known = {column.name for column in table.columns}
    found = next((row[name] for name in NAMES if name in known and row.get(name)), "")
    return found if len(found) <= 40 else f"{found[:39]}…"


def heading_of(at: Standpoint, table: Table, row: Mapping[str, str], names: Names) -> str:
    """What stands above a row's page: its name, else the words of its key."""
    parts = (said(at, table, table.column(name), row, names) for name in table.key)
    return name_of(table, row) or " · ".join(filter(None, parts))


def word(table: str, column: str, value: str) -> str:
    """A value's word in the reader's language, else in any, else the value itself."""
    known = choice_labels(table, column).get(value, {})
    listed = known.get(language()) or next(iter(known.values()), ())
    return next(iter(listed), value)


DATING = {"activities": "starts_at"}
"""Table → the column without which a record counts at every date."""


def undated(table: Table, column: Column, row: Mapping[str, str]) -> str:
    """What is to be said where a record has no date; "" where it has one, and of other columns."""
    if DATING.get(table.name) != column.name or row.get(column.name):
        return ""
    return _("no date: counted at every date")


def shown(at: Standpoint, table: Table, column: Column, row: Mapping[str, str], names: Names) -> str:
    """A cell in a list or on a record's page: as `said`, and where a date is missing what follows from it."""
    words = undated(table, column, row)
    return format_html('<span class="soft">{}</span>', words) if words else said(at, table, column, row, names)


def said(at: Standpoint, table: Table, column: Column, row: Mapping[str, str], names: Names) -> str:
    """A cell as people read it; "" where it is not known."""
    value = row.get(column.name, "")
    if not value:
        return ""
    if (table.name, column.name) == ("activities", "host"):
        return names.get(HOSTS, {}).get(value, value)
    if column.kind == "ref":
        return names.get(column.to, {}).get(value, value)
    if column.kind in ("choice", "word", "figure"):
        return word(table.name, column.name, value)
    if column.kind in ("list", "owers"):
        return _listed(table, column, value)
    if column.kind == "where":
        return _filters(at, row.get("figure", ""), value)
    return _plain(column, value)


def _listed(table: Table, column: Column, value: str) -> str:
    """A list of words. What a duty applies to are kinds of units, too."""
    words = [word(table.name, column.name, each) for each in value.split(";") if each]
    if column.kind == "owers":
        words = [_ower(each) for each in words]
    return ("、" if say.chinese() else ", ").join(words)


def _ower(entry: str) -> str:
    people, colon, category = entry.partition(":")
    if people == "people" and colon:
        return _("each person: %(category)s") % {"category": word("people", "categories", category)}
    return word("units", "kind", entry)


def _filters(at: Standpoint, figure: str, value: str) -> str:
    where: dict[str, list[str]] = {}
    for pair in value.split("&"):
        key, _equals, values = pair.partition("=")
        where[key] = values.split(";")
    phases = {each.code: each.name for each in campaigns.phases(at.campaign.programme_id)}
    return said_where(at.pack, figure, where, phases)


def _plain(column: Column, value: str) -> str:
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
    return str(say.cell(value == "yes")) if column.kind == "yesno" else value
