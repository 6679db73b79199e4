"""How one cell is read and written, by the kind of its column. No database.

Every reader takes the text of a cell that is not empty and gives the stored values: strings and whole
numbers that SQLite and PostgreSQL's COPY take alike. Raises `Bad` with the remedy."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.counts import Count, parse_count, plain

from .headings import listed

Stored = tuple[str | int | None, ...]
Reader = Callable[[str], Stored]

TEXT_LENGTH = 100_000
"""No cell holds more characters than this."""

WHOLE_MAX = 2_147_483_647
FIRST_YEAR, LAST_YEAR = 1900, 2199

EXAMPLES = ("例：", "例:", "e.g.")
"""A row whose first key cell begins so is an example of a template and is left out."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
"""What no text may hold: control characters other than tab and line feed."""

_DAY = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?")
_MOMENT = re.compile(r"(.*?[0-9日])(?:[T\s]+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?")
_CODE_FORBIDDEN = re.compile(r"[;；/\\\n\t]|^\.{1,2}$")
_YES = {"yes", "y", "true", "是", "1", "√", "有"}
_NO = {"no", "n", "false", "否", "0", "×", "无"}


class Bad(ValueError):
    """The cell cannot be read. `kind` groups faults; the text names the remedy."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


def clean(text: str) -> str:
    """Line ends as one kind; refuses control characters and cells of absurd length."""
    if len(text) > TEXT_LENGTH:
        raise Bad("length", _("this cell has %(length)s characters; the limit is %(limit)s")
                  % {"length": len(text), "limit": TEXT_LENGTH})
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if CONTROL.search(text):
        raise Bad("text", _("this cell holds control characters that cannot be shown; type it anew"))
    return text


def read_text(length: int | None) -> Reader:
    def read(text: str) -> Stored:
        text = clean(text)
        if length is not None and len(text) > length:
            raise Bad("length", _("this is longer than %(limit)s characters; shorten it") % {"limit": length})
        return (text,)
    return read


def read_code(length: int | None) -> Reader:
    """A code, a word or a reference: one line without `;`, which separates the items of a list."""
    checked = read_text(length)

    def read(text: str) -> Stored:
        code = str(checked(text.strip())[0])
        if _CODE_FORBIDDEN.search(code):
            raise Bad("code", _("“%(value)s” cannot be a code: codes hold no semicolon, slash, tab or line break")
                      % {"value": code[:40]})
        return (code or None,)
    return read


def read_word(length: int | None) -> Reader:
    code = read_code(length)
    return lambda text: (code(text)[0] or "",)


def read_choice(allowed: dict[str, str], shown: tuple[str, ...], suggest: Callable[[str], str]) -> Reader:
    """`allowed`: what may stand in the cell → the code that is stored."""
    def read(text: str) -> Stored:
        word = text.strip()
        found = allowed.get(word)
        if found is None:
            found = allowed.get(unicodedata.normalize("NFKC", word).lower())
        if found is None:
            near = suggest(word)
            message = (_("“%(value)s” is not one of %(choices)s; did you mean “%(near)s”?") if near
                       else _("“%(value)s” is not one of %(choices)s"))
            raise Bad("choice", message % {"value": word[:40], "choices": listed(shown), "near": near})
        return (found,)
    return read


def read_list(text: str) -> Stored:
    items = [item.strip() for item in clean(text).replace("；", ";").split(";")]
    kept = [item for item in items if item]
    return (f";{';'.join(kept)};" if kept else "",)


def _bad_day(text: str, year: int, month: int, day: int) -> Bad:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Bad(
            "date",
            _("“%(value)s” is not a date of our time; the year should be from %(first)s to %(last)s")
            % {"value": text, "first": FIRST_YEAR, "last": LAST_YEAR},
        )
    if not 1 <= month <= 12:
        return Bad("date", _("“%(value)s” is not a date; there is no month %(month)s")
                   % {"value": text, "month": month})
    near = date(year, month, monthrange(year, month)[1] if day > 28 else 1)
    return Bad("date", _("“%(value)s” is not a date; write it as %(near)s") % {"value": text, "near": near})


def parse_day(text: str) -> date:
    """`2026-05-18`, and what people also write: 2026/5/18, 2026.5.18, 2026年5月18日."""
    word = unicodedata.normalize("NFKC", text).strip()
    match = _DAY.fullmatch(word)
    if match is None:
        raise Bad("date", _("“%(value)s” is not a date; write it as 2026-05-18") % {"value": word[:40]})
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        raise _bad_day(word, year, month, day)
    return date(year, month, day)


def parse_moment(text: str) -> tuple[date, time | None]:
    """A day, and a time where one is given: `2026-05-18T14:30`, `2026/5/18 14:30:05`."""
    word = unicodedata.normalize("NFKC", text).strip()
    match = _MOMENT.fullmatch(word)
    if match is None:
        if _DAY.fullmatch(word) is None:
            raise Bad("date", _("“%(value)s” is not a time; write it as 2026-05-18T14:30, or the day alone")
                      % {"value": word[:40]})
        return parse_day(word), None
    day = parse_day(match[1])
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Bad("date", _("“%(value)s” is not a time of day; write it as 2026-05-18T14:30")
                  % {"value": word[:40]})
    return day, time(hour, minute, second)


def read_day(text: str) -> Stored:
    day, at = parse_moment(text) if ":" in text else (parse_day(text), None)
    if at not in (None, time(0)):
        raise Bad("date", _("“%(value)s” has a time of day; write the day alone, %(day)s")
                  % {"value": text.strip()[:40], "day": day})
    return (day.isoformat(),)


def read_moment(text: str) -> Stored:
    day, at = parse_moment(text)
    return (day.isoformat(), at.isoformat() if at is not None else None)


def _count(text: str) -> Count:
    word = unicodedata.normalize("NFKC", text).strip()
    try:
        return parse_count(word)
    except ValueError as error:
        if str(error) == "negative":
            raise Bad(
                "number", _("“%(value)s” is negative; a count is 0 or more") % {"value": word[:40]}
            ) from None
        raise Bad("number", _("“%(value)s” is not a count; write 80, over 80 (or >=80), nearly 24 or about 24 (or ~24)")
                  % {"value": word[:40]}) from None


def _bounded(value: Decimal, text: str, digits: int, places: int) -> str:
    """The number as text, if a field of so many digits holds it."""
    if value.adjusted() >= digits - places:
        raise Bad("number", _("“%(value)s” is too large to be meant") % {"value": text.strip()[:40]})
    if round(value, places) != value:
        raise Bad("number", _("“%(value)s” has more than %(places)s decimals")
                  % {"value": text.strip()[:40], "places": places})
    return plain(value)


def read_count(text: str) -> Stored:
    count = _count(text)
    if count.value != count.value.to_integral_value():
        raise Bad("number", _("“%(value)s” is not a whole number") % {"value": text.strip()[:40]})
    if count.value > WHOLE_MAX:
        raise Bad("number", _("“%(value)s” is too large to be meant") % {"value": text.strip()[:40]})
    return (int(count.value), count.qualifier)


def read_amount(digits: int, places: int) -> Reader:
    def read(text: str) -> Stored:
        count = _count(text)
        return (_bounded(count.value, text, digits, places), count.qualifier)
    return read


def read_number(digits: int, places: int) -> Reader:
    def read(text: str) -> Stored:
        word = unicodedata.normalize("NFKC", text).strip().replace(",", "")
        try:
            value = Decimal(word[:-1]) / 100 if word.endswith("%") else Decimal(word)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise Bad("number", _("“%(value)s” is not a number; write it in digits, such as 12 or 0.6")
                      % {"value": word[:40]})
        if value < 0:
            raise Bad("number", _("“%(value)s” is negative; write 0 or more") % {"value": word[:40]})
        return (_bounded(value, word, digits, places),)
    return read


def read_whole(limit: int) -> Reader:
    def read(text: str) -> Stored:
        word = unicodedata.normalize("NFKC", text).strip()
        if not re.fullmatch(r"[0-9]+(\.0+)?", word):
            raise Bad("number", _("“%(value)s” is not a whole number of 0 or more") % {"value": word[:40]})
        value = int(word.split(".")[0])
        if value > limit:
            raise Bad("number", _("“%(value)s” is too large; the limit is %(limit)s")
                      % {"value": word[:40], "limit": limit})
        return (value,)
    return read


def read_yesno(text: str) -> Stored:
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if word in _YES:
        return (1,)
    if word in _NO:
        return (0,)
    raise Bad("choice", _("“%(value)s” is neither yes nor no; write yes, no, or leave it empty")
              % {"value": text.strip()[:40]})


def read_roster(labels: dict[str, str], length: int | None) -> Reader:
    code = read_code(length)

    def read(text: str) -> Stored:
        word = str(code(text)[0] or "").replace("：", ":")
        word = labels.get(word, word)
        kind, colon, rest = word.partition(":")
        if word in ("", "listed", "unit") or (colon and kind in ("unit", "group") and rest.strip()):
            return (f"{kind}:{rest.strip()}" if colon else word,)
        raise Bad("choice", _("“%(value)s” is not a roster; write listed, unit, unit:leader (a category) or "
                              "group:CODE, or leave it empty") % {"value": word[:40]})
    return read


def read_figure(named: Callable[[str], str], suggest: Callable[[str], str]) -> Reader:
    """`named`: a figure's name or title → its name, "" where there is none."""
    def read(text: str) -> Stored:
        name = text.strip()
        found = named(name)
        if not found:
            near = suggest(name)
            message = (_("there is no figure “%(value)s”; did you mean “%(near)s”?") if near
                       else _("there is no figure “%(value)s”; the campaign’s page Figures lists them"))
            raise Bad("unknown", message % {"value": name[:60], "near": near})
        return (found,)
    return read


