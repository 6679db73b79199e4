"""What can be drafted, the draft on the screen, and what was drafted earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.packs import Pack
from zhixing.flow.campaigns.types import CampaignView, PhaseView
from zhixing.flow.checks import reads as contradictions
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.figures import history
from zhixing.ground.figures import reads as figures
from zhixing.ground.figures.types import Drift
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor, Scope
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import UnitView, within

from . import hints, keeping, rules, schedule
from .compose import Composed, Composer, Material
from .counting import Counting, address, with_address
from .kinds import KINDS, kind
from .kinds.types import Kind
from .types import Choice, Draft, Kept, Notice


@dataclass(frozen=True)
class Standing:
    """Of what and as at which day a document is, after the defaults."""

    phase: PhaseView | None
    as_of: date


def choices(pack: Pack) -> list[Choice]:
    """The documents that the pack can draft, with their outlines (name, label)."""
    return [
        Choice(each.name, pack.label("document_kinds", each.name),
               tuple((name, pack.outline(each.name, name).label) for name in pack.outline_names(each.name)))
        for each in KINDS.values() if pack.outline_names(each.name)
    ]


def standing(kind_name: str, campaign: CampaignView, unit_id: int, phase_code: str = "",
             as_of: date | None = None) -> Standing:
    """The phase and the day of a document, as far as they are not given. A summary is of the latest phase
    that has anything to tell by that day, and stands as at its end, or as at today while it runs. A plan
    stands as at the campaign's beginning, or today while that is to come. Raises NotFound for an unknown
    phase."""
    today = clock.today()
    if not kind(kind_name).by_phase:
        phase = campaigns.phase(campaign.programme_id, phase_code) if phase_code else None
        return Standing(phase, as_of or min(campaign.starts_on or today, today))
    phases = campaigns.phases(campaign.programme_id)
    if phase_code:
        phase = campaigns.phase(campaign.programme_id, phase_code)
    else:
        phase = _telling(phases, campaign, unit_id, as_of or today)
    if as_of is None:
        as_of = phase.ends_on if phase and phase.ends_on and phase.ends_on < today else today
    return Standing(phase, as_of)


def _telling(phases: Sequence[PhaseView], campaign: CampaignView, unit_id: int,
             day: date) -> PhaseView | None:
    """The latest phase begun by the day in which something was held or remarked; else the one of the day,
    else the last begun, else the first."""
    begun = [phase for phase in phases if phase.starts_on is None or phase.starts_on <= day]
    scope = Scope(campaign.programme_id, unit_id, day)
    path = units.path_on(unit_id, day) or ""
    for phase in reversed(begun):
        held = figures.value("activities.held", scope, {"phase": (phase.code,)})
        if held.value or any(remark.phase_code == phase.code for remark in campaigns.remarks_of_unit(
                campaign.programme_id, unit_id, path, day, phase.code)):
            return phase
    running = campaigns.phase_on(campaign.programme_id, day)
    return running or next(reversed(begun), None) or next(iter(phases), None)


def preview(kind_name: str, scope: Scope, phase: str, outline: str = "", language: str = "", *,
            actor: Actor, no_problem_reason: str = "") -> Draft:
    """The draft as it stands, with its contradictions and hints; nothing is kept. `phase`, `outline` and
    `language` "" mean: no phase, the pack's usual outline, the pack's language. Raises NotFound for what is
    not there or not the actor's to see."""
    of_kind = kind(kind_name)
    material = _material(of_kind, scope, phase, outline, language, actor, no_problem_reason)
    composed = Composer(material).compose()
    site = str(settings.ZHIXING_URL)
    numbers = tuple(with_address(number, site, material.campaign.code, material.unit.code)
                    for number in composed.numbers)
    pack = material.pack
    return Draft(
        of_kind.name, material.outline.name, material.language, material.campaign, material.unit,
        material.phase, scope, composed.title, composed.title_lines, composed.blocks, numbers,
        tuple(_notices(of_kind, material, composed)), material.unit.name or material.unit.code, scope.as_of,
        no_problem_reason, {key: str(value) for key, value in pack.words("said").items()},
        schedule.rows(material.campaign, material.unit, material.phases, pack, scope.as_of)
        if of_kind.scheduled else ())


