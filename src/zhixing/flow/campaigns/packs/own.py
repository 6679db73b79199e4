"""Packs that people wrote: the words and the plan of an installed pack, and a text that says what is different.

The text is TOML like `pack.toml`. What it says of a word replaces that word; what it says of the plan's phases, duties or
groups replaces that list, so that a list is always read as a whole."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.sharing import shared

from ..models import OwnPack
from .lint import Fault, faults_of
from .tomls import line_of, line_of_error, lines_of, written

LARGEST = 100_000
"""Characters of a pack's text."""

FILE = "pack.toml"


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
            found.append(Fault(FILE, key, _("is not set in this text: the title stands beside it, the rest is as in the pack that was copied"),
                               line=line_of(key, known)))
    return found


@lru_cache(maxsize=64)
def content_of(text: str) -> dict[str, Any]:
    """What a stored text says; nothing where it cannot be read. Only to be read."""
    try:
        return read(text)
    except tomllib.TOMLDecodeError:
        return {}


def rows() -> tuple[tuple[str, str, str, str], ...]:
    """Name, title, base and text of every own pack, by name."""
    return shared(("own_packs",), lambda: tuple(
        OwnPack.objects.order_by("name").values_list("name", "title", "base", "text")))


def row(name: str) -> tuple[str, str, str, str] | None:
    return shared(("own_pack", name), lambda: OwnPack.objects.filter(name=name).values_list(
        "name", "title", "base", "text").first())


def copied(sections: Mapping[str, Any], text: str = "") -> str:
    """The text with which a copy begins: that of the own pack which is copied, else the whole plan of the installed
    one; everything else is as in the base until somebody says otherwise."""
    if text:
        return written({key: value for key, value in content_of(text).items() if key != "title"})
    return written({"plan": sections["plan"]}) if "plan" in sections else ""
