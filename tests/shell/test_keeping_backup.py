"""Backup while serving, and back; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction

from tests.shell.installation import fill, rows, writer
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import actions, reads
from zhixing.shell.keeping import databases, package

if TYPE_CHECKING:
    from tests.conftest import Cli

DATABASE_URL = os.environ.get("DATABASE_URL", "")
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fresh() -> Iterator[Callable[[], dict[str, str]]]:
    """A function that makes another empty database to restore into: nothing to say on SQLite."""
    made: list[str] = []

    def run(*statements: str) -> None:
        import psycopg

        with closing(psycopg.connect(DATABASE_URL, autocommit=True)) as opened:
            for statement in statements:
                opened.execute(statement.encode())

    def make() -> dict[str, str]:
        if not DATABASE_URL:
            return {}
        made.append(f"zhixing_{uuid.uuid4().hex[:12]}")
        run(f'CREATE DATABASE "{made[-1]}"')
        return {"DATABASE_URL": urlunsplit(urlsplit(DATABASE_URL)._replace(path=f"/{made[-1]}"))}

    yield make
    if made:
        run(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in made))


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """An installation with 40 units, their ledger entries, a file and a calendar."""
    fill(cli, 40)
    (cli.home / "files" / "ab" / "cd").mkdir(parents=True)
    (cli.home / "files" / "ab" / "cd" / "签到表").write_bytes(b"evidence" * 1000)
    (cli.home / "files" / "incoming").mkdir()
    (cli.home / "files" / "incoming" / "new-1").write_bytes(b"half")
    (cli.home / "calendars").mkdir()
    (cli.home / "calendars" / "2026.toml").write_text("year = 2026\n")
    (cli.home / "static").mkdir()
    (cli.home / "static" / "a.css").write_text("a")
    return cli


def tree(folder: Path) -> dict[str, bytes]:
    """The plain files of a data folder, the database aside."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith("zhixing.sqlite3")}


