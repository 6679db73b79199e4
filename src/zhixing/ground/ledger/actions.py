"""Writing to the ledger. Every action of every room calls `record` (or `record_bulk`) as the last thing
in its own transaction, so that the write and its entry stand or fall together.

Appends are one after the other over the whole installation: SQLite's write lock is held since the transaction
began; on PostgreSQL an advisory lock is taken here and held to the end of the transaction, which is why
`record` comes last.

An anonymous opinion or ballot has no entry of its own: an entry's time and place in the order would tie it to
whoever was at the keyboard. What is recorded is the shuffled release of many at once (one `record_bulk`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.kernel.merkle import RootBuilder, frontier, position
from zhixing.ground.kernel.types import Actor

from .keys import signing_key
from .models import SALT_LENGTH, SUBJECT_LENGTH, Entry, Node
from .types import REDACTED, Head, Written

_LOCK = 0x7A78_6C65_6467_6572
"""The number of PostgreSQL's advisory lock: "zxledger"."""


def record(*, actor: Actor, verb: str, subject: str, old: Mapping[str, object] | None = None,
           new: Mapping[str, object] | None = None, programme_id: int | None = None) -> int:
    """Appends one entry and returns its number. `subject` names the record (`units/B-01`, at most 255
    characters); `old` and `new` hold what canonical JSON can (dates and decimals included).

    Raises RuntimeError outside a transaction, ValueError or TypeError for what cannot be written down,
    Refused when the signing key is missing or the stored tree is damaged."""
    if not connection.in_atomic_block:
        raise RuntimeError("an entry of the ledger is written in the transaction of the write it tells of")
    if not (verb and actor.key) or len(subject) > SUBJECT_LENGTH:
        raise ValueError("an entry has an actor, a verb, and a subject of at most 255 characters")
    texts = [canonical(value) if value is not None else "" for value in (old, new)]
    tree = _lock()
    written = Written(tree.size + 1, clock.stamp(), actor.kind, actor.key, verb, subject, programme_id,
                      *texts)
    _append(tree, written)
    return written.seq


def record_bulk(*, actor: Actor, verb: str, table: str, created: int, updated: int, unchanged: int, root: str,
                programme_id: int | None = None) -> int:
    """One entry for a bulk write to a table. `root` is the Merkle root, in hexadecimal, over the canonical
    forms of the changed rows, in the order in which they were written."""
    counts = {"created": created, "updated": updated, "unchanged": unchanged, "root": root}
    return record(actor=actor, verb=verb, subject=table, new=counts, programme_id=programme_id)


def redact(seq: int, *, actor: Actor, reason: str) -> int:
    """Takes subject and contents out of an entry, for good, and records that, with the reason. The leaf
    stays, so every head stays valid. Who wrote when stays too, and is repeated in the new entry, whose
    leaf now vouches for it. Returns the new entry's number. Raises NotFound, and Refused without a reason
    or the second time."""
    if not reason.strip():
        raise Refused(_("A redaction needs a reason."))
    entry = Entry.objects.filter(seq=seq).first()
    if entry is None:
        raise NotFound(_("The ledger has no entry %(seq)s.") % {"seq": seq})
    if entry.redacted_by is not None or entry.verb == REDACTED:
        raise Refused(_("Entry %(seq)s was redacted already, or tells of a redaction.") % {"seq": seq})
    teller = record(actor=actor, verb=REDACTED, subject=str(seq), old=entry.kept(), new={"reason": reason})
    Entry.objects.filter(seq=seq).update(subject="", old="", new="", salt=None, redacted_by=teller)
    return teller


def _lock() -> RootBuilder:
    """Waits for its turn to write; then the tree as it stands."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Entry.objects.order_by("-seq").values_list("seq", "leaf").first()
    size = last[0] if last else 0
    wanted = [position(level, index) for level, index in frontier(size)]
    found = {place: bytes(value) for place, value in
             Node.objects.filter(position__in=wanted).values_list("position", "hash")}
    if last:
        found[position(0, size - 1)] = bytes(last[1])
    try:
        return RootBuilder(size, [found[place] for place in wanted])
    except KeyError:
        raise Refused(_("The ledger's stored tree is damaged, so nothing can be written. Run `zhixing "
                        "ledger verify` to see where, and restore a backup.")) from None


def _append(tree: RootBuilder, written: Written) -> None:
    key = signing_key(tree.size)
    salt = secrets.token_bytes(SALT_LENGTH)
    leaf = written.leaf(salt)
    completed = tree.add_hash(leaf)
    head = Head(written.seq, tree.root(), written.at, b"")
    Entry.objects.create(
        seq=written.seq, at=written.at, actor_kind=written.actor_kind, actor=written.actor, verb=written.verb,
        subject=written.subject, programme_id=written.programme_id, old=written.old, new=written.new,
        salt=salt, leaf=leaf, seal=key.sign(head.message()).signature,
    )
    Node.objects.bulk_create(Node(position=position(level, index), hash=value)
                             for level, index, value in completed)
