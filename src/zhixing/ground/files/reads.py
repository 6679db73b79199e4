"""Reading kept files and what is attached to records. `open_file` and `picture` take an address alone: whoever asks
answers for who may see it; the others ask for the actor and show what they may see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.hashing import stream_hash
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook

from . import pictures, rules
from .models import Evidence
from .reasons import REASONS
from .store import place
from .types import WIDTHS, Damaged, EvidenceView

KEPT_NEAR = 200
"""So many files of a unit are offered to be used again."""


def open_file(sha256: str) -> BinaryIO:
    """The file, open for reading from its start, after its checksum was compared. Raises NotFound and
    Damaged."""
    try:
        file = place(sha256).open("rb")
    except (ValueError, FileNotFoundError):
        raise NotFound(_("There is no such file.")) from None
    if stream_hash(file) != sha256:
        file.close()
        raise Damaged(_("This file was damaged on the disk. Restore it from a backup."))
    file.seek(0)
    return file


def kind_of(file: BinaryIO, name: str, size: int) -> str:
    """The kind of a file that is only to be read and not kept, checked like one that is. Raises Refused."""
    try:
        return rules.kind_of(file, name, size)
    except rules.Unfit as unfit:
        raise Refused(str(REASONS[unfit.why]) % {"name": name, "limit": 0}) from None


def picture(sha256: str, width: int) -> Path:
    """The file's picture, at most `width` (one of WIDTHS) across, without what a camera wrote into it. Raises NotFound
    where there is no such file, or none that can be shown."""
    if width not in WIDTHS:
        raise NotFound(_("There is no picture of this size."))
    try:
        ready = pictures.place(sha256, width)
        if ready.exists():
            return ready
        with open_file(sha256) as file:
            return pictures.keep(file, sha256, width)
    except (ValueError, pictures.Unshowable):
        raise NotFound(_("This file has no picture.")) from None


def evidence_of(table: str, key: str, programme_id: int, actor: Actor) -> list[EvidenceView]:
    """The files on a record, in the order in which they came. Raises NotFound where the actor may not see the record.
    Files that were added while the record belonged to a unit that the actor may not see stay with that unit."""
    workbook.row(table, programme_id, key, actor)
    found = _visible(programme_id, actor).filter(table=table, key=key, removed_at=None)
    return [view(each) for each in found.order_by("pk")]


def evidence(evidence_id: int, programme_id: int, actor: Actor, *, removed: bool = False) -> EvidenceView:
    """One file on a record. Raises NotFound where the actor may not see the record, and for what was taken off
    (unless `removed` asks for it)."""
    found = _visible(programme_id, actor).filter(pk=evidence_id).first() if evidence_id < 1 << 63 else None
    if found is None or (found.removed_at is not None and not removed):
        raise NotFound(_("There is no such file."))
    try:
        workbook.row(found.table, programme_id, found.key, actor)
    except NotFound:
        raise NotFound(_("There is no such file.")) from None
    return view(found)


def near(table: str, key: str, programme_id: int, actor: Actor) -> list[EvidenceView]:
    """Files of the record's unit that stand on other records and could serve here too, the newest first, each once."""
    owner = workbook.owner(table, programme_id, key, actor)
    here = Evidence.objects.filter(programme=programme_id, table=table, key=key, removed_at=None).values("sha256")
    found = _visible(programme_id, actor).filter(unit=owner, removed_at=None).exclude(sha256__in=here)
    once: dict[str, Evidence] = {}
    for each in found.order_by("-pk")[:KEPT_NEAR]:
        once.setdefault(each.sha256, each)
    return [view(each) for each in once.values()]


def serves(sha256: str, programme_id: int) -> int:
    """On how many records of the campaign the file stands."""
    return Evidence.objects.filter(programme=programme_id, sha256=sha256, removed_at=None).count()


def counts(table: str, keys: Sequence[str], programme_id: int, actor: Actor) -> dict[str, int]:
    """Key → number of files, of those records of a table that have any."""
    found = _visible(programme_id, actor).filter(table=table, key__in=list(keys), removed_at=None)
    told: dict[str, int] = {}
    for key in found.values_list("key", flat=True):
        told[key] = told.get(key, 0) + 1
    return told


def _visible(programme_id: int, actor: Actor) -> QuerySet[Evidence]:
    return accounts.visible_to(Evidence.objects.filter(programme=programme_id), actor, programme_id, "unit")


def view(row: Evidence) -> EvidenceView:
    return EvidenceView(row.pk, row.table, row.key, row.unit_id, row.sha256, row.name, row.size, row.kind, row.added_by,
                        row.added_at, row.removed_at is not None)


def may_attach(table: str, key: str, programme_id: int, actor: Actor) -> bool:
    """May the actor attach files to this record? Raises NotFound where they may not see it."""
    owner = workbook.owner(table, programme_id, key, actor)
    return permits.may_write(actor, table, programme_id, units.unit_by_id(owner).path)
