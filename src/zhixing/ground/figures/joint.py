"""Several figures of one family, from one pass over the rows that they share.

Branches with the same source and subject are one SELECT: what all of them ask stands in its WHERE, what only some
ask in a CASE around what they add up. Sums are made by subject, then put together, so that distinct subjects can be
counted from them as well."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhixing.ground.kernel import db
from zhixing.ground.kernel.figures import NOT_KNOWN, Figure, Flag
from zhixing.ground.kernel.types import Scope

from . import sql
from .types import Where

NEEDED = {
    "count": ("rows",),
    "sum": ("weights", "known", "rank", "rows"),
    "distinct": ("weights",),
    "distinct_rate": ("weights", "parts", "known", "rows"),
    "rate": ("weights", "parts", "known", "taking", "rank", "rows"),
}
"""What a reduction reads of a relation's rows: the sums of weight and part, how many have a weight, how many a part
above 0, the largest rank, how many there are. A mean or a single value stands alone."""

def numbers(figures: Sequence[Figure], scope: Scope, where: Where, path: str) -> list[tuple[Any, ...]]:
    """The six numbers of each figure's reduction (see `sql.partials`), in the order asked."""
    query = sql.start(scope, path)
    prefixes: dict[tuple[str, str], str] = {}
    needed: dict[str, tuple[Figure, set[str]]] = {}
    for figure in figures:
        prefix = prefixes.setdefault((figure.relation.name, repr(figure.only)), f"r{len(prefixes)}_")
        needed.setdefault(prefix, (figure, set()))[1].update(NEEDED[figure.reduce])
    distinct = any(figure.reduce in sql.DISTINCT for figure in figures)
    sources: dict[tuple[str, str, str], Source] = {}
    for prefix, (figure, names) in needed.items():
        for each in sql.selects(figure, query, scope, where, ["weight", "part", "rank", "subject"]):
            subject = each.columns["subject"] if distinct else NOT_KNOWN
            source = sources.setdefault((each.source, each.lefts["s"], subject), Source(subject))
            source.members.append((prefix, names, each))
    wanted = [prefix + name for prefix, (_figure, names) in needed.items() for name in sorted(names)]
    found = _read(list(sources.values()), wanted, query, distinct)
    return [_reduced(figure, prefixes[figure.relation.name, repr(figure.only)], found) for figure in figures]


def _read(sources: Sequence[Source], wanted: Sequence[str], query: sql.Query, distinct: bool) -> dict[str, Any]:
    """Name → number. What is the same in every source is one column."""
    made = [source.columns(wanted) for source in sources]
    columns: dict[tuple[str, ...], str] = {}
    alike = {name: columns.setdefault((_sum(name), *(each[name] for each in made)), name) for name in wanted}
    kept = list(columns.values())
    rows = " UNION ALL ".join(source.text(each, kept) for source, each in zip(sources, made, strict=True))
    sums = [f"{_sum(name)}({name}) AS {name}" for name in kept]
    once = {f"{name}_once": alike[name] for name in wanted if name.endswith(("weights", "parts"))} if distinct else {}
    if distinct:
        rows = f"SELECT subject, {', '.join(sums)} FROM ({rows}) g GROUP BY subject"
    counts = [f"COUNT(CASE WHEN {name} > 0 THEN subject END) AS {many}" for many, name in once.items()]
    row = db.rows(f"SELECT {', '.join([*sums, *counts])} FROM ({rows}) b", query.params)[0]
    found = dict(zip([*kept, *once], row, strict=True))
    return {**{name: found[alike[name]] for name in wanted}, **{name: found[name] for name in once}}


