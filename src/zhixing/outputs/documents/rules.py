"""How a document writes numbers, days and headings, in Chinese and in English. Pure.

Numerals after GB/T 15835-2011: Arabic for counts and dates, without grouping in Chinese. A vague count is
printed as vague: 80余人次, 近24条; over 80 person-times, nearly 24 suggestions. "Over" is said of a round
number; of another one, 616人次以上, at least 616."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from zhixing.ground.kernel.counts import Count, in_words

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
DIGITS = "〇一二三四五六七八九"


def digits(value: Decimal, measure: str, language: str) -> str:
    """The number alone: 616; 98.7%; 3.5."""
    if measure == "share":
        return share(value)
    exact = value.quantize(Decimal("0.01"), ROUND_HALF_UP) if measure == "score" else value
    text = format(exact, "f" if language == "zh" else ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: Decimal) -> str:
    """One decimal. Rounded down where rounding would make less than everything look like everything; never
    down to nothing."""
    hundred = value * 100
    for places in ("0.1", "0.01", "0.001", "0.0001"):
        rounded = hundred.quantize(Decimal(places), ROUND_HALF_UP)
        if rounded == 100 and hundred < 100:
            rounded = hundred.quantize(Decimal(places), ROUND_DOWN)
        if rounded or not hundred:
            break
    text = format(rounded, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def amount(value: Decimal, qualifier: str, measure: str, noun: str, language: str, *, several: bool = False) -> str:
    """The number with its word as a sentence prints it: 13次, 80余人次, 近24条, 第3名 (a noun with {} in it);
    13 reports, over 80 person-times. `noun` may hold singular|plural.
    `several`: what several records add up to (see `counts.in_words`)."""
    number = digits(value, measure, language)
    one, _bar, many = noun.partition("|")
    word = one if not many or (value == 1 and qualifier == "=") else many
    count = Count(value, qualifier)
    if "{}" in word:
        return in_words(word.format(number), count, language, rounds=False, several=several)
    spaced = f" {word}" if word and word != "%" and language != "zh" else word
    rounds = measure not in ("share", "score")
    return in_words(number, count, language, noun=spaced, rounds=rounds, several=several)


def day(value: date, language: str) -> str:
    """2026年5月1日; 1 May 2026."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def period(first: date | None, last: date | None, language: str) -> str:
    """2009年3月24日至5月22日; from 24 March to 22 May 2009. The year stands once where both ends share it;
    an open end is said; "" where neither is known."""
    if first and last:
        shared = first.year == last.year
        if language == "zh":
            end = day(last, language)
            return f"{day(first, language)}至{end[end.index('年') + 1:] if shared else end}"
        start = day(first, language)
        return f"from {start[:-5] if shared else start} to {day(last, language)}"
    if first:
        return f"{day(first, language)}以来" if language == "zh" else f"since {day(first, language)}"
    if last:
        return f"截至{day(last, language)}" if language == "zh" else f"until {day(last, language)}"
    return ""


def months(first: date | None, last: date | None, language: str) -> str:
    """2012年2月至3月; February to March 2012; one month where both lie in it; "" where none is known."""
    known = [each for each in (first, last) if each]
    if not known:
        return ""

    def month(value: date, with_year: bool) -> str:
        if language == "zh":
            return f"{f'{value.year}年' if with_year else ''}{value.month}月"
        return f"{MONTHS[value.month - 1]}{f' {value.year}' if with_year else ''}"

    start, end = known[0], known[-1]
    if (start.year, start.month) == (end.year, end.month):
        return month(start, True)
    shared = start.year == end.year
    if language == "zh":
        return f"{month(start, True)}至{month(end, not shared)}"
    return f"{month(start, not shared)} to {month(end, True)}"


def chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 21 → 二十一; up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


def heading_label(level: int, number: int, above: Sequence[int], language: str) -> str:
    """一、 （一） 1. （1）; 1. 1.1 1.1.1 (a). `above` are the numbers of the headings above it."""
    if language == "zh":
        return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.", f"（{number}）")[level - 1]
    if level == 1:
        return f"{number}. "
    if level == 4:
        return f"({chr(ord('a') + number - 1)}) "
    return ".".join(str(each) for each in (*above, number)) + " "


def list_label(number: int, count: int, language: str) -> str:
    """The label of one item among `count`: "" when it is alone."""
    if count == 1:
        return ""
    return f"{number}." if language == "zh" else f"{number}. "


_ENDS = "。！？；…”）.!?;"


def sentence(text: str, language: str) -> str:
    """Ends with a full stop; begins with a capital in English."""
    text = text.strip()
    if not text:
        return ""
    if language != "zh":
        text = text[0].upper() + text[1:]
    if text[-1] in "，、：,:；;":
        text = text[:-1]
    if text[-1] in _ENDS:
        return text
    return text + ("。" if language == "zh" or "\u4e00" <= text[-1] <= "\u9fff" else ".")


def clause(text: str) -> str:
    """Without its full stop, to be joined with others."""
    return text.strip().rstrip("。.；;，,")


def several(text: str) -> bool:
    """Are there several sentences in it?"""
    return any(mark in clause(text) for mark in "。！？") or ". " in clause(text)


def enumerated(texts: Sequence[str], language: str) -> str:
    """一是…；二是…。 in one sentence. In English: …; …."""
    clauses = [clause(text) for text in texts]
    if len(clauses) == 1:
        return sentence(clauses[0], language)
    if language == "zh":
        return "；".join(f"{chinese(place)}是{text}" for place, text in enumerate(clauses, 1)) + "。"
    return sentence("; ".join(clauses), language)


def plain_phase(name: str) -> str:
    """Without a trailing 阶段 or "phase", which the document's own sentences add."""
    return re.sub(r"(阶段|\s+phase)$", "", name.strip(), flags=re.IGNORECASE)


def broken(pieces: Sequence[str], width: int) -> tuple[str, ...]:
    """A Chinese title in lines of at most `width` characters, broken between its pieces so that the lines are
    as even as they can be; one line where it fits."""
    whole = "".join(pieces)
    if len(whole) <= width:
        return (whole,)
    places = [sum(len(each) for each in pieces[:place]) for place in range(1, len(pieces))]
    fitting = [place for place in places if place <= width and len(whole) - place <= width]
    if not fitting:
        return (whole,)
    best = min(fitting, key=lambda place: (abs(len(whole) - 2 * place), place))
    return whole[:best], whole[best:]
