"""A pack's plan in words, for every page that shows one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhixing.flow.campaigns.packs import Pack, Plan
from zhixing.flow.campaigns.packs.planning import HOST, KINDS_OF, PEOPLE, PlannedAsk, PlannedDuty, due_of
from zhixing.flow.duties.setting_up import DatedPhase, Preview
from zhixing.ground.kernel.tables import choice_label, label
from zhixing.outputs.boards.words import language
from zhixing.shell.templatetags import say

NEEDS: dict[str, str | Promise] = {
    "agenda": gettext_lazy("agenda"),
    "attendance": gettext_lazy("who was there"),
    "minutes": gettext_lazy("the minutes"),
    "decisions": gettext_lazy("what was decided"),
    "evidence": gettext_lazy("a photo or scan"),
}


@dataclass(frozen=True)
class DutyLine:
    """A planned duty: when it is due (a day, or words where the plan has no dates yet), by whom, and how often."""

    duty: PlannedDuty
    due: date
    when: str
    who: str
    early: bool


@dataclass(frozen=True)
class PhaseLines:
    phase: DatedPhase
    duties: list[DutyLine]
    meeting: bool


def phases_of(dated: Preview, plan: Plan, counted: Mapping[str, int] | None = None) -> list[PhaseLines]:
    """Each phase with its duties by day. `counted`: how many would owe each."""
    return [
        PhaseLines(phase, [
            DutyLine(each.duty, each.due_on, when(each.duty.due), who(each.duty, counted), each.early)
            for each in dated.of_phase(phase.code)], plan.waits_for_meeting(phase.code))
        for phase in dated.phases
    ]


def when(text: str) -> str:
    """A relative day in words."""
    due = due_of(text)
    number = abs(due.number)
    if not number:
        return _("on its first day") if due.anchor == "start" else _("on its last day")
    days = (ngettext("%(number)s working day", "%(number)s working days", number) if due.unit == "w"
            else ngettext("%(number)s day", "%(number)s days", number)) % {"number": number}
    if due.anchor == "start":
        return (_("%(days)s after it begins") if due.number > 0 else _("%(days)s before it begins")) % {"days": days}
    return (_("%(days)s after it ends") if due.number > 0 else _("%(days)s before it ends")) % {"days": days}


def who(duty: PlannedDuty, counted: Mapping[str, int] | None = None) -> str:
    """Who owes a duty; with `counted` how many those are."""
    listed = duty.applies_to
    count = None if counted is None else counted.get(duty.code, 0)
    if listed and listed[0].startswith(PEOPLE):
        category = choice_label(language(), "people", "categories", listed[0].removeprefix(PEOPLE))
        if count is None:
            return _("each person: %(category)s") % {"category": category}
        return ngettext("%(count)s person: %(category)s", "%(count)s people: %(category)s", count) % {
            "count": say.number(count), "category": category}
    if list(listed) == [HOST]:
        return _("the host unit")
    if count is not None:
        return ngettext("%(count)s unit", "%(count)s units", count) % {"count": say.number(count)}
    if not listed:
        return _("every unit")
    between = "、" if say.chinese() else ", "
    return between.join(
        _("the host unit") if each == HOST else choice_label(language(), "units", "kind", each) for each in listed)


def asks_of(pack: Pack, plan: Plan) -> list[tuple[str, str]]:
    """What each kind of record asks: its word, and what has to be entered and how long that takes."""
    return [(kind_word(pack, kind), _asked(each)) for kind, each in plan.asks.items()]


def kind_word(pack: Pack, kind: str) -> str:
    for section in dict.fromkeys(KINDS_OF.values()):
        if kind in pack.words(section):
            return pack.label(section, kind)
    return label(language(), kind)


def _asked(each: PlannedAsk) -> str:
    comma = "、" if say.chinese() else ", "
    parts = [comma.join(str(NEEDS[need]) for need in each.needs)] if each.needs else []
    if each.minutes is not None:
        minutes = say.number(each.minutes)
        parts.append(_("about %(minutes)s min to enter") % {"minutes": minutes})
    return ("；" if say.chinese() else "; ").join(parts) or _("as the form says")
