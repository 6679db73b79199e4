"""What the store of files gives out."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing.ground.kernel.errors import Refused

KINDS = ("pdf", "png", "jpeg", "docx", "xlsx", "txt")


@dataclass(frozen=True)
class StoredFile:
    """A kept file: its SHA-256 in hexadecimal, which is its address, its size in bytes and its kind."""

    sha256: str
    size: int
    kind: str


class Damaged(Refused):
    """The stored bytes are not those that were kept."""
