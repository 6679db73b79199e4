"""A table's records as rows of cell texts, read with one query however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from zhixing.ground.kernel.tables import Column, Table, tables

from .cells import show

CHUNK = 2_000
SEARCHED = ("code", "text", "long", "word", "list", "owers", "roster", "figure", "where")

Records = QuerySet[Any, Any]


class Rows:
    """The records of a table that belong to a programme. Units are those of the programme's workbook, people
    and placements those of its units."""

    def __init__(self, table: Table, programme_id: int) -> None:
        self.table = table
        self.programme_id = programme_id
        self.extras = {extra.name: extra for extra in table.extras}
        self.paths = [self._paths(column) for column in table.columns]
        self.shows: list[Callable[..., str]] = [show(column.kind) for column in table.columns]
        self.flat = [path for paths in self.paths for path in paths]

    def _paths(self, column: Column) -> list[str]:
        """The queryset's names for what a column stores."""
        prefix = f"{column.extra}__" if column.extra else ""
        if column.kind == "ref":
            return [f"{prefix}{column.field}__code"]
        if column.kind == "moment":
            return [f"{prefix}{column.field}_on", f"{prefix}{column.field}_time"]
        if column.kind in ("count", "amount"):
            return [f"{prefix}{column.field}", f"{prefix}{column.field}_q"]
        return [f"{prefix}{column.field}"]

    def records(self, *, anywhere: bool = False) -> Records:
        """Every record of the programme; with `anywhere`, units and people of the whole installation."""
        model: type[Model] = self.table.model
        found: Records = model._default_manager.all()
        if any(each.name == "programme" for each in model._meta.get_fields()):
            found = found.filter(programme=self.programme_id)
        elif not anywhere:
            found = found.filter(self._belonging())
        for name, extra in self.extras.items():
            side = extra.model._default_manager.filter(**{extra.link: OuterRef("pk")})
            if self._by_programme(name):
                side = side.filter(programme=self.programme_id)
            columns = [column for column in self.table.columns if column.extra == name]
            found = found.annotate(**{f"{name}__{column.field}": Subquery(side.values(column.field)[:1])
                                      for column in columns})
            if self._by_programme(name):
                found = found.annotate(**{f"{name}__place": Subquery(side.values("pk")[:1])})
        return found

    def _by_programme(self, extra: str) -> bool:
        declared = self.extras[extra]
        return declared.link != "programme" and any(
            field.name == "programme" for field in declared.model._meta.get_fields())

    def _belonging(self) -> Q:
        """Which records of an installation-wide table are the programme's."""
        if self.table.name == "campaign":
            return Q(pk=self.programme_id)
        units = taking_part(self.programme_id)
        return Q(pk__in=units) if self.table.name == "units" else Q(unit__in=units)

    def ordered(self, found: Records) -> Records:
        """In the order of the programme's workbook."""
        for name in self.extras:
            if self._by_programme(name):
                return found.order_by(f"{name}__place", "pk")
        return found.order_by("pk")

    def sorted(self, found: Records, sort: str) -> Records:
        """By a column (`-` before it: the other way round); unknown ones leave the order as it is."""
        name = sort.removeprefix("-")
        for column, paths in zip(self.table.columns, self.paths, strict=True):
            if column.name == name:
                ways = [
                    F(path).desc(nulls_last=True) if sort.startswith("-") else F(path).asc(nulls_last=True)
                    for path in paths
                    if not path.endswith("_q")
                ]
                return found.order_by(*ways, "pk")
        return self.ordered(found)

    def searched(self, found: Records, text: str) -> Records:
        """Those with the text in a text column or in a code they name."""
        wanted = Q(pk__in=[])
        for column, paths in zip(self.table.columns, self.paths, strict=True):
            if column.kind in SEARCHED or column.kind == "ref":
                wanted |= Q(**{f"{paths[0]}__icontains": text})
        return found.filter(wanted)

    def keyed(self, found: Records, key: str) -> Records:
        """The one record whose key is this, its parts joined with `/`."""
        columns = [self.table.column(name) for name in self.table.key]
        paths = [self._paths(column)[0] for column in columns]
        parts = key.split("/")
        if len(columns) == 1:
            return found.filter(**{paths[0]: key})
        if len(parts) == len(columns) and all(map(_plain_part, columns, parts)):
            return found.filter(**dict(map(_part_is, columns, paths, parts)))
        joined: list[Any] = []
        for path in paths:
            joined += [Value("/"), Coalesce(Cast(path, CharField()), Value(""))]
        whole: Records = found.annotate(whole_key=Concat(*joined[1:], output_field=CharField()))
        return whole.filter(whole_key=key)

    def read(self, found: Records) -> Iterator[list[str]]:
        """The cells of each record, in the order of the table's columns."""
        spans = []
        start = 0
        for paths, shown in zip(self.paths, self.shows, strict=True):
            spans.append((start, start + len(paths), shown))
            start += len(paths)
        for values in found.values_list(*self.flat).iterator(chunk_size=CHUNK):
            yield [shown(*values[first:last]) for first, last, shown in spans]

    def key_of(self, cells: Sequence[str]) -> str:
        names = [column.name for column in self.table.columns]
        return "/".join(cells[names.index(name)] for name in self.table.key)


def _plain_part(column: Column, part: str) -> bool:
    """May this be a part of a key as it stands? (A day that is none would be an error, not an empty
    answer.)"""
    return column.kind != "day" or not part or (len(part) == 10 and part[4] == part[7] == "-"
                                                and part.replace("-", "").isdecimal())


def _part_is(column: Column, path: str, part: str) -> tuple[str, object]:
    """The condition that a key's part asks for; an empty one is not known."""
    if not part and column.kind in ("ref", "day"):
        return f"{path}__isnull", True
    return path, part


def taking_part(programme_id: int) -> Records:
    """The ids of the units in the programme's workbook."""
    extra = next(extra for table in tables() if table.name == "units" for extra in table.extras)
    return extra.model._default_manager.filter(programme=programme_id).values(extra.link)


def mentioned_people(programme_id: int) -> Q:
    """People that a record of the programme names."""
    wanted = Q(pk__in=[])
    for table in tables():
        if not any(field.name == "programme" for field in table.model._meta.get_fields()):
            continue
        for column in table.columns:
            if column.to == "people":
                wanted |= Q(pk__in=table.model._default_manager.filter(
                    **{"programme": programme_id, f"{column.field}__isnull": False}).values(column.field))
    return wanted
