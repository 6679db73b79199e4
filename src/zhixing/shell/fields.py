"""One question of a form, whatever asks it. `pieces/field.html` draws it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """`kind`: "" (one line), long, select, choices (radio buttons), moment (a day and a time) or count (how
    exact, and a number). `second`: the time of a moment, the sign of a count. `look_up`: an address that
    suggests codes while one types. A form marks either what may be left out (`optional`) or what is
    `needed`, whichever is rarer."""

    name: str
    label: str
    kind: str = ""
    value: str = ""
    second: str = ""
    type: str = "text"
    hint: str = ""
    fault: str = ""
    options: tuple[tuple[str, str], ...] = ()
    blank: str = ""
    optional: bool = False
    needed: bool = False
    autocomplete: str = ""
    accept: str = ""
    look_up: str = ""

    @property
    def id(self) -> str:
        return f"f-{self.name}"
