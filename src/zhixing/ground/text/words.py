"""Words of a text, Chinese and Latin mixed. One cutting serves grouping, reasons, search and routing."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import rjieba

HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{HAN}0-9a-z\u00c0-\u024f\u0370-\u04ff\uac00-\ud7af\u3040-\u30ff']+", re.ASCII)
_HAN = re.compile(rf"[{HAN}]")
# "a2区", "3栋": a number or letter and the kind of place it numbers is one word
_NUMBERED = re.compile(r"((?<![0-9a-z])[0-9a-z]{1,4}(?:号线|[省市区县州栋期号]))")
_PIECE = re.compile(rf"[{HAN}]+|[^{HAN}\W_]+(?:'[^{HAN}\W_]+)?")



def _listed(name: str) -> list[str]:
    """The lines of a file of the shipped background, without its comments."""
    text = files("zhixing.ground.text").joinpath(f"background/{name}").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


STOP = frozenset(word for line in _listed("stop.txt") for word in line.split())


def has_han(text: str) -> bool:
    return _HAN.search(text) is not None


def cut(levelled: str) -> list[str]:
    """Every piece in order, punctuation and spaces included: what stands between two words must not be
    jumped when names are looked for."""
    pieces: list[str] = []
    for index, part in enumerate(_NUMBERED.split(levelled)):
        if index % 2:
            pieces.append(part)
        elif part:
            pieces.extend(rjieba.cut(part))
    return pieces


def is_word(piece: str) -> bool:
    return _WORD.fullmatch(piece) is not None


def is_telling(word: str) -> bool:
    """May the word carry a matter? Single characters and the words every letter has do not."""
    if word in STOP or not is_word(word):
        return False
    return len(word) > 1


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The common English endings off: cards, card's → card; charging, charged → charg. Others unchanged."""
    if not word.isascii() or not word.isalpha():
        word = word.replace("'s", "")
        if not word.isascii() or not word.isalpha():
            return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending, least in (("ing", 3), ("edly", 3), ("ed", 3), ("ers", 4), ("er", 4), ("es", 3), ("s", 3), ("e", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word


def words(levelled: str) -> list[str]:
    """The telling words of a levelled text, English ones by their stem."""
    return [stem(piece) for piece in cut(levelled) if is_telling(piece)]


@lru_cache(maxsize=1)
def written_how_often() -> dict[str, float]:
    """Chinese word → its share of all words written, from the shipped background."""
    shares: dict[str, float] = {}
    for line in _listed("zh.txt"):
        band, _, listed = line.partition("\t")
        share = 2.0 ** (int(band) / 2 + 0.25) / 60e6
        for word in listed.split(" "):
            shares[word] = share
    return shares
