"""Whether frozen figures are still what was frozen: their codes by their own hash, their values by the ledger."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.ledger import reads as ledger

from .models import FrozenFigure, RecordSet

SUBJECT, VERB = "figures", "froze figures"
"""Of the ledger's entries about freezing."""

_ENTRIES = 200


def told(row: FrozenFigure) -> dict[str, object]:
    """What the ledger keeps of a frozen figure."""
    return {"id": row.id, "name": row.name, "value": row.value, "records": row.records_id, "version": row.version,
            "programme": row.programme_id, "unit": row.unit_id, "own": row.own, "where": row.where, "as_of": row.as_of,
            "qualifier": row.qualifier, "measure": row.measure, "evidence": row.evidence}


def altered() -> Iterator[str]:
    """What is wrong, a sentence each; nothing where every frozen figure is as it was frozen. Each list of codes gives
    the hash it is named by; each figure is what its entry of the ledger says, as far as that says it (earlier
    ones say the name, the value and the list), and is there."""
    yield from _codes()
    yield from _entries()


def _codes() -> Iterator[str]:
    for kept in RecordSet.objects.iterator(chunk_size=100):
        try:
            sound = hashlib.sha256(zlib.decompress(bytes(kept.codes))).hexdigest() == kept.digest
        except zlib.error:
            sound = False
        if sound:
            continue
        for row in FrozenFigure.objects.filter(records=kept.digest).order_by("id"):
            yield _("The records behind the frozen figure %(id)s (%(name)s, as of %(day)s) are not those that were "
                    "frozen with it.") % _named(row)


def _entries() -> Iterator[str]:
    before = None
    while entries := ledger.entries(subject=SUBJECT, verb=VERB, before=before, limit=_ENTRIES):
        for entry in entries:
            listed = entry.new.get("figures")
            if isinstance(listed, list):
                yield from _compared(entry.seq, listed)
        before = entries[-1].seq


def _compared(seq: int, listed: list[Mapping[str, Any]]) -> Iterator[str]:
    rows = FrozenFigure.objects.in_bulk([each["id"] for each in listed])
    for each in listed:
        row = rows.get(each["id"])
        if row is None:
            yield _("The frozen figure %(id)s (%(name)s) is gone; entry %(seq)s of the ledger tells of it.") % {
                "id": each["id"], "name": each["name"], "seq": seq}
            continue
        now = json.loads(canonical(told(row)))
        differing = [key for key in each if now.get(key) != each[key]]
        if differing:
            yield _("The frozen figure %(id)s (%(name)s, as of %(day)s) is not what entry %(seq)s of the ledger says: "
                    "%(keys)s.") % {**_named(row), "seq": seq, "keys": ", ".join(
                        f"{key} {each[key]} → {now.get(key)}" for key in differing)}


def _named(row: FrozenFigure) -> dict[str, object]:
    return {"id": row.id, "name": row.name, "day": row.as_of}
