"""`zhixing backup`, `restore`, `doctor`."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.home import home

from . import output
from .progress import progress
from .setup import start

MACHINE = click.option("--json", "machine", is_flag=True, help="For machines.")


@click.command(epilog="Example: zhixing backup /mnt/backup/zhixing-monday.tgz")
@click.argument("file", type=click.Path(path_type=Path))
@MACHINE
def backup_command(file: Path, machine: bool) -> None:
    """A whole backup, while the site serves: database, files, keys.

    FILE is replaced only when the new backup is whole. It holds everything, the keys included, and can be
    read by its owner alone: keep it as safe as the data folder itself, and best on another machine."""
    if not os.environ.get("DATABASE_URL") and not (home() / "zhixing.sqlite3").is_file():
        raise Refused(f"There is nothing to back up: {home()} holds no database. Set ZHIXING_HOME to the "
                       "data folder.")
    start()
    from django.template.defaultfilters import filesizeformat
    from django.utils.translation import gettext as _

    from zhixing.shell.keeping.backup import backup

    target = file.absolute()
    with progress(_("Backing up"), hidden=machine) as told:
        manifest = backup(target, told)
    size = target.stat().st_size
    if machine:
        output.as_json({"file": str(target), "size": size}
                       | asdict(manifest) | {"members": len(manifest.members)})
        return
    click.echo(_("Backed up to %(file)s: %(members)s files, %(size)s. It holds the keys: keep it safe.")
               % {"file": target, "members": len(manifest.members), "size": filesizeformat(size)})
    click.echo(_("The ledger in it stands at %(head)s") % {"head": manifest.head})


@click.command(epilog="Example: zhixing restore /mnt/backup/zhixing-monday.tgz --into /srv/zhixing")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="HOME",
              help="The data folder to make, new or empty (default: ZHIXING_HOME).")
@MACHINE
def restore_command(file: Path, into: Path | None, machine: bool) -> None:
    """Brings a backup back.

    Nothing is overwritten: the data folder has to be new or empty, and so has the database when
    DATABASE_URL names one. The backup is checked first, and the ledger in it verified."""
    target = (into or home()).resolve()
    source = file.absolute()
    if not source.is_file():
        raise Refused(f"There is no backup {source}. Nothing was changed.")
    from zhixing.shell.keeping import restore

    try:
        with restore.side_folder(target) as side:
            os.environ["ZHIXING_HOME"] = str(side / restore.HOME)
            start(database=False)
            from django.utils.translation import gettext as _

            try:
                with progress(_("Restoring"), hidden=machine) as told:
                    restored = restore.restore(source, target, side, told)
            except Refused as refused:
                raise Refused(f"{refused} {_('Nothing was changed.')}") from None
    except OSError as error:
        raise Refused(f"The backup could not be restored: {error}.") from error
    if machine:
        output.as_json({"home": str(target), "ok": not restored.faults} | asdict(restored))
    else:
        values = asdict(restored) | {"home": target, "made_at": restored.made_at.replace("T", " ")}
        click.echo(_("Restored into %(home)s what stood on %(made_at)s: %(members)s files, %(entries)s "
                     "entries in the ledger.") % values)
    for fault in restored.faults:
        click.echo(fault, err=True)
    if restored.faults:
        click.echo(_("The data are back, but the ledger in this backup did not hold when it was made.")
                   , err=True)
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: zhixing doctor")
@MACHINE
def doctor_command(machine: bool) -> None:
    """Is this installation fit for use? Ends with 1 when something is broken, and changes nothing.

    Looks at the folder, keys, disk, the database's durability and role, the ledger, the clock, holidays,
    fonts, LibreOffice, mail and address."""
    start(database=False)
    from django.utils.translation import gettext as _

    from zhixing.shell.keeping.checks import BROKEN, LOOK, OK
    from zhixing.shell.keeping.doctor import examine

    found = examine()
    broken = any(check.state == BROKEN for check in found)
    words = {OK: _("ok"), LOOK: _("look at this"), BROKEN: _("broken")}
    if machine:
        output.as_json({"ok": not broken, "checks": [asdict(check) for check in found]})
    else:
        for check in found:
            word = words[check.state]
            click.echo(f"{word}{' ' * (14 - output.width(word))}{check.found}")
            if check.remedy:
                click.echo(f"{'':14}→ {check.remedy}")
    if broken:
        raise click.exceptions.Exit(1)
