"""Groups with who is in them on a day, and cadres with the units that they are assigned to and how often those were
visited. Both as at the day of the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.figures import reads as figures
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint

from .shown import word

MOST = 5_000
VISITS = {"kind": ["visit"]}


@dataclass(frozen=True)
class Roster:
    """A group on the day. `members`: name, since when; `former`: name, until when."""

    name: str
    kind: str
    unit: str
    head: str
    url: str
    add: str
    members: tuple[tuple[str, date | None], ...]
    former: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True)
class Visited:
    """A unit that somebody is assigned to on the day: who, and how often it was visited."""

    unit: str
    people: tuple[tuple[str, str], ...]
    visits: int
    url: str
    add: str


def _at(request: HttpRequest, code: str) -> Standpoint:
    return standpoint(accounts.actor_of(request.user), code,
                      {key: request.GET[key] for key in ("unit", "as_of") if request.GET.get(key)})


def _rows(at: Standpoint, name: str) -> list[tuple[str, Mapping[str, str]]]:
    page = workbook.list_rows(name, at.campaign.programme_id, at.actor, per_page=MOST)
    return list(zip(page.keys, page.rows, strict=True))


def _day(row: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(row[name]) if row.get(name) else None


def _stands(row: Mapping[str, str], day: date) -> bool:
    """Does the row's period, from a day to a day (its last), hold on the day?"""
    first, last = _day(row, "from"), _day(row, "to")
    return (first is None or first <= day) and (last is None or last >= day)


@require_GET
def groups_page(request: HttpRequest, code: str) -> HttpResponse:
    """The groups of a unit and everything below it, by kind, each with its roster on the day."""
    at = _at(request, code)
    below = {each.code: each.label for each in units.units_under(at.unit.path, at.as_of)}
    listed = [(key, row) for key, row in _rows(at, "groups")
              if row.get("unit") in below or (at.whole and not row.get("unit"))]
    members = [row for _key, row in _rows(at, "members")]
    names = units.names_of_people({row["person"] for row in members} | {row.get("head", "") for _k, row in listed})
    may = may_write(at.actor, "members", at.campaign.programme_id, at.unit.path)
    rosters: dict[str, list[Roster]] = {}
    for key, row in listed:
        own = [each for each in members if each["group"] == key]
        kind = word("groups", "kind", row.get("kind", ""))
        rosters.setdefault(kind, []).append(Roster(
            row.get("name") or key, kind, below.get(row.get("unit", ""), at.campaign.name),
            names.get(row.get("head", ""), ""), link(at, "record", "groups", key, unit=None, as_of=None),
            link(at, "add", "members", unit=None, as_of=None, group=key) if may else "",
            tuple((names.get(each["person"], each["person"]), _day(each, "from")) for each in own
                  if _stands(each, at.as_of)),
            tuple((names.get(each["person"], each["person"]), _day(each, "to")) for each in own
                  if _day(each, "to") and not _stands(each, at.as_of) and (_day(each, "to") or at.as_of) < at.as_of)))
    return render(request, "desk/groups.html", {
        "at": at, "kinds": sorted(rosters.items()),
        "add": link(at, "add", "groups", as_of=None)
        if may_write(at.actor, "groups", at.campaign.programme_id, at.unit.path) else ""})


@require_GET
def visits_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who is assigned where on the day, and which of those units were visited how often: those not yet visited
    first."""
    at = _at(request, code)
    below = {each.code: each for each in units.units_under(at.unit.path, at.as_of)}
    assigned: dict[str, list[Mapping[str, str]]] = {}
    for _key, row in _rows(at, "assignments"):
        if row["unit"] in below and _stands(row, at.as_of):
            assigned.setdefault(row["unit"], []).append(row)
    names = units.names_of_people({row["person"] for listed in assigned.values() for row in listed})
    held = figures.own_amounts("activities.held", at.scope, VISITS)
    lines = []
    for unit, listed in assigned.items():
        view = below[unit]
        writes = may_write(at.actor, "activities", at.campaign.programme_id, view.path)
        lines.append(Visited(
            view.label, tuple((names.get(row["person"], row["person"]),
                               word("assignments", "role", row.get("role", ""))) for row in listed),
            int(held.get(view.id) or 0), link(at, "figure", "activities.held", unit=unit, **VISITS),
            link(at, "capture", unit=unit, as_of=None, kind="visit") if writes else ""))
    lines.sort(key=lambda each: (each.visits, each.unit))
    return render(request, "desk/visits.html", {
        "at": at, "lines": lines, "missing": sum(not each.visits for each in lines),
        "add": link(at, "add", "assignments", unit=None, as_of=None)
        if may_write(at.actor, "assignments", at.campaign.programme_id, at.unit.path) else ""})
