"""Counts with a qualifier: `80`, `>=80` ("over 80"), `~24` ("nearly 24"), and not known (None).

A sum keeps the weakest qualifier of its parts: `~` before `>=` before `=`. Not known is never 0: a sum of
which some parts are not known is at least the sum of the known ones (`>=`).
Source: the campaign workbook's format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

QUALIFIERS = ("=", ">=", "~")
"""From strongest to weakest; the place in this tuple is the rank that SQL works with."""

RANK = {qualifier: rank for rank, qualifier in enumerate(QUALIFIERS)}

_OVER = {">=", "≥", "over", "more than", "余", "多", "+"}
_NEARLY = {"~", "≈", "nearly", "about", "近", "将近", "约"}
_CELL = re.compile(
    r"^(>=|≥|~|≈|over\b|more than\b|nearly\b|about\b|将近|近|约|)\s*"
    r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(余|多|\+|)\s*(?:人次|[人份条篇次场项件名个])?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Count:
    value: Decimal
    qualifier: str = "="

    def __str__(self) -> str:
        sign = "" if self.qualifier == "=" else self.qualifier
        return f"{sign}{plain(self.value)}"


def plain(value: Decimal | int | float) -> str:
    """The number as people type it: no exponent, no trailing zeros."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_count(text: str) -> Count:
    """Reads `80`, `>=80`, `≥80`, `~24`, `≈24`, full-width digits and thousands commas; and what people
    write: `80余人`, `80多`, `80+`, `over 80`, `近24`, `约90条`, `about 90`, `36人`.

    Raises ValueError for anything else, a negative number included (the sign is read so that the caller
    can say what is wrong), and for two qualifiers that disagree (`近80余`)."""
    match = _CELL.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError("not a count")
    before, digits, after = match.groups()
    value = Decimal(digits.replace(",", ""))
    if value < 0:
        raise ValueError("negative")
    signs = {before.lower(), after} - {""}
    if not signs:
        return Count(value)
    if signs <= _OVER:
        return Count(value, ">=")
    if signs <= _NEARLY:
        return Count(value, "~")
    raise ValueError("not a count")


def in_words(number: str, count: Count, language: str, *, noun: str = "", rounds: bool = True,
             several: bool = False) -> str:
    """A count as a sentence says it, of `number`, its value as written: 80余人次, 616人次以上, 近24条; over 80
    person-times, at least 616, nearly 24. `rounds`: "over" may be said of a round number (not of a share or a
    rank) of one record; what `several` add up to is 以上/at least, and 约/about where some are vague: nobody knows
    that it stays below, and one sentence says it in one way whether or not its sums are round.
    `noun` stands as it is given, with its blank where the language has one."""
    chinese = language == "zh"
    if count.qualifier == ">=":
        if rounds and not several and count.value > 0 and count.value % 10 == 0:
            return f"{number}余{noun}" if chinese else f"over {number}{noun}"
        return f"{number}{noun}以上" if chinese else f"at least {number}{noun}"
    if count.qualifier == "~":
        before = ("约" if chinese else "about ") if several else ("近" if chinese else "nearly ")
        return f"{before}{number}{noun}"
    return f"{number}{noun}"


def weakest(qualifiers: Iterable[str]) -> str:
    """The weakest of the qualifiers, `=` when there are none."""
    return QUALIFIERS[max((RANK[q] for q in qualifiers), default=0)]


def add(parts: Iterable[Count | None]) -> Count | None:
    """The sum by the rules above: 0 over no parts, None when no part is known, `>=` when some are not."""
    listed = list(parts)
    known = [part for part in listed if part is not None]
    if listed and not known:
        return None
    rank = max((RANK[part.qualifier] for part in known), default=0)
    if len(known) < len(listed):
        rank = max(rank, RANK[">="])
    return Count(sum((part.value for part in known), Decimal(0)), QUALIFIERS[rank])


def bounds(count: Count) -> tuple[Decimal, Decimal]:
    """The least and the most that a count can mean when two counts are held against each other: `>=80` is
    80-odd (80 to 89), `>=100` 100 to 199, `~24` a tenth less up to 24."""
    if count.qualifier == "=":
        return count.value, count.value
    if count.qualifier == "~":
        return count.value * Decimal("0.9"), count.value
    digits = plain(count.value)
    zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits and count.value else 0
    return count.value, count.value + 10 ** max(zeros, 1) - 1


def surely_more(one: Count, other: Count) -> bool:
    """True when `one` is more than `other` however the two are read."""
    return bounds(one)[0] > bounds(other)[1]
