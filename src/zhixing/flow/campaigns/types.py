"""What other rooms get to see of a campaign."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class CampaignView:
    """`name` falls back to the code, so that it can always be printed."""

    programme_id: int
    code: str
    name: str
    template: str
    host_unit_id: int
    host_unit_code: str
    host_unit_name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class OwnPackView:
    """A pack that people wrote. `mark` changes with every change of it; `used_by`: codes of campaigns."""

    name: str
    title: str
    base: str
    text: str
    made_by: str
    mark: str
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PhaseView:
    """`name` falls back to the code."""

    id: int
    code: str
    name: str
    order: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class RemarkView:
    """A sentence for summaries. `phase_code` "" means that it belongs to no phase in particular;
    `evidence` are codes of records."""

    code: str
    unit_id: int | None
    unit_code: str
    phase_code: str
    kind: str
    text: str
    evidence: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class StatedFactView:
    """What somebody stated; to be printed with its source and never as a counted figure."""

    code: str
    name: str
    value: Decimal | None
    qualifier: str
    measure: str
    source: str
    stated_on: date | None = None
