"""Every question one can put to a figure. All answers come from the figure's one relation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.ground.kernel import db
from zhixing.ground.kernel.counts import QUALIFIERS
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.figures import Figure, Row, figure, figures
from zhixing.ground.kernel.sharing import is_kept, remember, remembered, sharing
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units

from . import joint, sql
from .types import Evidence, Value, Where

NOTHING: Where = {}


def known_figure(name: str) -> Figure:
    """Raises Refused, with the nearest names, when there is no such figure."""
    found = figure(name)
    if found is None:
        import difflib

        near = difflib.get_close_matches(name, [each.name for each in figures()], n=3, cutoff=0.4)
        hint = _(" Did you mean %(near)s?") % {"near": ", ".join(near)} if near else ""
        raise Refused(_("There is no figure “%(name)s”.") % {"name": name} + hint)
    return found


def checked(name: str, where: Where) -> Figure:
    """The figure, after making sure that it offers every key. Raises Refused."""
    found = known_figure(name)
    for key in where:
        if key not in found.offered():
            offered = ", ".join(found.offered()) or _("none")
            raise Refused(_("“%(name)s” has no filter “%(key)s”. It offers: %(offered)s.")
                          % {"name": name, "key": key, "offered": offered})
    return found


def value(name: str, scope: Scope, where: Where = NOTHING) -> Value:
    """The figure's value over the scope. Raises Refused for an unknown figure or key."""
    found = checked(name, where)
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return _value(found, scope, where, (None, None, 0, 0, 0, 0), outside=True)
    if found.relation.load is not None:
        count = _count(found, scope, where)
        return _value(found, scope, where, (count, None, count, 0, 0, count))
    answer = _value(found, scope, where, _aggregate(found, scope, where, path))
    gone = 0 if scope.own else _of_closed_units(found, scope, where, path)
    return replace(answer, why=f"{answer.why} {_closed(gone)}".strip()) if gone else answer


def _of_closed_units(found: Figure, scope: Scope, where: Where, path: str) -> int:
    """How many records belong to units that have closed: the tree of the day does not hold them."""
    places = units.last_places(path, scope.as_of)
    if not places:
        return 0

    def count() -> int:
        query = sql.start(scope, path)
        query.span = sql.NAMED.format(spans=_listed(places.values()), units=_listed(places))
        text = sql.grouped_sql(replace(found, reduce="count"), query, scope, where)
        return int(_added((None, *row) for row in db.rows(text, query.params))[None][0])

    return remembered(("closed", *_kept_under(found.name, scope, where)), count)


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)


def _closed(gone: int) -> str:
    return ngettext("%(count)s record of a unit that has closed is not counted.",
                    "%(count)s records of units that have closed are not counted.", gone) % {"count": gone}


def values(asks: Iterable[tuple[str, Scope, Where]]) -> list[Value]:
    """Several figures at once, in the order asked. What several of them are computed from is loaded once."""
    listed = list(asks)
    with sharing():
        _read_families(listed)
        return [value(name, scope, where) for name, scope, where in listed]


def _read_families(asks: Iterable[tuple[str, Scope, Where]]) -> None:
    """Reads what several figures of one family need together; `_aggregate` finds it."""
    together: dict[Hashable, tuple[Scope, Where, dict[str, Figure]]] = {}
    for name, scope, where in asks:
        found = checked(name, where)
        if found.relation.family and not is_kept(_kept_under(name, scope, where)):
            key = found.relation.family, scope, _hashable(where)
            together.setdefault(key, (scope, where, {}))[2][name] = found
    for scope, where, family in together.values():
        path = units.path_on(scope.unit_id, scope.as_of)
        if path is not None and len(family) > 1:
            read = joint.numbers(list(family.values()), scope, where, path)
            for name, numbers in zip(family, read, strict=True):
                remember(_kept_under(name, scope, where), numbers)


def _kept_under(name: str, scope: Scope, where: Where) -> tuple[Hashable, ...]:
    return "numbers", name, scope, _hashable(where)


