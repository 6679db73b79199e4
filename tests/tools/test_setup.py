"""`make setup` on machines that lack something says what to do, and makes nothing half."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import REPO


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that holds the set-up script and, in `bin`, the few programs it may use; no Python yet."""
    for name in ("tools", "bin"):
        (tmp_path / name).mkdir()
    shutil.copy(REPO / "tools" / "setup.sh", tmp_path / "tools")
    for program in ("sh", "dirname", "grep", "rm"):
        found = shutil.which(program)
        assert found is not None
        (tmp_path / "bin" / program).symlink_to(found)
    return tmp_path


def pretend(machine: Path, name: str, *, new: bool, complete: bool) -> None:
    """An interpreter of whom the script can ask its version and whether it can make environments."""
    path = machine / "bin" / name
    path.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        f"  *version_info*3,*11*) exit {0 if new else 1} ;;\n"
        f"  *ensurepip*) exit {0 if complete else 1} ;;\n"
        "  *print*) echo 3.12 ;;\n"
        f"  *--version*) echo Python {'3.12.1' if new else '3.9.2'} ;;\n"
        '  *"-m venv"*) echo made >> made ;;\n'
        "esac\n"
    )
    path.chmod(0o755)


def setup(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "bin" / "sh", "tools/setup.sh"], cwd=machine, env={"PATH": str(machine / "bin")},
        capture_output=True, text=True, check=False,
    )


def test_a_machine_without_python_is_told_where_to_get_it(machine: Path) -> None:
    ended = setup(machine)
    assert ended.returncode == 1
    assert "Zhixing needs Python 3.11 or newer; here is: no python3." in ended.stderr
    assert "PYTHON=/path/to/python3" in ended.stderr
    assert not (machine / ".venv").exists()


def test_an_old_python_is_refused_by_its_version(machine: Path) -> None:
    pretend(machine, "python3", new=False, complete=True)
    ended = setup(machine)
    assert ended.returncode == 1
    assert "here is: Python 3.9.2" in ended.stderr


def test_a_python_without_venv_is_told_the_package(machine: Path) -> None:
    pretend(machine, "python3", new=True, complete=False)
    ended = setup(machine)
    assert ended.returncode == 1
    assert "apt-get install python3-venv   (or python3.12-venv)" in ended.stderr


def test_a_newer_python_beside_an_old_one_is_found(machine: Path) -> None:
    pretend(machine, "python3", new=False, complete=True)
    pretend(machine, "python3.12", new=True, complete=True)
    setup(machine)
    assert (machine / "made").read_text() == "made\n"


def test_the_lock_names_no_host_and_hashes_everything() -> None:
    lock = (REPO / "requirements.lock").read_text()
    assert "://" not in lock
    packages = [line for line in lock.splitlines() if re.match(r"^[a-z0-9]", line)]
    assert len(packages) > 40
    assert all(line.endswith("\\") for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)


def test_the_lock_has_what_the_project_asks_for() -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=]", line)[0].lower() for line in asked}
    lock = (REPO / "requirements.lock").read_text()
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9-]+)==", lock, re.M)}
    assert {"django", "granian", "psycopg", "pytest", "setuptools"} <= names
    assert names - locked == set()


def test_a_second_setup_does_nothing(tmp_path: Path) -> None:
    """Where the stamps are newer than what they stand for, make has nothing to run."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(REPO / name, tmp_path)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "setup.sh").write_text("exit 1\n")
    (tmp_path / ".venv").mkdir()
    for stamp in (".ready", ".messages"):
        (tmp_path / ".venv" / stamp).touch()
    subprocess.run(["make", "setup"], cwd=tmp_path, check=True, capture_output=True)
    later = (tmp_path / ".venv" / ".ready").stat().st_mtime + 5
    os.utime(tmp_path / "requirements.lock", (later, later))
    assert subprocess.run(["make", "setup"], cwd=tmp_path, check=False, capture_output=True).returncode != 0
