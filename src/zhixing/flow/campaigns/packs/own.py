"""Packs that people wrote: the words and the plan of an installed pack, and a text that says what is different.

The text is TOML like `pack.toml`. What it says of a word replaces that word; what it says of the plan's phases,
duties or groups replaces that list, so that a list is always read as a whole."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.sharing import shared

from ..models import OwnPack
from .lint import Fault, faults_of
from .tomls import line_of, line_of_error, lines_of, written

LARGEST = 100_000
"""Characters of a pack's text."""

FILE = "pack.toml"


class Unsound(Refused):
    """A pack that people wrote cannot stand. `fields`: what is wrong with its name or title; `faults`: with its text,
    each with its line. Nothing was written."""

    def __init__(self, fields: Mapping[str, str], faults: list[Fault] | None = None) -> None:
        self.fields = dict(fields)
        self.faults = list(faults or ())
        super().__init__(" ".join([*self.fields.values(), *(each.what for each in self.faults)]))


@dataclass(frozen=True)
class Difference:
    """One thing that an own pack says differently. `before` "" is new, `after` "" is gone."""

    section: str
    key: str
    before: str
    after: str


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Words of `over` win; a table is joined key by key, a list is replaced."""
    made = dict(under)
    for key, value in over.items():
        old = made.get(key)
        made[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return made


def read(text: str) -> dict[str, Any]:
    """Raises tomllib.TOMLDecodeError."""
    return tomllib.loads(text.replace("\r\n", "\n"))


def faults(base: Mapping[str, Any], text: str) -> list[Fault]:
    """What is wrong with a text over the sections of its base, each with its line."""
    if len(text) > LARGEST:
        return [Fault(FILE, "", _("is too long: at most %(most)s characters") % {"most": f"{LARGEST:,}"})]
    try:
        content = read(text)
    except tomllib.TOMLDecodeError as error:
        return [Fault(FILE, "", _("cannot be read: %(error)s") % {"error": error}, line=line_of_error(error))]
    known = lines_of(text)
    found = [Fault(FILE, each.key, each.what, each.rule, each.stops, line_of(each.key, known))
             for each in faults_of({FILE: content}, merged(base, content))]
    for key in ("base", "language", "title"):
        if key in content:
            said = _("is not set in this text: the title stands beside it, the rest is as in the pack that was copied")
            found.append(Fault(FILE, key, said, line=line_of(key, known)))
    return [*found, *_alike(base, content, known)]


APART = ("measures", "measures_of", "said", "figures", "stated_measures")
"""Sections in which words of one's own may repeat a word of the base."""


def _alike(base: Mapping[str, Any], content: Mapping[str, Any], known: Mapping[str, int]) -> Iterator[Fault]:
    """A word of one's own that is another code's word already."""
    for section, words in content.items():
        under = base.get(section)
        if section in APART or not isinstance(words, Mapping) or not isinstance(under, Mapping):
            continue
        others = {word: code for code, word in under.items() if isinstance(word, str) and code not in words}
        for code, word in words.items():
            if isinstance(word, str) and word in others:
                key = f"{section}.{code}"
                said = _("“%(word)s” is the word for “%(code)s” already; nobody could tell them apart")
                yield Fault(FILE, key, said % {"word": word, "code": others[word]}, line=line_of(key, known))


@lru_cache(maxsize=64)
def content_of(text: str) -> dict[str, Any]:
    """What a stored text says; nothing where it cannot be read. Only to be read."""
    try:
        return read(text)
    except tomllib.TOMLDecodeError:
        return {}


def rows() -> tuple[tuple[str, str, str, str], ...]:
    """Name, title, base and text of every own pack, by name; none before the installation has its tables, since an
    empty workbook can be asked for by then."""
    def find() -> tuple[tuple[str, str, str, str], ...]:
        try:
            return tuple(OwnPack.objects.order_by("name").values_list("name", "title", "base", "text"))
        except DatabaseError:
            if OwnPack._meta.db_table in connection.introspection.table_names():
                raise
            return ()
    return shared(("own_packs",), find)


def row(name: str) -> tuple[str, str, str, str] | None:
    return shared(("own_pack", name), lambda: OwnPack.objects.filter(name=name).values_list(
        "name", "title", "base", "text").first())


def copied(sections: Mapping[str, Any], text: str = "") -> str:
    """The text with which a copy begins: that of the own pack which is copied, else the whole plan of the installed
    one; everything else is as in the base until somebody says otherwise."""
    if text:
        return written({key: value for key, value in content_of(text).items() if key != "title"})
    return written({"plan": sections["plan"]}) if "plan" in sections else ""


def mark(title: str, text: str) -> str:
    """Changes with every change of the pack, so that nobody overwrites what they have not seen."""
    return hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()[:16]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Leaf by leaf, in the order of the pack; entries of a list are known by their codes."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        Difference(key[0], ".".join(key[1:]), old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys((*new, *old)) if old.get(key, "") != new.get(key, "") and key != ("title",)
    ]


def _leaves(value: object, key: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, (*key, str(name)))
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        for place, each in enumerate(value):
            rest = {name: part for name, part in each.items() if name != "code"}
            yield from _leaves(rest, (*key, str(each.get("code", place + 1))))
    elif isinstance(value, list):
        yield key, "; ".join(str(each) for each in value)
    else:
        yield key, str(value)
