"""Accounts, roles and invitations: what happens, what is refused, and what the ledger says."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import UNITS, Cast, make_campaign
from zhixing.ground.accounts import rules
from zhixing.ground.accounts.actions import add_account, give_role, invite, set_password, withdraw_role
from zhixing.ground.accounts.models import Grant, Invitation
from zhixing.ground.accounts.reads import grants_of
from zhixing.ground.accounts.types import GrantView
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger

GOOD = "a-good-long-password"
POSTS = dict.fromkeys(UNITS, "Head")
pytestmark = pytest.mark.usefixtures("clock")


def said() -> list[tuple[str, str, dict[str, object]]]:
    return [(entry.verb, entry.subject, dict(entry.new)) for entry in ledger.entries()]


def test_an_account_is_added_with_its_role(cast: Cast) -> None:
    add_account("ann", GOOD, role="office", unit="N", campaign="P1", actor=CONSOLE)
    assert grants_of(["ann"]) == [GrantView("ann", "office", "N", "P1")]
    assert User.objects.get(username="ann").check_password(GOOD)
    assert said() == [("accounts.give", "accounts/ann", {"role": "office", "unit": "N", "campaign": "P1"})]
    assert GOOD not in str(list(ledger.entries()))


@pytest.mark.parametrize(("unit", "campaign", "held"), [
    ("", "", GrantView("ann", "leader", "", "")),
    ("", "P1", GrantView("ann", "leader", "B", "P1")),
    ("S", "", GrantView("ann", "leader", "S", "")),
])
def test_a_role_is_held_over_what_was_named(cast: Cast, unit: str, campaign: str, held: GrantView) -> None:
    add_account("ann", GOOD, role="leader", unit=unit, campaign=campaign, actor=CONSOLE)
    assert grants_of(["ann"]) == [held]


@pytest.mark.parametrize(("name", "password", "role", "unit", "why"), [
    ("office", GOOD, "viewer", "", "already"),
    ("ann", GOOD, "king", "", "no role king"),
    ("ann", GOOD, "secretary", "", "held at a unit"),
    ("ann", GOOD, "viewer", "X", "no unit with the code X"),
    ("ann", "12345678", "viewer", "", "numeric"),
    ("ann", "", "viewer", "", "short"),
    ("a b", GOOD, "viewer", "", "valid username"),
])
def test_adding_is_refused(cast: Cast, name: str, password: str, role: str, unit: str, why: str) -> None:
    before = User.objects.count()
    with pytest.raises(Refused, match=why):
        add_account(name, password, role=role, unit=unit, actor=CONSOLE)
    assert User.objects.count() == before and ledger.size() == 0


def test_a_role_is_given_once_and_withdrawn(cast: Cast) -> None:
    assert give_role("other", role="viewer", unit="N", actor=CONSOLE)
    assert not give_role("other", role="viewer", unit="N", actor=CONSOLE)
    withdraw_role("other", role="viewer", unit="N", actor=CONSOLE)
    assert [each[0] for each in said()] == ["accounts.withdraw", "accounts.give"]
    assert grants_of(["other"]) == [GrantView("other", "secretary", "S1", "P1")]
    with pytest.raises(Refused, match="does not hold"):
        withdraw_role("other", role="viewer", unit="N", actor=CONSOLE)
    with pytest.raises(NotFound, match="nobody"):
        give_role("nobody", role="viewer", actor=CONSOLE)


@pytest.mark.parametrize("name", ["leader", "supervisor", "viewer", "secretary", "district", "stranger"])
def test_those_who_keep_no_accounts_give_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        give_role("other", role="viewer", unit="N1", campaign="P1", actor=cast.actor(name))
    with pytest.raises(NotAllowed):
        set_password("other", GOOD, actor=cast.actor(name))
    with pytest.raises(NotAllowed):
        invite("P1", "secretary", POSTS, actor=cast.actor(name))
    assert ledger.size() == 0


def test_an_office_gives_within_its_campaign_and_subtree(cast: Cast) -> None:
    office = cast.actor("office")
    assert give_role("stranger", role="viewer", unit="N1", campaign="P1", actor=office)
    for refused in ({"role": "admin", "unit": "N1", "campaign": "P1"}, {"role": "viewer", "unit": "N1"},
                    {"role": "viewer"}):
        with pytest.raises(NotAllowed):
            give_role("stranger", actor=office, **refused)


def test_a_password_is_set_by_its_owner_and_by_who_gives_all_its_roles(cast: Cast) -> None:
    set_password("viewer", GOOD, actor=cast.actor("viewer"))
    set_password("secretary", GOOD, actor=cast.actor("office"))
    set_password("stranger", GOOD, actor=cast.actor("admin"))
    with pytest.raises(NotAllowed):
        set_password("admin", GOOD, actor=cast.actor("office"))
    with pytest.raises(NotAllowed):
        set_password("stranger", GOOD, actor=cast.actor("office"))
    assert said() == [("accounts.password", f"accounts/{name}", {})
                      for name in ("stranger", "secretary", "viewer")]


def test_every_unit_without_one_gets_an_account_with_a_code(cast: Cast) -> None:
    slips = invite("P1", "secretary", POSTS, actor=CONSOLE)
    assert [slip.unit for slip in slips] == ["B", "S", "N2", "N3", "S2"], "N, N1 and S1 have theirs"
    assert {slip.user for slip in slips} == {"B", "S", "N2", "N3", "S2"}
    assert all(re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", slip.code) for slip in slips)
    assert len({slip.code for slip in slips}) == 5
    assert not any(User.objects.get(username=slip.user).has_usable_password() for slip in slips)
    assert sorted(said()) == sorted(
        ("accounts.give", f"accounts/{slip.user}", {"role": "secretary", "unit": slip.unit, "campaign": "P1"})
        for slip in slips)
    everything = str(list(ledger.entries())) + str(list(Invitation.objects.values()))
    assert not any(slip.code in everything for slip in slips), "a code is kept nowhere"


def test_inviting_again_makes_only_what_is_missing(cast: Cast) -> None:
    invite("P1", "secretary", {"S2": "Head"}, actor=CONSOLE)
    assert [slip.unit for slip in invite("P1", "secretary", POSTS, actor=CONSOLE)] == ["B", "S", "N2", "N3"]
    size = ledger.size()
    assert invite("P1", "secretary", POSTS, actor=CONSOLE) == [] and ledger.size() == size


def test_a_renewed_code_replaces_one_that_was_not_used(cast: Cast) -> None:
    first = {slip.unit: slip.code for slip in invite("P1", "secretary", POSTS, actor=CONSOLE)}
    Invitation.objects.filter(user__username="S2").update(used_on="2026-05-01")
    again = {slip.unit: slip.code for slip in invite("P1", "secretary", POSTS, actor=CONSOLE, renew=True)}
    assert set(again) == {"B", "S", "N2", "N3"} and not set(again.values()) & set(first.values())
    assert Invitation.objects.count() == 5


def test_the_account_of_an_earlier_campaign_is_given_the_next_one(cast: Cast) -> None:
    make_campaign(cast.ids, "P2")
    slips = {slip.unit: slip for slip in invite("P2", "secretary", POSTS, actor=CONSOLE)}
    assert slips["N1"].user == "secretary" and slips["N1"].code == ""
    assert grants_of(["secretary"])[1] == GrantView("secretary", "secretary", "N1", "P2")
    assert slips["S2"].user == "S2" and slips["S2"].code


def test_other_roles_have_names_of_their_own(cast: Cast) -> None:
    User.objects.create_user("N2-responsible")
    assert [slip.user for slip in invite("P1", "responsible", {"N1": "", "N2": ""}, actor=CONSOLE)] == [
        "N2-responsible-2"], "N1 has one, and the name was taken"


def test_a_unit_code_becomes_a_name_that_can_be_typed() -> None:
    assert rules.sign_in_name("实验 小学/1", "secretary", ()) == "实验-小学-1"
    assert rules.sign_in_name("//", "viewer", ()) == "unit-viewer"
    assert rules.sign_in_name("a", "secretary", {"a", "a-2"}) == "a-3"


def test_a_code_is_read_as_people_type_it() -> None:
    assert rules.digest("s", "AB3D-EFGH-JKMN") == rules.digest("s", " ab3d efgh jkmn") == rules.digest(
        "s", "ＡＢ３ＤＥＦＧＨＪＫＭＮ")
    assert rules.digest("s", "AB3D") != rules.digest("t", "AB3D")


def test_inviting_takes_few_queries_for_each_unit(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        invite("P1", "secretary", POSTS, actor=CONSOLE)
    assert len(queries) <= 8 + 5 * 16
    with CaptureQueriesContext(connection) as queries:
        invite("P1", "secretary", POSTS, actor=CONSOLE)
    assert len(queries) <= 8, "nothing to do"
    assert Grant.objects.count() == 14
