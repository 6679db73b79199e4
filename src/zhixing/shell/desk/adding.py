"""What the form of a new record knows without asking: a free code, where one came from, and from which day the record
counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.tables import Table
from zhixing.ground.workbook import actions
from zhixing.ground.workbook import reads as workbook
from zhixing.ground.workbook.types import Faulty
from zhixing.outputs.boards.types import Standpoint
from zhixing.shell.templatetags import say

DATED = ("starts_at", "on", "submitted_on", "completed_on", "received_on", "filed_on", "held_on", "issued_on",
         "listed_on", "opened_on")
"""The columns that date a record for its figures, in this order."""

BESIDE = ("add", "record-list", "records", "record", "remove")
"""Pages of records: whoever comes from one of these goes on to the list."""

ATTEMPTS = 5


@dataclass(frozen=True)
class Kept:
    """What the form carries along: where to go after saving ("" is the list), and the code that was proposed."""

    next: str = ""
    proposed: str = ""

    def code(self, given: Mapping[str, str]) -> dict[str, str]:
        return {"code": self.proposed} if self.proposed and not given.get("code") else {}


def kept(request: HttpRequest, at: Standpoint, table: Table, given: Mapping[str, str]) -> Kept:
    back = own_site(request, request.GET.get("next", "")) or _came_from(request)
    if given.get("code"):
        return Kept(back)
    return Kept(back, workbook.proposed_code(table.name, at.campaign.programme_id, given.get("unit", "")))


def own_site(request: HttpRequest, address: str) -> str:
    """The address as a path of this site; "" for any other site's."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path if parts.path.startswith("/") else ""


def _came_from(request: HttpRequest) -> str:
    address = own_site(request, request.headers.get("Referer", ""))
    try:
        name = resolve(urlsplit(address).path).url_name if address else ""
    except Resolver404:
        return ""
    return "" if name in BESIDE else address


def save(at: Standpoint, table: Table, cells: Mapping[str, str], proposed: str) -> dict[str, str]:
    """Saves a new row; what was saved. Where somebody took the proposed code meanwhile, the next one is used."""
    typed = dict(cells)
    for left in range(ATTEMPTS, -1, -1):
        try:
            actions.save_row(table.name, at.campaign.programme_id, typed, actor=at.actor)
        except Faulty as error:
            if not left or not proposed or typed.get("code") != proposed or not _taken(error):
                raise
            proposed = workbook.proposed_code(table.name, at.campaign.programme_id, typed.get("unit", ""))
            typed["code"] = proposed
            continue
        break
    return typed


def _taken(error: Refused) -> bool:
    return isinstance(error, Faulty) and all((each.column, each.kind) == ("code", "duplicate") for each in error.faults)


def proposed_again(at: Standpoint, table: Table, cells: Mapping[str, str], error: Refused) -> Kept:
    """Another code in place of a typed one that is taken, perhaps by a record that the reader does not see."""
    if not isinstance(error, Faulty) or not any(
            (each.column, each.kind) == ("code", "duplicate") for each in error.faults):
        return Kept()
    return Kept(proposed=workbook.proposed_code(table.name, at.campaign.programme_id, cells.get("unit", "")))


def said(at: Standpoint, table: Table, cells: Mapping[str, str]) -> tuple[str, str]:
    """What is said of a saved row, and what is to be looked at again ("" where nothing is)."""
    known = {column.name for column in table.columns}
    named = next((name for name in DATED if name in known and cells.get(name)), "")
    day = _day(cells.get(named, ""))
    if day is None:
        return _("Saved. Every figure it belongs to counts it now."), ""
    words = (_("Saved. Every figure it belongs to counts it now.") if day <= clock.today()
             else _("Saved. It is dated %(day)s and counts from that day on.") % {"day": say.shortday(day)})
    phase = next((each for each in campaigns.phases(at.campaign.programme_id)
                  if "phase" in known and each.code == cells.get("phase")), None)
    if phase is None or not ((phase.starts_on and day < phase.starts_on) or (phase.ends_on and phase.ends_on < day)):
        return words, ""
    return words, _("Its date, %(day)s, is outside the phase “%(phase)s” (%(span)s). It counts by its date; correct "
                    "one of the two where that is not meant.") % {
        "day": say.shortday(day), "phase": phase.name, "span": say.span(phase.starts_on, phase.ends_on)}


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        return None


def tell(request: HttpRequest, at: Standpoint, table: Table, cells: Mapping[str, str]) -> None:
    words, doubtful = said(at, table, cells)
    messages.success(request, words)
    if doubtful:
        messages.warning(request, doubtful)
