"""The named cast of the tests: one county in three tiers, its people, one campaign, one account per role.

```
B  County Bureau                 accounts: office, leader, supervisor, viewer (over all of B)
├─ N  North District             account: district (secretary of N, so of its schools too)
│  ├─ N1  North School 1         accounts: secretary, responsible
│  ├─ N2  North School 2
│  └─ N3  North School 3
└─ S  South District
   ├─ S1  South School 1         account: other (secretary of S1)
   └─ S2  South School 2
```

`admin` holds the whole installation, `stranger` holds nothing. Every unit has a leader (`N1-1`), every school
two teachers too (`N1-2`, `N1-3`). The campaign `P1` is hosted by B and all units take part. Every account's
password is PASSWORD. The fixture `cast` (tests/conftest.py) makes it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User

from zhixing.flow.campaigns.models import Campaign, Participant
from zhixing.ground.accounts import reads as accounts
from zhixing.ground.accounts.models import Grant
from zhixing.ground.kernel.types import Actor
from zhixing.ground.units import reads as units
from zhixing.ground.units import tree
from zhixing.ground.units.models import Person, Programme, Unit
from zhixing.ground.units.types import UnitView

PASSWORD = "a-password-for-tests"

UNITS = {
    "B": ("County Bureau", "bureau", None),
    "N": ("North District", "district", "B"),
    "S": ("South District", "district", "B"),
    "N1": ("North School 1", "school", "N"),
    "N2": ("North School 2", "school", "N"),
    "N3": ("North School 3", "school", "N"),
    "S1": ("South School 1", "school", "S"),
    "S2": ("South School 2", "school", "S"),
}
"""code: (name, kind, superior)"""

ACCOUNTS = {
    "admin": ("admin", None, False),
    "office": ("office", "B", True),
    "leader": ("leader", "B", True),
    "supervisor": ("supervisor", "B", True),
    "viewer": ("viewer", "B", True),
    "district": ("secretary", "N", True),
    "secretary": ("secretary", "N1", True),
    "responsible": ("responsible", "N1", True),
    "other": ("secretary", "S1", True),
}
"""name: (role, unit, in the campaign alone?)"""


@dataclass(frozen=True)
class Cast:
    """The ids that tests need; `cast.unit("N1")` and `cast.actor("office")` look up as at today."""

    ids: Mapping[str, int]
    people: Mapping[str, int]
    programme_id: int
    users: Mapping[str, User]

    def unit(self, code: str, day: date | None = None) -> UnitView:
        return units.unit(code, day)

    def path(self, code: str) -> str:
        return units.unit(code).path

    def actor(self, name: str) -> Actor:
        return accounts.actor_of(User.objects.get(pk=self.users[name].pk))


def make_county() -> dict[str, int]:
    """The eight units, in the tree for ever."""
    ids: dict[str, int] = {}
    for code, (name, kind, above) in UNITS.items():
        ids[code] = Unit.objects.create(code=code, name=name, kind=kind, parent_id=ids.get(above or "")).id
    tree.rebuild()
    return ids


def make_people(ids: Mapping[str, int]) -> dict[str, int]:
    """A leader for every unit, two teachers more for every school."""
    made: dict[str, int] = {}
    for code, unit_id in ids.items():
        posts = [("Head", "leader")] + [("Teacher", "teacher")] * (2 if UNITS[code][1] == "school" else 0)
        for number, (post, category) in enumerate(posts, 1):
            key = f"{code}-{number}"
            made[key] = Person.objects.create(code=key, name=f"Person {key}", unit_id=unit_id, post=post,
                                              categories=f";{category};").id
    return made


def make_campaign(ids: Mapping[str, int], code: str = "P1", host: str = "B") -> int:
    """A campaign in which every unit takes part; its programme's id."""
    programme = Programme.objects.create(code=code, host_unit_id=ids[host])
    Campaign.objects.create(programme=programme, name=f"Campaign {code}", starts_on=date(2026, 3, 1),
                            ends_on=date(2026, 12, 31))
    Participant.objects.bulk_create(Participant(programme=programme, unit_id=each, participates=True)
                                    for each in ids.values())
    return programme.id


def make_accounts(ids: Mapping[str, int], programme_id: int) -> dict[str, User]:
    made = {"stranger": User.objects.create_user("stranger", password=PASSWORD)}
    for name, (role, unit, in_campaign) in ACCOUNTS.items():
        made[name] = User.objects.create_user(name, password=PASSWORD)
        Grant.objects.create(user=made[name], role=role, unit_id=ids[unit] if unit else None,
                             programme_id=programme_id if in_campaign else None)
    return made


def make_cast() -> Cast:
    ids = make_county()
    people = make_people(ids)
    programme_id = make_campaign(ids)
    return Cast(ids, people, programme_id, make_accounts(ids, programme_id))
