"""The doctor's questions to the database, the ledger and the clock."""

from __future__ import annotations

import os
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from zhixing.ground.figures import history
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.home import home
from zhixing.ground.ledger import reads

from .checks import BROKEN, LOOK, OK, Check, Checks

BUILT = date(2026, 1, 1)
"""No clock that goes right shows an earlier day."""

OLDEST_SQLITE = (3, 37, 0)
OLDEST_POSTGRES = 150000
LATEST_ENTRIES = 1000
"""So many entries are verified by the quick look."""

LISTED_FIGURES = 20
"""So many frozen figures that were altered are named."""

REMOTE = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph")


def database() -> Checks:
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        yield Check("no_database", LOOK, _("There is no database yet."), _("Run `zhixing init`."))
        return
    connection.ensure_connection()
    yield from _postgres() if connection.vendor == "postgresql" else _sqlite()


def ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _sqlite() -> Checks:
    import sqlite3

    wrong = []
    if (mode := ask("PRAGMA journal_mode")) != "wal":
        wrong.append(_("journal_mode is %(mode)s, not wal") % {"mode": mode})
    if (level := ask("PRAGMA synchronous")) not in ("2", "3"):
        wrong.append(_("synchronous is %(level)s, not FULL") % {"level": level})
    if ask("PRAGMA foreign_keys") != "1":
        wrong.append(_("foreign keys are not kept"))
    if wrong:
        yield Check("database", BROKEN, _("SQLite may lose what it was given: %(wrong)s.") % {
            "wrong": "; ".join(wrong)}, _("Use the settings that Zhixing ships, on a disk that can lock "
                                          "files."))
    else:
        yield Check("database", OK, _("SQLite %(version)s survives a power cut (wal, synchronous FULL).")
                    % {"version": sqlite3.sqlite_version})
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Check("database_version", BROKEN, _("SQLite %(version)s is too old.")
                    % {"version": sqlite3.sqlite_version}, _("Use a Python with SQLite 3.37 or newer."))
    if (kind := _filesystem(home())).startswith(REMOTE):
        yield Check("database_disk", BROKEN,
                    _("The database is on a network disk (%(kind)s), where SQLite breaks.")
                    % {"kind": kind}, _("Move the data folder to a local disk, or use PostgreSQL."))
    if (said := ask("PRAGMA quick_check(1)")) != "ok":
        yield Check("database_file", BROKEN, _("The database file is damaged: %(said)s.") % {"said": said},
                    _("Stop the site and restore the last backup."))


def _filesystem(path: Path) -> str:
    """The kind of file system a path is on, "" where the machine does not say."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    above = [(len(place), kind) for _device, place, kind, *_rest in mounts if path.is_relative_to(place)]
    return max(above, default=(0, ""))[1]


def _postgres() -> Checks:
    name = ask("SELECT current_setting('server_version')")
    wrong = [f"{setting} = off" for setting in ("fsync", "full_page_writes", "synchronous_commit")
             if ask(f"SELECT current_setting('{setting}')") == "off"]
    if wrong:
        yield Check("database", BROKEN, _("PostgreSQL %(version)s may lose what it was given: %(wrong)s.") % {
            "version": name, "wrong": "; ".join(wrong)}, _("Set them to on in postgresql.conf and reload."))
    else:
        yield Check("database", OK, _("PostgreSQL %(version)s survives a power cut.") % {"version": name})
    if int(ask("SELECT current_setting('server_version_num')")) < OLDEST_POSTGRES:
        yield Check("database_version", BROKEN, _("PostgreSQL %(version)s is too old.") % {"version": name},
                    _("Use PostgreSQL 15 or newer."))
    if (encoding := ask("SELECT current_setting('server_encoding')")) != "UTF8":
        yield Check("database_encoding", BROKEN,
                    _("The database's encoding is %(name)s.") % {"name": encoding},
                    _("Make a new database with ENCODING 'UTF8'."))
    if ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "True":
        yield Check("database_role", LOOK, _("Zhixing signs in to PostgreSQL as a superuser."),
                    _("Give it a role of its own that owns this database and nothing else."))
    else:
        yield Check("database_role", OK, _("Its role in PostgreSQL is no superuser."))


def migrations() -> Checks:
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if unknown and not pending:
        yield Check("migrations", BROKEN, _("The database was used by a newer Zhixing: %(names)s.") % {
            "names": ", ".join(sorted(".".join(name) for name in unknown)[:3])},
            _("Install that version again."))
    elif pending:
        yield Check("migrations", LOOK, _("The database has to be brought up to date (%(number)s steps).") % {
            "number": len(pending)}, _("Make a backup, then run `zhixing init`."))
    else:
        yield Check("migrations", OK, _("The database is up to date."))


def ledger() -> Checks:
    if "ledger_entry" not in connection.introspection.table_names():
        yield Check("ledger", OK, _("There is no ledger yet."))
        return
    size = reads.size()
    found = reads.faults(since=max(0, size - LATEST_ENTRIES))
    if found:
        yield Check("ledger", BROKEN, found[0].text,
                    _("Run `zhixing ledger verify`, and compare with a head or a backup kept elsewhere."))
    else:
        yield Check("ledger", OK, _("The last %(number)s of %(size)s entries of the ledger hold.") % {
            "number": min(size, LATEST_ENTRIES), "size": size})


def frozen() -> Checks:
    """Figures that stand in papers are what they were when they were frozen."""
    if "figures_frozenfigure" not in connection.introspection.table_names():
        return
    found = list(islice(history.altered(), LISTED_FIGURES))
    for sentence in found:
        yield Check("frozen", BROKEN, sentence,
                    _("Somebody changed it past Zhixing. Compare with a backup, and draft the papers again that "
                      "print it."))
    if not found:
        yield Check("frozen", OK, _("Every frozen figure is as it was frozen."))


def time() -> Checks:
    now = datetime.now()
    if chosen := os.environ.get("ZHIXING_TODAY"):
        yield Check("today", LOOK, _("ZHIXING_TODAY makes this process believe that it is %(day)s.") % {
            "day": chosen}, _("Unset ZHIXING_TODAY where people work."))
    if now.date() < BUILT or now.year > 2100:
        yield Check("clock", BROKEN, _("The machine's clock shows %(day)s.") % {"day": now.date()},
                    _("Set the clock (timedatectl set-ntp true)."))
        return
    last = reads.entries(limit=1) if "ledger_entry" in connection.introspection.table_names() else []
    ahead = max([(entry.at - clock.stamp()).total_seconds() for entry in last], default=0)
    if connection.vendor == "postgresql":
        apart = abs(float(ask("SELECT EXTRACT(EPOCH FROM clock_timestamp())")) - datetime.now().timestamp())
    else:
        apart = 0
    if ahead > 120:
        yield Check("clock", LOOK, _("The last entry of the ledger is of a later moment (%(at)s) than it is "
                                     "now: the clock was put back.") % {"at": last[0].at},
                    _("See which is right, and set the clock (timedatectl set-ntp true)."))
    elif apart > 5:
        yield Check("clock", BROKEN if apart > 300 else LOOK,
                    _("The database's clock and this machine's are %(seconds)s seconds apart.")
                    % {"seconds": round(apart)}, _("Set both by the network (timedatectl set-ntp true)."))
    else:
        yield Check("clock", OK, _("It is %(now)s.") % {"now": now.strftime("%Y-%m-%d %H:%M")})
