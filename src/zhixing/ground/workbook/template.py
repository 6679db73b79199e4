"""An empty workbook to fill in, in the language of a template pack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.figures import figures
from zhixing.ground.kernel.tables import WHERE, Column, Table, choice_label, choice_labels, label, tables

from .headings import told_apart

LAST_ROW = 5_000
"""Drop-downs and formats reach down to this row."""

_FORMATS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "whole": "0"}
_TEXTS = ("code", "ref", "text", "long", "word", "list", "owers", "choice", "yesno", "roster", "figure", "where")
_WIDE = ("long", "where", "list", "owers")
_GUIDE = {"zh": "填写说明", "en": "Guide"}
_EXAMPLE = {"zh": "例：", "en": "e.g. "}


def language_of(pack: str) -> str:
    """The language of an installed pack. Raises NotFound, naming those there are."""
    campaign = next(each for each in tables() if each.name == "campaign")
    there = next(each for each in campaign.columns if each.name == "template").allowed()
    packs = {name: words for name, words in choice_labels("campaign", "template").items() if name in there}
    if pack not in packs:
        raise NotFound(_("There is no template pack “%(pack)s”. There are: %(packs)s.")
                       % {"pack": pack, "packs": ", ".join(sorted(packs))})
    return next(iter(packs[pack]))


def write(pack: str, path: Path) -> list[str]:
    """Writes the workbook; returns the names of its tables."""
    language = language_of(pack)
    path.parent.mkdir(parents=True, exist_ok=True)
    with translation.override("zh-hans" if language == "zh" else language):
        return _Template(pack, language, path).write()


class _Template:
    def __init__(self, pack: str, language: str, path: Path) -> None:
        import xlsxwriter

        self.pack = pack
        self.language = language
        self.book: Any = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False}
        )
        self.head = self.book.add_format({"bold": True, "bg_color": "#F0EEE9", "bottom": 1, "text_wrap": True,
                                          "valign": "top"})
        self.grey = self.book.add_format({"italic": True, "font_color": "#8A8782", "num_format": "@"})
        self.formats = {kind: self.book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        self.text = self.book.add_format({"num_format": "@"})
        self.lists: Any = None
        self.ranges: dict[tuple[str, ...], str] = {}

    def write(self) -> list[str]:
        self._guide()
        sheets = [
            (table, self.book.add_worksheet(label(self.language, table.name)[:31])) for table in _ordered()
        ]
        self.lists = self.book.add_worksheet("_")
        self.lists.hide()
        for table, sheet in sheets:
            self._table(table, sheet)
        self.book.close()
        return [table.name for table, _sheet in sheets]

    def _guide(self) -> None:
        sheet = self.book.add_worksheet(_GUIDE[self.language])
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        title = self.book.add_format({"bold": True, "font_size": 16})
        wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, choice_label(self.language, "campaign", "template", self.pack), title)
        lines = (
            _(
                "Each sheet is a table. Fill in the sheets you need, from the third row on, and leave "
                "the rest empty."
            ),
            _(
                "The grey row is an example. It is left out on import, as is every row whose first cell "
                "begins with “%(mark)s”."
            )
            % {"mark": _EXAMPLE[self.language].strip()},
            _("A heading with * must be filled in. An empty cell means not known; it is never taken for 0."),
            _(
                "Codes are your own, such as numbers. They name a row for good: the same code again "
                "changes that row."
            ),
            _(
                "Dates are written 2026-05-18, times 2026-05-18 14:30. A count may be 80, over 80 (or >=80), "
                "nearly 24 or about 24 (or ~24)."
            ),
            _("Several values in one cell are separated by ; (semicolon)."),
            _(
                "Formulas are not taken; paste their values. Rest the pointer on a heading to read what "
                "belongs there."
            ),
        )
        for place, line in enumerate(lines, 2):
            sheet.merge_range(place, 0, place, 1, line, wrap)
        start = len(lines) + 3
        for place, table in enumerate(_ordered(), start):
            names = "、" if self.language == "zh" else ", "
            sheet.write_url(place, 0, f"internal:'{label(self.language, table.name)[:31]}'!A1",
                            string=label(self.language, table.name))
            sheet.write_string(
                place, 1, names.join(self._heading(table, column) for column in table.columns), wrap
            )

    def _heading(self, table: Table, column: Column) -> str:
        return label(self.language, table.name, column.name)

    def _table(self, table: Table, sheet: Any) -> None:
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            needed = column.required or (column.name in table.key and column.name not in table.loose)
            sheet.set_column(place, place, 36 if column.kind in _WIDE else 18, self._format(column))
            sheet.write_string(0, place, self._heading(table, column) + ("*" if needed else ""), self.head)
            sheet.write_comment(0, place, self._note(table, column), {"x_scale": 2, "y_scale": 1.5})
            mark = _EXAMPLE[self.language] if not place else ""
            sheet.write_string(1, place, mark + self._example(table, column), self.grey)
            self._choices(table, column, sheet, place)

    def _format(self, column: Column) -> Any:
        return self.text if column.kind in _TEXTS else self.formats.get(column.kind)

    def _choices(self, table: Table, column: Column, sheet: Any, place: int) -> None:
        """A drop-down. Words that are no fixed choice may be typed as well."""
        shown = self._offered(table, column)
        if not shown:
            return
        if shown not in self.ranges:
            number = len(self.ranges)
            for row, word in enumerate(shown):
                self.lists.write_string(row, number, word)
            self.ranges[shown] = f"='_'!${_letters(number)}$1:${_letters(number)}${len(shown)}"
        fixed = column.kind in ("choice", "yesno", "figure")
        sheet.data_validation(2, place, LAST_ROW, place, {
            "validate": "list", "source": self.ranges[shown], "show_error": fixed,
            "error_title": self._heading(table, column)[:32], "error_message": _("Choose one of the list.")})

    def _offered(self, table: Table, column: Column) -> tuple[str, ...]:
        match column.kind:
            case "yesno":
                return ("是", "否") if self.language == "zh" else ("yes", "no")
            case "choice":
                values = [value for value in column.allowed() if self._speaks(table, column, value)]
                return self._told_apart(table, column, values)
            case "word":
                return tuple(value for value, words in choice_labels(table.name, column.name).items()
                             if self.language in words)
            case "roster":
                return ("listed", "unit", "unit:leader")
            case "figure":
                return self._told_apart(table, column, [figure.name for figure in figures()])
        return ()

    def _speaks(self, table: Table, column: Column, value: str) -> bool:
        """Has the pack's language a word for the value? (Of the packs, only the one asked for is offered.)"""
        if (table.name, column.name) == ("campaign", "template"):
            return value == self.pack
        words = choice_labels(table.name, column.name)
        return value not in words or self.language in words[value]

    def _told_apart(self, table: Table, column: Column, values: Sequence[str]) -> tuple[str, ...]:
        """Each value by its word, or by its code where two have the same word."""
        if (table.name, column.name) == ("campaign", "template"):
            return tuple(values)
        return tuple(told_apart(self.language, table.name, column.name, values).values())

    def _note(self, table: Table, column: Column) -> str:
        """What belongs into the column."""
        kinds = {
            "code": _("A code of your own, at most 64 characters. It names the row for good."),
            "text": _("Text."),
            "long": _("Text, as long as need be."),
            "word": _("One word or code."),
            "choice": _("One of the list."),
            "list": _("One or more, separated by ; (semicolon)."),
            "owers": _("Who owes this: kinds of units in use, units’ codes, or people: and a category (people:leader), "
                       "separated by ; (semicolon). Empty: every participating unit."),
            "ref": _("A code from the table %(table)s.")
            % {"table": label(self.language, column.to or table.name)},
            "day": _("A date, such as 2026-05-18."),
            "moment": _("A day, and the time if known, such as 2026-05-18 14:30."),
            "count": _("A whole number: 80, over 80 (or >=80), nearly 24 or about 24 (or ~24)."),
            "amount": _("A number: 3, over 80 (or >=80), nearly 24 or about 24 (or ~24)."),
            "whole": _("A whole number."),
            "number": _("A number, such as 12 or 0.6."),
            "yesno": _("yes or no."),
            "roster": _(
                "Who is expected. listed: those in the table %(attendance)s. unit: everybody of the unit "
                "and below it, "
                "present unless marked. unit:leader: those of one category. group:CODE: a group's "
                "members. Empty: "
                "no roster."
            )
            % {"attendance": label(self.language, "attendance")},
            "figure": _("A figure, by its title or its name, such as %(title)s or activities.held.")
            % {"title": choice_label(self.language, "duties", "figure", "activities.held")},
            "where": _("Which records count, such as %(example)s. Pairs are joined by &, several values by ;.")
            % {"example": self._filter()},
        }
        note = kinds[column.kind]
        words = {
            value: words[self.language][0]
            for value, words in choice_labels(table.name, column.name).items()
            if self.language in words
        }
        if column.kind in ("word", "list", "roster") and words:
            note += "\n" + "\n".join(f"{value} = {word}" for value, word in list(words.items())[:20])
        return f"{column.name}\n{note}"

    def _filter(self) -> str:
        """A filter in the sheet's own words."""
        kind = choice_label(self.language, "activities", "kind", "mobilisation")
        return f"{label(self.language, WHERE, 'kind')}={kind}"

    def _example(self, table: Table, column: Column) -> str:
        offered = self._offered(table, column)
        known = choice_labels(table.name, column.name)
        match column.kind:
            case "code":
                return f"{table.name[0].upper()}01"
            case "ref":
                return f"{(column.to or table.name)[0].upper()}01"
            case "choice" | "yesno" | "word":
                return offered[0] if offered else ""
            case "list" | "owers":
                return ";".join(list(known)[:2])
            case "roster":
                return "unit:leader"
            case "figure":
                return choice_label(self.language, table.name, column.name, "activities.held")
            case "where":
                return self._filter()
        return {
            "day": "2026-05-18",
            "moment": "2026-05-18 14:30",
            "count": "80余" if self.language == "zh" else "over 80",
            "amount": "3",
            "whole": "1",
            "number": "1",
        }.get(column.kind, self._heading(table, column))


def _ordered() -> list[Table]:
    """The campaign first, the rest as they are written."""
    return sorted(tables(), key=lambda table: table.name != "campaign")


def _letters(number: int) -> str:
    """The name of a spreadsheet's column, counted from 0."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
