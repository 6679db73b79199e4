"""The fixtures that other tests stand on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import MISSING, missing


def test_the_tests_have_a_data_folder_of_their_own() -> None:
    assert Path(os.environ["ZHIXING_HOME"]) == settings.ZHIXING_HOME
    assert settings.ZHIXING_HOME.name.startswith("zhixing-test-")


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_is_a_file_with_a_write_ahead_log_as_in_production() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_other_run_is_on_postgresql_15_or_newer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000


def test_a_missing_part_is_skipped_on_a_desk_and_failed_where_ci_is_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=MISSING):
        missing("a harp", "Buy one.")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="a harp"):
        missing("a harp", "Buy one.")
