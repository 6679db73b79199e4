"""Template packs: the words, kinds, headings and document outlines of a campaign, as data.

A pack is a folder here with `pack.toml`; folders that begin with `_` are bases that packs build on
(`base = "_zh"`). Words of the pack win over words of its base. Other TOML files of a pack are sections of it
(`headings.toml` → section `headings`, `outlines/plan/five-parts.toml` → `outlines.plan.five-parts`).

A pack is checked when it is read; one that cannot work is refused with all of its faults."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused

from . import outlines as reading
from . import own
from .lint import Fault, faults_of
from .outlines import FigureSpec, Outline, Part, Pattern
from .own import Difference, Unsound
from .own import merged as _merged
from .planning import Plan, plan_of

__all__ = ["Difference", "Fault", "FigureSpec", "Outline", "Pack", "Part", "Pattern", "Plan", "Unsound",
           "activity_kinds", "check", "difference", "pack", "pack_names", "packs", "plan", "spoken"]

FOLDER = Path(__file__).parent
NEUTRAL = "school-self-review-en"
SPOKEN = {"en": NEUTRAL, "zh": "study-practice-zh"}
"""The pack that lends its words to a document in a language that the campaign's own pack does not speak."""


class FaultyPack(Refused):
    """A pack cannot be used; lists all of its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"A template pack cannot be used. Put this right in its files:\n{lines}")


hearers: list[Callable[[Pack], None]] = []
"""Told of each own pack when this process first puts it together, so that its words are known everywhere."""


@dataclass(frozen=True)
class Pack:
    """`pointed_out`: what the linter has to say of a pack that can be used. `base`: of a pack that people wrote, the
    installed one that it differs from, else ""."""

    name: str
    language: str
    title: str
    sections: dict[str, Any]
    pointed_out: tuple[Fault, ...] = ()
    base: str = ""

    def words(self, section: str) -> dict[str, Any]:
        found = self.sections.get(section, {})
        return found if isinstance(found, dict) else {}

    def label(self, section: str, code: str) -> str:
        """The pack's word for a code (an activity kind, a grade …), or the code itself."""
        return str(self.words(section).get(code, code))

    def phase_role(self, name: str) -> str:
        """What a phase of this name is for (`study`, `analysis`, `rectification` …), "" where no name of the
        pack is in it."""
        for role, names in self.words("phases").items():
            if any(each.casefold() in name.casefold() for each in names):
                return role
        return ""

    def outline_names(self, kind: str) -> tuple[str, ...]:
        return tuple(self.words("outlines").get(kind, {}))

    def outline(self, kind: str, name: str = "", phase_name: str = "") -> Outline:
        """The outline of that name, else the usual one for the phase. Raises Refused with the names that
        there are."""
        known = self.words("outlines").get(kind, {})
        usual = self.words("outline_defaults").get(kind, {})
        wanted = name or usual.get(self.phase_role(phase_name)) or usual.get("any") or next(iter(known), "")
        if wanted not in known:
            raise Refused(_("The template pack %(pack)s has no outline “%(outline)s” for %(kind)s. It has: "
                            "%(known)s.") % {"pack": self.name, "outline": wanted, "kind": kind,
                                             "known": ", ".join(known) or "–"})
        return reading.outline(kind, wanted, known[wanted])

    def patterns(self, topic: str) -> list[Pattern]:
        return [reading.pattern(raw) for raw in self.words("sentences").get(topic, ())]

    def topic(self, name: str) -> list[FigureSpec]:
        return [reading.spec(raw) for raw in self.words("topics").get(name, ())]


def _read(folder: Path, top: Path, faults: list[Fault]) -> dict[str, dict[str, Any]]:
    """The files of a folder, `pack.toml` first; what cannot be read is a fault."""
    files: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.rglob("*.toml"), key=lambda path: (path.stem != "pack", path.as_posix())):
        name = file.relative_to(folder).as_posix()
        try:
            files[name] = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(Fault(file.relative_to(top).as_posix(), "", f"cannot be read: {error}"))
    return files


