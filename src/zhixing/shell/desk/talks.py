"""Heart-to-heart talks: the pair and the kind, who has talked with whom, and notes that the two alone can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from zhixing.flow.activities import actions
from zhixing.flow.activities import reads as activities
from zhixing.flow.activities.types import Expected, TalkMatrix
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.workbook.types import Faulty
from zhixing.outputs.boards.reads import link, narrower, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.fields import Field

from .capture import new_code
from .sessions import at_session, may_hold, require_holding

MOST = 200
WIDEST = 16
"""With no more people than this in the second category, the page is a table of who has talked with whom; with more,
each line names those still to be talked with."""

NAMED = 12


@dataclass(frozen=True)
class Box:
    """A pair in the table: `state` is done, missing or none (not a pair)."""

    state: str
    on: date | None
    url: str


@dataclass(frozen=True)
class Line:
    person: Expected
    boxes: tuple[Box, ...]
    done: int
    owed: int
    missing: tuple[Expected, ...]
    more: int


def talks_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who has talked with whom, kind by kind, and the form that enters a talk."""
    at = standpoint(accounts.actor_of(request.user), code, {"unit": request.GET["unit"]} if request.GET.get("unit")
                    else {})
    kinds = activities.pairs(at.campaign.programme_id)
    asked = request.GET.get("kind", "")
    kind = asked if asked in kinds else next(iter(kinds), "")
    if request.method == "POST":
        return _enter(request, at, kinds)
    who, whom = request.GET.get("who", ""), request.GET.get("whom", "")
    cells = {"pair_kind": kind, "host": who, "counterpart": whom, "starts_at": clock.today().isoformat()}
    return _page(request, at, kinds, kind, cells, new_code())


def _enter(request: HttpRequest, at: Standpoint, kinds: Mapping[str, tuple[str, str, bool]]) -> HttpResponse:
    require_holding(at)
    names = ("pair_kind", "host", "counterpart", "starts_at")
    cells = {name: request.POST.get(name, "").strip() for name in names}
    form = request.POST.get("code", "")
    kind = cells["pair_kind"] if cells["pair_kind"] in kinds else next(iter(kinds), "")
    if request.POST.get("show"):
        return redirect(link(at, "talks", as_of=None, kind=kind))
    try:
        on = date.fromisoformat(cells["starts_at"])
    except ValueError:
        return _page(request, at, kinds, kind, cells, form, {"starts_at": _("Write the day as 2026-05-18.")})
    try:
        actions.hold_talk(at.campaign.programme_id, at.unit.id, form, cells["host"], cells["counterpart"],
                          cells["pair_kind"], on, actor=at.actor)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        wrong = {fault.column: fault.message for fault in error.faults} if isinstance(error, Faulty) else {}
        return _page(request, at, kinds, kind, cells, form, wrong, "" if wrong else str(error))
    messages.success(request, _("Entered. Only who talked with whom is kept, not what was said."))
    return redirect(link(at, "talks", as_of=None, kind=kind))


def _page(request: HttpRequest, at: Standpoint, kinds: Mapping[str, tuple[str, str, bool]], kind: str,
          cells: Mapping[str, str], form: str, wrong: Mapping[str, str] | None = None, said: str = "") -> HttpResponse:
    programme, today = at.campaign.programme_id, clock.today()
    wrong = wrong or {}
    pair = kinds.get(kind, ("", "", False))
    matrix = activities.talk_matrix(programme, kind, pair, at.unit.path, today, MOST) if kind else TalkMatrix(
        (), (), 0, 0)
    wide = len(matrix.columns) > WIDEST
    may = may_hold(at)
    words = {name: str(at.pack.label("pair_kinds", name)) for name in kinds}
    first = activities.talkers(programme, at.unit.path, today, pair[0]) if kind and may else []
    recent = activities.talks(programme, at.actor, activities.own_units(programme, at.unit.path, today))
    noted = activities.noted([each.id for each in recent])
    return render(request, "desk/talks.html", {
        "at": at, "parts": narrower(at), "kind": kind, "kinds": [(name, word, link(at, "talks", as_of=None, kind=name))
                                          for name, word in words.items()],
        "word": words.get(kind, ""), "matrix": matrix, "wide": wide, "may": may,
        "lines": _lines(at, matrix, kind, may, wide),
        "first_word": at.pack.label("person_categories", pair[0]) if kind else "",
        "second_word": at.pack.label("person_categories", pair[1]) if kind else "",
        "fields": _fields(kind, words, first, matrix, cells, wrong) if may and kind else [], "code": form,
        "further": [said] if said else [],
        "recent": [(each, words.get(each.pair_kind, each.pair_kind), each.id in noted,
                    link(at, "talk", each.code, unit=None, as_of=None)) for each in recent],
    }, status=422 if wrong or said else 200)


