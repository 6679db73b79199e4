"""Every query of this room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import ids_of

from . import rules
from .models import REMARK_KINDS, Appointment, Campaign, OwnPack, Participant, Phase, Remark, StatedFact
from .packs import Pack as Pack
from .packs import own, pack, spoken
from .types import CampaignView, OwnPackView, PhaseView, RemarkView, StatedFactView


def _split(stored: str) -> tuple[str, ...]:
    return tuple(part for part in stored.split(";") if part)


def _campaign_view(row: Campaign) -> CampaignView:
    programme = row.programme
    host = programme.host_unit
    return CampaignView(programme.id, programme.code, row.name or programme.code, row.template, host.id,
                        host.code, host.name or host.code, row.starts_on, row.ends_on)


def campaign(code: str) -> CampaignView:
    """Raises NotFound when no campaign has this code."""
    row = Campaign.objects.select_related("programme__host_unit").filter(programme__code=code).first()
    if row is None:
        raise NotFound(_("There is no campaign with the code %(code)s.") % {"code": code})
    return _campaign_view(row)


def campaign_of(programme_id: int) -> CampaignView:
    """Raises NotFound when the programme is no campaign."""
    row = Campaign.objects.select_related("programme__host_unit").filter(pk=programme_id).first()
    if row is None:
        raise NotFound(_("There is no such campaign."))
    return _campaign_view(row)


def campaigns() -> list[CampaignView]:
    """Every campaign of the installation; the caller decides who may see which."""
    rows = Campaign.objects.select_related("programme__host_unit").order_by("programme__code")
    return [_campaign_view(row) for row in rows]


def phases(programme_id: int) -> list[PhaseView]:
    """In their order."""
    return rules.in_sequence([
        PhaseView(row.id, row.code, row.name or row.code, row.order, row.starts_on, row.ends_on)
        for row in Phase.objects.filter(programme=programme_id)
    ])


def phase(programme_id: int, code: str) -> PhaseView:
    """Raises NotFound when the campaign has no phase with this code."""
    for each in phases(programme_id):
        if each.code == code:
            return each
    raise NotFound(_("The campaign has no phase with the code %(code)s.") % {"code": code})


def phase_on(programme_id: int, day: date) -> PhaseView | None:
    """The phase running on that day, None where none is (see `rules.phase_on`)."""
    return rules.phase_on(phases(programme_id), day)


def pack_of(programme_id: int) -> Pack:
    """The template pack of the campaign; the neutral one where it names none that is installed."""
    template = Campaign.objects.filter(pk=programme_id).values_list("template", flat=True).first()
    return pack(template or "")


def pack_in(programme_id: int, language: str) -> Pack:
    """The words of a campaign for a reader of `language` ("zh", "en"): its own pack where that speaks the
    language, else the one that lends its words. Raises Refused for a language that no pack speaks."""
    return spoken(pack_of(programme_id), language)


def own_packs() -> list[OwnPackView]:
    """The packs that people wrote, by name. They belong to the installation and hold no records."""
    rows = list(OwnPack.objects.order_by("name"))
    used: dict[str, list[str]] = {}
    for template, code in Campaign.objects.filter(template__in=[row.name for row in rows]).order_by(
            "programme__code").values_list("template", "programme__code"):
        used.setdefault(template, []).append(code)
    return [OwnPackView(row.name, row.title, row.base, row.text, row.made_by, own.mark(row.title, row.text),
                        tuple(used.get(row.name, ()))) for row in rows]


def own_pack(name: str) -> OwnPackView:
    """Raises NotFound where nobody wrote a pack of this name."""
    for each in own_packs():
        if each.name == name:
            return each
    raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": name})


def rectification_phase(programme_id: int) -> PhaseView | None:
    """The phase in which issues are put right, by the pack's names for it, else the last phase; None
    where the campaign has no phases. What closes before its first day was corrected early."""
    names = pack_of(programme_id).words("phases").get("rectification", ())
    return rules.rectification(phases(programme_id), [str(name) for name in names])


def remarks(programme_id: int, phase: str | None = None,
            unit_ids: Collection[int] | None = None) -> list[RemarkView]:
    """By kind (practice, effect, problem, next step, experience) and code. With `phase` (a code): that
    phase's and those of no phase in particular. With `unit_ids`: those units' alone."""
    rows = Remark.objects.filter(programme=programme_id).select_related("unit", "phase")
    if phase is not None:
        rows = rows.filter(Q(phase__code=phase) | Q(phase=None))
    if unit_ids is not None:
        rows = rows.filter(unit__in=list(unit_ids))
    return _remark_views(rows)


def remarks_of_unit(programme_id: int, unit_id: int, path: str, as_of: date,
                    phase: str | None = None) -> list[RemarkView]:
    """What a unit says in its own summary: its own remarks and those of its parts that do not take part
    themselves (divisions of a bureau); units that do (its schools) write summaries of their own. A remark
    without a unit is the host's."""
    rows = Remark.objects.filter(programme=programme_id).select_related("unit", "phase")
    if phase is not None:
        rows = rows.filter(Q(phase__code=phase) | Q(phase=None))
    host = units.programme_by_id(programme_id).host_unit_id
    below = Q(unit__in=units.ids_within([path], as_of))
    views = _remark_views(rows.filter(below | Q(unit=None) if unit_id == host else below))
    places = units.units_by_id({view.unit_id for view in views if view.unit_id is not None}, as_of)
    others = participants(programme_id).keys() - {unit_id}

    def speaks(view: RemarkView) -> bool:
        between = ids_of(places[view.unit_id].path[len(path):]) if view.unit_id in places else ()
        return not others & set(between)

    return [view for view in views if view.unit_id in (None, unit_id) or speaks(view)]


