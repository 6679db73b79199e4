"""Pages of papers: what can be drafted and what was; one draft on the screen with what contradicts it beside
it, and its file; a paper made earlier, with what has changed since."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.permits import may_write
from zhixing.ground.kernel.errors import NotAllowed, Refused
from zhixing.outputs.boards.reads import link, standpoint
from zhixing.outputs.boards.types import Standpoint

from . import actions, reads, rules
from .counting import with_address
from .kinds import kind as kind_of
from .layout import html, pdf, schedule
from .types import Draft, Notice

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
}


@require_safe
def papers_page(request: HttpRequest, code: str) -> HttpResponse:
    """The kinds of papers, and those that were made."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    choices = [(choice, link(at, "paper", kind_of(choice.kind).address)) for choice in reads.choices(at.pack)]
    kept = [(paper, link(at, "paper-kept", str(paper.seq), unit=None, as_of=None))
            for paper in reads.papers(at.campaign.programme_id, at.actor, None if at.whole else at.unit)]
    return render(request, "documents/papers.html", {"at": at, "choices": choices, "kept": kept})


@require_safe
def kept_page(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """A paper made earlier: its numbers as they were printed, and as they are counted now."""
    at = standpoint(accounts.actor_of(request.user), code, request.GET.dict())
    paper = reads.paper(at.campaign.programme_id, at.actor, seq)
    rows = reads.then_and_now(paper, at.campaign, at.pack)
    again = link(at, "paper", kind_of(paper.kind).address, unit=paper.unit_code, phase=paper.phase_code,
                 outline=paper.outline, lang=paper.language, as_of=paper.as_of)
    return render(request, "documents/kept.html", {
        "at": at, "paper": paper, "changed": [row for row in rows if row.drift.any],
        "same": [row for row in rows if not row.drift.any], "again": again})


@dataclass(frozen=True)
class Asked:
    """What the address (or the form) says of a draft."""

    phase: str
    outline: str
    language: str
    because: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        return cls(*(given.get(key, "").strip() for key in ("phase", "outline", "lang", "because")))


def paper_page(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A draft on the screen; sent as a form, it is frozen and comes as a file."""
    given = (request.POST if request.method == "POST" else request.GET).dict()
    at = standpoint(accounts.actor_of(request.user), code, given)
    asked, of_kind = Asked.of(given), kind_of(kind)
    standing = reads.standing(of_kind.name, at.campaign, at.unit.id, asked.phase,
                              at.as_of if given.get("as_of") else None)
    at = replace(at, as_of=standing.as_of, asked={**at.asked, "as_of": standing.as_of.isoformat()})
    phase = standing.phase.code if standing.phase else ""
    asked = replace(asked, phase=phase)
    fault = ""
    if request.method == "POST":
        try:
            return _told(_file(at, of_kind.name, asked, given.get("ending", "")), given.get("told", ""))
        except NotAllowed:
            raise
        except Refused as error:
            fault = str(error)
    draft = reads.preview(of_kind.name, at.scope, phase, asked.outline, asked.language, actor=at.actor,
                          no_problem_reason=asked.because)
    context = {**_page(at, draft, asked, standing), "fault": fault, "given_day": given.get("as_of", "")}
    return render(request, "documents/paper_page.html", context, status=409 if fault else 200)


def _file(at: Standpoint, kind: str, asked: Asked, ending: str) -> HttpResponse:
    draft = actions.draft(kind, at.scope, asked.phase, asked.outline, asked.language, actor=at.actor,
                          no_problem_reason=asked.because)
    content = actions.content(draft, ending)
    response = HttpResponse(content, content_type=TYPES[ending])
    name = quote(f"{draft.title}{ending}")
    response["Content-Disposition"] = f"attachment; filename=\"paper{ending}\"; filename*=UTF-8''{name}"
    return response


def _told(response: HttpResponse, word: str) -> HttpResponse:
    """A file leaves the page where it is: by this cookie its script sees that the file has come. The script made the
    word up; nothing else reads it."""
    if re.fullmatch(r"[a-z0-9]{1,16}", word):
        response.set_cookie(f"made-{word}", "1", max_age=60, samesite="Lax")
    return response


def _page(at: Standpoint, draft: Draft, asked: Asked, standing: reads.Standing) -> dict[str, object]:
    """Links of the screen stay on this site."""
    here = tuple(with_address(number, "", at.campaign.code, at.unit.code) for number in draft.numbers)
    shown = replace(draft, numbers=here)
    pack = campaigns.pack_in(at.campaign.programme_id, draft.language)
    outlines = next((choice.outlines for choice in reads.choices(pack) if choice.kind == draft.kind), ())
    return {
        "at": at, "draft": shown, "paragraphs": html.paragraphs(shown), "asked": asked, "outlines": outlines,
        "schedule": schedule.rows(shown), "schedule_head": schedule.head(shown),
        "kind_word": at.pack.label("document_kinds", draft.kind), "standing": standing,
        "phases": campaigns.phases(at.campaign.programme_id) if kind_of(draft.kind).by_phase else (),
        "dated": rules.day(draft.dated, draft.language), "lacking": reads.without_problems(draft),
        "contradictions": [(notice, _url(at, notice)) for notice in draft.contradictions],
        "hints": [(notice, _url(at, notice)) for notice in draft.hints],
        "may_make": may_write(at.actor, "filings", at.campaign.programme_id, at.unit.path),
        "pdf": pdf.program() is not None,
        "add_problem": link(at, "add", "remarks", as_of=None, unit=at.unit.code, phase=asked.phase,
                            kind="problem"),
    }


def _url(at: Standpoint, notice: Notice) -> str:
    """The record to open first, "" where the rule names none."""
    if not notice.table or not notice.code:
        return ""
    return link(at, "record", notice.table, notice.code, unit=None, as_of=None)
