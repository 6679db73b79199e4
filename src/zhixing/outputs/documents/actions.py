"""Drafting for good: every number is frozen, and the ledger says who drafted what."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhixing.ground.accounts import permits
from zhixing.ground.figures import actions as figures
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import Actor, Scope

from . import keeping, reads
from .counting import with_address
from .hints import NO_PROBLEMS
from .layout import docx, html, pdf
from .types import Draft

ENDINGS = (".docx", ".pdf", ".html")


class WithoutProblem(Refused):
    """A summary that tells no problem and gives no reason."""


@transaction.atomic
def draft(kind: str, scope: Scope, phase: str, outline: str = "", language: str = "", *, actor: Actor,
          no_problem_reason: str = "") -> Draft:
    """The document with each of its numbers frozen. Raises Refused for a summary that tells no problem and
    gives no reason, with the remedy; NotAllowed where the actor may not hand in papers for the unit."""
    made = reads.preview(kind, scope, phase, outline, language, actor=actor,
                         no_problem_reason=no_problem_reason)
    permits.require(actor, "filings", scope.programme_id, made.unit.path)
    lacking = next((notice for notice in made.notices if notice.rule == NO_PROBLEMS), None)
    if lacking is not None:
        raise WithoutProblem(lacking.message)
    asks = [(number.figure, scope, number.where) for number in made.numbers]
    frozen = figures.freeze_all(asks, actor=actor)
    numbers = []
    for number, kept in zip(made.numbers, frozen, strict=True):
        if kept.value is None or (round(number.value, 10), number.qualifier) != (kept.value, kept.qualifier):
            raise Refused(_("The records changed while the document was drafted. Try again."))
        named = replace(number, frozen_id=kept.id, digest=kept.digest)
        numbers.append(with_address(named, str(settings.ZHIXING_URL), made.campaign.code, made.unit.code))
    finished = replace(made, numbers=tuple(numbers))
    digest = hashlib.sha256(finished.text.encode()).hexdigest()
    keeping.keep(finished, actor=actor, digest=digest)
    return finished


def content(draft: Draft, ending: str) -> bytes:
    """The file of a draft: the same draft gives the same .docx and .html, byte for byte. Raises Refused for
    an ending that is not known, and for .pdf where LibreOffice is not installed."""
    if ending == ".docx":
        return docx.document(draft)
    if ending == ".html":
        return html.document(draft).encode()
    if ending == ".pdf":
        return pdf.from_docx(docx.document(draft))
    raise Refused(_("A document can be written as %(endings)s; “%(ending)s” is none of them.") % {
        "endings": ", ".join(ENDINGS), "ending": ending or "-"})


def write(draft: Draft, path: Path) -> None:
    """The file by its ending. Raises Refused where it cannot be written."""
    made = content(draft, path.suffix.lower())
    try:
        path.write_bytes(made)
    except OSError as error:
        raise Refused(_("%(path)s cannot be written: %(reason)s.") % {
            "path": path, "reason": error.strerror or error}) from error
