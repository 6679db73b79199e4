"""`zhixing init`, `demo`, `serve`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhixing.shell import demo

from . import output
from .setup import start

if TYPE_CHECKING:
    from zhixing.ground.workbook.types import Report
    from zhixing.shell.demo.accounts import SignIn

PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))


@click.command(epilog="Example: ZHIXING_HOME=/srv/zhixing zhixing init")
@click.option("--json", "machine", is_flag=True, help="For machines: {home, database}.")
def init_command(machine: bool) -> None:
    """Makes the data folder (ZHIXING_HOME) and the database, or brings them up to date."""
    start()
    from django.conf import settings
    from django.db import connection
    from django.utils.translation import gettext as _

    place = str(settings.DATABASES["default"]["NAME"])
    if machine:
        output.as_json({"home": str(settings.ZHIXING_HOME), "database": place, "kind": connection.vendor})
        return
    click.echo(_("Ready. Data are in %(home)s, the database is %(database)s.")
               % {"home": settings.ZHIXING_HOME, "database": place})


@click.command(epilog="Example: zhixing serve --host 0.0.0.0 --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True,
              help="The address of this machine to listen on.")
@PORT
@click.option("--workers", type=click.IntRange(1, 64),
              help="Processes that answer (default: one per core, up to 4).")
@click.option("--json", "machine", is_flag=True, help="For machines: {url}, once it answers.")
def serve_command(host: str, port: int, workers: int | None, machine: bool) -> None:
    """Serves the site until Ctrl-C."""
    _serve(host, port, workers, machine)


def _serve(host: str, port: int, workers: int | None, machine: bool) -> None:
    from zhixing.shell import server

    os.environ.setdefault("ZHIXING_URL", server.address(host, port))
    start()
    from django.utils import translation
    from django.utils.translation import gettext as _

    server.require_free(host, port)
    if host not in server.LOCAL:
        click.echo(_("This listens beyond this machine, without encryption. Put a web server with a "
                     "certificate in front, and set ZHIXING_URL to the address people use."), err=True)

    language = translation.get_language()

    def ready(url: str, status: int) -> None:
        translation.activate(language or "en")
        if not status:
            click.echo(_("%(url)s has not answered for a minute; see the messages above.") % {"url": url},
                       err=True)
            return
        if status >= 500:
            click.echo(_("The first page fails (error %(status)s).") % {"status": status}, err=True)
        if machine:
            output.as_json({"url": url})
        else:
            click.echo(_("Zhixing answers at %(url)s (Ctrl-C stops it).") % {"url": url})
        sys.stdout.flush()

    server.serve(host, port, workers or server.workers_by_default(), ready=ready)
    if not machine:
        click.echo(_("Stopped."))


@click.command(epilog="Example: zhixing demo --units 60 --port 8001")
@click.option("--units", default=187, show_default=True, type=click.IntRange(12, 20000),
              help="How many units take part: a bureau, its school districts, its schools.")
@PORT
@click.option("--pack", default=demo.PACK, show_default=True, type=click.Choice(list(demo.PACKS)),
              help="The template pack it follows; its language is the data's.")
@click.option("--no-serve", is_flag=True, help="Only load it.")
@click.option("--json", "machine", is_flag=True, help="For machines: {campaign, loaded, sign_ins}.")
def demo_command(units: int, port: int, pack: str, no_serve: bool, machine: bool) -> None:
    """Loads a demonstration campaign and serves it, with one sign-in per role.

    The data folder must hold no campaign of your own. A second run loads nothing and serves what is there."""
    from zhixing.shell import server

    os.environ.setdefault("ZHIXING_URL", server.address("127.0.0.1", port))
    start()
    from zhixing.shell.demo import accounts, asked

    if not no_serve:
        server.require_free("127.0.0.1", port)
    loaded = _load(units, pack)
    sign_ins = accounts.open_accounts(demo.campaign_code(pack))
    asked.ask_for_time(demo.campaign_code(pack), str(demo.words_of(pack)["asked"]["more_time"]))
    if machine:
        output.as_json({"campaign": demo.campaign_code(pack), "loaded": loaded is not None,
                        "sign_ins": [each.__dict__ for each in sign_ins]})
    else:
        _show(loaded, sign_ins)
    if not no_serve:
        _serve("127.0.0.1", port, None, machine)


def _load(units: int, pack: str) -> Report | None:
    """Writes the workbook and brings it in by the ordinary door; None when it is in already. Raises Refused
    in a data folder with other campaigns."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from zhixing.ground.kernel import clock
    from zhixing.ground.kernel.errors import Refused
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.units import reads
    from zhixing.ground.workbook import actions

    mine = demo.campaign_code(pack)
    there = [each.code for each in reads.programmes()]
    if any(code != mine for code in there):
        raise Refused(_("%(home)s holds campaigns of its own (%(codes)s), and a demonstration would mix with "
                        "them. Set ZHIXING_HOME to an empty folder for the demonstration.")
                      % {"home": settings.ZHIXING_HOME, "codes": ", ".join(there[:5])})
    if there:
        return None
    with tempfile.TemporaryDirectory(prefix="zhixing-demo-") as folder:
        demo.write_demo(Path(folder), units, today=clock.today(), pack=pack)
        return actions.import_workbook(folder, actor=CONSOLE)


def _show(loaded: Report | None, sign_ins: list[SignIn]) -> None:
    from django.utils.translation import gettext as _

    if loaded is None:
        click.echo(_("The demonstration is loaded already."))
    else:
        total, units = loaded.total().created, loaded.tables["units"].created
        click.echo(_("Loaded %(rows)s records of %(units)s units.") % {"rows": f"{total:,}", "units": units})
    click.echo()
    output.table([_("role"), _("sign-in"), _("password"), _("unit")],
                 [(each.role, each.name, each.password or _("(as you set it)"), each.unit_name)
                  for each in sign_ins])
    click.echo()
    click.echo(_("These sign-ins are for trying out, on this machine only: everybody can know the password."))