def _lines(at: Standpoint, matrix: TalkMatrix, kind: str, may: bool, wide: bool) -> list[Line]:
    lines = []
    for row in matrix.rows:
        missing = {each.code for each in row.missing}
        boxes = () if wide else tuple(
            Box("done", row.talked[other.code], "") if other.code in row.talked
            else Box("missing" if other.code in missing else "none", None,
                     link(at, "talks", as_of=None, kind=kind, who=row.person.code, whom=other.code) + "#f-pair_kind"
                     if may and other.code in missing else "")
            for other in matrix.columns)
        lines.append(Line(row.person, boxes, len(row.talked), len(row.talked) + len(row.missing),
                          row.missing[:NAMED], max(0, len(row.missing) - NAMED)))
    return lines


def _fields(kind: str, words: Mapping[str, str], first: list[Expected], matrix: TalkMatrix,
            cells: Mapping[str, str], wrong: Mapping[str, str]) -> list[Field]:
    def options(people: list[Expected]) -> tuple[tuple[str, str], ...]:
        return tuple((each.code, f"{each.name} {each.post}".strip()) for each in people[:2000])

    return [
        Field("pair_kind", _("Kind"), "select", kind, options=tuple(words.items()), blank=_("Choose"),
              fault=wrong.get("pair_kind", "")),
        Field("host", _("Who"), "select", cells.get("host", ""), options=options(first), blank=_("Choose"),
              fault=wrong.get("host", "")),
        Field("counterpart", _("With whom"), "select", cells.get("counterpart", ""),
              options=options(list(matrix.columns)), blank=_("Choose"), fault=wrong.get("counterpart", "")),
        Field("starts_at", _("When"), value=cells.get("starts_at", ""), type="date", fault=wrong.get("starts_at", "")),
    ]


@never_cache
@sensitive_post_parameters()
def talk_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One talk: the pair, the kind, the day; and its note, for those who know the phrase. Neither the phrase nor what
    it opens is written anywhere, and the page that shows it is kept by no browser."""
    at, view = at_session(request, code, key)
    if view.kind != "talk":
        raise NotFound(_("There is no talk with the code %(code)s.") % {"code": key})
    programme = at.campaign.programme_id
    note, wrong, status = "", "", 200
    phrase, text = request.POST.get("phrase", ""), request.POST.get("text", "")
    if request.method == "POST":
        try:
            if request.POST.get("remove"):
                actions.remove_note(programme, key, actor=at.actor)
                messages.success(request, _("The sealed note was taken out, unread."))
                return redirect(link(at, "talk", key, unit=None))
            if request.POST.get("open"):
                note = actions.open_note(programme, key, phrase, actor=at.actor)
            else:
                actions.seal_note(programme, key, phrase, text, actor=at.actor, before=request.POST.get("before", ""))
                messages.success(request, _("Sealed. Without the phrase nobody can read it, the office included; there "
                                            "is no way to recover it."))
                return redirect(link(at, "talk", key, unit=None))
        except (NotAllowed, NotFound):
            raise
        except Refused as error:
            wrong, status = str(error), 422
    response = render(request, "desk/talk.html", {
        "at": at, "talk": view, "word": at.pack.label("pair_kinds", view.pair_kind), "note": note,
        "sealed": bool(activities.noted([view.id])), "may": may_hold(at), "further": [wrong] if wrong else [],
        "typed": text if wrong else "", "opened": bool(note),
        "phrase": Field("phrase", _("The phrase of you two"), type="password", autocomplete="off",
                        hint=_("At least ten characters. It is kept nowhere: who forgets it cannot read the note "
                               "again.")),
    }, status=status)
    return response