@dataclass
class Source:
    """One pass: the branches that read the same rows and count the same subjects."""

    subject: str
    members: list[tuple[str, Collection[str], sql.Select]] = field(default_factory=list)
    """A relation's prefix, what is needed of it, and its branch."""

    made: dict[str, str] = field(default_factory=dict)
    """Sum → its name; one that several branches need is made once."""

    @property
    def common(self) -> list[str]:
        """What every branch asks of a row."""
        return [test for test in self.members[0][2].tests if all(test in each.tests for *_of, each in self.members)]

    def columns(self, wanted: Sequence[str]) -> dict[str, str]:
        common = self.common
        shown: dict[str, list[str]] = {}
        for prefix, names, each in self.members:
            condition = " AND ".join(test for test in each.tests if test not in common)
            for name, text in _sums(each, condition):
                if name in names:
                    shown.setdefault(prefix + name, []).append(self.made.setdefault(text, f"x{len(self.made)}"))
        return {name: _plus(shown.get(name, []), name) for name in wanted}

    def text(self, columns: Mapping[str, str], kept: Sequence[str]) -> str:
        lefts = {alias: join for *_of, each in self.members for alias, join in each.lefts.items()}
        sums = ", ".join(f"{text} AS {name}" for text, name in self.made.items())
        outer = ", ".join(f"{columns[name]} AS {name}" for name in kept)
        by = " GROUP BY subject" if self.subject != NOT_KNOWN else ""
        return (f"SELECT subject, {outer} FROM (SELECT {self.subject} AS subject, {sums} "
                f"FROM {self.members[0][2].source} {' '.join(lefts.values())} WHERE {' AND '.join(self.common)}{by}) i")


def _sums(each: sql.Select, condition: str) -> Iterator[tuple[str, str]]:
    weight, part, rank = (each.columns[name] for name in ("weight", "part", "rank"))

    def when(value: str, more: str = "") -> str:
        tests = " AND ".join(test for test in (condition, more) if test)
        return f"CASE WHEN {tests} THEN {value} END" if tests else value

    rows = f"SUM({when('1')})"
    yield "rows", rows
    yield "weights", f"SUM({when(weight)})"
    yield "known", rows if _is_flag(weight) else f"SUM({when('1', f'({weight}) IS NOT NULL')})"
    yield "parts", f"SUM({when(part)})"
    yield "taking", f"SUM({when(part) if _is_flag(part) else when('1', f'({part}) > 0')})"
    yield "rank", f"MAX({rank if rank == '0' else when(rank, f'({weight}) IS NOT NULL')})"


def _sum(name: str) -> str:
    return "MAX" if name.endswith("rank") else "SUM"


def _is_flag(text: str) -> bool:
    return text == "1" or isinstance(text, Flag)


def _plus(names: Sequence[str], name: str) -> str:
    """What branches of one relation add up to: NULL only where each says so."""
    if not names:
        return NOT_KNOWN
    if not names[1:]:
        return names[0]
    if name.endswith("rank"):
        largest = names[0]
        for each in names[1:]:
            largest = f"CASE WHEN {each} IS NULL OR {largest} >= {each} THEN {largest} ELSE {each} END"
        return largest
    none = " AND ".join(f"{each} IS NULL" for each in names)
    return f"CASE WHEN {none} THEN NULL ELSE {' + '.join(f'COALESCE({each}, 0)' for each in names)} END"


def _reduced(figure: Figure, prefix: str, found: dict[str, Any]) -> tuple[Any, ...]:
    rows, known = found.get(f"{prefix}rows") or 0, found.get(f"{prefix}known") or 0
    if figure.reduce == "count":
        return rows, None, rows, 0, 0, rows
    weights = found[f"{prefix}weights"]
    if figure.reduce == "sum":
        return weights, None, known, rows - known, found[f"{prefix}rank"], rows
    if figure.reduce == "rate":
        shown = (found[f"{prefix}taking"] or 0) if figure.shown == "part" else known
        return found[f"{prefix}parts"], weights, shown, rows - known, found[f"{prefix}rank"], rows
    once = found[f"{prefix}weights_once"]
    if figure.reduce == "distinct":
        return once, None, once, 0, 0, once
    taking_part = found[f"{prefix}parts_once"]
    return taking_part, once, taking_part, rows - known, 0, rows