def _remark_views(rows: QuerySet[Remark]) -> list[RemarkView]:
    """By kind and code."""
    views = [
        RemarkView(row.code, row.unit_id, row.unit.code if row.unit else "",
                   row.phase.code if row.phase else "", row.kind, row.text, _split(row.evidence))
        for row in rows.order_by("code")
    ]
    rank = {kind: place for place, kind in enumerate(REMARK_KINDS)}
    return sorted(views, key=lambda view: rank.get(view.kind, len(rank)))


def stated_facts(programme_id: int, as_of: date | None = None) -> list[StatedFactView]:
    """By code; with `as_of` only what had been stated by then, undated facts included."""
    rows = StatedFact.objects.filter(programme=programme_id)
    if as_of is not None:
        rows = rows.filter(Q(stated_on__lte=as_of) | Q(stated_on=None))
    return [
        StatedFactView(row.code, row.name or row.code, row.value, row.value_q, row.measure, row.source,
                       row.stated_on)
        for row in rows.order_by("code")
    ]


def participants(programme_id: int) -> dict[int, tuple[str, str]]:
    """Unit id → (code, kind) of the units that take part."""
    rows = Participant.objects.filter(programme=programme_id, participates=True)
    return {unit_id: (code, kind) for unit_id, code, kind in rows.values_list(
        "unit_id", "unit__code", "unit__kind")}


CONTACTS = ("contact", "secretary", "office_director", "office_deputy", "head", "deputy")
"""Appointments whose holder answers for a unit, the nearest to it first."""


def contacts(programme_id: int) -> dict[int, str]:
    """Unit id → the post of whoever was appointed to answer for it; units with nobody are left out."""
    rows = Appointment.objects.filter(programme=programme_id, role__in=CONTACTS).exclude(person__post="")
    found = rows.values_list("unit_id", "role", "person__post")
    by_nearness = sorted(found, key=lambda row: -CONTACTS.index(row[1]))
    return {unit_id: post for unit_id, _role, post in by_nearness if unit_id is not None}


def undecided(programme_id: int) -> list[str]:
    """The codes of the units in the campaign's workbook of which nobody says whether they take part."""
    rows = Participant.objects.filter(programme=programme_id, participates=None)
    return list(rows.order_by("unit__code").values_list("unit__code", flat=True))
