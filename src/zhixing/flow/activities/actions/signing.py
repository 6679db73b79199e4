"""Signing in by a code that changes: what is kept is a name and that it was there. No time, no address, no device,
and no entry of the ledger, which would have a time; the ledger tells of it when the list is taken over."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import Actor

from .. import permits, reads, rules
from ..models import SignIn
from ..types import Expected, Mark, SessionView
from .holding import hold

NAME = 80
MOST = 5_000
"""So many people can sign in to one session."""

PER_MINUTE = 300
"""So many names one session takes in a minute, for each worker of the server; a hall of five hundred needs two."""


@dataclass(frozen=True)
class Answer:
    """What became of a name: `kind` is done, twice (was there already), which (people of that name to choose from) or
    guest (nobody of the list is called so: sign in as a guest?)."""

    kind: str
    name: str
    choices: tuple[Expected, ...] = ()


class Passed(Refused):
    """The way in is shut: only scanning the code of now helps, not sending again."""


class Throttle:
    """Counts in memory alone, and forgets after a minute."""

    def __init__(self, most: int, seconds: float = 60) -> None:
        self.most, self.seconds = most, seconds
        self.seen: dict[int, deque[float]] = {}
        self.lock = threading.Lock()

    def take(self, key: int) -> bool:
        now = time.monotonic()
        with self.lock:
            times = self.seen.setdefault(key, deque())
            while times and now - times[0] > self.seconds:
                times.popleft()
            if len(times) >= self.most:
                return False
            times.append(now)
            for other in [each for each, stamps in self.seen.items() if not stamps]:
                del self.seen[other]
            return True


throttle = Throttle(PER_MINUTE)


def _key() -> bytes:
    return hashlib.sha256(b"zhixing sign-in\n" + settings.SECRET_KEY.encode()).digest()


def _second() -> int:
    return int(time.time())


def token(activity_id: int) -> tuple[str, int]:
    """The session's code of now, and the seconds for which it will be shown."""
    second = _second()
    return rules.token(_key(), activity_id, rules.slot_of(second)), rules.SLOT - second % rules.SLOT


def is_open(view: SessionView) -> bool:
    """Names are taken on the day of the session (to its last day)."""
    return view.starts_on is not None and view.starts_on <= clock.today() <= (view.ends_on or view.starts_on)


def ticket(view: SessionView, given: str) -> str:
    """A good code changed into what lets one type a name for five minutes. Raises Refused, kindly, for a code that has
    passed, one of another session, and a session that is over."""
    judged = rules.judge(_key(), view.id, given, _second())
    if judged == "foreign":
        raise Refused(_("This code is not of this session. Scan the code on the screen in the room."))
    if judged == "stale":
        raise Refused(_("This code has passed; it changes every half minute. Scan the code that is on the screen now."))
    _require_open(view)
    return rules.ticket(_key(), view.id, _second())


def _require_open(view: SessionView) -> None:
    if not is_open(view):
        raise Passed(_("Names are taken on the day of the session. If you were there, tell whoever keeps the list."))


def sign_in(view: SessionView, given: str, name: str, *, person: str = "", guest: bool = False) -> Answer:
    """Somebody gives a name under a ticket. `person`: the code chosen among several of that name; `guest`: it was
    agreed that the name is not on the list. Signing in twice makes one. Raises Refused where the ticket has run out,
    the name is empty, or too many come at once."""
    if not rules.ticket_holds(_key(), view.id, given, _second()):
        raise Passed(_("It took too long to write the name. Scan the code on the screen again."))
    _require_open(view)
    said = " ".join(name.split())[:NAME]
    if not rules.name_key(said):
        raise Refused(_("Write your name, then send it."))
    if not throttle.take(view.id):
        raise Refused(_("Many people are signing in just now. Wait half a minute and send your name again."))
    programme_id = reads.programme_of(view.id)
    listed = reads.roster(programme_id, view, clock.today()) if view.roster else []
    found = rules.matching(said, listed)
    if person:
        found = [each for each in found if each.code == person]
    if len(found) > 1:
        return Answer("which", said, tuple(found))
    if not found and view.roster and not guest:
        return Answer("guest", said)
    return _keep(view.id, said, found[0] if found else None)


def _keep(activity_id: int, name: str, person: Expected | None) -> Answer:
    shown = person.name if person else name
    if SignIn.objects.filter(activity=activity_id).count() >= MOST:
        raise Refused(_("This session has all the names that it can take. Tell whoever keeps the list."))
    try:
        with transaction.atomic():
            SignIn.objects.create(activity_id=activity_id, name=shown[:NAME], name_key=rules.name_key(shown),
                                  person_id=person.id if person else None)
    except IntegrityError:
        return Answer("twice", shown)
    return Answer("done", shown)


def take_over(programme_id: int, code: str, others: str, *, actor: Actor) -> tuple[int, int]:
    """The names become the session's attendance: on a roster, those who signed were present, and whoever did not and
    has no mark yet is set down as `others` (leave, absent, or "" for present all the same); guests stand in the text of
    that name. Without a roster their number is the head-count. Returns (people, guests). Raises NotFound,
    NotAllowed."""
    view = reads.session(programme_id, code, actor)
    permits.require_holding(actor, programme_id, view.unit_id)
    names = reads.signed(view.id)
    there = {each.person for each in names if each.person}
    guests = [each.name for each in names if not each.person]
    if not view.roster:
        hold(programme_id, view.unit_id, code, {"headcount": str(len(names))}, {}, actor=actor)
        return 0, len(guests)
    state = reads.presence(programme_id, view, clock.today())
    marks = {each.person.code: Mark(each.status, each.made_up_on) for each in state.marked
             if each.expected and each.person.code not in there}
    if others in ("leave", "absent"):
        for person in reads.roster(programme_id, view, clock.today()):
            if person.code not in there:
                marks.setdefault(person.code, Mark(others))
    before = view.texts.get("guests", "")
    known = {rules.name_key(each) for each in rules.split_names(before)}
    further = [name for name in guests if rules.name_key(name) not in known]
    texts = {"guests": "\n".join([*filter(None, [before]), *further])} if further else {}
    hold(programme_id, view.unit_id, code, {}, marks, actor=actor, texts=texts)
    return len(there), len(guests)
