"""The ledger's rows: an entry per write, and the inner hashes of the Merkle tree over them.

Entry number `seq` counts from 1 without gaps. Its leaf is SHA-256(0x00 ‖ salt ‖ canonical entry), see
`types.Written`; its seal is the signature of the head (size = seq) that the tree had once the entry was
in it, so that whoever has the database but not the key can neither change nor add an entry unseen.

A redacted entry has lost its salt, subject and contents and keeps its leaf: the tree still stands, and
whoever kept the salt and the contents elsewhere can show what they were.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhixing.ground.kernel.merkle import HASH_LENGTH

from .types import Written

SALT_LENGTH = 16
SEAL_LENGTH = 64
SUBJECT_LENGTH = 255


class Entry(models.Model):
    """One write: who (`actor`, `actor_kind`), what (`verb`), to which record (`subject`), from what to what
    (`old`, `new`: canonical JSON, "" for nothing). `programme_id` is a plain number: the ledger stands above
    the rooms whose records it speaks of. `at` is local time in whole seconds."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    programme_id = models.BigIntegerField(null=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    salt = models.BinaryField(max_length=SALT_LENGTH, null=True)
    leaf = models.BinaryField(max_length=HASH_LENGTH)
    seal = models.BinaryField(max_length=SEAL_LENGTH)
    redacted_by = models.BigIntegerField(null=True)
    """The entry that tells of the redaction."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="ledger_entry_seq"),
            models.CheckConstraint(
                condition=Q(redacted_by__isnull=True, salt__isnull=False)
                | Q(redacted_by__isnull=False, salt__isnull=True, subject="", old="", new=""),
                name="ledger_entry_redacted",
            ),
        ]
        indexes = [
            models.Index(fields=["programme_id", "seq"], name="ledger_entry_programme"),
            models.Index(fields=["subject", "seq"], name="ledger_entry_subject"),
        ]

    def written(self) -> Written:
        return Written(self.seq, self.at, self.actor_kind, self.actor, self.verb, self.subject,
                       self.programme_id, self.old, self.new)

    def kept(self) -> dict[str, object]:
        """What a redaction leaves."""
        return {"at": self.at, "actor_kind": self.actor_kind, "actor": self.actor, "verb": self.verb,
                "programme": self.programme_id, "leaf": bytes(self.leaf).hex()}


class Node(models.Model):
    """The hash of a perfect subtree of two entries or more, at `kernel.merkle.position`; written once,
    when its last entry is. With these an append and a proof cost O(log n)."""

    position = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=HASH_LENGTH)
