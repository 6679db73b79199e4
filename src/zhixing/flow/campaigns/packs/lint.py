"""Names every fault of a pack: which file, which key, what is wrong.

Faults that stop make a pack unusable; the others are pointed out: a heading that skips a level
(`heading_level_skipped`) and a summary outline without its problems (`outline_without_problems`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import grammar
from .outlines import EACH, ITEMS
from .plan_lint import plan_faults

LANGUAGES = ("zh", "en")
REMARK_KINDS = ("practice", "effect", "problem", "next_step", "experience")
LISTS = ("phases", "activity_asks", "pair_categories")
"""Sections whose words are lists: names of phases, parts of a session, categories of a pair."""

MADE_ELSEWHERE = ("headings", "choices", "sessions")
"""Sections whose shape other rooms decide; only that every label is a text is checked."""

UNITS = ("measures", "measures_of")
"""Sections in which two codes may share a word."""

FIGURE_KEYS = {"figure": str, "where": dict, "min": (int, float), "max": (int, float), "zero": bool,
               "whole": bool}
SENTENCE_KEYS = {"text": str, "figures": dict, "each": str, "joined": str, "lead": str}
OUTLINE_KEYS = {"label": str, "title": str, "opening": str, "parts": list}
PART_KEYS = {"level": int, "heading": str, "text": list, "sentences": list, "sentences_last": bool,
             "remarks": list, "about": list, "items": str, "lead": str, "each": str, "duties": str}


@dataclass(frozen=True)
class Fault:
    """`key` is the path within the file (`parts[3].heading`); `rule` names the lint, "" for a plain fault; `line` is
    known of packs that people write in the browser."""

    file: str
    key: str
    what: str
    rule: str = ""
    stops: bool = True
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}" if self.key else f"{self.file}: {self.what}"


Report = Callable[[str, str], None]
"""Takes a key and what is wrong with it."""


def faults_of(files: Mapping[str, Mapping[str, Any]], merged: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of one folder. `files`: its files (path within the folder → content); `merged`: the pack's
    sections with its bases', against which references are checked."""
    for file, content in files.items():
        found: list[Fault] = []

        def report(key: str, what: str, file: str = file, found: list[Fault] = found) -> None:
            found.append(Fault(file, key, what))

        place = file.removesuffix(".toml").split("/")
        if place == ["pack"]:
            for section, value in content.items():
                _section(section, value, section, merged, report)
        elif place[0] == "outlines":
            if len(place) == 3:
                _outline(content, merged, report)
                found.extend(_pointed_out(file, place[1], content))
            else:
                report("", "an outline stands at outlines/KIND/NAME.toml")
        elif len(place) == 1:
            _section(place[0], content, "", merged, report)
        else:
            report("", "there is no such folder in a pack")
        yield from found


def _section(name: str, value: object, key: str, merged: Mapping[str, Any], report: Report) -> None:
    if name in ("language", "title", "base"):
        if not isinstance(value, str) or not value:
            report(key, _("must be a text"))
        elif name == "language" and value not in LANGUAGES:
            report(key, f"no such language {value!r}; known are {', '.join(LANGUAGES)}")
    elif not isinstance(value, Mapping):
        report(key, _("must be a table of words"))
    elif name == "sentences":
        for topic, patterns in value.items():
            _sentences(f"{key}.{topic}".strip("."), patterns, report)
    elif name == "topics":
        for topic, figures in value.items():
            _topic(f"{key}.{topic}".strip("."), figures, report)
    elif name == "outline_defaults":
        _defaults(key, value, merged, report)
    elif name == "plan":
        plan_faults(key, value, merged, report)
    elif name == "outlines":
        _outlines(key, value, merged, report)
    elif name in LISTS:
        for role, names in value.items():
            if not _texts(names):
                report(f"{key}.{role}".strip("."), _("must be a list of names"))
    else:
        _labels(key, value, report, unique=name not in MADE_ELSEWHERE + UNITS)


