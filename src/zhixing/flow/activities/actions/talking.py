"""Heart-to-heart talks: the pair and the kind are records; what was said is sealed under a phrase of the two, or not
kept at all."""

from __future__ import annotations

import threading
import unicodedata
from datetime import date

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.utils
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.flow.campaigns import reads as campaigns
from zhixing.ground.accounts import permits as accounts_permits
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.units import reads as units

from .. import permits, reads
from ..models import Activity, TalkNote
from ..types import SessionView
from . import cells as typed
from .holding import ADD
from .signing import Throttle

SHORTEST = 10
"""Characters of a phrase."""

LONGEST = 5_000
BLOCK = 512
"""A note is filled up to so many bytes, so that its sealed length tells little."""

OPS, MEMORY = 4, 64 * 1024 * 1024
"""Argon2id: four passes over 64 MiB, a tenth of a second or two for whoever guesses."""

attempts = Throttle(10)
_turn = threading.BoundedSemaphore(2)


def hold_talk(programme_id: int, unit_id: int, code: str, who: str, whom: str, kind: str, on: date, *,
              actor: Actor) -> bool:
    """Writes that two people talked: who with whom, of which kind, on which day, and nothing else. The same `code`
    twice makes one. Returns whether it is new. Raises Faulty, NotAllowed."""
    permits.require_holding(actor, programme_id, unit_id)
    wrong = typed.Wrong()
    pair = reads.pairs(programme_id).get(kind)
    if pair is None:
        wrong.add("pair_kind", _("Choose which kind of talk it was."), kind="required")
    path = permits.path_of(units.programme_by_id(programme_id).host_unit_id)
    first = {each.code: each for each in reads.people_under(path, on, pair[0] if pair else "")}
    second = {each.code: each for each in reads.people_under(path, on, pair[1] if pair else "")}
    if who not in first:
        wrong.add("host", _("Choose who led the talk, from the list."), who, "required")
    if whom not in second or whom == who:
        wrong.add("counterpart", _("Choose the other person, from the list."), whom, "required")
    if on > clock.today():
        wrong.add("starts_at", _("This day has not come yet. Enter a talk once it was held."), on.isoformat(), "date")
    if not typed.CODE.fullmatch(code):
        raise Refused(_("This form has no number. Open it again and hand it in once more."))
    wrong.raise_if_any()
    phase = campaigns.phase_on(programme_id, on)
    try:
        with transaction.atomic():
            row = Activity.objects.create(
                programme_id=programme_id, code=code, kind="talk", unit_id=unit_id, starts_on=on, host=who,
                counterpart_id=second[whom].id, pair_kind=kind, phase_id=phase.id if phase else None)
            ledger.record(actor=actor, verb=ADD, subject=f"activities/{code}", new=typed.cells_of(row),
                          programme_id=programme_id)
    except IntegrityError:
        if not Activity.objects.filter(programme=programme_id, code=code, kind="talk", unit=unit_id).exists():
            raise
        return False
    return True


def seal_note(programme_id: int, code: str, phrase: str, text: str, *, actor: Actor, before: str = "") -> None:
    """Seals what the two noted under their phrase, in place of an earlier note whose phrase is `before`. Neither the
    phrase nor the text is kept anywhere. Raises Refused for a short phrase, a long text, and an earlier note that
    `before` does not open; NotFound."""
    view = _talk(programme_id, code, actor)
    key_phrase = _plain(phrase)
    if len(key_phrase) < SHORTEST:
        raise Refused(_("Let the phrase have at least %(count)s characters, such as a short sentence that only you two "
                        "would say.") % {"count": SHORTEST})
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise Refused(_("Write a note of at most %(count)s characters.") % {"count": LONGEST})
    known = TalkNote.objects.filter(activity=view.id).first()
    if known is not None:
        _opened(view.id, before or phrase, bytes(known.salt), bytes(known.sealed))
    salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
    plain = said.encode()
    plain += b"\0" * (-len(plain) % BLOCK)
    sealed = bytes(nacl.secret.SecretBox(_key(key_phrase, salt)).encrypt(plain))
    with transaction.atomic():
        TalkNote.objects.update_or_create(activity_id=view.id, defaults={"salt": salt, "sealed": sealed})
        ledger.record(actor=actor, verb="talks.seal", subject=f"talk_notes/{code}", programme_id=programme_id)


def open_note(programme_id: int, code: str, phrase: str, *, actor: Actor) -> str:
    """The note, for whoever knows the phrase. Raises Refused for another phrase, NotFound."""
    view = _talk(programme_id, code, actor)
    note = TalkNote.objects.filter(activity=view.id).first()
    if note is None:
        raise NotFound(_("There is no note of this talk."))
    return _opened(view.id, phrase, bytes(note.salt), bytes(note.sealed))


def remove_note(programme_id: int, code: str, *, actor: Actor) -> None:
    """Takes the sealed note out unread (a phrase that both forgot). For who keeps the unit's activities. Raises
    NotAllowed, NotFound."""
    view = _talk(programme_id, code, actor)
    accounts_permits.require(actor, "activities", programme_id, permits.path_of(view.unit_id))
    with transaction.atomic():
        if TalkNote.objects.filter(activity=view.id).delete()[0]:
            ledger.record(actor=actor, verb="talks.remove", subject=f"talk_notes/{code}", programme_id=programme_id)


def _talk(programme_id: int, code: str, actor: Actor) -> SessionView:
    view = reads.session(programme_id, code, actor)
    if view.kind != "talk":
        raise NotFound(_("There is no talk with the code %(code)s.") % {"code": code})
    return view


def _opened(activity_id: int, phrase: str, salt: bytes, sealed: bytes) -> str:
    if not attempts.take(activity_id):
        raise Refused(_("The phrase was tried too often. Wait a minute and try once more."))
    try:
        plain = nacl.secret.SecretBox(_key(_plain(phrase), salt)).decrypt(sealed)
    except nacl.exceptions.CryptoError:
        raise Refused(_("The phrase does not open this note. Only the two who sealed it know the phrase.")) from None
    return plain.rstrip(b"\0").decode()


def _plain(phrase: str) -> str:
    """A phrase typed on another keyboard is the same phrase."""
    return " ".join(unicodedata.normalize("NFKC", phrase).split())


def _key(phrase: str, salt: bytes) -> bytes:
    """Two at a time, so that guessing does not take the machine's memory."""
    with _turn:
        key = nacl.pwhash.argon2id.kdf(nacl.secret.SecretBox.KEY_SIZE, phrase.encode(), salt, opslimit=OPS,
                                       memlimit=MEMORY)
    return bytes(key)
