"""Puts a figure's question into SQL: one text for value, by-unit and evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhixing.ground.kernel.figures import NOT_KNOWN, Branch, Figure
from zhixing.ground.kernel.types import Scope

from .types import Where

STEP = 7
"""Digits of one step of a unit's path (see `ground.units`)."""

HOST = "(SELECT host_unit_id FROM units_programme WHERE id = %(programme)s)"
"""A record of no unit is its programme's host unit's."""
SPAN = """JOIN units_span s ON s.unit_id = {unit} AND s.starts <= %(as_of)s AND s.ends > %(as_of)s"""
NAMED = "JOIN units_span s ON s.id IN ({spans}) AND s.unit_id = {{unit}} AND {{unit}} IN ({units})"
"""The same for named spans, whatever the date. The units are named too, to be looked up in their index."""
COLUMNS = re.compile(r"\w+\.\w+|COALESCE\((\w+\.\w+(?:, \w+\.\w+)*)\)")
"""A unit that is one column, or the first of several that is there: each can be looked up in its own index."""
UNDER = "s.path >= %(path)s AND s.path <= %(top)s"


LEVELS = (" JOIN (" + " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, 31)) + f") levels "
          f"ON LENGTH(s.path) >= {STEP} * n AND LENGTH(%(path)s) <= {STEP} * n")
"""Repeats a row for its unit and for each superior up to the scope's own unit."""


@dataclass
class Query:
    """A growing set of named parameters, so that values never enter the text."""

    params: dict[str, Any] = field(default_factory=dict)
    span: str = SPAN

    bound: dict[str, str] = field(default_factory=dict)

    def bind(self, values: Sequence[str]) -> str:
        """The names of the values, for an IN list; the same value has the same name, so that texts stay alike."""
        for value in values:
            if value not in self.bound:
                self.bound[value] = f"v{len(self.bound)}"
                self.params[self.bound[value]] = value
        return ", ".join(f"%({self.bound[value]})s" for value in values)


@dataclass(frozen=True)
class Select:
    """The parts of one branch's SELECT within a scope and as-of date. `lefts`: alias → join, those it needs."""

    branch: Branch
    source: str
    lefts: dict[str, str]
    tests: tuple[str, ...]
    columns: dict[str, str]

    @property
    def text(self) -> str:
        shown = ", ".join(f"{text} AS {name}" for name, text in self.columns.items())
        return f"SELECT {shown or '1'} FROM {self.body} WHERE {' AND '.join(self.tests)}"

    @property
    def body(self) -> str:
        return f"{self.source} {' '.join(self.lefts.values())}"


def start(scope: Scope, path: str) -> Query:
    return Query({"programme": scope.programme_id, "as_of": scope.as_of, "unit": scope.unit_id,
                  "path": path, "top": path + "9" * STEP})


def select(branch: Branch, query: Query, scope: Scope, conditions: Sequence[str], columns: Sequence[str]) -> Select:
    """These columns of a branch, whose unit is one expression, within the scope and as-of date. `path` may be among
    the columns."""
    unit, day = branch.column("unit_id"), branch.column("day")
    inside = {"path": "s.path", "span_unit": "s.unit_id", "n": "n", "unit_id": unit}
    shown = {name: inside.get(name) or branch.column(name) for name in columns}
    tests = [*(f"({each})" for each in branch.tests), *conditions]
    if day != "NULL":
        tests.append(f"COALESCE({day}, %(as_of)s) <= %(as_of)s")
    tests.append(f"{unit} = %(unit)s" if scope.own else UNDER)
    span, levels = query.span.format(unit=unit), LEVELS if "n" in columns else ""
    lefts: dict[str, str] = {}
    for alias, join in reversed(branch.lefts):
        if any(f"{alias}." in text for text in (*shown.values(), *tests, span, *lefts.values())):
            lefts[alias] = join
    before = dict(reversed(lefts.items()))
    return Select(branch, branch.source, {**before, "s": span, **({"n": levels} if levels else {})}, tuple(tests),
                  shown)


def conditions(figure: Figure, branch: Branch, query: Query, where: Where) -> list[str]:
    """The `where` keys and the figure's own fixed conditions, as SQL on this branch."""
    tests = [f"{branch.column(name)} IN ({query.bind(values)})" for name, values in figure.only.items()]
    for key, values in where.items():
        match = figure.relation.keys[key]
        if match == "is":
            tests.append(f"{branch.column(key)} IN ({query.bind(values)})")
        elif match == "list":
            column = branch.column(key)
            tests.append("(" + " OR ".join(
                f"REPLACE({column}, {query.bind([f';{value};'])}, '') <> {column}" for value in values) + ")")
        elif match == "unit":
            tests.append(f"{branch.column('unit_id')} IN "
                         f"(SELECT id FROM units_unit WHERE code IN ({query.bind(values)}))")
    return tests


def part_of(figure: Figure, branch: Branch, query: Query, where: Where) -> str:
    """The numerator's expression: the branch's own, or the rows that a `part` key chooses."""
    for key, values in where.items():
        if figure.relation.keys[key] == "part":
            return (f"CASE WHEN {branch.column(key)} IN ({query.bind(values)}) "
                    f"THEN {branch.column('weight')} ELSE 0 END")
    return branch.columns.get("part", NOT_KNOWN)


