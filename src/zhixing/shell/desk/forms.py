"""A table's declaration as a form, and what was typed as the cells of a row. Nothing is judged here: the
workbook engine does that, in the same words as for an import."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from zhixing.ground.kernel.figures import figures
from zhixing.ground.kernel.tables import WHERE, Column, Table, choice_labels, label
from zhixing.ground.workbook.types import Fault
from zhixing.outputs.boards.words import language
from zhixing.shell.fields import Field

from .shown import Names, undated, word

FEW = 50
"""References with no more choices than this are shown as a list to choose from."""

_SIGNS = ("", ">=", "~")


def cells_of(table: Table, posted: Mapping[str, str], fixed: Iterable[str] = ()) -> dict[str, str]:
    """What was typed, as cells of the workbook; columns in `fixed` are left out."""
    kept = set(fixed)
    return {column.name: _cell(column, posted) for column in table.columns if column.name not in kept}


def _cell(column: Column, posted: Mapping[str, str]) -> str:
    typed = posted.get(column.name, "").strip()
    if column.kind == "moment":
        time = posted.get(f"{column.name}.time", "").strip()
        return f"{typed}T{time}" if typed and time else typed
    if column.kind in ("count", "amount"):
        sign = posted.get(f"{column.name}.sign", "")
        return f"{sign}{typed}" if typed and sign in _SIGNS and typed[:1] not in ">~≥≈" else typed
    return typed.replace("\r\n", "\n")


def seen(row: Mapping[str, str] | None) -> str:
    """What the reader of a form has seen of its row, for the form to bring along."""
    return json.dumps({name: cell for name, cell in (row or {}).items() if cell}, ensure_ascii=False)


def seen_of(table: Table, posted: str) -> dict[str, str] | None:
    """The same as it came back; None where it did not."""
    try:
        found = json.loads(posted)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {column.name: str(found.get(column.name, "")) for column in table.columns}


References = Mapping[str, tuple[tuple[str, str], ...]]
"""Column → the rows it may name, as (code, words)."""


def fields_of(
    table: Table,
    cells: Mapping[str, str],
    *,
    faults: Iterable[Fault] = (),
    fixed: Iterable[str] = (),
    references: References | None = None,
    look_ups: Mapping[str, str] | None = None,
    names: Names | None = None,
) -> list[Field]:
    """A question per column, in the table's order. `references` are those with few choices; `look_ups`:
    column → the address that suggests them, where they are many."""
    wrong: dict[str, str] = {}
    for fault in faults:
        wrong.setdefault(fault.column, fault.message)
    kept = set(fixed)
    asked = []
    for column in table.columns:
        if column.name in kept:
            continue
        value, look_up = cells.get(column.name, ""), (look_ups or {}).get(column.name, "")
        named = (names or {}).get(column.to, {}).get(value, "") if look_up else ""
        asked.append(
            replace(
                _field(table, column, value, (references or {}).get(column.name, ()), look_up),
                fault=wrong.get(column.name, ""),
                hint=_("Now: %(name)s. Type part of another name or code, and choose.") % {"name": named}
                if named
                else undated(table, column, cells) or hint(column, look_up),
            )
        )
    return asked


def further(table: Table, faults: Iterable[Fault]) -> list[str]:
    """Faults that belong to no single question."""
    names = {column.name for column in table.columns}
    return [fault.message for fault in faults if fault.column not in names]


def _field(
    table: Table,
    column: Column,
    value: str,
    references: tuple[tuple[str, str], ...],
    look_up: str,
) -> Field:
    needed = column.required or (column.name in table.key and column.name not in table.loose)
    kind, second, options, typed = "", "", references, "text"
    if column.kind == "long":
        kind = "long"
    elif column.kind in ("choice", "figure") or references:
        kind = "select"
        options = references or _choices(table, column)
        if value and value not in dict(options):
            options = (*options, (value, value))
    elif column.kind == "yesno":
        kind = "choices"
        options = (("yes", _("yes")), ("no", _("no")), ("", _("not known")))
    elif column.kind == "moment":
        kind = "moment"
        value, _t, second = value.partition("T")
    elif column.kind in ("count", "amount"):
        kind = "count"
        options = (("", _("exactly")), (">=", _("over")), ("~", _("nearly")))
        second = next((sign for sign in (">=", "~") if value.startswith(sign)), "")
        value = value.removeprefix(second)
    elif column.kind == "day":
        typed = "date"
    elif column.kind == "word":
        options = _choices(table, column)
    elif column.kind == "roster":
        options = _rosters()
    return Field(
        column.name,
        label(language(), table.name, column.name),
        kind,
        value,
        second,
        typed,
        options=options,
        blank=_("Choose") if needed else _("not known"),
        needed=needed,
        look_up=look_up,
    )


def _choices(table: Table, column: Column) -> tuple[tuple[str, str], ...]:
    codes = tuple(column.allowed()) or tuple(choice_labels(table.name, column.name))
    if column.kind == "figure":
        codes = tuple(figure.name for figure in figures())
    return tuple((code, word(table.name, column.name, code)) for code in codes)


def _rosters() -> tuple[tuple[str, str], ...]:
    categories = choice_labels("people", "categories")
    return (
        ("listed", _("those marked are everyone expected")),
        ("unit", _("everybody of the unit")),
        *(
            (
                f"unit:{code}",
                _("of the unit: %(category)s") % {"category": word("people", "categories", code)},
            )
            for code in categories
        ),
    )


def hint(column: Column, look_up: str = "") -> str:
    """How to fill a question in, where it is not plain from its control."""
    if look_up:
        return _("Type part of a name or code, and choose.")
    if column.kind == "code":
        return _("A short code of your own, such as a number. It stays with the record.")
    if column.kind == "owers":
        return _("Who owes this: kinds of units in use (such as %(kind)s), units’ codes, or people: and a category, "
                 "such as people:%(category)s. Several are separated by ; (semicolon); empty means every participating "
                 "unit.") % {"kind": word("units", "kind", "school"),
                             "category": word("people", "categories", "leader")}
    if column.kind == "list":
        return _("Several are separated by ; (semicolon).")
    if column.kind == "roster":
        return _(
            "Who is expected. Choose from the list, or write group: and the group's code. With a roster only "
            "absences are entered; without one, the head count."
        )
    if column.kind == "where":
        example = f"{label(language(), WHERE, 'kind')}={word('activities', 'kind', 'mobilisation')}"
        return _(
            "Which records count, such as %(example)s. Pairs are joined by &, several values by ; (semicolon)."
        ) % {"example": example}
    return ""
