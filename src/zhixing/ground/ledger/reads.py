"""Reading the ledger: how long it is, its head, its entries, and whether it still holds."""

from __future__ import annotations

import json

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.merkle import EMPTY_ROOT, position, range_root

from .keys import signing_key, verify_key
from .models import Entry, Node
from .types import EntryView, Head
from .verify import Fault, Progress, faults

__all__ = ["Fault", "entries", "faults", "head", "node", "public_key", "size", "stamp", "verify"]


def size() -> int:
    """The number of entries. It grows with every write and never falls: a version stamp of all records."""
    return Entry.objects.aggregate(last=Max("seq"))["last"] or 0


def stamp() -> bytes:
    """Stands for the state of all records: the last entry's leaf, which is salted and so never comes again; b"" of an
    empty ledger."""
    return bytes(Entry.objects.order_by("-seq").values_list("leaf", flat=True).first() or b"")


def head(using: str = "default") -> Head:
    """The head after the last entry; of an empty ledger, one signed now. `using` names the database (a backup
    asks its own copy). Raises Refused when the stored tree is damaged."""
    last = Entry.objects.using(using).order_by("-seq").values_list("seq", "at", "seal").first()
    if last is None:
        empty = Head(0, EMPTY_ROOT, clock.stamp(), b"")
        return Head(0, EMPTY_ROOT, empty.at, signing_key(0).sign(empty.message()).signature)
    try:
        root = range_root(0, last[0], lambda level, index: node(level, index, using))
    except ObjectDoesNotExist:
        raise Refused(_("The ledger's stored tree is damaged. Run `zhixing ledger verify` to see "
                        "where.")) from None
    return Head(last[0], root, last[1], bytes(last[2]))


def public_key() -> bytes:
    """With this, anyone can check the signature of a head (Ed25519, 32 bytes)."""
    return bytes(verify_key(size()))


def verify(kept: Head | None = None, progress: Progress | None = None) -> list[str]:
    """What is wrong with the ledger, in sentences; [] when everything holds. See `verify.faults`."""
    return [fault.text for fault in faults(kept, progress=progress)]


def node(level: int, index: int, using: str = "default") -> bytes:
    """The hash of a perfect subtree, as `kernel.merkle` wants it for its proofs (leaves count from 0)."""
    if level == 0:
        return bytes(Entry.objects.using(using).values_list("leaf", flat=True).get(seq=index + 1))
    nodes = Node.objects.using(using).values_list("hash", flat=True)
    return bytes(nodes.get(position=position(level, index)))


def entries(*, programme_id: int | None = None, subject: str = "", actor: str = "", verb: str = "",
            before: int | None = None, limit: int = 50) -> list[EntryView]:
    """The newest entries first, those older than number `before` where one is given. The caller answers for
    who may see them."""
    found = Entry.objects.order_by("-seq")
    if programme_id is not None:
        found = found.filter(programme_id=programme_id)
    if subject:
        found = found.filter(subject=subject)
    if actor:
        found = found.filter(actor=actor)
    if verb:
        found = found.filter(verb=verb)
    if before is not None:
        found = found.filter(seq__lt=before)
    return [view(entry) for entry in found[:limit]]


def of_subject(subject: str, programme_id: int | None, *, limit: int = 50) -> list[EntryView]:
    """The newest entries about one record, of this programme and of none: a walk along one index, bounded."""
    own = Q(programme_id=programme_id) | Q(programme_id__isnull=True)
    return [view(entry) for entry in Entry.objects.filter(own, subject=subject).order_by("-seq")[:limit]]


def told_since(seq: int) -> set[str]:
    """What the entries after number `seq` are about: their subjects up to the first `/`."""
    subjects = Entry.objects.filter(seq__gt=seq).values_list("subject", flat=True)
    return {subject.partition("/")[0] for subject in subjects.iterator()}


def view(entry: Entry) -> EntryView:
    return EntryView(entry.seq, entry.at, entry.actor_kind, entry.actor, entry.verb, entry.subject,
                     entry.programme_id, json.loads(entry.old or "{}"), json.loads(entry.new or "{}"),
                     entry.redacted_by)
