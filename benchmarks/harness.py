"""What the benchmark scripts share: data folders that are loaded once a run, timing, and tables of results.

`--full` runs at the sizes promised for; without it at sizes that end in a few minutes. `DATABASE_URL` moves all of
it to PostgreSQL: each data set then has a database of its own there."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks import data

REPO = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).parent / "zhixing"
SMALL = 187


@dataclass(frozen=True)
class Asked:
    full: bool
    inside: str
    units: int
    attendance: int

    @property
    def big(self) -> data.Size:
        if self.units:
            return data.Size(self.units, self.attendance or self.units * 100)
        return data.Size(10_000, 1_000_000) if self.full else data.Size(2_000, 200_000)


def asked() -> Asked:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="at the sizes promised for")
    parser.add_argument("--units", type=int, default=0, help="size of the big data set")
    parser.add_argument("--attendance", type=int, default=0, help="its rows of attendance")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    return Asked(**vars(parser.parse_args()))


def homes() -> Path:
    """Where the data folders of this run stand: shared by the scripts of one `make bench`."""
    shared = os.environ.get("ZHIXING_BENCH_HOMES")
    return Path(shared) if shared else Path(tempfile.mkdtemp(prefix="zhixing-bench-"))


def environment(folder: Path, name: str) -> dict[str, str]:
    """The environment of one data set: its data folder and, on PostgreSQL, its database."""
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith("ZHIXING_")}
    env |= {"ZHIXING_HOME": str(home), "ZHIXING_TODAY": data.AS_OF.isoformat(), "PYTHONPATH": str(REPO),
            "ZHIXING_BENCH_HOMES": str(folder), "ZHIXING_LANG": "en"}
    url = os.environ.get("DATABASE_URL")
    return env | ({"DATABASE_URL": _database(url, f"bench_{name.replace('-', '_')}", home)} if url else {})


def _database(url: str, name: str, home: Path) -> str:
    """A database of this name on the server of the address; emptied when its data folder is new."""
    import psycopg

    if not (home / "database").exists():
        with closing(psycopg.connect(url, autocommit=True)) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            server.execute(f'CREATE DATABASE "{name}"'.encode())
        (home / "database").write_text(name)
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def demo_home(folder: Path) -> dict[str, str]:
    """The demonstration of 187 units, loaded."""
    env = environment(folder, "demo")
    _once(env, "demo", "--no-serve", "--units", str(SMALL))
    return env


def big_home(folder: Path, size: data.Size) -> dict[str, str]:
    """The big data set, loaded by the ordinary door."""
    env = environment(folder, size.name)
    if not (Path(env["ZHIXING_HOME"]) / "loaded").exists():
        with tempfile.TemporaryDirectory(dir=folder) as book:
            data.write(Path(book), size)
            _once(env, "import", book)
    return env


def _once(env: Mapping[str, str], *words: str) -> None:
    mark = Path(env["ZHIXING_HOME"]) / "loaded"
    if not mark.exists():
        program(env, *words)
        mark.touch()


def program(env: Mapping[str, str], *words: str) -> str:
    """Runs the program; its output. Ends the benchmark, showing why, when it fails."""
    ended = subprocess.run([PROGRAM, *words], env=dict(env), capture_output=True, encoding="utf-8", check=False)
    if ended.returncode:
        sys.exit(f"zhixing {' '.join(words)} failed:\n{ended.stdout[-2000:]}\n{ended.stderr[-4000:]}")
    return ended.stdout


def inside(env: Mapping[str, str], script: str, name: str, *words: str) -> bool:
    """Runs the script again in the environment of a data set; does its promise hold there?"""
    return (
        subprocess.run([sys.executable, script, "--inside", name, *words], env=dict(env), check=False).returncode == 0
    )


def start() -> None:
    """Django, in the environment that this process was given."""
    from zhixing.shell.cli.setup import start as begin

    begin()


def best(measured: Callable[[], object], *, least: int = 3, within: float = 1.5) -> float:
    """The quickest of several runs in milliseconds: at least `least`, more while they fit into `within` seconds."""
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < least or (time.perf_counter() - began < within and len(times) < 30):
        at = time.perf_counter()
        measured()
        times.append((time.perf_counter() - at) * 1000)
    return min(times)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    lines = [list(headings), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        first, *others = line
        print(
            "  ".join(
                [first.ljust(widths[0]), *(cell.rjust(room) for cell, room in zip(others, widths[1:], strict=True))]
            )
        )


def verdict(holds: bool, promise: str) -> bool:
    print(f"{'holds' if holds else 'BROKEN'}: {promise}", flush=True)
    return holds
