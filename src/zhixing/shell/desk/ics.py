"""A calendar as other programs read it (RFC 5545). Times are local to the office, without a zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zhixing.flow.activities.types import Slot

LINE = 73
"""Bytes of a line before it is folded (the standard's 75 with what folding adds)."""


def ics(campaign: str, name: str, slots: Iterable[tuple[Slot, str]]) -> str:
    """The sessions, each with what it is called; planned ones are tentative, dropped ones cancelled."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhixing//sessions//", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_text(name)}"]
    for slot, title in slots:
        lines += _event(campaign, slot, title)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


@dataclass(frozen=True)
class Entry:
    """Something that lasts whole days, the last one included."""

    uid: str
    first: date
    last: date
    title: str


def days(campaign: str, name: str, entries: Iterable[Entry]) -> str:
    """Phases and due days. They take nobody's time, so calendars show the day as free."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhixing//plan//", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_text(name)}"]
    for each in entries:
        lines += ["BEGIN:VEVENT", f"UID:{_text(campaign)}-{_text(each.uid)}@zhixing",
                  f"DTSTAMP:{each.first:%Y%m%d}T000000Z", f"DTSTART;VALUE=DATE:{each.first:%Y%m%d}",
                  f"DTEND;VALUE=DATE:{each.last + timedelta(days=1):%Y%m%d}", f"SUMMARY:{_text(each.title)}",
                  "TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(campaign: str, slot: Slot, title: str) -> list[str]:
    uid = slot.code or f"planned-{slot.planned_id}"
    status = "CONFIRMED" if slot.code else "CANCELLED" if slot.dropped else "TENTATIVE"
    lines = ["BEGIN:VEVENT", f"UID:{_text(campaign)}-{_text(uid)}@zhixing", f"DTSTAMP:{slot.day:%Y%m%d}T000000Z",
             *_when(slot), f"SUMMARY:{_text(f'{slot.unit_name} · {title}' if slot.unit_name else title)}",
             f"STATUS:{status}"]
    if slot.place:
        lines.append(f"LOCATION:{_text(slot.place)}")
    return [*lines, "END:VEVENT"]


def _when(slot: Slot) -> list[str]:
    if slot.at is None:
        return [f"DTSTART;VALUE=DATE:{slot.day:%Y%m%d}"]
    lines = [f"DTSTART:{_moment(slot.day, slot.at)}"]
    if slot.ends_at and slot.ends_at > slot.at:
        lines.append(f"DTEND:{_moment(slot.day, slot.ends_at)}")
    else:
        ends = datetime.combine(slot.day, slot.at) + timedelta(hours=1)
        lines.append(f"DTEND:{_moment(ends.date(), ends.time())}")
    return lines


def _moment(day: date, at: time) -> str:
    return f"{day:%Y%m%d}T{at:%H%M%S}"


def _text(text: str) -> str:
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(mark, written)
    return text


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes; what is folded goes on after a blank, and no letter is cut."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
