"""`zhixing user`: accounts, from the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from django.utils.translation import gettext as _

from zhixing.ground.kernel.types import CONSOLE, ROLES

from . import output
from .helping import Group
from .setup import start, warn_of_address

if TYPE_CHECKING:
    from zhixing.flow.campaigns.types import CampaignView
    from zhixing.ground.accounts.types import Slip

ROLE = click.Choice(ROLES)
JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
MANY = 50
"""So many accounts take long enough for a progress bar."""


@click.group("user", cls=Group)
def user_command() -> None:
    """Accounts: who may sign in, and what for.

    \b
    Example:
      zhixing user add office --role office --campaign C1
      zhixing user invite --campaign C1 -o slips.html
    """


@user_command.command("add")
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What the account may do.")
@click.option("--unit", default="", metavar="CODE", help="Over this unit and all below it.")
@click.option("--campaign", default="", metavar="C",
              help="In this campaign alone; over its host unit where none is named.")
@JSON
def add_command(name: str, role: str, unit: str, campaign: str, as_json: bool) -> None:
    """Adds an account, or gives an account that exists one more role.

    The password of a new account is asked for, or read from standard input. With neither unit nor campaign
    the role holds for the whole installation.

    \b
    Example:
      zhixing user add office --role office --campaign C1
      zhixing user add school-12 --role secretary --unit S12 --campaign C1 < password.txt
    """
    start()
    from zhixing.ground.accounts import actions, reads
    from zhixing.ground.units import reads as units

    made = reads.account(name) is None
    if made:
        if unit:  # before a password is asked for in vain
            units.unit(unit)
        if campaign:
            units.programme(campaign)
        actions.add_account(name, _password(name), role=role, unit=unit, campaign=campaign, actor=CONSOLE)
        given = True
    else:
        given = actions.give_role(name, role=role, unit=unit, campaign=campaign, actor=CONSOLE)
    if as_json:
        output.as_json({"user": name, "made": made, "given": given, "roles": [
            {"role": each.role, "unit": each.unit, "campaign": each.programme}
            for each in reads.grants_of([name])]})
    elif made:
        click.echo(_("The account %(name)s can sign in now.") % {"name": name})
    elif given:
        click.echo(_("%(name)s had an account already and has the role %(role)s too now; the password stays "
                     "as it was.") % {"name": name, "role": role})
    else:
        click.echo(_("%(name)s had that role already; nothing was changed.") % {"name": name})


@user_command.command("password")
@click.argument("name")
@JSON
def password_command(name: str, as_json: bool) -> None:
    """Sets a new password, asked for or read from standard input.

    \b
    Example:
      zhixing user password office
    """
    start()
    from zhixing.ground.accounts import actions

    actions.set_password(name, _password(name), actor=CONSOLE)
    if as_json:
        output.as_json({"user": name})
    else:
        click.echo(_("%(name)s has a new password.") % {"name": name})


@user_command.command("withdraw")
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="The role to take away.")
@click.option("--unit", default="", metavar="CODE", help="As it was given.")
@click.option("--campaign", default="", metavar="C", help="As it was given.")
@JSON
def withdraw_command(name: str, role: str, unit: str, campaign: str, as_json: bool) -> None:
    """Takes a role away; the account stays.

    \b
    Example:
      zhixing user withdraw school-12 --role secretary --unit S12 --campaign C1
    """
    start()
    from zhixing.ground.accounts import actions

    actions.withdraw_role(name, role=role, unit=unit, campaign=campaign, actor=CONSOLE)
    if as_json:
        output.as_json({"user": name, "withdrawn": role})
    else:
        click.echo(_("%(name)s no longer has the role %(role)s there.") % {"name": name, "role": role})


@user_command.command("invite")
@click.option("--campaign", required=True, metavar="C", help="The campaign whose units are invited.")
@click.option("--role", type=ROLE, default="secretary", show_default=True, help="The role of the accounts.")
@click.option("-o", "--output", "slips_file", type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.html", help="Slips to print: A4, eight a page.")
@click.option("--renew", is_flag=True, help="New codes for whoever has not used theirs; the old are void.")
@JSON
def invite_command(campaign: str, role: str, slips_file: Path | None, renew: bool, as_json: bool) -> None:
    """Makes one account for each unit that takes part, with a one-time code and a slip to hand out.

    Running it again makes only those that are missing. A code is shown once and kept nowhere: print the
    slips, then delete the file.

    \b
    Example:
      zhixing user invite --campaign C1 -o slips.html
    """
    start()
    from django.db import transaction

    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.ground.accounts import actions

    view = campaigns.campaign(campaign)
    posts = _posts(view)
    bar = click.progressbar(length=len(posts), label=_("Making accounts"), file=sys.stderr,
                            hidden=as_json or len(posts) < MANY or not sys.stderr.isatty())
    # One transaction with the file: codes that could not be printed are not given out.
    with bar, _new_file(slips_file) as file, transaction.atomic():
        slips = actions.invite(campaign, role, posts, actor=CONSOLE, renew=renew, progress=bar.update)
        printed = file is not None and any(slip.code for slip in slips)
        if file is not None and printed:
            _write(file, slips, view)
    if printed and warn_of_address():
        click.echo(_("With --renew, slips are made again whose codes nobody has used."), err=True)
    if as_json:
        output.as_json({
            "campaign": campaign, "role": role, "slips": str(slips_file) if printed else None,
            "made": [{"unit": slip.unit, "unit_name": slip.unit_name, "post": slip.post, "user": slip.user,
                      "code": slip.code or None, "until": slip.ends_on} for slip in slips],
        })
    elif not slips:
        click.echo(_("Every unit that takes part has its account already."))
    else:
        output.table(
            [_("Unit"), _("Name of the unit"), _("Post"), _("Sign-in name"), _("One-time code"), _("Until")],
            [[slip.unit, slip.unit_name, slip.post, slip.user, slip.code or _("has an account"),
              slip.ends_on or ""] for slip in slips])


def _posts(campaign: CampaignView) -> dict[str, str]:
    """Unit code → the post of whoever will hold the account, for each unit that takes part and is open, in
    the order of the tree."""
    from zhixing.flow.campaigns import reads as campaigns
    from zhixing.ground.kernel import clock
    from zhixing.ground.kernel.errors import Refused
    from zhixing.ground.units import reads as units

    taking_part = campaigns.participants(campaign.programme_id)
    places = units.paths_on(list(taking_part), clock.today())
    if not places:
        raise Refused(_("No unit takes part in %(campaign)s yet. Say “yes” under participates in its units "
                        "first.") % {"campaign": campaign.code})
    posts = units.leading_posts(list(places)) | campaigns.contacts(campaign.programme_id)
    return {taking_part[unit_id][0]: posts.get(unit_id, "")
            for unit_id in sorted(places, key=lambda each: places[each])}


@contextmanager
def _new_file(path: Path | None) -> Iterator[TextIO | None]:
    """The file, readable by its owner alone; gone again when nothing came of it. Never one that exists: its
    codes may be nowhere else."""
    if path is None:
        yield None
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                yield file
            if not path.stat().st_size:
                path.unlink()
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise click.ClickException(_("%(file)s exists already; choose another name, so that no code is lost.")
                                   % {"file": path}) from None
    except OSError as error:
        raise click.ClickException(_("%(file)s cannot be written: %(why)s.")
                                   % {"file": path, "why": error.strerror}) from None


def _write(file: TextIO, slips: Sequence[Slip], campaign: CampaignView) -> None:
    from django.conf import settings
    from django.urls import reverse

    from zhixing.ground.accounts.slips import slips_page

    address = settings.ZHIXING_URL + reverse("sign-in")
    file.write(slips_page(slips, address=address, campaign_name=campaign.name))
    file.flush()


def _password(name: str) -> str:
    """Asked for twice when a person is there, else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = click.prompt(_("Password for %(name)s") % {"name": name}, hide_input=True,
                                  confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")
