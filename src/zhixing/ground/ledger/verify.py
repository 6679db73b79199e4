"""Whether the ledger still says what was written to it.

Everything is recomputed from the rows, in one pass and bounded memory: the numbers follow one another,
each entry's words give its leaf, the leaves give the stored tree, and the head after each entry is the
one that was signed. So an edit, drop, insertion or reordering is found by whoever has the installation's
key. Entries cut off at the end, and a history rewritten with the key in hand, are found against a head
kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from zhixing.ground.kernel.hashing import canonical
from zhixing.ground.kernel.merkle import EMPTY_ROOT, RootBuilder, frontier, position

from .keys import signed, verify_key
from .models import Entry, Node
from .types import REDACTED, Head

CHUNK = 1000
LISTED = 50
"""So many faults are told one by one; the rest is counted."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """What is wrong, from which entry on (0: not with an entry)."""

    seq: int
    text: str


def faults(kept: Head | None = None, *, since: int = 0, progress: Progress | None = None) -> list[Fault]:
    """The faults, the first bad entry first; [] when everything holds. `kept` is a head kept elsewhere.
    `since`: takes the tree of the first so many entries as stored, if its signature holds, and looks at the
    later ones only (a quick look, which cannot see what happened before). Raises Refused without the key."""
    nodes, total = _sizes()
    walk = _Walk(total, kept, since)
    for start in range(since, total, CHUNK):
        walk.chunk(start)
        if progress:
            progress(min(start + CHUNK, total), total)
    walk.end(nodes)
    found = sorted(walk.faults, key=lambda fault: fault.seq)
    if walk.more:
        found.append(Fault(total, _("%(more)s further faults are not listed.") % {"more": walk.more}))
    return found


def _sizes() -> tuple[int, int]:
    """The number of inner nodes, and the last entry's number, as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT COUNT(*) FROM ledger_node), "
                       "(SELECT COALESCE(MAX(seq), 0) FROM ledger_entry)")
        nodes, total = cursor.fetchone()
    return nodes, total


def _stored(wanted: list[int]) -> dict[int, bytes]:
    found = Node.objects.filter(position__in=wanted).values_list("position", "hash")
    return {place: bytes(value) for place, value in found}


