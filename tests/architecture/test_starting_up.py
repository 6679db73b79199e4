"""Importing the product opens only its own words: nobody's file, no database, no other program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .source import REPO

WATCHED = """
import importlib, pkgutil, sys, sysconfig
from pathlib import Path
import django
from django.conf import settings
settings.INSTALLED_APPS  # reading the settings may make the installation's own key
import zhixing
own = [Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), Path("/usr/share/zoneinfo"), Path("/etc")]
own.append(Path(zhixing.__file__).parent)  # the words that ship with the product: packs and catalogues
seen = []

def watch(event, arguments):
    if arguments and "__pycache__" in str(arguments[0]):
        return  # Python's own importing
    if event in ("sqlite3.connect", "socket.connect", "subprocess.Popen", "os.system", "os.mkdir"):
        seen.append(f"{event} {arguments[0]}")
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        path = Path(arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]).resolve()
        written = isinstance(arguments[1], str) and any(c in arguments[1] for c in "wax+")
        if path.suffix in (".py", ".pyc", ".so", ".pth") or ".pyc." in path.name:
            return  # Python's own importing
        if written or not any(path.is_relative_to(place) for place in own):
            seen.append(f"open {path}")

sys.addaudithook(watch)
django.setup()
PLANTED
for module in pkgutil.walk_packages(zhixing.__path__, "zhixing."):
    if ".migrations" not in module.name and not module.name.endswith("wsgi"):
        importlib.import_module(module.name)
print("\\n".join(seen))
"""


def opened(home: Path, planted: str = "") -> list[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "ZHIXING_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "zhixing.shell.settings",
        "PYTHONPATH": str(REPO / "src"),
    }
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("PLANTED", planted)],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split("\n")[:-1] if ended.stdout.strip() else []


def test_importing_the_product_opens_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path) == []


@pytest.mark.parametrize(
    "planted",
    [
        "open('notes.txt', 'w').close()",
        "import sqlite3; sqlite3.connect('x.sqlite3')",
        "from django.db import connection; connection.ensure_connection()",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_work_at_import_time_is_found(tmp_path: Path, planted: str) -> None:
    assert opened(tmp_path, planted)


def test_the_settings_write_nothing_but_the_key_of_the_installation(tmp_path: Path) -> None:
    home = tmp_path / "home"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [sys.executable, "-c", "import zhixing.shell.settings"],
        cwd=elsewhere,
        check=True,
        env=os.environ | {"ZHIXING_HOME": str(home), "PYTHONPATH": str(REPO / "src")},
    )
    assert list(elsewhere.iterdir()) == []
    assert [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()] == ["keys/session.key"]
