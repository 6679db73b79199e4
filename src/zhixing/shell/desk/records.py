"""Every table by hand: its list, its form, and taking a row out. Made from the tables' declarations; rooms
replace these pages with better ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write, role_may_write
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.spreadsheets import harmless
from zhixing.ground.kernel.tables import Table, label, table, tables
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import actions
from zhixing.ground.workbook import reads as workbook
from zhixing.ground.workbook.types import Fault, Faulty, Outdated
from zhixing.outputs.boards.reads import link, page_number, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language

from . import adding, burden, changes, forms
from .shown import HOSTS, heading_of, heads, name_of, said, shown

ROOMS = (
    ("campaigns", gettext_lazy("The campaign")),
    ("duties", gettext_lazy("Duties")),
    ("units", gettext_lazy("Units and people")),
    ("activities", gettext_lazy("Activities")),
    ("study", gettext_lazy("Study and research")),
    ("opinions", gettext_lazy("Forms and opinions")),
    ("issues", gettext_lazy("Issues")),
    ("ballots", gettext_lazy("Votes")),
    ("supervision", gettext_lazy("Supervision and publicity")),
    ("filings", gettext_lazy("Papers handed in")),
)


def _at(request: HttpRequest, code: str) -> Standpoint:
    """Records are shown as far as the reader may see; `unit` in these addresses is an answer to a question."""
    return standpoint(accounts.actor_of(request.user), code, {})


def _table(name: str) -> Table:
    try:
        return table(name)
    except KeyError:
        raise NotFound(_("There is no table “%(name)s”.") % {"name": name}) from None


def _may_add(at: Standpoint, name: str) -> bool:
    """May the reader add rows of this table anywhere? Where exactly, the engine says on saving."""
    if at.actor.kind != "person":
        return True
    return any(
        role_may_write(grant.role, name) and grant.programme_id in (None, at.campaign.programme_id)
        for grant in at.actor.grants
    )


@require_GET
def tables_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every table, by what it is about."""
    at = _at(request, code)
    groups = []
    for room, title in ROOMS:
        listed = [
            (
                label(language(), each.name),
                link(at, "record-list", each.name, unit=None, as_of=None),
                link(at, "add", each.name, unit=None, as_of=None)
                if each.name != "campaign" and _may_add(at, each.name)
                else "",
            )
            for each in tables()
            if _room(each) == room
        ]
        if listed:
            groups.append((title, listed))
    return render(request, "desk/tables.html", {"at": at, "groups": groups})


def _room(declared: Table) -> str:
    """Under which heading a table stands: its room's, but the campaign itself under the campaign's."""
    return "campaigns" if declared.name == "campaign" else declared.room


@dataclass(frozen=True)
class Line:
    """A row in the list; its first cell leads to its page."""

    key: str
    url: str
    cells: tuple[str, ...]


@require_GET
def table_page(request: HttpRequest, code: str, table: str) -> HttpResponse:
    """The rows of one table that the reader may see: searched, sorted, fifty a page, or as CSV."""
    at = _at(request, code)
    declared = _table(table)
    search, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    if sort.lstrip("-") not in {column.name for column in declared.columns}:
        sort = ""
    if request.GET.get("format") == "csv":
        return _csv(at, declared, search, sort)
    number = request.GET.get("page", "1")
    page = workbook.list_rows(
        table,
        at.campaign.programme_id,
        at.actor,
        search=search,
        sort=sort,
        page=page_number(number),
    )
    listed = heads(declared)
    names = _names(at, declared, page.rows)
    lines = [
        Line(
            key,
            link(at, "record", table, key, unit=None, as_of=None),
            tuple(shown(at, declared, head.column, row, names) for head in listed),
        )
        for key, row in zip(page.keys, page.rows, strict=True)
    ]
    return render(
        request,
        "desk/table.html",
        {
            "at": at,
            "table": declared,
            "title": label(language(), table),
            "heads": listed,
            "lines": lines,
            "page": page,
            "search": search,
            "total": _total(page.total),
            "add": link(at, "add", table, unit=None, as_of=None) if _may_add(at, table) else "",
            "brings": may_write(at.actor, table, at.campaign.programme_id,
                                units.unit_by_id(at.campaign.host_unit_id).path),
        },
    )


