"""Which columns of somebody else's table hold an opinion, its title, day, unit and code: a guess for the person who
is asked for them, never taken without asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhixing.ground.kernel.tables import heading_labels

from .headings import folded

SAMPLE = 50
"""So many rows are looked at."""

_LONG = 12
"""Characters that an opinion has on average at least; shorter cells are names or numbers."""

_USUAL: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "message", "opinion", "comment", "details", "内容", "正文", "留言", "意见",
             "诉求", "详情", "建议"),
    "title": ("title", "subject", "headline", "标题", "主题", "题目"),
    "on": ("on", "time", "date", "received", "created", "day", "时间", "日期"),
    "unit": ("unit_code", "unit", "school", "单位编号", "单位", "学校"),
    "code": ("code", "msg_id", "id", "no", "number", "编号", "序号"),
}
_COLUMNS = {"text": "text", "on": "received_on", "unit": "unit", "code": "code"}
"""What is asked for → the column of the table opinions whose headings say it too."""


def guessed(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """text, title, on, unit, code → the column of the file that most likely holds it; left out where none does."""
    found: dict[str, str] = {}
    for name, usual in _USUAL.items():
        labels = heading_labels().get(("opinions", _COLUMNS.get(name, "")), ())
        column = _named(heading, (*usual, *labels), found.values())
        if column:
            found[name] = column
    longest = _longest(heading, rows, found.values())
    if "text" not in found and longest:
        found["text"] = longest
    return found


def _named(heading: Sequence[str], words: Sequence[str], taken: Iterable[str]) -> str:
    """The column that is called so, else one whose name ends so (留言主题)."""
    free = [column for column in heading if column.strip() and column not in taken]
    for word in words:
        same = next((column for column in free if folded(column) == folded(word)), "")
        if same:
            return same
    for word in words:
        near = next((column for column in free if len(word) > 1 and folded(column).endswith(folded(word))), "")
        if near:
            return near
    return ""


def _longest(heading: Sequence[str], rows: Iterable[Sequence[str]], taken: Iterable[str]) -> str:
    """The column with the longest cells, where they are long enough to be opinions."""
    used = set(taken)
    sums = [0] * len(heading)
    listed = list(rows)
    for row in listed:
        for place, cell in enumerate(row[:len(heading)]):
            sums[place] += len(cell.strip())
    free = [place for place, column in enumerate(heading) if column.strip() and column not in used]
    best = max(free, key=lambda place: sums[place], default=None)
    return heading[best] if best is not None and sums[best] >= _LONG * max(len(listed), 1) else ""
