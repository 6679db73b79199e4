"""`make test` and its shorter sisters: the checks, then the tests on SQLite and again on PostgreSQL.

Ends with what could not be tested here and why, what failed, and one line `N passed, N failed, N skipped`
over all runs. A part that is missing on a desk is said loudly; with CI=true it is a failure.

Usage: python -m tools.run_tests all|quick|lint|sqlite|postgres|journeys|attacks [pytest arguments]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from tools import coverage
from tools.postgres import NoPostgres, private_postgres

REPO = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CI = os.environ.get("CI") == "true"
MISSING = "MISSING PART: "
ATTACKS = ("hostile", "attack", "killed", "verify", "who_may", "visibility", "permits", "files")
LONGEST = 45 * 60
"""Seconds that one run may take before it is stopped and counted as failed."""


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    faults: list[str] = field(default_factory=list)
    untested: set[str] = field(default_factory=set)

    def lacks(self, what: str) -> None:
        """A whole run cannot take place."""
        if CI:
            self.failed += 1
            self.faults.append(what)
        else:
            self.skipped += 1
            self.untested.add(what)


def say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def checks() -> dict[str, list[str]]:
    """Every check that needs no test: its name and its command."""
    templates = sorted(str(path.relative_to(REPO)) for path in (REPO / "src").rglob("templates/**/*.html"))
    listed = {
        "style (ruff)": [str(BIN / "ruff"), "check", "-q", "--output-format=concise"],
        "import contracts (import-linter)": [str(BIN / "lint-imports"), "--no-logo"],
        "templates (djade)": [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates],
        "migrations say what the models say": [
            sys.executable,
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
        ],
        "Django's own checks": [sys.executable, "-m", "django", "check", "--fail-level", "WARNING"],
        "types (mypy strict)": [str(BIN / "mypy"), "--no-error-summary", "-p", "zhixing", "-p", "tools"],
    }
    return {
        name: command for name, command in listed.items() if command[0] != str(BIN / "djade") or templates
    }


def lint(tally: Tally) -> None:
    with tempfile.TemporaryDirectory(prefix="zhixing-lint-") as home:
        environment = os.environ | {"ZHIXING_HOME": home, "DJANGO_SETTINGS_MODULE": "zhixing.shell.settings"}
        environment.pop("DATABASE_URL", None)
        for name, command in checks().items():
            started = time.monotonic()
            ended = subprocess.run(
                command,
                cwd=REPO,
                env=environment,
                stdin=subprocess.DEVNULL,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            good = ended.returncode == 0
            print(f"{'passed' if good else 'FAILED'}  {name}  {time.monotonic() - started:.1f} s", flush=True)
            if good:
                tally.passed += 1
            else:
                tally.failed += 1
                tally.faults.append(f"check: {name}")
                print(ended.stdout, flush=True)


def pytest(tally: Tally, label: str, *arguments: str, **environment: str) -> None:
    """One run of pytest, counted from its own record. A run that finds no test has failed."""
    with tempfile.TemporaryDirectory(prefix="zhixing-run-") as folder:
        record = Path(folder) / "record.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--junitxml={record}",
            "-o",
            "junit_family=xunit1",
            "--durations=8",
            "--durations-min=5",
            *arguments,
        ]
        process = subprocess.Popen(
            command, cwd=REPO, env=os.environ | environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            code = process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            code = -1
            tally.faults.append(f"{label}: stopped after {LONGEST // 60} minutes")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
        count(tally, label, record, code)


def count(tally: Tally, label: str, record: Path, code: int) -> None:
    """Adds what pytest recorded; an ending that its record does not explain counts as one failure."""
    failed_before = tally.failed
    cases = ET.parse(record).getroot().iter("testcase") if record.exists() else iter(())
    ran = 0
    for case in cases:
        ran += 1
        name = f"{case.get('file') or case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
            tally.faults.append(f"{label}: {name}")
        elif skipped is not None:
            tally.skipped += 1
            reason = skipped.get("message") or "no reason given"
            tally.untested.add(reason.removeprefix(MISSING) if MISSING in reason else f"{name}: {reason}")
        else:
            tally.passed += 1
    if tally.failed == failed_before and (code != 0 or ran == 0):
        tally.failed += 1
        tally.faults.append(f"{label}: pytest ended with {code} after {ran} tests")


def workers() -> list[str]:
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"] if (os.cpu_count() or 1) > 1 else []


def on_sqlite(tally: Tally, *arguments: str) -> None:
    say("tests on SQLite")
    pytest(tally, "SQLite", *workers(), *arguments, DATABASE_URL="")


def on_postgres(tally: Tally, *arguments: str) -> None:
    """Those tests again that touch the database."""
    say("tests on PostgreSQL")
    try:
        with private_postgres() as url:
            pytest(tally, "PostgreSQL", *workers(), *arguments, DATABASE_URL=url, ZHIXING_TESTS="database",
                   ZHIXING_TESTS_SERVER="private")
    except NoPostgres as error:
        tally.lacks(f"PostgreSQL: {error}")


def owed() -> str:
    listed = coverage.debts(coverage.elements(coverage.PAGE.read_text(encoding="utf-8")))
    return ", ".join(f"{who} {len(items)}" for who, items in listed.items())


def attacks() -> list[str]:
    """The tests of hostile files, hostile people and sudden ends, wherever their room keeps them."""
    found = [path for name in ATTACKS for path in (REPO / "tests").rglob(f"test_*{name}*.py")]
    return sorted({str(path.relative_to(REPO)) for path in found})


def close(tally: Tally, started: float) -> int:
    if tally.untested:
        print(f"\n{'!' * 100}\nNOT TESTED ON THIS MACHINE:")
        for reason in sorted(tally.untested):
            print(f"  - {reason}")
        print("!" * 100)
    if tally.faults:
        print("\nFAILED:")
        for fault in tally.faults:
            print(f"  - {fault}")
    print(f"\n{time.monotonic() - started:.0f} seconds")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed or not tally.passed else 0


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    what, *arguments = sys.argv[1:] or [""]
    tally, started = Tally(), time.monotonic()
    match what:
        case "all":
            say("checks")
            lint(tally)
            on_sqlite(tally, *arguments)
            on_postgres(tally, *arguments)
            say("owed by later work, by docs/coverage.md (python -m tools.coverage): " + owed())
        case "quick":
            on_sqlite(tally, "-m", "not slow and not browser and not office", *arguments)
        case "lint":
            lint(tally)
        case "sqlite":
            on_sqlite(tally, *arguments)
        case "postgres":
            on_postgres(tally, *arguments)
        case "journeys":
            on_sqlite(tally, "tests/journeys", *arguments)
        case "attacks":
            on_sqlite(tally, *attacks(), *arguments)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return close(tally, started)


if __name__ == "__main__":
    sys.exit(main())
