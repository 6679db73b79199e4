"""Every write of this room: a paper is handed in, sent back with a reason, handed in again, accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.files import actions as files
from zhixing.ground.files.types import StoredFile
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.units import reads as units

from . import permits, reads
from .models import Filing, Step
from .types import ACCEPTED, HANDED_IN, RETURNED, Unfit

CODE = re.compile(r"[0-9a-z][0-9a-z-]{3,40}")
"""Codes that a form makes, so that a second press finds the first."""

LINE, LONG = 200, 2000
"""Characters of a title, and of a reason."""


def hand_in(programme_id: int, unit_id: int, code: str, cells: Mapping[str, str], stream: IO[bytes], name: str, *,
            actor: Actor) -> int:
    """Hands a paper in with its file and returns its version: 1 for a new one; where `code` was handed in before and
    is not accepted, the next. The same file a second time changes nothing. `cells`: kind, title, phase. The day on
    which it was first handed in stays.

    Raises Unfit (field → what is wrong), NotAllowed, NotFound, Refused for an accepted paper."""
    known = Filing.objects.filter(programme=programme_id, code=code).first()
    if known is not None:
        reads.filing(programme_id, code, actor)
        unit_id = known.unit_id or units.programme_by_id(programme_id).host_unit_id
    elif not CODE.fullmatch(code):
        raise Refused(_("This form has no number. Open it again and hand it in once more."))
    permits.require_handing_in(actor, programme_id, unit_id)
    sound = _sound(programme_id, known, cells)
    try:
        stored = files.keep(stream, files.called(name))
    except Refused as error:
        raise Unfit({"file": str(error)}) from None
    try:
        return _write(programme_id, unit_id, code, sound, stored, files.called(name), actor)
    except IntegrityError:  # the same form came twice at the same moment: the second finds the first
        return _write(programme_id, unit_id, code, sound, stored, files.called(name), actor)


def _sound(programme_id: int, known: Filing | None, cells: Mapping[str, str]) -> dict[str, object]:
    faults: dict[str, str] = {}
    kind = cells.get("kind", known.kind if known else "").strip()
    title = " ".join(cells.get("title", known.title if known else "").split())
    phase = cells.get("phase", "").strip()
    if not kind:
        faults["kind"] = _("Say what kind of paper it is.")
    elif len(kind) > 64:
        faults["kind"] = _("This kind is not known; choose one of the list.")
    if len(title) > LINE:
        faults["title"] = _("This is too long; keep it under %(count)s characters.") % {"count": LINE}
    phase_id = known.phase_id if known and "phase" not in cells else None
    if phase:
        try:
            phase_id = campaigns.phase(programme_id, phase).id
        except NotFound:
            faults["phase"] = _("This phase is not known; choose one of the list.")
    if faults:
        raise Unfit(faults)
    return {"kind": kind, "title": title, "phase_id": phase_id}


def _write(programme_id: int, unit_id: int, code: str, sound: Mapping[str, object], stored: StoredFile, name: str,
           actor: Actor) -> int:
    with transaction.atomic():
        row = Filing.objects.select_for_update(of=("self",)).filter(programme=programme_id, code=code).first()
        last = Step.objects.filter(filing=row).order_by("-number").first() if row else None
        if row is not None and row.accepted_on is not None:
            raise Refused(_("This paper was accepted. Hand in a new one, or ask the office to send this one back."))
        if last is not None and (last.what, last.sha256) == (HANDED_IN, stored.sha256):
            return last.version
        was = _cells(row) if row else {}
        row = row or Filing(programme_id=programme_id, code=code, unit_id=unit_id)
        for field, value in sound.items():
            setattr(row, field, value)
        row.filed_on, row.file = row.filed_on or clock.today(), name
        row.save()
        version = (last.version if last else 0) + 1
        _step(row, last, HANDED_IN, version, actor, stored=stored, name=name)
        files.attach_kept(stored, name, "filings", code, programme_id, actor=actor)
        verb = "filings.hand_in" if was else "workbook.add"
        _tell(row, verb, was, actor, {} if version == 1 else {"version": version})
    return version


def send_back(programme_id: int, code: str, reason: str, *, actor: Actor) -> None:
    """Sends a paper back, with the reason; one that was accepted too. Raises Unfit without a reason, Refused for one
    that is not here, NotAllowed, NotFound."""
    why = reason.replace("\r\n", "\n").strip()
    if not why:
        raise Unfit({"reason": _("Say what has to be different, so that the unit knows what to do.")})
    if len(why) > LONG:
        raise Unfit({"reason": _("This is too long; keep it under %(count)s characters.") % {"count": LONG}})
    _decide(programme_id, code, RETURNED, why, actor)


def accept(programme_id: int, code: str, *, actor: Actor) -> None:
    """Accepts a paper that was handed in. Raises Refused where it is not here or accepted already, NotAllowed,
    NotFound."""
    _decide(programme_id, code, ACCEPTED, "", actor)


def _decide(programme_id: int, code: str, what: str, why: str, actor: Actor) -> None:
    reads.filing(programme_id, code, actor)
    with transaction.atomic():
        row = Filing.objects.select_for_update(of=("self",)).get(programme=programme_id, code=code)
        permits.require_deciding(actor, programme_id, row.unit_id or units.programme_by_id(programme_id).host_unit_id)
        last = Step.objects.filter(filing=row).order_by("-number").first()
        if row.filed_on is None:
            raise Refused(_("This paper was not handed in yet."))
        if last is not None and last.what == RETURNED:
            raise Refused(_("This paper was sent back already. Wait until the unit hands it in again."))
        if what == ACCEPTED and row.accepted_on is not None:
            raise Refused(_("This paper was accepted already."))
        was = _cells(row)
        row.accepted_on = clock.today() if what == ACCEPTED else None
        row.save(update_fields=["accepted_on"])
        _step(row, last, what, last.version if last else 0, actor, reason=why)
        _tell(row, "filings.accept" if what == ACCEPTED else "filings.send_back", was, actor,
              {"reason": why} if why else {})


def _step(row: Filing, last: Step | None, what: str, version: int, actor: Actor, *, reason: str = "",
          stored: StoredFile | None = None, name: str = "") -> None:
    Step.objects.create(filing=row, number=(last.number if last else 0) + 1, what=what, version=version,
                        sha256=stored.sha256 if stored else "", name=name, reason=reason, by=actor.key,
                        at=clock.stamp())


def _cells(row: Filing) -> dict[str, str]:
    """The row as the workbook's cells; empty ones are left out."""
    cells = {
        "code": row.code, "kind": row.kind, "title": row.title, "unit": row.unit.code if row.unit else "",
        "phase": row.phase.code if row.phase else "", "file": row.file,
        "filed_on": row.filed_on.isoformat() if row.filed_on else "",
        "accepted_on": row.accepted_on.isoformat() if row.accepted_on else "",
    }
    return {name: cell for name, cell in cells.items() if cell}


def _tell(row: Filing, verb: str, was: Mapping[str, str], actor: Actor, further: Mapping[str, object]) -> None:
    row.refresh_from_db()
    now = _cells(row)
    names = [name for name in {**was, **now} if was.get(name, "") != now.get(name, "")]
    ledger.record(actor=actor, verb=verb, subject=f"filings/{row.code}"[:255], programme_id=row.programme_id,
                  old={name: was.get(name, "") for name in names} if was else None,
                  new={name: now.get(name, "") for name in names} | dict(further))