def _total(count: int) -> str:
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": f"{count:,}"}


def _csv(at: Standpoint, declared: Table, search: str, sort: str) -> HttpResponse:
    """All rows of the list as CSV that a spreadsheet opens, with the headings of the workbook; no text in it is taken
    for a formula."""
    import csv

    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{at.campaign.code}-{declared.name}.csv"'},
    )
    response.write("\ufeff")
    writer = csv.writer(response)
    names = [column.name for column in declared.columns]
    writer.writerow(names)
    number = 1
    while True:
        page = workbook.list_rows(
            declared.name,
            at.campaign.programme_id,
            at.actor,
            search=search,
            sort=sort,
            page=number,
            per_page=1000,
        )
        writer.writerows([harmless(row.get(name, "")) for name in names] for row in page.rows)
        if number >= page.pages:
            return response
        number += 1


def add_page(request: HttpRequest, code: str, table: str) -> HttpResponse:
    """A new row. The address may fill in some answers (`?kind=…&unit=…`); a unit's own people need not name
    their unit."""
    at = _at(request, code)
    declared = _table(table)
    if request.method != "POST" and table == "filings" and request.GET.get("kind"):
        return redirect(f"{link(at, 'hand-in', unit=None, as_of=None)}?{request.GET.urlencode()}")
    if request.method != "POST":
        own = "" if at.whole else at.unit.code
        given = {
            column.name: request.GET.get(column.name, own if column.name == "unit" else "")
            for column in declared.columns
        }
        kept = adding.kept(request, at, declared, given)
        return _form(request, at, declared, {**given, **kept.code(given)}, kept=kept)
    cells = forms.cells_of(declared, request.POST.dict())
    kept = adding.Kept(adding.own_site(request, request.POST.get("next", "")), request.POST.get("proposed", ""))
    try:
        cells = adding.save(at, declared, cells, kept.proposed)
    except Refused as error:
        again = adding.proposed_again(at, declared, cells, error)
        return _form(request, at, declared, {**cells, **again.code({})}, error, kept=replace(
            kept, proposed=again.proposed or kept.proposed))
    adding.tell(request, at, declared, cells)
    burden.tell(request, at, table, cells.get("code", ""))
    if request.POST.get("again"):
        return redirect(link(at, "add", table, unit=None, as_of=None, next=kept.next))
    return redirect(kept.next or link(at, "record-list", table, unit=None, as_of=None))


def record_page(request: HttpRequest, code: str, table: str, key: str) -> HttpResponse:
    """One row: to read, and for those who may to correct."""
    at = _at(request, code)
    declared = _table(table)
    row = workbook.row(table, at.campaign.programme_id, key, at.actor)
    if request.method != "POST":
        return _form(request, at, declared, row, key=key, seen=row)
    cells = {
        **{name: row.get(name, "") for name in declared.key},
        **forms.cells_of(declared, request.POST.dict(), declared.key),
    }
    seen = forms.seen_of(declared, request.POST.get("seen", ""))
    try:
        report = actions.save_row(table, at.campaign.programme_id, cells, actor=at.actor, code=key, seen=seen)
    except NotFound:
        raise
    except Outdated as error:
        typed = {name: cell if cell != (seen or {}).get(name, "") else error.changed.get(name, (cell, cell))[1]
                 for name, cell in cells.items()}
        now = {**(seen or {}), **{name: cell for name, (_seen, cell) in error.changed.items()}}
        return _form(request, at, declared, typed, error, key=key, seen=now)
    except Refused as error:
        return _form(request, at, declared, cells, error, key=key, seen=seen or row)
    words, doubtful = adding.said(at, declared, {**row, **cells})
    if report.total().updated:
        changes.offer_undo(request, at, table, key, words)
        burden.tell(request, at, table, key, row, cells)
    else:
        messages.success(request, words)
    if doubtful:
        messages.warning(request, doubtful)
    return redirect(link(at, "record", table, key, unit=None, as_of=None))


