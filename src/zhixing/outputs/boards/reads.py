"""Where a reader stands, and the boards that pages show from there. Nothing is counted here: every number
is a figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.campaigns.types import CampaignView
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.figures import reads as figures
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import STEP, UnitView

from . import words
from .types import Crumb, Standpoint, Tile


def standpoint(actor: Actor, code: str, asked: Mapping[str, str]) -> Standpoint:
    """Where the reader stands by an address's `unit` and `as_of`; with neither, at the highest unit that
    they may see, today. Raises NotFound, in the same words for what is not there and what is not theirs;
    Refused for a day that is none."""
    as_of = _day(asked.get("as_of", ""))
    campaign, tops = _campaign(actor, code, as_of)
    wanted = asked.get("unit", "")
    unit = _unit(actor, campaign, wanted, as_of) if wanted else tops[0]
    kept = {key: asked[key] for key in ("unit", "as_of") if asked.get(key)}
    pack = campaigns.pack_in(campaign.programme_id, words.language())
    return Standpoint(
        actor,
        campaign,
        pack,
        unit,
        as_of,
        kept,
        _chain(actor, campaign, unit, as_of, kept),
        tops if len(tops) > 1 else (),
    )


def narrower(at: Standpoint) -> list[UnitView]:
    """The units directly below, to which one may step; the first hundred."""
    return units.children_on(at.unit.path, at.as_of)[:100] if at.unit.is_open else []


def visible_campaigns(actor: Actor) -> list[CampaignView]:
    """The campaigns of which the reader may see anything, by code."""
    today = clock.today()
    return [each for each in campaigns.campaigns() if _tops(actor, each, today)]


def link(at: Standpoint, page: str, *parts: str, **query: object) -> str:
    """The address of a page of the campaign, from the same standpoint. A query value of None or "" is left
    out, also where the standpoint has one."""
    merged: dict[str, object] = {**at.asked, **query}
    pairs = [
        (key, each)
        for key, value in merged.items()
        if value not in (None, "")
        for each in (value if isinstance(value, (list, tuple)) else [value])
    ]
    tail = urlencode([(key, str(each)) for key, each in pairs])
    return reverse(page, args=[at.campaign.code, *parts]) + (f"?{tail}" if tail else "")


STRIP: tuple[tuple[str, dict[str, list[str]]], ...] = (
    ("activities.units_held", {"kind": ["mobilisation"]}),
    ("activities.person_times", {}),
    ("forms.returned", {}),
    ("opinions.received", {}),
    ("research.reports", {}),
    ("issues.listed", {}),
    ("filings.filed", {}),
    ("publicity.items", {}),
)
"""What the overview shows first, as far as there are records: four of these, and what is overdue."""


def strip(at: Standpoint) -> list[Tile]:
    """The key figures of the campaign from here."""
    told: list[Tile] = []
    for name, where in STRIP:
        tile = _tile(at, name, where)
        if tile.value.evidence or tile.value.why:
            told.append(tile)
        if told[3:]:
            break
    return [*told, _warning(_tile(at, "duties.overdue", {}))]


def _warning(tile: Tile) -> Tile:
    return Tile(tile.value, tile.noun, tile.words, tile.url, warn=bool(tile.value.value))


def _tile(at: Standpoint, name: str, where: dict[str, list[str]]) -> Tile:
    value = figures.value(name, at.scope, where)
    pack = at.pack
    said = words.title(pack, name)
    if where.get("kind") == ["mobilisation"]:
        label = pack.label("activity_kinds", "mobilisation")
        said = _("units that held: %(kind)s") % {"kind": label}
    out_of = ""
    if name == "activities.units_held":
        whole = figures.value("units.participating", at.scope)
        out_of = str(whole.value) if whole.value else ""
    return Tile(value, words.noun(pack, name, value.value), said, link(at, "figure", name, **where), out_of)


def _day(text: str) -> date:
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("“%(text)s” is not a day. Write it as 2026-05-18.") % {"text": text}) from None


def _campaign(actor: Actor, code: str, as_of: date) -> tuple[CampaignView, tuple[UnitView, ...]]:
    unknown = NotFound(_("There is no campaign with the code %(code)s.") % {"code": code})
    try:
        campaign = campaigns.campaign(code)
    except NotFound:
        raise unknown from None
    tops = _tops(actor, campaign, as_of)
    if not tops:
        raise unknown
    return campaign, tops


def _tops(actor: Actor, campaign: CampaignView, as_of: date) -> tuple[UnitView, ...]:
    """The highest units of the campaign that the reader may see."""
    host = units.unit_by_id(campaign.host_unit_id, as_of)
    if accounts.may_see(actor, campaign.programme_id, host.path):
        return (host,)
    paths = sorted(
        {
            grant.path
            for grant in actor.grants
            if grant.path.startswith(host.path) and grant.programme_id in (None, campaign.programme_id)
        }
    )
    highest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    found = units.units_by_id([int(path[-STEP:]) for path in highest], as_of)
    return tuple(found[int(path[-STEP:])] for path in highest if int(path[-STEP:]) in found)


def _unit(actor: Actor, campaign: CampaignView, code: str, as_of: date) -> UnitView:
    unknown = NotFound(_("There is no unit with the code %(code)s.") % {"code": code})
    try:
        unit = units.unit(code, as_of)
    except NotFound:
        raise unknown from None
    host = units.unit_by_id(campaign.host_unit_id, as_of)
    if not unit.path.startswith(host.path) or not accounts.may_see(actor, campaign.programme_id, unit.path):
        raise unknown
    return unit


def _chain(
    actor: Actor, campaign: CampaignView, unit: UnitView, as_of: date, asked: Mapping[str, str]
) -> tuple[Crumb, ...]:
    """From the highest visible superior down to the unit, each with its overview."""
    day = {"as_of": asked["as_of"]} if "as_of" in asked else {}
    above = [
        each
        for each in units.ancestors_on(unit.id, as_of)
        if accounts.may_see(actor, campaign.programme_id, each.path)
    ]
    first = next((place for place, each in enumerate(above) if each.id == campaign.host_unit_id), 0)
    crumbs = []
    for each in [*above[first:], unit]:
        query = {**day, **({} if each.id == campaign.host_unit_id else {"unit": each.code})}
        tail = f"?{urlencode(query)}" if query else ""
        crumbs.append(Crumb(each.label, reverse("campaign", args=[campaign.code]) + tail))
    return tuple(crumbs)


def page_number(text: str) -> int:
    """The page that an address asks for; the first where it asks for none that can be."""
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1
