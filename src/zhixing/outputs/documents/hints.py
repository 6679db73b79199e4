"""What a draft has to say to its author: what it leaves out, what it lacks, what it prints that nobody
counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhixing.ground.figures import reads as figures

from . import checks
from .compose import Composed, Material
from .kinds.types import Kind
from .types import Notice

NO_PROBLEMS = "summary_without_problems"


def of_draft(kind: Kind, material: Material, composed: Composed) -> Iterator[Notice]:
    if kind.honest:
        yield from _problems(material, composed)
    for remark in composed.unplaced:
        yield _hint("remark_not_used", _("A remark is not used"), _(
            "The outline “%(outline)s” has no place for remark %(code)s (%(text)s). Choose another outline "
            "or another kind for it.") % {
                "outline": material.outline.label, "code": remark.code, "text": remark.text[:30]},
            "remarks", remark.code)
    if kind.by_phase:
        for remark in material.remarks:
            numbers = [number for number, _noun in checks.exact_numbers(remark.text)]
            if numbers:
                yield _hint("number_typed", _("A typed number"), _(
                    "Remark %(code)s prints %(numbers)s as typed; nothing here counts it. Make sure that it "
                    "agrees with the records.") % {"code": remark.code, "numbers": ", ".join(numbers)},
                    "remarks", remark.code)
        yield from _left_out(material)
    for odd in dict.fromkeys(composed.odd):
        yield _hint("sentence_not_used", _("A sentence of the template pack cannot be used"), odd)


def _hint(rule: str, title: str, message: str, table: str = "", code: str = "") -> Notice:
    return Notice(rule, title, message, (code,) if code else (), table, code, hint=True)


def _problems(material: Material, composed: Composed) -> Iterator[Notice]:
    told = any(remark.kind == "problem" and remark.text.strip() for remark in material.remarks)
    if not told and not material.no_problem_reason:
        yield _hint(NO_PROBLEMS, _("No problem is told"), lack(material))
    if composed.problems_put_in:
        yield _hint("outline_without_problems", _("The outline has no section for problems"), _(
            "The outline “%(outline)s” has no section for problems. One was put in before the next "
            "steps.") % {"outline": material.outline.label})


def lack(material: Material) -> str:
    """Why a summary without a problem is refused, and what to do."""
    phase = material.phase.name if material.phase else material.campaign.name
    return _("This summary tells no problem. Write one in the table remarks (kind “problem”, unit %(unit)s, "
             "%(phase)s), or give the reason why there is none; the reason is then printed as the problems "
             "section.") % {"unit": material.unit.code, "phase": phase}


def _left_out(material: Material) -> Iterator[Notice]:
    """Activities that name no phase are in no phase's summary."""
    if material.phase is None:
        return
    every = figures.value("activities.held", material.scope)
    named = figures.value("activities.held", material.scope,
                          {"phase": tuple(phase.code for phase in material.phases)})
    if every.value is not None and named.value is not None and every.value > named.value:
        missing = int(every.value - named.value)
        yield _hint("phase_not_named", _("Activities without a phase"), ngettext(
            "%(count)s activity names no phase, so no phase's summary counts it. Name its phase.",
            "%(count)s activities name no phase, so no phase's summary counts them. Name their phase.",
            missing) % {"count": missing})
