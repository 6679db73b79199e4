"""What the workbook engine gives out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused

from .headings import column_word, language, with_key, word_for

SHOWN = 1000
"""So many faults of a file are told in full; the rest are counted."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file. `row` is the line people see in their spreadsheet (the heading is
    row 1); 0 where it is the table as a whole. `kind` groups faults for the totals (`date`, `unknown` …).
    `value` is the cell as it stands, shortened. `table` and `column` are keys, the same in every language; as
    text they are what the reader calls them."""

    table: str
    row: int
    column: str
    value: str = ""
    message: str = ""
    kind: str = ""

    def __str__(self) -> str:
        place = [part for part in (with_key(word_for(self.table), self.table),
                                   _("row %(row)s") % {"row": self.row} if self.row else "",
                                   with_key(column_word(self.table, self.column), self.column)) if part]
        if not place:
            return self.message
        comma = "，" if language() == "zh" else ", "
        return _("%(place)s: %(message)s") % {"place": comma.join(place), "message": self.message}


class Faulty(Refused):
    """A file, or a form, with faults; nothing was written. `faults` are the first 1,000 by table and row,
    `totals` counts all of them by (table, kind)."""

    def __init__(self, faults: Sequence[Fault], totals: Mapping[tuple[str, str], int] | None = None) -> None:
        self.faults = tuple(faults)
        self.totals = dict(totals or {})
        if not self.totals:
            for fault in faults:
                key = (fault.table, fault.kind)
                self.totals[key] = self.totals.get(key, 0) + 1
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @property
    def total(self) -> int:
        return sum(self.totals.values())


class Outdated(Refused):
    """The row says something else than whoever corrects it has seen. `changed`: column → (seen, now)."""

    def __init__(self, changed: Mapping[str, tuple[str, str]]) -> None:
        self.changed = dict(changed)
        super().__init__(_("This record was changed while you had it open."))


@dataclass(frozen=True)
class TableReport:
    """What happened, or would happen, to one table."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Report:
    """What an import did. `tables` stand in the order of writing; `programme` is the campaign's code."""

    programme: str
    tables: Mapping[str, TableReport] = field(default_factory=dict)
    dry_run: bool = False

    def total(self) -> TableReport:
        return TableReport(*(sum(getattr(each, name) for each in self.tables.values())
                             for name in ("created", "updated", "unchanged")))


@dataclass(frozen=True)
class Columns:
    """The columns of somebody else's file of opinions. `said`: the opinions are found without being told where;
    `guessed`: text, title, on, unit, code → the column that most likely holds it."""

    names: tuple[str, ...]
    said: bool
    guessed: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A page of a table's rows, each a mapping from column to cell text; `keys` names each row for
    `reads.row` and `save_row`."""

    rows: tuple[Mapping[str, str], ...]
    keys: tuple[str, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))
