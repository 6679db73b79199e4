"""Made-up contents for the page of pieces, so that every piece stands there in each of its states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from zhixing.ground.figures.types import Drift, Frozen, Value
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import Scope
from zhixing.outputs.boards.board import TONES, Board, Cell, Row, state_word
from zhixing.outputs.boards.types import Tile

from .fields import Field


@dataclass(frozen=True)
class _Bar:
    label: str
    value: Value
    url: str
    share: float


def pieces() -> dict[str, Any]:
    """What `look.html` shows."""
    known = _value(Decimal(3127), ">=", "person_times")
    unknown = _value(None, "=", "share", "There is nothing to divide by: no record gives a denominator.")
    return {
        "known": known,
        "vague": _value(Decimal(24), "~", "items"),
        "unknown": unknown,
        "share": _value(Decimal("0.987"), "=", "share"),
        "tiles": [
            Tile(
                _value(Decimal(186), "=", "units"), "units", "units that held: Kick-off meeting", "#", "187"
            ),
            Tile(known, "person-times", "Attendances", "#"),
            Tile(unknown, "", "Return rate of forms", "#"),
            Tile(_value(Decimal(9), "=", "items"), "unit-duties", "Duties overdue", "#", warn=True),
        ],
        "phases": _phases(),
        "board": _board(),
        "board_said": "3 units",
        "state": "",
        "bars": [
            _Bar(name, _value(Decimal(count), "=", "items"), "#", count / 40 * 100)
            for name, count in (("District 1", 40), ("District 2", 26), ("District 3", 0))
        ],
        "fields": _fields(),
        "further": ["The end may not stand before the beginning."],
        "history": [_drift(known, changed=True), _drift(known, changed=False)],
    }


def _value(value: Decimal | None, qualifier: str, measure: str, why: str = "") -> Value:
    return Value("look", {}, Scope(0, 0, clock.today()), value, qualifier, measure, 3, why)


def _phases() -> list[SimpleNamespace]:
    today = clock.today()
    names = (("Prepare", "", False), ("Study and research", "now", True), ("Analysis", "", False))
    return [
        SimpleNamespace(
            code=str(place),
            name=name,
            starts_on=today,
            ends_on=today,
            tone=tone,
            now=bool(tone),
            shown=shown,
            left="26 days left" if tone else "",
        )
        for place, (name, tone, shown) in enumerate(names)
    ]


def _board() -> Board:
    duties: Any = tuple(
        SimpleNamespace(code=name, name=name, due_on=clock.today())
        for name in ("Kick-off meeting", "Group study, 3 times", "Forms", "Visits", "Topic", "Items", "Summary")
    )
    cells = tuple(Cell(tone, state_word(state), "#") for state, tone in TONES.items())
    unit: Any = None
    return Board(
        duties,
        (
            Row(
                unit,
                "District 1",
                "#",
                "group",
                tuple(replace(cell, text=f"11/12 {cell.text}") for cell in cells),
            ),
            Row(unit, "Central primary school", "#", "sub", cells),
            Row(unit, "Riverside teaching point", "#", "sub", (*cells[:6], Cell("", "", ""))),
        ),
        3,
    )


def _fields() -> list[Field]:
    return [
        Field("title", "Title", value="Group study, third session"),
        Field("on", "Day", type="date", optional=True),
        Field(
            "headcount",
            "Head count",
            "count",
            "80",
            ">=",
            options=(("", "exactly"), (">=", "over"), ("~", "nearly")),
            hint="Only where there is no roster.",
        ),
        Field("starts", "Begins", "moment", "2026-05-18", "14:30"),
        Field(
            "kind",
            "Kind",
            "select",
            fault="Choose one of the kinds.",
            blank="Choose",
            options=(("a", "Group study"), ("b", "Lecture")),
        ),
        Field(
            "part", "Takes part", "choices", "yes", options=(("yes", "yes"), ("no", "no"), ("", "not known"))
        ),
        Field("minutes", "Minutes", "long", "What was said and decided.", optional=True),
    ]


def _drift(value: Value, *, changed: bool) -> Drift:
    frozen = Frozen(
        1,
        "look",
        1,
        {},
        value.scope,
        Decimal(3040) if changed else value.value,
        ">=",
        value.measure,
        3,
        "",
        "",
        datetime.combine(clock.today(), datetime.min.time()),
        "office",
    )
    return Drift(frozen, value, ("A-17", "A-18") if changed else (), (), False)
