"""The burden meter: what the campaign asks of each unit in a week, and by which duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import Ask, Burden
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.tables import label
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import STEP, UnitView
from zhixing.outputs.boards.board import ROWS
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language

TARGET = ("figure", "where", "at_least", "applies_to")
"""The columns of a duty that say what it asks for."""


@dataclass(frozen=True)
class Row:
    """A unit, or the mean of a group's `units`."""

    name: str
    url: str
    fields: Decimal
    files: Decimal
    minutes: Decimal
    units: int = 1


@dataclass(frozen=True)
class Basis:
    """One duty and what it asks a week, through which form."""

    duty: str
    url: str
    form: str
    records: Decimal
    fields: Decimal
    files: Decimal
    minutes: Decimal


@require_GET
def burden_page(request: HttpRequest, code: str) -> HttpResponse:
    """From a unit with parts: its units, the most burdened first; of one unit: what asks for it, duty by duty."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    found = duties.burden(at.campaign.programme_id, at.as_of, path=at.unit.path) if at.unit.is_open else {}
    own = found.get(at.unit.id)
    folded = len(found) > ROWS
    rows = _groups(at, found) if folded else _rows(at, found)
    return render(request, "desk/burden.html", {
        "at": at, "rows": [] if list(found) == [at.unit.id] else rows, "folded": folded,
        "total": own, "basis": [_basis(at, each) for each in (own.asks if own else ())],
    })


def _rows(at: Standpoint, found: Mapping[int, Burden]) -> list[Row]:
    views = units.units_by_id(found, at.as_of)
    rows = [_row(at, views[unit], [each]) for unit, each in found.items() if unit in views]
    return sorted(rows, key=lambda row: -row.minutes)


def _row(at: Standpoint, unit: UnitView, listed: Sequence[Burden]) -> Row:
    count = len(listed)
    each_kind = zip(*((each.fields, each.files, each.minutes) for each in listed), strict=True)
    fields, files, minutes = (sum(numbers, Decimal(0)) / count for numbers in each_kind)
    return Row(unit.label, link(at, "burden", unit=unit.code), fields, files, minutes, count)


def _groups(at: Standpoint, found: Mapping[int, Burden]) -> list[Row]:
    """The mean of each direct part, since there are too many units for one page."""
    paths = units.paths_under(at.unit.path, at.as_of)
    members: dict[str, list[Burden]] = {}
    for unit, each in found.items():
        members.setdefault(paths.get(unit, at.unit.path)[:len(at.unit.path) + STEP], []).append(each)
    parts = units.children_on(at.unit.path, at.as_of)
    rows = [_row(at, part, members[part.path]) for part in parts if part.path in members]
    return sorted(rows, key=lambda row: -row.minutes)[:ROWS]


def _basis(at: Standpoint, ask: Ask) -> Basis:
    return Basis(
        ask.duty.name, link(at, "duty-unit", ask.duty.code, at.unit.code, unit=None),
        label(language(), ask.table) if ask.table else "", ask.records, ask.fields, ask.files, ask.minutes)


def tell(request: HttpRequest, at: Standpoint, table: str, code: str, before: Mapping[str, str] | None = None,
         after: Mapping[str, str] | None = None) -> None:
    """Whoever has set a duty is told on the next page where it asks for what another one asks for, or for what is on
    record already. Of a correction only where it changed what is asked."""
    if table != "duties" or (before and after and all(before.get(name) == after.get(name, before.get(name))
                                                      for name in TARGET)):
        return
    for words in duties.advice(at.campaign.programme_id, code, at.as_of):
        messages.warning(request, words)
