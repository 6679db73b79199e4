"""Who an account is, and what it may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Model, Q, QuerySet

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import Actor
from zhixing.ground.kernel.types import Grant as Held
from zhixing.ground.units import reads as units
from zhixing.ground.units.types import ProgrammeView, within

from .models import Grant, Invitation
from .types import GrantView

M = TypeVar("M", bound=Model)


def actor_of(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """The account with its grants, each at its unit's place of today (of a closed unit, its last place). An
    account that is not signed in or was switched off holds nothing."""
    if not isinstance(user, User) or not user.is_active:
        return Actor("person", "")
    rows = list(Grant.objects.filter(user=user).order_by("id").values_list("role", "unit_id", "programme_id"))
    places = units.units_by_id(unit_id for _role, unit_id, _programme in rows if unit_id is not None)
    grants = tuple(
        Held(role, places[unit_id].path if unit_id is not None else "", programme_id)
        for role, unit_id, programme_id in rows if unit_id is None or unit_id in places
    )
    return Actor("person", user.get_username(), user.pk, grants)


def account(name: str) -> User | None:
    """The account with this sign-in name."""
    return User.objects.filter(username=name).first()


def holders() -> list[User]:
    """The accounts that can sign in and hold anything, by name."""
    return list(User.objects.filter(is_active=True, pk__in=Grant.objects.values("user")).order_by("username"))


def grants_of(names: Sequence[str]) -> list[GrantView]:
    """What these accounts hold, in the order in which it was given."""
    rows = Grant.objects.filter(user__username__in=list(names)).order_by("id").values_list(
        "user__username", "role", "unit__code", "programme__code")
    return [GrantView(name, role, unit or "", programme or "") for name, role, unit, programme in rows]


def _held(actor: Actor, programme_id: int | None) -> list[Held]:
    """The grants that count in a programme; for what belongs to none (None), those that hold in all."""
    return [grant for grant in actor.grants
            if grant.programme_id is None or grant.programme_id == programme_id]


def sees_all(actor: Actor) -> bool:
    return actor.kind in ("console", "system")


def may_see(actor: Actor, programme_id: int | None, path: str = "") -> bool:
    """May the actor see what belongs to the unit at `path`? Any role shows its subtree. Without a path: may
    it see the programme at all?"""
    held = _held(actor, programme_id)
    return sees_all(actor) or any(not path or within(path, grant.path) for grant in held)


def visible_to(queryset: QuerySet[M], actor: Actor, programme_id: int | None, unit_paths: str) -> QuerySet[M]:
    """Those rows that the actor may see, still one query.

    `unit_paths` is a table's declaration of who owns a row (`kernel.tables.Table.unit`): dotted fields, tried
    in turn, joined by commas; "" = the programme's host unit, whose frame (phases, duties, facts) everybody
    who has a part in the programme may see. A row that names no unit belongs to the host unit. The subtree is
    that of today, with closed units at their last place."""
    if sees_all(actor):
        return queryset
    held = _held(actor, programme_id)
    if not held:
        return queryset.none()
    if not unit_paths or any(not grant.path for grant in held):
        return queryset
    return queryset.filter(_owned(queryset.model, unit_paths, _topmost(held)))


def _topmost(held: Sequence[Held]) -> list[str]:
    """The paths granted, without those below another."""
    kept: list[str] = []
    for path in sorted({grant.path for grant in held}):
        if not kept or not within(path, kept[-1]):
            kept.append(path)
    return kept


def _owned(model: type[Model], unit_paths: str, paths: Sequence[str]) -> Q:
    visible: Any = units.ids_within(paths)
    owners = [owner.strip().replace(".", "__") for owner in unit_paths.split(",")]
    if any(each.name == "programme" for each in model._meta.get_fields()):
        owners.append("programme__host_unit")
    owned = Q(pk__in=[])
    earlier = Q()
    for owner in owners:
        owned |= earlier & Q(**{f"{owner}__in": visible})
        earlier &= Q(**{f"{owner}__isnull": True})
    return owned


def programmes_of(actor: Actor) -> list[ProgrammeView]:
    """The programmes the actor has a part in, by code: named in a grant, or hosted at, above or below the
    unit of a grant that holds in every programme."""
    all_of_them = units.programmes()
    if sees_all(actor):
        return all_of_them
    named = {grant.programme_id for grant in actor.grants}
    anywhere = [grant.path for grant in actor.grants if grant.programme_id is None]
    hosts = units.units_by_id(each.host_unit_id for each in all_of_them) if anywhere else {}

    def near(each: ProgrammeView) -> bool:
        host = hosts.get(each.host_unit_id)
        return host is not None and any(within(host.path, path) or within(path, host.path)
                                        for path in anywhere)

    return [each for each in all_of_them if each.id in named or near(each)]


def open_invitation(name: str) -> Invitation | None:
    """The account's one-time code that can still be used, for this room's own doors."""
    return Invitation.objects.select_related("user").filter(
        user__username=name, user__is_active=True, used_on=None, ends_on__gte=clock.today()).first()