def _count(found: Figure, scope: Scope, where: Where) -> int:
    load, count = found.relation.load, found.relation.count
    assert load is not None and count is not None
    return remembered(_kept_under(found.name, scope, where), lambda: count(load(scope, where)))


def _rows(found: Figure, scope: Scope, where: Where) -> Sequence[Row]:
    load, rows = found.relation.load, found.relation.rows
    assert load is not None and rows is not None
    return rows(load(scope, where))


def by_unit(name: str, scope: Scope, where: Where = NOTHING, *, level: str = "children") -> dict[int, Value]:
    """The figure by unit, in one query: `own` each unit of the scope with its own records alone, `children`
    each direct part of the scope's unit with its subtree, `all` every unit of the scope with its subtree. Units
    without a record are left out; `nothing()` gives their value."""
    found = checked(name, where)
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return {}
    if found.relation.load is not None:
        return _rows_by_unit(found, scope, where, path, level)
    query = sql.start(scope, path)
    if level == "own":
        text = sql.grouped_sql(found, query, scope, where, "span_unit", ["span_unit"])
    elif level == "children":
        text = sql.grouped_sql(found, query, scope, where, f"SUBSTR(path, 1, {len(path) + sql.STEP})", ["path"])
    else:
        text = sql.grouped_sql(found, query, scope, where, f"SUBSTR(path, 1, {sql.STEP} * n)", ["path", "n"])
    summed = _added(db.rows(text, query.params))
    return {int(str(key)[-sql.STEP:]): _value(found, scope, where, numbers) for key, numbers in summed.items()
            if level != "children" or len(key) > len(path)}


def by_person(name: str, scope: Scope, where: Where = NOTHING) -> dict[int, Value]:
    """The figure by person, for duties that persons owe. Raises Refused where it cannot be counted so."""
    found = checked(name, where)
    if not found.relation.per_person:
        raise Refused(_("“%(name)s” cannot be counted by person.") % {"name": name})
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return {}
    query = sql.start(scope, path)
    text = sql.grouped_sql(found, query, scope, where, "person_id", ["person_id"])
    return {int(key): _value(found, scope, where, numbers)
            for key, numbers in _added(db.rows(text, query.params)).items() if key is not None}


class Amounts(Protocol):
    """`own_amounts` or `person_amounts`."""

    def __call__(self, name: str, scope: Scope, where: Where = ...) -> dict[int, Decimal | None]: ...


def own_amounts(name: str, scope: Scope, where: Where = NOTHING) -> dict[int, Decimal | None]:
    """Unit id → the figure's bare value over the unit's own records, for boards of many units."""
    found = checked(name, where)
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None or found.relation.load is not None or found.reduce not in ("count", "sum"):
        return {unit_id: each.value for unit_id, each in by_unit(name, scope, where, level="own").items()}
    query = sql.start(scope, path)
    summed = _added(db.rows(sql.grouped_sql(found, query, scope, where, "span_unit", ["span_unit"]), query.params))
    return {unit_id: None if numbers[0] is None else _decimal(numbers[0]) for unit_id, numbers in summed.items()}


def person_amounts(name: str, scope: Scope, where: Where = NOTHING) -> dict[int, Decimal | None]:
    """Person id → the figure's bare value over the person's records."""
    return {person_id: each.value for person_id, each in by_person(name, scope, where).items()}


def nothing(name: str, scope: Scope, where: Where = NOTHING) -> Value:
    """The figure's value where there are no records: 0, or not known where a sum of nothing makes no sense."""
    return _value(known_figure(name), scope, where, (None, None, 0, 0, 0, 0))


