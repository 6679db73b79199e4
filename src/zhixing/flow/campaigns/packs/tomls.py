"""TOML as packs use it: written from tables, and where in a text each key stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")
_AT = re.compile(r"\(at line (\d+)")


def written(table: Mapping[str, Any]) -> str:
    """The text that reads as this table. Raises TypeError for what TOML has no form for."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    for key, value in table.items():
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        here = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            simple = any(not isinstance(each, Mapping) and not _is_tables(each) for each in value.values())
            if simple or not value:
                yield from ("", f"[{here}]")
            yield from _lines(value, here)
        elif _is_tables(value):
            for each in value:
                yield from ("", f"[[{here}]]", *_lines(each, here))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    raise TypeError(f"no TOML for {type(value).__name__}")


def lines_of(text: str) -> dict[str, int]:
    """Key (`plan.duties[3].due`) → the line on which it stands, from 1. Keys within a line's braces are not told."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            names = _parts(head[2])
            here = ""
            for place, name in enumerate(names):
                here = f"{here}.{name}" if here else name
                last = place == len(names) - 1
                if last and head[1] == "[[":
                    counts[here] = counts.get(here, -1) + 1
                if here in counts:
                    found.setdefault(here, number)
                    here = f"{here}[{counts[here]}]"
            found.setdefault(here, number)
        elif key:
            found.setdefault(".".join(filter(None, (here, *_parts(key[1])))), number)
    return found


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(key)]


def line_of(key: str, known: Mapping[str, int]) -> int:
    """The line of a key, or of the nearest one above it that there is; 0 where there is none."""
    while key:
        if key in known:
            return known[key]
        key = key[:max(key.rfind("."), key.rfind("["), 0)]
    return 0


def line_of_error(error: tomllib.TOMLDecodeError) -> int:
    """The line that cannot be read; 0 where the reader does not say."""
    told = _AT.search(str(error))
    return int(told[1]) if told else 0
