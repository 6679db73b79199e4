"""Collects every fault of a file, in bounded memory."""

from __future__ import annotations

from bisect import insort
from collections import Counter

from .types import SHOWN, Fault, Faulty

_VALUE = 80


def shortened(value: str, length: int = _VALUE) -> str:
    """The value fit for one line of a message."""
    line = "".join(c if c.isprintable() else "�" for c in value[: length + 1].replace("\n", " "))
    return line if len(line) <= length else line[:length - 1] + "…"


class Faults:
    """Keeps the first 1,000 faults by table (in the order of writing), row and column, and counts all."""

    def __init__(self, order: tuple[str, ...] = ()) -> None:
        self._place = {name: place for place, name in enumerate(order)}
        self._kept: list[tuple[tuple[int, int, int], Fault]] = []
        self._serial = 0
        self.totals: Counter[tuple[str, str]] = Counter()

    def __bool__(self) -> bool:
        return bool(self.totals)

    def add(self, table: str, row: int, column: str, value: str, message: str, kind: str) -> None:
        self.totals[table, kind] += 1
        place = (self._place.get(table, -1), row)
        if len(self._kept) >= SHOWN and place >= self._kept[-1][0][:2]:
            return
        self._serial += 1
        fault = Fault(table, row, column, shortened(value), message, kind)
        insort(self._kept, ((*place, self._serial), fault))
        del self._kept[SHOWN:]

    def count(self, table: str, kind: str, more: int) -> None:
        """Further faults of a kind that are not told in full."""
        if more > 0:
            self.totals[table, kind] += more

    def kept(self) -> tuple[Fault, ...]:
        return tuple(fault for _place, fault in self._kept)

    def raise_if_any(self) -> None:
        if self.totals:
            raise Faulty(self.kept(), self.totals)
