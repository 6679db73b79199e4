"""What the doctor says of one thing.

Three states: `ok`; `look` (it works, and somebody should decide); `broken` (records may be lost, seen by
others or not believed)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OK, LOOK, BROKEN = "ok", "look", "broken"


@dataclass(frozen=True)
class Check:
    """`about` is a stable code; `found` and `remedy` are sentences ("" = nothing to do)."""

    about: str
    state: str
    found: str
    remedy: str = ""


Checks = Iterator[Check]
