"""Reading kept files. Whoever asks answers for who may see them."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.hashing import stream_hash

from .store import place
from .types import Damaged


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