COUNTED = f"COUNT(*), {NOT_KNOWN}, COUNT(*), 0, 0, COUNT(*)"
SUMMED = (f"SUM(weight), {NOT_KNOWN}, COUNT(weight), COUNT(*) - COUNT(weight), "
          "MAX(CASE WHEN weight IS NULL THEN 0 ELSE rank END), COUNT(*)")
SHARED = ("SUM(part), SUM(weight), {shown}, COUNT(*) - COUNT(weight), "
          "MAX(CASE WHEN weight IS NULL THEN 0 ELSE rank END), COUNT(*)")
ONCE = ("subject, CASE WHEN weight > 0 THEN 1 ELSE 0 END AS w, CASE WHEN part > 0 THEN 1 ELSE 0 END AS p, 0 AS u")
"""Of one subject: does it count, is it part. (In how many rows is that not known: `UNKNOWN`.)"""

UNKNOWN = f"{NOT_KNOWN} AS subject, 0 AS w, 0 AS p, COUNT(*) AS u"
DISTINCT = ("distinct", "distinct_rate")


def needs(figure: Figure) -> tuple[str, ...]:
    """The columns that a reduction reads."""
    return {"count": (), "sum": ("weight", "rank"), "single": ("weight", "rank"),
            "distinct": ("subject", "weight", "part"), "distinct_rate": ("subject", "weight", "part"),
            "rate": ("weight", "part", "rank"), "mean": ("weight", "part", "rank")}[figure.reduce]


def partials(figure: Figure) -> str:
    """The six numbers of a reduction over one branch: value (or numerator), denominator, evidence, unknown, rank,
    rows. Those of several branches add up (the ranks: the largest)."""
    if figure.reduce == "count":
        return COUNTED
    if figure.reduce in ("rate", "mean"):
        return SHARED.format(shown="COUNT(CASE WHEN part > 0 THEN 1 END)" if figure.shown == "part"
                             else "COUNT(weight)")
    return SUMMED


def grouped_sql(figure: Figure, query: Query, scope: Scope, where: Where, group: str = "",
                columns: Sequence[str] = ()) -> str:
    """One row of six numbers for each value of `group` (an expression over `columns`), or in all. A branch is
    reduced by itself, so the database never stores the relation; the rows of the branches are to be added up."""
    listed = selects(figure, query, scope, where, [*needs(figure), *columns])
    key, by = (f"{group} AS g, ", " GROUP BY g") if group else ("", "")
    if figure.reduce not in DISTINCT:
        return " UNION ALL ".join(
            _by_chunk(figure, group, each.text) if group == "span_unit" and each.branch.chunk
            else f"SELECT {key}{partials(figure)} FROM ({each.text}) r{by}"
            for each in listed)
    each = " UNION ALL ".join(
        f"SELECT DISTINCT {key}{ONCE} FROM ({one.text}) r" if one.branch.column("weight") != NOT_KNOWN
        else f"SELECT {key}{UNKNOWN} FROM ({one.text}) r{by}" for one in listed)
    once = (f"SELECT {'g, ' if group else ''}subject, MAX(w) AS w, MAX(p) AS p, SUM(u) AS u FROM ({each}) e "
            f"GROUP BY {'g, ' if group else ''}subject")
    numbers = ("SUM(p), SUM(w), SUM(p), SUM(u), 0, COUNT(*)" if figure.reduce == "distinct_rate"
               else f"SUM(w), {NOT_KNOWN}, SUM(w), 0, 0, COUNT(*)")
    return f"SELECT {'g, ' if group else ''}{numbers} FROM ({once}) o{by}"


def _by_chunk(figure: Figure, group: str, text: str) -> str:
    """By-unit sums of a branch in two steps; a chunk belongs to one unit."""
    named = [f"{number} AS n{place}" for place, number in enumerate(partials(figure).split(", "))]
    return ("SELECT g, SUM(n0), SUM(n1), SUM(n2), SUM(n3), MAX(n4), SUM(n5) FROM "
            f"(SELECT MAX({group}) AS g, {', '.join(named)} FROM ({text}) r GROUP BY chunk) c GROUP BY g")


def relation_sql(figure: Figure, query: Query, scope: Scope, where: Where, columns: Sequence[str]) -> str:
    """The relation's rows within the scope, with these columns."""
    return " UNION ALL ".join(each.text for each in selects(figure, query, scope, where, columns))


def selects(figure: Figure, query: Query, scope: Scope, where: Where, columns: Sequence[str]) -> list[Select]:
    """What everything is read from: for each branch one SELECT for each place where its unit may stand."""
    found: list[Select] = []
    for branch in figure.relation.parts(scope.programme_id):
        extra = {"chunk": branch.chunk, "subject": branch.columns.get("subject", NOT_KNOWN)}
        if "part" in columns:
            extra["part"] = part_of(figure, branch, query, where)
        named = [*columns, *(["chunk"] if branch.chunk and "span_unit" in columns else [])]
        tests = conditions(figure, branch, query, where)
        for unit, missing in _units(branch.column("unit_id")):
            placed = replace(branch, columns={**branch.columns, **extra, "unit_id": unit})
            found.append(select(placed, query, scope, [*tests, *missing], named))
    return found


def _units(unit: str) -> list[tuple[str, list[str]]]:
    """Each column that may say the unit, after those before it say nothing, and at last the host."""
    columns = COLUMNS.fullmatch(unit)
    if columns is None:
        return [(f"COALESCE({unit}, {HOST})", [])]
    listed = (columns[1] or unit).split(", ")
    return [(column, [f"{before} IS NULL" for before in listed[:place]])
            for place, column in enumerate([*listed, HOST])]
