"""Who may write which table, and who may give which role to whom. One table for the whole site comes from
here (`permits_table`); a test holds it against a list written out by hand.

| role | may |
|---|---|
| admin, office | write every table of their programme, within their subtree |
| secretary | write what units report themselves, within their subtree |
| leader, supervisor, responsible, viewer | look |
| the console | everything |
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhixing.ground.kernel import tables
from zhixing.ground.kernel.errors import NotAllowed
from zhixing.ground.kernel.types import ROLES, Actor
from zhixing.ground.units.types import within

OFFICE = ("admin", "office")

GIVES = {
    "admin": ROLES,
    "office": ("leader", "supervisor", "secretary", "responsible", "viewer"),
}
"""Role → the roles it may give to others."""


def role_may_write(role: str, table: str) -> bool:
    """May this role write rows of the table at all? Raises KeyError when there is no such table."""
    return role in OFFICE or (role == "secretary" and not tables.table(table).office_only)


def may_write(actor: Actor, table: str, programme_id: int | None, path: str) -> bool:
    """May the actor write the table's rows that belong to the unit at `path`? With programme_id None (a
    campaign that is only beginning) only a grant that holds in every programme counts."""
    if actor.kind in ("console", "system"):
        return True
    return any(
        role_may_write(grant.role, table) and grant.programme_id in (None, programme_id)
        and within(path, grant.path)
        for grant in actor.grants
    )


def require(actor: Actor, table: str, programme_id: int | None, path: str) -> None:
    """Raises NotAllowed, saying what would be needed, unless the actor may write there."""
    if may_write(actor, table, programme_id, path):
        return
    here = [grant for grant in actor.grants if grant.programme_id in (None, programme_id)]
    if not here:
        raise NotAllowed(_("You have no part in this campaign. Ask its office for access."))
    if any(role_may_write(grant.role, table) for grant in here):
        raise NotAllowed(_("This belongs to a unit outside yours, so you cannot change it. Ask that unit or "
                           "the campaign office."))
    if any(grant.role == "secretary" for grant in here):
        raise NotAllowed(_("The table “%(table)s” is kept by the campaign office. Ask the office to make the "
                           "change.") % {"table": table})
    raise NotAllowed(_("Your account can look but not change anything here. Ask the campaign office for a "
                       "role that writes."))


def may_give(actor: Actor, role: str, programme_id: int | None, path: str) -> bool:
    """May the actor give this role over the unit at `path` ("" the whole installation) in this programme
    (None: in every one)? Nobody gives more than they hold: neither wider nor in more programmes."""
    if actor.kind in ("console", "system"):
        return True
    return any(
        role in GIVES.get(grant.role, ()) and grant.programme_id in (None, programme_id)
        and within(path, grant.path)
        for grant in actor.grants
    )


def permits_table() -> dict[str, dict[str, bool]]:
    """Table → role → may it write there (its own subtree)? For every table of the house."""
    return {table.name: {role: role_may_write(role, table.name) for role in ROLES}
            for table in tables.tables()}