def _labels(key: str, words: Mapping[str, Any], report: Report, *, unique: bool) -> None:
    seen: dict[str, str] = {}
    for code, label in words.items():
        here = f"{key}.{code}".strip(".")
        if isinstance(label, Mapping):
            if unique:
                report(here, _("must be a text"))
            else:
                _labels(here, label, report, unique=False)
        elif not isinstance(label, str) and not _texts(label):
            report(here, _("must be a text"))
        elif unique and not str(label).strip():
            report(here, _("is empty"))
        elif unique and label in seen:
            report(here, _("“%(word)s” is the word for “%(code)s” already; nobody could tell them apart") % {
                "word": label, "code": seen[label]})
        else:
            seen[str(label)] = code


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _fields(value: object, key: str, known: Mapping[str, Any], needed: Collection[str],
            report: Report) -> bool:
    """Is it a table with these fields and no others, each of its type?"""
    if not isinstance(value, Mapping):
        report(key, "must be a table")
        return False
    sound = True
    for name, kind in known.items():
        if name not in value:
            if name in needed:
                report(f"{key}.{name}".strip("."), "is missing")
                sound = False
        elif not isinstance(value[name], kind) or (kind is int and isinstance(value[name], bool)):
            report(f"{key}.{name}".strip("."), "is not of the right type")
            sound = False
        elif kind is list and name != "parts" and not _texts(value[name]):
            report(f"{key}.{name}".strip("."), "must be a list of texts")
            sound = False
    for name in value:
        if name not in known:
            report(f"{key}.{name}".strip("."), f"no such key; known are {', '.join(known)}")
            sound = False
    return sound


def _figure(value: object, key: str, names: Collection[str], report: Report) -> None:
    if not _fields(value, key, FIGURE_KEYS, ("figure",), report):
        return
    assert isinstance(value, Mapping)
    for where, wanted in value.get("where", {}).items():
        if not isinstance(wanted, str) and not _texts(wanted):
            report(f"{key}.where.{where}", "must be a text or a list of texts")
        elif isinstance(wanted, str):
            _holes(wanted, f"{key}.where.{where}", names, report)


def _sentences(key: str, patterns: object, report: Report) -> None:
    if not isinstance(patterns, list):
        report(key, "must be a list of sentences: [[…]]")
        return
    for place, pattern in enumerate(patterns):
        here = f"{key}[{place}]"
        if not _fields(pattern, here, SENTENCE_KEYS, ("text", "figures"), report):
            continue
        each = pattern.get("each", "")
        if each and each not in EACH:
            report(f"{here}.each", f"cannot go through {each!r}; known are {', '.join(EACH)}")
        names = (*grammar.NAMES, *EACH.get(each, ()))
        _holes(pattern.get("lead", ""), f"{here}.lead", names, report)
        if pattern.get("lead") and not pattern.get("joined"):
            report(f"{here}.lead", "needs `joined`: it begins a sentence that joins several")
        used = _holes(pattern["text"], f"{here}.text", (*names, *pattern["figures"]), report)
        for name, figure in pattern["figures"].items():
            _figure(figure, f"{here}.figures.{name}", names, report)
            bound = isinstance(figure, Mapping) and figure.keys() & {"min", "max", "zero"}
            if name in names:
                report(f"{here}.figures.{name}", "is the name of something else")
            elif used is not None and name not in used and not bound:
                report(f"{here}.figures.{name}", "is neither printed nor a condition (min, max)")
        if used is not None and not used & pattern["figures"].keys():
            report(f"{here}.text", "prints no number")


def _topic(key: str, figures: object, report: Report) -> None:
    if not isinstance(figures, list):
        report(key, "must be a list of figures")
        return
    for place, figure in enumerate(figures):
        _figure(figure, f"{key}[{place}]", (), report)


def _holes(text: str, key: str, known: Collection[str], report: Report) -> set[str] | None:
    """The names of the holes; None where the text cannot be read."""
    try:
        nodes = grammar.parse(text)
    except grammar.BadText as error:
        report(key, str(error))
        return None
    used = {hole.key for hole in grammar.holes(nodes)}
    for name in sorted(used - set(known)):
        report(key, f"{{{name}}} is no figure of this sentence and no name; names are {', '.join(known)}")
    return used


