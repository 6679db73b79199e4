"""What was done to one record: its history on its page, and the notice with which one's own last step is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhixing.ground.accounts import reads as accounts
from zhixing.ground.kernel.tables import Table, label
from zhixing.ground.workbook import actions
from zhixing.ground.workbook import reads as workbook
from zhixing.ground.workbook.types import Fault
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint
from zhixing.outputs.boards.words import language
from zhixing.shell.templatetags import say

from .shown import Names, said

KINDS = {
    "added": gettext_lazy("Entered"),
    "changed": gettext_lazy("Corrected"),
    "removed": gettext_lazy("Taken out"),
    "restored": gettext_lazy("Brought back"),
    "undone": gettext_lazy("Correction undone"),
}

ROLES = {
    "admin": gettext_lazy("administrator"),
    "office": gettext_lazy("campaign office"),
    "leader": gettext_lazy("leader"),
    "supervisor": gettext_lazy("supervision group"),
    "secretary": gettext_lazy("unit's secretary"),
    "responsible": gettext_lazy("responsible person"),
    "viewer": gettext_lazy("viewer"),
}


@dataclass(frozen=True)
class Past:
    """One step in the history of a record; `cells`: (column, before, after) in words."""

    at: datetime
    what: str
    who: str
    cells: tuple[tuple[str, str, str], ...]


def offer_undo(request: HttpRequest, at: Standpoint, table: str, key: str, words: str) -> None:
    """The notice on the next page, with a button where what was just done can be undone."""
    seq = workbook.undoable(table, at.campaign.programme_id, key, at.actor)
    address = link(at, "undo", str(seq), unit=None, as_of=None) if seq else ""
    messages.success(request, words, extra_tags=address)


@require_POST
def undo_page(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """Undoes a correction or removal of one's own, and shows the record as it is again."""
    at = standpoint(accounts.actor_of(request.user), code, {})
    table, key = actions.undo(at.campaign.programme_id, seq, actor=at.actor)
    messages.success(request, _("Undone. The record is as it was before."))
    return redirect(link(at, "record", table, key, unit=None, as_of=None))


def cells_of(told: Sequence[workbook.Change]) -> list[dict[str, str]]:
    """The rows of which names are needed to tell these changes: each once before and once after."""
    return [{name: pair[which] for name, pair in each.cells.items()} for each in told for which in (0, 1)]


def past(at: Standpoint, table: Table, told: Sequence[workbook.Change], row: Mapping[str, str],
         names: Names) -> list[Past]:
    """The changes of a record in words."""
    roles = _roles(at, {each.actor for each in told if each.actor_kind == "person"})

    def words(name: str, value: str) -> str:
        return said(at, table, table.column(name), {**row, name: value}, names)

    return [
        Past(each.at, str(KINDS[each.kind]), _who(each, roles), tuple(
            (label(language(), table.name, name), words(name, before), words(name, after))
            for name, (before, after) in each.cells.items()))
        for each in told
    ]


def meanwhile(at: Standpoint, table: Table, changed: Mapping[str, tuple[str, str]], told: Sequence[workbook.Change],
              row: Mapping[str, str], names: Names) -> Iterator[Fault]:
    """For each column that somebody changed while the reader had the form open: from what to what, and by whom where
    the history tells."""
    roles = _roles(at, {each.actor for each in told if each.actor_kind == "person"})
    for name, (seen, now) in changed.items():
        by = next((each for each in told if each.cells.get(name, ("", ""))[1] == now and name in each.cells), None)
        words = _("changed meanwhile from “%(before)s” to “%(after)s” by %(who)s") if by else _(
            "changed meanwhile from “%(before)s” to “%(after)s”")
        before, after = (said(at, table, table.column(name), {**row, name: cell}, names) or _("nothing")
                         for cell in (seen, now))
        yield Fault(table.name, 0, name, now, words % {
            "before": before, "after": after, "who": _who(by, roles) if by else ""}, "outdated")


def _who(change: workbook.Change, roles: Mapping[str, list[str]]) -> str:
    if change.actor_kind == "console":
        return _("the command line")
    if change.actor_kind == "system":
        return _("the program")
    held = ("、" if say.chinese() else ", ").join(roles.get(change.actor, []))
    if not held:
        return change.actor
    return _("%(name)s (%(role)s)") % {"name": change.actor, "role": held}


def _roles(at: Standpoint, accounts_named: set[str]) -> dict[str, list[str]]:
    """Account → the roles it holds in this campaign today, in words."""
    held: dict[str, list[str]] = {}
    for grant in accounts.grants_of(sorted(accounts_named)) if accounts_named else []:
        if grant.programme in ("", at.campaign.code):
            word = str(ROLES.get(grant.role, grant.role))
            known = held.setdefault(grant.user, [])
            if word not in known:
                known.append(word)
    return held
