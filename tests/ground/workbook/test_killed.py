"""An import that is killed leaves nothing half done, and the same import then succeeds."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.books import write_book

if TYPE_CHECKING:
    from tests.conftest import Cli

HOLD = """
import sys, threading
from zhixing.shell.cli.setup import start
start()
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import actions as ledger
from zhixing.ground.workbook import actions, importing, writing

def hold(*words):
    print("HERE", flush=True)
    threading.Event().wait()

where = sys.argv[2]
if where == "reading":
    actions.import_workbook(sys.argv[1], actor=CONSOLE, progress=hold)
if where == "checking":
    importing.Run.permit = hold
if where == "writing":
    honest, written = writing.Writer.write, []
    def write(self, name):
        honest(self, name)
        written.append(name)
        len(written) < 3 or hold()
    writing.Writer.write = write
if where == "telling the ledger":
    honest_record = ledger.record_bulk
    def record_bulk(**words):
        honest_record(**words)
        hold()
    ledger.record_bulk = record_bulk
actions.import_workbook(sys.argv[1], actor=CONSOLE)
"""


@pytest.mark.parametrize("where", ["reading", "checking", "writing", "telling the ledger"])
def test_an_import_that_is_killed_leaves_nothing(cli: Cli, tmp_path: Path, where: str) -> None:
    folder = write_book(tmp_path / "book", activities="code,unit\nA1,s1\nA2,s2",
                        attendance="activity,person,status\nA1,t1,present")
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), where], stdout=subprocess.PIPE, encoding="utf-8",
                            env=cli.env(), cwd=cli.home)
    try:
        assert held.stdout is not None
        assert held.stdout.readline().strip() == "HERE"
    finally:
        held.send_signal(signal.SIGKILL)
        held.wait()
    assert cli("export", "C", tmp_path / "out", expect=1).err.startswith("There is no campaign")
    assert "0" in cli("ledger", "verify").out
    told = cli("import", folder, json=True).data
    assert {row["table"]: row["created"] for row in told["tables"]} == {
        "units": 3, "people": 4, "campaign": 1, "phases": 3, "activities": 2, "attendance": 1}
    again = cli("import", folder, json=True).data
    assert {row["created"] + row["updated"] for row in again["tables"]} == {0}
