"""Keeping files, and attaching them to records."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.hashing import chunks
from zhixing.ground.kernel.home import sync_folder
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook

from . import reads
from .models import Evidence
from .reasons import REASONS
from .rules import Unfit, kind_of
from .store import made, place, root
from .types import EvidenceView, StoredFile

LIMIT = 50 * 1024 * 1024

ATTACH, DETACH, RESTORE = "files.attach", "files.detach", "files.restore"

NAME = 200
"""Characters of a file's name that are kept."""


def keep(stream: IO[bytes], name: str, *, limit: int = LIMIT) -> StoredFile:
    """Keeps the stream's bytes for good and returns their address, size and kind; keeping the same bytes
    again changes nothing. `name` is what the person called it; its ending has to agree with the contents.

    Raises Refused, with nothing kept, for more than `limit` bytes and for what `rules` calls unfit. The bytes
    are on the disk before this returns."""
    incoming = made(root() / "incoming")
    with tempfile.NamedTemporaryFile(dir=incoming, prefix="new-", delete=False) as draft:
        try:
            stored = _received(stream, draft.file, name, limit)
            draft.flush()
            os.fsync(draft.fileno())
            final = place(stored.sha256)
            made(final.parent)
            os.replace(draft.name, final)
        except BaseException:
            os.unlink(draft.name)
            raise
    sync_folder(final.parent)
    return stored


def _received(stream: IO[bytes], draft: IO[bytes], name: str, limit: int) -> StoredFile:
    digest, size = sha256(), 0
    try:
        for piece in chunks(stream):
            size += len(piece)
            if size > limit:
                raise Unfit("size")
            digest.update(piece)
            draft.write(piece)
        kind = kind_of(draft, name, size)
    except Unfit as unfit:
        raise Refused(str(REASONS[unfit.why]) % {"name": name, "limit": limit // 1024 ** 2}) from None
    return StoredFile(digest.hexdigest(), size, kind)


def attach(stream: IO[bytes], name: str, table: str, key: str, programme_id: int, *, actor: Actor) -> EvidenceView:
    """Keeps a file and attaches it to a record; where it stands there already, nothing changes. Raises Refused for an
    unfit file, NotFound where the actor may not see the record, NotAllowed where they may not write it."""
    owner = require_writing(table, key, programme_id, actor)
    plain = called(name)
    return _stand(table, key, programme_id, owner, keep(stream, plain), plain, actor)


def attach_kept(stored: StoredFile, name: str, table: str, key: str, programme_id: int, *,
                actor: Actor) -> EvidenceView:
    """As `attach`, of a file that `keep` has just kept: for a room that writes its record in the same transaction."""
    owner = require_writing(table, key, programme_id, actor)
    return _stand(table, key, programme_id, owner, stored, name, actor)


def attach_again(evidence_id: int, table: str, key: str, programme_id: int, *, actor: Actor) -> EvidenceView:
    """Attaches a file that stands on another record to this one too; its bytes are kept once. Raises as `attach`, and
    NotFound where the actor may not see the other record."""
    known = reads.evidence(evidence_id, programme_id, actor)
    owner = require_writing(table, key, programme_id, actor)
    stored = StoredFile(known.sha256, known.size, known.kind)
    return _stand(table, key, programme_id, owner, stored, known.name, actor)


def detach(evidence_id: int, programme_id: int, *, actor: Actor) -> EvidenceView:
    """Takes a file off a record; `restore` puts it back. Raises NotFound, NotAllowed."""
    known = reads.evidence(evidence_id, programme_id, actor)
    require_writing(known.table, known.key, programme_id, actor)
    with transaction.atomic():
        row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence_id)
        if row.removed_at is None:
            row.removed_at, row.removed_by = clock.stamp(), actor.key
            row.save(update_fields=["removed_at", "removed_by"])
            _tell(DETACH, row, actor)
    return reads.view(row)


def restore(evidence_id: int, programme_id: int, *, actor: Actor) -> EvidenceView:
    """Puts a file back on its record. Raises NotFound, NotAllowed."""
    known = reads.evidence(evidence_id, programme_id, actor, removed=True)
    require_writing(known.table, known.key, programme_id, actor)
    with transaction.atomic():
        row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence_id)
        _back(row, actor)
    return reads.view(row)


def require_writing(table: str, key: str, programme_id: int, actor: Actor) -> int:
    """The id of the unit that the record belongs to. Raises NotFound where the actor may not see it, NotAllowed where
    they may not write it."""
    owner = workbook.owner(table, programme_id, key, actor)
    permits.require(actor, table, programme_id, units.unit_by_id(owner).path)
    return owner


def called(name: str) -> str:
    """What a file is called here: without a path and without what is no part of a name, its ending kept. Raises
    Refused for no name."""
    plain = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable()).strip()
    if not plain:
        raise Refused(_("This file has no name. Give it one and choose it again."))
    if len(plain) <= NAME:
        return plain
    stem, _dot, ending = plain.rpartition(".")
    return f"{stem[:NAME - len(ending) - 1]}.{ending}" if len(ending) < 10 else plain[:NAME]


def _stand(table: str, key: str, programme_id: int, owner: int, stored: StoredFile, name: str,
           actor: Actor) -> EvidenceView:
    with transaction.atomic():
        row, new = Evidence.objects.select_for_update(of=("self",)).get_or_create(
            programme_id=programme_id, table=table, key=key, sha256=stored.sha256,
            defaults={"unit_id": owner, "name": name, "size": stored.size, "kind": stored.kind,
                      "added_by": actor.key, "added_at": clock.stamp()})
        if new:
            _tell(ATTACH, row, actor)
        else:
            if row.unit_id != owner:
                row.unit_id, row.name = owner, name
                row.save(update_fields=["unit", "name"])
            _back(row, actor)
    return reads.view(row)


def _back(row: Evidence, actor: Actor) -> None:
    if row.removed_at is not None:
        row.removed_at, row.removed_by = None, ""
        row.save(update_fields=["removed_at", "removed_by"])
        _tell(RESTORE, row, actor)


def _tell(verb: str, row: Evidence, actor: Actor) -> None:
    """The checksum stands in the ledger, so that what was attached can be proved later."""
    subject = f"evidence/{row.table}/{row.key}"[:255]
    ledger.record(actor=actor, verb=verb, subject=subject, programme_id=row.programme_id,
                  new={"id": row.pk, "name": row.name, "sha256": row.sha256, "size": row.size})
