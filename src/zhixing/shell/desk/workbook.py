"""The workbook in and out. A file is kept until it is agreed to, for its uploader alone, at most a day."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from zhixing.flow.campaigns.packs import packs
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import OFFICE
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import label, table
from zhixing.ground.workbook import actions
from zhixing.ground.workbook import reads as workbook
from zhixing.ground.workbook.types import Fault, Faulty, Report
from zhixing.outputs.boards.reads import standpoint
from zhixing.outputs.boards.words import language
from zhixing.shell.fields import Field

KEPT = 24 * 3600
"""Seconds for which an uploaded file waits to be agreed to."""

LARGEST = 64 * 1024 * 1024
"""Bytes of an upload; a larger workbook comes in by the command line."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")
_ENDINGS = (".xlsx", ".zip")


def in_page(request: HttpRequest) -> HttpResponse:
    """Takes the file and goes on to what it would change. `campaign` in the address is the campaign of a
    workbook that does not name one itself."""
    fault = ""
    if not any(grant.role in (*OFFICE, "secretary") for grant in accounts.actor_of(request.user).grants):
        raise NotAllowed(_("Your account can look but not change anything here. Ask the campaign office for a "
                           "role that writes."))
    if request.method == "POST":
        file = request.FILES.get("file")
        fault = refused_upload(file)
        if file is not None and not fault:
            campaign = request.GET.get("campaign", "")
            tail = f"?{urlencode({'campaign': campaign})}" if campaign else ""
            return redirect(reverse("workbook-check", args=[keep(request, file)]) + tail)
    return _ask(request, fault)


def question(fault: str, label: str = "", hint: str = "") -> Field:
    """The question for a file, with what is wrong with the one that was chosen."""
    return Field("file", label or _("The workbook"), type="file", accept=".xlsx,.zip", fault=fault,
                 hint=hint or _("An Excel file (.xlsx), or a zip of CSV files."))


def _ask(request: HttpRequest, fault: str, status: int = 422) -> HttpResponse:
    context = {"fields": [question(fault)], "packs": list(packs().values())}
    return render(request, "desk/workbook_in.html", context, status=status if fault else 200)


def refused_upload(file: UploadedFile[bytes] | None) -> str:
    if file is None or not file.name:
        return _("Choose the file to bring in.")
    if not file.name.lower().endswith(_ENDINGS):
        return _(
            "This is neither an Excel file (.xlsx) nor a zip of CSV files. "
            "Save it as one of them and choose it again."
        )
    if (file.size or 0) > LARGEST:
        return _("The file is larger than 64 MB. Bring it in with the command “zhixing import”.")
    return ""


def _folder(request: HttpRequest, token: str) -> Path:
    return Path(settings.ZHIXING_HOME) / "uploads" / f"{request.user.pk}-{token}"


def keep(request: HttpRequest, file: UploadedFile[bytes]) -> str:
    """Keeps the file under its own name, so that what is said of it says that name."""
    token = secrets.token_urlsafe(18)
    folder = _folder(request, token)
    _sweep(folder.parent)
    folder.mkdir(parents=True, mode=0o700)
    with (folder / get_valid_filename(str(file.name))).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return token


def _sweep(folder: Path) -> None:
    """Forgets uploads that nobody agreed to in a day."""
    if not folder.is_dir():
        return
    oldest = time.time() - KEPT
    for each in folder.iterdir():
        if each.stat().st_mtime < oldest:
            shutil.rmtree(each, ignore_errors=True)


def kept_file(request: HttpRequest, token: str) -> Path:
    folder = _folder(request, token)
    found = next(folder.iterdir(), None) if _TOKEN.fullmatch(token) and folder.is_dir() else None
    if found is None:
        raise NotFound(_("This file is no longer here. Choose it again."))
    return found


def check_page(request: HttpRequest, token: str) -> HttpResponse:
    """What the file would change, or everything that is wrong with it; agreed to by POST."""
    file = kept_file(request, token)
    agreed = request.method == "POST"
    campaign = request.GET.get("campaign", "")
    try:
        report = actions.import_workbook(
            file, actor=accounts.actor_of(request.user), dry_run=not agreed, campaign=campaign
        )
    except Faulty as error:
        return render(request, "desk/workbook_faults.html", _faults(error), status=422)
    except Refused as error:
        said = str(error).replace(str(file), file.name)
        return _ask(request, said, 403 if isinstance(error, NotAllowed) else 422)
    if not agreed:
        return render(request, "desk/workbook_check.html", _report(report))
    shutil.rmtree(file.parent, ignore_errors=True)
    whole = report.total()
    messages.success(
        request,
        _("The workbook is in: %(created)s new, %(updated)s changed, %(unchanged)s as before.")
        % {
            "created": f"{whole.created:,}",
            "updated": f"{whole.updated:,}",
            "unchanged": f"{whole.unchanged:,}",
        },
    )
    return redirect("campaign", report.programme)


def _report(report: Report) -> dict[str, object]:
    rows = [(label(language(), name), each) for name, each in report.tables.items()]
    whole = report.total()
    return {"report": report, "rows": rows, "whole": whole, "changes": bool(whole.created or whole.updated)}


def _faults(error: Faulty) -> dict[str, object]:
    lines = [(_name(fault.table), fault, _column(fault)) for fault in error.faults]
    said = ngettext("%(count)s fault", "%(count)s faults", error.total) % {"count": f"{error.total:,}"}
    return {"lines": lines, "said": said, "more": error.total - len(error.faults)}


def _name(name: str) -> str:
    return label(language(), name) if name else ""


def _column(fault: Fault) -> str:
    try:
        known = {column.name for column in table(fault.table).columns}
    except KeyError:
        return fault.column
    return label(language(), fault.table, fault.column) if fault.column in known else fault.column


@require_safe
def out_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The way in, and all records to take away, for those who may see all of them."""
    actor = accounts.actor_of(request.user)
    at = standpoint(actor, code, request.GET.dict())
    whole = standpoint(actor, code, {}).whole
    wanted = request.GET.get("format", "")
    if wanted in ("xlsx", "zip"):
        if not whole:
            raise NotAllowed(
                _(
                    "The workbook holds every unit's records, and you see only your own. Take tables away "
                    "one by one, or ask the campaign office."
                )
            )
        return _download(at.campaign.code, wanted)
    return render(request, "desk/workbook_out.html", {"at": at, "whole": whole})


def _download(code: str, wanted: str) -> HttpResponseBase:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / (f"{code}.xlsx" if wanted == "xlsx" else code)
        workbook.export_workbook(code, place)
        if wanted == "zip":
            place = Path(shutil.make_archive(str(place), "zip", place))
        file = place.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{code}.{wanted}")


@require_safe
def template_page(request: HttpRequest, pack: str) -> HttpResponseBase:
    """The empty workbook of a template pack, to fill in."""
    if pack not in packs():
        raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": pack})
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"{pack}.xlsx"
        workbook.template(pack, place)
        file = place.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{pack}.xlsx")
