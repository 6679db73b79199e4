"""The data folder of this installation and the keys it keeps there, readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """ZHIXING_HOME, by default `zhixing-data` in the current folder."""
    return Path(os.environ.get("ZHIXING_HOME") or "zhixing-data").resolve()


def private_bytes(path: Path, length: int) -> bytes:
    """The bytes kept at `path`, in a folder of the data folder; made at random the first time, and both
    folders with them, for the owner alone. Two processes that start together agree."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(length))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Makes names that were added to or taken from a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
