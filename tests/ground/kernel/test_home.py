from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from zhixing.ground.kernel.home import home, private_bytes


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_folder_is_where_zhixing_home_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for value in ("", "zhixing-data"):
        monkeypatch.setenv("ZHIXING_HOME", value)
        assert home() == tmp_path / "zhixing-data"
    monkeypatch.delenv("ZHIXING_HOME")
    assert home() == tmp_path / "zhixing-data"


def test_a_key_is_made_once_and_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys" / "a.key"
    made = private_bytes(path, 32)
    assert len(made) == 32
    assert private_bytes(path, 32) == made
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)
    assert [found.name for found in path.parent.iterdir()] == ["a.key"]


def test_those_who_make_a_key_at_the_same_time_agree(tmp_path: Path) -> None:
    seen: set[bytes] = set()
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        seen.add(private_bytes(tmp_path / "home" / "keys" / "a.key", 32))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
