"""Rows by hand: the same checks as a workbook's, and who may see and write what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in
from tests.cast import Cast
from zhixing.flow.activities.models import Activity, Attendance
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor, Grant
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.units import reads as units
from zhixing.ground.workbook import reads
from zhixing.ground.workbook.actions import remove_row, save_row
from zhixing.ground.workbook.types import Faulty, TableReport

pytestmark = pytest.mark.django_db

LECTURE = {"code": "A1", "kind": "lecture", "title": "One", "unit": "N1", "headcount": ">=30"}


class TestSaving:
    def test_a_new_row_is_there_with_its_entry(self, cast: Cast) -> None:
        report = save_row("activities", cast.programme_id, LECTURE, actor=cast.actor("office"))
        assert report.tables["activities"] == TableReport(1, 0, 0)
        [entry] = ledger.entries(limit=1)
        assert (entry.verb, entry.subject, entry.actor) == ("workbook.add", "activities/A1", "office")
        assert (entry.old, entry.new) == ({}, LECTURE)
        assert entry.programme_id == cast.programme_id

    def test_a_correction_says_what_it_was_and_is(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        save_row("activities", cast.programme_id, {"title": "Two", "headcount": ""}, actor=CONSOLE, code="A1")
        [entry] = ledger.entries(limit=1)
        assert (entry.verb, entry.subject) == ("workbook.change", "activities/A1")
        assert (entry.old, entry.new) == ({"title": "One", "headcount": ">=30"}, {"title": "Two", "headcount": ""})
        assert reads.row("activities", cast.programme_id, "A1", CONSOLE)["unit"] == "N1"

    def test_nothing_changed_is_nothing_written(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        before = ledger.size()
        report = save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE, code="A1")
        assert (report.tables["activities"], ledger.size()) == (TableReport(0, 0, 1), before)

    def test_faults_name_their_column_and_no_row(self, cast: Cast) -> None:
        with pytest.raises(Faulty) as error:
            save_row("activities", cast.programme_id,
                     LECTURE | {"headcount": "-3", "unit": "X9", "kind": "lectur", "nme": ""}, actor=CONSOLE)
        assert {(fault.column, fault.row) for fault in error.value.faults} == {
            ("headcount", 0), ("unit", 0), ("kind", 0), ("nme", 0)}
        assert not Activity.objects.exists()

    def test_a_code_that_is_used_is_refused(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        with pytest.raises(Faulty, match="“A1” is used already"):
            save_row("activities", cast.programme_id, LECTURE | {"title": "Other"}, actor=CONSOLE)
        assert Activity.objects.get().title == "One"

    def test_a_code_stays(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        with pytest.raises(Faulty, match="stays “A1”"):
            save_row("activities", cast.programme_id, {"code": "A2"}, actor=CONSOLE, code="A1")

    def test_a_row_that_is_gone_is_not_found(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            save_row("activities", cast.programme_id, {"title": "x"}, actor=CONSOLE, code="A9")
        with pytest.raises(NotFound):
            save_row("nothing", cast.programme_id, {}, actor=CONSOLE)

    def test_rows_without_a_code_are_named_by_their_keys(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        save_row("attendance", cast.programme_id, {"activity": "A1", "person": "N1-2", "status": "leave"}, actor=CONSOLE)
        save_row("attendance", cast.programme_id, {"status": "made_up", "made_up_on": "2026-05-20"}, actor=CONSOLE,
                 code="A1/N1-2")
        assert Attendance.objects.get().status == "made_up"
        save_row("groups", cast.programme_id, {"code": "G-1"}, actor=CONSOLE)
        save_row("members", cast.programme_id, {"group": "G-1", "person": "N1-2"}, actor=CONSOLE)
        assert reads.row("members", cast.programme_id, "G-1/N1-2/", CONSOLE)["group"] == "G-1"
        assert reads.list_rows("members", cast.programme_id, CONSOLE).keys == ("G-1/N1-2/",)

    def test_a_new_unit_stands_in_the_tree_and_takes_part(self, cast: Cast) -> None:
        save_row("units", cast.programme_id, {"code": "N4", "parent": "N", "participates": "yes"}, actor=CONSOLE)
        assert units.unit("N4").path.startswith(cast.path("N"))
        assert reads.row("units", cast.programme_id, "N4", CONSOLE)["participates"] == "yes"
        with pytest.raises(Faulty, match="a circle"):
            save_row("units", cast.programme_id, {"parent": "N4"}, actor=CONSOLE, code="N")

    def test_steps_of_an_issue_are_added_and_never_changed(self, cast: Cast) -> None:
        save_row("issues", cast.programme_id, {"code": "I1"}, actor=CONSOLE)
        save_row("events", cast.programme_id, {"issue": "I1", "kind": "closed", "on": "2026-05-01"}, actor=CONSOLE)
        with pytest.raises(Refused, match="never changed"):
            save_row("events", cast.programme_id, {"on": "2026-05-02"}, actor=CONSOLE, code="I1/closed/2026-05-01//")
        with pytest.raises(Refused, match="never removed"):
            remove_row("events", cast.programme_id, "I1/closed/2026-05-01//", actor=CONSOLE)

    @pytest.mark.parametrize(("name", "unit", "may"), [
        ("office", "S1", True), ("admin", "S1", True), ("district", "N1", True), ("secretary", "N1", True),
        ("secretary", "N2", False), ("secretary", "N", False), ("other", "N1", False), ("leader", "N1", False),
        ("supervisor", "N1", False), ("viewer", "N1", False), ("responsible", "N1", False), ("stranger", "N1", False),
    ])
    def test_who_may_write_where(self, cast: Cast, name: str, unit: str, may: bool) -> None:
        if may:
            save_row("activities", cast.programme_id, LECTURE | {"unit": unit}, actor=cast.actor(name))
        else:
            with pytest.raises(NotAllowed):
                save_row("activities", cast.programme_id, LECTURE | {"unit": unit}, actor=cast.actor(name))
        assert Activity.objects.exists() is may

    def test_a_row_is_not_taken_from_another_unit_nor_given_to_one(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        with pytest.raises(NotAllowed):
            save_row("activities", cast.programme_id, {"unit": "N2"}, actor=cast.actor("secretary"), code="A1")
        with pytest.raises(NotFound):  # it may not even know of it
            save_row("activities", cast.programme_id, {"unit": "S1"}, actor=cast.actor("other"), code="A1")
        assert Activity.objects.get().unit_id == cast.ids["N1"]

    def test_who_sees_a_row_may_not_draw_it_to_their_own_unit(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE | {"unit": "N2"}, actor=CONSOLE)
        both = Actor("person", "both", None, (Grant("viewer", cast.path("B"), cast.programme_id),
                                              Grant("secretary", cast.path("N1"), cast.programme_id)))
        with pytest.raises(NotAllowed):
            save_row("activities", cast.programme_id, {"unit": "N1"}, actor=both, code="A1")

    def test_attendance_belongs_to_the_unit_of_its_activity(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        row = {"activity": "A1", "person": "S1-1", "status": "present"}
        with pytest.raises(NotAllowed):
            save_row("attendance", cast.programme_id, row, actor=cast.actor("other"))
        save_row("attendance", cast.programme_id, row, actor=cast.actor("secretary"))

    def test_by_hand_a_row_says_all_that_it_should(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        with pytest.raises(Faulty) as error:
            save_row("attendance", cast.programme_id, {"activity": "A1", "person": "N1-2"}, actor=CONSOLE)
        assert [fault.column for fault in error.value.faults] == ["status"]
        save_row("attendance", cast.programme_id, {"activity": "A1", "person": "N1-2", "status": "leave"}, actor=CONSOLE)
        save_row("attendance", cast.programme_id, {"made_up_on": "2026-05-20"}, actor=CONSOLE, code="A1/N1-2")

    def test_a_slip_in_the_unit_is_a_fault_and_no_refusal(self, cast: Cast) -> None:
        with pytest.raises(Faulty, match="there is no “N99”"):
            save_row("activities", cast.programme_id, LECTURE | {"unit": "N99"}, actor=cast.actor("secretary"))

    def test_the_frame_of_the_campaign_is_the_offices(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            save_row("phases", cast.programme_id, {"code": "P1"}, actor=cast.actor("secretary"))


class TestRemoving:
    def test_a_row_goes_and_the_ledger_keeps_it(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        remove_row("activities", cast.programme_id, "A1", actor=cast.actor("secretary"))
        [entry] = ledger.entries(limit=1)
        assert (entry.verb, entry.subject, entry.old) == ("workbook.remove", "activities/A1", LECTURE)
        assert not Activity.objects.exists()

    def test_what_still_refers_to_it_is_named(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        save_row("opinions", cast.programme_id, {"code": "O1", "activity": "A1"}, actor=CONSOLE)
        before = ledger.size()
        with pytest.raises(Refused, match="referred to by: Opinions O1"):
            remove_row("activities", cast.programme_id, "A1", actor=CONSOLE)
        assert (Activity.objects.count(), ledger.size()) == (1, before)

    def test_a_group_that_is_a_roster_stays(self, cast: Cast) -> None:
        save_row("groups", cast.programme_id, {"code": "G1"}, actor=CONSOLE)
        save_row("activities", cast.programme_id, LECTURE | {"roster": "group:G1"}, actor=CONSOLE)
        with pytest.raises(Refused, match="referred to by: Activities A1"):
            remove_row("groups", cast.programme_id, "G1", actor=CONSOLE)

    def test_a_unit_goes_from_the_tree(self, cast: Cast) -> None:
        save_row("units", cast.programme_id, {"code": "N4", "parent": "N"}, actor=CONSOLE)
        remove_row("units", cast.programme_id, "N4", actor=CONSOLE)
        with pytest.raises(NotFound):
            units.unit("N4")

    def test_nobody_removes_what_is_another_units(self, cast: Cast) -> None:
        save_row("activities", cast.programme_id, LECTURE, actor=CONSOLE)
        with pytest.raises(NotFound):
            remove_row("activities", cast.programme_id, "A1", actor=cast.actor("other"))
        with pytest.raises(NotAllowed):
            remove_row("activities", cast.programme_id, "A1", actor=cast.actor("viewer"))
        with pytest.raises(NotFound):
            remove_row("activities", cast.programme_id, "A9", actor=CONSOLE)


class TestLists:
    @pytest.fixture(autouse=True)
    def some_activities(self, cast: Cast, tmp_path: Path) -> None:
        for number, unit in enumerate(("N1", "N1", "N2", "S1", "B", "")):
            save_row("activities", cast.programme_id, {
                "code": f"A{number}", "unit": unit, "title": f"标题 {number}", "headcount": str(10 - number) if number else "",
                "minutes": "=1+1" if number == 3 else ""}, actor=CONSOLE)

    def codes(self, cast: Cast, name: str = "", **options: object) -> list[str]:
        actor = cast.actor(name) if name else CONSOLE
        page = reads.list_rows("activities", cast.programme_id, actor, **options)  # type: ignore[arg-type]  # forwarded
        return [row["code"] for row in page.rows]

    def test_rows_stand_in_the_order_they_came_in(self, cast: Cast) -> None:
        assert self.codes(cast) == ["A0", "A1", "A2", "A3", "A4", "A5"]

    def test_pages_have_a_total(self, cast: Cast) -> None:
        page = reads.list_rows("activities", cast.programme_id, CONSOLE, page=2, per_page=4)
        assert ([row["code"] for row in page.rows], page.keys, page.total, page.pages) == (["A4", "A5"], ("A4", "A5"), 6, 2)

    def test_any_column_sorts_and_the_unknown_stand_last(self, cast: Cast) -> None:
        assert self.codes(cast, sort="headcount") == ["A5", "A4", "A3", "A2", "A1", "A0"]
        assert self.codes(cast, sort="-headcount") == ["A1", "A2", "A3", "A4", "A5", "A0"]
        assert self.codes(cast, sort="unit")[:1] == ["A4"]
        assert self.codes(cast, sort="nonsense") == self.codes(cast)

    def test_search_looks_into_text_and_codes(self, cast: Cast) -> None:
        assert self.codes(cast, search="标题 3") == ["A3"]
        assert self.codes(cast, search="=1+") == ["A3"]
        assert self.codes(cast, search="n1") == ["A0", "A1"]
        assert self.codes(cast, search="100%") == []

    @pytest.mark.parametrize(("name", "seen"), [
        ("office", ["A0", "A1", "A2", "A3", "A4", "A5"]), ("secretary", ["A0", "A1"]), ("district", ["A0", "A1", "A2"]),
        ("other", ["A3"]), ("stranger", [])])
    def test_everybody_sees_their_own_branch(self, cast: Cast, name: str, seen: list[str]) -> None:
        assert self.codes(cast, name) == seen

    def test_a_row_of_another_branch_is_not_found(self, cast: Cast) -> None:
        assert reads.row("activities", cast.programme_id, "A0", cast.actor("secretary"))["title"] == "标题 0"
        for key in ("A3", "A9"):
            with pytest.raises(NotFound):
                reads.row("activities", cast.programme_id, key, cast.actor("secretary"))

    def test_a_list_takes_two_queries(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
            reads.list_rows("activities", cast.programme_id, CONSOLE, search="标题", sort="unit")

    def test_every_table_lists_sorts_and_searches(self, cast: Cast) -> None:
        from zhixing.ground.kernel.tables import tables

        for table in tables():
            for column in table.columns:
                reads.list_rows(table.name, cast.programme_id, cast.actor("secretary"), search="x", sort=column.name)
                reads.list_rows(table.name, cast.programme_id, CONSOLE, sort=f"-{column.name}")


def test_a_workbook_and_a_form_say_the_same(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as by_file:
        bring_in(tmp_path, activities="code,starts_at,headcount\nA1,2026-02-30,-3")
    bring_in(tmp_path, activities="code\nA0")
    with pytest.raises(Faulty) as by_form:
        save_row("activities", units.programme("C").id, {"code": "A1", "starts_at": "2026-02-30", "headcount": "-3"},
                 actor=CONSOLE)
    assert [fault.message for fault in by_file.value.faults] == [fault.message for fault in by_form.value.faults]
