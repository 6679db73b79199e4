"""Puts a figure's question into SQL: one text for value, by-unit and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhixing.ground.kernel.figures import Branch, Figure
from zhixing.ground.kernel.types import Scope

from .types import Where

STEP = 7
"""Digits of one step of a unit's path (see `ground.units`)."""

HOST = "(SELECT host_unit_id FROM units_programme WHERE id = %(programme)s)"
"""A record of no unit is its programme's host unit's."""
SPAN = """JOIN units_span s ON s.unit_id = {unit} AND s.starts <= %(as_of)s AND s.ends > %(as_of)s"""
UNDER = "s.path >= %(path)s AND s.path <= %(top)s"


@dataclass
class Query:
    """A growing set of named parameters, so that values never enter the text."""

    params: dict[str, Any] = field(default_factory=dict)

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


def branch_sql(branch: Branch, scope: Scope, conditions: Sequence[str], columns: Sequence[str]) -> str:
    """SELECT these columns of a branch within the scope and as-of date. `path` may be among the columns."""
    unit, day = f"COALESCE({branch.column('unit_id')}, {HOST})", branch.column("day")
    inside = {"path": "s.path", "unit_id": unit}
    shown = ", ".join(f"{inside.get(name) or branch.column(name)} AS {name}" for name in columns)
    tests = [f"({branch.where})", *conditions]
    if day != "NULL":
        tests.append(f"({day} IS NULL OR {day} <= %(as_of)s)")
    tests.append(f"{unit} = %(unit)s" if scope.own else UNDER)
    return f"SELECT {shown} FROM {branch.source} {SPAN.format(unit=unit)} WHERE {' AND '.join(tests)}"


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
    return branch.column("part")


def aggregates(figure: Figure) -> tuple[str, tuple[str, ...]]:
    """The outer SELECT list of a reduction, and the columns it needs of the branches.

    Always six numbers: value (or numerator), denominator, evidence, unknown, rank, rows."""
    shown = "COUNT(CASE WHEN part > 0 THEN 1 END)" if figure.shown == "part" else "COUNT(weight)"
    unknown = "COUNT(*) - COUNT(weight)"
    match figure.reduce:
        case "count":
            return "COUNT(*), NULL, COUNT(*), 0, 0, COUNT(*)", ("one",)
        case "distinct":
            distinct = "COUNT(DISTINCT CASE WHEN weight > 0 THEN subject END)"
            return f"{distinct}, NULL, {distinct}, 0, 0, COUNT(*)", ("subject", "weight")
        case "distinct_rate":
            over = "COUNT(DISTINCT CASE WHEN weight > 0 THEN subject END)"
            part = "COUNT(DISTINCT CASE WHEN part > 0 THEN subject END)"
            return f"{part}, {over}, {part}, {unknown}, 0, COUNT(*)", ("subject", "weight", "part")
        case "rate" | "mean":
            return (f"SUM(part), SUM(weight), {shown}, {unknown}, MAX(rank), COUNT(*)",
                    ("weight", "part", "rank"))
        case _:
            return (f"SUM(weight), NULL, COUNT(weight), {unknown}, "
                    "MAX(CASE WHEN weight IS NULL THEN 0 ELSE rank END), COUNT(*)", ("weight", "rank"))


def relation_sql(figure: Figure, query: Query, scope: Scope, where: Where, columns: Sequence[str]) -> str:
    """The relation within the scope, with these columns: the one text that everything is read from."""
    texts = []
    for branch in figure.relation.parts(scope.programme_id):
        extra: Mapping[str, str] = {"one": "1"}
        if "part" in columns:
            extra = {**extra, "part": part_of(figure, branch, query, where)}
        if figure.reduce != "distinct_rate" and "subject" in columns and "subject" not in branch.columns:
            extra = {**extra, "subject": branch.column("record")}
        widened = Branch(branch.source, branch.where, {**branch.columns, **extra})
        texts.append(branch_sql(widened, scope, conditions(figure, branch, query, where), columns))
    return " UNION ALL ".join(texts)