def evidence(name: str, scope: Scope, where: Where = NOTHING, *, offset: int = 0,
             limit: int | None = 50, missing: bool = False) -> list[Evidence]:
    """The records behind the value, by date and code; those of no date last. `missing`: instead those that a sum, a
    rate or a mean leaves out because they do not say how much (or of how many)."""
    found = checked(name, where)
    table = found.relation.table
    if missing and found.reduce not in _MAY_LACK:
        return []
    if found.relation.load is not None:
        rows = sorted(_rows(found, scope, where), key=lambda row: row.record)
        chosen = rows[offset:] if limit is None else rows[offset:offset + limit]
        return [Evidence(row.record, row.unit_id, row.day, Decimal(1), "=", row.label, table) for row in chosen]
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return []
    query = sql.start(scope, path)
    text = _evidence_sql(found, query, scope, where, missing)
    text += f" LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else ""
    return [
        Evidence(record, unit_id, _day(day), None if weight is None else _decimal(weight), QUALIFIERS[rank or 0],
                 label or "", table)
        for record, unit_id, day, weight, rank, label in db.rows(text, query.params)
    ]


def records(name: str, scope: Scope, where: Where = NOTHING) -> list[str]:
    """The codes of all records behind the value, sorted."""
    found = checked(name, where)
    if found.relation.load is not None:
        return sorted(row.record for row in _rows(found, scope, where))
    path = units.path_on(scope.unit_id, scope.as_of)
    if path is None:
        return []
    query = sql.start(scope, path)
    column = "subject_code" if found.reduce in sql.DISTINCT else "record"
    shown = _shown(found)
    inner = sql.relation_sql(found, query, scope, where, [column, *(["part"] if "part" in shown else ["weight"])])
    distinct = "DISTINCT " if found.reduce in sql.DISTINCT else ""
    text = f"SELECT {distinct}{column} FROM ({inner}) r WHERE {shown}"
    return sorted(row[0] for row in db.rows(text, query.params))


def _shown(found: Figure) -> str:
    """Which rows of the relation are the evidence."""
    if found.reduce == "count":
        return "1 = 1"
    if found.reduce == "distinct":
        return "weight > 0"
    return "part > 0" if found.shown == "part" or found.reduce == "distinct_rate" else "weight IS NOT NULL"


_MAY_LACK = ("sum", "rate", "mean", "distinct_rate")
"""Reductions that leave out records that do not say."""


def _evidence_sql(found: Figure, query: sql.Query, scope: Scope, where: Where, missing: bool = False) -> str:
    shown = "weight IS NULL" if missing else _shown(found)
    part = ["part"] if "part" in shown else []
    if found.reduce in sql.DISTINCT and not missing:
        columns = ["subject_code", "unit_id", "day", "weight", "label", *part]
        inner = sql.relation_sql(found, query, scope, where, columns)
        return (f"SELECT subject_code, MIN(unit_id), MIN(day), 1, 0, MIN(label) FROM ({inner}) r WHERE {shown} "
                "GROUP BY subject_code ORDER BY subject_code")
    inner = sql.relation_sql(found, query, scope, where,
                             ["record", "unit_id", "day", "weight", "rank", "label", *part])
    return (f"SELECT record, unit_id, day, weight, rank, label FROM ({inner}) r WHERE {shown} "
            "ORDER BY day IS NULL, day, record")


def _aggregate(found: Figure, scope: Scope, where: Where, path: str) -> Sequence[Any]:
    def read() -> Sequence[Any]:
        query = sql.start(scope, path)
        text = sql.grouped_sql(found, query, scope, where)
        return _added((None, *row) for row in db.rows(text, query.params))[None]

    return remembered(_kept_under(found.name, scope, where), read)


def _hashable(where: Where) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted((key, tuple(values)) for key, values in where.items()))


