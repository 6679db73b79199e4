"""The documents that were made earlier, as the ledger tells of them. Nothing else is kept: a document is
prose around frozen figures, and those keep themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.ledger import reads as entries

from .types import Draft, Kept

VERB = "drafted a document"
SHOWN = 30
"""How many earlier documents are looked at."""


def subject(kind: str, unit_code: str) -> str:
    return f"papers/{kind}/{unit_code}"


def keep(draft: Draft, *, actor: Actor, digest: str) -> int:
    """One entry of the ledger; inside the caller's transaction."""
    return ledger.record(
        actor=actor, verb=VERB, subject=subject(draft.kind, draft.unit.code),
        new={"title": draft.title, "kind": draft.kind, "unit": draft.unit.code,
             "phase": draft.phase.code if draft.phase else "", "outline": draft.outline,
             "language": draft.language, "as_of": draft.scope.as_of.isoformat(),
             "figures": [number.frozen_id for number in draft.numbers], "text": digest,
             "no_problem_reason": draft.no_problem_reason},
        programme_id=draft.campaign.programme_id)


def papers(programme_id: int, unit_code: str = "", *, limit: int = SHOWN) -> list[Kept]:
    """The latest first: those of the campaign, or of one unit of it."""
    found = entries.entries(programme_id=programme_id, verb=VERB, limit=10 * limit if unit_code else limit)
    kept = [_kept(entry.seq, entry.actor, entry.at.date(), entry.new) for entry in found if entry.new]
    return [paper for paper in kept if not unit_code or paper.unit_code == unit_code][:limit]


def paper(programme_id: int, seq: int) -> Kept | None:
    """The one with this number in the ledger."""
    found = entries.entries(programme_id=programme_id, verb=VERB, before=seq + 1, limit=1)
    return next((_kept(entry.seq, entry.actor, entry.at.date(), entry.new)
                 for entry in found if entry.seq == seq and entry.new), None)


def _kept(seq: int, by: str, on: date, new: Mapping[str, object]) -> Kept:
    figures = new.get("figures")
    ids = tuple(int(each) for each in figures if each is not None) if isinstance(figures, list) else ()
    return Kept(seq, str(new.get("kind", "")), str(new.get("title", "")), str(new.get("unit", "")),
                str(new.get("phase", "")), str(new.get("outline", "")), str(new.get("language", "")),
                str(new.get("as_of", "")), on, by, ids)
