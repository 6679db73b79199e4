"""Every write of this room besides the workbook's: a report gets a new version, a standing rule goes a step on."""

from __future__ import annotations

from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from zhixing.ground.files import actions as files
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger

from .models import Report, Rule, RuleStep, Version
from .types import NEXT, Unfit

LONG = 2000
"""Characters of a note."""


def add_version(programme_id: int, report: str, stream: IO[bytes], name: str, note: str, *, actor: Actor) -> int:
    """Adds a version of a report and returns its number; the earlier ones stay. The same file as the newest changes
    nothing. Raises Unfit (field → what is wrong), NotAllowed, NotFound."""
    files.require_writing("reports", report, programme_id, actor)
    text = _note(note)
    try:
        called = files.called(name)
        stored = files.keep(stream, called)
    except Refused as error:
        raise Unfit({"file": str(error)}) from None
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).get(programme=programme_id, code=report)
        last = Version.objects.filter(report=row).order_by("-number").first()
        if last is not None and last.sha256 == stored.sha256:
            return last.number
        number = (last.number if last else 0) + 1
        Version.objects.create(report=row, number=number, sha256=stored.sha256, name=called, note=text, by=actor.key,
                               at=clock.stamp())
        files.attach_kept(stored, called, "reports", report, programme_id, actor=actor)
        ledger.record(actor=actor, verb="study.version", subject=f"reports/{report}"[:255], programme_id=programme_id,
                      new={"version": number, "name": called, "sha256": stored.sha256})
    return number


def step_rule(programme_id: int, rule: str, status: str, on: date | None, note: str, *, actor: Actor) -> None:
    """A standing rule is issued, revised or repealed on a day. Raises Unfit (field → what is wrong), Refused for a
    step that cannot follow, NotAllowed, NotFound."""
    files.require_writing("rules", rule, programme_id, actor)
    text = _note(note)
    if on is None:
        raise Unfit({"on": _("Say on which day.")})
    if on > clock.today():
        raise Unfit({"on": _("This day has not come yet.")})
    with transaction.atomic():
        row = Rule.objects.select_for_update(of=("self",)).get(programme=programme_id, code=rule)
        if status not in NEXT[row.status]:
            raise Refused(_("A standing rule is planned, then issued, then revised or repealed. This step does not "
                            "follow where the rule stands."))
        last = RuleStep.objects.filter(rule=row).order_by("-number").first()
        before = last.on if last else row.issued_on
        if before is not None and on < before:
            raise Unfit({"on": _("This is before its last step.")})
        old = {"status": row.status, "issued_on": row.issued_on.isoformat() if row.issued_on else ""}
        row.status = status
        if status == "issued":
            row.issued_on = on
        row.save(update_fields=["status", "issued_on"])
        RuleStep.objects.create(rule=row, number=(last.number if last else 0) + 1, status=status, on=on, note=text,
                                by=actor.key, at=clock.stamp())
        new = {"status": row.status, "issued_on": row.issued_on.isoformat() if row.issued_on else ""}
        ledger.record(actor=actor, verb="study.rule", subject=f"rules/{rule}"[:255], programme_id=programme_id,
                      old=old, new={**new, "on": on, "note": text})


def _note(note: str) -> str:
    text = note.replace("\r\n", "\n").strip()
    if len(text) > LONG:
        raise Unfit({"note": _("This is too long; keep it under %(count)s characters.") % {"count": LONG}})
    return text
