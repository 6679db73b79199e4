"""What one page or one command asks twice is loaded once.

Inside `with sharing():` nothing is written, so an answer of the database holds to the end of the block. Outside,
`shared` simply asks each time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Keeps answers to the end of the block; inside another such block it keeps them there."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def shared(key: Hashable, make: Callable[[], T]) -> T:
    """The answer kept under the key, made now if it is the first time."""
    kept = _kept.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    answer: T = kept[key]
    return answer


def keep(key: Hashable, answer: object) -> None:
    """Keeps an answer that came with another one; forgotten at once where nothing is kept."""
    kept = _kept.get()
    if kept is not None:
        kept[key] = answer


def is_kept(key: Hashable) -> bool:
    kept = _kept.get()
    return kept is not None and key in kept