def test_what_is_backed_up_comes_back_row_by_row_for_its_owner_alone(
        filled: Cli, tmp_path: Path, fresh: Callable[[], dict[str, str]]) -> None:
    file, home, elsewhere = tmp_path / "backup.tgz", tmp_path / "back", fresh()
    head = filled("ledger", "head").out.strip()
    made = filled("backup", file, json=True).data
    assert made["head"] == head
    before, files = rows(filled), tree(filled.home)

    back = filled("restore", file, "--into", home, json=True, **elsewhere).data
    assert back["ok"] and back["entries"] == 40 and back["head"] == head
    assert rows(filled, ZHIXING_HOME=str(home), **elsewhere) == before
    del files["static/a.css"], files["files/incoming/new-1"]
    assert tree(home) == files
    again = filled("ledger", "verify", "--head", head, json=True, ZHIXING_HOME=str(home), **elsewhere)
    assert again.data["ok"]
    for path in (file, home, *home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, f"{path} can be read by others"


def test_a_backup_made_while_others_write_is_of_one_moment(
        filled: Cli, tmp_path: Path, fresh: Callable[[], dict[str, str]]) -> None:
    file, home, elsewhere = tmp_path / "backup.tgz", tmp_path / "back", fresh()
    writers = [writer(filled, first) for first in (1_000_000, 2_000_000)]
    made = filled("backup", file, json=True).data
    for process in writers:
        process.communicate()
        assert process.returncode == 0
    back = filled("restore", file, "--into", home, json=True, **elsewhere).data
    assert back["ok"] and back["head"] == made["head"]
    listed = rows(filled, ZHIXING_HOME=str(home), **elsewhere)
    units = sum(line.startswith("units_unit ") for line in listed)
    entries = sum(line.startswith("ledger_entry ") for line in listed)
    assert units == entries == back["entries"] == int(made["head"].split(":")[0])
    later = filled("ledger", "verify", "--head", made["head"], json=True).data
    assert later["ok"] and later["entries"] > back["entries"]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlites_copy_does_not_see_what_is_written_between_its_steps(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write() -> None:
        with transaction.atomic():
            actions.record(actor=CONSOLE, verb="units.save", subject="units/B", new={"name": "局" * 400})

    for _ in range(20):
        write()
    monkeypatch.setattr(databases, "STEP", 10)
    monkeypatch.setattr(databases, "_head", lambda using: "")  # Django's tests allow no second database
    steps = []

    def told(_more: int) -> None:
        steps.append(1)
        if len(steps) < 20:
            write()

    path, _head = databases.copy(tmp_path, told)
    assert len(steps) > 5 and reads.size() > 22
    with closing(sqlite3.connect(path)) as copied:
        assert copied.execute("SELECT MAX(seq), COUNT(*) FROM ledger_entry").fetchone() == (20, 20)
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_second_backup_takes_the_place_of_the_first(filled: Cli, tmp_path: Path) -> None:
    filled("backup", tmp_path / "backup.tgz")
    fill(filled, 0)
    first = (tmp_path / "backup.tgz").stat().st_ino
    filled("backup", tmp_path / "backup.tgz")
    assert (tmp_path / "backup.tgz").stat().st_ino != first
    assert os.listdir(tmp_path) == ["backup.tgz"]


def test_a_backup_may_stand_in_the_data_folder_and_does_not_hold_the_one_before(filled: Cli) -> None:
    (filled.home / "kept").mkdir()
    for name in ("backup.tgz", "kept/backup.tgz", "kept/backup2.tgz"):
        made = filled("backup", name, json=True).data
        with tarfile.open(filled.home / name) as archive:
            assert not [member for member in archive.getnames() if "backup" in member]
        assert made["members"] == 5


def test_files_that_stand_on_another_disk_are_in_the_backup(filled: Cli, tmp_path: Path) -> None:
    shutil.move(filled.home / "files", tmp_path / "disk")
    (filled.home / "files").symlink_to(tmp_path / "disk")
    assert filled("backup", "backup.tgz", json=True).data["members"] == 5
    with tarfile.open(filled.home / "backup.tgz") as archive:
        assert archive.getmember("home/files/ab/cd/签到表").size == 8000


def test_a_backup_that_cannot_be_written_leaves_nothing(filled: Cli, tmp_path: Path) -> None:
    for target, said in ((tmp_path, "is a folder"), (tmp_path / "none" / "backup.tgz", "There is no folder"),
                         (filled.home / "files" / "backup.tgz", "among the keys and files")):
        assert said in filled("backup", target, expect=1).err
    assert os.listdir(tmp_path) == []


@pytest.mark.sqlite
def test_a_folder_without_a_database_is_not_backed_up(new_cli: Callable[[], Cli], tmp_path: Path) -> None:
    said = new_cli()("backup", tmp_path / "backup.tgz", expect=1, ZHIXING_HOME=str(tmp_path / "wrong"))
    assert "holds no database" in said.err
    assert os.listdir(tmp_path) == []


@pytest.mark.sqlite
def test_a_backup_that_is_not_there_is_said_first(new_cli: Callable[[], Cli], tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a file").write_text("")
    said = new_cli()("restore", tmp_path / "none.tgz", "--into", tmp_path / "full", expect=1).err
    assert "There is no backup" in said and "none.tgz" in said


def test_a_restore_overwrites_nothing(filled: Cli, tmp_path: Path,
                                      fresh: Callable[[], dict[str, str]]) -> None:
    file, elsewhere = tmp_path / "backup.tgz", fresh()
    filled("backup", file)
    before = tree(filled.home)
    said = filled("restore", file, expect=1, **elsewhere).err
    assert "is not empty" in said and "--into" in said and "Nothing was changed" in said
    (tmp_path / "a file").write_text("")
    said = filled("restore", file, "--into", tmp_path / "a file", expect=1, **elsewhere).err
    assert "is not a folder" in said
    assert tree(filled.home) == before
    if DATABASE_URL:
        assert "is not empty" in filled("restore", file, "--into", tmp_path / "back", expect=1).err
    assert sorted(os.listdir(tmp_path)) == ["a file", "backup.tgz"]


def test_an_empty_folder_may_be_there_already(filled: Cli, tmp_path: Path,
                                              fresh: Callable[[], dict[str, str]]) -> None:
    filled("backup", tmp_path / "backup.tgz")
    (tmp_path / "back").mkdir()
    said = filled("restore", tmp_path / "backup.tgz", **fresh(), ZHIXING_HOME=str(tmp_path / "back"))
    assert "40 entries" in said.out
    assert (tmp_path / "back" / "keys" / "ledger.key").is_file()


def test_data_come_back_even_when_their_ledger_did_not_hold(filled: Cli, tmp_path: Path,
                                                            fresh: Callable[[], dict[str, str]]) -> None:
    from tests.shell.installation import START, python

    python(filled, START + "from zhixing.ground.ledger.models import Entry\n"
                           "Entry.objects.filter(seq=7).update(actor='someone')")
    filled("backup", tmp_path / "backup.tgz")
    said = filled("restore", tmp_path / "backup.tgz", "--into", tmp_path / "back", expect=1, **fresh())
    assert "Restored into" in said.out
    assert "Entry 7 was changed" in said.err and "did not hold when it was made" in said.err


@pytest.mark.sqlite
def test_a_backup_of_the_other_database_is_refused_with_what_to_do(filled: Cli, tmp_path: Path) -> None:
    filled("backup", tmp_path / "backup.tgz")
    changed(tmp_path / "backup.tgz", tmp_path / "other.tgz", manifest={"database": "postgresql"})
    said = filled("restore", tmp_path / "other.tgz", "--into", tmp_path / "back", expect=1)
    assert "Set DATABASE_URL" in said.err


def changed(source: Path, target: Path, *, manifest: dict[str, object] | None = None, last: bool = False,
            members: dict[str, bytes | tarfile.TarInfo | None] | None = None) -> None:
    """The backup with members replaced, added (a TarInfo: of that kind) or dropped, or other words in its
    manifest."""
    members = dict(members or {})
    with tarfile.open(source) as old, gzip.open(target, "wb") as packed, \
            tarfile.open(fileobj=packed, mode="w|") as new:
        def put(name: str, data: bytes | tarfile.TarInfo) -> None:
            if isinstance(data, tarfile.TarInfo):
                new.addfile(data)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))

        for info in old:
            stream = old.extractfile(info)
            assert stream is not None
            data: bytes | tarfile.TarInfo | None = stream.read()
            if info.name == package.MANIFEST:
                assert isinstance(data, bytes)
                if not last:
                    for name, value in members.items():
                        if value is not None:
                            put(name, value)
                    members = {}
                data = members.pop(info.name, json.dumps(json.loads(data) | (manifest or {})).encode())
            elif info.name in members:
                data = members.pop(info.name)
            if data is not None:
                put(info.name, data)
        for name, value in members.items():
            if value is not None:
                put(name, value)


def special(name: str, kind: bytes, linked: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linked
    return info


SESSION = "home/keys/session.key"
NO_MEMBER = "holds what no backup holds"
WRONG: list[tuple[dict[str, object], str]] = [
    ({"members": {SESSION: b"0" * 48}}, "altered or damaged: home/keys/session.key"),
    ({"members": {SESSION: None}}, "altered or damaged: home/keys/session.key"),
    ({"members": {"home/more": b"x"}}, "altered or damaged: home/more"),
    ({"members": {"home/../../escaped": b"x"}}, NO_MEMBER),
    ({"members": {"/tmp/escaped": b"x"}}, NO_MEMBER),
    ({"members": {"elsewhere/x": b"x"}}, NO_MEMBER),
    ({"members": {"home//x": b"x"}}, NO_MEMBER),
    ({"members": {"home/a\\..\\b": b"x"}}, NO_MEMBER),
    ({"members": {"home/link": special("home/link", tarfile.SYMTYPE, "/etc/passwd")}}, NO_MEMBER),
    ({"members": {"home/link": special("home/link", tarfile.LNKTYPE, "home/keys/ledger.key")}},
     NO_MEMBER),
    ({"members": {"home/pipe": special("home/pipe", tarfile.FIFOTYPE)}}, NO_MEMBER),
    ({"members": {"home/keys": special("home/keys", tarfile.DIRTYPE)}}, NO_MEMBER),
    ({"members": {"home/late": b"x"}, "last": True}, NO_MEMBER),
    ({"members": {package.MANIFEST: None}, "last": True}, "has no manifest"),
    ({"members": {package.MANIFEST: b"{"}, "last": True}, "manifest that cannot be read"),
    ({"members": {package.MANIFEST: b"[]"}, "last": True}, "manifest that cannot be read"),
    ({"manifest": {"format": "other"}}, "manifest that cannot be read"),
    ({"manifest": {"members": [{"name": "x"}]}}, "manifest that cannot be read"),
    ({"manifest": {"format_version": 2, "version": "9.0"}}, "newer Zhixing"),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the right form, made without a database."""
    folder = tmp_path_factory.mktemp("small")
    for name, data in {"copy": b"database" * 4000, "session.key": b"s" * 48, "ledger.key": b"k" * 32}.items():
        (folder / name).write_bytes(data)
    with package.writing(folder / "backup.tgz", lambda more: None) as written:
        written.add(folder / "copy", "database/zhixing.sqlite3")
        written.add(folder / "session.key", SESSION)
        written.add(folder / "ledger.key", "home/keys/ledger.key")
        written.finish(version="0.1.0", made_at="2026-05-18T14:30:00", database="sqlite", head="")
    return folder / "backup.tgz"


def unpacked(file: Path, into: Path) -> package.Manifest:
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    return package.unpack(file, into, lambda done, total: None)


def test_an_untouched_backup_agrees_with_its_manifest(small: Path, tmp_path: Path) -> None:
    changed(small, tmp_path / "same.tgz")
    manifest = unpacked(tmp_path / "same.tgz", tmp_path / "into")
    assert [member.name for member in manifest.members] == [
        "database/zhixing.sqlite3", SESSION, "home/keys/ledger.key"]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_an_altered_backup_is_refused(small: Path, tmp_path: Path, change: Any, said: str) -> None:
    changed(small, tmp_path / "altered.tgz", **change)
    with pytest.raises(Refused, match=said):
        unpacked(tmp_path / "altered.tgz", tmp_path / "into")
    assert sorted(os.listdir(tmp_path)) == ["altered.tgz", "into"]


def test_a_member_that_stands_twice_is_refused(small: Path, tmp_path: Path) -> None:
    with tarfile.open(small) as old, tarfile.open(tmp_path / "twice.tgz", "w:gz") as new:
        for name in (SESSION, SESSION):
            info = old.getmember(name)
            new.addfile(info, old.extractfile(info))
    with pytest.raises(Refused, match="holds what no backup holds"):
        unpacked(tmp_path / "twice.tgz", tmp_path / "into")


def test_a_backup_cut_off_anywhere_is_refused(small: Path, tmp_path: Path) -> None:
    whole = small.read_bytes()
    for length in {0, 1, 9, len(whole) - 1, len(whole) - 4, len(whole) - 9, *range(0, len(whole), 97)}:
        (tmp_path / "cut.tgz").write_bytes(whole[:length])
        with pytest.raises(Refused):
            unpacked(tmp_path / "cut.tgz", tmp_path / "into")


def test_a_backup_with_a_flipped_byte_is_refused_or_harmless(small: Path, tmp_path: Path) -> None:
    """Harmless: the last bits before gzip's checksum fill a byte up, and nothing reads them. Then every file comes out
    as it was."""
    def files(into: Path) -> dict[str, bytes]:
        return {str(file.relative_to(into)): file.read_bytes() for file in into.rglob("*") if file.is_file()}

    whole = small.read_bytes()
    unpacked(small, tmp_path / "whole")
    for place in range(10, len(whole), 31):
        data = bytearray(whole)
        data[place] ^= 0x55
        (tmp_path / "flipped.tgz").write_bytes(data)
        try:
            unpacked(tmp_path / "flipped.tgz", tmp_path / f"into-{place}")
        except Refused:
            continue
        assert files(tmp_path / f"into-{place}") == files(tmp_path / "whole") != {}, place


@pytest.mark.parametrize("data", [
    b"", b"no backup at all", gzip.compress(b"no tar" * 1000, mtime=0), b"\x1f\x8b" + b"0" * 99,
])
def test_what_is_no_backup_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(Refused, match="no backup"):
        unpacked(tmp_path / "x", tmp_path / "into")


def test_a_backup_larger_than_the_disk_is_refused(small: Path, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "SPARE", 1 << 60)
    with pytest.raises(Refused, match="no room"):
        unpacked(small, tmp_path / "into")


def test_a_backup_that_breaks_off_leaves_the_older_one(tmp_path: Path) -> None:
    (tmp_path / "backup.tgz").write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt), package.writing(tmp_path / "backup.tgz", lambda more: None):
        raise KeyboardInterrupt
    assert (tmp_path / "backup.tgz").read_bytes() == b"older"
    assert os.listdir(tmp_path) == ["backup.tgz"]


def test_an_altered_backup_changes_nothing_when_restored(filled: Cli, tmp_path: Path,
                                                         fresh: Callable[[], dict[str, str]]) -> None:
    filled("backup", tmp_path / "backup.tgz")
    changed(tmp_path / "backup.tgz", tmp_path / "altered.tgz", members={SESSION: b"0" * 48})
    whole = (tmp_path / "backup.tgz").read_bytes()
    (tmp_path / "cut.tgz").write_bytes(whole[:len(whole) // 2])
    elsewhere = fresh()
    for name in ("altered.tgz", "cut.tgz", "none.tgz"):
        said = filled("restore", tmp_path / name, "--into", tmp_path / "back", expect=1, **elsewhere)
        assert "Nothing was changed." in said.err and "Traceback" not in said.err
    assert sorted(os.listdir(tmp_path)) == ["altered.tgz", "backup.tgz", "cut.tgz"]
    if DATABASE_URL:
        import psycopg

        with closing(psycopg.connect(elsewhere["DATABASE_URL"])) as opened:
            query = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"
            assert opened.execute(query).fetchone() == (0,)


@pytest.mark.postgres
def test_without_postgresqls_client_the_backup_says_what_to_install(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.vendor == "postgresql"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(Refused, match="postgresql-client"):
        databases._program("pg_dump")
