"""The installation's own keys, made once in the data folder and readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def private_bytes(path: Path, length: int) -> bytes:
    """The bytes kept at `path`; made at random the first time. Two processes that start together agree."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(length))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def secret_key(home: Path) -> str:
    return private_bytes(home / "keys" / "session.key", 48).hex()
