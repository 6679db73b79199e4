from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.books import bring_in, scope
from tests.shell.installation import START, fill, python
from zhixing.ground.figures.actions import freeze
from zhixing.ground.kernel import clock
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import actions
from zhixing.ground.ledger.models import Entry
from zhixing.shell.keeping import doctor, doctor_records
from zhixing.shell.keeping.checks import BROKEN, LOOK, OK, Check

if TYPE_CHECKING:
    from tests.conftest import Cli

pytestmark = pytest.mark.usefixtures("english")

ABOUT = {"folder", "keys", "disk", "database", "migrations", "ledger", "frozen", "clock", "holidays", "fonts", "office",
         "mail", "address"}


def only(found: object) -> Check:
    check, = found  # type: ignore[misc]
    assert bool(check.remedy) == (check.state != OK)
    return check


def about(said: object, name: str) -> dict[str, str]:
    return next(check for check in said["checks"] if check["about"] == name)  # type: ignore[index]


def test_a_sound_installation_has_nothing_broken(cli: Cli) -> None:
    fill(cli, 5)
    cli.home.chmod(0o700)
    said = cli("doctor", json=True, expect=None).data
    assert {check["about"] for check in said["checks"]} >= ABOUT
    ours = [check for check in said["checks"] if check["about"] != "database"]  # a test server syncs nothing
    assert [check for check in ours if check["state"] == BROKEN] == []
    assert about(said, "ledger")["found"] == "The last 5 of 5 entries of the ledger hold."
    assert about(said, "folder")["state"] == about(said, "keys")["state"] == OK


@pytest.mark.sqlite
def test_sqlite_is_as_durable_as_it_is_said_to_be(cli: Cli) -> None:
    said = cli("doctor", json=True).data
    assert said["ok"]
    assert "wal, synchronous FULL" in about(said, "database")["found"]


def test_it_is_printed_for_people_with_the_remedy(cli: Cli) -> None:
    (cli.home / "keys" / "ledger.key").touch(0o600)
    (cli.home / "keys" / "ledger.key").chmod(0o644)
    said = cli("doctor", expect=1)
    assert "broken        Other accounts can read the keys: ledger.key." in said.out
    assert "→ chmod 700" in said.out
    chinese = cli("--lang", "zh", "doctor", expect=1)
    assert "Traceback" not in chinese.err


def test_a_changed_entry_is_broken(cli: Cli) -> None:
    fill(cli, 5)
    python(cli, START + "from zhixing.ground.ledger.models import Entry\n"
                        "Entry.objects.filter(seq=3).update(actor='someone')")
    check = about(cli("doctor", json=True, expect=1).data, "ledger")
    assert check["state"] == BROKEN and "Entry 3" in check["found"] and "ledger verify" in check["remedy"]


@pytest.mark.django_db
def test_a_frozen_figure_altered_past_the_product_is_broken_and_named(tmp_path: Path) -> None:
    frozen = freeze("information.submitted", scope(bring_in(tmp_path, information="code,unit\nI1,b")), actor=CONSOLE)
    assert only(doctor_records.frozen()).state == OK
    with connection.cursor() as cursor:
        cursor.execute("UPDATE figures_frozenfigure SET value = 41")
    check = only(doctor_records.frozen())
    assert check.state == BROKEN and "backup" in check.remedy
    assert f"figure {frozen.id} (information.submitted" in check.found and "value 1 → 41" in check.found


def test_a_lost_key_is_broken_and_the_rest_is_still_said(cli: Cli) -> None:
    fill(cli, 1)
    (cli.home / "keys" / "ledger.key").unlink()
    said = cli("doctor", json=True, expect=1).data
    assert "signing key" in about(said, "ledger")["found"]
    assert about(said, "address")["state"] == OK


@pytest.mark.sqlite
def test_looking_makes_no_database(new_cli: Callable[[], Cli]) -> None:
    cli = new_cli()
    (cli.home / "zhixing.sqlite3").unlink()
    said = cli("doctor", json=True).data
    assert about(said, "no_database")["remedy"] == "Run `zhixing init`."
    assert not (cli.home / "zhixing.sqlite3").exists()


