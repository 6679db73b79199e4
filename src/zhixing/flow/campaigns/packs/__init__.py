"""Template packs: the words, kinds, headings and document outlines of a campaign, as data.

A pack is a folder here with `pack.toml`; folders that begin with `_` are bases that packs build on
(`base = "_zh"`). Words of the pack win over words of its base. Other TOML files of a pack are sections of it
(`headings.toml` → section `headings`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NEUTRAL = "school-self-review-en"


@dataclass(frozen=True)
class Pack:
    name: str
    language: str
    title: str
    sections: dict[str, Any]

    def words(self, section: str) -> dict[str, Any]:
        found = self.sections.get(section, {})
        return found if isinstance(found, dict) else {}

    def label(self, section: str, code: str) -> str:
        """The pack's word for a code (an activity kind, a grade …), or the code itself."""
        return str(self.words(section).get(code, code))


def _read(folder: Path) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    for file in sorted(folder.glob("*.toml"), key=lambda path: (path.stem != "pack", path.stem)):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        if file.stem == "pack":
            sections = _merged(sections, content)
        else:
            sections = _merged(sections, {file.stem: content})
    base = sections.pop("base", "")
    return _merged(_read(FOLDER / base), sections) if base else sections


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


@cache
def packs() -> dict[str, Pack]:
    """Every installed pack by name. Read once."""
    found: dict[str, Pack] = {}
    for folder in sorted(FOLDER.iterdir()):
        if folder.name.startswith("_") or not (folder / "pack.toml").is_file():
            continue
        sections = _read(folder)
        found[folder.name] = Pack(folder.name, str(sections.get("language", "en")),
                                  str(sections.get("title", folder.name)), sections)
    return found


def pack_names() -> tuple[str, ...]:
    return tuple(packs())


def pack(name: str) -> Pack:
    """The pack of that name, or the neutral one where there is none."""
    return packs().get(name) or packs()[NEUTRAL]


@cache
def activity_kinds() -> tuple[str, ...]:
    """The kinds of activity that any installed pack knows."""
    return tuple(dict.fromkeys(kind for each in packs().values() for kind in each.words("activity_kinds")))
