"""What one person has to do today, over all campaigns: what they owe, what waits for them, what came back. The page
*My duties today* and the day's letter tell the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import CampaignView
from zhixing.flow.duties import permits
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import Difference, PassageView, State
from zhixing.flow.filings import reads as filings
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import STEP, UnitView
from zhixing.outputs.boards import words
from zhixing.outputs.boards.board import TONES, state_word
from zhixing.outputs.boards.owed import add_address
from zhixing.outputs.boards.reads import link, standpoint, visible_campaigns
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.templatetags import say

SOON = timedelta(days=7)
"""What is due within so many days is of today; the rest comes later."""

FEW = 5
"""So many papers to accept are named."""

BACK = timedelta(days=14)
"""For so long a refusal is shown."""

KEEPS, DECIDES = ("secretary", "office"), ("office",)
"""Who is reminded: an administrator may do it too and is not asked to."""

SHOWN = 20
"""So many of one kind stand on the page; the rest behind one link."""


@dataclass(frozen=True)
class Item:
    """One thing to do. `url` opens the very form that does it, `why` the page that says why it is asked ("" where that
    is the same). `when` puts it in order; None comes last."""

    when: date | None
    title: str
    said: str
    tone: str
    words: str
    url: str
    why: str = ""


@dataclass(frozen=True)
class Mine:
    """`at`: where the person stands, with one campaign alone; with more, each item says in which it is. `keeps`: the
    person keeps the records of a unit."""

    campaigns: tuple[CampaignView, ...]
    at: Standpoint | None = None
    owed: tuple[Item, ...] = ()
    waits: tuple[Item, ...] = ()
    back: tuple[Item, ...] = ()
    later: tuple[Item, ...] = ()
    keeps: bool = False

    @property
    def today(self) -> int:
        return len(self.owed) + len(self.waits) + len(self.back)


@dataclass
class _Gathered:
    owed: list[Item] = field(default_factory=list)
    waits: list[Item] = field(default_factory=list)
    back: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)


def mine(actor: Actor) -> Mine:
    """Everything in order of date."""
    seen = tuple(visible_campaigns(actor))
    found = _Gathered()
    first = None
    for each in seen:
        at = standpoint(actor, each.code, {})
        first = first or at
        _Campaign(at, found, several=len(seen) > 1).gather()

    def ordered(items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(sorted(items, key=lambda item: (item.when or date.max, item.title)))

    return Mine(seen, first if len(seen) == 1 else None, ordered(found.owed), ordered(found.waits),
                ordered(found.back), ordered(found.later), any(grant.role in KEEPS for grant in actor.grants))


class _Campaign:
    """One campaign of one person. `at` is the highest unit that they may see."""

    def __init__(self, at: Standpoint, found: _Gathered, *, several: bool) -> None:
        self.at = at
        self.found = found
        self.programme = at.campaign.programme_id
        self.host = units.unit_by_id(at.campaign.host_unit_id, at.as_of)
        self.tail = at.campaign.name if several else ""
        self.phases = {each.code: each for each in campaigns.phases(self.programme)}

    def gather(self) -> None:
        for unit in self._own_units():
            self._owed(unit)
            self._came_back(unit)
        for path in self._paths(DECIDES):
            self._requests(path)
            self._papers(path)
        for path in self._paths(("supervisor",)):
            self._gates(path, "review", "proposed", _("Review the gate: %(unit)s, %(phase)s"))
        for path in self._paths(("leader",)):
            self._gates(path, "pass", "reviewed", _("Let pass or send back: %(unit)s, %(phase)s"))

    def _paths(self, roles: Sequence[str]) -> list[str]:
        """The places over which the person holds one of the roles here, without those below another."""
        held = {
            max(grant.path, self.host.path, key=len)
            for grant in self.at.actor.grants
            if grant.role in roles and grant.programme_id in (None, self.programme)
            and (grant.path.startswith(self.host.path) or self.host.path.startswith(grant.path))
        }
        return sorted(path for path in held if not any(path != other and path.startswith(other) for other in held))

    def _own_units(self) -> list[UnitView]:
        """The units for which the person keeps records."""
        found = units.units_by_id([int(path[-STEP:]) for path in self._paths(KEEPS)], self.at.as_of)
        return list(found.values())

    def _words(self, *parts: str) -> str:
        return " · ".join(filter(None, (*parts, self.tail)))

    def _at(self, unit: UnitView) -> Standpoint:
        return standpoint(self.at.actor, self.at.campaign.code, {} if unit.id == self.host.id else {"unit": unit.code})

    def _owed(self, unit: UnitView) -> None:
        at = self._at(unit)
        own = {each.duty.id: each for each in duties.differences(self.programme, unit.id)}
        by_duty: dict[int, list[State]] = {}
        listed = duties.own_states(self.programme, at.as_of, unit.id)
        for each in listed:
            by_duty.setdefault(each.duty.id, []).append(each)
        for states in by_duty.values():
            open_ones = [each for each in states if not each.met and not each.waived]
            differs = own.get(states[0].duty.id)
            if not open_ones and differs and self._beyond(states[0], differs):
                open_ones = states
            if open_ones:
                item = self._duty(at, unit, open_ones, differs)
                now = item.when is not None and item.when <= at.as_of + SOON
                (self.found.owed if now else self.found.later).append(item)
        self._ready(unit, listed)

    def _beyond(self, state: State, differs: Difference) -> bool:
        """Is the plan met and the unit's own target not?"""
        return not state.waived and differs.at_least is not None and (state.value or 0) < differs.at_least

    def _duty(self, at: Standpoint, unit: UnitView, listed: Sequence[State], differs: Difference | None) -> Item:
        one = listed[0]
        day = one.day
        further = [self.phases[one.duty.phase].name if one.duty.phase in self.phases else ""]
        if differs and differs.due_on and not one.moved:
            further.append(_("your own day; the plan's is %(day)s") % {"day": say.shortday(day)} if day
                           else _("your own day"))
            day = differs.due_on
        if one.moved and one.moved.kind == "make_up":
            further.append(one.moved.reason)
        tone = TONES["under_way" if one.met else one.state]
        why = link(at, "duty-unit", one.duty.code, unit.code, unit=None)
        add = add_address(at, one.duty)
        words = self._words(*further, unit.label if self._several_units() else "")
        return Item(day, one.duty.name, _said(at, listed, differs, day), tone, words, add or why,
                    why if add else "")

    def _several_units(self) -> bool:
        return len(self._paths(KEEPS)) > 1

    def _ready(self, unit: UnitView, listed: Sequence[State]) -> None:
        """Of the phases that end soon or have ended, the last whose every duty the unit has met, so that it may ask to
        pass. Earlier ones stand on the page of gates: a campaign need not use every gate."""
        steps = duties.last_steps(self.programme, unit.path, as_of=self.at.as_of)
        ready = None
        for phase in self.phases.values():
            owed = [each for each in listed if each.duty.phase == phase.code]
            ending = phase.ends_on is not None and phase.ends_on <= self.at.as_of + BACK
            if owed and ending and all(each.met or each.waived for each in owed):
                ready = phase
        if ready is None or (ready.code, unit.id) in steps:
            return
        if not duties.lacking_meeting(self.programme, ready.code, self.at.as_of, {unit.id: unit.path}):
            self.found.waits.append(Item(
                ready.ends_on, _("Ask to pass the gate: %(phase)s") % {"phase": ready.name}, _("Nothing is missing"),
                TONES["met"], self._words(unit.label), self._gate_url(ready.code, unit)))

    def _gate_url(self, phase: str, unit: UnitView) -> str:
        return link(self.at, "gate", phase, unit.code, unit=None, as_of=None)

    def _came_back(self, unit: UnitView) -> None:
        for step in self._own_returns(unit):
            self.found.back.append(Item(
                step.on, _("The gate: %(phase)s") % {"phase": self.phases[step.phase].name}, _("Sent back"), "late",
                self._words(step.reason), self._gate_url(step.phase, unit)))
        for paper in filings.returned(self.programme, unit.id, limit=SHOWN):
            self.found.back.append(Item(
                paper.decided_on, paper.title or paper.code, _("Sent back"), "late", self._words(paper.reason),
                link(self.at, "filing", paper.code, unit=None, as_of=None)))
        refused = duties.requests(self.programme, unit.path, unit_id=unit.id, decision="refused",
                                  since=self.at.as_of - BACK, limit=SHOWN)
        for each in refused:
            self.found.back.append(Item(
                each.decided_on, each.duty_name, _("The office did not agree"), "late", self._words(each.why),
                link(self.at, "request", str(each.id), unit=None, as_of=None)))

    def _own_returns(self, unit: UnitView) -> Iterator[PassageView]:
        for (_phase, unit_id), step in duties.last_steps(self.programme, unit.path, steps=("returned",)).items():
            if unit_id == unit.id and step.phase in self.phases:
                yield step

    def _requests(self, path: str) -> None:
        found = duties.open_requests(self.programme, path, limit=SHOWN + 1)
        theirs = [each for each in found if each.asked_by != self.at.actor.key]
        names = units.units_by_id({each.unit_id for each in theirs}, self.at.as_of)
        for each in theirs[:SHOWN]:
            asked = _("asks for time until %(day)s") % {"day": say.shortday(each.until)} if each.until \
                else _("asks to set it aside")
            self.found.waits.append(Item(
                each.asked_on, _("%(unit)s: %(duty)s") % {"unit": names[each.unit_id].label, "duty": each.duty_name},
                asked, "way", self._words(each.reason),
                link(self.at, "request", str(each.id), unit=None, as_of=None)))
        if theirs[SHOWN:]:
            self._more(link(self.at, "requests", unit=None, as_of=None), _("More requests to decide"))

    def _papers(self, path: str) -> None:
        """Papers that were handed in and wait to be accepted."""
        found = filings.waiting(self.programme, path, limit=FEW + 1)
        names = units.units_by_id({each.unit_id for each in found if each.unit_id}, self.at.as_of)
        for each in found[:FEW]:
            unit = names[each.unit_id].label if each.unit_id in names else ""
            self.found.waits.append(Item(
                each.filed_on, each.title or each.code, _("Accept or send back"), "way",
                self._words(unit), link(self.at, "filing", each.code, unit=None, as_of=None)))
        if found[FEW:]:
            self._more(link(self.at, "handed-in", unit=None, as_of=None, state="waiting"), _("More papers to accept"))

    def _more(self, url: str, title: str) -> None:
        self.found.waits.append(Item(None, title, _("See them all"), "none", self._words(), url))

    def _gates(self, path: str, verb: str, stands: str, title: str) -> None:
        steps = [
            each for each in duties.last_steps(self.programme, path, as_of=self.at.as_of, steps=(stands,)).values()
            if each.phase in self.phases
        ]
        steps.sort(key=lambda each: each.on)
        views = units.units_by_id({each.unit_id for each in steps[:SHOWN]}, self.at.as_of)
        for each in steps[:SHOWN]:
            unit = views[each.unit_id]
            if permits.may_step(self.at.actor, verb, self.programme, unit.path, self.host.path, stands):
                self.found.waits.append(Item(
                    each.on, title % {"unit": unit.label, "phase": self.phases[each.phase].name},
                    _("since %(day)s") % {"day": say.shortday(each.on)}, "way", self._words(each.reason),
                    self._gate_url(each.phase, unit)))
        if steps[SHOWN:]:
            self._more(link(self.at, "gates", steps[SHOWN].phase, unit=None, as_of=None), _("More units at the gate"))


