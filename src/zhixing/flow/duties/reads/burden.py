"""What the campaign asks of each unit a week, by the forms through which duties are met; and what whoever sets a duty
is told about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import CampaignView, PhaseView
from zhixing.ground.kernel.figures import figure
from zhixing.ground.kernel.tables import tables

from .. import rules
from ..types import Ask, Burden, DutyView
from .states import duties, owers, owing


def burden(programme_id: int, as_of: date, *, path: str | None = None) -> dict[int, Burden]:
    """Unit id → what is asked of it in the week of the day, of every unit at or below the path that owes anything in
    the campaign. A duty asks from the beginning of its phase to its due date, evenly."""
    frame = campaigns.campaign_of(programme_id)
    phases = {each.code: each for each in campaigns.phases(programme_id)}
    told = rules.asks_of(campaigns.pack_of(programme_id).words("plan").get("asks"))
    asked: dict[int, list[Ask]] = {}
    for duty, owing_it in owers(programme_id, as_of, path=path):
        running = _weeks(duty, phases.get(duty.phase), frame, as_of)
        made: dict[int, Ask] = {}
        for unit_id, count in Counter(unit for unit, _code in owing_it.values()).items():
            listed = asked.setdefault(unit_id, [])
            if running:
                if count not in made:
                    made[count] = _ask(duty, count, running, told)
                listed.append(made[count])
    return {unit_id: Burden(unit_id, tuple(listed)) for unit_id, listed in asked.items()}


def _weeks(duty: DutyView, phase: PhaseView | None, frame: CampaignView, as_of: date) -> int:
    """Over how many weeks the duty asks; 0 where it asks nothing on the day."""
    first = (phase.starts_on if phase else None) or frame.starts_on
    last = duty.due_on or (phase.ends_on if phase else None) or frame.ends_on
    return rules.weeks(first, last, as_of)


def _ask(duty: DutyView, times: int, weeks: int, told: Mapping[str, rules.Told]) -> Ask:
    """`times`: so many of the unit owe it (persons), or 1."""
    found = figure(duty.figure)
    table = found.adds if found else ""
    said = next((told[kind] for kind in duty.where.get("kind", ()) if kind in told), told.get(table, rules.Told()))
    form = said.of(*_declared(table, duty))
    records = duty.at_least.to_integral_value("ROUND_CEILING") if found and found.reduce == "count" else Decimal(1)
    week = max(records, Decimal(1)) * times / weeks
    return Ask(duty, table, week, form.fields * week, form.files * week, form.minutes * week, weeks)


def _declared(table: str, duty: DutyView) -> tuple[int, int]:
    """The fields and files of a record's form as declared, without what it fills in by itself."""
    declared = next((each for each in tables() if each.name == table), None)
    if declared is None:
        return 0, 0
    given = {"unit", "phase", *duty.where}
    asked = [each for each in declared.columns if each.name not in given]
    files = sum(each.name == "file" for each in asked)
    return len(asked) - files, files


def advice(programme_id: int, code: str, as_of: date) -> list[str]:
    """What whoever sets a duty should know: that another one asks for the same, and who has it on record already."""
    listed = duties(programme_id)
    duty = next((each for each in listed if each.code == code), None)
    if duty is None:
        return []
    told = [
        _("This asks for the same as the duty “%(name)s” (%(code)s). One record would meet both: keep the one that is "
          "needed.") % {"name": each.name, "code": each.code}
        for each in listed if each.code != code and _same(duty, each)
    ]
    known = total = 0
    for each in owing(programme_id, as_of, codes=[code], late=False):
        met = [one for _unit, _state, one in each.words()]
        known, total = known + sum(met), total + len(met)
    if known:
        told.append(ngettext(
            "%(known)s of %(total)s that would owe this has it on record already; nothing more is asked of it.",
            "%(known)s of %(total)s that would owe this have it on record already; nothing more is asked of them.",
            known) % {"known": known, "total": total})
    return told


def _same(one: DutyView, other: DutyView) -> bool:
    """The same figure over the same records, of some of the same units as far as one can tell without counting."""
    def plain(duty: DutyView) -> dict[str, list[str]]:
        return {key: sorted(values) for key, values in duty.where.items()}

    apart = one.applies_to and other.applies_to and not set(one.applies_to) & set(other.applies_to)
    return one.figure == other.figure and plain(one) == plain(other) and not apart
