"""Words for the search of a database: the same rows as looking for the letters in the levelled text.

Chinese is written without spaces, and dictionary words miss what is asked across their edges. So every two
neighbouring characters are one token ("甲乙丙" → 甲乙 乙丙 丙), and a question of any length is a phrase of tokens.
SQLite's FTS5 (`unicode61`) and PostgreSQL's `simple` configuration take the same tokens.
"""

from __future__ import annotations

import re

from zhixing.ground.text.normal import level
from zhixing.ground.text.words import HAN

_PART = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN = re.compile(rf"[{HAN}]")


def _tokens(part: str) -> list[str]:
    if not _HAN.match(part):
        return [part]
    return [part[at : at + 2] for at in range(len(part))]


def index_text(text: str) -> str:
    """What is stored in the index, tokens with a space between."""
    return " ".join(token for part in _PART.findall(level(text)) for token in _tokens(part))


def _asked(question: str) -> list[tuple[list[str], bool]]:
    """Phrases of tokens; True where the last one may go on (a single character, the beginning of a Latin word)."""
    phrases: list[tuple[list[str], bool]] = []
    for part in _PART.findall(level(question)):
        if not _HAN.match(part) or len(part) == 1:
            phrases.append(([part], True))
        else:
            phrases.append((_tokens(part)[:-1], False))
    return phrases


def fts5_query(question: str) -> str:
    """For `MATCH`; "" where the question holds no letter. All parts must be found, in any order."""
    return " AND ".join(
        '"' + " ".join(tokens) + '"' + (" *" if goes_on else "") for tokens, goes_on in _asked(question)
    )


def postgres_query(question: str) -> str:
    """For `to_tsquery('simple', …)`; "" where the question holds no letter."""
    return " & ".join(
        "(" + " <-> ".join(f"'{token}'" for token in tokens) + ")" if not goes_on else f"'{tokens[0]}':*"
        for tokens, goes_on in _asked(question)
    )
