"""Is a reply one to this opinion? Exact repeats of another reply, templates with names put in, and empty ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhixing.ground.text.folding import fold, runs_of
from zhixing.ground.text.normal import level
from zhixing.ground.text.words import words

TEMPLATED = 0.75
"""Share of a reply's pairs of units that stand in one other reply, from which on it follows a template."""
EMPTY_UNITS = 25
_PHRASES = re.compile(
    r"尊敬的?[^，。:：]{0,10}|您好|你好|(?:您的)?(?:留言|来信|意见|建议|问题)(?:已)?(?:收悉|收到|知悉)|感谢[^。！]{0,40}|"
    r"已?转[^。，]{0,20}(?:办理|处理|核实|研究)|(?:现)?(?:答复|回复)如下|特此(?:答复|回复)|请(?:您)?(?:耐心等待|谅解|理解)[^。]{0,20}|"
    r"thank you[^.]{0,60}|we have received[^.]{0,60}|your (?:message|opinion)[^.]{0,40}(?:received|forwarded|noted)"
)


@dataclass(frozen=True)
class ReplyHint:
    kind: str
    """own, exact, templated or empty."""
    like: int
    """Number of the other reply it repeats; -1: none."""
    answers: float
    """Share of the opinion's telling words that the reply takes up."""


def _taken_up(opinion: str, reply: str) -> float:
    asked = set(words(level(opinion)))
    return round(len(asked & set(words(level(reply)))) / len(asked), 2) if asked else 0.0


def judge_replies(pairs: Sequence[tuple[str, str]]) -> list[ReplyHint]:
    """For each (opinion, reply): a hint for people, no verdict. Replies to the same opinion may repeat one another."""
    folded = [fold(_PHRASES.sub("", level(reply))) for _, reply in pairs]
    sets = [frozenset(runs_of(one.units, 2).tolist()) for one in folded]
    holders: dict[int, list[int]] = {}
    for number, one in enumerate(sets):
        for pair in one:
            holders.setdefault(pair, []).append(number)
    widest = max(50, len(pairs) // 5)
    hints = []
    for number, (opinion, reply) in enumerate(pairs):
        answers = _taken_up(opinion, reply)
        mine = sets[number]
        if len(folded[number].units) < EMPTY_UNITS and answers < 0.2:
            hints.append(ReplyHint("empty", -1, answers))
            continue
        count: dict[int, int] = {}
        for pair in mine:
            if len(holders[pair]) <= widest:
                for other in holders[pair]:
                    count[other] = count.get(other, 0) + 1
        others = [(n, -o) for o, n in count.items() if o != number and pairs[o][0] != opinion]
        most, other = max(others, default=(0, 1))
        if others and level(pairs[-other][1]) == level(reply):
            hints.append(ReplyHint("exact", -other, answers))
        elif mine and most >= TEMPLATED * len(mine):
            hints.append(ReplyHint("templated", -other, answers))
        else:
            hints.append(ReplyHint("own", -1, answers))
    return hints