def _sections(files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    for name, content in files.items():
        nested: dict[str, Any] = dict(content)
        if name != "pack.toml":
            for place in reversed(name.removesuffix(".toml").split("/")):
                nested = {place: nested}
        sections = _merged(sections, nested)
    return sections


def check(folder: Path) -> tuple[dict[str, Any], list[Fault]]:
    """The sections of the pack in this folder, its bases' included, and every fault of its files."""
    top, chain = folder.parent, [folder]
    faults: list[Fault] = []
    layers: list[tuple[Path, dict[str, dict[str, Any]]]] = []
    while chain:
        here = chain.pop()
        files = _read(here, top, faults)
        layers.insert(0, (here, files))
        base = files.get("pack.toml", {}).get("base", "")
        if not base or not isinstance(base, str):
            continue
        if any(known == top / base for known, _files in layers):
            faults.append(Fault(f"{here.name}/pack.toml", "base", f"goes round in a circle through {base!r}"))
        elif not (top / base / "pack.toml").is_file():
            faults.append(Fault(f"{here.name}/pack.toml", "base", f"there is no pack {base!r}"))
        else:
            chain.append(top / base)
    merged: dict[str, Any] = {}
    for _here, files in layers:
        merged = _merged(merged, {key: value for key, value in _sections(files).items() if key != "base"})
    for needed in ("language", "title"):
        if needed not in merged:
            faults.append(Fault(f"{folder.name}/pack.toml", needed, "is missing"))
    for here, files in layers:
        faults.extend(
            Fault(f"{here.name}/{fault.file}", fault.key, fault.what, fault.rule, fault.stops)
            for fault in faults_of(files, merged))
    return merged, faults


@cache
def packs() -> dict[str, Pack]:
    """Every installed pack by name. Read once. Raises FaultyPack, a Refused that names every fault."""
    found: dict[str, Pack] = {}
    stopping: list[Fault] = []
    for folder in sorted(FOLDER.iterdir()):
        if folder.name.startswith("_") or not (folder / "pack.toml").is_file():
            continue
        sections, faults = check(folder)
        stopping.extend(fault for fault in faults if fault.stops and fault not in stopping)
        found[folder.name] = Pack(
            folder.name, str(sections.get("language", "en")), str(sections.get("title", folder.name)),
            sections, tuple(fault for fault in faults if not fault.stops))
    if stopping:
        raise FaultyPack(stopping)
    return found


def pack_names() -> tuple[str, ...]:
    """Of the installed packs and of those that people wrote."""
    return (*packs(), *(_written(*row).name for row in own.rows()))


def pack(name: str) -> Pack:
    """The pack of that name, or the neutral one where there is none."""
    if name in packs() or not name:
        return packs().get(name) or packs()[NEUTRAL]
    found = own.row(name)
    return packs()[NEUTRAL] if found is None else _written(*found)


@lru_cache(maxsize=64)
def _written(name: str, title: str, base: str, text: str) -> Pack:
    """An own pack, put together. Where its base is not installed any more, the neutral one stands in."""
    under = packs().get(base) or packs()[NEUTRAL]
    sections = _merged(under.sections, own.content_of(text))
    made = Pack(name, under.language, title, {**sections, "title": title}, base=under.name)
    for heard in hearers:
        heard(made)
    return made


def difference(name: str) -> list[Difference]:
    """What an own pack says differently from its base, in the order of the pack; [] for an installed one."""
    mine = pack(name)
    return own.differences(packs()[mine.base].sections, mine.sections) if mine.base else []


def plan(pack: Pack) -> Plan:
    """The plan of a pack; one without phases where it has none."""
    return plan_of(pack.words("plan"))


def spoken(own: Pack, language: str) -> Pack:
    """The campaign's own pack where it speaks the language (`zh`, `en`), else the one that lends its words.
    Raises Refused for a language that no pack speaks."""
    if own.language == language:
        return own
    if language not in SPOKEN:
        raise Refused(_("There is no template pack in the language “%(language)s”. There are: %(known)s.") % {
            "language": language, "known": ", ".join(SPOKEN)})
    return packs()[SPOKEN[language]]


@cache
def _installed_kinds() -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for each in packs().values() for kind in each.words("activity_kinds")))


def activity_kinds() -> tuple[str, ...]:
    """The kinds of activity that any pack knows, installed or written by people."""
    further = (kind for row in own.rows() for kind in _written(*row).words("activity_kinds"))
    return tuple(dict.fromkeys((*_installed_kinds(), *further)))
