from __future__ import annotations

from .types import Head


def verify(head: Head | None = None) -> list[str]:
    return []
