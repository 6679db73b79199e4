"""The plan of a pack: phases with relative lengths, duties with relative days, groups to form, what each kind of
record asks, and rules of the gates. Nothing in it is a date: `duties.setting_up` gives it dates.

| in `plan` | says |
|---|---|
| `weeks` | how long the campaign runs, where whoever sets it up does not say |
| `[[phases]]` | `code`, `name`, `length` (relative: 2 is twice as long as 1) |
| `[[duties]]` | `code`, `phase`, `name`, `figure`, `where`, `at_least`, `due`, `applies_to` |
| `[[groups]]` | `code`, `name`, `kind`: formed in the host unit when the campaign is set up |
| `[asks.KIND]` | what a record of the kind asks: `needs` (see `NEEDS`), `fields`, `files`, `minutes` |
| `[gates.PHASE]` | `superior_meeting`: a unit passes after its superior's transition meeting; `any`: every phase |

`due` counts from the phase: `start+15d` is its first day and 15 days, `end-10w` ten working days before its last one.
`applies_to` lists unit kinds or codes, `host` (the unit that hosts the campaign), or is one `people:CATEGORY`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

HOST = "host"
PEOPLE = "people:"
ANY = "any"

NEEDS = ("agenda", "attendance", "minutes", "decisions", "evidence")
"""What a session may be asked for, besides its day and place."""

KINDS_OF = {
    "activities": "activity_kinds", "groups": "group_kinds", "filings": "filing_kinds", "publicity": "publicity_kinds",
    "channels": "channel_kinds", "information": "information_kinds", "study": "note_kinds",
}
"""A figure's first word → the section that names the kinds it is filtered by."""

_DUE = re.compile(r"(start|end)(?:([+-])(\d{1,3})([dw]))?")
_CODE = re.compile(r"[^\s;/:,\"']{1,32}")


@dataclass(frozen=True)
class PlannedPhase:
    code: str
    name: str
    length: Decimal


@dataclass(frozen=True)
class Due:
    """So many days (`d`) or working days (`w`) after the start or end of the phase; before it, where negative."""

    anchor: str
    number: int = 0
    unit: str = "d"


@dataclass(frozen=True)
class PlannedDuty:
    """As `duties.Duty`, with `due` in place of a day (see `due_of`)."""

    code: str
    phase: str
    name: str
    figure: str
    where: str
    at_least: Decimal
    due: str
    applies_to: tuple[str, ...]


@dataclass(frozen=True)
class PlannedGroup:
    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class PlannedAsk:
    """What one record asks of whoever enters it. None: as the form itself says."""

    needs: tuple[str, ...] = ()
    fields: int | None = None
    files: int | None = None
    minutes: Decimal | None = None


@dataclass(frozen=True)
class Plan:
    """`meetings`: the phases (or `any`) whose gate asks for the superior's transition meeting."""

    weeks: int = 26
    phases: tuple[PlannedPhase, ...] = ()
    duties: tuple[PlannedDuty, ...] = ()
    groups: tuple[PlannedGroup, ...] = ()
    asks: Mapping[str, PlannedAsk] = field(default_factory=dict)
    meetings: frozenset[str] = frozenset()

    def waits_for_meeting(self, phase: str) -> bool:
        return phase in self.meetings or ANY in self.meetings

    def of_phase(self, code: str) -> tuple[PlannedDuty, ...]:
        return tuple(duty for duty in self.duties if duty.phase == code)


def due_of(text: str) -> Due:
    """Raises ValueError for what is no relative day."""
    found = _DUE.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(text)
    anchor, sign, number, unit = found.groups()
    return Due(anchor, int(number or 0) * (-1 if sign == "-" else 1), unit or "d")


def plan_of(raw: Mapping[str, Any]) -> Plan:
    """A section `plan` that has passed the linter. Gate rules of phases that are not in it have no effect."""
    codes = {each["code"] for each in raw.get("phases", ())}
    gates = raw.get("gates", {})
    told = {phase: bool(rule.get("superior_meeting")) for phase, rule in gates.items() if phase in {*codes, ANY}}
    meetings = {phase for phase in codes if told.get(phase, told.get(ANY, False))}
    return Plan(
        int(raw.get("weeks", 26)),
        tuple(PlannedPhase(each["code"], each["name"], Decimal(str(each["length"]))) for each in raw.get("phases", ())),
        tuple(PlannedDuty(each["code"], each["phase"], each["name"], each["figure"], each.get("where", ""),
                          Decimal(str(each.get("at_least", 1))), each["due"], tuple(each.get("applies_to", ())))
              for each in raw.get("duties", ())),
        tuple(PlannedGroup(each["code"], each["name"], each["kind"]) for each in raw.get("groups", ())),
        {kind: PlannedAsk(tuple(each.get("needs", ())), each.get("fields"), each.get("files"),
                          None if each.get("minutes") is None else Decimal(str(each["minutes"])))
         for kind, each in raw.get("asks", {}).items()},
        frozenset(meetings),
    )


def pairs_of(where: str) -> list[tuple[str, list[str]]]:
    """A filter as people write it: pairs joined by `&`, several values by `;`. Raises ValueError, naming the part."""
    found = []
    for part in filter(None, (each.strip() for each in where.split("&"))):
        key, equals, values = part.partition("=")
        listed = [value.strip() for value in values.split(";") if value.strip()]
        if not equals or not key.strip() or not listed:
            raise ValueError(part)
        found.append((key.strip(), listed))
    return found


def good_code(code: str) -> bool:
    return bool(_CODE.fullmatch(code))


def twice(codes: Iterable[str]) -> Collection[int]:
    """The places of codes that stood before already."""
    seen: set[str] = set()
    places = []
    for place, code in enumerate(codes):
        if code in seen:
            places.append(place)
        seen.add(code)
    return places