def _said(at: Standpoint, listed: Sequence[State], differs: Difference | None, day: date | None) -> str:
    """What is still to do, and by when."""
    one = listed[0]
    by = _by(one, day, at.as_of)
    if listed[1:]:
        left = ngettext("%(count)s person to go", "%(count)s people to go", len(listed)) % {"count": len(listed)}
    else:
        least = max(one.duty.at_least, (differs.at_least if differs else None) or one.duty.at_least)
        rest = least - (one.value or 0)
        left = "" if least == 1 or rest <= 0 else _("%(count)s %(noun)s to go") % {
            "count": say.number(rest), "noun": words.noun(at.pack, one.duty.figure, rest)}
    comma = "，" if say.chinese() else ", "
    return comma.join(filter(None, (" ".join(left.split()), by))) or state_word(one.state)


def _by(one: State, day: date | None, as_of: date) -> str:
    if day is None:
        return ""
    if one.state == "extended" and one.moved and one.moved.kind == "make_up":
        return _("to be made up by %(day)s") % {"day": say.shortday(day)}
    if one.state == "extended":
        return _("extended to %(day)s") % {"day": say.shortday(day)}
    if day < as_of:
        return _("was due %(day)s") % {"day": say.shortday(day)}
    return _("due today") if day == as_of else _("by %(day)s") % {"day": say.shortday(day)}

