"""Every write of this room that no workbook makes: packs that people write. Each is one transaction with its entry in
the ledger."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import Actor
from zhixing.ground.ledger.actions import record

from . import packs, permits
from .models import Campaign, OwnPack
from .packs import own
from .packs.own import Unsound

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
TITLE = 200
"""Characters of a pack's title."""


def copy_pack(source: str, name: str, title: str, *, actor: Actor) -> None:
    """A pack of one's own that begins as the installed or own pack `source` stands. Raises Unsound, NotFound,
    NotAllowed."""
    if source not in packs.pack_names():
        raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": source})
    found = packs.pack(source)
    mine = OwnPack.objects.filter(name=source).first()
    if OwnPack.objects.filter(name=name.strip()).exists():
        raise Unsound({"name": _("There is a pack of this name already. Choose another name.")})
    save_pack(name, title, found.base or source, own.copied(found.sections, mine.text if mine else ""), actor=actor)


def save_pack(name: str, title: str, base: str, text: str, *, actor: Actor, seen: str = "") -> None:
    """Writes a pack of one's own, new or changed. `seen`: the mark of the pack as the writer saw it. Raises Unsound
    with every fault; Refused where somebody else changed it meanwhile; NotAllowed."""
    name, title, text = name.strip(), " ".join(title.split()), text.replace("\r\n", "\n").strip() + "\n"
    with transaction.atomic():
        row = OwnPack.objects.select_for_update().filter(name=name).first()
        permits.require(permits.may_change_pack(actor, row.made_by) if row else permits.may_write_packs(actor))
        if row and seen and seen != own.mark(row.title, row.text):
            raise Refused(_("Somebody changed this pack meanwhile. Open it anew, and put your change in again."))
        _must_be_sound(name, title, base, text, row)
        old = {"title": row.title, "base": row.base, "text": row.text} if row else None
        new = {"title": title, "base": base, "text": text}
        if old == new:
            return
        try:
            with transaction.atomic():
                row = row or OwnPack(name=name, made_by=actor.key)
                row.title, row.base, row.text = title, base, text
                row.save()
        except IntegrityError:
            raise Unsound({"name": _("There is a pack of this name already. Choose another name.")}) from None
        record(actor=actor, verb="campaigns.save_pack", subject=f"packs/{name}", old=old, new=new)


def _must_be_sound(name: str, title: str, base: str, text: str, row: OwnPack | None) -> None:
    fields: dict[str, str] = {}
    if not _NAME.fullmatch(name):
        fields["name"] = _("Write small Latin letters, digits and hyphens, such as our-review-2026.")
    elif row is None and name in packs.packs():
        fields["name"] = _("There is a pack of this name already. Choose another name.")
    if not title or len(title) > TITLE:
        fields["title"] = _("Give the pack a title of up to %(most)s characters.") % {"most": TITLE}
    if base not in packs.packs():
        raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": base})
    found = [each for each in own.faults(packs.packs()[base].sections, text) if each.stops]
    if fields or found:
        raise Unsound(fields, found)


def remove_pack(name: str, *, actor: Actor) -> None:
    """Takes a pack of one's own away; the ledger keeps what it said. Raises Refused while a campaign goes by it,
    NotFound, NotAllowed."""
    with transaction.atomic():
        row = OwnPack.objects.select_for_update().filter(name=name).first()
        if row is None:
            raise NotFound(_("There is no template pack “%(pack)s”.") % {"pack": name})
        permits.require(permits.may_change_pack(actor, row.made_by))
        used = Campaign.objects.filter(template=name).order_by("programme__code")
        codes = list(used.values_list("programme__code", flat=True)[:5])
        if codes:
            raise Refused(_("Campaigns go by this pack (%(codes)s), so it stays.") % {"codes": ", ".join(codes)})
        old = {"title": row.title, "base": row.base, "text": row.text}
        row.delete()
        record(actor=actor, verb="campaigns.remove_pack", subject=f"packs/{name}", old=old)
