"""What goes wrong around the program is said in words, without a traceback, and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import write_book
from tests.conftest import Cli


@pytest.mark.parametrize(
    "environment",
    [{"ZHIXING_HOME": "/proc/nowhere"}, {"ZHIXING_HOME": "/dev/null"}, {"ZHIXING_ZONE": "Mars/Base"},
     {"DATABASE_URL": "postgres://127.0.0.1:1/none"}, {"DATABASE_URL": "postgres://host:port/none"}],
)
def test_an_installation_that_cannot_work_says_why(cli: Cli, environment: dict[str, str]) -> None:
    said = cli("figures", "C", expect=1, **environment)
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_a_code_that_could_not_stand_in_an_address_is_refused(cli: Cli, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", groups="code,name,kind\na/b,Group,party_group\n..,Group,party_group")
    said = cli("import", book, expect=1)
    assert said.err.count("cannot be a code") == 2 or said.err.count("不能作编号") == 2 or said.err.count("a/b") == 1


@pytest.mark.sqlite
def test_two_commands_that_find_an_empty_folder_prepare_it_once(tmp_path: Path) -> None:
    fresh = Cli(tmp_path / "home")
    fresh.home.mkdir()
    both = [fresh.start("init"), fresh.start("init")]
    ended = [(process.wait(timeout=120), process.stdout.read() if process.stdout else "") for process in both]
    assert [code for code, _text in ended] == [0, 0], ended


def test_an_empty_head_is_no_head(cli: Cli) -> None:
    said = cli("ledger", "verify", "--head", "", expect=None)
    assert said.code != 0
    assert "Traceback" not in said.err
