"""Where files stand: `files/ab/cd/abcd…` in the data folder, by the SHA-256 of their bytes. A file there
never changes and is never overwritten by another, so copying the folder while it is in use is safe."""

from __future__ import annotations

import re
from pathlib import Path

from zhixing.ground.kernel.home import home, sync_folder

ADDRESS = re.compile(r"[0-9a-f]{64}")


def root() -> Path:
    return home() / "files"


def place(sha256: str) -> Path:
    """Raises ValueError for what is not a SHA-256 in hexadecimal (a path, for instance)."""
    if not ADDRESS.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return root() / sha256[:2] / sha256[2:4] / sha256


def made(folder: Path) -> Path:
    """The folder; made with those above it where missing, and made to last."""
    if not folder.is_dir():
        made(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)
    return folder
