"""A record's history shows nobody what the record said while it was another unit's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.shell.pages import bring_in
from zhixing.ground.workbook import reads
from zhixing.ground.workbook.actions import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Save = Callable[..., None]


@pytest.fixture
def save(cast: Cast) -> Save:
    """Writes a row as the office; without a code, a new one."""

    def row(table: str, key: str | None = None, **cells: str) -> None:
        save_row(table, cast.programme_id, cells, actor=cast.actor("office"), code=key)

    row("channels", code="CN", name="North", unit="N1", kind="box")
    row("channels", code="CS", name="South", unit="S1", kind="box")
    row("channels", code="C", name="Everybody's", kind="box")
    return row


def shown(cast: Cast, table: str, key: str, name: str = "other") -> str:
    """Everything that the history of a row says to an account."""
    return str([each.cells for each in reads.changes(table, cast.programme_id, key, cast.actor(name))])


def test_what_the_host_wrote_before_it_named_a_unit_is_the_hosts(cast: Cast, save: Save) -> None:
    save("opinions", code="O1", channel="C", text="SECRET one")
    save("opinions", "O1", text="SECRET two")
    save("opinions", "O1", unit="S1", text="Fit for all")
    save("opinions", "O1", text="Fit for each")
    assert "SECRET" not in shown(cast, "opinions", "O1")
    assert "('Fit for all', 'Fit for each')" in shown(cast, "opinions", "O1")
    assert "SECRET two" in shown(cast, "opinions", "O1", "office")


def test_what_it_said_under_another_channel_is_that_channels(cast: Cast, save: Save) -> None:
    save("opinions", code="O1", channel="CN", text="SECRET one")
    save("opinions", "O1", text="SECRET two")
    save("opinions", "O1", channel="CS", text="Fit for all")
    assert "SECRET" not in shown(cast, "opinions", "O1")


def test_what_it_said_before_its_channel_changed_hands_is_not_told(cast: Cast, save: Save) -> None:
    save("opinions", code="O1", channel="CN", text="SECRET one")
    save("opinions", "O1", text="SECRET two")
    save("channels", "CN", unit="S1")
    assert "SECRET" not in shown(cast, "opinions", "O1")
    save("opinions", "O1", text="Fit for all")
    save("opinions", "O1", text="Fit for each")
    assert "('Fit for all', 'Fit for each')" in shown(cast, "opinions", "O1")


@pytest.mark.parametrize("by_workbook", [False, True])
def test_what_it_said_before_its_author_moved_is_not_told(
    cast: Cast, save: Save, tmp_path: Path, by_workbook: bool
) -> None:
    save("notes", code="T1", person="N1-2", text="SECRET one")
    save("notes", "T1", text="SECRET two")
    if by_workbook:
        bring_in(tmp_path, people="code,unit\nN1-2,S1")
    else:
        save("people", "N1-2", unit="S1")
    assert reads.row("notes", cast.programme_id, "T1", cast.actor("other"))
    assert "SECRET" not in shown(cast, "notes", "T1")


def test_what_was_noted_before_the_activity_changed_hands_is_not_told(cast: Cast, save: Save) -> None:
    save("activities", code="A1", kind="lecture", unit="N1")
    save("attendance", activity="A1", person="N1-2", status="absent")
    save("attendance", "A1/N1-2", status="leave")
    save("activities", "A1", unit="S1")
    assert "leave" not in shown(cast, "attendance", "A1/N1-2")
    assert "leave" in shown(cast, "attendance", "A1/N1-2", "office")


def test_a_workbook_may_have_moved_it(cast: Cast, save: Save, tmp_path: Path) -> None:
    save("opinions", code="O1", channel="C", unit="N1", text="SECRET one")
    save("opinions", "O1", text="SECRET two")
    bring_in(tmp_path, opinions="code,channel,unit\nO1,C,S1")
    assert "SECRET" not in shown(cast, "opinions", "O1")


def test_its_own_unit_reads_on_where_nothing_moved(cast: Cast, save: Save) -> None:
    save("opinions", code="O1", channel="CS", text="One")
    save("opinions", "O1", text="Two")
    assert "('One', 'Two')" in shown(cast, "opinions", "O1")
