"""What one page or one command asks twice is loaded once, and what pages ask again while nobody wrote is kept.

Inside `with sharing():` nothing is written, so an answer of the database holds to the end of the block. Outside,
`shared` simply asks each time. A block may say by a stamp how the records stand (the ledger's last entry): small
answers that were `remembered` then hold for the next block with the same stamp too."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
MOST = 5_000
"""So many answers are remembered; those of figures are six numbers each."""


class _Block(NamedTuple):
    kept: dict[Hashable, Any]
    lasting: dict[Hashable, Any] | None


_block: ContextVar[_Block | None] = ContextVar("block", default=None)
_lasting: tuple[Hashable, dict[Hashable, Any]] = ("", {})


@contextmanager
def sharing(stamp: Hashable = "") -> Iterator[None]:
    """Keeps answers to the end of the block; inside another such block it keeps them there. Without a stamp nothing
    is remembered."""
    if _block.get() is not None:
        yield
        return
    token = _block.set(_Block({}, _standing(stamp) if stamp else None))
    try:
        yield
    finally:
        _block.reset(token)


def _standing(stamp: Hashable) -> dict[Hashable, Any]:
    """What is remembered under the stamp; another stamp's answers are forgotten."""
    global _lasting
    before = _lasting
    if before[0] != stamp:
        _lasting = before = (stamp, {})
    return before[1]


def forget() -> None:
    """As after a write."""
    _standing("")


def shared(key: Hashable, make: Callable[[], T]) -> T:
    """The answer kept under the key, made now if it is the first time."""
    block = _block.get()
    if block is None:
        return make()
    if key not in block.kept:
        block.kept[key] = make()
    answer: T = block.kept[key]
    return answer


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """As `shared`, and beyond the block while the records stand as they did. For small answers that are the same
    for every reader, in numbers and never in words."""
    block = _block.get()
    if block is None or block.lasting is None:
        return shared(key, make)
    if key not in block.lasting:
        remember(key, make())
    answer: T = block.kept[key] if key in block.kept else block.lasting[key]
    return answer


def remember(key: Hashable, answer: object) -> None:
    """Keeps an answer that came with another one, as `remembered` does."""
    block = _block.get()
    if block is None:
        return
    block.kept[key] = answer
    if block.lasting is not None and len(block.lasting) < MOST:
        block.lasting[key] = answer


def is_kept(key: Hashable) -> bool:
    block = _block.get()
    return block is not None and (key in block.kept or (block.lasting is not None and key in block.lasting))
