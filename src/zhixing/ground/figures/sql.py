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
CLOSED = """JOIN units_span s ON s.unit_id = {unit} AND s.ends <= %(as_of)s
 AND NOT EXISTS (SELECT 1 FROM units_span later WHERE later.unit_id = s.unit_id AND later.starts >= s.ends)"""
"""The last place of a unit that is no longer open on the day."""
PLAIN = re.compile(r"\w+\.\w+")
"""A unit that is one column can be looked up in that column's index; rows without one are a text of their own."""
UNDER = "s.path >= %(path)s AND s.path <= %(top)s"


LEVELS = (" JOIN (" + " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, 31)) + f") levels "
          f"ON LENGTH(s.path) >= {STEP} * n AND LENGTH(%(path)s) <= {STEP} * n")
"""Repeats a row for its unit and for each superior up to the scope's own unit."""


@dataclass
class Query:
    """A growing set of named parameters, so that values never enter the text."""

    params: dict[str, Any] = field(default_factory=dict)
    span: str = SPAN

    def bind(self, values: Sequence[str]) -> str:
        names = []
        for value in values:
            name = f"v{len(self.params)}"
            self.params[name] = value
            names.append(f"%({name})s")
        return ", ".join(names)


def start(scope: Scope, path: str) -> Query:
    return Query({"programme": scope.programme_id, "as_of": scope.as_of, "unit": scope.unit_id,
                  "path": path, "top": path + "9" * STEP})


def branch_sql(branch: Branch, query: Query, scope: Scope, conditions: Sequence[str], columns: Sequence[str]) -> str:
    """SELECT these columns of a branch within the scope and as-of date. `path` may be among the columns."""
    unit, day = branch.column("unit_id"), branch.column("day")
    if not PLAIN.fullmatch(unit) and unit != HOST:
        unit = f"COALESCE({unit}, {HOST})"
    inside = {"path": "s.path", "span_unit": "s.unit_id", "n": "n", "unit_id": unit}
    shown = ", ".join(f"{inside.get(name) or branch.column(name)} AS {name}" for name in columns)
    tests = [f"({branch.where})", *conditions]
    if day != "NULL":
        tests.append(f"COALESCE({day}, %(as_of)s) <= %(as_of)s")
    tests.append(f"{unit} = %(unit)s" if scope.own else UNDER)
    condition = " AND ".join(tests)
    joins = [query.span.format(unit=unit), LEVELS if "n" in columns else ""]
    for alias, join in reversed(branch.lefts):
        if any(f"{alias}." in text for text in (shown, condition, *joins)):
            joins.insert(0, join)
    return f"SELECT {shown or '1'} FROM {branch.source} {' '.join(joins)} WHERE {condition}"


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
SHARED = "SUM(part), SUM(weight), {shown}, COUNT(*) - COUNT(weight), MAX(rank), COUNT(*)"
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
    texts = branch_texts(figure, query, scope, where, [*needs(figure), *columns])
    key, by = (f"{group} AS g, ", " GROUP BY g") if group else ("", "")
    if figure.reduce not in DISTINCT:
        return " UNION ALL ".join(
            _by_chunk(figure, group, text) if group == "span_unit" and branch.chunk
            else f"SELECT {key}{partials(figure)} FROM ({text}) r{by}"
            for branch, text in texts)
    each = " UNION ALL ".join(
        f"SELECT DISTINCT {key}{ONCE} FROM ({text}) r" if branch.column("weight") != NOT_KNOWN
        else f"SELECT {key}{UNKNOWN} FROM ({text}) r{by}" for branch, text in texts)
    once = (f"SELECT {'g, ' if group else ''}subject, MAX(w) AS w, MAX(p) AS p, SUM(u) AS u FROM ({each}) e "
            f"GROUP BY {'g, ' if group else ''}subject")
    numbers = ("SUM(p), SUM(w), SUM(p), SUM(u), 0, COUNT(*)" if figure.reduce == "distinct_rate"
               else f"SUM(w), {NOT_KNOWN}, SUM(w), 0, 0, COUNT(*)")
    return f"SELECT {'g, ' if group else ''}{numbers} FROM ({once}) o{by}"


