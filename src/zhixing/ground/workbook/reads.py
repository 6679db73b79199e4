"""Every query of the workbook engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.tables import Table, table
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units

from . import codes, exporting, history, incoming, referring, single
from . import template as templates
from .headings import with_key, word_for
from .history import Change as Change
from .rows import Rows
from .types import Columns as Columns
from .types import Page as Page


def _table(name: str) -> Table:
    try:
        return table(name)
    except KeyError:
        raise NotFound(_("There is no table “%(name)s”.") % {"name": name}) from None


def said_table(name: str) -> str:
    """What the reader calls a table, with the key beside it where that is another word."""
    return with_key(word_for(name), name)


def columns_for_opinions(path: str | Path) -> Columns:
    """What the columns of a CSV or .xlsx are called, and which of them most likely hold opinions. Raises Refused for
    a file that cannot be read."""
    return incoming.columns(Path(path))


def sheet(path: str | Path, *, most: int = 5_000) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet of an .xlsx, or of a CSV, that is no table of the workbook: (row number, cells), the
    heading included, empty rows left out. Opened as safely as a workbook. Raises Refused for what cannot be read, for
    formulas, and for more than `most` rows."""
    return incoming.sheet(Path(path), most)


def proposed_code(table_name: str, programme_id: int, unit_code: str = "") -> str:
    """A code for a new row that nobody has: the next number after the newest one. "" where rows have none."""
    return codes.proposed(_table(table_name), programme_id, unit_code)


def referring_to(table_name: str, programme_id: int, key: str, actor: Actor, *,
                 most: int = 10) -> tuple[list[tuple[str, str]], int]:
    """(table, key) of rows that refer to a row and keep it from being removed, as far as the actor may see them, and
    how many there are besides."""
    return referring.to_row(_table(table_name), programme_id, key, actor, most)


def list_rows(
    table_name: str,
    programme_id: int,
    actor: Actor,
    *,
    search: str = "",
    sort: str = "",
    page: int = 1,
    per_page: int = 50,
) -> Page:
    """A page of the rows that the actor may see. `search` finds text anywhere in text columns and in the
    codes a row names; `sort` is a column, `-` before it for the other way round (default: as they came in).
    Two queries."""
    rows = Rows(_table(table_name), programme_id)
    found = accounts.visible_to(rows.records(), actor, programme_id, rows.table.unit)
    if search:
        found = rows.searched(found, search)
    found = rows.sorted(found, sort)
    total = found.count()
    start = (max(page, 1) - 1) * per_page
    names = [column.name for column in rows.table.columns]
    listed = list(rows.read(found[start:start + per_page]))
    return Page(tuple(dict(zip(names, cells, strict=True)) for cells in listed),
                tuple(rows.key_of(cells) for cells in listed), total, max(page, 1), per_page)


def row(table_name: str, programme_id: int, key: str, actor: Actor) -> Mapping[str, str]:
    """One row as cell texts. `key` is its key, parts joined with `/`. Raises NotFound where there is none, or
    none that the actor may see."""
    rows = Rows(_table(table_name), programme_id)
    found = accounts.visible_to(rows.records(), actor, programme_id, rows.table.unit)
    cells = next(rows.read(rows.keyed(found, key)), None)
    if cells is None:
        raise NotFound(_("There is no “%(key)s” in the table %(table)s.") % {"key": key, "table": word_for(table_name)})
    return dict(zip((column.name for column in rows.table.columns), cells, strict=True))


def owner(table_name: str, programme_id: int, key: str, actor: Actor) -> int:
    """The id of the unit that a row belongs to: the host unit's where it names none. Raises NotFound like `row`."""
    rows = Rows(_table(table_name), programme_id)
    found = accounts.visible_to(rows.records(), actor, programme_id, rows.table.unit)
    record = rows.keyed(found, key).first()
    if record is None:
        raise NotFound(_("There is no “%(key)s” in the table %(table)s.") % {"key": key, "table": word_for(table_name)})
    return single.owner_of(rows.table, record) or units.programme_by_id(programme_id).host_unit_id


def changes(table_name: str, programme_id: int, key: str, actor: Actor) -> list[Change]:
    """What the ledger tells of a row, the newest 50 first; see `history.of_row`. Raises NotFound like `row`."""
    row(table_name, programme_id, key, actor)
    return history.of_row(_table(table_name), programme_id, key, actor)


def undoable(table_name: str, programme_id: int, key: str, actor: Actor) -> int:
    """The number by which `actions.undo` takes back what the actor has just done to a row; 0 where there is none."""
    return history.undoable_of(_table(table_name), programme_id, key, actor)


def names(table_name: str, programme_id: int, codes: Collection[str], actor: Actor) -> dict[str, str]:
    """Code → name or title of the rows that the actor may see among these codes; none where the table has no
    such column, or more than one column in its key."""
    declared = _table(table_name)
    named = next((each for each in declared.columns if each.name in ("name", "title")), None)
    if named is None or len(declared.key) != 1 or not codes:
        return {}
    key = declared.column(declared.key[0]).field
    found = accounts.visible_to(Rows(declared, programme_id).records(), actor, programme_id, declared.unit)
    listed = found.filter(**{f"{key}__in": sorted(codes)}).values_list(key, named.field)
    return {code: name for code, name in listed if name}


def export_workbook(programme_code: str, path: str | Path) -> dict[str, int]:
    """Writes a campaign's records as a workbook: an .xlsx where the path ends so, else a folder of CSV files.
    Only tables with rows, all their columns, rows in the order they came in. Returns table → rows. The caller
    answers for who may have it. Raises NotFound, Refused."""
    return exporting.export(units.programme(programme_code).id, Path(path))


def template(pack: str, path: str | Path) -> list[str]:
    """Writes an empty workbook (.xlsx) in the language of a template pack: headings, drop-downs, notes, an
    example row a table that an import leaves out. Returns the tables' names. Raises NotFound for an unknown
    pack, Refused for a path that is no .xlsx."""
    place = Path(path)
    if place.suffix.lower() != ".xlsx":
        raise Refused(_("A template is an Excel file; let its name end in .xlsx."))
    return templates.write(pack, place)
