"""Lists that go out as a sheet and come back, blank forms on paper, and many units' sessions from one sheet."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import Column, Table, label, table
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads as workbook
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language
from zhixing.shell.fields import Field

from . import forms, many
from . import workbook as uploads
from .shown import word

NUMBERS = ("count", "amount", "whole", "number")
SPELLED = 24
"""So many choices are spelled out on a blank form; more are left to be written."""

LINES = 3
"""Lines to write on for a long answer."""


def _at(request: HttpRequest, code: str) -> Standpoint:
    return standpoint(accounts.actor_of(request.user), code, {})


def _declared(name: str) -> Table:
    try:
        return table(name)
    except KeyError:
        raise NotFound(_("There is no table “%(name)s”.") % {"name": name}) from None


@require_GET
def list_page(request: HttpRequest, code: str, table: str) -> HttpResponseBase:
    """The rows of a list as an Excel sheet that comes in again unchanged."""
    at = _at(request, code)
    declared = _declared(table)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "list.xlsx"
        _write(at, declared, request.GET.get("q", "").strip(), request.GET.get("sort", ""), place)
        file = place.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{at.campaign.code}-{label(language(), table)}.xlsx")


def _write(at: Standpoint, declared: Table, search: str, sort: str, place: Path) -> None:
    """Headings in the reader's words, cells as the workbook writes them."""
    import xlsxwriter

    book: Any = xlsxwriter.Workbook(str(place), {"constant_memory": True, "strings_to_formulas": False,
                                                 "strings_to_numbers": False, "strings_to_urls": False})
    sheet = book.add_worksheet(label(language(), declared.name)[:31])
    sheet.freeze_panes(1, 1)
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    for place_, column in enumerate(declared.columns):
        sheet.set_column(place_, place_, 36 if column.kind == "long" else 18,
                         None if column.kind in NUMBERS else text)
        sheet.write_string(0, place_, label(language(), declared.name, column.name), bold)
    line = 0
    number, pages = 1, 1
    while number <= pages:
        page = workbook.list_rows(declared.name, at.campaign.programme_id, at.actor, search=search, sort=sort,
                                  page=number, per_page=1000)
        for row in page.rows:
            line += 1
            for place_, column in enumerate(declared.columns):
                _cell(sheet, line, place_, column, row.get(column.name, ""), text)
        number, pages = number + 1, page.pages
    book.close()


def _cell(sheet: Any, line: int, place: int, column: Column, cell: str, text: Any) -> None:
    if not cell:
        return
    if len(cell) > 32_767:
        raise Refused(_("A text in this list is longer than a cell of Excel can hold. Take it away as CSV."))
    if column.kind in NUMBERS and cell.isascii() and cell.replace(".", "", 1).isdigit() and len(cell) < 15:
        sheet.write_number(line, place, float(cell))
    else:
        sheet.write_string(line, place, cell, text)


@require_GET
def blank_page(request: HttpRequest, code: str, table: str) -> HttpResponse:
    """A blank form of a table on A4, to be filled in by hand: headings, lines, choices spelled out."""
    at = _at(request, code)
    declared = _declared(table)
    answers = [_answer(declared, column) for column in declared.columns]
    return render(request, "desk/blank.html", {
        "at": at, "title": label(language(), table), "answers": answers,
        "back": link(at, "record-list", table, unit=None, as_of=None)})


def _answer(declared: Table, column: Column) -> dict[str, object]:
    choices: Sequence[str] = ()
    listed = forms.fields_of(declared, {})
    question = next(each for each in listed if each.name == column.name)
    if column.kind in ("choice", "word") and len(question.options) <= SPELLED:
        choices = [word(declared.name, column.name, code) for code, _words in question.options]
    elif column.kind == "yesno":
        choices = [_("yes"), _("no")]
    needed = column.required or (column.name in declared.key and column.name not in declared.loose)
    return {"label": label(language(), declared.name, column.name), "needed": needed, "choices": choices,
            "open": column.kind == "word" and bool(choices), "kind": column.kind,
            "lines": range(LINES if column.kind == "long" else 1), "hint": forms.hint(column)}


def sessions_page(request: HttpRequest, code: str) -> HttpResponse:
    """Many units' sessions at once: the ready-made sheet to take away, and the way to hand it in."""
    at = _sessions_at(request, code)
    fault = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        fault = uploads.refused_upload(file)
        if file is not None and not fault:
            return redirect(link(at, "many-check", uploads.keep(request, file), unit=None, as_of=None))
    return render(request, "desk/many.html", {"at": at, "fields": [_question(fault)]},
                  status=422 if fault else 200)


def _question(fault: str) -> Field:
    return uploads.question(fault, _("The sheet, filled in"), _("The Excel file (.xlsx) that you took away here."))


def _sessions_at(request: HttpRequest, code: str) -> Standpoint:
    at = standpoint(accounts.actor_of(request.user), code,
                    {"unit": request.GET["unit"]} if request.GET.get("unit") else {})
    if not may_bring_in(at, "activities"):
        raise NotAllowed(_("Sheets are brought in by the campaign office. Enter your unit's sessions one by one under "
                           "“New session”."))
    return at


def may_bring_in(at: Standpoint, name: str) -> bool:
    """A workbook comes in by whoever may write the table for every unit of the campaign."""
    host = units.unit_by_id(at.campaign.host_unit_id)
    return may_write(at.actor, name, at.campaign.programme_id, host.path)


@require_GET
def sessions_sheet_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The ready-made sheet: one row for each unit."""
    at = _sessions_at(request, code)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sessions.xlsx"
        many.write_sheet(at, place)
        file = place.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{at.campaign.code}-sessions.xlsx")


def sessions_check_page(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What the sheet would write, or every fault of it; agreed to by POST, all in one go."""
    at = _sessions_at(request, code)
    file = uploads.kept_file(request, token)
    agreed = request.method == "POST"
    try:
        checked = many.bring_in(at, file, agreed=agreed)
    except NotAllowed:
        raise
    except Refused as error:
        said = str(error).replace(str(file), file.name)
        return render(request, "desk/many.html", {"at": at, "fields": [_question(said)]}, status=422)
    if checked.faults or not agreed:
        return render(request, "desk/many_check.html", {"at": at, "checked": checked},
                      status=422 if checked.faults else 200)
    shutil.rmtree(file.parent, ignore_errors=True)
    messages.success(request, ngettext("%(count)s session is in.", "%(count)s sessions are in.", checked.created)
                     % {"count": checked.created})
    return redirect(link(at, "calendar", as_of=None))
