"""The reference campaigns from import to figures with the program itself, as an office runs it: every value,
qualifier and number of records of expected.json, every contradiction that must and must not fire."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROGRAM, Cli, bare_environment

CAMPAIGNS = ("a-district-bureau", "c-bureau-analysis", "e-city-plan")


@pytest.mark.slow
@pytest.mark.parametrize("name", [
    *(pytest.param(name, marks=pytest.mark.sqlite) for name in CAMPAIGNS[:-1]), CAMPAIGNS[-1],
])
def test_every_expected_figure_and_contradiction_is_given(shared: Path, cli: Cli, name: str) -> None:
    """`check.py` is the reference campaigns' own comparison; on PostgreSQL it is given an empty database,
    and one campaign shows the way there (test_expected.py has them all, on either)."""
    environment = bare_environment()
    if "DATABASE_URL" in cli.environment:
        environment["CHECK_DATABASE_URL"] = cli.environment["DATABASE_URL"]
    ended = subprocess.run(
        [sys.executable, shared / "scenarios" / "check.py", PROGRAM, shared / "scenarios" / name],
        env=environment, capture_output=True, text=True, check=False,
    )
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    assert ended.stdout.strip().endswith("agree")


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_same_workbook_again_changes_nothing(cli: Cli, shared: Path, name: str) -> None:
    first = cli("import", shared / "scenarios" / name, json=True).data
    again = cli("import", shared / "scenarios" / name, json=True).data
    assert first != again
    assert {row["created"] + row["updated"] for row in again["tables"]} == {0}