def _form(
    request: HttpRequest,
    at: Standpoint,
    declared: Table,
    cells: Mapping[str, str],
    error: Refused | None = None,
    *,
    key: str = "",
    seen: Mapping[str, str] | None = None,
    kept: adding.Kept | None = None,
) -> HttpResponse:
    """The form, or for those who may only look the row; after a refusal with what was typed and what is
    wrong. `seen`: what the row says to the reader."""
    may = _may_change(at, declared, cells) if key else _may_add(at, declared.name)
    fixed = declared.key if key else ()
    references, look_ups = _references(at, declared, fixed) if may else ({}, {})
    told = workbook.changes(declared.name, at.campaign.programme_id, key, at.actor) if key else []
    changed = error.changed if isinstance(error, Outdated) else {}
    meanwhile = [{name: pair[which] for name, pair in changed.items()} for which in (0, 1)]
    names = _names(at, declared, [cells, *changes.cells_of(told), *meanwhile])
    faults = (
        error.faults if isinstance(error, Faulty)
        else tuple(changes.meanwhile(at, declared, changed, told, cells, names))
    )
    said_of_all = _said_of_all(declared, error, faults)
    context: dict[str, Any] = {
        "at": at,
        "table": declared,
        "title": label(language(), declared.name),
        "key": key,
        "may": may,
        "facts": [
            (
                label(language(), declared.name, column.name),
                shown(at, declared, column, cells, names),
            )
            for column in declared.columns
            if not may or column.name in fixed
        ],
        "fields": forms.fields_of(
            declared,
            cells,
            faults=faults,
            fixed=fixed,
            references=references,
            look_ups=look_ups,
            names=names,
        )
        if may
        else [],
        "further": said_of_all,
        "kept": kept,
        "seen": forms.seen(seen) if key and may else "",
        "history": changes.past(at, declared, told, cells, names),
        "name": heading_of(at, declared, cells, names) if key else "",
        "remove": link(at, "remove", declared.name, key, unit=None, as_of=None)
        if key and may and not declared.append_only
        else "",
    }
    status = 403 if isinstance(error, NotAllowed) else 409 if changed else 422 if error else 200
    return render(request, "desk/record.html", context, status=status)


def _said_of_all(declared: Table, error: Refused | None, faults: Sequence[Fault]) -> list[str]:
    """What is wrong with the form as a whole."""
    if isinstance(error, Outdated):
        return [
            _("This record was changed while you had it open, and nothing was saved yet. The questions below say what "
              "changed; what you had not touched shows what it says now. Press Save again to keep it as it stands "
              "here."),
            *forms.further(declared, faults),
        ]
    if isinstance(error, Faulty):
        return forms.further(declared, faults)
    return [str(error)] if error else []


def _may_change(at: Standpoint, declared: Table, cells: Mapping[str, str]) -> bool:
    """May the reader change this row? Where the row names its unit, by that unit; else any right to add will
    do here, and the engine says on saving."""
    if declared.append_only or not _may_add(at, declared.name):
        return False
    column = next(
        (each for each in declared.columns if each.field == declared.unit and each.to == "units"), None
    )
    owner = units.units_by_code([cells.get(column.name, "")]) if column else {}
    return all(
        may_write(at.actor, declared.name, at.campaign.programme_id, unit.path) for unit in owner.values()
    )


