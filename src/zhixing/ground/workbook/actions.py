"""Every write of the workbook engine."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import tables
from zhixing.ground.kernel.types import Actor

from . import importing
from .faults import Faults
from .folder import find_sheets
from .importing import Progress
from .types import Report


def import_workbook(path: str | Path, *, actor: Actor, dry_run: bool = False, progress: Progress | None = None,
                    campaign: str = "") -> Report:
    """Brings a workbook in: a folder of CSV files, or an .xlsx. All or nothing.

    `campaign`: the code of the campaign, where the workbook has no table of that name. `progress` is told (rows
    read, rows in all as far as known). Raises Faulty with every fault of the file, Refused for what is not a
    workbook, NotAllowed."""
    place = Path(path)
    if not place.exists():
        raise Refused(_("There is no %(path)s.") % {"path": place})
    faults = Faults(tuple(table.name for table in tables()))
    sheets = find_sheets(place, faults)
    return importing.run(importing.Run(actor, sheets, faults, campaign, dry_run, progress))
