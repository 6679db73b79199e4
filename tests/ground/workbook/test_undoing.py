"""Taking back a correction or a removal, and what the ledger tells of one row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.cast import Cast
from tests.shell.pages import bring_in
from zhixing.flow.activities.models import Activity
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.workbook import reads
from zhixing.ground.workbook.actions import remove_row, save_row, undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LECTURE = {"code": "A1", "kind": "lecture", "title": "One", "unit": "N1", "headcount": ">=30"}


def lecture(cast: Cast, name: str = "office", **cells: str) -> None:
    save_row("activities", cast.programme_id, LECTURE | cells, actor=cast.actor(name))


def retitled(cast: Cast, title: str, name: str = "office") -> int:
    save_row("activities", cast.programme_id, {"title": title}, actor=cast.actor(name), code="A1")
    return ledger.size()


def removed(cast: Cast, name: str = "office") -> int:
    remove_row("activities", cast.programme_id, "A1", actor=cast.actor(name))
    return ledger.size()


def kinds(cast: Cast, name: str = "office") -> list[str]:
    return [each.kind for each in reads.changes("activities", cast.programme_id, "A1", cast.actor(name))]


class TestUndoing:
    def test_a_removed_row_comes_back_as_it_was_with_its_own_entry(self, cast: Cast) -> None:
        lecture(cast)
        before = reads.row("activities", cast.programme_id, "A1", CONSOLE)
        seq = removed(cast)
        assert undo(cast.programme_id, seq, actor=cast.actor("office")) == ("activities", "A1")
        assert reads.row("activities", cast.programme_id, "A1", CONSOLE) == before
        [entry] = ledger.entries(limit=1)
        assert (entry.seq, entry.verb, entry.subject) == (seq + 1, "workbook.undo", "activities/A1")
        assert entry.new == LECTURE | {"undoes": seq}
        assert ledger.verify() == []

    def test_a_correction_is_taken_back_and_the_rest_stays(self, cast: Cast) -> None:
        lecture(cast)
        save_row("activities", cast.programme_id, {"title": "Two", "headcount": ""}, actor=cast.actor("office"),
                 code="A1")
        seq = ledger.size()
        undo(cast.programme_id, seq, actor=cast.actor("office"))
        row = reads.row("activities", cast.programme_id, "A1", CONSOLE)
        assert (row["title"], row["headcount"], row["unit"]) == ("One", ">=30", "N1")
        [entry] = ledger.entries(limit=1)
        assert entry.old == {"title": "Two", "headcount": ""}
        assert entry.new == {"title": "One", "headcount": ">=30", "undoes": seq}

    def test_a_unit_with_its_side_of_the_campaign_comes_back(self, cast: Cast) -> None:
        save_row("units", cast.programme_id, {"code": "X", "name": "New", "kind": "school", "parent": "N",
                                              "participates": "yes"}, actor=cast.actor("office"))
        before = reads.row("units", cast.programme_id, "X", CONSOLE)
        remove_row("units", cast.programme_id, "X", actor=cast.actor("office"))
        undo(cast.programme_id, ledger.size(), actor=cast.actor("office"))
        assert reads.row("units", cast.programme_id, "X", CONSOLE) == before
        assert cast.path("X").startswith(cast.path("N"))

    def test_a_row_with_several_parts_in_its_key_comes_back(self, cast: Cast) -> None:
        lecture(cast)
        save_row("attendance", cast.programme_id, {"activity": "A1", "person": "N1-2", "status": "leave"}, actor=CONSOLE)
        remove_row("attendance", cast.programme_id, "A1/N1-2", actor=cast.actor("office"))
        assert undo(cast.programme_id, ledger.size(), actor=cast.actor("office")) == ("attendance", "A1/N1-2")
        assert reads.row("attendance", cast.programme_id, "A1/N1-2", CONSOLE)["status"] == "leave"

    def test_a_key_that_is_taken_again_is_refused(self, cast: Cast) -> None:
        lecture(cast)
        seq = removed(cast)
        lecture(cast, "secretary", title="Another")
        with pytest.raises(Refused, match="“A1” is used again in the table"):
            undo(cast.programme_id, seq, actor=cast.actor("office"))
        assert Activity.objects.get().title == "Another"

    def test_a_record_whose_superior_record_is_gone_is_refused(self, cast: Cast) -> None:
        lecture(cast)
        save_row("attendance", cast.programme_id, {"activity": "A1", "person": "N1-2", "status": "leave"}, actor=CONSOLE)
        remove_row("attendance", cast.programme_id, "A1/N1-2", actor=cast.actor("office"))
        seq = ledger.size()
        removed(cast)
        size = ledger.size()
        with pytest.raises(Refused, match=r"does not hold any more.*A1"):
            undo(cast.programme_id, seq, actor=cast.actor("office"))
        assert ledger.size() == size

    @pytest.mark.parametrize("by", ["office", "secretary"])
    def test_a_record_that_was_changed_since_is_refused(self, cast: Cast, by: str) -> None:
        lecture(cast)
        seq = retitled(cast, "Two")
        retitled(cast, "Three", by)
        with pytest.raises(Refused, match="changed again since"):
            undo(cast.programme_id, seq, actor=cast.actor("office"))
        assert Activity.objects.get().title == "Three"

    def test_a_workbook_that_changed_it_since_counts_as_well(self, cast: Cast, tmp_path: Path) -> None:
        lecture(cast)
        seq = retitled(cast, "Two")
        bring_in(tmp_path, activities="code,title\nA1,From a workbook")
        with pytest.raises(Refused, match="changed again since"):
            undo(cast.programme_id, seq, actor=cast.actor("office"))

    def test_a_record_that_was_taken_out_since_is_refused(self, cast: Cast) -> None:
        lecture(cast)
        seq = retitled(cast, "Two")
        removed(cast)
        with pytest.raises(Refused, match="taken out since"):
            undo(cast.programme_id, seq, actor=cast.actor("office"))

    def test_the_second_time_is_refused(self, cast: Cast) -> None:
        lecture(cast)
        seq = retitled(cast, "Two")
        undo(cast.programme_id, seq, actor=cast.actor("office"))
        with pytest.raises(Refused):
            undo(cast.programme_id, seq, actor=cast.actor("office"))

    def test_what_others_did_and_other_entries_are_not_there_to_undo(self, cast: Cast) -> None:
        lecture(cast)
        added = ledger.size()
        seq = removed(cast)
        for name, wanted in (("secretary", seq), ("admin", seq), ("office", added), ("office", seq + 1), ("office", 0)):
            with pytest.raises(NotFound):
                undo(cast.programme_id, wanted, actor=cast.actor(name))
        with pytest.raises(NotFound):
            undo(cast.programme_id + 1, seq, actor=cast.actor("office"))

    def test_who_lost_the_right_since_may_not(self, cast: Cast) -> None:
        from zhixing.ground.accounts.models import Grant

        lecture(cast, "secretary")
        seq = removed(cast, "secretary")
        Grant.objects.filter(user__username="secretary").update(role="viewer")
        with pytest.raises(NotAllowed):
            undo(cast.programme_id, seq, actor=cast.actor("secretary"))
        assert not Activity.objects.exists()

    def test_only_ones_own_last_correction_or_removal_is_offered(self, cast: Cast) -> None:
        lecture(cast)

        def offered(name: str) -> int:
            return reads.undoable("activities", cast.programme_id, "A1", cast.actor(name))

        assert offered("office") == 0
        seq = retitled(cast, "Two")
        assert (offered("office"), offered("admin")) == (seq, 0)
        undo(cast.programme_id, seq, actor=cast.actor("office"))
        assert offered("office") == 0


class TestHistory:
    def test_it_tells_when_who_and_what(self, cast: Cast) -> None:
        lecture(cast)
        retitled(cast, "Two", "secretary")
        changed, added = reads.changes("activities", cast.programme_id, "A1", cast.actor("office"))
        assert (added.kind, added.actor, added.cells) == ("added", "office", {})
        assert (changed.kind, changed.actor, changed.cells) == ("changed", "secretary", {"title": ("One", "Two")})

    def test_what_was_undone_stands_in_it(self, cast: Cast) -> None:
        lecture(cast)
        undo(cast.programme_id, retitled(cast, "Two"), actor=cast.actor("office"))
        undo(cast.programme_id, removed(cast), actor=cast.actor("office"))
        assert kinds(cast) == ["restored", "removed", "undone", "changed", "added"]

    def test_an_earlier_record_of_the_same_key_is_another_one(self, cast: Cast, tmp_path: Path) -> None:
        lecture(cast, title="Of the first")
        removed(cast)
        lecture(cast, unit="S1")
        assert kinds(cast, "other") == ["added"]
        removed(cast)
        bring_in(tmp_path, activities="code,kind,unit\nA1,lecture,S1")
        assert kinds(cast, "other") == []

    def test_what_it_said_at_a_unit_out_of_sight_is_that_units(self, cast: Cast) -> None:
        lecture(cast)
        retitled(cast, "Said in the north")
        save_row("activities", cast.programme_id, {"unit": "S1"}, actor=cast.actor("office"), code="A1")
        assert kinds(cast, "office") == ["changed", "changed", "added"]
        [moved] = reads.changes("activities", cast.programme_id, "A1", cast.actor("other"))
        assert (moved.kind, moved.cells) == ("changed", {})

    def test_who_may_not_see_the_row_has_no_history(self, cast: Cast) -> None:
        lecture(cast)
        with pytest.raises(NotFound):
            reads.changes("activities", cast.programme_id, "A1", cast.actor("other"))

    def test_it_is_bounded_and_reads_one_index(self, cast: Cast) -> None:
        lecture(cast)
        for number in range(55):
            retitled(cast, str(number))
        told = reads.changes("activities", cast.programme_id, "A1", cast.actor("office"))
        assert (len(told), told[0].cells) == (50, {"title": ("53", "54")})

    @pytest.mark.sqlite
    def test_the_ledger_is_not_read_through_for_one_record(self, cast: Cast) -> None:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            ledger.of_subject("activities/A1", cast.programme_id)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
            assert "ledger_entry_subject" in str(cursor.fetchall())