def _names(at: Standpoint, declared: Table, rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Table → code → name, for what these rows refer to: one query for each table."""
    found: dict[str, dict[str, str]] = {}
    others = {column.to for column in declared.columns if column.kind == "ref" and not column.within}
    for to in ("units", "people", *sorted(others - {"units", "people", "phases"})):
        columns = [column.name for column in declared.columns if column.kind == "ref" and column.to == to]
        codes = {row.get(name, "") for row in rows for name in columns} - {""}
        if codes and to == "units":
            found[to] = {code: unit.label for code, unit in units.units_by_code(codes, at.as_of).items()}
        elif codes and to == "people":
            found[to] = units.names_of_people(codes)
        elif codes:
            found[to] = workbook.names(to, at.campaign.programme_id, codes, at.actor)
    if declared.name == "activities":
        hosts = {row.get("host", "") for row in rows} - {""}
        if hosts:
            of_units = {code: unit.label for code, unit in units.units_by_code(hosts, at.as_of).items()}
            found[HOSTS] = {**of_units, **units.names_of_people(hosts)}
    if any(column.to == "phases" for column in declared.columns):
        found["phases"] = {each.code: each.name for each in campaigns.phases(at.campaign.programme_id)}
    return found


def _references(
    at: Standpoint, declared: Table, fixed: tuple[str, ...]
) -> tuple[dict[str, tuple[tuple[str, str], ...]], dict[str, str]]:
    """For each reference: its choices where they are few, the address that suggests them where many."""
    few: dict[str, tuple[tuple[str, str], ...]] = {}
    many: dict[str, str] = {}
    known: dict[str, tuple[tuple[str, str], ...] | None] = {}
    for column in declared.columns:
        if column.kind != "ref" or column.name in fixed:
            continue
        if column.to not in known:
            page = workbook.list_rows(column.to, at.campaign.programme_id, at.actor)
            known[column.to] = _options(column.to, page) if page.total <= forms.FEW else None
        options = known[column.to]
        if options:
            few[column.name] = options
        else:
            many[column.name] = link(at, "codes", column.to, unit=None, as_of=None, column=column.name)
    return few, many


def _options(name: str, page: workbook.Page) -> tuple[tuple[str, str], ...]:
    declared = table(name)
    return tuple(
        (key, _option(key, name_of(declared, row))) for key, row in zip(page.keys, page.rows, strict=True)
    )


def _option(key: str, name: str) -> str:
    return f"{name} ({key})" if name and name != key else key


@require_GET
def codes_page(request: HttpRequest, code: str, table: str) -> HttpResponse:
    """Suggestions for a reference while one types: the options of a datalist."""
    at = _at(request, code)
    _table(table)
    typed = request.GET.get(request.GET.get("column", ""), "").strip()
    page = workbook.list_rows(table, at.campaign.programme_id, at.actor, search=typed)
    return render(request, "desk/codes.html", {"options": _options(table, page)})


def remove_page(request: HttpRequest, code: str, table: str, key: str) -> HttpResponse:
    """Asks before a row is taken out."""
    at = _at(request, code)
    declared = _table(table)
    row = workbook.row(table, at.campaign.programme_id, key, at.actor)
    if not _may_change(at, declared, row):
        raise NotAllowed(_("Your account can look but not change anything here. Ask the campaign office for a "
                           "role that writes."))
    error = None
    if request.method == "POST":
        error = _remove(at, table, key)
    if request.method == "POST" and error is None:
        changes.offer_undo(request, at, table, key, _("Taken out. The ledger keeps what it said."))
        return redirect(link(at, "record-list", table, unit=None, as_of=None))
    referring, more = workbook.referring_to(table, at.campaign.programme_id, key, at.actor)
    names = _names(at, declared, [row])
    facts = [
        (label(language(), table, column.name), said(at, declared, column, row, names))
        for column in declared.columns
        if row.get(column.name)
    ]
    return render(
        request,
        "desk/remove.html",
        {
            "at": at,
            "table": declared,
            "title": label(language(), table),
            "key": key,
            "name": heading_of(at, declared, row, names),
            "facts": facts,
            "back": link(at, "record", table, key, unit=None, as_of=None),
            "referring": [
                (f"{label(language(), name)} {each}", link(at, "record", name, each, unit=None, as_of=None))
                for name, each in referring
            ],
            "more": more,
            "error": error,
        },
        status=409 if error else 200,
    )


def _remove(at: Standpoint, table: str, key: str) -> Refused | None:
    """Takes the row out; what keeps it, where something does."""
    try:
        actions.remove_row(table, at.campaign.programme_id, key, actor=at.actor)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        return error
    return None