def summary_sql(figure: Figure, query: Query, scope: Scope, where: Where) -> str:
    """One pass over a relation with subjects, from which every reduction of it can be read (`from_summary`)."""
    texts = branch_texts(figure, query, scope, where, ["subject", "weight", "part", "rank"])
    each = " UNION ALL ".join(
        "SELECT subject, SUM(weight) AS sw, SUM(part) AS sp, COUNT(weight) AS nw, "
        f"COUNT(CASE WHEN part > 0 THEN 1 END) AS np, MAX(rank) AS mr, COUNT(*) AS n FROM ({text}) r GROUP BY subject"
        for _branch, text in texts)
    once = ("SELECT subject, SUM(sw) AS sw, SUM(sp) AS sp, SUM(nw) AS nw, SUM(np) AS np, MAX(mr) AS mr, SUM(n) AS n "
            f"FROM ({each}) e GROUP BY subject")
    return ("SELECT SUM(sw), SUM(sp), SUM(nw), SUM(np), MAX(mr), SUM(n), "
            "COUNT(CASE WHEN sw > 0 THEN subject END), COUNT(CASE WHEN sp > 0 THEN subject END) "
            f"FROM ({once}) o")


def from_summary(figure: Figure, row: Sequence[Any]) -> tuple[Any, ...]:
    """The six numbers of a reduction, from one row of `summary_sql`."""
    weights, parts, known, shown, rank, rows, subjects, taking_part = row
    unknown = (rows or 0) - (known or 0)
    if figure.reduce == "distinct":
        return subjects, None, subjects, 0, 0, rows or 0
    if figure.reduce == "distinct_rate":
        return taking_part, subjects, taking_part, unknown, 0, rows or 0
    if figure.reduce in ("rate", "mean"):
        return parts, weights, (shown if figure.shown == "part" else known) or 0, unknown, rank, rows or 0
    return weights, None, known or 0, unknown, rank, rows or 0


def _by_chunk(figure: Figure, group: str, text: str) -> str:
    """By-unit sums of a branch in two steps; a chunk belongs to one unit."""
    named = [f"{number} AS n{place}" for place, number in enumerate(partials(figure).split(", "))]
    return ("SELECT g, SUM(n0), SUM(n1), SUM(n2), SUM(n3), MAX(n4), SUM(n5) FROM "
            f"(SELECT MAX({group}) AS g, {', '.join(named)} FROM ({text}) r GROUP BY chunk) c GROUP BY g")


def relation_sql(figure: Figure, query: Query, scope: Scope, where: Where, columns: Sequence[str]) -> str:
    """The relation's rows within the scope, with these columns."""
    return " UNION ALL ".join(text for _branch, text in branch_texts(figure, query, scope, where, columns))


def branch_texts(figure: Figure, query: Query, scope: Scope, where: Where,
                 columns: Sequence[str]) -> list[tuple[Branch, str]]:
    """A SELECT for each branch (two where its unit is one column): the one text that everything is read from."""
    texts: list[tuple[Branch, str]] = []
    for branch in figure.relation.parts(scope.programme_id):
        extra: dict[str, str] = {"chunk": branch.chunk}
        if "part" in columns:
            extra["part"] = part_of(figure, branch, query, where)
        widened = replace(branch, columns={**branch.columns, **extra})
        chunk = ["chunk"] if branch.chunk and "span_unit" in columns else []
        tests = conditions(figure, branch, query, where)
        texts.append((branch, branch_sql(widened, query, scope, tests, [*columns, *chunk])))
        unit = branch.column("unit_id")
        if PLAIN.fullmatch(unit):
            unplaced = replace(widened, columns={**widened.columns, "unit_id": HOST})
            texts.append((branch, branch_sql(unplaced, query, scope, [*tests, f"{unit} IS NULL"],
                                             [*columns, *chunk])))
    return texts
