"""What a document's prose says against what the records say. Pure: facts in, findings out.

The rules are cheap on purpose: they point at a place, a person looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ALL_UNITS = re.compile(
    r"(?:全部|所有|各|每个|全体)(?:参学|参加|基层|直属|下属|党)?(?:单位|学校|支部|部门|股室|乡镇|学区|村)|各校"
    r"|\b(?:all|every|each)\s+(?:of\s+the\s+)?(?:units?|schools?|departments?|branches|villages)\b",
    re.IGNORECASE)
ALL = re.compile(r"全部|所有")
"""Says "all", of something that may or may not be units."""

NUMBER = re.compile(r"(?P<before>近|约|逾|超过|不少于|不低于|至少|将近|over|about|nearly|almost"
                    r"|around|at least|more than)?\s*"
                    r"(?<![\d.,])(?P<number>\d[\d,]*)(?![\d.]|,\d)\s*(?P<after>余|多|来|几|\+)?\s*"
                    r"(?P<noun>[^\W\d]{0,14})", re.IGNORECASE)


@dataclass(frozen=True)
class Vague:
    """A number that the records give only vaguely. `nouns` are the words that may stand after it."""

    value: Decimal
    qualifier: str
    nouns: tuple[str, ...]
    words: str
    record: str = ""


def exact_numbers(text: str) -> Iterable[tuple[str, str]]:
    """(number, what follows) of each number that the text prints without a word that makes it vague."""
    for found in NUMBER.finditer(text):
        noun = found["noun"] or ""
        following = text[found.end("number"):].lstrip()
        if found["before"] or found["after"] or re.match(r"\W?\D{0,3}(?:以上|左右|上下)", following):
            continue
        yield found["number"].replace(",", ""), noun


def printed_exactly(text: str, vague: Sequence[Vague]) -> list[Vague]:
    """Those of the vague numbers that the text prints as exact ones."""
    numbers = list(exact_numbers(text))
    return [each for each in vague if any(_same(number, noun, each) for number, noun in numbers)]


def _same(number: str, noun: str, vague: Vague) -> bool:
    return Decimal(number) == vague.value and (not vague.nouns or any(
        each and noun.casefold().startswith(each.casefold()) for each in vague.nouns))


def says_all(text: str) -> str:
    """The words with which a text says "all units", else "all", else ""."""
    found = ALL_UNITS.search(text) or ALL.search(text)
    return found.group() if found else ""


def names_units(words: str) -> bool:
    return ALL_UNITS.fullmatch(words) is not None


def shares_words(text: str, name: str) -> bool:
    """Do a remark and a duty speak of the same thing? Three Chinese characters in a row, or a word of five
    letters, that both have."""
    if re.search(r"[\u4e00-\u9fff]", name):
        runs = re.findall(r"[\u4e00-\u9fff]{3,}", name)
        return any(run[at:at + 3] in text for run in runs for at in range(len(run) - 2))
    words = set(re.findall(r"[a-z]{5,}", name.casefold()))
    return bool(words & set(re.findall(r"[a-z]{5,}", text.casefold())))


def plain_name(name: str) -> str:
    """A name without blanks and marks, to be compared."""
    return re.sub(r"[\W_]+", "", name).casefold()
