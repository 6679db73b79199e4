"""Where a reader stands, and what a board gives to a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhixing.flow.campaigns.reads import Pack
from zhixing.flow.campaigns.types import CampaignView
from zhixing.ground.figures.types import Value
from zhixing.ground.kernel.types import Actor, Scope
from zhixing.ground.units.types import UnitView


@dataclass(frozen=True)
class Crumb:
    name: str
    url: str


@dataclass(frozen=True)
class Standpoint:
    """Who looks at which campaign, from which unit (with everything below it), as at which day. Made by
    `reads.standpoint`, which lets nobody stand where they may not see. `asked` holds what the address
    said of it (`unit`, `as_of`), so that links keep it. `tops`: the highest units this reader may see,
    where there are several."""

    actor: Actor
    campaign: CampaignView
    pack: Pack
    unit: UnitView
    as_of: date
    asked: Mapping[str, str] = field(default_factory=dict)
    chain: tuple[Crumb, ...] = ()
    tops: tuple[UnitView, ...] = ()

    @property
    def scope(self) -> Scope:
        return Scope(self.campaign.programme_id, self.unit.id, self.as_of)

    @property
    def whole(self) -> bool:
        """Is it the campaign as a whole?"""
        return self.unit.id == self.campaign.host_unit_id


@dataclass(frozen=True)
class Tile:
    """A key figure of the campaign: its value, what it counts, and the sentence under it."""

    value: Value
    noun: str
    words: str
    url: str
    out_of: str = ""
    warn: bool = False
