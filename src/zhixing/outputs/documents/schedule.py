"""The schedule of a plan: what is due in which phase, by when, and by whom. It is prose in a table, not figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from zhixing.flow.campaigns.packs import Pack
from zhixing.flow.campaigns.types import CampaignView, PhaseView
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import DutyView
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView

from . import rules
from .types import Planned

PEOPLE = "people:"


def rows(campaign: CampaignView, unit: UnitView, phases: Collection[PhaseView], pack: Pack,
         as_of: date) -> tuple[Planned, ...]:
    """By phase and day. Of a unit that does not host the campaign: what it and the units below it owe, on the day that
    it set itself where that is earlier."""
    whole = unit.id == campaign.host_unit_id
    here = None if whole else units.units_under(unit.path, as_of)
    known = None if here is None else {*(each.kind for each in here), *(each.code for each in here)}
    own = {} if whole else {each.duty.id: each.due_on for each in duties.differences(campaign.programme_id, unit.id)}
    listed = [duty for duty in duties.duties(campaign.programme_id) if known is None or _concerns(duty, known)]
    names = _names(listed)
    return tuple(
        Planned(phase.name, duty.name, _day(own.get(duty.id) or duty.due_on, pack.language), _who(duty, pack, names))
        for phase in phases
        for duty in sorted((duty for duty in listed if duty.phase == phase.code),
                           key=lambda duty: own.get(duty.id) or duty.due_on or date.max)
    )


def _concerns(duty: DutyView, known: Collection[str]) -> bool:
    return not duty.applies_to or duty.applies_to[0].startswith(PEOPLE) or bool(set(duty.applies_to) & set(known))


def _names(listed: Collection[DutyView]) -> dict[str, str]:
    """What the units that duties name are called."""
    codes = {each for duty in listed for each in duty.applies_to if not each.startswith(PEOPLE)}
    return {code: view.label for code, view in units.units_by_code(codes).items()}


def _day(day: date | None, language: str) -> str:
    return "" if day is None else rules.day(day, language)


def _who(duty: DutyView, pack: Pack, names: Mapping[str, str]) -> str:
    if not duty.applies_to:
        return pack.label("said", "every_unit")
    kinds = pack.words("choices").get("units", {}).get("kind", {})
    said = []
    for each in duty.applies_to:
        if each.startswith(PEOPLE):
            said.append(pack.label("said", "each_person").format(
                category=pack.label("person_categories", each.removeprefix(PEOPLE))))
        else:
            said.append(names.get(each) or str(kinds.get(each, each)).split("|")[0])
    return ("、" if pack.language == "zh" else ", ").join(said)
