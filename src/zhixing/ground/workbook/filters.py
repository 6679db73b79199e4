"""A figure and its filter as people write them (`开展的活动`, `类型=动员大会`), and as they are stored
(`activities.held`, `kind=mobilisation`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel.figures import Figure, figure, figures
from zhixing.ground.kernel.tables import WHERE, choice_labels, heading_labels, table

from .cells import Bad, parse_where, written
from .headings import choice_words, column_word, folded, language, nearest, with_key

_PLACE = ("duties", "figure")
"""The column whose words the packs give to figures."""

_YES_NO = {"是": "yes", "否": "no", "有": "yes", "无": "no"}


def figure_named(word: str) -> str:
    """The figure of this name or title in any language; "" where there is none, or where two share the title."""
    name = word.strip()
    if figure(name) is not None:
        return name
    wanted = folded(name)
    found = {value for value, words in choice_labels(*_PLACE).items() if figure(value) is not None
             and any(folded(title) == wanted for titles in words.values() for title in titles)}
    return found.pop() if len(found) == 1 else ""


def near_figure(word: str) -> str:
    """The figure that was probably meant, by its name or by the reader's title for it."""
    names = [each.name for each in figures()]
    titles = choice_words(*_PLACE, names)
    found = nearest(word, [*names, *titles.values()])
    return figure_word(found) if language() == "zh" and found in names else found


def figure_word(name: str) -> str:
    """The figure by its title, with its name beside it."""
    return with_key(choice_words(*_PLACE, [name])[name], name)


def key_words(found: Figure) -> list[str]:
    """The keys that a figure offers, as the reader calls them."""
    return [with_key(column_word(WHERE, key), key) for key in found.offered()]


def stored(found: Figure, text: str) -> str:
    """A filter with the figure's own keys and the codes of choices; words that nobody knows stay as they are.
    Raises Bad where it cannot be read."""
    keys = _keys(found)
    pairs: dict[str, list[str]] = {}
    for typed, values in parse_where(text).items():
        key = keys.get(folded(typed), typed)
        if key in pairs:
            raise Bad("where", _("“%(value)s” names the same key twice; put its values together, separated by ;")
                      % {"value": text[:60]})
        codes = _codes(found, key)
        pairs[key] = list(dict.fromkeys(codes.get(folded(value), value) for value in values))
    return written(pairs)


def _tables(found: Figure) -> tuple[str, ...]:
    """Where a key's values may come from: the table that adds to the figure before the one it counts."""
    return tuple(dict.fromkeys(name for name in (found.adds, found.relation.table) if name))


def _keys(found: Figure) -> dict[str, str]:
    """What may be typed for a key → the key. Its own name wins over another one's word."""
    labels = heading_labels()
    known: dict[str, str] = {}
    for name in (WHERE, *_tables(found)):
        for key in found.offered():
            for word in labels.get((name, key), ()):
                known.setdefault(folded(word), key)
    return known | {folded(key): key for key in found.offered()}


def _codes(found: Figure, key: str) -> dict[str, str]:
    """What may be typed for a value of a key → its code, from the column of that name, else from what is known of
    the key. A word of two codes means neither; a code always means itself."""
    place = WHERE
    for name in _tables(found):
        column = next((each for each in table(name).columns if each.name == key), None)
        if column is not None:
            place = name
            if column.kind == "yesno":
                return _YES_NO
            break
    named: dict[str, set[str]] = {}
    words = choice_labels(place, key)
    for code, by_language in words.items():
        for label in (label for labels in by_language.values() for label in labels):
            named.setdefault(folded(label), set()).add(code)
    known = {word: next(iter(codes)) for word, codes in named.items() if len(codes) == 1}
    return known | {folded(code): code for code in words}
