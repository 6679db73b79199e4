"""What can be decided from given facts: rotating codes, recurring days, names, pairs."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, Protocol, TypeVar

SLOT = 30
"""Seconds for which a rotating code is shown."""

TICKET = 300
"""Seconds in which somebody who scanned a good code can give a name."""

REMEMBERED = 240
"""So many past codes are still known as passed (two hours), so that a late scan is told so."""

LONGEST_SERIES = 200
"""So many days one series may have."""

Judged = Literal["good", "stale", "foreign"]


def _code(key: bytes, *words: object) -> str:
    text = "\n".join(map(str, words))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:20]


def token(key: bytes, activity_id: int, slot: int) -> str:
    """The code of one session for one slot of thirty seconds: nothing is stored to check it."""
    return _code(key, "sign-in", activity_id, slot)


def slot_of(second: int) -> int:
    return second // SLOT


def judge(key: bytes, activity_id: int, given: str, second: int) -> Judged:
    """Is it the session's code of now or of the slot before (a phone takes a moment), one that has passed, or none of
    this session's?"""
    now = slot_of(second)
    found = [back for back in range(REMEMBERED) if hmac.compare_digest(token(key, activity_id, now - back), given)]
    if not found:
        return "foreign"
    return "good" if found[0] <= 1 else "stale"


def ticket(key: bytes, activity_id: int, second: int) -> str:
    """What a good code is changed into while somebody types a name: good for five minutes."""
    return f"{second}-{_code(key, 'ticket', activity_id, second)}"


def ticket_holds(key: bytes, activity_id: int, given: str, second: int) -> bool:
    made, _dash, _rest = given.partition("-")
    if not made.isdecimal() or len(made) > 12:
        return False
    whole = ticket(key, activity_id, int(made))
    return hmac.compare_digest(whole.encode(), given.encode()) and 0 <= second - int(made) <= TICKET


def name_key(name: str) -> str:
    """A name as it is compared: width, case, blanks and the dots inside names make no difference."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if not letter.isspace() and letter not in "·•・.-'’")[:80]


class Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def code(self) -> str: ...


N = TypeVar("N", bound=Named)


def matching(name: str, people: Iterable[N]) -> list[N]:
    """Those who are called so, or have it as their code."""
    wanted = name_key(name)
    return [each for each in people if wanted and wanted in (name_key(each.name), name_key(each.code))]


def split_names(text: str) -> list[str]:
    """Names as people write them in one box: a line each, or with commas, semicolons or 、 between."""
    for mark in ",，;；、\n\r\t":
        text = text.replace(mark, "\n")
    return [name.strip() for name in text.split("\n") if name.strip()]


def recurring(weekdays: Collection[int], every: int, first: date, last: date,
              is_workday: Callable[[date], bool]) -> tuple[list[date], list[date]]:
    """The days of a series, and those that fall on a day off and are left out. `every`: 1 each week, 2 every other …,
    counted from the week of the first day."""
    start = first - timedelta(days=first.weekday())
    days: list[date] = []
    off: list[date] = []
    day = first
    while day <= last:
        if day.weekday() in weekdays and ((day - start).days // 7) % every == 0:
            (days if is_workday(day) else off).append(day)
        day += timedelta(days=1)
    return days, off


def pairs_of(words: object) -> dict[str, tuple[str, str, bool]]:
    """Pair kind → the categories of the two, and whether they are of one unit, as a pack says it in its section
    `pair_categories` (kind → [category, category], or [category, category, "same_unit"]). What cannot be read is left
    out."""
    found: dict[str, tuple[str, str, bool]] = {}
    for kind, said in words.items() if isinstance(words, dict) else ():
        if isinstance(said, Sequence) and not isinstance(said, str) and len(said) >= 2:
            found[str(kind)] = (str(said[0]), str(said[1]), "same_unit" in map(str, said[2:]))
    return found


USUALLY = "usually"


def asked_of(kind: str, words: object) -> tuple[str, ...]:
    """The long texts that a pack asks for of a kind of activity in its section `activity_asks` (kind → parts, `usually`
    for the others). All of them stay optional."""
    known = words if isinstance(words, dict) else {}
    said = known.get(kind, known.get(USUALLY, ()))
    return tuple(map(str, said)) if isinstance(said, Sequence) and not isinstance(said, str) else ()