@pytest.mark.sqlite
def test_a_damaged_database_file_is_broken(new_cli: Callable[[], Cli]) -> None:
    cli = new_cli()
    (cli.home / "zhixing.sqlite3").write_bytes(b"not a database" * 1000)
    said = cli("doctor", json=True, expect=1)
    check = about(said.data, "no_database")
    assert check["state"] == BROKEN and "not a database" in check["found"]
    assert "Traceback" not in said.err


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_broken(cli: Cli) -> None:
    said = cli("doctor", json=True, expect=1, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    check = about(said.data, "no_database")
    assert check["state"] == BROKEN and "connection" in check["found"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_server_that_does_not_sync_is_broken_and_a_superuser_looked_at() -> None:
    found = {check.about: check for check in doctor_records.database()}
    assert found["database"].state == BROKEN and "fsync = off" in found["database"].found
    assert found["database_role"].state == LOOK
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE zhixing_plain")
        cursor.execute("SET LOCAL ROLE zhixing_plain")
    assert {check.about: check for check in doctor_records.database()}["database_role"].state == OK


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_forget_is_broken() -> None:
    found = {check.about: check for check in doctor_records.database()}  # the tests' own waits for no disk
    assert found["database"].state == BROKEN and "synchronous is 0" in found["database"].found
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        assert "foreign keys" in next(iter(doctor_records.database())).found
        cursor.execute("PRAGMA foreign_keys = ON")


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_network_disk_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_records, "_filesystem", lambda path: "nfs4")
    found = {check.about: check for check in doctor_records.database()}
    assert found["database_disk"].state == BROKEN


def test_the_kind_of_a_disk_is_read_from_its_longest_mount(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "/dev/vda / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0\ntmpfs /srv/a tmpfs rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda self: text)
    assert doctor_records._filesystem(Path("/srv/zhixing")) == "nfs4"
    assert doctor_records._filesystem(Path("/srv/a/b")) == "tmpfs"
    assert doctor_records._filesystem(Path("/home")) == "ext4"


@pytest.mark.django_db
def test_a_clock_that_was_put_back_is_looked_at() -> None:
    actions.record(actor=CONSOLE, verb="units.save", subject="units/B")
    assert only(doctor_records.time()).state == OK
    Entry.objects.update(at=clock.stamp() + timedelta(hours=1))
    check = only(doctor_records.time())
    assert check.state == LOOK and "put back" in check.found


@pytest.mark.django_db
def test_a_clock_of_another_age_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_records, "datetime", SimpleNamespace(now=lambda: datetime(1970, 1, 1)))
    check = only(doctor_records.time())
    assert check.state == BROKEN and "1970-01-01" in check.found


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_with_another_clock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = doctor_records.ask
    for apart, state in ((60, LOOK), (4000, BROKEN)):
        monkeypatch.setattr(doctor_records, "ask",
                            lambda question, apart=apart: str(float(ask(question)) - apart))
        assert only(doctor_records.time()).state == state


@pytest.mark.django_db
def test_a_process_on_another_day_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIXING_TODAY", "2009-03-18")
    assert [check.state for check in doctor_records.time()] == [LOOK, OK]


@pytest.mark.django_db
def test_steps_to_come_are_looked_at_and_steps_unknown_are_broken() -> None:
    assert only(doctor_records.migrations()).state == OK
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0099_x', %s)",
                       [datetime(2026, 1, 1)])
    check = only(doctor_records.migrations())
    assert check.state == BROKEN and "ledger.0099_x" in check.found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path))
    tmp_path.chmod(0o700)
    return tmp_path


def test_a_folder_that_others_can_look_into_is_looked_at(home: Path) -> None:
    assert only(doctor.folder()).state == OK
    home.chmod(0o755)
    assert "chmod 700" in only(doctor.folder()).remedy


def test_a_folder_that_cannot_be_written_is_broken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert only(doctor.folder()).state == BROKEN


def test_a_full_disk_is_broken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for megabytes, state in ((10, BROKEN), (1000, LOOK), (10_000, OK)):
        usage = SimpleNamespace(free=megabytes * 1024 ** 2)
        monkeypatch.setattr(shutil, "disk_usage", lambda path, usage=usage: usage)
        assert only(doctor.disk()).state == state


@pytest.mark.usefixtures("clock")
def test_holidays_that_are_not_known_are_looked_at(home: Path) -> None:
    check = only(doctor.holidays())
    assert check.state == LOOK and str(home / "calendars" / "2026.toml") in check.remedy
    (home / "calendars").mkdir()
    (home / "calendars" / "2026.toml").write_text("year = 2026\n")
    assert only(doctor.holidays()).state == OK
    (home / "calendars" / "2026.toml").write_text("year = 1\n")
    broken, = doctor._made(doctor.holidays)
    assert broken.state == BROKEN and "2026.toml" in broken.found


def test_fonts_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    official = "仿宋_GB2312,FangSong\n方正小标宋简体\nSimHei,黑体\nKaiTi"
    for listed, state, said in (("", LOOK, "no Chinese font"), ("Noto Sans CJK SC", LOOK, "are missing"),
                                (official, OK, "are here")):
        monkeypatch.setattr(doctor, "_families", lambda listed=listed: listed)
        monkeypatch.setattr(doctor, "FONT_FILES", ())
        check = only(doctor.fonts())
        assert check.state == state and said in check.found


def test_without_fontconfig_the_usual_places_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(subprocess, "run", None)
    assert doctor._families() == ""


def test_libreoffice_is_wanted_only_for_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    check = only(doctor.office())
    assert check.state == LOOK and "Only where PDFs are wanted" in check.remedy
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/soffice" if name == "soffice" else None)
    assert only(doctor.office()).state == OK


@pytest.mark.parametrize(("url", "debug", "state"), [
    ("http://127.0.0.1:8000", False, OK), ("https://zhixing.example", False, OK),
    ("http://zhixing.example", False, LOOK), ("https://zhixing.example", True, BROKEN),
])
def test_an_open_address_is_looked_at_and_debugging_is_broken(
        settings: SimpleNamespace, url: str, debug: bool, state: str) -> None:
    settings.ZHIXING_URL, settings.DEBUG = url, debug
    assert only(doctor.address()).state == state


def test_mail_that_is_not_set_is_only_said(settings: SimpleNamespace) -> None:
    assert "No mail server" in only(doctor.mail()).found
    settings.EMAIL_HOST = "mail.example"
    assert "mail.example" in only(doctor.mail()).found
