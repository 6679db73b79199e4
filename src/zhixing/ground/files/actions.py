"""Keeping files."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from typing import IO, BinaryIO

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.hashing import chunks
from zhixing.ground.kernel.home import sync_folder

from .reasons import REASONS
from .rules import Unfit, kind_of
from .store import made, place, root
from .types import StoredFile

LIMIT = 50 * 1024 * 1024


def keep(stream: BinaryIO, name: str, *, limit: int = LIMIT) -> StoredFile:
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


def _received(stream: BinaryIO, draft: IO[bytes], name: str, limit: int) -> StoredFile:
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
