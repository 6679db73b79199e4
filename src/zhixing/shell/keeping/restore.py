"""A backup brought back: into a side folder first, checked there, and moved in as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.db import connection, connections
from django.utils.translation import gettext as _

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.home import sync_folder

from . import package

HOME = "home"
"""The data folder to be, within the side folder."""


@dataclass(frozen=True)
class Restored:
    """What came back. `faults`: what is wrong with the ledger in it, which was so when the backup was
    made."""

    made_at: str
    version: str
    head: str
    members: int
    entries: int
    faults: list[str]


@contextmanager
def side_folder(target: Path) -> Iterator[Path]:
    """A folder beside the data folder to be, gone at the end. Within it where it is a disk of its own."""
    place = target if target.is_dir() and target.is_mount() else target.parent
    place.mkdir(parents=True, exist_ok=True)
    side = Path(tempfile.mkdtemp(prefix=".restoring-", dir=place))
    try:
        (side / HOME).mkdir(mode=0o700)
        yield side
    finally:
        shutil.rmtree(side, ignore_errors=True)


def restore(source: Path, target: Path, side: Path, progress: package.Progress) -> Restored:
    """Brings `source` back as the data folder `target`; the database too, on PostgreSQL into the empty
    database that DATABASE_URL names. Django must have been started with `side`/home as its data folder.

    Raises Refused, with nothing changed: no sound backup, a data folder or database that is not empty,
    another kind of database, a backup of a newer version."""
    from . import databases  # needs Django started

    _require_empty(target, side)
    if not source.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": source})
    manifest = package.unpack(source, side, progress)
    if _number(manifest.version) > _number(version("zhixing")):
        raise Refused(_("This backup was made by Zhixing %(version)s. Install that version or a newer one "
                        "first.") % {"version": manifest.version})
    if manifest.database != connection.vendor:
        raise Refused(_("This backup is of a PostgreSQL database. Set DATABASE_URL to an empty one.")
                      if manifest.database == "postgresql" else
                      _("This backup is of an SQLite database. Unset DATABASE_URL."))
    dump = side / databases.NAMES[connection.vendor]
    if not dump.is_file():
        raise Refused(_("%(file)s holds no database.") % {"file": source})
    if connection.vendor == "postgresql":
        if not databases.is_empty():
            raise Refused(_("The database that DATABASE_URL names is not empty. Make a new one (createdb) "
                            "and name that."))
        databases.load(dump)
    else:
        os.rename(dump, side / HOME / databases.SQLITE_FILE)
    entries, faults = _checked(manifest.head)
    _moved(side / HOME, target)
    return Restored(manifest.made_at, manifest.version, manifest.head, len(manifest.members), entries, faults)


def _require_empty(target: Path, side: Path) -> None:
    if target.exists() and not target.is_dir():
        raise Refused(_("%(home)s is not a folder. Name an empty one with --into.") % {"home": target})
    if target.is_dir() and any(path != side and path.name != "lost+found" for path in target.iterdir()):
        raise Refused(_("%(home)s is not empty, and a restore overwrites nothing. Rename that folder, or "
                        "name an empty one with --into.") % {"home": target})


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _checked(head: str) -> tuple[int, list[str]]:
    """Brings the database up to this version and verifies its ledger against the backup's own head."""
    from zhixing.ground.ledger import reads  # these need Django started
    from zhixing.ground.ledger.types import Head
    from zhixing.shell.cli.setup import ensure_database

    ensure_database()
    try:
        faults = reads.verify(Head.parse(head) if head else None)
    except Refused as error:  # its key was lost before the backup was made: the data are worth having yet
        faults = [str(error)]
    entries = reads.size()
    connections.close_all()
    return entries, faults


def _moved(home: Path, target: Path) -> None:
    """In one step; where the side folder stands within the data folder, piece by piece, the database last."""
    if home.parent.parent != target:
        os.rename(home, target)  # an empty folder gives way
    else:
        for path in sorted(home.iterdir(), key=lambda path: path.is_file()):
            os.rename(path, target / path.name)
        target.chmod(0o700)
    sync_folder(target.parent)