def _material(of_kind: Kind, scope: Scope, phase_code: str, outline: str, language: str, actor: Actor,
              reason: str) -> Material:
    campaign = campaigns.campaign_of(scope.programme_id)
    unit = _unit(campaign, scope, actor)
    own = campaigns.pack_of(scope.programme_id)
    pack = campaigns.pack_in(scope.programme_id, language or own.language)
    phases = campaigns.phases(scope.programme_id)
    phase = campaigns.phase(scope.programme_id, phase_code) if phase_code else None
    remarks = campaigns.remarks_of_unit(scope.programme_id, scope.unit_id, unit.path, scope.as_of,
                                        phase.code if phase else None)
    return Material(
        campaign, unit, phase, phases, scope, pack,
        pack.outline(of_kind.name, outline, phase.name if phase else ""),
        remarks if of_kind.by_phase else (), campaigns.stated_facts(scope.programme_id, scope.as_of),
        reason.strip())


def _unit(campaign: CampaignView, scope: Scope, actor: Actor) -> UnitView:
    unit = units.unit_by_id(scope.unit_id, scope.as_of)
    host = units.unit_by_id(campaign.host_unit_id, scope.as_of)
    if not accounts.may_see(actor, campaign.programme_id, unit.path):
        raise NotFound(_("There is no such unit."))
    if not within(unit.path, host.path):
        raise Refused(_("%(unit)s has no part in %(campaign)s; choose one of its units.") % {
            "unit": unit.label, "campaign": campaign.name})
    if not unit.is_open:
        raise Refused(_("%(unit)s is not in the tree of %(day)s. Choose a day on which it exists.") % {
            "unit": unit.label, "day": scope.as_of.isoformat()})
    return unit


def _day(value: date) -> str:
    """A day as on the campaign's page: in the reader's language, with the year where it is not this one."""
    told = rules.day(value, "zh" if (get_language() or "").startswith("zh") else "en")
    year = value.year
    return told.removeprefix(f"{year}年").removesuffix(f" {year}") if year == clock.today().year else told


def _notices(of_kind: Kind, material: Material, composed: Composed) -> list[Notice]:
    """The contradictions of the scope, then what the draft itself has to say."""
    found = [
        Notice(each.lint, each.title, each.finding.text(_day), each.finding.records, each.finding.table,
               each.finding.code)
        for each in contradictions.contradictions(material.scope)
    ]
    return [*found, *hints.of_draft(of_kind, material, composed)]


def without_problems(draft: Draft) -> bool:
    """Would this draft be refused for want of a problem?"""
    return any(notice.rule == hints.NO_PROBLEMS for notice in draft.notices)


@dataclass(frozen=True)
class ThenAndNow:
    """A number of an earlier paper. `printed` is how it was printed, `now` how it is counted now."""

    words: str
    printed: str
    now: str
    drift: Drift
    url: str


def paper(programme_id: int, actor: Actor, seq: int) -> Kept:
    """One earlier paper, by its number in the ledger. Raises NotFound when there is none that the actor may
    see."""
    found = keeping.paper(programme_id, seq)
    if found is None or not _visible([found], programme_id, actor):
        raise NotFound(_("There is no such paper."))
    return found


def then_and_now(made: Kept, campaign: CampaignView, pack: Pack) -> list[ThenAndNow]:
    """Each number of an earlier paper beside the same question put to the records of today."""
    phases = {phase.code: phase.name for phase in campaigns.phases(campaign.programme_id)}
    facts = campaigns.stated_facts(campaign.programme_id)
    words = {("phase", code): name for code, name in phases.items()}
    words |= {("code", fact.code): fact.name for fact in facts}
    rows = []
    for frozen_id in made.frozen_ids:
        drift = history.drift(frozen_id)
        then, now = drift.frozen, drift.now
        where = {key: tuple(values) for key, values in then.where.items()}
        counting = Counting(then.scope, None, pack, facts=facts, words=words)
        rows.append(ThenAndNow(
            counting.said(then.name, where),
            counting.written(then.name, where, then.value, then.qualifier, then.evidence),
            counting.written(now.name, where, now.value, now.qualifier, now.evidence), drift,
            address(then.name, where, then.scope.as_of, "", campaign.code, made.unit_code, frozen_id)))
    return rows


def papers(programme_id: int, actor: Actor, unit: UnitView | None = None) -> list[Kept]:
    """What was drafted earlier and the actor may see, the latest first."""
    return _visible(keeping.papers(programme_id, unit.code if unit else ""), programme_id, actor)


def _visible(kept: Sequence[Kept], programme_id: int, actor: Actor) -> list[Kept]:
    places = units.units_by_code([paper.unit_code for paper in kept])
    return [paper for paper in kept if paper.unit_code in places
            and accounts.may_see(actor, programme_id, places[paper.unit_code].path)]
