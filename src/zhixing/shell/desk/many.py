"""Many units' sessions in one sheet: the sheet as it is handed out, and what is read from it. Every fault is named with
its row and column; what is right is written by the workbook's own door, all in one transaction."""

from __future__ import annotations

import csv
import hashlib
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhixing.flow.activities import reads as activities
from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs import activity_kinds
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView
from zhixing.ground.workbook import actions
from zhixing.ground.workbook import reads as workbook
from zhixing.ground.workbook.types import Faulty
from zhixing.outputs.boards.types import Standpoint

from .shown import word

MOST = 3_000
"""So many rows a sheet may have."""

HEADINGS = {
    "unit": gettext_noop("Unit code"),
    "name": gettext_noop("Unit name (not read)"),
    "starts_at": gettext_noop("Day (and time)"),
    "kind": gettext_noop("Kind of session"),
    "title": gettext_noop("Topic"),
    "place": gettext_noop("Place"),
    "headcount": gettext_noop("How many people"),
    "absent": gettext_noop("Absent (names)"),
}
"""Column → its heading; understood in every language of the product."""

ASKED = ("starts_at", "kind", "title", "place", "headcount", "absent")
_NAMES = re.compile(r"[、,，;；\n]+")
_WIDTHS = {"name": 24, "starts_at": 18, "kind": 20, "title": 36, "place": 20, "absent": 36}


@dataclass(frozen=True, order=True)
class Wrong:
    """A fault: the row and the heading as the sheet shows them, the cell, and what to do."""

    row: int
    heading: str
    value: str
    message: str


@dataclass
class Checked:
    """What a sheet holds: `sessions` of so many units, `absent` names; or its faults. `created`: sessions that are not
    on record yet (a sheet handed in twice adds nothing the second time)."""

    faults: list[Wrong] = field(default_factory=list)
    sessions: int = 0
    units: int = 0
    absent: int = 0
    created: int = 0


def write_sheet(at: Standpoint, place: Path) -> None:
    """One row for each unit that the reader stands at or above, with drop-downs."""
    import xlsxwriter

    book: Any = xlsxwriter.Workbook(str(place), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Sessions")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#F0EEE9", "bottom": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 2)
    for number, (name, heading) in enumerate(HEADINGS.items()):
        sheet.set_column(number, number, _WIDTHS.get(name, 14),
                         day if name == "starts_at" else None if name == "headcount" else text)
        sheet.write_string(0, number, translation.gettext(heading), bold)
    notes = {"headcount": _("Only where nobody is listed by name. Write 80, over 80 or about 80."),
             "absent": _("Names with a comma between them. Everybody else of the unit was present.")}
    for name, note in notes.items():
        sheet.write_comment(0, list(HEADINGS).index(name), note)
    listed = units.units_under(at.unit.path, at.as_of, limit=MOST - 1)
    for number, unit in enumerate(listed, 1):
        sheet.write_string(number, 0, unit.code, text)
        sheet.write_string(number, 1, unit.label, text)
    kinds = book.add_worksheet("_")
    kinds.hide()
    known = list(activity_kinds())
    for number, kind in enumerate(known):
        kinds.write_string(number, 0, word("activities", "kind", kind))
    sheet.data_validation(1, list(HEADINGS).index("kind"), MOST, list(HEADINGS).index("kind"),
                          {"validate": "list", "source": f"='_'!$A$1:$A${max(len(known), 1)}", "show_error": False})
    book.close()


def bring_in(at: Standpoint, file: Path, *, agreed: bool) -> Checked:
    """Checks a sheet; with `agreed`, writes it where nothing is wrong. Raises Refused for what is no such sheet."""
    reading = _Reading(at)
    reading.read(workbook.sheet(file, most=MOST))
    checked = reading.checked
    if reading.sessions:
        with tempfile.TemporaryDirectory() as folder:
            reading.write(Path(folder))
            try:
                report = actions.import_workbook(folder, actor=at.actor, campaign=at.campaign.code,
                                                 dry_run=not agreed or bool(checked.faults))
                checked.created = report.tables["activities"].created
            except Faulty as error:
                reading.blame(error)
    elif not checked.faults:
        raise Refused(_("No row of this sheet is filled in. Write a day and a kind beside the units that held "
                        "something."))
    checked.faults.sort()
    return checked


