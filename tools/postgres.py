"""A private PostgreSQL for tests and benchmarks: its own data folder, a free port, gone afterwards.

`python -m tools.postgres COMMAND…` runs a command with DATABASE_URL set to it.
PostgreSQL refuses to run as root; then it is started as the user `postgres`. The programs are looked for on
the path and where Debian and others keep them. Nothing survives a crash here (fsync off): never for data.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OLDEST = 15
REMEDY = f"Install PostgreSQL {OLDEST} or newer: apt-get install postgresql"
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
    "max_wal_size=4GB",
    "shared_buffers=128MB",
    "listen_addresses=127.0.0.1",
)


class NoPostgres(Exception):
    """There is no usable PostgreSQL here; the text says what to install."""


def programs() -> Path:
    """The folder with initdb and pg_ctl of the newest PostgreSQL here. Raises NoPostgres."""
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"):
        places += Path("/").glob(pattern.lstrip("/"))
    versions = {place: version(place) for place in places if (place / "pg_ctl").exists()}
    usable = [place for place, number in versions.items() if number >= OLDEST]
    if not usable:
        raise NoPostgres(f"No PostgreSQL {OLDEST} or newer is installed. {REMEDY}")
    return max(usable, key=versions.__getitem__)


def version(place: Path) -> int:
    said = subprocess.run(
        [place / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    digits = "".join(c if c.isdigit() else " " for c in said).split()
    return int(digits[0]) if digits else 0


def other_user() -> dict[str, Any]:
    """How to start a process that PostgreSQL accepts: as we are, or, for root, as `postgres`."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL does not run as root, and there is no user `postgres` here. " + REMEDY)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def private_postgres() -> Iterator[str]:
    """The DATABASE_URL of a server that lives as long as the block. Raises NoPostgres with the remedy."""
    place, user = programs(), other_user()
    home = Path(tempfile.mkdtemp(prefix="zhixing-postgres-", dir="/tmp" if os.path.isdir("/tmp") else None))
    if user:
        os.chown(home, user["user"], user["group"])
    try:
        password = secrets.token_hex(16)
        (home / "password").write_text(password)
        (home / "password").chmod(0o644)
        run(
            place / "initdb",
            "-D",
            home / "data",
            "-U",
            "zhixing",
            "--pwfile",
            home / "password",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            cwd=home,
            **user,
        )
        port = start(place, home, user)
        try:
            yield f"postgres://zhixing:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(place / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop", cwd=home, **user)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def start(place: Path, home: Path, user: dict[str, Any]) -> int:
    """Starts the server and gives its port; another program may take a free port first, so tries again."""
    failed = ""
    for _ in range(4):
        port = free_port()
        options = " ".join(
            f"-c {setting}" for setting in (*SETTINGS, f"port={port}", f"unix_socket_directories={home}")
        )
        try:
            run(
                place / "pg_ctl",
                "-D",
                home / "data",
                "-l",
                home / "log",
                "-o",
                options,
                "-w",
                "-t",
                "60",
                "start",
                cwd=home,
                **user,
            )
        except NoPostgres as error:
            failed = f"{error}\n{(home / 'log').read_text()[-2000:] if (home / 'log').exists() else ''}"
            continue
        return port
    raise NoPostgres(f"PostgreSQL is installed but does not start. {failed}")


def run(*words: str | Path, **how: Any) -> None:
    """Runs one of PostgreSQL's programs; its children must not hold our pipes, so output goes to a file."""
    with tempfile.TemporaryFile("w+") as said:
        ended = subprocess.run(
            list(map(str, words)),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
            **how,
        )
        if ended.returncode:
            said.seek(0)
            raise NoPostgres(f"{Path(words[0]).name} ended with {ended.returncode}: {said.read()[-2000:]}")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if len(sys.argv) < 2:
        print("Usage: python -m tools.postgres COMMAND…", file=sys.stderr)
        return 2
    try:
        with private_postgres() as url:
            return subprocess.run(
                sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False
            ).returncode
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
