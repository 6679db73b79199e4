"""What was typed about a session, made sound, and the cells that the ledger and the workbook know it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhixing.flow.campaigns.packs import activity_kinds
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.counts import Count, parse_count
from zhixing.ground.workbook.types import Fault, Faulty

from ..models import Activity, Attendance
from ..types import LONGEST, PARTS

LINE = 500
"""Characters of a line: a topic, a place, a name."""

MOST = 2_147_483_647
"""What a head-count can hold."""

CODE = re.compile(r"[0-9a-z][0-9a-z-]{3,40}")
"""Codes that a form makes for a session, so that a second press finds the first."""


@dataclass
class Wrong:
    """Collects what is wrong, each with its field."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, column: str, message: str, value: str = "", kind: str = "value") -> None:
        self.faults.append(Fault("activities", 0, column, value, message, kind))

    def raise_if_any(self) -> None:
        if self.faults:
            raise Faulty(self.faults)


def line(cells: Mapping[str, str], name: str, wrong: Wrong) -> str:
    text = " ".join(cells.get(name, "").split())
    if len(text) > LINE:
        wrong.add(name, _("This is too long; keep it under %(count)s characters.") % {"count": LINE}, text[:40])
    return text


def long(cells: Mapping[str, str], name: str, wrong: Wrong) -> str:
    text = cells.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        wrong.add(name, _("This is too long; keep it under %(count)s characters.") % {"count": LONGEST})
    return text


def texts_of(given: Mapping[str, str], wrong: Wrong) -> dict[str, str]:
    """The long texts by part; parts that nobody knows are left out."""
    return {part: long(given, part, wrong) for part in PARTS if part in given}


def kind_of(cells: Mapping[str, str], wrong: Wrong) -> str:
    kind = cells.get("kind", "").strip()
    if not kind:
        wrong.add("kind", _("Say what kind of session it was."), kind="required")
    elif kind not in activity_kinds():
        wrong.add("kind", _("This kind is not known; choose one of the list."), kind)
    return kind


def moment_of(cells: Mapping[str, str], name: str, wrong: Wrong, *, needed: bool = False,
              past: bool = False) -> tuple[date | None, time | None]:
    """A day and, if known, a time. `past`: it must not lie ahead."""
    text = cells.get(name, "").strip()
    if not text:
        if needed:
            wrong.add(name, _("Say on which day it was."), kind="required")
        return None, None
    day, _t, at = text.partition("T")
    try:
        moment = datetime.fromisoformat(f"{date.fromisoformat(day).isoformat()}T{at or '00:00'}")
    except ValueError:
        wrong.add(name, _("“%(text)s” is not a day and a time. Write it as 2026-05-18 and 14:30.") % {"text": text},
                  text, "date")
        return None, None
    if past and moment.date() > clock.today():
        wrong.add(name, _("This day has not come yet. Hand a session in once it is held; plan it ahead under "
                          "Recurring sessions."), text, "date")
    return moment.date(), moment.time() if at else None


def count_of(cells: Mapping[str, str], wrong: Wrong) -> Count | None:
    text = cells.get("headcount", "").strip()
    if not text:
        return None
    try:
        count = parse_count(text)
    except ValueError:
        wrong.add("headcount", _("“%(text)s” is not a number of people. Write 80, over 80 or about 80.")
                  % {"text": text}, text, "count")
        return None
    if count.value != int(count.value) or count.value > MOST:
        wrong.add("headcount", _("People are counted in whole numbers."), text, "count")
        return None
    return count


def cells_of(row: Activity) -> dict[str, str]:
    """The row as the workbook's cells; empty ones are left out."""
    count = Count(Decimal(row.headcount), row.headcount_q) if row.headcount is not None else ""
    cells = {
        "code": row.code, "kind": row.kind, "title": row.title, "unit": row.unit.code if row.unit else "",
        "phase": row.phase.code if row.phase else "", "starts_at": moment(row.starts_on, row.starts_time),
        "ends_at": moment(row.ends_on, row.ends_time), "place": row.place, "host": row.host, "roster": row.roster,
        "headcount": str(count), "minutes": row.minutes,
        "counterpart": row.counterpart.code if row.counterpart else "", "pair_kind": row.pair_kind,
        "theme": row.theme, "materials": row.materials.strip(";"),
    }
    return {name: cell for name, cell in cells.items() if cell}


def mark_cells(row: Attendance, activity: str, person: str) -> dict[str, str]:
    cells = {"activity": activity, "person": person, "status": row.status,
             "made_up_on": row.made_up_on.isoformat() if row.made_up_on else ""}
    return {name: cell for name, cell in cells.items() if cell}


def moment(day: Any, at: Any) -> str:
    """`2026-05-18T14:30`, `2026-05-18`, or "" where the day is not known."""
    if day is None:
        return ""
    return f"{day:%Y-%m-%d}T{at:%H:%M}" if at else f"{day:%Y-%m-%d}"
