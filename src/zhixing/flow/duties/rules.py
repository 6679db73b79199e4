"""How a duty's filters are written."""

from __future__ import annotations


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
