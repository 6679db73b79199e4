"""Pages of figures: the catalogue, one figure with its records, one duty, and why a cell of the grid says
what it says. Each stands at one standpoint and prints figures; nothing is counted here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhixing.flow.campaigns import reads as campaigns
from zhixing.flow.duties import permits
from zhixing.flow.duties import reads as duties
from zhixing.flow.duties.types import DutyView, State
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.figures import history
from zhixing.ground.figures import reads as figures
from zhixing.ground.figures.types import Evidence, Value, Where
from zhixing.ground.kernel.errors import NotFound
from zhixing.ground.kernel.figures import Figure, figure
from zhixing.ground.kernel.figures import figures as registered
from zhixing.ground.kernel.types import Scope
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook

from . import words
from .board import TONES, standing, state_word
from .reads import link, page_number, standpoint
from .types import Standpoint

PER_PAGE = 50
PARTS = 200

FORMS = {"activities": "capture", "filings": "hand-in"}
"""Table → the page that is made for adding to it, where there is a better one than its plain form."""

PLAIN: Mapping[str, str] = {}

ELSEWHERE = ("talk",)
"""Kinds that those pages do not take."""


def _at(request: HttpRequest, code: str) -> Standpoint:
    return standpoint(accounts.actor_of(request.user), code, request.GET.dict())


@dataclass(frozen=True)
class Line:
    """A figure in the catalogue."""

    name: str
    title: str
    how: str
    value: Value
    noun: str
    url: str


@require_safe
def figures_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every figure with its value from here, grouped by what it is about."""
    at = _at(request, code)
    names = [each.name for each in registered() if not each.needs]
    values = {value.name: value for value in figures.values([(name, at.scope, {}) for name in names])}
    groups = []
    for title, beginnings in words.GROUPS:
        lines = [_line(at, values[name]) for name in names if name.startswith(beginnings)]
        if lines:
            groups.append((title, lines))
    facts = (
        [
            (fact, link(at, "figure", "facts.stated", code=fact.code))
            for fact in campaigns.stated_facts(at.campaign.programme_id, at.as_of)
        ]
        if at.whole
        else []
    )
    return render(request, "boards/figures.html", {"at": at, "groups": groups, "facts": facts})


def _line(at: Standpoint, value: Value) -> Line:
    name = value.name
    return Line(
        name,
        words.title(at.pack, name),
        words.how(name),
        value,
        words.noun(at.pack, name, value.value),
        link(at, "figure", name),
    )


