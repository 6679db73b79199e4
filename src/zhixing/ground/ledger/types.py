"""What the ledger gives out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.hashing import canonical_bytes
from zhixing.ground.kernel.merkle import leaf_hash

REDACTED = "ledger.redact"
"""The verb of an entry that tells of another's redaction."""

_TIME = "%Y%m%dT%H%M%S"
_LINE = re.compile(r"([0-9]{1,18}):([0-9a-f]{64}):([0-9]{8}T[0-9]{6}):([A-Za-z0-9_-]{86})")


@dataclass(frozen=True)
class Head:
    """The state of the whole ledger in one line, `size:root:time:signature`: the number of entries, the root
    of their Merkle tree in hexadecimal, the time of the last entry, and the installation's Ed25519 signature
    of the three in URL-safe base64. Kept elsewhere, it shows later whether these entries still stand."""

    size: int
    root: bytes
    at: datetime
    signature: bytes

    def message(self) -> bytes:
        """The bytes that are signed."""
        return f"zhixing ledger head\n{self.size}\n{self.root.hex()}\n{self.at.strftime(_TIME)}\n".encode()

    def __str__(self) -> str:
        signature = base64.urlsafe_b64encode(self.signature).decode().rstrip("=")
        return f"{self.size}:{self.root.hex()}:{self.at.strftime(_TIME)}:{signature}"

    @classmethod
    def parse(cls, line: str) -> Head:
        """The head that a line holds; blanks and line breaks from copying are ignored. Raises Refused."""
        match = _LINE.fullmatch("".join(line.split()))
        if match is None:
            raise Refused(_("This is not a ledger head. A head is one line, size:root:time:signature, as "
                            "`zhixing ledger head` prints it."))
        size, root, at, signature = match.groups()
        try:
            return cls(int(size), bytes.fromhex(root), datetime.strptime(at, _TIME),
                       base64.b64decode(signature + "==", altchars=b"-_", validate=True))
        except (ValueError, binascii.Error) as error:
            raise Refused(_("This ledger head cannot be read: %(error)s.") % {"error": error}) from None


@dataclass(frozen=True)
class Written:
    """The words of an entry, as they go into its leaf. `old` and `new` are canonical JSON or ""."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    verb: str
    subject: str
    programme_id: int | None
    old: str
    new: str

    def leaf(self, salt: bytes) -> bytes:
        return leaf_hash(salt + canonical_bytes({
            "seq": self.seq, "at": self.at, "actor_kind": self.actor_kind, "actor": self.actor,
            "verb": self.verb, "subject": self.subject, "programme": self.programme_id,
            "old": self.old, "new": self.new,
        }))


@dataclass(frozen=True)
class EntryView:
    """An entry for people: `old` and `new` as values, empty where there was nothing or it was redacted."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    verb: str
    subject: str
    programme_id: int | None
    old: Mapping[str, object]
    new: Mapping[str, object]
    redacted_by: int | None
