"""How a duty's filters are written, what a record asks of whoever enters it, and the order of the steps at a gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


def parse_where(text: str) -> dict[str, list[str]]:
    """`kind=mobilisation;transition&phase=P1` → {"kind": ["mobilisation", "transition"], "phase": ["P1"]}.
    Raises ValueError, naming the part, for anything else."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, (part.strip() for part in text.split("&"))):
        key, equals, values = pair.partition("=")
        listed = [value.strip() for value in values.split(";") if value.strip()]
        if not equals or not key.strip() or not listed:
            raise ValueError(pair)
        found.setdefault(key.strip(), []).extend(listed)
    return found


MINUTES_A_RECORD = Decimal(1)
MINUTES_A_FIELD = Decimal("0.5")
MINUTES_A_FILE = Decimal(3)
"""How long it takes to open a form, to fill one field, and to find, photograph or attach one file; a pack that knows
better says so."""


@dataclass(frozen=True)
class Form:
    """What one record asks of whoever enters it."""

    fields: Decimal
    files: Decimal
    minutes: Decimal


def form(fields: int, files: int, minutes: Decimal | None = None) -> Form:
    if minutes is None:
        opened = MINUTES_A_RECORD if fields or files else Decimal(0)
        minutes = opened + fields * MINUTES_A_FIELD + files * MINUTES_A_FILE
    return Form(Decimal(fields), Decimal(files), minutes)


EVIDENCE = "evidence"
"""What a pack calls a photo or scan that is to come with a record; everything else that it `needs` is filled in."""


@dataclass(frozen=True)
class Told:
    """What a pack says of one kind of record: how much in all (`fields`, `files`), or what it `needs` beside the form
    as declared. None where it does not say."""

    fields: int | None = None
    files: int | None = None
    minutes: Decimal | None = None
    needs: tuple[str, ...] = ()

    def of(self, fields: int, files: int) -> Form:
        """What one record asks, where the form as declared has so many fields and files."""
        evidence = self.needs.count(EVIDENCE)
        asked = fields + len(self.needs) - evidence if self.fields is None else self.fields
        return form(asked, files + evidence if self.files is None else self.files, self.minutes)


def asks_of(raw: object) -> dict[str, Told]:
    """A pack's `asks`: kind of record, or table → what it says of it."""
    if not isinstance(raw, Mapping):
        return {}
    return {
        str(name): Told(said.get("fields"), said.get("files"),
                        Decimal(str(said["minutes"])) if "minutes" in said else None, tuple(said.get("needs", ())))
        for name, said in raw.items() if isinstance(said, Mapping)
    }


def weeks(first: date | None, last: date | None, as_of: date) -> int:
    """How many weeks lie from the first to the last day, at least one; 0 where the day is not among them. An end that
    is not known is open, and what has no length is asked within one week."""
    if (first and as_of < first) or (last and last < as_of):
        return 0
    return max(1, -(-((last - first).days + 1) // 7)) if first and last else 1


def wants_meeting(gates: object, phase: str) -> bool:
    """Does the pack's plan ask that the superior has held its transition meeting before a unit passes the gate of this
    phase? Said for one phase or for all (`any`)."""
    if not isinstance(gates, Mapping):
        return False
    said = gates.get(phase, gates.get("any"))
    return bool(said.get("superior_meeting")) if isinstance(said, Mapping) else False


AFTER = {
    "propose": ("", "returned"),
    "review": ("proposed",),
    "pass": ("reviewed",),
    "send_back": ("proposed", "reviewed", "passed"),
}
"""A step at a gate → where a unit may stand before it."""


def stricter(at_least: Decimal | None, due_on: date | None, least: Decimal, last: date | None) -> list[str]:
    """The fields in which a unit's own target is laxer than the plan (`at_least`, `due_on`); [] where it is within."""
    laxer = []
    if at_least is not None and at_least < least:
        laxer.append("at_least")
    if due_on is not None and last is not None and due_on > last:
        laxer.append("due_on")
    return laxer