class _Walk:
    """One pass over the entries. `tree` is None once it cannot be known any more."""

    def __init__(self, total: int, kept: Head | None, since: int) -> None:
        self.faults: list[Fault] = []
        self.more = 0
        self.total = total
        self.key = verify_key(total)
        self.kept = kept if kept is not None and self._believes(kept) else None
        self.bad_seals: list[int] = []
        self.told: dict[int, list[tuple[int, str]]] = {}
        """Redacted entries whose telling entry is still to come: its number → (entry, what it must tell) …"""
        self.tree: RootBuilder | None = self._tree(since)

    def fault(self, seq: int, text: str, **values: object) -> None:
        if len(self.faults) < LISTED:
            self.faults.append(Fault(seq, text % {"seq": seq, "total": self.total, **values}))
        else:
            self.more += 1

    def _believes(self, kept: Head) -> bool:
        """A head counts only with this installation's signature, and if the ledger is as long as it says."""
        if not signed(self.key, kept.message(), kept.signature):
            self.fault(0, _("The head given was not signed with this installation's key: it was mistyped or "
                            "forged, or is another installation's."))
            return False
        if kept.size > self.total:
            self.fault(self.total + 1, _(
                "Entries %(seq)s to %(last)s are gone: the head kept elsewhere is of %(last)s entries."),
                last=kept.size)
            return False
        if kept.size == 0 and kept.root != EMPTY_ROOT:
            self.fault(0, _("The head given is of an empty ledger and has the root of another."))
        return True

    def _tree(self, since: int) -> RootBuilder | None:
        """The tree of the first `since` entries as it is stored, if its signature holds."""
        if not since:
            return RootBuilder()
        wanted = [position(level, index) for level, index in frontier(since)]
        stored = _stored(wanted)
        last = Entry.objects.filter(seq=since).values_list("leaf", "at", "seal").first()
        if last:
            stored[position(0, since - 1)] = bytes(last[0])
        if last and all(place in stored for place in wanted):
            tree = RootBuilder(since, [stored[place] for place in wanted])
            if signed(self.key, Head(since, tree.root(), last[1], b"").message(), bytes(last[2])):
                return tree
        self.fault(since, _("The tree of the first %(seq)s entries does not bear its signature."))
        return None

    def chunk(self, start: int) -> None:
        """Entries start + 1 … start + CHUNK."""
        made: dict[int, tuple[int, int, bytes]] = {}
        expected = start + 1
        for entry in Entry.objects.filter(seq__gt=start, seq__lte=start + CHUNK).order_by("seq"):
            self._gap(expected, entry.seq)
            expected = entry.seq + 1
            self._words(entry)
            if self.tree is not None:
                for level, index, value in self.tree.add_hash(bytes(entry.leaf)):
                    made[position(level, index)] = (level, index, value)
                self._head(self.tree, entry)
        self._gap(expected, min(start + CHUNK, self.total) + 1)
        stored = _stored(list(made))
        for place, (level, index, value) in made.items():
            if stored.get(place) != value:
                self.fault((index + 1) << level, _(
                    "Entries %(first)s to %(seq)s do not give the tree that was stored for them."),
                    first=(index << level) + 1)

    def _gap(self, expected: int, found: int) -> None:
        if found > expected:
            self.tree = None
            self.fault(expected, _("Entries %(seq)s to %(last)s are missing."), last=found - 1)

    def _words(self, entry: Entry) -> None:
        """The entry's words give its leaf; of a redacted one, the telling entry vouches for what is left."""
        for seq, kept in self.told.pop(entry.seq, []):
            if (entry.verb, entry.subject, entry.old) != (REDACTED, str(seq), kept):
                self.fault(seq, _("Entry %(seq)s is marked as redacted by entry %(teller)s, which does not "
                                  "tell of it."), teller=entry.seq)
        if entry.redacted_by is not None:
            self.told.setdefault(entry.redacted_by, []).append((entry.seq, canonical(entry.kept())))
            wrong = bool(entry.salt or entry.subject or entry.old or entry.new)
        else:
            wrong = entry.salt is None or _leaf(entry) != bytes(entry.leaf)
        if wrong:
            self.fault(entry.seq, _("Entry %(seq)s was changed after it was written."))

    def _head(self, tree: RootBuilder, entry: Entry) -> None:
        """The head after this entry is the one signed then, and the one kept elsewhere."""
        root = tree.root()
        if not signed(self.key, Head(entry.seq, root, entry.at, b"").message(), bytes(entry.seal)):
            self.bad_seals.append(entry.seq)
        if self.kept and self.kept.size == entry.seq and self.kept.root != root:
            self.fault(entry.seq, _(
                "The first %(seq)s entries are not those of which the head kept elsewhere was made: at least "
                "one was changed, dropped, added or moved."))

    def end(self, nodes: int) -> None:
        """What can be said only after the last entry."""
        for teller, redacted in self.told.items():
            for seq, _kept in redacted:
                self.fault(seq, _("Entry %(seq)s is marked as redacted, but no later entry %(teller)s tells "
                                  "of it."), teller=teller)
        if len(self.bad_seals) == 1:
            self.fault(self.bad_seals[0], _("The signature of entry %(seq)s does not hold."))
        elif self.bad_seals:
            self.fault(self.bad_seals[0], _(
                "From entry %(seq)s on, %(number)s signatures do not hold: that entry was changed, added or "
                "moved without the key, or the key in keys/ledger.key is another one."),
                number=len(self.bad_seals))
        if self.kept and self.kept.size and self.tree is None:
            self.fault(self.kept.size, _("The head kept elsewhere cannot be compared: entries are missing."))
        if nodes > self.total - self.total.bit_count():
            self.fault(self.total + 1,
                       _("Entries after number %(total)s are gone: the stored tree knew of more."))
        if strays := Entry.objects.filter(seq__lt=1).count():
            self.fault(0, _("%(number)s entries have impossible numbers."), number=strays)


def _leaf(entry: Entry) -> bytes:
    """The leaf that the entry's words give; nothing where somebody made them unreadable."""
    try:
        return entry.written().leaf(bytes(entry.salt or b""))
    except (TypeError, ValueError, AttributeError):
        return b""
