"""The texts of the interface and their Chinese: `python -m tools.messages` gathers them into the catalogue.

Works without GNU gettext: Babel reads the Python files, Django turns its templates into what Babel can read.
New texts are added with an empty translation, texts that are gone are left out, what was translated stays;
nothing is guessed. Ends with 1 and a list where a text has no translation or a place-holder was lost.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SRC = Path(__file__).resolve().parent.parent / "src"
CATALOGUE = SRC / "zhixing" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": PLURAL, "ngettext_lazy": PLURAL, "pgettext": CONTEXT, "pgettext_lazy": CONTEXT,
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
DATED = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team): .*\n', re.M
)
HEAD = "# Texts of the interface. Renewed by `make messages`; translations are written by hand."


def gathered(root: Path = SRC) -> Catalog:
    """Every text for translation in the product, with the files that hold it."""
    catalogue = Catalog()
    for path in sorted(root.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        source = io.BytesIO(text.encode())
        found = extract("python", source, KEYWORDS, options={"encoding": "utf-8"})
        for _line, words, _notes, context in found:
            catalogue.add(words, locations=[(str(path.relative_to(root)), 0)], context=context)
    return catalogue


def known(path: Path = CATALOGUE) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def merged(new: Catalog, old: Catalog) -> Catalog:
    """The texts of `new` with the translations of `old`."""
    whole = Catalog(locale="zh_Hans", header_comment=HEAD, project="zhixing", fuzzy=False)
    for message in sorted(new, key=lambda message: (str(message.id), message.context or "")):
        if message.id:
            translated = old.get(message.id, message.context)
            whole.add(message.id, translated.string if translated else "", context=message.context,
                      locations=sorted({(name, 0) for name, _ in message.locations}))
    return whole


def faults(new: Catalog, old: Catalog) -> Iterator[str]:
    """What keeps a reader of Chinese from reading Chinese."""
    for message in new:
        if not message.id:
            continue
        translated = old.get(message.id, message.context)
        if translated is None or not all(forms(translated.string)):
            yield f"not translated: {message.id!r}"
        elif translated.fuzzy:
            yield f"only guessed: {message.id!r}"
        else:
            yield from lost(translated)


def lost(message: Message) -> Iterator[str]:
    """Place-holders that the translation lacks or made up."""
    there = {name for form in forms(message.id) for name in PLACEHOLDER.findall(form)}
    for form in forms(message.string):
        if (used := set(PLACEHOLDER.findall(form))) != there:
            yield f"place-holders {sorted(there ^ used)} differ: {message.id!r}"


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def main() -> int:
    new, old = gathered(), known()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, merged(new, old), width=110, include_lineno=False, omit_header=False)
    CATALOGUE.write_text(DATED.sub("", CATALOGUE.read_text(encoding="utf-8")), encoding="utf-8")
    found = list(faults(new, known()))
    for fault in found:
        print(fault)
    print(f"{len(new)} texts, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