class _Reading:
    """One sheet on its way."""

    def __init__(self, at: Standpoint) -> None:
        self.at = at
        self.checked = Checked()
        self.sessions: list[dict[str, str]] = []
        self.marks: list[dict[str, str]] = []
        self.rows: list[int] = []
        self.mark_rows: list[int] = []
        self.seen: dict[str, int] = {}
        self.people: dict[tuple[int, date], dict[str, list[str]]] = {}
        self.headings = {name: translation.gettext(heading) for name, heading in HEADINGS.items()}
        self.phases = {each.code: each for each in campaigns.phases(at.campaign.programme_id)}

    def wrong(self, row: int, name: str, value: str, message: str) -> None:
        self.checked.faults.append(Wrong(row, self.headings.get(name, name), value[:80], message))

    def read(self, listed: Sequence[tuple[int, list[str]]]) -> None:
        if not listed:
            raise Refused(_("This sheet is empty."))
        places = self._places(listed[0][1])
        filled = []
        for number, cells in listed[1:]:
            row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
            if any(row.get(name) for name in ASKED):
                filled.append((number, row))
        known = units.units_by_code({row["unit"] for _number, row in filled} - {""}, self.at.as_of)
        for number, row in filled:
            self._row(number, row, known)
        self.checked.sessions = len(self.sessions)
        self.checked.units = len({each["unit"] for each in self.sessions})
        self.checked.absent = len(self.marks)

    def _places(self, heading: Sequence[str]) -> dict[str, int]:
        """Column → its place, by the headings of any language."""
        known: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known |= {translation.gettext(words).casefold(): name for name, words in HEADINGS.items()}
        places = {known[each.strip().casefold()]: place for place, each in enumerate(heading)
                  if each.strip().casefold() in known}
        missing = [self.headings[name] for name in ("unit", "starts_at", "kind") if name not in places]
        if missing:
            raise Refused(_("This is not the sheet for sessions: it has no column %(names)s. Take the sheet away here "
                            "and fill it in.") % {"names": ", ".join(missing)})
        return places

    def _row(self, number: int, row: Mapping[str, str], known: Mapping[str, UnitView]) -> None:
        unit = known.get(row["unit"])
        if unit is None or not may_write(self.at.actor, "activities", self.at.campaign.programme_id, unit.path):
            self.wrong(number, "unit", row["unit"], _("There is no such unit among yours. Write its code as it stands "
                                                      "in the sheet that you took away."))
            return
        for name, words in (("starts_at", _("Say on which day it was.")),
                            ("kind", _("Say what kind of session it was."))):
            if not row[name]:
                self.wrong(number, name, "", words)
        day = _day(row["starts_at"])
        if day and day > clock.today():
            self.wrong(number, "starts_at", row["starts_at"], _("This day has not come yet."))
        count, absent = row.get("headcount", ""), row.get("absent", "")
        if count and absent:
            self.wrong(number, "absent", absent, _("Give either the number of people or the names of the absent."))
        code = _code(row)
        if code in self.seen:
            self.wrong(number, "unit", row["unit"], _("Row %(row)s says the same session. Take one of them out.")
                       % {"row": self.seen[code]})
            return
        self.seen[code] = number
        phase = self._phase(day)
        self.sessions.append({
            "code": code, "kind": row["kind"], "title": row.get("title", ""), "unit": unit.code, "phase": phase,
            "starts_at": row["starts_at"].replace("/", "-"), "place": row.get("place", ""),
            "roster": "" if count else "unit", "headcount": count})
        self.rows.append(number)
        if not count and day:
            self._absent(number, unit, day, code, absent)

    def _phase(self, day: date | None) -> str:
        for each in self.phases.values():
            if day and each.starts_on and each.starts_on <= day and (each.ends_on is None or day <= each.ends_on):
                return each.code
        return ""

    def _absent(self, number: int, unit: UnitView, day: date, code: str, names: str) -> None:
        people = self._people(unit, day)
        if not people:
            self.wrong(number, "headcount", "", _("Nobody is listed for this unit, so give the number of people."))
            return
        for name in filter(None, (each.strip() for each in _NAMES.split(names))):
            found = people.get(name.casefold(), [])
            if len(found) == 1:
                self.marks.append({"activity": code, "person": found[0], "status": "absent"})
                self.mark_rows.append(number)
            elif found:
                self.wrong(number, "absent", name, _("Several people of the unit are called so. Write the person's "
                                                     "code: %(codes)s.") % {"codes": ", ".join(found[:5])})
            else:
                self.wrong(number, "absent", name, _("Nobody of this name is on the unit's list of that day."))

    def _people(self, unit: UnitView, day: date) -> dict[str, list[str]]:
        """Name, and code, in small letters → the codes of those who are called so."""
        key = (unit.id, day)
        if key not in self.people:
            named: dict[str, list[str]] = {}
            for each in activities.expected(self.at.campaign.programme_id, unit.id, "unit", day):
                for called in {each.name.casefold(), each.code.casefold()}:
                    named.setdefault(called, []).append(each.code)
            self.people[key] = named
        return self.people[key]

    def write(self, folder: Path) -> None:
        """The two tables of a small workbook, row for row."""
        for name, listed in (("activities", self.sessions), ("attendance", self.marks)):
            if listed:
                with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, list(listed[0]))
                    writer.writeheader()
                    writer.writerows(listed)

    def blame(self, error: Faulty) -> None:
        """The workbook's faults, at the rows of the sheet."""
        told = {(each.row, each.heading) for each in self.checked.faults}
        for fault in error.faults:
            lines = self.rows if fault.table == "activities" else self.mark_rows
            place = fault.row - 2
            row = lines[place] if 0 <= place < len(lines) else 0
            name = "absent" if fault.table == "attendance" else fault.column
            if (row, self.headings.get(name, name)) not in told:
                self.wrong(row, name, fault.value, fault.message)


def _day(text: str) -> date | None:
    """The day that a cell plainly says; what is less plain is left to the workbook's own reading."""
    found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _code(row: Mapping[str, str]) -> str:
    """The same session has the same code whenever the sheet is handed in."""
    said = "|".join(row.get(name, "").strip() for name in ("unit", "starts_at", "kind", "title"))
    return f"m-{hashlib.sha256(said.encode()).hexdigest()[:14]}"