def _defaults(key: str, value: Mapping[str, Any], merged: Mapping[str, Any], report: Report) -> None:
    for kind, roles in value.items():
        here = f"{key}.{kind}".strip(".")
        if not isinstance(roles, Mapping):
            report(here, "must be a table: phase role → outline")
            continue
        known = merged.get("outlines", {}).get(kind, {})
        for role, name in roles.items():
            if role != "any" and role not in merged.get("phases", {}):
                report(f"{here}.{role}", "is no role of [phases]")
            if name not in known:
                report(f"{here}.{role}",
                       f"there is no outline {name!r}; known are {', '.join(known) or 'none'}")


def _outlines(key: str, value: Mapping[str, Any], merged: Mapping[str, Any], report: Report) -> None:
    """Outlines within the one text of a pack that people wrote."""
    for kind, known in value.items():
        for name, content in known.items() if isinstance(known, Mapping) else ():
            def told(at: str, what: str, top: str = f"{key}.{kind}.{name}") -> None:
                report(f"{top}.{at}".strip("."), what)

            _outline(content, merged, told)


def _outline(content: Mapping[str, Any], merged: Mapping[str, Any], report: Report) -> None:
    if not _fields(content, "", OUTLINE_KEYS, ("title", "parts"), report):
        return
    for name in ("title", "opening"):
        _holes(content.get(name, ""), name, grammar.NAMES, report)
    if not content["parts"]:
        report("parts", "an outline needs at least one part")
    for place, part in enumerate(content["parts"]):
        _part(part, f"parts[{place}]", merged, report)


def _part(part: Mapping[str, Any], key: str, merged: Mapping[str, Any], report: Report) -> None:
    if not _fields(part, key, PART_KEYS, (), report):
        return
    level = part.get("level", 0)
    if not 0 <= level <= 4:
        report(f"{key}.level", "is 1 to 4, or 0 for text without a heading")
    if level and not part.get("heading"):
        report(f"{key}.heading", "is missing")
    if part.get("heading") and not level:
        report(f"{key}.level", "a part with a heading needs a level, 1 to 4")
    if part.get("items", ITEMS[0]) not in ITEMS:
        report(f"{key}.items", f"is one of {', '.join(ITEMS)}")
    if part.get("each", "phases") != "phases":
        report(f"{key}.each", "a part can go through phases only")
    for kind in part.get("remarks", ()):
        if kind not in REMARK_KINDS:
            report(f"{key}.remarks", f"no such kind of remark {kind!r}; known are {', '.join(REMARK_KINDS)}")
    for topic in part.get("sentences", ()):
        if topic not in merged.get("sentences", {}):
            report(f"{key}.sentences", f"there are no sentences {topic!r}")
    for topic in part.get("about", ()):
        if topic not in merged.get("topics", {}):
            report(f"{key}.about", f"there is no topic {topic!r}")
    for name in ("heading", "lead", "duties"):
        _holes(part.get(name, ""), f"{key}.{name}", (*grammar.NAMES, *EACH["phases"]), report)
    for place, text in enumerate(part.get("text", ())):
        _holes(text, f"{key}.text[{place}]", (*grammar.NAMES, *EACH["phases"]), report)


def _pointed_out(file: str, kind: str, content: Mapping[str, Any]) -> Iterator[Fault]:
    parts = content.get("parts")
    if not isinstance(parts, list):
        return
    above = 0
    for place, part in enumerate(parts):
        level = part.get("level", 0) if isinstance(part, Mapping) else 0
        if not isinstance(level, int) or level == 0:
            continue
        if level > above + 1:
            yield Fault(file, f"parts[{place}].level",
                        f"level {level} follows level {above}: a level is skipped",
                        "heading_level_skipped", stops=False)
        above = level
    if kind.endswith("summary") and not any(
            "problem" in (part.get("remarks") or ()) for part in parts if isinstance(part, Mapping)):
        yield Fault(file, "parts", "no part takes the problems; they are put in before the next steps",
                    "outline_without_problems", stops=False)