def _added(found: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    """The six numbers by key, those of several branches added up; None only where every branch says so."""
    summed: dict[Any, list[Any]] = {}
    for key, *numbers in found:
        known = summed.get(key)
        if known is None:
            summed[key] = numbers
            continue
        for place, number in enumerate(numbers):
            if number is not None:
                before = known[place]
                known[place] = number if before is None else max(before, number) if place == 4 else before + number
    return summed


def _value(found: Figure, scope: Scope, where: Where, row: Sequence[Any], *, outside: bool = False) -> Value:
    """Turns the six numbers of a reduction into a value, or into "not known" with the reason."""
    top, under, behind, unknown, rank, rows = row
    qualifier, answer, why = QUALIFIERS[rank or 0], None if top is None else _decimal(top), ""
    unsaid = [key for key in found.needs if key not in where]
    if unsaid and rows > 1:
        answer, why = None, _("Say which one: %(keys)s.") % {"keys": ", ".join(unsaid)}
    elif found.reduce in ("rate", "distinct_rate", "mean"):
        answer, qualifier, why = _share(found, answer, under, unknown, qualifier)
    elif found.reduce == "single":
        answer, why = (answer, "") if rows == 1 else (None, _none_or_many(rows))
    elif found.reduce == "sum":
        if not rows:
            answer = Decimal(0)
        elif not behind:
            answer = None
            why = ngettext("The one record does not say.", "None of the %(count)s records says.",
                           rows) % {"count": rows}
        elif unknown:
            qualifier = QUALIFIERS[max(rank or 0, 1)]
            why = _not_saying(int(unknown), qualifier)
    else:
        answer = Decimal(0) if answer is None else answer
    if outside:
        answer, why = None, _("The unit is not in the tree on that day.")
    if answer is None:
        qualifier = "="
    missing = int(unknown or 0) if found.reduce in _MAY_LACK and not outside else 0
    return Value(found.name, where, scope, answer, qualifier, found.measure, int(behind or 0), why, missing)


def _share(found: Figure, top: Decimal | None, under: Any, unknown: int,
           qualifier: str) -> tuple[Decimal | None, str, str]:
    """A rate or a mean: not known without a denominator, and not where the part exceeds the whole."""
    why = _left_out(int(unknown)) if unknown else ""
    if under is None or _decimal(under) == 0:
        return None, "=", why or _("There is nothing to divide by: no record gives a denominator.")
    if top is None:
        return None, "=", why or _("No record gives the numerator.")
    whole = _decimal(under)
    if found.reduce != "mean" and top > whole:
        return None, "=", _("The part (%(part)s) is larger than the whole (%(whole)s); one of the two is wrong.") % {
            "part": top, "whole": whole}
    return top / whole, qualifier, why


def _none_or_many(rows: int) -> str:
    return _("Nobody has stated this.") if not rows else _("There are several; say which one.")


def _not_saying(unknown: int, qualifier: str) -> str:
    """Where some of the records that do say are vague, the sum may be too high as well as too low."""
    if qualifier == "~":
        return ngettext("%(count)s record does not say.", "%(count)s records do not say.", unknown) % {"count": unknown}
    return ngettext("%(count)s record does not say, so this is the least it can be.",
                    "%(count)s records do not say, so this is the least it can be.", unknown) % {"count": unknown}


def _left_out(unknown: int) -> str:
    return ngettext("%(count)s record without a known denominator is left out.",
                    "%(count)s records without a known denominator are left out.", unknown) % {"count": unknown}


def _rows_by_unit(found: Figure, scope: Scope, where: Where, path: str, level: str) -> dict[int, Value]:
    counted: dict[int, int] = {}
    paths = units.paths_under(path, scope.as_of) if level != "own" else {}
    for row in _rows(found, scope, where):
        for unit_id in _receivers(row, path, paths, level):
            counted[unit_id] = counted.get(unit_id, 0) + 1
    return {unit_id: _value(found, scope, where, (count, None, count, 0, 0, count))
            for unit_id, count in counted.items()}


def _receivers(row: Row, path: str, paths: Mapping[int, str], level: str) -> Iterable[int]:
    if level == "own":
        return (row.unit_id,)
    own = paths.get(row.unit_id, "")
    steps = [int(own[at:at + sql.STEP]) for at in range(len(path) - sql.STEP, len(own), sql.STEP)]
    return steps[1:2] if level == "children" else steps


def _day(day: date | str | None) -> date | None:
    """SQLite forgets that an expression over dates is a date."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def _decimal(number: Any) -> Decimal:
    if isinstance(number, Decimal):
        return number
    return Decimal(number) if isinstance(number, int) else Decimal(str(number))
