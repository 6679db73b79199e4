"""How quickly a workbook comes in, beside a bare loader that reads the same file and inserts it into a table with the
same keys; and how long others wait who write all the while. Promised: plain tables at 20,000 rows a second or more,
a million rows of attendance with bounded memory, no writer held up for more than 5 seconds, time linear in rows.

The writer is a second process that makes one small entry in the ledger after another, as every form does."""

from __future__ import annotations

import csv
import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import data, harness

PLAIN, WAIT, STEEP, MEMORY = 20_000, 5.0, 1.15, 400
"""Rows a second, seconds, the exponent of growth, megabytes."""


def bring(folder: str) -> None:
    """Imports and says how long it took, how many rows, and the most memory it had."""
    harness.start()
    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.workbook.actions import import_workbook

    at = time.perf_counter()
    report = import_workbook(folder, actor=CONSOLE, campaign=data.CAMPAIGN)
    print(json.dumps({"seconds": time.perf_counter() - at, "rows": report.total().created,
                      "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def scribble(result: str) -> None:
    """Writes small entries until it is told to stop, and keeps the longest that one took."""
    harness.start()
    from django.db import transaction

    from zhixing.ground.kernel.types import CONSOLE
    from zhixing.ground.ledger.actions import record

    going, longest, count, failed = True, 0.0, 0, ""

    def stop(*_signal: object) -> None:
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    print("writing", flush=True)
    while going:
        at = time.perf_counter()
        try:
            with transaction.atomic():
                record(actor=CONSOLE, verb="bench.write", subject="bench", new={"count": count})
        except Exception as error:  # whatever it is, it is the result
            failed = f"{type(error).__name__}: {error}"
            break
        longest, count = max(longest, time.perf_counter() - at), count + 1
        time.sleep(0.01)
    Path(result).write_text(json.dumps({"longest": longest, "count": count, "failed": failed}))


@contextmanager
def writer(env: dict[str, str], result: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, __file__, "--inside", f"scribble:{result}"], env=env,
                               stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def imported(env: dict[str, str], folder: Path) -> dict[str, float]:
    ended = subprocess.run([sys.executable, __file__, "--inside", f"bring:{folder}"], env=env, capture_output=True,
                           encoding="utf-8", check=False)
    if ended.returncode:
        sys.exit(ended.stderr[-4000:])
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def bare(file: Path, place: Path, keys: str) -> float:
    """The least it can take: the csv module and executemany into one table with these unique keys. On PostgreSQL the
    peer is SQLite too: it is the same bare loader for both."""
    import sqlite3

    at = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        headings = next(rows)
        bare_table = sqlite3.connect(place)
        bare_table.execute("PRAGMA journal_mode=WAL")
        columns = ", ".join(f'"{heading}"' for heading in headings)
        bare_table.execute(f"CREATE TABLE bare ({columns}, UNIQUE ({keys}))")
        bare_table.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(headings))})", rows)
        bare_table.commit()
        bare_table.close()
    return time.perf_counter() - at


def moved(book: Path, folder: Path, *tables: str) -> Path:
    """These tables of a workbook, taken out of it into a folder of their own."""
    folder.mkdir()
    for table in tables:
        (book / f"{table}.csv").rename(folder / f"{table}.csv")
    return folder


def plain_tables(folder: Path, rows: int) -> bool:
    """People, and then notes, of which each row refers to a person."""
    units = max(200, rows // 13)
    env = harness.environment(folder, f"import-plain-{rows}")
    book = data.write(folder / f"book-plain-{rows}", data.Size(units, units))
    wanted = moved(book, folder / f"plain-{rows}", "people", "notes")
    for table in ("attendance", "activities", "inspections", "groups", "members", "topics", "reports"):
        (book / f"{table}.csv").unlink()
    imported(env, book)
    took = imported(env, wanted)
    peer = (bare(wanted / "people.csv", folder / f"bare-people-{rows}", "code")
            + bare(wanted / "notes.csv", folder / f"bare-notes-{rows}", "code"))
    speed = took["rows"] / took["seconds"]
    harness.table(["people and notes", "rows", "s", "rows/s", "MB"], [
        ("import", f"{took['rows']:,.0f}", f"{took['seconds']:.2f}", f"{speed:,.0f}", f"{took['megabytes']:.0f}"),
        ("bare", f"{took['rows']:,.0f}", f"{peer:.2f}", f"{took['rows'] / peer:,.0f}", ""),
        ("ratio", "", f"{took['seconds'] / peer:.1f}", "", "")])
    return harness.verdict(speed >= PLAIN, f"{speed:,.0f} rows/s, ≥ {PLAIN:,}")


def attendance(folder: Path, rows: int) -> tuple[float, dict[str, float], dict[str, object], float]:
    """Attendance alone, into a county that is there already, while somebody writes: seconds, what the import said,
    what the writer said, and the bare loader's seconds."""
    size = data.Size(max(20, rows // 100), rows)
    env = harness.environment(folder, f"import-{rows}")
    book = data.write(folder / f"book-{rows}", size)
    wanted = moved(book, folder / f"attendance-{rows}", "attendance")
    imported(env, book)
    result = folder / f"writer-{rows}"
    with writer(env, result):
        took = imported(env, wanted)
    peer = bare(wanted / "attendance.csv", folder / f"bare-{rows}", "activity, person")
    return took["seconds"], took, json.loads(result.read_text()), peer


def main() -> int:
    asked = harness.asked()
    if asked.inside:
        task, _, argument = asked.inside.partition(":")
        {"bring": bring, "scribble": scribble}[task](argument)
        return 0
    folder = harness.homes() / f"import-{os.getpid()}"
    folder.mkdir()
    good = plain_tables(folder, 200_000 if asked.full else 100_000)
    most = 1_000_000 if asked.full else 100_000
    lines, seconds = [], []
    print()
    for rows in (most // 4, most // 2, most):
        took, said, wrote, peer = attendance(folder, rows)
        seconds.append(took)
        lines.append((f"{said['rows']:,.0f}", f"{took:.2f}", f"{said['rows'] / took:,.0f}", f"{peer:.2f}",
                      f"{took / peer:.1f}", f"{said['megabytes']:.0f}", f"{wrote['longest']:.2f}", f"{wrote['count']}"))
        good &= harness.verdict(not wrote["failed"], f"the writer wrote all the while {wrote['failed']}")
    harness.table(["attendance", "s", "rows/s", "bare s", "ratio", "MB", "longest wait s", "writes meanwhile"], lines)
    exponent = math.log(seconds[-1] / seconds[0]) / math.log(4)
    good &= harness.verdict(exponent <= STEEP, f"growth exponent {exponent:.2f} over three sizes, ≤ {STEEP:g}")
    good &= harness.verdict(said["megabytes"] <= MEMORY, f"{said['megabytes']:.0f} MB at most, ≤ {MEMORY}")
    held = float(str(wrote["longest"]))
    return 0 if good & harness.verdict(held <= WAIT, f"no writer waited longer than {held:.2f} s, ≤ {WAIT:g} s") else 1


if __name__ == "__main__":
    sys.exit(main())
