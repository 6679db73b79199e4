"""Takes back a correction or a removal that its own author has just made, by the entry of the ledger that tells of
it. It is a write like any other: the same staging, checks, permits and an entry of its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.tables import Table, table
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.ledger.types import EntryView

from . import single
from .faults import Faults
from .folder import Sheet
from .headings import word_for
from .types import Faulty
from .writing import Moved

UNDONE = "undoes"
"""Under this name the new entry tells the number of the one that it takes back."""


class _Undoing(single.OneRow):
    """The run of a row that goes back to what `entry` says it was."""

    entry: EntryView

    def prepare(self) -> tuple[int, dict[str, str]]:
        size, roots = super().prepare()
        self._require_untouched()
        return size, roots

    def _require_untouched(self) -> None:
        """What is there now is what the entry left: no row, or its new cells, and nobody has written since."""
        if self.key is None and self.plan.ready and not self.plan.states(self.layout.name)[0]:
            raise Refused(_("“%(key)s” is used again in the table %(table)s, so the earlier record cannot come back "
                            "under it. Correct the one that is there, or enter the earlier one under another code.")
                          % {"key": key_of(self.entry), "table": word_for(self.layout.name)})
        now = (self._record() or {}) if self.key is not None else {}
        if newest(self.entry).seq != self.entry.seq or any(
            now.get(name) != cell for name, cell in self.entry.new.items()
        ):
            raise Refused(_("This record was changed again since, so the change cannot be undone as it was. Open the "
                            "record and correct it by hand."))

    def _require_unmoved(self, size: int) -> None:
        super()._require_unmoved(size)
        if self.layout.name in ledger.told_since(size):
            raise Moved

    def _told(self) -> tuple[str, dict[str, object]]:
        return single.UNDO, {UNDONE: self.entry.seq}


def newest(entry: EntryView) -> EntryView:
    return ledger.of_subject(entry.subject, entry.programme_id, limit=1)[0]


def key_of(entry: EntryView) -> str:
    return entry.subject.partition("/")[2]


def undo(programme_id: int, seq: int, *, actor: Actor) -> tuple[str, str]:
    """See `actions.undo`."""
    entry = _entry(programme_id, seq, actor)
    name, key = entry.subject.partition("/")[0], key_of(entry)
    declared: Table = table(name)
    cells = {each.name: str(entry.old[each.name]) for each in declared.columns if each.name in entry.old}

    def run(actor: Actor, sheets: Sequence[Sheet], faults: Faults, campaign: str) -> _Undoing:
        made = _Undoing(actor, sheets, faults, campaign)
        made.entry = entry
        return made

    removed = entry.verb == single.REMOVE
    try:
        single.save(declared, programme_id, cells, actor=actor, key=None if removed else key, kind=run)
    except NotFound:
        raise Refused(_("This record was taken out since, so there is nothing to undo.")) from None
    except Faulty as error:
        raise Refused(_("The record cannot be as it was before, since what it said does not hold any more. "
                        "%(faults)s") % {"faults": "; ".join(map(str, error.faults))}) from None
    return name, key


def _entry(programme_id: int, seq: int, actor: Actor) -> EntryView:
    """Only who wrote may undo, so an entry's number tells nothing to others."""
    found = ledger.entries(programme_id=programme_id, before=seq + 1, limit=1)
    if not found or found[0].seq != seq or not undoable(found[0], actor):
        raise NotFound(_("There is nothing here to undo."))
    return found[0]


def undoable(entry: EntryView, actor: Actor) -> bool:
    """Is this a correction or a removal of the actor's own?"""
    own = (entry.actor_kind, entry.actor) == (actor.kind, actor.key)
    return own and entry.verb in (single.CHANGE, single.REMOVE) and entry.redacted_by is None
