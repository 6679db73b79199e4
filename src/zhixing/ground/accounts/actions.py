"""Accounts are made, given roles, and get their passwords. Every action is one transaction with its ledger
entry; passwords and codes are never in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import ROLES, Actor
from zhixing.ground.ledger.actions import record
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import ProgrammeView, UnitView

from . import permits, rules
from .models import Grant, Invitation
from .types import UNIT_ROLES, Slip


def add_account(name: str, password: str, *, role: str, unit: str = "", campaign: str = "",
                actor: Actor) -> None:
    """A new account that holds one role. `unit` and `campaign` are codes, "" for the campaign's host unit or
    the whole installation, and for every campaign. Refused: a name that is taken or cannot be one, a password
    that is too easy to guess, a role without the unit it is held at, more than the actor may give."""
    with transaction.atomic():
        if User.objects.filter(username=name).exists():
            raise Refused(_("There is an account called %(name)s already.") % {"name": name})
        user = User(username=name)
        _check(user, password)
        user.set_password(password)
        user.save()
        _give(user, role, unit, campaign, actor)


def give_role(name: str, *, role: str, unit: str = "", campaign: str = "", actor: Actor) -> bool:
    """Gives an account one more role; False when it holds that already. Refused as in `add_account`."""
    with transaction.atomic():
        return _give(_user(name), role, unit, campaign, actor)


def withdraw_role(name: str, *, role: str, unit: str = "", campaign: str = "", actor: Actor) -> None:
    """Takes a role away, from the next page on. Refused: a role that is not held, more than the actor may
    give."""
    with transaction.atomic():
        user = _user(name)
        place, programme = _over(role, unit, campaign)
        _may_give(actor, role, place, programme)
        gone, _each = Grant.objects.filter(user=user, role=role, unit=place.id if place else None,
                                           programme=programme.id if programme else None).delete()
        if not gone:
            raise Refused(_("%(name)s does not hold this role.") % {"name": name})
        record(actor=actor, verb="accounts.withdraw", subject=f"accounts/{name}",
               old=_said(role, place, programme), programme_id=programme.id if programme else None)


def set_password(name: str, password: str, *, actor: Actor) -> None:
    """A new password for an account: by its owner, or by somebody who may give every role the account holds.
    An unused one-time code is void then. Refused: a password that is too easy to guess."""
    with transaction.atomic():
        user = _user(name)
        if actor.user_id != user.pk:
            _may_reset(actor, user)
        _check(user, password)
        user.set_password(password)
        user.save(update_fields=["password"])
        Invitation.objects.filter(user=user, used_on=None).update(used_on=clock.today())
        record(actor=actor, verb="accounts.password", subject=f"accounts/{name}")


def set_first_password(user_id: int, digest: str, password: str) -> User:
    """The account that was invited gets its password and the code is used up. Refused: a code that was used,
    replaced or is out of date meanwhile, a password that is too easy to guess."""
    with transaction.atomic():
        used = Invitation.objects.filter(user=user_id, digest=digest, used_on=None,
                                         ends_on__gte=clock.today()).update(used_on=clock.today())
        if not used:
            raise Refused(_("This code was used already or is out of date. Ask the campaign office for a new "
                            "one."))
        user = User.objects.get(pk=user_id)
        _check(user, password)
        user.set_password(password)
        user.save(update_fields=["password"])
        record(actor=Actor("person", user.username, user.pk), verb="accounts.password",
               subject=f"accounts/{user.username}")
        return user


def invite(campaign: str, role: str, posts: Mapping[str, str], *, actor: Actor, renew: bool = False,
           progress: Callable[[int], object] | None = None) -> list[Slip]:
    """One account with a one-time code for each unit that has none yet, and the role at that unit in this
    campaign. `posts`: unit code → the post of whoever will hold it, for the slip. With `renew`, accounts
    whose code was not used yet get a new one, and the old one is void.

    A unit's account of an earlier campaign is given this one too, and needs no code. Returns only what was
    made or renewed, in the order of `posts`. Refused: more than the actor may give."""
    with transaction.atomic():
        programme = units.programme(campaign)
        known = units.units_by_code(posts)
        places = [known[code] for code in posts if code in known]
        for place in places:
            _may_give(actor, role, place, programme)
        making = _Invitations(programme, role, actor, renew, places)
        slips: list[Slip] = []
        for place in making.places:
            slip = making.slip(place, posts[place.code])
            if slip is not None:
                slips.append(slip)
            if progress is not None:
                progress(1)
        making.record()
        return slips


class _Invitations:
    """Looks up once what there is, so that inviting takes few queries for each unit."""

    def __init__(self, programme: ProgrammeView, role: str, actor: Actor, renew: bool,
                 places: Sequence[UnitView]) -> None:
        self.programme, self.role, self.actor, self.renew, self.places = programme, role, actor, renew, places
        self.done: list[tuple[str, User, UnitView]] = []
        self.ends_on = clock.today() + timedelta(days=rules.CODE_DAYS)
        grants = Grant.objects.filter(role=role, unit__in=[place.id for place in places]).order_by("id")
        self.holders: dict[int, User] = {}
        self.here: set[int] = set()
        for grant in grants.select_related("user"):
            if grant.unit_id is None:
                continue
            if grant.programme_id in (None, programme.id):
                self.here.add(grant.unit_id)
                self.holders[grant.unit_id] = grant.user
            else:
                self.holders.setdefault(grant.unit_id, grant.user)
        self.waiting = set(Invitation.objects.filter(used_on=None).values_list("user_id", flat=True))
        self.taken = set(User.objects.values_list("username", flat=True))

    def slip(self, place: UnitView, post: str) -> Slip | None:
        """The slip for one unit, None when there is nothing to hand out."""
        user = self.holders.get(place.id)
        new = user is None
        if user is None:
            name = rules.sign_in_name(place.code, self.role, self.taken)
            self.taken.add(name)
            user = User(username=name)
            user.set_unusable_password()
            user.save()
        code = ""
        if new or (self.renew and user.pk in self.waiting):
            code = rules.new_code()
            _keep(user, code, self.ends_on)
        if place.id not in self.here:
            Grant.objects.create(user=user, role=self.role, unit_id=place.id, programme_id=self.programme.id)
            self.done.append(("accounts.give", user, place))
        elif code:
            self.done.append(("accounts.code", user, place))
        else:
            return None
        return Slip(user.username, self.role, place.code, place.name or place.code, post, self.programme.code,
                    code, self.ends_on if code else None)


    def record(self) -> None:
        """At the end, so that the ledger is held no longer than need be."""
        for verb, user, place in self.done:
            record(actor=self.actor, verb=verb, subject=f"accounts/{user.username}",
                   new=_said(self.role, place, self.programme), programme_id=self.programme.id)


def _keep(user: User, code: str, ends_on: date) -> None:
    salt = secrets.token_hex(16)
    Invitation.objects.update_or_create(user=user, defaults={
        "salt": salt, "digest": rules.digest(salt, code), "ends_on": ends_on, "used_on": None})


def _user(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(_("There is no account called %(name)s.") % {"name": name})
    return user


def _check(user: User, password: str) -> None:
    try:
        User.username_validator(user.username)
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


def _over(role: str, unit: str, campaign: str) -> tuple[UnitView | None, ProgrammeView | None]:
    """What a role is held over. A campaign without a unit means its host unit."""
    if role not in ROLES:
        raise Refused(_("There is no role %(role)s. The roles are: %(roles)s.")
                      % {"role": role, "roles": ", ".join(ROLES)})
    programme = units.programme(campaign) if campaign else None
    if not unit and role in UNIT_ROLES:
        raise Refused(_("The role %(role)s is held at a unit; say at which.") % {"role": role})
    if unit:
        return units.unit(unit), programme
    return (units.unit_by_id(programme.host_unit_id) if programme else None), programme


def _give(user: User, role: str, unit: str, campaign: str, actor: Actor) -> bool:
    place, programme = _over(role, unit, campaign)
    _may_give(actor, role, place, programme)
    held = {"user": user, "role": role, "unit_id": place.id if place else None,
            "programme_id": programme.id if programme else None}
    if Grant.objects.filter(**held).exists():
        return False
    Grant.objects.create(**held)
    _record_grant(actor, user, role, place, programme)
    return True


def _may_give(actor: Actor, role: str, place: UnitView | None, programme: ProgrammeView | None) -> None:
    if not permits.may_give(actor, role, programme.id if programme else None, place.path if place else ""):
        raise NotAllowed(_("You cannot give the role %(role)s over %(unit)s. Ask whoever keeps the accounts "
                           "of its superior.")
                         % {"role": role, "unit": place.code if place else _("the whole installation")})


def _may_reset(actor: Actor, user: User) -> None:
    held = list(Grant.objects.filter(user=user).values_list("role", "unit_id", "programme_id"))
    places = units.units_by_id(unit_id for _role, unit_id, _programme in held if unit_id is not None)
    may = all(permits.may_give(actor, role, programme_id, places[unit_id].path if unit_id is not None else "")
              for role, unit_id, programme_id in held)
    if not may or not (held or actor.holds("admin")):
        raise NotAllowed(_("You cannot set the password of %(name)s.") % {"name": user.username})


def _record_grant(actor: Actor, user: User, role: str, place: UnitView | None,
                  programme: ProgrammeView | None) -> None:
    record(actor=actor, verb="accounts.give", subject=f"accounts/{user.username}",
           new=_said(role, place, programme), programme_id=programme.id if programme else None)


def _said(role: str, place: UnitView | None, programme: ProgrammeView | None) -> dict[str, object]:
    return {"role": role, "unit": place.code if place else "",
            "campaign": programme.code if programme else ""}
