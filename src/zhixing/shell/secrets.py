"""The installation's own keys, made once in the data folder and readable by its owner alone."""

from __future__ import annotations

from pathlib import Path

from zhixing.ground.kernel.home import private_bytes


def secret_key(home: Path) -> str:
    return private_bytes(home / "keys" / "session.key", 48).hex()
