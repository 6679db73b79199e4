"""A whole copy of the database as of one moment, while it is in use, and back.

SQLite: its own online copy, within one read transaction, so that writers neither wait nor show.
PostgreSQL: `pg_dump` of an exported snapshot, and `pg_restore` in a single transaction; both come with
PostgreSQL's client.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections, transaction
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from zhixing.ground.kernel.errors import Refused
from zhixing.ground.ledger import reads

from .package import Told

SQLITE_FILE = "zhixing.sqlite3"
NAMES = {"sqlite": f"database/{SQLITE_FILE}", "postgresql": "database/zhixing.pgdump"}
"""What a backup calls the copy."""

STEP = 1024
"""Pages per step of SQLite's copy."""


def size() -> int:
    """About how many bytes the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def copy(into: Path, told: Told) -> tuple[Path, str]:
    """The copy, made in the folder `into`, and the ledger's head in it."""
    if connection.vendor == "postgresql":
        return _dump(into / "dump")
    return _copy(into / "copy", told)


def _copy(path: Path, told: Told) -> tuple[Path, str]:
    done = 0

    def stepped(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        told((total - remaining - done) * page)
        done = total - remaining

    with (closing(sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)) as source,
          closing(sqlite3.connect(path)) as target):
        path.chmod(0o600)
        page = source.execute("PRAGMA page_size").fetchone()[0]
        source.execute("BEGIN")
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # from here on, one moment
        source.backup(target, pages=STEP, progress=stepped)
    with _alias(path) as alias:
        return path, _head(alias)


def _head(using: str) -> str:
    """The ledger's head; "" where its tree is damaged, which is no reason to have no backup."""
    try:
        return str(reads.head(using=using))
    except Refused:
        return ""


@contextmanager
def _alias(path: Path) -> Iterator[str]:
    """A second SQLite database that models can be asked of, for the length of the block."""
    alias = "copy"
    connections.settings[alias] = connections.settings["default"] | {"NAME": str(path)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _dump(path: Path) -> tuple[Path, str]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        head = _head("default")
        _run("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
             f"--snapshot={snapshot}", f"--file={path}")
    return path, head


def is_empty() -> bool:
    """True when the database holds no table."""
    return not connection.introspection.table_names()


def load(dump: Path) -> None:
    """Fills an empty PostgreSQL database: wholly, or not at all and Refused."""
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump))


def _run(program: str, *words: str) -> None:
    """One of PostgreSQL's programs upon our database. The password goes by the environment, which only we and
    the administrator can read."""
    values = {name: value for name, value in connection.get_connection_params().items() if name in _ADDRESS}
    address = make_conninfo(**values)
    password = str(connection.settings_dict["PASSWORD"])
    ended = subprocess.run(
        [_program(program), f"--dbname={address}", "--no-password", *words], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace", check=False,
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
    )
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"exit {ended.returncode}"]
        raise Refused(_("%(program)s failed: %(said)s") % {"program": program, "said": " ".join(said[-3:])})


_ADDRESS = ("dbname", "user", "host", "port", "service", "sslmode", "sslrootcert", "sslcert", "sslkey")


def _program(name: str) -> str:
    """The newest of its kind: pg_dump refuses servers newer than itself."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(places[-1]) if places else shutil.which(name)
    if not found:
        raise Refused(_("%(program)s is not installed here. Install PostgreSQL's client, of the server's "
                        "version or newer (apt-get install postgresql-client).") % {"program": name})
    return found
