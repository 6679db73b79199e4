"""What the store of files gives out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhixing.ground.kernel.errors import Refused

KINDS = ("pdf", "png", "jpeg", "docx", "xlsx", "txt")

ENDINGS = {
    "pdf": "pdf", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "docx": "docx", "xlsx": "xlsx",
    "txt": "txt", "csv": "txt",
}
"""A name's ending → the kind that it promises."""

PICTURES = ("png", "jpeg")
"""Kinds that are shown as pictures."""

WIDTHS = (320, 1280)
"""Pixels across, of the pictures that pages show; the smaller ones in lists."""

MEDIA = {
    "pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kind → the media type that a browser is told."""


@dataclass(frozen=True)
class StoredFile:
    """A kept file: its SHA-256 in hexadecimal, which is its address, its size in bytes and its kind."""

    sha256: str
    size: int
    kind: str


@dataclass(frozen=True)
class EvidenceView:
    """A file on a record of a campaign."""

    id: int
    table: str
    key: str
    unit_id: int
    sha256: str
    name: str
    size: int
    kind: str
    added_by: str
    added_at: datetime
    removed: bool = False

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES


class Damaged(Refused):
    """The stored bytes are not those that were kept."""
