"""One way of writing a value down, so that equal values have equal hashes, on any machine and either
database.

Canonical JSON: keys sorted, UTF-8, no spaces; dates and times in ISO form and decimals as plain digits,
both as text. Refused with ValueError or TypeError: NaN and infinities, keys that are not text, unknown
types, text that is not Unicode (lone surrogates).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import IO

from .counts import plain

CHUNK = 1024 * 1024


def canonical(value: object) -> str:
    """The canonical JSON text of a value."""
    text = json.dumps(_writable(value), ensure_ascii=False, allow_nan=False, sort_keys=True,
                      separators=(",", ":"))
    text.encode()  # raises UnicodeEncodeError, a ValueError, for what UTF-8 cannot hold
    return text


def canonical_bytes(value: object) -> bytes:
    return canonical(value).encode()


def sha256_hex(data: bytes) -> str:
    return sha256(data).hexdigest()


def value_hash(value: object) -> str:
    """SHA-256, in hexadecimal, of a value's canonical JSON."""
    return sha256_hex(canonical_bytes(value))


def chunks(stream: IO[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """The stream in pieces, to its end."""
    while piece := stream.read(size):
        yield piece


def stream_hash(stream: IO[bytes]) -> str:
    """SHA-256, in hexadecimal, of the rest of a stream, in bounded memory."""
    digest = sha256()
    for piece in chunks(stream):
        digest.update(piece)
    return digest.hexdigest()


def _writable(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a number that is not finite cannot be written down")
        return plain(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"keys are text, not {type(key).__name__}")
        return {key: _writable(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_writable(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")
