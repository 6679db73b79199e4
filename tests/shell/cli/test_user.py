"""`zhixing user`, in this process."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation

from tests.cast import Cast
from zhixing.flow.campaigns.models import Appointment, Participant
from zhixing.ground.accounts.models import Invitation
from zhixing.ground.accounts.reads import grants_of
from zhixing.ground.accounts.types import GrantView
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import tree
from zhixing.ground.units.models import Unit
from zhixing.shell.cli.user import user_command

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.urls("tests.ground.accounts.urls")]
GOOD = "a-good-long-password"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHIXING_LANG", "en")
    with translation.override("en"):
        yield


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(user_command, words, input=stdin)


def done(words: Sequence[str], stdin: str = "") -> str:
    ran = run(*words, stdin=stdin)
    assert ran.exit_code == 0, ran.output + repr(ran.exception)
    return ran.stdout


def test_an_account_is_added_with_the_password_of_standard_input(cast: Cast) -> None:
    out = done(["add", "ann", "--role", "office", "--unit", "N", "--campaign", "P1"], f"{GOOD}\n")
    assert "ann can sign in" in out and GOOD not in out
    assert User.objects.get(username="ann").check_password(GOOD)
    assert grants_of(["ann"]) == [GrantView("ann", "office", "N", "P1")]
    assert [entry.actor for entry in ledger.entries()] == ["console"]


def test_an_account_that_exists_gets_one_more_role_and_keeps_its_password(cast: Cast) -> None:
    before = User.objects.get(username="other").password
    told = json.loads(done(["add", "other", "--role", "viewer", "--campaign", "P1", "--json"]))
    assert told == {"user": "other", "made": False, "given": True, "roles": [
        {"role": "secretary", "unit": "S1", "campaign": "P1"},
        {"role": "viewer", "unit": "B", "campaign": "P1"}]}
    assert "nothing was changed" in done(["add", "other", "--role", "viewer", "--campaign", "P1"])
    assert User.objects.get(username="other").password == before


@pytest.mark.parametrize(("words", "stdin", "why"), [
    (["--role", "secretary"], GOOD, "held at a unit"),
    (["--role", "viewer", "--unit", "X"], GOOD, "no unit with the code X"),
    (["--role", "viewer", "--campaign", "X"], GOOD, "no campaign with the code X"),
    (["--role", "viewer"], "12345678", "entirely numeric"),
    (["--role", "viewer"], "", "too short"),
])
def test_what_cannot_be_added_is_refused_with_the_reason(cast: Cast, words: list[str], stdin: str,
                                                         why: str) -> None:
    ran = run("add", "ann", *words, stdin=stdin)
    assert isinstance(ran.exception, Refused) and why in str(ran.exception)
    assert not User.objects.filter(username="ann").exists()


def test_a_role_that_there_is_not_is_wrong_usage(cast: Cast) -> None:
    assert run("add", "ann", "--role", "king").exit_code == 2


def test_a_password_is_replaced_and_a_role_withdrawn(cast: Cast) -> None:
    done(["password", "office"], f"{GOOD}\n")
    assert User.objects.get(username="office").check_password(GOOD)
    done(["withdraw", "office", "--role", "office", "--unit", "B", "--campaign", "P1"])
    assert grants_of(["office"]) == []


def test_every_unit_that_takes_part_gets_a_slip(cast: Cast, tmp_path: Path) -> None:
    Appointment.objects.create(programme_id=cast.programme_id, role="contact", person_id=cast.people["S2-2"],
                               unit_id=cast.ids["S2"])
    Unit.objects.filter(code="N3").update(valid_to="2026-01-31")
    tree.rebuild()
    Participant.objects.filter(unit__code="B").update(participates=False)
    page = tmp_path / "slips.html"
    told = json.loads(done(["invite", "--campaign", "P1", "-o", str(page), "--json"]))
    assert [(each["unit"], each["post"], each["user"]) for each in told["made"]] == [
        ("N2", "Head", "N2"), ("S", "Head", "S"), ("S2", "Teacher", "S2")], "N, N1 and S1 have accounts"
    html = page.read_text()
    assert re.findall(r'class="code">([^<]+)<', html) == [each["code"] for each in told["made"]]
    assert "South School 2" in html and "Campaign P1" in html and "http://127.0.0.1:8000/sign-in/" in html
    assert html.count("<svg") == 3 and "For: Teacher" in html and "2026-08-16" in html
    assert not re.search(r'(src|href)="http', html), "nothing is loaded from elsewhere"
    assert "position: absolute" not in html and html.count("viewBox") == 3, "the square covers no line"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_slips_that_lead_to_this_machine_are_warned_about_on_standard_error(
        cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("invite", "--campaign", "P1", "-o", str(tmp_path / "slips.html"), "--json")
    assert "Set ZHIXING_URL to the address people use" in ran.stderr and "--renew" in ran.stderr
    assert "ZHIXING_URL" not in ran.stdout
    monkeypatch.setattr(settings, "ZHIXING_URL", "https://zx.example.org")
    ran = run("invite", "--campaign", "P1", "--renew", "-o", str(tmp_path / "again.html"), "--json")
    assert ran.stderr == "" and "https://zx.example.org/sign-in/" in (tmp_path / "again.html").read_text()


def test_slips_speak_the_language_that_was_chosen(
        cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, words in (("zh", ("一次性登录码", "账号")), ("en", ("One-time code",))):
        monkeypatch.setenv("ZHIXING_LANG", language)
        page = tmp_path / f"{language}.html"
        done(["invite", "--campaign", "P1", "--renew", "-o", str(page)])
        html = page.read_text()
        assert all(word in html for word in words), language
        assert ("One-time" in html) == (language == "en")


def test_inviting_again_makes_nothing_and_says_so(cast: Cast, tmp_path: Path) -> None:
    shown = done(["invite", "--campaign", "P1"])
    assert "North School 2" in shown and re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", shown)
    assert "has its account already" in done(["invite", "--campaign", "P1"])
    told = json.loads(done(["invite", "--campaign", "P1", "-o", str(tmp_path / "slips.html"), "--json"]))
    assert told["made"] == [] and told["slips"] is None and not list(tmp_path.iterdir())
    assert len(json.loads(done(["invite", "--campaign", "P1", "--renew", "--json"]))["made"]) == 5


def test_eight_slips_stand_on_a_page(cast: Cast, tmp_path: Path) -> None:
    for number in range(9):
        unit = Unit.objects.create(code=f"S3{number}", name="<b>School</b>", parent_id=cast.ids["S"])
        Participant.objects.create(programme_id=cast.programme_id, unit=unit, participates=True)
    tree.rebuild()
    page = tmp_path / "slips.html"
    done(["invite", "--campaign", "P1", "-o", str(page)])
    html = page.read_text()
    assert html.count('class="page"') == 2 and html.count('class="slip"') == 14 and "<b>School" not in html


def test_slips_are_not_written_over_others(cast: Cast, tmp_path: Path) -> None:
    page = tmp_path / "slips.html"
    page.write_text("codes of last week")
    ran = run("invite", "--campaign", "P1", "-o", str(page))
    assert ran.exit_code == 1 and "exists already" in ran.output
    assert page.read_text() == "codes of last week" and not Invitation.objects.exists()


def test_codes_that_could_not_be_printed_are_not_given_out(cast: Cast, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_anything: object, **_more: object) -> str:
        raise OSError(28, "no space left")

    monkeypatch.setattr("zhixing.ground.accounts.slips.slips_page", fails)
    ran = run("invite", "--campaign", "P1", "-o", str(tmp_path / "slips.html"))
    assert ran.exit_code == 1 and "cannot be written: no space left" in ran.output
    assert not Invitation.objects.exists() and not list(tmp_path.iterdir()) and ledger.size() == 0
    nowhere = run("invite", "--campaign", "P1", "-o", str(tmp_path / "no" / "slips.html"))
    assert nowhere.exit_code == 1 and "cannot be written" in nowhere.output


def test_a_campaign_without_units_says_what_to_do(cast: Cast) -> None:
    Participant.objects.update(participates=None)
    ran = run("invite", "--campaign", "P1")
    assert isinstance(ran.exception, Refused) and "No unit takes part in P1" in str(ran.exception)


@pytest.mark.django_db
def test_a_unit_that_is_not_there_is_named_before_a_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked(name: str) -> str:
        raise AssertionError(f"a password was asked for {name}")

    monkeypatch.setattr("zhixing.shell.cli.user._password", asked)
    refused = run("add", "clerk", "--role", "secretary", "--unit", "NOPE").exception
    assert isinstance(refused, NotFound) and "NOPE" in str(refused)
