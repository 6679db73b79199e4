"""How a room declares the contradictions it can see in its records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .types import Scope


@dataclass(frozen=True)
class Finding:
    """One contradiction: the records that cannot all be true, and what the message says of them.

    `message` is a gettext_lazy sentence with named placeholders; `values` fills them. `table` and `code`
    name the record to open first. `correct`: the records that can be put right, by (table, key, words), where they are
    others than that one."""

    records: tuple[str, ...]
    message: object
    values: Mapping[str, object] = field(default_factory=dict)
    table: str = ""
    code: str = ""
    unit_id: int | None = None
    correct: tuple[tuple[str, str, str], ...] = ()

    def text(self, day: Callable[[date], str] = str) -> str:
        """The message in words, its days written as `day` writes them."""
        told = {key: day(each) if isinstance(each, date) else each for key, each in self.values.items()}
        return str(self.message) % told


@dataclass(frozen=True)
class Lint:
    """A rule that finds contradictions among the records of a scope. `title` is its name for people."""

    name: str
    title: object
    find: Callable[[Scope], Iterable[Finding]]


_lints: dict[tuple[str, str], Lint] = {}


def register_lints(*lints: Lint) -> None:
    """Called by a room's `lints.py` at start-up. Several rooms may look for the same contradiction, each in its
    own records."""
    for lint in lints:
        _lints[lint.name, lint.find.__module__] = lint


def lints() -> tuple[Lint, ...]:
    return tuple(_lints.values())
