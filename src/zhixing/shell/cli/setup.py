"""What every command that touches records does first: Django, the language, and a database up to date."""

from __future__ import annotations

import fcntl
import locale
import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor


def start(*, database: bool = True) -> None:
    """Starts Django in the chosen language and brings the database's tables up to date where they are not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhixing.shell.settings")
    django.setup()
    from django.utils import translation

    translation.activate(language())
    if database:
        ensure_database()


def language() -> str:
    """`--lang`, else ZHIXING_LANG, else the locale's: Chinese where it is Chinese, else English."""
    asked = os.environ.get("ZHIXING_LANG") or _of_the_environment() or locale.getlocale()[0] or ""
    return "zh-hans" if asked.lower().startswith("zh") else "en"


def _of_the_environment() -> str:
    """What LANGUAGE, LC_ALL, LC_MESSAGES or LANG say, whether or not that locale was ever generated on this machine.
    LANGUAGE is a list, and stands for nothing where the locale itself is C."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "") or ""
    if named.partition(".")[0] in ("C", "POSIX"):
        return named
    return os.environ.get("LANGUAGE", "").partition(":")[0] or named


def ensure_database() -> None:
    """Makes the data folder and the tables; does nothing (one query) where they are as they should be."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    settings.ZHIXING_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _behind(MigrationExecutor(connection)):
        return
    gate = os.open(settings.ZHIXING_HOME, os.O_RDONLY)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)  # of two commands that start together, one prepares and the other waits
        if not _behind(MigrationExecutor(connection)):
            return
        if sys.stderr.isatty():
            print("Preparing the database …", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        os.close(gate)


def warn_of_address() -> bool:
    """Says on standard error that what is printed leads to this machine alone, where nobody has set the address that
    people use; tells whether it had to."""
    import click
    from django.conf import settings
    from django.utils.translation import gettext as _

    here = urlsplit(settings.ZHIXING_URL).hostname in ("127.0.0.1", "localhost", "::1")
    if here:
        click.echo(_("Warning: the links and squares lead to %(url)s, which opens on this machine only. Set "
                     "ZHIXING_URL to the address people use, such as https://zhixing.example.org, and make it again.")
                   % {"url": settings.ZHIXING_URL}, err=True)
    return here


def _behind(executor: MigrationExecutor) -> bool:
    """Whether there are migrations that the database has not had."""
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
