"""A whole backup of an installation while it serves: the database as of one moment, the files, the keys."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from zhixing.ground.kernel import clock
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.home import home

from . import databases
from .package import Manifest, Progress, writing

LEFT_OUT = frozenset({"static", "logs", "uploads", "backups", "tmp"})
"""Folders of the data folder that can be made again, or are of the moment only."""


def backup(target: Path, progress: Progress) -> Manifest:
    """Writes a backup to `target`, in place of an older one there. Raises Refused where it cannot be written;
    then nothing changed. The database is copied first: files are never changed or taken away, so whichever it
    speaks of are there afterwards."""
    _writable(target)
    folders = [folder for folder in _folders() if not target.is_relative_to(folder)]
    total = 2 * databases.size() + sum(path.stat().st_size for folder in folders for path in _files(folder))
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progress(min(done, total), total)

    try:
        with writing(target, told) as package:
            copy, head = databases.copy(package.scratch, told)
            package.add(copy, databases.NAMES[connection.vendor])
            copy.unlink()
            for folder in folders:
                for path in _files(folder):
                    package.add(path, f"home/{path.relative_to(home()).as_posix()}")
            return package.finish(version=version("zhixing"), made_at=clock.stamp().isoformat(),
                                  database=connection.vendor, head=head)
    except OSError as error:
        raise Refused(_("The backup could not be written: %(error)s. Nothing stands at %(file)s that was "
                        "not there before.") % {"error": error, "file": target}) from error


def _writable(target: Path) -> None:
    if target.is_dir():
        raise Refused(_("%(file)s is a folder. Say what the backup in it should be called.")
                      % {"file": target})
    if not target.parent.is_dir():
        raise Refused(_("There is no folder %(folder)s. Make it first.") % {"folder": target.parent})
    if target.is_relative_to(home() / "keys") or target.is_relative_to(home() / "files"):
        raise Refused(_("%(file)s is among the keys and files of the data folder. Put the backup elsewhere, "
                        "best on another disk.") % {"file": target})


def _folders() -> list[Path]:
    """A folder that is a link to another disk counts as what it holds."""
    return [path for path in sorted(home().iterdir())
            if path.is_dir() and path.name not in LEFT_OUT and path.name[0] != "."]


def _files(folder: Path) -> Iterator[Path]:
    """Every file but those that are being received just now."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(home()).parts[:2] != ("files", "incoming"):
            yield path
