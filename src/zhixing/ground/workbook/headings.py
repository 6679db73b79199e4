"""Which table and column a heading names: its own name, or a label of any installed pack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from django.utils.translation import get_language

from zhixing.ground.kernel.tables import Column, Table, choice_label, choice_labels, heading_labels, label, tables

GUIDES = ("说明", "填写说明", "Guide", "Read me", "README")
"""Sheets that explain, and hold no table; so do those whose name begins with `_`."""


def folded(heading: str) -> str:
    """A heading without what people do not see: case, width, blanks, a trailing mark of a required column."""
    return re.sub(r"[\s_*]+", "", unicodedata.normalize("NFKC", heading)).casefold()


def table_named(name: str) -> Table | None:
    """The table that a file or sheet of this name holds."""
    wanted = folded(name)
    labels = heading_labels()
    for table in tables():
        if folded(table.name) == wanted:
            return table
    for table in tables():
        if any(folded(label) == wanted for label in labels.get((table.name, None), ())):
            return table
    return None


def column_names(table: Table) -> dict[str, Column]:
    """Folded heading → column. A column's own name wins over another one's label."""
    labels = heading_labels()
    found: dict[str, Column] = {}
    for column in table.columns:
        for word in labels.get((table.name, column.name), ()):
            found.setdefault(folded(word), column)
    for column in table.columns:
        found[folded(column.name)] = column
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ""."""
    listed = list(known)
    near = get_close_matches(word.casefold(), [each.casefold() for each in listed], n=1, cutoff=0.6)
    return next((each for each in listed if each.casefold() == near[0]), "") if near else ""


def near_table(name: str) -> str:
    labels = heading_labels()
    known = [table.name for table in tables()]
    known += [label for table in tables() for label in labels.get((table.name, None), ())]
    found = nearest(name, known)
    return with_key(word_for(found), found) if language() == "zh" and found in known[:len(tables())] else found


def near_column(table: Table, heading: str) -> str:
    labels = heading_labels()
    known = [column.name for column in table.columns]
    known += [label for column in table.columns for label in labels.get((table.name, column.name), ())]
    found = nearest(heading, known)
    if language() == "zh" and found in known[:len(table.columns)]:
        return with_key(column_word(table.name, found), found)
    return found


def is_guide(name: str) -> bool:
    return name.startswith("_") or folded(name) in {folded(guide) for guide in GUIDES}


def language() -> str:
    """The language of the moment, as packs name it."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def word_for(table: str) -> str:
    """What the reader calls a table."""
    return label(language(), table)


def column_word(table: str, column: str) -> str:
    """What the reader calls a column; the heading as it stands where the table has no such column."""
    return label(language(), table, column) if column else ""


def with_key(word: str, key: str) -> str:
    """The word, and behind it the key by which files and scripts name the same thing, where the two differ."""
    if folded(word) == folded(key):
        return word
    return f"{word}（{key}）" if language() == "zh" else f"{word} ({key})"


def listed(words: Iterable[str]) -> str:
    """Words in a row, as the reader's language separates them."""
    return ("、" if language() == "zh" else ", ").join(words)


def told_apart(spoken: str, table: str, column: str, values: Sequence[str]) -> dict[str, str]:
    """value → its word in a language, or the value itself where two have the same word."""
    words = {value: choice_label(spoken, table, column, value) for value in values}
    twice = [folded(word) for word in words.values()]
    return {value: word if twice.count(folded(word)) == 1 else value for value, word in words.items()}


def choice_words(table: str, column: str, values: Sequence[str]) -> dict[str, str]:
    """value → what the reader calls it, of those values for which the reader's language has a word or no
    language has one; of all where that leaves none."""
    known = choice_labels(table, column)
    spoken = [value for value in values if value not in known or language() in known[value]]
    return told_apart(language(), table, column, spoken or values)
