"""The contradictions this room can see."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from zhixing.ground.kernel import db
from zhixing.ground.kernel.lints import Finding, Lint, register_lints
from zhixing.ground.kernel.types import Scope

from .figures import CLOSED, CLOSED_ON

BY_THEN = f"{CLOSED} AND ({CLOSED_ON} IS NULL OR {CLOSED_ON} <= %(as_of)s)"
NO_EVIDENCE = f"""SELECT i.code, i.title, i.lead_unit_id FROM issues_issue i WHERE {BY_THEN}
 AND NOT EXISTS (SELECT 1 FROM issues_event e WHERE e.issue_id = i.id AND e.kind IN ('handed_in', 'verified')
                 AND (e.happened_on IS NULL OR e.happened_on <= %(as_of)s)) ORDER BY i.code"""
NO_ECHO = f"""SELECT i.code, i.title, i.lead_unit_id, o.code FROM issues_issue i
 JOIN issues_mapping m ON m.issue_id = i.id AND m.relation IN ('merged', 'duplicate')
 JOIN opinions_opinion o ON o.id = m.opinion_id
 WHERE {BY_THEN} AND NOT EXISTS (SELECT 1 FROM opinions_echo e WHERE e.opinion_id = o.id
   AND (e.given_on IS NULL OR e.given_on <= %(as_of)s)) ORDER BY i.code, o.code"""


def closed_without_evidence(scope: Scope) -> Iterator[Finding]:
    for code, title, unit_id in db.rows(NO_EVIDENCE, {"programme": scope.programme_id, "as_of": scope.as_of}):
        yield Finding((code,), _(
            "%(title)s is closed, but nothing was handed in or verified. Record what was done, or reopen it."),
            {"title": title or code}, "issues", code, unit_id)


def closed_without_echo(scope: Scope) -> Iterator[Finding]:
    waiting: dict[str, list[tuple[str, int | None, str]]] = {}
    for code, title, unit_id, opinion in db.rows(
            NO_ECHO, {"programme": scope.programme_id, "as_of": scope.as_of}):
        waiting.setdefault(code, []).append((title, unit_id, opinion))
    for code, found in waiting.items():
        opinions = [opinion for _title, _unit, opinion in found]
        yield Finding((code, *opinions), _(
            "%(title)s is closed, but %(count)s of its opinions have no answer yet (%(opinions)s)."),
            {"title": found[0][0] or code, "count": len(opinions), "opinions": ", ".join(opinions[:5])},
            "issues", code, found[0][1])


register_lints(
    Lint("closed_without_evidence", _("Closed with nothing to show for it"), closed_without_evidence),
    Lint("closed_without_echo", _("Closed with opinions left unanswered"), closed_without_echo),
)