@require_safe
def figure_page(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One figure: its value, how it is counted, by unit, its records, and what was printed of it before."""
    at = _at(request, code)
    found = _figure(name)
    pack = at.pack
    where = where_of(request, found)
    own = request.GET.get("own") == "1"
    scope = Scope(at.campaign.programme_id, at.unit.id, at.as_of, own)
    value = figures.value(name, scope, where)
    page = page_number(request.GET.get("page", "1"))
    missing = request.GET.get("missing") == "1"
    records = figures.evidence(name, scope, where, offset=(page - 1) * PER_PAGE, limit=PER_PAGE, missing=missing)
    query = _query(where)
    bars = [] if own else _bars(at, found, where, query)
    context = {
        "at": at,
        "title": words.named(pack, name, words.said_where(pack, name, where, _phases(at))),
        "how": words.how(name),
        "value": value,
        "own": own,
        "noun": words.noun(pack, name, value.value),
        "records": _records(at, records),
        "page": page,
        "total": value.missing if missing else value.evidence,
        "pages": -(-(value.missing if missing else value.evidence) // PER_PAGE) or 1,
        "missing": missing,
        "other": link(at, "figure", name, own=1 if own else None, missing=None if missing else 1, **query),
        "filters": _filters(at, found, where),
        "bars": [bar for bar in bars if bar.value.evidence or bar.value.value],
        "none": [bar for bar in bars if not (bar.value.evidence or bar.value.value)],
        "history": _history(at, found, own),
        "add": _add(at, found, query),
        "distinct": "distinct" in found.reduce,
    }
    return render(request, "boards/figure.html", context)


def where_of(request: HttpRequest, found: Figure) -> dict[str, list[str]]:
    """The figure's filters in the address. The key `unit` is written `in` there, since `unit` says where the
    reader stands."""
    where: dict[str, list[str]] = {}
    for key in found.offered():
        given = request.GET.getlist("in" if key == "unit" else key)
        values = [part for each in given for part in each.split(";") if part]
        if values:
            where[key] = values
    return where


def _query(where: Where) -> dict[str, object]:
    return {"in" if key == "unit" else key: values for key, values in where.items()}


def _figure(name: str) -> Figure:
    found = figure(name)
    if found is None:
        raise NotFound(_("There is no figure “%(name)s”.") % {"name": name})
    return found


@dataclass(frozen=True)
class Filter:
    """One `where` key as a field; without `options` it is typed."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


_ROWS = {"poll": "polls", "channel": "channels", "aspect": "poll_aspects"}
"""`where` key → the table whose rows are its values."""


def _known(at: Standpoint, found: Figure, key: str) -> dict[str, str]:
    """The values that a filter may take, in words; empty where they are typed."""
    programme = at.campaign.programme_id
    if key == "phase":
        return _phases(at)
    if key == "duty":
        return {duty.code: duty.name for duty in duties.duties(programme)}
    if key in _ROWS:
        rows = workbook.list_rows(_ROWS[key], programme, at.actor, per_page=PARTS).rows
        return {row["code"]: row.get("title") or row.get("name") or row["code"] for row in rows}
    return words.options(at.pack, found.name, key)


def _filters(at: Standpoint, found: Figure, where: Where) -> list[Filter]:
    fields = []
    for key in found.offered():
        if key == "unit" and key not in where:
            continue
        known = _known(at, found, key)
        value = ";".join(where.get(key, ()))
        if known and value and value not in known:
            known[value] = value
        fields.append(Filter("in" if key == "unit" else key, words.key(key), value, tuple(known.items())))
    return fields


@dataclass(frozen=True)
class Bar:
    """One part of the unit: `share` is its length, 0 to 100."""

    label: str
    value: Value
    url: str
    share: float


def _bars(at: Standpoint, found: Figure, where: Where, query: Mapping[str, object]) -> list[Bar]:
    """The figure by the unit's direct parts, and the unit itself where it has records of its own."""
    if not at.unit.is_open:
        return []
    by_part = figures.by_unit(found.name, at.scope, where)
    parts = units.children_on(at.unit.path, at.as_of)[:PARTS]
    own = figures.value(found.name, Scope(at.campaign.programme_id, at.unit.id, at.as_of, own=True), where)
    empty = figures.nothing(found.name, at.scope, where)
    shown = [(part.label, by_part.get(part.id, empty), {"unit": part.code, **query}) for part in parts]
    if shown and own.evidence:
        shown.insert(
            0,
            (_("%(unit)s itself") % {"unit": at.unit.label}, own, {"own": 1, "unit": at.unit.code, **query}),
        )
    most = max((float(value.value) for _label, value, _query in shown if value.value is not None), default=0)
    return [
        Bar(
            label,
            value,
            link(at, "figure", found.name, **asked),
            float(value.value or 0) / most * 100 if most else 0,
        )
        for label, value, asked in shown
    ]


@dataclass(frozen=True)
class Shown:
    """A record behind a value, with the address of its row ("" where the table is not known)."""

    record: Evidence
    unit: str
    url: str


def _records(at: Standpoint, listed: list[Evidence]) -> list[Shown]:
    views = units.units_by_id({each.unit_id for each in listed if each.unit_id}, at.as_of)
    return [
        Shown(
            each,
            views[each.unit_id].label if each.unit_id in views else "",
            record_url(at, each.table, each.record),
        )
        for each in listed
    ]


def record_url(at: Standpoint, table: str, record: str) -> str:
    """The row of a record. A record that follows from an activity (`activity/person`) opens the activity, a
    duty of a unit (`duty/unit`) its cell."""
    if not table:
        return ""
    first, _bar, second = record.partition("/")
    if table == "duties" and second:
        return link(at, "duty-unit", first, second, unit=None)
    if table in ("activities", "people", "units", "duties"):
        return link(at, "record", table, first, unit=None, as_of=None)
    return link(at, "record", table, record, unit=None, as_of=None)


def _history(at: Standpoint, found: Figure, own: bool) -> list[Any]:
    """What was frozen of this figure here, with what has changed since."""
    frozen = history.of_figure(found.name, at.campaign.programme_id, at.unit.id, limit=5)
    return [history.drift(each.id) for each in frozen if each.scope.own == own]


def add_address(at: Standpoint, duty: DutyView) -> str:
    """The form that adds what a duty counts; "" where the reader may not."""
    return _add(at, _figure(duty.figure), _query(duty.where), FORMS)


def _add(at: Standpoint, found: Figure, query: Mapping[str, object], forms: Mapping[str, str] = PLAIN) -> str:
    """The form that adds to the figure, filled as far as the filters say; "" where the reader may not. `forms`: the
    pages that stand for the plain forms of tables."""
    if not found.adds or not may_write(at.actor, found.adds, at.campaign.programme_id, at.unit.path):
        return ""
    given = {
        key: values[0]
        for key, values in query.items()
        if isinstance(values, list) and values and key not in ("in", "unit")
    }
    unit = at.unit.code if at.unit.id != at.campaign.host_unit_id or "unit" in at.asked else None
    page = forms.get(found.adds, "")
    if not page or given.get("kind") in ELSEWHERE:
        return link(at, "add", found.adds, as_of=None, **{**given, "unit": unit})
    return link(at, page, as_of=None, **{**given, "unit": unit})


@require_safe
def duty_page(request: HttpRequest, code: str, duty: str) -> HttpResponse:
    """One duty, unit by unit from here: those that are not done first."""
    at = _at(request, code)
    found = _duty(at, duty)
    listed = duties.states(at.campaign.programme_id, at.as_of, path=at.unit.path, codes=[duty])
    order = ["overdue", "extended", "under_way", "not_due", "made_up_late", "met", "waived"]
    ranked = sorted(listed, key=lambda each: order.index(each.state))
    first = (page_number(request.GET.get("page", "1")) - 1) * PARTS
    shown = ranked[first : first + PARTS]
    views = units.units_by_id({each.unit_id for each in shown}, at.as_of)
    rows = [
        (
            views[each.unit_id].label,
            _person(each, views[each.unit_id].code),
            _told(each),
            link(at, "duty-unit", duty, views[each.unit_id].code, unit=None),
        )
        for each in shown
        if each.unit_id in views
    ]
    return _page(
        request,
        "boards/duty.html",
        {
            "at": at,
            "duty": found,
            "rows": rows,
            **_duty_words(at, found),
            "more": first + PARTS if ranked[first + PARTS :] else 0,
            "next": first // PARTS + 2,
        },
    )


def _person(each: State, unit_code: str) -> str:
    """Whose state it is, where a person owes the duty."""
    whose = each.record.partition("/")[2]
    return "" if whose == unit_code else whose


def _told(each: State) -> dict[str, str]:
    return {
        "tone": TONES[each.state],
        "word": standing(each, state_word(each.state)),
        "state": state_word(each.state),
    }


@require_safe
def duty_unit_page(request: HttpRequest, code: str, duty: str, unit: str) -> HttpResponse:
    """Why a cell of the grid says what it says."""
    at = standpoint(accounts.actor_of(request.user), code, {**request.GET.dict(), "unit": unit})
    found = _duty(at, duty)
    below = duties.states(at.campaign.programme_id, at.as_of, path=at.unit.path, codes=[duty])
    listed = [each for each in below if each.unit_id == at.unit.id]
    scope = Scope(at.campaign.programme_id, at.unit.id, at.as_of, own=True)
    value = figures.value(found.figure, scope, found.where)
    declared = _figure(found.figure)
    records = figures.evidence(found.figure, scope, found.where, limit=PER_PAGE)
    query = _query(found.where)
    pack = at.pack
    return _page(
        request,
        "boards/duty_unit.html",
        {
            "at": at,
            "duty": found,
            "value": value,
            "noun": words.noun(pack, found.figure, value.value),
            "states": [(_person(each, unit), _told(each)) for each in listed],
            "owed": bool(listed),
            "waived": any(each.waived for each in listed),
            "moved": next((each.moved for each in listed if each.moved), None),
            "ask": _ask(at, listed),
            "waiver": link(at, "record", "waivers", f"{duty}/{unit}", unit=None, as_of=None),
            "records": _records(at, records),
            "rest": bool(value.evidence > PER_PAGE),
            "figure_url": link(at, "figure", found.figure, own=1, unit=unit, **query),
            "add": _add(at, declared, query, FORMS),
            **_duty_words(at, found),
        },
    )


def _ask(at: Standpoint, listed: list[State]) -> str:
    """Where to ask the office about the duty; "" where it is done, or the reader asks nothing for the unit."""
    rest = [each for each in listed if not each.met and not each.waived]
    if not rest or not permits.may_ask(at.actor, at.campaign.programme_id, at.unit.path):
        return ""
    return link(at, "ask", rest[0].duty.code, at.unit.code, unit=None, as_of=None)


def _duty(at: Standpoint, code: str) -> DutyView:
    listed = duties.duties(at.campaign.programme_id, codes=[code])
    if not listed:
        raise NotFound(_("There is no duty with the code %(code)s.") % {"code": code})
    return listed[0]


def _phases(at: Standpoint) -> dict[str, str]:
    return {phase.code: phase.name for phase in campaigns.phases(at.campaign.programme_id)}


def _duty_words(at: Standpoint, duty: DutyView) -> dict[str, object]:
    """What is asked, by when, in words. The phase is not said twice."""
    declared = _figure(duty.figure)
    names = _phases(at)
    where = {key: values for key, values in duty.where.items() if key != "phase" or values != [duty.phase]}
    said = words.said_where(at.pack, duty.figure, where, names)
    return {
        "phase": names.get(duty.phase, ""),
        "figure_title": words.named(at.pack, duty.figure, said),
        "measure": declared.measure,
        "target_noun": words.noun(at.pack, duty.figure, duty.at_least),
        "duty_url": link(at, "duty", duty.code, unit=None),
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or what of it stands in the drawer when the board asks for it."""
    inside = request.headers.get("HX-Request") == "true"
    response = render(request, template, {**context, "layout": "drawer.html" if inside else "base.html"})
    if inside:
        # The board keeps its address: the drawer's page is one link away.
        response.headers["HX-Push-Url"] = "false"
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response