_MARKS = str.maketrans("；＆＝", ";&=")


def written(pairs: dict[str, list[str]]) -> str:
    """A filter as it is stored and exported."""
    return "&".join(f"{key}={';'.join(values)}" for key, values in pairs.items())


def parse_where(text: str) -> dict[str, list[str]]:
    """`kind=mobilisation;transition&phase=P1` → key → values. Raises Bad."""
    pairs: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in text.translate(_MARKS).split("&"))):
        key, equals, values = part.partition("=")
        listed = [value.strip() for value in values.split(";") if value.strip()]
        if not equals or not key.strip() or not listed or key.strip() in pairs:
            raise Bad("where", _("“%(value)s” cannot be read; write pairs such as kind=lecture&phase=P1")
                      % {"value": text.strip()[:60]})
        pairs[key.strip()] = listed
    return pairs


def read_where(text: str) -> Stored:
    return (written(parse_where(clean(text))),)


# Out again: stored values, as any of the two databases gives them, to the cell's text.

def show_text(*stored: Any) -> str:
    return "" if stored[0] is None else str(stored[0])


def show_list(*stored: Any) -> str:
    return str(stored[0] or "").strip(";")


def show_day(*stored: Any) -> str:
    return "" if stored[0] is None else str(stored[0])[:10]


def show_moment(*stored: Any) -> str:
    day, at = stored
    if day is None:
        return ""
    if at is None:
        return str(day)[:10]
    clock = str(at)[:8]
    return f"{str(day)[:10]}T{clock[:5] if clock[5:] in ('', ':00') else clock}"


def show_count(*stored: Any) -> str:
    value, qualifier = stored
    return "" if value is None else str(Count(Decimal(str(value)), qualifier or "="))


def show_number(*stored: Any) -> str:
    return "" if stored[0] is None else plain(stored[0])


def show_yesno(*stored: Any) -> str:
    return "" if stored[0] is None else ("yes" if stored[0] else "no")


SHOW: dict[str, Callable[..., str]] = {
    "list": show_list, "owers": show_list, "day": show_day, "moment": show_moment, "count": show_count,
    "amount": show_count,
    "whole": show_number, "number": show_number, "yesno": show_yesno,
}


def show(kind: str) -> Callable[..., str]:
    """The function that writes a cell of a kind from its stored values."""
    return SHOW.get(kind, show_text)


def is_example(cell: str) -> bool:
    return cell.startswith(EXAMPLES)
