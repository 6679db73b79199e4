"""The closing report of `make test` leaves nothing out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import REPO
from tests.conftest import MISSING
from tools import postgres, run_tests
from tools.run_tests import Tally

RECORD = """<testsuites><testsuite>
<testcase classname="tests.a" name="good"/>
<testcase classname="tests.a" name="bad"><failure message="no"/></testcase>
<testcase classname="tests.a" name="broken"><error message="no"/></testcase>
<testcase classname="tests.a" name="later"><skipped message="not on Mondays"/></testcase>
<testcase classname="tests.a" name="lacking"><skipped message="MISSING PART: A harp. Buy it"/></testcase>
</testsuite></testsuites>"""


def counted(tmp_path: Path, record: str, code: int) -> Tally:
    path = tmp_path / "record.xml"
    if record:
        path.write_text(record)
    tally = Tally()
    run_tests.count(tally, "SQLite", path, code)
    return tally


def test_passed_failed_and_skipped_are_counted_from_pytests_own_record(tmp_path: Path) -> None:
    tally = counted(tmp_path, RECORD, 1)
    assert (tally.passed, tally.failed, tally.skipped) == (1, 2, 2)
    assert tally.faults == ["SQLite: tests.a::bad", "SQLite: tests.a::broken"]
    assert tally.untested == {"A harp. Buy it", "tests.a::later: not on Mondays"}


@pytest.mark.parametrize(
    ("record", "code"),
    [("", -1), ("", 0), ("<testsuites/>", 5), ('<testsuite><testcase name="a"/></testsuite>', 3)],
)
def test_a_run_that_broke_off_or_found_nothing_has_failed(tmp_path: Path, record: str, code: int) -> None:
    assert counted(tmp_path, record, code).failed == 1


def test_a_missing_part_is_said_loudly_and_fails_where_ci_is_true(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_tests, "CI", False)
    desk = Tally(passed=3)
    desk.lacks("PostgreSQL: none here")
    assert run_tests.close(desk, 0) == 0
    said = capsys.readouterr().out
    assert "NOT TESTED ON THIS MACHINE:\n  - PostgreSQL: none here" in said
    assert said.endswith("\n3 passed, 0 failed, 1 skipped\n")
    monkeypatch.setattr(run_tests, "CI", True)
    ci = Tally(passed=3)
    ci.lacks("PostgreSQL: none here")
    assert run_tests.close(ci, 0) == 1
    assert capsys.readouterr().out.endswith("\n3 passed, 1 failed, 0 skipped\n")


def test_a_run_without_a_single_passed_test_has_failed() -> None:
    assert run_tests.close(Tally(), 0) == 1


def test_the_marks_of_missing_parts_are_one_and_the_same() -> None:
    assert run_tests.MISSING == MISSING


def test_without_postgresql_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(postgres.NoPostgres, match="apt-get install postgresql"):
        postgres.programs()


def test_a_private_server_is_gone_when_its_block_ends() -> None:
    try:
        postgres.programs()
    except postgres.NoPostgres as error:
        from tests.conftest import missing

        missing("PostgreSQL", str(error))
    program = (
        "import psycopg\nfrom tools.postgres import private_postgres\n"
        "with private_postgres() as url:\n    psycopg.connect(url).execute('SELECT 1')\n"
        "try:\n    psycopg.connect(url)\nexcept psycopg.OperationalError:\n    print('gone')\n"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert ended.stdout == "gone\n", ended.stderr
