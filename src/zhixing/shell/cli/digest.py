"""`zhixing digest`: the day's letter for everybody who has something to do."""

from __future__ import annotations

from pathlib import Path

import click

from . import output
from .progress import progress
from .setup import start, warn_of_address


@click.command(epilog="Example: zhixing digest --to /srv/outgoing")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Where the letters are put, a .txt and an .eml for each account.")
@click.option("--json", "machine", is_flag=True, help="For machines: {folder, letters}.")
def digest_command(folder: Path, machine: bool) -> None:
    """Writes the day's letters: what each person owes, what waits for them, what came back.

    At most one a day for each account, and none where there is nothing to do; a second call on the same day writes
    none. Nothing is sent: a mail program of yours may take the letters from the folder."""
    target = folder.absolute()
    start()
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from zhixing.shell.desk import jobs

    with progress(_("Writing letters"), hidden=machine) as told:
        written = jobs.write_letters(target, told)
    if machine:
        output.as_json({"folder": str(target), "letters": written})
        return
    if not written:
        click.echo(_("No letter was due: whoever has something to do today has had theirs."))
        return
    warn_of_address()
    click.echo(ngettext("%(count)s letter written to %(folder)s.", "%(count)s letters written to %(folder)s.",
                        len(written)) % {"count": len(written), "folder": target})
