"""Every write of the workbook engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.tables import Table, table, tables
from zhixing.ground.kernel.types import Actor

from . import importing, incoming, opening, single, undoing
from .faults import Faults
from .importing import Progress
from .types import Report


def import_workbook(
    path: str | Path,
    *,
    actor: Actor,
    dry_run: bool = False,
    progress: Progress | None = None,
    campaign: str = "",
) -> Report:
    """Brings a workbook in: a folder of CSV files, a zip of them, or an .xlsx. All or nothing.

    `campaign`: the code of the campaign, where the workbook has no table of that name. `progress` is told
    (rows read, rows in all as far as known). Raises Faulty with every fault of the file, Refused for what is
    not a workbook, NotAllowed."""
    faults = Faults(tuple(table.name for table in tables()))
    with opening.opened(Path(path), faults) as sheets:
        return importing.run(importing.Run(actor, sheets, faults, campaign, dry_run, progress))


def _table(name: str) -> Table:
    try:
        return table(name)
    except KeyError:
        raise NotFound(_("There is no table “%(name)s”.") % {"name": name}) from None


def save_row(table_name: str, programme_id: int, cells: Mapping[str, str], *, actor: Actor,
             code: str | None = None, seen: Mapping[str, str] | None = None) -> Report:
    """Adds a row, or corrects the one that `code` names (its key, parts joined with `/`). `cells` are texts
    as in a workbook; columns that are not in it stay as they are. `seen`: what the row said to whoever corrects it.
    Raises Faulty (each fault with its column), Outdated where the row says something else than was seen, NotFound,
    NotAllowed, and Refused for a table whose rows are never changed."""
    return single.save(_table(table_name), programme_id, cells, actor=actor, key=code, seen=seen)


def remove_row(table_name: str, programme_id: int, key: str, *, actor: Actor) -> None:
    """Takes a row out; the ledger keeps what it said. Raises Refused, naming what still refers to it,
    NotFound, NotAllowed."""
    single.remove(_table(table_name), programme_id, key, actor=actor)


def undo(programme_id: int, seq: int, *, actor: Actor) -> tuple[str, str]:
    """Takes back the correction or removal that entry `seq` of the ledger tells of; returns the row's table and key.
    Raises NotFound where it is not the actor's own, Refused where the record was changed since, its key is
    taken again or what it referred to is gone, NotAllowed."""
    return undoing.undo(programme_id, seq, actor=actor)


def add_opinions(
    path: str | Path,
    *,
    programme: str,
    channel: str,
    text: str = "",
    title: str = "",
    on: str = "",
    unit: str = "",
    code: str = "",
    actor: Actor,
    progress: Progress | None = None,
) -> Report:
    """Adds the opinions of any CSV or .xlsx to a channel of a campaign. `text` … `code` are the file's own
    columns; a title stands above its text; of a time, the day is kept. Without a column of codes, codes are
    made from what the rows say, so that the same file adds nothing the second time. Raises Faulty, and
    Refused where the channel or a column is not there."""
    source = incoming.Source(text, title, on, unit, code)
    return incoming.add(
        Path(path), source, programme=programme, channel=channel, actor=actor, progress=progress
    )
