"""Photos and papers of a record: added from a phone or a folder, used again, looked at, taken away, taken off."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.files import actions, reads
from zhixing.ground.files.types import ENDINGS, MEDIA
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.tables import label, table
from zhixing.ground.workbook import reads as workbook
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language
from zhixing.shell.templatetags.evidence import shown

from .shown import name_of

AT_ONCE = 30
"""So many files are taken in one go."""

NEVER_RUN = "default-src 'none'; sandbox"
"""What a browser is told of a downloaded file, should it open it after all."""


def _at(request: HttpRequest, code: str) -> Standpoint:
    return standpoint(accounts.actor_of(request.user), code, {})


def home_of(at: Standpoint, name: str, key: str) -> str:
    """The page on which a record's files stand."""
    if name == "activities":
        return link(at, "session", key, unit=None, as_of=None)
    if name == "filings":
        return link(at, "filing", key, unit=None, as_of=None)
    return link(at, "record", name, key, unit=None, as_of=None)


def evidence_page(request: HttpRequest, code: str, table: str, key: str) -> HttpResponse:
    """The files of a record, and those of the same unit that could serve here too. A POST adds what was chosen; what
    is fit is kept, and what is not is named with the reason."""
    at = _at(request, code)
    if request.method != "POST":
        return _page(request, at, table, key)
    actions.require_writing(table, key, at.campaign.programme_id, at.actor)
    files, again = request.FILES.getlist("file"), request.POST.getlist("again")
    if not files and not again:
        return _page(request, at, table, key, [_("Choose a file, or take a photo.")])
    if len(files) + len(again) > AT_ONCE:
        return _page(request, at, table, key, [_("At most %(count)s files at once.") % {"count": AT_ONCE}])
    added, faults = _add(at, table, key, files, again)
    if added:
        messages.success(request, ngettext("%(count)s file is here now.", "%(count)s files are here now.", added)
                         % {"count": added})
    if faults:
        return _page(request, at, table, key, faults)
    return redirect(f"{home_of(at, table, key)}#evidence")


def _add(at: Standpoint, table: str, key: str, files: list[UploadedFile[bytes]],
         again: list[str]) -> tuple[int, list[str]]:
    programme, added, faults = at.campaign.programme_id, 0, []
    for file in files:
        if file.file is None:
            continue
        try:
            actions.attach(file.file, str(file.name), table, key, programme, actor=at.actor)
            added += 1
        except (NotAllowed, NotFound):
            raise
        except Refused as error:
            faults.append(str(error))
    for number in again:
        if number.isascii() and number.isdigit() and len(number) < 19:
            actions.attach_again(int(number), table, key, programme, actor=at.actor)
            added += 1
    return added, faults


def _page(request: HttpRequest, at: Standpoint, name: str, key: str, faults: list[str] | None = None) -> HttpResponse:
    programme = at.campaign.programme_id
    row = workbook.row(name, programme, key, at.actor)
    may = reads.may_attach(name, key, programme, at.actor)
    return render(request, "desk/evidence.html", {
        "at": at, "title": label(language(), name), "name": name_of(table(name), row) or key,
        "list": link(at, "record-list", name, unit=None, as_of=None), "back": home_of(at, name, key),
        "evidence_table": name, "evidence_key": key, "faults": faults or [], "nothing": (),
        "near": [shown(at, each) for each in reads.near(name, key, programme, at.actor)] if may else [],
    }, status=422 if faults else 200)


@require_GET
def file_page(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """The original, to take away."""
    at = _at(request, code)
    known = reads.evidence(number, at.campaign.programme_id, at.actor)
    return download(known.sha256, known.name)


def download(sha256: str, name: str) -> FileResponse:
    """A kept file under a name, to take away and never to be run. The caller answers for who may have it."""
    kind = ENDINGS.get(name.rpartition(".")[2].lower(), "")
    return _sent(FileResponse(reads.open_file(sha256), as_attachment=True, filename=name,
                              content_type=MEDIA.get(kind, "application/octet-stream")))


@require_GET
def picture_page(request: HttpRequest, code: str, number: int, width: int) -> HttpResponseBase:
    """The file's picture, without what a camera wrote into it."""
    at = _at(request, code)
    known = reads.evidence(number, at.campaign.programme_id, at.actor)
    if not known.is_picture:
        raise NotFound(_("This file has no picture."))
    answer = FileResponse(reads.picture(known.sha256, width).open("rb"), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return _sent(answer)


def _sent(answer: FileResponse) -> FileResponse:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = NEVER_RUN
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


@require_POST
def off_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Takes a file off its record; the next page offers to put it back."""
    at = _at(request, code)
    known = actions.detach(number, at.campaign.programme_id, actor=at.actor)
    messages.success(request, _("Taken off: %(name)s.") % {"name": known.name},
                     extra_tags=link(at, "file-back", str(number), unit=None, as_of=None))
    return redirect(home_of(at, known.table, known.key))


@require_POST
def back_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Puts a file back that was taken off."""
    at = _at(request, code)
    known = actions.restore(number, at.campaign.programme_id, actor=at.actor)
    messages.success(request, _("Back again: %(name)s.") % {"name": known.name})
    return redirect(home_of(at, known.table, known.key))
