"""What the engine answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from zhixing.ground.kernel.types import Scope

Where = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Value:
    """A figure's value. `value` None is "not known", and `why` then says why; `why` may also qualify a known
    value (how many records do not say). `evidence` is the number of records behind the value, `missing` of those
    that are left out of it because they do not say (see `reads.evidence`)."""

    name: str
    where: Where
    scope: Scope
    value: Decimal | None
    qualifier: str
    measure: str
    evidence: int
    why: str = ""
    missing: int = 0

    @property
    def known(self) -> bool:
        return self.value is not None

    def reaches(self, target: Decimal) -> bool:
        """Met by face value: `>=80` meets 80; not known never meets."""
        return self.value is not None and self.value >= target


@dataclass(frozen=True)
class Evidence:
    """One record behind a value."""

    record: str
    unit_id: int | None
    day: date | None
    weight: Decimal | None
    qualifier: str
    label: str
    table: str


@dataclass(frozen=True)
class Frozen:
    """A value as it stood when it was written into a paper."""

    id: int
    name: str
    version: int
    where: Where
    scope: Scope
    value: Decimal | None
    qualifier: str
    measure: str
    evidence: int
    why: str
    digest: str
    frozen_at: datetime
    by: str

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class Drift:
    """What changed since a figure was frozen. `came` and `went` are the codes of records."""

    frozen: Frozen
    now: Value
    came: tuple[str, ...]
    went: tuple[str, ...]
    redefined: bool

    @property
    def any(self) -> bool:
        then = self.frozen
        return bool(self.came or self.went or self.redefined
                    or (then.value, then.qualifier) != (self.now.value, self.now.qualifier))
